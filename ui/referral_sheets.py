"""The dialogs of a referral: what was learnt, how it went out, and a request for information."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.referral import NewUpdate, describe_referral, update_referral
from posko_app.cases.referral_book import referral_book
from posko_app.cases.referral_view import ReferralDetails, ReferralView, Sanction
from posko_app.errors import InvalidInput, UserError
from posko_app.progress import Progress

from . import dialogs, documents, theme
from .context import Context
from .dialogs import Sheet
from .fields import Choices, Field
from .forms import Form, FormGroup
from .letter_sheet import show_letter
from .widgets.buttons import Button
from .widgets.layout import ScrollColumn
from .widgets.text import Elided, Text, box, hbox, vbox
from .working_sheet import WorkingSheet

if TYPE_CHECKING:
    from posko_app.letters.issue import DraftLetter, IssuedLetter

MOST_HEIGHT = 360  # pixels of form before it scrolls
SANCTION = ("sanction", "form", "party_uid", "decree_number", "decree_on", "official",
            "effective_on")  # fmt: skip


class UpdateSheet(WorkingSheet):
    """What was learnt about a referral; Ctrl+Enter keeps it."""

    kept = Signal(str)  # what to say

    def __init__(self, parent: QWidget, context: Context, row: ReferralView) -> None:
        about = f"{row.office}. Sekarang: {row.state_label}."
        super().__init__(parent, context, "Catat kabar", about)
        self._row = row
        self._file: Path | None = None
        parties = [(p.uid, p.name) for p in case_view(context.posko, row.case_uid).parties]
        self.form = Form(_update_fields(context.posko, parties), today=context.posko.today(),
                         dense=False, gap=8)  # fmt: skip
        values: dict[str, Any] = {"on": context.posko.today()}
        if len(parties) == 1:
            values["party_uid"] = parties[0][0]
        self.form.set_values(values)
        self.group.add(self.form)
        self.choose = Button("Lampirkan jawaban", icon="upload", small=True)
        self._name = Elided("Belum ada berkas. Jawaban disimpan sebagai bukti.", "small", "text2")
        file_row = hbox(self.choose)
        file_row.addWidget(self._name, 1)
        self.body.addWidget(self.group.summary)
        inner = box(vbox(self.form, file_row, gap=8), "surface")
        self.body.addWidget(ScrollColumn(inner, most=theme.px(MOST_HEIGHT)))
        no = self.add_button("Tidak jadi", kind="flat")
        self.keep = self.submit_button("Catat kabar")
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        self.keep.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        self.form.changed.connect(self._on_changed)
        self.form.settled.connect(self._on_changed)
        self.choose.clicked.connect(self._on_choose)
        self._fold()
        self.form.focus_field("state")

    def submit(self) -> None:
        """Check the form and keep it; on problems the dialog stays."""
        if self.group.check():
            return
        self.keep.set_why_disabled("Sedang menyimpan")
        self.work(keep_update, self._row.case_uid, self._row.event_uid, self.update_of(),
                   done=self._on_done)  # fmt: skip

    def update_of(self) -> NewUpdate:
        """What the form says."""
        values = self.form.values()
        sanction = None
        if self._sanctioned() and values["sanction"]:
            sanction = Sanction(
                kind=values["sanction"],
                form=values["form"] or "",
                decree_number=values["decree_number"],
                decree_on=values["decree_on"],
                official=values["official"],
                effective_on=values["effective_on"],
                party_uid=values["party_uid"] or "",
            )
        return NewUpdate(
            on=values["on"],
            state=values["state"] or "",
            number=values["number"],
            note=values["note"],
            sanction=sanction,
            file=self._file,
        )

    def _sanctioned(self) -> bool:
        return referral_book().state(self.form.value("state") or "").sanction

    def _fold(self) -> None:
        """Ask for the decree only when there is a sanction; say what a state means."""
        self.form.show_fields(SANCTION, self._sanctioned())
        known = referral_book().states.get(self.form.value("state") or "")
        said = known.note if known else ""
        if known and known.event and not said:
            said = "Ikut tercatat sebagai langkah perkara."
        self.form.set_note("state", said)

    def _on_changed(self, key: str) -> None:
        if key == "state":
            self._fold()
        elif key == "sanction":
            kind = referral_book().sanctions.get(self.form.value("sanction") or "")
            self.form.set_choices("form", [(f, f) for f in kind.forms] if kind else [])

    def _on_choose(self) -> None:
        if found := dialogs.open_files(self, "Pilih berkas jawaban"):
            self._file = found[0]
            self._name.setText(found[0].name)

    def _on_done(self, _uid: str) -> None:
        self.kept.emit("Kabar tercatat.")
        self.accept()

    def _on_end(self) -> None:
        self.keep.set_why_disabled("")
        super()._on_end()


class DetailsSheet(Sheet):
    """How a referral went out: office, way, ticket, reminder."""

    kept = Signal(str)

    def __init__(self, parent: QWidget, context: Context, row: ReferralView) -> None:
        note = referral_book().addressee(row.addressee).note
        super().__init__(parent, "Rincian penerusan", note, width=560)
        self._context, self._row = context, row
        self.form = Form(_detail_fields(context.posko, row), today=context.posko.today(),
                         dense=False, gap=8)  # fmt: skip
        self.form.set_values({**vars(row.details), "sent_on": row.sent_on})
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.body.addWidget(self.group.summary)
        self.body.addWidget(self.form)
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.submit_button("Simpan rincian")
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        self.form.focus_first()

    def submit(self) -> None:
        """Check the form and keep it."""
        if self.group.check():
            return
        values = self.form.values()
        values["external_system"] = values["external_system"] or ""
        new = ReferralDetails(**values)
        row = self._row
        if self._context.attempt(
            describe_referral, row.case_uid, row.event_uid, new, invalid=self._on_rejected
        ):
            self.kept.emit("Rincian penerusan tersimpan.")
            self.accept()

    def _on_rejected(self, error: InvalidInput) -> None:
        self.group.show_problems(error.problems)


class RequestSheet(WorkingSheet):
    """One click numbers the next request for information, freezes it and opens it."""

    kept = Signal(str)

    def __init__(self, parent: QWidget, context: Context, row: ReferralView) -> None:
        place = len(row.asked) + 1
        before = (
            f" Permintaan sebelumnya {row.asked[-1].number}.".replace("  ", " ")
            if row.asked and row.asked[-1].number
            else ""
        )
        about = (
            f"Surat kepada {row.office} terisi sendiri dari perkara, diberi nomor, dan tercatat "
            f"sebagai langkah perkara.{before} Identitas pelapor dan saksi tidak dimuat."
        )
        super().__init__(parent, context, f"Permintaan informasi ke-{place}", about)
        self._row = row
        self._remark = Text("", "small", "gold", wrap=True)
        self._remark.hide()
        self.body.addWidget(self.group.summary)
        self.body.addWidget(self._remark)
        self.draft = self.add_button("Lihat konsep")
        no = self.add_button("Tidak jadi", kind="flat")
        self.issue = self.submit_button("Tetapkan nomor dan cetak")
        self.issue.setAutoDefault(True)  # there are no fields to go through
        self.issue.setFocus()
        no.clicked.connect(self.reject)
        self.draft.clicked.connect(self.show_draft)
        self.issue.clicked.connect(self.issue_letter)

    def show_draft(self) -> None:
        """Open the letter as it would be."""
        self._start(draft_request, self._on_draft)

    def issue_letter(self) -> None:
        """Number and freeze it; the dialog stays when it cannot be made."""
        self._start(issue_request, self._on_issued)

    def _start(self, work: Any, done: Any) -> None:
        self.work(work, self._row.case_uid, self._row.event_uid, done=done)

    def _on_draft(self, made: DraftLetter) -> None:
        self._remark.setText(" ".join((*made.warnings, f"Nomor usulan: {made.number}.")))
        self._remark.show()
        try:
            name = "Konsep permintaan informasi.pdf"
            documents.open_document(self._context.posko.folder, name, made.pdf)
        except UserError as error:
            self._on_failed(error)

    def _on_issued(self, made: IssuedLetter) -> None:
        self.kept.emit(f"{made.title} {made.number} tersimpan sebagai PDF.")
        self._context.run(show_letter, made.uid, made.title, made.number)
        self.accept()


def keep_update(posko: Posko, case: str, event: str, new: NewUpdate, *, progress: Progress) -> str:
    """In the worker: an answer may be a file to encrypt."""
    progress(0, 1)
    return update_referral(posko, case, event, new)


def draft_request(posko: Posko, case: str, event: str, *, progress: Progress) -> DraftLetter:
    """In the worker: the pages of the request as they would be."""
    from posko_app.letters.information_request import preview_request

    progress(0, 1)
    return preview_request(posko, case, event)


def issue_request(posko: Posko, case: str, event: str, *, progress: Progress) -> IssuedLetter:
    """In the worker: number, freeze and record the request."""
    from posko_app.letters.information_request import request_information

    progress(0, 1)
    return request_information(posko, case, event)


def _update_fields(posko: Posko, parties: Choices) -> list[Field]:
    book, words = referral_book(), posko.vocabulary
    states = [(code, words.label("follow_up_state", code)) for code in book.states]
    sanctions = [(code, words.label("sanction", code)) for code in book.sanctions]
    return [
        Field(key="on", label="Tanggal kabar", kind="date", width=5, missing="Isi tanggal kabar."),
        Field(key="state", label="Keadaan", kind="combo", width=7, choices=states, optional=True,
              hint="kosong: hanya diperiksa"),
        Field(key="sanction", label="Jenis sanksi", kind="combo", width=6, choices=sanctions,
              optional=True),
        Field(key="form", label="Bentuk sanksi", kind="combo", width=6, free=True, optional=True),
        Field(key="party_uid", label="Untuk terlapor", kind="combo", width=6, choices=parties,
              optional=True),
        Field(key="decree_number", label="Nomor SK", width=6, optional=True, mono=True),
        Field(key="decree_on", label="Tanggal SK", kind="date", width=6, optional=True),
        Field(key="effective_on", label="Berlaku sejak (TMT)", kind="date", width=6,
              optional=True),
        Field(key="official", label="Pejabat yang menetapkan", optional=True),
        Field(key="number", label="Nomor surat instansi", optional=True, mono=True),
        Field(key="note", label="Isi kabar", kind="multiline", lines=3, optional=True,
              help="Tulis Pelapor atau Saksi saja, jangan namanya."),
    ]  # fmt: skip


def _detail_fields(posko: Posko, row: ReferralView) -> list[Field]:
    rule, words = referral_book().addressee(row.addressee), posko.vocabulary
    codes = [*rule.systems, *(c for c in words.codes("external_system") if c not in rule.systems)]
    systems = [(code, words.label("external_system", code)) for code in codes]
    return [
        Field(key="office_name", label="Kantor yang dituju", optional=True,
              placeholder=rule.office or row.addressee_label),
        Field(key="external_system", label="Lewat", kind="combo", width=6, choices=systems,
              optional=True),
        Field(key="ticket", label="Nomor aduan atau tiket", width=6, optional=True, mono=True),
        Field(key="sent_on", label="Tanggal dikirim", kind="date", width=6, optional=True),
        Field(key="remind_on", label="Ingatkan pada", kind="date", width=6, optional=True),
        Field(key="note", label="Catatan", kind="multiline", lines=2, optional=True),
    ]  # fmt: skip
