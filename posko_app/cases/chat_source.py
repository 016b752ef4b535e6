"""A WhatsApp export as it lies on the disk (.zip, folder or text), checked before it is read.

Nothing is unpacked to the disk: texts and media are read as streams, by names that were checked.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from posko_app.errors import UserError

from .chat_patterns import ChatLimits, load_chat_patterns

_ZIP = b"PK\x03\x04"
_LOCAL = struct.Struct("<4s5H3I2H")  # the header in front of every packed file
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_SMALL = 1 << 20  # below this size no ratio of packing is suspicious

REASONS = {
    "chat_not_found": "Ekspor percakapan tidak ditemukan. Pilih berkasnya lagi.",
    "chat_unreadable": (
        "Ekspor percakapan tidak dapat dibaca. Data Anda tidak berubah. "
        "Salin berkasnya ke komputer ini, lalu pilih lagi."
    ),
    "chat_damaged": (
        "Berkas ekspor ini rusak atau terpotong. Data Anda tidak berubah. "
        "Ekspor percakapannya sekali lagi dari ponsel."
    ),
    "chat_unsafe": (
        "Berkas ekspor ini tidak dibuat oleh WhatsApp dan tidak dibuka. Data Anda tidak berubah. "
        "Minta pengirim mengekspor percakapannya lagi dari ponsel."
    ),
    "chat_locked": (
        "Berkas ekspor ini berkata sandi. Data Anda tidak berubah. "
        "Minta pengirim mengirim ekspor tanpa kata sandi."
    ),
    "chat_too_big": (
        "Ekspor ini terlalu besar untuk dibaca sekaligus. Data Anda tidak berubah. "
        "Ekspor percakapannya tanpa media, atau hanya sebagian."
    ),
    "chat_without_text": (
        "Di dalamnya tidak ada teks percakapan WhatsApp. Data Anda tidak berubah. "
        "Di ponsel pilih Ekspor chat, lalu pakai berkas .zip atau .txt-nya."
    ),
}
"""Code of a refusal -> its sentence; none of them names the file, which bears a person's name."""


def refusal(code: str) -> UserError:
    """The error for a reason."""
    return UserError(REASONS[code], code)


@dataclass(frozen=True)
class Sizes:
    """What an export holds: the name of its text, and every other file by name, in bytes."""

    text: str
    text_bytes: int
    files: Mapping[str, int]


