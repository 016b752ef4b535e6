"""The details of one item of evidence, and the place where files are dropped."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame

from posko_app import text
from posko_app.cases.views import EvidenceView
from ui import theme
from ui.widgets.buttons import Button, Link
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.text import Facts, Text, hbox

from .words import Words

_CONTENTS = {"image": "Gambar", "video": "Video", "audio": "Suara", "text": "Teks"}
_FORMS = {
    "plain": "Teks",
    "pdf": "PDF",
    "zip": "Arsip ZIP",
    "msword": "Dokumen Word",
    "vnd.openxmlformats-officedocument.wordprocessingml.document": "Dokumen Word",
    "vnd.ms-excel": "Buku kerja Excel",
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Buku kerja Excel",
}


class DropArea(QFrame):
    """Says that files may be dropped; the whole tab takes them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("dropArea")
        said = "Seret foto, video, PDF, atau rekaman suara ke sini. Berkas asli tidak diubah."
        self._text = Text(said, tone="text2")
        self.setLayout(hbox(None, Icon("upload", "text2"), self._text, None))
        self.setFixedHeight(theme.px(42))


class EvidenceCard(Card):
    """Everything about the chosen item, and the way to open it."""

    open_wanted = Signal(object)
    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__("Bukti")
        self._row: EvidenceView | None = None
        self._facts = Facts(key_width=92)
        self._hash = Text("", "mono", wrap=True, select=True)
        self._copy = Link("Salin sidik", role="small")
        self.open = Button("Buka berkas", icon="folder", hint="Enter")
        self._note = Text("", "small", "text2", wrap=True)
        self.add(self._facts)
        self._label = Text("Sidik SHA-256", "label", "text2")
        self.add(self._label)
        self.add(self._hash)
        self.add(hbox(self._copy, None))
        self.add(hbox(self.open, None))
        self.add(self._note)
        self.body.addStretch(1)
        self.open.clicked.connect(self._on_open)
        self._copy.clicked.connect(self._on_copy)

    def show_item(self, words: Words, row: EvidenceView | None) -> None:
        """Show an item, or nothing."""
        self._row = row
        self.set_title(row.label if row else "Bukti")
        rows = _detail(words, row) if row else [("", "Pilih bukti untuk melihat rinciannya.")]
        self._facts.set_rows(rows)
        digits = row.sha256 if row else ""
        self._hash.setText(" ".join(digits[n : n + 8] for n in range(0, len(digits), 8)))
        for part in (self._label, self._hash, self._copy):
            part.setVisible(bool(digits))
        self.open.setVisible(bool(row and row.held))
        self.open.set_why_disabled(words.why_not("evidence.read"))
        self._note.setText(_where(row) if row else "")

    def _on_open(self) -> None:
        if self._row is not None:
            self.open_wanted.emit(self._row)

    def _on_copy(self) -> None:
        if self._row is not None:
            QGuiApplication.clipboard().setText(self._row.sha256)
            self.copied.emit(f"Sidik {self._row.label} disalin.")


def _detail(words: Words, row: EvidenceView) -> list[tuple[str, str]]:
    added = words.local(row.added_at)
    when = f"{text.short_date(added.date())}, {text.clock(added)}"
    rows = [
        ("Keterangan", row.description),
        ("Berkas", row.file_name),
        ("Jenis", words.label("evidence_kind", row.kind)),
        ("Asal", words.label("evidence_source", row.source)),
        ("Ukuran", text.file_size(row.size) if row.size else ""),
        ("Isi berkas", content_words(row.mime)),
        ("Ditambahkan", f"{when} oleh {words.who(row.added_by)}"),
    ]
    return [(key, value) for key, value in rows if value]


def content_words(mime: str) -> str:
    """What a file was found to hold, in words: `Gambar PNG`; nothing for what is not known."""
    kind, _, form = mime.partition("/")
    if form in _FORMS:
        return _FORMS[form]
    if kind not in _CONTENTS:
        return ""
    return f"{_CONTENTS[kind]} {form.removeprefix('x-').upper()}".strip()


def _where(row: EvidenceView) -> str:
    if row.held:
        return "Setiap kali dibuka, nama Anda dan waktunya dicatat. Salinan dihapus saat ditutup."
    if row.sha256:
        return "Berkasnya tidak disimpan di kantor ini. Minta kiriman bukti ke kantor asal."
    return "Bukti ini dicatat tanpa berkas."
