"""What stands above a list: the search field and filters that open a menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QMenu

from ui import icons, theme

from .chips import FilterChip
from .keys import cap_width, paint_cap

PAUSE = 60  # milliseconds of rest before a list is filtered


class SearchField(QLineEdit):
    """Filters a list while typing; Esc or the cross empties it, Down goes to the list."""

    wanted = Signal(str)
    list_wanted = Signal()

    def __init__(self, placeholder: str, *, hint: str = "/", width: int = 268) -> None:
        super().__init__()
        self.setObjectName("search")
        self.setProperty("dense", True)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setFixedWidth(theme.px(width))
        self._hint = hint
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._on_rest)
        self.textChanged.connect(self._on_text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.list_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.text() and event.position().x() > self.width() - theme.px(26):
            self.clear()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, middle = theme.px(14), self.height() / 2
        icons.draw(painter, "search", QRectF(9, middle - side / 2, side, side), "text2")
        if self.text():
            left = self.width() - 9 - side
            icons.draw(painter, "close", QRectF(left, middle - side / 2, side, side), "text2")
        elif self._hint and not self.hasFocus():
            paint_cap(painter, self._hint, self.width() - 9 - cap_width(self._hint), middle)
        painter.end()

    def _on_text(self, _text: str) -> None:
        self._timer.start()

    def _on_rest(self) -> None:
        self.wanted.emit(self.text().strip())


class MenuFilter(FilterChip):
    """ "Jenis: semua" opens a menu; once chosen it is blue and its cross lets go again."""

    chosen = Signal(str)  # code, "" for all

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], *, all_text: str = "semua"):
        super().__init__("", arrow=True, closable=True)
        self._label, self._all, self.code = label, all_text, ""
        self._choices: dict[str, str] = {}
        self.setCheckable(True)
        self.set_choices(choices)
        self.clicked.connect(self._on_clicked)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these (code, label) pairs; a code that is gone is let go silently."""
        self._choices = dict(choices)
        if self.code not in self._choices:
            self.code = ""
        self._show()

    def set_code(self, code: str) -> None:
        """Filter by a code, "" by none; tells nobody."""
        self.code = code if code in self._choices else ""
        self._show()

    def open_menu(self) -> None:
        """Show the choices."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for code, label in (("", f"{self._label}: {self._all}"), *self._choices.items()):
            action = QAction(label, menu)
            action.setData(code)
            action.setCheckable(True)
            action.setChecked(code == self.code)
            action.triggered.connect(self._on_action)
            menu.addAction(action)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or (
            alt and event.key() == Qt.Key.Key_Down
        ):
            self.open_menu()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.code:
            self._take("")
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.code and event.position().x() > self.width() - theme.px(26):
            self._take("")
        else:
            super().mousePressEvent(event)

    def _take(self, code: str) -> None:
        self.code = code
        self._show()
        self.chosen.emit(code)

    def _show(self) -> None:
        self.setText(f"{self._label}: {self._choices.get(self.code, self._all)}")
        self.setChecked(bool(self.code))

    def _on_clicked(self) -> None:
        self.setChecked(bool(self.code))
        self.open_menu()

    def _on_action(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._take(str(action.data()))
