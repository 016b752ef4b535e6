"""`posko holidays` and `posko rules`: rehearsed unless applied, as JSON and for people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import Posko as Office
from posko_app.cases.intake import file_report
from posko_app.office.settings import change_office
from tests.commands import Posko
from tests.factory import PASSWORD, new_report

WHY = ("--reason", "Keputusan Bupati 12/2024")


@pytest.fixture
def posko_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Posko:
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    return Posko(capsys)


@pytest.fixture
def folder(office: Callable[..., Office]) -> Path:
    """A closed office with one open case whose law counts working days."""
    posko = office()
    change_office(posko, regulation="pemilu-2022", election_kind="PL")
    file_report(posko, new_report())
    posko.close()
    return posko.folder.root


def test_holidays_are_rehearsed_and_applied(posko_command: Posko, folder: Path) -> None:
    add = ("holidays", "add", "2024-10-16", "Hari jadi", *WHY, "--data", folder)
    tried = posko_command.json(*add)
    assert (tried["applied"], tried["open_cases"], tried["cases_moved"]) == (False, 1, 1)
    assert (tried["moved"][0]["old_on"], tried["moved"][0]["new_on"]) == (
        "2024-10-17",
        "2024-10-18",
    )
    assert "Hari jadi" in tried["moved"][0]["why"]
    listed = ("holidays", "list", "--year", 2024, "--data", folder)
    assert not [day for day in posko_command.json(*listed)["holidays"] if day["own"]]
    assert "Belum diterapkan" in posko_command(*add, "--dry-run").out
    assert posko_command.json(*add, "--apply")["applied"] is True
    own = [day for day in posko_command.json(*listed)["holidays"] if day["own"]]
    assert [(day["on"], day["kind"]) for day in own] == [("2024-10-16", "local")]
    said = posko_command("deadline", "initial_review", "--from", "2024-10-15", "--regulation",
                         "pemilu-2022", "--data", folder).out  # fmt: skip
    assert said.startswith("Kajian awal: Jumat, 18 Oktober 2024")
    moved = posko_command.json(
        "holidays", "move", "2024-10-16", "2024-10-17", *WHY, "--apply", "--data", folder
    )
    assert moved["cases_moved"] == 0
    posko_command.json("holidays", "remove", "2024-10-17", *WHY, "--apply", "--data", folder)
    posko_command.refused("holidays", "remove", "2024-10-17", *WHY, "--data", folder)
    posko_command.refused("holidays", "restore", "2024-10-17", *WHY, "--data", folder)


def test_rules_are_listed_changed_confirmed_and_taken_back(
    posko_command: Posko, folder: Path
) -> None:
    at = ("--data", folder)
    rules = posko_command.json("rules", "list", "--unsure", *at)["rules"]
    assert {"deadline.status_notice", "stage_date.repeat_vote"} & {r["rule"] for r in rules}
    assert all(r["confidence"] != "C" or r["open_readings"] for r in rules)
    over = ("rules", "override", "deadline.initial_review.amount", "4", "--source", "Pasal 15")
    assert posko_command.json(*over, *WHY, *at)["cases_moved"] == 1
    assert posko_command.json(*over, *WHY, "--apply", *at)["applied"]
    posko_command.json("rules", "confirm", "initial_review", "first_day", "--source", "Pasal 15",
                       *WHY, "--apply", *at)  # fmt: skip
    history = posko_command.json("rules", "history", *at)["decisions"]
    assert [(d["kind"], d["rule"]) for d in history] == [
        ("reading", "deadline.initial_review.first_day"),
        ("value", "deadline.initial_review.amount"),
    ]
    posko_command.json("rules", "undo", history[1]["uid"], *WHY, "--apply", *at)
    row = next(
        r for r in posko_command.json("rules", "list", *at)["rules"]
        if r["rule"] == "deadline.initial_review"
    )  # fmt: skip
    assert row["value"].startswith("2 hari kerja")
    posko_command.refused("rules", "override", "amount", "4", "--source", "x", *WHY, *at,
                          code="unknown_rule")  # fmt: skip


def test_a_regulation_goes_down_as_a_file(
    posko_command: Posko, office: Callable[..., Office], tmp_path: Path
) -> None:
    above, below = office("kabupaten"), office("kecamatan")
    for posko in (above, below):
        posko.close()
    at, there = ("--data", above.folder.root), ("--data", below.folder.root)
    posko_command.json("rules", "override", "deadline.initial_review.amount", "4", "--source",
                       "Pasal 15", *WHY, "--apply", *at)  # fmt: skip
    sent = posko_command.json("rules", "send", "--out", tmp_path, "--valid-from", "2024-10-15",
                              "--reason", "SE 3", *at)["path"]  # fmt: skip
    looked = posko_command.json("rules", "receive", sent, *there)
    assert (looked["known_key"], looked["applied"]) == (False, False)
    assert len(looked["fingerprint"].split()) == 6
    assert {"name": "Kajian awal", "what": "Lama: 2 menjadi 4"} in looked["differences"]
    posko_command.refused("rules", "receive", sent, "--apply", *there, code="unknown_key")
    assert posko_command.json("rules", "receive", sent, "--compared", "--apply", *there)["applied"]
    files = posko_command.json("rules", "files", *there)["files"]
    assert [(f["version"], f["retired"]) for f in files] == [(1, False)]
    posko_command.refused("rules", "receive", sent, "--compared", *there, code="rule_file_old")
    posko_command.json("rules", "retire", 1, *WHY, "--apply", *there)
    posko_command.json("rules", "copy", "pilkada-2031", "Pilkada 2031", "--valid-from",
                       "2030-01-01", *WHY, "--apply", *there)  # fmt: skip
    assert [f["regulation"] for f in posko_command.json("rules", "files", *there)["files"]] == [
        "pilkada-2031", "pilkada-2024", "pilkada-2024",
    ]  # fmt: skip
