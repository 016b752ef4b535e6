"""The card Buat kiriman: for whom, into which folder, then the files and their cover message."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from posko_app import text
from posko_app.errors import UserError
from posko_app.exchange.export import ExportResult, export
from posko_app.exchange.ledger import Ledger, PeerLine
from posko_app.exchange.manifest import shipment
from posko_app.exchange.outlook import Outlook, outlook
from ui import dialogs, documents, theme
from ui.context import Context
from ui.editors import TextArea
from ui.fields import Field
from ui.forms import Form
from ui.tasks import Task
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.progress import ProgressPanel
from ui.widgets.rows import Rows, TwoLines
from ui.widgets.text import Text, box, hbox, vbox

from . import memory, words

FORM, MADE = range(2)
FOOT = 54


class SendCard(Card):
    """Makes an export in the background and shows what came of it."""

    made = Signal(object)  # ExportResult

    def __init__(self, context: Context) -> None:
        super().__init__("Buat kiriman", icon="send", padded=False)
        self._context, self._posko = context, context.posko
        self._folder = context.posko.folder.root
        self._peers: Sequence[PeerLine] = ()
        self._outlook: Outlook | None = None
        self._task: Task | None = None
        self.result: ExportResult | None = None
        kept = memory.load(self._folder)
        today = context.posko.today()
        self.form = Form(
            [Field(key="to", label="Untuk kantor", kind="combo", missing="Pilih kantor tujuan.",
                   placeholder="Ketik nama kantor")],
            today=today, dense=False,
        )  # fmt: skip
        self.place = Form(
            [Field(key="folder", label="Simpan di folder", missing="Pilih folder.")],
            today=today, dense=False,
        )  # fmt: skip
        self.browse = Button("Ganti…", icon="folder")
        self.content = Text("", "small", "text2", wrap=True)
        self.panel = ProgressPanel()
        self.make = Button("Buat kiriman", icon="sheet", hint="Ctrl+Enter", kind="primary")
        self.banner = Banner("ok", "")
        self.files = Rows()
        self.message = TextArea(5)
        self.show_folder = Button("Buka folder", icon="folder", hint="Ctrl+Enter", kind="primary")
        self.copy = Button("Salin pesan", icon="duplicate", small=True)
        self.again = Button("Buat kiriman lain")
        self._stack = QStackedWidget()
        self._build()
        self._connect()
        self.form.set_values({"to": kept.to_code})
        self.place.set_values({"folder": kept.send_folder or str(memory.default_send_folder())})
        self.make.set_why_disabled(words.why_not(self._posko, "exchange.export"))

    # --- what the page calls --------------------------------------------------------------------

    def set_ledger(self, ledger: Ledger) -> None:
        """Offer the offices of a ledger; the one above is the first choice."""
        self._peers = ledger.peers
        choices = words.recipients(self._posko, ledger.peers)
        known = [code for code, _ in choices]
        chosen = self.form.value("to") or memory.load(self._folder).to_code
        self.form.set_choices("to", choices)
        if chosen not in known:
            chosen = known[0] if known else ""
        self.form.set_values({"to": chosen})
        self.look_ahead()

    def look_ahead(self) -> None:
        """Count what would go, in the background."""
        code = self.form.value("to")
        if not code or not self.make.isEnabled() or self._task is not None:
            return
        self._context.start(outlook, code, done=self._on_outlook)

    def primary(self) -> None:
        """Ctrl+Enter: make the export, or open the folder of the one just made."""
        if self.result is None:
            self.start()
        else:
            self._on_show_folder()

    def start(self) -> None:
        """Make the export."""
        if self._task is not None or not self.make.isEnabled() or self._wrong():
            return
        code, folder = str(self.form.value("to")), Path(str(self.place.value("folder")))
        try:
            folder = folder.expanduser()
            if not folder.is_absolute():
                raise OSError("a folder without its place")
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError, ValueError):
            self._refuse_folder("Folder ini tidak dapat dibuat. Pilih yang lain.")
            return
        memory.remember(self._folder, send_folder=str(folder), to_code=code)
        self._lock(True)
        self.panel.begin("Membuat kiriman")
        self._task = self._context.start(
            export, code, folder, label="Membuat kiriman", done=self._on_made,
            failed=self._on_failed, progress=self._on_progress, end=self._on_end,
        )  # fmt: skip

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        if self.result is not None:
            return self.show_folder
        return self.make if self.make.isEnabled() else self.browse

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self.panel.hide()
        self.browse.setAccessibleName("Ganti folder")
        folder = hbox(gap=8)
        folder.addWidget(self.place, 1)
        folder.addLayout(vbox(theme.px(19), self.browse, None))
        private = Text(
            "Identitas pelapor dan saksi tidak pernah ikut. Berkas bukti tidak ikut, hanya "
            "daftarnya.",
            "small", "text2", wrap=True,
        )  # fmt: skip
        notes = vbox(_line("sheet", self.content), _line("confidential", private), gap=8)
        asked = vbox(
            self.form, 2, folder, 6, notes, None, self.panel, gap=8, margins=(14, 12, 14, 12)
        )
        head = Text("Pesan pengantar", "label")
        head.setBuddy(self.message)
        self.message.setAccessibleName("Pesan pengantar")
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(box(vbox(self.files, None), "surface"))
        told = vbox(margins=(14, 12, 14, 12), gap=8)
        told.addWidget(self.banner)
        told.addWidget(scroll, 1)
        told.addLayout(vbox(hbox(head, None, self.copy), self.message, gap=4))
        self._stack.setObjectName("surface")
        self._stack.addWidget(box(asked))
        self._stack.addWidget(box(told))
        self.add(self._stack, 1)
        self.set_foot(hbox(self.again, None, self.show_folder, self.make, gap=8), FOOT)
        self._show_state()

    def _connect(self) -> None:
        self.make.clicked.connect(self.start)
        self.browse.clicked.connect(self._on_browse)
        self.panel.cancelled.connect(self._on_cancel)
        self.form.settled.connect(self._on_settled)
        self.form.changed.connect(self._on_changed)
        self.form.submitted.connect(self._on_form)
        self.place.submitted.connect(self.start)
        self.show_folder.clicked.connect(self._on_show_folder)
        self.copy.clicked.connect(self._on_copy)
        self.again.clicked.connect(self._on_again)

    def _show_state(self) -> None:
        done = self.result is not None
        self._stack.setCurrentIndex(MADE if done else FORM)
        for button in (self.again, self.show_folder):
            button.setVisible(done)
        self.make.setVisible(not done)

    def _lock(self, locked: bool) -> None:
        self.form.set_read_only("to", locked)
        self.place.set_read_only("folder", locked)
        self.browse.setEnabled(not locked)
        busy = "Kiriman sedang dibuat." if locked else ""
        self.make.set_why_disabled(busy or words.why_not(self._posko, "exchange.export"))
        self.panel.setVisible(locked)
        if locked:
            self.panel.stop.setFocus()

    def _wrong(self) -> bool:
        """Whether something is missing; it says so at its field."""
        return bool([*self.form.check(), *self.place.check()])

    def _refuse_folder(self, sentence: str) -> None:
        self.place.boxes["folder"].set_problem(sentence)
        self.place.focus_field("folder")

    def _on_form(self) -> None:
        self.place.focus_first()

    def _on_outlook(self, found: Outlook) -> None:
        if found.to_code == self.form.value("to"):
            self._outlook = found
            self.content.setText(words.what_goes(found))
            self.note.setText(f"nomor {found.seq}")

    def _on_settled(self, key: str) -> None:
        if key == "to":
            self.look_ahead()

    def _on_changed(self, key: str) -> None:
        if key == "to":
            self._outlook = None
            self.content.setText("")
            self.note.setText("")
            self.look_ahead()

    def _on_browse(self) -> None:
        folder = dialogs.choose_folder(
            self, "Simpan kiriman di folder", str(self.place.value("folder") or "")
        )
        if folder is not None:
            self.place.set_values({"folder": str(folder)})
            memory.remember(self._folder, send_folder=str(folder))
        self.make.setFocus()

    def _on_progress(self, done: int, total: int, said: str) -> None:
        left = self._task.seconds_left(done, total) if self._task else None
        self.panel.advance(done, total, said, left)

    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _on_end(self) -> None:
        self._task = None
        self._lock(False)
        self.make.setFocus()

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, UserError) and error.code == "folder_missing":
            self._refuse_folder(error.message)
        else:
            self._context.problem.emit(error)

    def _on_made(self, result: ExportResult) -> None:
        self.result = result
        code = str(self.form.value("to"))
        to_name = words.office_name(self._posko, code, self._peers)
        sizes = words.sizes_of(result.files)
        rows = []
        for path, size in zip(result.files, sizes, strict=True):
            line = TwoLines("sheet", path.name,
                            f"{text.file_size(size)} · {words.channel_for(size)}")  # fmt: skip
            line.setToolTip(str(path))
            rows.append(line)
        self.files.set_rows(rows)
        self.banner.set_message(
            "ok",
            f"{shipment(result.seq)} selesai dibuat, {len(result.files)} berkas "
            f"({text.file_size(sum(sizes))}). {words.channel_for_all(sizes)}",
        )
        cases = self._outlook.cases if self._outlook and self._outlook.to_code == code else None
        self.message.set_raw(words.cover_message(self._posko, result, to_name, sizes, cases))
        self._show_state()
        self.show_folder.setFocus()
        self._context.note_saved(f"{shipment(result.seq)} tersimpan")
        self.made.emit(result)

    def _on_show_folder(self) -> None:
        if self.result is None:
            return
        folder = self.result.files[0].parent
        if not documents.show(folder):
            self._context.problem.emit(
                UserError(
                    f"Folder {folder} tidak dapat dibuka dari sini. Berkasnya sudah tersimpan. "
                    "Buka folder itu dengan pengelola berkas.",
                    "no_viewer",
                )
            )

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.message.raw())
        self._context.note_saved("Pesan pengantar disalin")

    def _on_again(self) -> None:
        self.result = None
        self._show_state()
        self.look_ahead()
        self.form.focus_field("to")


def _line(icon: str, words_: QWidget) -> QWidget:
    """A small icon before a sentence."""
    row = hbox(vbox(theme.px(2), Icon(icon, "text2", 14), None), gap=8)
    row.addWidget(words_, 1)
    return box(row)
