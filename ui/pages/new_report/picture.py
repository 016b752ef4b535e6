"""Foto KTP: the one file that is chosen for the reporter; it is sealed like an identity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from posko_app.text import file_size
from ui import dialogs
from ui.widgets.buttons import Link
from ui.widgets.icon import Icon
from ui.widgets.text import Elided, Text, hbox

NONE = "belum ada; disegel seperti identitas dan tidak menjadi bukti"
GONE = "berkasnya sudah tidak ada, pilih lagi"
PICTURES = "Foto atau PDF (*.jpg *.jpeg *.png *.heic *.webp *.pdf)"


class PictureLine(QWidget):
    """A line under the fields of a person: what was chosen, and the ways to choose it."""

    changed = Signal()

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label, self.path = label, ""
        self.state = Elided("", "small", "text2")
        self.choose = Link(f"Pilih {label[:1].lower()}{label[1:]}", role="small")
        self.remove = Link("Hapus", role="small")
        self.remove.setAccessibleName(f"Hapus {label.lower()}")
        self.choose.clicked.connect(self.ask)
        self.remove.clicked.connect(self._on_remove)
        row = hbox(Icon("confidential"), Text(label, "label", "text2"), gap=6)
        row.addWidget(self.state, 1)
        row.addWidget(self.choose)
        row.addWidget(self.remove)
        self.setLayout(row)
        self.setAcceptDrops(True)
        self.set_path("")

    def set_path(self, path: str) -> None:
        """Show a file, or that there is none; tells nobody."""
        self.path = path
        self.state.setText(_said(Path(path)) if path else NONE)
        self.setAccessibleName(f"{self._label}: {self.state.text()}")
        self.remove.setVisible(bool(path))

    def take(self, paths: Sequence[Path]) -> None:
        """Take the first of the files that were chosen or dropped."""
        if paths:
            self.set_path(str(paths[0]))
            self.changed.emit()

    def ask(self) -> None:
        """Let the person choose a file."""
        self.take(dialogs.open_files(self, f"Pilih {self._label}", PICTURES))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls()])
        event.acceptProposedAction()

    def _on_remove(self) -> None:
        self.set_path("")
        self.changed.emit()
        self.choose.setFocus()


def _said(path: Path) -> str:
    try:
        return f"{path.name} · {file_size(path.stat().st_size)}"
    except OSError:
        return f"{path.name} · {GONE}"
