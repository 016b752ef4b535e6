"""Very many cases at the district: the desk's checks and rows, many in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.evidence import StoredEvidence, evidence_rows
from posko_app.cases.intake import make_rows
from posko_app.cases.report import check_report
from posko_app.cases.series import filing_number
from posko_app.cases.steps import NewStep, register_number, step_event, step_row
from posko_app.data.tables import Event as EventRow
from posko_app.errors import InvalidInput, Problem
from posko_app.rules.stages import check_step
from posko_app.security.uid import new_uid

from .course import Planned
from .life import Life
from .offices import PracticeOffice

AT_ONCE = 400  # filings and steps in one transaction
LINES_AT_ONCE = 500

Action = tuple[datetime, Life, Planned | None]


def actions_by_day(told: Sequence[Life]) -> dict[date, list[Action]]:
    """Everything that happens to these cases, day by day in order."""
    actions: list[Action] = [(life.filed_at, life, None) for life in told]
    actions += [(step.when, life, step) for life in told for step in life.steps]
    actions.sort(key=lambda action: action[0])
    return {day: list(group) for day, group in groupby(actions, key=lambda a: a[0].date())}


class Bulk:
    """The many cases of one office; their board lines wait until somebody reads them."""

    def __init__(self, office: PracticeOffice, done: Callable[[int], None]) -> None:
        self.office = office
        self.done = done
        self._touched: set[str] = set()

    def play(self, actions: Sequence[Action]) -> None:
        """Take in and carry on the cases of one day."""
        for start in range(0, len(actions), AT_ONCE):
            chunk = actions[start : start + AT_ONCE]
            _transaction(self.office, chunk)
            self._touched |= {life.uid for _, life, _ in chunk}
            self.done(sum(step is None for _, _, step in chunk))

    def settle(self) -> None:
        """Bring the board lines up to date."""
        if not self._touched:
            return
        posko = self.office.posko
        waiting = sorted(self._touched)
        for start in range(0, len(waiting), LINES_AT_ONCE):
            with posko.write() as session:
                board.refresh(posko, session, waiting[start : start + LINES_AT_ONCE])
        self._touched.clear()


def _transaction(office: PracticeOffice, actions: Sequence[Action]) -> None:
    """One transaction; rows are written in two goes, parents first, instead of one by one."""
    posko, clock = office.posko, office.clock
    cases: list[Any] = []
    rows: list[Any] = []
    with posko.write() as session:
        for moment, life, step in actions:
            clock.turn_to(moment)
            with office.acting(office.who(step.role if step else "receiver", life.place)):
                if step is None:
                    case, children = _filed(office, session, life)
                    cases.append(case)
                    rows += children
                else:
                    rows += _stepped(posko, session, life, step)
        session.add_all(cases)
        session.flush()
        session.add_all(rows)
        session.flush()
        steps = len(actions) - len(cases)
        posko.note(session, "practice.filled", "", filed=len(cases), steps=steps)


def _filed(office: PracticeOffice, session: Any, life: Life) -> tuple[Any, list[Any]]:
    """The rows of a report that is checked and numbered like any other."""
    posko, report = office.posko, life.report
    checked = check_report(posko, report)
    if checked.problems:
        raise InvalidInput(checked.problems)
    law = posko.rules.get(posko.office.regulation)
    numbered = filing_number(
        posko, session, report.kind, law, report.filed_on, report.election_kind
    )
    officer = office.who("verifier", life.place).login
    case, rows = make_rows(posko, report, law, numbered, officer)
    life.uid = case.uid
    for row in rows:
        if isinstance(row, EventRow):
            row.uid = new_uid()  # else given at the flush, which is still to come
            life.known.append(board.to_event(row))
    stored = [StoredEvidence(item) for item in report.evidence]
    return case, [*rows, *evidence_rows(posko, case.uid, stored)]


def _stepped(posko: Posko, session: Any, life: Life, planned: Planned) -> list[Any]:
    """The rows of a step, after the same checks as at the desk."""
    law = posko.rules.get(posko.office.regulation)
    rows: list[Any] = []
    if planned.kind == "completed" and life.added_later:
        stored = [StoredEvidence(item) for item in life.added_later]
        rows += evidence_rows(posko, life.uid, stored)
        life.report = replace(life.report, evidence=life.added_later)
    event = step_event(posko, new_step(planned))
    problems = list(check_step(life.known, event, law))
    if planned.kind == "registered":
        if life.report.kind == "report":
            unmet = [r for r in check_report(posko, life.report).requirements if not r.met]
            problems += [Problem(r.key, r.why) for r in unmet if r.key != "on_time"]
        kind = life.report.kind
        election = life.report.election_kind
        number = register_number(posko, session, law, kind, event.on, election)
        event = replace(event, number=number)
    if problems:
        raise InvalidInput(problems)
    life.known.append(event)
    return [*rows, step_row(posko, life.uid, event, planned.note)]


def new_step(step: Planned) -> NewStep:
    """A planned step as the use cases take it."""
    return NewStep(
        kind=step.kind,
        on=step.when.date(),
        at=step.when,
        outcome=step.outcome,
        note=step.note,
        data=step.data,
    )
