"""Taking a previewed workbook in: the file kept first, then everything in one transaction."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases import board
from posko_app.data.base import synced_tables
from posko_app.data.tables import Import, Office, Peer
from posko_app.data.versions import Stamper, store_prepared
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security import durable
from posko_app.security.uid import new_uid

from . import ledger
from .judge import Decision, RejectedRow, judge_again
from .manifest import Manifest
from .opened import not_taken, sha256_of
from .plan import ImportPlan, check_key, peer_of, preview
from .xlsx.guarded import Reader

AT_ONCE = 500
T = TypeVar("T")


@dataclass(frozen=True)
class ImportResult:
    """What an import did; `uid` is its line in the ledger, `archived` the copy that is kept."""

    uid: str
    new: int
    updated: int
    same: int
    conflicts: int
    archived: Path


@dataclass(frozen=True, kw_only=True)
class FileOutcome:
    """One imported or previewed file, as `posko import --json` gives it.

    `verdict` is accepted or refused, `code` names the kind of refusal, `reason` says it for people.
    """

    path: Path
    verdict: str
    code: str
    reason: str
    new: int
    updated: int
    same: int
    conflicts: int
    proposals: int
    rejected: tuple[RejectedRow, ...]
    gaps: tuple[int, ...]
    applied: bool


@use_case("exchange.import")
def import_file(
    posko: Posko,
    path: Path,
    *,
    apply: bool,
    progress: Progress = silent,
    reader: Reader | None = None,
) -> FileOutcome:
    """Preview a workbook and, when `apply` is set, take in what needs no decision.

    A refused file changes nothing; with `apply` it is copied to the quarantine with its reason.
    `reader` is a reading process to use again when many files are read.
    """
    plan = preview(posko, path, progress, reader)
    applied = False
    if apply and plan.verdict == ledger.ACCEPTED:
        apply_plan(posko, plan, progress)
        applied = True
    elif apply:
        quarantine(posko, plan)
    return outcome(plan, applied=applied)


def outcome(plan: ImportPlan, *, applied: bool) -> FileOutcome:
    """A plan as the outcome of its file."""
    return FileOutcome(
        path=plan.path,
        verdict=plan.verdict,
        code=plan.code,
        reason=plan.reason,
        new=plan.new,
        updated=plan.updated,
        same=plan.same,
        conflicts=plan.conflicts,
        proposals=plan.proposals,
        rejected=plan.rejected,
        gaps=plan.gaps,
        applied=applied,
    )


@use_case("exchange.import")
def apply_plan(posko: Posko, plan: ImportPlan, progress: Progress = silent) -> ImportResult:
    """Write everything the plan decided in one transaction, keeping the file beforehand.

    Values that conflict are kept side by side. If the database moved on since the preview, each
    record is decided again. Raises UserError (and changes nothing) when the plan was refused, the
    file changed, or the sender's key no longer fits; Cancelled when the user stopped it.
    """
    manifest = plan.manifest
    if plan.verdict != ledger.ACCEPTED or manifest is None:
        raise UserError(plan.reason or "Berkas ini tidak dapat diterima.", plan.code)
    archived = _keep(plan.path, plan.sha256, posko.folder.inbox_archive)
    with posko.write(bulk=True) as session:
        check_key(posko, session, plan.path, manifest)
        lsn = session.scalars(select(Office.lsn)).one()
        decisions: Sequence[Decision] = plan.decisions
        if lsn != plan.lsn:
            decisions = judge_again(session, decisions, manifest.forked)
        _write(posko, session, decisions, progress)
        uid = _enter(posko, session, plan, manifest)
    return ImportResult(uid, plan.new, plan.updated, plan.same, plan.conflicts, archived)


@use_case("exchange.import")
def quarantine(posko: Posko, plan: ImportPlan) -> Path | None:
    """Copy a refused file to the quarantine, its reason beside it, and enter it in the ledger.

    None when there was no file to copy.
    """
    if not plan.sha256:
        return None
    kept = _keep(plan.path, plan.sha256, posko.folder.quarantine)
    durable.write_file(kept.with_name(f"{kept.name}.txt"), f"{plan.reason}\n".encode())
    with posko.write() as session:
        session.add(
            Import(
                uid=new_uid(),
                sha256=plan.sha256,
                file_name=plan.path.name,
                verdict=ledger.REFUSED,
                reason=plan.code,
                applied_at=posko.now(),
                applied_by=posko.user.login,
            )
        )
        posko.note(
            session, "import.refused", "", file=plan.path.name, sha256=plan.sha256, code=plan.code
        )
    return kept


def _write(
    posko: Posko, session: Session, decisions: Sequence[Decision], progress: Progress
) -> None:
    """Store the records, parents first, and bring the touched cases' board lines up to date."""
    total = 2 * len(decisions)
    done = 0
    if decisions:
        stamper = Stamper.take(session, posko.user.login, posko.clock)
        groups = _by_table(decisions)
        for table in synced_tables():
            for chunk in _chunks(groups.get(table, ())):
                progress(done, total, "Menyimpan data")
                known = {d.prepared.uid for d in chunk if d.verdict != "new"}
                store_prepared(session, [d.prepared for d in chunk], stamper, known=known)
                done += len(chunk)
    touched = sorted({d.prepared.case_uid for d in decisions} - {""})
    for chunk_of_cases in _chunks(touched):
        progress(done, total, "Menghitung tahap dan batas")
        board.refresh(posko, session, chunk_of_cases)
        done += len(decisions) * len(chunk_of_cases) // len(touched)
    progress(total, total, "Menyimpan data")


