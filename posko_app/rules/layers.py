"""What an office lays over the law it came with: its own days, and rules by day of filing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from posko_app.errors import UserError

from .book import Regulation, RuleBook
from .calendar import Calendar, Holiday


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What an office decided about one fact, for cases filed from a day on."""

    regulation: str
    valid_from: date
    change: Callable[[Regulation], Regulation]


@dataclass(frozen=True, kw_only=True)
class Version:
    """A whole regulation that takes the place of the one with its id, for cases filed later."""

    number: int
    regulation: Regulation


def local_calendar(
    shipped: Calendar, days: Iterable[Holiday], years: Iterable[int] = (), joint_leave: bool = True
) -> Calendar:
    """The shipped calendar with the days of an office; its word stands alone on its day."""
    own = {day.on: (day,) for day in days}
    return dataclasses.replace(
        shipped,
        holidays={**shipped.holidays, **own},
        years=shipped.years | frozenset(years),
        joint_leave=joint_leave,
    )


def layered(
    shipped: RuleBook, versions: Sequence[Version], decisions: Sequence[Decision], today: date
) -> RuleBook:
    """The book of an office: every regulation as it reads for cases filed on each day.

    Of the versions that are valid the highest holds, and over it the decisions of the office in the
    order in which they were made. One whose fact is no longer there is passed over.
    """
    if not versions and not decisions:
        return shipped
    found: dict[str, tuple[tuple[date, Regulation], ...]] = {}
    known = shipped.regulations
    for name in sorted({*known, *(v.regulation.id for v in versions)}):
        own = [v for v in versions if v.regulation.id == name]
        said = [d for d in decisions if d.regulation == name]
        first = known.get(name) or min(own, key=lambda v: v.regulation.valid_from).regulation
        days = {date.min, *(v.regulation.valid_from for v in own), *(d.valid_from for d in said)}
        found[name] = tuple((day, _as_of(first, own, said, day)) for day in sorted(days))
    book = RuleBook(known, found)
    return RuleBook({name: book.get(name, today) for name in found}, found)


def _as_of(
    first: Regulation, versions: Sequence[Version], said: Sequence[Decision], day: date
) -> Regulation:
    valid = [v for v in versions if v.regulation.valid_from <= day]
    law = max(valid, key=lambda v: v.number).regulation if valid else first
    for decision in said:
        if decision.valid_from <= day:
            with suppress(UserError):  # its fact is gone: an office must open all the same
                law = decision.change(law)
    return law
