"""The ways on from the list: into a case, its next step, its letters, and the menu of a row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from posko_app.cases.views import CaseRow
from ui.case_words import next_step
from ui.context import Context
from ui.table_view import TableView

from .acts import Acts
from .menus import menu_of_row


class Ways(QObject):
    """Opens what the chosen row stands for."""

    def __init__(
        self, page: QWidget, context: Context, table: TableView[CaseRow], acts: Acts
    ) -> None:
        super().__init__(page)
        self._context, self._table, self._acts = context, table, acts
        table.opened.connect(self.open)
        table.stepped.connect(self.step)
        table.link.connect(self._on_link)
        table.menu_wanted.connect(self._on_menu)

    def open(self, row: CaseRow) -> None:
        """Open a case."""
        self._go(row)

    def step(self, row: CaseRow) -> None:
        """Open a case at its next step."""
        kind, _words = next_step(row)
        self._go(row, **({"step": kind} if kind else {}))

    def open_chosen(self) -> None:
        """Open the case with the keyboard."""
        if (row := self._table.row()) is not None:
            self._go(row)

    def step_chosen(self) -> None:
        """Open the case with the keyboard at its next step."""
        if (row := self._table.row()) is not None:
            self.step(row)

    def letters_of_chosen(self) -> None:
        """Open the letters of the case with the keyboard."""
        if (row := self._table.row()) is not None:
            self._go(row, tab="letters")

    def new_report(self) -> None:
        """Begin a report."""
        self._context.open("new_report")

    def copy_number(self) -> None:
        """Put the number of the case with the keyboard on the clipboard."""
        if (row := self._table.row()) is not None:
            QGuiApplication.clipboard().setText(row.number)

    def _go(self, row: CaseRow, **arguments: str) -> None:
        """Open a case; Alt+PgUp and Alt+PgDown there go on in the order of this list."""
        order = tuple(r.uid for r in self._table.rows.rows if isinstance(r, CaseRow))
        self._context.open("case", uid=row.uid, order=order, **arguments)

    def _on_link(self, row: CaseRow, _column: str) -> None:
        self.step(row)

    def _on_menu(self, row: CaseRow, spot: QPoint) -> None:
        ways: dict[str, Callable[[], object]] = {
            "open": self.open_chosen,
            "step": self.step_chosen,
            "letters": self.letters_of_chosen,
            "copy": self._table.copy,
            "copy_all": self._acts.copy_all,
            "number": self.copy_number,
        }
        if self._acts.may_change:
            ways |= {"officer": self._acts.ask_officer, "archive": self._acts.archive}
        menu_of_row(self._table, row, ways).popup(spot)
