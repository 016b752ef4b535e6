"""Which evidence may go into a package, with its custody so far; what must stay does not go."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.evidence import stays_here
from posko_app.data.tables import AuditEntry, Case, Evidence, IdentityFile, Sync, VaultFile
from posko_app.errors import UserError
from posko_app.exchange.authority import Offices
from posko_app.exchange.scope import cases_for, files_for, is_above

from .listing import CustodyLine, Item
from .words import NOTHING

RECEIVED = "evidence.received"
"""The act in the audit chain that a file came in a package; its detail has the custody before."""
AT_ONCE = 400


@dataclass(frozen=True)
class Content:
    """One content of the vault that goes, and whose evidence it is."""

    sha256: str
    size: int
    key: bytes
    mime: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Chosen:
    """What goes, how many pieces of evidence are confidential, and how many have no file here."""

    contents: tuple[Content, ...]
    confidential: int
    absent: int

    @property
    def evidence(self) -> int:
        """How many pieces of evidence go."""
        return sum(len(content.items) for content in self.contents)

    @property
    def size(self) -> int:
        """Bytes of content that go."""
        return sum(content.size for content in self.contents)


def choose(posko: Posko, session: Session, to: str, cases: Collection[str]) -> Chosen:
    """The evidence files of `cases` that may go to the office `to`.

    Exports of chats that show who wrote, and every content that also lies in the compartment of
    identities, stay whatever they are called; so do files of a case that the office is only told
    of. Raises UserError for a case that may not go there.
    """
    offices = _offices(session, to, posko.office.code, cases)
    stay = _staying(session)
    found: dict[str, tuple[VaultFile, str, list[Item]]] = {}
    confidential = absent = 0
    for row, file in _rows(session, cases, to, posko.office.code):
        if row.sha256 in stay:
            confidential += 1
        elif file is None or not posko.vault.path(file.sha256, file.key).is_file():
            absent += 1
        else:
            before = (
                row.added_at.astimezone(UTC).isoformat(),
                offices[row.case_uid],
                "added",
                row.added_by,
            )
            item = Item(row.uid, row.case_uid, row.file_name, (before,))
            found.setdefault(row.sha256, (file, row.mime, []))[2].append(item)
    handed = custody_of(posko, session, [i for _, _, items in found.values() for i in items])
    contents = (
        Content(
            sha256,
            file.size,
            file.key,
            mime,
            tuple(Item(i.uid, i.case, i.name, handed.get(i.uid, i.custody)) for i in items),
        )
        for sha256, (file, mime, items) in sorted(found.items())
    )
    return Chosen(tuple(contents), confidential, absent)


def custody_of(
    posko: Posko, session: Session, items: Iterable[Item]
) -> Mapping[str, tuple[CustodyLine, ...]]:
    """By uid, the custody of evidence that came in packages: what they told, then their arrival.

    Only what an office told that held the case, or stands above one that did, counts; of several
    the first, which nothing that comes later can replace.
    """
    items = tuple(items)
    wanted = {(item.uid, item.case) for item in items}
    holders = Offices(posko, session)
    cases = sorted({item.case for item in items})
    found: dict[str, tuple[CustodyLine, ...]] = {}
    for some in _chunks(cases):
        rows = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action == RECEIVED, AuditEntry.entity_uid.in_(some))
            .order_by(AuditEntry.n)
        )
        for row in rows:
            told = json.loads(row.body)
            uid, case = told["evidence"], row.entity_uid
            if uid in found or (uid, case) not in wanted:
                continue
            held = holders.holders(case)
            if any(is_above(told["office"], code) for code in held):
                arrived = (row.at.astimezone(UTC).isoformat(), told["here"], "received",
                           row.account)  # fmt: skip
                lines = [(a, b, c, d) for a, b, c, d in told["custody"]]
                found[uid] = (*lines, arrived)
    return found


def _offices(session: Session, to: str, own: str, cases: Collection[str]) -> Mapping[str, str]:
    """The office of each case. Raises UserError for one that is not here or may not go there."""
    offices: dict[str, str] = {}
    for some in _chunks(sorted(set(cases))):
        theirs = select(Sync.uid).where(
            Sync.uid.in_(some), Sync.table_name == Case.__tablename__, cases_for(to, own)
        )
        rows = session.execute(
            select(Case.uid, Case.office_code, Case.number, Case.title).where(Case.uid.in_(some))
        ).all()
        may = set(session.scalars(theirs))
        if len(rows) < len(some):
            raise UserError(
                f"Perkara yang dipilih tidak ada lagi di kantor ini. {NOTHING} Pilih lagi.",
                "no_case",
            )
        for row in rows:
            if row.uid not in may:
                raise UserError(
                    f"Perkara {row.number or row.title} bukan dari wilayah kantor {to}, jadi "
                    f"buktinya tidak boleh dikirim ke sana. {NOTHING} Keluarkan dari pilihan.",
                    "not_theirs",
                )
        offices |= {row.uid: row.office_code for row in rows}
    return offices


def _staying(session: Session) -> set[str]:
    """Contents that never leave, whatever else they are called."""
    named = select(Evidence.sha256, Evidence.file_name).where(Evidence.sha256 != "")
    stay = {sha256 for sha256, name in session.execute(named) if stays_here(name)}
    for name in session.scalars(select(IdentityFile.vault_name)):
        stay.add(name.rpartition("-")[0].replace("/", ""))
    return stay


def _rows(
    session: Session, cases: Collection[str], to: str, own: str
) -> Iterable[tuple[Evidence, VaultFile | None]]:
    for some in _chunks(sorted(set(cases))):
        query = (
            select(Evidence, VaultFile)
            .join(Sync, Sync.uid == Evidence.uid)
            .outerjoin(VaultFile, VaultFile.sha256 == Evidence.sha256)
            .where(Evidence.case_uid.in_(some), Evidence.sha256 != "", files_for(to, own))
            .order_by(Evidence.case_uid, Evidence.position, Evidence.uid)
        )
        yield from ((row, file) for row, file in session.execute(query))


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
