"""Pelimpahan and pengambilalihan: which office may do what while a case passes to another one.

Until the named office has received it, the one that hands it over stays answerable and its clocks
run on. Who gave a case away looks on: what it still records is told and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .course import Course
from .events import Event

if TYPE_CHECKING:
    from .stages import CaseState, Step

OPEN_TO_ALL = ("note", "corrected", "received_transfer", "transfer_returned", "taken_over")
SETTLED = (
    *("reviewed", "registered", "not_registered", "inquiry_ordered", "assessed", "decided"),
    *("referred", "closed", "converted", "reopened", "paused"),
)
"""What is left to whoever ends up with the case."""
GIVEN_AWAY = "Perkara ini sudah ditangani kantor lain, jadi catatan kantor asal tidak mengubahnya."
NOT_RECEIVED = "Terima pelimpahannya dulu."
WAITING = (
    "Perkara ini sudah dilimpahkan dan belum diterima. Tunggu jawaban kantor tujuan, atau "
    "batalkan catatan pelimpahannya."
)
OF_AUTHORITY = (GIVEN_AWAY, NOT_RECEIVED, WAITING)


def without_authority(course: Course, event: Event) -> str:
    """Why the office of an event may not take this step now; empty when it may."""
    if event.kind in OPEN_TO_ALL:
        return ""
    office = event.office
    if office and office != course.office:
        if office in course.left:
            files = event.kind == "transferred" and office == course.files_due
            return "" if files else GIVEN_AWAY
        if course.under_way and any(offer.to == office for offer in course.offers):
            return NOT_RECEIVED
    waits = course.under_way and bool(course.offers)
    return WAITING if waits and event.kind in SETTLED else ""


def counts_all_the_same(course: Course, event: Event) -> bool:
    """Whether a hand-over that does not fit has its effect, because offices acted at once.

    Two pelimpahan of the office that handles the case: the first to be received counts. One that
    was received before its cancelling was known here counts as received.
    """
    if not course.under_way or course.decided_on is not None:
        return False
    if event.kind == "transferred":
        return bool(event.data.get("to") and course.offers) and event.office == course.office
    named = event.data.get("handover", "")
    unknown = named and all(taken.uid != named for taken in course.taken)
    return bool(unknown and event.office) and event.data.get("from") == course.office


def step_to_offer(state: CaseState, office: str, steps: Iterable[Step] | None = None) -> str:
    """The kind of step that waits for this office; empty where it waits for another one.

    `steps` are those that fit, looked at only as far as needed; else the state has them.
    """
    if state.handover is not None and state.offer_to(office) is None:
        return ""
    fitting = _steps_for(state, office, state.next_steps if steps is None else steps)
    return next((step.kind for step in fitting), "")


def steps_for(state: CaseState, office: str) -> tuple[Step, ...]:
    """Of the steps that fit, those that are this office's to take; the first is the one to offer.

    Who gave the case away has none; of a pelimpahan that waits, only the named office answers.
    """
    return tuple(_steps_for(state, office, state.next_steps))


def _steps_for(state: CaseState, office: str, steps: Iterable[Step]) -> Iterator[Step]:
    if office in state.left and office != state.office:
        return
    offered = state.offer_to(office) is not None
    answers = ("received_transfer", "transfer_returned")
    above = state.office.startswith(f"{office}.")
    for step in steps:
        if step.kind == "taken_over":
            fits = above
        elif step.kind in answers:
            fits = state.handover is None or (offered and office != state.office)
        else:
            fits = not offered or office == state.office
        if fits:
            yield step
