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
from posko_app.data.tables import Case, Event, Letter, ReportedParty
from posko_app.errors import InvalidInput, Problem
from posko_app.rules import stages
from posko_app.rules.book import Regulation
from posko_app.rules.catalogue import with_articles
from posko_app.rules.deadlines import Due
from posko_app.security import permissions
from posko_app.security.uid import new_uid
from posko_app.text import clean

from . import board, violation_forms
from .arrival import told_late
from .facts_change_told import MARK, data_of, label_of, naming, told
from .find import case_uid_of
from .kinds import IntakeKind, intake_book, kind_of
from .report import NewReport, check_report
from .step_checks import named_in_the_open, not_ours
from .steps import NewStep, events_of, permission_of, step_event, step_row
from .stub import require_ours

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
        require_ours(posko, session, uid)
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
            said = _said(posko, session, plan, voiding.corrects, event)
            session.add(step_row(posko, uid, voiding, reason))
            session.add(step_row(posko, uid, event, said))
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
    """A correction before it is written; `again` are pairs of a voiding and the event anew.

    `law` is the edition of the day of filing as it will stand, `law_before` of the one that stood.
    """

    uid: str
    row: Case
    law: Regulation
    law_before: Regulation
    kind: IntakeKind
    values: dict[str, Any]
    events: list[stages.Event]
    taken_in: list[stages.Event]  # those in force that made it what it is
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
    law_before = posko.rules.get(row.regulation, row.filed_on)
    values |= _stage(row, values, law_before, law)
    events = events_of(session, uid)
    state = stages.state_of(events, law_before)
    hidden = naming(posko, session, row, values)
    data = data_of(row, values, clean(reason), hidden)
    plan = _Plan(
        uid=uid,
        row=row,
        law=law,
        law_before=law_before,
        kind=kind_of(state.intake_kind),
        values=values,
        events=events,
        taken_in=[
            event
            for event in state.events
            if event.kind in TAKEN_IN and not event.data.get("handover")
        ],
        again=[],
        note=step_event(posko, NewStep(kind="note", on=posko.today(), data=data)),
        problems=[],
    )
    if set(values) & set(CLOCKS) and _readable(values):
        plan.again = list(_again(posko, plan, state))
    plan.problems = list(_problems(posko, session, plan, reason))
    return plan


def _stage(
    row: Case, values: Mapping[str, Any], before: Regulation, after: Regulation
) -> dict[str, str]:
    """The stage of the election that follows another date of the act, unless somebody chose it."""
    if "event_on" not in values or row.election_stage != _derived(before, row.event_on):
        return {}
    stage = _derived(after, values["event_on"])
    return {} if stage == row.election_stage else {"election_stage": stage}


def _derived(law: Regulation, event_on: date | None) -> str:
    return law.stage_on(event_on) if event_on else ""


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
    taken_in = plan.taken_in
    changed: dict[str, stages.Event] = {}
    if taken_in and {"filed_on", "filed_time"} & set(plan.values):
        on = plan.values.get("filed_on", plan.row.filed_on)
        clock = plan.values.get("filed_time", plan.row.filed_time)
        began = _began(taken_in)
        first = next((e for e in reversed(began) if e.on == plan.row.filed_on), began[-1])
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


def _began(taken_in: Sequence[stages.Event]) -> list[stages.Event]:
    """Those events of intake whose day is the day of filing, or was it.

    A conversion begins a case only where it counts as filed anew, as a tip that becomes a report.
    """
    began: list[stages.Event] = []
    kind = ""
    for event in taken_in:
        before, kind = kind, event.data.get("intake_kind", "") or kind or "report"
        path = intake_book().path(before, kind) if event.kind == "converted" else None
        if not began or (path is not None and path.filed == "new"):
            began.append(event)
    return began


def _said(posko: Posko, session: Session, plan: _Plan, uid: str, event: stages.Event) -> str:
    """The note of an event that is entered anew, with what it now says of a report that is late."""
    note = session.scalar(select(Event.note).where(Event.uid == uid)) or ""
    kind = event.data.get("intake_kind", "") or plan.kind.code
    known = plan.values.get("known_on", plan.row.known_on)
    return told_late(posko, note, kind, known, event.on)


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
    yield from _wrong(posko, plan)
    yield from _unfit(session, plan)
    theme = plan.values.get("theme")
    if theme and theme not in posko.vocabulary.codes("allegation"):
        yield Problem("theme", f"Jenis dugaan {theme} tidak dikenal.")
    region = plan.values.get("region_code")
    if region and posko.regions.get(region) is None:
        yield Problem("region_code", f"Wilayah {region} tidak dikenal.")
    texts = {name: value for name, value in plan.values.items() if isinstance(value, str)}
    yield from named_in_the_open(posko, session, plan.uid, {**texts, "reason": reason})
    for voiding, _ in plan.again:
        yield from not_ours(posko, plan.events, voiding.corrects, plan.law)
    yield from _contradictions(plan)


def _wrong(posko: Posko, plan: _Plan) -> Iterator[Problem]:
    """What the checks of the desk say against the facts and did not say before."""
    names = (*FACTS, "election_stage")
    held = {name: getattr(plan.row, name) for name in names}
    old, new = (
        check_report(posko, _as_report(plan, facts), law).problems
        for facts, law in ((held, plan.law_before), (held | plan.values, plan.law))
    )
    stood = {problem for problem in old if problem.field not in plan.values}
    yield from (p for p in new if p.field in FACTS and p not in stood)


def _as_report(plan: _Plan, facts: Mapping[str, Any]) -> NewReport:
    """The facts as the desk checks them.

    What was taken in as something else may be found later than it was filed, and no later than the
    day on which it became what it is.
    """
    became = [event.on for event in plan.taken_in if event.kind == "converted"]
    filed_on = max([facts["filed_on"], *became])
    return NewReport(kind=plan.kind.code, **{**facts, "filed_on": filed_on})


def _unfit(session: Session, plan: _Plan) -> Iterator[Problem]:
    """A form of violation that was chosen and does not fit the act of another day any more."""
    parties = select(ReportedParty.category).where(ReportedParty.case_uid == plan.uid)
    categories = session.scalars(parties).all()
    row, now = plan.row, plan.values
    before = (plan.law_before, categories, row.event_on, row.election_stage)
    on, stage = (now.get(name, getattr(row, name)) for name in ("event_on", "election_stage"))
    after = (plan.law, categories, on, stage)
    if violation_forms.lost(violation_forms.chosen_in(session, plan.uid), before, after):
        yield Problem("event_on" if "event_on" in now else "filed_on", violation_forms.LOST)


def _contradictions(plan: _Plan) -> Iterator[Problem]:
    """What the other steps of the case say against the new date."""
    laws = (plan.law_before, plan.law)  # each says it in its own words
    before = {s for law in laws for s in stages.state_of(plan.events, law).contradictions}
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
    stands = ((plan.events, plan.law_before), (plan.after, plan.law))
    old, new = ({due.rule: due for due in _dues(posko, *each)} for each in stands)
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


def _dues(posko: Posko, events: Sequence[stages.Event], law: Regulation) -> Sequence[Due]:
    state, dues = board.state_and_dues(posko, events, law)
    return () if state.closed else dues
