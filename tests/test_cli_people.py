"""`posko people` and `posko link` on a real office."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from posko_app.app import open_office
from posko_app.cases.attendance import mark
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.pledge import invite, plan_pledge, pledge_defaults, pledge_view
from posko_app.cases.pledge_rows import PRESENT
from posko_app.cases.report import EvidenceInput
from posko_app.cases.roster import RosterRow
from tests.commands import Posko
from tests.conftest import FixedClock
from tests.factory import PARTY, PASSWORD, new_report


@pytest.fixture
def data(prepared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A district office with two reports against one person, who signed a pledge."""
    folder = tmp_path / "kantor"
    shutil.copytree(prepared("kabupaten"), folder)
    posko = open_office(folder, "petugas", PASSWORD, clock=FixedClock())
    uid = file_report(posko, new_report()).uid
    attach(posko, uid, [EvidenceInput(description="Rekaman suara")])
    other = replace(PARTY, name="Contoh Terlapor")
    file_report(posko, new_report(title="Laporan kedua", reported=(other,)))
    pledge = plan_pledge(posko, pledge_defaults(posko))
    row = RosterRow(name=PARTY.name, nip=PARTY.nip, position_title="Guru", agency=PARTY.agency)
    invite(posko, pledge, [row])
    signatory = pledge_view(posko, pledge).signatories[0].uid
    mark(posko, [signatory], PRESENT)
    posko.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    monkeypatch.delenv("POSKO_USER", raising=False)
    return folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


def numbers(command: Posko, data: Path) -> tuple[str, str]:
    first, second = sorted(c["number"] for c in command.json("list", "--data", data)["cases"])
    return first, second


def test_people_of_a_case_elsewhere(command: Posko, data: Path) -> None:
    first, second = numbers(command, data)
    said = command.json("people", first, "--data", data)
    (other,) = said["people"][0]["cases"]
    assert (other["number"], other["how"]) == (second, "nip")
    assert [one["number"] for one in said["likely"]] == [second]
    (pledge,) = said["pledges"]
    assert pledge["certainty"] == "nip"
    assert said["event"] == said["evidence"] == []
    shown = command("people", first, "--data", data).out
    assert "juga terlapor di:" in shown
    assert "Mungkin satu peristiwa:" in shown
    assert "menandatangani" in shown


def test_cases_are_linked_used_and_parted(command: Posko, data: Path) -> None:
    first, second = numbers(command, data)
    linked = command.json("link", first, second, "--note", "Kejadian sama", "--data", data)
    assert linked["changed"]
    assert [one["number"] for one in linked["event"]] == [second]
    assert not command.json("link", second, first, "--data", data)["changed"]
    said = command.json("people", second, "--data", data)
    assert said["likely"] == []
    assert [item["used"] for item in said["evidence"]] == [False, False]
    uid = said["evidence"][1]["uid"]
    used = command.json("link", second, first, "--use", uid, "--data", data)["evidence"]
    items = command.json("show", second, "--data", data)["evidence"]
    assert (items[-1]["uid"], items[-1]["description"]) == (
        used, f"Rekaman suara (dari perkara {first})",
    )  # fmt: skip
    assert command("link", first, second, "--undo", "--data", data).out == "Kaitan dilepas.\n"
    assert command.json("people", second, "--data", data)["event"] == []
    command.json("link", first, second, "--different", "--data", data)
    assert command.json("people", second, "--data", data)["likely"] == []


def test_what_cannot_be_is_a_sentence(command: Posko, data: Path) -> None:
    first, second = numbers(command, data)
    command.refused("link", first, first, "--data", data, code="same_case")
    command.refused("link", first, "tidak ada", "--data", data, code="no_case")
    command.refused("link", first, second, "--undo", "--different", "--data", data)
    command.refused("link", first, second, "--use", "bukan", "--data", data, code="not_linked")
