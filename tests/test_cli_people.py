"""`posko people`, `posko link` and `posko change` on a real office."""

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


# --- change -------------------------------------------------------------------------------------


def test_a_date_is_corrected_and_the_moved_deadline_told(command: Posko, data: Path) -> None:
    first, _ = numbers(command, data)
    args = ("change", first, "--data", data, "--reason", "Salah ketik tanggal")
    checked = command.json(*args, "--set", "filed_on=2024-10-14", "--check")
    assert (checked["event"], checked["changes"]) == ("", [])
    (moved,) = checked["moved"]
    assert moved["rule"] == "initial_review"
    assert moved["after"] < moved["before"]
    said = command.json(*args, "--set", "filed_on=2024-10-14", "--set", "title=Judul baru")
    assert said["event"]
    assert [(one["field"], one["was"], one["now"]) for one in said["changes"]] == [
        ("title", "Guru membagikan stiker pasangan calon", "Judul baru"),
        ("filed_on", "2024-10-15", "2024-10-14"),
    ]
    shown = command("change", first, "--data", data).out
    assert shown.startswith("Pembetulan:\n")
    due = command.json("show", first, "--data", data)["due"]
    assert moved["after"] in {item["due_on"] for item in due}


def test_a_correction_that_cannot_be_is_a_sentence(command: Posko, data: Path) -> None:
    first, _ = numbers(command, data)
    args = ("change", first, "--data", data)
    assert "alasannya" in command.refused(*args, "--set", "known_on=2024-10-13")
    assert "tidak dapat diubah" in command.refused(*args, "--set", "officer=x")
    assert "Tulis tanggal" in command.refused(*args, "--set", "known_on=2024-99-99")
    late = command.json(*args, "--set", "known_on=2024-10-16", "--reason", "Salah", "--check")
    assert [one["field"] for one in late["problems"]] == ["filed_on"]
    assert command("change", first, "--data", data).out == "Belum ada isian yang dibetulkan.\n"
