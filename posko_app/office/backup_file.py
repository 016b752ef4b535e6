"""The file of a backup: a database, its keys and the list of evidence that belongs to it.

A ZIP (nothing in it is compressed: it is all encrypted) with `isi.json`, `posko.db`, `kunci.json`.
`isi.json` says which office and when, the SHA-256 of both files, the head of the audit chain, how
many records there are, and the name and size of every file of the vault. Those lie beside the
backup in the folder `brankas`, each copied once, because a name there never gets other content.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from posko_app.errors import UserError
from posko_app.security import durable

FORMAT, VERSION = "posko-cadangan", 1
SUFFIX = ".cadangan"
INDEX, DATABASE, KEYS = "isi.json", "posko.db", "kunci.json"
VAULT = "brankas"
MOST_INDEX = 256 << 20  # bytes; more is no index of ours
CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Index:
    """What a backup says of itself; `vault` holds names and sizes of sealed files.

    `missing` are files of the vault that were lost before the backup was made.
    """

    app: str
    made_at: str  # UTC, ISO
    office: str
    office_name: str
    level: str
    practice: bool
    keys_id: str
    device: str
    records: int
    audit_head: tuple[int, str]
    sums: dict[str, str]
    vault: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]


def write_book(path: Path, index: Index, database: Path, keys: bytes) -> None:
    """Write and read back a backup file; it lasts when this returns. Raises OSError, UserError."""
    with path.open("w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as book:
            data = {"format": FORMAT, "version": VERSION, **asdict(index)}
            book.writestr(INDEX, json.dumps(data, ensure_ascii=False, sort_keys=True))
            book.writestr(KEYS, keys)
            book.write(database, DATABASE)
        durable.sync_file(file)
    with opened(path) as (book, again):
        if again != index:
            raise damaged(path)
        for name in (DATABASE, KEYS):
            unpack(book, again, name, None, path)


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Index]]:
    """A backup file and its index. Raises UserError: missing, none of ours, newer, damaged."""
    try:
        with zipfile.ZipFile(path) as book:
            yield book, _index(book, path)
    except FileNotFoundError:
        raise UserError(
            f"Berkas cadangan {path} tidak ada. Tidak ada yang diubah. Pilih berkas yang benar.",
            "file_missing",
        ) from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise damaged(path) from error
    except IsADirectoryError:
        raise foreign(path) from None


def unpack(book: zipfile.ZipFile, index: Index, name: str, to: Path | None, path: Path) -> None:
    """Read one file of the backup to its end, into `to` if given, and compare its SHA-256.

    Raises UserError `backup_damaged`, OSError when `to` cannot be written.
    """
    digest = hashlib.sha256()
    try:
        with book.open(name) as source:
            if to is None:
                _pour(source, None, digest)
            else:
                with to.open("xb") as target:
                    _pour(source, target, digest)
                    durable.sync_file(target)
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        raise damaged(path) from error
    if digest.hexdigest() != index.sums.get(name):
        raise damaged(path)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged(path: Path) -> UserError:
    """The refusal of a backup whose content is not what was written."""
    return UserError(
        f"Cadangan {path.name} rusak atau tidak lengkap. Tidak ada yang diubah. "
        "Salin lagi dari tempat asalnya, atau pakai cadangan lain.",
        "backup_damaged",
    )


def foreign(path: Path) -> UserError:
    """The refusal of a file that is no backup."""
    return UserError(
        f"{path.name} bukan cadangan Posko. Tidak ada yang diubah. "
        f"Pilih berkas yang namanya berakhir {SUFFIX}.",
        "not_backup",
    )


def _pour(source: IO[bytes], target: IO[bytes] | None, digest: Any) -> None:
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        if target is not None:
            target.write(chunk)


def _index(book: zipfile.ZipFile, path: Path) -> Index:
    try:
        entry = book.getinfo(INDEX)
        data = json.loads(book.read(entry)) if entry.file_size <= MOST_INDEX else None
    except KeyError:
        raise foreign(path) from None
    except (ValueError, RecursionError):
        raise damaged(path) from None
    if not isinstance(data, dict) or data.pop("format", "") != FORMAT:
        raise foreign(path)
    if data.pop("version", 0) != VERSION:
        raise UserError(
            f"Cadangan {path.name} dibuat dengan Posko yang lebih baru. Tidak ada yang diubah. "
            "Perbarui Posko di komputer ini, lalu pulihkan lagi.",
            "newer_backup",
        )
    try:
        number, head = data.pop("audit_head")
        vault = tuple((str(name), int(size)) for name, size in data.pop("vault"))
        missing = tuple(map(str, data.pop("missing")))
        return Index(**data, audit_head=(number, head), vault=vault, missing=missing)
    except (KeyError, TypeError, ValueError):
        raise damaged(path) from None
