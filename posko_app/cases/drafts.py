"""Drafts of forms: saved while typing, sealed because they may hold an identity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import Draft
from posko_app.errors import UserError
from posko_app.security.cipher import Damaged, seal, unseal
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
    """Keep a form as it stands and return the draft's uid. Content is JSON data.

    Raises UserError when the draft is another person's.
    """
    uid = uid or new_uid()
    sealed = seal(_keys(posko)[0], json.dumps(content).encode(), uid.encode())
    with posko.write() as session:
        row = session.scalar(select(Draft).where(Draft.uid == uid))
        begun = row is None
        if row is None:
            row = Draft(uid=uid, kind=kind, account=posko.user.login)
            session.add(row)
        elif row.account != posko.user.login:
            raise UserError(
                "Draf ini milik orang lain dan tidak diubah. Mulai laporan baru.", "draft_not_yours"
            )
        row.title, row.sealed, row.changed_at = title, sealed, posko.now()
        if begun:  # once per draft: it is saved anew at every pause in typing
            posko.note(session, "draft.begun", uid, kind=kind)
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
        return content_of(posko, row)


@use_case("draft.write")
def discard_draft(posko: Posko, uid: str) -> None:
    """Throw a draft away."""
    with posko.write() as session:
        row = session.scalar(select(Draft).where(Draft.uid == uid))
        if row is not None and row.account == posko.user.login:
            session.delete(row)
            posko.note(session, "draft.discarded", uid, kind=row.kind)


def content_of(posko: Posko, row: Draft) -> dict[str, Any]:
    """What a draft holds; callers check whose it is. Raises UserError without its key."""
    content: dict[str, Any] = json.loads(_opened(posko, row.sealed, row.uid))
    return content


def _keys(posko: Posko) -> list[bytes]:
    """The keys a draft may be sealed with; first the one of identities, which a form may hold."""
    return [key for key in (posko.keys.identity, posko.keys.database) if key]


def _opened(posko: Posko, sealed: bytes, uid: str) -> bytes:
    """A draft's content; an account that gained the identity key has drafts from before."""
    *others, last = _keys(posko)
    for key in others:
        with suppress(Damaged):
            return unseal(key, sealed, uid.encode())
    try:
        return unseal(last, sealed, uid.encode())
    except Damaged:
        if posko.keys.identity is not None:
            raise
        raise UserError(
            "Akun ini tidak memegang kunci identitas, jadi draf ini tidak dapat dibuka. "
            "Draf tetap tersimpan. Minta admin kantor memberikan kuncinya.",
            "no_identity_key",
        ) from None
