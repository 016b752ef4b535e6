"""The other sheets: findings, tips, what happened in cases, prevention work, and nothing at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.coverage import coverage
from posko_app.cases.intake import file_report
from posko_app.cases.outreach import files_of
from posko_app.cases.pledge import pledge_view, pledges
from posko_app.cases.prevention import activities
from posko_app.data.tables import AuditEntry, Case, CoverageEntry, Event
from posko_app.exchange.intake_book import IntakeResult, take_in
from tests.factory import new_report
from tests.filled_books import filled, lines_of, reply_rows

FINDING = {
    "No. isian": "T1",
    "Peristiwa": "ASN membagikan stiker",
    "Nama penemu": "Contoh Pengawas Empat",
    "Jabatan penemu": "Panwaslu Kelurahan/Desa",
    "Nomor LHP": "004/LHP/PM.01.02/X/2024",
    "Tanggal LHP": "14-10-2024",
    "Tanggal ditemukan": "14-10-2024",
    "Tanggal pleno": "15-10-2024",
    "Tanggal dicatat": "15-10-2024",
    "Tanggal kejadian": "13-10-2024",
    "Tempat kejadian": "Pasar Contoh",
    "Uraian singkat kejadian": "ASN membagikan stiker kepada pedagang.",
}
TIP = {"No. isian": "I1", "Informasi": "Kabar pembagian sembako", "Tanggal diterima": "15-10-2024"}
ACTIVITY = {
    "Tanggal": "10-10-2024",
    "Bentuk": "Pendidikan",
    "Jenis kegiatan": "Sosialisasi",
    "Nama kegiatan": "Sosialisasi netralitas perangkat desa",
    "Jumlah peserta": "1.045",
    "Nama berkas": "foto1.jpg",
}
SPREAD = {"Bahan": "Spanduk", "Kegiatan": "Dipasang", "Jumlah": 2, "Tanggal": "10-10-2024"}
PLEDGE = {"Tanggal ikrar": "10-10-2024", "Nama ikrar": "Ikrar netralitas Kecamatan Kurun"}
NIL = {
    "Dari tanggal": "01-10-2024",
    "Sampai tanggal": "07-10-2024",
    "Yang nihil": "Laporan, temuan, dan informasi awal",
    "Petugas": "Contoh Petugas",
}


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "Foto"
    folder.mkdir()
    for name in ("foto1.jpg", "foto2.jpg"):
        (folder / name).write_bytes(b"\xff\xd8\xff\xe0" + name.encode() * 99)
    return tmp_path


def taken(posko: Posko, folder: Path, rows: dict[str, list[dict[str, Any]]]) -> IntakeResult:
    return take_in(posko, filled(folder / "isian.xlsx", rows, posko, "62.10.02"))


def test_findings_and_tips_get_their_numbers(kab: Posko, tmp_path: Path) -> None:
    rows = {
        "Temuan": [FINDING],
        "Informasi awal": [TIP, {**TIP, "No. isian": "I2", "Informasi": "Kabar lain"}],
        "Terlapor": [{"No. isian": "T1", "Nama terlapor": "Contoh ASN", "Golongan": "PNS"}],
        "Pelapor": [{"No. isian": "I2", "Nama pelapor": "Contoh Pengirim"}],
    }
    result = taken(kab, tmp_path, rows)
    assert [row.number.split("/")[1] for row in result.filed] == ["TM", "IA", "IA"]
    with kab.store.read() as session:
        kinds = session.scalars(select(Case.kind).order_by(Case.id)).all()
        finder = session.scalars(select(Case.finder).where(Case.kind == "finding")).one()
    assert list(kinds) == ["finding", "initial_info", "initial_info"]
    assert finder == "Contoh Pengawas Empat"


def test_a_finding_in_the_sheet_of_reports_is_told_where_it_belongs(
    kab: Posko, tmp_path: Path
) -> None:
    rows = {"Laporan": [{"Jenis": "Temuan", "Peristiwa": "x"}]}
    found = {(w.column, w.reason) for w in taken(kab, tmp_path, rows).wrong}
    assert any(column == "Jenis" and "Pilih dari daftar" in reason for column, reason in found)


def test_progress_is_recorded_on_open_cases(kab: Posko, photos: Path) -> None:
    filed = file_report(kab, new_report())
    rows = {
        "Perkembangan": [
            {"Tanggal": "15-10-2024", "Keterangan": "Terlapor didatangi.", "Nama berkas": "foto1"},
        ]
    }
    path = filled(photos / "isian.xlsx", rows, kab, "62.10.02")
    (row,) = [r for r in lines_of(path, "Perkembangan") if "Keterangan" in r]
    assert row["Nomor perkara"] == filed.number, "it stood in the workbook already"
    assert (row["Perkara"], row["Tahap"]) == (new_report().title, "Kajian awal")
    result = take_in(kab, path)
    assert [r.number for r in result.filed] == [filed.number]
    view = case_view(kab, filed.uid)
    assert "Terlapor didatangi." in {event.note for event in view.events}
    assert view.evidence[-1].file_name == "foto1.jpg"
    assert len(take_in(kab, path).again) == 1
    assert len(case_view(kab, filed.uid).events) == len(view.events)
    assert result.reply is not None
    assert [line["Nomor"] for line in reply_rows(result.reply)] == [filed.number]


def test_untouched_prepared_rows_are_no_rows(kab: Posko, tmp_path: Path) -> None:
    file_report(kab, new_report())
    result = taken(kab, tmp_path, {"Nihil": [{**NIL, "Yang nihil": "Kegiatan pencegahan"}]})
    assert [row.sheet for row in result.filed] == ["Nihil"]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ({"Nomor perkara": "999/TIDAK/ADA"}, "Nomor perkara", "tidak ditemukan"),
        ({"Perkembangan": "Perbaikan diterima"}, "Perkembangan", ""),
        ({"Tanggal": "16-10-2024"}, "Tanggal", "setelah hari ini"),
        ({"Keterangan": "Contoh Pelapor Satu menelepon."}, "Keterangan", "Tulis Pelapor"),
        ({"Nama berkas": "tidak-ada.jpg"}, "Nama berkas", "tidak ada"),
    ],
)
def test_wrong_progress_is_told(
    kab: Posko, tmp_path: Path, row: dict[str, Any], column: str, words: str
) -> None:
    filed = file_report(kab, new_report())
    base = {"Nomor perkara": filed.number, "Tanggal": "15-10-2024", "Keterangan": "Catatan."}
    result = taken(kab, tmp_path, {"Perkembangan": [{**base, **row}]})
    assert (result.filed, result.wrong_rows) == ((), 1)
    (wrong,) = result.wrong
    assert (wrong.column, words in wrong.reason) == (column, True)
    with kab.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 1


def test_rows_that_exclude_each_other_cost_only_the_later_one(kab: Posko, tmp_path: Path) -> None:
    """Each could be filed alone; after the first the second no longer can."""
    filed = file_report(kab, new_report())
    step = {"Nomor perkara": filed.number, "Tanggal": "15-10-2024"}
    rows = {
        "Perkembangan": [
            {**step, "Perkembangan": "Pencabutan diterima", "Keterangan": "Dicabut."},
            {**step, "Perkembangan": "Pencabutan diterima", "Keterangan": "Dicabut lagi."},
            {**step, "Keterangan": "Sudah dicatat di buku."},
        ]
    }
    result = taken(kab, tmp_path, rows)
    assert [row.row for row in result.filed] == [2, 4]
    assert {(wrong.sheet, wrong.row) for wrong in result.wrong} == {("Perkembangan", 3)}
    notes = [event.note for event in case_view(kab, filed.uid).events]
    assert sorted(filter(None, notes)) == ["Dicabut.", "Sudah dicatat di buku."]


def test_prevention_work_is_logged_with_its_photo(kab: Posko, photos: Path) -> None:
    odd = {**ACTIVITY, "Jenis kegiatan": "Arisan"}
    result = taken(kab, photos, {"Pencegahan": [ACTIVITY, odd]})
    assert [(w.row, w.column) for w in result.wrong] == [(3, "Jenis kegiatan")]
    (first,) = activities(kab)
    assert (first.participants, first.region_code) == (1045, "62.10.02")
    assert [file.name for file in files_of(kab, result.filed[0].uid)] == ["foto1.jpg"]


def test_villages_stand_in_the_sheet_and_follow_their_subdistrict(
    kab: Posko, tmp_path: Path
) -> None:
    rows = {"Sebaran desa": [SPREAD, {**SPREAD, "Jumlah": "dua"}, {**SPREAD, "Bahan": "Brosur"}]}
    result = taken(kab, tmp_path, rows)
    assert (len(result.filed), result.wrong_rows) == (2, 1)
    assert [(w.row, w.column) for w in result.wrong] == [(3, "Jumlah")]
    totals = {total.item: total.pieces for total in coverage(kab, "62.10.02").totals}
    assert totals["banner"] == {"installed": 2}
    again = taken(kab, tmp_path, {"Sebaran desa": [SPREAD]})
    assert (len(again.filed), len(again.again)) == (0, 1), "the same work in a new workbook"
    with kab.store.read() as session:
        assert session.scalar(select(func.count()).select_from(CoverageEntry)) == 2


def test_a_pledge_gathers_its_rows(kab: Posko, tmp_path: Path) -> None:
    rows = {
        "Ikrar": [
            {**PLEDGE, "Nama penanda tangan": "Contoh Camat", "Jabatan": "Camat",
             "NIP": "198604122010011012", "Kehadiran": "Hadir"},
            {**PLEDGE, "Nama ikrar": "IKRAR netralitas Kecamatan Kurun", "Jabatan": "Lurah Contoh",
             "Kehadiran": "Diwakili", "Diwakili oleh": "Contoh Sekretaris"},
            {**PLEDGE, "Nama penanda tangan": "Contoh Kades", "NIP": "123"},
            {**PLEDGE},
        ]
    }  # fmt: skip
    result = taken(kab, tmp_path, rows)
    assert (len(result.filed), result.wrong_rows) == (2, 2)
    assert {(w.row, w.column) for w in result.wrong} == {(4, "NIP"), (5, "Jabatan")}
    (pledge,) = pledges(kab)
    assert (pledge.done, pledge.total.present, pledge.total.represented) == (True, 1, 1)
    view = pledge_view(kab, pledge.uid)
    assert [line.represented_by for line in view.signatories] == ["", "Contoh Sekretaris"]
    assert len(view.points) == 4
    more = {**PLEDGE, "Nama penanda tangan": "Contoh Camat", "Jabatan": "Camat",
            "NIP": "198604122010011012", "Keterangan": "ditulis lagi"}  # fmt: skip
    again = taken(kab, tmp_path, {"Ikrar": [more]})
    assert (len(again.filed), len(again.again)) == (0, 1), (
        "who is on the roster is not invited twice"
    )
    assert len(pledges(kab)) == 1


def test_nothing_to_report_is_kept_in_the_journal(kab: Posko, tmp_path: Path) -> None:
    result = taken(kab, tmp_path, {"Nihil": [NIL]})
    with kab.store.read() as session:
        (line,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "intake.nil"))
    detail = json.loads(line.body)
    assert (detail["office"], detail["since"]) == ("62.10.02", "2024-10-01")
    assert line.entity_uid == result.filed[0].uid
    assert len(taken(kab, tmp_path, {"Nihil": [NIL]}).again) == 1


def test_nothing_to_report_contradicts_a_report(kab: Posko, tmp_path: Path) -> None:
    busy, backwards = {"Sampai tanggal": "15-10-2024"}, {"Dari tanggal": "09-10-2024"}
    rows = {"Nihil": [{**NIL, **busy}, {**NIL, **backwards}], "Informasi awal": [TIP]}
    result = taken(kab, tmp_path, rows)
    found = {(w.row, w.column) for w in result.wrong}
    assert found == {(2, "Yang nihil"), (3, "Sampai tanggal")}
    assert [row.sheet for row in result.filed] == ["Informasi awal"]
