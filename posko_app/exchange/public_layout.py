"""The sheets of the workbook for the public, as data in resources/exchange/public.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from posko_app.exchange.xlsx.sheet import Column, Style
from posko_app.paths import resource

FIELDS = {
    "cases": (
        *("number", "kind", "filed_on", "election", "regency", "subdistrict", "theme", "stage"),
        *("registration", "register_number", "registered_on", "result", "violations", "follow_up"),
        *("addressees", "notified_on"),
    ),
    "prevention": (
        *("on", "kind", "item", "title", "office", "regency", "subdistrict", "participants"),
        *("quantity", "done"),
    ),
}
"""All that the public may be told of a case and of an activity; a layout can only show less."""


@dataclass(frozen=True, kw_only=True)
class PublicColumn:
    """One column; `free` ones are written by hand and searched for names."""

    field: str
    heading: str
    width: float
    style: Style = "text"
    free: bool = False


@dataclass(frozen=True, kw_only=True)
class PublicSheet:
    """One sheet, a row per case or activity; `kinds` of intake that it shows, all when empty."""

    of: str
    name: str
    empty: str
    kinds: tuple[str, ...]
    columns: tuple[PublicColumn, ...]

    def book_columns(self) -> list[Column]:
        """The columns for the writer."""
        return [Column(heading=c.heading, width=c.width, style=c.style) for c in self.columns]


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """Something of a case that the public is not told, and why."""

    label: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReadingLine:
    """One thing to know when reading the sheets."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PublicLayout:
    """The whole workbook: what the guide says, what is hidden, and the sheets."""

    file: str
    guide_sheet: str
    title: str
    subtitle: str
    left_out: str
    reading: str
    lines: tuple[ReadingLine, ...]
    hidden: tuple[Hidden, ...]
    sheets: tuple[PublicSheet, ...]

    def sheet(self, of: str) -> PublicSheet:
        """The sheet of cases or of activities."""
        return next(sheet for sheet in self.sheets if sheet.of == of)


def load_public_layout(path: Path) -> PublicLayout:
    """Read a layout file. Raises ValueError naming the mistake, or KeyError, TypeError."""
    data = tomllib.loads(path.read_text("utf-8"))
    guide = data["guide"]
    made = PublicLayout(
        file=data["file"],
        guide_sheet=guide["sheet"],
        title=guide["title"],
        subtitle=guide["subtitle"],
        left_out=guide["left_out"],
        reading=guide["reading"],
        lines=tuple(ReadingLine(**given) for given in guide["reading_line"]),
        hidden=tuple(Hidden(**given) for given in data["hidden"]),
        sheets=tuple(_sheet(given) for given in data["sheet"]),
    )
    if {sheet.of for sheet in made.sheets} != set(FIELDS):
        raise ValueError("one sheet for cases and one for prevention")
    for sheet in made.sheets:
        shown = [column.field for column in sheet.columns]
        if len(set(shown)) != len(shown) or not set(shown) <= set(FIELDS[sheet.of]):
            raise ValueError(f"{sheet.name}: a field stands twice or is not for the public")
    return made


@cache
def public_layout() -> PublicLayout:
    """The shipped layout."""
    return load_public_layout(resource("exchange", "public.toml"))


def _sheet(data: dict[str, Any]) -> PublicSheet:
    columns = tuple(PublicColumn(**column) for column in data["column"])
    return PublicSheet(
        of=data["of"],
        name=data["name"],
        empty=data["empty"],
        kinds=tuple(data["kinds"]),
        columns=columns,
    )
