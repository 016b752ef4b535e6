"""Tindak lanjut: each referral of a case, what became of it, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.cases.referral import referrals_of, void_update
from posko_app.cases.referral_view import ReferralView
from posko_app.security.permissions import allowed
from ui import dialogs, referral_words, theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.fields import Choices, Field
from ui.referral_sheets import DetailsSheet, RequestSheet, UpdateSheet
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.text import Facts, hbox, vbox
from ui.widgets.timeline import Timeline

from .referral_ready import ReadySheet
from .referral_sbt import SbtSheet
from .words import Words

KEYS = ("office", "state", "days", "checked", "asked")
NARROW = ("office", "state", "days")
ROOMY = 700  # pixels of the list that all columns need


class ReferralTab(QWidget):
    """The referrals at the left, the chosen one at the right."""

    said = Signal(str)
    jump = Signal(str)  # tab of the case

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._words: Words | None = None
        self._rows: tuple[ReferralView, ...] = ()
        self.sheet: Sheet | None = None
        self.learn = Button("Catat kabar", icon="edit")
        self.ask = Button("Minta informasi", icon="letter")
        self.details = Button("Rincian", icon="send")
        self.ready = Button("Siap diteruskan?", icon="todo")
        self.sbt = Button("Salin untuk SBT", icon="duplicate")
        self.table: TableView[ReferralView] = TableView(
            _columns(), name="Penerusan", key=lambda row: row.event_uid
        )
        self._facts = Facts(key_width=96)
        self._entries = Timeline()
        self._entries.setAccessibleName("Kabar penerusan")
        self._empty = EmptyState(
            "send",
            "Belum ada penerusan",
            "Setelah perkara diteruskan, jawaban dan sanksi dari instansi dicatat di sini. "
            "Periksa dulu apakah berkasnya siap.",
        )
        self._list, self._one = Card(padded=False), Card("Penerusan", padded=False)
        self._build()
        self._connect()

    def show_case(self, words: Words) -> None:
        """Show the referrals of a case."""
        self._words = words
        found = self.context.run(referrals_of, words.view.uid)
        self._rows = found or ()
        self.table.set_rows(self._rows)
        if self.table.row() is None and self._rows:
            self.table.choose(self._first().event_uid)
        shown = bool(self._rows)
        self._list.setVisible(shown)
        self._one.setVisible(shown)
        self._empty.setVisible(not shown)
        self._show_one(self.table.row())

    def count(self) -> int:
        """How many referrals there are."""
        return len(self._rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.table.width() >= theme.px(ROOMY)
        self.table.show_columns(KEYS if wide else NARROW)

    # --- acts -----------------------------------------------------------------------------------

    def learn_news(self) -> None:
        """Ask what was learnt about the chosen referral."""
        if (row := self.table.row()) is not None and self.learn.isEnabled():
            sheet = UpdateSheet(self, self.context, row)
            sheet.kept.connect(self.said)
            self._open(sheet)

    def ask_news(self) -> None:
        """Make the next request for information."""
        if (row := self.table.row()) is not None and self.ask.isEnabled():
            sheet = RequestSheet(self, self.context, row)
            sheet.kept.connect(self.said)
            self._open(sheet)

    def describe(self) -> None:
        """Say how the chosen referral went out."""
        if (row := self.table.row()) is not None and self.details.isEnabled():
            sheet = DetailsSheet(self, self.context, row)
            sheet.kept.connect(self.said)
            self._open(sheet)

    def check_ready(self) -> None:
        """Show what institutions will look for."""
        if (words := self._words) is not None:
            sheet = ReadySheet(self, self.context, words.view.uid, self._institutions(words))
            sheet.jump.connect(self.jump)
            self._open(sheet)

    def copy_sbt(self) -> None:
        """Show the fields of the web form."""
        if (words := self._words) is not None:
            row = self.table.row()
            parties = [(p.uid, p.name) for p in words.view.parties]
            uid = row.event_uid if row else ""
            self._open(SbtSheet(self, self.context, words.view.uid, uid, parties))

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self._list.add(self.table, 1)
        inner = vbox(self._facts, margins=(12, 10, 12, 4))
        self._one.add(inner)
        self._one.add(self._entries, 1)
        bar = hbox(self.learn, self.ask, self.details, None, self.ready, self.sbt)
        row = hbox(gap=10)
        row.addWidget(self._list, 11)
        row.addWidget(self._one, 9)
        column = vbox(bar, gap=10, margins=(16, 10, 16, 12))
        column.addLayout(row, 1)
        column.addWidget(self._empty, 1)
        self.setLayout(column)

    def _connect(self) -> None:
        self.table.current_changed.connect(self._show_one)
        self.table.opened.connect(lambda _row: self.learn_news())
        self.learn.clicked.connect(self.learn_news)
        self.ask.clicked.connect(self.ask_news)
        self.details.clicked.connect(self.describe)
        self.ready.clicked.connect(self.check_ready)
        self.sbt.clicked.connect(self.copy_sbt)
        self._entries.link.connect(self._on_link)

    def _first(self) -> ReferralView:
        return next((row for row in self._rows if row.waits), self._rows[-1])

    def _show_one(self, row: ReferralView | None) -> None:
        words = self._words
        if words is None:
            return
        why = words.why_not("case.step") or ("" if row else "Belum ada penerusan.")
        self.learn.set_why_disabled(why)
        self.details.set_why_disabled(why)
        late = "" if row is None or row.waits else "Penerusan ini tidak lagi menunggu jawaban."
        self.ask.set_why_disabled(words.why_not("letter.issue") or why or late)
        if row is None:
            return
        self._one.set_title(row.addressee_label)
        self._facts.set_rows(referral_words.facts(row))
        may = allowed(self.context.posko.user.role, "case.decide")
        self._entries.set_entries(referral_words.entries(row, words.who, may))

    def _institutions(self, words: Words) -> Choices:
        """Where the case was referred to first, then where it may go."""
        used = [row.addressee for row in self._rows if row.addressee]
        kinds = words.view.state.violation_kinds or tuple(words.law.violation_kinds)
        fit = [a.code for k in kinds for a in words.law.addressees_for(k, words.today)]
        codes = dict.fromkeys([*reversed(used), *fit])
        return [(code, words.addressee(code)) for code in codes]

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.finished.connect(self._on_closed)
        sheet.open()

    def _on_closed(self) -> None:
        self.sheet = None

    def _on_link(self, link: str) -> None:
        kind, _, uid = link.partition(":")
        words = self._words
        if kind == "void" and words is not None:
            self._void(words.view.uid, uid)

    def _void(self, case: str, uid: str) -> None:
        reason = Field(key="note", label="Alasan", missing="Tulis alasan pembatalan.")

        def submit(values: dict[str, object]) -> None:
            void_update(self.context.posko, case, uid, str(values["note"]))

        dialogs.ask_form(
            self,
            "Batalkan kabar ini",
            [reason],
            today=self.context.posko.today(),
            act="Batalkan kabar",
            text="Kabar tetap terlihat, tetapi tidak lagi dihitung. Langkah perkara yang ikut "
            "tercatat dibatalkan juga.",
            submit=submit,
        )


def _columns() -> list[Column[ReferralView]]:
    return [
        Column("office", "Instansi", lambda r: r.office, width=0,
               tooltip=lambda r: f"{r.office}, {referral_words.way(r) or 'jalur belum dicatat'}"),
        Column("state", "Keadaan", referral_words.state_chip, width=196, style="chip",
               sort=lambda r: r.state_label),
        Column("days", "Lama", lambda r: r.days, width=76, right=True,
               sort=lambda r: r.days, show=referral_words.days),
        Column("checked", "Diperiksa", lambda r: r.checked_on, text.short_date, width=124,
               style="secondary"),
        Column("asked", "Ditanyakan", referral_words.asked, width=110, style="secondary"),
    ]  # fmt: skip
