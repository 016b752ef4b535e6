"""The dialog that makes a case into another kind: at once, or over the form of that kind."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases import upgrade
from posko_app.cases.kinds import kind_of
from posko_app.errors import InvalidInput, Problem, UserError
from ui.dialogs import Sheet
from ui.fields import Field
from ui.forms import Form, FormGroup
from ui.widgets.text import Text

from .words import Words

TO_FORM = "Lanjutkan ke formulir"
SHORTEST = 5  # letters of a reason, as wherever an identity is opened
TOO_SHORT = "Tulis alasan membuka identitas, misalnya: pelapor datang menandatangani laporan."
SEALED = (
    "Identitas dibuka pada formulir hanya dengan alasan, yang dicatat di log audit. Tanpa alasan "
    "identitas tetap tersimpan dan ruasnya kosong."
)


class BecomeSheet(Sheet):
    """What it becomes, with the words for it; whatever needs a form is continued there."""

    recorded = Signal(str)  # "converted"
    form_wanted = Signal(str, str)  # kind, why the sealed reporter may be opened in it

    def __init__(self, parent: QWidget, words: Words, title: str) -> None:
        facts = words.view.facts
        super().__init__(parent, title, f"{facts.number or 'Perkara'}: {facts.title}")
        self._words = words
        self._offers = {o.path.target: o for o in upgrade.offered(words.posko, words.view.state)}
        self.form = self._make_form()
        self._why = Text("", tone="text2", wrap=True)
        self.no = self.add_button("Tidak jadi", kind="flat")
        self.yes = self.submit_button(TO_FORM)
        self._group = FormGroup(self)
        self._build()
        self._tell()
        self.form.focus_first()

    def choose(self, kind: str) -> None:
        """Choose what it becomes."""
        self.form.set_values({"intake_kind": kind})
        self._tell()

    def submit(self) -> None:
        """Do it, or go on to the form; on problems the dialog stays."""
        values = self.form.values()
        offer = self._offers.get(str(values["intake_kind"]))
        if offer is not None and offer.path.form:
            self._to_form(offer.path.target, str(values["why"] or "").strip())
            return
        if self._group.check() or offer is None:
            return
        view = self._words.view
        target = offer.path.target
        try:
            upgrade.convert(self._words.posko, view.uid, target, values["on"], values["note"] or "")
        except InvalidInput as error:
            self._group.show_problems(error.problems)
        except UserError as error:
            self._group.show_problems([Problem("", str(error))])
        else:
            self.recorded.emit("converted")
            self.accept()

    def _to_form(self, target: str, why: str) -> None:
        why = why if self._opens(target) else ""
        if why and len(why) < SHORTEST:
            self._group.show_problems([Problem("why", TOO_SHORT)])
            return
        self.form_wanted.emit(target, why)
        self.accept()

    def _opens(self, target: str) -> bool:
        """Whether the form of a kind may show who is sealed in the case."""
        words = self._words
        asked = kind_of(target).asks("reporter.name")
        return asked and words.view.reporter_held and not words.why_not("identity.read")

    def _make_form(self) -> Form:
        words = self._words
        choices = [(target, words.label("intake_kind", target)) for target in self._offers]
        fields = [
            Field(key="intake_kind", label="Menjadi", kind="combo", choices=choices, width=8,
                  missing="Pilih jenis yang baru."),
            Field(key="on", label="Tanggal", kind="date", width=4,
                  missing="Isi tanggal langkah ini."),
            Field(key="note", label="Alasan", kind="multiline", lines=2, optional=True),
            Field(key="why", label=f"Alasan membuka identitas {words.reporter.lower()}",
                  placeholder="Misalnya: pelapor datang menandatangani laporan", optional=True),
        ]  # fmt: skip
        form = Form(fields, today=words.today, dense=False, gap=8)
        first = next(iter(self._offers), "")
        form.set_values({"intake_kind": first, "on": words.today})
        return form

    def _build(self) -> None:
        self._group.add(self.form)
        self.body.addWidget(self._group.summary)
        self.body.addWidget(self.form)
        self.body.addWidget(self._why)
        self.form.changed.connect(self._on_changed)
        self.form.settled.connect(self._on_changed)
        self._group.submitted.connect(self.submit)
        self.no.setAutoDefault(False)
        self.no.clicked.connect(self.reject)
        self.yes.clicked.connect(self.submit)

    def _on_changed(self, _key: str) -> None:
        self._tell()

    def _tell(self) -> None:
        offer = self._offers.get(str(self.form.value("intake_kind")))
        over = offer is not None and offer.path.form
        self.form.show_fields(["on", "note"], not over)
        opens = over and offer is not None and self._opens(offer.path.target)
        self.form.show_fields(["why"], opens)
        text = offer.path.text if offer else ""
        self._why.setText(f"{text} {SEALED}" if opens else text)
        self.yes.setText(TO_FORM if over or offer is None else offer.label)
        self.yes.setAccessibleName(self.yes.text())
        self.yes.updateGeometry()
