"""The drawn booth that stands for Posko; a placeholder, not the emblem of any office."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme


def paint_mark(painter: QPainter, area: QRectF, frame: str = "mark_frame") -> None:
    """Draw the mark into a square; `frame` is the colour token of its walls."""
    unit = area.width() / 24
    painter.save()
    painter.translate(area.topLeft())
    painter.scale(unit, unit)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("mark_roof"))
    painter.drawPolygon(QPolygonF([QPointF(2.5, 10), QPointF(12, 3), QPointF(21.5, 10)]))
    painter.setBrush(theme.color("mark_door"))
    painter.drawRect(QRectF(10, 14.5, 4, 6.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(theme.color(frame), 2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.drawRect(QRectF(4.5, 11.5, 15, 9.5))
    painter.restore()


def mark_icon() -> QIcon:
    """The icon of the window and the task bar."""
    icon = QIcon()
    for size in (16, 24, 32, 48, 64):
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_mark(painter, QRectF(0, 0, size, size))
        painter.end()
        icon.addPixmap(picture)
    return icon


class Mark(QWidget):
    """The mark as a widget of `size` pixels."""

    def __init__(self, size: int = 40, frame: str = "mark_frame") -> None:
        super().__init__()
        self._size, self._frame = size, frame
        self.setAccessibleName("Posko")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_mark(painter, QRectF(0, 0, self.width(), self.width()), self._frame)
        painter.end()
