"""Exporting to another office: complete signed workbooks of everything it has not confirmed yet."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app import __version__
from posko_app.app import Posko, use_case
from posko_app.data import audit
from posko_app.data.base import synced_tables
from posko_app.data.tables import Export, Office
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security import sign
from posko_app.security.uid import new_uid
from posko_app.text import local, numeric_date

from . import manifest as head
from . import park
from .gather import LEFT_OUT, Part, Wanted, chunks, records, split
from .ledger import Channel, channel
from .manifest import FORMAT, MARK, PROFILES, SHEET, Manifest
from .roster import introduction
from .twins import forked
from .visible import VisibleSheets, made_facts
from .xlsx.limits import Limits, limits
from .xlsx.write import BookWriter, Column, Page

SCHEMA = 1
"""Number of the record layout; grows when a table or field is added."""


@dataclass(frozen=True)
class ExportResult:
    """The workbooks made, their number in the channel, records in them, and the export's id.

    A copy beside the channel has the number 0.
    """

    files: tuple[Path, ...]
    seq: int
    rows: int
    uid: str


@dataclass(frozen=True, kw_only=True)
class _Job:
    """Everything that is fixed before the first workbook is begun."""

    posko: Posko
    wanted: Wanted
    to: str
    profile: str
    xid: str
    channel: Channel
    upto: int
    hlc: int
    audit_head: tuple[int, str]
    forked: tuple[str, ...]
    private: bytes
    public: bytes
    limits: Limits
    folder: Path
    total: int
    progress: Progress
    introduction: Mapping[str, str]

    @property
    def outside(self) -> bool:
        """Whether this is a copy beside the channel."""
        return self.channel.seq == 0

    @property
    def omitted(self) -> frozenset[str]:
        return LEFT_OUT[self.profile]


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
            rows = _write_all(session, job, parts, written)
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
) -> tuple[list[Part], _Job]:
    office = session.scalars(select(Office)).one()
    where = channel(session, to_code)
    whole = profile == "internal"
    if not whole:  # a copy beside the channel: it claims nothing, so nothing left out is missed
        where = replace(where, frm=0, seq=0, prev="", acks={})
    wanted = Wanted(to_code, office.region_code, where.frm, LEFT_OUT[profile], waiting=whole)
    parts = split(session, wanted, bounds or limits())
    job = _Job(
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


def _write_all(session: Session, job: _Job, parts: list[Part], written: list[Path]) -> int:
    """Write every part; when one proves bigger than estimated, all again in smaller parts."""
    caution = 1
    while True:
        done = 0
        for number, part in enumerate(parts, 1):
            path = _file_name(job, number, len(parts))
            written.append(path)
            done = _write_part(session, job, path, part, number, len(parts), done)
            if len(part.cases) > 1 and _too_big(path, job.limits):
                break
        else:
            return done
        for path in written:
            path.unlink(missing_ok=True)
        written.clear()
        caution *= 2
        parts = split(session, job.wanted, job.limits, caution)


def _write_part(
    session: Session, job: _Job, path: Path, part: Part, number: int, of: int, done: int
) -> int:
    """Write one workbook and return how many records are written by now."""
    hashes: list[str] = []
    with ExitStack() as stack:
        book = stack.enter_context(
            BookWriter(
                path,
                title=f"Posko, {head.shipment(job.channel.seq).lower()}",
                made_at=job.posko.now(),
                custom=_custom(job, number, of),
            )
        )
        spool = stack.enter_context(TemporaryFile("w+", encoding="ascii", dir=job.folder))
        visible = VisibleSheets(job.posko, session, book)
        visible.guide(_facts(job, number, of), part.counts)
        for table in synced_tables():
            if table in job.omitted:
                continue
            sheet = visible.sheet(table)
            for batch in records(session, table, part, job.omitted):
                job.progress(done, job.total, "Menulis berkas")
                for record in batch:
                    hashes.append(f"{record.uid}:{record.hash}")
                    spool.write(f"{record.text}\n")
                if sheet is not None:
                    sheet.write(batch)
                done += len(batch)
        for batch in park.carried(session, part.parked):
            hashes += [f"{record.uid}:{record.hash}" for record in batch]
            spool.writelines(f"{record.text}\n" for record in batch)
            done += len(batch)
        visible.conflicts()
        book.end_sheet()
        sheets = {name: p.sha256 for name, p in book.parts.items()}
        manifest = _manifest(job, part, number, of, hashes, sheets)
        _machine_sheet(book, job, manifest, hashes, spool)
    job.progress(done, job.total, "Menulis berkas")
    return done


def _facts(job: _Job, number: int, of: int) -> list[tuple[str, str]]:
    part = f", bagian {number} dari {of}" if of > 1 else ""
    words = sign.fingerprint_words(job.public)
    return made_facts(job.posko, job.channel.seq, job.to, job.posko.now(), part, words)


def _machine_sheet(
    book: BookWriter, job: _Job, manifest: Manifest, hashes: list[str], spool: IO[str]
) -> None:
    width = job.limits.sheet_columns
    columns = [Column(heading="", width=40)] * width
    sheet = book.sheet(SHEET, columns, state="veryHidden", page=Page(headings=False))
    text = head.to_text(manifest)
    signature = base64.b64encode(sign.sign(job.private, text.encode())).decode()
    sheet.row([MARK, text, signature, ""])
    spool.seek(0)
    for line, name in zip(spool, hashes, strict=True):
        uid, _, row_hash = name.rpartition(":")
        pieces = chunks(line[:-1], job.limits.cell_write_chars - 2000)
        if len(pieces) > width - 2:
            raise ValueError(f"{uid} does not fit a row of the machine sheet")
        sheet.row([uid, row_hash, *pieces])


def _manifest(
    job: _Job,
    part: Part,
    number: int,
    of: int,
    hashes: list[str],
    sheets: Mapping[str, str],
) -> Manifest:
    office = job.posko.office
    now = job.posko.now()
    here = local(now, office.zone)
    return Manifest(
        fmt=FORMAT,
        app=__version__,
        schema=SCHEMA,
        office=office.code,
        level=office.level,
        device=office.device_id,
        key=base64.b64encode(job.public).decode(),
        office_name=office.name,
        to=job.to,
        xid=job.xid,
        seq=job.channel.seq,
        prev=job.channel.prev,
        frm=job.channel.frm,
        upto=job.upto,
        part=number,
        parts=of,
        made_hlc=job.hlc,
        made_local=f"{numeric_date(here.date())} {here:%H.%M} {office.zone}",
        n=len(hashes),
        root=head.root(hashes),
        counts=dict(part.counts),
        profile=job.profile,
        acks=dict(job.channel.acks),
        forked=job.forked,
        audit_head=job.audit_head,
        packages=(),
        practice=office.practice,
        sheets=dict(sheets),
        outside=job.outside,
        blocks=head.blocks(hashes),
        **job.introduction,
    )


def _custom(job: _Job, number: int, of: int) -> dict[str, str]:
    """The head once more as document properties, for a quick look without opening a sheet."""
    return {
        "posko": MARK,
        "posko_office": job.posko.office.code,
        "posko_to": job.to,
        "posko_xid": job.xid,
        "posko_seq": str(job.channel.seq),
        "posko_part": f"{number}/{of}",
    }


def _file_name(job: _Job, number: int, of: int) -> Path:
    part = f"_{number}dari{of}" if of > 1 else ""
    name = "salinan" if job.outside else f"{job.channel.seq:03d}"
    stem = f"Posko_{job.posko.office.code}_ke_{job.to}_{name}{part}"
    path = job.folder / f"{stem}.xlsx"
    copies = _numbers()
    while path.exists():
        path = job.folder / f"{stem} ({next(copies)}).xlsx"
    return path


def _numbers() -> Iterator[int]:
    number = 2
    while True:
        yield number
        number += 1


def _too_big(path: Path, bounds: Limits) -> bool:
    if path.stat().st_size > bounds.file_bytes:
        return True
    with zipfile.ZipFile(path) as book:
        return sum(entry.file_size for entry in book.infolist()) > bounds.file_unpacked_bytes


def _enter(job: _Job, rows: int, files: list[Path]) -> None:
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
