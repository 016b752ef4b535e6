"""Details for the IT officer: read-only, in one width, to be copied."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout

from ui import theme

from .buttons import Link
from .text import Text, hbox, vbox


class Details(QPlainTextEdit):
    """Details for the IT officer."""

    def __init__(self, details: str) -> None:
        super().__init__(details)
        self.setReadOnly(True)
        self.setProperty("readOnly", True)
        self.setFont(theme.font("small", mono=True))
        self.setFixedHeight(theme.px(110))
        self.setTabChangesFocus(True)
        self.setAccessibleName("Rincian untuk petugas TI")

    def copy_all(self) -> None:
        """Put the details on the clipboard."""
        QGuiApplication.clipboard().setText(self.toPlainText())


def details_below(details: str) -> QVBoxLayout:
    """The details under their heading, with the link that copies them."""
    area = Details(details)
    copy = Link("Salin rincian", icon="duplicate", role="small")
    copy.clicked.connect(area.copy_all)
    return vbox(Text("Rincian untuk petugas TI", "label", "text2"), area, hbox(copy, None))
