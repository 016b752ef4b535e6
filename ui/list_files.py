"""Any list as a workbook, on paper or on the clipboard: what pages call for Ctrl+E and Ctrl+P.

A page gives a function that makes the `Listing` from the open office; it runs in the background.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.cases.list_rows import Listing
from posko_app.errors import UserError
from posko_app.progress import Progress

from . import dialogs, documents
from .context import Context


class MakeListing(Protocol):
    """Reads a whole list, however long; a `partial` of a use case is one."""

    def __call__(self, posko: Posko, *, progress: Progress) -> Listing: ...


def export_list(context: Context, parent: QWidget, name: str, make: MakeListing) -> Path | None:
    """Ask where, then write a list as a workbook; the path, or None when the user turned away."""
    start = Path(_documents()) / f"{_file_name(name)}.xlsx"
    path = dialogs.save_file(parent, "Simpan daftar sebagai Excel", str(start), dialogs.EXCEL)
    if path is None:
        return None

    def work(posko: Posko, *, progress: Progress) -> int:
        made = make(posko, progress=progress)
        from posko_app.exchange.list_book import write_listing

        write_listing(posko, made, path, progress=progress)
        return len(made.rows)

    def say(_rows: int) -> None:
        context.say(f"Daftar disimpan ke {path.name}")

    dialogs.run_with_progress(context, parent, "Menyimpan daftar", work, done=say)
    return path


def print_list(context: Context, parent: QWidget, name: str, make: MakeListing) -> None:
    """Make a list as PDF and show it in the system's viewer, which prints it."""

    def work(posko: Posko, *, progress: Progress) -> bytes:
        from posko_app.letters.list_print import listing_pdf

        return listing_pdf(posko, make(posko, progress=progress), progress=progress)

    def show(pdf: bytes) -> None:
        documents.open_document(context.posko.folder, f"{_file_name(name)}.pdf", pdf)

    dialogs.run_with_progress(
        context, parent, "Menyusun daftar", work, done=_guarded(context, show)
    )


def _guarded(context: Context, show: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """Tell when no program can show it."""

    def guarded(pdf: bytes) -> None:
        try:
            show(pdf)
        except UserError as error:
            context.problem.emit(error)

    return guarded


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def _file_name(name: str) -> str:
    """A name that every system takes."""
    return re.sub(r"[^\w\- ]+", "-", name).strip(" -") or "daftar"
