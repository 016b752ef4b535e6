"""Filling in for the officer: Terima sekarang, F4, a pasted message, files, what a NIK tells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ui import dialogs, documents
from ui.context import Context

from . import answers, previous
from .chat_intake import ChatIntake
from .nik import NIK, NikLink
from .rows import RowContent
from .workspace import Workspace


class Filling(QObject):
    """Acts on the form of one workspace; `filled` says that the form changed without typing."""

    filled = Signal()

    def __init__(self, context: Context, work: Workspace) -> None:
        super().__init__(work)
        self._context, self._posko = context, context.posko
        self._work, self._entry = work, work.entry
        self._nik = NikLink(work.entry)
        self._chat = ChatIntake(context, work, self._put_back)
        self._chat.filled.connect(self._on_chat)
        self._before: dict[str, Any] | None = None
        entry = work.entry
        entry.changed.connect(self._on_changed)
        entry.copy_wanted.connect(self.copy)
        entry.unlock_wanted.connect(self._on_unlock)
        entry.row_removed.connect(self._on_row_removed)
        entry.restructured.connect(self.filled)
        entry.receive_wanted.connect(self.receive_now)
        entry.files_wanted.connect(self._on_files)
        entry.chat_wanted.connect(self._chat.ask)

    def start(self, content: dict[str, Any]) -> None:
        """Show another report; an empty mapping is a blank form with its usual answers."""
        self._before = None
        self._nik.reset()
        self._work.set_content(content)
        if not content:
            for key, value in answers.usual(self._posko).items():
                self._entry.set_value(key, value)
        self._nik.follow(self._posko.today())

    def receive_now(self) -> None:
        """Stamp arrival, channel, place and officer where nothing stands yet."""
        self._work.show_entry()
        if (stamped := answers.stamp(self._entry, self._posko)) is not None:
            self._work.arrived_at = stamped
        self.filled.emit()
        self._entry.focus_section(list(self._entry.kind.ask)[1])

    def add_party(self) -> None:
        """Another terlapor."""
        self._work.show_entry()
        self._entry.add_row("reported")

    def ask_picture(self) -> None:
        """Let the person choose the picture of the reporter's card."""
        if self._entry.picture is not None:
            self._work.show_entry()
            self._entry.picture.ask()

    def paste_message(self) -> None:
        """Show what the text on the clipboard proposes for the form."""
        self._chat.paste()

    def copy(self, key: str) -> None:
        """Take a field over from the report filed before."""
        if previous.secret(key):
            self._context.say("Identitas orang tidak disalin dari laporan lain.")
            return
        if self._before is None:
            kind = self._entry.kind.code
            self._before = self._context.run(previous.previous_answers, kind) or {}
        if not (value := self._before.get(key)):
            self._context.say("Ruas ini kosong pada laporan sebelumnya.")
            return
        self._entry.set_value(key, value)
        self.filled.emit()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Add files as evidence; they are copied into the vault when the report is saved.

        An export of a WhatsApp chat is opened instead, to choose its messages.
        """
        if len(paths) == 1 and self._chat.takes(paths[0]):
            return
        files = [path for path in paths if path.is_file()]
        if files and "evidence" not in self._entry.rows:
            self._context.say(f"{self._entry.kind.tab} tidak disertai bukti.")
        elif files:
            self._work.show_entry()
            self._entry.add_row("evidence", *(answers.evidence_of(f, self._posko) for f in files))
        if left := [path for path in paths if path not in files]:
            self._context.say(documents.not_taken(left))

    def _put_back(self, content: dict[str, Any]) -> None:
        self.start(content)
        self.filled.emit()

    def _on_chat(self) -> None:
        self._nik.follow(self._posko.today())
        self.filled.emit()

    def _on_changed(self, key: str) -> None:
        if key == NIK:
            self._nik.follow(self._posko.today())
        elif key == "by_proxy":
            self._entry.show_asked()

    def _on_unlock(self, key: str) -> None:
        self._nik.free()
        self._entry.focus_field(key)

    def _on_row_removed(self, section: str, what: str, before: Sequence[RowContent]) -> None:
        back = partial(self._entry.put_back, section, list(before))
        self._context.say(f"{what} dihapus.", back)

    def _on_files(self) -> None:
        self.add_files(dialogs.open_files(self._work, "Pilih berkas bukti"))
