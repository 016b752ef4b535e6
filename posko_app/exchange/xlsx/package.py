"""The zip around a workbook, checked before anything in it is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.parsers import expat

from posko_app.exchange.xlsx.limits import Limits
from posko_app.exchange.xlsx.refused import Refused, refused

_ZIP, _EMPTY_ZIP, _OLE = b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL = struct.Struct("<4s5H3I2H")  # the header in front of every packed part
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_SMALL = 1024 * 1024  # below this size no ratio of packing is suspicious
_WEB = (b"<!doctype html", b"<html", b"<table", b"<meta", b"mime-version", b"<style")


@contextmanager
def plain_refusals(name: str) -> Iterator[None]:
    """Turn whatever damaged input raises in the libraries into a refusal of the file `name`."""
    try:
        yield
    except Refused:
        raise
    except OSError as error:
        raise refused("cannot_read", name) from error
    except MemoryError as error:
        raise refused("unsafe", name) from error
    except (
        expat.ExpatError,
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        LookupError,  # a hostile encoding name
        NotImplementedError,  # an unknown way of packing
        OverflowError,
        RecursionError,
        RuntimeError,
        ValueError,
    ) as error:
        raise refused("damaged", name) from error


class Package:
    """An opened and checked zip; parts are found by their exact name."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.name = path.name
        self._limits = limits
        self._file = _open(path)
        try:
            with plain_refusals(self.name):
                self._check_size_and_kind()
                self._zip = self._read_directory()
                self._check_entries()
        except Refused:
            self._file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    @property
    def names(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self._zip.NameToInfo)

    def open(self, name: str) -> IO[bytes]:
        """A part as a stream; KeyError when there is none. The checksum is verified at its end."""
        return self._zip.open(name)

    def _check_size_and_kind(self) -> None:
        size = self._file.seek(0, io.SEEK_END)
        self._file.seek(0)
        if size == 0:
            raise refused("empty", self.name)
        if size > self._limits.file_bytes:
            limit = f"{self._limits.file_bytes // 1024**2} MB"
            raise refused("too_big", self.name, f"ukuran {limit}")
        head = self._file.read(4096)
        if not head.startswith(_ZIP):
            raise refused(_kind(head, self._file), self.name)

    def _read_directory(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self._file)
        except zipfile.BadZipFile as error:
            # the list of parts stands at the end, so what is missing is the end
            raise refused("truncated", self.name) from error

    def _check_entries(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > self._limits.file_parts:
            raise refused("too_big", self.name, f"{self._limits.file_parts} bagian dalam berkas")
        names = {entry.filename.casefold() for entry in entries}
        if len(names) != len(entries):
            raise refused("unsafe", self.name)
        if sum(entry.file_size for entry in entries) > self._limits.file_unpacked_bytes:
            limit = f"{self._limits.file_unpacked_bytes // 1024**2} MB"
            raise refused("too_big", self.name, f"isi {limit}")
        for entry in entries:
            self._check_entry(entry)
        self._check_layout(entries)
        mimetype = self._zip.NameToInfo.get("mimetype")
        if mimetype is not None and mimetype.file_size < 200:
            kind = self._zip.read(mimetype)
            if b"opendocument" in kind:
                raise refused("open_document", self.name)
        if "xl/workbook.bin" in self.names:
            raise refused("binary_excel", self.name)
        if not names & {"[content_types].xml", "xl/workbook.xml"}:
            raise refused("not_a_workbook", self.name)

    def _check_entry(self, entry: zipfile.ZipInfo) -> None:
        name = entry.orig_filename
        steps = name.replace("\\", "/").split("/")
        odd_name = (
            name != entry.filename
            or "\\" in name
            or ":" in name
            or not name.isprintable()
            or len(name) > 255
            or ".." in steps
            or name.startswith("/")
        )
        link = stat.S_ISLNK(entry.external_attr >> 16)
        packing = entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        bomb = entry.file_size > _SMALL and (
            entry.file_size > entry.compress_size * self._limits.file_part_ratio
        )
        if entry.flag_bits & _ENCRYPTED:
            raise refused("password", self.name)
        if odd_name or link or packing or bomb:
            raise refused("unsafe", self.name)

    def _check_layout(self, entries: list[zipfile.ZipInfo]) -> None:
        """Parts must follow each other from the first byte on and never share bytes."""
        end = 0
        for entry in sorted(entries, key=lambda e: e.header_offset):
            if entry.header_offset < end or (end == 0 and entry.header_offset):
                raise refused("unsafe", self.name)
            self._file.seek(entry.header_offset)
            fields = _LOCAL.unpack(self._file.read(_LOCAL.size))
            name_size, extra_size = fields[-2:]
            name = self._file.read(name_size)
            central = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
            if fields[0] != _ZIP or name != central:
                raise refused("unsafe", self.name)
            end = entry.header_offset + _LOCAL.size + name_size + extra_size + entry.compress_size
        if end > self._zip.start_dir:
            raise refused("unsafe", self.name)


def _open(path: Path) -> IO[bytes]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise refused("not_a_workbook", path.name)
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise refused("not_found", path.name) from error
    except (OSError, ValueError) as error:
        raise refused("cannot_read", path.name) from error


def _kind(head: bytes, file: IO[bytes]) -> str:
    """What a file is that does not begin as a zip does."""
    if head.startswith(_OLE):
        file.seek(0)
        # an encrypted .xlsx is an old container with a stream of this name in its directory
        locked = "EncryptedPackage".encode("utf-16-le") in file.read()
        return "password" if locked else "old_excel"
    if head.startswith(_EMPTY_ZIP):
        return "not_a_workbook"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(_WEB) or b"<html" in text[:2048] or b"office:spreadsheet" in text[:2048]:
        return "web_page"
    if text.startswith(b"sqlite format") or b"\0" in head[:4096]:
        return "damaged" if not head.strip(b"\0") else "not_a_workbook"
    lines = text.splitlines()
    if lines and any(mark in lines[0] for mark in (b",", b";", b"\t")) and b"%pdf" not in text[:8]:
        return "plain_text"
    return "not_a_workbook"
