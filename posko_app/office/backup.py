"""A verified backup: a consistent copy of the database, the keys, and every file of the vault."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from posko_app import __version__
from posko_app.app import Posko, use_case
from posko_app.data.snapshot import CopyFacts, copy_facts, snapshot
from posko_app.data.tables import VaultFile
from posko_app.data.vault import name_of
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security import durable, keyfile
from posko_app.text import file_size, local

from .backup_file import DATABASE, KEYS, SUFFIX, VAULT, Index, sha256_of, write_book

RESERVE = 16 << 20  # bytes that stay free on the target
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A finished backup: its file, how many files of the vault belong to it, and the new ones.

    `missing` are files of the vault that are lost or damaged here, so that they are not in it;
    `problems` says what else is wrong with the office that was copied.
    """

    path: Path
    size: int  # bytes
    records: int
    files: int
    copied: int
    missing: tuple[str, ...]
    problems: tuple[str, ...]


@use_case("office.backup")
def back_up(posko: Posko, out: Path, progress: Progress = silent) -> Backup:
    """Write a backup into the folder `out` and prove it, before it gets its name.

    The file needs the folder `brankas` beside it. Evidence that `out` holds already is not copied
    again. Raises UserError: no such folder, disk full, folder not writable, copy not whole, or an
    office whose database is on a server; Cancelled. An earlier backup is untouched then, and no
    unfinished file is left.
    """
    if posko.store.engine.dialect.name != "sqlite":
        raise UserError(
            "Basis data kantor ini ada di server, jadi dicadangkan di sana. Tidak ada yang "
            "diubah. Minta pengelola server membuat cadangannya.",
            "backup_on_server",
        )
    if not out.is_dir():
        raise UserError(
            f"Folder {out} tidak ada. Tidak ada cadangan yang dibuat. Pilih folder lain.",
            "folder_missing",
        )
    if (out / VAULT).resolve() == posko.vault.folder.resolve():
        raise UserError(
            f"{out} adalah folder kantor itu sendiri. Tidak ada cadangan yang dibuat. Pilih folder "
            "lain, sebaiknya di flashdisk.",
            "own_folder",
        )
    with _explained(out):
        sweep(out, posko.office.code)
        made = _make(posko, out, progress)
    with posko.write() as session:
        posko.note(
            session,
            "backup.made",
            file=made.path.name,
            sha256=sha256_of(made.path),
            files=made.files,
            missing=len(made.missing),
        )
    return made


def sweep(out: Path, code: str) -> None:
    """Throw away what a backup of this office left that was killed. Raises OSError."""
    for left in (*out.glob(f"Posko_{code}_*.part"), *(out / VAULT).glob(f"{code}-*.part")):
        left.unlink()


def _make(posko: Posko, out: Path, progress: Progress) -> Backup:
    stem = _stem(posko)
    part, copy = out / f"{stem}{SUFFIX}.part", out / f"{stem}.db.part"
    try:
        progress(0, 1, "Menyalin basis data")
        _require_space(out, 2 * posko.folder.database.stat().st_size)
        snapshot(posko.store.engine, copy)
        with posko.store.read() as session:  # after the copy: whatever it names is in the vault
            keys = dict(session.execute(select(VaultFile.sha256, VaultFile.key)).all())
        vault, copied, missing = _copy_vault(posko, out, keys, progress)
        facts = copy_facts(posko.store.engine, copy)
        slots = posko.folder.keyfile.read_bytes()
        sums = {DATABASE: sha256_of(copy), KEYS: hashlib.sha256(slots).hexdigest()}
        index = _index(posko, facts, sums, vault, missing)
        write_book(part, index, copy, slots)
        path = _free(out, f"{stem}_{facts.audit_head[0]}-{facts.audit_head[1][:8]}")
        part.replace(path)
        durable.sync_folder(out)
    finally:
        for left in (part, copy, *copy.parent.glob(f"{copy.name}*")):
            left.unlink(missing_ok=True)
    progress(1, 1, "Cadangan selesai")
    size = path.stat().st_size
    return Backup(
        path=path,
        size=size,
        records=index.records,
        files=len(vault),
        copied=copied,
        missing=missing,
        problems=(facts.broken,) if facts.broken else (),
    )


