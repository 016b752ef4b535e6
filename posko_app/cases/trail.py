"""Jejak akses: who opened, printed, changed or linked what of a case, out of the audit chain."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import AuditEntry

from .find import case_uid_of

TOLD = ("step.", "letter.issued", "evidence.added", "case.filed")
"""How the acts begin that the timeline of a case tells already."""
MOST = 300


@dataclass(frozen=True)
class TrailRow:
    """One act on a case; `reason` is what was given for it, empty where none is asked."""

    n: int
    action: str
    at: datetime
    account: str
    reason: str


@use_case("audit.read")
def case_trail(posko: Posko, case: str) -> tuple[TrailRow, ...]:
    """The latest acts on a case (uid or number) that its timeline does not tell, newest first."""
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        wanted = select(AuditEntry).where(AuditEntry.entity_uid == uid)
        for start in TOLD:
            wanted = wanted.where(~AuditEntry.action.startswith(start, autoescape=True))
        rows = session.scalars(wanted.order_by(AuditEntry.n.desc()).limit(MOST))
        return tuple(
            TrailRow(row.n, row.action, row.at, row.account, _reason(row.body)) for row in rows
        )


def _reason(body: str) -> str:
    return str(json.loads(body).get("reason") or "")
