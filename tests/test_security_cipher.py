"""Sealed values and files: round trips, random access, and every kind of damage found."""

from __future__ import annotations

import hashlib
import io
import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.errors import Cancelled
from posko_app.security import cipher
from posko_app.security.cipher import CHUNK, HEADER, TAG, Damaged, SealedFile

KEY = bytes(range(32))
EDGES = (0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 77, 8 * CHUNK, 8 * CHUNK + 1)


def content(size: int) -> bytes:
    """Bytes that do not repeat from chunk to chunk."""
    return random.Random(size).randbytes(size)


def sealed(plain: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    digest, size = cipher.encrypt_file(io.BytesIO(plain), target, key)
    assert (digest, size) == (hashlib.sha256(plain).hexdigest(), len(plain))
    return target.getvalue()


def opened(data: bytes, key: bytes = KEY) -> bytes:
    with SealedFile(io.BytesIO(data), key) as file:
        return file.read()


# --- values -------------------------------------------------------------------------------------


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_a_value_comes_back(plain: bytes, context: bytes) -> None:
    box = cipher.seal(KEY, plain, context)
    assert cipher.unseal(KEY, box, context) == plain
    assert len(box) == 1 + 12 + len(plain) + 16


def test_a_value_is_bound_to_key_and_context() -> None:
    box = cipher.seal(KEY, b"rahasia", b"uid/name")
    assert cipher.seal(KEY, b"rahasia", b"uid/name") != box
    for key, context in ((KEY, b"uid/nik"), (cipher.new_key(), b"uid/name")):
        with pytest.raises(Damaged):
            cipher.unseal(key, box, context)


def test_every_change_of_a_value_is_found() -> None:
    box = cipher.seal(KEY, b"rahasia", b"x")
    for place in range(len(box)):
        for bit in range(8):
            bad = bytearray(box)
            bad[place] ^= 1 << bit
            with pytest.raises(Damaged):
                cipher.unseal(KEY, bytes(bad), b"x")
    for end in range(len(box)):
        with pytest.raises(Damaged):
            cipher.unseal(KEY, box[:end], b"x")


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", EDGES)
def test_a_file_comes_back(size: int) -> None:
    plain = content(size)
    data = sealed(plain)
    assert len(data) == cipher.sealed_size(size)
    assert opened(data) == plain
    with SealedFile(io.BytesIO(data), KEY) as file:
        assert file.size == size
        assert b"".join(file.chunks()) == plain


def test_the_layout_is_the_documented_one() -> None:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    plain = content(CHUNK + 5)
    data = sealed(plain)
    header, first, last = data[:32], data[32 : 32 + 65552], data[32 + 65552 :]
    assert header[:12] == b"POSKOENC\x01\x01\x10\x00"
    assert header[19:] == bytes(13)
    aead, prefix = ChaCha20Poly1305(KEY), header[12:19]
    assert aead.decrypt(prefix + b"\0\0\0\0\0", first, header) == plain[:CHUNK]
    assert aead.decrypt(prefix + b"\0\0\0\1\1", last, header) == plain[CHUNK:]


def test_the_same_content_never_looks_the_same() -> None:
    assert sealed(b"sama") != sealed(b"sama")


class Trickle(io.RawIOBase):
    """A source that gives less than it is asked for, as a pipe does."""

    def __init__(self, plain: bytes) -> None:
        super().__init__()
        self.plain, self.rng = io.BytesIO(plain), random.Random(1)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        got = self.plain.read(min(len(buffer), self.rng.randint(1, 30_000)))
        buffer[: len(got)] = got
        return len(got)


def test_a_source_that_gives_little_at_a_time() -> None:
    plain, target = content(20 * CHUNK), io.BytesIO()
    cipher.encrypt_file(Trickle(plain), target, KEY)  # type: ignore[arg-type]
    assert target.getbuffer().nbytes == cipher.sealed_size(len(plain))
    assert opened(target.getvalue()) == plain


def test_reading_from_anywhere(tmp_path: Path) -> None:
    plain = content(5 * CHUNK + 321)
    path = tmp_path / "bukti"
    path.write_bytes(sealed(plain))
    rng, expected = random.Random(3), io.BytesIO(plain)
    with cipher.open_file(path, KEY) as file:
        assert file.readable()
        assert file.seekable()
        assert not file.writable()
        for _ in range(300):
            whence = rng.randrange(3)
            low = (0, -expected.tell(), -len(plain))[whence]
            offset = rng.randint(low, low + len(plain) + 50)
            assert file.seek(offset, whence) == expected.seek(offset, whence)
            count = rng.choice((0, 1, 100, CHUNK, 200_000))
            assert exactly(file, count) == expected.read(count)
            assert file.tell() == expected.tell()
        with pytest.raises(ValueError, match="negative"):
            file.seek(-1)
    with pytest.raises(ValueError, match="closed"):
        file.read(1)


def exactly(file: SealedFile, count: int) -> bytes:
    """Up to `count` bytes, however many reads they take."""
    parts = []
    while count and (part := file.read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def test_archives_can_be_read_through_it() -> None:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", content(200_000))
    file = SealedFile(io.BytesIO(sealed(packed.getvalue())), KEY)
    with file, zipfile.ZipFile(io.BufferedReader(file)) as archive:
        assert archive.read("a.txt") == content(200_000)


@pytest.mark.parametrize("size", EDGES)
def test_200_bit_flips_and_cuts_are_found(size: int) -> None:
    plain = content(size)
    good, rng = sealed(plain), random.Random(size)
    for turn in range(200):
        bad = bytearray(good)
        if turn % 2:
            bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        else:
            del bad[rng.randrange(len(bad)) :]
        with pytest.raises(Damaged):
            opened(bytes(bad))


def test_every_bit_of_the_header_counts() -> None:
    good = sealed(b"isi")
    for place in range(HEADER):
        for bit in range(8):
            bad = bytearray(good)
            bad[place] ^= 1 << bit
            with pytest.raises(Damaged):
                opened(bytes(bad))


def chunks(data: bytes) -> list[bytes]:
    """The sealed chunks of a file."""
    body = data[HEADER:]
    return [body[n : n + CHUNK + TAG] for n in range(0, len(body), CHUNK + TAG)]


def test_no_chunk_can_be_cut_moved_repeated_or_added() -> None:
    data = sealed(content(4 * CHUNK))
    head, (a, b, c, d) = data[:HEADER], chunks(data)
    other = chunks(sealed(content(4 * CHUNK)))
    for order in (
        [a, b, c],  # cut at a chunk's end
        [a, b, d],
        [b, a, c, d],
        [a, c, b, d],
        [a, b, c, d, d],
        [a, b, c, d, a],
        [a, b, c, d, bytes(TAG)],
        [a, other[1], c, d],  # same key, another file
        [d],
        [],
    ):
        with pytest.raises(Damaged):
            opened(head + b"".join(order))
    assert opened(head + a + b + c + d) == content(4 * CHUNK)


def test_a_cut_is_found_when_opening_a_flip_when_reading_there() -> None:
    data = sealed(content(4 * CHUNK))
    with pytest.raises(Damaged):
        SealedFile(io.BytesIO(data[:-1]), KEY)
    bad = bytearray(data)
    bad[HEADER + 10] ^= 1
    with SealedFile(io.BytesIO(bytes(bad)), KEY) as file:
        file.seek(CHUNK)
        assert file.read(10) == content(4 * CHUNK)[CHUNK : CHUNK + 10]
        file.seek(0)
        with pytest.raises(Damaged):
            file.read(1)


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bukti"
    path.write_bytes(sealed(b"isi"))
    with pytest.raises(Damaged) as caught:
        cipher.open_file(path, cipher.new_key())
    assert caught.value.code == "damaged"
    assert "cadangan" in caught.value.message
    path.write_bytes(b"")
    with pytest.raises(Damaged):
        cipher.open_file(path, KEY)


# --- size ---------------------------------------------------------------------------------------


class Stream(io.RawIOBase):
    """So many bytes made as they are read."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left, self.block = size, content(1 << 20)

    def read(self, size: int = -1) -> bytes:
        count = min(self.left, size)
        self.left -= count
        return self.block[:count]


class Nowhere(io.RawIOBase):
    """A target that only counts."""

    written = 0

    def write(self, data: object) -> int:
        count = len(memoryview(data))  # type: ignore[arg-type]
        self.written += count
        return count


def peak_while_sealing(size: int) -> int:
    """The most bytes held at once while sealing `size` bytes."""
    source, target = Stream(size), Nowhere()
    tracemalloc.start()
    try:
        cipher.encrypt_file(source, target, KEY)  # type: ignore[arg-type]
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert target.written == cipher.sealed_size(size)


def test_memory_does_not_grow_with_the_file() -> None:
    assert peak_while_sealing(40 << 20) < 4 << 20


def test_progress_is_told_and_can_stop_it() -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int, text: str = "") -> None:
        told.append((done, total))
        if done > 2 << 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        cipher.encrypt_file(
            Stream(8 << 20),  # type: ignore[arg-type]
            Nowhere(),  # type: ignore[arg-type]
            KEY,
            total=8 << 20,
            progress=progress,
        )
    assert told == [(n << 19, 8 << 20) for n in (1, 2, 3, 4, 5)]
