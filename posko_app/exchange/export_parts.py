"""The files of one export: every part a complete, signed workbook that can be imported alone."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy.orm import Session

from posko_app import __version__
from posko_app.app import Posko
from posko_app.data.base import synced_tables
from posko_app.progress import Progress
from posko_app.security import sign
from posko_app.text import local, numeric_date

from . import manifest as head
from . import park
from .gather import Part, Wanted, chunks, records, split
from .leaving import Leaving
from .ledger import Channel
from .left_out import left_out
from .locking import ENDING, lock_as
from .manifest import FORMAT, MARK, SHEET, Manifest
from .visible import VisibleSheets, made_facts
from .xlsx.limits import Limits
from .xlsx.write import BookWriter, Column, Page, cannot_write

SCHEMA = 1
"""Number of the record layout; grows when a table or field is added."""


@dataclass(frozen=True, kw_only=True)
class Job:
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
    leaving: Leaving
    recipients: tuple[str, ...] = ()  # the keys that the files are locked with; none for plain ones
    plain: Path | None = None  # where plain files are written that will be locked

    @property
    def outside(self) -> bool:
        """Whether this is a copy beside the channel."""
        return self.channel.seq == 0

    @property
    def omitted(self) -> frozenset[str]:
        return left_out(self.profile)


def write_all(session: Session, job: Job, parts: list[Part]) -> tuple[int, list[str]]:
    """Write every part, hidden, and give how many records that is and the names the files want.

    When one proves bigger than estimated, all are written again in smaller parts; `parts` holds
    those that were written in the end.
    """
    caution = 1
    while True:
        done, names = 0, [_file_name(job, n, len(parts)) for n in range(1, len(parts) + 1)]
        for number, part in enumerate(parts, 1):
            hidden = job.leaving.part(number)
            path = job.plain / hidden.name if job.plain else hidden
            done = _write_part(session, job, path, part, number, len(parts), done)
            shown = job.folder / names[number - 1]
            if len(part.cases) > 1 and _too_big(path, job.limits, shown):
                path.unlink()
                break
            if job.recipients:
                job.progress(done, job.total, "Mengunci berkas")
                lock_as(path, hidden, job.recipients, shown=shown)
        else:
            return done, names
        job.leaving.drop()
        caution *= 2
        parts[:] = split(session, job.wanted, job.limits, caution)


def _write_part(
    session: Session, job: Job, path: Path, part: Part, number: int, of: int, done: int
) -> int:
    """Write one workbook and return how many records are written by now."""
    hashes: list[str] = []
    with ExitStack() as stack:
        book = stack.enter_context(
            BookWriter(
                path,
                title=f"Posko, {head.shipment(job.channel.seq).lower()}",
                made_at=job.posko.now(),
                custom=custom_of(job, number, of),
                shown=job.folder / _file_name(job, number, of),
            )
        )
        spool = stack.enter_context(
            TemporaryFile("w+", encoding="ascii", dir=path.parent, prefix=job.leaving.prefix)
        )
        visible = VisibleSheets(job.posko, session, book)
        visible.guide(_facts(job, number, of), part.counts)
        for table in synced_tables():
            if table in job.omitted:
                continue
            sheet = visible.sheet(table)
            for batch in records(session, table, part, job.wanted):
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
        manifest = manifest_of(job, part, number, of, hashes, sheets)
        machine_sheet(book, job, manifest, hashes, spool)
    job.progress(done, job.total, "Menulis berkas")
    return done


def _facts(job: Job, number: int, of: int) -> list[tuple[str, str]]:
    part = f", bagian {number} dari {of}" if of > 1 else ""
    words = sign.fingerprint_words(job.public)
    return made_facts(job.posko, job.channel.seq, job.to, job.posko.now(), part, words)


def machine_sheet(
    book: BookWriter, job: Job, manifest: Manifest, hashes: list[str], spool: IO[str]
) -> None:
    """Write the signed head and one row per record, in the order of `hashes`."""
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


def manifest_of(
    job: Job,
    part: Part,
    number: int,
    of: int,
    hashes: list[str],
    sheets: Mapping[str, str],
) -> Manifest:
    """The head of part `number` of `of`: who sends what to whom."""
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


def custom_of(job: Job, number: int, of: int) -> dict[str, str]:
    """The head once more as document properties, for a quick look without opening a sheet."""
    return {
        "posko": MARK,
        "posko_office": job.posko.office.code,
        "posko_to": job.to,
        "posko_xid": job.xid,
        "posko_seq": str(job.channel.seq),
        "posko_part": f"{number}/{of}",
    }


def _file_name(job: Job, number: int, of: int) -> str:
    part = f"_{number}dari{of}" if of > 1 else ""
    name = "salinan" if job.outside else f"{job.channel.seq:03d}"
    ending = ENDING if job.recipients else ""
    return f"Posko_{job.posko.office.code}_ke_{job.to}_{name}{part}.xlsx{ending}"


def _too_big(path: Path, bounds: Limits, shown: Path) -> bool:
    try:
        if path.stat().st_size > bounds.file_bytes:
            return True
        with zipfile.ZipFile(path) as book:
            return sum(entry.file_size for entry in book.infolist()) > bounds.file_unpacked_bytes
    except OSError as error:  # the drive was pulled out
        raise cannot_write(shown, error) from error
