"""Exporting to another office: signed workbooks of what changed, of all, or of some cases."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data import audit
from posko_app.data.tables import Case, Export, Office, Sync
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security.uid import new_uid
from posko_app.text import thousands

from .export_parts import Job, write_all
from .gather import Wanted, split
from .leaving import leaving
from .ledger import channel
from .left_out import left_out, profiles
from .locking import keys_for, own_key, private_folder
from .manifest import PROFILES, shipment
from .roster import introduction
from .scope import cases_for
from .twins import forked
from .xlsx.limits import Limits, limits

What: TypeAlias = Literal["changes", "all", "picked"]
MOST_PICKED = 5_000
_NOTHING = "Belum ada berkas yang dibuat."


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
    what: What = "changes",
    cases: Collection[str] = (),
    profile: str = "internal",
    lock: bool = False,
    progress: Progress = silent,
    bounds: Limits | None = None,
) -> ExportResult:
    """Write workbooks for the office `to_code` into `out_folder`.

    `changes` holds what changed since its last acknowledgement, `all` everything it may have; both
    have a number in the channel. `picked` is a copy beside the channel with the cases of these uids
    alone, each whole: it has no number and confirms nothing. So is every profile other than
    internal, which leaves whole records out. With `lock` only the devices of that office, and this
    one, can open the files.

    Several files when one would pass a limit; each can be imported alone. Identities of reporters
    and witnesses are never in them. Raises UserError for an unknown office, a profile that cannot
    be made yet, cases that it may not have, a folder that cannot be written; Cancelled when the
    user stopped it. No file and no ledger row is left then.
    """
    _check(posko, to_code, what, cases, profile, out_folder)
    own_key(posko)
    uid = new_uid()
    private = private_folder(posko) if lock else nullcontext()
    with leaving(out_folder, posko.office.device_id, uid) as hidden, private as plain:
        with posko.store.read() as session:
            wanted = _wanted(posko, session, to_code, what, cases, profile)
            parts = split(session, wanted, bounds or limits())
            job = Job(
                **_where(session, wanted),
                posko=posko,
                profile=profile,
                xid=uid,
                limits=bounds or limits(),
                folder=out_folder,
                total=sum(part.rows for part in parts),
                progress=progress,
                leaving=hidden,
                recipients=keys_for(session, to_code) if lock else (),
                plain=plain,
            )
            rows, wishes = write_all(session, job, parts)
        names = hidden.names(wishes)
        _enter(job, rows, names)  # a number is given before anybody can see its files
        _give_names(job, names)
    return ExportResult(tuple(names), job.channel.seq, rows, uid)


def _check(
    posko: Posko, to_code: str, what: str, cases: Collection[str], profile: str, folder: Path
) -> None:
    if what not in get_args(What) or (cases and what != "picked"):
        raise ValueError(f"{what} with {len(cases)} cases")
    region = posko.regions.get(to_code)
    if region is None or to_code.count(".") > 2:
        raise UserError(
            f"Kode kantor {to_code} tidak dikenal. {_NOTHING} "
            "Tulis seperti 62, 62.10 atau 62.10.01.",
            "unknown_office",
        )
    if profile not in PROFILES:
        raise UserError(
            f"Profil {profile} tidak dikenal. {_NOTHING} Pilih {', '.join(PROFILES)}.",
            "unknown_profile",
        )
    if profiles().by_code[profile].shape == "values":
        raise UserError(
            f"Kiriman dengan profil {profile} belum dapat dibuat: uraian kejadian tidak dapat "
            f"dipisahkan dari perkaranya. {_NOTHING} Pakai rekap untuk umum.",
            "profile_not_ready",
        )
    if what == "picked" and not 0 < len(set(cases)) <= MOST_PICKED:
        raise UserError(
            f"Pilih perkara yang dikirim, paling banyak {thousands(MOST_PICKED)}. {_NOTHING}",
            "nothing_picked",
        )
    if not folder.is_dir():
        raise UserError(
            f"Folder {folder} tidak ada. {_NOTHING} Pilih folder lain.", "folder_missing"
        )


def _wanted(
    posko: Posko, session: Session, to: str, what: What, cases: Collection[str], profile: str
) -> Wanted:
    """What goes to that office; UserError for a picked case that it may not have."""
    own, whole = posko.office.code, profile == "internal" and what != "picked"
    picked = tuple(sorted(set(cases))) if what == "picked" else None
    after = channel(session, to).frm if whole and what == "changes" else 0
    for uid in _outside_scope(session, to, own, picked or ()):
        row = session.execute(select(Case.number, Case.title).where(Case.uid == uid)).first()
        if row is None:
            raise UserError(
                f"Perkara yang dipilih tidak ada lagi di kantor ini. {_NOTHING} Pilih lagi.",
                "no_case",
            )
        raise UserError(
            f"Perkara {row[0] or row[1]} bukan dari wilayah kantor {to}, jadi tidak boleh dikirim "
            f"ke sana. {_NOTHING} Keluarkan perkara itu dari pilihan.",
            "not_theirs",
        )
    return Wanted(to, own, after, left_out(profile), waiting=whole, picked=picked)


def _outside_scope(session: Session, to: str, own: str, picked: Collection[str]) -> list[str]:
    """The picked cases that are not here, or that the office may not have."""
    theirs = select(Sync.uid).where(
        Sync.uid.in_(picked), Sync.table_name == Case.__tablename__, cases_for(to, own)
    )
    return sorted(set(picked) - set(session.scalars(theirs))) if picked else []


def _where(session: Session, wanted: Wanted) -> dict[str, Any]:
    """What the head of an export says of this office and of the channel at this moment."""
    office = session.scalars(select(Office)).one()
    where = replace(channel(session, wanted.to), frm=wanted.after)
    if not wanted.waiting:  # a copy beside the channel: it claims nothing, so nothing is missed
        where = replace(where, seq=0, prev="", acks={})
    return {
        "wanted": wanted,
        "to": wanted.to,
        "channel": where,
        "upto": office.lsn if wanted.waiting else 0,
        "hlc": office.hlc,
        "audit_head": audit.head(session),
        "forked": tuple(sorted(forked(session))),
        "private": office.device_private,
        "public": office.device_public,
        "introduction": introduction(session, wanted.to),
    }


def _give_names(job: Job, names: list[Path]) -> None:
    try:
        job.leaving.give(names)
    except UserError as error:
        raise UserError(
            f"{error.message} {shipment(job.channel.seq)} tercatat tanpa berkas. Data Anda aman. "
            "Buat kiriman sekali lagi.",
            error.code,
        ) from error


def _enter(job: Job, rows: int, files: list[Path]) -> None:
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
        )
