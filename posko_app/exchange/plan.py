"""The preview of an import: what a workbook would change here, row by row; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data import record as records
from posko_app.data.record import Dot, Value
from posko_app.data.tables import Office, Peer
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security.sign import fingerprint_words

from . import ledger
from .authority import Offices, class_of
from .bases import former_values
from .compare import Found, find_edits
from .damage import Damage, find_damage
from .judge import Decision, Judged, RejectedRow, judge
from .manifest import SHEET, Manifest, is_public
from .notice import PUBLIC_COPY, row_reason
from .opened import VALID, Opened, Signature, not_taken, open_export, readable, sha256_of
from .own_office import remarks
from .park import Parked
from .proposals import HandEdit
from .shown import column_of
from .trust import KeyVerdict, office_of_device, verdict_of_key
from .twins import believed, file_twin, twin_warnings
from .unlocking import unlocked
from .xlsx.guarded import Reader

MOST_BASES = 500  # contested fields whose former value is looked for


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """What importing a workbook would do.

    `verdict` is accepted or refused; a refusal has a `code` that never changes and a `reason` for
    people. `updated` counts records that move on or merge without a question, `conflicts` those
    where both values are kept until somebody decides, `proposals` the `edits` typed by hand into
    the visible sheets, which are applied only when somebody accepts them; `remembered` counts those
    that were decided before. `bases` are the values of contested fields before both sides wrote,
    as far as they are known. `parked` records wait for their case or for a newer program, `waiting`
    says where they stand; `arrived` waited for something that this file brings. `gaps` are export
    numbers whose content is missing. `first_contact` means the sender's key is not known yet:
    compare `fingerprint` by phone.

    With a broken or missing `signature` nothing is merged and no channel moves: there are only
    proposals, and `manifest` is at most what the file claims.
    """

    path: Path
    sha256: str
    verdict: str
    code: str = ""
    reason: str = ""
    manifest: Manifest | None = None
    signature: Signature = VALID
    decisions: tuple[Decision, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    parked: tuple[Parked, ...] = ()
    waiting: tuple[RejectedRow, ...] = ()
    arrived: tuple[str, ...] = ()
    edits: tuple[HandEdit, ...] = ()
    damages: tuple[Damage, ...] = ()
    bases: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    remembered: int = 0
    new: int = 0
    updated: int = 0
    same: int = 0
    conflicts: int = 0
    proposals: int = 0
    gaps: tuple[int, ...] = ()
    forked: tuple[str, ...] = ()
    first_contact: bool = False
    fingerprint: tuple[str, ...] = ()
    lsn: int = 0
    cases: tuple[str, ...] = ()  # of this office that the sender holds, as its file proves

    @property
    def signed(self) -> Manifest | None:
        """The head of the file when its signature holds."""
        return self.manifest if self.signature == VALID else None

    @property
    def public(self) -> bool:
        """Whether this is a copy for the public, which holds nothing to take in."""
        return self.signed is not None and is_public(self.signed)

    @property
    def heard(self) -> Manifest | None:
        """The head by which the sender is heard; anybody may have made a copy for the public."""
        return None if self.public else self.signed


@use_case("exchange.import")
def preview(
    posko: Posko, path: Path, progress: Progress = silent, reader: Reader | None = None
) -> ImportPlan:
    """Read a workbook in the reading process and say what importing it would do.

    A locked one is opened in private, and the plan speaks of the file as it came. A workbook that
    cannot be taken, or a file that is not there, gives a plan with the verdict refused. `reader` is
    a reading process to use again when many files are read.
    """
    sha256 = ""
    with nullcontext(reader) if reader else Reader() as process:
        try:
            progress(0, 1, "Membuka berkas")
            sha256 = sha256_of(path)
            with unlocked(posko, path) as plain, process.letting_go():
                opened = open_export(process, plain)
                return _looked_at(posko, path, sha256, opened, process, progress)
        except UserError as error:
            return ImportPlan(
                path=path,
                sha256=sha256,
                verdict=ledger.REFUSED,
                code=error.code,
                reason=error.message,
            )


def _looked_at(
    posko: Posko, path: Path, sha256: str, opened: Opened, process: Reader, progress: Progress
) -> ImportPlan:
    if opened.signature == VALID and opened.manifest is not None and is_public(opened.manifest):
        return _public_plan(posko, path, sha256, opened)
    with posko.store.read() as session:
        _check_sender(posko, session, path, opened)
        lsn = session.scalars(select(Office.lsn)).one()
        judged = _judged(posko, session, opened, progress)
        if judged.harmed or opened.lost:  # what was lost may still be read by people
            opened = replace(opened, edited=readable(opened.book))
        found = find_edits(posko, session, opened, judged.decisions, process)
        plan = _plan(posko, session, path, sha256, opened, judged, found, lsn)
        return replace(plan, bases=_bases(posko, session, process, plan.decisions))


def _public_plan(posko: Posko, path: Path, sha256: str, opened: Opened) -> ImportPlan:
    """A copy for the public is anybody's: whoever made it, whoever it was made for."""
    _check_practice(posko, path, opened)
    return ImportPlan(
        path=path,
        sha256=sha256,
        verdict=ledger.ACCEPTED,
        manifest=opened.manifest,
        reason=PUBLIC_COPY,
        warnings=(PUBLIC_COPY,),
    )


