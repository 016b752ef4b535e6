"""What the sender gets back: red cells, a word to each, no identity; and a reply as values."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases.identity import reveal
from posko_app.cases.report import PersonInput
from posko_app.cases.silence import found
from posko_app.data.tables import Case, HeldIdentity
from posko_app.errors import UserError
from posko_app.exchange.intake_book import check_in, take_in
from posko_app.exchange.intake_layout import intake_layout
from posko_app.exchange.intake_sheets.entries import Entry
from posko_app.exchange.intake_sheets.lines import Line
from posko_app.exchange.masking import Masking
from tests.filled_books import GOOD, changed, fill, filled, lines_of, reply_rows, texts

SECRETS = (
    "Contoh Pelapor Tiga", "Contoh Pelapor Empat", "6210015207880001", "081255550123",
    "RT 01 Desa Contoh", "RT 02 Desa Contoh", "Contoh Saksi A", "Contoh Saksi B",
)  # fmt: skip
RED = "FFF6C4BF"


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("foto")
    return tmp_path


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


def everything(path: Path) -> str:
    """All that a file holds, every part of it unpacked."""
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def wrong_rows(**cells: Any) -> dict[str, list[dict[str, Any]]]:
    return changed("Laporan", 2, **(cells or {"Tanggal_kejadian": "31-02-2024"}))


def test_only_wrong_rows_go_round_again(kab: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", wrong_rows(), kab, "62.10.02")
    result = take_in(kab, path)
    assert (len(result.filed), result.wrong_rows) == (1, 1)
    assert result.returned == beside / "Perbaikan_isian.xlsx"
    rows = [row for row in lines_of(result.returned, "Laporan") if "Peristiwa" in row]
    assert [row["Peristiwa"] for row in rows] == ["Kepala desa ikut kampanye"]
    assert "Baliho" not in " ".join(texts(result.returned)), "what is filed stays away"
    assert rows[0]["Tanggal kejadian"] == "31-02-2024"
    assert rows[0]["Perbaikan"].startswith("Tanggal kejadian: Tanggal 31-02-2024 tidak ada.")
    sheet = openpyxl.load_workbook(result.returned)["Laporan"]
    places = {cell.value: cell.column for cell in sheet[1]}
    red = {c.column for row in sheet.iter_rows(min_row=2) for c in row if c.fill.fgColor.rgb == RED}
    assert red == {places["Tanggal kejadian"], places["Perbaikan"]}
    marked = sheet.cell(2, places["Tanggal kejadian"])
    assert "tidak ada" in marked.comment.text
    letters = sheet.cell(1, places["Perbaikan"]).column_letter
    assert not sheet.column_dimensions[letters].hidden
    assert sheet.data_validations.dataValidation, "its lists still drop down"
    # mended and sent back, it is filed; sent back once more, nothing happens
    back = fill(result.returned, {"Laporan": [{"Tanggal kejadian": "13-10-2024"}]}, result.returned)
    again = take_in(kab, back)
    assert ([r.title for r in again.filed], again.returned) == (["Kepala desa ikut kampanye"], None)
    third = take_in(kab, back)
    assert (third.filed, len(third.again), third.wrong_rows) == ((), 1, 0)


def test_a_right_report_says_for_which_row_it_waits(kab: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", changed("Pelapor", 2, NIK="123"), kab, "62.10.02")
    said = "Laporan baris 2 belum masuk karena Pelapor baris 2 perlu diperbaiki."
    assert check_in(kab, path).waiting == (said,)
    result = take_in(kab, path)
    assert ([row.row for row in result.filed], result.waiting) == ([3], (said,))
    assert result.returned
    book = openpyxl.load_workbook(result.returned)
    cells = [cell.value for row in book["Laporan"].iter_rows() for cell in row]
    assert [value for value in cells if value and "elum masuk" in str(value)] == [
        "Belum masuk karena Pelapor dengan No. isian yang sama perlu diperbaiki."
    ]
    mended = fill(result.returned, {"Pelapor": [{"NIK": "6210015207880001"}]}, result.returned)
    assert [row.title for row in take_in(kab, mended).filed] == ["Kepala desa ikut kampanye"]
    own = filled(beside / "lain.xlsx", wrong_rows(), kab, "62.10.02")
    assert check_in(kab, own).waiting == (), "its own row is wrong"


def test_identities_stay_and_are_joined_when_the_row_comes_back(kab: Posko, beside: Path) -> None:
    rows = wrong_rows(Jam_lapor="25.99")
    rows["Pelapor"][0]["NIK"] = "62100152"
    result = take_in(kab, filled(beside / "isian.xlsx", rows, kab, "62.10.02"))
    assert result.returned is not None
    with kab.store.read() as session:
        sealed = session.scalars(select(HeldIdentity.sealed)).all()
    assert len(sealed) == 3
    assert not any("Contoh" in text for text in sealed)
    (person,) = [row for row in lines_of(result.returned, "Pelapor") if "Perbaikan" in row]
    assert set(person) == {"_baris", "Perbaikan", "No. isian"}
    assert "Tulis sel merah saja" in person["Perbaikan"]
    back = fill(
        result.returned,
        {"Laporan": [{"Jam lapor": "09.30"}], "Pelapor": [{"NIK": "6210015207880001"}]},
        result.returned,
    )
    (row,) = take_in(kab, back).filed
    reporter = reveal(kab, row.uid, "menghubungi pelapor")
    assert (reporter.name, reporter.nik) == ("Contoh Pelapor Tiga", "6210015207880001")
    assert (reporter.address, reporter.phone) == ("RT 01 Desa Contoh", "081255550123")
    with kab.store.read() as session:
        assert session.scalar(select(func.count()).select_from(HeldIdentity)) == 0


def test_a_lost_identity_sheet_loses_nobody(kab: Posko, beside: Path) -> None:
    result = take_in(kab, filled(beside / "isian.xlsx", wrong_rows(), kab, "62.10.02"))
    assert result.returned is not None
    book = openpyxl.load_workbook(result.returned)
    del book["Pelapor"], book["Saksi"]
    book.save(result.returned)
    mended = {"Laporan": [{"Tanggal kejadian": "13-10-2024"}]}
    (row,) = take_in(kab, fill(result.returned, mended, result.returned)).filed
    assert reveal(kab, row.uid, "menghubungi pelapor").name == "Contoh Pelapor Tiga"


def test_no_identity_stands_in_any_workbook_sent_back(kab: Posko, beside: Path) -> None:
    """Neither of rows that are filed nor of those that go back, wherever somebody wrote it."""
    rows = wrong_rows(
        Uraian_singkat_kejadian="Contoh  PELAPOR tiga (0812-5555-0123) dan Contoh Saksi A melihat.",
        Peristiwa="Kepala desa ikut kampanye, kata contoh pelapor tiga",
    )
    rows["Pelapor"][1]["NIK"] = "6210015207880001"
    rows["Bukti"][1]["Bukti"] = "Foto dari Contoh Pelapor Empat"
    path = filled(beside / "isian.xlsx", rows, kab, "62.10.02")
    book = openpyxl.load_workbook(path)
    book.properties.creator = "Contoh Pelapor Tiga"
    book.create_sheet("Catatan saya")["A1"] = "Contoh Pelapor Tiga, RT 01 Desa Contoh"
    book["Laporan"]["Z1"] = "Catatan"
    book["Laporan"]["Z2"] = "tanya Contoh Pelapor Tiga, NIK 6210 0152 0788 0001"
    book["Cara mengisi"]["A40"] = "Contoh Saksi B"
    book["Laporan"]["D2"].comment = openpyxl.comments.Comment("Contoh Pelapor Tiga", "x")
    book.save(path)
    result = take_in(kab, path)
    assert result.wrong_rows == 2
    assert result.returned is not None
    told = everything(result.returned).casefold()
    for secret in SECRETS:
        assert secret.casefold() not in told, secret
    assert not re.search(r"6210\D?0152|5555\D?0123", told)
    (row,) = [r for r in lines_of(result.returned, "Laporan") if r.get("No. isian") == "1"]
    assert row["Peristiwa"] == "Kepala desa ikut kampanye, kata Pelapor"
    assert "Posko sudah menggantinya" in row["Perbaikan"]


def test_the_reply_names_nobody(kab: Posko, beside: Path) -> None:
    result = take_in(kab, filled(beside / "isian.xlsx", GOOD, kab, "62.10.02"))
    assert result.returned is None
    assert result.reply is not None
    told = everything(result.reply)
    for secret in SECRETS:
        assert secret not in told


def test_the_reply_says_what_became_of_each_row(kab: Posko, beside: Path) -> None:
    rows: dict[str, list[dict[str, Any]]] = dict(wrong_rows())
    rows["Nihil"] = [
        {
            "Dari tanggal": "01-10-2024",
            "Sampai tanggal": "07-10-2024",
            "Yang nihil": "Kegiatan pencegahan",
            "Petugas": "Contoh Petugas",
        }
    ]
    result = take_in(kab, filled(beside / "isian.xlsx", rows, kab, "62.10.02"))
    assert result.reply is not None
    sheet = openpyxl.load_workbook(result.reply)["Balasan"]
    titles = [str(row[0].value) for row in sheet.iter_rows(max_row=5) if row[0].value]
    assert titles[2] == "Untuk Panwaslu Kecamatan Kurun"
    assert titles[-1] == "1 baris perlu diperbaiki, lihat berkas Perbaikan_isian.xlsx."
    row, nil = reply_rows(result.reply)
    assert row["Nomor"] == result.filed[0].number
    assert (row["Isi"], row["Hasil"]) == ("Baliho di halaman sekolah", "Diterima")
    assert row["Tahap"] == "Kajian awal"
    assert re.search(r": \d+ Oktober 2024", row["Batas waktu"])
    assert row["Langkah berikut"] == "Catat kajian awal"
    assert "Salinan KTP-el" in row["Yang masih diminta"]
    assert (nil["Lembar"], nil["Hasil"], nil["Nomor"]) == ("Nihil", "Diterima", None)
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_formulas_of_the_sender_do_not_come_back(kab: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", wrong_rows(), kab, "62.10.02")
    book = openpyxl.load_workbook(path)
    book["Laporan"]["Z2"] = '=WEBSERVICE("http://contoh.invalid")'
    book["Laporan"]["E2"] = "=1+1"
    book.save(path)
    result = take_in(kab, path)
    assert result.returned is not None
    assert "WEBSERVICE" not in everything(result.returned)
    assert "<f>" not in everything(result.returned)


def test_a_lost_column_comes_back_to_be_filled_in(kab: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", GOOD, kab, "62.10.02")
    book = openpyxl.load_workbook(path)
    titles = [cell.value for cell in book["Laporan"][1]]
    for heading in ("Peristiwa", "Perbaikan"):
        book["Laporan"].delete_cols(titles.index(heading) + 1)
    book.save(path)
    result = take_in(kab, path)
    assert (result.filed, result.wrong_rows) == ((), 2)
    assert result.returned is not None
    new = [{"Peristiwa": "Kepala desa ikut kampanye"}, {"Peristiwa": "Baliho"}]
    back = fill(result.returned, {"Laporan": new}, result.returned)
    assert len(take_in(kab, back).filed) == 2


def test_a_file_openpyxl_cannot_read_is_answered_with_a_list(kab: Posko, beside: Path) -> None:
    """Some programs write styles that others accept and openpyxl does not."""
    path = filled(beside / "isian.xlsx", wrong_rows(), kab, "62.10.02")
    odd = beside / "aneh.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(odd, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/styles.xml":
                data = data.replace(b"<fill><patternFill /></fill>", b"<fill/>", 1)
                data = re.sub(rb"<fill><patternFill[^>]*/></fill>", b"<fill/>", data, count=1)
            target.writestr(name, data)
    result = take_in(kab, odd)
    assert len(result.filed) == 1
    assert result.returned is not None
    told = texts(result.returned)
    assert "Tanggal 31-02-2024 tidak ada. Periksa hari dan bulannya." in told
    assert not set(SECRETS) & set(told)


def test_a_workbook_that_cannot_be_saved_loses_nothing(kab: Posko, beside: Path) -> None:
    path = filled(beside / "isian.xlsx", GOOD, kab, "62.10.02")
    with pytest.raises(UserError, match="Belum ada yang diterima") as caught:
        take_in(kab, path, beside / "tidak-ada")
    assert caught.value.code == "answers_not_writable"
    with kab.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0
    (beside / "Balasan_isian.xlsx").mkdir()  # what no look ahead can find
    with pytest.raises(UserError, match="tidak tersimpan"):
        take_in(kab, path)
    (beside / "Balasan_isian.xlsx").rmdir()
    result = take_in(kab, path)
    assert (len(result.again), result.reply) == (2, beside / "Balasan_isian.xlsx")


NAME = st.lists(
    st.sampled_from(["Siti", "Nur'aini", "Budi", "Andung", "M.", "Hj.", "Kristian", "Tri"]),
    min_size=2, max_size=4,
).map(" ".join)  # fmt: skip


@given(
    name=NAME,
    nik=st.from_regex(r"6210[0-9]{12}", fullmatch=True),
    phone=st.from_regex(r"08[0-9]{9,10}", fullmatch=True),
    before=st.sampled_from(["", "Kata ", "(", "NIK: ", "hp +"]),
    form=st.sampled_from(["name", "upper", "nik", "spaced", "phone", "abroad"]),
)
def test_masked_texts_name_nobody(name: str, nik: str, phone: str, before: str, form: str) -> None:
    sheet = intake_layout().sheet("reporter")
    line = Line(sheet, 2, values={"link": "1", "name": name, "nik": nik, "phone": phone})
    entry = Entry(Line(intake_layout().sheet("report"), 2), {"reporter": [line]})
    said = {
        "name": name,
        "upper": name.upper(),
        "nik": nik,
        "spaced": f"{nik[:6]} {nik[6:12]} {nik[12:]}",
        "phone": phone,
        "abroad": f"+62 {phone[1:4]}-{phone[4:]}",
    }[form]
    masked = Masking([entry])(f"{before}{said}, pada hari itu.")
    assert found(masked, PersonInput(name=name, nik=nik, phone=phone)) == []
    assert "pada hari itu" in masked or "dihapus" in masked
