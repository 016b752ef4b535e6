"""Bukti: the list, adding files in the background, and opening plain copies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.chat_evidence import Picked
from posko_app.cases.chat_export import Chat
from posko_app.cases.chat_source import looks_like_export
from posko_app.cases.evidence import AttachedEvidence, attach, open_evidence
from posko_app.cases.report import EvidenceInput
from posko_app.cases.views import EvidenceView
from posko_app.exchange.package.standing import CaseState, ask_again, case_evidence
from posko_app.exchange.package.words import numbers
from posko_app.progress import Progress
from ui import dialogs, documents, theme
from ui.chat_import import ChatImport
from ui.context import Context
from ui.fields import Field
from ui.table_view import TableView
from ui.tables import Column
from ui.tasks import Task
from ui.tokens import ROW_TWO_LINES
from ui.widgets.buttons import Button, Link
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.keys import bind
from ui.widgets.layout import FlowLayout
from ui.widgets.progress import ProgressPanel
from ui.widgets.text import Text, box, hbox, vbox

from .evidence_card import DropArea, EvidenceCard
from .words import Words

KINDS = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic", "webp", "gif", "bmp", "tif"), "photo"),
    **dict.fromkeys(("mp4", "mov", "3gp", "mkv", "avi", "webm"), "video"),
    **dict.fromkeys(("mp3", "m4a", "wav", "ogg", "opus", "amr", "aac"), "audio"),
}
"""Ending of a file's name -> the kind of evidence proposed; everything else is a document."""
ROOMY = 1060  # pixels from which the list shows all its columns
FILES = (
    "Foto, video, PDF, rekaman (*.jpg *.jpeg *.png *.heic *.mp4 *.mov *.3gp *.pdf *.mp3 *.m4a "
    "*.ogg *.opus *.docx);;Semua berkas (*)"
)


