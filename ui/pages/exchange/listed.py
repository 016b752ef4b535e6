"""The left side of a preview: the list of the chosen tab, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from posko_app.app import Posko
from posko_app.cases.list_rows import ListColumn, Listing, listing
from posko_app.exchange.changes import place_words
from posko_app.exchange.judge import RejectedRow
from posko_app.exchange.plan import ImportPlan
from posko_app.progress import Progress
from ui.context import Context
from ui.list_files import export_list
from ui.table_view import TableView
from ui.tokens import ROW_DENSE
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.keys import KeyHints
from ui.widgets.text import hbox

from .deciding import Deciding
from .lines import (
    ALL,
    PROPOSALS,
    REJECTED,
    SAME,
    Line,
    columns,
    grouped,
    nothing_words,
    rejected_columns,
)
from .proposed import ProposalsPane

LIST, REJECTS, PROPOSED, NOTHING = range(4)


class Listed(Card):
    """Changes, hand edits or rejected rows; the line with the keyboard is told by a signal."""

    line_changed = Signal(object)  # line or None
    changed = Signal()  # something was ticked

    def __init__(self, context: Context, deciding: Deciding) -> None:
        super().__init__(padded=False)
        self._context, self._deciding = context, deciding
        self._plan: ImportPlan | None = None
        self._lines: tuple[Line, ...] = ()
        self._rejected: tuple[Line, ...] = ()
        self.table: TableView[Line] = TableView(
            columns(lambda: deciding.chosen), name="Isi kiriman", key=lambda line: line.key,
            row_height=ROW_DENSE,
        )  # fmt: skip
        self.rejects: TableView[Line] = TableView(
            rejected_columns(), name="Baris yang ditolak", key=lambda line: line.key,
            row_height=ROW_DENSE,
        )  # fmt: skip
        self.proposals = ProposalsPane()
        self.nothing = EmptyState("done", "")
        self.save = Button("Simpan yang ditolak sebagai Excel", icon="sheet", kind="flat")
        self._lists = QStackedWidget()
        for part in (self.table, self.rejects, self.proposals, self.nothing):
            self._lists.addWidget(part)
        self._lists.setObjectName("surface")
        self.add(self._lists, 1)
        keys = KeyHints([("↑ ↓", "pilih"), ("Spasi", "centang"), ("F8", "bentrok berikut"),
                         ("Ctrl+PgDn", "kelompok berikut")])  # fmt: skip
        self.set_foot(hbox(keys, None, self.save))
        self.save.hide()
        for table in (self.table, self.rejects, self.proposals.table):
            table.current_changed.connect(self._on_line)
        self.table.toggled.connect(self._on_toggled)
        self.proposals.changed.connect(self.changed)
        deciding.answered.connect(self._on_answered)
        self.save.clicked.connect(self._on_save)

    @property
    def shown(self) -> QWidget | None:
        """The list that is shown, None where there is none."""
        tables = [self.table, self.rejects, self.proposals.table, None]
        return tables[self._lists.currentIndex()]

    @property
    def line(self) -> Line | None:
        """The line with the keyboard."""
        shown = self.shown
        return shown.row() if isinstance(shown, TableView) else None

    def show_plan(self, plan: ImportPlan, lines: Sequence[Line], rejected: Sequence[Line]) -> None:
        """Take the lines of a plan; `show_tab` shows some of them."""
        self._plan, self._lines, self._rejected = plan, tuple(lines), tuple(rejected)
        self.proposals.show_plan(plan, lines, self._deciding.chosen)
        self.save.hide()

    def show_tab(self, tab: str) -> None:
        """Show the lines of a tab, or what it means that there are none."""
        if self._plan is None:
            return
        self.save.setVisible(tab in (ALL, REJECTED) and bool(self._rejected))
        if tab == REJECTED and self._rejected:
            self._show(REJECTS, self.rejects, self._rejected)
        elif tab == PROPOSALS and self._plan.edits:
            self._lists.setCurrentIndex(PROPOSED)
            self.proposals.table.choose_first()
        else:
            self._show_changes(tab)

    def set_narrow(self, on: bool) -> None:
        """Leave out what the detail says too where there is little room."""
        self.table.show_columns(("number", "title", "take") if on else
                                ("number", "title", "note", "take"))  # fmt: skip

    def refresh(self) -> None:
        """Show what is chosen now."""
        self.table.viewport().update()
        self.proposals.refresh()

    def _show_changes(self, tab: str) -> None:
        shown: list[Line] = []
        if tab == ALL:
            shown = [*self._lines, *self._rejected]
        elif tab not in (SAME, PROPOSALS, REJECTED):
            shown = [line for line in self._lines if line.group == tab]
        if shown:
            self.table.set_rows(grouped(shown))
            self._lists.setCurrentIndex(LIST)
            self.table.choose_first()
        elif self._plan is not None:
            self.nothing.set_text(*nothing_words(self._plan, tab))
            self._lists.setCurrentIndex(NOTHING)

    def _show(self, place: int, table: TableView[Line], rows: Sequence[Line]) -> None:
        table.set_rows(rows)
        self._lists.setCurrentIndex(place)
        table.choose_first()

    def _on_line(self, line: Line | None) -> None:
        if line is None or line == self.line:
            self.line_changed.emit(line)

    def _on_toggled(self, line: Line, _key: str) -> None:
        change = line.change
        if change is not None and not change.conflicts and self._deciding.is_open:
            self._deciding.chosen.take(change, change.key in self._deciding.chosen.left_out)
            self.changed.emit()

    def _on_answered(self, line: Line, state: bool | None) -> None:
        self.proposals.answer(line, state)

    def _on_save(self) -> None:
        if self._plan is not None:
            rows = (*self._plan.rejected, *self._plan.waiting)
            name = f"Baris ditolak {self._plan.path.stem}"
            export_list(self._context, self, name, partial(rejected_listing, rows=rows, name=name))


def rejected_listing(
    _posko: Posko, *, rows: Sequence[RejectedRow], name: str, progress: Progress
) -> Listing:
    """The rows that were not taken in, as a list to send back to whoever made the file."""
    progress(0, 1, "Menyusun daftar")
    columns_: tuple[ListColumn[RejectedRow], ...] = (
        ListColumn(key="sheet", heading="Lembar", value=lambda r: place_words(r)[0], width=24.0),
        ListColumn(key="row", heading="Baris", value=lambda r: r.row, width=8.0, kind="number"),
        ListColumn(key="column", heading="Kolom", value=lambda r: place_words(r)[1], width=24.0),
        ListColumn(key="reason", heading="Alasan", value=lambda r: r.reason, width=80.0),
    )
    return listing(name, columns_, rows)
