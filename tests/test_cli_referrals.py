"""Referrals on the command line: what waits, how it went out, what was answered."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import open_office
from posko_app.cases.intake import file_report
from posko_app.cases.queries import due_items
from posko_app.cases.steps import NewStep, record_step
from tests.commands import Posko
from tests.conftest import FixedClock
from tests.factory import PASSWORD, REPORTER, TODAY, new_report


@pytest.fixture
def data(prepared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A district office with one referred case, not opened by anybody."""
    folder = tmp_path / "kantor"
    shutil.copytree(prepared("kabupaten"), folder)
    posko = open_office(folder, "petugas", PASSWORD, clock=FixedClock())
    case = file_report(posko, new_report()).uid
    for kind, outcome, more in (
        ("reviewed", "complete", {}),
        ("registered", "", {}),
        ("clarified", "", {}),
        ("assessed", "", {}),
        ("decided", "violation", {"kinds": "other_law"}),
        ("referred", "", {"addressee": "ppk"}),
    ):
        record_step(posko, case, NewStep(kind=kind, on=TODAY, outcome=outcome, data=more))
    posko.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    monkeypatch.delenv("POSKO_USER", raising=False)
    return folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


def test_what_waits_and_what_came(command: Posko, data: Path, tmp_path: Path) -> None:
    found = command.json("referrals", "--data", data)
    (item,) = found["items"]
    assert (item["addressee"], item["state"], item["waits"]) == ("ppk", "sent", True)
    assert sum(group["count"] for group in found["ages"]) == 1
    assert command.json("referrals", "--data", data, "--age", 999_999)["items"] == []
    assert command.json("referrals", "--data", data, "--addressee", "kpu")["items"] == []
    case = item["case_number"]
    more = ("--office", "Bupati Contoh", "--system", "srikandi", "--ticket", "77")
    sent = command.json("referral", case, "--data", data, *more, "--remind", "2024-11-01")
    assert sent["details"]["remind_on"] == "2024-11-01"
    assert (sent["details"]["ticket"], sent["system_label"]) == ("77", "Srikandi")
    letter = tmp_path / "sk.pdf"
    letter.write_bytes(b"%PDF-1.4 contoh")
    decree = ("--sanction", "moral_open", "--decree", "800/1", "--decree-on", "2024-10-15")
    state = ("--state", "sanction_imposed", "--on", "2024-10-15", "--file", letter)
    done = command.json("referral", case, "--data", data, *state, *decree)
    assert (done["state"], done["waits"]) == ("sanction_imposed", False)
    assert done["updates"][0]["sanction"]["decree_number"] == "800/1"
    assert done["updates"][0]["evidence_label"] == "B-02"
    assert command.json("referrals", "--data", data)["items"] == []
    whole = command.json("referrals", "--data", data, "--case", case)
    assert [i["state"] for i in whole["items"]] == ["sanction_imposed"]
    assert command("referrals", "--data", data, "--case", case).out.endswith("1 penerusan.\n")


def test_mistakes_change_nothing(command: Posko, data: Path) -> None:
    case = command.json("referrals", "--data", data)["items"][0]["case_number"]
    said = command("referral", case, "--data", data, "--note", f"Kata {REPORTER.name}")
    assert said.code == 1
    assert "Pelapor" in said.err or "pelapor" in said.err
    assert REPORTER.name not in said.out
    said = command("referral", case, "--data", data, "--office", "Lain", "--state", "entah")
    assert said.code == 1
    assert command.json("referrals", "--data", data)["items"][0]["details"]["office_name"] == ""
    said = command("referral", case, "--data", data, "--referral", "bukan")
    assert said.code == 1
    assert command.json("referrals", "--data", data)["items"][0]["updates"] == []


def test_what_the_institution_owes_is_told_when_asked(command: Posko, data: Path) -> None:
    posko = open_office(data, "petugas", os.environ["POSKO_PASSWORD"], clock=FixedClock())
    case = due_items(posko)[0].case.uid
    for kind, more in (("referred", {"addressee": "bkn"}), ("notified", {})):
        record_step(posko, case, NewStep(kind=kind, on=TODAY, data=more))
    posko.close()
    assert command.json("due", "--data", data)["items"] == []
    (item,) = command.json("due", "--all", "--data", data)["items"]
    assert (item["rule"], item["owner"]) == ("sbt_verification", "Satgas Netralitas")
    assert item["due_on"] == "2024-10-22"
    assert item["edition"].startswith("Pilkada 2024")
    assert command.json("due", "--all", "--until", "2024-10-20", "--data", data)["items"] == []
    assert "Verifikasi SBT" in command("due", "--all", "--data", data).out
