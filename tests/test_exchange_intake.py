"""The blank workbook: filled right it becomes numbered reports, filled wrong it changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases.identity import reveal
from posko_app.data.tables import Case, Evidence, ReportedParty, Witness
from posko_app.errors import UserError
from posko_app.exchange.blank import GUIDE, write_template
from posko_app.exchange.check import check_resources
from posko_app.exchange.intake_book import IntakeErrors, read_intake, take_in
from posko_app.exchange.intake_layout import intake_layout, load_intake_layout
from posko_app.paths import resource

Rows = Mapping[str, list[dict[str, Any]]]

GOOD: dict[str, list[dict[str, Any]]] = {
    "Laporan": [
        {
            "No. isian": "1",
            "Peristiwa": "Kepala desa ikut kampanye",
            "Tempat kejadian": "Balai desa Contoh",
            "Wilayah kejadian": "62.10.02",
            "Tanggal kejadian": "13-10-2024",
            "Jam kejadian": "19.30",
            "Tanggal diketahui": "14/10/2024",
            "Uraian singkat kejadian": "Terlapor berdiri di panggung dan mengajak memilih.",
            "Tema dugaan": "Netralitas kepala desa dan perangkat desa",
            "Cara melapor": "Datang langsung",
            "Dilaporkan di": "Kantor Panwaslu",
            "Tanggal lapor": dt.date(2024, 10, 15),
            "Jam lapor": dt.time(9, 30),
            "Kedudukan pelapor": "Pemilih (WNI yang punya hak pilih)",
            "Lewat kuasa": "Tidak",
            "Pernyataan ditandatangani": "Ya",
        },
        {
            "No. isian": 2,
            "Peristiwa": "Baliho di halaman sekolah",
            "Tempat kejadian": "SDN Contoh",
            "Tanggal kejadian": "2024-10-12",
            "Tanggal diketahui": "12-10-2024",
            "Uraian singkat kejadian": "Baliho berdiri sejak Sabtu.",
            "Dilaporkan di": "Kantor Panwaslu",
            "Tanggal lapor": "15-10-2024",
            "Jam lapor": "10:05",
        },
    ],
    "Pelapor": [
        {
            "No. isian": "1",
            "Nama pelapor": "Contoh Pelapor Tiga",
            "NIK": "6210015207880001",
            "Alamat": "RT 01 Desa Contoh",
            "No. telepon/HP": "081255550123",
        },
        {"No. isian": "2", "Nama pelapor": "Contoh Pelapor Empat", "Alamat": "RT 02 Desa Contoh"},
    ],
    "Terlapor": [
        {"No. isian": "1", "Nama terlapor": "Contoh Kades", "Golongan": "Kepala desa"},
        {"No. isian": "1", "Nama terlapor": "Contoh Sekdes", "Golongan": "Perangkat desa"},
        {"No. isian": "2", "Nama terlapor": "Belum diketahui"},
    ],
    "Saksi": [
        {"No. isian": "1", "Nama saksi": "Contoh Saksi A"},
        {"No. isian": "1", "Nama saksi": "Contoh Saksi B"},
    ],
    "Bukti": [
        {"No. isian": "1", "Bukti": "Foto panggung", "Jenis bukti": "Foto", "Nama berkas": "a.txt"},
        {"No. isian": "2", "Bukti": "Foto baliho"},
    ],
}


def filled(path: Path, rows: Rows) -> Path:
    """The blank workbook filled in as somebody would in a spreadsheet program."""
    blank = path.with_name("kosong.xlsx")
    write_template(None, blank)
    book = openpyxl.load_workbook(blank)
    for name, lines in rows.items():
        sheet = book[name]
        places = {cell.value: cell.column for cell in sheet[1]}
        for number, line in enumerate(lines, 2):
            for heading, value in line.items():
                sheet.cell(number, places[heading]).value = value
    book.save(path)
    return path


def changed(sheet: str, row: int, **cells: Any) -> dict[str, list[dict[str, Any]]]:
    """GOOD with some cells of one row changed; `_` in names stands for a space."""
    rows = {name: [dict(line) for line in lines] for name, lines in GOOD.items()}
    rows[sheet][row - 2] |= {name.replace("_", " "): value for name, value in cells.items()}
    return rows


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A folder with the evidence file that GOOD names."""
    (tmp_path / "a.txt").write_text("foto")
    return tmp_path


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


