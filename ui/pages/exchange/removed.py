"""Yang tidak ikut: which records a profile leaves behind, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from posko_app.exchange.left_out import profiles
from ui import theme
from ui.dialogs import Sheet
from ui.widgets.cards import Card
from ui.widgets.rows import Rows, TwoLines
from ui.widgets.text import box, vbox

WIDTH, ROW, SHOWN = 680, 47, 8  # pixels; rows seen without scrolling


class RemovedSheet(Sheet):
    """One row per kind of record that stays here; Esc leaves."""

    def __init__(self, parent: QWidget, profile: str) -> None:
        known = profiles()
        chosen = known.by_code[profile]
        super().__init__(parent, f"Yang tidak ikut: {chosen.label}", chosen.whom, width=WIDTH)
        self.lines = []
        for table, reason in chosen.left_out.items():
            line = TwoLines("confidential", known.label(table), reason)
            line.setToolTip(reason)
            self.lines.append(line)
        self._lay_out()
        close = self.add_button("Tutup", kind="primary", hint="Esc")
        close.clicked.connect(self.reject)
        close.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        rows = Rows(self.lines)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Yang tidak ikut")
        scroll.setWidget(box(vbox(rows, None), "surface"))
        above = self.parentWidget()
        room = above.window().height() - theme.px(220) if above is not None else 0
        height = min(theme.px(ROW) * min(len(self.lines), SHOWN) + 4, max(room, theme.px(ROW) * 3))
        scroll.setFixedHeight(height)
        card = Card(padded=False)
        card.add(scroll, 1)
        self.body.addWidget(card)
