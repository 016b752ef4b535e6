"""Messages that last (banners), the error summary of a form, and empty states."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from posko_app.errors import Problem
from ui import theme

from .buttons import Link
from .icon import Icon
from .layout import FlowLayout
from .text import Text, hbox, restyle, vbox

_ICONS = {"info": "info", "ok": "done", "attention": "attention", "problem": "error"}
_MOST = 6  # problems named at once: the form below must stay in sight
_TONES = {"info": "blue", "ok": "green", "attention": "gold", "problem": "red"}


class Banner(QFrame):
    """A state that lasts: tone info, ok, attention or problem; at most one on top of a page."""

    link = Signal(str)

    def __init__(self, tone: str, text: str, *, action: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("tone", tone)
        self._icon = Icon(_ICONS[tone], _TONES[tone])
        self._text = Text(text, wrap=True, rich=True)
        self._text.link.connect(self.link)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(8)
        row.addLayout(vbox(1, self._icon, None))
        row.addWidget(self._text, 1)
        if action:
            row.addWidget(action)
        self.setAccessibleName(text)

    def set_message(self, tone: str, text: str) -> None:
        """Say something else; `text` may hold rich text, so escape what users typed."""
        restyle(self, tone=tone)
        self._icon.set_icon(_ICONS[tone], _TONES[tone])
        self._text.setText(text)
        self.setAccessibleName(text)
        announce(self)


class ErrorSummary(QFrame):
    """The problems of a form, each a link that moves the focus to its field.

    Of many problems the first ones are named; the last link brings the others.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("errorSummary")
        self._problems: tuple[Problem, ...] = ()
        self._title = Text("", "section")
        self._links = FlowLayout(gap=24, line_gap=2)
        words = vbox(self._title, gap=2)
        words.addLayout(self._links)
        row = QHBoxLayout(self)
        row.setContentsMargins(13, 8, 13, 8)
        row.setSpacing(10)
        row.addLayout(vbox(2, Icon("error", "red", 18), None))
        row.addLayout(words, 1)
        self.hide()

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show these problems in the words they have at their fields; none hides the box."""
        self._problems = tuple(problems)
        self._show(_MOST if len(problems) > _MOST + 1 else len(problems))
        if problems:
            self._title.setText(f"Ada {len(problems)} isian yang perlu diperbaiki")
            self.setAccessibleName(self._title.text())
            announce(self)
        self.setVisible(bool(problems))

    def _show(self, count: int) -> None:
        self._links.clear()
        for problem in self._problems[:count]:
            link = Link(problem.message, underlined=True)
            link.setObjectName(problem.field)
            link.clicked.connect(self._on_clicked)
            self._links.addWidget(link)
        if left := len(self._problems) - count:
            more = Link(f"{left} lagi…", underlined=True)
            more.setToolTip("Tampilkan semua. F8 pindah ke isian salah berikutnya.")
            more.clicked.connect(self._on_more)
            self._links.addWidget(more)

    def _on_more(self) -> None:
        self._show(len(self._problems))

    def _on_clicked(self) -> None:
        self.chosen.emit(self.sender().objectName())


class EmptyState(QWidget):
    """What belongs here and the first action."""

    def __init__(
        self, icon: str, title: str, text: str = "", *, actions: Sequence[QWidget] = ()
    ) -> None:
        super().__init__()
        self.title = Text(title, "dialog")
        self.text = Text(text, tone="text2", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(Icon(icon, "text2", 40), 0, centre)
        column.addWidget(self.title, 0, centre)
        self.text.setFixedWidth(theme.px(460))
        column.addWidget(self.text, 0, centre)
        self._fit()  # only now: shown without a parent it would be a window of its own
        self.buttons = hbox(None, *actions, None)
        column.addSpacing(4)
        column.addLayout(self.buttons)
        column.addStretch(1)

    def set_text(self, title: str, text: str = "") -> None:
        """Say something else."""
        self.title.setText(title)
        self.text.setText(text)
        self._fit()

    def _fit(self) -> None:
        """A centred label does not grow by itself with its lines."""
        self.text.setVisible(bool(self.text.text()))
        self.text.setMinimumHeight(max(0, self.text.heightForWidth(self.text.width())))


def announce(widget: QWidget) -> None:
    """Tell screen readers that something came up."""
    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