def _judged(posko: Posko, session: Session, opened: Opened, progress: Progress) -> Judged:
    signed = opened.manifest if opened.signature == VALID else None
    judged = judge(
        session,
        opened.rows,
        Offices(posko, session, signed),
        tuple(posko.rules.regulations),
        believed(session, signed),
        progress,
        opened.doubtful,
    )
    if opened.lost:
        reason = row_reason("lost_rows", count=str(opened.lost))
        judged.rejected.append(RejectedRow(SHEET, 1, "", reason))
    return judged


def _plan(
    posko: Posko,
    session: Session,
    path: Path,
    sha256: str,
    opened: Opened,
    judged: Judged,
    found: Found,
    lsn: int,
) -> ImportPlan:
    manifest, signed = opened.manifest, opened.signature == VALID
    counts = count(judged.decisions)
    peer = peer_of(session, manifest.device) if manifest else None
    stranger = signed and (manifest is None or manifest.device != posko.office.device_id)
    forked = {device for d in judged.decisions for device in d.forked}
    warnings = (*found.warnings, *_overreach(posko, session, judged, manifest if signed else None))
    if manifest and signed:
        proof = file_twin(session, manifest)
        forked |= {manifest.device} if proof else set()
        warnings += twin_warnings(session, manifest, forked, proof)
        warnings += remarks(posko, session, manifest)
    return ImportPlan(
        path=path,
        sha256=sha256,
        verdict=ledger.ACCEPTED,
        manifest=manifest,
        signature=opened.signature,
        decisions=tuple(judged.decisions),
        rejected=tuple(sorted(judged.rejected, key=lambda r: (r.sheet, r.row))),
        parked=tuple(judged.parked),
        waiting=tuple(judged.waiting),
        arrived=tuple(judged.arrived),
        edits=found.edits,
        damages=find_damage(found.edits),
        warnings=warnings,
        remembered=found.remembered,
        new=counts.new,
        updated=counts.updated,
        same=judged.same,
        conflicts=counts.conflicts,
        proposals=len(found.edits),
        gaps=ledger.missing_seqs(peer, manifest) if manifest and stranger else (),
        forked=tuple(sorted(forked)),
        first_contact=stranger
        and manifest is not None
        and verdict_of_key(session, manifest) == "first",
        fingerprint=fingerprint_words(manifest.public_key) if manifest and signed else (),
        lsn=lsn,
        cases=tuple(judged.held),
    )


