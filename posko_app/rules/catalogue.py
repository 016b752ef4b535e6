"""The catalogue of neutrality violations: to whom an entry applies, when, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from posko_app.paths import resource

from .facts import Fact, one_of
from .reading import RulesError, build, read_toml

Period = Literal["before", "after", "any"]
OWN_CODE = re.compile(r"\b(?:KE|DS)-\d+\b")
"""Our own codes, which must never appear in letters or in anything that leaves the offices."""


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry(Fact):
    """One form of violation; an uncertain level is a `question` and has no value."""

    code: str
    title: str
    basis: str
    applies_to: tuple[str, ...]  # categories of reported persons
    period: Period  # before or after the candidates are set
    level: str = ""
    level_label: str = ""
    question: str = ""
    own_code: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.period, Period, "period")
        if bool(self.level) == bool(self.question):
            raise RulesError("an entry has either a level or a question")


@dataclass(frozen=True)
class Catalogue:
    """All entries, in the order to show them."""

    entries: Mapping[str, CatalogueEntry]
    sources: Mapping[str, str]

    def get(self, code: str) -> CatalogueEntry | None:
        """The entry with a code; None for one that is not known."""
        return self.entries.get(code)

    def matching(self, category: str, candidates_set: bool | None) -> tuple[CatalogueEntry, ...]:
        """The entries to offer for a category of person, before or after the candidates are set.

        With None for `candidates_set`, when the date is not known, both periods are offered.
        """
        fitting = {None: ("before", "after", "any"), True: ("after", "any")}.get(
            candidates_set, ("before", "any")
        )
        return tuple(
            entry
            for entry in self.entries.values()
            if category in entry.applies_to and entry.period in fitting
        )


@cache
def load_catalogue(path: Path | None = None) -> Catalogue:
    """The catalogue that comes with the program; raises RulesError for a mistake in the file."""
    file = path or resource("catalogue", "violations.toml")
    raw = read_toml(file)
    levels, sources = raw.get("level", {}), raw.get("sources", {})
    entries: dict[str, CatalogueEntry] = {}
    for code, values in raw.get("entry", {}).items():
        where = f"{file.name}: {code}"
        level = values.get("level", "")
        if level and level not in levels:
            raise RulesError(f"{where}: unknown level {level}")
        entry = build(CatalogueEntry, values, where, code=code, level_label=levels.get(level, ""))
        for source in entry.source.split():
            one_of(source, tuple(sources), f"{where}: source")
        if entry.own_code != bool(OWN_CODE.fullmatch(code)):
            raise RulesError(f"{where}: own_code does not fit the code")
        entries[code] = entry
    return Catalogue(entries, sources)