class EvidenceTab(QWidget):
    """The evidence of one case; files may be dropped anywhere here."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._words: Words | None = None
        self._task: Task | None = None
        self._new = ""
        self.setAcceptDrops(True)
        self.add = Button("Tambah berkas", icon="draft", hint="Ctrl+O")
        self.paste = Button("Tempel gambar", icon="duplicate", hint="Ctrl+V")
        self.add_chat = Button("Dari chat WhatsApp", icon="message")
        self.importing = ChatImport(context, self)
        self.add_bare = Button("Tambah tanpa berkas", icon="add")
        self.table: TableView[EvidenceView] = TableView(
            self._columns(), name="Bukti", key=_uid, row_height=ROW_TWO_LINES
        )
        self.progress = ProgressPanel()
        self.progress.hide()
        self.detail = EvidenceCard()
        self._sum = Text("", "small", "text2")
        self.lacks = Text("", "small", "gold")
        self.ask = Link("Salin pesan minta ulang", role="small")
        self._arrivals: CaseState | None = None
        self._build()
        self._connect()

    def show_case(self, words: Words) -> None:
        """Show the evidence of a case."""
        self._words = words
        items = words.view.evidence
        self._show_arrivals(words)
        self.table.set_rows(items)
        if self._new and self.table.choose(self._new):
            self._new = ""
        elif self.table.row() is None:
            self.table.choose_first()
        size = sum(item.size for item in items)
        held = f" · {text.file_size(size)}" if size else ""
        self._sum.setText(f"{len(items)} bukti{held}" if items else "Belum ada bukti.")
        why = words.why_not("evidence.add")
        for button in (self.add, self.paste, self.add_chat, self.add_bare):
            button.set_why_disabled(why)
        self._on_current(self.table.row())

    def _show_arrivals(self, words: Words) -> None:
        """What of the files has not come yet, and in which parts it comes."""
        waits = any(item.sha256 and not item.held for item in words.view.evidence)
        found = self.context.run(case_evidence, words.view.uid) if waits else None
        self._arrivals = found
        lacks = found is not None and not found.complete
        self.lacks.setText(found.sentence if found is not None and lacks else "")
        self.lacks.setVisible(lacks)
        self.ask.setVisible(found is not None and bool(found.missing))

    def choose_files(self) -> None:
        """Ask for files to add."""
        if self.add.isEnabled():
            self.add_files(dialogs.open_files(self, "Pilih berkas bukti", FILES))

    def add_files(self, paths: Sequence[Path]) -> None:
        """Ask what the files are, then copy them into the vault in the background."""
        if not paths or self._words is None or not self.add.isEnabled():
            return
        if len(paths) == 1 and looks_like_export(paths[0]):
            self.importing.open(paths[0])
            return
        one = len(paths) == 1
        title = f"Tambah {paths[0].name}" if one else f"Tambah {len(paths)} berkas bukti"
        kinds = {KINDS.get(path.suffix.lstrip(".").lower(), "document") for path in paths}
        got = dialogs.ask_form(
            self,
            title,
            self._questions(needs_words=False),
            today=self._words.today,
            act="Tambah bukti" if one else f"Tambah {len(paths)} bukti",
            text="Berkas disalin ke arsip terenkripsi. Berkas asli tidak diubah.",
            values={"kind": kinds.pop() if len(kinds) == 1 else "", "source": "reporter"},
        )
        if got is not None:
            self._start([_item(got, path, self._kind(got, path)) for path in paths])

    def paste_image(self) -> None:
        """Add the picture on the clipboard (a screenshot) as evidence."""
        image = QGuiApplication.clipboard().image()
        if not self.paste.isEnabled() or self._words is None:
            return
        if image.isNull():
            self.context.say("Papan klip tidak berisi gambar.")
            return
        folder = self.context.posko.folder.private
        folder.mkdir(parents=True, exist_ok=True)
        here = self._words.local(self.context.posko.now())
        path = folder / f"tangkapan-layar-{here:%Y%m%d-%H%M%S}.png"
        image.save(str(path))
        self.add_files([path])

    def add_without_file(self) -> None:
        """Add something that has no file: goods, a witness's offer of a letter."""
        if self._words is None or not self.add_bare.isEnabled():
            return
        got = dialogs.ask_form(
            self,
            "Tambah bukti tanpa berkas",
            self._questions(needs_words=True),
            today=self._words.today,
            act="Tambah bukti",
            values={"kind": "object", "source": "reporter"},
        )
        if got is not None:
            self._start([_item(got, None, str(got["kind"]))])

    def open_row(self, row: EvidenceView) -> None:
        """Copy the plain bytes out in the background and open them in the system's viewer."""
        if not row.held:
            self.context.say(f"Berkas {row.label} tidak disimpan di kantor ini.")
            return
        name = row.file_name or row.label
        self.context.start(
            copy_evidence, row.uid, name, row.size,
            label=f"Membuka {row.label}", done=self._on_copied,
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        keys = ["label", "file", "sha256", "state"]
        wide = self.width() >= theme.px(ROOMY)
        self.table.show_columns([*keys, "source", "added"] if wide else keys)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self.add.isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        self.add_files([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])

    def _start(self, items: Sequence[EvidenceInput]) -> None:
        if self._words is None:
            return
        self.progress.begin(f"Menyalin {len(items)} bukti dan menghitung sidik")
        self._task = self.context.start(
            attach, self._words.view.uid, items,
            label="Menyalin bukti", done=self._on_attached,
            progress=self._on_progress, end=self._on_end,
        )  # fmt: skip

    def _questions(self, *, needs_words: bool) -> list[Field]:
        vocabulary = self.context.posko.vocabulary
        return [
            Field(key="description", label="Keterangan", optional=not needs_words,
                  missing="Isi keterangan bukti, misalnya: stiker paslon 2 lembar.",
                  placeholder="Misalnya: terlapor di atas panggung"),
            Field(key="kind", label="Jenis", kind="combo", width=6, optional=not needs_words,
                  choices=vocabulary.items("evidence_kind")),
            Field(key="source", label="Asal", kind="combo", width=6, optional=True,
                  choices=vocabulary.items("evidence_source")),
        ]  # fmt: skip

    def _kind(self, got: dict[str, Any], path: Path) -> str:
        return str(got["kind"] or KINDS.get(path.suffix.lstrip(".").lower(), "document"))

    def _columns(self) -> list[Column[EvidenceView]]:
        label = self.context.posko.vocabulary.label
        return [
            Column("label", "Kode", _label, width=64, style="mono"),
            Column("file", "Berkas", _title, width=0, second=self._second, tooltip=_title),
            Column("source", "Asal", lambda r: label("evidence_source", r.source) if r.source
                   else "", width=104, style="secondary"),
            Column("added", "Ditambahkan", self._added, width=112, style="secondary"),
            Column("sha256", "Sidik SHA-256", _short_hash, width=132, style="mono",
                   tooltip=lambda r: r.sha256),
            Column("state", "Keadaan", self._state, width=120, style="chip"),
        ]  # fmt: skip

    def _state(self, row: EvidenceView) -> Chip:
        if row.held:
            return Chip("Tersimpan", "plain_green", "check",
                        "Berkas dan sidiknya ada di arsip kantor")  # fmt: skip
        awaited = self._arrivals.awaited.get(row.sha256, ()) if self._arrivals else ()
        if awaited:
            said = f"Sebagian paket bukti belum diterima: bagian {numbers(awaited)}"
            short = f"bagian {awaited[0]}" if len(awaited) == 1 else f"{len(awaited)} bagian"
            return Chip(f"Kurang {short}", "plain_gold", tooltip=said)
        if row.sha256:
            return Chip("Di kantor asal", "plain", tooltip="Hanya keterangannya yang dikirim")
        return Chip("Tanpa berkas", "plain")

    def _second(self, row: EvidenceView) -> str:
        kind = self.context.posko.vocabulary.label("evidence_kind", row.kind) if row.kind else ""
        named = row.file_name if row.description else ""
        size = text.file_size(row.size) if row.size else ""
        return " · ".join(part for part in (kind, size, named) if part)

    def _added(self, row: EvidenceView) -> str:
        return self._words.when(self._words.local(row.added_at).date(), row.added_at) if (
            self._words) else ""  # fmt: skip

    def _build(self) -> None:
        card = Card(padded=False)
        card.body.setSpacing(0)
        card.add(self.table, 1)
        panel = vbox(self.progress, margins=(12, 8, 12, 8))
        self.progress.setMinimumHeight(theme.px(50))
        card.add(panel)
        card.set_foot(hbox(self._sum, self.lacks, self.ask, None, gap=10))
        acts = FlowLayout()
        for button in (self.add, self.paste, self.add_chat, self.add_bare):
            acts.addWidget(button)
        left = vbox(box(acts), DropArea(), card, gap=10)
        left.setStretch(2, 1)
        row = hbox(gap=10, margins=(16, 10, 16, 12))
        row.addLayout(left, 740)
        row.addWidget(self.detail, 400)
        self.setLayout(row)

    def _connect(self) -> None:
        bind(self, "add_files", self.choose_files)
        bind(self, "paste_image", self.paste_image)
        self.add.clicked.connect(self.choose_files)
        self.paste.clicked.connect(self.paste_image)
        self.add_bare.clicked.connect(self.add_without_file)
        self.add_chat.clicked.connect(self.importing.ask)
        self.importing.kept.connect(self._on_chat)
        self.table.opened.connect(self.open_row)
        self.table.current_changed.connect(self._on_current)
        self.progress.cancelled.connect(self._on_cancel)
        self.detail.open_wanted.connect(self.open_row)
        self.detail.copied.connect(self.context.say)
        self.ask.clicked.connect(self._on_ask)

    def _on_current(self, row: EvidenceView | None) -> None:
        if self._words is not None:
            self.detail.show_item(self._words, row)

    def _on_chat(self, _chat: Chat, _picked: Picked, items: Sequence[EvidenceInput]) -> None:
        self._start(items)

    def _on_progress(self, done: int, total: int, said: str) -> None:
        left = self._task.seconds_left(done, total) if self._task else None
        self.progress.advance(done, total, f"{said}. Anda boleh bekerja di tempat lain.", left)

    def _on_ask(self) -> None:
        if self._arrivals is not None:
            said = [ask_again(self.context.posko, one) for one in self._arrivals.packages[:1]]
            QGuiApplication.clipboard().setText("\n".join(said))
            self.context.say("Pesan disalin. Tempel di WhatsApp.")

    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _on_attached(self, added: Sequence[AttachedEvidence]) -> None:
        self._new = added[-1].uid if added else ""
        self.table.choose(self._new)
        twice = sum(not item.new for item in added)
        if twice:
            self.context.say(f"{twice} berkas sudah ada pada perkara ini, tidak ditambah lagi.")

    def _on_end(self) -> None:
        self.progress.hide()
        self._task = None

    def _on_copied(self, path: Path) -> None:
        self.context.run(partial(_open, path))


def copy_evidence(
    posko: Posko, uid: str, name: str, size: int, *, progress: Progress
) -> Path:  # in the worker
    """Copy an item's plain bytes to where other programs can read them; the access is logged."""
    with open_evidence(posko, uid) as stream:
        return documents.copy_out(posko.folder, name, stream, size, progress)


def _open(path: Path, _posko: Posko) -> None:
    documents.open_path(path)


def _item(got: dict[str, Any], path: Path | None, kind: str) -> EvidenceInput:
    return EvidenceInput(
        description=str(got["description"] or ""),
        kind=kind,
        source=str(got["source"] or ""),
        path=path,
    )


def _uid(row: EvidenceView) -> str:
    return row.uid


def _label(row: EvidenceView) -> str:
    return row.label


def _title(row: EvidenceView) -> str:
    return row.description or row.file_name or "Tanpa keterangan"


def _short_hash(row: EvidenceView) -> str:
    return f"{row.sha256[:4]} {row.sha256[4:8]} {row.sha256[8:12]}" if row.sha256 else ""