def _enter(posko: Posko, session: Session, plan: ImportPlan, manifest: Manifest) -> str:
    """The ledger rows, the channel and the audit note of an accepted file."""
    row = Import(
        uid=new_uid(),
        sha256=plan.sha256,
        file_name=plan.path.name,
        export_uid=manifest.part_id,
        device_id=manifest.device,
        office_code=manifest.office,
        seq=manifest.seq,
        verdict=ledger.ACCEPTED,
        new=plan.new,
        updated=plan.updated,
        same=plan.same,
        conflicts=plan.conflicts,
        rejected=len(plan.rejected),
        applied_at=posko.now(),
        applied_by=posko.user.login,
    )
    session.add(row)
    session.flush()
    if manifest.device != posko.office.device_id:
        peer = _greet(posko, session, manifest)
        # rows that were rejected must come again, so the sender may not hear that they are here
        if not plan.rejected:
            lsn = session.scalars(select(Office.lsn)).one()
            ledger.advance(session, peer, manifest, posko.office.device_id, lsn)
    posko.note(
        session,
        "import.applied",
        row.uid,
        file=plan.path.name,
        sha256=plan.sha256,
        office=manifest.office,
        from_device=manifest.device,
        seq=manifest.seq,
        audit_head=list(manifest.audit_head),
        new=plan.new,
        updated=plan.updated,
        conflicts=plan.conflicts,
        rejected=len(plan.rejected),
        forked=list(plan.forked),
    )
    return row.uid


def _greet(posko: Posko, session: Session, manifest: Manifest) -> Peer:
    """The sender's row; its key is pinned when the device is heard of for the first time."""
    peer = peer_of(session, manifest.device)
    known = peer is not None
    if peer is None:
        peer = Peer(
            uid=new_uid(),
            device_id=manifest.device,
            public_key=manifest.public_key,
            received_lsn=0,
            received_seq=0,
            received_xid="",
            acked_lsn=0,
        )
    peer.office_code = manifest.office
    peer.office_name = manifest.office_name
    peer.level = manifest.level
    peer.practice = manifest.practice
    peer.seen_at = posko.now()
    if not known:
        session.add(peer)
        posko.note(session, "peer.pinned", peer.uid, office=manifest.office, key=manifest.key)
    return peer


def _keep(source: Path, sha256: str, folder: Path) -> Path:
    """A synced copy of the file under its hash and name; made before any row tells of it."""
    target = folder / f"{sha256[:12]}_{source.name}"
    try:
        durable.make_folders(folder)
        part = target.with_name(f"{target.name}.part")
        with source.open("rb") as read, part.open("wb") as write:
            shutil.copyfileobj(read, write, 1 << 20)
            durable.sync_file(write)
        same = sha256_of(part) == sha256
        if same:
            part.replace(target)
            durable.sync_folder(folder)
        else:
            part.unlink()
    except OSError as error:
        raise UserError(
            f"Salinan {source.name} tidak dapat disimpan di {folder}. Data Anda tidak berubah. "
            "Periksa ruang penyimpanan, lalu terima lagi.",
            "cannot_keep",
        ) from error
    if not same:
        raise not_taken("changed_file", source)
    return target


def _by_table(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    groups: dict[str, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(decision.prepared.table, []).append(decision)
    return groups


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
