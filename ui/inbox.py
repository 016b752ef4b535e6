"""Kotak masuk data: files for this office that lie in Unduhan or on a USB drive.

Exports of other offices and of this office's other computers, packages of evidence, and filled
workbooks of staff without the program. Most are known by their names; a file that was renamed is
known by what it says of itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QStorageInfo

from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.exchange.ledger import ACCEPTED, ledger, sent_ids
from posko_app.exchange.package.standing import packages
from posko_app.exchange.peek import Glance, glance
from posko_app.progress import Progress, silent

NAME = re.compile(
    r"Posko_(?P<sender>[\d.]+)_ke_(?P<to>[\d.]+)_(?P<seq>\d+)(?:_(?P<part>\d+dari\d+))?",
    re.ASCII,
)
DOWNLOADS = "Unduhan"
REMOVABLE = ("/media/", "/run/media/", "/Volumes/")
MOST = 200  # files looked at per folder: Unduhan may hold thousands
ENDINGS = (".xlsx", ".zip", ".age")
READ = "kotak-masuk.json"  # in the data folder: hashes of what was read, nothing of any case
MOST_READ = 1000
WHOLE = 72 << 20  # bytes that are hashed whole: no workbook is bigger, parts of packages are


@dataclass(frozen=True)
class Waiting:
    """A file that waits to be read; `sender` is the office's code, empty when it is not known.

    `kind` is export, package or filled.
    """

    path: Path
    place: str  # DOWNLOADS or the name of the drive
    sender: str
    seq: int
    part: str
    found_at: datetime
    kind: str = "export"


KINDS = {"package": "Paket bukti", "filled": "Isian petugas"}
"""What files other than exports are called."""


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

    What this computer made itself, what is for another office and what was read already is left
    out.
    """
    watched = watched_folders() if folders is None else folders
    done: dict[tuple[str, int], set[str]] = {}
    received = ledger(posko).received
    for line in received:
        if line.verdict == ACCEPTED:
            done.setdefault((line.office_code, line.seq), set()).add(line.sha256)
    own = posko.office.code
    judged = frozenset(line.sha256 for line in received)
    known = _Known(own, sent_ids(posko), read_before(posko.folder.root), judged, _parts(posko))
    found = []
    for place, (name, folder) in enumerate(watched):
        progress(place, len(watched), name)
        for file in _files(name, folder, known):
            # another computer of that office, or one set up anew, counts from 1 again: the number
            # only says which files are worth comparing
            if _is_one_of(file.path, done.get((file.sender, file.seq))):
                continue
            found.append(file)
    return tuple(sorted(found, key=lambda file: file.found_at, reverse=True))


@dataclass(frozen=True)
class _Known:
    """This office, the exports this computer made, what was read, judged or taken in.

    `read` are filled workbooks, `judged` everything in the ledger, both by SHA-256; `parts` are
    parts of packages that are whole here.
    """

    own: str
    sent: frozenset[str]
    read: frozenset[str]
    judged: frozenset[str]
    parts: frozenset[tuple[str, str]]


def _parts(posko: Posko) -> frozenset[tuple[str, str]]:
    """The parts of packages that came whole, as a glance names them."""
    return frozenset(
        (one.group, f"{part}dari{one.parts}") for one in packages(posko) for part in one.came
    )


def read_before(folder: Path) -> frozenset[str]:
    """The SHA-256 of filled workbooks and packages that were taken in from here."""
    try:
        kept = json.loads((folder / READ).read_text("utf-8"))
    except (OSError, ValueError):
        return frozenset()
    return (
        frozenset(h for h in kept if isinstance(h, str)) if isinstance(kept, list) else frozenset()
    )


def note_read(folder: Path, *paths: Path | None) -> None:
    """Remember that these files need not be shown again; one that cannot be read is passed over."""
    hashes = []
    for path in paths:
        try:
            state = path.stat() if path is not None else None
            if path is not None and state is not None:
                hashes.append(_sha256(path, state.st_mtime_ns, state.st_size))
        except (OSError, UserError):
            continue
    kept = [*(h for h in read_before(folder) if h not in hashes), *hashes][-MOST_READ:]
    with suppress(OSError):
        (folder / READ).write_text(json.dumps(kept), "utf-8")


def _files(place: str, folder: Path, known: _Known) -> Iterator[Waiting]:
    for path, changed, size in _newest(folder):
        said = NAME.match(path.name)
        if said and path.suffix.casefold() in (".xlsx", ".age") and said["sender"] != known.own:
            if said["to"] == known.own:
                yield Waiting(path, place, said["sender"], int(said["seq"]), said["part"] or "",
                              changed)  # fmt: skip
            continue
        seen = _glance(path, changed.timestamp(), size)
        if seen.kind == "export" and seen.to == known.own:
            if seen.xid not in known.sent:  # else this very computer made it
                yield Waiting(path, place, seen.sender, seen.seq, seen.part, changed)
        elif seen.kind == "locked":  # for whom shows only when it is opened
            if (said is None or said["to"] == known.own) and not _is_one_of(
                path, known.judged | known.read
            ):
                yield Waiting(path, place, "", 0, "", changed)
        elif seen.kind == "package":
            if seen.to in ("", known.own) and (seen.xid, seen.part) not in known.parts:
                yield Waiting(path, place, seen.sender, 0, seen.part, changed, "package")
        elif seen.kind == "filled":
            if not _is_one_of(path, known.read):
                yield Waiting(path, place, "", 0, "", changed, "filled")
        elif said is None and path.name.casefold().startswith("posko_") and seen.kind == "other":
            yield Waiting(path, place, "", 0, "", changed)  # damaged: the preview says how


def _newest(folder: Path) -> Iterable[tuple[Path, datetime, int]]:
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name.casefold()
                if name.endswith(ENDINGS) and not name.startswith((".", "~$")) and entry.is_file():
                    state = entry.stat()
                    changed = datetime.fromtimestamp(state.st_mtime, UTC)
                    found.append((Path(entry.path), changed, state.st_size))
    except OSError:
        return ()
    return sorted(found, key=lambda file: file[1], reverse=True)[:MOST]


@lru_cache(4 * MOST)
def _glance(path: Path, _changed: float, _size: int) -> Glance:
    return glance(path)


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
def _sha256(path: Path, _changed: int, size: int) -> str:
    from posko_app.exchange.opened import sha256_of  # the first page shall not wait for it

    return sha256_of(path) if size <= WHOLE else _ends_of(path, size)


def _ends_of(path: Path, size: int) -> str:
    """What tells one big part of a package from another: its length and both its ends."""
    digest = hashlib.sha256(f"{size}:".encode())
    with path.open("rb") as file:
        digest.update(file.read(1 << 16))
        file.seek(-(1 << 16), os.SEEK_END)
        digest.update(file.read())
    return digest.hexdigest()


def _removable(root: str) -> bool:
    if os.name == "nt":
        return root[:1].upper() not in ("C", os.environ.get("SYSTEMDRIVE", "C")[:1].upper())
    return root.startswith(REMOVABLE)
