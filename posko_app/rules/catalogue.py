"""The catalogue of neutrality violations: to whom an entry applies, when, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from posko_app.paths import resource

from .book import Regime, Regulation
from .facts import Fact, one_of
from .reading import RulesError, build, read_toml

Period = Literal["before", "after", "outside", "any"]
"""Before or after the candidates are set, outside every stage (`Tanpa tahapan`), or whenever."""
CANDIDATES_SET = "candidate_set"  # key of the stage date that parts before from after
OWN_CODE = re.compile(r"(?<![A-Z] )\b(?:KE|DS)-\d{1,2}\b")
"""Our own codes, which must never appear in letters or in anything that leaves the offices.

`HARI KE-2` in capitals is none, nor is the number plate `DS-1234`.
"""


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry(Fact):
    """One form of violation; an uncertain level is a `question` and has no value."""

    code: str
    title: str
    basis: str
    applies_to: tuple[str, ...]  # categories of reported persons
    period: Period
    regime: str = ""  # of the law it stands in; empty: in both
    level: str = ""
    level_label: str = ""
    question: str = ""
    own_code: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.period, Period, "period")
        one_of(self.regime, ("", *get_args(Regime)), "regime")
        if bool(self.level) == bool(self.question):
            raise RulesError("an entry has either a level or a question")


@dataclass(frozen=True)
class Catalogue:
    """All entries, in the order to show them."""

    entries: Mapping[str, CatalogueEntry]
    sources: Mapping[str, str]
    stages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # period -> its stages

    def get(self, code: str) -> CatalogueEntry | None:
        """The entry with a code; None for one that is not known."""
        return self.entries.get(code)

    def period_of(self, on: date | None, law: Regulation, stage: str = "") -> str:
        """The period of an act: what its stage says, else its date; empty when neither does."""
        for period, stages in self.stages.items():
            if stage in stages:
                return period
        parts = law.stage_dates.get(CANDIDATES_SET)
        if on is None or parts is None or parts.first is None:
            return ""
        if on < parts.first:
            return "before"
        if on < (parts.last or parts.first):
            return ""  # some candidates are set and others are not
        return "outside" if law.stage_on(on) in self.stages.get("outside", ()) else "after"

    def matching(
        self, categories: Iterable[str], period: str, regime: str
    ) -> tuple[CatalogueEntry, ...]:
        """The entries to offer for some categories of person in a period; empty: in any of them."""
        asked = set(categories)
        fitting = FITTING[period]
        return tuple(
            entry
            for entry in self.entries.values()
            if asked & set(entry.applies_to)
            and entry.period in fitting
            and entry.regime in ("", regime)
        )


FITTING: Mapping[str, tuple[str, ...]] = {
    "": ("before", "after", "outside", "any"),
    "before": ("before", "any"),
    "after": ("after", "any"),
    # Outside every stage nobody is a candidate yet: what holds for those who mean to be one, holds.
    "outside": ("before", "outside", "any"),
}
"""Period of an act -> the periods of entries that are offered for it."""


def matching(
    categories: Iterable[str], on: date | None, law: Regulation, stage: str = ""
) -> tuple[CatalogueEntry, ...]:
    """The entries to offer for reported persons of some categories and an act on a day.

    `stage` is the stage of the election noted in the case (a code of `election_stage`, also `none`
    for `Tanpa tahapan`) and wins over the date. Where neither is known, entries of every period are
    offered; where no category is known, none are.
    """
    catalogue = load_catalogue()
    return catalogue.matching(categories, catalogue.period_of(on, law, stage), law.regime)


def without_codes(text: str) -> str:
    """A text without codes of our own catalogue, and without the brackets that held one."""
    bare = OWN_CODE.sub("", text)
    bare = re.sub(r"\(\s*[,;]?\s*\)|\[\s*\]", "", bare)
    return re.sub(r"[ \t]{2,}", " ", bare).strip(" \t\n;,")


def with_articles(text: str) -> str:
    """Provisions with the article of an entry wherever somebody wrote only its code."""
    entries = load_catalogue().entries

    def article(found: re.Match[str]) -> str:
        entry = entries.get(found[0])
        return entry.basis if entry else found[0]

    return OWN_CODE.sub(article, text)


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
    stages = {period: tuple(codes) for period, codes in raw.get("stages", {}).items()}
    for period in stages:
        one_of(period, Period, f"{file.name}: stages")
    return Catalogue(entries, sources, stages)
