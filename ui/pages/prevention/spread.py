"""Sebaran desa: banners and brochures village by village, planned against done, with photos."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.cases.coverage import Coverage, ItemTotal, VillageRow, coverage
from posko_app.cases.coverage_list import coverage_listing
from posko_app.cases.list_rows import Listing
from posko_app.progress import Progress
from posko_app.text import fold, thousands
from ui import list_files
from ui.case_words import BELOW
from ui.context import Context
from ui.table_view import TableView
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import FilterChip
from ui.widgets.filters import MenuFilter, SearchField
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, hbox

from .side import BarLine, BarsCard
from .spread_acts import SpreadActs
from .spread_columns import FILTERS, columns, fits, grouped, keys_for
from .spread_side import VillageCard
from .view import View, choose_rows

WIDE = 700  # pixels from which on the columns have their full width
LETTERS = {"c": "note", "i": "fill_down", "p": "plan", "f": "add_photos"}


class SpreadView(View):
    """C notes pieces in the chosen villages, I copies those of the first down, P plans."""

    subtitle = "Spanduk dan brosur di setiap desa"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        posko = context.posko
        self.paste_button = Button("Tempel dari Excel", icon="duplicate", hint="Ctrl+V")
        self.photos_button = Button("Foto massal", icon="evidence")
        self.export_button = Button("Ekspor", icon="sheet", hint="Ctrl+E")
        self.add = Button("Catat bahan", icon="add", hint="Ins", kind="primary")
        self.search = SearchField("Saring desa, kecamatan", width=200)
        self.item = MenuFilter("Bahan", posko.vocabulary.items("coverage_item"))
        label, self._depth = BELOW[posko.office.level]
        self.area = MenuFilter(label, ())
        self.chips = [FilterChip(said) for _, said in FILTERS]
        self.table: TableView[VillageRow] = TableView(
            columns(posko), name="Sebaran desa", key=_code, multi=True
        )
        self.count = Elided("", "small", "text2")
        self.bars = BarsCard(
            "Rencana dan hasil", may=self.may, empty="Belum ada rencana maupun catatan."
        )
        self.card = VillageCard(may=self.may)
        self.acts = SpreadActs(self, context, self.table, may=self.may)
        self._made: Coverage | None = None
        self._carded: VillageRow | None = None  # whose card is shown
        self._filter = ""
        self._build()
        self._connect()

    def head_buttons(self) -> list[QWidget]:
        return [self.paste_button, self.photos_button, self.export_button, self.add]

    def for_all(self) -> list[QWidget]:
        return [self.export_button]

    def reload(self) -> None:
        if self._made is None:  # the first look reads the regions of the whole country
            self.context.start(_coverage, done=self._on_read)
        else:
            self._on_read(self.context.run(coverage))

    def primary(self) -> None:
        self.acts.note()

    def new_row(self) -> None:
        self.acts.note()

    def paste(self) -> None:
        self.acts.paste()

    def export(self) -> None:
        list_files.export_list(self.context, self, "Sebaran desa", self._listing)

    def print_page(self) -> None:
        list_files.print_list(self.context, self, "Sebaran desa", self._listing)

    def focus_filter(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def panes(self) -> list[QWidget]:
        return [self.table, self.search]

    def help_text(self) -> str:
        return (
            "Semua desa di wilayah kantor ini. Pilih satu atau beberapa desa dengan Shift atau "
            "Ctrl, lalu C untuk mencatat bahan dan P untuk rencana; F menambah foto desa yang "
            "disorot. I menyalin catatan desa pertama ke desa lain yang dipilih. Ctrl+V menempel "
            "dari Excel; Foto massal membaca desa dari nama berkasnya."
        )

    def state(self) -> dict[str, Any]:
        row = self.table.row()
        return {
            "text": self.search.text(),
            "item": self.item.code,
            "area": self.area.code,
            "filter": self._filter,
            "uid": _code(row) if row else "",
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.search.setText(state.get("text", ""))
        self.item.set_code(state.get("item", ""))
        self.area.set_code(state.get("area", ""))
        self._filter = state.get("filter", "")
        self._show()
        self.table.choose(state.get("uid", ""))

    def arrange(self) -> None:
        narrow = self.room() < WIDE
        keys, widths = keys_for(self.context.posko, self.item.code, self._made, narrow=narrow)
        self.table.show_columns(keys, widths)

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        hints = [("C", "catat"), ("I", "isi ke bawah"), ("P", "rencana"), ("F", "foto")]
        card.set_foot(hbox(self.count, KeyHints(hints if self.may else []), gap=12))
        bar = [self.search, self.item, self.area, *self.chips]
        self.lay_out(bar, card, [self.bars, self.card])
        self.area.setVisible(self.context.posko.office.level != "kecamatan")

    def _connect(self) -> None:
        self.add.clicked.connect(self._on_note)
        self.paste_button.clicked.connect(self.acts.paste)
        self.photos_button.clicked.connect(self.acts.add_many)
        self.export_button.clicked.connect(self.export)
        self.search.textChanged.connect(self._show)
        self.search.list_wanted.connect(self.table.setFocus)
        self.item.chosen.connect(self._on_item)
        self.area.chosen.connect(self._show)
        for (code, _), chip in zip(FILTERS, self.chips, strict=True):
            chip.setProperty("code", code)
            chip.clicked.connect(self._on_chip)
        self.table.letter.connect(self._on_letter)
        self.table.opened.connect(self._on_note)
        self.table.menu_wanted.connect(self.acts.show_menu)
        self.table.preview_wanted.connect(self.toggle_side)
        self.table.current_changed.connect(self._on_current)
        self.bars.changed_wanted.connect(self._on_plan)
        self.card.note_wanted.connect(self._on_note)
        self.card.photo_wanted.connect(self.acts.add_photos)
        self.card.plan_wanted.connect(self.acts.plan)
        self.card.entry_removed.connect(self.acts.remove_entry)
        self.card.file_opened.connect(self.acts.open_file)
        self.card.file_removed.connect(self.acts.remove_file)

    def _on_read(self, made: Coverage | None) -> None:
        self._made = made or self._made
        self.area.set_choices(self._areas())
        self._show_bars()
        self._show()
        self.arrange()

    def _areas(self) -> list[tuple[str, str]]:
        """The regions that narrow the list, by name."""
        rows = self._made.rows if self._made else ()
        codes = dict.fromkeys(row.village.code[: self._depth] for row in rows)
        known = [(code, self.context.posko.regions.get(code)) for code in codes]
        return [(code, region.name) for code, region in known if region is not None]

    def _rows(self) -> list[VillageRow]:
        """The villages that search and region leave."""
        wanted, area = fold(self.search.text()), self.area.code
        return [
            row
            for row in (self._made.rows if self._made else ())
            if (not area or row.village.code.startswith(f"{area}."))
            and wanted in fold(f"{row.village.name} {row.village.subdistrict}")
        ]

    def _show(self, _wanted: str = "") -> None:
        here = self._rows()
        for (code, said), chip in zip(FILTERS, self.chips, strict=True):
            chip.setText(f"{said} {thousands(sum(fits(code, row) for row in here))}")
            chip.setChecked(code == self._filter)
        rows = [row for row in here if fits(self._filter, row)]
        kept = {_code(row) for row in self.table.selected()}
        self.table.set_rows(grouped(self.context.posko, rows))
        if self.table.row() is None:
            self.table.choose_first()
        elif len(kept) > 1:
            choose_rows(self.table, kept, _code)
        every = len(self._made.rows) if self._made else 0
        shown = thousands(len(rows))
        self.count.setText(
            f"{shown} desa" if len(rows) == every else f"{shown} dari {thousands(every)} desa"
        )
        self._on_current(self.table.row())

    def _show_bars(self) -> None:
        totals = self._made.totals if self._made else ()
        self.bars.set_lines(
            [
                BarLine(
                    total.label,
                    total.done,
                    total.planned,
                    _reached(total),
                )
                for total in totals
                if total.planned or total.pieces
            ]
        )

    def _listing(self, posko: Posko, *, progress: Progress) -> Listing:
        progress(0, 1)
        made = coverage(posko)
        shown = {_code(row) for row in self.table.rows.rows if isinstance(row, VillageRow)}
        return coverage_listing(made, [row for row in made.rows if _code(row) in shown])

    def _on_note(self, _row: object = None) -> None:
        self.acts.note()

    def _on_plan(self) -> None:
        """The card counts all villages: its link plans for all that are shown."""
        rows = self.table.rows.rows
        self.acts.plan([row for row in rows if isinstance(row, VillageRow)])

    def _on_item(self, code: str) -> None:
        self.acts.item = code
        self.arrange()

    def _on_chip(self) -> None:
        self._filter = str(self.sender().property("code") or "")
        self._show()

    def _on_current(self, row: VillageRow | None) -> None:
        if row is not None and row is self._carded:
            return  # a list that is narrowed tells of the same row again
        self._carded = row
        self.context.run(partial(_show_card, self.card, row))

    def _on_letter(self, letter: str) -> None:
        if method := LETTERS.get(letter.casefold()):
            getattr(self.acts, method)()


def _coverage(posko: Posko, *, progress: Progress) -> Coverage:  # in the worker
    progress(0, 1)
    return coverage(posko)


def _show_card(card: VillageCard, row: VillageRow | None, posko: Posko) -> None:
    card.show_village(posko, row)


def _reached(total: ItemTotal) -> str:
    """How many villages got something of an item."""
    reached = thousands(total.villages_reached)
    if not total.villages_planned:
        return f"{reached} desa terjangkau, tanpa rencana"
    return f"{reached} desa terjangkau, {thousands(total.villages_planned)} direncanakan"


def _code(row: VillageRow) -> str:
    return row.village.code
