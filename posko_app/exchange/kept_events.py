"""Steps of a case that stay here by their kind, as whole records, and what voids one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from posko_app.data.tables import Event

AT_ONCE = 400


def is_kept(uid: Any, kinds: Collection[str]) -> ColumnElement[bool]:
    """Whether the column `uid` names an event of these kinds, or one that voids such an event."""
    if not kinds:
        return false()
    of = select(Event.uid).where(Event.kind.in_(sorted(kinds)))
    return or_(uid.in_(of), uid.in_(select(Event.uid).where(Event.corrects.in_(of))))


def kept_events(session: Session, kinds: Collection[str], cases: Sequence[str]) -> frozenset[str]:
    """The events of these cases that stay here."""
    found: set[str] = set()
    for start in range(0, len(cases) if kinds else 0, AT_ONCE):
        of = Event.case_uid.in_(cases[start : start + AT_ONCE])
        found.update(session.scalars(select(Event.uid).where(of, is_kept(Event.uid, kinds))))
    return frozenset(found)
