"""`posko template` and `posko intake`: filed, known and wrong rows, and the two files made."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.commands import Posko
from tests.factory import PASSWORD
from tests.filled_books import GOOD, changed, fill, texts


@pytest.fixture
def data(prepared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    folder = tmp_path / "kantor"
    shutil.copytree(prepared("kabupaten"), folder)
    (tmp_path / "a.txt").write_text("foto")
    return folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


def test_a_template_for_an_office_below(command: Posko, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "isian.xlsx"
    made = command.json("template", "--for", "621002", "--out", out, "--data", data)
    assert made == {"path": str(out)}
    assert "Panwaslu Kecamatan Kurun (62.10.02)" in texts(out)
    sheet = openpyxl.load_workbook(out)["Sebaran desa"]
    headings = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, headings.index("Kecamatan") + 1).value == "Kurun"
    out.unlink()
    for code in ("62.11.01", "62", "99.99", "kurun"):
        command.refused(
            "template", "--for", code, "--out", out, "--data", data, code="unknown_office"
        )
    assert not out.exists()


def test_rows_are_filed_known_and_sent_back(command: Posko, data: Path, tmp_path: Path) -> None:
    blank, path = tmp_path / "kosong.xlsx", tmp_path / "isian.xlsx"
    command.json("template", "--for", "62.10.02", "--out", blank, "--data", data)
    fill(blank, changed("Laporan", 3, Tanggal_kejadian="31-02-2030"), path)

    looked = command("intake", path, "--check", "--data", data, "--json")
    assert (looked.code, looked.data["applied"], looked.data["returned"]) == (1, False, None)
    assert (len(looked.data["filed"]), looked.data["wrong"]) == (1, 1)
    assert "Data Anda tidak berubah" in looked.err
    assert command.json("list", "--data", data) == {"cases": []}

    answers = tmp_path / "balasan"
    answers.mkdir()
    said = command("intake", path, "--apply", "--data", data, "--out", answers, "--json")
    assert (said.code, said.data["office"], said.data["wrong"]) == (1, "62.10.02", 1)
    (filed,) = said.data["filed"]
    assert (filed["sheet"], filed["row"]) == ("Laporan", 2)
    assert said.data["cases"] == [{"uid": filed["uid"], "number": filed["number"]}]
    (problem,) = said.data["problems"]
    assert (problem["sheet"], problem["row"], problem["column"]) == (
        "Laporan", 3, "Tanggal kejadian",
    )  # fmt: skip
    assert said.data["error"]["problems"] == said.data["problems"]
    assert said.data["reply"] == str(answers / "Balasan_isian.xlsx")
    assert said.data["returned"] == str(answers / "Perbaikan_isian.xlsx")
    assert sorted(p.name for p in answers.iterdir()) == [
        "Balasan_isian.xlsx", "Perbaikan_isian.xlsx",
    ]  # fmt: skip
    assert said.err == (
        "1 baris perlu diperbaiki. 1 baris sudah diterima. "
        "Kirim Perbaikan_isian.xlsx kembali kepada pengirimnya.\n"
    )

    again = command("intake", path, "--data", data, "--out", answers)
    assert again.code == 1
    assert again.out.startswith("0 baris diterima, 1 sudah pernah diterima, 1 perlu diperbaiki.")
    assert "Laporan baris 3 Tanggal kejadian: Tanggal 31-02-2030 tidak ada" in again.out

    back = Path(said.data["returned"])
    fill(back, {"Laporan": [{"Tanggal kejadian": "14-10-2024"}]}, back)
    done = command.json("intake", back, "--data", data)
    assert (len(done["filed"]), done["again"], done["wrong"]) == (1, [], 0)
    assert (done["problems"], done["returned"]) == ([], None)
    assert len(command.json("list", "--data", data)["cases"]) == 2
    assert command.json("verify", "--data", data) == {"ok": True, "problems": []}


def test_a_folder_that_is_not_there_changes_nothing(
    command: Posko, data: Path, tmp_path: Path
) -> None:
    blank, path = tmp_path / "kosong.xlsx", tmp_path / "isian.xlsx"
    command.json("template", "--out", blank)
    fill(blank, GOOD, path)
    out = tmp_path / "tidak" / "ada"
    command.refused("intake", path, "--data", data, "--out", out, code="folder_missing")
    assert command.json("list", "--data", data) == {"cases": []}


def test_an_empty_workbook_is_refused(command: Posko, data: Path, tmp_path: Path) -> None:
    blank = tmp_path / "kosong.xlsx"
    command.json("template", "--out", blank, "--data", data)
    command.refused("intake", blank, "--data", data, code="nothing_filled")
