"""The one delegate: text, chips, links, check boxes, two-line cells, group rows, row focus.

It reads the row straight from the model instead of asking seven roles per cell, which is what
makes a frame cheaper than Qt's own delegate over a Python model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from . import icons, theme
from .tables import Column, GroupRow, Index
from .widgets.chips import Chip, chip_width, paint_chip

if TYPE_CHECKING:
    from .table_view import TableView

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_TONES = {"secondary": "text2", "link": "blue"}
_CACHE = 4000


class Cells(QStyledItemDelegate):
    """Paints every cell of a `TableView`."""

    def __init__(self, view: TableView[Any]) -> None:
        super().__init__(view)
        self._view = view
        self._cut: dict[tuple[str, int, str], str] = {}
        self._metrics: dict[str, QFontMetrics] = {}
        self._look: tuple[str, int] = ("", 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self._view
        rect: QRect = option.rect
        place, number = index.row(), index.column()
        row = view.rows.rows[place]
        if isinstance(row, GroupRow):
            self._group(painter, rect, row.text)
            return
        x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        if place in view.chosen:
            tone = "sel" if view.focused else "sel_off"
            painter.fillRect(x, y, width, height, theme.color(tone))
        painter.fillRect(x, y + height - 1, width, 1, theme.color("line"))
        column: Column[Any] = view.rows.columns[number]
        left = x + (12 if number == view.first_column else 8)
        right = x + width - (12 if number == view.last_column else 8)
        style = column.style
        marked = column.value(row) if style in ("chip", "check") else None
        if style == "chip" or isinstance(marked, Chip):
            chip = marked
            if chip is not None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                paint_chip(painter, chip, left - 1, y + (height - 1) / 2, right - left + 6)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        elif isinstance(marked, bool):
            self._check(painter, column, row, left, y, height)
        else:
            self._text(painter, column, row, QRect(left, y, right - left, height - 1))
        if view.focused and place == view.current_place:
            self._ring(painter, rect, number)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(80), theme.px(28))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), self.tip(index, option.rect.width()), view)
        return True

    def tip(self, index: Index, width: int) -> str:
        """The tooltip of a cell: its own, or its whole text when it is cut."""
        row, column = self._view.rows.row_at(index.row()), self._view.rows.columns[index.column()]
        if row is None:
            return ""
        if column.tooltip is not None and (own := column.tooltip(row)):
            return own
        value = column.value(row)
        if isinstance(value, Chip):
            return value.tooltip or (value.text if chip_width(value) > width - 16 else "")
        text = column.text(row)
        room = width - 16
        return text if self._measure(column.style).horizontalAdvance(text) > room else ""

    def _text(self, painter: QPainter, column: Column[Any], row: Any, area: QRect) -> None:
        style = column.style
        text = column.text(row)
        if style == "mono":
            painter.setFont(theme.font("small", mono=True))
        else:
            painter.setFont(theme.font("body", bold=style == "strong"))
        tone = column.tone(row) if column.tone is not None else ""
        painter.setPen(theme.color(tone or _TONES.get(style, "text")))
        align = _RIGHT if column.right else _LEFT
        width = area.width()
        if column.second is None:
            shown = self._fit(text, width, style)
            painter.drawText(area.x(), area.y(), width, area.height(), align, shown)
            return
        line, small = theme.px(18), theme.px(16)
        top = area.y() + (area.height() - line - small) // 2
        painter.drawText(area.x(), top, width, line, align, self._fit(text, width, style))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        under = self._fit(column.second(row), width, "small")
        painter.drawText(area.x(), top + line, width, small, align, under)

    def _fit(self, text: str, width: int, style: str) -> str:
        """The text, cut with "…" to `width`; the same cells come again with every frame."""
        key = (text, width, style)
        found = self._cut.get(key)
        if found is None:
            if len(self._cut) > _CACHE:
                self._cut.clear()
            flat = text.replace("\n", " ")
            metrics = self._measure(style)
            found = metrics.elidedText(flat, Qt.TextElideMode.ElideRight, width)
            self._cut[key] = found
        return found

    def _measure(self, style: str) -> QFontMetrics:
        look = (theme.name(), theme.scale())
        if look != self._look:
            self._look = look
            self._cut.clear()
            self._metrics.clear()
        if style not in self._metrics:
            font = theme.font("body", bold=style == "strong")
            if style == "mono":
                font = theme.font("small", mono=True)
            elif style == "small":
                font = theme.font("small")
            self._metrics[style] = QFontMetrics(font)
        return self._metrics[style]

    def _group(self, painter: QPainter, rect: QRect, text: str) -> None:
        painter.fillRect(rect, theme.color("alt"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color("line"))
        painter.save()
        painter.setClipRect(rect)
        painter.setFont(theme.font("small", bold=True))
        painter.setPen(theme.color("text2"))
        left = 12 - self._view.horizontalOffset()
        painter.drawText(QRectF(left, rect.y(), 2000, rect.height()), _LEFT, text)
        painter.restore()

    def _check(
        self, painter: QPainter, column: Column[Any], row: Any, left: int, top: int, height: int
    ) -> None:
        side = theme.px(16)
        area = QRectF(left + 0.5, top + (height - side) // 2 + 0.5, side - 1, side - 1)
        on = bool(column.value(row))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("ink" if on else "line2"), 1))
        painter.setBrush(theme.color("ink" if on else "surface"))
        painter.drawRoundedRect(area, 3, 3)
        if on:
            icons.draw(painter, "check", area.adjusted(2, 2, -2, -2), "ink_t")
        if column.second is not None:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text2"))
            text = column.second(row)
            painter.drawText(left + side + theme.px(6), top, 200, height - 1, _LEFT, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _ring(self, painter: QPainter, rect: QRect, number: int) -> None:
        """Draw this cell's part of the rectangle around the row."""
        blue = theme.color("blue")
        x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        painter.fillRect(x, y, width, 2, blue)
        painter.fillRect(x, y + height - 2, width, 2, blue)
        if number == self._view.first_column:
            painter.fillRect(x, y, 2, height, blue)
        if number == self._view.last_column:
            painter.fillRect(x + width - 2, y, 2, height, blue)
