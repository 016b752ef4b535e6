"""The page Laporan: views as tabs, instant filter, the list, and what is chosen beside it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from posko_app import text
from posko_app.cases.case_view import case_view
from posko_app.cases.list_views import standard_views
from posko_app.cases.queries import CaseFilter, count_cases, view_counts
from posko_app.cases.saved_views import Layout, ViewContent
from posko_app.cases.views import CaseRow
from ui import theme
from ui.case_words import CaseWords
from ui.context import Context
from ui.first_use import FirstUse
from ui.page import Page
from ui.table_view import TableView
from ui.tables import PAGE
from ui.tokens import FOLD_BELOW, MARGIN, ROW_DENSE
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, PageHead
from ui.widgets.keys import KeyHints
from ui.widgets.text import Text, box, hbox, vbox

from .acts import Acts
from .arrange import Arrangement
from .bar import FilterBar
from .columns import SORTABLE, columns
from .filters import TABS, filters, wanted
from .live import LiveSearch, Looked, look, page_of
from .nothing import WayOut, way_out
from .people import finder
from .preview import WIDTH, Preview
from .views import KEPT, Views, ViewTabs
from .ways import Ways

LOOKING = 30  # milliseconds on a row before the preview follows
LIST, NOTHING, FIRST_USE = range(3)


class CasesPage(Page):
    """Every case of the office, filtered in an instant, however many there are."""

    title = "Laporan"
    sidebar = "cases"
    shows = frozenset(
        {"case_board", "cases", "events", "evidence", "siblings", "accounts", "saved_views"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.words = CaseWords(context.posko)
        self.counts: dict[str, int] = {}
        self.export_button = Button("Ekspor", icon="sheet", hint="Ctrl+E")
        self.add = Button("Laporan baru", icon="add", hint="Ctrl+N", kind="primary")
        self.head = PageHead(self.title, actions=[self.export_button, self.add])
        self.tabs = ViewTabs()
        self.bar = FilterBar(filters(self.words, context.posko, finder(context)), self.words.today)
        self.table: TableView[CaseRow] = TableView(
            columns(self.words), name="Daftar laporan", key=lambda row: row.uid,
            row_height=ROW_DENSE, multi=True, sort_in_query=True,
            movable=True,
        )  # fmt: skip
        self.preview = Preview(self.words)
        self.picked = Text("", "small", "text2")
        self.free, self.all_free = Button(""), Button("Bersihkan semua saringan")
        self.empty = EmptyState("search", "", actions=[self.free, self.all_free])
        self.first = FirstUse(context)
        self.views = Views(self, context, self.tabs)
        self.columns = Arrangement(self, context, self.table, self.bar.columns)
        self.acts = Acts(self, context, self.table)
        self.ways = Ways(self, context, self.table, self.acts)
        self.live = LiveSearch(self, self._wanted)
        self._wants_preview: bool | None = None  # None: as the window has room
        self._sort, self._descending = "due", False
        self._way = WayOut("", "")
        self._looking = QTimer(self)
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
        self.views.refresh()
        self._show_tabs(self.tabs.current)
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
        self.ways.step_chosen()

    def export(self) -> None:
        self.acts.export()

    def print_page(self) -> None:
        self.acts.print_list()

    def focus_filter(self) -> None:
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    def step_tab(self, by: int) -> None:
        self.tabs.step(by)

    def panes(self) -> list[QWidget]:
        if self._stack.currentIndex() == FIRST_USE:
            return [self.first.add, self.tabs]
        body = self.table if self._stack.currentIndex() == LIST else self.free
        every = [body, self.bar.search, self.tabs, *self.preview.buttons()[:1]]
        return [part for part in every if not part.isHidden()]

    def help_text(self) -> str:
        return (
            "Semua laporan dan temuan. Garis miring pindah ke saringan, Spasi menampilkan atau "
            "menyembunyikan panel, Ctrl+C menyalin baris terpilih untuk ditempel di Excel. T "
            "mengganti petugas, Del mengarsipkan yang selesai; Ctrl+Z mengurungkannya. Kolom "
            "dapat digeser dan dilebarkan."
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "/":
            self.focus_filter()
        elif event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.acts.archive()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    # --- querying -------------------------------------------------------------------------------

    def query(self, *, keep: bool = False, least: int = 0) -> None:
        """Show what the filters let through; with `keep` as far down as it was."""
        self.live.stop()
        rows = max(least, self._reached() if keep else 0)
        self._show(look(self.context.posko, self._wanted()), rows, keep=keep)

    def _show(self, looked: Looked, rows: int = 0, *, keep: bool = False) -> None:
        """Show what was found; `rows` are more than the first page when the place is far down."""
        query, found = looked.wanted, looked.count
        most = self._most(query)
        said = f"{text.thousands(found)} dari {text.thousands(most)} tampil"
        self.bar.count.setText(f"{said}, ejaan mirip" if looked.alike else said)
        none, held = (
            not self.counts.get("all", 0),
            self._stack.isAncestorOf(QApplication.focusWidget() or self),
        )
        self._stack.setCurrentIndex(FIRST_USE if none else LIST if found else NOTHING)
        for part in (self.bar, self.export_button, self.add):
            part.setVisible(not none)
        if not found and not none:
            self._show_way_out(query)
        self.table.rows.sorted_by = (self._sort, self._descending)
        source = partial(page_of, self.context.posko, query)
        self.table.set_source(source, rows, looked.first if rows <= PAGE else None)
        if self.table.row() is None:
            self.table.choose_first()
        elif not keep:
            self.table.scrollTo(self.table.currentIndex())
        self._settle()
        self._on_selection()
        self._looking.start()
        if held and not self._stack.isAncestorOf(QApplication.focusWidget() or self):
            self.take_focus()  # the keyboard does not go away with the list

    def _most(self, query: CaseFilter) -> int:
        """How many there are in the open view without any filter."""
        known = self.counts.get(query.view)
        if known is not None:
            return known
        return count_cases(self.context.posko, CaseFilter(view=query.view))

    def _reached(self) -> int:
        """How many rows the list must have to stand where it stands now."""
        lowest = self.table.rowAt(self.table.viewport().height() - 1)
        return max(lowest, self.table.current_place) + 1

    def _wanted(self, without: str = "") -> CaseFilter:
        values = {key: value for key, value in self.bar.values.items() if key != without}
        typed = self.bar.search.text().strip()
        return wanted(self.words.today, self.views.view, typed, values, self._sort,
                      self._descending)  # fmt: skip

    def _put(self, view: str, typed: str, values: dict[str, str]) -> None:
        """Set view, text and filters without querying."""
        self._show_tabs(view)
        self.columns.of_view = self._columns_of_view()
        self.bar.set_typed(typed)
        self.bar.set_values(values)

    def _show_tabs(self, key: str) -> None:
        counts = {k: text.thousands(self.counts[k]) for k, _ in TABS if k in self.counts}
        self.views.show(key, counts)

    def _columns_of_view(self) -> Layout | None:
        kept = self.views.open_kept
        return Layout(kept.content.columns) if kept and kept.content.columns else None

    def _sort_for_view(self) -> None:
        kept, view = self.views.open_kept, standard_views()[self.views.view]
        begun = kept.content if kept else view
        self._sort, self._descending = begun.sort, begun.descending

    def _content(self) -> ViewContent:
        """The list as it stands, to be kept as a view."""
        chosen = self.columns.of_view or self.columns.chosen
        return ViewContent(
            view=self.views.view,
            text=self.bar.search.text().strip(),
            values=dict(self.bar.values),
            sort=self._sort,
            descending=self._descending,
            columns=self.columns.now() if chosen else (),
        )

    def _about(self) -> tuple[str, list[str]]:
        """The name of the list and its filters in words, as they stand above a printed one."""
        kept = self.views.open_kept
        name = kept.name if kept else standard_views()[self.views.view].label
        said = [f"{title}: {chosen}" for title, chosen in map(self._named, self.bar.values)]
        typed = self.bar.search.text().strip()
        return f"Laporan: {name}", [*said, *([f"Kata: {typed}"] if typed else [])]

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
                          ("T", "ubah petugas"), ("Del", "arsipkan"),
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
        self._looking.setSingleShot(True)
        self._looking.setInterval(LOOKING)
        self._looking.timeout.connect(self._show_preview)
        self.views.content, self.acts.wanted = self._content, self._wanted
        self.acts.about = self._about
        self.live.found.connect(self._show)
        self.views.opened.connect(self._on_menu_view)
        self.export_button.clicked.connect(self.export)
        self.add.clicked.connect(self.ways.new_report)
        self.tabs.chosen.connect(self._on_view)
        self.bar.typed.connect(self.live.typed)
        self.bar.changed.connect(self.query)
        self.bar.left.connect(self._on_left)
        self.bar.preview.clicked.connect(self._on_preview)
        self.bar.columns_wanted.connect(self.columns.open_menu)
        self.bar.print_wanted.connect(self.print_page)
        self.table.sort_wanted.connect(self._on_sort)
        self.table.preview_wanted.connect(self._on_preview)
        self.table.letter.connect(self._on_letter)
        self.table.current_changed.connect(self._on_current)
        self.table.selection_changed.connect(self._on_selection)
        self.preview.stepped.connect(self.primary)
        self.preview.opened.connect(self.ways.open_chosen)
        self.preview.letters.connect(self.ways.letters_of_chosen)
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
        self.columns.settle(self.views.view, room)

    # --- following the user ---------------------------------------------------------------------

    def _show_preview(self) -> None:
        row = self.table.row()
        if row is not None and self.preview.isVisible():
            view = self.context.run(case_view, row.uid)
            if view is not None:
                self.preview.show_case(row, view)

    def _on_current(self, _row: CaseRow | None) -> None:
        self._looking.start()

    def _on_selection(self) -> None:
        count = len(self.table.chosen)
        self.picked.setText(f"{text.thousands(count)} dipilih" if count else "")

    def _on_view(self, key: str) -> None:
        """A standard view keeps the filters that are set, a kept one brings its own."""
        self._show_tabs(key)
        kept = self.views.open_kept
        if kept is not None and key.startswith(KEPT):
            self._put(key, kept.content.text, dict(kept.content.values))
        self.columns.of_view = self._columns_of_view()
        self._sort_for_view()
        self.query()

    def _on_menu_view(self, key: str) -> None:
        self._on_view(key)
        self.take_focus()

    def _on_sort(self, key: str, descending: bool) -> None:
        if key in SORTABLE:
            self._sort, self._descending = key, descending
            self.query()

    def _on_left(self) -> None:
        if self.live.waiting:
            self.query()
        self.panes()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_letter(self, letter: str) -> None:
        if letter == "/":
            self.focus_filter()
        elif letter.casefold() == "t":
            self.acts.ask_officer()

    def _on_preview(self) -> None:
        self._wants_preview = not self.preview.isVisible()
        self._settle()
        self._looking.start()

    def _on_free(self) -> None:
        if self._way.view:
            self._on_view(self._way.view)
        else:
            self.bar.choose(self._way.free, "")
