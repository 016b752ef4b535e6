"""The files that lie in Unduhan or on a USB drive and were not read yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea

from posko_app.app import Posko
from ui import theme
from ui.inbox import KINDS, Waiting
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.rows import Rows, TwoLines
from ui.widgets.text import box, vbox

from .words import instant, office_name

ROW, SHOWN = 47, 2  # pixels of a row with its line, rows seen without scrolling


class WaitingCard(Card):
    """One row per file with Pratinjau; hidden while nothing waits."""

    previewed = Signal(object)  # Path

    def __init__(self, posko: Posko) -> None:
        super().__init__("Menunggu dibaca", icon="unread", padded=False)
        self._posko = posko
        self._paths: dict[str, Path] = {}
        self.buttons: list[Button] = []
        self.note.setText("dari Unduhan dan USB")
        self._rows = Rows()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(box(vbox(self._rows, None), "surface"))
        self.add(self._scroll)
        self.hide()

    def set_files(self, files: Sequence[Waiting]) -> None:
        """Show the files that wait."""
        self._paths = {str(file.path): file.path for file in files}
        self.buttons = []
        rows = []
        for file in files:
            button = Button("Pratinjau", small=True)
            button.setObjectName(str(file.path))
            button.clicked.connect(self._on_clicked)
            row = TwoLines("sheet", self._title(file), self._note(file), button)
            row.setToolTip(str(file.path))
            button.setAccessibleName(f"Pratinjau: {row.title.text()}")
            self.buttons.append(button)
            rows.append(row)
        self._rows.set_rows(rows)
        self.counter.set_text(str(len(rows)) if rows else "")
        self._scroll.setFixedHeight(theme.px(ROW) * min(len(rows), SHOWN))
        self.setVisible(bool(rows))

    def _title(self, file: Waiting) -> str:
        return office_name(self._posko, file.sender) if file.sender else file.path.name

    def _note(self, file: Waiting) -> str:
        parts = [f"Kiriman {file.seq}"] if file.seq else []
        parts += [KINDS[file.kind]] if file.kind in KINDS else []
        if file.part:
            parts.append(f"bagian {file.part.replace('dari', ' dari ')}")
        return " · ".join([*parts, instant(self._posko, file.found_at), file.place])

    def _on_clicked(self) -> None:
        self.previewed.emit(self._paths[self.sender().objectName()])
