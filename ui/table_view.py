"""The one table view: row focus, links, copying, sorting, and the selection kept by key."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic

from PySide6.QtCore import QItemSelection, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from . import theme
from .cells import Cells
from .tables import Column, Fetch, GroupRow, R, RowsModel, tab_separated
from .tokens import ROW, ROW_GROUP

HEADER_HEIGHT = 28
_FIRST = 120  # least width of the column that takes what is left


class TableView(QTableView, Generic[R]):
    """A list of rows. Enter opens, Ctrl+Enter steps, Space previews, Ctrl+C copies for Excel."""

    opened = Signal(object)  # row
    stepped = Signal(object)  # row; in a page Ctrl+Enter goes to Page.primary instead
    link = Signal(object, str)  # row, column key
    toggled = Signal(object, str)  # row, column key of a check
    current_changed = Signal(object)  # row or None
    selection_changed = Signal()
    preview_wanted = Signal()
    letter = Signal(str)  # a single letter pressed while the table has the keyboard
    menu_wanted = Signal(object, QPoint)  # row, global position
    sort_wanted = Signal(str, bool)  # column key, descending; only with `sort_in_query`
    arranged = Signal()  # the user moved a column or made it wider; only with `movable`

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        name: str,
        key: Callable[[R], Hashable] | None = None,
        row_height: int = ROW,
        multi: bool = False,
        sort_in_query: bool = False,
        movable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows: RowsModel[R] = RowsModel(columns, self)
        self.chosen: set[int] = set()
        self.current_place = -1
        self.focused = False
        self.first_column, self.last_column = 0, len(columns) - 1
        self._key, self._row_height, self._in_query = key, row_height, sort_in_query
        self._head: QHeaderView | None = None
        self._all = {column.key: place for place, column in enumerate(columns)}
        self.setAccessibleName(name)
        self.setModel(self.rows)
        self.setItemDelegate(Cells(self))
        self._set_up(multi)
        self._set_up_header()
        self._quiet = not movable  # while the program itself moves columns and sets widths
        if movable:
            self._let_columns_move()
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_double_clicked)
        self.horizontalHeader().sectionClicked.connect(self._on_header)

    def set_rows(self, rows: Sequence[R | GroupRow]) -> None:
        """Show these rows; the same row stays chosen and the place in the list stays."""
        kept, top = self._kept(), self.verticalScrollBar().value()
        self.rows.set_rows(rows)
        if self.rows.sorted_by and not self._in_query and not self._has_groups():
            self.rows.sort_rows(*self.rows.sorted_by)
        self._after_reset(kept, top)

    def set_source(self, fetch: Fetch[R], least: int = 0, first: Sequence[R] | None = None) -> None:
        """Show what `fetch(after, limit)` gives, page by page; the first has `least` rows."""
        kept, top = self._kept(), self.verticalScrollBar().value()
        self.rows.set_source(fetch, least, first)
        self._after_reset(kept, top)

    def row(self) -> R | None:
        """The row with the keyboard."""
        return self.rows.row_at(self.current_place)

    def selected(self) -> list[R]:
        """All chosen rows, from top to bottom."""
        found = (self.rows.row_at(place) for place in sorted(self.chosen))
        return [row for row in found if row is not None]

    def choose(self, key: Hashable) -> bool:
        """Give the keyboard to the row with this key; False when it is not here."""
        if self._key is None:
            return False
        for place, row in enumerate(self.rows.rows):
            if not isinstance(row, GroupRow) and self._key(row) == key:
                self.selectRow(place)
                self.scrollTo(self.rows.index(place, 0))
                return True
        return False

    def choose_first(self) -> None:
        """Give the keyboard to the first row that is no group."""
        for place, row in enumerate(self.rows.rows):
            if not isinstance(row, GroupRow):
                self.selectRow(place)
                return

    def show_columns(self, keys: Sequence[str], widths: Mapping[str, int] | None = None) -> None:
        """Show only these columns, in this order; `widths` are pixels at 100 % text."""
        was, self._quiet = self._quiet, True
        head = self.horizontalHeader()
        for place in self._all.values():
            self.setColumnHidden(place, True)
        for at, key in enumerate(keys):
            place = self._all[key]
            self.setColumnHidden(place, False)
            head.moveSection(head.visualIndex(place), at)
            width = (widths or {}).get(key) or self.rows.columns[place].width
            if width:  # the others share what is left
                self.setColumnWidth(place, theme.px(width))
        self._note_ends()
        self._fit_columns()
        self._quiet = was

    def shown_columns(self) -> tuple[str, ...]:
        """The keys of the columns that are shown, from left to right."""
        head = self.horizontalHeader()
        shown = [key for key, place in self._all.items() if not self.isColumnHidden(place)]
        return tuple(sorted(shown, key=lambda key: head.visualIndex(self._all[key])))

    def widths(self) -> dict[str, int]:
        """The widths of the shown columns in pixels at 100 % text; not of those that give way."""
        scale = theme.px(100) / 100
        columns = {column.key: column for column in self.rows.columns}
        return {
            key: round(self.columnWidth(self._all[key]) / scale)
            for key in self.shown_columns()
            if columns[key].width
        }

    def head_apart(self) -> QHeaderView:
        """The headings as a widget of their own, so that something may stand below them."""
        self.horizontalHeader().hide()
        head = QHeaderView(Qt.Orientation.Horizontal)
        head.setModel(self.rows)
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head.setFixedHeight(theme.px(HEADER_HEIGHT))
        head.setMinimumSectionSize(theme.px(32))
        head.sectionClicked.connect(self._on_header)
        self._head = head
        self._fit_columns()
        return head

    def copy(self) -> None:
        """Put the chosen rows on the clipboard as Excel expects them."""
        self.copy_rows(self.selected())

    def copy_rows(self, rows: Sequence[R], *, headings: bool = False) -> None:
        """Put these rows on the clipboard through the shown columns, in their order."""
        columns = {column.key: column for column in self.rows.columns}
        shown = [columns[key] for key in self.shown_columns()]
        text = tab_separated(shown, rows, headings=headings)
        QGuiApplication.clipboard().setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.row()
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            (self.stepped if ctrl else self.opened).emit(row)
        elif event.key() == Qt.Key.Key_Space and not ctrl:
            self._on_space()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers():
            self._jump(first=event.key() == Qt.Key.Key_Home)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        self.letter.emit(search)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if (row := self.row()) is not None:
            self.menu_wanted.emit(row, event.globalPos())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        style = self.rows.columns[index.column()].style if index.isValid() else ""
        hand = style == "link" and self.rows.row_at(index.row()) is not None
        shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.focused = True
        if self.current_place < 0:
            self.choose_first()
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.focused = False
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _set_up(self, multi: bool) -> None:
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if multi else mode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setMinimumSectionSize(theme.px(20))
        side.setDefaultSectionSize(theme.px(self._row_height))
        self.verticalScrollBar().setSingleStep(theme.px(self._row_height))

    def _set_up_header(self) -> None:
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setFixedHeight(theme.px(HEADER_HEIGHT))
        head.setMinimumSectionSize(theme.px(32))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for place, column in enumerate(self.rows.columns):
            self.setColumnWidth(place, theme.px(column.width or _FIRST))

    def _let_columns_move(self) -> None:
        head = self.horizontalHeader()
        head.setSectionsMovable(True)
        head.sectionMoved.connect(self._on_arranged)
        head.sectionResized.connect(self._on_arranged)

    def _on_arranged(self, _section: int, _old: int, _new: int) -> None:
        if not self._quiet:
            self._note_ends()
            self.viewport().update()
            self.arranged.emit()

    def _note_ends(self) -> None:
        """Which columns stand at the edges: their cells have more room there."""
        shown = self.shown_columns()
        if shown:
            self.first_column, self.last_column = self._all[shown[0]], self._all[shown[-1]]

    def _fit_columns(self) -> None:
        """Give what is left to the columns of width 0, else to the last one."""
        was, self._quiet = self._quiet, True
        shown = [self._all[key] for key in self.shown_columns()]
        wide = [p for p in shown if not self.rows.columns[p].width] or shown[-1:]
        used = sum(self.columnWidth(p) for p in shown if p not in wide)
        left = self.viewport().width() - used
        for place in wide:
            least = theme.px(self.rows.columns[place].width or _FIRST)
            self.setColumnWidth(place, max(least, left // len(wide)))
        self._fit_head()
        self._quiet = was

    def _fit_head(self) -> None:
        """Let headings that stand apart be as wide as their columns."""
        if self._head is not None:
            own = self.horizontalHeader()
            for place in self._all.values():
                self._head.setSectionHidden(place, own.isSectionHidden(place))
                self._head.resizeSection(place, own.sectionSize(place))
                self._head.moveSection(self._head.visualIndex(place), own.visualIndex(place))

    def _has_groups(self) -> bool:
        return any(isinstance(row, GroupRow) for row in self.rows.rows)

    def _kept(self) -> Hashable:
        row = self.row()
        return self._key(row) if self._key is not None and row is not None else None

    def _after_reset(self, kept: Hashable, top: int) -> None:
        was, self.current_place = self.current_place, -1
        self.chosen.clear()
        for place, row in enumerate(self.rows.rows):
            if isinstance(row, GroupRow):
                self.verticalHeader().resizeSection(place, theme.px(ROW_GROUP))
        if kept is not None and not self.choose(kept):
            self._choose_near(was)
        self.verticalScrollBar().setValue(top)
        if self.focused and self.current_place < 0:
            self.choose_first()

    def _choose_near(self, place: int) -> None:
        """The chosen row is gone: take the one that stands in its place now."""
        for near in (*range(place, len(self.rows.rows)), *range(place - 1, -1, -1)):
            if self.rows.row_at(near) is not None:
                self.selectRow(near)
                return
        self.current_changed.emit(None)

    def _jump(self, *, first: bool) -> None:
        places = [p for p, row in enumerate(self.rows.rows) if not isinstance(row, GroupRow)]
        if places:
            place = places[0 if first else -1]
            self.selectRow(place)
            self.scrollTo(self.rows.index(place, 0))

    def _on_space(self) -> None:
        row = self.row()
        checks = [c.key for c in self.rows.columns if c.style == "check"]
        if row is not None and checks:
            self.toggled.emit(row, checks[0])
        else:
            self.preview_wanted.emit()

    def _on_selection(self, _new: QItemSelection, _old: QItemSelection) -> None:
        self.chosen = {index.row() for index in self.selectionModel().selectedRows()}
        self.viewport().update()
        self.selection_changed.emit()

    def _on_current(self, new: QModelIndex, _old: QModelIndex) -> None:
        self.current_place = new.row()
        self.viewport().update()
        self.current_changed.emit(self.row())

    def _on_clicked(self, index: QModelIndex) -> None:
        row, column = self.rows.row_at(index.row()), self.rows.columns[index.column()]
        if row is not None and column.style == "link" and column.text(row):
            self.link.emit(row, column.key)
        elif row is not None and column.style == "check":
            self.toggled.emit(row, column.key)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        row, column = self.rows.row_at(index.row()), self.rows.columns[index.column()]
        if row is not None and column.style not in ("link", "check"):
            self.opened.emit(row)

    def _on_header(self, section: int) -> None:
        column = self.rows.columns[section]
        if not column.sortable or self._has_groups():
            return
        same = self.rows.sorted_by is not None and self.rows.sorted_by[0] == column.key
        descending = same and self.rows.sorted_by is not None and not self.rows.sorted_by[1]
        if self._in_query:
            self.rows.set_sorted(column.key, descending)
            self.sort_wanted.emit(column.key, descending)
            return
        kept = self._kept()
        self.rows.sort_rows(column.key, descending)
        self._after_reset(kept, 0)
