"""What happened to a case, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import icons, theme

from .layout import ScrollColumn
from .text import Text


@dataclass(frozen=True)
class Entry:
    """One happening; `text` and `note` are rich text, so escape what users typed."""

    icon: str
    text: str
    note: str


class _Line(QWidget):
    """An entry with its circle and the rail to the next one."""

    def __init__(self, entry: Entry, last: bool) -> None:
        super().__init__()
        self._icon, self._last = entry.icon, last
        self.text = Text(entry.text, wrap=True, rich=True)
        self.note = Text(entry.note, "small", "text2", wrap=True, rich=True)
        column = QVBoxLayout()
        column.setContentsMargins(0, 3, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text)
        column.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(35), 4, 0, 6)
        row.addLayout(column, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = theme.px(25)
        if not self._last:
            painter.fillRect(side // 2, 4 + side, 1, self.height() - side, theme.color("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("alt"))
        circle = QRectF(0.5, 4.5, side - 1, side - 1)
        painter.drawEllipse(circle)
        pad = theme.px(6)
        icons.draw(painter, self._icon, circle.adjusted(pad, pad, -pad, -pad), "text2")
        painter.end()


class Timeline(ScrollColumn):
    """A list of entries that scrolls."""

    link = Signal(str)

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        super().__init__()
        self.setAccessibleName("Kronologi")
        self.set_entries(entries)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these entries instead."""
        inner = QWidget()
        inner.setObjectName("surface")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 6, 12, 4)
        column.setSpacing(0)
        for place, entry in enumerate(entries):
            line = _Line(entry, place == len(entries) - 1)
            line.text.link.connect(self.link)
            line.note.link.connect(self.link)
            column.addWidget(line)
        column.addStretch(1)
        self.setWidget(inner)
        self.fit()
