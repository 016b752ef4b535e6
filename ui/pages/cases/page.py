"""The page Laporan: views as tabs, instant filter, the list, and what is chosen beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.queries import CaseFilter, count_cases, list_cases, view_counts
from posko_app.cases.views import CaseRow
from ui import theme
from ui.case_words import CaseWords, next_step
from ui.context import Context
from ui.first_use import FirstUse
from ui.page import Page
from ui.table_view import TableView
from ui.tokens import FOLD_BELOW, MARGIN, ROW_DENSE
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, PageHead
from ui.widgets.keys import KeyHints
from ui.widgets.tabs import Tab, Tabs
from ui.widgets.text import Text, box, hbox, vbox

from .bar import FilterBar
from .columns import SORTABLE, columns, shown
from .filters import NEWEST_FIRST, VIEWS, filters, wanted
from .menus import menu_of_columns, menu_of_row
from .nothing import WayOut, way_out
from .preview import WIDTH, Preview

TYPING = 60  # milliseconds of rest before the list is queried
LOOKING = 30  # milliseconds on a row before the preview follows
LIST, NOTHING, FIRST_USE = range(3)


class CasesPage(Page):
    """Every case of the office, filtered in an instant, however many there are."""

    title = "Laporan"
    sidebar = "cases"
    shows = frozenset({"case_board", "cases", "events", "evidence", "siblings", "accounts"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.words = CaseWords(context.posko)
        self.counts: dict[str, int] = {}
        self.export_button = Button("Ekspor", icon="sheet", hint="Ctrl+E")
        self.add = Button("Laporan baru", icon="add", hint="Ctrl+N", kind="primary")
        self.head = PageHead(self.title, actions=[self.export_button, self.add])
        self.tabs = Tabs([Tab(key, name) for key, name in VIEWS], ground="window")
        self.bar = FilterBar(filters(self.words, context.posko))
        self.table: TableView[CaseRow] = TableView(
            columns(self.words), name="Daftar laporan", key=lambda row: row.uid,
            row_height=ROW_DENSE, multi=True, sort_in_query=True,
        )  # fmt: skip
        self.preview = Preview(self.words)
        self.picked = Text("", "small", "text2")
        self.free, self.all_free = Button(""), Button("Bersihkan semua saringan")
        self.empty = EmptyState("search", "", actions=[self.free, self.all_free])
        self.first = FirstUse(context)
        self._columns: dict[str, bool] = {}  # chosen by hand
        self._wants_preview: bool | None = None  # None: as the window has room
        self._sort, self._descending = "due", False
        self._way = WayOut("", "")
        self._typing, self._looking = QTimer(self), QTimer(self)
        self._build()
        self._connect()

    # --- visits ---------------------------------------------------------------------------------

    def open(self, **arguments: Any) -> None:
        values = {key: str(value) for key, value in arguments.items() if key in self.bar.chips}
        self._put(str(arguments.get("view", "active")), str(arguments.get("text", "")), values)
        self._sort_for_view()
        self.refresh()

    def reload(self) -> None:
        self.words.refresh()
        self.counts = view_counts(self.context.posko)
        self.tabs.set_tabs([Tab(key, name, text.thousands(self.counts[key]))
                            for key, name in VIEWS])  # fmt: skip
        year = self.words.today.replace(month=1, day=1)
        this_year = count_cases(self.context.posko, CaseFilter(view="all", filed_from=year))
        said = f"{text.thousands(this_year)} laporan tahun ini"
        self.head.set_text(self.title, said if this_year else "Belum ada laporan tahun ini")
        self.query(keep=True)

    def state(self) -> dict[str, Any]:
        row = self.table.row()
        return {
            "view": self.tabs.current,
            "text": self.bar.search.text(),
            "values": dict(self.bar.values),
            "sort": (self._sort, self._descending),
            "uid": row.uid if row else "",
            "rows": len(self.table.rows.rows),
            "top": self.table.verticalScrollBar().value(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self._put(state["view"], state["text"], state["values"])
        self._sort, self._descending = state["sort"]
        self.query(least=state["rows"])
        self.table.choose(state["uid"])
        self.table.verticalScrollBar().setValue(state["top"])

    # --- what keys do ---------------------------------------------------------------------------

    def primary(self) -> None:
        if (row := self.table.row()) is not None:
            self._step(row)

    def export(self) -> None:
        self.context.open("exchange", act="send")

    def focus_filter(self) -> None:
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    def step_tab(self, by: int) -> None:
        self.tabs.step(by)

    def panes(self) -> list[QWidget]:
        if self._stack.currentIndex() == FIRST_USE:
            return [self.first.add, self.tabs]
        body: QWidget = self.table if self._stack.currentIndex() == LIST else self.free
        return [body, self.bar.search, self.tabs, *self.preview.buttons()[:1]]

    def help_text(self) -> str:
        return (
            "Semua laporan dan temuan. Garis miring pindah ke saringan, Spasi menampilkan atau "
            "menyembunyikan panel, Ctrl+C menyalin baris terpilih untuk ditempel di Excel."
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "/":
            self.focus_filter()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    # --- querying -------------------------------------------------------------------------------

    def query(self, *, keep: bool = False, least: int = 0) -> None:
        """Show what the filters let through; with `keep` as far down as it was."""
        self._typing.stop()
        posko, query = self.context.posko, self._wanted()
        found = count_cases(posko, query)
        most = self.counts.get(query.view, 0)
        self.bar.count.setText(f"{text.thousands(found)} dari {text.thousands(most)} tampil")
        none = not self.counts.get("all", 0)
        self._stack.setCurrentIndex(FIRST_USE if none else LIST if found else NOTHING)
        for part in (self.bar, self.export_button, self.add):
            part.setVisible(not none)
        if not found and not none:
            self._show_way_out(query)
        rows = max(least, self._reached() if keep else 0)
        self.table.rows.sorted_by = (self._sort, self._descending)
        self.table.set_source(partial(_fetch, posko, query), rows)
        if self.table.row() is None:
            self.table.choose_first()
        elif not keep:
            self.table.scrollTo(self.table.currentIndex())
        self._settle()
        self._on_selection()
        self._looking.start()

    def _reached(self) -> int:
        """How many rows the list must have to stand where it stands now."""
        lowest = self.table.rowAt(self.table.viewport().height() - 1)
        return max(lowest, self.table.current_place) + 1

    def _wanted(self, without: str = "") -> CaseFilter:
        values = {key: value for key, value in self.bar.values.items() if key != without}
        typed = self.bar.search.text().strip()
        view, today = self.tabs.current, self.words.today
        return wanted(today, view, typed, values, self._sort, self._descending)

    def _put(self, view: str, typed: str, values: dict[str, str]) -> None:
        """Set tab, text and filters without querying."""
        self.tabs.blockSignals(True)
        self.tabs.choose(view)
        self.tabs.blockSignals(False)
        self.bar.set_typed(typed)
        self.bar.set_values(values)

    def _sort_for_view(self) -> None:
        newest = self.tabs.current in NEWEST_FIRST
        self._sort, self._descending = ("filed", True) if newest else ("due", False)

    def _show_way_out(self, query: CaseFilter) -> None:
        count = partial(count_cases, self.context.posko)
        lacking = {key: self._wanted(without=key) for key in self.bar.values}
        self._way = way_out(query, lacking, self._named, count)
        self.empty.set_text(self._way.title, self._way.words)
        self.free.setVisible(bool(self._way.button))
        self.free.setText(self._way.button)
        self.free.setAccessibleName(self._way.button)
        self.free.updateGeometry()
        self.all_free.setVisible(bool(self.bar.values or query.text))

    def _named(self, key: str) -> tuple[str, str]:
        return self.bar.title(key), self.bar.label(key)

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        hints = KeyHints([("↑ ↓", "pindah"), ("Enter", "buka"), ("Spasi", "panel"),
                          ("Ctrl+C", "salin ke Excel")])  # fmt: skip
        foot = hbox(self.picked, gap=12)
        foot.addWidget(hints, 1)
        card.set_foot(foot)
        work = hbox(gap=12, margins=(MARGIN, 0, MARGIN, 14))
        work.addWidget(card, 1)
        work.addWidget(self.preview)
        nothing = Card()
        nothing.add(self.empty, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(box(work))
        self._stack.addWidget(box(vbox(nothing, margins=(MARGIN, 0, MARGIN, 14))))
        self._stack.addWidget(self.first)
        column = vbox()
        column.addLayout(self.banner_place)
        for part in (self.head, self.tabs, self.bar):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        self.setLayout(column)

    def _connect(self) -> None:
        for timer, rest, act in ((self._typing, TYPING, self.query),
                                 (self._looking, LOOKING, self._show_preview)):  # fmt: skip
            timer.setSingleShot(True)
            timer.setInterval(rest)
            timer.timeout.connect(act)
        self.export_button.clicked.connect(self.export)
        self.add.clicked.connect(self._on_add)
        self.tabs.chosen.connect(self._on_tab)
        self.bar.typed.connect(self._on_typed)
        self.bar.changed.connect(self._on_filter)
        self.bar.left.connect(self._on_left)
        self.bar.preview.clicked.connect(self._on_preview)
        self.bar.columns_wanted.connect(self._on_columns)
        table = self.table
        table.opened.connect(self._open)
        table.stepped.connect(self._step)
        table.link.connect(self._on_link)
        table.sort_wanted.connect(self._on_sort)
        table.preview_wanted.connect(self._on_preview)
        table.letter.connect(self._on_letter)
        table.menu_wanted.connect(self._on_menu)
        table.current_changed.connect(self._on_current)
        table.selection_changed.connect(self._on_selection)
        self.preview.stepped.connect(self.primary)
        self.preview.opened.connect(self._on_open)
        self.preview.letters.connect(self._on_letters)
        self.free.clicked.connect(self._on_free)
        self.all_free.clicked.connect(self.bar.clear_all)

    def _settle(self) -> None:
        """Give the preview and every column its room, or none."""
        room = self.width() - 2 * MARGIN - 4
        beside = theme.px(WIDTH) + 12
        fits = self.window().width() >= FOLD_BELOW and room - beside >= theme.px(700)
        wish = fits if self._wants_preview is None else self._wants_preview
        self.preview.setVisible(wish)
        self.bar.preview.setChecked(wish)
        room -= theme.px(10) + (beside if wish else 0)
        widths = {c.key: theme.px(c.width) for c in self.table.rows.columns}
        keys = shown(self.tabs.current, self._columns, widths, room, theme.px(190))
        self.table.show_columns(keys)

    # --- following the user ---------------------------------------------------------------------

    def _show_preview(self) -> None:
        row = self.table.row()
        if row is None or not self.preview.isVisible():
            return
        view = self.context.run(case_view, row.uid)
        if view is not None:
            self.preview.show_case(row, view)

    def _on_current(self, _row: CaseRow | None) -> None:
        self._looking.start()

    def _on_selection(self) -> None:
        count = len(self.table.chosen)
        self.picked.setText(f"{text.thousands(count)} dipilih" if count else "")

    def _on_typed(self, _typed: str) -> None:
        self._typing.start()

    def _on_filter(self) -> None:
        self.query()

    def _on_tab(self, _key: str) -> None:
        self._sort_for_view()
        self.query()

    def _on_sort(self, key: str, descending: bool) -> None:
        if key in SORTABLE:
            self._sort, self._descending = key, descending
            self.query()

    def _on_left(self) -> None:
        if self._typing.isActive():
            self.query()
        self.panes()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_letter(self, letter: str) -> None:
        if letter == "/":
            self.focus_filter()

    def _on_preview(self) -> None:
        self._wants_preview = not self.preview.isVisible()
        self._settle()
        self._looking.start()

    def _on_free(self) -> None:
        if self._way.view:
            self.tabs.choose(self._way.view)
        else:
            self.bar.choose(self._way.free, "")

    def _on_columns(self) -> None:
        menu = menu_of_columns(self.table)
        menu.triggered.connect(self._on_column)
        menu.popup(self.bar.columns.mapToGlobal(self.bar.columns.rect().bottomLeft()))

    def _on_column(self, action: QAction) -> None:
        self._columns[action.data()] = action.isChecked()
        self._settle()

    # --- going on -------------------------------------------------------------------------------

    def _go(self, row: CaseRow, **arguments: str) -> None:
        """Open a case; Alt+PgUp and Alt+PgDown there go on in the order of this list."""
        order = tuple(r.uid for r in self.table.rows.rows if isinstance(r, CaseRow))
        self.context.open("case", uid=row.uid, order=order, **arguments)

    def _open(self, row: CaseRow) -> None:
        self._go(row)

    def _step(self, row: CaseRow) -> None:
        kind, _words = next_step(row)
        self._go(row, **({"step": kind} if kind else {}))

    def _on_link(self, row: CaseRow, _column: str) -> None:
        self._step(row)

    def _on_open(self) -> None:
        if (row := self.table.row()) is not None:
            self._open(row)

    def _on_letters(self) -> None:
        if (row := self.table.row()) is not None:
            self._go(row, tab="letters")

    def _on_add(self) -> None:
        self.context.open("new_report")

    def _on_menu(self, row: CaseRow, spot: QPoint) -> None:
        ways = {"open": self._on_open, "step": self.primary, "letters": self._on_letters,
                "copy": self.table.copy, "number": self._on_copy_number}  # fmt: skip
        menu_of_row(self.table, row, ways).popup(spot)

    def _on_copy_number(self) -> None:
        if (row := self.table.row()) is not None:
            QGuiApplication.clipboard().setText(row.number)


def _fetch(posko: Posko, query: CaseFilter, after: CaseRow | None, limit: int) -> Sequence[CaseRow]:
    """A page of the list for the table model."""
    return list_cases(posko, query, limit=limit, after=after)
