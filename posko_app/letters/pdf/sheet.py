"""The page and its measures: paper, margins, font, and where a block may draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posko_app.errors import InvalidInput, Problem

from .fonts import FAMILIES, Family, family
from .lines import Line, break_lines
from .strips import Strip

MM = 72 / 25.4
PAPERS = {"F4": (215.0, 330.0), "A4": (210.0, 297.0)}  # millimetres


@dataclass(frozen=True, kw_only=True)
class PageSetup:
    """Paper, margins in millimetres, and font of an office's letters."""

    paper: str = "F4"
    top: float = 20.0
    right: float = 20.0
    bottom: float = 20.0
    left: float = 30.0
    font: str = "LiberationSans"
    font_size: float = 11.0
    line_spacing: float = 1.15
    landscape: bool = False

    def __post_init__(self) -> None:
        problems = []
        if self.paper not in PAPERS:
            problems.append(Problem("paper", "Pilih kertas F4 atau A4."))
        if self.font not in FAMILIES:
            problems.append(Problem("font", f"Huruf {self.font} tidak tersedia."))
        if not 8 <= self.font_size <= 14:
            problems.append(Problem("font_size", "Ukuran huruf harus 8 sampai 14."))
        if not all(5 <= m <= 60 for m in (self.top, self.right, self.bottom, self.left)):
            problems.append(Problem("margins", "Tepi kertas harus 5 sampai 60 mm."))
        if not 1 <= self.line_spacing <= 2:
            problems.append(Problem("line_spacing", "Jarak baris harus 1 sampai 2."))
        if problems:
            raise InvalidInput(problems)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page set-up in points, with the pictures that its letterhead may need."""

    setup: PageSetup
    images: Mapping[str, bytes] = field(default_factory=dict)
    colons: float = 0.0  # how far from the left the colons of all form rows stand

    @property
    def page(self) -> tuple[float, float]:
        wide, high = PAPERS[self.setup.paper]
        if self.setup.landscape:
            wide, high = high, wide
        return wide * MM, high * MM

    @property
    def left(self) -> float:
        return self.setup.left * MM

    @property
    def width(self) -> float:
        return self.page[0] - (self.setup.left + self.setup.right) * MM

    @property
    def height(self) -> float:
        return self.page[1] - (self.setup.top + self.setup.bottom) * MM

    @property
    def size(self) -> float:
        return self.setup.font_size

    @property
    def family(self) -> Family:
        return family(self.setup.font)

    def leading(self, size: float) -> float:
        """From one base line to the next."""
        return size * self.setup.line_spacing

    def lines(
        self, text: str, width: float, size: float = 0, indent: float = 0
    ) -> tuple[Line, ...]:
        """The text broken to a width."""
        return break_lines(text, self.family, size or self.size, width, indent)

    def space(self, lines: float = 0.5) -> Strip:
        """White space of so many lines."""
        return Strip(self.leading(self.size) * lines)
