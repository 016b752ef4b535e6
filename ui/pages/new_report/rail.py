"""The left rail: every section with its state; a click or Enter goes there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui import icons, theme
from ui.widgets.text import vbox

WIDTH = 172
_MARKS = {"done": ("done", "green"), "wrong": ("error", "red"), "todo": ("todo", "text2"),
          "now": ("now", "text")}  # fmt: skip
_SPOKEN = {"done": "lengkap", "wrong": "ada yang perlu diperbaiki", "todo": "belum selesai",
           "now": "sedang dibuka"}  # fmt: skip


@dataclass(frozen=True)
class SectionState:
    """How far a section is: `mark` done, wrong, todo or now, and a few words."""

    mark: str = "todo"
    note: str = ""


class Rail(QWidget):
    """The sections of a kind and Periksa, one of them lit."""

    chosen = Signal(str)

    def __init__(self, sections: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(WIDTH))
        self.setAccessibleName("Bagian formulir")
        self._items = {key: _Item(key, title) for key, title in sections}
        for item in self._items.values():
            item.clicked.connect(self._on_clicked)
            item.stepped.connect(self._on_stepped)
        self.setLayout(vbox(*self._items.values(), None, gap=2))
        self.set_current("receipt")

    @property
    def first(self) -> QWidget:
        """Where the keyboard enters."""
        return self._items["receipt"]

    def set_states(self, states: Mapping[str, SectionState]) -> None:
        """Show how far every section is."""
        for key, state in states.items():
            self._items[key].set_state(state)

    def set_current(self, section: str) -> None:
        """Light the section that has the keyboard."""
        for key, item in self._items.items():
            item.set_lit(key == section)

    def note(self, section: str) -> str:
        """What a section says now."""
        return self._items[section].state.note

    def mark(self, section: str) -> str:
        """The mark a section has now."""
        return self._items[section].state.mark

    def _on_clicked(self) -> None:
        self.chosen.emit(self.sender().objectName())

    def _on_stepped(self, by: int) -> None:
        keys = list(self._items)
        place = keys.index(self.sender().objectName()) + by
        if 0 <= place < len(keys):
            self._items[keys[place]].setFocus(Qt.FocusReason.TabFocusReason)


class _Item(QAbstractButton):
    """One section: icon, title, a small line under it."""

    stepped = Signal(int)

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self.setObjectName(key)
        self.setText(title)
        self.state = SectionState()
        self._lit = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_state(self.state)

    def set_state(self, state: SectionState) -> None:
        """Show another state."""
        self.state = state
        spoken = ", ".join(t for t in (self.text(), state.note, _SPOKEN[state.mark]) if t)
        self.setAccessibleName(spoken)
        self.update()

    def set_lit(self, lit: bool) -> None:
        """Show whether the keyboard is in this section."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), theme.px(42))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif (by := steps.get(Qt.Key(event.key()))) is not None:
            self.stepped.emit(by)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        if self._lit or self.underMouse():
            painter.setBrush(theme.color("sel" if self._lit else "hover"))
            painter.drawRoundedRect(area, 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("blue"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)
        icon, tone = _MARKS[self.state.mark]
        side = theme.px(16)
        left = theme.px(10)
        icons.draw(painter, icon, QRectF(left, (self.height() - side) / 2, side, side), tone)
        left += side + theme.px(8)
        self._lines(painter, left, self.width() - left - theme.px(6))
        painter.end()

    def _lines(self, painter: QPainter, left: int, room: int) -> None:
        title, note = theme.font(bold=self._lit), theme.font("small")
        line, small = theme.px(18), theme.px(16)
        top = (self.height() - line - (small if self.state.note else 0)) / 2
        middle = Qt.AlignmentFlag.AlignVCenter
        cut = Qt.TextElideMode.ElideRight
        painter.setFont(title)
        painter.setPen(theme.color("text"))
        shown = QFontMetrics(title).elidedText(self.text(), cut, room)
        painter.drawText(QRectF(left, top, room + 2, line), middle, shown)
        if self.state.note:
            painter.setFont(note)
            painter.setPen(theme.color("red" if self.state.mark == "wrong" else "text2"))
            shown = QFontMetrics(note).elidedText(self.state.note, cut, room)
            painter.drawText(QRectF(left, top + line, room + 2, small), middle, shown)
