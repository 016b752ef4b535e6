"""The self-check of all reference tables: every file loads and every reference holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from posko_app.errors import PoskoError
from posko_app.paths import resource

from .book import Regulation, load_rules
from .calendar import load_calendar
from .catalogue import load_catalogue
from .facts import EVENT_KINDS, INTAKE_KINDS
from .numbering import check_pattern
from .reading import RulesError
from .regions import load_regions
from .requirements import fact_names
from .vocabulary import Vocabulary, load_vocabulary

WORD_KEYS = ("recommendation", "recommendation_basis")
PATTERN_KEYS = ("filing", "registration", "finding", "diary", "letter")


def check_resources(folder: Path | None = None) -> list[str]:
    """Every mistake in the tables of rules, in words; empty when all is well.

    `folder` is the folder of resources; those that come with the program when it is not given.
    """
    root = folder or resource()
    problems: list[str] = []
    for check in (_calendar, _vocabulary, _regulations, _catalogue, _regions):
        problems += _run(check, root)
    return problems


def _run(check: Callable[[Path], Iterator[str]], root: Path) -> list[str]:
    try:
        return list(check(root))
    except (RulesError, PoskoError, OSError) as error:
        return [str(error)]


def _calendar(root: Path) -> Iterator[str]:
    if not load_calendar(root / "calendar").years:
        yield "calendar: no table of holidays"


def _vocabulary(root: Path) -> Iterator[str]:
    vocabulary = _words(root)
    for name, codes in (("event_kind", EVENT_KINDS), ("intake_kind", INTAKE_KINDS)):
        if set(vocabulary.codes(name)) != set(codes):
            yield f"vocabulary.toml: {name} does not fit the rules"


def _words(root: Path) -> Vocabulary:
    return load_vocabulary(root / "vocabulary.toml")


def _regulations(root: Path) -> Iterator[str]:
    book = load_rules(root / "rules")
    if not book.regulations:
        yield "rules: no regulation"
    for regulation in book.regulations.values():
        for problem in (*_facts_of(regulation), *_words_of(regulation, _words(root))):
            yield f"{regulation.id}.toml: {problem}"


def _facts_of(regulation: Regulation) -> Iterator[str]:
    for requirement in regulation.requirements.values():
        for name in set(requirement.facts) - set(fact_names()):
            yield f"requirement {requirement.key} names an unknown fact {name}"
    for key in set(PATTERN_KEYS) - set(regulation.number_patterns):
        yield f"number pattern {key} is missing"
    for pattern in regulation.number_patterns.values():
        check_pattern(pattern.pattern)
    for key in WORD_KEYS:
        try:
            regulation.word(key, date.max)
        except KeyError:
            yield f"word {key} is missing"
    for entry in regulation.jurisdictions.values():
        if "{" in regulation.worded(f"{entry.text} {entry.basis}", date.max):
            yield f"jurisdiction {entry.key} names an unknown word"
    for change in regulation.changes.values():
        dated = (a.valid_from for a in regulation.addressees.values() if a.change == change.key)
        if any(day and day < change.on for day in dated):
            yield f"change {change.key} is later than what it brings"


def _words_of(regulation: Regulation, vocabulary: Vocabulary) -> Iterator[str]:
    """That the regulation and the vocabulary use the same codes."""
    for name, codes in (
        ("violation_kind", regulation.violation_kinds),
        ("addressee", regulation.addressees),
        ("outcome", regulation.outcomes),
        ("office_level", set(regulation.number_levels) - {"kota", "ri"}),
    ):
        for code in set(codes) - set(vocabulary.codes(name)):
            yield f"{name} {code} is not in vocabulary.toml"
    for stage in regulation.stage_dates.values():
        if not stage.window and not vocabulary.has("election_stage", stage.key):
            yield f"stage date {stage.key} is not an election_stage"


def _catalogue(root: Path) -> Iterator[str]:
    vocabulary = _words(root)
    catalogue = load_catalogue(root / "catalogue" / "violations.toml")
    sorted_in = [code for codes in catalogue.stages.values() for code in codes]
    if sorted(sorted_in) != sorted(vocabulary.codes("election_stage")):
        yield "violations.toml: stages do not fit the election_stage of vocabulary.toml"
    for entry in catalogue.entries.values():
        for category in entry.applies_to:
            if not vocabulary.has("reported_category", category):
                yield f"violations.toml: {entry.code} applies to unknown {category}"


def _regions(root: Path) -> Iterator[str]:
    regions = load_regions(root / "regions")
    provinces = regions.children()
    if not provinces:
        yield "regions: the table is empty"
    above = provinces
    for _ in ("kabupaten", "kecamatan", "desa"):
        empty = [region.code for region in above if not regions.children(region.code)]
        yield from (f"regions: {code} has nothing below it" for code in empty)
        above = tuple(below for region in above for below in regions.children(region.code))
