"""The layout of the blank workbook, read from resources/exchange/intake.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from posko_app.paths import resource
from posko_app.rules.vocabulary import Vocabulary

TYPES = frozenset(
    {
        "text",
        "long",
        "date",
        "time",
        "choice",
        "yes",
        "nik",
        "nip",
        "phone",
        "region",
        "link",
        "file",
    }
)
PARTS = ("report", "reporter", "reported", "witness", "evidence")
YES_NO = ("Ya", "Tidak")


@dataclass(frozen=True, kw_only=True)
class IntakeColumn:
    """One column: the field it fills, its heading and older headings, and what may stand in it."""

    field: str
    heading: str
    type: str
    list: str = ""
    required: bool = False
    width: float = 18
    note: str = ""
    free: bool = False  # a choice that also takes other words
    was: tuple[str, ...] = ()

    def choices(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The words its drop-down offers."""
        if self.type == "yes":
            return YES_NO
        return tuple(label for _, label in vocabulary.items(self.list)) if self.list else ()


@dataclass(frozen=True)
class IntakeSheet:
    """One sheet; `part` says what its rows are."""

    name: str
    part: str
    columns: tuple[IntakeColumn, ...]


@dataclass(frozen=True)
class IntakeLayout:
    """The whole blank workbook."""

    version: int
    template: str
    guide: tuple[str, ...]
    sheets: tuple[IntakeSheet, ...]

    def sheet(self, part: str) -> IntakeSheet:
        """The sheet whose rows are of this part."""
        return next(s for s in self.sheets if s.part == part)


def load_intake_layout(path: Path) -> IntakeLayout:
    """Read a layout file. Raises ValueError naming the mistake, or TypeError, KeyError."""
    data = tomllib.loads(path.read_text("utf-8"))
    sheets = []
    for raw in data["sheet"]:
        columns = tuple(
            IntakeColumn(**{**column, "was": tuple(column.get("was", ()))})
            for column in raw["column"]
        )
        wrong = {c.type for c in columns} - TYPES
        if wrong or columns[0].type != "link":
            raise ValueError(f"sheet {raw['name']}: no such column types {sorted(wrong)}")
        names = [n.casefold() for c in columns for n in (c.heading, *c.was)]
        if len(names) != len(set(names)):
            raise ValueError(f"sheet {raw['name']}: a heading stands twice")
        sheets.append(IntakeSheet(raw["name"], raw["part"], columns))
    if [s.part for s in sheets] != list(PARTS):
        raise ValueError(f"the sheets must be {PARTS}")
    return IntakeLayout(data["version"], data["template"], tuple(data["guide"]), tuple(sheets))


@cache
def intake_layout() -> IntakeLayout:
    """The shipped layout."""
    return load_intake_layout(resource("exchange", "intake.toml"))
