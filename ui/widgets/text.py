"""Labels in the type roles of the design, lists of facts, and layouts without boilerplate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui import theme

from .icon import Icon

L = TypeVar("L", bound=QBoxLayout)
Margins = tuple[int, int, int, int]
Fact = tuple[str, str] | tuple[str, str, str]  # key, value, and an icon before the value
NONE: Margins = (0, 0, 0, 0)


def hbox(
    *parts: QWidget | QLayout | int | None, gap: int = 8, margins: Margins = NONE
) -> QHBoxLayout:
    """A row of parts; a number is empty space of so many pixels, None takes all that is left."""
    return _fill(QHBoxLayout(), parts, gap, margins)


def vbox(
    *parts: QWidget | QLayout | int | None, gap: int = 0, margins: Margins = NONE
) -> QVBoxLayout:
    """A column of parts; a number is empty space of so many pixels, None takes all that is left."""
    return _fill(QVBoxLayout(), parts, gap, margins)


def box(layout: QLayout, name: str = "", parent: QWidget | None = None) -> QWidget:
    """A plain widget around a layout; `name` chooses its background ("surface", "footer", …)."""
    made = QWidget(parent)
    if name:
        made.setObjectName(name)
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    made.setLayout(layout)
    return made


def hairline() -> QFrame:
    """A horizontal line one pixel high."""
    made = QFrame()
    made.setObjectName("hairline")
    made.setFixedHeight(1)
    return made


def restyle(widget: QWidget, **properties: object) -> None:
    """Change properties that the style sheet reads; does nothing when they are as they were."""
    changed = {k: v for k, v in properties.items() if widget.property(k) != v}
    if not changed:
        return
    for key, value in changed.items():
        widget.setProperty(key, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Text(QLabel):
    """A label in a type role ("title", "small", "label", "strong", "mono" …) and a tone."""

    link = Signal(str)

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        tone: str = "",
        *,
        wrap: bool = False,
        rich: bool = False,
        select: bool = False,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        self.setText(text)
        if select:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        if rich:
            self.linkActivated.connect(self.link)
            self.setTextInteractionFlags(
                self.textInteractionFlags()
                | Qt.TextInteractionFlag.LinksAccessibleByMouse
                | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            )
            self._set_focus_policy()

    def setText(self, text: str) -> None:
        if self.textFormat() == Qt.TextFormat.RichText:
            text = _design(text)
        super().setText(text)
        if self.textFormat() == Qt.TextFormat.RichText:
            self._set_focus_policy()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        tab, backtab = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason
        if event.reason() in (tab, backtab) and not self.hasSelectedText():
            self.focusNextPrevChild(event.reason() == tab)  # at the link, not beside it

    def _set_focus_policy(self) -> None:
        """Tab stops only where there is a link to follow."""
        links = "<a " in self.text()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if links else Qt.FocusPolicy.ClickFocus)

    def set_tone(self, tone: str) -> None:
        """Change the colour: "text2", "red", "gold", "green", "blue", or "" for body text."""
        restyle(self, tone=tone)


class Elided(Text):
    """One line that gives way: the end is cut with "…" and the whole text is the tooltip."""

    def __init__(self, text: str = "", role: str = "body", tone: str = "") -> None:
        super().__init__(text, role, tone)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._cut = False

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(24), super().minimumSizeHint().height())

    def setText(self, text: str) -> None:
        super().setText(text.replace("\n", " "))
        self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._cut:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        painter.drawText(self.contentsRect(), self.alignment(), shown)
        painter.end()

    def _measure(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self._cut = cut
        self.setToolTip(self.text() if cut else "")


class Facts(QWidget):
    """Pairs of a small grey key and its value, in one or two columns; read-only summaries.

    A value takes as many lines as it needs, or one that is cut with "…" when `one_line` is set.
    """

    link = Signal(str)

    def __init__(
        self,
        rows: Iterable[Fact] = (),
        *,
        key_width: int = 96,
        columns: int = 1,
        one_line: bool = False,
    ) -> None:
        super().__init__()
        self._key_width, self._columns, self._one_line = key_width, columns, one_line
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(5)
        self.set_rows(tuple(rows))

    def set_rows(self, rows: Sequence[Fact]) -> None:
        """Show these pairs instead; a value is plain text of one or more lines."""
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for place, (key, value, *icon) in enumerate(rows):
            row, column = place // self._columns, place % self._columns * 2
            head = Text(key, "small", "text2")
            head.setFixedWidth(theme.px(self._key_width))
            head.setMinimumHeight(theme.px(18))
            text = Elided(value) if self._one_line else Text(value, wrap=True, select=True)
            head.setBuddy(text)
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(head, row, column, top)
            part = box(hbox(Icon(icon[0], "text2", 14), text, gap=5)) if icon else text
            self._grid.addWidget(part, row, column + 1, top)
            self._grid.setColumnStretch(column + 1, 1)


def _design(text: str) -> str:
    """Rich text in the weights of the design: 600 for bold, links without underline."""
    text = text.replace("<b>", "<span style='font-weight:600'>").replace("</b>", "</span>")
    return text.replace("<a ", f"<a style='color:{theme.html('blue')};text-decoration:none' ")


def _fill(
    layout: L, parts: Sequence[QWidget | QLayout | int | None], gap: int, margins: Margins
) -> L:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
    return layout
