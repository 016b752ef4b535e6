"""Drafts of forms: saved while typing, sealed because they may hold an identity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import Draft
from posko_app.errors import UserError
from posko_app.security.cipher import seal, unseal
from posko_app.security.uid import new_uid


@dataclass(frozen=True)
class DraftRow:
    """A draft as the desk lists it; the title never holds an identity."""

    uid: str
    kind: str
    title: str
    changed_at: datetime


@use_case("draft.write")
def save_draft(
    posko: Posko, kind: str, title: str, content: Mapping[str, Any], uid: str = ""
) -> str:
    """Keep a form as it stands and return the draft's uid. Content is JSON data."""
    uid = uid or new_uid()
    sealed = seal(posko.keys.database, json.dumps(content).encode(), uid.encode())
    with posko.write() as session:
        row = session.scalar(select(Draft).where(Draft.uid == uid))
        if row is None:
            row = Draft(uid=uid, kind=kind, account=posko.user.login)
            session.add(row)
        row.title, row.sealed, row.changed_at = title, sealed, posko.now()
    return uid


@use_case("draft.write")
def drafts(posko: Posko, kind: str = "") -> tuple[DraftRow, ...]:
    """The drafts of the person logged in, newest first."""
    query = select(Draft.uid, Draft.kind, Draft.title, Draft.changed_at).where(
        Draft.account == posko.user.login
    )
    if kind:
        query = query.where(Draft.kind == kind)
    with posko.store.read() as session:
        found = session.execute(query.order_by(Draft.changed_at.desc())).all()
    return tuple(DraftRow(*row) for row in found)


@use_case("draft.write")
def open_draft(posko: Posko, uid: str) -> dict[str, Any]:
    """The content of a draft. Raises UserError when it is gone or another person's."""
    with posko.store.read() as session:
        row = session.scalar(select(Draft).where(Draft.uid == uid))
        if row is None or row.account != posko.user.login:
            raise UserError("Draf ini sudah tidak ada. Mungkin sudah disimpan sebagai laporan.")
        content: dict[str, Any] = json.loads(unseal(posko.keys.database, row.sealed, uid.encode()))
    return content


@use_case("draft.write")
def discard_draft(posko: Posko, uid: str) -> None:
    """Throw a draft away."""
    with posko.write() as session:
        row = session.scalar(select(Draft).where(Draft.uid == uid))
        if row is not None and row.account == posko.user.login:
            session.delete(row)
