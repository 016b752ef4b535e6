"""Locked files that came, opened in private: the archive keeps them as they were received.

What is opened lies in a folder of its own under the private folder of the office and is gone when
it was read; what a crash left there is wiped at the next start.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import select

from posko_app.app import Posko
from posko_app.data.tables import Office
from posko_app.errors import UserError
from posko_app.security import durable, recipient
from posko_app.text import file_size

from .opened import not_taken
from .package import bag
from .xlsx.limits import limits
from .xlsx.refused import refused

ENDING = ".age"
_MARK = "kunci-"
_START = 1024  # bytes: the head of the first file of a zip
ROOM = 1 << 20  # what sealing adds to a file of the greatest size, with hundreds of keys


def is_locked(path: Path) -> bool:
    """Whether a file was sealed for somebody, whatever its name; False when it cannot be read."""
    try:
        with path.open("rb") as file:
            return recipient.is_sealed(file.read(len(recipient.MARK)))
    except OSError:
        return False


def begins_a_bag(posko: Posko, path: Path) -> bool:
    """Whether what was locked for this office begins as a part of a package does.

    Only its first bytes are opened; False for whatever cannot be.
    """
    with posko.store.read() as session:
        own = session.scalars(select(Office.recipient_private)).one()
    try:
        with path.open("rb") as file:
            start = recipient.unsealed_start(file, own, _START)
    except (recipient.NotForUs, OSError):
        return False
    name = start[30 : 30 + int.from_bytes(start[26:28], "little")]
    return start.startswith(b"PK\3\4") and name.rpartition(b"/")[2] == bag.BAGIT.encode()


def opened_file(posko: Posko, path: Path, folder: Path, *, most: int | None = None) -> Path:
    """The file itself when it is not locked, else what it holds, as a new file in `folder`.

    `most` bounds its size in bytes; without it, as a workbook. Raises NotTaken when it is locked
    for somebody else or damaged, Refused when it is too big, UserError when there is no room.
    """
    if not is_locked(path):
        return path
    most = limits().file_bytes if most is None else most
    name = path.name.removesuffix(ENDING)
    target = folder / (name if name.strip(".") else path.name)  # "...age" must not lead upwards
    with posko.store.read() as session:
        own = session.scalars(select(Office.recipient_private)).one()
    try:
        # what comes out is never longer than what went in
        if path.stat().st_size > most + ROOM:
            raise refused("too_big", path.name, f"ukuran {file_size(most)}")
        recipient.unseal_file(path, target, own)
    except recipient.NotForUs as why:
        raise not_taken("locked_damaged" if why.damaged else "locked_elsewhere", path) from None
    except OSError as error:
        raise UserError(
            f"Berkas {path.name} tidak dapat dibuka kuncinya. Data Anda tidak berubah. Periksa "
            "apakah flashdisk masih terpasang dan masih ada tempat di komputer ini, lalu pilih "
            "lagi.",
            "cannot_unlock",
        ) from error
    return target


@contextmanager
def unlocked(posko: Posko, path: Path) -> Iterator[Path]:
    """A file to read: itself, or for a locked one what it holds until the block ends."""
    if not is_locked(path):
        yield path
        return
    with private_folder(posko) as folder:
        yield opened_file(posko, path, folder)


@contextmanager
def private_folder(posko: Posko) -> Iterator[Path]:
    """A new folder that only this account of the computer can look into, gone at the end."""
    folder = new_private(posko)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_private(posko: Posko) -> Path:
    """Such a folder for a file that somebody looks at before `drop_private` takes it away."""
    root = posko.folder.private
    try:
        durable.make_folders(root)
        return Path(mkdtemp(prefix=_MARK, dir=root))
    except OSError as error:
        raise UserError(
            f"Folder {root} tidak dapat ditulisi. Data Anda tidak berubah. "
            "Periksa ruang kosong dan hak tulis folder itu.",
            "private_copy",
        ) from error


def drop_private(posko: Posko, path: Path) -> None:
    """Take a file away with its folder when it lies in one of `new_private`, else nothing."""
    folder = path.parent
    if folder.parent == posko.folder.private and folder.name.startswith(_MARK):
        shutil.rmtree(folder, ignore_errors=True)
