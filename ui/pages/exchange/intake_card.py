"""The card Petugas tanpa Posko: a blank workbook for an office below, and filled ones taken in."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea

from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.exchange.blank import write_template
from posko_app.exchange.intake_book import NOT_WRITABLE, IntakeResult, take_in
from posko_app.exchange.intake_sheets.given import sender_name
from ui import dialogs, documents, theme
from ui.context import Context
from ui.fields import Field
from ui.tasks import Task
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.progress import ProgressPanel
from ui.widgets.rows import Rows, TwoLines
from ui.widgets.text import box, hbox, vbox

from . import memory, words

ROW, SHOWN = 47, 3  # pixels of a row with its line, rows seen without scrolling
MOST = 200  # lines of a result; the two workbooks hold all of them


class IntakeCard(Card):
    """Two buttons; below them, after a workbook was taken in, what became of its rows."""

    taken = Signal(object)  # IntakeResult
    left = Signal()  # somebody has read what became of a workbook

    def __init__(self, context: Context) -> None:
        self.blank = Button("Buat isian kosong…", small=True)
        self.fetch = Button("Terima isian…", small=True)
        super().__init__(
            "Petugas tanpa Posko", icon="sheet", extra=[self.blank, self.fetch], padded=False
        )
        self._context, self._posko = context, context.posko
        self._task: Task | None = None
        self._path = Path()
        self.result: IntakeResult | None = None
        self.panel = ProgressPanel()
        self.banner = Banner("ok", "")
        self.rows = Rows()
        self.show_folder = Button("Buka folder", icon="folder", small=True)
        self.leave = Button("Tutup", small=True)
        self._scroll = QScrollArea()
        self._told = box(vbox(self.banner, self._scroll, self._foot(), gap=8,
                              margins=(12, 10, 12, 10)))  # fmt: skip
        self._build()

    def choose(self) -> None:
        """Ask for a filled workbook and take it in."""
        if not self.fetch.isEnabled():
            return
        root = self._posko.folder.root
        folder = memory.load(root).read_folder or str(memory.default_read_folder())
        files = dialogs.open_files(self, "Terima isian petugas", dialogs.EXCEL, folder)
        if files:
            memory.remember(root, read_folder=str(files[0].parent))
            self.start(files[0])

    def start(self, path: Path, out: Path | None = None) -> None:
        """Take a filled workbook in; its two answers go into `out`, or beside it."""
        if self._task is not None or not self.fetch.isEnabled():
            return
        self._told.hide()
        self.panel.begin("Menerima isian")
        self.panel.show()
        self._lock(True)
        self._path = path
        self._task = self._context.start(
            take_in, path, out, label="Menerima isian", done=self._on_taken,
            failed=self._on_failed, progress=self._on_progress, end=self._on_end,
        )  # fmt: skip

    def make_blank(self) -> None:
        """Ask for whom, then where, and write the workbook."""
        if not self.blank.isEnabled():
            return
        choices = list(offices(self._posko))
        answer = dialogs.ask_form(
            self,
            "Isian kosong untuk petugas tanpa Posko",
            [Field(key="office", label="Diisi oleh", kind="combo", choices=choices,
                   missing="Pilih kantor yang mengisinya.", placeholder="Ketik nama kantor")],
            today=self._posko.today(),
            act="Pilih tempat menyimpan…",
            text="Nama desa dan perkara yang masih berjalan sudah tertulis di dalamnya.",
        )  # fmt: skip
        if answer is not None:
            self._save_blank(str(answer["office"]))

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(box(vbox(self.rows, None), "surface"))
        self.add(self.panel)
        self.add(self._told)
        self.panel.hide()
        self._told.hide()
        self._lock(False)
        self.blank.clicked.connect(self.make_blank)
        self.fetch.clicked.connect(self.choose)
        self.panel.cancelled.connect(self._on_cancel)
        self.show_folder.clicked.connect(self._on_show_folder)
        self.leave.clicked.connect(self._on_leave)

    def _foot(self) -> Any:
        return box(hbox(None, self.leave, self.show_folder, gap=8))

    def _lock(self, busy: bool) -> None:
        reason = "Isian lain sedang diterima." if busy else ""
        reason = reason or words.why_not(self._posko, "case.write")
        self.fetch.set_why_disabled(reason)
        self.blank.set_why_disabled(words.why_not(self._posko, "case.read"))

    def _save_blank(self, code: str) -> None:
        root = self._posko.folder.root
        folder = Path(memory.load(root).send_folder or memory.default_send_folder())
        name = f"Isian_{sender_name(self._posko, code)}.xlsx".replace(" ", "_").replace("/", "-")
        path = dialogs.save_file(self, "Simpan isian kosong", str(folder / name), dialogs.EXCEL)
        if path is None:
            return
        try:
            write_template(self._posko, path, code)
        except UserError as error:
            self._context.problem.emit(error)
            return
        self._context.say(f"Isian kosong tersimpan: {path.name}")

    def _on_progress(self, done: int, total: int, said: str) -> None:
        left = self._task.seconds_left(done, total) if self._task else None
        self.panel.advance(done, total, said, left)

    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _on_end(self) -> None:
        self._task = None
        self.panel.hide()
        self._lock(False)

    def _on_failed(self, error: BaseException) -> None:
        if not isinstance(error, UserError) or error.code != NOT_WRITABLE:
            self._context.problem.emit(error)
            return
        folder = dialogs.choose_folder(self, "Simpan balasan di folder", str(Path.home()))
        if folder is not None:
            self.start(self._path, folder)

    def _on_taken(self, result: IntakeResult) -> None:
        self.result = result
        self.taken.emit(result)
        tone = "attention" if result.wrong_rows else "ok"
        self.banner.set_message(tone, escape(summary(result)))
        lines = [*_waiting(result), *_wrong(result), *_taken(result)]
        self.rows.set_rows(lines[:MOST])
        self._scroll.setFixedHeight(theme.px(ROW) * min(len(lines), SHOWN))
        self._told.show()
        self.show_folder.setFocus()
        self._context.note_saved("Isian diterima")

    def _on_show_folder(self) -> None:
        if self.result is None:
            return
        made = self.result.returned or self.result.reply or self.result.path
        if not documents.show(made.parent):
            self._context.problem.emit(
                UserError(
                    f"Folder {made.parent} tidak dapat dibuka dari sini. Berkasnya sudah "
                    "tersimpan. Buka folder itu dengan pengelola berkas.",
                    "no_viewer",
                )
            )

    def _on_leave(self) -> None:
        self.result = None
        self._told.hide()
        self.fetch.setFocus()
        self.left.emit()


def offices(posko: Posko) -> Iterator[tuple[str, str]]:
    """Who may fill in a workbook for this office: those below it, and its own staff."""
    own = posko.office.code
    for region in posko.regions.children(own):
        yield region.code, sender_name(posko, region.code)
    yield own, f"{posko.office.name} (kantor ini)"


def summary(result: IntakeResult) -> str:
    """What became of a workbook in two sentences."""
    counts = (
        (len(result.filed), "baris diterima"),
        (len(result.again), "sudah pernah diterima"),
        (result.wrong_rows, "perlu diperbaiki"),
    )
    said = ", ".join(f"{count} {word}" for count, word in counts if count)
    made = [path.name for path in (result.reply, result.returned) if path]
    sender = result.office_name or "pengirimnya"
    return f"{said}. Kirim {' dan '.join(made)} kepada {sender}."


def _wrong(result: IntakeResult) -> Iterator[TwoLines]:
    for wrong in result.wrong:
        place = f"{wrong.sheet}, baris {wrong.row}"
        line = TwoLines("attention", wrong.reason, ", ".join(filter(None, (place, wrong.column))))
        line.setToolTip(wrong.reason)
        yield line


def _waiting(result: IntakeResult) -> Iterator[TwoLines]:
    for said in result.waiting:
        line = TwoLines("attention", said, "Barisnya sendiri sudah benar")
        line.setToolTip(said)
        yield line


def _taken(result: IntakeResult) -> Iterator[TwoLines]:
    for row in (*result.filed, *result.again):
        word = "diterima" if row in result.filed else "sudah pernah diterima"
        line = TwoLines("done", row.number or row.title, f"{row.sheet}, baris {row.row}: {word}")
        line.setToolTip(row.title)
        yield line
