"""A short message at the bottom left of the page, with Urungkan; one at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QLineEdit, QPlainTextEdit, QWidget

from .banner import announce
from .buttons import Button, IconButton
from .icon import Icon
from .text import Elided, hbox

SECONDS = 8
_MARGIN = 16


class Toast(QFrame):
    """Stays 8 seconds, longer while the pointer or the focus is on it."""

    undone = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._undo: Callable[[], object] | None = None
        self._text = Elided("", tone="toast_t")
        self._button = Button("Urungkan", hint="Ctrl+Z", kind="toast", small=True)
        close = IconButton("close", "Tutup pesan", kind="toast_flat", small=True)
        self.setLayout(hbox(Icon("check", "toast_t"), self._text, self._button, close, gap=12,
                            margins=(12, 5, 8, 5)))  # fmt: skip
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._button.clicked.connect(self.undo)
        close.clicked.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Show a message; with `undo` it offers to take the act back."""
        self._text.setText(text)
        self._undo = undo
        self._button.setVisible(undo is not None)
        self.setAccessibleName(text)
        self.adjustSize()
        self._settle()
        self.show()
        self.raise_()
        app = QApplication.instance()
        if undo is not None and app is not None:
            app.installEventFilter(self)  # only while it offers something
        announce(self)
        self._timer.start(SECONDS * 1000)

    def undo(self) -> bool:
        """Take the last act back; False when there is nothing to take back."""
        if self._undo is None or self.isHidden():
            return False
        act, self._undo = self._undo, None
        self.hide()
        act()
        self.undone.emit()
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if (app := QApplication.instance()) is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parent() and not self.isHidden():
            self._settle()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            # Fields keep Ctrl+Z for themselves, even with nothing of their own to take back.
            return event.matches(QKeySequence.StandardKey.Undo) and not _can_undo(watched)
        return False

    def _settle(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.resize(min(self.sizeHint().width(), parent.width() - 2 * _MARGIN), self.height())
        self.move(_MARGIN, max(0, parent.height() - self.height() - 14))

    def _on_timeout(self) -> None:
        held = self.underMouse() or any(child.hasFocus() for child in self.findChildren(QWidget))
        if held:
            self._timer.start(1000)
        else:
            self.hide()


def _can_undo(widget: QObject) -> bool:
    """Whether a field has typing of its own to take back."""
    if isinstance(widget, QComboBox):
        widget = widget.lineEdit() or widget
    if isinstance(widget, QLineEdit):
        return widget.isUndoAvailable()
    return isinstance(widget, QPlainTextEdit) and widget.document().isUndoAvailable()
