"""Buttons with an icon and their shortcut as a hint; painted, because a style sheet cannot."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from ui import icons, theme
from ui.tokens import CONTROL, CONTROL_SMALL, RADIUS

# kind -> (fill, fill on hover, border, text, hint)
_LOOKS: dict[str, tuple[str, str, str, str, str]] = {
    "plain": ("surface", "hover", "line2", "text", "text3"),
    "primary": ("ink", "ink_h", "ink", "ink_t", "ink_t"),
    "flat": ("clear", "hover", "clear", "text", "text3"),
    "danger": ("surface", "red_bg", "red", "red", "red"),
    "danger_filled": ("danger", "danger_h", "danger", "danger_t", "danger_t"),
    "toast_flat": ("toast", "toast_h", "toast", "toast_t", "toast_t2"),
    "toast": ("toast", "toast_h", "toast_ln2", "toast_t", "toast_t2"),
}


class Button(QPushButton):
    """A push button: `kind` plain, primary, flat, danger, danger_filled; one primary per screen."""

    def __init__(
        self,
        text: str,
        *,
        icon: str = "",
        hint: str = "",
        kind: str = "plain",
        small: bool = False,
        tooltip: str = "",
        menu_mark: bool = False,
    ) -> None:
        super().__init__(text)
        self._menu_mark = menu_mark
        self.kind, self.small, self.hint = kind, small, hint
        self.icon_name = icon
        self._corners = "all"
        self._hover = False
        self.setAccessibleName(text or tooltip)
        if hint:
            self.setAccessibleDescription(f"Pintasan {hint}")
        if tooltip:
            self.setToolTip(f"{tooltip} ({hint})" if hint and not text else tooltip)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show other words; Qt lets the shortcut go with the old ones, which nobody wants."""
        kept, own = self.shortcut(), QKeySequence.mnemonic(self.text())
        super().setText(text)
        if kept != own:
            self.setShortcut(kept)

    def set_why_disabled(self, reason: str) -> None:
        """Disable with a reason (shown as the tooltip), or enable when there is none."""
        self.setEnabled(not reason)
        self.setToolTip(reason)

    def sizeHint(self) -> QSize:
        height = theme.px(CONTROL_SMALL if self.small else CONTROL)
        width = self._content_width() + 2 * (self._pad() + 1)
        if not self.text():
            return QSize(height, height)
        return QSize(max(width, theme.px(0 if self.small or self.kind == "flat" else 72)), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _fill, _hover, _line, ink, hint = self._frame(painter)
        gap = theme.px(5 if self.small else 7)
        side = self._icon_size()
        x = (self.width() - self._content_width()) / 2
        if self.icon_name:
            top = (self.height() - side) / 2
            icons.draw(painter, self.icon_name, QRectF(x, top, side, side), ink)
            x += side + gap
        middle = Qt.AlignmentFlag.AlignVCenter
        if self.text():
            font = self._font()
            painter.setFont(font)
            painter.setPen(theme.color(ink))
            width = QFontMetrics(font).horizontalAdvance(self._shown())
            painter.drawText(QRectF(x, 0, width + 2, self.height()), middle, self._shown())
            x += width + gap
        if self.hint and self.text():
            painter.setFont(theme.font("tiny"))
            painter.setPen(theme.color(hint))
            painter.drawText(QRectF(x, 0, self.width(), self.height()), middle, self.hint)
        if self._menu_mark:
            small = theme.px(13)
            right = (self.width() + self._content_width()) / 2
            spot = QRectF(right - small, (self.height() - small) / 2, small, small)
            icons.draw(painter, "down", spot, ink)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()
        super().changeEvent(event)

    def _frame(self, painter: QPainter) -> tuple[str, str, str, str, str]:
        """Draw fill and border; return the look used."""
        look = _LOOKS[self.kind]
        if self.isCheckable() and self.isChecked():
            look = ("sel", "sel", "blue", "text", "text2")
        if not self.isEnabled():
            look = ("gray_bg", "gray_bg", "line", "text3", "text3")
        fill, hover, line, _ink, _hint = look
        focus = self.hasFocus()
        ring = "foc2" if self.kind in ("primary", "danger_filled") else "blue"
        width = 2 if focus else 1
        half = width / 2
        area = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.setBrush(theme.color(hover if self._hover or self.isDown() else fill))
        painter.setPen(QPen(theme.color(ring if focus else line), width))
        painter.drawPath(_rounded(area, RADIUS, self._corners))
        return look

    def _shown(self) -> str:
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    def _font(self) -> QFont:
        bold = self.kind in ("primary", "danger_filled")
        return theme.font("small" if self.small else "body", bold=bold)

    def _pad(self) -> int:
        return theme.px(9 if self.small else 12)

    def _icon_size(self) -> int:
        return theme.px(14 if self.small else 16)

    def _content_width(self) -> int:
        gap = theme.px(5 if self.small else 7)
        parts = []
        if self.icon_name:
            parts.append(self._icon_size())
        if self.text():
            parts.append(QFontMetrics(self._font()).horizontalAdvance(self._shown()))
        if self.hint and self.text():
            parts.append(QFontMetrics(theme.font("tiny")).horizontalAdvance(self.hint))
        if self._menu_mark:
            parts.append(theme.px(13))
        return sum(parts) + gap * (len(parts) - 1)


class IconButton(Button):
    """A square button with only an icon; its name is the tooltip and the accessible name."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        hint: str = "",
        kind: str = "plain",
        small: bool = False,
        checkable: bool = False,
    ) -> None:
        super().__init__("", icon=icon, hint=hint, kind=kind, small=small, tooltip=name)
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class SplitButton(QWidget):
    """A primary button with its other choices in a menu at the right."""

    clicked = Signal()

    def __init__(self, text: str, *, icon: str = "", hint: str = "", kind: str = "primary") -> None:
        super().__init__()
        self.main = Button(text, icon=icon, hint=hint, kind=kind)
        self.arrow = IconButton("down", "Langkah lain", kind=kind)
        self.main._corners, self.arrow._corners = "left", "right"
        self.menu = QMenu(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1 if kind == "primary" else 0)
        row.addWidget(self.main)
        row.addWidget(self.arrow)
        self.setFocusProxy(self.main)
        self.main.clicked.connect(self.clicked)
        self.arrow.clicked.connect(self.open_menu)

    def set_text(self, text: str, hint: str = "") -> None:
        """Name the main action."""
        self.main.setText(text)
        self.main.setAccessibleName(text)
        self.main.hint = hint
        self.main.updateGeometry()

    def open_menu(self) -> None:
        """Show the other choices under the button."""
        spot = self.arrow.mapToGlobal(self.arrow.rect().bottomRight())
        spot.setX(spot.x() - self.menu.sizeHint().width())
        self.menu.popup(spot)


class Link(QAbstractButton):
    """A text link that is reached by Tab and pressed with Enter or Space."""

    def __init__(
        self,
        text: str,
        *,
        icon: str = "",
        role: str = "body",
        tone: str = "blue",
        underlined: bool = False,
        mono: bool = False,
    ) -> None:
        super().__init__()
        self._underlined, self._mono = underlined, mono
        self.icon_name, self.role, self.tone = icon, role, tone
        self.setText(text)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(self.role, mono=self._mono))
        icon = theme.px(20) if self.icon_name else 0
        return QSize(
            metrics.horizontalAdvance(self.text()) + icon + 2, max(theme.px(18), metrics.height())
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 1.0
        tone = self.tone if self.isEnabled() else "text3"
        if self.icon_name:
            side = theme.px(14)
            icons.draw(
                painter, self.icon_name, QRectF(x, (self.height() - side) / 2, side, side), tone
            )
            x += theme.px(20)
        font = theme.font(self.role, mono=self._mono)
        painter.setFont(font)
        painter.setPen(theme.color(tone))
        area = QRectF(x, 0, self.width() - x, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._underlined or self.underMouse() or self.hasFocus():
            y = self.height() / 2 + QFontMetrics(font).ascent() / 2 + 1
            painter.drawLine(QPointF(x, y), QPointF(self.width() - 1, y))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("blue"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 2, 2)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def _rounded(area: QRectF, radius: float, corners: str) -> QPainterPath:
    """A rectangle with all, only the left or only the right corners rounded."""
    path = QPainterPath()
    path.addRoundedRect(area, radius, radius)
    if corners != "all":
        square = QRectF(area)
        if corners == "left":
            square.setLeft(area.center().x())
        else:
            square.setRight(area.center().x())
        flat = QPainterPath()
        flat.addRect(square)
        path = path.united(flat).simplified()
    return path
