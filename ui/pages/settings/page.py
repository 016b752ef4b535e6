"""The page Pengaturan: an overview of cards."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from posko_app.cases.double_numbers import double_numbers
from posko_app.cases.numbers import numbers
from posko_app.office.accounts import AccountRow, accounts
from posko_app.office.settings import own_values, reminders
from posko_app.security.permissions import ROLES, allowed
from ui import dialogs, theme
from ui.context import Context
from ui.page import Page
from ui.widgets.banner import Banner
from ui.widgets.buttons import Link
from ui.widgets.cards import PageHead
from ui.widgets.text import box, hbox, vbox

from . import changes, computers
from .cards import LawCard, LetterheadCard, NumbersCard, OfficeCard, PeopleCard, SignerCard
from .computers import ComputersCard
from .numbers import series_of


class SettingsPage(Page):
    """Admins change, everybody else reads."""

    title = "Pengaturan"
    sidebar = "settings"
    shows = frozenset({"office", "settings", "accounts", "sequences", "number_blocks"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        role = context.posko.user.role
        self._may = allowed(role, "office.settings")
        self.head = PageHead(
            self.title, f"Masuk sebagai {context.posko.user.name}, {ROLES.get(role, role)}"
        )
        self.office, self.letterhead = OfficeCard(), LetterheadCard()
        self.people, self.numbers = PeopleCard(), NumbersCard()
        self.signer, self.law = SignerCard(), LawCard()
        self.computers = ComputersCard()
        self._settings: dict[str, str] = {}
        self._build()
        self._connect()

    def reload(self) -> None:
        posko = self.context.posko
        self._settings = own_values(posko)
        people = accounts(posko)
        self.office.show_office(posko)
        self.letterhead.show_letterhead(posko)
        self.people.show_people(people)
        self.numbers.show_numbers(posko, self._settings)
        self.signer.show_signer(self._settings)
        self.law.show_law(posko)
        seen = numbers(posko)
        self.computers.show_numbers(posko, seen, double_numbers(posko), self._may)
        self._show_banner(people, computers.keep_banner(seen))

    def panes(self) -> list[QWidget]:
        return [self.office.change if self._may else self.people.table, self.people.table]

    def new_row(self) -> None:
        if self._may:
            self._on_person()

    def help_text(self) -> str:
        return (
            "Nama kantor, kop surat, nomor, penanda tangan, petugas, komputer, dan aturan. Ubah "
            "membuka isian; perubahan tercatat di jejak audit. Ins menambah petugas, Enter di "
            "daftar petugas mengubah perannya atau menonaktifkannya."
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(1100)
        way = QBoxLayout.Direction
        self._last.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        first = hbox(gap=12)
        first.addWidget(self.office, 1)
        first.addWidget(self.letterhead, 1)
        self._last: QBoxLayout = hbox(gap=12)
        self._last.addWidget(self.numbers, 6)
        self._last.addWidget(self.signer, 3)
        self._last.addWidget(self.law, 4)
        cards = vbox(gap=12, margins=(16, 12, 16, 14))
        cards.addLayout(first)
        cards.addWidget(self.people)
        cards.addLayout(self._last)
        cards.addWidget(self.computers)
        cards.addStretch(1)
        overview = QScrollArea()
        overview.setWidgetResizable(True)
        overview.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        overview.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        overview.setWidget(box(cards, "plain"))
        column = vbox()
        column.addLayout(self.banner_place)
        column.addWidget(self.head)
        column.addWidget(overview, 1)
        self.setLayout(column)
        for link in self._links():
            link.setVisible(self._may)

    def _connect(self) -> None:
        self.office.change.clicked.connect(self._on_office)
        self.letterhead.change.clicked.connect(self._on_letterhead)
        self.numbers.change.clicked.connect(self._on_numbers)
        self.signer.change.clicked.connect(self._on_signer)
        self.law.change.clicked.connect(self._on_law)
        self.law.see.clicked.connect(self._on_see)
        self.people.table.opened.connect(self._on_account)
        self.people.add_person.clicked.connect(self._on_person)
        card = self.computers
        card.settle.clicked.connect(lambda: computers.give_lasting(self.context))
        card.keep.clicked.connect(lambda: computers.ask_keep(self.context, self))
        card.reserve.clicked.connect(lambda: computers.ask_reserve(self.context, self))
        card.file.clicked.connect(lambda: computers.make_file(self.context, self))
        card.take.clicked.connect(lambda: computers.same_settings(self.context, self))

    def _links(self) -> list[Link]:
        cards = (self.office, self.letterhead, self.numbers, self.signer, self.law)
        return [*(card.change for card in cards), self.people.add_person]

    def _show_banner(self, people: tuple[AccountRow, ...], numbers_said: str) -> None:
        """What is still missing; to others, who may change things."""
        missing = reminders(self.context.posko)
        if numbers_said and self._may:
            self.set_banner(Banner("attention", numbers_said))
        elif missing and self._may:
            fill = Link("Isi sekarang")
            fill.clicked.connect(self._on_office)
            self.set_banner(Banner("attention", html.escape(" ".join(missing)), action=fill))
        elif not self._may:
            admins = ", ".join(row.name for row in people if row.role == "admin" and row.active)
            text = f"Hanya admin yang dapat mengubah pengaturan. Admin kantor ini: {admins}."
            self.set_banner(Banner("info", html.escape(text)))
        else:
            self.set_banner(None)

    # --- changing -------------------------------------------------------------------------------

    def _on_see(self) -> None:
        self.context.open("rules")

    def _on_account(self, row: AccountRow) -> None:
        if allowed(self.context.posko.user.role, "office.accounts"):
            changes.ask_account(self.context, self, row)

    def _on_office(self) -> None:
        changes.ask_office(self.context, self)

    def _on_letterhead(self) -> None:
        changes.ask_letterhead(self.context, self)

    def _on_law(self) -> None:
        changes.ask_law(self.context, self)

    def _on_signer(self) -> None:
        changes.ask_signer(self.context, self, self._settings)

    def _on_numbers(self) -> None:
        series = series_of(self.context.posko, self._settings)
        signer = self._settings.get("signer.role") or "Ketua"
        changes.ask_numbers(self.context, self, series, signer)

    def _on_person(self) -> None:
        values = changes.ask_person(self.context, self)
        if values is not None:
            dialogs.run_with_progress(self.context, self, "Menambah petugas", changes.add_person,
                                      values, done=self._on_added)  # fmt: skip

    def _on_added(self, name: str) -> None:
        self.context.note_saved(f"{name} dapat masuk")
