"""Append to the audit chain and check it; triggers in the database refuse anything else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.security import chain

from .tables import AuditEntry, Office


def append(
    session: Session,
    *,
    at: datetime,
    account: str,
    action: str,
    entity_uid: str,
    detail: Mapping[str, Any],
) -> None:
    """Add one link, whose hash covers its place, time and body and the link before."""
    session.flush()
    at = at.astimezone(UTC)  # as it is read back: the hash covers its text
    # Links are numbered one after the other, so writers queue up here; SQLite has one anyway.
    session.execute(select(Office.id).with_for_update())
    before, prev = head(session)
    n = before + 1
    body = json.dumps(
        {"account": account, "action": action, "uid": entity_uid, **detail},
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )
    session.add(
        AuditEntry(
            n=n,
            at=at,
            account=account,
            action=action,
            entity_uid=entity_uid,
            body=body,
            prev=prev,
            hash=chain.link(n, prev, at.isoformat(), body),
        )
    )
    session.flush()


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the last link; anchored in every manifest and backup."""
    last = session.execute(
        select(AuditEntry.n, AuditEntry.hash).order_by(AuditEntry.n.desc()).limit(1)
    ).first()
    return (last[0], last[1]) if last else (0, "")
