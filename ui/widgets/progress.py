"""How far a long task is, how long it may still take, and the way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from .buttons import Button
from .text import Elided, Text, hbox, vbox


class ProgressPanel(QWidget):
    """A bar with its percentage, the time left and Batalkan; hidden until a task is shown."""

    cancelled = Signal()

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self._title = Elided(title)
        self._left = Text("", "small", "text2")
        self._text = Elided("", "small", "text2")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(title or "Kemajuan")
        self.stop = Button("Batalkan", small=True)
        self.stop.clicked.connect(self._on_stop)
        column = vbox(hbox(self._title, self._left), self._bar, self._text, gap=4)
        row = hbox(gap=10)
        row.addLayout(column, 1)
        row.addWidget(self.stop)
        self.setLayout(row)

    def begin(self, title: str) -> None:
        """Name the task and start from nothing."""
        self._title.setText(title)
        self._bar.setAccessibleName(title)
        self._bar.setRange(0, 0)
        self._left.setText("")
        self._text.setText("")
        self.stop.setEnabled(True)
        self.stop.setText("Batalkan")
        self.show()

    def advance(self, done: int, total: int, text: str, seconds_left: int | None = None) -> None:
        """Show how far it is."""
        if total > 0:
            self._bar.setRange(0, 1000)
            self._bar.setValue(min(1000, done * 1000 // total))
            self._left.setText(say_progress(done, total, seconds_left))
        if text:
            self._text.setText(text)

    def _on_stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop.setText("Membatalkan…")
        self.cancelled.emit()


def say_progress(done: int, total: int, seconds_left: int | None) -> str:
    """ "62%" with the time left once it can be told."""
    share = f"{done * 100 // max(1, total)}%"
    if seconds_left is None or done >= total:
        return share
    if seconds_left < 60:
        return f"{share} · sekitar {max(1, seconds_left)} detik lagi"
    return f"{share} · sekitar {round(seconds_left / 60)} menit lagi"
