"""Which columns stand in the list, in what order and how wide; kept for who is logged in."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from posko_app.cases.list_views import standard_views
from posko_app.cases.saved_views import Layout, keep_layout, layout_of
from posko_app.cases.views import CaseRow
from ui import theme
from ui.context import Context
from ui.table_view import TableView

from .columns import LEAST_TITLE, shown
from .menus import menu_of_columns

LIST = "cases"
REST = 800  # milliseconds after the last change before it is kept
RESET = "reset"


class Arrangement(QObject):
    """The columns of the list: as the view begins, or as somebody arranged them."""

    def __init__(
        self, page: QWidget, context: Context, table: TableView[CaseRow], button: QWidget
    ) -> None:
        super().__init__(page)
        self._context, self._table, self._button = context, table, button
        self._kept: dict[str, Layout | None] = {}  # by view, as far as they were looked at
        self.of_view: Layout | None = None  # columns that a kept view brings along
        self._view, self._room = "active", 0
        self._settled: tuple[str, ...] = ()
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(REST)
        self._keeping.timeout.connect(self.keep)
        table.arranged.connect(self._on_arranged)

    @property
    def chosen(self) -> Layout | None:
        """What somebody arranged on the view that stands now; every view has columns of its own."""
        if self._view not in self._kept:
            self._kept[self._view] = self._context.run(layout_of, f"{LIST}.{self._view}")
        return self._kept[self._view]

    def settle(self, view: str, room: int) -> None:
        """Show the columns of a view as far as there is room, in pixels."""
        if view != self._view:
            self.keep()
        self._view, self._room = view, room
        widths = {c.key: theme.px(c.width) for c in self._table.rows.columns}
        start = standard_views()[view].columns
        chosen = self.of_view or self.chosen
        keys = shown(start, chosen, widths, room, theme.px(LEAST_TITLE))
        self._table.show_columns(keys, chosen.widths if chosen else None)
        self._settled = tuple(keys)

    def open_menu(self) -> None:
        """Offer every column, and the way back to how the view begins."""
        button = self._button
        self.menu().popup(button.mapToGlobal(button.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """The columns that may be shown or left out."""
        menu = menu_of_columns(self._table)
        menu.addSeparator()
        back = menu.addAction("Kembalikan seperti semula")
        back.setData(RESET)
        back.setEnabled((self.of_view or self.chosen) is not None)
        menu.triggered.connect(self._on_chosen)
        return menu

    def keep(self) -> None:
        """Keep what stands now; called a moment after the last change."""
        if self._keeping.isActive() or self.sender() is self._keeping:
            self._keeping.stop()
            self._context.run(keep_layout, f"{LIST}.{self._view}", self.chosen)

    def now(self) -> tuple[str, ...]:
        """The keys that are shown, from left to right."""
        return self._table.shown_columns()

    def _on_chosen(self, action: QAction) -> None:
        key, keys = str(action.data()), list(self.now())
        if key == RESET:
            self._kept[self._view] = self.of_view = None
            self._keeping.stop()
            self._context.run(keep_layout, f"{LIST}.{self._view}", None)
            self.settle(self._view, self._room)
            return
        if action.isChecked():
            keys.append(key)
        elif key in keys:
            keys.remove(key)
        self._choose(tuple(keys))
        self.settle(self._view, self._room)

    def _on_arranged(self) -> None:
        self._choose(self.now())

    def _choose(self, keys: tuple[str, ...]) -> None:
        before = self.of_view or self.chosen
        # Whoever only drags an edge has chosen no columns: those of the view go on giving way.
        columns = keys if keys != self._settled else before.columns if before else ()
        made = Layout(columns, self._table.widths())
        if self.of_view is not None:  # kept with the view, when it is saved again
            self.of_view = made
            return
        self._kept[self._view] = made
        self._keeping.start()
