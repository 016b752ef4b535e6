"""The stage of a case, computed from its events and from nothing else; and the check of a step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from posko_app import text
from posko_app.errors import Problem

from .book import Regulation
from .content import check_content, outcomes_of
from .course import ANSWERED, HANDLING, RANK, Course, Episode, Handover, Referral, Result
from .effects import AFTER_REVIEW
from .events import Event
from .facts import INTAKE_KINDS
from .handover import GIVEN_AWAY
from .replay import fits, read
from .voiding import in_effect, problems_of_voiding

__all__ = [
    "CaseState",
    "Episode",
    "Event",
    "Handover",
    "Referral",
    "Result",
    "Step",
    "StepMark",
    "brief_state_of",
    "check_step",
    "state_of",
]

Mark = Literal["done", "now", "skipped", "todo"]


@dataclass(frozen=True)
class StepMark:
    """One stage on the stepper of a case."""

    key: str
    label: str
    on: date | None
    mark: Mark


@dataclass(frozen=True)
class Step:
    """Something that may be done next; `outcomes` are the results it can have."""

    kind: str
    label: str
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseState:
    """Where a case stands; the first of `next_steps` is the one to offer."""

    stage: str
    label: str
    steps: tuple[StepMark, ...]
    next_steps: tuple[Step, ...]
    contradictions: tuple[str, ...]
    closed: bool
    end: str  # how it ended: finished, not_registered, withdrawn, transferred
    intake_kind: str
    office: str  # who handles it: the last office that took it in, received it or took it over
    filed_on: date | None
    review: str  # outcome of the initial review, or not_registered
    registered_on: date | None
    register_number: str
    decided_on: date | None
    decision: str  # violation or not_violation
    violation_kinds: tuple[str, ...]
    pending_kinds: tuple[str, ...]  # found and not yet referred
    referrals: tuple[Referral, ...]
    results: tuple[Result, ...]  # what the plenary found, kind by kind
    episodes: tuple[Episode, ...]  # all of them; the last is the one under way, or the last ended
    waiting_agency: bool  # a referral has no answer yet
    paused_on: date | None  # since when the office stopped; no clock stops with it
    absent_on: date | None  # somebody who was invited last has not come
    notified_on: date | None
    closed_on: date | None
    handover: Handover | None  # a pelimpahan that is not received yet
    offers: tuple[Handover, ...]  # all of them: more than one only by crossing files
    left: tuple[str, ...]  # offices that gave the case away
    files_due: str  # the office it was taken over from and whose files are still to come
    events: tuple[Event, ...]  # those in force, in the order in which they were taken

    @property
    def at_stake(self) -> tuple[str, ...]:
        """The kinds of violation that the plenary found, else those that were suspected last."""
        if self.violation_kinds or self.decided_on:
            return self.violation_kinds
        suspecting = ("filed", "converted", "reviewed", "registered", "assessed")
        suspected = (e.listed("kinds") for e in reversed(self.events) if e.kind in suspecting)
        return tuple(next(filter(None, suspected), ()))

    def offer_to(self, office: str) -> Handover | None:
        """The pelimpahan that waits for this very office."""
        return next((offer for offer in self.offers if offer.to == office), None)


def state_of(events: Iterable[Event], regulation: Regulation, kind: str = "") -> CaseState:
    """The state of a case from its events, in any order, with copies and with contradictions.

    `kind` is the kind of intake for events that do not say it themselves (`filed` may carry
    `data["intake_kind"]`); without either it is a report. Never raises.
    """
    course, lost = _course(events, regulation, kind)
    return replace(
        _standing(course),
        steps=tuple(_step_marks(course)),
        next_steps=tuple(_next_steps(course)),
        contradictions=tuple(_sentences(course, lost)),
    )


def brief_state_of(
    events: Iterable[Event], regulation: Regulation, kind: str = ""
) -> tuple[CaseState, Iterator[Step]]:
    """The same for lists: no stepper, no contradictions, and the steps one by one as asked for."""
    course, _ = _course(events, regulation, kind)
    return _standing(course), _next_steps(course)


def _standing(course: Course) -> CaseState:
    """Where a case stands, before anything is put into words."""
    offers = course.offers if course.under_way else ()
    return CaseState(
        stage="closed" if course.closed else course.stage,
        label=_label(course),
        steps=(),
        next_steps=(),
        contradictions=(),
        closed=course.closed,
        end=course.end,
        intake_kind=course.intake_kind,
        office=course.office,
        filed_on=course.filed_on,
        review=course.review,
        registered_on=course.registered_on,
        register_number=course.register_number,
        decided_on=course.decided_on,
        decision=course.decision,
        violation_kinds=course.violation_kinds,
        pending_kinds=course.pending,
        referrals=tuple(course.referrals),
        results=course.results,
        episodes=_episodes(course),
        waiting_agency=_waiting(course),
        paused_on=course.paused_on,
        absent_on=course.absent_on,
        notified_on=course.notified_on,
        closed_on=course.closed_on,
        handover=offers[0] if offers else None,
        offers=offers,
        left=course.left,
        files_due=course.files_due,
        events=tuple(course.taken),
    )


def check_step(
    events: Iterable[Event], new_event: Event, regulation: Regulation, kind: str = ""
) -> list[Problem]:
    """Why a step may not be added to a case; empty when it may.

    A step fits when it brings no contradiction, wherever its date puts it among the others.
    """
    known = list(events)
    problems = list(check_content(known, new_event, regulation))
    if problems:
        return problems
    before, _ = _course(known, regulation, kind)
    if new_event.kind == "corrected":
        return problems_of_voiding(before, known, new_event)
    if new_event.kind == "converted" and new_event.data["intake_kind"] == before.intake_kind:
        return [Problem("intake_kind", "Jenisnya sudah demikian. Pilih jenis yang lain.")]
    after, _ = _course([*known, new_event], regulation, kind)
    had = {(event.uid, reason) for event, reason in before.contradictions}
    for event, reason in after.contradictions:
        if event.uid == new_event.uid:
            problems.append(Problem("kind", reason))
        elif (event.uid, reason) not in had:
            problems.append(Problem("on", _clash(event, regulation)))
    return problems


def _course(
    events: Iterable[Event], regulation: Regulation, kind: str
) -> tuple[Course, list[Event]]:
    def fresh() -> Course:
        return Course(regulation, intake_kind=kind if kind in INTAKE_KINDS else "")

    kept, lost, late = in_effect(events, fresh)
    course = fresh()
    read(course, kept)
    course.contradictions.extend((event, GIVEN_AWAY) for event in late)
    course.intake_kind = course.intake_kind or "report"
    return course, lost


def _episodes(course: Course) -> tuple[Episode, ...]:
    if course.begun_on is None:
        return course.episodes
    number = len(course.episodes) + 1
    last = Episode(number, course.begun_on, course.closed_on, course.end)
    return (*course.episodes, last)


# --- words --------------------------------------------------------------------------------------


def _waiting(course: Course) -> bool:
    return any(referral.waits for referral in course.referrals)


def _label(course: Course) -> str:
    law = course.regulation
    if course.offers and course.under_way:
        return law.outcomes["handed_over"].label
    if not course.closed:
        return law.stages[course.stage].words(course.intake_kind)
    end = "waiting" if course.end == "finished" and _waiting(course) else course.end
    return law.outcomes[end].label


def _sentences(course: Course, lost: Iterable[Event]) -> Iterator[str]:
    for event, reason in course.contradictions:
        yield f"{_named(event, course.regulation)}: {reason}"
    for event in lost:
        yield (
            f"Koreksi bertanggal {text.numeric_date(event.on)}: catatan yang dikoreksi belum ada "
            "di kantor ini atau bukan catatan langkah."
        )


def _named(event: Event, regulation: Regulation) -> str:
    words = regulation.steps.get(event.kind)
    return f"{words.done if words else event.kind} {text.numeric_date(event.on)}"


def _clash(event: Event, regulation: Regulation) -> str:
    return (
        f"Dengan tanggal ini langkah tersebut bertentangan dengan catatan "
        f"{_named(event, regulation)}. Periksa tanggalnya."
    )


# --- stepper ------------------------------------------------------------------------------------


def _step_marks(course: Course) -> Iterator[StepMark]:
    law = course.regulation
    for key in law.flow[course.intake_kind]:
        label = law.stages[key].words(course.intake_kind)
        mark, on = _mark(course, key)
        yield StepMark(key, label, on, mark)


def _mark(course: Course, key: str) -> tuple[Mark, date | None]:
    here = not course.closed and course.stage == key
    if here and not (key == "notice" and course.notified_on):
        return "now", None
    undone = key in HANDLING and RANK[key] > RANK[course.stage]  # turned back by an invitation
    if key in course.marks and not undone:
        return "done", course.marks[key]
    passed = course.closed or RANK[key] < RANK[course.stage]
    return ("skipped" if passed else "todo"), None


# --- next steps ---------------------------------------------------------------------------------


def _next_steps(course: Course) -> Iterator[Step]:
    law = course.regulation
    outcomes = {
        "reviewed": tuple(AFTER_REVIEW),
        "decided": outcomes_of(law, "decision"),
        "inquiry_reported": outcomes_of(law, "inquiry"),
    }
    for kind in _next_kinds(course):
        yield Step(kind, law.steps[kind].words(course.intake_kind), outcomes.get(kind, ()))


def _next_kinds(course: Course) -> Iterator[str]:
    """The kinds of event to offer, the most natural first; each of them fits."""
    day = course.taken[-1].on if course.taken else date.min
    other = "report" if course.intake_kind != "report" else "initial_info"
    for kind in dict.fromkeys(_wanted(course)):
        data = {"intake_kind": other} if kind == "converted" else {}
        if fits(course, Event("", kind, day, data=data)):
            yield kind


def _wanted(course: Course) -> tuple[str, ...]:
    if course.filed_on is None:
        return ("filed", "received_transfer")
    if course.closed:
        revive = "received_transfer" if course.end == "transferred" else "reopened"
        again = ("referred",) if course.may_send_again else ()
        return (*again, *AFTER_REFERRAL, "converted", revive)
    if course.offers:
        return ("received_transfer", "transfer_returned", *_wanted_under_way(course))
    if course.paused_on:
        return ("resumed", *_wanted_under_way(course))
    return (*_wanted_under_way(course), "paused")


def _wanted_under_way(course: Course) -> tuple[str, ...]:
    if course.intake_kind == "initial_info":
        return _wanted_for_tip(course)
    if course.intake_kind in (*ANSWERED, "outside"):
        rest = ("referred", "notified", *AFTER_REFERRAL, "converted", "closed")
        return ("closed", *rest) if course.notified_on or course.referrals else rest
    if course.stage in HANDLING:
        return _wanted_in_handling(course)
    return _WANTED.get(course.stage, ())


AFTER_REFERRAL = ("follow_up", "information_requested", "agency_returned")
"""What an institution that a case was referred to may be asked, or may do."""
_WANTED = {
    "initial_review": ("reviewed", "withdrawn", "transferred", "taken_over", "converted"),
    "completion": (
        "completion_noticed",
        "completed",
        "completion_lapsed",
        "withdrawn",
        "transferred",
        "converted",
    ),
    "registration": (
        "registered",
        "not_registered",
        "reviewed",
        "withdrawn",
        "transferred",
        "taken_over",
        "converted",
    ),
    "referral": (
        "referred",
        "transferred",
        "notified",
        *AFTER_REFERRAL,
        "gakkumdu_first",
        "gakkumdu_second",
    ),
    "notice": ("notified", "closed", *AFTER_REFERRAL, "referred", "converted"),
}


def _wanted_in_handling(course: Course) -> tuple[str, ...]:
    waits = course.invited_on and not course.absent_on
    asked = ("clarified", "absent", "invited") if waits else ("invited", "clarified", "absent")
    first = {
        "clarification": asked,
        "assessment": ("assessed", "invited", "clarified"),
        "plenary": ("decided", "invited", "clarified"),
    }[course.stage]
    rest = (
        "expert_heard",
        "assessed",
        "extra_needed",
        "gakkumdu_first",
        "gakkumdu_second",
        "absent",
        "registered",
        "transferred",
        "taken_over",
    )
    return (*first, *(kind for kind in rest if kind not in first))


def _wanted_for_tip(course: Course) -> tuple[str, ...]:
    if course.decided_on and course.decision == "violation":
        return ("converted", "referred", "follow_up", "closed")
    if course.decided_on:
        return ("closed",)
    looking = ("inquiry_reported", "inquiry_ordered")
    return (
        "decided",
        *(looking if course.inquiry_on else reversed(looking)),
        "converted",
        "closed",
        "transferred",
        "taken_over",
        "withdrawn",
    )
