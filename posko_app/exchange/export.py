"""Exporting to another office: complete signed workbooks of everything it has not confirmed yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data import audit
from posko_app.data.tables import Export, Office
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security.uid import new_uid

from .export_parts import Job, write_all
from .gather import LEFT_OUT, Part, Wanted, split
from .ledger import channel
from .manifest import PROFILES
from .roster import introduction
from .twins import forked
from .xlsx.limits import Limits, limits


@dataclass(frozen=True)
class ExportResult:
    """The workbooks made, their number in the channel, records in them, and the export's id.

    A copy beside the channel has the number 0.
    """

    files: tuple[Path, ...]
    seq: int
    rows: int
    uid: str


@use_case("exchange.export")
def export(
    posko: Posko,
    to_code: str,
    out_folder: Path,
    *,
    profile: str = "internal",
    progress: Progress = silent,
    bounds: Limits | None = None,
) -> ExportResult:
    """Write what changed since the recipient's last acknowledgement into `out_folder`.

    Several files when one would pass a limit; each can be imported alone. Identities of reporters
    and witnesses are never in them. A profile other than internal makes a full copy that leaves
    whole records out and confirms nothing. Raises UserError for an unknown office, a profile that
    cannot be made yet, a folder that cannot be written; Cancelled when the user stopped it. No file
    and no ledger row is left then.
    """
    _check(posko, to_code, profile, out_folder)
    written: list[Path] = []
    try:
        with posko.store.read() as session:
            parts, job = _prepare(posko, session, to_code, profile, out_folder, progress, bounds)
            rows = write_all(session, job, parts, written)
        _enter(job, rows, written)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return ExportResult(tuple(written), job.channel.seq, rows, job.xid)


def _check(posko: Posko, to_code: str, profile: str, folder: Path) -> None:
    region = posko.regions.get(to_code)
    if region is None or to_code.count(".") > 2:
        raise UserError(
            f"Kode kantor {to_code} tidak dikenal. Belum ada berkas yang dibuat. "
            "Tulis seperti 62, 62.10 atau 62.10.01.",
            "unknown_office",
        )
    if profile not in PROFILES:
        raise UserError(
            f"Profil {profile} tidak dikenal. Belum ada berkas yang dibuat. "
            f"Pilih {', '.join(PROFILES)}.",
            "unknown_profile",
        )
    if profile not in LEFT_OUT:
        raise UserError(
            f"Kiriman dengan profil {profile} belum dapat dibuat: uraian kejadian tidak dapat "
            "dipisahkan dari perkaranya. Belum ada berkas yang dibuat. Pakai rekap untuk umum.",
            "profile_not_ready",
        )
    if not folder.is_dir():
        raise UserError(
            f"Folder {folder} tidak ada. Belum ada berkas yang dibuat. Pilih folder lain.",
            "folder_missing",
        )


def _prepare(
    posko: Posko,
    session: Session,
    to_code: str,
    profile: str,
    folder: Path,
    progress: Progress,
    bounds: Limits | None,
) -> tuple[list[Part], Job]:
    office = session.scalars(select(Office)).one()
    where = channel(session, to_code)
    whole = profile == "internal"
    if not whole:  # a copy beside the channel: it claims nothing, so nothing left out is missed
        where = replace(where, frm=0, seq=0, prev="", acks={})
    wanted = Wanted(to_code, office.region_code, where.frm, LEFT_OUT[profile], waiting=whole)
    parts = split(session, wanted, bounds or limits())
    job = Job(
        posko=posko,
        wanted=wanted,
        to=to_code,
        profile=profile,
        xid=new_uid(),
        channel=where,
        upto=office.lsn if whole else 0,
        hlc=office.hlc,
        audit_head=audit.head(session),
        forked=tuple(sorted(forked(session))),
        private=office.device_private,
        public=office.device_public,
        limits=bounds or limits(),
        folder=folder,
        total=sum(part.rows for part in parts),
        progress=progress,
        introduction=introduction(session, to_code),
    )
    return parts, job


def _enter(job: Job, rows: int, files: list[Path]) -> None:
    """The ledger row and audit note; the files are complete and synced by now."""
    posko = job.posko
    with posko.write() as session:
        sent = select(func.max(Export.seq)).where(Export.to_code == job.to)
        last = session.scalar(sent) or 0
        if not job.outside and last + 1 != job.channel.seq:
            raise UserError(
                "Kiriman lain ke kantor ini baru saja dibuat. Berkas ini dihapus lagi. "
                "Buat kiriman sekali lagi.",
                "exported_elsewhere",
            )
        session.add(
            Export(
                uid=job.xid,
                to_code=job.to,
                seq=job.channel.seq,
                prev=job.channel.prev,
                from_lsn=job.channel.frm,
                upto_lsn=job.upto,
                rows=rows,
                profile=job.profile,
                file_name=", ".join(path.name for path in files),
                made_at=posko.now(),
                made_by=posko.user.login,
                outside=job.outside,
            )
        )
        posko.note(
            session,
            "export.made",
            job.xid,
            to=job.to,
            seq=job.channel.seq,
            rows=rows,
            profile=job.profile,
            files=[path.name for path in files],
        )
