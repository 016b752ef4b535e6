"""The preview of an import: what a workbook would change here, row by row; nothing is written."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Office, Peer
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security.sign import fingerprint_words

from . import ledger
from .edits import count_edits
from .judge import Decision, RejectedRow, judge
from .manifest import Manifest
from .opened import Opened, not_taken, open_export, sha256_of
from .xlsx.guarded import Reader


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """What importing a workbook would do.

    `verdict` is accepted or refused; a refusal has a `code` that never changes and a `reason` for
    people. `updated` counts records that move on or merge without a question, `conflicts` those
    where both values are kept until somebody decides, `proposals` cells edited by hand in the
    visible sheets (listed, never applied). `gaps` are export numbers whose content is missing.
    `first_contact` means the sender's key is not known yet: compare `fingerprint` by phone.
    """

    path: Path
    sha256: str
    verdict: str
    code: str = ""
    reason: str = ""
    manifest: Manifest | None = None
    decisions: tuple[Decision, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
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


@use_case("exchange.import")
def preview(
    posko: Posko, path: Path, progress: Progress = silent, reader: Reader | None = None
) -> ImportPlan:
    """Read a workbook in the reading process and say what importing it would do.

    A workbook that cannot be taken, or a file that is not there, gives a plan with the verdict
    refused. `reader` is a reading process to use again when many files are read.
    """
    sha256 = ""
    with nullcontext(reader) if reader else Reader() as process:
        try:
            progress(0, 1, "Membuka berkas")
            sha256 = sha256_of(path)
            opened = open_export(process, path)
            with posko.store.read() as session:
                _check_sender(posko, session, path, opened.manifest)
            proposals = count_edits(opened)
        except UserError as error:
            return ImportPlan(
                path=path,
                sha256=sha256,
                verdict=ledger.REFUSED,
                code=error.code,
                reason=error.message,
            )
    with posko.store.read() as session:
        return _plan(posko, session, path, sha256, opened, proposals, progress)


def _plan(
    posko: Posko,
    session: Session,
    path: Path,
    sha256: str,
    opened: Opened,
    proposals: int,
    progress: Progress,
) -> ImportPlan:
    manifest = opened.manifest
    lsn = session.scalars(select(Office.lsn)).one()
    judged = judge(session, opened.rows, tuple(posko.rules.regulations), manifest.forked, progress)
    counts = Counter(d.verdict for d in judged.decisions)
    peer = peer_of(session, manifest.device)
    own = manifest.device == posko.office.device_id
    return ImportPlan(
        path=path,
        sha256=sha256,
        verdict=ledger.ACCEPTED,
        manifest=manifest,
        decisions=tuple(judged.decisions),
        rejected=tuple(sorted(judged.rejected, key=lambda r: (r.sheet, r.row))),
        new=counts["new"],
        updated=counts["forward"] + counts["merged"],
        same=judged.same,
        conflicts=counts["conflict"] + counts["twin"],
        proposals=proposals,
        gaps=() if own else ledger.missing_seqs(peer, manifest),
        forked=tuple(sorted({d.forked for d in judged.decisions if d.forked})),
        first_contact=peer is None and not own,
        fingerprint=fingerprint_words(manifest.public_key),
        lsn=lsn,
    )


def peer_of(session: Session, device_id: str) -> Peer | None:
    """The known device of that id."""
    return session.scalar(select(Peer).where(Peer.device_id == device_id))


def _check_sender(posko: Posko, session: Session, path: Path, manifest: Manifest) -> None:
    """Raise NotTaken unless this office may take the file from that sender."""
    if manifest.practice != posko.office.practice:
        raise not_taken("practice_file" if manifest.practice else "real_file", path)
    if manifest.to != posko.office.code:
        region = posko.regions.get(manifest.to)
        name = f"{manifest.to} {region.name}" if region else manifest.to
        raise not_taken("wrong_addressee", path, to=name)
    check_key(posko, session, path, manifest)


def check_key(posko: Posko, session: Session, path: Path, manifest: Manifest) -> None:
    """Raise NotTaken when a known device signs with another key, or for another office, than here.

    A device belongs to one office for as long as it lives.
    """
    if manifest.device == posko.office.device_id:
        pinned = session.scalars(select(Office.device_public)).one()
    else:
        peer = peer_of(session, manifest.device)
        if peer is None:
            return
        if peer.office_code != manifest.office:  # else it could acknowledge for its neighbour
            raise not_taken("changed_office", path, known=peer.office_code, office=manifest.office)
        pinned = peer.public_key
    if pinned != manifest.public_key:
        raise not_taken("changed_key", path, office=manifest.office_name or manifest.office)
