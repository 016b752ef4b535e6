"""The streaming writer: what it writes reads back identical, safe and complete, or not at all."""

from __future__ import annotations

import hashlib
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posko_app.errors import UserError
from posko_app.exchange.xlsx.limits import limits
from posko_app.exchange.xlsx.write import BookWriter, CellValue, Column, Page

PLAIN = Page(headings=False)
MANY = tuple(f"Desa {number}, Kecamatan Contoh" for number in range(60))
COLUMNS = (
    Column(heading="ID (jangan diubah)", style="id", locked=True, width=12),
    Column(heading="Peristiwa", note="Satu kalimat.", required=True, style="wrap", width=50),
    Column(heading="Saluran", choices=("Langsung", "Surat")),
    Column(heading="Desa", choices=MANY, strict=False),
    Column(heading="Jumlah", style="number", hidden=True),
)


def book_of(path: Path, rows: Sequence[Sequence[CellValue]], **options: Any) -> BookWriter:
    with BookWriter(path, **options) as book:
        sheet = book.sheet("Perkara", COLUMNS, page=Page(freeze_columns=2))
        for row in rows:
            sheet.row(row)
        book.sheet("_pos", [Column(heading="")], state="veryHidden", page=PLAIN).row(["POS1"])
    return book


def read(path: Path, sheet: str = "Perkara") -> list[tuple[object, ...]]:
    with path.open("rb") as stream:
        workbook = openpyxl.load_workbook(stream)
        return list(workbook[sheet].iter_rows(values_only=True))


HARD = [
    "=1+1",
    "@SUM(A1)",
    "+62812",
    "-3",
    "'kutip",
    "3275012304950001",
    "00123",
    "1E5",
    "TRUE",
    "  tepi  ",
    "baris 1\nbaris 2\n",
    '<b>&amp;"petik"',
    "₢ 𝔘 é — “”",
    "]]>",
    "x" * 30_000,
]


