"""A row already taken in is never filed twice: sorted, cut, copied, and last week's file."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases.identity import reveal
from posko_app.data.tables import Case, Evidence, IntakeRow, ReportedParty, Witness
from posko_app.exchange.intake_book import check_in, take_in
from posko_app.exchange.intake_layout import KEY
from tests.filled_books import GOOD, changed, fill, filled

THIRD: dict[str, list[dict[str, Any]]] = {
    "Laporan": [{**GOOD["Laporan"][1], "No. isian": "3", "Peristiwa": "Lurah hadir di panggung"}],
    "Pelapor": [{"No. isian": "3", "Nama pelapor": "Contoh Pelapor Lima", "Alamat": "RT 03"}],
    "Terlapor": [{"No. isian": "3", "Nama terlapor": "Contoh Lurah"}],
}


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("foto")
    return tmp_path


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def taken(kec: Posko, beside: Path) -> Path:
    """Last week's workbook, whose two reports are filed."""
    path = filled(beside / "isian.xlsx", GOOD)
    assert len(take_in(kec, path).filed) == 2
    return path


def cases(posko: Posko) -> int:
    with posko.store.read() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def told(posko: Posko, path: Path) -> tuple[int, int, int]:
    """How many rows were filed, known already and sent back; looking first changes nothing."""
    before = cases(posko)
    looked = check_in(posko, path)
    assert cases(posko) == before
    result = take_in(posko, path)
    assert [len(looked.filed), len(looked.again)] == [len(result.filed), len(result.again)]
    assert looked.wrong == result.wrong
    return len(result.filed), len(result.again), result.wrong_rows


def shuffled(sheet: Any, seed: int, *, with_keys: bool = True) -> None:
    """Sort the rows of a sheet some way, as a whole or without the hidden first column."""
    first = 1 if with_keys else 2
    rows = [
        [cell.value for cell in row]
        for row in sheet.iter_rows(min_row=2, min_col=first, max_col=sheet.max_column)
    ]
    random.Random(seed).shuffle(rows)
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, first):
            sheet.cell(number, column).value = value


def test_the_same_file_twice_files_nothing(kec: Posko, taken: Path) -> None:
    with kec.store.read() as session:
        kept = session.scalar(select(func.count()).select_from(IntakeRow))
    assert told(kec, taken) == (0, 2, 0)
    assert cases(kec) == 2
    with kec.store.read() as session:
        assert session.scalar(select(func.count()).select_from(IntakeRow)) == kept
        assert session.scalar(select(func.count()).select_from(Witness)) == 2


@pytest.mark.parametrize("with_keys", [True, False], ids=["whole rows", "without hidden column"])
def test_sorted_rows_are_known(kec: Posko, taken: Path, with_keys: bool) -> None:
    book = openpyxl.load_workbook(taken)
    for seed, name in enumerate(("Laporan", "Pelapor", "Terlapor", "Saksi", "Bukti")):
        shuffled(book[name], seed, with_keys=with_keys)
    book.save(taken)
    assert told(kec, taken) == (0, 2, 0)


