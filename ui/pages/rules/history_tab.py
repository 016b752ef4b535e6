"""The tab Riwayat: every decision of the office about rules and holidays, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.office.holidays import SHIPPED, WORKED, holiday_history
from posko_app.office.rules import ALWAYS, DecisionRow, decisions
from posko_app.rules.calendar import KINDS
from posko_app.security.permissions import allowed
from ui.context import Context
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, hbox, vbox

from .asks import ask_undo
from .changing import Changing

NOTHING = (
    "Belum ada perubahan",
    "Nilai, bacaan, dan hari libur yang diubah kantor ini tercatat di sini dengan alasan dan "
    "sumbernya. Tidak ada catatan yang dihapus.",
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the history; `decision` is None for a holiday."""

    key: str
    at: datetime
    who: str
    what: str
    name: str
    whom: str
    reason: str
    state: Chip | None
    decision: DecisionRow | None = None


class HistoryTab(QWidget):
    """Del takes the chosen decision back; holidays are given back in their own tab."""

    def __init__(self, context: Context, changing: Changing) -> None:
        super().__init__()
        self.context, self.changing = context, changing
        self.undo = Button("Cabut perubahan", icon="undo", hint="Del", kind="primary")
        self.head_buttons: tuple[QWidget, ...] = (self.undo,)
        self.table: TableView[Entry] = TableView(
            COLUMNS, name="Riwayat aturan", key=lambda r: r.key, row_height=44
        )
        self.empty = EmptyState("history", *NOTHING)
        self.count = Elided("", "small", "text2")
        card = Card(padded=False)
        card.add(self.table, 1)
        card.add(self.empty, 1)
        card.set_foot(hbox(self.count, KeyHints([("↑ ↓", "pilih"), ("Del", "cabut")]), gap=12))
        self.setLayout(vbox(card, margins=(16, 12, 16, 14)))
        self.undo.clicked.connect(self.undo_decision)
        self.table.current_changed.connect(self._on_current)

    def reload(self) -> None:
        """Read both histories again."""
        rows = [*self._rules(), *self._days()]
        rows.sort(key=lambda row: row.at, reverse=True)
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        if self.table.row() is None and rows:
            self.table.choose_first()
        self.count.setText(f"{text.thousands(len(rows))} catatan" if rows else "")
        self._on_current(self.table.row())

    def primary(self) -> None:
        """Take the chosen decision back."""
        self.undo_decision()

    def new_row(self) -> None:
        """There is nothing to add here."""

    def focus_filter(self) -> None:
        """There is no filter: go to the list."""
        self.table.setFocus()

    def print_page(self) -> None:
        """Nothing is printed here."""

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.table] if self.table.isVisibleTo(self) else []

    def undo_decision(self) -> None:
        """Ask why, show what moves, take it back."""
        row = self.table.row()
        if row is None or row.decision is None or not self.undo.isEnabled():
            return
        change = ask_undo(self.context.posko, self, row.decision)
        if change is not None:
            self.changing.look(change)

    def _rules(self) -> list[Entry]:
        return [
            Entry(
                key=row.uid,
                at=row.made_at.astimezone(self.context.posko.zone),
                who=row.made_by,
                name=row.name,
                what=row.what,
                whom=_whom(row),
                reason=f"{row.reason} ({row.source})",
                state=Chip("Dicabut", "plain", "undo") if row.taken_back else None,
                decision=row,
            )
            for row in decisions(self.context.posko)
        ]

    def _days(self) -> list[Entry]:
        states = {WORKED: "menjadi hari kerja", SHIPPED: "kembali ke bawaan program"}
        return [
            Entry(
                key=f"{row.made_at.isoformat()} {row.on}",
                at=row.made_at.astimezone(self.context.posko.zone),
                who=row.made_by,
                name=text.full_date(row.on),
                what=states.get(row.state) or f"{KINDS[row.kind]}: {row.name}",
                whom="semua perkara",
                reason=row.reason,
                state=None,
            )
            for row in holiday_history(self.context.posko)
        ]

    def _on_current(self, row: Entry | None) -> None:
        why = ""
        if not allowed(self.context.posko.user.role, "office.rules"):
            why = "Hanya pimpinan dan admin yang mengubah aturan."
        elif row is None or row.decision is None:
            why = "Pilih perubahan aturan dulu. Hari libur dikembalikan di tab Hari libur."
        elif row.decision.taken_back or row.decision.kind == "undo":
            why = "Perubahan ini sudah dicabut."
        self.undo.set_why_disabled(why)


def _whom(row: DecisionRow) -> str:
    if row.valid_from <= ALWAYS:
        return "semua perkara"
    return f"perkara sejak {text.numeric_date(row.valid_from)}"


def _when(moment: datetime) -> str:
    return f"{text.short_date(moment.date())} {text.clock(moment)}"


COLUMNS: tuple[Column[Entry], ...] = (
    Column("at", "Waktu", lambda r: r.at, _when, width=160, second=lambda r: r.who),
    Column("name", "Aturan atau hari", lambda r: r.name, width=230, style="strong",
           second=lambda r: r.whom, tooltip=lambda r: r.name),
    Column("what", "Perubahan", lambda r: r.what, width=0, tooltip=lambda r: r.what,
           second=lambda r: r.reason),
    Column("state", "", lambda r: r.state, width=100, style="chip", sortable=False),
)  # fmt: skip
