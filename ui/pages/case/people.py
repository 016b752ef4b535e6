"""The people of a case: masked reporter and witnesses, and the reported parties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.cases.proxy import PROXY, PROXY_WORD
from posko_app.cases.report import PersonInput
from posko_app.cases.views import PartyView
from posko_app.rules.identity import parse_nik
from ui import theme
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button, Link
from ui.widgets.cards import Card
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Facts, Text, box, hbox, vbox

from .disclosure import Disclosure
from .pictures import Pictures
from .words import Words

NIK_MASK = "•••••• •••••• ••••"
PHONE_MASK = "•••• •••• ••••"
WIDEST = 720  # pixels of a card standing alone
INFORMANT = "Pengirim informasi"
CONFIDENTIAL = Chip("Rahasia", "gray", "lock", "Identitas hanya dibuka dengan alasan yang dicatat")


class PersonCard(Card):
    """A reporter or witness: alias and dots, or who it is for five minutes.

    Who found something as a supervisor is no reporter: nothing about a finder is hidden.
    """

    def __init__(self, disclosure: Disclosure, title: str, *, whole: bool = False) -> None:
        super().__init__(title, chip=CONFIDENTIAL)
        self._disclosure, self._whole = disclosure, whole
        self._who, self._witness, self._alias, self._line = "pelapor", "", "", ""
        self._held, self._why = False, ""
        self._open = False
        self._words: Words | None = None
        self._name, self._note = Text("", "strong", wrap=True), Text("", tone="text2", wrap=True)
        self._facts = Facts(key_width=100 if whole else 62, one_line=not whole)
        self.reveal = Button("Tampilkan, alasan dicatat", icon="show", small=True)
        self._until = Text("", "small", "text2", wrap=True)
        self.add(vbox(self._name, self._note))
        self.add(self._facts)
        row = hbox(self.reveal)
        row.addWidget(self._until, 1)
        self.add(row)
        self.pictures = Pictures(disclosure.context, disclosure) if whole else None
        if self.pictures is not None:
            self.add(self.pictures.row)
        self.body.addStretch(1)
        self.body.setSpacing(7)
        self.reveal.clicked.connect(self._on_reveal)
        disclosure.changed.connect(self.refresh)

    def show_reporter(self, words: Words) -> None:
        """Show the reporter of a case."""
        facts = words.view.facts
        self.set_title(words.reporter)
        if _found(words):
            self._show_finder(words)
            return
        self._show(words, facts.reporter_alias or words.reporter, "", words.view.reporter_held)

    def show_proxy(self, words: Words) -> None:
        """Show who reports for the reporter, where somebody does."""
        self.setVisible(words.view.facts.by_proxy)
        self._show(words, PROXY_WORD.capitalize(), PROXY, words.view.proxy_held)
        facts = words.view.facts
        letter = _dated(facts.proxy_letter, facts.proxy_letter_on)
        self._line = f"Surat kuasa {letter}" if letter else "Surat kuasa belum dicatat"
        self.refresh()

    def show_informant(self, words: Words) -> None:
        """Show who sent what became a finding: the case still has them, sealed."""
        held = words.view.reporter_held
        self.setVisible(_found(words) and held)
        self._show(words, INFORMANT, "", held)
        self._who, self._line = INFORMANT.lower(), ""
        self.refresh()

    def show_witness(self, words: Words, uid: str, alias: str, held: bool) -> None:
        """Show a witness of a case."""
        self.set_title(alias)
        self._show(words, alias, uid, held)

    def refresh(self) -> None:
        """Show what may be seen now."""
        words, person = self._words, self._disclosure.person(self._witness)
        if words is None or self._open:
            return
        self._name.setText(person.name if person and person.name else self._alias)
        self._note.setText(self._line)
        self._note.setVisible(bool(self._line))
        self._facts.set_rows(_rows(words, person, self._whole) if self._held else ())
        self._facts.setVisible(self._held)
        self.reveal.setVisible(self._held)
        self.reveal.setText("Tutup lagi" if person else "Tampilkan, alasan dicatat")
        self.reveal.icon_name = "hide" if person else "show"
        self.reveal.set_why_disabled("" if person else self._why)
        until = self._disclosure.until(self._witness)
        elsewhere = "Identitas tidak disimpan di kantor ini. Tanyakan kantor penerima."
        self._until.setText(
            f"Tertutup lagi pukul {until}" if until else "" if self._held else elsewhere
        )
        if self.pictures is not None:
            self.pictures.show(words, self._witness, held=self._held)

    def _show(self, words: Words, alias: str, witness: str, held: bool) -> None:
        self._open = False
        self._hide_secrets(False)
        self._words, self._alias, self._witness, self._held = words, alias, witness, held
        self._who = (alias if witness else words.reporter).lower()
        self._line = "" if witness else words.capacity()
        self._why = words.why_not("identity.read")
        self.refresh()

    def _show_finder(self, words: Words) -> None:
        facts = words.view.facts
        self._words, self._open = words, True
        self._name.setText(facts.finder or "Belum diisi")
        self._note.setText(facts.finder_title or "")
        self._note.setVisible(bool(facts.finder_title))
        rows = [("LHP", facts.lhp_number or ""), ("Tanggal LHP", _day(facts.lhp_on)),
                ("Pleno", _dated(facts.plenary_number, facts.plenary_on)),
                ("Alamat", facts.finder_address or "")]  # fmt: skip
        if not self._whole:
            rows = [rows[0], ("Pleno", _day(facts.plenary_on))]
        self._facts.set_rows([row for row in rows if row[1]])
        self._facts.setVisible(any(row[1] for row in rows))
        self._until.setText("")
        self._hide_secrets(True)
        self.reveal.hide()
        if self.pictures is not None:
            self.pictures.row.hide()

    def _hide_secrets(self, hidden: bool) -> None:
        """Take away what says that this card hides somebody."""
        for chip in self.findChildren(ChipLabel):
            chip.setHidden(hidden)

    def _on_reveal(self) -> None:
        if self._disclosure.person(self._witness):
            self._disclosure.mask(self._witness)
        else:
            self._disclosure.ask(self._who, self._witness)


class PartyCard(Card):
    """A reported party with the way to their other cases."""

    others_wanted = Signal(str)  # name

    def __init__(self, title: str, *, whole: bool = False) -> None:
        super().__init__(title)
        self._whole, self._party_name = whole, ""
        self._name, self._note = Text("", "strong", wrap=True), Text("", tone="text2", wrap=True)
        self._facts = Facts(key_width=100 if whole else 62, one_line=not whole)
        self.others = Link("", icon="history", role="small", tone="gold")
        self.add(vbox(self._name, self._note))
        self.add(self._facts)
        self.add(hbox(self.others, None))
        self.body.addStretch(1)
        self.body.setSpacing(7)
        self.others.clicked.connect(self._on_others)

    def show_party(self, words: Words, party: PartyView | None, others: int) -> None:
        """Show a party and how many other cases name the same person."""
        self._party_name = party.name if party else ""
        self._name.setText((party.name if party else "") or "Belum diketahui")
        self._note.setText(_post(party) if party else "Terlapor belum dicatat.")
        self._note.setVisible(bool(self._note.text()))
        self._facts.set_rows(_party_rows(words, party, self._whole) if party else ())
        self.others.setText(f"{others} perkara lain")
        self.others.setAccessibleName(f"{others} perkara lain dengan nama {self._party_name}")
        self.others.setVisible(others > 0)
        self.others.updateGeometry()

    def _on_others(self) -> None:
        self.others_wanted.emit(self._party_name)


class CardList(ScrollColumn):
    """Cards one under the other that scroll; an empty state when there are none."""

    def __init__(self, empty: EmptyState) -> None:
        super().__init__()
        self._column = vbox(gap=10, margins=(16, 10, 16, 12))
        self._empty = empty
        self.setWidget(box(vbox(empty, box(self._column)), "plain"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_cards(self, cards: Sequence[QWidget]) -> None:
        """Show these cards instead."""
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for card in cards:
            card.setMaximumWidth(theme.px(WIDEST))
            self._column.addWidget(card)
        self._column.addStretch(1)
        self._empty.setVisible(not cards)


def _found(words: Words) -> bool:
    """Whether supervisors found it themselves: then the card of whom it comes from is open."""
    return words.view.state.intake_kind == "finding"


def _dated(number: str | None, day: date | None) -> str:
    return " · ".join(part for part in (number, _day(day)) if part)


def _day(day: date | None) -> str:
    return text.long_date(day) if day else ""


def _post(party: PartyView) -> str:
    parts = [part for part in (party.position_title, party.category_label) if part]
    if len(parts) == 2 and text.fold(parts[0]) == text.fold(parts[1]):
        parts.pop()
    post = " · ".join(parts)
    return f"{post} {party.rank}" if party.rank else post


def _party_rows(words: Words, party: PartyView, whole: bool) -> list[tuple[str, str]]:
    rows = [("NIP", words.nip(party)), ("Instansi", party.agency)]
    if whole:
        rows += [("Alamat", party.address), ("Telepon", words.phone(party.phone))]
    return [(key, value) for key, value in rows if value]


def _rows(words: Words, person: PersonInput | None, whole: bool) -> list[tuple[str, str]]:
    """What the card of a person says: dots while masked."""
    if person is None:
        masked = [("NIK", NIK_MASK), ("Telepon", PHONE_MASK)]
        return [*masked, ("Alamat", "••••••••")] if whole else masked
    nik = parse_nik(person.nik, words.today).grouped if person.nik else ""
    rows = [("NIK", nik or person.nik), ("Telepon", words.phone(person.phone))]
    if whole:
        born = [person.birth_place, text.long_date(person.birth_on) if person.birth_on else ""]
        rows += [
            ("Alamat", person.address),
            ("Lahir", ", ".join(part for part in born if part)),
            ("Kelamin", words.label("sex", person.sex)),
            ("Pekerjaan", words.label("occupation", person.occupation)),
            ("Warga negara", words.label("citizenship", person.citizenship)),
            ("E-mail", person.email),
        ]
    return [(key, value) for key, value in rows if value] or [("Isi", "tidak ada isian lain")]
