"""Putting a restored database in its place so that a power cut leaves the old office or the new.

A restore is prepared in a folder of its own below the office folder. When it is whole, an order is
written down (`pulih.json`), then the files change places; whoever opens the office next finishes an
order that was broken off, and throws away a preparation that never got one.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path

from posko_app.errors import UserError
from posko_app.paths import OfficeFolder
from posko_app.security import durable

from .lock import OfficeLock

STAGING = ".pulih-"
ENDS = ("-wal", "-shm", "-journal", "")  # what belongs to a database before the database itself


def files_of(folder: OfficeFolder) -> tuple[str, ...]:
    """The names that change places, in this order."""
    return (*(f"{folder.database.name}{end}" for end in ENDS), folder.keyfile.name)


def order_swap(folder: OfficeFolder, staging: Path, kept: Path) -> None:
    """Write down that the files in `staging` replace those of the office, which go to `kept`."""
    order = {"staging": staging.name, "kept": kept.name}
    durable.write_file(folder.restore_order, json.dumps(order).encode())


def finish_swap(folder: OfficeFolder) -> None:
    """Carry out the order, from the beginning or from where it was broken off. Raises OSError."""
    order = json.loads(folder.restore_order.read_bytes())
    staging, kept = folder.root / order["staging"], folder.root / order["kept"]
    durable.make_folders(kept)
    if (staging / folder.database.name).exists():  # else the old ones are all aside already
        for name in files_of(folder):
            if (folder.root / name).exists():
                (folder.root / name).replace(kept / name)
        durable.sync_folder(kept)
    for name in (folder.database.name, folder.keyfile.name):
        if (staging / name).exists():
            (staging / name).replace(folder.root / name)
    durable.sync_folder(folder.root)
    folder.restore_order.unlink()
    durable.sync_folder(folder.root)
    _clear(folder)
    with suppress(OSError):
        kept.rmdir()  # nothing was there before


def settle_swap(folder: OfficeFolder) -> None:
    """Finish or throw away what a restore left that was killed; costs nothing when there is none.

    Raises UserError when another process is at it or the folder cannot be written.
    """
    if not folder.restore_order.exists() and not any(folder.root.glob(f"{STAGING}*")):
        return
    lock = OfficeLock(folder.lock)
    try:
        if folder.restore_order.exists():
            finish_swap(folder)
        else:
            _clear(folder)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"Pemulihan di folder {folder.root} terputus dan belum dapat diselesaikan. Data lama "
            "dan data pulihan masih utuh di folder itu. Periksa izin folder dan ruang "
            "penyimpanan, lalu buka lagi.",
            "restore_unfinished",
        ) from error
    finally:
        lock.release()


def _clear(folder: OfficeFolder) -> None:
    for left in folder.root.glob(f"{STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)
