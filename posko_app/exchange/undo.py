"""Undoing an import: the records and the channel as they stood before, in one transaction.

It is no restore. Every record that goes back gets a new local sequence number, so that it is sent
again to whoever needs it, and the number of this device's writes never goes back. Offered only
while nothing that the import touched was changed since, and nothing has left that may hold it.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases import board
from posko_app.data import record as records
from posko_app.data.base import synced_tables
from posko_app.data.record import Record
from posko_app.data.tables import (
    ArchivedCase,
    AuditEntry,
    CaseBoard,
    Export,
    IdentityFile,
    IdentityToken,
    Import,
    ImportBefore,
    MatchKey,
    ParkedRecord,
    Peer,
    Proposal,
    SealedPart,
    Sibling,
    Sync,
)
from posko_app.data.versions import Stamper, prepare, store_prepared
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security.cipher import Damaged

from . import park
from .authority import Offices
from .found_by import remake
from .ledger import ACCEPTED
from .sealed import PEOPLE, opened
from .taking import POSITION
from .unsealing import ACTS_WITHIN, OPENED, forget_letters

LEAVES = ("export.", "ack.", "package.", "handover.")
"""Audit actions after which others may have, or be told, what an import brought."""
NEWEST = 10  # imports of which a list says whether they can be undone
AT_ONCE = 400
T = TypeVar("T")

_SAFE = "Tidak ada yang diubah."
_WHY: Mapping[str, str] = {
    "no_import": f"Kiriman itu tidak ada dalam daftar yang diterima. {_SAFE} Periksa daftarnya.",
    "undone": f"Kiriman ini sudah diurungkan. {_SAFE}",
    "left": (
        "Sesudah kiriman ini diterapkan sudah ada kiriman atau tanda terima yang keluar, jadi "
        f"kantor lain dapat sudah memegang isinya. {_SAFE} Betulkan datanya satu per satu."
    ),
    "newer": (
        f"Dari komputer yang sama sudah diterapkan kiriman yang lebih baru. {_SAFE} "
        "Urungkan yang terbaru dulu."
    ),
    "sealed": (
        "Kiriman ini mengubah identitas yang terkunci, dan akun ini tidak memegang kuncinya. "
        f"{_SAFE} Minta petugas penerima atau admin mengurungkannya."
    ),
    "changed": (
        f"Sebagian data dari kiriman ini sudah diubah atau dipakai sesudahnya. {_SAFE} "
        "Betulkan datanya satu per satu."
    ),
}


@dataclass(frozen=True)
class Undone:
    """What an undo did: records put back to what they were, and records taken away again."""

    uid: str
    restored: int
    removed: int


@use_case("exchange.import")
def undo(posko: Posko, import_uid: str, progress: Progress = silent) -> Undone:
    """Put back everything one import changed. Raises UserError when that is no longer possible."""
    progress(0, 1, "Mengurungkan kiriman")
    with posko.write(bulk=True) as session:
        row = session.scalar(select(Import).where(Import.uid == import_uid))
        code = "no_import" if row is None else _why_not(posko, session, row)
        if row is None or code:
            raise UserError(_WHY[code], f"undo_{code}")
        stamper = Stamper.take(session, posko.user.login, posko.clock)
        befores = list(_befores(session, import_uid))
        restored = _restore(posko, session, stamper, befores)
        removed = _remove(session, befores)
        _park_again(session, stamper, import_uid)
        _channel_back(session, row)
        session.execute(delete(Proposal).where(Proposal.import_uid == import_uid))
        session.execute(delete(ImportBefore).where(ImportBefore.import_uid == import_uid))
        row.undone_at, row.undone_by = posko.now(), posko.user.login
        session.flush()
        board.refresh(posko, session, restored - removed)
        gone = len(removed_of(befores))
        counted = Undone(import_uid, len(befores) - gone, gone)
        posko.note(
            session,
            "import.undone",
            import_uid,
            sha256=row.sha256,
            file=row.file_name,
            restored=counted.restored,
            removed=counted.removed,
        )
    return counted


@use_case("office.read")
def undoable(posko: Posko) -> frozenset[str]:
    """The imports that can be undone now, among the newest."""
    with posko.store.read() as session:
        newest = session.scalars(
            select(Import)
            .where(Import.verdict == ACCEPTED, Import.undone_at.is_(None))
            .order_by(Import.id.desc())
            .limit(NEWEST)
        )
        return frozenset(row.uid for row in newest if not _why_not(posko, session, row))


@dataclass(frozen=True)
class _Before:
    uid: str
    table: str
    text: str | None
    lsn: int


def _why_not(posko: Posko, session: Session, row: Import) -> str:
    """The code of the reason why an import cannot be undone; empty when it can."""
    if row.verdict != ACCEPTED:
        return "no_import"
    if row.undone_at is not None:
        return "undone"
    if _has_left(session, row.uid):
        return "left"
    newer = select(Import.id).where(
        Import.id > row.id,
        Import.device_id == row.device_id,
        Import.device_id != "",
        Import.verdict == ACCEPTED,
        Import.undone_at.is_(None),
    )
    if session.scalar(newer.limit(1)) is not None:
        return "newer"
    if _has_moved(session, row.uid) or _opened_later(session, row.uid):
        return "changed"
    return "sealed" if posko.keys.identity is None and _joined_people(session, row.uid) else ""


def _has_left(session: Session, import_uid: str) -> bool:
    """Whether something was made for others after this import; told by the order of the journal."""
    applied = _applied(session, import_uid)
    if applied is None:
        return True  # without its line nobody can say what followed
    made = or_(*(AuditEntry.action.startswith(action, autoescape=True) for action in LEAVES))
    after = select(AuditEntry.n).where(AuditEntry.n > applied, made).limit(1)
    return session.scalar(after) is not None


def _applied(session: Session, import_uid: str) -> int | None:
    """The place of an import in the journal."""
    return session.scalar(
        select(AuditEntry.n).where(
            AuditEntry.entity_uid == import_uid, AuditEntry.action == "import.applied"
        )
    )


def _opened_later(session: Session, import_uid: str) -> bool:
    """Whether letters it brought were opened with a later one: what they held is joined there."""
    brought = select(ImportBefore.record_uid).where(
        ImportBefore.import_uid == import_uid,
        ImportBefore.table_name == SealedPart.__tablename__,
        ImportBefore.before.is_(None),
    )
    opened = select(AuditEntry.n).where(
        AuditEntry.n > (_applied(session, import_uid) or 0),
        AuditEntry.action == ACTS_WITHIN[OPENED],
        AuditEntry.entity_uid.in_(select(SealedPart.case_uid).where(SealedPart.uid.in_(brought))),
    )
    return session.scalar(opened.limit(1)) is not None


def _joined_people(session: Session, import_uid: str) -> bool:
    """Whether it changed identities: who puts them back must see by what they are found."""
    query = select(ImportBefore.id).where(
        ImportBefore.import_uid == import_uid,
        ImportBefore.table_name == PEOPLE,
        ImportBefore.before.is_not(None),
    )
    return session.scalar(query.limit(1)) is not None


def _has_moved(session: Session, import_uid: str) -> bool:
    """Whether a touched record was written again, or something was added to a case it brought."""
    of_import = (
        ImportBefore.import_uid == import_uid,
        ImportBefore.table_name != ParkedRecord.__tablename__,
    )
    moved = (
        select(ImportBefore.id)
        .outerjoin(Sync, Sync.uid == ImportBefore.record_uid)
        .where(*of_import, or_(Sync.uid.is_(None), Sync.lsn != ImportBefore.after_lsn))
    )
    touched = select(ImportBefore.record_uid).where(*of_import)
    brought = touched.where(ImportBefore.table_name == "cases", ImportBefore.before.is_(None))
    added = select(Sync.uid).where(Sync.case_uid.in_(brought), Sync.uid.not_in(touched))
    held = select(IdentityFile.id).where(IdentityFile.case_uid.in_(brought))
    return any(session.scalar(query.limit(1)) is not None for query in (moved, added, held))


def _befores(session: Session, import_uid: str) -> Iterator[_Before]:
    rows = session.execute(
        select(
            ImportBefore.record_uid,
            ImportBefore.table_name,
            ImportBefore.before,
            ImportBefore.after_lsn,
        ).where(
            ImportBefore.import_uid == import_uid,
            ImportBefore.table_name != ParkedRecord.__tablename__,
        )
    )
    yield from (_Before(*row) for row in rows)


def _restore(
    posko: Posko, session: Session, stamper: Stamper, befores: Sequence[_Before]
) -> set[str]:
    """Put records back with the stamps they had; gives their cases."""
    offices = Offices(posko, session)
    cases: set[str] = set()
    for chunk in _chunks([before for before in befores if before.text is not None]):
        former = [records.from_canonical(records.loads(before.text or "")) for before in chunk]
        prepared = [prepare(record, offices.shown) for record in former]
        store_prepared(session, prepared, stamper, known={p.uid for p in prepared})
        cases |= {p.case_uid for p in prepared} - {""}
        for person in (record for record in former if record.table == PEOPLE):
            _find_again(posko, session, person)
    gone = [b.uid for b in befores if b.text is None]
    for uids in _chunks(gone):
        rows = session.scalars(select(Sync.case_uid).where(Sync.uid.in_(uids)))
        cases |= set(rows) - {""}
    return cases


def _find_again(posko: Posko, session: Session, person: Record) -> None:
    """Let somebody be found by what is known again, and by nothing that was taken back."""
    try:
        plain = opened(posko, person)
    except (Damaged, binascii.Error):  # it was spoiled before, too
        session.execute(delete(IdentityToken).where(IdentityToken.identity_uid == person.uid))
    else:
        remake(posko, session, plain)


def removed_of(befores: Iterable[_Before]) -> list[_Before]:
    """Those that the import brought here for the first time."""
    return [before for before in befores if before.text is None]


def _remove(session: Session, befores: Sequence[_Before]) -> set[str]:
    """Take away what was not there before, children first; gives the cases that are gone."""
    cases = {b.uid for b in removed_of(befores) if b.table == "cases"}
    for chunk in _chunks(sorted(cases)):
        for derived in (CaseBoard, MatchKey, ArchivedCase):
            session.execute(delete(derived).where(derived.case_uid.in_(chunk)))
    for name in reversed(list(synced_tables())):
        table: Any = synced_tables()[name].__table__
        for chunk in _chunks([b.uid for b in removed_of(befores) if b.table == name]):
            if name == "sealed_parts":
                forget_letters(session, chunk)
            if name == "identities":
                session.execute(delete(IdentityToken).where(IdentityToken.identity_uid.in_(chunk)))
            session.execute(delete(Sibling).where(Sibling.uid.in_(chunk)))
            session.execute(delete(Sync).where(Sync.uid.in_(chunk)))
            session.execute(table.delete().where(table.c.uid.in_(chunk)))
    return cases


def _park_again(session: Session, stamper: Stamper, import_uid: str) -> None:
    """What waited before waits again; what began to wait with this import is gone."""
    rows = session.execute(
        select(ImportBefore.record_uid, ImportBefore.before).where(
            ImportBefore.import_uid == import_uid,
            ImportBefore.table_name == ParkedRecord.__tablename__,
        )
    ).all()
    park.release(session, [uid for uid, _ in rows])
    session.flush()
    again = []
    for uid, text in rows:
        if text is not None:
            data = records.loads(text)
            case = str(data.get("f", {}).get("case_uid") or "")
            why = park.NO_PARENT if data["t"] in synced_tables() else park.UNKNOWN_TABLE
            again.append(park.Parked(0, uid, data["t"], case, text, why))
    park.keep(session, stamper, import_uid, again)


def _channel_back(session: Session, row: Import) -> None:
    """Put back how far the sender was heard and what it had confirmed."""
    if not row.channel_before:
        return
    kept = records.loads(row.channel_before)
    peer = session.scalar(select(Peer).where(Peer.device_id == row.device_id))
    if peer is not None:
        before = kept["peer"] or {name: "" if name == "received_xid" else 0 for name in POSITION}
        for name, value in before.items():
            setattr(peer, name, value)
    for uid, at in kept["exports"].items():
        confirmed = datetime.fromisoformat(at) if at else None
        session.execute(update(Export).where(Export.uid == uid).values(acked_at=confirmed))


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
