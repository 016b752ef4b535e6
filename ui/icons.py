"""The one loader of icons: the Phosphor font that QtAwesome carries, and nothing else of it.

QtAwesome's own loader would import all of qtpy (half the start-up of an empty window) and load
ten fonts; the glyphs are drawn here from its font file and its table of names.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPixmap,
    QPixmapCache,
)

from . import theme

# Fixed meanings; a page asks for the meaning, or for a Phosphor name.
NAMES: dict[str, str] = {
    "overdue": "warning-circle",
    "error": "warning-circle",
    "due": "clock",
    "attention": "warning",
    "done": "check-circle",
    "todo": "circle",
    "missing": "circle-dashed",
    "now": "record",
    "confidential": "lock-simple",
    "lock": "lock-simple",
    "unread": "tray",
    "acknowledged": "package",
    "evidence": "paperclip",
    "registered": "circle-wavy-check",
    "history": "clock-counter-clockwise",
    "backup": "hard-drive",
    "undo": "arrow-u-up-left",
    "home": "house",
    "report": "clipboard-text",
    "letter": "file-text",
    "prevention": "megaphone-simple",
    "exchange": "arrows-left-right",
    "recap": "chart-bar",
    "settings": "gear-six",
    "search": "magnifying-glass",
    "person": "user",
    "people": "users",
    "add": "plus",
    "close": "x",
    "more": "dots-three-vertical",
    "delete": "trash-simple",
    "print": "printer",
    "receive": "download-simple",
    "send": "paper-plane-tilt",
    "sheet": "file-text",
    "draft": "file-plus",
    "message": "chat-circle",
    "filter": "funnel-simple",
    "folder": "folder-simple",
    "calendar": "calendar-blank",
    "edit": "pencil-simple",
    "show": "eye",
    "hide": "eye-slash",
    "down": "caret-down",
    "up": "caret-up",
    "right": "caret-right",
    "left": "caret-left",
    "back": "arrow-left",
    "columns": "columns",
    "preview": "square-half",
    "office": "buildings",
    "duplicate": "copy",
    "offline": "wifi-slash",
    "save": "floppy-disk",
    "refresh": "arrows-clockwise",
    "upload": "upload-simple",
    "bookmark": "bookmark-simple",
    "picture": "image",
    "key": "key",
    "shield": "shield",
    "shield-check": "shield-check",
}

_FONT = "phosphor-1.3.0"


def exists(name: str) -> bool:
    """Whether `name` is a known meaning or glyph."""
    return NAMES.get(name, name) in _glyphs()


def draw(painter: QPainter, name: str, rect: QRectF, color: QColor | str) -> None:
    """Draw an icon into `rect` (logical pixels); `color` is a token or a colour."""
    font = QFont(_family())
    font.setPixelSize(max(1, round(min(rect.width(), rect.height()))))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    painter.setFont(font)
    painter.setPen(theme.color(color) if isinstance(color, str) else color)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _glyphs()[NAMES.get(name, name)])


def pixmap(name: str, color: str = "text", size: int = 16, dpr: float = 1.0) -> QPixmap:
    """An icon as a picture of `size` logical pixels; kept in Qt's own cache of pictures."""
    ink = theme.color(color)
    key = f"posko/{name}/{ink.rgba():x}/{size}/{dpr}"
    made = QPixmap()
    if QPixmapCache.find(key, made):
        return made
    made = QPixmap(round(size * dpr), round(size * dpr))
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter, name, QRectF(0, 0, size, size), ink)
    painter.end()
    QPixmapCache.insert(key, made)
    return made


def icon(name: str, color: str = "text", size: int = 16) -> QIcon:
    """An icon for menus and actions, sharp on the screen in use."""
    screen = QGuiApplication.primaryScreen()
    dpr = screen.devicePixelRatio() if screen else 1.0
    made = QIcon(pixmap(name, color, size, dpr))
    made.addPixmap(pixmap(name, "text3", size, dpr), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=1)
def _folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package qtawesome is missing: reinstall the requirements")
    return Path(spec.origin).parent / "fonts"


@lru_cache(maxsize=1)
def _glyphs() -> dict[str, str]:
    charmap = _folder() / f"{_FONT.replace('-', '-charmap-')}.json"
    names: dict[str, str] = json.loads(charmap.read_text(encoding="utf-8"))
    return {name: chr(int(code, 16)) for name, code in names.items()}


@lru_cache(maxsize=1)
def _family() -> str:
    """Load the font into this application; once, and only this one."""
    number = QFontDatabase.addApplicationFont(str(_folder() / f"{_FONT}.ttf"))
    families = QFontDatabase.applicationFontFamilies(number)
    return families[0] if families else "phosphor"
