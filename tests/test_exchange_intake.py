"""A filled blank workbook: right rows become reports, each mistake is named by its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases.identity import reveal
from posko_app.data.tables import Case, Evidence, ReportedParty, Witness
from posko_app.errors import UserError
from posko_app.exchange.intake_book import IntakeResult, check_in, take_in
from posko_app.exchange.intake_layout import SHEET
from tests.filled_books import GOOD, Rows, changed, filled


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A folder with the evidence file that GOOD names."""
    (tmp_path / "a.txt").write_text("foto")
    return tmp_path


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


def count(posko: Posko, table: type = Case) -> int:
    with posko.store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def places(result: IntakeResult) -> list[tuple[str, int, str]]:
    return [(w.sheet, w.row, w.column) for w in result.wrong]


def test_a_right_file_becomes_numbered_reports(kec: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", GOOD)
    looked = check_in(kec, path)
    assert (len(looked.filed), looked.wrong_rows, looked.applied) == (2, 0, False)
    assert count(kec) == 0
    result = take_in(kec, path)
    assert [row.number.split("/")[0] for row in result.filed] == ["001", "002"]
    assert (result.returned, result.wrong) == (None, ())
    with kec.store.read() as session:
        first = session.scalars(select(Case).where(Case.uid == result.filed[0].uid)).one()
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


def test_right_rows_are_filed_while_wrong_ones_wait(kec: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", changed("Laporan", 2, Tanggal_kejadian="31-02-2024"))
    result = take_in(kec, path)
    assert [row.title for row in result.filed] == ["Baliho di halaman sekolah"]
    assert result.wrong_rows == 1
    assert places(result) == [("Laporan", 2, "Tanggal kejadian")]
    assert count(kec) == 1
    assert count(kec, Witness) == 0, "the witnesses belong to the row that waits"


def test_photos_lie_beside_the_workbook_or_in_a_folder_there(kec: Posko, tmp_path: Path) -> None:
    rows = changed("Bukti", 2, Nama_berkas="img_2041")
    path = filled(tmp_path / "isian.xlsx", rows)
    missing = check_in(kec, path)
    assert places(missing) == [("Bukti", 2, "Nama berkas")]
    assert "di folder Foto" in missing.wrong[0].reason
    (tmp_path / "foto").mkdir()
    (tmp_path / "foto" / "IMG_2041.JPG").write_bytes(b"gambar")
    assert check_in(kec, path).wrong == ()
    (tmp_path / "IMG_2041.png").write_bytes(b"gambar")
    assert "Ada 2 berkas" in check_in(kec, path).wrong[0].reason


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
        (changed("Laporan", 2, Jenis="Temuan"), ("Laporan", 2, "Jenis"), "Pilih dari daftar"),
        (changed("Saksi", 3, **{"No. isian": "9"}), ("Saksi", 3, "No. isian"), "tidak ada"),
        (changed("Pelapor", 3, **{"No. isian": "1"}), ("Pelapor", 3, "No. isian"), "sudah punya"),
        (changed("Laporan", 2, Peristiwa=None), ("Laporan", 2, "Peristiwa"), "Isi peristiwa"),
        (changed("Laporan", 2, Peristiwa="=1+1"), ("Laporan", 2, "Peristiwa"), "rumus"),
        (changed("Bukti", 2, Nama_berkas="../a.txt"), ("Bukti", 2, "Nama berkas"), "tanpa folder"),
        (changed("Bukti", 2, Nama_berkas="b.txt"), ("Bukti", 2, "Nama berkas"), "di samping isian"),
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
    result = check_in(kec, filled(beside / "isian.xlsx", rows))
    found = {(w.sheet, w.row, w.column): w.reason for w in result.wrong}
    assert words in found[place]
    assert result.wrong_rows >= 1
    assert {row.row for row in result.filed if row.sheet == place[0]}.isdisjoint({place[1]})


def test_all_mistakes_come_at_once(kec: Posko, beside: Path) -> None:
    rows = changed("Laporan", 2, Tanggal_kejadian="x", Jam_lapor="y", Peristiwa=None)
    rows["Pelapor"][1]["NIK"] = 12345
    rows["Terlapor"] = rows["Terlapor"][:2]
    result = take_in(kec, filled(beside / "isian.xlsx", rows))
    assert places(result) == [
        ("Laporan", 2, "Peristiwa"),
        ("Laporan", 2, "Jam lapor"),
        ("Laporan", 2, "Tanggal kejadian"),
        ("Laporan", 3, "Nama terlapor"),
        ("Pelapor", 3, "NIK"),
    ]
    assert (result.filed, result.wrong_rows, count(kec)) == ((), 2, 0)


def test_an_empty_or_foreign_workbook_is_refused(kec: Posko, beside: Path) -> None:
    with pytest.raises(UserError, match="masih kosong") as caught:
        take_in(kec, filled(beside / "isian.xlsx", {}))
    assert caught.value.code == "nothing_filled"
    other = beside / "lain.xlsx"
    openpyxl.Workbook().save(other)
    with pytest.raises(UserError, match="bukan isian laporan Posko"):
        take_in(kec, other)
    with pytest.raises(UserError, match="tidak ditemukan"):
        take_in(kec, beside / "tidak-ada.xlsx")


@pytest.mark.parametrize("lost", ["", "sheet", "property"])
def test_a_workbook_for_another_office_is_refused(
    office: Callable[..., Posko], kec: Posko, beside: Path, lost: str
) -> None:
    kab = office("kabupaten")
    path = filled(beside / "isian.xlsx", GOOD, posko=kab, office="62.10.02")
    book = openpyxl.load_workbook(path)
    if lost == "sheet":
        del book[SHEET]
    elif lost == "property":
        for name in list(book.custom_doc_props.names):
            del book.custom_doc_props[name]
    book.save(path)
    for way in (check_in, take_in):
        with pytest.raises(UserError, match=r"dibuat untuk kantor lain \(62\.10\)") as caught:
            way(kec, path)
        assert caught.value.code == "others_template"
    assert count(kec) == 0
    assert sorted(p.name for p in beside.iterdir() if p.is_file()) == [
        "a.txt",
        "isian.xlsx",
        "kosong.xlsx",
    ]
    assert len(take_in(kab, path).filed) == 2


def test_no_answer_is_written_over_another_file(kec: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", changed("Laporan", 3, Jam_lapor="pagi"))
    kept = {beside / f"{kind}_isian.xlsx": kind.encode() for kind in ("Perbaikan", "Balasan")}
    for name, content in kept.items():
        name.write_bytes(content)
    for number in (2, 3):
        result = take_in(kec, path)
        assert result.returned == beside / f"Perbaikan_isian ({number}).xlsx"
        assert result.reply == beside / f"Balasan_isian ({number}).xlsx"
        assert result.returned.exists()
        assert result.reply.exists()
    assert {name: name.read_bytes() for name in kept} == kept


def test_a_lost_sheet_and_a_lost_column_are_told(kec: Posko, beside: Path) -> None:
    book = openpyxl.load_workbook(filled(beside / "kurang.xlsx", GOOD))
    del book["Ikrar"]
    titles = [cell.value for cell in book["Laporan"][1]]
    book["Laporan"].delete_cols(titles.index("Peristiwa") + 1)
    book.save(beside / "kurang.xlsx")
    found = places(check_in(kec, beside / "kurang.xlsx"))
    assert ("Laporan", 1, "Peristiwa") in found
    assert ("Laporan", 2, "Peristiwa") in found
    assert ("Ikrar", 1, "") in found