def test_sorted_before_it_is_taken_in(kec: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", GOOD)
    book = openpyxl.load_workbook(path)
    for seed, name in enumerate(("Laporan", "Pelapor", "Terlapor", "Saksi", "Bukti")):
        shuffled(book[name], seed + 3)
    book.save(path)
    assert told(kec, path) == (2, 0, 0)
    with kec.store.read() as session:
        uid = session.scalars(select(Case.uid).where(Case.title.startswith("Kepala"))).one()
        names = session.scalars(
            select(ReportedParty.name).where(ReportedParty.case_uid == uid)
        ).all()
    assert set(names) == {"Contoh Kades", "Contoh Sekdes"}
    assert reveal(kec, uid, "menghubungi pelapor").name == "Contoh Pelapor Tiga"


@pytest.mark.parametrize("lost", [(KEY,), (KEY, "Perbaikan", "Jam kejadian"), ("Pasal", "Tahapan")])
def test_deleted_columns_file_nothing_twice(kec: Posko, taken: Path, lost: tuple[str, ...]) -> None:
    book = openpyxl.load_workbook(taken)
    for sheet in (book["Laporan"], book["Pelapor"], book["Bukti"]):
        for heading in lost:
            titles = [cell.value for cell in sheet[1]]
            if heading in titles:
                sheet.delete_cols(titles.index(heading) + 1)
    book.save(taken)
    filed, _, _ = told(kec, taken)
    assert cases(kec) == 2 + filed
    # a lost hour makes the first report read differently, and nobody can know it by its name
    assert filed == (1 if "Jam kejadian" in lost else 0)


def test_a_deleted_column_of_a_row_with_its_name_is_asked_about(kec: Posko, taken: Path) -> None:
    book = openpyxl.load_workbook(taken)
    titles = [cell.value for cell in book["Laporan"][1]]
    book["Laporan"].delete_cols(titles.index("Jam kejadian") + 1)
    book.save(taken)
    result = take_in(kec, taken)
    assert (len(result.filed), len(result.again), result.wrong_rows) == (0, 1, 1)
    assert "sudah diterima sebagai 001/" in result.wrong[0].reason
    assert cases(kec) == 2


def test_copied_rows_are_no_second_report(kec: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", GOOD)
    book = openpyxl.load_workbook(path)
    for name in ("Laporan", "Pelapor", "Terlapor", "Saksi", "Bukti"):
        sheet = book[name]
        filled_rows = [r for r in range(2, 10) if sheet.cell(r, 4).value]
        for number, row in enumerate(filled_rows, 20):
            for column in range(1, sheet.max_column + 1):  # with the hidden name, as programs do
                sheet.cell(number, column).value = sheet.cell(row, column).value
            link = [c.value for c in sheet[1]].index("No. isian") + 1
            sheet.cell(number, link).value = f"{sheet.cell(row, link).value}9"
    book.save(path)
    result = take_in(kec, path)
    assert (len(result.filed), len(result.again), result.wrong_rows) == (2, 2, 0)
    assert {row.twin for row in result.again} == {2, 3}
    assert told(kec, path) == (0, 4, 0)
    assert cases(kec) == 2


def test_rows_copied_with_their_number_stand_once(kec: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", GOOD)
    book = openpyxl.load_workbook(path)
    for name in ("Laporan", "Pelapor", "Terlapor", "Saksi", "Bukti"):
        sheet = book[name]
        for column in range(1, sheet.max_column + 1):
            sheet.cell(20, column).value = sheet.cell(2, column).value
    book.save(path)
    assert told(kec, path) == (2, 0, 0)
    with kec.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Witness)) == 2
        assert session.scalar(select(func.count()).select_from(ReportedParty)) == 3
    assert told(kec, path) == (0, 2, 0)


def test_a_number_given_to_two_reports_sends_both_back(kec: Posko, beside: Path) -> None:
    """Whose witnesses are whose, nobody could say."""
    path = filled(beside / "isian.xlsx", changed("Laporan", 3, **{"No. isian": "1"}))
    result = take_in(kec, path)
    assert result.filed == ()
    assert {(w.row, w.column) for w in result.wrong if "dua kali" in w.reason} == {
        (2, "No. isian"),
        (3, "No. isian"),
    }


def test_a_copied_row_that_says_something_else_is_another_report(kec: Posko, taken: Path) -> None:
    """Copying a row and typing over it is how people write the next one."""
    book = openpyxl.load_workbook(taken)
    sheet = book["Laporan"]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(9, column).value = sheet.cell(3, column).value
    places = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(9, places["No. isian"]).value = "3"
    sheet.cell(9, places["Peristiwa"]).value = "Lurah hadir di panggung"
    book.save(taken)
    fill(taken, {k: v for k, v in THIRD.items() if k != "Laporan"}, taken, first=9)
    assert told(kec, taken) == (1, 2, 0)
    assert told(kec, taken) == (0, 3, 0)


def test_last_weeks_file_with_a_new_row_files_only_that(kec: Posko, taken: Path) -> None:
    fill(taken, THIRD, taken, first=8)
    taken.with_name("a.txt").unlink()  # the photo of last week is no longer beside it
    assert told(kec, taken) == (1, 2, 0)
    assert told(kec, taken) == (0, 3, 0)


def test_rows_of_last_week_in_a_new_workbook_are_known(kec: Posko, taken: Path) -> None:
    """Copied cell by cell into a fresh file: no name of the row came along."""
    rows = {name: [*GOOD.get(name, ()), *THIRD.get(name, ())] for name in GOOD}
    this_week = filled(taken.with_name("minggu-ini.xlsx"), rows)
    assert told(kec, this_week) == (1, 2, 0)
    assert cases(kec) == 3


def test_a_new_report_typed_over_last_weeks_row_is_asked_about(kec: Posko, taken: Path) -> None:
    fill(taken, {"Laporan": [{"Peristiwa": "Camat membagikan sembako"}]}, taken)
    result = take_in(kec, taken)
    assert (len(result.filed), len(result.again), result.wrong_rows) == (0, 1, 1)
    (wrong,) = result.wrong
    assert "ganti kalimat ini dengan kata BARU" in wrong.reason
    assert result.returned is not None
    back = fill(result.returned, {"Laporan": [{"Perbaikan": "baru"}]}, result.returned)
    assert told(kec, back) == (1, 0, 0)
    assert told(kec, back) == (0, 1, 0)
    assert cases(kec) == 3


def test_what_is_added_to_a_filed_report_is_added_to_its_case(kec: Posko, taken: Path) -> None:
    more: dict[str, list[dict[str, Any]]] = {
        "Saksi": [{"No. isian": "2", "Nama saksi": "Contoh Saksi C"}],
        "Terlapor": [{"No. isian": "2", "Nama terlapor": "Contoh Kepala Sekolah"}],
        "Bukti": [{"No. isian": "2", "Bukti": "Rekaman suara"}],
        "Pelapor": [{"No. isian": "2", "Nama pelapor": "Contoh Pelapor Lain", "Alamat": "RT 09"}],
    }
    fill(taken, more, taken, first=9)
    filed, again, wrong = told(kec, taken)
    # two reporters of one report contradict each other: it goes back with what belongs to it
    assert (filed, again, wrong) == (0, 1, 1)
    book = openpyxl.load_workbook(taken)
    book["Pelapor"].delete_rows(9)
    book.save(taken)
    assert told(kec, taken) == (3, 2, 0)
    assert told(kec, taken) == (0, 2, 0)
    with kec.store.read() as session:
        uid = session.scalars(select(Case.uid).where(Case.title.startswith("Baliho"))).one()
        for table, wanted in ((Witness, 1), (ReportedParty, 2), (Evidence, 2)):
            query = select(func.count()).where(table.case_uid == uid)
            assert session.scalar(query) == wanted
        witness = session.scalars(select(Witness).where(Witness.case_uid == uid)).one()
    assert reveal(kec, uid, "mengundang saksi", witness.uid).name == "Contoh Saksi C"


def test_a_row_with_a_lost_number_finds_its_case_later(kec: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", changed("Saksi", 3, **{"No. isian": "9"}))
    result = take_in(kec, path)
    assert (len(result.filed), result.wrong_rows) == (2, 1)
    assert result.returned is not None
    back = fill(result.returned, {"Saksi": [{"No. isian": "1"}]}, result.returned)
    assert told(kec, back) == (1, 0, 0)
    with kec.store.read() as session:
        uid = session.scalars(select(Case.uid).where(Case.title.startswith("Kepala"))).one()
        late = session.scalars(select(Witness).where(Witness.alias == "Saksi 2")).one()
    assert late.case_uid == uid
    assert reveal(kec, uid, "mengundang saksi", late.uid).name == "Contoh Saksi B"


@settings(max_examples=8)
@given(
    steps=st.lists(st.sampled_from(["sort", "copy", "drop key", "look"]), max_size=4),
    seed=st.integers(0),
)
def test_whatever_a_clerk_does_between_two_visits(
    once: tuple[Posko, Path], steps: list[str], seed: int
) -> None:
    posko, path = once
    book = openpyxl.load_workbook(path)
    for number, step in enumerate(steps):
        for name in ("Laporan", "Pelapor", "Terlapor", "Saksi", "Bukti"):
            sheet = book[name]
            if step == "sort":
                shuffled(sheet, seed + number)
            elif step == "copy":
                for column in range(1, sheet.max_column + 1):
                    sheet.cell(30 + number, column).value = sheet.cell(2, column).value
            elif step == "drop key" and sheet.cell(1, 1).value == KEY:
                for row in range(2, sheet.max_row + 1):
                    sheet.cell(row, 1).value = None
    played = path.with_name("dimainkan.xlsx")
    book.save(played)
    result = take_in(posko, played)
    assert result.filed == ()
    assert cases(posko) == 2


@pytest.fixture(scope="module")
def once(prepared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An office that took in one workbook, for histories that must not change it."""
    import shutil

    from posko_app.app import open_office
    from tests.conftest import FixedClock
    from tests.factory import PASSWORD

    folder = tmp_path_factory.mktemp("sekali")
    shutil.copytree(prepared("kecamatan"), folder / "kantor")
    (folder / "a.txt").write_text("foto")
    posko = open_office(folder / "kantor", "petugas", PASSWORD, clock=FixedClock())
    path = filled(folder / "isian.xlsx", GOOD)
    assert len(take_in(posko, path).filed) == 2
    yield posko, path
    posko.close()
