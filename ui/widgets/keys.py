"""Key caps and the line of keys under a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.actions import local_key


def cap_width(key: str) -> int:
    """Pixels that a key cap needs."""
    return QFontMetrics(theme.font("tiny")).horizontalAdvance(key) + theme.px(8) + 2


def paint_cap(painter: QPainter, key: str, left: float, middle: float) -> None:
    """Draw one key cap."""
    height = theme.px(17)
    area = QRectF(left + 0.5, round(middle - height / 2) + 0.5, cap_width(key) - 1, height - 1)
    painter.setPen(QPen(theme.color("line"), 1))
    painter.setBrush(theme.color("alt"))
    painter.drawRoundedRect(area, 3, 3)
    painter.setFont(theme.font("tiny"))
    painter.setPen(theme.color("text2"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, key)


def bind(widget: QWidget, key: str, act: Callable[[], object]) -> None:
    """Let a key of the table of local keys run `act` while the keyboard is inside `widget`."""
    shortcut = QShortcut(QKeySequence(local_key(key).shortcut), widget)
    shortcut.setObjectName(key)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(act)


class KeyHints(QWidget):
    """Pairs such as ("Enter", "buka") in small print; gives way when there is no room."""

    def __init__(self, hints: Sequence[tuple[str, str]], *, vertical: bool = False) -> None:
        super().__init__()
        self._hints, self._vertical = tuple(hints), vertical
        self.setAccessibleName(", ".join(f"{key}: {what}" for key, what in hints))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show other keys."""
        self._hints = tuple(hints)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        widths = [self._width(key, what) for key, what in self._hints]
        if self._vertical:
            return QSize(max(widths, default=0), theme.px(16) * len(widths) + 4)
        return QSize(sum(widths) + theme.px(8) * max(0, len(widths) - 1), theme.px(18))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._vertical:
            for place, (key, what) in enumerate(self._hints):
                self._paint(painter, key, what, 1, theme.px(16) * place + theme.px(9) + 1)
            painter.end()
            return
        room = self.width()
        shown: list[tuple[str, str]] = []
        for hint in reversed(self._hints):
            room -= self._width(*hint) + (theme.px(8) if shown else 0)
            if room < 0:
                break
            shown.insert(0, hint)
        x = (
            self.width()
            - sum(self._width(*h) for h in shown)
            - theme.px(8) * max(0, len(shown) - 1)
        )
        for key, what in shown:
            self._paint(painter, key, what, x, self.height() / 2)
            x += self._width(key, what) + theme.px(8)
        painter.end()

    def _paint(self, painter: QPainter, key: str, what: str, x: float, middle: float) -> None:
        paint_cap(painter, key, x, middle)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        area = QRectF(x + cap_width(key) + theme.px(4), middle - theme.px(9), 1000, theme.px(18))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, what)

    def _width(self, key: str, what: str) -> int:
        text = QFontMetrics(theme.font("small")).horizontalAdvance(what)
        return cap_width(key) + theme.px(4) + text
