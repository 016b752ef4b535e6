"""Page breaking: a letter is a column of strips, each drawn whole on one page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .pen import Pen

Draw = Callable[[Pen, float], None]


@dataclass(slots=True, eq=False)
class Strip:
    """A slice of the page, from one line of text to a whole signature block.

    `keep` holds it on the same page as the next one. Without `draw` it is white space, which is
    dropped at the top of a page. `header` is repeated when a page begins with this strip, `close`
    drawn under it when a page ends with it in the middle of a table.
    """

    height: float
    draw: Draw | None = None
    keep: bool = False
    header: tuple[Strip, ...] = ()
    close: Draw | None = None
    bookmark: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A strip and how far its top lies below the top of the text area."""

    strip: Strip
    top: float


Page = list[Placed]


def paginate(strips: Sequence[Strip], height: float) -> list[Page]:
    """Fill pages of `height` points from the top; kept strips move together.

    A chain of kept strips higher than a page is broken where the page ends.
    """
    pages: list[Page] = [[]]
    used = 0.0
    at = 0
    while at < len(strips):
        end = at
        while strips[end].keep and end + 1 < len(strips):
            end += 1
        chain = strips[at : end + 1]
        needed = sum(s.height for s in chain)
        if used + needed > height and pages[-1] and _starts(chain) + needed <= height:
            used = _turn(pages, chain[0])
        for strip in chain:
            if used + strip.height > height and pages[-1]:
                used = _turn(pages, strip)
            if strip.draw is None and not pages[-1]:
                continue
            pages[-1].append(Placed(strip, used))
            used += strip.height
        at = end + 1
    return [page for page in pages if page] or [[]]


def _starts(chain: Sequence[Strip]) -> float:
    """The height of the header that a page beginning with this chain repeats."""
    return sum(s.height for s in chain[0].header)


def _turn(pages: list[Page], strip: Strip) -> float:
    """Begin a page with the header that `strip` wants; returns the height used so far."""
    pages.append([])
    used = 0.0
    for part in strip.header:
        pages[-1].append(Placed(part, used))
        used += part.height
    return used


def keep_tail(strips: list[Strip], lines: int) -> None:
    """Hold the last `lines` drawn strips, and the space after them, to whatever comes next."""
    for strip in reversed(strips):
        strip.keep = True
        if strip.draw is not None:
            lines -= 1
            if lines <= 0:
                return
