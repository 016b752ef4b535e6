"""Exporting to another office: signed workbooks of what changed, of all, or of some cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data import audit
from posko_app.data.tables import Export, Office
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security.uid import new_uid

from .export_parts import Job, write_all
from .free_text import Found, Search, look, note_search, require_silence
from .gather import Part, Wanted, split
from .leaving import leaving
from .ledger import channel
from .left_out import profiles
from .locking import keys_for, own_key, private_folder
from .manifest import shipment
from .neighbours import office_title
from .own_letters import seal_for_others
from .own_office import told
from .public_book import write_public
from .roster import introduction
from .scope import remember_sent
from .twins import forked
from .wanting import NOTHING, What, require_sense, wanted
from .xlsx.limits import Limits, limits

__all__ = ["ExportResult", "What", "export", "nothing_new"]


@dataclass(frozen=True)
class ExportResult:
    """The workbooks made, their number in the channel, records in them, and the export's id.

    A copy beside the channel has the number 0. `found` are texts in them that name a reporter or
    witness; `unchecked` tells that this account could not look for any, `elsewhere` at which
    offices the identities of others are, so that nobody here could. `kept` is of how many cases
    another computer of this office still lacks the identities, because this account does not hold
    the key.
    """

    files: tuple[Path, ...]
    seq: int
    rows: int
    uid: str
    found: tuple[Found, ...] = ()
    unchecked: bool = False
    elsewhere: tuple[str, ...] = ()
    kept: int = 0


@use_case("exchange.export")
def export(
    posko: Posko,
    to_code: str,
    out_folder: Path,
    *,
    what: What = "changes",
    cases: Collection[str] = (),
    profile: str = "internal",
    lock: bool = False,
    names_stay: str = "",
    progress: Progress = silent,
    bounds: Limits | None = None,
) -> ExportResult:
    """Write workbooks for the office `to_code` into `out_folder`.

    `changes` holds what changed since its last acknowledgement, `all` everything it may have; both
    have a number in the channel. `picked` is a copy beside the channel with the cases of these uids
    alone, each whole: it has no number and confirms nothing. So is every profile other than
    internal, which leaves whole records out; it is refused when texts name a reporter or witness,
    unless `names_stay` says why they may. Under `lock` only that office's devices and ours read it.

    Several files when one would pass a limit; each can be imported alone. Identities of reporters
    and witnesses are never in them. Raises UserError for an unknown office or profile, cases that
    it may not have, a folder that cannot be written; Cancelled when the user stopped it. No file
    and no ledger row is left then.
    """
    _check(posko, (to_code, what, cases, profile), out_folder, lock=lock)
    kept = _seal(posko, to_code, what, cases, profile, progress)
    bounds, uid = bounds or limits(), new_uid()
    private = private_folder(posko) if lock else nullcontext()
    with leaving(out_folder, posko, uid) as hidden, private as plain:
        with posko.store.read() as session:
            upto = session.scalars(select(Office.lsn)).one()  # before anything else is read
            asked = wanted(posko, session, to_code, what, cases, profile)
            parts = split(session, asked, bounds)
            search = _checked(posko, session, asked, parts, profile, names_stay, progress)
            job = Job(
                **_where(session, asked, upto, parts, lock=lock),
                posko=posko,
                profile=profile,
                xid=uid,
                limits=bounds,
                folder=out_folder,
                progress=progress,
                leaving=hidden,
                plain=plain,
            )
            rows, wishes = _write(session, job, parts)
        names = _give_names(job, rows, parts, wishes, search, names_stay)
    return _result(job, names, rows, search, kept)


def nothing_new(posko: Posko, to_code: str, made: ExportResult) -> str:
    """What to say of an export that holds no record, only what its head says; else empty."""
    if made.rows or not made.seq:
        return ""
    brings = "tanda terima"
    if to_code == posko.office.code:
        brings += " dan blok nomor"
    to = office_title(posko, to_code)
    to = to[:1].lower() + to[1:] if to_code == posko.office.code else to
    return f"Tidak ada yang baru untuk {to}; kiriman ini hanya membawa {brings}."


def _result(
    job: Job, names: tuple[Path, ...], rows: int, search: Search, kept: int
) -> ExportResult:
    return ExportResult(
        names,
        job.channel.seq,
        rows,
        job.xid,
        found=search.found,
        unchecked=search.unchecked,
        elsewhere=search.elsewhere,
        kept=kept,
    )


def _seal(
    posko: Posko,
    to_code: str,
    what: What,
    cases: Collection[str],
    profile: str,
    progress: Progress,
) -> int:
    """Have a key that answers are locked with, and identities sealed where they may go along.

    Gives of how many cases they stay, because this account does not hold their key.
    """
    own_key(posko)
    if profile != "internal":
        return 0
    _, kept = seal_for_others(posko, to_code, what, progress, cases=cases)
    return kept


def _checked(
    posko: Posko,
    session: Session,
    asked: Wanted,
    parts: Sequence[Part],
    profile: str,
    names_stay: str,
    progress: Progress,
) -> Search:
    """Look for names in what goes; UserError when they stand in the way."""
    search = look(posko, session, asked, parts, profile, progress)
    note_search(posko, search, asked.to, profile)
    require_silence(search, profile, names_stay)
    return search


def _write(session: Session, job: Job, parts: list[Part]) -> tuple[int, list[str]]:
    """Write all files, hidden; how many lines they hold and the names they want."""
    if profiles().by_code[job.profile].shape == "values":
        return write_public(session, job)
    return write_all(session, job, parts)


def _check(
    posko: Posko, order: tuple[str, What, Collection[str], str], folder: Path, *, lock: bool
) -> None:
    to_code, what, cases, profile = order
    require_sense(posko, to_code, what, cases, profile)
    if lock and profiles().by_code[profile].shape == "values":
        raise UserError(
            f"Berkas untuk umum tidak dikunci: siapa pun boleh membacanya. {NOTHING} "
            "Buat tanpa kunci, atau pilih isi yang lain.",
            "public_is_open",
        )
    try:
        there = folder.is_dir()
    except OSError:  # a name that no system takes
        there = False
    if not there:
        raise UserError(
            f"Folder {folder} tidak ada. {NOTHING} Pilih folder lain.", "folder_missing"
        )


def _where(
    session: Session, wanted: Wanted, upto: int, parts: Sequence[Part], *, lock: bool
) -> dict[str, Any]:
    """What the head of an export says of this office and of the channel at this moment.

    It holds all up to the number `upto`, which was read first: what others save meanwhile lies
    above it, and goes with the next export.
    """
    office = session.scalars(select(Office)).one()
    where = replace(channel(session, wanted.to), frm=wanted.after)
    if not wanted.waiting:  # a copy beside the channel: it claims nothing, so nothing is missed
        where = replace(where, seq=0, prev="", acks={})
    return {
        "wanted": wanted,
        "to": wanted.to,
        "channel": where,
        "upto": upto if wanted.waiting else 0,
        "hlc": office.hlc,
        "audit_head": audit.head(session),
        "forked": tuple(sorted(forked(session))),
        "private": office.device_private,
        "public": office.device_public,
        "introduction": {**introduction(session, wanted.to), **told(session, wanted.to)},
        "total": sum(part.rows for part in parts),
        "recipients": keys_for(session, wanted.to) if lock else (),
    }


def _give_names(
    job: Job, rows: int, parts: list[Part], wishes: list[str], search: Search, names_stay: str
) -> tuple[Path, ...]:
    """Give the export its number, and only then let anybody see its files."""
    names = job.leaving.names(wishes)
    sent = [case for part in parts for case in part.cases]
    _enter(job, rows, sent, names, search, names_stay)
    try:
        job.leaving.give(names)
    except UserError as error:
        raise UserError(
            f"{error.message} {shipment(job.channel.seq)} tercatat tanpa berkas. Data Anda aman. "
            "Buat kiriman sekali lagi.",
            error.code,
        ) from error
    return tuple(names)


def _enter(
    job: Job, rows: int, cases: list[str], files: list[Path], search: Search, names_stay: str
) -> None:
    """The ledger row and audit note; the hidden files are complete and synced by now."""
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
                locked=bool(job.recipients),
            )
        )
        # the token outside follows this number, so an older copy of the folder that is put back
        # after an export is noticed: its next export would bear the same number once more
        session.scalars(select(Office)).one().lsn += 1
        if job.profile == "internal":
            remember_sent(session, job.to, job.wanted.own, cases)
        posko.note(
            session,
            "export.made",
            job.xid,
            to=job.to,
            seq=job.channel.seq,
            rows=rows,
            profile=job.profile,
            locked=bool(job.recipients),
            files=[path.name for path in files],
            names_found=search.count,
            names_elsewhere=len(search.elsewhere),
            names_stay=names_stay.strip() if search.open else "",
        )
