"""Chips (a coloured word with an icon), counters, key caps and filter chips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posko_app import text as words
from ui import icons, theme

# tone -> (fill, border, text, bold)
TONES: dict[str, tuple[str, str, str, bool]] = {
    "gray": ("gray_bg", "gray_ln", "text", False),
    "red": ("red_bg", "red_ln", "red", True),
    "gold": ("gold_bg", "gold_ln", "gold", True),
    "gold_outline": ("clear", "gold_ln", "gold", False),
    "green": ("green_bg", "green_ln", "green", False),
    "blue": ("blue_bg", "blue_ln", "blue", False),
    "plain": ("clear", "clear", "text2", False),
    "plain_green": ("clear", "clear", "green", False),
    "plain_red": ("clear", "clear", "red", False),
    "plain_gold": ("clear", "clear", "gold", False),
}


@dataclass(frozen=True)
class Chip:
    """What a chip shows; plain data, drawn by a label or a table cell."""

    text: str
    tone: str = "gray"
    icon: str = ""
    tooltip: str = ""

    def __str__(self) -> str:
        return self.text


def deadline_chip(due_on: date | None, today: date, *, tooltip: str = "") -> Chip:
    """The time left until `due_on`: overdue red, today gold, tomorrow outlined, later plain."""
    if due_on is None:
        return Chip("–", "plain", tooltip=tooltip)
    days = (due_on - today).days
    if days < 0:
        return Chip(f"Lewat {-days} hari", "red", "overdue", tooltip)
    if days == 0:
        return Chip("Hari ini", "gold", "due", tooltip)
    if days == 1:
        return Chip("Besok", "gold_outline", "due", tooltip)
    return Chip(words.day_month(due_on), "plain", "", tooltip)


def chip_width(chip: Chip) -> int:
    """Pixels that `paint_chip` needs."""
    bold = TONES[chip.tone][3]
    text = QFontMetrics(theme.font("small", bold=bold)).horizontalAdvance(chip.text)
    return text + theme.px(12 + (17 if chip.icon else 0)) + 2


def paint_chip(painter: QPainter, chip: Chip, left: int, middle: float, room: int = 10_000) -> None:
    """Draw a chip with its left edge at `left`, centred on `middle`, at most `room` wide."""
    fill, line, ink, bold = TONES[chip.tone]
    height = theme.px(20)
    width = min(chip_width(chip), room)
    area = QRectF(left + 0.5, round(middle - height / 2) + 0.5, width - 1, height - 1)
    if line != "clear":
        painter.setPen(QPen(theme.color(line), 1))
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(area, 4, 4)
    x = left + theme.px(6) + 1
    if chip.icon:
        side = theme.px(13)
        icons.draw(painter, chip.icon, QRectF(x, middle - side / 2, side, side), ink)
        x += theme.px(17)
    font = theme.font("small", bold=bold)
    painter.setFont(font)
    painter.setPen(theme.color(ink))
    space = left + width - x - theme.px(5)
    shown = chip.text
    if width < chip_width(chip):
        shown = QFontMetrics(font).elidedText(shown, Qt.TextElideMode.ElideRight, space)
    painter.drawText(
        QRectF(x, area.top(), space + 8, height - 1), Qt.AlignmentFlag.AlignVCenter, shown
    )


class ChipLabel(QWidget):
    """A chip standing alone; takes no room while it has nothing to say."""

    def __init__(self, chip: Chip | None = None) -> None:
        super().__init__()
        self._chip = chip
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_chip(chip)

    def set_chip(self, chip: Chip | None) -> None:
        """Show another chip."""
        self._chip = chip
        if chip is not None:
            self.setAccessibleName(chip.text)
            self.setToolTip(chip.tooltip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._chip) if self._chip else 0, theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._chip is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_chip(painter, self._chip, 0, self.height() / 2, self.width())
        painter.end()


class Counter(QWidget):
    """A small number in a grey box, as on tabs and in card heads; red for what needs a decision."""

    def __init__(self, text: str = "", tone: str = "gray") -> None:
        super().__init__()
        self._text, self._tone = text, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show another number; nothing is drawn for an empty text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if not self._text:
            return QSize(0, theme.px(16))
        width = QFontMetrics(theme.font("tiny")).horizontalAdvance(self._text) + 8
        return QSize(max(theme.px(18), width), theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._text:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_counter(painter, self._text, QRect(QPoint(0, 0), self.size()), self._tone)
            painter.end()


def paint_counter(painter: QPainter, text: str, area: QRect, tone: str = "gray") -> None:
    """Draw a counter into `area`."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("red_bg" if tone == "red" else "gray_bg"))
    painter.drawRoundedRect(area, 3, 3)
    painter.setFont(theme.font("tiny", bold=tone == "red"))
    painter.setPen(theme.color("red" if tone == "red" else "text2"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)


class FilterChip(QAbstractButton):
    """A filter: outlined while it lets everything through, blue with a cross while it holds back.

    With `arrow` it opens a menu; without, it toggles. `active` is the blue state.
    """

    def __init__(self, text: str, *, arrow: bool = False, closable: bool = False) -> None:
        super().__init__()
        self._arrow, self._closable = arrow, closable
        self.height_px = 28
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme.font("small")).horizontalAdvance(self.text()) + theme.px(18)
        return QSize(width + (theme.px(20) if self._mark() else 0), theme.px(self.height_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        width = 2 if self.hasFocus() else 1
        half = width / 2
        fill = "sel" if on else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.color(fill))
        painter.setPen(QPen(theme.color("blue" if on or self.hasFocus() else "line2"), width))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 4, 4)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text"))
        pad = theme.px(9)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(pad, 0, 0, 0), middle, self.text())
        if mark := self._mark():
            side = theme.px(13)
            spot = QRectF(self.width() - pad - side, (self.height() - side) / 2, side, side)
            icons.draw(painter, mark, spot, "text2")
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self.update()
        return super().event(event)

    def _mark(self) -> str:
        if self._closable and self.isChecked():
            return "close"
        return "down" if self._arrow else ""
