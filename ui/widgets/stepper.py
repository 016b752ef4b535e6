"""The stages of a case as one painted, focusable widget; and its short form of bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme
from ui.tokens import MARGIN


@dataclass(frozen=True)
class StepView:
    """One stage: `mark` is done, now, skipped or todo; `note` is its date or "tidak perlu"."""

    key: str
    label: str
    mark: str
    note: str = ""


class Stepper(QWidget):
    """All stages in a row; arrows move between them, Enter or a click opens one."""

    opened = Signal(str)

    def __init__(self, steps: Sequence[StepView] = ()) -> None:
        super().__init__()
        self._steps: tuple[StepView, ...] = ()
        self._place = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(theme.px(480))
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[StepView]) -> None:
        """Show these stages; the one that is "now" gets the keyboard."""
        self._steps = tuple(steps)
        self._place = next((n for n, step in enumerate(steps) if step.mark == "now"), 0)
        self._name()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(900), theme.px(71))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in range(len(self._steps)):
            self._paint_step(painter, place)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._steps:
            by = 1 if key == Qt.Key.Key_Right else -1
            self._place = max(0, min(len(self._steps) - 1, self._place + by))
            self._name()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._steps:
            self.opened.emit(self._steps[self._place].key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._steps:
            place = int((event.position().x() - MARGIN) / self._width())
            self._place = max(0, min(len(self._steps) - 1, place))
            self._name()
            self.update()
            self.opened.emit(self._steps[self._place].key)

    def _width(self) -> float:
        return (self.width() - 2 * MARGIN) / max(1, len(self._steps))

    def _paint_step(self, painter: QPainter, place: int) -> None:
        step, x = self._steps[place], MARGIN + place * self._width()
        side, top = theme.px(20), theme.px(9)
        if place < len(self._steps) - 1:
            line = "green" if step.mark in ("done", "skipped") else "line"
            bar = QRectF(x + side, top + side / 2 - 1, self._width() - side, 2)
            painter.fillRect(bar, theme.color(line))
        circle = QRectF(x + 0.5, top + 0.5, side - 1, side - 1)
        self._paint_circle(painter, step, circle, str(place + 1))
        room = self._width() - 6
        now = step.mark == "now"
        tone = "text2" if step.mark == "todo" else "text"
        label = QRectF(x, top + side + 3, room, theme.px(16))
        _line(painter, step.label, label, "small", tone, now)
        _line(
            painter,
            step.note,
            QRectF(x, label.bottom(), room, theme.px(14)),
            "tiny",
            "text2",
            False,
        )
        if self.hasFocus() and place == self._place:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("blue"), 2))
            area = QRectF(x - 5, 3, self._width() - 2, self.height() - 8)
            painter.drawRoundedRect(area, 4, 4)

    def _paint_circle(self, painter: QPainter, step: StepView, circle: QRectF, number: str) -> None:
        fill = {"done": "green", "now": "ink"}.get(step.mark, "surface")
        edge = fill if fill != "surface" else "line2"
        pen = QPen(theme.color(edge), 1)
        if step.mark == "skipped":
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.color(fill))
        painter.drawEllipse(circle)
        if step.mark == "done":
            _tick(painter, circle.center(), theme.px(20) / 20)
        elif step.mark == "skipped":
            icons.draw(painter, "right", circle.adjusted(4, 4, -4, -4), "text3")
        else:
            now = step.mark == "now"
            painter.setFont(theme.font("tiny", bold=now))
            painter.setPen(theme.color("ink_t" if now else "text2"))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, number)

    def _name(self) -> None:
        if self._steps:
            step = self._steps[self._place]
            self.setAccessibleName(
                f"Tahap perkara: {self._place + 1} dari {len(self._steps)}, {step.label}"
            )
            self.setAccessibleDescription(step.note)


class SegmentBar(QWidget):
    """The stages as short bars: green done, ink now, grey to do."""

    def __init__(self, marks: Sequence[str] = ()) -> None:
        super().__init__()
        self._marks = tuple(marks)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_marks(self, marks: Sequence[str]) -> None:
        """Show these marks (done, now, skipped, todo)."""
        self._marks = tuple(marks)
        done = sum(mark in ("done", "skipped") for mark in marks)
        self.setAccessibleName(f"{done} dari {len(marks)} tahap selesai")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._marks:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        gap = 4
        width = (self.width() - gap * (len(self._marks) - 1)) / len(self._marks)
        for place, mark in enumerate(self._marks):
            tone = {"done": "green", "skipped": "green", "now": "ink"}.get(mark, "line")
            painter.setBrush(theme.color(tone))
            painter.drawRoundedRect(QRectF(place * (width + gap), 0, width, self.height()), 2, 2)
        painter.end()


def _tick(painter: QPainter, centre: QPointF, unit: float) -> None:
    pen = QPen(theme.color("surface"), 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    corners = ((-4.0, 0.2), (-1.2, 3.0), (4.2, -2.8))
    painter.drawPolyline([centre + QPointF(x * unit, y * unit) for x, y in corners])


def _line(painter: QPainter, text: str, area: QRectF, role: str, tone: str, bold: bool) -> None:
    font = theme.font(role, bold=bold)
    painter.setFont(font)
    painter.setPen(theme.color(tone))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
