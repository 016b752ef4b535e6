"""The look: contrast, one place for colours, known icons, and marks that match the tokens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel

from ui import icons, theme, tokens

ROOT = Path(__file__).parents[1]
COLOUR = re.compile(
    r"""#[0-9A-Fa-f]{6,8}\b|#[0-9A-Fa-f]{3}["';\s]|\brgba?\(\d|QColor\(\s*\d|\bhsl"""
)


def luminance(code: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", tokens.THEMES)
@pytest.mark.parametrize(("text", "ground", "least"), tokens.PAIRS)
def test_every_pair_can_be_read(name: str, text: str, ground: str, least: float) -> None:
    colours = tokens.THEMES[name]
    assert contrast(colours[text], colours[ground]) >= least


def test_both_themes_name_the_same_tokens() -> None:
    assert set(tokens.LIGHT) == set(tokens.DARK)


@pytest.mark.parametrize("path", sorted(ROOT.glob("ui/**/*.py")), ids=lambda p: p.stem)
def test_no_colour_stands_outside_the_tokens(path: Path) -> None:
    if path.name == "tokens.py":
        return
    found = [line for line in path.read_text("utf-8").splitlines() if COLOUR.search(line)]
    assert found == []


def test_the_search_for_colours_finds_some() -> None:
    assert COLOUR.search((ROOT / "ui/tokens.py").read_text("utf-8"))
    assert COLOUR.search("color: #fff;")


@pytest.mark.parametrize(
    ("mark", "token"), [("check", "ink_t"), ("dot", "ink"), ("caret", "text2")]
)
@pytest.mark.parametrize("name", tokens.THEMES)
def test_marks_have_the_colour_of_their_token(mark: str, token: str, name: str) -> None:
    drawn = (ROOT / f"resources/icons/{mark}-{name}.svg").read_text("utf-8")
    assert re.findall(r"#[0-9A-F]{6}", drawn) == [tokens.THEMES[name][token]]


@pytest.mark.parametrize("name", tokens.THEMES)
@pytest.mark.parametrize("scale", tokens.SCALES)
def test_the_style_sheet_is_complete(qapp: QApplication, name: str, scale: int) -> None:
    theme.apply(qapp, name, scale)
    sheet = theme.style_sheet()
    assert "@" not in sheet
    assert "~" not in sheet
    files = re.findall(r"url\((.*?)\)", sheet)
    assert files
    assert all(Path(file).exists() for file in files)


def test_text_grows_with_the_scale(qapp: QApplication) -> None:
    sizes = []
    for scale in tokens.SCALES:
        theme.apply(qapp, "light", scale)
        label = QLabel("Abc")
        sizes.append(label.font().pixelSize())
        assert theme.font("title").pixelSize() == theme.px(18)
    theme.apply(qapp)
    assert sizes == [13, 14, 16]


def test_an_unknown_scale_is_refused(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="90"):
        theme.apply(qapp, "light", 90)


def test_the_bundled_font_has_both_weights(qapp: QApplication) -> None:
    theme.apply(qapp)
    widths = {bold: _ink(bold=bold) for bold in (False, True)}
    assert widths[True] > widths[False] * 1.1


def _ink(*, bold: bool) -> int:
    image = QImage(300, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(theme.font("body", bold=bold))
    painter.drawText(QRectF(0, 0, 300, 30), 0, "Laporan dugaan pelanggaran")
    painter.end()
    return sum(255 - image.pixelColor(x, y).lightness() for x in range(300) for y in range(30))


@pytest.mark.parametrize("name", [*icons.NAMES, *icons.NAMES.values()])
def test_every_named_icon_is_in_the_font(qapp: QApplication, name: str) -> None:
    assert icons.exists(name)


def test_icons_are_drawn_in_their_colour_and_cached(qapp: QApplication) -> None:
    theme.apply(qapp)
    picture = icons.pixmap("done", "green", 32)
    image = picture.toImage()
    inked = [
        image.pixelColor(x, y)
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() == 255
    ]
    assert inked
    assert {colour.name() for colour in inked} == {theme.color("green").name()}
    assert icons.pixmap("done", "green", 32).cacheKey() == picture.cacheKey()
    assert icons.icon("done").pixmap(16).width() == 16
