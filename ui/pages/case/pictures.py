"""Foto KTP of a person: opened only while the identity is shown, added by who takes reports in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from posko_app.app import Posko
from posko_app.cases.identity_files import add_picture, reveal_picture
from posko_app.cases.views import IdentityFileView
from posko_app.progress import Progress
from posko_app.text import file_size
from ui import dialogs, documents
from ui.context import Context
from ui.widgets.buttons import Link
from ui.widgets.icon import Icon
from ui.widgets.text import Elided, box, hbox

from .disclosure import Disclosure
from .words import Words

TITLE = "Pilih foto KTP"
PICTURES = "Foto atau PDF (*.jpg *.jpeg *.png *.heic *.webp *.pdf)"


class Pictures:
    """The line of a person's card; `row` is shown where there is or may be a picture."""

    def __init__(self, context: Context, disclosure: Disclosure) -> None:
        self._context, self._disclosure = context, disclosure
        self._words: Words | None = None
        self._person = ""
        self._last: IdentityFileView | None = None
        self.said = Elided("", "small", "text2")
        self.look = Link("Buka foto KTP", icon="show", role="small")
        self.add = Link("Tambah foto KTP", icon="add", role="small")
        line = hbox(Icon("confidential"), self.said, gap=6)
        line.addStretch(1)
        line.addWidget(self.look)
        line.addWidget(self.add)
        self.row = box(line)
        self.look.clicked.connect(self.open)
        self.add.clicked.connect(self._on_add)

    def show(self, words: Words, person: str, *, held: bool) -> None:
        """Show what there is of a person; nothing about people whom another office keeps."""
        self._words, self._person = words, person
        kept = [p for p in words.view.pictures if p.person == person]
        self._last = kept[-1] if kept else None
        self.said.setText(_said(words, self._last))
        self.look.setVisible(self._last is not None and self._disclosure.reason(person) != "")
        self.add.setVisible(held and not words.why_not("case.write"))
        self.row.setVisible(held or self._last is not None)

    def open(self) -> None:
        """Hand the newest picture to the system's viewer, with the reason given before."""
        if self._words is not None and self._last is not None:
            reason = self._disclosure.reason(self._person)
            shown = partial(self._on_copied, self._words.view.uid, self._person)
            self._run("Membuka foto KTP", _copy, self._last, reason, done=shown)

    def _on_copied(self, case: str, person: str, path: Path) -> None:
        if self._disclosure.keep_copy(case, person, path):
            self._context.run(partial(_open, path))

    def _on_add(self) -> None:
        paths = dialogs.open_files(self.row, TITLE, PICTURES)
        if paths and self._words is not None:
            uid = self._words.view.uid
            self._run("Menyimpan foto KTP", add_picture, uid, paths[0], self._person, done=_nothing)

    def _run(self, title: str, use_case: Callable[..., Any], *args: Any, done: Any) -> None:
        """Away from the window's thread: a card may have 25 MB. Rows are made anew, windows not."""
        window = self.row.window()
        dialogs.run_with_progress(self._context, window, title, use_case, *args, done=done)


def _copy(posko: Posko, picture: IdentityFileView, reason: str, progress: Progress) -> Path:
    """Copy a picture to where a viewer can read it; the access is logged."""
    ending, stream = reveal_picture(posko, picture.uid, reason)
    with stream:
        name = f"Foto KTP{ending}"
        return documents.copy_out(posko.folder, name, stream, picture.size, progress)


def _open(path: Path, _posko: Posko) -> None:
    documents.open_path(path)


def _nothing(_uid: str) -> None:
    """The page shows the picture by itself once it is written."""


def _said(words: Words, picture: IdentityFileView | None) -> str:
    if picture is None:
        return "Foto KTP belum ada"
    day = words.brief(words.local(picture.added_at).date())
    return f"Foto KTP, {file_size(picture.size)}, {day}"
