"""One process at a time holds an office: an operating-system lock on a file, never a PID file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from posko_app.errors import UserError


class OfficeLock:
    """Held while an office is open; freed by the system even when the process dies."""

    def __init__(self, path: Path) -> None:
        """Take the lock or raise UserError `office_open`."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = path.open("a+b")
        except OSError as error:
            raise UserError(
                f"Folder data {path.parent} tidak dapat ditulisi. Data Anda tidak berubah. "
                "Periksa izin folder itu, lalu coba lagi.",
                "folder_not_writable",
            ) from error
        try:
            _lock(self._file)
        except OSError as error:
            self._file.close()
            raise UserError(
                "Posko sudah terbuka di jendela lain di komputer ini. "
                "Tutup jendela itu lalu coba lagi.",
                "office_open",
            ) from error

    @property
    def held(self) -> bool:
        """Whether this process still has the lock."""
        return not self._file.closed

    def release(self) -> None:
        """Let another process open the office."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
