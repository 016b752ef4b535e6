"""Restoring a backup: proven before it takes its place, as a new device, keeping what was there."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from posko_app.app import RENEWED, system_clock
from posko_app.data import audit, incarnation
from posko_app.data.incarnation import Renewed, Tie
from posko_app.data.lock import OfficeLock
from posko_app.data.store import Store, open_store
from posko_app.data.swap import STAGING, finish_swap, order_swap, settle_swap
from posko_app.data.tables import Account, VaultFile
from posko_app.data.vault import Vault, name_of
from posko_app.errors import UserError
from posko_app.paths import OfficeFolder, default_state
from posko_app.progress import Progress, silent
from posko_app.security import durable, keyfile, keys, permissions
from posko_app.text import file_size

from .backup import FULL, RESERVE, copy_sealed
from .backup_file import DATABASE, KEYS, VAULT, Index, damaged, opened, unpack
from .health import audit_problems, database_problems


@dataclass(frozen=True, kw_only=True)
class Restored:
    """An office that was restored into `folder`.

    `kept` is where the office lies that was there before, if there was one. `missing` are files of
    evidence that are neither there nor beside the backup, `problems` what else is wrong. `inbox`
    counts the workbooks kept in the folder, which may be received again. `sentence` says which
    device this is now.
    """

    folder: Path
    office: str
    made_at: str
    device: str
    label: str
    sentence: str
    kept: Path | None
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    files: int
    inbox: int


@dataclass(frozen=True)
class Sealed:
    """What a backup says before anybody gives a password."""

    index: Index
    accounts: tuple[str, ...]


def look_into(file: Path) -> Sealed:
    """Which office a backup is of, and who can open it. Raises UserError."""
    with opened(file) as (book, index), tempfile.TemporaryDirectory() as place:
        slots = Path(place) / KEYS
        unpack(book, index, KEYS, slots, file)
        return Sealed(index, tuple(row.account for row in keys.accounts(slots)))


def restore(
    file: Path,
    folder: Path,
    account: str,
    password: str,
    *,
    partial: bool = False,
    clock: Callable[[], datetime] = system_clock,
    place: Path | None = None,
    progress: Progress = silent,
) -> Restored:
    """Put the backup `file` in the place of the office in `folder`, as a new device.

    Everything is unpacked and proven beside the office first. The database and keys that were there
    go to a folder of their own; evidence and archives stay where they are. With `partial` an office
    whose evidence is not all there is restored too. Raises UserError: none of ours, damaged, newer,
    wrong password, not allowed, another office there, office open, evidence missing, disk full;
    Cancelled. What was in `folder` is untouched then.
    """
    files = OfficeFolder(folder)
    with opened(file) as (book, index), _explained(folder):
        made = not folder.exists()
        durable.make_folders(folder)
        staging = folder / f"{STAGING}{os.urandom(4).hex()}"
        try:
            settle_swap(files)
            lock = OfficeLock(files.lock)
            try:
                _require_same_office(files, index)
                _require_space(folder, file.stat().st_size)
                durable.make_folders(staging)
                progress(0, 1, "Membaca cadangan")
                for name in (KEYS, DATABASE):
                    unpack(book, index, name, staging / name, file)
                work = _Work(file, index, files, staging, clock, place or default_state(), progress)
                return work.prove_and_place(account, password, partial)
            finally:
                if (
                    not files.restore_order.exists()
                ):  # else whoever opens the office goes on with it
                    shutil.rmtree(staging, ignore_errors=True)
                lock.release()
        except BaseException:
            if made and not files.restore_order.exists():
                shutil.rmtree(folder, ignore_errors=True)
            raise


def finish_interrupted(folder: Path) -> None:
    """Finish a restore that was killed while its files changed places. Raises UserError."""
    settle_swap(OfficeFolder(folder))


@dataclass(frozen=True)
class _Work:
    """A backup unpacked beside its place."""

    file: Path
    index: Index
    files: OfficeFolder
    staging: Path
    clock: Callable[[], datetime]
    place: Path
    progress: Progress

    def prove_and_place(self, account: str, password: str, partial: bool) -> Restored:
        """Open and check the database, bring its evidence, make it a new device, swap."""
        vault = Vault(self.files.vault)
        added: list[str] = []
        try:
            with self._store(account, password) as store:
                problems = self._check(store, account)
                with store.read() as session:
                    rows = dict(session.execute(select(VaultFile.sha256, VaultFile.key)).all())
                missing = self._bring_evidence(vault, rows, added)
                if missing and not partial:
                    raise _evidence_missing(self.file, len(missing), len(rows))
                renewed = self._renew(store, account, len(missing))
            left = [n for n in ("-wal", "-journal") if self._size_of(f"{DATABASE}{n}")]
            if left:
                raise damaged(self.file)
            kept = self._swap()
        except BaseException:
            if not self.files.restore_order.exists():
                vault.drop(added)
            raise
        self.progress(1, 1, "Selesai dipulihkan")
        archive = self.files.inbox_archive
        return Restored(
            folder=self.files.root,
            office=self.index.office_name,
            made_at=self.index.made_at,
            device=renewed.new,
            label=renewed.label,
            sentence=RENEWED["restored"].format(label=renewed.label),
            kept=kept if kept.exists() else None,
            missing=missing,
            problems=problems,
            files=len(rows),
            inbox=sum(1 for p in archive.glob("*") if p.is_file()),
        )

    @contextmanager
    def _store(self, account: str, password: str) -> Iterator[Store]:
        unlocked = keys.unlock(self.staging / KEYS, account, password, self.clock())
        self.progress(0, 1, "Memeriksa basis data")
        try:
            store = open_store(self.staging / DATABASE, unlocked.database, self.clock)
        except UserError as error:
            if error.code in ("damaged", "not_posko_data", "disk_error"):
                raise damaged(self.file) from error
            raise
        try:
            yield store
        finally:
            store.close()

    def _check(self, store: Store, account: str) -> tuple[str, ...]:
        """Raise UserError unless the database is whole and the account may restore it.

        A broken audit chain is told and no reason to go without the data.
        """
        if database_problems(store):
            raise damaged(self.file)
        with store.read() as session:
            person = session.scalar(select(Account).where(Account.login == account))
            if person is None or not person.active:
                raise UserError(
                    f"Akun {account} tidak aktif di cadangan ini. Tidak ada yang diubah. "
                    "Pakai akun admin kantor.",
                    "account_inactive",
                )
            permissions.require(person.role, "office.backup")
            head = audit.head(session)
        problems = tuple(audit_problems(store))
        if head != self.index.audit_head and not problems:
            problems = ("Jejak audit cadangan ini tidak berakhir seperti saat dibuat.",)
        return problems

    def _bring_evidence(
        self, vault: Vault, rows: Mapping[str, bytes], added: list[str]
    ) -> tuple[str, ...]:
        """Copy what the vault lacks from beside the backup; the names that are nowhere whole."""
        missing = []
        source = self.file.parent / VAULT
        for number, (sha256, key) in enumerate(sorted(rows.items())):
            self.progress(number, len(rows), "Memulihkan bukti")
            if not vault.verify(sha256, key):
                continue
            name = name_of(sha256, key)
            if not Vault(source).verify(sha256, key):
                known = vault.path(sha256, key).exists()
                copy_sealed(source / name, vault.path(sha256, key), vault.folder, "pulih")
                if not known:
                    added.append(name)
            else:
                missing.append(name)
        return tuple(missing)

    def _renew(self, store: Store, account: str, missing: int) -> Renewed:
        with store.write(actor=account) as session:
            renewed = incarnation.renew(session)
            audit.append(
                session,
                at=self.clock(),
                account=account,
                action="office.restored",
                entity_uid="",
                detail={
                    "file": self.file.name,
                    "made_at": self.index.made_at,
                    "old": renewed.old,
                    "new": renewed.new,
                    "missing": missing,
                },
            )
            Tie(self.place, self.index.keys_id, self.files.root).fasten(session)
        return renewed

    def _swap(self) -> Path:
        stem = f"sebelum-pulih-{self.clock():%Y%m%d-%H%M%S}"
        kept, number = self.files.root / stem, 2
        while kept.exists():
            kept, number = self.files.root / f"{stem}-{number}", number + 1
        order_swap(self.files, self.staging, kept)
        finish_swap(self.files)
        return kept

    def _size_of(self, name: str) -> int:
        path = self.staging / name
        return path.stat().st_size if path.exists() else 0


def _require_same_office(files: OfficeFolder, index: Index) -> None:
    """Raise UserError when the folder holds another office than the backup is of."""
    if not files.keyfile.exists():
        return
    try:
        there = keyfile.read(files.keyfile)
    except UserError:
        return  # a damaged key file is a reason to restore
    office = there["office"]
    if (office["code"], there["practice"]) != (index.office, index.practice):
        raise UserError(
            f"Di folder {files.root} ada kantor lain: {office['name']}. Cadangan ini milik "
            f"{index.office_name}. Tidak ada yang diubah. Pilih folder lain.",
            "other_office",
        )


def _require_space(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < 2 * size + RESERVE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _evidence_missing(file: Path, missing: int, total: int) -> UserError:
    return UserError(
        f"{missing} dari {total} berkas bukti tidak ada atau rusak di {file.parent / VAULT}. Tidak "
        f"ada yang diubah. Salin juga folder {VAULT} dari tempat cadangan dibuat, atau pulihkan "
        "tanpa bukti itu dengan --partial.",
        "evidence_missing",
    )


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Failures of the disk as one plain sentence each."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            near = next(p for p in (folder, *folder.parents) if p.exists())
            raise UserError(
                f"Ruang di {folder} tinggal {file_size(shutil.disk_usage(near).free)}, jadi "
                "cadangan tidak dipulihkan. Yang ada di folder itu tetap utuh. Kosongkan ruang "
                "atau pilih folder lain.",
                "disk_full",
            ) from error
        raise UserError(
            f"Folder {folder} atau cadangannya tidak dapat dibaca atau ditulisi, jadi cadangan "
            "tidak dipulihkan. Yang ada di folder itu tetap utuh. Periksa diska dan izin folder.",
            "folder_not_writable",
        ) from error
