"""Taking a previewed workbook in: the file kept first, then everything in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Export, Import, Office, Peer
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security import durable
from posko_app.security.uid import new_uid

from . import ledger, own_office
from .archive import keep_file
from .authority import Offices
from .damage import Damage
from .judge import Decision, RejectedRow, judge_again
from .manifest import Manifest
from .opened import VALID, NotTaken, Signature
from .package.shelf import settle
from .plan import Counts, ImportPlan, check_key, count, peer_of, preview
from .proposals import HandEdit
from .roster import take_roster
from .scope import remember_held
from .shown_anew import show_anew
from .taking import NO_CHOICES, POSITION, Choices, Taking, channel_text, keep_before, take
from .trust import require_known
from .twins import believed, remember_forks
from .xlsx.guarded import Reader

__all__ = [
    "NO_CHOICES",
    "Choices",
    "FileOutcome",
    "ImportResult",
    "apply_plan",
    "import_file",
    "outcome",
    "quarantine",
]


@dataclass(frozen=True)
class ImportResult:
    """What an import did; `uid` is its line in the ledger, `archived` the copy that is kept.

    `decided` counts the hand edits that were accepted or refused, `left_out` records that somebody
    did not want yet.
    """

    uid: str
    new: int
    updated: int
    same: int
    conflicts: int
    archived: Path
    parked: int = 0
    decided: int = 0
    left_out: int = 0
    told: tuple[str, ...] = ()  # what people should know of it


@dataclass(frozen=True, kw_only=True)
class FileOutcome:
    """One imported or previewed file, as `posko import --json` gives it.

    `verdict` is accepted or refused, `code` names the kind of refusal, `reason` says it for people.
    `uid` is the line of an applied file in the ledger, by which it can be undone.
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
    uid: str = ""
    signature: Signature = VALID
    edits: tuple[HandEdit, ...] = ()
    damages: tuple[Damage, ...] = ()
    waiting: tuple[RejectedRow, ...] = ()
    warnings: tuple[str, ...] = ()


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

    A refused file changes nothing; with `apply` it is copied to the quarantine with its reason. A
    file of an office that nobody confirmed yet is not applied: its `code` is unknown_key.
    `reader` is a reading process to use again when many files are read.
    """
    plan = preview(posko, path, progress, reader)
    if apply and plan.first_contact and plan.signed is not None:
        try:
            with posko.store.read() as session:
                require_known(session, path, plan.signed)
        except NotTaken as waits:  # for somebody who compares the words; see `trust.confirm_key`
            return replace(outcome(plan), code=waits.code, reason=waits.message)
    if apply and plan.verdict == ledger.ACCEPTED:
        return outcome(plan, apply_plan(posko, plan, progress=progress))
    if apply:
        quarantine(posko, plan)
    return outcome(plan)


def outcome(plan: ImportPlan, result: ImportResult | None = None) -> FileOutcome:
    """A plan, and what applying it did, as the outcome of its file."""
    told = result or plan
    return FileOutcome(
        path=plan.path,
        verdict=plan.verdict,
        code=plan.code,
        reason=plan.reason,
        new=told.new,
        updated=told.updated,
        same=told.same,
        conflicts=told.conflicts,
        proposals=plan.proposals,
        rejected=plan.rejected,
        gaps=plan.gaps,
        applied=result is not None,
        uid=result.uid if result else "",
        signature=plan.signature,
        edits=plan.edits,
        damages=plan.damages,
        waiting=plan.waiting,
        warnings=(*plan.warnings, *(result.told if result else ())),
    )


@use_case("exchange.import")
def apply_plan(
    posko: Posko,
    plan: ImportPlan,
    choices: Choices = NO_CHOICES,
    progress: Progress = silent,
) -> ImportResult:
    """Write everything the plan decided in one transaction, keeping the file beforehand.

    Values that conflict are kept side by side unless `choices` has one; hand edits are written
    only when they were accepted. If the database moved on since the preview, each record is decided
    again. Raises UserError (and changes nothing) when the plan was refused, the file changed, or
    the sender's key no longer fits; Cancelled when the user stopped it.
    """
    if plan.verdict != ledger.ACCEPTED:
        raise UserError(plan.reason or "Berkas ini tidak dapat diterima.", plan.code)
    archived = keep_file(plan.path, plan.sha256, posko.folder.inbox_archive)
    uid = new_uid()
    with posko.write(bulk=True) as session:
        if plan.heard is not None:
            check_key(posko, session, plan.path, plan.heard)
            require_known(session, plan.path, plan.heard)
        lsn = session.scalars(select(Office.lsn)).one()
        known = dict(Offices(posko, session).devices)
        decisions: Sequence[Decision] = [
            d for d in plan.decisions if _key(d) not in choices.left_out
        ]
        if lsn != plan.lsn and plan.signed is not None:
            offices = Offices(posko, session, plan.signed)
            decisions = judge_again(session, decisions, offices, believed(session, plan.signed))
        taking = take(posko, session, plan, choices, decisions, uid, progress)
        result = _result(plan, choices, decisions, taking, uid, archived)
        added = _new_cases(decisions)  # whose only copy here is what the sender has
        row = _enter(posko, session, replace(plan, cases=(*plan.cases, *added)), result, lsn)
        show_anew(taking, known)
        row.upto_lsn = session.scalars(select(Office.lsn)).one()
        settle(posko, session)  # evidence whose files were here before its record
        keep_before(taking)
    return result


@use_case("exchange.import")
def quarantine(posko: Posko, plan: ImportPlan) -> Path | None:
    """Copy a refused file to the quarantine, its reason beside it, and enter it in the ledger.

    None when there was no file to copy.
    """
    if not plan.sha256:
        return None
    kept = keep_file(plan.path, plan.sha256, posko.folder.quarantine)
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


def _key(decision: Decision) -> str:
    """What a preview lists a decision under: its case, else itself."""
    return decision.prepared.case_uid or decision.prepared.uid


def _new_cases(decisions: Sequence[Decision]) -> list[str]:
    new = (d.prepared for d in decisions if d.verdict == "new")
    return [prepared.uid for prepared in new if prepared.table == "cases"]


def _solved(decisions: Sequence[Decision], choices: Choices) -> Counts:
    """The counts, with conflicts that a person decided counted as updates."""
    counts = count(decisions)
    solved = sum(
        bool(d.conflicts) and all((d.prepared.uid, name) in choices.fields for name in d.conflicts)
        for d in decisions
        if d.verdict == "conflict"
    )
    return Counts(counts.new, counts.updated + solved, counts.conflicts - solved)


def _result(
    plan: ImportPlan,
    choices: Choices,
    decisions: Sequence[Decision],
    taking: Taking,
    uid: str,
    archived: Path,
) -> ImportResult:
    """What an import did. Of what was wanted, the rest became equal while somebody looked."""
    counts = _solved(decisions, choices)
    wanted = sum(_key(d) not in choices.left_out for d in plan.decisions)
    return ImportResult(
        uid,
        counts.new,
        counts.updated,
        plan.same + wanted - len(decisions),
        counts.conflicts,
        archived,
        parked=len(plan.parked),
        decided=taking.decided,
        left_out=len(plan.decisions) - wanted,
        told=tuple(taking.told),
    )


def _enter(
    posko: Posko, session: Session, plan: ImportPlan, result: ImportResult, since: int
) -> Import:
    """The ledger rows, the channel and the audit note of an accepted file."""
    manifest = plan.signed
    row = Import(
        uid=result.uid,
        sha256=plan.sha256,
        file_name=plan.path.name,
        export_uid=manifest.part_id if manifest else "",
        device_id=manifest.device if manifest else "",
        office_code=manifest.office if manifest else "",
        seq=manifest.seq if manifest else 0,
        prev=manifest.prev if manifest else "",
        verdict=ledger.ACCEPTED,
        reason="" if manifest else plan.signature,
        new=result.new,
        updated=result.updated,
        same=result.same,
        conflicts=result.conflicts,
        # what was not taken must come again, so the sender may not hear that it is here; what
        # waits is here
        rejected=len(plan.rejected) + result.left_out,
        applied_at=posko.now(),
        applied_by=posko.user.login,
    )
    session.add(row)
    session.flush()
    twins = remember_forks(session, plan.heard, plan.forked, posko.now(), since)
    if plan.heard is not None and plan.heard.device != posko.office.device_id:
        _move_channel(posko, session, row, plan.heard, plan.cases)
    posko.note(
        session,
        "import.applied",
        row.uid,
        file=plan.path.name,
        sha256=plan.sha256,
        signature=plan.signature,
        office=row.office_code,
        from_device=row.device_id,
        seq=row.seq,
        audit_head=list(manifest.audit_head) if manifest else [],
        new=row.new,
        updated=row.updated,
        conflicts=row.conflicts,
        rejected=row.rejected,
        parked=result.parked,
        forked=sorted({*plan.forked, *twins}),
    )
    return row


def _move_channel(
    posko: Posko, session: Session, row: Import, manifest: Manifest, cases: Sequence[str]
) -> None:
    """Greet the sender and move its channel, keeping where it stood before."""
    known = peer_of(session, manifest.device)
    before = _position(known) if known else None
    confirmed = _confirmed(session, manifest.office)
    peer = _greet(posko, session, manifest)
    remember_held(session, manifest.office, posko.office.code, cases)
    if not row.rejected:
        lsn = session.scalars(select(Office.lsn)).one()
        ledger.advance(session, peer, manifest, posko.office.device_id, lsn)
        session.flush()
    now = _confirmed(session, manifest.office)
    moved = {uid: at for uid, at in confirmed.items() if now.get(uid) != at}
    row.channel_before = channel_text(before, moved)


def _position(peer: Peer) -> Mapping[str, Any]:
    return {name: getattr(peer, name) for name in POSITION}


def _confirmed(session: Session, office: str) -> dict[str, str]:
    """When each export to an office was confirmed, as text; empty when it was not."""
    rows = session.execute(select(Export.uid, Export.acked_at).where(Export.to_code == office))
    return {uid: at.isoformat() if at else "" for uid, at in rows}


def _greet(posko: Posko, session: Session, manifest: Manifest) -> Peer:
    """The sender's row, made when the device is heard of for the first time, and its roster."""
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
        posko.note(session, "peer.met", peer.uid, office=manifest.office, key=manifest.key)
        session.flush()
    take_roster(posko, session, manifest)
    own_office.hear(posko, session, manifest)
    return peer