class ChatSource:
    """An opened export; `sizes` says what is in it, `open` gives one file as a stream."""

    def __init__(self, path: Path) -> None:
        self._limits: ChatLimits = load_chat_patterns().limits
        self._stack = ExitStack()
        self._zip: zipfile.ZipFile | None = None
        self._inside: dict[str, zipfile.ZipInfo | Path] = {}
        try:
            with _plain_refusals():
                self.sizes = self._look(path)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> ChatSource:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._stack.close()

    def open(self, name: str) -> io.BufferedReader:
        """One file as a stream; raises UserError, also while it is read: gone, damaged."""
        place = self._inside.get(name)
        if place is None:
            raise refusal("chat_not_found")
        with _plain_refusals():
            if isinstance(place, Path):
                file: IO[bytes] = place.open("rb")
            else:
                assert self._zip is not None
                file = self._zip.open(place)
        return io.BufferedReader(_Guarded(file), 1 << 16)

    def _look(self, path: Path) -> Sizes:
        if path.is_dir():
            found = self._in_folder(path)
        elif not path.exists():
            raise refusal("chat_not_found")
        elif not stat.S_ISREG(path.stat().st_mode):
            raise refusal("chat_unreadable")
        elif zipfile.is_zipfile(path) or path.suffix.lower() == ".zip":
            found = self._in_archive(path)
        else:
            self._inside[path.name] = path
            return self._with_text(path.name, {path.name: path.stat().st_size})
        return self._with_text(_text_among(found, path), found)

    def _with_text(self, name: str, found: dict[str, int]) -> Sizes:
        if not name:
            raise refusal("chat_without_text")
        size = found.pop(name)
        if size > self._limits.text_bytes:
            raise refusal("chat_too_big")
        return Sizes(name, size, found)

    def _in_folder(self, folder: Path) -> dict[str, int]:
        found: dict[str, int] = {}
        for place in sorted(folder.iterdir()):
            if place.is_symlink() or not place.is_file():
                continue
            found[place.name] = place.stat().st_size
            self._inside[place.name] = place
            if len(found) > self._limits.entries:
                raise refusal("chat_too_big")
        return found

    def _in_archive(self, path: Path) -> dict[str, int]:
        if path.stat().st_size > self._limits.archive_bytes:
            raise refusal("chat_too_big")
        file = self._stack.enter_context(path.open("rb"))
        if file.read(len(_ZIP)) != _ZIP:
            raise refusal("chat_damaged")
        self._zip = self._stack.enter_context(zipfile.ZipFile(file))
        entries = self._zip.infolist()
        if len(entries) > self._limits.entries:
            raise refusal("chat_too_big")
        for entry in entries:
            self._check(entry)
        _check_layout(file, entries, self._zip.start_dir)
        found: dict[str, int] = {}
        for entry in entries:
            *folders, name = entry.filename.split("/")
            if not name or name.startswith(".") or "__MACOSX" in folders:
                continue  # a folder, or what a Mac adds
            if name in self._inside:
                raise refusal("chat_unsafe")
            found[name] = entry.file_size
            self._inside[name] = entry
        if len({name.casefold() for name in found}) != len(found):
            raise refusal("chat_unsafe")
        return found

    def _check(self, entry: zipfile.ZipInfo) -> None:
        name = entry.orig_filename
        odd = (
            name != entry.filename
            or "\\" in name
            or ":" in name
            or "\0" in name
            or len(name) > 400
            or ".." in name.split("/")
            or name.startswith("/")
        )
        link = stat.S_ISLNK(entry.external_attr >> 16)
        packing = entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        bomb = entry.file_size > _SMALL and (
            entry.file_size > entry.compress_size * self._limits.ratio
        )
        if entry.flag_bits & _ENCRYPTED:
            raise refusal("chat_locked")
        if odd or link or packing or bomb:
            raise refusal("chat_unsafe")


class _Guarded(io.RawIOBase):
    """A stream whose failures are refusals in plain words."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _plain_refusals():
            piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()


def looks_like_export(path: Path) -> bool:
    """Whether a dropped file or folder is an export, told by the names in it alone."""
    try:
        with ChatSource(path) as source:
            known = load_chat_patterns()
            named = known.whole(known.chat_names, source.sizes.text)
            return named is not None or known.whole(known.archive_names, path.name) is not None
    except UserError:
        return False


def counterpart(path: Path, text_name: str) -> str:
    """With whom the chat is, as its file names tell; an identity, empty when they do not."""
    known = load_chat_patterns()
    named = known.whole(known.archive_names, path.name) or known.whole(known.chat_names, text_name)
    return str(named["who"]).strip() if named and "who" in named.groupdict() else ""


def _text_among(found: Mapping[str, int], path: Path) -> str:
    """The name of the chat's text: as WhatsApp names it, else the only text there is."""
    known = load_chat_patterns()
    fitting = [name for name in found if known.whole(known.chat_names, name)]
    texts = fitting or [name for name in found if name.lower().endswith(".txt")]
    if len(texts) == 1:
        return texts[0]
    same = [name for name in texts if Path(name).stem == path.stem]
    return same[0] if len(same) == 1 else ""


def _check_layout(file: IO[bytes], entries: list[zipfile.ZipInfo], directory: int) -> None:
    """Packed files must follow each other and never share bytes, as the worst bombs do."""
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end:
            raise refusal("chat_unsafe")
        file.seek(entry.header_offset)
        fields = _LOCAL.unpack(file.read(_LOCAL.size))
        if fields[0] != _ZIP:
            raise refusal("chat_unsafe")
        end = entry.header_offset + _LOCAL.size + sum(fields[-2:]) + entry.compress_size
    if end > directory:
        raise refusal("chat_unsafe")
    file.seek(0, io.SEEK_SET)


@contextmanager
def _plain_refusals() -> Iterator[None]:
    """Turn whatever damaged input raises in the libraries into a refusal."""
    try:
        yield
    except UserError:
        raise
    except OSError as error:
        raise refusal("chat_unreadable") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        LookupError,
        NotImplementedError,
        OverflowError,
        RuntimeError,
        ValueError,
    ) as error:
        raise refusal("chat_damaged") from error
