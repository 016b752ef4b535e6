"""Keys by which cases that may be alike are found with an index: names, and places with a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from posko_app.data.bulk import insert_rows
from posko_app.data.tables import MatchKey
from posko_app.spelling import spelled

from .people_names import name_keys

SHORTEST_SPOT = 5  # letters; a shorter name of a place says nothing


def keep_keys(session: Session, cases: Iterable[tuple[Any, Iterable[Any]]]) -> None:
    """Keep the keys of cases, each given with its reported parties, as far as they are new."""
    pairs: set[tuple[str, str]] = set()
    for case, parties in cases:
        pairs |= {(key, case.uid) for key in place_keys(case)}
        pairs |= {(key, case.uid) for party in parties for key in name_keys(party.name)}
    # Two people may add the same at the same time.
    rows = [{"key": key, "case_uid": uid} for key, uid in sorted(pairs)]
    insert_rows(session, MatchKey.__table__, rows, keep_known=True)


def drop_names(session: Session, case_uid: str, names: Iterable[str]) -> None:
    """Drop the keys of names that no longer stand in a case; what still stands is kept anew.

    A name that was typed as a reported person's may have been the reporter's.
    """
    keys = {key for name in names for key in name_keys(name)}
    session.execute(delete(MatchKey).where(MatchKey.key.in_(keys), MatchKey.case_uid == case_uid))


def place_keys(case: Any) -> Iterator[str]:
    """The keys of where and when something happened; none without a day."""
    if case.event_on is not None:
        yield from keys_of_day(case.event_place, case.region_code, case.event_on)


def keys_of_day(spot: str, region_code: str, day: date) -> Iterator[str]:
    """The keys of a place on one day."""
    if region_code:
        yield f"@{region_code} {day.isoformat()}"
    if len(sound := spelled(spot)) >= SHORTEST_SPOT:
        yield f"={sound} {day.isoformat()}"


def keys_around(spot: str, region_code: str, day: date, days: int) -> list[str]:
    """The keys of a place on the days around one."""
    around: list[str] = []
    for by in range(-days, days + 1):
        ordinal = day.toordinal() + by
        if date.min.toordinal() <= ordinal <= date.max.toordinal():
            around += keys_of_day(spot, region_code, day + timedelta(days=by))
    return around
