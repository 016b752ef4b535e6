"""Files beside prevention work: kept, opened and taken off, the same on every tab."""

from __future__ import annotations

from pathlib import Path

from posko_app.app import Posko
from posko_app.cases.outreach import (
    Attached,
    FileRow,
    attach_files,
    open_prevention_file,
    void_file,
)
from posko_app.errors import UserError
from posko_app.progress import Progress
from ui import documents
from ui.context import Context


def open_file(context: Context, file: FileRow) -> None:
    """Copy the plain bytes of a file out and open them."""
    if not file.held:
        context.say(f"Berkas {file.name} tidak disimpan di kantor ini.")
        return

    def opened(path: Path) -> None:
        try:
            documents.open_path(path)
        except UserError as error:
            context.problem.emit(error)

    context.start(
        copy_file, file.uid, file.name, file.size, label=f"Membuka {file.name}", done=opened
    )


def remove_file(context: Context, file: FileRow) -> None:
    """Take a file off; the message offers to undo it."""
    if not context.attempt(void_file, file.uid):
        return

    def undo() -> None:
        context.attempt(void_file, file.uid, voided=False)

    context.say(f"{file.name} dilepas", undo)


def copy_file(
    posko: Posko, uid: str, name: str, size: int, *, progress: Progress
) -> Path:  # in the worker
    """Copy a file's plain bytes to where other programs can read them."""
    with open_prevention_file(posko, uid) as stream:
        return documents.copy_out(posko.folder, name, stream, size, progress)


def attach(
    posko: Posko, files: list[Attached], *, progress: Progress
) -> tuple[str, ...]:  # in the worker
    """Copy files into the vault; the uids."""
    return attach_files(posko, files, progress)
