"""The evidence vault: encrypted files under the SHA-256 of their content, safe before any row.

A file lies at `ab/cd/<60 more hex digits>-<8 hex digits>`: the SHA-256 of the plain content in
three parts, then the first 4 bytes of the SHA-256 of its key. Because the key is in the name, a
name never gets other content, even when two people attach the same at the same moment. The bytes
are a sealed file of `security.cipher`; the keys are rows of the encrypted database, so erasing a
key erases the content. Unfinished files are called `*.part` and lie in the folder itself.

Order of an intake: seal to `.part`, sync, rename, sync the folder, and only then the caller
inserts its row. A crash in between leaves a file without a row, never a row without a file.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security import durable
from posko_app.security.cipher import Damaged, SealedFile, encrypt_file, open_file, sealed_size
from posko_app.text import file_size

_RESERVE = 16 << 20  # bytes that stay free for the database
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Stored:
    """Content that is now in the vault; `key` is None when it was there before under another."""

    sha256: str
    size: int  # bytes of plain content
    name: str  # path below the vault, with /
    key: bytes | None


class OtherContent(ValueError):
    """What was to be stored is not what it should be."""


@dataclass(frozen=True)
class Swept:
    """What a start-up sweep found; all names are below the vault."""

    finished: tuple[str, ...]  # interrupted files whose row was there: now in place
    dropped: int  # unfinished files thrown away
    orphans: tuple[str, ...]  # files no row knows; left in place
    missing: tuple[str, ...]  # SHA-256 of rows whose file is gone


class Vault:
    """The encrypted files of one office in `folder`, which is made when first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self,
        source: Path | BinaryIO,
        key: bytes,
        *,
        known: Callable[[str], bytes | None],
        progress: Progress = silent,
        expected: str = "",
    ) -> Stored:
        """Copy `source` into the vault in one pass, sealed with the fresh `key`, safe on return.

        `known` gives the key under which this office already holds a SHA-256, or None. Then nothing
        is stored twice, and a stored file that got lost or damaged is mended. The caller inserts
        `key` with its row only when `Stored.key` is set. Raises UserError: source unreadable, disk
        full, folder not writable; OtherContent when its SHA-256 is not the `expected` one; nothing
        is left behind then.
        """
        if isinstance(source, Path):
            with _opened(source) as file:
                size, named = _size(file), _Source(file, source.name)
                return self._add(named, key, known, progress, size, expected)
        return self._add(_Source(source, ""), key, known, progress, 0, expected)

    def open(self, sha256: str, key: bytes) -> SealedFile:
        """The plain bytes as a seekable stream; nothing is written to disk.

        Raises UserError `evidence_missing`, and Damaged, here or while reading.
        """
        try:
            return open_file(self.path(sha256, key), key)
        except FileNotFoundError:
            raise UserError(
                "Berkas bukti ini tidak ada di brankas. Data lain tetap aman. "
                "Pulihkan brankas dari cadangan.",
                "evidence_missing",
            ) from None
        except OSError as error:
            raise UserError(
                "Berkas bukti ini tidak dapat dibaca. Data lain tetap aman. "
                "Periksa disk dan izin folder, lalu coba lagi.",
                "evidence_unreadable",
            ) from error

    def verify(self, sha256: str, key: bytes) -> str:
        """Read a file to its end; what is wrong with it as a sentence, or "" when it is whole."""
        try:
            with self.open(sha256, key) as file:
                if _hash(file) != sha256:
                    return Damaged("Berkas bukti").message
        except Damaged:
            return Damaged("Berkas bukti").message
        except UserError as error:
            return error.message
        except OSError:
            return "Berkas bukti ini tidak dapat dibaca. Periksa disk."
        return ""

    def holds(self, name: str, size: int) -> bool:
        """Whether a file of `size` plain bytes lies under a name, for those who cannot open it."""
        try:
            return self.folder.joinpath(*name.split("/")).stat().st_size == sealed_size(size)
        except OSError:
            return False

    def sweep(self, keys: Mapping[str, bytes]) -> Swept:
        """Set right what a crash left; `keys` are all rows, SHA-256 to key.

        Only for a start, while nobody adds. A finished `.part` whose row was committed gets its
        place (Windows cannot make a rename last), other parts are thrown away. Orphans stay: after
        an older backup was restored they are evidence of the days between. Raises UserError.
        """
        expected = {name_of(sha256, key): sha256 for sha256, key in keys.items()}
        present = set(self._names())
        lost = {expected[name] for name in expected.keys() - present}
        finished, dropped = [], 0
        try:
            for part in sorted(self.folder.glob("*.part")):
                sha256 = _owner(part, lost, keys)
                if sha256:
                    finished.append(self._place(part, sha256, keys[sha256]))
                    lost.remove(sha256)
                else:
                    part.unlink()
                    dropped += 1
        except OSError as error:
            raise self._cannot_write(error, 0) from error
        orphans = sorted(present - expected.keys())
        return Swept(tuple(finished), dropped, tuple(orphans), tuple(sorted(lost)))

    def drop(self, names: Iterable[str]) -> None:
        """Delete files by name, for example orphans, or after their key was erased.

        A file already gone is no error. Raises UserError when the folder cannot be written.
        """
        try:
            for name in names:
                path = self.folder.joinpath(*name.split("/"))
                if path.exists():
                    path.unlink()
                    durable.sync_folder(path.parent)
        except OSError as error:
            raise self._cannot_write(error, 0) from error

    def path(self, sha256: str, key: bytes) -> Path:
        """Where the sealed file lies."""
        return self.folder.joinpath(*name_of(sha256, key).split("/"))

    def _add(
        self,
        source: _Source,
        key: bytes,
        known: Callable[[str], bytes | None],
        progress: Progress,
        size: int,
        expected: str,
    ) -> Stored:
        with self._writing(size):
            durable.make_folders(self.folder)
            self._require_space(size)
            with self._part() as part:
                with part.open("xb") as target:
                    plain = cast(BinaryIO, source)
                    sha256, size = encrypt_file(plain, target, key, total=size, progress=progress)
                    if expected not in ("", sha256):
                        raise OtherContent(sha256)
                    durable.sync_file(target)
                kept = known(sha256)
                if kept is None:
                    return Stored(sha256, size, self._place(part, sha256, key), key)
                if self.verify(sha256, kept):
                    self._mend(part, key, sha256, kept)
                return Stored(sha256, size, name_of(sha256, kept), None)

    def _mend(self, part: Path, key: bytes, sha256: str, kept: bytes) -> None:
        """Put good content, sealed under `key`, in the place of a bad file of the key `kept`."""
        with self._part() as again:
            with open_file(part, key) as good, again.open("xb") as target:
                encrypt_file(cast(BinaryIO, good), target, kept)
                durable.sync_file(target)
            self._place(again, sha256, kept)

    def _place(self, part: Path, sha256: str, key: bytes) -> str:
        path = self.path(sha256, key)
        durable.make_folders(path.parent)
        part.replace(path)
        durable.sync_folder(path.parent)
        return name_of(sha256, key)

    @contextmanager
    def _part(self) -> Iterator[Path]:
        """A name for an unfinished file, which is gone afterwards unless it was renamed."""
        part = self.folder / f"{os.urandom(8).hex()}.part"
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def _writing(self, size: int) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._cannot_write(error, size) from error

    def _require_space(self, size: int) -> None:
        if shutil.disk_usage(self.folder).free < sealed_size(size) + _RESERVE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _cannot_write(self, error: OSError, size: int) -> UserError:
        if error.errno not in _FULL:
            return UserError(
                f"Brankas bukti {self.folder} tidak dapat ditulisi. Bukti belum disimpan dan data "
                "lain tidak berubah. Periksa izin folder itu, lalu coba lagi.",
                "folder_not_writable",
            )
        free = file_size(shutil.disk_usage(_existing(self.folder)).free)
        needed = file_size(max(1 << 30, 3 * size))
        return UserError(
            f"Ruang di disk data tinggal {free}. Bukti belum disimpan dan data lain tidak berubah. "
            f"Kosongkan paling sedikit {needed}, lalu coba lagi.",
            "disk_full",
        )

    def _names(self) -> Iterator[str]:
        for path in self.folder.glob("??/??/*"):
            if len(path.name) == 69:
                yield path.relative_to(self.folder).as_posix()


