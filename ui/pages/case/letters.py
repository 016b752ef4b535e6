"""Surat: the issued letters of a case, opening them again, and making new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from posko_app import text
from posko_app.cases.views import LetterView
from posko_app.errors import UserError
from posko_app.letters.catalogue import Value
from posko_app.letters.template import Template, load_templates
from ui import theme
from ui.context import Context
from ui.letter_sheet import show_letter
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.text import Text, hbox, vbox

from .letter_sheet import LetterSheet
from .words import Words

if TYPE_CHECKING:
    from posko_app.letters.issue import IssuedLetter


KEYS = ("title", "number", "dated_on", "addressee", "by", "state")
NARROW = ("title", "number", "dated_on", "state")
ROOMY = 1060  # pixels that all columns need


class LettersTab(QWidget):
    """The letters of one case."""

    made = Signal(str)  # what to say about a letter that was just issued

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._words: Words | None = None
        self.sheet: LetterSheet | None = None
        self.make = Button("Buat surat", icon="letter", menu_mark=True)
        self.menu = QMenu(self)
        self.table: TableView[LetterView] = TableView(self._columns(), name="Surat", key=_uid)
        self._empty = EmptyState(
            "letter", "Belum ada surat", "Surat yang diterbitkan dari perkara ini ada di sini."
        )
        self._card = Card(padded=False)
        self._card.add(self.table, 1)
        self._card.add(self._empty, 1)
        hint = Text("Surat yang sudah bernomor dibekukan; perubahan menjadi surat baru.",
                    "small", "text2")  # fmt: skip
        column = vbox(hbox(self.make, hint, None, gap=12), gap=10, margins=(16, 10, 16, 12))
        column.addWidget(self._card, 1)
        self.setLayout(column)
        self.make.clicked.connect(self.open_menu)
        self.menu.triggered.connect(self._on_template)
        self.table.opened.connect(self.open_letter)

    def show_case(self, words: Words) -> None:
        """Show the letters of a case."""
        self._words = words
        letters = words.view.letters
        self.table.set_rows(letters)
        self.table.setVisible(bool(letters))
        self._empty.setVisible(not letters)
        self.make.set_why_disabled(words.why_not("letter.draft"))
        self._fill_menu(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= theme.px(ROOMY)
        self.table.show_columns(KEYS if wide else NARROW)

    def open_menu(self) -> None:
        """Show the templates under the button."""
        if self.make.isEnabled():
            self.menu.popup(self.make.mapToGlobal(self.make.rect().bottomLeft()))

    def write(self, name: str, given: Mapping[str, Value] | None = None) -> None:
        """Ask for what a template needs; `given` are values that come from elsewhere."""
        if self._words is None:
            return
        sheet = LetterSheet(self, self.context, self._words, load_templates()[name], given)
        try:
            sheet.begin()
        except UserError as error:
            sheet.deleteLater()
            self.context.problem.emit(error)
            return
        self.sheet = sheet
        sheet.issued.connect(self._on_issued)
        sheet.finished.connect(self._on_finished)
        sheet.open()

    def open_letter(self, row: LetterView) -> None:
        """Open the frozen PDF of a letter."""
        self.context.run(show_letter, row.uid, row.title, row.number)

    def open_chosen(self) -> None:
        """Open the letter with the keyboard."""
        if (row := self.table.row()) is not None:
            self.open_letter(row)

    def _fill_menu(self, words: Words) -> None:
        self.menu.clear()
        first, rest = fitting(words)
        if first and rest:
            self.menu.addSection("Untuk tahap ini")
        for place, template in enumerate((*first, *rest)):
            if first and place == len(first):
                self.menu.addSeparator()
            self.menu.addAction(template.title).setData(template.name)

    def _on_template(self, action: QAction) -> None:
        self.write(action.data())

    def _on_issued(self, letter: IssuedLetter) -> None:
        number = f" {letter.number}" if letter.number else ""
        again = "" if letter.new else " sudah pernah diterbitkan dan"
        self.made.emit(f"{letter.title}{number}{again} tersimpan sebagai PDF.")
        self.context.run(show_letter, letter.uid, letter.title, letter.number)

    def _on_finished(self) -> None:
        self.sheet = None

    def _columns(self) -> list[Column[LetterView]]:
        return [
            Column("title", "Surat", lambda r: r.title, width=0),
            Column("number", "Nomor", lambda r: r.number or "tanpa nomor", width=250,
                   style="mono"),
            Column("dated_on", "Tanggal", lambda r: r.dated_on, text.short_date, width=124),
            Column("addressee", "Kepada", _addressee, width=200, style="secondary"),
            Column("by", "Diterbitkan oleh", self._by, width=150, style="secondary"),
            Column("state", "Keadaan", _state, width=110, style="chip"),
        ]  # fmt: skip

    def _by(self, row: LetterView) -> str:
        return self._words.who(row.issued_by) if self._words else row.issued_by


def fitting(words: Words) -> tuple[list[Template], list[Template]]:
    """The templates about a case: those for its stage now, and the others."""
    stage = words.view.state.stage
    kind = words.view.state.intake_kind
    known = [t for t in load_templates().values() if _about_a_case(t)]
    about = [t for t in known if not t.kinds or kind in t.kinds]
    first = [t for t in about if stage in t.stages]
    return first, [t for t in about if t not in first]


def for_referral(words: Words) -> Template | None:
    """The letter that fits the last referral, by the form of its kinds of violation."""
    law, referrals = words.law, words.view.state.referrals
    kinds = referrals[-1].kinds if referrals else ()
    forms = {law.violation_kinds[k].form for k in kinds if k in law.violation_kinds}
    uses = {law.forms[code].use for code in forms if code in law.forms}
    named = [t for t in load_templates().values() if t.form and t.form in uses]
    return named[0] if named else None


def _about_a_case(template: Template) -> bool:
    """Minutes are about one person who was heard, and are made where that person stands."""
    names = template.placeholders()
    about = any(name.startswith(("case.", "reported", "inquiry.")) for name in names)
    return about and not any(name.startswith("hearing.") for name in names)


def _addressee(row: LetterView) -> str:
    """Forms of the office and receipts go to nobody outside."""
    known = load_templates().get(row.template)
    return row.addressee if known is None or known.audience == "outside" else ""


def _state(row: LetterView) -> Chip:
    if row.held:
        return Chip("Tersimpan", "plain_green", "check")
    return Chip("Di kantor asal", "plain", tooltip="Hanya catatannya yang dikirim")


def _uid(row: LetterView) -> str:
    return row.uid
