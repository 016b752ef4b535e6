"""`posko setup --join`, `posko second-pc` and `posko numbers`, with real offices and files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import open_office
from posko_app.cases.intake import file_report
from tests.commands import Posko
from tests.conftest import FixedClock
from tests.factory import PASSWORD, new_report

KEY = "filing/pilkada/2024"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


@pytest.fixture
def first(prepared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the first computer of a subdistrict."""
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    shutil.copytree(prepared("kecamatan"), tmp_path / "pc-1")
    return tmp_path / "pc-1"


def file_one(folder: Path, login: str) -> str:
    posko = open_office(folder, login, PASSWORD, clock=FixedClock())
    try:
        return file_report(posko, new_report()).number
    finally:
        posko.close()


def take(command: Posko, data: Path, path: str) -> None:
    said = command("import", path, "--apply", "--data", data, "--json")
    if said.code:
        words = said.data["files"][0]["reason"].partition("jarinya: ")[2].partition(".")[0]
        command.json("import", path, "--apply", "--trust", words, "--data", data)


def test_a_second_computer_from_the_file_to_its_first_own_number(
    command: Posko, first: Path, tmp_path: Path
) -> None:
    """The whole way on the command line, as the handbook would tell it."""
    made = command.json("second-pc", "file", "--out", tmp_path / "usb", "--data", first)
    assert (made["label"], len(made["words"].split())) == ("PC-2", 6)
    second = tmp_path / "pc-2"
    join = ("setup", "--join", made["path"], "--admin", "kedua", "--data", second)
    asked = command.refused(*join, code="unknown_key")
    assert made["words"] in asked
    assert not second.exists()
    done = command.json(*join, "--trust", made["words"])
    assert (done["code"], done["label"], done["user"]) == ("62.10.02", "PC-2", "kedua")
    early = file_one(second, "kedua")
    assert early.startswith("Sementara ")
    command.refused("numbers", "settle", "--data", second, code="numbers_used_up")
    out = ("export", "--to", "62.10.02", "--out", tmp_path / "usb")
    take(command, first, command.json(*out, "--data", second)["files"][0])
    seen = command.json("numbers", "list", "--data", first)
    (device,) = seen["devices"]
    assert seen["mine"]
    rows = command("numbers", "list", "--data", first).out.splitlines()
    for label in ("laporan", "temuan", "register", "buku harian", "surat"):
        assert any(row.startswith(f"{label} 20") for row in rows), label
    held = [block for block in seen["blocks"] if block["device"] == device]
    assert {block["series"] for block in held} == {line["key"] for line in seen["series"]}
    assert {(block["first"], block["last"]) for block in held} == {(1, 50)}
    reserve = ("numbers", "reserve", "--device", "pc-2", "--count", 30, "--series", KEY)
    (block,) = command.json(*reserve, "--data", first)["blocks"]
    assert (block["series"], block["first"], block["last"]) == (KEY, 1, 30)
    take(command, second, command.json(*out, "--data", first)["files"][0])
    (settled,) = command.json("numbers", "settle", "--data", second)["settled"]
    assert (settled["before"], settled["number"][:3]) == (early, "001")
    assert file_one(second, "kedua")[:3] == "002"
    assert file_one(first, "petugas")[:3] == "031"
    again = command.json("second-pc", "settings", made["path"], "--data", second)
    assert again == {"changed": []}


def test_a_copied_folder_gives_numbers_after_the_last_one_was_confirmed(
    command: Posko, first: Path, tmp_path: Path
) -> None:
    """Another computer may have gone on from the copy, so somebody looks into the book."""
    assert file_one(first, "petugas")[:3] == "001"
    copy = tmp_path / "salinan"
    shutil.copytree(first, copy)
    assert file_one(copy, "petugas").startswith("Sementara ")
    wrong = command("numbers", "keep", "--last", f"{KEY}=banyak", "--data", copy)
    assert wrong.code == 2
    kept = command.json("numbers", "keep", "--last", f"{KEY}=7", "--data", copy)
    assert (kept["mine"], kept["sure"], kept["provisional"]) == (True, False, 1)
    assert command.json("numbers", "settle", "--data", copy)["settled"][0]["number"][:3] == "008"


def test_setting_up_an_office_still_needs_what_it_is(command: Posko, tmp_path: Path) -> None:
    """Without --join, level, region and name are asked for: wrong usage, nothing made."""
    said = command("setup", "--admin", "petugas", "--data", tmp_path / "baru")
    assert said.code == 2
    assert "--level, --region, --name" in said.err
