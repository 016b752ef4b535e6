"""Kotak masuk data: files for this office that lie in Unduhan or on a USB drive."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QStorageInfo

from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.exchange.ledger import ACCEPTED, ledger
from posko_app.progress import Progress, silent

NAME = re.compile(
    r"Posko_(?P<sender>[\d.]+)_ke_(?P<to>[\d.]+)_(?P<seq>\d+)(?:_(?P<part>\d+dari\d+))?"
)
DOWNLOADS = "Unduhan"
REMOVABLE = ("/media/", "/run/media/", "/Volumes/")
MOST = 200  # files looked at per folder: Unduhan may hold thousands


@dataclass(frozen=True)
class Waiting:
    """A file that waits to be read; `sender` is the office's code, empty when the name is odd."""

    path: Path
    place: str  # DOWNLOADS or the name of the drive
    sender: str
    seq: int
    part: str
    found_at: datetime


def watched_folders() -> tuple[tuple[str, Path], ...]:
    """Unduhan and every removable drive, with the names people know them by."""
    found = []
    downloads = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    if downloads:
        found.append((DOWNLOADS, Path(downloads)))
    for drive in QStorageInfo.mountedVolumes():
        root = drive.rootPath()
        if drive.isValid() and drive.isReady() and _removable(root):
            name = drive.name() or Path(root).name or root
            found.append((f"USB {name}", Path(root)))
    return tuple(found)


def scan(
    posko: Posko,
    folders: Sequence[tuple[str, Path]] | None = None,
    *,
    progress: Progress = silent,
) -> tuple[Waiting, ...]:
    """The files that wait for this office, newest first; a folder that cannot be read is empty.

    What this office sent itself, what is for another office and what was read already is left out.
    """
    watched = watched_folders() if folders is None else folders
    done: dict[tuple[str, int], set[str]] = {}
    for line in ledger(posko).received:
        if line.verdict == ACCEPTED:
            done.setdefault((line.office_code, line.seq), set()).add(line.sha256)
    own = posko.office.code
    found = []
    for place, (name, folder) in enumerate(watched):
        progress(place, len(watched), name)
        for file in _files(name, folder):
            to = NAME.match(file.path.name)
            if to and (to["to"] != own or file.sender == own):
                continue
            # another computer of that office, or one set up anew, counts from 1 again: the number
            # only says which files are worth comparing
            if _is_one_of(file.path, done.get((file.sender, file.seq))):
                continue
            found.append(file)
    return tuple(sorted(found, key=lambda file: file.found_at, reverse=True))


def _files(place: str, folder: Path) -> Iterator[Waiting]:
    for path, changed in _newest(folder):
        match = NAME.match(path.name)
        yield Waiting(
            path=path,
            place=place,
            sender=match["sender"] if match else "",
            seq=int(match["seq"]) if match else 0,
            part=(match["part"] or "") if match else "",
            found_at=changed,
        )


def _newest(folder: Path) -> Iterable[tuple[Path, datetime]]:
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name.casefold()
                if name.startswith("posko_") and name.endswith(".xlsx") and entry.is_file():
                    changed = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                    found.append((Path(entry.path), changed))
    except OSError:
        return ()
    return sorted(found, key=lambda pair: pair[1], reverse=True)[:MOST]


def _is_one_of(path: Path, hashes: Collection[str] | None) -> bool:
    """Whether a file has one of these SHA-256; a file that cannot be read has none."""
    if not hashes:
        return False
    try:
        state = path.stat()
        return _sha256(path, state.st_mtime_ns, state.st_size) in hashes
    except (OSError, UserError):
        return False


@lru_cache(MOST)
def _sha256(path: Path, _changed: int, _size: int) -> str:
    from posko_app.exchange.opened import sha256_of  # the first page shall not wait for it

    return sha256_of(path)


def _removable(root: str) -> bool:
    if os.name == "nt":
        return root[:1].upper() not in ("C", os.environ.get("SYSTEMDRIVE", "C")[:1].upper())
    return root.startswith(REMOVABLE)
