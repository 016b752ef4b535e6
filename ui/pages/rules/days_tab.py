"""The tab Hari libur: the days of a year, and what the office changes about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.errors import Problem
from posko_app.law import LawChange
from posko_app.office import holidays as days
from posko_app.office.holidays import (
    HolidayEdit,
    HolidayRow,
    plan_holidays,
    plan_joint_leave,
    plan_year,
)
from posko_app.rules.calendar import KINDS, WEEKEND
from posko_app.security.permissions import allowed
from ui import dialogs
from ui.context import Context
from ui.fields import Field
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button, IconButton, Link
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, Text, hbox, vbox

from .asks import REASON
from .changing import Changing

WHY = "Hanya pimpinan dan admin yang mengubah hari libur."
LETTERS = {"p": "move_day", "k": "restore_day"}


class DaysTab(QWidget):
    """Ins adds a day, Del makes it a working day, P moves it, K gives it back to the program."""

    def __init__(self, context: Context, changing: Changing) -> None:
        super().__init__()
        self.context, self.changing = context, changing
        self.year = context.posko.today().year
        self.before = IconButton("left", "Tahun sebelumnya")
        self.after = IconButton("right", "Tahun berikutnya")
        self.shown = Text("", "section")
        self.leave = Link("", role="small")
        self.entered = Link("Nyatakan tabel tahun ini lengkap", role="small")
        self.add = Button("Tambah hari libur", icon="add", hint="Ins", kind="primary")
        self.move_button = Button("Pindahkan", hint="P")
        self.remove = Button("Jadikan hari kerja", hint="Del")
        self.restore_button = Button("Kembalikan", hint="K", tooltip="Kembali ke bawaan program")
        self.head_buttons: tuple[QWidget, ...] = (
            self.restore_button, self.remove, self.move_button, self.add,
        )  # fmt: skip
        self.table: TableView[HolidayRow] = TableView(
            COLUMNS, name="Hari libur", key=lambda r: (r.on, r.name)
        )
        self.empty = EmptyState("calendar", "Belum ada tabel hari libur tahun ini",
                                "Hanya Sabtu dan Minggu yang dikenal sebagai hari libur. "
                                "Tambahkan hari libur begitu keputusannya terbit.")  # fmt: skip
        self.count = Elided("", "small", "text2")
        self._build()
        self._connect()

    def reload(self) -> None:
        """Read the days of the year again."""
        posko = self.context.posko
        rows = days.holidays(posko, self.year)
        self.shown.setText(str(self.year))
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        if self.table.row() is None and rows:
            self.table.choose_first()
        own = sum(row.own for row in rows)
        self.count.setText(f"{len(rows)} hari, {own} di antaranya dari kantor ini")
        counted = posko.calendar.joint_leave
        self.leave.setText(
            "Cuti bersama bukan hari kerja. Ubah" if counted
            else "Cuti bersama dihitung hari kerja. Ubah"
        )  # fmt: skip
        self.entered.setVisible(not posko.calendar.has(self.year))
        self._on_current(self.table.row())

    def primary(self) -> None:
        """Add a day."""
        self.new_row()

    def new_row(self) -> None:
        """Ask for a new holiday."""
        if self.add.isEnabled():
            kinds = list(KINDS.items())
            fields = [
                Field(key="on", label="Tanggal", kind="date", width=6, missing="Isi tanggalnya."),
                Field(key="kind", label="Jenis", kind="combo", width=6, choices=kinds),
                Field(key="name", label="Nama hari libur", missing="Isi nama hari libur."),
                REASON,
            ]
            self._ask("Tambah hari libur", fields, {"kind": "local"},
                      lambda v: days.adding(v["on"], v["name"], v["kind"]))  # fmt: skip

    def move_day(self) -> None:
        """Ask where the chosen holiday moves to."""
        row = self.table.row()
        if row is not None and self.move_button.isEnabled():
            fields = [Field(key="on", label="Pindah ke tanggal", kind="date", width=6,
                            missing="Isi tanggal barunya."), REASON]  # fmt: skip
            self._ask(f"Pindahkan {row.name}", fields, {},
                      lambda v: days.moving(self.context.posko, row.on, v["on"]))  # fmt: skip

    def remove_day(self) -> None:
        """Make the chosen holiday a working day."""
        row = self.table.row()
        if row is not None and self.remove.isEnabled():
            self._ask(f"Jadikan {text.full_date(row.on)} hari kerja", [REASON], {},
                      lambda _: days.removing(self.context.posko, row.on))  # fmt: skip

    def restore_day(self) -> None:
        """Give the chosen day back to the program's own table."""
        row = self.table.row()
        if row is not None and self.restore_button.isEnabled():
            self._ask(f"Kembalikan {text.full_date(row.on)}", [REASON], {},
                      lambda _: days.restoring(row.on))  # fmt: skip

    def focus_filter(self) -> None:
        """There is no filter: go to the list."""
        self.table.setFocus()

    def print_page(self) -> None:
        """Nothing is printed here."""

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.table if self.table.isVisibleTo(self) else self.add]

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        card.add(self.empty, 1)
        hints = [("Ins", "tambah"), ("P", "pindahkan"), ("Del", "hari kerja"), ("K", "kembalikan")]
        card.set_foot(hbox(self.count, KeyHints(hints), gap=12))
        bar = hbox(self.before, self.shown, self.after, 12, self.leave, 12, self.entered, None)
        column = vbox(bar, 10, margins=(16, 12, 16, 14))
        column.addWidget(card, 1)
        self.setLayout(column)

    def _connect(self) -> None:
        self.before.clicked.connect(self._on_before)
        self.after.clicked.connect(self._on_after)
        self.add.clicked.connect(self.new_row)
        self.move_button.clicked.connect(self.move_day)
        self.remove.clicked.connect(self.remove_day)
        self.restore_button.clicked.connect(self.restore_day)
        self.leave.clicked.connect(self._on_leave)
        self.entered.clicked.connect(self._on_entered)
        self.table.current_changed.connect(self._on_current)
        self.table.letter.connect(self._on_letter)

    def _ask(
        self,
        title: str,
        fields: Sequence[Field],
        values: dict[str, Any],
        edits: Callable[[dict[str, Any]], Sequence[HolidayEdit]],
    ) -> None:
        found: list[LawChange] = []

        def submit(given: dict[str, Any]) -> Sequence[Problem] | None:
            found.append(plan_holidays(self.context.posko, edits(given), given["reason"] or ""))
            return None

        dialogs.ask_form(
            self, title, fields, today=self.context.posko.today(), act="Lihat akibatnya",
            values=values, submit=submit, width=520,
            text="Sebelum diterapkan, batas perkara yang bergeser ditunjukkan dulu.",
        )  # fmt: skip
        if found:
            self.changing.look(found[-1])

    def _on_leave(self) -> None:
        posko = self.context.posko
        working = posko.calendar.joint_leave
        title = "Hitung cuti bersama sebagai hari kerja" if working else (
            "Jangan hitung cuti bersama sebagai hari kerja"
        )  # fmt: skip
        self._ask_why(title, lambda why: plan_joint_leave(posko, working=working, reason=why))

    def _on_entered(self) -> None:
        title = f"Nyatakan tabel hari libur {self.year} lengkap"
        self._ask_why(title, lambda why: plan_year(self.context.posko, self.year, why))

    def _ask_why(self, title: str, plan: Callable[[str], LawChange]) -> None:
        """Ask for the reason of a change, then show what it moves."""
        found: list[LawChange] = []

        def submit(given: dict[str, Any]) -> Sequence[Problem] | None:
            found.append(plan(given["reason"] or ""))
            return None

        dialogs.ask_form(self, title, [REASON], today=self.context.posko.today(),
                         act="Lihat akibatnya", submit=submit)  # fmt: skip
        if found:
            self.changing.look(found[-1])

    def _on_before(self) -> None:
        self.year -= 1
        self.reload()

    def _on_after(self) -> None:
        self.year += 1
        self.reload()

    def _on_letter(self, letter: str) -> None:
        if method := LETTERS.get(letter.casefold()):
            getattr(self, method)()

    def _on_current(self, row: HolidayRow | None) -> None:
        may = "" if allowed(self.context.posko.user.role, "office.rules") else WHY
        none = "" if row else "Pilih hari dulu."
        worked = "Hari ini sudah hari kerja." if row and row.working else ""
        own = "" if row and row.own else "Hari ini sudah seperti bawaan program."
        self.add.set_why_disabled(may)
        self.leave.setEnabled(not may)
        self.entered.setEnabled(not may)
        self.move_button.set_why_disabled(may or none or worked)
        self.remove.set_why_disabled(may or none or worked)
        self.restore_button.set_why_disabled(may or none or own)


def _kind(row: HolidayRow) -> Chip:
    if row.working and row.on.weekday() in WEEKEND:
        return Chip("Bukan hari libur", "gray")
    if row.working:
        return Chip("Hari kerja", "green", "check")
    return Chip(KINDS[row.kind], "gold_outline" if row.kind == "joint_leave" else "gray")


def _from(row: HolidayRow) -> str:
    if not row.own:
        return "bawaan program"
    who = f", {row.made_by}" if row.made_by else ""
    return f"kantor ini: {row.reason}{who}"


def _name(row: HolidayRow) -> str:
    return f"{row.name} (perkiraan)" if row.estimate else row.name


def _weekday(day: date) -> str:
    return text.short_date(day)


COLUMNS: tuple[Column[HolidayRow], ...] = (
    Column("on", "Tanggal", lambda r: r.on, _weekday, width=150),
    Column("name", "Nama", _name, width=330, style="strong", tooltip=_name),
    Column("kind", "Jenis", _kind, width=160, style="chip", sort=lambda r: r.kind),
    Column("from", "Dari", _from, width=0, style="secondary", tooltip=_from),
)  # fmt: skip
