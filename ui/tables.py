"""One table model for every list in the app: frozen rows shown through columns.

Rows are sorted in the query (`sort_wanted`) or in the Python list; a sort proxy over a Python model
cannot order dates and costs three hundred times as much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
ROW = int(Qt.ItemDataRole.UserRole) + 1
SORT = int(Qt.ItemDataRole.UserRole) + 2
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
CHECKED = int(Qt.ItemDataRole.CheckStateRole)
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
USABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
PAGE = 200  # rows fetched at a time


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column: its heading, the value of a row, and how to show it.

    `style` is plain, secondary (grey), strong, mono, chip (`value` gives a `Chip` or None), link or
    check (`value` gives a bool, or a `Chip` where there is nothing to tick). `width` is in pixels
    at 100 % text, 0 takes what is left.
    """

    key: str
    title: str
    value: Callable[[R], Any]
    show: Callable[[Any], str] = str
    width: int = 120
    right: bool = False
    style: str = "plain"
    second: Callable[[R], str] | None = None  # a second, smaller line
    tone: Callable[[R], str] | None = None  # a colour token that overrules the style
    tooltip: Callable[[R], str] | None = None
    sort: Callable[[R], Any] | None = None
    sortable: bool = True

    def text(self, row: R) -> str:
        """What the cell says."""
        value = self.value(row)
        if value is None or (isinstance(value, bool) and self.style == "check"):
            return ""
        return self.show(value)


@dataclass(frozen=True)
class GroupRow:
    """A heading between rows, over the whole width; cannot be chosen."""

    text: str


Fetch = Callable[[R | None, int], Sequence[R]]


class RowsModel(QAbstractTableModel, Generic[R]):
    """Frozen rows, and group rows between them, shown through columns."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column[R], ...] = tuple(columns)
        self.rows: list[R | GroupRow] = []
        self.sorted_by: tuple[str, bool] | None = None  # column key, descending
        self._fetch: Fetch[R] | None = None
        self._more = False

    def set_rows(self, rows: Sequence[R | GroupRow]) -> None:
        """Show these rows and no others."""
        self.beginResetModel()
        self.rows = list(rows)
        self._fetch, self._more = None, False
        self.endResetModel()

    def set_source(
        self, fetch: Fetch[R], least: int = PAGE, first: Sequence[R] | None = None
    ) -> None:
        """Show what `fetch(after, limit)` gives, page by page as the user scrolls (keyset).

        The first page has at least `least` rows, so that a place far down can be kept; `first` is
        a page of PAGE rows that was fetched before.
        """
        limit = max(least, PAGE) if first is None else PAGE
        first = fetch(None, limit) if first is None else first
        self.beginResetModel()
        self.rows = list(first)
        self._fetch, self._more = fetch, len(first) == limit
        self.endResetModel()

    def row_at(self, place: int) -> R | None:
        """The row at a place; None for a group row."""
        row = self.rows[place] if 0 <= place < len(self.rows) else None
        return None if isinstance(row, GroupRow) else row

    def sort_rows(self, key: str, descending: bool) -> None:
        """Sort the list here; None stands last."""
        column = next(c for c in self.columns if c.key == key)
        value = column.sort or column.value
        filled = [r for r in self.rows if not isinstance(r, GroupRow) and value(r) is not None]
        empty = [r for r in self.rows if not isinstance(r, GroupRow) and value(r) is None]
        filled.sort(key=value, reverse=descending)
        self.beginResetModel()
        self.rows = [*filled, *empty]
        self.sorted_by = (key, descending)
        self.endResetModel()

    def set_sorted(self, key: str, descending: bool) -> None:
        """Mark the column that the query ordered by."""
        self.sorted_by = (key, descending)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        if not self._more or self._fetch is None:
            return
        last = self.row_at(len(self.rows) - 1)
        more = self._fetch(last, PAGE)
        self._more = len(more) == PAGE
        if more:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(more) - 1)
            self.rows.extend(more)
            self.endInsertRows()

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self.rows[index.row()], GroupRow):
            return Qt.ItemFlag.NoItemFlags
        return USABLE

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        # The role is tested first: a view asks seven roles per cell and only one has an answer.
        if role in (DISPLAY, ACCESSIBLE):
            if not index.isValid():
                return None
            row = self.rows[index.row()]
            if isinstance(row, GroupRow):
                return row.text if index.column() == 0 else ""
            return self.columns[index.column()].text(row)
        if role == ALIGN:
            return RIGHT if self.columns[index.column()].right else None
        if role == ROW:
            return self.row_at(index.row())
        if role in (SORT, CHECKED):
            return self._value(index, role)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == ALIGN:
            return RIGHT if column.right else LEFT
        if role != DISPLAY:
            return None
        if self.sorted_by and self.sorted_by[0] == column.key:
            return f"{column.title} {'↓' if self.sorted_by[1] else '↑'}"
        return column.title

    def _value(self, index: Index, role: int) -> Any:
        row, column = self.row_at(index.row()), self.columns[index.column()]
        if row is None:
            return None
        value = column.value(row)
        if role == SORT:
            return value
        if column.style != "check" or not isinstance(value, bool):
            return None
        return Qt.CheckState.Checked if value else Qt.CheckState.Unchecked


def tab_separated(
    columns: Sequence[Column[R]], rows: Sequence[R], *, headings: bool = False
) -> str:
    """Rows as text that Excel pastes into cells; what looks like a formula stays text."""
    lines = [[_safe(column.title) for column in columns]] if headings else []
    lines += [[_safe(column.text(row)) for column in columns] for row in rows]
    return "\n".join("\t".join(line) for line in lines)


def _safe(text: str) -> str:
    flat = " ".join(text.split())
    return f"'{flat}" if flat[:1] in ("=", "+", "@") or flat[:2] == "-=" else flat
