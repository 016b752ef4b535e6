"""Klarifikasi: who was invited, who came, and what to do about the one chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from posko_app.cases.clarification_rows import ABSENT, ATTENDED, INVITED
from posko_app.cases.views import ClarificationView
from posko_app.rules.events import EXPERT_ROLE
from ui import theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.table_view import TableView
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Facts, Text, box, hbox, vbox

from .clarification_sheets import AbsentSheet, add_expert, hand_over, invite_again
from .clarification_words import KEYS, NARROW, ROOMY, columns, facts, heading, summary
from .hearing_sheet import HearingSheet
from .words import Words


class ClarificationTab(QWidget):
    """The invitations at the left, the chosen one at the right. Enter hears the one chosen."""

    said = Signal(str)
    invite_wanted = Signal(object)  # first answers of the invitation, perhaps none
    letter_wanted = Signal(str, object)  # name of a template, and the values for it

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._words: Words | None = None
        self.sheet: Sheet | None = None
        self.invite = Button("Undang", icon="calendar", hint="Ctrl+U")
        self.expert = Button("Tambah ahli", icon="add")
        self.came = Button("Catat hadir", icon="check", hint="Enter")
        self.missed = Button("Tidak hadir", icon="close")
        self.handed = Button("Penyampaian", icon="send")
        self.minutes = Button("Tanya jawab", icon="message", hint="Enter")
        self.print = Button("Berita acara", icon="print")
        self.again = Button("Undang lagi", icon="refresh")
        self.table: TableView[ClarificationView] = TableView(
            columns(context.posko), name="Undangan klarifikasi", key=lambda row: row.uid
        )
        self._count = Text("", "small", "text2")
        self._facts = Facts(key_width=100)
        self._empty = EmptyState(
            "calendar",
            "Belum ada undangan klarifikasi",
            "Pelapor, terlapor, saksi, dan ahli diundang dengan sebutannya, tanpa nama. Hari, "
            "kehadiran, sumpah, dan tanya jawabnya dicatat di sini.",
        )
        self._list, self._one = Card(padded=False), Card("Undangan", padded=False)
        self._build()
        self._connect()

    def show_case(self, words: Words) -> None:
        """Show the clarifications of a case."""
        self._words = words
        rows = words.view.clarifications
        self.table.set_rows(rows)
        if self.table.row() is None and rows:
            first = next((row for row in rows if row.state == INVITED), rows[-1])
            self.table.choose(first.uid)
        for part in (self._list, self._one):
            part.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._count.setText(summary(words))
        self._show_one(self.table.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= theme.px(ROOMY)
        self.table.show_columns(KEYS if wide else NARROW)

    def first_waiting(self, *, expert: bool = False) -> ClarificationView | None:
        """The first of whom nobody wrote down whether they came."""
        rows = self._words.view.clarifications if self._words else ()
        waiting = (row for row in rows if row.state == INVITED)
        return next((row for row in waiting if (row.role == EXPERT_ROLE) == expert), None)

    def row_of(self, uid: str) -> ClarificationView | None:
        """The invitation with a uid; None when it is not one of this case."""
        rows = self._words.view.clarifications if self._words else ()
        return next((row for row in rows if row.uid == uid), None)

    # --- acts -----------------------------------------------------------------------------------

    def hear(self, row: ClarificationView | None = None) -> None:
        """Record that somebody came, or open the minutes of who was heard."""
        row, words = row or self.table.row(), self._words
        if row is None or words is None:
            return
        self.table.choose(row.uid)
        self._show_one(row)
        button = {INVITED: self.came, ATTENDED: self.minutes}.get(row.state)
        if button is None:
            self.context.say(f"{row.alias} {_settled(words, row)}, jadi tidak ada tanya jawabnya.")
        elif why := button.toolTip() if not button.isEnabled() else "":
            self.context.say(why)
        else:
            sheet = HearingSheet(self, words, row)
            sheet.kept.connect(self.said)
            self._open(sheet)

    def miss(self, row: ClarificationView | None = None) -> None:
        """Ask when and why somebody did not come, and when they are asked to come again."""
        row, words = row or self.table.row(), self._words
        if row is None or words is None or row.state != INVITED or words.why_not("case.step"):
            return
        self.table.choose(row.uid)
        sheet = AbsentSheet(self, words, row)
        sheet.kept.connect(self._on_missed)
        self._open(sheet)

    def hand_over(self) -> None:
        """Ask how and when an invitation reached its person."""
        row, words = self.table.row(), self._words
        if row is not None and words is not None and (said := hand_over(self, words, row)):
            self.said.emit(said)

    def add_expert(self) -> None:
        """Ask who the expert is; the name goes into the compartment."""
        if self._words is not None and (said := add_expert(self, self._words)):
            self.said.emit(said)

    def print_minutes(self) -> None:
        """Make the minutes of the chosen clarification a letter."""
        from posko_app.letters.minutes import TEMPLATE, minutes_values

        row = self.table.row()
        if row is not None and self.print.isEnabled():
            values = self.context.run(minutes_values, row.uid)
            if values is not None:
                self.letter_wanted.emit(TEMPLATE, values)

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self._list.add(self.table, 1)
        acts = hbox(self.came, self.missed, self.minutes, self.print, self.again, self.handed,
                    None,
                    margins=(12, 10, 12, 0))  # fmt: skip
        self._one.add(acts)
        inner = ScrollColumn(box(vbox(self._facts, None, margins=(12, 10, 12, 10)), "surface"))
        self._one.add(inner, 1)
        bar = hbox(self.invite, self.expert, self._count, None, gap=8)
        row = hbox(gap=10)
        row.addWidget(self._list, 11)
        row.addWidget(self._one, 10)
        column = vbox(bar, gap=10, margins=(16, 10, 16, 12))
        column.addLayout(row, 1)
        column.addWidget(self._empty, 1)
        self.setLayout(column)

    def _connect(self) -> None:
        self.table.current_changed.connect(self._show_one)
        self.table.opened.connect(self.hear)
        self.invite.clicked.connect(self._on_invite)
        self.again.clicked.connect(self._on_again)
        self.came.clicked.connect(self._on_hear)
        self.minutes.clicked.connect(self._on_hear)
        self.missed.clicked.connect(self._on_miss)
        self.print.clicked.connect(self.print_minutes)
        self.handed.clicked.connect(self.hand_over)
        self.expert.clicked.connect(self.add_expert)

    def _open(self, sheet: Sheet) -> None:
        if self.sheet is None:
            self.sheet = sheet
            sheet.finished.connect(self._on_closed)
            sheet.open()

    def _show_one(self, row: ClarificationView | None) -> None:
        words = self._words
        if words is None:
            return
        may = words.why_not("case.step")
        early = "" if self._may_invite(words) else "Undangan klarifikasi hanya sesudah registrasi."
        self.invite.set_why_disabled(may or early)
        self.again.set_why_disabled(may or early)
        self.expert.set_why_disabled(words.why_not("case.write") or words.why_no_identity())
        state = row.state if row else ""
        for button, states in (
            (self.came, (INVITED,)),
            (self.missed, (INVITED,)),
            (self.minutes, (ATTENDED,)),
            (self.print, (ATTENDED,)),
            (self.again, (ABSENT,)),
            (self.handed, (INVITED, ATTENDED, ABSENT)),
        ):
            button.setVisible(state in states)
        for button in (self.came, self.missed, self.handed):
            button.set_why_disabled(may)
        sealed = words.why_no_identity()
        self.minutes.set_why_disabled(sealed)
        empty = "" if row and row.questions else "Isi tanya jawabnya dulu."
        self.print.set_why_disabled(words.why_not("letter.draft") or sealed or empty)
        if row is not None:
            self._one.set_title(heading(row))
            self._facts.set_rows(facts(words, row))

    def _may_invite(self, words: Words) -> bool:
        return any(step.kind == "invited" for step in words.view.state.next_steps)

    def _on_invite(self) -> None:
        self.invite_wanted.emit({})

    def _on_again(self) -> None:
        if (row := self.table.row()) is not None and self._words is not None:
            self.invite_wanted.emit(invite_again(self._words, row))

    def _on_hear(self) -> None:
        self.hear()

    def _on_miss(self) -> None:
        self.miss()

    def _on_missed(self, said: str) -> None:
        self.said.emit(said)
        alias = row.alias if (row := self.table.row()) else ""
        rows = self._words.view.clarifications if self._words else ()
        for other in rows:  # the second invitation is what is worked on now
            if other.alias == alias and other.state == INVITED:
                self.table.choose(other.uid)

    def _on_closed(self) -> None:
        self.sheet = None


def _settled(words: Words, row: ClarificationView) -> str:
    return words.label("clarification_state", row.state).lower()
