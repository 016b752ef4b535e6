"""What documents an activity: files in the vault, addressees of a letter and their receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import RawIOBase
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import PreventionFile, PreventionRecipient, VaultFile
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.progress import Progress, silent
from posko_app.security.uid import new_uid
from posko_app.text import clean

from .evidence import StoredEvidence, known_key, store_files
from .prevention import own_activity, require_own
from .report import EvidenceInput

PHOTO, SCAN, DOCUMENT = "photo", "scan", "document"


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A file that documents prevention work; `held` says whether its bytes are in this office."""

    uid: str
    of_uid: str
    kind: str
    kind_label: str
    description: str
    name: str
    mime: str
    size: int
    added_at: datetime
    held: bool


@dataclass(frozen=True, kw_only=True)
class RecipientRow:
    """An addressee of a letter of advice; `received_on` when it was handed over."""

    uid: str
    name: str
    agency: str
    received_on: date | None
    received_by: str


@dataclass(frozen=True)
class Attached:
    """A file about to be kept: whose it is, and what it shows."""

    path: Path
    of_uid: str
    kind: str = ""  # empty: a photo for pictures, else a document
    description: str = ""


@use_case("prevention.write")
def attach_files(
    posko: Posko, files: Sequence[Attached], progress: Progress = silent
) -> tuple[str, ...]:
    """Keep files in the vault and name what they belong to; the uids of those new there.

    The same content is not added twice to the same thing. Raises UserError when a file cannot be
    read or the disk is full; nothing is noted then.
    """
    items = [EvidenceInput(description="", path=file.path) for file in files]
    stored = store_files(posko, items, progress)
    with posko.write() as session:
        return add_files(posko, session, files, stored)


def add_files(
    posko: Posko, session: Session, files: Sequence[Attached], stored: Sequence[StoredEvidence]
) -> tuple[str, ...]:
    """Name in the caller's transaction what files belong to that are in the vault already."""
    now = posko.now()
    there = _contents(session, {file.of_uid for file in files})
    made: list[PreventionFile] = []
    for file, kept in zip(files, stored, strict=True):
        if (file.of_uid, kept.sha256) in there:
            continue
        there.add((file.of_uid, kept.sha256))
        if kept.key and known_key(session, kept.sha256) is None:
            session.add(VaultFile(sha256=kept.sha256, key=kept.key, size=kept.size, added_at=now))
            session.flush()
        picture = kept.mime.startswith("image/")
        made.append(
            PreventionFile(
                uid=new_uid(),
                of_uid=file.of_uid,
                office_code=posko.office.code,
                kind=file.kind or (PHOTO if picture else DOCUMENT),
                description=clean(file.description),
                file_name=clean(file.path.name),
                mime=kept.mime,
                size=kept.size,
                sha256=kept.sha256,
                added_at=now,
                added_by=posko.user.login,
            )
        )
    session.add_all(made)
    if made:
        posko.note(session, "prevention.files_added", sha256=[row.sha256 for row in made])
    return tuple(row.uid for row in made)


@use_case("prevention.read")
def files_of(posko: Posko, *of_uids: str) -> tuple[FileRow, ...]:
    """The files of an activity, a signatory, an entry or a village, oldest first."""
    query = (
        select(PreventionFile, VaultFile.sha256)
        .outerjoin(VaultFile, VaultFile.sha256 == PreventionFile.sha256)
        .where(PreventionFile.of_uid.in_(of_uids), PreventionFile.voided.is_(False))
        .order_by(PreventionFile.added_at, PreventionFile.uid)
    )
    label = posko.vocabulary.label
    with posko.store.read() as session:
        return tuple(
            FileRow(
                uid=row.uid,
                of_uid=row.of_uid,
                kind=row.kind,
                kind_label=label("prevention_file", row.kind),
                description=row.description,
                name=row.file_name,
                mime=row.mime,
                size=row.size,
                added_at=row.added_at,
                held=held is not None,
            )
            for row, held in session.execute(query)
        )


@use_case("prevention.read")
def open_prevention_file(posko: Posko, uid: str) -> RawIOBase:
    """The plain bytes of a file as a seekable stream. Raises UserError when it is not here."""
    with posko.store.read() as session:
        sha256 = session.scalar(select(PreventionFile.sha256).where(PreventionFile.uid == uid))
        key = known_key(session, sha256) if sha256 else None
    if sha256 is None or key is None:
        raise UserError(
            "Berkas ini tidak ada di kantor ini. Data tidak berubah. Minta ke kantor pengirim.",
            "file_not_held",
        )
    stream: RawIOBase = posko.vault.open(sha256, key)
    return stream


