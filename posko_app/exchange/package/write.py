"""Writing a package of evidence: every part a whole signed bag of at most the chosen size."""

from __future__ import annotations

import base64
import errno
import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from posko_app import __version__
from posko_app.app import Posko, use_case
from posko_app.data.tables import AuditEntry, Evidence, Office
from posko_app.errors import UserError
from posko_app.exchange.leaving import Leaving, leaving
from posko_app.exchange.left_out import left_out, profiles
from posko_app.exchange.locking import keys_for, own_key
from posko_app.exchange.roster import introduction
from posko_app.progress import Progress, silent
from posko_app.security import durable
from posko_app.security.uid import new_uid
from posko_app.text import file_size

from .contents import Chosen, choose
from .listing import Listing, is_light, sender_of, to_text
from .packing import planned
from .part_file import Job, PartFile, write_part
from .plan import TooSmall
from .words import NOTHING

SENT, WITHDRAWN = "package.sent", "package.withdrawn"


@dataclass(frozen=True)
class PackageResult:
    """The parts made, the package's id, and what went: pieces of evidence and bytes of content.

    `confidential` pieces stayed because they show who wrote, `absent` ones have no file here. No
    part is made when there is nothing to send.
    """

    files: tuple[Path, ...]
    group: str
    evidence: int
    bytes: int
    confidential: int
    absent: int
    locked: bool


@use_case("exchange.export")
def write_package(
    posko: Posko,
    to_code: str,
    cases: Collection[str],
    out: Path,
    part_bytes: int,
    *,
    profile: str = "internal",
    lock: bool = False,
    book: Path | None = None,
    progress: Progress = silent,
) -> PackageResult:
    """Write the evidence of `cases` (uids) for the office `to_code` into the folder `out`.

    Each part is at most `part_bytes` long, with `lock` too: then only devices of that office, and
    this one, can open it. `book` is a workbook that goes along in part 1. Files that show who
    wrote, and everything of the compartment of identities, stay. Names appear when all parts are
    whole; nothing else is ever written to `out` plain. Raises UserError for a `profile` that sends
    no evidence, a case that may not go there, parts that are too small, damaged evidence, a folder
    that cannot be written or is full; Cancelled when the user stopped it. Nothing is left then.
    """
    _require_evidence(profile)
    _require_folder(out)
    if lock:
        own_key(posko)
    group = new_uid()
    with posko.store.read() as session:
        chosen = choose(posko, session, to_code, cases)
        office = session.scalars(select(Office)).one()
        words = {**introduction(session, to_code), "group": group}
        job = Job(
            posko=posko,
            to=to_code,
            group=group,
            base=_base(posko, office, words, to_code),
            private=office.device_private,
            recipients=keys_for(session, to_code) if lock else (),
            folder=out,
            limit=part_bytes,
            book=book,
            progress=progress,
        )
    if not chosen.contents:
        return PackageResult((), "", 0, 0, chosen.confidential, chosen.absent, lock)
    with leaving(out, posko, group) as parts:
        files = _write_all(job, chosen, parts)
    return PackageResult(
        files, job.group, chosen.evidence, chosen.size, chosen.confidential, chosen.absent, lock
    )


def _base(posko: Posko, office: Office, words: Mapping[str, str], to: str) -> Listing:
    """The list without its files."""
    said = {
        "app": __version__,
        "office": posko.office.code,
        "level": posko.office.level,
        "device": posko.office.device_id,
        "key": base64.b64encode(office.device_public).decode(),
        "office_name": posko.office.name,
        "to": to,
        "practice": posko.office.practice,
        **words,
        "roster": "",  # goes with workbooks; here it would only take room from the evidence
    }
    return Listing(sender=sender_of(said), group="", made_at=posko.now(), parts=1, files=())


def _require_evidence(profile: str) -> None:
    """Raise UserError for a profile whose records hold no evidence: then no file of it goes."""
    known = profiles().by_code[profile]
    if known.shape != "records" or Evidence.__tablename__ in left_out(profile):
        raise UserError(
            f"Salinan “{known.label}” tidak pernah memuat berkas bukti. {NOTHING} "
            "Kirim tanpa berkas bukti.",
            "no_public_evidence",
        )


