"""What is done with the chosen rows or the whole list: officer, archive, copy, print, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases import bulk
from posko_app.cases.list_rows import case_columns, case_listing, every_case
from posko_app.cases.queries import CaseFilter
from posko_app.cases.views import CaseRow
from posko_app.office.accounts import accounts
from posko_app.progress import Progress, silent
from posko_app.security import permissions
from ui import dialogs, list_files
from ui.context import Context
from ui.table_view import TableView

Act = Callable[..., bulk.BulkDone]
SHORT = 40  # rows that are changed without a task of their own


class Acts(QObject):
    """Acts of the page Laporan; each says what it did and can be taken back."""

    def __init__(self, page: QWidget, context: Context, table: TableView[CaseRow]) -> None:
        super().__init__(page)
        self._page, self._context, self._table = page, context, table
        self.wanted: Callable[[], CaseFilter] = CaseFilter
        self.about: Callable[[], tuple[str, Sequence[str]]] = lambda: ("Daftar laporan", ())

    @property
    def may_change(self) -> bool:
        """Whether the role may hand over and archive."""
        return permissions.allowed(self._context.posko.user.role, "case.write")

    # --- officer --------------------------------------------------------------------------------

    def officer_menu(self) -> QMenu:
        """Everybody a case can be handed to."""
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        people = self._context.run(accounts) or ()
        for person in people:
            if person.active:
                action = menu.addAction(person.name.replace("&", "&&"))
                action.setData(person.login)
        menu.triggered.connect(self._on_officer)
        return menu

    def ask_officer(self, spot: QPoint | None = None) -> None:
        """Ask who takes the chosen cases over."""
        if not self._table.selected() or not self._allowed():
            return
        place = spot or self._table.viewport().mapToGlobal(
            self._table.visualRect(self._table.currentIndex()).bottomLeft() + QPoint(12, 0)
        )
        self.officer_menu().popup(place)

    def set_officer(self, login: str) -> None:
        """Hand the chosen cases to somebody."""
        rows = self._table.selected()
        person = next((a for a in self._context.run(accounts) or () if a.login == login), None)
        name = person.name if person else login
        said = f"Petugas {_named(rows)} diganti menjadi {name}"
        self._change(bulk.set_officer, _uids(rows), said, login)

    def _on_officer(self, action: QAction) -> None:
        self.set_officer(action.data())

    # --- archive --------------------------------------------------------------------------------

    def archive(self) -> None:
        """Put the chosen cases away, or bring them back when all of them are away."""
        rows = self._table.selected()
        if not rows or not self._allowed():
            return
        if all(row.archived for row in rows):
            said = f"{_named(rows, first=True)} dikembalikan dari arsip"
            self._change(bulk.unarchive, _uids(rows), said)
        else:
            self._change(bulk.archive, _uids(rows), f"{_named(rows, first=True)} diarsipkan")

    # --- inside: changing and taking back -------------------------------------------------------

    def _allowed(self) -> bool:
        if not self.may_change:
            self._context.say("Peran Anda hanya membaca laporan.")
        return self.may_change

    def _change(self, act: Act, uids: Sequence[str], said: str, *more: str) -> None:
        told = partial(self._told, act, uids, said, *more)
        if len(uids) <= SHORT:
            done = self._context.run(act, uids, *more)
            if done is not None:
                told(done)
            return
        dialogs.run_with_progress(
            self._context, self._page, "Mengubah perkara", act, uids, *more, done=told
        )

    def _told(self, act: Act, uids: Sequence[str], said: str, *rest: Any) -> None:
        *more, done = rest
        if not done.count:
            self._context.say(done.why or "Tidak ada yang perlu diubah.")
            return
        again = partial(self._change, act, done.changed, said, *more)
        if done.count < len(uids) > 1:
            said = f"{text.thousands(done.count)} dari {text.thousands(len(uids))} perkara diubah"
        words = f"{said}. {done.why}" if done.why else said
        self._context.say(words, undo=partial(self._undo, done.entry, again))

    def _undo(self, entry: int, again: Callable[[], None]) -> None:
        done = self._context.run(bulk.undo, entry)
        if done is not None:
            said = done.why or f"{text.thousands(done.count)} perkara dikembalikan"
            self._context.say(said, redo=again if done.count else None)

    # --- the whole list -------------------------------------------------------------------------

    def export(self) -> None:
        """Write the whole list as a workbook, with the columns that are shown."""
        list_files.export_list(self._context, self._page, self.about()[0], self._listing())

    def print_list(self) -> None:
        """Print the whole list, with the columns that are shown."""
        list_files.print_list(self._context, self._page, self.about()[0], self._listing())

    def copy_all(self) -> None:
        """Put every row of the list on the clipboard, those that were never scrolled to as well."""
        wanted = self.wanted()

        def read(posko: Posko, *, progress: Progress = silent) -> list[CaseRow]:
            return list(every_case(posko, wanted, progress))

        dialogs.run_with_progress(
            self._context, self._page, "Menyalin daftar", read, done=self._on_copied
        )

    def _on_copied(self, rows: list[CaseRow]) -> None:
        self._table.copy_rows(rows, headings=True)
        self._context.say(f"{text.thousands(len(rows))} baris disalin, tempel di Excel")

    def _listing(self) -> list_files.MakeListing:
        known = case_columns(self._context.posko)
        keys = [key for key in self._table.shown_columns() if key in known]
        title, about = self.about()
        return partial(case_listing, wanted=self.wanted(), keys=keys, title=title, about=about)


def _uids(rows: Sequence[CaseRow]) -> list[str]:
    return [row.uid for row in rows]


def _named(rows: Sequence[CaseRow], *, first: bool = False) -> str:
    """`perkara 019`, or how many."""
    word = "Perkara" if first else "perkara"
    if len(rows) > 1:
        return f"{text.thousands(len(rows))} perkara"
    number = rows[0].number.partition("/")[0] if rows else ""
    return f"{word} {number}".strip()