def _overreach(
    posko: Posko, session: Session, judged: Judged, signed: Manifest | None
) -> list[str]:
    """What to say of fields that somebody changed who may only propose them."""
    offices = Offices(posko, session, signed)
    headings: Counter[str] = Counter()
    for decision in judged.decisions:
        table = decision.prepared.table
        fields = [f for f in decision.changed if class_of(table, f) in ("wewenang", "tambah-saja")]
        if fields:
            record = records.from_canonical(records.loads(decision.text))
            for name in offices.beyond(record, fields):
                column = column_of(table, name)
                headings[column.heading if column else "Rincian"] += 1
    if not headings:
        return []
    named = ", ".join(heading for heading, _ in headings.most_common(4))
    return [
        f"{headings.total()} ruas diubah kantor yang hanya boleh mengusulkannya ({named}). "
        "Periksa, lalu tanyakan ke pengirim."
    ]


def _bases(
    posko: Posko, session: Session, reader: Reader, decisions: Iterable[Decision]
) -> dict[tuple[str, str], Value]:
    """What contested fields said before; the writes that both sides replaced come first."""
    wanted: dict[tuple[str, str], list[Dot]] = {}
    for decision in decisions:
        for name, mark in decision.prepared.marks:
            key = (decision.prepared.uid, name)
            if name in decision.conflicts and len(wanted) < MOST_BASES:
                stamp = records.loads(mark)["m"][5:]
                wanted.setdefault(key, []).extend(zip(stamp[::2], stamp[1::2], strict=True))
    ordered = {key: [dot for dot, _ in Counter(dots).most_common()] for key, dots in wanted.items()}
    return former_values(posko, session, reader, ordered) if ordered else {}


@dataclass(frozen=True)
class Counts:
    """How many records are new, move on, or end with two values."""

    new: int
    updated: int
    conflicts: int


def count(decisions: Iterable[Decision]) -> Counts:
    """Decisions by what they mean."""
    counts = Counter(d.verdict for d in decisions)
    return Counts(
        counts["new"],
        counts["forward"] + counts["merged"],
        counts["conflict"] + counts["twin"],
    )


def peer_of(session: Session, device_id: str) -> Peer | None:
    """The known device of that id."""
    return session.scalar(select(Peer).where(Peer.device_id == device_id))


def _check_practice(posko: Posko, path: Path, opened: Opened) -> None:
    if opened.practice != posko.office.practice:
        raise not_taken("practice_file" if opened.practice else "real_file", path)


def _check_sender(posko: Posko, session: Session, path: Path, opened: Opened) -> None:
    """Raise NotTaken unless this office may take the file from that sender."""
    _check_practice(posko, path, opened)
    manifest = opened.manifest
    if manifest is None:
        return
    # our own workbook comes back when somebody without the program has typed into it
    if manifest.to != posko.office.code and manifest.device != posko.office.device_id:
        region = posko.regions.get(manifest.to)
        name = f"{manifest.to} {region.name}" if region else manifest.to
        raise not_taken("wrong_addressee", path, to=name)
    if opened.signature == VALID:
        check_key(posko, session, path, manifest)


def check_key(posko: Posko, session: Session, path: Path, manifest: Manifest) -> KeyVerdict:
    """What is thought of the sender's key: trusted, or first when nobody compared its words yet.

    Raises NotTaken when its office is known with another key, the device with another office, or
    the key was revoked. A device belongs to one office for as long as it lives.
    """
    verdict = verdict_of_key(session, manifest)
    if verdict in ("trusted", "first"):
        return verdict
    if verdict == "revoked":
        raise not_taken("revoked_key", path, office=manifest.office_name or manifest.office)
    known = office_of_device(session, manifest.device)
    if known not in ("", manifest.office):  # else it could acknowledge for its neighbour
        raise not_taken("changed_office", path, known=known, office=manifest.office)
    raise not_taken("changed_key", path, office=manifest.office_name or manifest.office)
