"""A short message at the bottom left of the page, with Urungkan; one at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
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
        self._redo: Callable[[], object] | None = None
        self._text = Elided("", tone="toast_t")
        self._button = Button("Urungkan", hint="Ctrl+Z", kind="toast", small=True)
        self._again = Button("Ulangi", hint="Ctrl+Y", kind="toast", small=True)
        close = IconButton("close", "Tutup pesan", kind="toast_flat", small=True)
        self.setLayout(hbox(Icon("check", "toast_t"), self._text, self._button, self._again,
                            close, gap=12, margins=(12, 5, 8, 5)))  # fmt: skip
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._button.clicked.connect(self.undo)
        self._again.clicked.connect(self.redo)
        close.clicked.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(
        self,
        text: str,
        undo: Callable[[], object] | None = None,
        redo: Callable[[], object] | None = None,
    ) -> None:
        """Show a message; it offers to take the act back, or to do it again."""
        self._text.setText(text)
        self._undo, self._redo = undo, redo
        self._button.setVisible(undo is not None)
        self._again.setVisible(redo is not None)
        self.setAccessibleName(text)
        self.adjustSize()
        self._settle()
        self.show()
        self.raise_()
        app = QApplication.instance()
        if (undo or redo) and app is not None:
            app.installEventFilter(self)  # only while it offers something
        announce(self)
        self._timer.start(SECONDS * 1000)

    def undo(self) -> bool:
        """Take the last act back; False when there is nothing to take back."""
        done = self._run(self._undo)
        if done:
            self.undone.emit()
        return done

    def redo(self) -> bool:
        """Do again what was taken back; False when there is nothing to do again."""
        return self._run(self._redo)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if (app := QApplication.instance()) is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parent() and not self.isHidden():
            self._settle()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            # Fields keep Ctrl+Z for themselves, even with nothing of their own to take back.
            if event.matches(QKeySequence.StandardKey.Undo):
                return not _can(watched, "isUndoAvailable")
            again = event.matches(QKeySequence.StandardKey.Redo) or event.key() == Qt.Key.Key_Y
            return again and _ctrl(event) and not _can(watched, "isRedoAvailable")
        return False

    def _run(self, act: Callable[[], object] | None) -> bool:
        if act is None or self.isHidden():
            return False
        self._undo = self._redo = None
        self.hide()
        act()
        return True

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


def _ctrl(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def _can(widget: QObject, ask: str) -> bool:
    """Whether a field has typing of its own to take back or to do again."""
    if isinstance(widget, QComboBox):
        widget = widget.lineEdit() or widget
    if isinstance(widget, QPlainTextEdit):
        return bool(getattr(widget.document(), ask)())
    return isinstance(widget, QLineEdit) and bool(getattr(widget, ask)())