def test_text_reads_back_identical_and_is_never_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    book_of(path, [["u", text, "Surat", "", 3] for text in HARD])
    rows = read(path)
    assert rows[0] == tuple(column.heading for column in COLUMNS)
    assert rows[1:] == [("u", text, "Surat", None, 3) for text in HARD]
    sheet = openpyxl.load_workbook(path)["Perkara"]
    cells = [sheet.cell(line, 2) for line in range(2, len(HARD) + 2)]
    assert {(c.data_type, c.number_format, c.quotePrefix) for c in cells} == {("s", "@", True)}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.text(
                st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
                | st.just("\n"),
                max_size=12,
            ).filter(lambda text: "_x" not in text),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_clean_text_survives(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "any.xlsx"
    with BookWriter(path) as book:
        sheet = book.sheet("A", [Column(heading="")] * 4, page=PLAIN)
        for row in rows:
            sheet.row(row)
    cells = openpyxl.load_workbook(path)["A"]
    for line, row in enumerate(rows, 1):
        for number, text in enumerate(row, 1):
            assert (cells.cell(line, number).value or "") == text


def test_what_looks_like_an_escape_is_protected(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with BookWriter(path) as book:
        book.sheet("A", [Column(heading="")], page=PLAIN).row(["_x0041_ dan _xyz"])
    with zipfile.ZipFile(path) as archive:
        assert b"_x005F_x0041_ dan _xyz" in archive.read("xl/worksheets/sheet1.xml")


def test_the_sheet_is_set_up_for_people(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    book_of(path, [["u", "x"]], title="Ekspor 12", custom={"posko": "head & tail"})
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Perkara"]
    assert [(s.title, s.sheet_state) for s in workbook] == [
        ("Perkara", "visible"),
        ("_pos", "veryHidden"),
        ("_daftar", "hidden"),
    ]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:E2"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$B")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 14)
    assert sheet.column_dimensions["B"].width == 50
    assert sheet.column_dimensions["E"].hidden
    assert sheet["B1"].comment.text == "Satu kalimat."
    assert sheet["B1"].fill.fgColor.rgb != sheet["C1"].fill.fgColor.rgb
    assert sheet.protection.sheet
    assert sheet["A2"].protection.locked
    assert not sheet["B2"].protection.locked
    short, long = sheet.data_validations.dataValidation
    assert (short.formula1, short.showErrorMessage) == ('"Langsung,Surat"', True)
    assert (long.formula1, long.showErrorMessage) == ("_daftar!$A$1:$A$60", False)
    assert [row[0] for row in read(path, "_daftar")] == list(MANY)
    assert workbook.properties.title == "Ekspor 12"
    assert workbook.custom_doc_props["posko"].value == "head & tail"


def test_a_sheet_without_headings_and_rows_with_a_style(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with BookWriter(path) as book, book.sheet("BACA SAYA", [Column(heading="")], page=PLAIN) as s:
        s.row(["Ekspor 12"], style="title")
        s.row(["biasa"])
        s.row([])
        s.row(["akhir"])
    sheet = openpyxl.load_workbook(path)["BACA SAYA"]
    assert [cell.value for cell in sheet["A"]] == ["Ekspor 12", "biasa", None, "akhir"]
    assert sheet["A1"].font.b
    assert not sheet["A2"].font.b
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == (None, None)


def test_wide_sheets_print_on_several_pages_and_rows_may_have_one_height(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with BookWriter(path) as book:
        book.sheet("A", [Column(heading="H", width=100)] * 5, page=Page(row_height=45)).row(["x"])
        book.sheet("B", [Column(heading="H", width=100)]).row(["x"])
    workbook = openpyxl.load_workbook(path)
    assert (workbook["A"].page_setup.fitToWidth, workbook["B"].page_setup.fitToWidth) == (3, 1)
    assert workbook["A"].row_dimensions[2].height == 45
    assert workbook["A"].row_dimensions[1].height is None
    assert workbook["B"].row_dimensions[2].height is None


def test_the_parts_are_hashed_as_written(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    book = book_of(path, [["u", "x"], ["v", "y & z"]])
    assert {name: part.rows for name, part in book.parts.items()} == {
        "Perkara": 2,
        "_pos": 1,
        "_daftar": 60,
    }
    with zipfile.ZipFile(path) as archive:
        for part in book.parts.values():
            assert hashlib.sha256(archive.read(part.path)).hexdigest() == part.sha256


def test_a_part_is_known_before_the_next_sheet_is_written(tmp_path: Path) -> None:
    with BookWriter(tmp_path / "b.xlsx") as book:
        book.sheet("A", COLUMNS).row(["u", "x"])
        assert book.parts == {}
        book.end_sheet()
        book.sheet("_pos", [Column(heading="")], page=PLAIN).row([book.parts["A"].sha256])


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    made_at = datetime(2024, 10, 15, 2, tzinfo=UTC)
    for name in ("a", "b"):
        book_of(tmp_path / name, [["u", "x"]], made_at=made_at, title="T")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("text", ["a\tb", "a\rb", "a\x00b", "\x01", "\x85", "\ud800", "\ufffe"])
def test_control_characters_are_refused_and_nothing_is_left(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        book_of(tmp_path / "b.xlsx", [["u", text]])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "row",
    [
        ["u", "x" * 30_001],
        ["u", 5],
        ["u", "x", "y", "z", True],
        ["u", "x", "y", "z", float("nan")],
        ["u"] * 6,
    ],
)
def test_what_would_be_changed_or_cut_is_refused(tmp_path: Path, row: list[CellValue]) -> None:
    with pytest.raises(ValueError, match=r"."):
        book_of(tmp_path / "b.xlsx", [row])
    assert list(tmp_path.iterdir()) == []


def test_numbers_in_a_sheet_of_text_are_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="number in a text column"),
        BookWriter(tmp_path / "b.xlsx") as book,
    ):
        book.sheet("A", COLUMNS[:2]).row(["u", 5])


@pytest.mark.parametrize("name", ["", "a" * 32, "a/b", "a[1]", "'a", "a\x01"])
def test_bad_sheet_names_are_refused(tmp_path: Path, name: str) -> None:
    with (
        pytest.raises(ValueError, match="cannot name"),
        BookWriter(tmp_path / "b.xlsx") as book,
    ):
        book.sheet(name, COLUMNS)


def sheets(path: Path, columns: int, rows: int, count: int = 1) -> None:
    with BookWriter(path) as book:
        for number in range(count):
            sheet = book.sheet(f"S{number}", [Column(heading="")] * columns)
            for _ in range(rows):
                sheet.row(["x"])


def test_the_limits_of_a_sheet_hold(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with pytest.raises(ValueError, match="more than 60000 rows"):
        sheets(path, 1, limits().sheet_rows)
    with pytest.raises(ValueError, match="columns"):
        sheets(path, limits().sheet_columns + 1, 0)
    with pytest.raises(ValueError, match=f"more than {limits().sheet_count - 1} sheets"):
        sheets(path, 1, 0, limits().sheet_count)
    assert list(tmp_path.iterdir()) == []
    sheets(path, 1, limits().sheet_rows - 1)
    assert path.exists()


def test_a_workbook_needs_a_visible_sheet(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="visible"),
        BookWriter(tmp_path / "b.xlsx") as book,
    ):
        book.sheet("A", COLUMNS, state="hidden")


def test_a_failure_keeps_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_text("yang lama")
    with pytest.raises(ZeroDivisionError), BookWriter(path) as book:
        book.sheet("A", COLUMNS).row([f"{1 // 0}"])
    assert path.read_text() == "yang lama"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_and_a_folder_in_the_way_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="foldernya tidak ada"):
        book_of(tmp_path / "tidak ada" / "b.xlsx", [])
    (tmp_path / "b.xlsx").mkdir()
    with pytest.raises(UserError) as caught:
        book_of(tmp_path / "b.xlsx", [])
    assert caught.value.code == "cannot_write"
    assert [path.name for path in tmp_path.iterdir()] == ["b.xlsx"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_gets_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    import resource

    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limit[1]))
    try:
        with pytest.raises(UserError, match="penuh"):
            book_of(tmp_path / "b.xlsx", [["u", sha(number)] for number in range(3000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert list(tmp_path.iterdir()) == []


def sha(number: int) -> str:
    """Text that does not compress."""
    return hashlib.sha256(str(number).encode()).hexdigest()
