"""What is sealed for one office: files and bytes in the age format, readable by its key alone.

age does not tell who sealed; sign first, then seal. An ordinary `age` program opens the files in an
emergency.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import pyrage

T = TypeVar("T")

MARK = b"age-encryption.org/v1\n"
"""The first bytes of everything sealed here."""

_HEAD_BYTES = 65_536
"""How long the list of keys may be: the library takes quadratic time over a longer one."""
_HEAD_ENDS = re.compile(rb"\n--- [A-Za-z0-9+/]{43}\n")
_NO_KEY = "No matching keys found"


class NotForUs(ValueError):
    """Sealed for another key, or damaged: `damaged` tells which, as far as it can be told."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.damaged = why != _NO_KEY


def new_recipient() -> tuple[str, str]:
    """A fresh key pair: private (`AGE-SECRET-KEY-1…`) and public (`age1…`), X25519 as text."""
    private = pyrage.x25519.Identity.generate()
    return str(private), str(private.to_public())


def is_recipient(public: str) -> bool:
    """Whether `public` is a key that something can be sealed for."""
    try:
        pyrage.x25519.Recipient.from_str(public)
    except pyrage.RecipientError:
        return False
    return True


def is_sealed(start: bytes) -> bool:
    """Whether bytes that begin with `start` were sealed for somebody."""
    return start.startswith(MARK)


def seal(plain: bytes, recipients: Iterable[str]) -> bytes:
    """`plain` for the owners of the public keys `recipients`; ValueError for none or a bad key."""
    return bytes(pyrage.encrypt(plain, _keys(recipients)))


def unseal(sealed: bytes, private: str) -> bytes:
    """What was sealed for the key `private`; NotForUs when it was not, or is damaged.

    `private` may be several keys of one owner, one per line.
    """
    _check_head(sealed[:_HEAD_BYTES])
    try:
        return bytes(pyrage.decrypt(sealed, _identities(private)))
    except (pyrage.DecryptError, pyrage.IdentityError) as problem:
        raise NotForUs(str(problem)) from None


def seal_file(source: Path, target: Path, recipients: Iterable[str]) -> None:
    """Write the new file `target` with the content of `source` sealed, synced; nothing on error.

    ValueError for no or a bad key, FileExistsError, OSError.
    """
    keys = _keys(recipients)
    _whole(source, target, lambda plain, sealed: pyrage.encrypt_io(plain, sealed, keys))


def unseal_file(source: Path, target: Path, private: str) -> None:
    """Write the new file `target` with what `source` holds; NotForUs, and no file, on failure.

    `private` may be several keys of one owner, one per line. A cut file is found only at its end:
    what was written until then is removed again. FileExistsError, OSError for trouble with the
    disk. What comes out is never longer than what went in.
    """
    keys = _identities(private)
    with source.open("rb") as file:
        _check_head(file.read(_HEAD_BYTES))
    _whole(source, target, lambda sealed, plain: pyrage.decrypt_io(sealed, plain, keys))


def _identities(private: str) -> list[pyrage.x25519.Identity]:
    return [pyrage.x25519.Identity.from_str(line) for line in private.split()]


def _check_head(start: bytes) -> None:
    if not is_sealed(start) or not _HEAD_ENDS.search(start):
        raise NotForUs("no head of something sealed")


def seal_stream(plain: BinaryIO, sealed: BinaryIO, recipients: Iterable[str]) -> None:
    """Read `plain` to its end and write it sealed, in constant memory.

    ValueError for no or a bad key, OSError from either side.
    """
    keys = _keys(recipients)
    _turned(plain, sealed, lambda read, write: pyrage.encrypt_io(read, write, keys))


def unseal_stream(sealed: BinaryIO, plain: BinaryIO, private: str) -> None:
    """Read `sealed` to its end and write what it holds; NotForUs when it was not, or is damaged.

    `sealed` must be seekable. A cut one is found only at its end: what was written until then must
    not be used.
    """
    keys = _identities(private)
    start = sealed.tell()
    _check_head(sealed.read(_HEAD_BYTES))
    sealed.seek(start)
    _turned(sealed, plain, lambda read, write: pyrage.decrypt_io(read, write, keys))


def unsealed_start(sealed: BinaryIO, private: str, count: int) -> bytes:
    """The first `count` bytes of what `sealed` holds, or fewer; NotForUs, OSError.

    What comes after them is not looked at: they are good for a guess, and for nothing else.
    """
    start = _Start(count)
    with suppress(_Enough):
        unseal_stream(sealed, cast(BinaryIO, start), private)
    return bytes(start.held[:count])


def sealed_bound(size: int, recipients: int) -> int:
    """At most this many bytes become of `size` bytes that are sealed for so many keys."""
    return size + 16 * (size // (1 << 16) + 2) + 200 * recipients + 2048


def _keys(recipients: Iterable[str]) -> list[pyrage.x25519.Recipient]:
    try:
        keys = [pyrage.x25519.Recipient.from_str(public) for public in recipients]
    except pyrage.RecipientError as problem:
        raise ValueError(str(problem)) from None
    if not keys:
        raise ValueError("sealed for nobody")
    return keys


class _Stream:
    """An open file that remembers its own trouble: the library hides it among those of age."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.trouble: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as the library asks for them."""
        return self._noted(lambda: self.file.read(size))

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        return self._noted(lambda: self.file.write(data))

    def flush(self) -> None:
        """Nothing: synced once at the end."""

    def _noted(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except OSError as problem:
            self.trouble = problem
            raise


class _Enough(OSError):
    """Nothing more is wanted."""


class _Start:
    """A sink that holds its first bytes and refuses the others."""

    def __init__(self, count: int) -> None:
        self.count, self.held = count, bytearray()

    def write(self, data: bytes) -> int:
        """Take the next bytes; _Enough when there are as many as wanted."""
        self.held += data
        if len(self.held) >= self.count:
            raise _Enough
        return len(data)


def _whole(source: Path, target: Path, turn: Callable[[_Stream, _Stream], None]) -> None:
    with source.open("rb") as old, target.open("xb") as new:
        try:
            _turned(old, new, turn)
            new.flush()
            os.fsync(new.fileno())
        except BaseException:
            with suppress(OSError):  # a full disk refuses this too
                new.close()
            target.unlink(missing_ok=True)
            raise


def _turned(old: BinaryIO, new: BinaryIO, turn: Callable[[_Stream, _Stream], None]) -> None:
    """Let the library turn one stream into another, and say its troubles apart."""
    reading, writing = _Stream(old), _Stream(new)
    try:
        turn(reading, writing)
    except BaseException as problem:
        if trouble := reading.trouble or writing.trouble:
            raise trouble from None
        if isinstance(problem, pyrage.DecryptError | pyrage.IdentityError):
            raise NotForUs(str(problem)) from None
        if isinstance(problem, OSError) and problem.errno is None:  # age's word for damage
            raise NotForUs(str(problem)) from None
        raise
