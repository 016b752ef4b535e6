"""Failures as one plain sentence and an exit code; no traceback ever reaches a user."""

from __future__ import annotations

import errno
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from posko_app.errors import Cancelled, InvalidInput, UserError

from .answer import Answer, document, write
from .words import WrongUsage

DONE, ACT, USAGE, BUG = 0, 1, 2, 70  # 70: an internal error, as sysexits.h numbers it
BUG_CODE = "PSK-901"
UNSEEN = (
    "Perintah ini sudah selesai, tetapi hasilnya tidak dapat ditulis. Periksa ruang penyimpanan, "
    "lalu lihat hasilnya dengan perintah lain; jangan langsung mengulangi perintah ini."
)
STOPPED = "Dihentikan. Tidak ada yang diubah."

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_NAMES = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.EINVAL)


def guarded(work: Callable[[], Answer], *, as_json: bool, log_folder: Callable[[], Path]) -> int:
    """Run a command, print its answer or its failure, and give the exit code."""
    try:
        answer = work()
        texts = [document(answer.data)] if as_json else answer.lines
    except WrongUsage as wrong:
        return _failed(wrong.message, "usage", as_json, USAGE, before=wrong.usage)
    except InvalidInput as wrong:
        problems = [{"field": p.field, "message": p.message} for p in wrong.problems]
        return _failed(wrong.message, wrong.code, as_json, ACT, problems)
    except UserError as wrong:
        return _failed(wrong.message, wrong.code, as_json, ACT)
    except (Cancelled, KeyboardInterrupt):
        return _failed(STOPPED, "cancelled", as_json, ACT)
    except OSError as error:
        sentence = disk_sentence(error)
        if sentence is None:
            return _bug(error, as_json, log_folder)
        return _failed(sentence[0], sentence[1], as_json, ACT)
    except Exception as error:  # whatever is left is a bug
        return _bug(error, as_json, log_folder)
    shown = _show(texts)
    if answer.sentence:
        _say(answer.sentence)
    if not shown:
        _say(UNSEEN)
    return answer.code if shown else ACT


def disk_sentence(error: OSError) -> tuple[str, str] | None:
    """The sentence and code for a failure of disk or folder; None for one that is a bug."""
    place = str(error.filename) if error.filename else "itu"
    if error.errno in _FULL:
        return (
            "Ruang penyimpanan penuh, tidak ada yang disimpan. Data sebelumnya aman. "
            "Kosongkan paling sedikit 1 GB, lalu coba lagi.",
            "disk_full",
        )
    if error.errno in _CLOSED:
        return (
            f"Berkas atau folder {place} tidak boleh dibaca atau ditulisi. Tidak ada yang diubah. "
            "Periksa izinnya atau pilih tempat lain.",
            "folder_not_writable",
        )
    if error.errno in _NAMES:
        return (
            f"Berkas atau folder {place} tidak ada atau tidak dapat dipakai. "
            "Tidak ada yang diubah. Periksa namanya.",
            "file_missing",
        )
    if error.errno == errno.EIO:
        return (
            "Penyimpanan gagal dibaca atau ditulisi. Data sebelumnya aman. "
            "Periksa diska, lalu coba lagi.",
            "disk_error",
        )
    return None


def _show(texts: Sequence[str]) -> bool:
    """Write texts to standard output; False when there is no room for them."""
    if sys.stdout is None:
        return True
    try:
        for text in texts:
            write(text, sys.stdout)
        sys.stdout.flush()
    except (BrokenPipeError, KeyboardInterrupt):
        # Whoever read our output has seen enough: keep Python from complaining at its end.
        sys.stdout = None
    except OSError:
        sys.stdout = None
        return False
    return True


def _say(sentence: str) -> None:
    """Write a sentence to standard error, if it takes any."""
    with suppress(OSError):
        write(sentence, sys.stderr)


def _failed(
    message: str,
    code: str,
    as_json: bool,
    exit_code: int,
    problems: list[dict[str, str]] | None = None,
    before: str = "",
) -> int:
    if as_json:
        error = {"code": code, "message": message, "problems": problems or []}
        _show([document({"error": error})])
    if before:
        _say(before)
    _say(message)
    return exit_code


def _bug(error: Exception, as_json: bool, log_folder: Callable[[], Path]) -> int:
    log = _write_log(error, log_folder)
    where = f" Rinciannya di {log}." if log else ""
    sentence = (
        f"Terjadi masalah yang belum dikenali (kode {BUG_CODE}). Data yang sudah tersimpan aman."
        f"{where} Ulangi perintah ini; bila berulang, kirim rinciannya kepada pembuat Posko."
    )
    return _failed(sentence, BUG_CODE, as_json, BUG)


def _write_log(error: Exception, log_folder: Callable[[], Path]) -> Path | None:
    """Where it happened, without any value: messages of exceptions may hold a reporter's name."""
    lines = [time.strftime("%Y-%m-%d %H:%M:%S")]
    fault: BaseException | None = error
    while fault is not None:
        lines.append(f"{type(fault).__module__}.{type(fault).__qualname__}")
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(fault.__traceback__)
        ]
        fault = fault.__cause__ or fault.__context__
    try:
        folder = log_folder()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "galat.log"
        with path.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n\n")
    except OSError:
        return None
    return path
