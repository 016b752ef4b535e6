"""Files on their way out: hidden parts until the ledger has them, names at the very end.

A number is given to an export before any of its files can be seen. Whatever ends the program in
between leaves a number whose files never left, which the next export makes good, and hidden parts,
which the next export or package into that folder removes.
"""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.renumbering import own_devices
from posko_app.data.tables import Peer
from posko_app.security import durable

from .xlsx.write import cannot_write

_RUNNING: set[str] = set()
"""Exports and packages of this process that are being written: their parts are no leftovers."""


class Leaving:
    """The hidden parts of one export or package in the folder that they leave from."""

    def __init__(self, folder: Path, device: str, uid: str) -> None:
        self.folder = folder
        self._stem = f"{_mark(device)}{uid}"
        self._parts: list[Path] = []

    def part(self, number: int) -> Path:
        """Where the part of this number is written."""
        path = self.folder / f"{self._stem}-{number}.part"
        self._parts.append(path)
        return path

    @property
    def prefix(self) -> str:
        """What the names of other short-lived files of this export begin with."""
        return f"{self._stem}-"

    def drop(self) -> None:
        """Remove everything that was written; out of reach it stays until the next time."""
        for path in self._parts:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        self._parts.clear()

    def names(self, wanted: Sequence[str]) -> list[Path]:
        """A name that is free for each part, in their order: `a.xlsx`, or `a (2).xlsx`."""
        found: list[Path] = []
        for name in wanted:
            stem, ending = name[: name.index(".xlsx")], name[name.index(".xlsx") :]
            path, copy = self.folder / name, 1
            while path.exists() or path in found:
                copy += 1
                path = self.folder / f"{stem} ({copy}){ending}"
            found.append(path)
        return found

    def give(self, names: Sequence[Path]) -> None:
        """Let the parts appear under their names, all of them or none; UserError when it fails."""
        given: list[Path] = []
        for part, path in zip(self._parts, names, strict=True):
            try:
                if path.exists():  # since the name was chosen; POSIX would write over it
                    raise FileExistsError(errno.EEXIST, path.name)
                part.rename(path)
                given.append(path)
                if len(given) == len(names):
                    durable.sync_folder(self.folder)
            except OSError as error:
                for path_given in given:
                    with suppress(OSError):
                        path_given.unlink(missing_ok=True)
                raise cannot_write(path, error) from error
        self._parts.clear()


@contextmanager
def leaving(folder: Path, posko: Posko, uid: str) -> Iterator[Leaving]:
    """The parts of the export or package `uid`; those without a name at the end are removed.

    Parts that this computer left in the folder, under whatever identity, are removed first.
    """
    sweep(folder, _devices(posko))
    _RUNNING.add(uid)
    parts = Leaving(folder, posko.office.device_id, uid)
    try:
        yield parts
    finally:
        _RUNNING.discard(uid)
        parts.drop()


def _devices(posko: Posko) -> set[str]:
    """This computer and what it was before, whose parts nobody else would remove.

    Without an identity that another computer goes on with: the folder of the office was copied.
    """
    with posko.store.read() as session:
        query = select(Peer.device_id).where(
            Peer.office_code == posko.office.code, Peer.retired_at.is_(None)
        )
        others = set(session.scalars(query)) - {posko.office.device_id}
        return own_devices(posko, session) - others


def sweep(folder: Path, devices: Collection[str]) -> None:
    """Remove parts of these devices that nothing which runs in this process writes."""
    marks = tuple(_mark(device)[1:] for device in devices)
    with suppress(OSError):
        for path in folder.iterdir():
            name = path.name.lstrip(".")  # what is written into a part bears one dot more
            if name.startswith(marks) and not any(uid in name for uid in _RUNNING):
                with suppress(OSError):
                    path.unlink()


def _mark(device: str) -> str:
    return f".posko-{device}-"
