"""Kegiatan: the entry row, every activity of a month, its plan, and the chosen one in full."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.list_rows import Listing, listing
from posko_app.cases.prevention import (
    ActivityRow,
    NewActivity,
    activities,
    activity_months,
    log_activity,
)
from posko_app.cases.prevention_plan import month_of, month_plan
from posko_app.errors import InvalidInput
from posko_app.progress import Progress
from posko_app.security.permissions import allowed
from posko_app.text import MONTH_NAMES, fold
from ui import list_files, theme
from ui.context import Context
from ui.table_view import TableView
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import FilterChip
from ui.widgets.filters import MenuFilter, SearchField
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, hbox

from .activity_acts import ActivityActs
from .activity_card import ActivityCard
from .activity_columns import KEYS, NARROW, columns, list_columns, short
from .activity_entry import EntryRow
from .side import BarLine, BarsCard
from .view import View

MOST = 1000
SHOWN_KINDS = 3  # kinds with a chip of their own; the others stand together
OTHERS = "others"
WIDE = 680  # pixels from which on the place has a column of its own
LETTERS = {"s": "make_letter", "b": "add_files", "r": "show_receipts", "l": "finish"}


class ActivitiesView(View):
    """Ins goes to the entry row; S, B, R and L act on the chosen activity."""

    subtitle = "Sosialisasi, surat imbauan, ikrar netralitas, dan kegiatan lain"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        posko = context.posko
        self.letter = Button("Surat imbauan", icon="letter")
        self.export_button = Button("Ekspor", icon="sheet", hint="Ctrl+E")
        self.add = Button("Kegiatan baru", icon="add", hint="Ins", kind="primary")
        self.search = SearchField("Saring kegiatan, tempat, sasaran")
        self.chips = [FilterChip("Semua") for _ in range(SHOWN_KINDS + 2)]
        self.month = MenuFilter("Bulan", (), all_text="semua")
        self.entry = EntryRow(posko)
        self.table: TableView[ActivityRow] = TableView(
            columns(posko), name="Kegiatan pencegahan", key=lambda row: row.uid
        )
        self.count = Elided("", "small", "text2")
        self.plan = BarsCard(
            "Rencana", may=self.may, empty="Belum ada rencana. Ubah untuk mengisi jumlahnya."
        )
        may_letter = self.may and allowed(posko.user.role, "letter.draft")
        self.card = ActivityCard(may=self.may, may_letter=may_letter)
        self.acts = ActivityActs(self, context, self.table, may=self.may)
        self._rows: tuple[ActivityRow, ...] = ()
        self._kind = ""
        self._asked = f"{posko.today():%Y-%m}"
        self._build()
        self._connect()

    def head_buttons(self) -> list[QWidget]:
        return [self.letter, self.export_button, self.add]

    def for_all(self) -> list[QWidget]:
        return [self.export_button]

    def reload(self) -> None:
        posko = self.context.posko
        months = sorted({*activity_months(posko), f"{posko.today():%Y-%m}"}, reverse=True)
        self.month.set_choices([(month, _month(month)) for month in months])
        self.month.set_code(self._asked)
        self._fetch()

    def primary(self) -> None:
        if self.may and self.entry.started():
            self.entry.save()
        else:
            self.new_row()

    def new_row(self) -> None:
        if self.may:
            self.entry.take_focus()

    def export(self) -> None:
        list_files.export_list(self.context, self, "Kegiatan pencegahan", self._listing)

    def print_page(self) -> None:
        list_files.print_list(self.context, self, "Kegiatan pencegahan", self._listing)

    def step_problem(self, by: int) -> None:
        self.entry.group.step_problem(by)

    def focus_filter(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def panes(self) -> list[QWidget]:
        parts: list[QWidget] = [self.table, self.search]
        return [self.entry, *parts] if self.may else parts

    def take_focus(self) -> None:
        if self.may:
            self.entry.take_focus()
        else:
            self.table.setFocus()

    def help_text(self) -> str:
        return (
            "Semua kegiatan pencegahan. Ins mulai baris baru, Enter pindah ke isian berikut dan "
            "menyimpan di isian terakhir; tanggal yang akan datang menjadi rencana. Di daftar: "
            "Enter mengubah, S membuat surat, B menambah berkas, R membuka daftar penerima, L "
            "menandai terlaksana, Del membatalkan."
        )

    def state(self) -> dict[str, Any]:
        row = self.table.row()
        return {
            "text": self.search.text(),
            "kind": self._kind,
            "month": self.month.code,
            "uid": row.uid if row else "",
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.search.setText(state.get("text", ""))
        self._kind = state.get("kind", "")
        self._asked = state.get("month", self._asked)
        self.month.set_code(self._asked)
        self._fetch()
        self.table.choose(state.get("uid", ""))

    def arrange(self) -> None:
        keys = NARROW if self.room() < WIDE else KEYS
        self.table.show_columns(keys)
        self._fit_entry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.acts.void()
        else:
            super().keyPressEvent(event)

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        card = Card(padded=False)
        card.body.setSpacing(0)
        card.add(self.table.head_apart())
        card.add(self.entry)
        card.add(self.table, 1)
        hints = KeyHints([("Ins", "baris baru"), ("Enter", "ubah"), ("Del", "batalkan")])
        card.set_foot(hbox(self.count, hints, gap=12))
        self.lay_out([self.search, *self.chips], card, [self.plan, self.card], [self.month])
        self.entry.setVisible(self.may)

    def _connect(self) -> None:
        self.add.clicked.connect(self.new_row)
        self.letter.clicked.connect(self.acts.new_letter)
        self.export_button.clicked.connect(self.export)
        self.entry.wanted.connect(self._on_new)
        self.search.textChanged.connect(self._show)
        self.search.list_wanted.connect(self.table.setFocus)
        self.month.chosen.connect(self._on_month)
        for chip in self.chips:
            chip.clicked.connect(self._on_chip)
        self.table.current_changed.connect(self._on_current)
        self.table.opened.connect(self.acts.edit)
        self.table.letter.connect(self._on_letter)
        self.table.menu_wanted.connect(self.acts.show_menu)
        self.table.preview_wanted.connect(self.toggle_side)
        self.plan.changed_wanted.connect(self._on_plan)
        card = self.card
        for signal, act in (
            (card.edit_wanted, self.acts.edit),
            (card.letter_wanted, self.acts.make_letter),
            (card.letter_opened, self.acts.open_letter),
            (card.receipts_wanted, self.acts.show_receipts),
            (card.file_wanted, self.acts.add_files),
            (card.done_wanted, self.acts.finish),
            (card.pledge_wanted, self.acts.open_pledge),
            (card.file_opened, self.acts.open_file),
            (card.file_removed, self.acts.remove_file),
        ):
            signal.connect(act)

    def _fetch(self) -> None:
        """Read the chosen month, or the latest of all."""
        code = self.month.code
        first, last = month_of(_first_day(code)) if code else (None, None)
        self._rows = activities(self.context.posko, MOST, since=first, until=last)
        self._show_plan()
        self._show()

    def _show(self, _wanted: str = "") -> None:
        wanted, here = fold(self.search.text()), self._rows
        counts = Counter(row.item or row.kind for row in here)
        labels = {row.item or row.kind: row.item_label for row in here}
        first = [code for code, _ in counts.most_common(SHOWN_KINDS)]
        if self._kind not in ("", OTHERS, *first):
            self._kind = ""
        others = len(here) - sum(counts[code] for code in first)
        offered = [("", f"Semua {len(here)}")]
        offered += [(code, f"{short(labels[code])} {counts[code]}") for code in first]
        offered += [(OTHERS, f"Lainnya {others}")] if others else []
        for place, chip in enumerate(self.chips):
            code, said = offered[place] if place < len(offered) else ("", "")
            chip.setProperty("code", code)
            chip.setText(said)
            chip.setChecked(bool(said) and code == self._kind)
            chip.setVisible(bool(said))
        rows = [row for row in here if self._fits(row, first) and wanted in fold(_words(row))]
        self.table.set_rows(rows)
        if self.table.row() is None:
            self.table.choose_first()
        self.count.setText(self._said(len(rows), len(here)))
        self._on_current(self.table.row())

    def _fits(self, row: ActivityRow, first: list[str]) -> bool:
        code = row.item or row.kind
        return self._kind in ("", code) or (self._kind == OTHERS and code not in first)

    def _said(self, shown: int, every: int) -> str:
        if not every and self.may:
            return "Belum ada kegiatan. Isi baris di atas untuk mencatat yang pertama."
        if every == MOST:
            return f"{text.thousands(shown)} dari {text.thousands(MOST)} kegiatan terbaru"
        if shown < every:
            return f"{text.thousands(shown)} dari {text.thousands(every)} kegiatan"
        return f"{text.thousands(every)} kegiatan"

    def _show_plan(self) -> None:
        posko = self.context.posko
        day = _first_day(self.month.code or f"{posko.today():%Y-%m}")
        self.plan.set_title(f"Rencana {MONTH_NAMES[day.month - 1]}")
        lines = self.context.run(month_plan, day) or ()
        self.plan.set_lines([BarLine(short(x.label), x.done, x.planned) for x in lines])

    def _fit_entry(self) -> None:
        """Let the entry row stand over the columns, whatever is shown."""
        widths = {key: self.table.columnWidth(place) for place, key in enumerate(KEYS)}
        gap = 12
        shown = self.table.shown_columns()
        row = [0 if key == "title" else max(gap, widths[key] - gap) for key in KEYS[:-1]]
        self.entry.form.show_fields(["place"], "place" in shown)
        self.entry.fit(row, max(theme.px(70), widths["officer"] - gap))

    def _listing(self, posko: Posko, *, progress: Progress) -> Listing:
        month = self.month.code
        about = [_month(month)] if month else []
        shown = [row for row in self.table.rows.rows if isinstance(row, ActivityRow)]
        return listing("Kegiatan pencegahan", list_columns(posko), shown, about)

    def _on_new(self, new: NewActivity) -> None:
        before, asked = {row.uid for row in self._rows}, self._asked
        if self.month.code:  # the line that was typed stays in sight
            self._asked = f"{new.on:%Y-%m}"
        if not self.context.attempt(log_activity, new, invalid=self._on_rejected):
            self._asked = asked
            return
        made = next((row.uid for row in self._rows if row.uid not in before), "")
        self.entry.next_line()
        self.table.choose(made)
        self.context.note_saved(f"{new.title} {'tercatat' if new.done else 'direncanakan'}")

    def _on_rejected(self, error: InvalidInput) -> None:
        self.entry.show_problems(error)

    def _on_month(self, code: str) -> None:
        self._asked = code
        self._fetch()

    def _on_chip(self) -> None:
        self._kind = str(self.sender().property("code") or "")
        self._show()

    def _on_current(self, row: ActivityRow | None) -> None:
        self.context.run(partial(_show_card, self.card, row))

    def _on_letter(self, letter: str) -> None:
        if method := LETTERS.get(letter.casefold()):
            getattr(self.acts, method)()

    def _on_plan(self) -> None:
        self.acts.change_plan(self.month.code)


def _show_card(card: ActivityCard, row: ActivityRow | None, posko: Posko) -> None:
    card.show_row(posko, row)


def _first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def _month(code: str) -> str:
    return f"{MONTH_NAMES[int(code[5:]) - 1]} {code[:4]}"


def _words(row: ActivityRow) -> str:
    return " ".join(
        (row.title, row.place, row.target, row.region_name, row.kind_label, row.item_label)
    )