@use_case("prevention.write")
def void_file(posko: Posko, uid: str, *, voided: bool = True) -> None:
    """Take a file off what it was added to, or put it back; its bytes stay in the vault."""
    with posko.write() as session:
        row = session.scalar(select(PreventionFile).where(PreventionFile.uid == uid))
        if row is None:
            raise UserError("Berkas ini tidak ada. Data tidak berubah.", "no_such_file")
        require_own(posko, row.office_code)
        row.voided = voided
        posko.note(session, "prevention.file_voided", uid, voided=voided)


@use_case("prevention.read")
def recipients(posko: Posko, activity_uid: str) -> tuple[RecipientRow, ...]:
    """The addressees of a letter of advice, in their order."""
    query = (
        select(PreventionRecipient)
        .where(
            PreventionRecipient.activity_uid == activity_uid,
            PreventionRecipient.voided.is_(False),
        )
        .order_by(PreventionRecipient.position, PreventionRecipient.uid)
    )
    with posko.store.read() as session:
        return tuple(
            RecipientRow(
                uid=row.uid,
                name=row.name,
                agency=row.agency,
                received_on=row.received_on,
                received_by=row.received_by,
            )
            for row in session.scalars(query)
        )


@use_case("prevention.write")
def add_recipients(posko: Posko, activity_uid: str, names: Sequence[str]) -> int:
    """Add addressees, one per text, "name; agency" or a pasted line with a tab; how many are new.

    A name that stands there already is not added again. Raises InvalidInput when none is given.
    """
    wanted = [_addressee(name) for name in names if clean(name)]
    if not wanted:
        raise InvalidInput([Problem("names", "Tulis paling sedikit satu penerima.")])
    with posko.write() as session:
        own_activity(posko, session, activity_uid)
        of = PreventionRecipient.activity_uid == activity_uid
        there = session.execute(
            select(PreventionRecipient.name, PreventionRecipient.agency).where(
                of, PreventionRecipient.voided.is_(False)
            )
        ).all()
        known = {tuple(pair) for pair in there}
        last = session.scalar(select(func.max(PreventionRecipient.position)).where(of)) or 0
        fresh = [pair for pair in dict.fromkeys(wanted) if pair not in known]
        for place, (name, agency) in enumerate(fresh, last + 1):
            session.add(
                PreventionRecipient(
                    uid=new_uid(),
                    activity_uid=activity_uid,
                    office_code=posko.office.code,
                    position=place,
                    name=name,
                    agency=agency,
                )
            )
        posko.note(session, "prevention.recipients_added", activity_uid, count=len(fresh))
    return len(fresh)


@use_case("prevention.write")
def note_receipts(
    posko: Posko, uids: Sequence[str], on: date | None, received_by: str = ""
) -> None:
    """Note that addressees have received the letter; without a date take the receipt back.

    Raises InvalidInput for a day that is still to come.
    """
    if on and on > posko.today():
        raise InvalidInput([Problem("on", "Tanggal tanda terima setelah hari ini.")])
    with posko.write() as session:
        for row in _recipient_rows(posko, session, uids):
            row.received_on = on
            row.received_by = clean(received_by) if on else ""
        posko.note(session, "prevention.receipts_noted", count=len(uids))


@use_case("prevention.write")
def void_recipients(posko: Posko, uids: Sequence[str], *, voided: bool = True) -> None:
    """Take addressees off the list, or put them back; nothing is deleted."""
    with posko.write() as session:
        for row in _recipient_rows(posko, session, uids):
            row.voided = voided
        posko.note(session, "prevention.recipients_voided", count=len(uids), voided=voided)


def _recipient_rows(
    posko: Posko, session: Session, uids: Sequence[str]
) -> Sequence[PreventionRecipient]:
    rows = session.scalars(
        select(PreventionRecipient).where(PreventionRecipient.uid.in_(uids))
    ).all()
    for row in rows:
        require_own(posko, row.office_code)
    return rows


def _addressee(typed: str) -> tuple[str, str]:
    name, _, agency = typed.replace("\t", ";").partition(";")
    return clean(name), clean(agency.replace(";", ", "))


def _contents(session: Session, of_uids: set[str]) -> set[tuple[str, str]]:
    rows = session.execute(
        select(PreventionFile.of_uid, PreventionFile.sha256).where(
            PreventionFile.of_uid.in_(of_uids), PreventionFile.voided.is_(False)
        )
    )
    return {(of_uid, sha256) for of_uid, sha256 in rows}
