"""Lasting numbers for cases of this office that bear a provisional one, or that of another case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Case, CaseBoard, Event, TrustedKey

from . import board
from .called import NUMBERED, RENAMES
from .number_blocks import PROVISIONAL
from .series import Numbered, alias_of, filing_number
from .steps import NewStep, step_event, step_row

OWN_FORMER = "komputer ini sendiri"
"""The reason that `data.succession` keeps for the identities this computer had."""
_RECEIVED = ("received_transfer", "taken_over")


@dataclass(frozen=True)
class Waiting:
    """A case with the number to be replaced; `event` is the step of this office that gave it."""

    case: Case
    number: str
    event: Event | None = None


def waiting(posko: Posko, session: Session) -> Sequence[Waiting]:
    """What bears a provisional number of this computer, or of one that it was before.

    Reports in the order they came in, then what other offices passed on.
    """
    mark = f"{PROVISIONAL} "
    own = posko.office.code
    filed = session.scalars(
        select(Case)
        .where(Case.number.startswith(mark), Case.office_code == own)
        .order_by(Case.received_at, Case.uid)
    )
    received = session.execute(
        select(Case, Event)
        .join(Event, Event.case_uid == Case.uid)
        .join(CaseBoard, CaseBoard.case_uid == Case.uid)
        .where(CaseBoard.number.startswith(mark), CaseBoard.number == Event.number)
        .where(Event.office_code == own, Event.kind.in_(_RECEIVED))
        .order_by(Event.made_at, Event.uid)
    )
    found = {row.uid: Waiting(row, row.number) for row in filed}
    for row, event in received:
        found.setdefault(row.uid, Waiting(row, event.number, event))
    devices = own_devices(posko, session)
    return [w for w in found.values() if w.number.split(" ")[1].partition("-")[0] in devices]


def own_devices(posko: Posko, session: Session) -> set[str]:
    """The identity of this computer and those that it had before."""
    was = select(TrustedKey.device_id).where(
        TrustedKey.office_code == posko.office.code, TrustedKey.reason == OWN_FORMER
    )
    return {posko.office.device_id, *session.scalars(was)}


def received_here(posko: Posko, session: Session, case: Case) -> Event | None:
    """The step of this office that gave a case from another one the number it bears now."""
    rows = {row.uid: row for row in _rows(session, case.uid)}
    law = posko.rules.get(case.regulation, case.filed_on)
    state, _ = board.state_and_dues(posko, [board.to_event(row) for row in rows.values()], law)
    given = [event for event in state.events if event.kind in NUMBERED and event.number]
    if not given or given[-1].kind not in _RECEIVED or given[-1].office != posko.office.code:
        return None
    return rows[given[-1].uid]


def new_number(
    posko: Posko, session: Session, row: Case, before: str, event: Event | None = None
) -> Numbered:
    """Give a case the next number of its series inside the caller's transaction.

    `event` is the step of this office that gave the number `before`: a note replaces it, for a step
    is never changed. The caller refreshes the board. Raises NumbersUsedUp.
    """
    law = posko.rules.get(row.regulation, row.filed_on)
    if event is None:
        made = filing_number(posko, session, row.kind, law, row.filed_on, row.election_kind)
        row.number = made.number
        row.reporter_alias = alias_of(row.kind, f"{made.seq:03d}")
    else:
        events = [board.to_event(each) for each in _rows(session, row.uid)]
        kind = board.state_and_dues(posko, events, law)[0].intake_kind
        made = filing_number(posko, session, kind, law, event.on, row.election_kind)
        told = NewStep(kind="note", on=posko.today(), number=made.number, data={RENAMES: event.uid})
        note = f"Nomor {made.number} menggantikan nomor {before}."
        session.add(step_row(posko, row.uid, step_event(posko, told), note))
    posko.note(session, "case.numbered", row.uid, before=before, number=made.number)
    session.flush()
    return made


def _rows(session: Session, case: str) -> Sequence[Event]:
    return session.scalars(select(Event).where(Event.case_uid == case)).all()
