"""The field that filters a list: lens, key cap, cross, and the way down into the list."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from ui import icons, theme

from .buttons import IconButton
from .keys import cap_width, paint_cap


class SearchField(QLineEdit):
    """Type to filter; Enter or arrow down goes to the list, Esc empties the field, then leaves."""

    left = Signal()

    def __init__(self, placeholder: str, *, name: str, key: str = "/") -> None:
        super().__init__()
        self.setObjectName("search")
        self.setProperty("dense", True)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self._key = key
        self._cross = IconButton("close", "Kosongkan saringan", kind="flat", small=True)
        self._cross.setParent(self)
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cross.setCursor(Qt.CursorShape.ArrowCursor)
        self._cross.clicked.connect(self.clear)
        self._cross.hide()
        self.textChanged.connect(self._on_text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = theme.px(22)
        self._cross.setFixedSize(side, side)
        self._cross.move(self.width() - side - 4, (self.height() - side) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, middle = theme.px(14), self.height() / 2
        icons.draw(painter, "search", QRectF(9, middle - side / 2, side, side), "text2")
        if self._key and not self.text():
            paint_cap(painter, self._key, self.width() - cap_width(self._key) - 7, middle)
        painter.end()

    def _on_text(self, text: str) -> None:
        self._cross.setVisible(bool(text))
