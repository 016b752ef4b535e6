"""The table: what it shows, sorts, fetches, copies, and that the selection stays with its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ui import theme
from ui.cells import Cells
from ui.table_view import TableView
from ui.tables import PAGE, ROW, Column, GroupRow, RowsModel, tab_separated
from ui.widgets.chips import Chip, deadline_chip

TODAY = date(2024, 10, 15)


@dataclass(frozen=True)
class Line:
    """A row of the list under test."""

    number: int
    title: str
    due_on: date | None = None


def shown(day: date) -> str:
    """The date as the column writes it."""
    return f"{day:%d-%m-%Y}"


COLUMNS: tuple[Column[Line], ...] = (
    Column("number", "No.", lambda r: r.number, lambda v: f"{v:03d}", width=60, style="mono"),
    Column("title", "Peristiwa", lambda r: r.title, width=0),
    Column("due", "Batas", lambda r: deadline_chip(r.due_on, TODAY), style="chip",
           sort=lambda r: r.due_on),
    Column("day", "Tanggal", lambda r: r.due_on, shown, right=True),
    Column("step", "Langkah", lambda r: "Catat", style="link"),
)  # fmt: skip


def lines(count: int) -> list[Line]:
    """Rows in no order at all."""
    return [Line(n * 7 % count, f"Perkara {n}", TODAY + timedelta(n % 5)) for n in range(count)]


def by_number(line: Line) -> int:
    """The order of the list."""
    return line.number


@pytest.fixture
def view(qapp: QApplication) -> Iterator[TableView[Line]]:
    theme.apply(qapp)
    made = TableView(COLUMNS, name="Daftar laporan", key=lambda r: r.number, multi=True)
    made.resize(800, 300)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_the_model_keeps_qts_contract(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    model = RowsModel(COLUMNS)
    model.set_rows([GroupRow("Hari ini"), *lines(5)])
    qtmodeltester.check(model)


def test_cells_show_the_value_of_their_column() -> None:
    model = RowsModel(COLUMNS)
    model.set_rows([Line(7, "Rapat", date(2024, 10, 16)), Line(8, "Kaus")])
    said = [model.index(0, n).data() for n in range(5)]
    assert said == ["007", "Rapat", "Besok", "16-10-2024", "Catat"]
    assert model.index(1, 3).data() == ""
    assert model.index(0, 3).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert model.index(0, 0).data(ROW) == Line(7, "Rapat", date(2024, 10, 16))


def test_dates_sort_as_dates_and_none_comes_last() -> None:
    model = RowsModel(COLUMNS)
    days = [date(2024, 11, 2), None, date(2024, 10, 30), date(2025, 1, 1)]
    model.set_rows([Line(n, "x", day) for n, day in enumerate(days)])
    model.sort_rows("due", False)
    assert [r.number for r in model.rows if isinstance(r, Line)] == [2, 0, 3, 1]
    model.sort_rows("due", True)
    assert [r.number for r in model.rows if isinstance(r, Line)] == [3, 0, 2, 1]
    assert model.headerData(2, Qt.Orientation.Horizontal) == "Batas ↓"


def test_pages_are_fetched_after_the_last_row_until_the_end() -> None:
    asked: list[int | None] = []
    stock = [Line(n, "x") for n in range(PAGE + 30)]

    def fetch(after: Line | None, limit: int) -> list[Line]:
        asked.append(after.number if after else None)
        start = after.number + 1 if after else 0
        return stock[start : start + limit]

    model = RowsModel(COLUMNS)
    model.set_source(fetch)
    assert model.rowCount() == PAGE
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert model.rowCount() == PAGE + 30
    assert not model.canFetchMore(QModelIndex())
    assert asked == [None, PAGE - 1]


def test_the_selection_stays_with_its_row(view: TableView[Line]) -> None:
    view.set_rows(lines(40))
    assert view.choose(13)
    view.set_rows(sorted(lines(40), key=by_number))
    row = view.row()
    assert row is not None
    assert row.number == 13
    assert view.current_place == 13
    view.set_rows([r for r in sorted(lines(40), key=by_number) if r.number != 13])
    near = view.row()
    assert near is not None
    assert near.number == 14  # the row that stands in its place now
    view.set_rows([])
    assert view.row() is None


def test_group_rows_are_passed_over(view: TableView[Line], qtbot: QtBot) -> None:
    view.set_rows([GroupRow("Lewat"), Line(1, "a"), GroupRow("Hari ini"), Line(2, "b")])
    view.setFocus()
    view.choose_first()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.row() == Line(2, "b")
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.row() == Line(1, "a")
    assert view.rowHeight(0) == 26
    assert view.rowHeight(1) == 30


def test_keys_open_step_preview_and_name_letters(view: TableView[Line], qtbot: QtBot) -> None:
    told: list[object] = []
    view.opened.connect(told.append)
    view.stepped.connect(told.append)
    view.letter.connect(told.append)
    view.preview_wanted.connect(lambda: told.append("preview"))
    view.set_rows([Line(1, "a")])
    view.choose(1)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClick(view, "t")
    assert told == [Line(1, "a"), Line(1, "a"), "preview", "t"]


def test_a_click_on_a_link_is_told(view: TableView[Line], qtbot: QtBot) -> None:
    view.set_rows([Line(1, "a")])
    spot = view.visualRect(view.rows.index(0, 4)).center()
    with qtbot.waitSignal(view.link) as got:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert got.args == [Line(1, "a"), "step"]


def test_copied_rows_paste_into_cells_and_never_as_formulas(
    view: TableView[Line],
    qtbot: QtBot,
) -> None:
    view.set_rows([Line(1, "=1+1\tx"), Line(2, "b\nc")])
    view.selectAll()
    qtbot.keyClick(view, "c", Qt.KeyboardModifier.ControlModifier)
    rows = [line.split("\t")[:2] for line in QGuiApplication.clipboard().text().split("\n")]
    assert rows == [["001", "'=1+1 x"], ["002", "b c"]]
    assert tab_separated(COLUMNS[:2], [Line(3, "-2 hari")]) == "003\t-2 hari"


def test_a_click_on_the_heading_sorts_and_sorts_back(view: TableView[Line]) -> None:
    view.set_rows(lines(11))
    view.horizontalHeader().sectionClicked.emit(0)
    assert [r.number for r in view.rows.rows if isinstance(r, Line)] == list(range(11))
    view.horizontalHeader().sectionClicked.emit(0)
    assert [r.number for r in view.rows.rows if isinstance(r, Line)] == list(range(10, -1, -1))
    view.set_rows(lines(5))
    first = view.rows.row_at(0)
    assert first is not None
    assert first.number == 4


def test_what_is_left_goes_to_the_column_without_width(view: TableView[Line]) -> None:
    view.set_rows(lines(3))
    used = sum(view.columnWidth(n) for n in range(5))
    assert used == view.viewport().width()
    view.show_columns(["number", "title"])
    assert view.columnWidth(0) + view.columnWidth(1) == view.viewport().width()


def test_a_cut_cell_has_its_text_as_tooltip(view: TableView[Line]) -> None:
    delegate = view.itemDelegate()
    assert isinstance(delegate, Cells)
    view.set_rows([Line(1, "Judul yang sangat panjang " * 9)])
    index = view.rows.index(0, 1)
    assert delegate.tip(index, 100).startswith("Judul")
    assert delegate.tip(index, 9000) == ""


@pytest.mark.parametrize(
    ("days", "text", "tone"),
    [
        (-3, "Lewat 3 hari", "red"),
        (-1, "Lewat 1 hari", "red"),
        (0, "Hari ini", "gold"),
        (1, "Besok", "gold_outline"),
        (2, "Kam 17 Okt", "plain"),
        (17, "Jum 1 Nov", "plain"),
    ],
)
def test_a_deadline_says_what_is_left(days: int, text: str, tone: str) -> None:
    chip = deadline_chip(TODAY + timedelta(days), TODAY)
    assert (chip.text, chip.tone) == (text, tone)


def test_every_kind_of_cell_is_painted(view: TableView[Line]) -> None:
    view.set_rows([GroupRow("Hari ini · 2"), *lines(4)])
    view.setFocus()
    view.choose_first()
    picture = view.grab().toImage()
    blue = theme.color("blue").rgb()
    ringed = [y for y in range(picture.height()) if picture.pixel(400, y) == blue]
    assert len(ringed) == 4  # two lines of two pixels around the row with the keyboard
    assert Chip("x").tone == "gray"
