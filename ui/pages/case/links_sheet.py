"""The dialog that links a case to another one of the same event."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases.filters import CaseFilter
from posko_app.cases.links import link_cases
from posko_app.cases.queries import list_cases
from posko_app.cases.views import CaseRow
from posko_app.errors import InvalidInput, Problem, UserError
from ui.dialogs import Sheet
from ui.fields import Choices, Field
from ui.forms import Form, FormGroup

from .links_rows import numbered
from .words import Words

TITLE = "Kaitkan perkara satu peristiwa"
ABOUT = (
    "Bukti dan berita acaranya saling terlihat; tiap perkara tetap punya nomor, langkah dan "
    "batasnya sendiri. Kaitan dapat dilepas kapan saja."
)
OFFERED = 20  # cases in the list that opens while typing


class LinkSheet(Sheet):
    """Which case, and why; words, a name or a number find it."""

    linked = Signal(str, str, bool)  # uid and number of the other case, whether it is new

    def __init__(self, parent: QWidget, words: Words) -> None:
        super().__init__(parent, TITLE, ABOUT)
        self._words = words
        self._rows: dict[str, CaseRow] = {}
        self.form = Form(self._fields(), today=words.today, dense=False, gap=8)
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.body.addWidget(self.group.summary)
        self.body.addWidget(self.form)
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.submit_button("Kaitkan")
        no.setAutoDefault(False)  # Enter goes through the fields first
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        self.form.focus_first()

    def submit(self) -> None:
        """Link them; on problems the dialog stays."""
        if self.group.check():
            return
        values = self.form.values()
        uid, posko = str(values["other"]), self._words.posko
        try:
            new = link_cases(posko, self._words.view.uid, uid, values["note"] or "")
        except InvalidInput as error:
            self.group.show_problems(error.problems)
        except UserError as error:
            self.group.show_problems([Problem("other", str(error))])
        else:
            row = self._rows.get(uid)
            self.linked.emit(uid, row.number if row else "", new)
            self.accept()

    def _fields(self) -> list[Field]:
        wanted: dict[str, Any] = {"kind": "combo", "search": self._search}
        return [
            Field(
                key="other",
                label="Perkara lainnya",
                help="Ketik nomor, nama terlapor atau kata dari peristiwanya.",
                choices=self._search(""),
                missing="Pilih perkaranya.",
                **wanted,
            ),
            Field(key="note", label="Alasan", kind="multiline", lines=2, optional=True),
        ]

    def _search(self, typed: str) -> Choices:
        """Cases for what was typed, the newest first; never the case itself."""
        asked = CaseFilter(view="all", text=typed, sort="filed", descending=True)
        found = list_cases(self._words.posko, asked, limit=OFFERED + 1)
        rows = [row for row in found if row.uid != self._words.view.uid][:OFFERED]
        self._rows.update({row.uid: row for row in rows})
        return [(row.uid, numbered(row.number, row.title)) for row in rows]