def problems(posko: Posko, path: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(IntakeErrors) as caught:
        take_in(posko, path)
    with posko.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0
    return [(r.sheet, r.row, r.column) for r in caught.value.rows]


def test_a_right_file_becomes_numbered_reports(kec: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", GOOD)
    reports = read_intake(kec, path)
    assert [len(r.reported) for r in reports] == [2, 1]
    filed = take_in(kec, path)
    assert len(filed) == 2
    assert all(f.number for f in filed)
    with kec.store.read() as session:
        first = session.scalars(select(Case).where(Case.uid == filed[0].uid)).one()
        parties = session.scalars(select(ReportedParty.name).order_by(ReportedParty.id)).all()
        witnesses = session.scalars(select(Witness.alias)).all()
        evidence = session.scalars(select(Evidence).order_by(Evidence.id)).all()
    assert (first.event_on, first.event_time) == (dt.date(2024, 10, 13), "19:30")
    assert (first.filed_on, first.filed_time) == (dt.date(2024, 10, 15), "09:30")
    assert (first.theme, first.region_code) == ("village_neutrality", "62.10.02")
    assert (first.known_on, first.reporter_capacity) == (dt.date(2024, 10, 14), "voter")
    assert (first.statement_given, first.by_proxy) == (True, False)
    assert parties == ["Contoh Kades", "Contoh Sekdes", "Belum diketahui"]
    assert witnesses == ["Saksi 1", "Saksi 2"]
    assert [(e.file_name, bool(e.sha256)) for e in evidence] == [("a.txt", True), ("", False)]
    person = reveal(kec, first.uid, "menghubungi pelapor")
    assert (person.name, person.nik) == ("Contoh Pelapor Tiga", "6210015207880001")


def test_sorted_rows_moved_columns_and_capital_headings_are_read(kec: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", GOOD)
    book = openpyxl.load_workbook(path)
    sheet = book["Terlapor"]
    sheet.insert_cols(1)
    sheet["A1"] = "Catatan saya"
    sheet.insert_rows(2)
    for cell in sheet[1]:
        cell.value = cell.value and str(cell.value).upper()
    book.save(path)
    assert [len(r.reported) for r in read_intake(kec, path)] == [2, 1]


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        (changed("Pelapor", 2, NIK=6210015207880001), ("Pelapor", 2, "NIK"), "sebagai angka"),
        (changed("Pelapor", 2, NIK="62100152"), ("Pelapor", 2, "NIK"), "16 angka"),
        (changed("Terlapor", 3, NIP=1.98604122010011e17), ("Terlapor", 3, "NIP"), "sebagai angka"),
        (
            changed("Laporan", 2, Tanggal_kejadian="kemarin"),
            ("Laporan", 2, "Tanggal kejadian"),
            "15-10-2024",
        ),
        (
            changed("Laporan", 2, Tanggal_kejadian="31-02-2024"),
            ("Laporan", 2, "Tanggal kejadian"),
            "tidak ada",
        ),
        (
            changed("Laporan", 2, Tanggal_kejadian=dt.date(2031, 1, 1)),
            ("Laporan", 2, "Tanggal kejadian"),
            "setelah hari ini",
        ),
        (changed("Laporan", 2, Jam_lapor="25.99"), ("Laporan", 2, "Jam lapor"), "09.30"),
        (
            changed("Laporan", 3, Tema_dugaan="Asal-asalan"),
            ("Laporan", 3, "Tema dugaan"),
            "Pilih dari daftar",
        ),
        (
            changed("Laporan", 2, Wilayah_kejadian="62.99.99"),
            ("Laporan", 2, "Wilayah kejadian"),
            "tidak dikenal",
        ),
        (changed("Laporan", 3, **{"No. isian": "1"}), ("Laporan", 3, "No. isian"), "dua kali"),
        (changed("Saksi", 3, **{"No. isian": "9"}), ("Saksi", 3, "No. isian"), "tidak ada"),
        (changed("Pelapor", 3, **{"No. isian": "1"}), ("Pelapor", 3, "No. isian"), "sudah punya"),
        (changed("Laporan", 2, Peristiwa=None), ("Laporan", 2, "Peristiwa"), "Isi peristiwa"),
        (changed("Laporan", 2, Peristiwa="=1+1"), ("Laporan", 2, "Peristiwa"), "rumus"),
        (changed("Bukti", 2, Nama_berkas="../a.txt"), ("Bukti", 2, "Nama berkas"), "tanpa folder"),
        (changed("Bukti", 2, Nama_berkas="b.txt"), ("Bukti", 2, "Nama berkas"), "folder yang sama"),
        (
            changed("Bukti", 2, Bukti="Foto dari Contoh Pelapor Tiga"),
            ("Bukti", 2, "Bukti"),
            "Tulis Pelapor saja",
        ),
        (changed("Laporan", 2, Lewat_kuasa="mungkin"), ("Laporan", 2, "Lewat kuasa"), "Ya atau"),
    ],
    ids=lambda value: value[2] if isinstance(value, tuple) else "",
)
def test_each_mistake_is_named_by_sheet_row_and_column(
    rows: Rows, place: tuple[str, int, str], words: str, kec: Posko, beside: Path
) -> None:
    path = filled(beside / "isian.xlsx", rows)
    with pytest.raises(IntakeErrors) as caught:
        take_in(kec, path)
    found = {(r.sheet, r.row, r.column): r.reason for r in caught.value.rows}
    assert words in found[place]
    assert "Data Anda tidak berubah" in caught.value.message
    with kec.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_all_mistakes_come_at_once(kec: Posko, beside: Path) -> None:
    rows = changed("Laporan", 2, Tanggal_kejadian="x", Jam_lapor="y", Peristiwa=None)
    rows["Pelapor"][1]["NIK"] = 12345
    rows["Terlapor"] = rows["Terlapor"][:2]
    found = problems(kec, filled(beside / "isian.xlsx", rows))
    assert found == [
        ("Laporan", 2, "Peristiwa"),
        ("Laporan", 2, "Tanggal kejadian"),
        ("Laporan", 2, "Jam lapor"),
        ("Laporan", 3, "Nama terlapor"),
        ("Pelapor", 3, "NIK"),
    ]


def test_an_empty_or_foreign_workbook_is_refused(kec: Posko, beside: Path) -> None:
    assert problems(kec, filled(beside / "isian.xlsx", {})) == [("Laporan", 2, "No. isian")]
    other = beside / "lain.xlsx"
    openpyxl.Workbook().save(other)
    with pytest.raises(UserError, match="bukan isian laporan Posko"):
        take_in(kec, other)
    with pytest.raises(UserError, match="tidak ditemukan"):
        take_in(kec, beside / "tidak-ada.xlsx")
    book = openpyxl.load_workbook(filled(beside / "kurang.xlsx", GOOD))
    del book["Bukti"]
    book["Laporan"].delete_cols(3)
    book.save(beside / "kurang.xlsx")
    found = problems(kec, beside / "kurang.xlsx")
    assert ("Laporan", 1, "Peristiwa") in found
    assert ("Bukti", 1, "") in found


def test_the_blank_workbook_offers_lists_notes_and_a_guide(posko: Posko, tmp_path: Path) -> None:
    write_template(posko, tmp_path / "isian.xlsx")
    book = openpyxl.load_workbook(tmp_path / "isian.xlsx")
    assert book.sheetnames[:6] == [GUIDE, "Laporan", "Pelapor", "Terlapor", "Saksi", "Bukti"]
    guide = " ".join(str(c.value) for row in book[GUIDE].iter_rows() for c in row if c.value)
    assert posko.office.name in guide
    assert "LATIHAN" in guide
    sheet = book["Laporan"]
    assert sheet.freeze_panes == "B2"
    assert len(sheet.data_validations.dataValidation) >= 7
    assert any(cell.comment for cell in sheet[1])
    headings = {cell.value for name in book.sheetnames[1:6] for cell in book[name][1]}
    for needed in ("Peristiwa", "NIK", "Nama terlapor", "Nama saksi", "Bukti", "Jam lapor"):
        assert needed in headings


def test_layout_mistakes_are_found(tmp_path: Path) -> None:
    assert check_resources() == []
    text = resource("exchange", "intake.toml").read_text("utf-8")
    broken = tmp_path / "rusak.toml"
    broken.write_text(text.replace('type = "nik"', 'type = "ktp"', 1), "utf-8")
    with pytest.raises(ValueError, match="ktp"):
        load_intake_layout(broken)
    broken.write_text(text.replace('heading = "Peristiwa"', 'heading = "Jenis"', 1), "utf-8")
    with pytest.raises(ValueError, match="twice"):
        load_intake_layout(broken)


def test_every_intake_field_exists(posko: Posko) -> None:
    from dataclasses import fields

    from posko_app.cases.report import EvidenceInput, NewReport, PersonInput, ReportedInput

    kinds = {
        "report": NewReport,
        "reporter": PersonInput,
        "reported": ReportedInput,
        "witness": PersonInput,
        "evidence": EvidenceInput,
    }
    for sheet in intake_layout().sheets:
        known = {f.name for f in fields(kinds[sheet.part])} | {"link", "file"}  # type: ignore[arg-type]
        assert {c.field for c in sheet.columns} <= known
