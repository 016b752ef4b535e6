"""Which corrections count: an office that gave a case away voids nothing in it any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from posko_app.errors import Problem

from .course import Course
from .events import Event, in_force
from .handover import GIVEN_AWAY
from .replay import read

PASSES_ON = ("received_transfer", "taken_over")
RECEIVED = "Pelimpahan ini sudah diterima, jadi tidak dapat dibatalkan. Buat pelimpahan baru."


def in_effect(
    events: Iterable[Event], fresh: Callable[[], Course]
) -> tuple[list[Event], list[Event], list[Event]]:
    """The events that count, the corrections that point at nothing, and those that came too late.

    Too late is a correction by an office that had given the case away by then. `fresh` gives a
    course that nothing has happened in yet.
    """
    known = list(events)
    late: set[str] = set()
    corrections = {event.uid: event for event in known if event.kind == "corrected"}
    if corrections and any(event.kind in PASSES_ON for event in known):
        for correction in sorted(corrections.values(), key=_when):
            if _is_late(known, correction, late, fresh):
                late.add(correction.uid)
    kept, lost = in_force(event for event in known if event.uid not in late)
    return kept, lost, [corrections[uid] for uid in sorted(late)]


def problems_of_voiding(course: Course, known: Iterable[Event], new: Event) -> list[Problem]:
    """Why a correction may not be added to a case as it stands; empty when it may.

    A pelimpahan that was received is not taken back, nor what passed on with the case voided.
    """
    target = next((event for event in known if event.uid == new.corrects), None)
    if target is not None and target.kind == "transferred":
        waits = any(offer.event == target.uid for offer in course.offers)
        later = (event for event in course.taken if event.kind == "received_transfer")
        if not waits and any(event.data.get("handover") == target.uid for event in later):
            return [Problem("corrects", RECEIVED)]
    return [Problem("corrects", GIVEN_AWAY)] if _gave_it_away(course, new, target) else []


def _is_late(
    known: list[Event], correction: Event, late: set[str], fresh: Callable[[], Course]
) -> bool:
    """Whether the office of a correction had given the case away before it.

    A cancelling of a pelimpahan that crosses its receipt is told by the receipt.
    """
    target = next((event for event in known if event.uid == correction.corrects), None)
    if target is None or (target.kind == "transferred" and target.data.get("to")):
        return False
    course, moment = fresh(), _when(correction)
    before = (event for event in known if _when(event) < moment and event.uid not in late)
    read(course, in_force(before)[0])
    return _gave_it_away(course, correction, target)


def _gave_it_away(course: Course, correction: Event, target: Event | None) -> bool:
    """Whether an office that only looks on would void more than a note of it."""
    return correction.office in course.left and not (target and target.kind == "note")


def _when(event: Event) -> tuple[date, str]:
    """Uids sort by when an event was made."""
    return event.on, event.uid
