"""From a WhatsApp export on the disk to sealed evidence: read, let the person choose, keep."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases.chat_evidence import Picked, keep_chosen
from posko_app.cases.chat_export import Chat, read_export
from posko_app.cases.report import EvidenceInput

from . import dialogs
from .chat_picker import ChatPicker
from .context import Context

KINDS = "Ekspor chat WhatsApp (*.zip *.txt)"


class ChatImport(QObject):
    """Runs one import at a time; `kept` comes when everything chosen is safe in the vault."""

    kept = Signal(object, object, object)  # Chat, Picked, tuple of EvidenceInput

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self._chat: Chat | None = None
        self._picked: Picked | None = None
        self.picker: ChatPicker | None = None

    def ask(self) -> None:
        """Ask for the file, then go on with it."""
        if found := dialogs.open_files(self._page, "Buka ekspor chat WhatsApp", KINDS):
            self.open(found[0])

    def open(self, path: Path) -> None:
        """Read an export (.zip, folder or .txt) and show its messages."""
        dialogs.run_with_progress(
            self._context, self._page, "Membaca percakapan WhatsApp", read_export, path,
            done=self._on_read,
        )  # fmt: skip

    def _on_read(self, chat: Chat) -> None:
        self._chat = chat
        self.picker = ChatPicker(self._page.window(), self._context, chat)
        self.picker.picked.connect(self._on_picked)
        self.picker.finished.connect(self._on_closed)
        self.picker.open()

    def _on_closed(self) -> None:
        self.picker = None

    def _on_picked(self, picked: Picked) -> None:
        self._picked = picked
        dialogs.run_with_progress(
            self._context, self._page, "Menyimpan pesan dan media", keep_chosen, self._chat, picked,
            done=self._on_kept,
        )  # fmt: skip

    def _on_kept(self, items: tuple[EvidenceInput, ...]) -> None:
        self.kept.emit(self._chat, self._picked, items)
