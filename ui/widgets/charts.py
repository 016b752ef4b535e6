"""Bars painted by hand: stacked rows, columns over time, and plan against done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme

_MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Bar:
    """A row or column: its label and one value per segment."""

    label: str
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.values)


class StackedBars(QWidget):
    """Rows of stacked segments with their total; `legend` names the segments."""

    clicked = Signal(str)

    def __init__(
        self,
        legend: Sequence[tuple[str, str]],
        *,
        label_width: int = 128,
        row: int = 21,
        own_legend: bool = True,
    ) -> None:
        super().__init__()
        self._legend, self._label_width, self._row = tuple(legend), label_width, row
        self._own_legend = own_legend  # else a `Legend` stands beside, where nothing scrolls
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show these rows; the same numbers must also stand in a table."""
        self._bars = tuple(bars)
        self.setAccessibleName("; ".join(f"{bar.label} {bar.total}" for bar in bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = theme.px(self._row) * max(1, len(self._bars))
        return QSize(theme.px(420), rows + (theme.px(24) if self._legend_below() else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(220), self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y() // theme.px(self._row))
        if 0 <= place < len(self._bars):
            self.clicked.emit(self._bars[place].label)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((bar.total for bar in self._bars), default=0) or 1
        row, left = theme.px(self._row), theme.px(self._label_width)
        room = self.width() - left - theme.px(44)
        for place, bar in enumerate(self._bars):
            top = place * row
            _text(painter, bar.label, QRectF(0, top, left - 8, row), "body", "text")
            x = float(left)
            for (_, tone), value in zip(self._legend, bar.values, strict=False):
                width = room * value / most
                if value:
                    spot = QRectF(
                        x, top + (row - theme.px(14)) / 2, max(1.0, width - 1), theme.px(14)
                    )
                    painter.fillRect(spot, theme.color(tone))
                x += width
            _text(painter, str(bar.total), QRectF(x + 6, top, 60, row), "body", "text2")
        if self._legend_below():
            _paint_legend(painter, self._legend, row * len(self._bars) + theme.px(6))
        painter.end()

    def _legend_below(self) -> bool:
        return self._own_legend and bool(self._legend)


class Legend(QWidget):
    """What the colours of stacked bars mean, standing alone."""

    def __init__(self, legend: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._legend = tuple(legend)
        self.setAccessibleName(", ".join(name for name, _ in legend))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font("small"))
        parts = (theme.px(26) + metrics.horizontalAdvance(name) for name, _ in self._legend)
        return QSize(sum(parts) - theme.px(10), theme.px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_legend(painter, self._legend, 0)
        painter.end()


class Columns(QWidget):
    """Columns over time with their numbers on top; the running one is grey."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[Bar, ...] = ()
        self._running = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_bars(self, bars: Sequence[Bar], *, running: int = -1) -> None:
        """Show these columns; `running` is the place of the one that is not over yet."""
        self._bars, self._running = tuple(bars), running
        self.setAccessibleName("; ".join(f"{bar.label} {bar.total}" for bar in bars))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.px(170))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(180), theme.px(90))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._bars:
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max(bar.total for bar in self._bars) or 1
        floor = self.height() - theme.px(20)
        room = floor - theme.px(22)
        step = self.width() / len(self._bars)
        width = min(theme.px(24), step * 0.6)
        centre = Qt.AlignmentFlag.AlignHCenter | _MIDDLE
        for place, bar in enumerate(self._bars):
            x = place * step
            height = room * bar.total / most
            spot = QRectF(x + (step - width) / 2, floor - height, width, height)
            tone = "c5" if place == self._running else "c1"
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(tone))
            painter.drawRoundedRect(spot, 2, 2)
            over = QRectF(x, spot.top() - theme.px(18), step, theme.px(18))
            _text(painter, str(bar.total), over, "small", "text", centre)
            under = QRectF(x, floor + 2, step, theme.px(18))
            _text(painter, bar.label, under, "tiny", "text2", centre)
        painter.fillRect(QRectF(0, floor, self.width(), 1), theme.color("line2"))
        painter.end()


class PlanBar(QWidget):
    """How much of a plan is done, as one bar."""

    def __init__(self, done: int = 0, plan: int = 0) -> None:
        super().__init__()
        self._done, self._plan = done, plan
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_value(self, done: int, plan: int) -> None:
        """Show `done` of `plan`."""
        self._done, self._plan = done, plan
        self.setAccessibleName(f"{done} dari {plan}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(150), theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("gray_bg"))
        area = QRectF(self.rect())
        painter.drawRoundedRect(area, 4, 4)
        share = min(1.0, self._done / self._plan) if self._plan else 0.0
        if share:
            area.setWidth(max(area.height(), area.width() * share))
            painter.setBrush(theme.color("c1"))
            painter.drawRoundedRect(area, 4, 4)
        painter.end()


def _paint_legend(painter: QPainter, legend: Sequence[tuple[str, str]], top: int) -> None:
    x = 0.0
    side, metrics = theme.px(10), QFontMetrics(theme.font("small"))
    for name, tone in legend:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(tone))
        painter.drawRoundedRect(QRectF(x, top + theme.px(4), side, side), 2, 2)
        width = metrics.horizontalAdvance(name)
        _text(painter, name, QRectF(x + side + 4, top, width + 4, theme.px(18)), "small", "text")
        x += side + width + theme.px(16)


def _text(
    painter: QPainter,
    text: str,
    area: QRectF,
    role: str,
    tone: str,
    align: Qt.AlignmentFlag = _MIDDLE,
) -> None:
    font = theme.font(role)
    painter.setFont(font)
    painter.setPen(theme.color(tone))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()) + 1)
    painter.drawText(area, align, shown)
