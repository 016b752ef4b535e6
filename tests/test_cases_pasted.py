"""Tab-separated text as spreadsheets copy it: quotation and ditto marks, line breaks in cells."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.app import Posko
from posko_app.cases.coverage_paste import read_coverage
from posko_app.cases.pasted import read_grid
from tests.factory import TODAY


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        ("Desa\tSpanduk\r\nKurun\t2", [["Desa", "Spanduk"], ["Kurun", "2"]]),
        ('a\t"\nb\t1\nc\t"\nd\t2', [["a", '"'], ["b", "1"], ["c", '"'], ["d", "2"]]),
        ('"\ta\n"\tb', [['"', "a"], ['"', "b"]]),
        ('"dua\nbaris"\tx\ny', [["dua\nbaris", "x"], ["y"]]),
        ('"dua\n"\tx\n"\ty', [["dua", "x"], ['"', "y"]]),
        ('"kata ""dalam"" kutip"\tx', [['kata "dalam" kutip', "x"]]),
        ('"tidak ditutup\tx\ny\tz', [['"tidak ditutup', "x"], ["y", "z"]]),
        ('"Maju" jaya\tx\nukuran 3"\ty', [['"Maju" jaya', "x"], ['ukuran 3"', "y"]]),
        ('""\tx', [["", "x"]]),
        ("", [[""]]),
    ],
)
def test_cells_are_read_as_they_were_meant(text: str, grid: list[list[str]]) -> None:
    assert read_grid(text) == grid


CELLS = st.text(alphabet='ab "\t\n', max_size=6).filter(
    lambda cell: cell == cell.strip() and cell != '"'
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_a_spreadsheet_copies_comes_back(rows: list[list[str]]) -> None:
    out = StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    expected = [[cell.replace("\t", " ") for cell in row] for row in rows]
    assert read_grid(out.getvalue().removesuffix("\n")) == expected


def test_ditto_marks_repeat_the_kecamatan_and_swallow_no_line(posko: Posko) -> None:
    text = (
        "Kecamatan\tDesa\tSpanduk\tKeterangan\nMiri Manasa\tTumbang Koroi\t1\tdi balai\n"
        '"\tTumbang Lapan\t2\t"\n"\tTumbang Hatung\t3\t"\n'
    )
    draft = read_coverage(posko, text, action="installed", on=TODAY)
    assert [(a.village.subdistrict, a.village.name, a.quantity) for a in draft.amounts] == [
        ("Miri Manasa", "Tumbang Koroi", 1),
        ("Miri Manasa", "Tumbang Lapan", 2),
        ("Miri Manasa", "Tumbang Hatung", 3),
    ]
    assert draft.problems == ()
