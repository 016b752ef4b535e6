"""How far each referral of a case has come, from its dated events and updates in any order.

Pure: the same rows give the same answer in every office, whoever entered them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from posko_app.rules.events import Event, in_force

from .referral_book import ReferralBook

REFERRED, ANSWERED, RETURNED = "referred", "follow_up", "agency_returned"
ASKED = "information_requested"
REFERRAL = "referral"  # key in the data of an event: the uid of the referral it is about
_SENT = "sent"


class Update(Protocol):
    """What an update must say; rows of the table do."""

    uid: str
    event_uid: str
    on: date
    state: str
    corrects: str


@dataclass
class Course:
    """One referral: what was entered about it, and where it stands."""

    event: Event
    state: str = _SENT
    state_on: date = date.min
    checked_on: date = date.min  # when anything was last learnt or looked up
    asked: list[Event] = field(default_factory=list)
    steps: list[Event] = field(default_factory=list)  # answers and returns
    updates: list[Update] = field(default_factory=list)  # that count, oldest first
    voided: list[Update] = field(default_factory=list)

    @property
    def addressee(self) -> str:
        """The code of the institution."""
        return self.event.data.get("addressee", "")


def courses(
    events: Iterable[Event], updates: Iterable[Update], book: ReferralBook
) -> tuple[Course, ...]:
    """Every referral in force, oldest first.

    Updates of a referral that is not there, or not there any more, are left aside: they may belong
    to an event that is still to come.
    """
    taken, _ = in_force(events)
    found = {e.uid: Course(event=e) for e in taken if e.kind == REFERRED}
    for event in taken:
        if event.kind in (ANSWERED, RETURNED, ASKED):
            course = _meant(event, found)
            if course is not None:
                (course.asked if event.kind == ASKED else course.steps).append(event)
    rows = sorted(updates, key=lambda row: (row.on, book.state(row.state).place, row.uid))
    gone = {row.corrects for row in rows if row.corrects}
    for row in rows:
        course = found.get(row.event_uid)
        if course is not None and not row.corrects:
            (course.voided if row.uid in gone else course.updates).append(row)
    for course in found.values():
        _settle(course, book)
    return tuple(found.values())


def _meant(event: Event, found: Mapping[str, Course]) -> Course | None:
    """The referral an event is about: the named one, else the first that still waits for it."""
    named = found.get(event.data.get(REFERRAL, ""))
    if named is not None:
        return named
    asked = event.data.get("addressee", "")
    fitting = [c for c in found.values() if asked in ("", c.addressee) and c.event.on <= event.on]
    ended = (ANSWERED, RETURNED)
    still = (c for c in fitting if not any(step.kind in ended for step in c.steps))
    return next(still, fitting[-1] if fitting else None)


def _settle(course: Course, book: ReferralBook) -> None:
    """Let what was entered follow in order of date, then of place in the course of things."""
    told = {s.event: s.code for s in book.states.values() if s.weak or s.event == RETURNED}
    marks = [(step.on, told[step.kind], step.uid) for step in course.steps]
    marks += [(row.on, row.state, row.uid) for row in course.updates]
    marks.sort(key=lambda mark: (mark[0], book.state(mark[1]).place if mark[1] else -1, mark[2]))
    course.state_on = course.checked_on = course.event.on
    for on, code, _ in marks:
        course.checked_on = max(course.checked_on, on)
        known = book.state(code)
        if not code or (known.weak and not book.state(course.state).waits):
            continue
        course.state, course.state_on = code, on
