"""The menus of the list: what can be done with a row, and which columns are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from posko_app.cases.views import CaseRow
from ui.case_words import next_step
from ui.table_view import TableView

ALWAYS = ("number", "title")


def menu_of_row(
    table: TableView[CaseRow], row: CaseRow, ways: Mapping[str, Callable[[], object]]
) -> QMenu:
    """What can be done with the chosen rows; `ways` are named by what they do."""
    menu = QMenu(table)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction("Buka\tEnter", ways["open"])
    kind, step = next_step(row)
    if kind:
        menu.addAction(f"{step}\tCtrl+Enter", ways["step"])
    menu.addAction("Surat", ways["letters"])
    menu.addSeparator()
    menu.addAction("Salin baris untuk Excel\tCtrl+C", ways["copy"])
    menu.addAction("Salin seluruh daftar", ways["copy_all"])
    if row.number:
        menu.addAction("Salin nomor", ways["number"])
    if "officer" in ways:
        menu.addSeparator()
        menu.addAction("Ubah petugas…\tT", ways["officer"])
        said = "Kembalikan dari arsip" if row.archived else "Arsipkan"
        menu.addAction(f"{said}\tDel", ways["archive"]).setEnabled(row.view == "closed")
    return menu


def menu_of_columns(table: TableView[CaseRow]) -> QMenu:
    """The columns that may be shown or left out; an action holds the key of its column."""
    menu = QMenu(table)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for place, column in enumerate(table.rows.columns):
        if column.key in ALWAYS:
            continue
        action = menu.addAction(column.title)
        action.setCheckable(True)
        action.setChecked(not table.isColumnHidden(place))
        action.setData(column.key)
    return menu
