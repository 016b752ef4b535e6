"""Steps: the dated events that carry a case through the law, each checked before it is added."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, Event
from posko_app.errors import InvalidInput, Problem
from posko_app.rules import requirements, stages
from posko_app.rules.book import Regulation
from posko_app.security import permissions
from posko_app.security.uid import new_uid
from posko_app.text import clean

from . import board, clarification_rows
from .conversion import ALIAS, CONVERTED, WAS, off_path, put_back
from .find import case_uid_of
from .inquiry import looked_into
from .series import alias_of, desk_number, filing_number, report_number
from .step_checks import (
    found_missing,
    judged,
    named_in_the_open,
    not_ours,
    requirement_checks,
    unmet,
)

DECISIONS = {
    "decided",
    "registered",
    "not_registered",
    "referred",
    "closed",
    "transferred",
    "reopened",  # voids a decision as a correction does
    "corrected",
}


@dataclass(frozen=True, kw_only=True)
class NewStep:
    """A step about to be recorded. `on` is the legal date, `at` the instant for rules in hours."""

    kind: str
    on: date
    at: datetime | None = None
    outcome: str = ""
    number: str = ""
    note: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    corrects: str = ""


@use_case("case.step")
def record_step(posko: Posko, case: str, step: NewStep) -> str:
    """Record a step of a case (uid or number) and return the event's uid.

    A registration takes the next number of the office's series unless one is given. Raises
    InvalidInput when the step does not follow from where the case stands, its date is in the
    future, or a report is registered whose requirements are unmet.
    """
    permissions.require(posko.user.role, permission_of(step.kind))
    with posko.write() as session:
        case_uid = case_uid_of(session, case)
        uid = add_step(posko, session, case_uid, step)
        board.refresh(posko, session, [case_uid])
        posko.note(session, f"step.{step.kind}", case_uid, event=uid, outcome=step.outcome)
    return uid


@use_case("case.step")
def check_new_step(posko: Posko, case: str, step: NewStep) -> tuple[Problem, ...]:
    """Everything that would have a step refused; nothing is recorded."""
    with posko.store.read() as session:
        return _checked(posko, session, case_uid_of(session, case), step).problems


def permission_of(kind: str) -> str:
    """The permission that recording a kind of step takes."""
    return "case.decide" if kind in DECISIONS else "case.step"


def add_step(
    posko: Posko, session: Session, case_uid: str, step: NewStep, *, over_form: bool = False
) -> str:
    """Check and add a step inside the caller's transaction; the caller refreshes the board.

    `over_form` says that a filled form of the new kind stands behind a conversion.
    """
    checked = _checked(posko, session, case_uid, step, over_form=over_form)
    if checked.problems:
        raise InvalidInput(checked.problems)
    wanted = checked.event
    if step.kind == "registered" and not step.number:
        number = register_number(
            posko, session, checked.law, checked.intake_kind, step.on, checked.election
        )
        wanted = replace(wanted, number=number)
    if step.kind == "received_transfer" and wanted.data.get("handover") and not step.number:
        given = desk_number(
            posko, session, checked.intake_kind, checked.law, step.on, checked.election
        )
        wanted = replace(wanted, number=given.number)
    if step.kind == CONVERTED:
        wanted = _renamed(posko, session, case_uid, wanted, checked)
    session.add(step_row(posko, case_uid, wanted, step.note))
    clarification_rows.follow(posko, session, case_uid, wanted, checked.earlier)
    if step.kind == "corrected":
        put_back(session, case_uid, step.corrects, [*checked.earlier, wanted])
    session.flush()
    return wanted.uid


def _renamed(
    posko: Posko, session: Session, case_uid: str, event: stages.Event, checked: _Checked
) -> stages.Event:
    """A conversion with its number; whoever it came from is called as the new kind does."""
    kind = event.data["intake_kind"]
    if not event.number:
        made = filing_number(posko, session, kind, checked.law, event.on, checked.election)
        event = replace(event, number=made.number)
    row = session.scalars(select(Case).where(Case.uid == case_uid)).one()
    event = replace(event, data={**event.data, WAS + ALIAS: row.reporter_alias})
    row.reporter_alias = alias_of(kind, event.number.partition("/")[0])
    return event


@dataclass(frozen=True)
class _Checked:
    """A step as it would be recorded, and what stands against it."""

    event: stages.Event
    problems: tuple[Problem, ...]
    law: Regulation
    intake_kind: str
    election: str  # that of the case, for its numbers
    earlier: Sequence[stages.Event]


def _checked(
    posko: Posko, session: Session, case_uid: str, step: NewStep, *, over_form: bool = False
) -> _Checked:
    case = session.scalars(select(Case).where(Case.uid == case_uid)).one()
    law = posko.rules.get(case.regulation, case.filed_on)
    events = events_of(session, case_uid)
    state = stages.state_of(events, law)
    wanted = _answering(step_event(posko, step), state)
    # What a case is now: a tip may have become a report or a finding since it was taken in.
    kind = state.intake_kind
    checks = judged(requirement_checks(posko, session, case, law), state.events)
    wanted = _with_missing(wanted, checks, state.events)
    wanted = clarification_rows.completed(posko, session, case_uid, wanted)
    problems = list(stages.check_step(events, wanted, law))
    if step.on > posko.today():
        problems.append(Problem("on", "Tanggal langkah setelah hari ini. Periksa tahunnya."))
    if step.at and step.at.astimezone(posko.zone).date() != step.on:
        # Rules in hours start from the hour, the others from the date: they must be one day.
        problems.append(Problem("at", "Jam langkah jatuh pada tanggal lain. Periksa keduanya."))
    if step.kind == "registered" and kind == "report":
        problems += unmet(checks, found_missing(state.events))
    problems += named_in_the_open(posko, session, case_uid, {"note": step.note, **step.data})
    problems += looked_into(step.kind, step.on, step.data, step.note)
    if step.kind == CONVERTED:
        target = step.data.get("intake_kind", "")
        problems += off_path(posko, kind, target, over_form=over_form)
    if step.kind == "corrected":
        problems += not_ours(posko, events, step.corrects, law)
        problems += clarification_rows.ended_first(events, step.corrects)
    return _Checked(wanted, tuple(problems), law, kind, case.election_kind, events)


def _answering(event: stages.Event, state: stages.CaseState) -> stages.Event:
    """An answer to a pelimpahan names it, so that every office knows which one it was."""
    offer = state.offer_to(event.office)
    if offer is None or event.kind not in ("received_transfer", "transfer_returned"):
        return event
    return replace(event, data={"handover": offer.event, "from": offer.sender, **event.data})


def _with_missing(
    event: stages.Event,
    checks: Sequence[requirements.RequirementCheck],
    events: Sequence[stages.Event],
) -> stages.Event:
    """A review that finds a report incomplete names what is missing, and so does its notice."""
    if event.data.get("missing"):
        return event
    missing: Sequence[str] = ()
    if event.kind == "reviewed" and event.outcome == "incomplete":
        missing = [check.key for check in checks if not check.met and check.key != "on_time"]
    elif event.kind == "completion_noticed":
        missing = found_missing(events)
    if not missing:
        return event
    return replace(event, data={**event.data, "missing": ",".join(missing)})


def step_event(posko: Posko, step: NewStep) -> stages.Event:
    """A new step of this office as the rules read it."""
    return stages.Event(
        uid=new_uid(),
        kind=step.kind,
        on=step.on,
        at=step.at,
        office=posko.office.code,
        outcome=step.outcome,
        number=step.number,
        corrects=step.corrects,
        data=dict(step.data),
    )


def step_row(posko: Posko, case_uid: str, event: stages.Event, note: str = "") -> Event:
    """The row of a checked step, in the name of the person logged in."""
    return Event(
        uid=event.uid,
        case_uid=case_uid,
        kind=event.kind,
        on=event.on,
        at=event.at,
        office_code=event.office,
        actor=posko.user.login,
        outcome=event.outcome,
        number=event.number,
        note=clean(note),
        data=json.dumps(dict(event.data), sort_keys=True),
        corrects=event.corrects,
        made_at=posko.now(),
    )


def register_number(
    posko: Posko,
    session: Session,
    law: Regulation,
    intake_kind: str,
    on: date,
    election: str = "",
) -> str:
    """The next registration number; findings bear TM, reports LP."""
    kind = "TM" if intake_kind == "finding" else "LP"
    return report_number(posko, session, "registration", law, on, kind, election).number


@use_case("case.step")
def add_note(posko: Posko, case: str, text: str) -> str:
    """Write a note into a case's timeline."""
    if not clean(text):
        raise InvalidInput([Problem("note", "Tulis catatannya dulu.")])
    return record_step(posko, case, NewStep(kind="note", on=posko.today(), note=text))


def events_of(session: Session, case_uid: str) -> list[stages.Event]:
    """The events of a case as the rules read them."""
    rows = session.scalars(select(Event).where(Event.case_uid == case_uid))
    return [board.to_event(row) for row in rows]