def withdraw(posko: Posko, made: PackageResult) -> bool:
    """Take the parts back that nothing came of, and say so in the journal of each case.

    False, and no word in the journal, when some could not be removed: they may yet be found.
    """
    gone = True
    for path in made.files:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            gone = False
    if not made.files or not gone or not made.files[0].parent.is_dir():
        return False
    with posko.write() as session:
        sent = select(AuditEntry.entity_uid, AuditEntry.body).where(AuditEntry.action == SENT)
        for case, body in session.execute(sent.where(AuditEntry.body.contains(made.group))).all():
            told = json.loads(body)
            if told["group"] == made.group:
                posko.note(session, WITHDRAWN, case, group=made.group, evidence=told["evidence"])
        posko.note(session, WITHDRAWN, made.group, parts=len(made.files))
    return True


def _require_folder(out: Path) -> None:
    if not out.is_dir():
        raise UserError(f"Folder {out} tidak ada. {NOTHING} Pilih folder lain.", "folder_missing")


def _write_all(job: Job, chosen: Chosen, leaving_parts: Leaving) -> tuple[Path, ...]:
    """Write every part under a hidden name, note what leaves, then give all their names."""
    hidden: list[Path] = []
    named: list[Path] = []
    try:
        _require_space(job, chosen)
        listing, parts = planned(job, chosen)
        text, done = to_text(listing), 0
        if not is_light(text):
            raise _too_many()
        contents = {content.sha256: content for content in chosen.contents}
        for number, pieces in enumerate(parts, 1):
            hidden.append(leaving_parts.part(number))
            part = PartFile(
                number=number,
                listing=listing,
                text=text,
                pieces=pieces,
                contents=contents,
                book=job.book if number == 1 else None,
            )
            done = write_part(job, hidden[-1], part, done)
        job.progress(chosen.size, chosen.size, "Menulis paket bukti")
        _note(job, chosen, len(parts))
        for number, path in enumerate(hidden, 1):
            named.append(_name(job, number, len(parts)))
            path.rename(named[-1])
        durable.sync_folder(job.folder)
    except BaseException as problem:
        for path in (*hidden, *named):
            path.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            raise _cannot_write(job, problem) from problem
        if isinstance(problem, TooSmall):
            raise UserError(
                f"Daftar bukti sebanyak ini tidak muat dalam bagian {file_size(job.limit)}. "
                f"{NOTHING} Pilih ukuran bagian yang lebih besar.",
                "part_too_small",
            ) from None
        raise
    return tuple(named)


def _too_many() -> UserError:
    return UserError(
        f"Bukti yang dipilih terlalu banyak untuk satu paket. {NOTHING} "
        "Kirim dalam beberapa kali: pilih lebih sedikit perkara setiap kali.",
        "too_much_evidence",
    )


def _note(job: Job, chosen: Chosen, parts: int) -> None:
    """Write into the journal of each case that its evidence leaves, before any name tells of it."""
    by_case: dict[str, list[str]] = {}
    for content in chosen.contents:
        for item in content.items:
            by_case.setdefault(item.case, []).append(item.uid)
    told = {"to": job.to, "group": job.group, "locked": bool(job.recipients)}
    posko = job.posko
    with posko.write() as session:
        for case, uids in sorted(by_case.items()):
            posko.note(session, SENT, case, evidence=sorted(uids), **told)
        posko.note(
            session, "package.written", job.group, parts=parts, files=len(chosen.contents),
            bytes=chosen.size, cases=len(by_case), **told,
        )  # fmt: skip


def _name(job: Job, number: int, parts: int) -> Path:
    end = ".zip.age" if job.recipients else ".zip"
    return job.folder / f"{job.stem}_{number}dari{parts}{end}"


def _require_space(job: Job, chosen: Chosen) -> None:
    if shutil.disk_usage(job.folder).free < chosen.size + (1 << 20):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _cannot_write(job: Job, problem: OSError) -> UserError:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        free = file_size(shutil.disk_usage(job.folder).free)
        return UserError(
            f"Ruang di {job.folder} tinggal {free}, tidak cukup untuk paket bukti. {NOTHING} "
            "Kosongkan ruang atau pilih tempat lain, lalu coba lagi.",
            "disk_full",
        )
    if problem.errno == errno.EFBIG:
        return UserError(
            f"Tempat {job.folder} tidak memuat berkas sebesar ini. {NOTHING} "
            "Pilih ukuran bagian yang lebih kecil.",
            "file_too_big",
        )
    return UserError(
        f"Folder {job.folder} tidak dapat ditulisi. {NOTHING} "
        "Periksa apakah flashdisk masih terpasang, atau pilih folder lain.",
        "folder_not_writable",
    )
