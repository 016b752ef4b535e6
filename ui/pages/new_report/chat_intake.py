"""WhatsApp on the page Laporan baru: a pasted message, or messages chosen from an export."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from posko_app.cases.chat_evidence import Picked, excerpt
from posko_app.cases.chat_export import Chat
from posko_app.cases.chat_fields import Split
from posko_app.cases.chat_source import looks_like_export
from posko_app.cases.report import EvidenceInput
from ui.chat_import import ChatImport
from ui.context import Context

from . import answers
from .chat_kept import as_path
from .chat_paste import PasteSheet
from .paste import Offer, take
from .rows import RowContent
from .workspace import Workspace


class ChatIntake(QObject):
    """Fills the form of one workspace from WhatsApp, never without the officer's tick."""

    filled = Signal()

    def __init__(
        self, context: Context, work: Workspace, put_back: Callable[[dict[str, Any]], None]
    ) -> None:
        super().__init__(work)
        self._context, self._work, self._put_back = context, work, put_back
        self.importing = ChatImport(context, work)
        self.importing.kept.connect(self._on_kept)
        self.sheet: PasteSheet | None = None

    def paste(self) -> None:
        """Take the text on the clipboard apart and show what it proposes."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self._context.say("Papan klip tidak berisi pesan. Salin pesannya dulu di WhatsApp.")
            return
        self._check(text)

    def takes(self, path: Path) -> bool:
        """Whether a dropped file or folder is a chat export; then it is opened."""
        if not looks_like_export(path):
            return False
        self.importing.open(path)
        return True

    def ask(self) -> None:
        """Ask for an export and open it."""
        self.importing.ask()

    def _check(self, text: str, reporter: str | None = None) -> None:
        self._work.show_entry()
        self.sheet = PasteSheet(
            self._work.window(), self._context.posko, self._work.entry, text, reporter
        )
        self.sheet.taken.connect(self._on_taken)
        self.sheet.finished.connect(self._on_closed)
        self.sheet.open()

    def _on_closed(self) -> None:
        self.sheet = None

    def _on_taken(self, split: Split, offered: list[Offer]) -> None:
        before = self._work.content()
        keys = take(self._work.entry, split, offered, self._context.posko)
        self.filled.emit()
        answers.mark_pasted(self._work.entry, keys)
        done = f"{len(keys)} ruas diisi dari pesan. Periksa yang bertanda."
        self._context.say(done, partial(self._put_back, before))

    def _on_kept(self, chat: Chat, picked: Picked, items: tuple[EvidenceInput, ...]) -> None:
        label = self._context.posko.vocabulary.label
        rows = [
            RowContent(
                {
                    "description": item.description,
                    "kind": label("evidence_kind", item.kind),
                    "source": label("evidence_source", item.source),
                },
                as_path(item.kept) if item.kept else "",
            )
            for item in items
        ]
        self._work.show_entry()
        self._work.entry.add_row("evidence", *rows)
        self.filled.emit()
        self._check(excerpt(chat, picked), picked.reporter)
