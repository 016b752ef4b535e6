"""Correcting what was written down at intake: with a reason, and with what stood there before.

A date from which clocks start stands in the event that took the case in. That event is voided and
entered again with the right date, so that every deadline still follows from events alone; what was
there before stays in the timeline, in a note that holds the old and the new value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, Letter
from posko_app.errors import InvalidInput, Problem
from posko_app.rules import stages
from posko_app.rules.book import Regulation
from posko_app.rules.catalogue import with_articles
from posko_app.rules.deadlines import Due
from posko_app.security import permissions
from posko_app.security.uid import new_uid
from posko_app.text import clean

from . import board
from .facts_change_told import MARK, data_of, label_of, naming, told
from .find import case_uid_of
from .kinds import IntakeKind, kind_of
from .report import NewReport, check_report
from .step_checks import named_in_the_open, not_ours
from .steps import NewStep, events_of, permission_of, step_event, step_row

CLOCKS = ("known_on", "filed_on", "filed_time")
"""Facts that stand in the event of intake too: clocks start from them."""
FACTS = (
    *("title", "event_on", "event_time", "event_place", "region_code", "theme", "article"),
    *("narrative", *CLOCKS),
)
"""What may be corrected, in the order in which it is told."""
NO_REASON = "Tulis alasannya, misalnya: salah ketik saat menerima laporan."
SAME = "Tidak ada yang berubah. Betulkan dulu isiannya."
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
TAKEN_IN = ("filed", "converted", "received_transfer")


@dataclass(frozen=True, kw_only=True)
class MovedDue:
    """A deadline that another date moves; None where it does not run."""

    rule: str
    label: str
    before: date | None
    after: date | None


@dataclass(frozen=True, kw_only=True)
class FactsChange:
    """What a correction does: problems forbid it; `letters` are those issued before it."""

    problems: tuple[Problem, ...]
    moved: tuple[MovedDue, ...]
    letters: int


@use_case("case.write")
def check_facts(posko: Posko, case: str, values: Mapping[str, Any], reason: str) -> FactsChange:
    """What correcting these facts would do; nothing is written."""
    with posko.store.read() as session:
        plan = _plan(posko, session, case_uid_of(session, case), values, reason)
        return FactsChange(
            problems=tuple(plan.problems),
            moved=tuple(_moved(posko, plan)),
            letters=_letters(session, plan.uid),
        )


@use_case("case.write")
def change_facts(posko: Posko, case: str, values: Mapping[str, Any], reason: str) -> str:
    """Correct facts of a case (uid or number); gives back the uid of the note that tells it.

    `values` by name of `FACTS`; None or "" empties one. Raises InvalidInput with every problem at
    once, NotAllowed when clocks would move and the role may not decide.
    """
    with posko.write() as session:
        uid = case_uid_of(session, case)
        plan = _plan(posko, session, uid, values, reason)
        if plan.problems:
            raise InvalidInput(plan.problems)
        if plan.again:
            permissions.require(posko.user.role, permission_of("corrected"))
        for name, value in plan.values.items():
            setattr(plan.row, name, value)
        if {"filed_on", "filed_time"} & set(plan.values):
            _filed_otherwise(posko, plan.row, clean(reason))
        for voiding, event in plan.again:
            session.add(step_row(posko, uid, voiding, reason))
            session.add(step_row(posko, uid, event))
        session.add(
            step_row(posko, uid, plan.note, told(posko, plan.kind, plan.note.data, clean(reason)))
        )
        session.flush()
        board.refresh(posko, session, [uid])
        posko.note(session, "case.facts_changed", uid, event=plan.note.uid, fields=[*plan.values])
    return plan.note.uid


# --- planning -----------------------------------------------------------------------------------


@dataclass(kw_only=True)
class _Plan:
    """A correction before it is written; `again` are pairs of a voiding and the event anew."""

    uid: str
    row: Case
    law: Regulation
    kind: IntakeKind
    values: dict[str, Any]
    events: list[stages.Event]
    again: list[tuple[stages.Event, stages.Event]]
    note: stages.Event
    problems: list[Problem]

    @property
    def after(self) -> list[stages.Event]:
        """The events as they will stand."""
        return [*self.events, *(event for pair in self.again for event in pair)]


def _plan(posko: Posko, session: Session, uid: str, given: Mapping[str, Any], reason: str) -> _Plan:
    row = session.scalars(select(Case).where(Case.uid == uid)).one()
    unknown = sorted(set(given) - set(FACTS))
    if unknown:
        raise ValueError(f"no facts: {', '.join(unknown)}")
    tidy = {name: _tidied(row, name, given[name]) for name in FACTS if name in given}
    values = {name: value for name, value in tidy.items() if value != getattr(row, name)}
    law = posko.rules.get(row.regulation, values.get("filed_on") or row.filed_on)
    events = events_of(session, uid)
    state = stages.state_of(events, law)
    hidden = naming(posko, session, row, values)
    data = data_of(row, values, clean(reason), hidden)
    plan = _Plan(
        uid=uid,
        row=row,
        law=law,
        kind=kind_of(state.intake_kind),
        values=values,
        events=events,
        again=[],
        note=step_event(posko, NewStep(kind="note", on=posko.today(), data=data)),
        problems=[],
    )
    if set(values) & set(CLOCKS) and _readable(values):
        plan.again = list(_again(posko, plan, state))
    plan.problems = list(_problems(posko, session, plan, reason))
    return plan


def _tidied(row: Case, name: str, value: Any) -> Any:
    if isinstance(value, str):
        return with_articles(clean(value)) if name == "article" else clean(value)
    return "" if value is None and isinstance(getattr(row, name), str) else value


def _readable(values: Mapping[str, Any]) -> bool:
    """Whether day and hour of filing can be put together; else the problems say what is wrong."""
    clock = values.get("filed_time") or "00:00"
    return values.get("filed_on", date.min) is not None and bool(HOUR.fullmatch(clock))


def _again(
    posko: Posko, plan: _Plan, state: stages.CaseState
) -> Iterator[tuple[stages.Event, stages.Event]]:
    """The events of intake that are entered anew, each with what voids the old one."""
    taken_in = [event for event in state.events if event.kind in TAKEN_IN]
    changed: dict[str, stages.Event] = {}
    if taken_in and {"filed_on", "filed_time"} & set(plan.values):
        on = plan.values.get("filed_on", plan.row.filed_on)
        clock = plan.values.get("filed_time", plan.row.filed_time)
        first = next((e for e in taken_in if e.on == plan.row.filed_on), taken_in[0])
        at = _filed_at(posko, on, clock) if clock else None
        changed[first.uid] = replace(first, on=on, at=at)
    if "known_on" in plan.values:
        known = plan.values["known_on"]
        # The last one that says it counts; nothing may say it when it is not known after all.
        for event in taken_in[-1:] if known else taken_in:
            now = changed.get(event.uid, event)
            if (data := _known(state, now, known)) != dict(now.data):
                changed[event.uid] = replace(now, data=data)
    for uid, event in changed.items():
        step = NewStep(kind="corrected", on=posko.today(), corrects=uid, data={"about": MARK})
        yield step_event(posko, step), replace(event, uid=new_uid())


def _known(state: stages.CaseState, event: stages.Event, known_on: date | None) -> dict[str, str]:
    """The data of an event of intake with another date known, or found in a finding."""
    data = {key: text for key, text in event.data.items() if key not in ("known_on", "found_on")}
    key = "found_on" if state.intake_kind == "finding" else "known_on"
    return data | ({key: known_on.isoformat()} if known_on else {})


def _filed_at(posko: Posko, on: date, clock: str) -> datetime:
    """The instant of filing; for a day whose hour nobody wrote down, its beginning."""
    hour, minute = map(int, clock.split(":")) if clock else (0, 0)
    return datetime.combine(on, time(hour, minute), posko.zone)


def _filed_otherwise(posko: Posko, row: Case, reason: str) -> None:
    """What follows in the case itself from another time of filing."""
    row.received_at = _filed_at(posko, row.filed_on, row.filed_time)
    if row.arrived_at is not None and not row.arrival_reason:
        row.arrival_reason = reason


# --- judging ------------------------------------------------------------------------------------


def _problems(posko: Posko, session: Session, plan: _Plan, reason: str) -> Iterator[Problem]:
    if len(clean(reason)) < 5:
        yield Problem("reason", NO_REASON)
    if not plan.values:
        yield Problem("", SAME)
        return
    if not plan.values.get("filed_on", plan.row.filed_on):
        yield Problem("filed_on", f"Isi {label_of(plan.kind, 'filed_on').lower()}.")
        return
    known = {name: getattr(plan.row, name) for name in FACTS} | plan.values
    report = NewReport(kind=plan.kind.code, **known)
    yield from (p for p in check_report(posko, report, plan.law).problems if p.field in FACTS)
    theme = plan.values.get("theme")
    if theme and theme not in posko.vocabulary.codes("allegation"):
        yield Problem("theme", f"Jenis dugaan {theme} tidak dikenal.")
    region = plan.values.get("region_code")
    if region and posko.regions.get(region) is None:
        yield Problem("region_code", f"Wilayah {region} tidak dikenal.")
    texts = {name: value for name, value in plan.values.items() if isinstance(value, str)}
    yield from named_in_the_open(posko, session, plan.uid, {**texts, "reason": reason})
    for voiding, _ in plan.again:
        yield from not_ours(posko, plan.events, voiding.corrects)
    yield from _contradictions(plan)


def _contradictions(plan: _Plan) -> Iterator[Problem]:
    """What the other steps of the case say against the new date."""
    before = set(stages.state_of(plan.events, plan.law).contradictions)
    for sentence in stages.state_of(plan.after, plan.law).contradictions:
        if sentence not in before:
            field = "filed_on" if "filed_on" in plan.values else "known_on"
            yield Problem(field, sentence)


def _letters(session: Session, uid: str) -> int:
    """How many letters say what stood there before."""
    counted = select(func.count()).select_from(Letter).where(Letter.case_uid == uid)
    return session.scalar(counted) or 0


def _moved(posko: Posko, plan: _Plan) -> Iterator[MovedDue]:
    """The running deadlines before and after, where they differ."""
    old, new = ({due.rule: due for due in _dues(posko, plan, e)} for e in (plan.events, plan.after))
    for rule in dict.fromkeys((*old, *new)):
        before, after = old.get(rule), new.get(rule)
        if (before and before.due_on) != (after and after.due_on):
            known = after or before
            assert known is not None
            yield MovedDue(
                rule=rule,
                label=known.label,
                before=before.due_on if before else None,
                after=after.due_on if after else None,
            )


def _dues(posko: Posko, plan: _Plan, events: Sequence[stages.Event]) -> Sequence[Due]:
    state, dues = board.state_and_dues(posko, events, plan.law)
    return () if state.closed else dues
