"""What offices without Posko reported as nothing to hand on: the Nihil rows of their workbooks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import AuditEntry

ACTION = "intake.nil"


@dataclass(frozen=True, kw_only=True)
class NilReport:
    """That an office had nothing of a kind between two days, both included."""

    office_code: str
    what: str
    since: date
    until: date
    taken_at: datetime


@use_case("office.read")
def nil_reports(posko: Posko) -> tuple[NilReport, ...]:
    """Every Nihil row that was taken in, the latest period first."""
    query = select(AuditEntry.at, AuditEntry.body).where(AuditEntry.action == ACTION)
    with posko.store.read() as session:
        rows = session.execute(query.order_by(AuditEntry.n)).all()
    found = []
    for at, body in rows:
        said = json.loads(body)
        found.append(
            NilReport(
                office_code=said["office"],
                what=said["what"],
                since=date.fromisoformat(said["since"]),
                until=date.fromisoformat(said["until"]),
                taken_at=at,
            )
        )
    return tuple(sorted(found, key=lambda nil: (nil.until, nil.taken_at), reverse=True))