def name_of(sha256: str, key: bytes) -> str:
    """The name of a sealed file below the vault, with /."""
    tag = hashlib.sha256(key).hexdigest()[:8]
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256[4:]}-{tag}"


class _Source:
    """The file a person chose; its failures are told apart from those of the vault."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name

    def read(self, count: int) -> bytes:
        try:
            return self._file.read(count)
        except OSError as error:
            raise _unreadable(self._name) from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise _unreadable(path.name) from error
    with file:
        yield cast(BinaryIO, file)


def _unreadable(name: str) -> UserError:
    return UserError(
        f"Berkas {name or 'sumber'} tidak dapat dibaca. Berkas ini belum disimpan dan data lain "
        "tidak berubah. Periksa apakah berkasnya masih ada dan medianya tidak dicabut, "
        "lalu pilih lagi.",
        "source_unreadable",
    )


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _existing(folder: Path) -> Path:
    return folder if folder.exists() or folder == folder.parent else _existing(folder.parent)


def _hash(file: SealedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _owner(part: Path, lost: Iterable[str], keys: Mapping[str, bytes]) -> str:
    """The lost content a `.part` holds whole, or ""."""
    for sha256 in lost:
        try:
            with open_file(part, keys[sha256]) as file:
                if _hash(file) == sha256:
                    return sha256
        except Damaged:
            continue
    return ""
