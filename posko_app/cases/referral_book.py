"""The time after a referral as data: states, ways, checks, sanctions, ages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from posko_app.paths import resource
from posko_app.rules.facts import EVENT_KINDS
from posko_app.rules.reading import RulesError, build, read_toml
from posko_app.rules.vocabulary import load_vocabulary

DEFAULT = "default"  # the addressee that stands for all that are not named


@dataclass(frozen=True, kw_only=True)
class FollowUpState:
    """One state of a referral; `place` is its place in the course of things."""

    code: str
    place: int
    waits: bool
    event: str = ""
    sanction: bool = False
    weak: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SanctionKind:
    """The punishments of one class of sanction, to choose from."""

    forms: tuple[str, ...]
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class ReadyRule:
    """Something an institution wants to find in the file, and where it is mended."""

    key: str
    label: str
    missing: str
    tab: str
    returned: bool
    applies: tuple[str, ...] = ()  # categories of reported persons; none: all


@dataclass(frozen=True, kw_only=True)
class AddresseeRule:
    """What one institution wants, and the ways to it."""

    checks: tuple[str, ...]
    systems: tuple[str, ...]
    office: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CopyRule:
    """One field of the web form: a fixed text, or something that the case knows."""

    key: str
    label: str
    text: str = ""
    value: str = ""
    empty: str = "Belum tercatat pada perkara."


@dataclass(frozen=True, kw_only=True)
class ReferralBook:
    """All of it."""

    ages: tuple[int, ...]
    states: Mapping[str, FollowUpState]
    sanctions: Mapping[str, SanctionKind]
    checks: Mapping[str, ReadyRule]
    addressees: Mapping[str, AddresseeRule]
    sbt: tuple[CopyRule, ...]

    def addressee(self, code: str) -> AddresseeRule:
        """What is known about an institution, else what holds for any."""
        return self.addressees.get(code) or self.addressees[DEFAULT]

    def state(self, code: str) -> FollowUpState:
        """A state; one from a newer office waits and stands last."""
        known = self.states.get(code)
        return known or FollowUpState(code=code, place=len(self.states), waits=True)


@cache
def referral_book(path: Path | None = None) -> ReferralBook:
    """The shipped file. Raises RulesError for a mistake in it."""
    file = path or resource("referral.toml")
    raw = read_toml(file)
    book = ReferralBook(
        ages=tuple(raw["waiting"]["ages"]),
        states={
            code: build(FollowUpState, {"code": code, "place": place, **given}, f"state {code}")
            for place, (code, given) in enumerate(raw["state"].items())
        },
        sanctions=_table(SanctionKind, raw, "sanction"),
        checks={
            key: build(ReadyRule, {"key": key, **given}, f"check {key}")
            for key, given in raw["check"].items()
        },
        addressees=_table(AddresseeRule, raw, "addressee"),
        sbt=tuple(build(CopyRule, given, "sbt") for given in raw["sbt"]),
    )
    _check(book)
    return book


def check_resources() -> Iterator[str]:
    """What is wrong with the file, one sentence; nothing when all is well."""
    try:
        referral_book()
    except RulesError as error:
        yield str(error)


def _table(kind: type[Any], raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: build(kind, given, f"{name} {key}") for key, given in raw[name].items()}


def _check(book: ReferralBook) -> None:
    """Raise RulesError unless all codes in it exist where they are defined."""
    words = load_vocabulary()
    for name, codes in (
        ("follow_up_state", book.states),
        ("sanction", book.sanctions),
        ("addressee", book.addressees.keys() - {DEFAULT}),
        ("external_system", {s for a in book.addressees.values() for s in a.systems}),
        ("reported_category", {c for rule in book.checks.values() for c in rule.applies}),
    ):
        if unknown := sorted(set(codes) - set(words.codes(name))):
            raise RulesError(f"{name}: unknown codes {', '.join(unknown)}")
    for code, rule in book.addressees.items():
        if unknown := sorted(set(rule.checks) - set(book.checks)):
            raise RulesError(f"addressee {code}: unknown checks {', '.join(unknown)}")
    events = {state.event for state in book.states.values() if state.event}
    if not events <= set(EVENT_KINDS):
        raise RulesError(f"unknown kinds of event {', '.join(sorted(events))}")
    if DEFAULT not in book.addressees or list(book.ages) != sorted(set(book.ages)):
        raise RulesError("addressee default is missing, or the ages do not rise")
