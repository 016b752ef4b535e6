"""The head of the office's letters as it will be printed, drawn small."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme

EMBLEM = 40
PAD = 12


class LetterheadPreview(QWidget):
    """Lines typed in capitals are large and bold, the others small, as on paper."""

    def __init__(self, lines: Sequence[str] = ()) -> None:
        super().__init__()
        self._lines: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_lines(lines)

    def set_lines(self, lines: Sequence[str]) -> None:
        """Show these lines; empty ones are left out, as in letters."""
        self._lines = tuple(line.strip() for line in lines if line.strip())
        self.setAccessibleName("Kop surat: " + ", ".join(self._lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        high = sum(_height(line) for line in self._lines)
        return QSize(theme.px(320), max(high, theme.px(EMBLEM)) + theme.px(2 * PAD) + theme.px(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(220), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color("surface"))
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        pad, side = theme.px(PAD), theme.px(EMBLEM)
        rule = self.height() - pad
        self._emblem(painter, QRectF(pad, (rule - side) / 2 + pad / 4, side, side))
        left = pad + side + theme.px(8)
        width = max(1, self.width() - 2 * left)
        high = sum(_height(line) for line in self._lines)
        y = max(pad / 2, (rule - high) / 2)
        for line in self._lines:
            font = _fitting(line, width)
            painter.setFont(font)
            painter.setPen(theme.color("text"))
            # A line too long to stand in the middle may use the room at the right as well.
            fits = QFontMetrics(font).horizontalAdvance(line) <= width
            room = width if fits else self.width() - left - pad
            shown = QFontMetrics(font).elidedText(line, Qt.TextElideMode.ElideRight, room)
            area = QRectF(left, y, room, _height(line))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, shown)
            y += _height(line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(pad, rule - 3, self.width() - 2 * pad, 2, theme.color("text"))
        painter.fillRect(pad, rule, self.width() - 2 * pad, 1, theme.color("text"))
        painter.end()

    def _emblem(self, painter: QPainter, area: QRectF) -> None:
        """A dashed circle: the office's own emblem is put there by the office."""
        pen = QPen(theme.color("line2"), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(area)
        painter.setFont(theme.font("tiny"))
        painter.setPen(theme.color("text3"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "logo")


def _loud(line: str) -> bool:
    return line == line.upper() and any(char.isalpha() for char in line)


def _height(line: str) -> int:
    return theme.px(19) if _loud(line) else theme.px(16)


def _fitting(line: str, width: int) -> QFont:
    """The large font, or a smaller one where only that fits."""
    sizes = (14, 13, 12, 11) if _loud(line) else (12, 11)
    for size in sizes:
        font = theme.font(size, bold=_loud(line))
        if QFontMetrics(font).horizontalAdvance(line) <= width:
            return font
    return font
