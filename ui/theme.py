"""The look of the application, made from the token table: palette, one style sheet, fonts.

Painted widgets ask `color`, `px` and `font` while painting, so a change of theme reaches them
without being told. The style sheet is set once per change, never per widget.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from posko_app.paths import resource

from .tokens import SCALES, THEMES, TYPE

SANS = ("Segoe UI", "Noto Sans", "DejaVu Sans")
MONO = ("Consolas", "DejaVu Sans Mono")

_ROLES = QPalette.ColorRole
_PALETTE: tuple[tuple[QPalette.ColorRole, str], ...] = (
    (_ROLES.Window, "window"),
    (_ROLES.WindowText, "text"),
    (_ROLES.Base, "surface"),
    (_ROLES.AlternateBase, "alt"),
    (_ROLES.Text, "text"),
    (_ROLES.Button, "surface"),
    (_ROLES.ButtonText, "text"),
    (_ROLES.BrightText, "ink_t"),
    (_ROLES.Highlight, "sel"),
    (_ROLES.HighlightedText, "text"),
    (_ROLES.PlaceholderText, "text3"),
    (_ROLES.Link, "blue"),
    (_ROLES.LinkVisited, "blue"),
    (_ROLES.ToolTipBase, "ink"),
    (_ROLES.ToolTipText, "ink_t"),
    (_ROLES.Light, "surface"),
    (_ROLES.Midlight, "hover"),
    (_ROLES.Mid, "line"),
    (_ROLES.Dark, "line2"),
    (_ROLES.Shadow, "line2"),
)


@dataclass
class _Look:
    """What is in force now; Qt's style, palette and font are one per process as well."""

    name: str = "light"
    scale: int = 100
    fonts_loaded: bool = False
    sheet: str = ""
    colors: dict[str, QColor] = field(default_factory=dict)
    fonts: dict[tuple[int, bool, bool], QFont] = field(default_factory=dict)


_look = _Look()


def apply(app: QApplication, name: str = "light", scale: int = 100) -> None:
    """Give the whole application the theme `name` ("light", "dark") at `scale` per cent."""
    if scale not in SCALES:
        raise ValueError(f"text scale {scale} is not one of {SCALES}")
    _load_fonts()
    _look.name, _look.scale = name, scale
    _look.colors = {token: QColor(code) for token, code in THEMES[name].items()}
    _look.fonts.clear()
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(palette())
    sheet = style_sheet()
    if sheet != _look.sheet or app.styleSheet() != sheet:
        _look.sheet = sheet
        app.setStyleSheet(sheet)


def name() -> str:
    """The theme in force: "light" or "dark"."""
    return _look.name


def scale() -> int:
    """The text scale in force, in per cent."""
    return _look.scale


def color(token: str) -> QColor:
    """The colour of a token in the theme in force; shared, never change it."""
    if not _look.colors:
        _look.colors = {key: QColor(code) for key, code in THEMES[_look.name].items()}
    return _look.colors[token]


def html(token: str) -> str:
    """The colour of a token as written in rich text."""
    return color(token).name()


def px(size: float) -> int:
    """Pixels of a measure given at 100 % text."""
    return round(size * _look.scale / 100)


def font(role: str | int = "body", *, bold: bool = False, mono: bool = False) -> QFont:
    """The font of a type role (or of a pixel size at 100 %); shared, copy before changing."""
    size = role if isinstance(role, int) else TYPE[role][0]
    key = (size, bold, mono)
    found = _look.fonts.get(key)
    if found is None:
        found = QFont()
        found.setFamilies(list(MONO if mono else SANS))
        found.setPixelSize(px(size))
        found.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        _look.fonts[key] = found
    return found


def palette() -> QPalette:
    """The palette of the theme in force."""
    made = QPalette()
    for role, token in _PALETTE:
        made.setColor(role, color(token))
    for role in (_ROLES.WindowText, _ROLES.Text, _ROLES.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, color("text3"))
    return made


def style_sheet() -> str:
    """The style sheet of the theme in force: `@token` is a colour, `~13` are scaled pixels."""
    from .sheet import SHEET

    marks = resource("icons").as_posix()
    text = SHEET.replace("@marks", marks).replace("@theme", _look.name)
    text = re.sub(r"~(\d+)", lambda m: f"{px(int(m[1]))}px", text)
    return re.sub(r"@(\w+)", lambda m: color(m[1]).name(QColor.NameFormat.HexArgb), text)


def _load_fonts() -> None:
    """Register the bundled fonts once; a missing file leaves the next family of the list."""
    if _look.fonts_loaded:
        return
    _look.fonts_loaded = True
    for file in ("NotoSans-Regular.ttf", "NotoSans-SemiBold.ttf", "DejaVuSansMono.ttf"):
        path = resource("fonts", file)
        if path.exists():
            QFontDatabase.addApplicationFont(str(path))
