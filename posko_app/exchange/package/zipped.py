"""A zip from outside, opened strictly: what is odd about it is a reason not to touch it at all.

Nothing is ever unpacked to a disk by name. The list at the end must be the only one, belong to the
bytes before it without a gap or an overlap, and name plain files once.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, BinaryIO

from .sizes import Bounds

FAILS = (OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error,
         struct.error, zipfile.BadZipFile, zipfile.LargeZipFile)  # fmt: skip
"""What reading a damaged zip may raise."""
_END, _END64, _LOCATOR, _LOCAL = b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\3\4"
_FLAGS = 0x0008 | 0x0800 | 0x0006  # sizes afterwards, UTF-8 name, how hard it was packed
_DESCRIPTOR = 24  # bytes at most of the sizes that follow a content
_LONGEST = 255


class Hostile(ValueError):
    """A zip made so that programs stumble; the text says how, for people."""


class StrictZip:
    """The entries of a checked zip by name, and their content as streams."""

    def __init__(self, file: BinaryIO, bounds: Bounds) -> None:
        """Check everything but the contents. Raises Hostile, and what a damaged zip raises."""
        directory = _directory(file, bounds)
        self._archive = zipfile.ZipFile(file)
        infos = self._archive.infolist()
        if len(infos) > bounds.entries:
            raise Hostile("terlalu banyak isi")
        for info in infos:
            _check_entry(info, bounds)
        _check_names(infos)
        _check_places(file, infos, directory)
        self.entries = {info.orig_filename: info for info in infos}

    def open(self, name: str) -> IO[bytes]:
        """The content of an entry; reading raises BadZipFile at its end when it was damaged."""
        return self._archive.open(self.entries[name])

    def read(self, name: str, most: int) -> bytes:
        """A small entry at once. Raises Hostile when it is longer than `most` bytes."""
        if self.entries[name].file_size > most:
            raise Hostile("berkas keterangan terlalu besar")
        with self.open(name) as stream:
            return stream.read(most)


def _directory(file: BinaryIO, bounds: Bounds) -> int:
    """Where the list of the zip begins; it must end where the file does."""
    size = file.seek(0, 2)
    if size < 22:
        raise zipfile.BadZipFile("too short")
    end = size - 22
    mark, disk, at_disk, here, count, length, start, comment = struct.unpack(
        "<4s4H2LH", _read_at(file, end, 22)
    )
    if mark != _END or comment:
        raise zipfile.BadZipFile("no end of a zip")
    if end >= 20 and _read_at(file, end - 20, 4) == _LOCATOR:
        _, _, end, disks = struct.unpack("<4sLQL", _read_at(file, end - 20, 20))
        record = _read_at(file, end, 56)
        mark, _, _, _, disk, at_disk, here, count, length, start = struct.unpack(
            "<4sQ2H2L4Q", record
        )
        if mark != _END64 or disks != 1 or end + 56 + 42 != size:
            raise Hostile("daftar isinya tidak jelas")
    if disk or at_disk or here != count:
        raise Hostile("zip terpecah")
    if count > bounds.entries or length > bounds.directory_bytes:
        raise Hostile("terlalu banyak isi")
    if start + length != end:
        raise Hostile("daftar isinya tidak jelas")
    return int(start)


def _check_entry(info: zipfile.ZipInfo, bounds: Bounds) -> None:
    name = info.orig_filename
    if not name.isascii() or not name.isprintable() or len(name) > _LONGEST:
        raise Hostile("nama berkas tidak lazim")
    path = name.removesuffix("/") if not info.file_size else name
    if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in path.split("/")):
        raise Hostile("nama berkas menunjuk ke luar")
    if info.flag_bits & 0x2041:
        raise Hostile("isinya terkunci kata sandi")
    if info.flag_bits & ~_FLAGS or info.volume:
        raise Hostile("susunan isinya tidak dikenal")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Hostile("cara pemampatannya tidak dikenal")
    if info.create_system == 3 and stat.S_IFMT(info.external_attr >> 16) not in (
        *(0, stat.S_IFREG, stat.S_IFDIR),
    ):
        raise Hostile("berisi tautan")
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
        raise Hostile("ukuran isinya tidak benar")
    if info.file_size > max(bounds.ratio_from, bounds.ratio * info.compress_size):
        raise Hostile("isinya mengembang tidak wajar")


def _check_names(infos: Sequence[zipfile.ZipInfo]) -> None:
    """No name twice, also where capitals do not count, and no file that is a folder too."""
    files: set[str] = set()
    seen: set[str] = set()
    for info in infos:
        folded = info.orig_filename.casefold()
        name = folded.removesuffix("/")
        if name in seen:
            raise Hostile("nama berkas ganda")
        seen.add(name)
        if name == folded:
            files.add(name)
    if any(parent in files for name in seen for parent in _parents(name)):
        raise Hostile("nama berkas ganda")


def _parents(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _check_places(file: BinaryIO, infos: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Every content lies by itself, one behind the other, from the first byte to the list."""
    end, gap = 0, 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if not end <= info.header_offset <= end + gap:
            raise Hostile("isinya bertumpuk atau tersembunyi")
        head = _read_at(file, info.header_offset, 30)
        mark, _, flags, method = struct.unpack("<4s3H", head[:10])
        length, extra = struct.unpack("<2H", head[26:30])
        name = _read_at(file, info.header_offset + 30, length)
        if mark != _LOCAL or flags != info.flag_bits or method != info.compress_type:
            raise Hostile("daftar isinya tidak cocok")
        if name != info.orig_filename.encode():
            raise Hostile("daftar isinya tidak cocok")
        if not flags & 8 and not _sizes_fit(head, info):
            raise Hostile("ukuran isinya tidak benar")
        end = info.header_offset + 30 + length + extra + info.compress_size
        gap = _DESCRIPTOR if flags & 8 else 0
    if not end <= directory <= end + gap:
        raise Hostile("isinya bertumpuk atau tersembunyi")


def _sizes_fit(head: bytes, info: zipfile.ZipInfo) -> bool:
    crc, packed, size = struct.unpack("<3L", head[14:26])
    wide = 0xFFFFFFFF  # then the size stands in the extra field
    return (
        crc == info.CRC and packed in (info.compress_size, wide) and size in (info.file_size, wide)
    )


def _read_at(file: BinaryIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    got = file.read(count)
    if len(got) != count:
        raise zipfile.BadZipFile("cut short")
    return got
