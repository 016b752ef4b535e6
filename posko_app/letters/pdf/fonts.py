"""The bundled fonts, read and measured once per run of the program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from posko_app.paths import resource

rl_config.useA85 = 0  # text encoding of streams costs a quarter of the size and helps nobody


@dataclass(frozen=True)
class Family:
    """The four faces of a font; every one is embedded as a subset."""

    regular: str
    bold: str
    italic: str
    bold_italic: str

    def face(self, bold: bool, italic: bool) -> str:
        """The name of the face for these two wishes."""
        if bold:
            return self.bold_italic if italic else self.bold
        return self.italic if italic else self.regular


FAMILIES = {
    "LiberationSans": Family(
        "LiberationSans-Regular",
        "LiberationSans-Bold",
        "LiberationSans-Italic",
        "LiberationSans-BoldItalic",
    ),
}


@cache
def family(name: str) -> Family:
    """The registered family `name`; the first call reads its files."""
    faces = FAMILIES[name]
    for face in (faces.regular, faces.bold, faces.italic, faces.bold_italic):
        pdfmetrics.registerFont(TTFont(face, str(resource("fonts", f"{face}.ttf"))))
    return faces


@lru_cache(maxsize=32768)
def unit_width(face: str, text: str) -> float:
    """The width of a text at font size 1; words recur, so most calls are one look-up."""
    width: float = pdfmetrics.stringWidth(text, face, 1000) / 1000
    return width
