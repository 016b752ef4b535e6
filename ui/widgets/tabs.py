"""Tabs with counters, painted on one focusable bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme

from .chips import paint_counter


@dataclass(frozen=True)
class Tab:
    """One tab: its key, its name, an optional counter and icon ("confidential")."""

    key: str
    text: str
    count: str = ""
    icon: str = ""
    tone: str = "gray"


class Tabs(QWidget):
    """A row of tabs; arrow keys move, Ctrl+PgUp and Ctrl+PgDn work in the whole page."""

    chosen = Signal(str)

    def __init__(self, tabs: Sequence[Tab], *, ground: str = "surface", margin: int = 16) -> None:
        super().__init__()
        self._tabs, self._current = tuple(tabs), 0
        self._ground, self._margin = ground, margin
        self._hover = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    @property
    def current(self) -> str:
        """The key of the chosen tab."""
        return self._tabs[self._current].key if self._tabs else ""

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show other tabs or counters; the chosen key stays chosen."""
        key = self.current
        self._tabs = tuple(tabs)
        keys = [tab.key for tab in self._tabs]
        self._current = keys.index(key) if key in keys else 0
        self._name()
        self.update()

    def choose(self, key: str) -> None:
        """Choose a tab by its key; announces it when it was not chosen already."""
        for place, tab in enumerate(self._tabs):
            if tab.key == key and place != self._current:
                self._current = place
                self._name()
                self.update()
                self.chosen.emit(key)

    def step(self, by: int) -> None:
        """Choose the next (1) or previous (-1) tab, round the end."""
        if self._tabs:
            self.choose(self._tabs[(self._current + by) % len(self._tabs)].key)

    def sizeHint(self) -> QSize:
        last = self._areas()[-1].right() if self._tabs else 0
        return QSize(last + self._margin, theme.px(36))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(100), theme.px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(self._ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, area in enumerate(self._areas()):
            self._paint_tab(painter, place, area)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.step(1 if event.key() == Qt.Key.Key_Right else -1)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._tabs:
            self.choose(self._tabs[0 if event.key() == Qt.Key.Key_Home else -1].key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event)
        if place >= 0:
            self.choose(self._tabs[place].key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event)
        self.update()

    def _paint_tab(self, painter: QPainter, place: int, area: QRect) -> None:
        tab, on = self._tabs[place], place == self._current
        font = theme.font("body", bold=on)
        painter.setFont(font)
        painter.setPen(theme.color("text" if on or place == self._hover else "text2"))
        x = area.left() + theme.px(12)
        painter.drawText(
            QRectF(x, 0, area.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, tab.text
        )
        x += QFontMetrics(font).horizontalAdvance(tab.text) + theme.px(6)
        if tab.icon:
            side = theme.px(13)
            icons.draw(
                painter, tab.icon, QRectF(x, (self.height() - side) / 2, side, side), "text2"
            )
            x += side + theme.px(6)
        if tab.count:
            height = theme.px(16)
            width = _counter_width(tab.count)
            spot = QRect(x, (self.height() - height) // 2, width, height)
            paint_counter(painter, tab.count, spot, tab.tone)
        if on:
            painter.fillRect(area.left(), self.height() - 2, area.width(), 2, theme.color("ink"))
            if self.hasFocus():
                painter.setPen(QPen(theme.color("blue"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(area).adjusted(1, 3, -1, -3))

    def _areas(self) -> list[QRect]:
        x, areas = self._margin, []
        for place, tab in enumerate(self._tabs):
            font = theme.font("body", bold=place == self._current)
            width = QFontMetrics(font).horizontalAdvance(tab.text) + theme.px(24)
            width += theme.px(19) if tab.icon else 0
            width += _counter_width(tab.count) + theme.px(6) if tab.count else 0
            areas.append(QRect(x, 0, width, theme.px(36)))
            x += width + 2
        return areas

    def _at(self, event: QMouseEvent) -> int:
        spot = event.position().toPoint()
        return next((n for n, area in enumerate(self._areas()) if area.contains(spot)), -1)

    def _name(self) -> None:
        if self._tabs:
            tab = self._tabs[self._current]
            count = f" {tab.count}" if tab.count else ""
            self.setAccessibleName(
                f"Tab {tab.text}{count}, {self._current + 1} dari {len(self._tabs)}"
            )


def _counter_width(text: str) -> int:
    wide = QFontMetrics(theme.font("tiny")).horizontalAdvance(text) + theme.px(8)
    return max(theme.px(18), wide)
