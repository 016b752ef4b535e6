"""Reading the events of a case one after the other; total: it never raises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .course import RANK, Course
from .effects import EFFECTS
from .events import Event
from .fitting import FITS, REASONS
from .handover import OF_AUTHORITY, counts_all_the_same, without_authority

GIVES_NUMBER = ("converted", "received_transfer", "taken_over")
"""Kinds of event whose number the case bears from then on."""


def read(course: Course, events: Iterable[Event]) -> None:
    """Take events that are in order of their dates; those of one day in the order that fits."""
    day: list[Event] = []
    for event in events:
        if day and day[0].on != event.on:
            _read_day(course, day)
            day = []
        day.append(event)
    _read_day(course, day)


def _read_day(course: Course, day: list[Event]) -> None:
    """Take the events of one day in the order they were made, unless the usual order fits better.

    Uids sort by when an event was made, so what one office did in a day keeps its order; where that
    brings contradictions (clocks differ between offices), the order of the kinds is tried; but no
    order may give an office a say that it had passed on.
    """
    if len(day) < 2:
        _take_fitting(course, day)
        return
    usual, known = course.copy(), len(course.contradictions)
    _take_fitting(course, sorted(day, key=lambda event: event.uid))
    fresh = course.contradictions[known:]
    if fresh and not any(reason in OF_AUTHORITY for _, reason in fresh):
        _take_fitting(usual, day)
        if len(usual.contradictions) < len(course.contradictions):
            course.become(usual)


def fits(course: Course, event: Event) -> bool:
    """Whether an event may happen now."""
    return not reason_against(course, event)


def reason_against(course: Course, event: Event) -> str:
    """Why an event may not happen now; empty when it may."""
    if reason := without_authority(course, event):
        return reason
    test = FITS.get(event.kind)
    return "" if test is None or test(course, event) else REASONS[event.kind]


def _take_fitting(course: Course, day: list[Event]) -> None:
    left = list(day)
    while left:
        event = next((e for e in left if fits(course, e)), left[0])
        left.remove(event)
        _take(course, event)


def _take(course: Course, event: Event) -> None:
    """Let an event have its effect; one that does not fit is noted and may still count."""
    course.taken.append(event)
    if event.kind == "note":
        return
    if event.kind not in EFFECTS:
        course.contradictions.append((event, "Versi Posko ini belum mengenal catatan ini."))
        return
    if reason := reason_against(course, event):
        course.contradictions.append((event, reason))
        if not _moves_on(course, event):
            if event.kind in GIVES_NUMBER:  # a receipt that does not count gives no number either
                course.taken[-1] = replace(event, number="")
            return
    EFFECTS[event.kind](course, event)


def _moves_on(course: Course, event: Event) -> bool:
    """Whether an event that does not fit carries the case on all the same.

    Offices learn of each other's events late: a decision counts although the registration has not
    arrived. Nothing that would end or turn back a case counts that way.
    """
    if without_authority(course, event):
        return False
    if event.kind in ("transferred", "received_transfer"):
        return counts_all_the_same(course, event)
    reached = {"registered": "clarification", "assessed": "plenary", "decided": "referral"}
    if event.kind not in reached or course.intake_kind not in ("report", "finding", ""):
        return False
    if course.end and course.end not in ("not_registered", "withdrawn"):
        return False
    after_refusal = course.registered_on is None and course.stage in ("notice", "closed")
    return after_refusal or RANK[course.stage] < RANK[reached[event.kind]]
