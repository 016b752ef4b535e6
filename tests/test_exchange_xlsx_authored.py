"""Recap workbooks: values as given, no formulas, ready to print, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from posko_app.errors import Cancelled, UserError
from posko_app.exchange.xlsx.authored import (
    BarChart,
    TableColumn,
    TableSheet,
    TableValue,
    write_table_book,
)
from posko_app.exchange.xlsx.guarded import read_rows

SHEET = TableSheet(
    name="R2 Agregat",
    titles=("Rekap penanganan pelanggaran", "1–31 Oktober 2024"),
    columns=(
        TableColumn(heading="Wilayah", width=30),
        TableColumn(heading="Laporan", kind="number"),
        TableColumn(heading="Terakhir", kind="date", width=13),
    ),
    rows=[
        ("=1+1", 12, date(2024, 10, 15)),
        ("@Gunung Mas <&> \nbaris dua", 0, None),
        ("3275012304950001", None, date(2024, 1, 2)),
    ],
    totals=("Jumlah", 12, None),
    notes=("1 perkara berisi nilai yang belum diputuskan.",),
    chart=BarChart(title="Laporan per wilayah", labels=0, values=(1,)),
)


def test_values_are_kept_and_nothing_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    write_table_book(path, [SHEET], title="Rekap", made_at=datetime(2024, 10, 15, tzinfo=UTC))
    sheet = openpyxl.load_workbook(path)["R2 Agregat"]
    values = [tuple(cell.value for cell in row) for row in sheet.iter_rows(max_col=3)]
    assert values[:2] == [(title, None, None) for title in SHEET.titles]
    assert values[3] == ("Wilayah", "Laporan", "Terakhir")
    assert values[4] == ("=1+1", 12, datetime(2024, 10, 15))  # noqa: DTZ001 - how it reads dates
    assert values[5] == ("@Gunung Mas <&> \nbaris dua", 0, None)
    assert values[6][0] == "3275012304950001"
    assert values[7] == ("Jumlah", 12, None)
    assert values[9][0] == SHEET.notes[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert [path.name for path in tmp_path.iterdir()] == ["rekap.xlsx"]


def test_the_strict_reader_reads_it_too(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    write_table_book(path, [SHEET])
    rows = read_rows(path, "R2 Agregat")
    assert [cell.value for cell in rows[0].cells] == ["Rekap penanganan pelanggaran"]
    line = next(row for row in rows if row.number == 5)
    assert [(cell.value, cell.kind, cell.formula) for cell in line.cells[:2]] == [
        ("=1+1", "text", False),
        ("12", "number", False),
    ]


def test_it_is_ready_to_read_and_print(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    write_table_book(path, [SHEET, replace(SHEET, name="Kecil", titles=(), paper="A4", rows=[])])
    book = openpyxl.load_workbook(path)
    sheet = book["R2 Agregat"]
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:C7"
    assert sheet.print_title_rows == "$4:$4"
    assert (int(sheet.page_setup.paperSize), sheet.page_setup.orientation) == (14, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth == 1
    assert sheet.column_dimensions["A"].width == 30
    assert sheet.row_dimensions[6].height == 30, "two lines"
    assert sheet["A4"].font.b
    assert sheet["A8"].font.b
    assert not sheet["A5"].font.b
    assert sheet["B5"].number_format == "#,##0"
    assert sheet["C5"].number_format == "dd-mm-yyyy"
    assert len(sheet._charts) == 1
    assert book["Kecil"].freeze_panes == "A2"
    assert book["Kecil"]._charts == []


@pytest.mark.parametrize(
    "row",
    [
        ("x" * 30_001, 1, None),
        ("a\x01b", 1, None),
        ("a\tb", 1, None),
        (5, 1, None),
        ("satu", 1),
    ],
)
def test_what_would_be_cut_or_changed_is_refused(
    tmp_path: Path, row: tuple[TableValue, ...]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        write_table_book(tmp_path / "rekap.xlsx", [replace(SHEET, rows=[row])])
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_saved_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="foldernya tidak ada"):
        write_table_book(tmp_path / "tidak ada" / "rekap.xlsx", [SHEET])


def test_a_stopped_task_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int, text: str = "") -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_table_book(tmp_path / "rekap.xlsx", [SHEET], progress=stop)
    assert list(tmp_path.iterdir()) == []
