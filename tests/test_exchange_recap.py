"""The recap as a workbook: what people print equals what was counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.recap import COUNTS, recap
from posko_app.errors import Cancelled, UserError
from posko_app.exchange.recap_book import PER_CASE, PER_REGION, write_recap
from tests.factory import REPORTER, new_report

SINCE, UNTIL = date(2024, 10, 1), date(2024, 10, 31)


def table(path: Path, name: str) -> tuple[list[str], list[str], list[list[object]]]:
    """Title lines, headings and rows of a sheet."""
    sheet = openpyxl.load_workbook(path)[name]
    head = int(sheet.freeze_panes[1:]) - 1
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    titles = [str(row[0]) for row in rows[: head - 1] if row[0]]
    return titles, [str(v) for v in rows[head - 1]], rows[head:]


@pytest.fixture
def book(posko: Posko, tmp_path: Path) -> Path:
    file_report(posko, new_report())
    file_report(posko, new_report(title="=HYPERLINK(1)", region_code="62.10.01"))
    path = tmp_path / "rekap.xlsx"
    write_recap(posko, recap(posko, SINCE, UNTIL), path)
    return path


def test_totals_equal_the_rows_of_both_sheets(posko: Posko, book: Path) -> None:
    titles, headings, rows = table(book, PER_REGION)
    assert titles[0].startswith("Rekapitulasi")
    assert posko.office.name in titles
    assert "Periode 1 Oktober 2024 sampai 31 Oktober 2024" in titles
    assert any("Data per Selasa, 15 Oktober 2024" in t for t in titles)
    assert any("LATIHAN" in t for t in titles)
    width = 1 + len(COUNTS)
    regions = rows[: next(n for n, r in enumerate(rows) if r[0] == "Jumlah")]
    totals = rows[len(regions)]
    assert len(headings) == width
    assert len(regions) == 2
    for place in range(1, width):
        assert totals[place] == sum(int(str(r[place])) for r in regions)
    cases = [r for r in table(book, PER_CASE)[2] if isinstance(r[0], int)]
    assert totals[headings.index("Total")] == len(cases) == 2


def test_no_formula_and_no_identity(book: Path) -> None:
    loaded = openpyxl.load_workbook(book)
    words = []
    for sheet in loaded:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                words.append(str(cell.value))
    text = "\n".join(words)
    assert "=HYPERLINK(1)" in text
    assert "Pelapor 001" in text
    assert REPORTER.name not in text


def test_print_set_up(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)[PER_CASE]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 14)
    assert sheet.print_title_rows
    assert sheet.page_setup.fitToWidth == 2, "on one page its columns could not be read"


def test_failures_leave_no_file(posko: Posko, tmp_path: Path) -> None:
    file_report(posko, new_report())
    found = recap(posko, SINCE, UNTIL)
    with pytest.raises(UserError, match="foldernya tidak ada"):
        write_recap(posko, found, tmp_path / "tidak-ada" / "rekap.xlsx")

    def stop(done: int, total: int, text: str = "") -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_recap(posko, found, tmp_path / "rekap.xlsx", stop)
    assert list(tmp_path.glob("*.xlsx")) == []
