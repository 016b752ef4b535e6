"""Sealed values and sealed files, both ChaCha20-Poly1305 (RFC 8439); the formats are final.

A sealed value::

    1 byte     format, 1
    12 bytes   random nonce
    n bytes    ciphertext
    16 bytes   tag over `posko/seal/1`, a zero byte and the context

A sealed file is a STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) under a key of its own::

    8 bytes    magic, `POSKOENC`
    1 byte     version, 1
    1 byte     cipher, 1 = ChaCha20-Poly1305
    1 byte     chunk size as a power of two, 16 = 64 KiB
    1 byte     zero
    7 bytes    random nonce prefix
    13 bytes   zero
    then chunks of 64 KiB ciphertext + 16 bytes tag; the last one holds 1 byte to 64 KiB, and none
    only when the whole content is empty

The nonce of a chunk is prefix, its number as 4 bytes big-endian, and 1 for the last chunk or else
0; its associated data is the 32-byte header. So no chunk can be cut off, moved, repeated or
added. Any chunk opens alone, which is what reading from the middle of a video needs.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from posko_app.errors import UserError
from posko_app.progress import Progress, silent

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

KEY_SIZE = 32
CHUNK = 1 << 16
TAG = 16
HEADER = 32
_SEALED = b"\x01"
_SEAL_CONTEXT = b"posko/seal/1\0"
_START = b"POSKOENC\x01\x01\x10\x00"
_PREFIX = 7
_BATCH = 8  # chunks read and written at once: fewer and larger calls cost less


class Damaged(UserError):
    """Sealed content that was changed, cut short or does not belong to this key."""

    def __init__(self, what: str = "Isi terkunci") -> None:
        super().__init__(
            f"{what} rusak atau terpotong sehingga tidak dapat dibuka. Data lain tetap aman. "
            "Pulihkan dari cadangan.",
            "damaged",
        )


def new_key() -> bytes:
    """A random 256-bit key."""
    return os.urandom(KEY_SIZE)


def seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    """Encrypt a small value and bind it to `context`, which must be the same when it is opened."""
    nonce = os.urandom(12)
    return _SEALED + nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, _SEAL_CONTEXT + context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """The value behind `seal`. Raises Damaged for another key, another context or any change."""
    if len(sealed) < 13 + TAG or sealed[:1] != _SEALED:
        raise Damaged
    try:
        return ChaCha20Poly1305(key).decrypt(sealed[1:13], sealed[13:], _SEAL_CONTEXT + context)
    except InvalidTag:
        raise Damaged from None


def sealed_size(size: int) -> int:
    """Bytes on disk of a sealed file with `size` bytes of content."""
    return HEADER + size + TAG * max(1, -(-size // CHUNK))


def encrypt_file(
    source: BinaryIO, target: BinaryIO, key: bytes, *, total: int = 0, progress: Progress = silent
) -> tuple[str, int]:
    """Copy `source` to `target` sealed, in one pass and constant memory.

    Returns SHA-256 (hex) and size in bytes of the plain content. `key` must be new: one key seals
    one content. `total` is only for `progress`. Raises OSError from either side.
    """
    cipher, digest = ChaCha20Poly1305(key), hashlib.sha256()
    prefix = os.urandom(_PREFIX)
    header = (_START + prefix).ljust(HEADER, b"\0")
    target.write(header)
    sealed = memoryview(bytearray(_BATCH * (CHUNK + TAG)))
    number = size = 0
    batch = _read_up_to(source, _BATCH * CHUNK)
    while True:
        following = _read_up_to(source, _BATCH * CHUNK) if len(batch) == _BATCH * CHUNK else b""
        digest.update(batch)
        size += len(batch)
        used = 0
        with memoryview(batch) as plain:
            for start in range(0, len(batch) or 1, CHUNK):
                part = plain[start : start + CHUNK]
                last = not following and start + CHUNK >= len(batch)
                room = sealed[used : used + len(part) + TAG]
                used += cipher.encrypt_into(_nonce(prefix, number, last), part, header, room)
                number += 1
        target.write(sealed[:used])
        progress(size, max(total, size))
        if not following:
            return digest.hexdigest(), size
        batch = following


def open_file(path: Path, key: bytes) -> SealedFile:
    """A sealed file for reading as plain bytes, from anywhere in it.

    Header, length and last chunk are proven here, every other chunk when it is read. Raises Damaged
    and OSError.
    """
    raw = path.open("rb", buffering=0)
    try:
        return SealedFile(raw, key)
    except BaseException:
        raw.close()
        raise


class SealedFile(io.RawIOBase):
    """Plain bytes of a sealed file, opened chunk by chunk; nothing is written anywhere."""

    def __init__(self, raw: BinaryIO | io.RawIOBase, key: bytes) -> None:
        """Take over `raw`, which must be seekable. Raises Damaged."""
        super().__init__()
        self._raw = raw
        self._cipher = ChaCha20Poly1305(key)
        self._position = 0
        self._number = -1
        self._plain = b""
        length = raw.seek(0, io.SEEK_END)
        self._header = self._read_at(0, HEADER) if length > HEADER else b""
        self._prefix = self._header[len(_START) : len(_START) + _PREFIX]
        if self._header != (_START + self._prefix).ljust(HEADER, b"\0"):
            raise Damaged
        self._last, left = divmod(length - HEADER - 1, CHUNK + TAG)
        self.size = self._last * CHUNK + left + 1 - TAG  # bytes of plain content
        if left + 1 < TAG or (left + 1 == TAG and self._last):
            raise Damaged
        self._chunk(self._last)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError("negative seek position")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        if self.closed:
            raise ValueError("read of closed file")
        with memoryview(buffer).cast("B") as room:
            if self._position >= self.size or not room:
                return 0
            number, skip = divmod(self._position, CHUNK)
            plain = self._chunk(number)
            count = min(len(room), len(plain) - skip)
            room[:count] = memoryview(plain)[skip : skip + count]
        self._position += count
        return count

    def chunks(self) -> Iterator[bytes]:
        """The whole content from its start, the cheap way for who wants all of it."""
        for number in range(self._last + 1):
            yield self._chunk(number)

    def close(self) -> None:
        if not self.closed:
            self._plain = b""
            self._raw.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if number != self._number:
            sealed = self._read_at(HEADER + number * (CHUNK + TAG), CHUNK + TAG)
            nonce = _nonce(self._prefix, number, number == self._last)
            try:
                self._plain = self._cipher.decrypt(nonce, sealed, self._header)
            except InvalidTag:
                raise Damaged from None
            self._number = number
        return self._plain

    def _read_at(self, offset: int, count: int) -> bytes:
        self._raw.seek(offset)
        return _read_up_to(self._raw, count)


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\0")


def _read_up_to(source: BinaryIO | io.RawIOBase, count: int) -> bytes:
    # A raw file or a pipe may give less than was asked for although more follows.
    got = source.read(count) or b""
    if len(got) == count or not got:
        return got
    parts = [got]
    missing = count - len(got)
    while missing and (more := source.read(missing)):
        parts.append(more)
        missing -= len(more)
    return b"".join(parts)
