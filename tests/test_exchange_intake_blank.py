"""The blank workbook: what its office finds in it, its lists and layout, and LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from posko_app.app import Posko
from posko_app.cases.coverage import NewEntry
from posko_app.cases.intake import file_report
from posko_app.cases.pledge import NewPledge
from posko_app.cases.prevention import NewActivity
from posko_app.cases.report import EvidenceInput, NewReport, PersonInput, ReportedInput
from posko_app.cases.roster import RosterRow
from posko_app.cases.steps import NewStep
from posko_app.errors import UserError
from posko_app.exchange.blank import GUIDE, write_template
from posko_app.exchange.check import check_resources
from posko_app.exchange.intake_book import take_in
from posko_app.exchange.intake_layout import KEY, PARTS, intake_layout, load_intake_layout
from posko_app.paths import resource
from tests.factory import REPORTER, new_report
from tests.filled_books import GOOD, changed, fill, filled, lines_of, texts

SOFFICE = shutil.which("soffice")
SMALL = 120_000  # bytes: what a phone opens at once


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


def lists(path: Path, sheet: str) -> dict[str, str]:
    """The sources of the drop-downs of a sheet by heading."""
    book = openpyxl.load_workbook(path)[sheet]
    found = {}
    for rule in book.data_validations.dataValidation:
        first = str(rule.sqref).split(":")[0]
        found[str(book[f"{first.rstrip('0123456789')}1"].value)] = rule.formula1
    return found


def test_it_offers_lists_notes_and_a_guide(kab: Posko, tmp_path: Path) -> None:
    path = tmp_path / "isian.xlsx"
    write_template(kab, path)
    book = openpyxl.load_workbook(path)
    names = [sheet.name for sheet in intake_layout().sheets]
    assert book.sheetnames[: 1 + len(names)] == [GUIDE, *names]
    guide = " ".join(str(c.value) for row in book[GUIDE].iter_rows() for c in row if c.value)
    assert kab.office.name in guide
    assert "LATIHAN" in guide
    sheet = book["Laporan"]
    assert [cell.value for cell in sheet[1]][:3] == [KEY, "Perbaikan", "No. isian"]
    assert (sheet.column_dimensions["A"].hidden, sheet.column_dimensions["B"].hidden) == (True,) * 2
    assert sheet.freeze_panes == "D2"
    assert len(sheet.data_validations.dataValidation) >= 7
    assert any(cell.comment for cell in sheet[1])
    assert path.stat().st_size < SMALL


def test_it_is_made_for_one_office(kab: Posko, tmp_path: Path) -> None:
    here = file_report(kab, new_report(region_code="62.10.02"))
    there = file_report(kab, new_report(title="Di tempat lain", region_code="62.10.01"))
    path = tmp_path / "isian.xlsx"
    write_template(kab, path, "62.10.02")
    cases = lines_of(path, "Perkembangan")
    assert [row.get("Nomor perkara") for row in cases if "Tahap" in row] == [here.number]
    assert lists(path, "Perkembangan")["Nomor perkara"] == f'"{here.number}"'
    assert there.number not in texts(path)
    assert REPORTER.name not in " ".join(texts(path))
    villages = [row["Desa"] for row in lines_of(path, "Sebaran desa") if "Desa" in row]
    assert len(villages) == 15
    assert {row["Kecamatan"] for row in lines_of(path, "Sebaran desa") if "Desa" in row} == {
        "Kurun"
    }
    with pytest.raises(UserError, match="bukan kantor di bawah"):
        write_template(kab, tmp_path / "lain.xlsx", "63.01")
    assert not (tmp_path / "lain.xlsx").exists()


def test_a_case_that_came_by_workbook_stands_in_the_next_one(kab: Posko, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("foto")
    result = take_in(kab, filled(tmp_path / "isian.xlsx", GOOD, kab, "62.10.02"))
    write_template(kab, tmp_path / "berikut.xlsx", "62.10.02")
    told = [row["Nomor perkara"] for row in lines_of(tmp_path / "berikut.xlsx", "Perkembangan")
            if "Tahap" in row]  # fmt: skip
    assert sorted(told) == sorted(row.number for row in result.filed)


def test_lists_follow_the_column_before(kab: Posko, tmp_path: Path) -> None:
    """Kecamatan narrows Desa, Bentuk narrows Jenis kegiatan; the word chosen finds its rows."""
    path = tmp_path / "isian.xlsx"
    write_template(kab, path, "62.10")
    book = openpyxl.load_workbook(path)
    hidden = book["_daftar"]
    columns = [[cell.value for cell in column if cell.value] for column in hidden.iter_cols()]
    for sheet, heading, above, words in (
        ("Sebaran desa", "Desa", "Kurun", 15),
        ("Pencegahan", "Jenis kegiatan", "Publikasi", 4),
    ):
        formula = lists(path, sheet)[heading]
        assert formula.startswith("OFFSET(_daftar!$")
        assert len(formula) <= 255
        start = formula.removeprefix("OFFSET(_daftar!$").partition("$")[0]
        below = columns[openpyxl.utils.column_index_from_string(start) - 1]
        parents = columns[openpyxl.utils.column_index_from_string(start) - 2]
        places = [n for n, word in enumerate(parents) if word == above]
        assert len(places) == words
        assert places == list(range(places[0], places[0] + words)), "equal words lie together"
        assert len(below) == len(parents)
    assert book["Laporan"]["A1"].data_type == "s"
    for sheet in book.worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_every_workbook_has_names_of_its_own(kab: Posko, tmp_path: Path) -> None:
    names: list[str] = []
    for number in range(2):
        path = tmp_path / f"{number}.xlsx"
        write_template(kab, path, "62.10.02")
        names += [row[KEY] for sheet in intake_layout().sheets
                  for row in lines_of(path, sheet.name)]  # fmt: skip
    assert len(names) == len(set(names)) > 500


def test_layout_mistakes_are_found(tmp_path: Path) -> None:
    assert check_resources() == []
    text = resource("exchange", "intake.toml").read_text("utf-8")
    broken = tmp_path / "rusak.toml"
    for was, becomes, said in (
        ('type = "nik"', 'type = "ktp"', "ktp"),
        ('heading = "Peristiwa"', 'heading = "Jenis"', "twice"),
        ('under = "kind"', 'under = "bentuk"', "bentuk"),
        ('tab = "B3261E"', 'tab = "merah"', "no colour"),
        ('part = "nil"', 'part = "nothing"', "sheets must be"),
    ):
        assert was in text
        broken.write_text(text.replace(was, becomes, 1), "utf-8")
        with pytest.raises(ValueError, match=said):
            load_intake_layout(broken)


def test_every_field_of_every_sheet_exists() -> None:
    kinds: dict[str, tuple[type, ...]] = {
        **dict.fromkeys(("report", "finding", "tip"), (NewReport,)),
        **dict.fromkeys(("reporter", "witness"), (PersonInput,)),
        "reported": (ReportedInput,),
        "evidence": (EvidenceInput,),
        "progress": (NewStep,),
        "prevention": (NewActivity,),
        "coverage": (NewEntry,),
        "pledge": (NewPledge, RosterRow),
    }
    extra = {
        "evidence": {"file"},
        "progress": {"case", "title", "stage", "due", "file"},
        "prevention": {"file"},
        "coverage": {"subdistrict", "village", "file"},
        "pledge": {"attendance", "represented_by"},
    }
    for part in PARTS:
        if part == "nil":
            continue
        known = {field.name for kind in kinds[part] for field in fields(kind)}
        sheet = intake_layout().sheet(part)
        asked = {c.field for c in sheet.columns} - {"link"} - extra.get(part, set())
        assert asked <= known, part


def test_identity_stands_on_marked_sheets_alone() -> None:
    secret = {"nik", "birth_place", "birth_on", "email", "sex", "citizenship", "occupation"}
    for sheet in intake_layout().sheets:
        asked = {c.field for c in sheet.columns}
        assert sheet.identity == (sheet.part in ("reporter", "witness"))
        assert sheet.identity or not secret & asked, sheet.name


def converted(path: Path, kind: str, folder: Path) -> Path:
    """A workbook saved by LibreOffice in another format."""
    assert SOFFICE is not None
    folder.mkdir(exist_ok=True)
    profile = (path.parent / "lo").as_uri()
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind,
         "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder / f"{path.stem}.{kind}"


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice Calc is not installed")
def test_saved_by_libreoffice_it_is_the_same_workbook(kab: Posko, tmp_path: Path) -> None:
    """Through ods and back: names of rows, lists that follow, the wrong row, and back again."""
    (tmp_path / "a.txt").write_text("foto")
    rows: dict[str, list[dict[str, Any]]] = changed("Laporan", 3, Tanggal_kejadian="31-02-2024")
    path = filled(tmp_path / "isian.xlsx", rows, kab, "62.10.02")
    ods = converted(path, "ods", tmp_path / "ods")
    with zipfile.ZipFile(ods) as content:
        told = content.read("content.xml").decode()
    assert "cell-content-is-in-list(OFFSET(" in told, "the lists still follow"
    again = shutil.copy(converted(ods, "xlsx", tmp_path / "x"), tmp_path / "isian.xlsx")
    result = take_in(kab, Path(again))
    assert (result.office, len(result.filed), result.wrong_rows) == ("62.10.02", 1, 1)
    assert result.returned is not None
    back = converted(result.returned, "xlsx", tmp_path / "y")
    sheet = openpyxl.load_workbook(back)["Laporan"]
    places = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, places["Tanggal kejadian"]).fill.fgColor.rgb == "FFF6C4BF"
    mended = fill(back, {"Laporan": [{"Tanggal kejadian": "14-10-2024"}]}, back)
    assert len(take_in(kab, mended).filed) == 1
    assert take_in(kab, path).filed == ()
