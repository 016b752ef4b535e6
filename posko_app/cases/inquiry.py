"""Penelusuran: who looks into a tip and until when, the report of it (LHP), and what the plenary
makes of it: a finding, or no violation and a closed case that keeps its LHP.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from posko_app.app import Posko, use_case
from posko_app.errors import InvalidInput, Problem
from posko_app.rules.deadlines import Due
from posko_app.rules.stages import Event
from posko_app.text import clean

from . import board
from .case_view import case_view
from .find import case_uid_of
from .steps import NewStep, add_step, record_step
from .views import CaseView

ORDERED, REPORTED = "inquiry_ordered", "inquiry_reported"
RULE = "inquiry"  # the limit of an inquiry in every regulation
FINDING, NOTHING = "finding", "not_violation"
SUSPECTED, NOT_SUSPECTED = "suspected", "not_suspected"  # outcomes of an LHP
RESULTS = (FINDING, NOTHING)
"""What a plenary may make of an LHP."""
OFFICERS, UNTIL = "officers", "until"  # keys of the data of an order
_APART = "; "


@dataclass(frozen=True, kw_only=True)
class InquiryOrder:
    """A letter of assignment: its number and date, who is sent, until when (None: the limit)."""

    on: date
    officers: tuple[str, ...]
    number: str = ""
    until: date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class InquiryReport:
    """An LHP: its number and date, and what was found, in short."""

    on: date
    outcome: str  # SUSPECTED or NOT_SUSPECTED
    summary: str
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class InquiryView:
    """An inquiry as far as it has come; `limit` runs until the plenary has decided."""

    order: InquiryOrder | None
    report: InquiryReport | None
    limit: Due | None
    result: str  # FINDING, NOTHING, or empty while nothing is decided


@use_case("case.read")
def inquiry_of(posko: Posko, case: str) -> InquiryView:
    """Order, report and limit of a case's inquiry (uid or number)."""
    return inquiry_in(case_view(posko, case))


def inquiry_in(view: CaseView) -> InquiryView:
    """The same from a case that was read before."""
    events = view.state.events
    notes = {event.uid: event.note for event in view.events}
    ordered, reported = _last(events, ORDERED), _last(events, REPORTED)
    return InquiryView(
        order=_order(ordered, notes) if ordered else None,
        report=InquiryReport(
            on=reported.on,
            outcome=reported.outcome,
            number=reported.number,
            summary=notes.get(reported.uid, ""),
        )
        if reported
        else None,
        limit=next((due for due in view.dues if due.rule == RULE), None),
        result=_result(events),
    )


@use_case("case.step")
def order_inquiry(posko: Posko, case: str, order: InquiryOrder) -> str:
    """Record the letter of assignment; gives back the event's uid.

    Raises InvalidInput when nobody is sent, or the assignment ends before it begins.
    """
    officers = joined(order.officers)
    problems = []
    if not officers:
        problems.append(Problem(OFFICERS, "Isi siapa yang ditugaskan menelusuri."))
    if order.until is not None and order.until < order.on:
        problems.append(
            Problem(UNTIL, "Tugas berakhir sebelum tanggal suratnya. Periksa keduanya.")
        )
    if problems:
        raise InvalidInput(problems)
    data = {OFFICERS: officers}
    if order.until is not None:
        data[UNTIL] = order.until.isoformat()
    number = clean(order.number)
    step = NewStep(kind=ORDERED, on=order.on, number=number, note=order.note, data=data)
    return record_step(posko, case, step)


@use_case("case.step")
def report_inquiry(posko: Posko, case: str, report: InquiryReport) -> str:
    """Record the LHP; gives back the event's uid.

    Raises InvalidInput without its summary or its outcome, or when there is nothing to look into.
    """
    if not clean(report.summary):
        raise InvalidInput([Problem("note", "Isi ringkasan hasil penelusuran.")])
    number = clean(report.number)
    step = NewStep(
        kind=REPORTED, on=report.on, outcome=report.outcome, number=number, note=report.summary
    )
    return record_step(posko, case, step)


@use_case("case.decide")
def conclude_inquiry(posko: Posko, case: str, on: date, result: str, note: str = "") -> None:
    """Record what the plenary made of the LHP, all of it or nothing.

    FINDING turns the tip into a finding, which is then registered; NOTHING closes it, and the LHP
    stays in the case. Raises InvalidInput when there is no LHP yet, or for another result.
    """
    if result not in RESULTS:
        raise InvalidInput([Problem("result", "Pilih hasilnya: temuan, atau bukan pelanggaran.")])
    if inquiry_of(posko, case).report is None:
        raise InvalidInput([Problem("result", "Catat dulu laporan hasil pengawasannya.")])
    data = {"intake_kind": FINDING, "found_on": on.isoformat()}
    steps = (
        (NewStep(kind="converted", on=on, note=note, data=data),)
        if result == FINDING
        else (
            NewStep(kind="decided", on=on, outcome=NOTHING, note=note),
            NewStep(kind="closed", on=on),
        )
    )
    with posko.write() as session:
        uid = case_uid_of(session, case)
        for step in steps:
            event = add_step(posko, session, uid, step)
            posko.note(session, f"step.{step.kind}", uid, event=event, outcome=step.outcome)
        board.refresh(posko, session, [uid])


def joined(officers: Iterable[str]) -> str:
    """Names of officers as the data of an order holds them."""
    return _APART.join(filter(None, (clean(name).replace(";", ",") for name in officers)))


def officers_of(event: Event) -> tuple[str, ...]:
    """Who an order sends."""
    return tuple(name for name in event.data.get(OFFICERS, "").split(_APART) if name)


def until_of(event: Event) -> date | None:
    """Until when an order sends them."""
    try:
        return date.fromisoformat(event.data.get(UNTIL, ""))
    except ValueError:
        return None


def _order(event: Event, notes: dict[str, str]) -> InquiryOrder:
    return InquiryOrder(
        on=event.on,
        number=event.number,
        officers=officers_of(event),
        until=until_of(event),
        note=notes.get(event.uid, ""),
    )


def _last(events: Iterable[Event], kind: str) -> Event | None:
    return next((event for event in reversed(list(events)) if event.kind == kind), None)


def _result(events: Iterable[Event]) -> str:
    """What became of it: the conversion after the LHP, else the decision."""
    known = list(events)
    reported = _last(known, REPORTED)
    if reported is None:
        return ""
    after = known[known.index(reported) :]
    if any(e.kind == "converted" and e.data.get("intake_kind") == FINDING for e in after):
        return FINDING
    decided = _last(after, "decided")
    return NOTHING if decided is not None and decided.outcome == NOTHING else ""
