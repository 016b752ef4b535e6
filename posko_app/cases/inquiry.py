"""Penelusuran: who looks into a tip and until when, the report of it (LHP), and what the plenary
makes of it: a finding, or no violation and a closed case that keeps its LHP.

Order and report are steps like any other; a finding is made over its form, by `upgrade`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from posko_app.app import Posko, use_case
from posko_app.errors import Problem
from posko_app.rules.deadlines import Due
from posko_app.rules.stages import Event
from posko_app.text import clean

from .case_view import case_view
from .views import CaseView

ORDERED, REPORTED = "inquiry_ordered", "inquiry_reported"
RULE = "inquiry"  # the limit of an inquiry in every regulation
FINDING, NOTHING = "finding", "not_violation"
SUSPECTED, NOT_SUSPECTED = "suspected", "not_suspected"  # outcomes of an LHP
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


def looked_into(kind: str, on: date, data: Mapping[str, str], note: str) -> Iterator[Problem]:
    """What an order or a report of an inquiry lacks; nothing for any other step."""
    if kind == ORDERED:
        if not data.get(OFFICERS, "").strip():
            yield Problem(OFFICERS, "Isi siapa yang ditugaskan menelusuri.")
        if (until := _iso(data.get(UNTIL, ""))) and until < on:
            yield Problem(UNTIL, "Tugas berakhir sebelum tanggal suratnya. Periksa keduanya.")
    elif kind == REPORTED and not clean(note):
        yield Problem("note", "Isi ringkasan hasil penelusuran.")


def joined(officers: Iterable[str]) -> str:
    """Names of officers as the data of an order holds them."""
    return _APART.join(filter(None, (clean(name).replace(";", ",") for name in officers)))


def officers_of(event: Event) -> tuple[str, ...]:
    """Who an order sends."""
    return tuple(name for name in event.data.get(OFFICERS, "").split(_APART) if name)


def until_of(event: Event) -> date | None:
    """Until when an order sends them."""
    return _iso(event.data.get(UNTIL, ""))


def _iso(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
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
