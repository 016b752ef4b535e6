"""A range copied from a spreadsheet: tab-separated text as rows under recognised headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posko_app.text import clean, fold

CELL = re.compile(
    r'(?:"(?![\t\n]|\Z)([^"]*+(?:""[^"]*+)*+)"|([^\t\n]*))(\t|\n|\Z)'
)  # quoted with its quotation marks doubled, or plain; and what ends it
DEEPEST_HEADING = 15  # lines; titles stand above the headings of most lists


@dataclass(frozen=True)
class PastedRow:
    """One line of the range, counted from 1; cells of the same heading are joined."""

    number: int
    cells: Mapping[str, str]  # by key of the heading
    alone: str = ""  # the only text of the line: a caption over the lines that follow


@dataclass(frozen=True)
class Pasted:
    """The lines under the headings; `columns` are the keys found, `unknown` headings as typed."""

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: tuple[PastedRow, ...]


def read_grid(text: str) -> list[list[str]]:
    """The cells of tab-separated text as spreadsheets copy it, line breaks inside cells kept.

    A quotation mark alone in its cell is a ditto mark, and one that no other closes is text: read
    as a quotation it would swallow the lines up to the next one.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    grid: list[list[str]] = [[]]
    for found in CELL.finditer(lines):
        quoted, plain, end = found.groups()
        grid[-1].append(clean(plain if quoted is None else quoted.replace('""', '"')))
        if not end:
            break
        if end == "\n":
            grid.append([])
    return grid


def read_pasted(
    text: str, headings: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> Pasted | None:
    """The rows of a pasted range; None when no line holds one of the `needed` headings.

    `headings` are the folded words of each key. The line with most known headings counts.
    """
    grid = read_grid(text)
    known = {word: key for key, words in headings.items() for word in words}
    best, most = -1, 0
    for place, row in enumerate(grid[:DEEPEST_HEADING]):
        here = {known.get(fold(cell), "") for cell in row} - {""}
        if here & set(needed) and len(here) > most:
            best, most = place, len(here)
    if best < 0:
        return None
    keys = _keys(grid[best], known)
    rows = [
        PastedRow(number, _cells(row, keys), _alone(row))
        for number, row in enumerate(grid[best + 1 :], best + 2)
        if any(row) and not _column_numbers(row)
    ]
    unknown = tuple(cell for cell, key in zip(grid[best], keys, strict=True) if cell and not key)
    return Pasted(tuple(dict.fromkeys(filter(None, keys))), unknown, tuple(rows))


def _keys(row: Sequence[str], known: Mapping[str, str]) -> list[str]:
    return [known.get(fold(cell), "") for cell in row]


def _cells(row: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, cell in zip(keys, row, strict=False):
        if key and cell:
            found[key] = f"{found[key]} {cell}" if key in found else cell
    return found


def _alone(row: Sequence[str]) -> str:
    filled = [cell for cell in row if cell]
    return filled[0] if len(filled) == 1 and not filled[0].isdecimal() else ""


def _column_numbers(row: Sequence[str]) -> bool:
    """Whether the line only numbers the columns, as official lists do under their headings."""
    filled = [cell.strip("().") for cell in row if cell]
    return len(filled) > 1 and filled == [str(n) for n in range(1, len(filled) + 1)]
