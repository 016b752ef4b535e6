"""`posko digest`, `backup` and `restore`: their documents, their lines and what they refuse."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import open_office
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput
from posko_app.office.accounts import add_account
from tests.commands import Posko
from tests.conftest import FixedClock
from tests.factory import PASSWORD, new_report


@pytest.fixture
def data(prepared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A district office with one report and its photo."""
    folder = tmp_path / "kantor"
    shutil.copytree(prepared("kabupaten"), folder)
    posko = open_office(folder, "petugas", PASSWORD, clock=FixedClock())
    uid = file_report(posko, new_report()).uid
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"x" * 5000)
    attach(posko, uid, [EvidenceInput(path=photo)])
    posko.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    monkeypatch.delenv("POSKO_USER", raising=False)
    return folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


def test_digest(command: Posko, data: Path) -> None:
    own = command.json("digest", "--data", data)
    assert set(own) == {"digest", "records", "conflicts"}
    assert len(own["digest"]) == 64
    assert own["conflicts"] == 0
    for code in ("62.10", "6210"):
        assert command.json("digest", "--of", code, "--data", data) == own
    whole = command.json("digest", "--confidential", "--data", data)
    assert whole["records"] == own["records"] + 2
    assert whole["digest"] != own["digest"]
    other = command.json("digest", "--of", "62.11", "--data", data)
    assert other["records"] == 0
    said = command("digest", "--data", data)
    assert said.out.splitlines()[0] == own["digest"]
    command.refused("digest", "--of", "99", "--data", data, code="unknown_office")


def test_backup_and_restore(command: Posko, data: Path, tmp_path: Path) -> None:
    before = command.json("digest", "--confidential", "--data", data)
    made = command.json("backup", "--out", tmp_path / "baru" / "cadangan", "--data", data)
    assert (made["files"], made["copied"], made["missing"], made["problems"]) == (1, 1, [], [])
    assert Path(made["path"]).stat().st_size == made["size"]
    case = command.json("list", "--data", data)["cases"][0]
    command.json("set", case["uid"], "title", "Setelah cadangan", "--data", data)

    elsewhere = command.json("restore", made["path"], "--data", tmp_path / "lain")
    assert (elsewhere["kept"], elsewhere["files"], elsewhere["missing"]) == (None, 1, [])
    assert command.json("digest", "--confidential", "--data", tmp_path / "lain") == before
    assert command.json("verify", "--data", tmp_path / "lain")["ok"]

    said = command("restore", made["path"], "--data", data)
    assert said.code == 0, said.err
    assert "identitas baru PC-1b" in said.out
    assert "Data yang ada sebelumnya disimpan di" in said.out
    assert command.json("digest", "--confidential", "--data", data) == before
    [kept] = data.glob("sebelum-pulih-*")
    assert {p.name for p in kept.iterdir()} == {"posko.db", "kunci.json"}


def test_each_restore_is_another_device(command: Posko, data: Path, tmp_path: Path) -> None:
    made = command.json("backup", "--out", tmp_path / "c", "--data", data)
    devices = {command.json("restore", made["path"], "--data", data)["device"] for _ in range(3)}
    assert len(devices) == 3


def test_a_backup_of_several_accounts_asks_for_one(
    command: Posko, data: Path, tmp_path: Path
) -> None:
    posko = open_office(data, "petugas", PASSWORD, clock=FixedClock())
    add_account(posko, login="baca", name="Contoh Baca", role="auditor", password=PASSWORD)
    posko.close()
    made = command.json("backup", "--out", tmp_path / "c", "--data", data, "--user", "petugas")
    target = tmp_path / "lain"
    command.refused("restore", made["path"], "--data", target, code="choose_user")
    words = ("restore", made["path"], "--data", target, "--user")
    command.refused(*words, "baca", code="not_allowed")
    command.refused(*words, "tidak.ada")
    assert not target.exists()
    assert command.json(*words, "petugas")["kept"] is None


def test_refusals_change_nothing(
    command: Posko, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = command.json("backup", "--out", tmp_path / "c", "--data", data)
    target = tmp_path / "lain"
    command.refused("restore", tmp_path / "x.cadangan", "--data", target, code="file_missing")
    alone = tmp_path / "sendirian"
    alone.mkdir()
    moved = shutil.copy(made["path"], alone)
    command.refused("restore", moved, "--data", target, code="evidence_missing")
    monkeypatch.setenv("POSKO_PASSWORD", "bukan ini")
    command.refused("restore", made["path"], "--data", target, code="wrong_password")
    monkeypatch.delenv("POSKO_PASSWORD")
    command.refused("restore", made["path"], "--data", target, code="no_password")
    assert not target.exists()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    done = command.json("restore", moved, "--data", target, "--partial")
    assert len(done["missing"]) == 1
    (tmp_path / "berkas").write_text("x", "utf-8")
    command.refused("backup", "--out", tmp_path / "berkas" / "c", "--data", data)