def _index(
    posko: Posko,
    facts: CopyFacts,
    sums: dict[str, str],
    vault: list[tuple[str, int]],
    missing: tuple[str, ...],
) -> Index:
    office = posko.office
    return Index(
        app=__version__,
        made_at=posko.now().isoformat(),
        office=office.code,
        office_name=office.name,
        level=office.level,
        practice=office.practice,
        keys_id=str(keyfile.read(posko.folder.keyfile)["id"]),
        device=office.device_id,
        records=facts.records,
        audit_head=facts.audit_head,
        sums=sums,
        vault=tuple(vault),
        missing=missing,
    )


def _copy_vault(
    posko: Posko, out: Path, keys: Mapping[str, bytes], progress: Progress
) -> tuple[list[tuple[str, int]], int, tuple[str, ...]]:
    """Copy sealed files that the target lacks; names and sizes of all, how many, which are lost."""
    listed: list[tuple[str, int]] = []
    missing: list[str] = []
    copied = 0
    for number, (sha256, key) in enumerate(sorted(keys.items())):
        progress(number, len(keys), "Menyalin bukti")
        name, source = name_of(sha256, key), posko.vault.path(sha256, key)
        target = out / VAULT / name
        if not source.is_file():
            if not target.is_file():
                missing.append(name)
                continue
            listed.append((name, target.stat().st_size))  # lost here, kept by an earlier backup
            continue
        size = source.stat().st_size
        if not target.is_file() or target.stat().st_size != size:
            if posko.vault.verify(sha256, key):
                missing.append(name)  # damaged here: never spread it
                continue
            copy_sealed(source, target, out / VAULT, posko.office.code)
            copied += 1
        listed.append((name, size))
    return listed, copied, tuple(missing)


def copy_sealed(source: Path, target: Path, vault: Path, code: str) -> None:
    """Copy one sealed file: whole and lasting under its name, or not there at all.

    Its unfinished part lies in `vault` and begins with `code`. Raises OSError.
    """
    _require_space(vault.parent, source.stat().st_size)
    durable.make_folders(target.parent)
    part = vault / f"{code}-{os.urandom(8).hex()}.part"
    try:
        with source.open("rb") as read, part.open("xb") as write:
            shutil.copyfileobj(read, write, 1 << 20)
            durable.sync_file(write)
        if sha256_of(part) != sha256_of(source):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        part.replace(target)
        durable.sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _stem(posko: Posko) -> str:
    here = local(posko.now(), posko.office.zone)
    return f"Posko_{posko.office.code}_{here:%Y-%m-%d_%H%M}"


def _free(out: Path, stem: str) -> Path:
    """A name that is not taken; it ends with the head of the audit chain, as an anchor of it."""
    path, number = out / f"{stem}{SUFFIX}", 2
    while path.exists():
        path, number = out / f"{stem} ({number}){SUFFIX}", number + 1
    return path


def _require_space(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size + RESERVE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    """Failures of the target as one plain sentence each."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            free = file_size(shutil.disk_usage(out).free)
            raise UserError(
                f"Ruang di {out} tinggal {free}, jadi cadangan tidak dibuat. Data Anda dan "
                "cadangan sebelumnya tetap utuh. Kosongkan ruang atau pilih diska lain.",
                "disk_full",
            ) from error
        raise UserError(
            f"Folder {out} tidak dapat ditulisi, jadi cadangan tidak dibuat. Data Anda dan "
            "cadangan sebelumnya tetap utuh. Periksa diska dan izin folder, lalu coba lagi.",
            "folder_not_writable",
        ) from error
