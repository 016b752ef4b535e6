"""Who handles a case by its facts: a suggestion with the article; a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .book import Regulation
from .casework import Action, Jurisdiction


@dataclass(frozen=True, kw_only=True)
class JurisdictionFacts:
    """What the suggestion looks at; of what is not known nothing follows.

    `region_code` and `office_code` are Kemendagri codes with dots; `level` is that of the office.
    """

    level: str
    office_code: str
    region_code: str = ""
    categories: tuple[str, ...] = ()  # of the reported persons
    violations: tuple[str, ...] = ()  # kinds at stake
    theme: str = ""
    tsm: bool = False
    on: date
    filed_on: date | None = None  # the words of the law are those of that day


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Who would handle it, why, and how sure that is; `addressees` are codes of institutions."""

    key: str
    action: Action
    to: str
    addressees: tuple[str, ...]
    text: str
    basis: str
    confidence: str
    kinds: tuple[str, ...]  # the kinds of violation it is about; empty: the case as a whole


def suggest(facts: JurisdictionFacts, regulation: Regulation) -> tuple[Suggestion, ...]:
    """Every entry of the table that fits, what moves the whole case first.

    Institutions that are not competent on the day of the facts are left out of a suggestion.
    """
    found = [
        _suggestion(entry, facts, regulation)
        for entry in regulation.jurisdictions.values()
        if _fits(entry, facts)
    ]
    return tuple(sorted(found, key=lambda item: item.action == "referral"))


def _suggestion(
    entry: Jurisdiction, facts: JurisdictionFacts, regulation: Regulation
) -> Suggestion:
    on_the_day = tuple(
        code for code in entry.addressees if regulation.addressees[code].on(facts.on)
    )
    return Suggestion(
        key=entry.key,
        action=entry.action,
        to=entry.to,
        addressees=on_the_day,
        text=regulation.worded(entry.text, facts.filed_on or facts.on),
        basis=regulation.worded(entry.basis, facts.filed_on or facts.on),
        confidence=entry.confidence,
        kinds=entry.violations,
    )


def _fits(entry: Jurisdiction, facts: JurisdictionFacts) -> bool:
    if not (entry.valid_from or date.min) <= facts.on <= (entry.valid_until or date.max):
        return False
    if entry.elsewhere and not _outside(facts.region_code, facts.office_code):
        return False
    if entry.tsm and not facts.tsm:
        return False
    # Before anybody suspected a kind of violation, who is reported says enough.
    kinds = entry.violations if facts.violations or not entry.categories else ()
    return (
        _some(entry.categories, facts.categories)
        and _some(kinds, facts.violations)
        and _some(entry.themes, (facts.theme,))
        and _some(entry.levels, (facts.level,))
    )


def _some(wanted: tuple[str, ...], given: tuple[str, ...]) -> bool:
    return not wanted or bool(set(wanted) & set(given))


def _outside(place: str, office: str) -> bool:
    """Whether a place lies outside the region of an office; a place above it says nothing."""
    if not place or not office or office.startswith(f"{place}.") or place == office:
        return False
    return not place.startswith(f"{office}.")
