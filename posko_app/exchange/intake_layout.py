"""The layout of the blank workbook, read from resources/exchange/intake.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from posko_app.paths import resource
from posko_app.rules.vocabulary import Vocabulary

TYPES = frozenset(
    {
        *("text", "long", "date", "time", "choice", "yes", "nik", "nip", "phone", "count"),
        *("region", "subdistrict", "village", "case", "link", "file"),
    }
)
MAIN = ("report", "finding", "tip")
"""Parts whose rows become cases."""
DETAILS = ("reporter", "reported", "witness", "evidence")
"""Parts whose rows belong to a row of one of those, by the running number."""
ALONE = ("progress", "prevention", "coverage", "pledge", "nil")
"""Parts whose rows stand for themselves."""
PARTS = (*MAIN, "reporter", "reported", "witness", "evidence", *ALONE)
YES_NO = ("Ya", "Tidak")
KEY = "_baris"
"""Heading of the hidden column with the row's own name."""
SHEET = "_isian"
"""The hidden sheet that says which workbook this is and for whom it was made."""
RECEIVER = "posko_receiver"
"""Name of the property with the code of the office that takes it in."""


@dataclass(frozen=True, kw_only=True)
class IntakeColumn:
    """One column: the field it fills, its heading and older headings, and what may stand in it."""

    field: str
    heading: str
    type: str
    list: str = ""
    codes: tuple[str, ...] = ()  # only these of the list
    offers: tuple[str, ...] = ()  # words that are kept as they are
    under: str = ""  # field whose word narrows the list
    required: bool = False
    given: bool = False  # written by Posko: such cells alone do not make a row
    informs: bool = False  # never read
    width: float = 18
    note: str = ""
    free: bool = False  # a choice that also takes other words
    was: tuple[str, ...] = ()

    def items(self, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
        """The codes it takes with their words."""
        if self.offers:
            return tuple((word, word) for word in self.offers)
        found = vocabulary.items(self.list) if self.list else ()
        return tuple(item for item in found if not self.codes or item[0] in self.codes)

    def choices(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The words its drop-down offers."""
        if self.type == "yes":
            return YES_NO
        return tuple(label for _, label in self.items(vocabulary))


@dataclass(frozen=True, kw_only=True)
class IntakeSheet:
    """One sheet; `part` says what its rows are, `rows` how many are prepared."""

    name: str
    part: str
    columns: tuple[IntakeColumn, ...]
    rows: int
    about: str = ""
    prefix: str = ""
    identity: bool = False
    tab: str = ""

    def column(self, field: str) -> IntakeColumn | None:
        """The column of a field."""
        return next((c for c in self.columns if c.field == field), None)


@dataclass(frozen=True, kw_only=True)
class IntakeLayout:
    """The whole blank workbook."""

    version: int
    template: str
    guide: tuple[str, ...]
    privacy: str
    folders: tuple[str, ...]
    senders: Mapping[str, str]  # level of a region -> what its office is called
    mending: str  # heading of the column that says what is wrong with a row
    another: str
    sheets: tuple[IntakeSheet, ...]

    def sheet(self, part: str) -> IntakeSheet:
        """The sheet whose rows are of this part."""
        return next(s for s in self.sheets if s.part == part)

    def named(self, name: str) -> IntakeSheet | None:
        """The sheet of a name."""
        return next((s for s in self.sheets if s.name == name), None)


def load_intake_layout(path: Path) -> IntakeLayout:
    """Read a layout file. Raises ValueError naming the mistake, or TypeError, KeyError."""
    data = tomllib.loads(path.read_text("utf-8"))
    sheets = []
    for raw in data.pop("sheet"):
        columns = tuple(_column(column) for column in raw.pop("column"))
        sheet = IntakeSheet(**raw, columns=columns)
        for mistake in _mistakes(sheet, data["mending"]):
            raise ValueError(f"sheet {sheet.name}: {mistake}")
        sheets.append(sheet)
    if [s.part for s in sheets] != list(PARTS):
        raise ValueError(f"the sheets must be {PARTS}")
    for name in ("guide", "folders"):
        data[name] = tuple(data[name])
    return IntakeLayout(**data, sheets=tuple(sheets))


def _column(raw: dict[str, Any]) -> IntakeColumn:
    for name in ("codes", "offers", "was"):
        raw[name] = tuple(raw.get(name, ()))
    return IntakeColumn(**raw)


def _mistakes(sheet: IntakeSheet, mending: str) -> Iterator[str]:
    if wrong := {c.type for c in sheet.columns} - TYPES:
        yield f"no such column types {sorted(wrong)}"
    if sheet.part in (*MAIN, *DETAILS) and sheet.columns[0].type != "link":
        yield "it does not begin with the running number"
    names = [n.casefold() for c in sheet.columns for n in (c.heading, *c.was)]
    if len(names) != len(set(names)) or {KEY, mending.casefold()} & set(names):
        yield "a heading stands twice"
    if missing := {c.under for c in sheet.columns if c.under} - {c.field for c in sheet.columns}:
        yield f"no such columns {sorted(missing)}"
    if sheet.tab and not re.fullmatch(r"[0-9A-F]{6}", sheet.tab):
        yield f"{sheet.tab} is no colour"


@cache
def intake_layout() -> IntakeLayout:
    """The shipped layout."""
    return load_intake_layout(resource("exchange", "intake.toml"))
