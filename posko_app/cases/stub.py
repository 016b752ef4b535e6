"""A case that this office gave away: it goes on showing what happens, and nothing is written."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Case, Event
from posko_app.errors import UserError
from posko_app.rules import stages

from .board import to_event

MOVES = ("received_transfer", "taken_over")


def require_ours(posko: Posko, session: Session, case_uid: str) -> None:
    """Raise UserError when this office gave the case away and another one has it."""
    events = session.scalars(select(Event).where(Event.case_uid == case_uid)).all()
    if not any(event.kind in MOVES for event in events):
        return
    row = session.scalars(select(Case).where(Case.uid == case_uid)).one()
    law = posko.rules.get(row.regulation, row.filed_on)
    state = stages.state_of(map(to_event, events), law)
    if posko.office.code not in state.left:
        return
    region = posko.regions.get(state.office)
    raise UserError(
        f"Perkara ini sudah ditangani kantor lain ({region.name if region else state.office}), "
        "jadi di sini hanya dapat dibaca. Data tidak berubah. Sampaikan usulan ke kantor itu.",
        "given_away",
    )
