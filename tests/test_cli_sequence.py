"""The whole job on the command line, from an empty folder: set-up to recap."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from posko_app.text import zone
from tests.commands import Posko

DAY = timedelta(1)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Posko:
    monkeypatch.setenv("POSKO_PASSWORD", "sandi contoh yang panjang")
    monkeypatch.delenv("POSKO_USER", raising=False)
    return Posko(capsys)


def fill(path: Path, filled: Path, today: date) -> None:
    """Fill the blank workbook as somebody at a desk would: two reports, one with two parties."""
    book = openpyxl.load_workbook(path)
    yesterday = (today - DAY).strftime("%d-%m-%Y")
    rows: dict[str, list[dict[str, Any]]] = {
        "Laporan": [
            {
                "No. isian": str(n),
                "Peristiwa": title,
                "Tempat kejadian": "SDN 3 Contoh",
                "Wilayah kejadian": "62.10.02",
                "Tanggal kejadian": yesterday,
                "Tanggal diketahui": yesterday,
                "Uraian singkat kejadian": "Stiker dibagikan di halaman sekolah.",
                "Tanggal lapor": today.strftime("%d-%m-%Y"),
                "Jam lapor": "08.15",
                "Dilaporkan di": "Kantor Panwaslu Kecamatan Kurun",
            }
            for n, title in ((1, "Guru membagikan stiker"), (2, "Balai desa dipakai rapat tim"))
        ],
        "Pelapor": [
            {
                "No. isian": str(n),
                "Nama pelapor": f"Siti Contoh {word}",
                "NIK": f"62100252078800{n:02d}",
                "Tanggal lahir": "12-07-1988",
                "Alamat": "RT 03 Desa Contoh Hulu",
                "No. telepon/HP": "0812-5555-0176",
            }
            for n, word in ((1, "Teladan"), (2, "Misalnya"))
        ],
        "Terlapor": [
            {"No. isian": "1", "Nama terlapor": "Agus Umpama", "Golongan": "PNS"},
            {"No. isian": "1", "Nama terlapor": "Dedi Rekaan"},
            {"No. isian": "2", "Nama terlapor": "Yanto Ibarat"},
        ],
        "Saksi": [{"No. isian": "2", "Nama saksi": "Maya Tamsil", "Alamat": "RT 01"}],
        "Bukti": [{"No. isian": "1", "Bukti": "Foto stiker", "Jenis bukti": "Foto"}],
    }
    for name, lines in rows.items():
        sheet = book[name]
        headings = {cell.value: cell.column for cell in sheet[1]}
        for number, line in enumerate(lines, 2):
            for heading, value in line.items():
                sheet.cell(number, headings[heading], value)
    book.save(filled)


def test_from_an_empty_folder_to_the_recap(command: Posko, tmp_path: Path) -> None:
    today = datetime.now(zone("WIB")).date()
    desk, district = tmp_path / "kecamatan", tmp_path / "kabupaten"
    office = ("--name", "Panwaslu Kecamatan Kurun", "--admin", "Rina Teladan")
    made = command.json(
        "setup", "--level", "kecamatan", "--region", "621002", *office, "--data", desk,
        "--report-code", "21.05", "--letter-code", "KH-05.2", "--place", "Kurun", "--paper", "A4",
        "--letterhead", "PANWASLU KECAMATAN KURUN", "--letterhead", "Jalan Percontohan 2",
    )  # fmt: skip
    assert made == {
        "data": str(desk), "level": "kecamatan", "code": "62.10.02", "user": "rina.teladan",
    }  # fmt: skip
    command.json(
        "setup", "--level", "kabupaten", "--region", "62.10", "--name", "Bawaslu Gunung Mas",
        "--admin", "agus", "--data", district, "--report-code", "21.05", "--letter-code", "KH-05",
    )  # fmt: skip

    blank, filled = tmp_path / "kosong.xlsx", tmp_path / "isian.xlsx"
    assert command.json("template", "--out", blank) == {"path": str(blank)}
    fill(blank, filled, today)
    taken = command.json("intake", filled, "--data", desk)
    assert taken["problems"] == []
    numbers = [case["number"] for case in taken["cases"]]
    assert [number.split("/")[0] for number in numbers] == ["001", "002"]

    photo = tmp_path / "IMG_20241012.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + b"contoh" * 999)
    [item] = command.json("attach", numbers[0], photo, "--data", desk)["evidence"]
    assert item["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()

    letters(command, desk, numbers[0], tmp_path)
    files = exchange(command, desk, district, tmp_path)
    again = command.json("import", *files, "--data", district, "--apply")["files"]
    assert [(f["new"], f["updated"], f["conflicts"]) for f in again] == [(0, 0, 0)]
    assert again[0]["same"] > 0

    cases = command.json("list", "--data", district)["cases"]
    assert sorted(c["number"] for c in cases) == sorted(numbers)
    out = tmp_path / "rekap.xlsx"
    recap = command.json("recap", "--from", today, "--to", today, "--out", out, "--data", district)
    assert (recap["path"], recap["rows"], recap["totals"]["reports"]) == (str(out), 2, 2)
    assert out.stat().st_size > 1000
    for data in (desk, district):
        assert command.json("verify", "--data", data) == {"ok": True, "problems": []}


def letters(command: Posko, desk: Path, number: str, tmp_path: Path) -> None:
    """A draft, an issued form, the same once more, and a numbered letter without a case."""
    out = tmp_path / "surat.pdf"
    draft = command.json("letter", number, "tanda-bukti", "--out", out, "--data", desk)
    assert (draft["frozen"], draft["template"], draft["path"]) == (False, "tanda-bukti", str(out))
    assert out.read_bytes().startswith(b"%PDF")
    assert command.json("show", number, "--data", desk)["letters"] == []
    issued = command.json("letter", number, "tanda-bukti", "--out", out, "--data", desk, "--issue")
    assert (issued["frozen"], issued["number"]) == (True, number)
    assert issued["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    frozen = out.read_bytes()
    out.unlink()
    again = command.json("letter", number, "tanda-bukti", "--out", out, "--data", desk, "--again")
    assert again["sha256"] == issued["sha256"]
    assert out.read_bytes() == frozen
    [shown] = command.json("show", number, "--data", desk)["letters"]
    assert shown["sha256"] == issued["sha256"]
    appeal = command.json(
        "letter", "-", "imbauan", "--out", out, "--data", desk, "--issue",
        "--set", "letter.addressee=Para kepala desa", "--set", "signer.name=Yanto Ibarat",
        "--set", "appeals=Menjaga netralitas.", "--set", "appeals=Tidak memakai balai desa.",
    )  # fmt: skip
    assert "KH-05.2" in appeal["number"]


def exchange(command: Posko, desk: Path, district: Path, tmp_path: Path) -> list[str]:
    """Export, look without taking in, then take in."""
    made = command.json("export", "--to", "6210", "--out", tmp_path / "kiriman", "--data", desk)
    assert (made["seq"], len(made["files"])) == (1, 1)
    assert made["rows"] > 10
    [looked] = command.json("import", *made["files"], "--data", district)["files"]
    assert looked["applied"] is False
    assert command.json("list", "--data", district) == {"cases": []}
    stopped = command("import", *made["files"], "--data", district, "--apply", "--json")
    assert stopped.code == 1, "nobody has compared the words yet"
    [waits] = stopped.data["files"]
    assert (waits["code"], waits["applied"]) == ("unknown_key", False)
    words = re.search(r"sidik jarinya: ([a-z ]+)\.", waits["reason"])
    assert words is not None
    trust = ("--trust", words[1], "--apply")
    [taken] = command.json("import", *made["files"], "--data", district, *trust)["files"]
    assert set(taken) >= {
        "path", "verdict", "reason", "new", "updated", "same", "conflicts", "proposals",
        "rejected", "gaps", "applied",
    }  # fmt: skip
    assert (taken["applied"], taken["new"], taken["rejected"]) == (True, made["rows"], [])
    files: list[str] = made["files"]
    return files


def test_a_wrong_workbook_changes_nothing_and_names_every_mistake(
    command: Posko, tmp_path: Path
) -> None:
    desk = tmp_path / "kantor"
    command.json(
        "setup", "--level", "kecamatan", "--region", "62.10.02", "--name", "Panwaslu Kurun",
        "--admin", "rina", "--data", desk,
    )  # fmt: skip
    blank, filled = tmp_path / "kosong.xlsx", tmp_path / "isian.xlsx"
    command.json("template", "--out", blank, "--data", desk)
    fill(blank, filled, datetime.now(zone("WIB")).date())
    book = openpyxl.load_workbook(filled)
    headings = {cell.value: cell.column for cell in book["Laporan"][1]}
    book["Laporan"].cell(3, headings["Tanggal kejadian"], "31-02-2024")
    headings = {cell.value: cell.column for cell in book["Pelapor"][1]}
    book["Pelapor"].cell(2, headings["NIK"], "123")
    book.save(filled)
    said = command("intake", filled, "--data", desk, "--json")
    assert said.code == 1
    assert said.data["cases"] == []
    found = {(p["sheet"], p["row"], p["column"]) for p in said.data["problems"]}
    assert found >= {("Laporan", 3, "Tanggal kejadian"), ("Pelapor", 2, "NIK")}
    assert all(p["reason"] for p in said.data["problems"])
    assert said.data["error"]["problems"] == said.data["problems"]
    assert command.json("list", "--data", desk) == {"cases": []}
    plain = command("intake", filled, "--data", desk)
    assert "Laporan baris 3 Tanggal kejadian:" in plain.out
    assert plain.err.count("\n") == 1
