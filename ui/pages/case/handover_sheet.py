"""The dialog that hands a case over: to whom, why, when, what goes; then what is left to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.exchange.handover import HandedOver, files_again, hand_over
from posko_app.exchange.handover_view import Outlook, destinations, outlook, pictures_words
from posko_app.exchange.package.sizes import part_size, part_sizes
from posko_app.letters.handover_papers import write_papers
from posko_app.progress import Progress, silent
from posko_app.text import thousands
from ui import dialogs, documents
from ui.context import Context
from ui.dialogs import Sheet
from ui.fields import Field
from ui.forms import Form, FormGroup
from ui.pages.exchange import memory
from ui.widgets.buttons import Button
from ui.widgets.progress import ProgressPanel
from ui.widgets.text import Text, box, hbox, vbox

from .handover_answer import AnswerSheet
from .words import FILES, Words

UNTIL = (
    "Sampai kantor tujuan menerimanya, batas waktu yang sama tetap berjalan dan kantor ini masih "
    "bertanggung jawab."
)
ABOUT = f"Catatan, bukti, surat, dan identitas yang terkunci ikut semua. {UNTIL}"
SENT = "transferred"
ANSWERS = ("received_transfer", "transfer_returned")
ON_PAPER = "Catat pelimpahan di luar Posko"


class HandoverSheet(Sheet):
    """Asks, hands over in the background, and shows the three steps that are left."""

    recorded = Signal(str)  # "transferred"
    paper_wanted = Signal()  # the office does not use the program

    def __init__(
        self, parent: QWidget, context: Context, words: Words, *, again: bool = False
    ) -> None:
        title = "Buat berkas pelimpahan lagi" if again else "Limpahkan perkara"
        facts = words.view.facts
        super().__init__(parent, title, f"{facts.number or 'Perkara'}: {facts.title}", width=640)
        self._context, self._words, self._again = context, words, again
        self._root = context.posko.folder.root
        self.form = self._make_form()
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.goes = Text(ABOUT, "small", "text2", wrap=True)
        self.panel = ProgressPanel()
        self.panel.stop.hide()  # it is recorded at once; only its files take time
        self.panel.hide()
        self.asked = box(vbox(self.group.summary, self.form, self.goes, self.panel, gap=8))
        self.made = QWidget()
        self.made.hide()
        self.body.addWidget(self.asked)
        self.body.addWidget(self.made)
        self.paper = self.add_button(ON_PAPER, kind="flat")
        self.no = self.add_button("Tidak jadi", kind="flat")
        self.yes = self.submit_button("Buat berkasnya" if again else words.law.steps[SENT].label)
        self._connect()
        self._tell("to")
        self.form.focus_first()

    def submit(self) -> None:
        """Hand over, or make the files again; on problems the dialog stays."""
        if self.panel.isVisible() or self.group.check():
            return
        values = self.form.values()
        folder = Path(str(values["folder"]))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            said = f"Folder {folder} tidak dapat dibuat. Pilih folder lain."
            self.group.show_problems([Problem("folder", said)])
            return
        memory.remember(self._root, send_folder=str(folder))
        uid, size = self._words.view.uid, part_size(str(values["size"])).bytes
        self.panel.begin("Membuat berkas pelimpahan")
        self.panel.show()
        self.yes.setEnabled(False)
        if self._again:
            self._context.start(
                _again, uid, folder, size, done=self._on_made, failed=self._on_failed,
                progress=self._on_progress, end=self._on_end,
            )  # fmt: skip
            return
        self._context.start(
            _hand_over, uid, str(values["to"]), str(values["reason"] or ""), values["on"], folder,
            size, done=self._on_made, failed=self._on_failed, progress=self._on_progress,
            end=self._on_end,
        )  # fmt: skip

    def unsaved(self) -> bool:
        """Nothing is lost any more once it is recorded."""
        return self.asked.isVisible() and super().unsaved()

    def show_made(self, made: HandedOver) -> None:
        """What was made, and the three steps that are left."""
        self.asked.hide()
        papers = ", ".join(path.name for path in made.papers) or "belum dibuat"
        carried = ", ".join(path.name for path in (*made.workbooks, *made.packages))
        steps = [
            ("Cetak dan tanda tangani", f"Surat, berita acara, dan tanda terima: {papers}"),
            (f"Bawa atau kirim ke {made.to_name}", carried or self._no_files()),
            (
                "Tunggu jawabannya",
                "Perkara ini tetap ditandai dilimpahkan, belum diterima, sampai kiriman kantor itu "
                "Anda terima.",
            ),
        ]
        column = vbox(gap=10)
        if made.trouble:
            said = f"Pelimpahan sudah tercatat. {made.trouble}"
            column.addWidget(Text(said, "small", "red", wrap=True))
        for number, (head, text) in enumerate(steps, 1):
            column.addWidget(_step(str(number), head, text))
        self.made.setLayout(column)
        self.made.show()
        self.paper.hide()
        self.no.setText("Buka folder")
        self.no.setVisible(bool(made.files))
        self.no.clicked.disconnect()
        self.no.clicked.connect(lambda: documents.show(made.files[0].parent))
        self.yes.setText("Selesai")
        self.yes.setEnabled(True)
        self.yes.clicked.disconnect()
        self.yes.clicked.connect(self.accept)
        self.yes.setFocus()

    def _no_files(self) -> str:
        """Why there are no files, and who makes them."""
        if self._words.why_not("exchange.export"):
            return "Operator pertukaran membuat berkasnya: Buat berkas pelimpahan lagi."
        return "Berkas belum dibuat."

    # --- what comes back ------------------------------------------------------------------------

    def _on_made(self, made: HandedOver) -> None:
        self.recorded.emit("transferred")
        self.show_made(made)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, InvalidInput):
            self.group.show_problems(error.problems)
        elif isinstance(error, UserError):
            self.group.show_problems([Problem("", str(error))])
        else:
            self._context.problem.emit(error)

    def _on_progress(self, done: int, total: int, said: str) -> None:
        self.panel.advance(done, total, said)

    def _on_end(self) -> None:
        self.panel.hide()
        self.yes.setEnabled(True)

    def _on_changed(self, key: str) -> None:
        self._tell(key)

    def _on_browse(self) -> None:
        at = str(self.form.value("folder") or "")
        folder = dialogs.choose_folder(self, "Simpan berkas di folder", at)
        if folder is not None:
            self.form.set_values({"folder": str(folder)})

    def _tell(self, key: str) -> None:
        """Say what goes, or why it cannot go there."""
        if key != "to":
            return
        to = str(self.form.value("to") or "")
        self.paper.setVisible(not self._again and bool(to))
        if not to:
            self.goes.setText(ABOUT)
            return
        found = outlook(self._words.posko, self._words.view.uid, to)
        said = found.problem or goes_words(found)
        self.goes.setText(said if found.problem else f"{said} {UNTIL}")
        self.goes.set_tone("red" if found.problem else "text2")
        self.paper.setVisible(bool(found.problem))

    # --- building -------------------------------------------------------------------------------

    def _make_form(self) -> Form:
        posko, words = self._words.posko, self._words
        offices = destinations(posko)
        choices = [
            (o.code, o.name if o.known else f"{o.name} (kunci belum dikenal)") for o in offices
        ]
        sizes = [(size.key, size.label) for size in part_sizes()]
        fields = [
            Field(key="to", label="Ke kantor", kind="combo", choices=choices, width=8,
                  missing="Pilih kantor tujuan."),
            Field(key="on", label="Tanggal", kind="date", width=4, missing="Isi tanggalnya."),
            Field(key="reason", label="Alasan", kind="multiline", lines=2,
                  missing="Tulis alasannya, misalnya: tempat kejadian di wilayah kantor itu."),
            Field(key="size", label="Ukuran berkas bukti", kind="combo", choices=sizes, width=5),
            Field(key="folder", label="Simpan di folder", width=7,
                  missing="Pilih foldernya."),
        ]  # fmt: skip
        form = Form(fields, today=words.today, dense=False, gap=8)
        folder = memory.load(self._root).send_folder or str(memory.default_send_folder())
        to = words.view.state.office if words.view.state.files_due == words.view.own else ""
        last = [e for e in words.view.state.events if e.kind == "transferred" and e.data.get("to")]
        if self._again and last:
            to = last[-1].data["to"]
            form.set_values({"reason": last[-1].data.get("reason", "")})
        form.set_values({"on": words.today, "size": "flashdisk", "folder": folder})
        if to:
            form.set_values({"to": to})
        form.show_fields(["to", "on", "reason"], not self._again)
        return form

    def _connect(self) -> None:
        browse = Button("Pilih folder", icon="folder", small=True)
        browse.setAutoDefault(False)
        browse.clicked.connect(self._on_browse)
        self.asked.layout().insertWidget(2, box(hbox(None, browse)))  # type: ignore[union-attr]
        self.form.changed.connect(self._on_changed)
        self.form.settled.connect(self._on_changed)
        self.group.submitted.connect(self.submit)
        self.no.setAutoDefault(False)
        self.paper.setAutoDefault(False)
        self.no.clicked.connect(self.reject)
        self.yes.clicked.connect(self.submit)
        self.paper.clicked.connect(self._on_paper)

    def _on_paper(self) -> None:
        self.done(0)
        self.paper_wanted.emit()


def handover_sheet(
    parent: QWidget, context: Context, words: Words, kind: str
) -> HandoverSheet | AnswerSheet | None:
    """The dialog for a kind of step when it belongs to a hand-over; None for all others.

    `FILES` makes the files of the last one again.
    """
    if words.why_not_step(kind):
        return None  # told as for every other step
    if kind == FILES:
        return HandoverSheet(parent, context, words, again=True)
    view = words.view
    if kind in ANSWERS and view.offered:
        return AnswerSheet(parent, words, kind)
    due = view.state.files_due == view.own
    if kind == SENT and (due or any(step.kind == SENT for step in view.state.next_steps)):
        return HandoverSheet(parent, context, words)
    return None


def goes_words(found: Outlook) -> str:
    """What goes along: `31 catatan, 3 bukti, identitas 2 orang terkunci untuk …`."""
    parts = [f"{thousands(found.notes)} catatan", f"{thousands(found.evidence)} bukti"]
    if found.people:
        who = f"identitas {thousands(found.people)} orang"
        asked = f" dan {thousands(found.questions)} tanya jawab" if found.questions else ""
        parts.append(f"{who}{asked} terkunci untuk {found.to_name}")
    said = f"Yang ikut: {', '.join(parts)}."
    return f"{said} {pictures_words(found.pictures)}" if found.pictures else said


def _step(number: str, head: str, text: str) -> QWidget:
    mark = Text(number, "step")
    mark.setFixedSize(22, 22)
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    words = vbox(Text(head, "strong"), Text(text, "small", "text2", wrap=True), gap=2)
    row = hbox(vbox(mark, None), gap=10)
    row.addLayout(words, 1)
    return box(row)


def _hand_over(
    posko: Posko,
    case: str,
    to: str,
    reason: str,
    on: date,
    folder: Path,
    size: int,
    progress: Progress = silent,
) -> HandedOver:
    """The hand-over with its letters and files."""
    return hand_over(
        posko, case, to, reason, on, folder, size, progress=progress,
        papers=lambda uid: write_papers(posko, uid, folder),
    )  # fmt: skip


def _again(
    posko: Posko, case: str, folder: Path, size: int, progress: Progress = silent
) -> HandedOver:
    return files_again(
        posko, case, folder, size, progress=progress,
        papers=lambda uid: write_papers(posko, uid, folder),
    )  # fmt: skip
