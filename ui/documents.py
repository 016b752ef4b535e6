"""Plain copies of letters and evidence handed to the system's viewers, and wiped afterwards.

`show` is the one function that starts another program; tests replace it in one place.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from io import RawIOBase
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from posko_app.errors import UserError
from posko_app.paths import OfficeFolder
from posko_app.progress import Progress, silent

CHUNK = 1 << 20  # bytes copied between two looks at the cancel button


def show(path: Path) -> bool:
    """Open a file in the program the system has for it; False when there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_document(folder: OfficeFolder, name: str, content: bytes) -> Path:
    """Show bytes (a PDF) under a name in the system's viewer.

    Raises UserError when the copy cannot be written or nothing can open it.
    """
    path = _keep(folder, name, content)
    open_path(path)
    return path


def open_path(path: Path) -> None:
    """Show a file in the system's viewer. Raises UserError when nothing can open it."""
    if not show(path):
        kind = path.suffix.lstrip(".").upper() or "ini"
        raise UserError(
            f"Tidak ada program untuk membuka berkas {kind} di komputer ini. "
            f"Salinannya ada di {path} sampai Posko ditutup.",
            "no_viewer",
        )


def copy_out(
    folder: OfficeFolder, name: str, stream: RawIOBase, size: int, progress: Progress = silent
) -> Path:
    """Copy a stream of `size` bytes to a plain file for other programs; can be cancelled.

    Raises UserError when the disk is full; nothing is left behind then.
    """
    path = next(p for p in _names(folder, name) if not p.exists())
    done = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            while piece := stream.read(CHUNK):
                progress(done, size, "Menyalin berkas")
                file.write(piece)
                done += len(piece)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _no_room(folder) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    progress(size, size, "Menyalin berkas")
    return path


def wipe(folder: OfficeFolder) -> None:
    """Take all plain copies away: at start, at lock and at the end.

    A file that another program still holds stays until the next time.
    """
    shutil.rmtree(folder.private, ignore_errors=True)


def not_taken(paths: Sequence[Path]) -> str:
    """What to say of dropped things that are no files: folders, and what is gone meanwhile."""
    name, more = paths[0].name, len(paths) - 1
    what = f"{name} dan {more} lainnya" if more else name
    if all(path.is_dir() for path in paths):
        return f"{what} adalah folder. Buka foldernya, lalu pilih berkas di dalamnya."
    return f"{what} tidak ditemukan. Periksa USB atau foldernya, lalu pilih lagi."


def _keep(folder: OfficeFolder, name: str, content: bytes) -> Path:
    """A plain copy; the one from before is used again when it has the same bytes."""
    try:
        folder.private.mkdir(parents=True, exist_ok=True)
        for path in _names(folder, name):
            if not path.exists():
                path.write_bytes(content)
                return path
            if path.stat().st_size == len(content) and path.read_bytes() == content:
                return path
    except OSError as error:
        raise _no_room(folder) from error
    raise AssertionError("names never end")


def _names(folder: OfficeFolder, name: str) -> Iterator[Path]:
    """A safe name, then the same with 2, 3 …: a viewer may still hold the first."""
    plain = re.sub(r"[^\w.\- ]+", "-", name).strip(" .-") or "berkas"
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        stem, suffix = plain, ""
    stem = stem[:80]
    end = f".{suffix}" if suffix else ""
    yield folder.private / f"{stem}{end}"
    number = 2
    while True:
        yield folder.private / f"{stem}-{number}{end}"
        number += 1


def _no_room(folder: OfficeFolder) -> UserError:
    return UserError(
        f"Salinan untuk dibuka tidak dapat ditulis di {folder.private}. Data Anda tidak berubah. "
        "Periksa ruang kosong dan hak tulis folder itu.",
        "private_copy",
    )
