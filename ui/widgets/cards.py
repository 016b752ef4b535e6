"""Cards, stat tiles and the head of a page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui import icons, theme
from ui.tokens import HEADER, MARGIN

from .chips import Chip, ChipLabel, Counter
from .icon import Icon
from .text import Elided, Text, box, hbox, restyle, vbox


class Card(QFrame):
    """A bordered card: optional head (icon, title, counter, things at the right), body, foot."""

    def __init__(
        self,
        title: str = "",
        *,
        icon: str = "",
        extra: Sequence[QWidget] = (),
        fill: QWidget | None = None,
        note: str = "",
        chip: Chip | None = None,
        dense: bool = False,
        padded: bool = True,
    ) -> None:
        """`fill` stands beside the title and takes the room that is left."""
        super().__init__()
        self.setObjectName("card")
        self.title = Text(title, "strong")
        self.note = Text(note, "small", "text2")
        self.counter = Counter()
        self.body = QVBoxLayout()
        pad = (12, 10, 12, 10) if padded else (0, 0, 0, 0)
        if dense and padded:
            pad = (12, 7, 12, 9)
        self.body.setContentsMargins(*pad)
        self.body.setSpacing(8)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        if title:
            self.setAccessibleName(title)
            self._column.addWidget(self._head(icon, chip, extra, fill, dense))
        self._column.addLayout(self.body, 1)

    def add(self, part: QWidget | QLayout, stretch: int = 0) -> None:
        """Put a part into the body."""
        if isinstance(part, QWidget):
            self.body.addWidget(part, stretch)
        else:
            self.body.addLayout(part, stretch)

    def set_foot(self, row: QLayout, height: int = 32) -> QWidget:
        """Put a row under a hairline at the bottom of the card."""
        row.setContentsMargins(12, 0, 12, 0)
        foot = box(row, "cardFoot")
        foot.setFixedHeight(theme.px(height))
        self._column.addWidget(foot)
        return foot

    def set_title(self, title: str) -> None:
        """Rename the card."""
        self.title.setText(title)
        self.setAccessibleName(title)

    def _head(
        self,
        icon: str,
        chip: Chip | None,
        extra: Sequence[QWidget],
        fill: QWidget | None,
        dense: bool,
    ) -> QWidget:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        if icon:
            row.addWidget(Icon(icon, "text"))
        row.addWidget(self.title)
        row.addWidget(self.counter)
        if chip:
            row.addWidget(ChipLabel(chip))
        if fill is not None:
            row.addWidget(fill, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            row.addStretch(1)
        row.addWidget(self.note)
        for part in extra:
            row.addWidget(part)
        head = box(row, "cardHead")
        head.setFixedHeight(theme.px(32 if dense else 36))
        return head


class PageHead(QWidget):
    """Title and subtitle at the left, buttons at the right; 56 pixels high."""

    def __init__(self, title: str, subtitle: str = "", *, actions: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self.title = Elided(title, "title")
        self.subtitle = Elided(subtitle, "small", "text2")
        self.title.setMinimumHeight(theme.px(24))
        row = hbox(margins=(MARGIN, 0, MARGIN, 0))
        row.addLayout(vbox(None, self.title, self.subtitle, None), 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        for action in actions:
            self.buttons.addWidget(action)
        row.addLayout(self.buttons)
        self.setLayout(row)
        self.subtitle.setVisible(bool(subtitle))  # only now: it has a parent
        self.setFixedHeight(theme.px(HEADER))

    def set_text(self, title: str, subtitle: str = "") -> None:
        """Show another title and subtitle."""
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))


class PageFoot(QWidget):
    """The bar at the bottom of a page: a note at the left, buttons at the right; 46 pixels high."""

    def __init__(self, note: str = "", *, actions: Sequence[QWidget] = (), icon: str = "") -> None:
        super().__init__()
        self.setObjectName("footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.note = Elided(note, "small", "text2")
        row = hbox(gap=8, margins=(MARGIN, 0, MARGIN, 0))
        if icon:
            row.addWidget(Icon(icon, "text2"))
        row.addWidget(self.note, 1)
        for action in actions:
            row.addWidget(action)
        self.setLayout(row)
        self.setFixedHeight(theme.px(46))


class Tile(QAbstractButton):
    """A number with its name, one click from the list behind it."""

    def __init__(self, name: str, *, tone: str = "text") -> None:
        super().__init__()
        self._name, self._number, self._note, self._tone = name, "–", "", tone
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_value(self, number: str, note: str = "", tone: str = "text") -> None:
        """Show a number and the line under its name."""
        self._number, self._note, self._tone = number, note, tone
        self.setAccessibleName(f"{self._name}: {number}")
        self.setAccessibleDescription(note)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(58))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(58))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        half = 1.0 if focus else 0.5
        painter.setPen(QPen(theme.color("blue" if focus else "line"), 2 * half))
        painter.setBrush(theme.color("hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 6, 6)
        left = theme.px(14)
        number = theme.font("number", bold=True)
        painter.setFont(number)
        painter.setPen(theme.color(self._tone))
        width = max(theme.px(30), QFontMetrics(number).horizontalAdvance(self._number))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, 0, width + 2, self.height()), middle, self._number)
        left += width + theme.px(12)
        side = theme.px(14)
        room = self.width() - left - side - theme.px(16)
        self._line(
            painter, "body", "text", self._name, QRectF(left, theme.px(11), room, theme.px(18))
        )
        self._line(
            painter, "small", "text2", self._note, QRectF(left, theme.px(29), room, theme.px(16))
        )
        spot = QRectF(self.width() - theme.px(14) - side, (self.height() - side) / 2, side, side)
        icons.draw(painter, "right", spot, "text2")
        painter.end()

    def _line(self, painter: QPainter, role: str, tone: str, text: str, area: QRectF) -> None:
        font = theme.font(role)
        painter.setFont(font)
        painter.setPen(theme.color(tone))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Choice(QFrame):
    """A card that is one of several choices; blue while chosen, its radio carries the focus."""

    chosen = Signal()

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self.setObjectName("choice")
        self.setProperty("chosen", False)
        self.radio = QRadioButton(title)
        self.radio.setFont(theme.font("body", bold=True))
        self.radio.setAccessibleDescription(text)
        self.radio.toggled.connect(self._on_toggled)
        note = Text(text, "small", "text2", wrap=True)
        note.setContentsMargins(theme.px(23), 0, 0, 0)
        self.setLayout(vbox(self.radio, note, None, margins=(14, 8, 14, 10)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.radio.setChecked(True)
        self.radio.setFocus(Qt.FocusReason.MouseFocusReason)

    def _on_toggled(self, on: bool) -> None:
        restyle(self, chosen=on)
        if on:
            self.chosen.emit()
