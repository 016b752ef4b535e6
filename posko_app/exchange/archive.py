"""Files that came are kept: taken ones in the archive, refused ones in the quarantine."""

from __future__ import annotations

import shutil
from pathlib import Path

from posko_app.errors import UserError
from posko_app.security import durable

from .opened import not_taken, sha256_of


def keep_file(source: Path, sha256: str, folder: Path) -> Path:
    """A synced copy of the file under its hash and name; made before any row tells of it.

    Raises UserError when it cannot be made or the file is no longer the one with that hash.
    """
    target = folder / f"{sha256[:12]}_{source.name}"
    try:
        durable.make_folders(folder)
        part = target.with_name(f"{target.name}.part")
        with source.open("rb") as read, part.open("wb") as write:
            shutil.copyfileobj(read, write, 1 << 20)
            durable.sync_file(write)
        same = sha256_of(part) == sha256
        if same:
            part.replace(target)
            durable.sync_folder(folder)
        else:
            part.unlink()
    except OSError as error:
        raise UserError(
            f"Salinan {source.name} tidak dapat disimpan di {folder}. Data Anda tidak berubah. "
            "Periksa ruang penyimpanan, lalu terima lagi.",
            "cannot_keep",
        ) from error
    if not same:
        raise not_taken("changed_file", source)
    return target
