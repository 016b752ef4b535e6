"""The dialog that completes, corrects or adds a reported person, and the row that opens it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from posko_app.cases.facts_change_party import FACTS, add_party, change_party
from posko_app.cases.report import ReportedInput
from posko_app.cases.views import PartyView
from posko_app.errors import InvalidInput, Problem, UserError
from ui.context import Context
from ui.dialogs import Sheet
from ui.fields import Field
from ui.forms import Form, FormGroup
from ui.widgets.buttons import Button
from ui.widgets.text import box, hbox

from .words import Words

ABOUT = "Isi lama tetap terbaca di kronologi. Alasan hanya perlu bila ada yang diganti."
NEW = "Terlapor baru masuk ke perkara ini dan tercatat di kronologi."


class PartySheet(Sheet):
    """What is known of a reported person; Ctrl+Enter keeps it."""

    def __init__(
        self, parent: QWidget, context: Context, words: Words, party: PartyView | None
    ) -> None:
        title = f"Lengkapi {party.name}" if party else "Tambah terlapor"
        super().__init__(parent, title, ABOUT if party else NEW, width=600)
        self._context, self._words, self._party = context, words, party
        self.form = Form(_fields(words, party), today=words.today, dense=False, gap=8)
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.body.addWidget(self.group.summary)
        self.body.addWidget(self.form)
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.submit_button("Simpan" if party else "Tambah")
        no.setAutoDefault(False)  # Enter goes through the fields first
        if party:
            self.form.set_values({name: getattr(party, name) for name in FACTS})
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        self.form.focus_first()

    def submit(self) -> None:
        """Keep it; on problems the dialog stays."""
        if self.group.check():
            return
        values = self.form.values()
        given: dict[str, Any] = {name: values[name] or "" for name in FACTS}
        person, reason = ReportedInput(**given), values.get("reason") or ""
        posko, case = self._words.posko, self._words.view.uid
        try:
            if self._party:
                change_party(posko, case, self._party.uid, person, reason)
            else:
                add_party(posko, case, person)
        except InvalidInput as error:
            self.group.show_problems(error.problems)
        except UserError as error:
            self.group.show_problems([Problem("", str(error))])
        else:
            self._context.note_saved("Terlapor tersimpan")
            self.accept()


def party_acts(context: Context, words: Words, party: PartyView | None) -> QWidget:
    """The button below a reported person; without one, the button that adds somebody."""
    text = "Lengkapi atau betulkan" if party else "Tambah terlapor"
    button = Button(text, icon="edit" if party else "add", small=True)
    if party:
        button.setAccessibleName(f"{text} {party.name}")
    button.set_why_disabled(words.why_not("case.write"))
    button.clicked.connect(partial(_open, button, context, words, party))
    return box(hbox(button, None))


def _open(
    button: Button, context: Context, words: Words, party: PartyView | None, *_: bool
) -> None:
    PartySheet(button.window(), context, words, party).open()


def _fields(words: Words, party: PartyView | None) -> list[Field]:
    categories = words.posko.vocabulary.items("reported_category")
    fields = [
        Field(key="nip", label="NIP", kind="nip", width=5, hint="bila ASN", optional=True),
        Field(key="name", label="Nama lengkap", width=7,
              missing="Isi namanya, atau tulis Belum diketahui."),
        Field(key="category", label="Kedudukan", kind="combo", width=5, hint=" ", optional=True,
              choices=categories),
        Field(key="position_title", label="Jabatan", width=7, hint=" ", optional=True),
        Field(key="agency", label="Instansi", width=9, hint=" ", optional=True),
        Field(key="rank", label="Pangkat/golongan", width=3, hint=" ", optional=True),
        Field(key="address", label="Alamat", width=8, hint=" ", optional=True),
        Field(key="phone", label="Nomor telepon", kind="phone", width=4, hint=" ", optional=True),
    ]  # fmt: skip
    if party:
        why = Field(key="reason", label="Alasan", kind="multiline", lines=2, optional=True,
                    hint="bila ada yang diganti")  # fmt: skip
        fields.append(why)
    return fields
