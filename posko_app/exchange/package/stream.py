"""Content that flows from writer to reader in constant memory and never lies plain on a disk."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import BinaryIO, cast

from posko_app.security.cipher import SealedFile, encrypt_file, new_key
from posko_app.security.recipient import unseal_stream


@contextmanager
def poured(into: Callable[[BinaryIO], object]) -> Iterator[BinaryIO]:
    """A stream to write to, which `into` reads in a thread of its own until it ends.

    Raises what `into` raised; whoever fails while writing must throw away what it made so far.
    """
    read_end, write_end = os.pipe()
    troubles: list[BaseException] = []

    def run() -> None:
        with os.fdopen(read_end, "rb") as source:
            try:
                into(source)
            except BaseException as problem:  # told to the writer, who waits for it
                troubles.append(problem)

    reader = Thread(target=run, name="posko-pipa", daemon=True)
    reader.start()
    try:
        try:
            with os.fdopen(write_end, "wb", buffering=1 << 16) as sink:
                yield sink
        finally:
            reader.join()
    except OSError as problem:  # a broken pipe: the reader had given up before
        raise troubles[0] if troubles else problem from None
    if troubles:
        raise troubles[0]


@contextmanager
def unlocked(source: Path, folder: Path, private: str) -> Iterator[BinaryIO]:
    """What `source` holds sealed for the key `private`, to be read from anywhere in it.

    It lies in `folder` under a key that only this process knows, in a file without a name, so that
    even a process that is killed leaves nothing readable. Raises NotForUs, OSError.
    """
    key = new_key()
    with TemporaryFile(dir=folder) as kept:
        with (
            poured(lambda plain: encrypt_file(plain, cast(BinaryIO, kept), key)) as sink,
            source.open("rb") as sealed,
        ):
            unseal_stream(sealed, sink, private)
        kept.flush()
        raw = os.fdopen(os.dup(kept.fileno()), "rb", buffering=0)
        with SealedFile(raw, key) as plain:
            yield cast(BinaryIO, io.BufferedReader(plain, 1 << 16))
