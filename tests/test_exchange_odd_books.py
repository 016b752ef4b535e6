"""Odd and hostile workbooks at the import itself: read right, or one plain sentence and no harm."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.exchange.plan import ImportPlan
from posko_app.exchange.xlsx.guarded import Reader
from tests.bomb_files import BOMBS
from tests.edited_books import Desk, column, reader, state, write
from tests.factory import new_report
from tests.workbook_files import HOSTILE, packed

__all__ = ["reader"]

Parts = dict[str, str | bytes]


@pytest.fixture
def desk(tmp_path: Path, reader: Reader) -> Desk:
    return Desk(tmp_path, reader)


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


@pytest.fixture
def sent(office: Callable[..., Posko], kab: Posko, desk: Desk) -> Path:
    """An export of three cases to the district."""
    kec = office("kecamatan")
    for number in range(3):
        file_report(kec, new_report(title=f"Laporan {number}"))
    return desk.send(kec, "62.10")


def remade(path: Path, change: Callable[[Parts], None]) -> Path:
    """A copy with other parts in its zip."""
    with zipfile.ZipFile(path) as archive:
        contents: Parts = {name: archive.read(name) for name in archive.namelist()}
    change(contents)
    target = path.with_name(f"lain {path.name}")
    target.write_bytes(packed(contents))
    return target


def unharmed(plan: ImportPlan) -> None:
    """Everything that was sent is there, and nothing is taken for an edit."""
    assert (plan.verdict, plan.signature, plan.rejected) == ("accepted", "valid", ())
    assert (plan.new, plan.edits) == (15, ())


# -- what looks odd but is right -------------------------------------------------------------------


def bad_styles(contents: Parts) -> None:
    contents["xl/styles.xml"] = '<styleSheet><fills><fill/></fills><cellXfs count="-1"/>'


def no_styles(contents: Parts) -> None:
    del contents["xl/styles.xml"]


def short_dimension(contents: Parts) -> None:
    for name, data in contents.items():
        if name.startswith("xl/worksheets/sheet") and isinstance(data, bytes):
            contents[name] = data.replace(b"<sheetViews>", b'<dimension ref="A1"/><sheetViews>', 1)


def long_dimension(contents: Parts) -> None:
    for name, data in contents.items():
        if name.startswith("xl/worksheets/sheet") and isinstance(data, bytes):
            lie = b'<dimension ref="A1:XFD1048576"/><sheetViews>'
            contents[name] = data.replace(b"<sheetViews>", lie, 1)


def huge_merge(contents: Parts) -> None:
    merge = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    for name, data in contents.items():
        if name.startswith("xl/worksheets/sheet2.") and isinstance(data, bytes):
            contents[name] = data.replace(b"</sheetData>", merge, 1)


@pytest.mark.parametrize(
    "change", [bad_styles, no_styles, short_dimension, long_dimension, huge_merge]
)
def test_what_lies_around_the_rows_changes_none(
    change: Callable[[Parts], None], sent: Path, kab: Posko, desk: Desk
) -> None:
    unharmed(desk.look(kab, remade(sent, change)))


def test_empty_rows_and_columns_in_front_shift_nothing(sent: Path, kab: Posko, desk: Desk) -> None:
    def change(book: Any) -> None:
        for name in ("Perkara", "Bukti", "Terlapor"):
            book[name].insert_rows(1, 3)
            book[name].insert_cols(1, 2)

    unharmed(desk.look(kab, desk.edited(sent, change)))


def test_hidden_rows_and_columns_and_filters_count_as_any(
    sent: Path, kab: Posko, desk: Desk
) -> None:
    def change(book: Any) -> None:
        sheet = book["Perkara"]
        sheet.column_dimensions["F"].hidden = True
        sheet.row_dimensions[3].hidden = True
        sheet.auto_filter.ref = "A1:C3"
        write(sheet, 3, "Pasal", "Pasal 71")

    plan = desk.look(kab, desk.edited(sent, change))
    assert [(e.row, e.theirs) for e in plan.edits] == [(3, "Pasal 71")]
    assert "Lembar Perkara: 1 baris tersembunyi." in plan.warnings


def test_macros_and_links_are_told_and_left_alone(sent: Path, kab: Posko, desk: Desk) -> None:
    def change(contents: Parts) -> None:
        contents["xl/vbaProject.bin"] = b"\xd0\xcf"
        book = contents["xl/workbook.xml"]
        assert isinstance(book, bytes)
        link = (
            b'</sheets><externalReferences><externalReference r:id="rId99"/></externalReferences>'
        )
        contents["xl/workbook.xml"] = book.replace(b"</sheets>", link, 1)

    plan = desk.look(kab, remade(sent, change))
    unharmed(plan)
    said = " ".join(plan.warnings)
    assert "Makro tidak dijalankan" in said
    assert "Tautannya diabaikan" in said


def test_merged_data_is_told(sent: Path, kab: Posko, desk: Desk) -> None:
    plan = desk.look(kab, desk.edited(sent, lambda book: book["Bukti"].merge_cells("D2:D3")))
    assert any("Lembar Bukti: ada sel gabung" in said for said in plan.warnings)
    assert not any(edit.ticked for edit in plan.edits)


# -- dates and formulas ----------------------------------------------------------------------------


@pytest.mark.parametrize("epoch", ["1900", "1904"])
def test_real_dates_mean_the_same_day_from_either_epoch(
    epoch: str, sent: Path, kab: Posko, desk: Desk
) -> None:
    def change(book: Any) -> None:
        if epoch == "1904":
            book.epoch = CALENDAR_MAC_1904
        write(book["Perkara"], 2, "Tanggal kejadian", date(2024, 10, 11))

    plan = desk.look(kab, desk.edited(sent, change))
    assert [(e.heading, e.theirs) for e in plan.edits] == [("Tanggal kejadian", "2024-10-11")]


@pytest.mark.parametrize("epoch", ["1900", "1904"])
@pytest.mark.parametrize(
    "value", [0, 59, 60, -1, 45_000.5, 2_958_465, 2_958_466, 10**12, 45_576.395833]
)
def test_numbers_that_are_no_day_are_never_guessed(
    value: object, epoch: str, sent: Path, kab: Posko, desk: Desk
) -> None:
    def change(book: Any) -> None:
        if epoch == "1904":
            book.epoch = CALENDAR_MAC_1904
        write(book["Perkara"], 2, "Tanggal kejadian", value)

    (edit,) = desk.look(kab, desk.edited(sent, change)).edits
    assert (edit.kind, edit.acceptable, edit.theirs) == ("problem", False, None)
    assert edit.reason.endswith(".")


@pytest.mark.parametrize(
    "formula",
    ['WEBSERVICE("http://contoh.invalid")', "cmd|' /C calc'!A0", 'HYPERLINK("x","Pasal 71")'],
)
def test_a_formula_is_a_problem_whatever_value_it_left(
    formula: str, sent: Path, kab: Posko, desk: Desk
) -> None:
    plain = desk.edited(sent, lambda book: write(book["Perkara"], 2, "Pasal", "DISINI"))

    def change(contents: Parts) -> None:
        for name, data in contents.items():
            if name.startswith("xl/worksheets/sheet") and isinstance(data, bytes):
                cell = rb'<c r="([A-Z]+2)"[^>]*>(?:(?!</c>).)*DISINI(?:(?!</c>).)*</c>'
                new = rf'<c r="\1" t="str"><f>{formula}</f><v>Pasal 71</v></c>'.encode()
                contents[name] = re.sub(cell, new, data)

    (edit,) = desk.look(kab, remade(plain, change)).edits
    assert (edit.heading, edit.kind, edit.acceptable) == ("Pasal", "problem", False)
    assert "rumus" in edit.reason


def test_the_column_of_dates_is_where_it_is_thought_to_be(sent: Path, desk: Desk) -> None:
    """Else the tests above would write into nothing."""
    found: list[int] = []
    desk.edited(sent, lambda book: found.append(column(book["Perkara"], "Tanggal kejadian")))
    assert found


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["hostile", "bombs"])
def test_a_hostile_file_gets_one_sentence_and_changes_nothing(
    family: str, kab: Posko, desk: Desk, tmp_path: Path
) -> None:
    files = HOSTILE if family == "hostile" else BOMBS
    before, path = state(kab), tmp_path / "jahat.xlsx"
    for name, (make, _) in files.items():
        path.write_bytes(make())
        plan = desk.look(kab, path)
        assert plan.verdict == "refused", name
        assert re.fullmatch(r"[^\n]{20,400}\.", plan.reason), (name, plan.reason)
        assert "jahat.xlsx" in plan.reason
        assert (plan.decisions, plan.edits, plan.manifest) == ((), (), None)
    assert state(kab) == before
