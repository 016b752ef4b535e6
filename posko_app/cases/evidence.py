"""Evidence of a case: bytes into the vault first, then the row; originals are never changed."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from io import RawIOBase
from pathlib import Path

import filetype
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.base import Base
from posko_app.data.tables import Evidence, VaultFile
from posko_app.errors import InvalidInput, UserError
from posko_app.progress import Progress, silent
from posko_app.security import permissions
from posko_app.security.cipher import new_key
from posko_app.text import clean

from . import board
from .abandoned import note_files
from .find import case_uid_of
from .identity import known_people
from .report import EvidenceInput, PersonInput
from .silence import found
from .step_checks import named_in_the_open
from .stub import require_ours

RAW_CHAT = "petikan-wa-asli"
"""How the name of a chat excerpt begins that shows numbers and profile names: it is identity."""


def stays_here(file_name: str) -> bool:
    """Whether a file shows who wrote to us: no package of evidence takes it along."""
    return file_name.startswith(RAW_CHAT)


@dataclass(frozen=True)
class StoredEvidence:
    """An item whose bytes, if any, are already safe in the vault."""

    item: EvidenceInput
    sha256: str = ""
    size: int = 0
    mime: str = ""
    key: bytes = b""  # empty when the vault held the same content before


@dataclass(frozen=True)
class AttachedEvidence:
    """One attached item; `new` is false when the case had this content before."""

    uid: str
    name: str
    sha256: str
    size: int
    new: bool


def store_files(
    posko: Posko, items: Sequence[EvidenceInput], progress: Progress = silent
) -> list[StoredEvidence]:
    """Copy the files of `items` into the vault, encrypted and synced, before any row names them.

    They are noted until one does: what nobody comes to name is taken out again on a later day.
    Raises UserError when a file cannot be read or the disk is full.
    """
    made: list[str] = []  # names below the vault of what was copied here
    try:
        stored = _stored(posko, items, progress, made)
        if made:
            note_files(posko, made)
    except BaseException:  # stopped, or the disk is full: nothing will name these
        posko.vault.drop(made)
        raise
    return stored


def _stored(
    posko: Posko, items: Sequence[EvidenceInput], progress: Progress, made: list[str]
) -> list[StoredEvidence]:
    stored = []
    fresh: dict[str, bytes] = {}  # keys of files added here, whose rows do not stand yet
    sizes = [_size(item.path) for item in items]
    for place, item in enumerate(items):
        if item.kept is not None:
            file = item.kept
            stored.append(StoredEvidence(item, file.sha256, file.size, file.mime, file.key))
            continue
        if item.path is None:
            stored.append(StoredEvidence(item))
            continue
        key = new_key()
        kept = posko.vault.add(
            item.path,
            key,
            known=lambda sha: fresh.get(sha) or stored_key(posko, sha),
            progress=_part_of(progress, sum(sizes[:place]), sum(sizes)),
        )
        if kept.key == key:
            made.append(kept.name)
        if kept.key:
            fresh[kept.sha256] = kept.key
        stored.append(
            StoredEvidence(item, kept.sha256, kept.size, mime_of(item.path), kept.key or b"")
        )
    return stored


def evidence_rows(
    posko: Posko,
    case_uid: str,
    stored: Sequence[StoredEvidence],
    first: int = 1,
    people: Collection[PersonInput] = (),
) -> list[Base]:
    """Rows for stored items, and the keys of files new to the vault.

    A file whose name tells who one of `people` is, as exported chats do, is kept as `B-01.txt`.
    """
    now = posko.now()
    rows: list[Base] = []
    keyed: set[str] = set()
    for position, item in enumerate(stored, first):
        rows.append(
            Evidence(
                case_uid=case_uid,
                position=position,
                description=clean(item.item.description),
                kind=item.item.kind,
                source=item.item.source,
                file_name=kept_name(_named(item.item), position, people),
                mime=item.mime,
                size=item.size,
                sha256=item.sha256,
                added_at=now,
                added_by=posko.user.login,
            )
        )
        if item.key and item.sha256 not in keyed:
            keyed.add(item.sha256)
            rows.append(VaultFile(sha256=item.sha256, key=item.key, size=item.size, added_at=now))
    return rows


def _named(item: EvidenceInput) -> Path | None:
    return Path(item.kept.name) if item.kept else item.path


def kept_name(path: Path | None, position: int, people: Collection[PersonInput]) -> str:
    """The name of a file as the case lists it: `B-01.txt` when its own tells who somebody is."""
    if path is None:
        return ""
    words = path.stem.replace("_", " ")
    if any(found(words, person) or found(path.name, person) for person in people):
        return f"B-{position:02d}{clean(path.suffix)}"
    return clean(path.name)


def unless_kept(session: Session, rows: Sequence[Base]) -> list[Base]:
    """`rows` without keys of files that somebody else stored while these were being copied.

    The copy sealed under the other key stays in the vault without a row, which harms nobody.
    """
    return [
        row
        for row in rows
        if not (isinstance(row, VaultFile) and known_key(session, row.sha256) is not None)
    ]


@use_case("evidence.add")
def attach(
    posko: Posko, case: str, items: Sequence[EvidenceInput], progress: Progress = silent
) -> tuple[AttachedEvidence, ...]:
    """Add evidence to a case (uid or number). Content the case already has is not added twice.

    Raises InvalidInput when a description names somebody whose identity the case has sealed.
    """
    with posko.store.read() as session:
        case_uid = case_uid_of(session, case)
        items = _silent(posko, session, case_uid, items)
    stored = store_files(posko, items, progress)
    with posko.write() as session:
        return attach_stored(posko, session, case_uid, stored)


def attach_stored(
    posko: Posko, session: Session, case_uid: str, stored: Sequence[StoredEvidence]
) -> tuple[AttachedEvidence, ...]:
    """Add what is in the vault to a case, inside the caller's transaction.

    Raises InvalidInput as `attach`.
    """
    require_ours(posko, session, case_uid)
    said = _silent(posko, session, case_uid, [one.item for one in stored])
    stored = [replace(one, item=item) for one, item in zip(stored, said, strict=True)]
    before = {
        e.sha256: e.uid
        for e in session.scalars(select(Evidence).where(Evidence.case_uid == case_uid))
        if e.sha256
    }
    fresh = [s for s in stored if not s.sha256 or s.sha256 not in before]
    last = session.scalar(select(func.max(Evidence.position)).where(Evidence.case_uid == case_uid))
    people = known_people(posko, session, case_uid)
    rows = unless_kept(session, evidence_rows(posko, case_uid, fresh, 1 + (last or 0), people))
    session.add_all(rows)
    session.flush()
    added = [r for r in rows if isinstance(r, Evidence)]
    if added:
        board.refresh(posko, session, [case_uid])  # cases are found by their files too
        posko.note(session, "evidence.added", case_uid, sha256=[r.sha256 for r in added])
    made = {r.sha256: r.uid for r in added}
    named = dict(zip((id(s) for s in fresh), (r.uid for r in added), strict=True))
    return tuple(
        AttachedEvidence(
            uid=named.get(id(s)) or before.get(s.sha256) or made[s.sha256],
            name=s.item.file_name or s.item.description,
            sha256=s.sha256,
            size=s.size,
            new=id(s) in named,
        )
        for s in stored
    )


def _silent(
    posko: Posko, session: Session, case_uid: str, items: Sequence[EvidenceInput]
) -> list[EvidenceInput]:
    """Items whose descriptions name nobody sealed in a case.

    A description that is no more than the name of its file goes; one that was typed is refused.
    """
    texts = {str(place): item.description for place, item in enumerate(items)}
    named = {p.field: p for p in named_in_the_open(posko, session, case_uid, texts)}
    kept, refused = [], []
    for place, item in enumerate(items):
        problem = named.get(str(place))
        path = _named(item)
        if problem is None:
            kept.append(item)
        elif path is not None and item.description in (path.name, path.stem):
            kept.append(replace(item, description=""))
        else:
            refused.append(replace(problem, field="description"))
    if refused:
        why = " ".join(dict.fromkeys(problem.message for problem in refused))
        raise InvalidInput(refused, f"Keterangan bukti belum dapat disimpan. {why}")
    return kept


@use_case("evidence.read")
def open_evidence(posko: Posko, evidence_uid: str) -> RawIOBase:
    """The plain bytes of an evidence file as a seekable stream; the access is logged."""
    with posko.write() as session:
        row = session.scalar(select(Evidence).where(Evidence.uid == evidence_uid))
        key = (
            session.scalar(select(VaultFile.key).where(VaultFile.sha256 == row.sha256))
            if row
            else None
        )
        if row is None or key is None:
            raise UserError("Berkas bukti ini tidak ada di kantor ini. Minta kiriman bukti.")
        if stays_here(row.file_name):
            permissions.require(posko.user.role, "identity.read")
        posko.note(session, "evidence.opened", row.case_uid, evidence=evidence_uid)
        sha256 = row.sha256
    stream: RawIOBase = posko.vault.open(sha256, key)
    return stream


def mime_of(path: Path) -> str:
    """The type by content, not by name; plain text and unknown content get a general one."""
    try:
        with path.open("rb") as file:
            head = file.read(8192)
    except OSError:  # its bytes are in the vault already; a stick pulled out now loses nothing
        return "application/octet-stream"
    return mime_of_head(head)


def mime_of_head(head: bytes) -> str:
    """The type of a content by its first bytes."""
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.mime)
    try:
        getincrementaldecoder("utf-8")().decode(head)  # the last letter may be cut in two
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain" if head and b"\0" not in head else "application/octet-stream"


def stored_key(posko: Posko, sha256: str) -> bytes | None:
    """The key of a vault file, if this office holds it, outside a transaction."""
    with posko.store.read() as session:
        return known_key(session, sha256)


def known_key(session: Session, sha256: str) -> bytes | None:
    """The key of a vault file, if this office holds it."""
    return session.scalar(select(VaultFile.key).where(VaultFile.sha256 == sha256))


def _size(path: Path | None) -> int:
    """How many bytes are to be copied. Raises UserError for a file that is not there."""
    if path is None:
        return 0
    if not path.is_file():
        raise UserError(
            f"Berkas {path.name} tidak ditemukan. Belum ada yang disimpan. Pilih berkasnya lagi.",
            "file_missing",
        )
    return path.stat().st_size


def _part_of(progress: Progress, before: int, whole: int) -> Progress:
    """The progress of one file as part of all: a long video shows and can be stopped half way."""

    def report(done: int, total: int, text: str = "") -> None:
        progress(before + done, whole, text or "Menyalin bukti")

    return report
