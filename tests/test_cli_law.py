"""`posko deadline`: a rule without a case, counted as the law says, explained day by day."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.commands import ROOT, Posko

KEYS = {
    "uid", "number", "rule", "due_on", "due_at", "safe_on", "basis", "confidence", "days",
}  # fmt: skip


@pytest.fixture
def posko_command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


def deadline(
    command: Posko, rule: str, start: str, law: str = "pilkada-2024", *more: object
) -> Any:
    return command.json("deadline", rule, "--from", start, "--regulation", law, *more)


@pytest.mark.parametrize(
    ("rule", "start", "law", "due_on"),
    [
        ("report_filing", "2024-10-10", "pilkada-2024", "2024-10-17"),
        ("report_filing", "10-10-2024", "pilkada-2024", "2024-10-17"),
        ("initial_review", "2024-10-25", "pilkada-2024", "2024-10-27"),
        ("handling_base", "2024-10-12", "pilkada-2024", "2024-10-15"),
        ("handling_extra", "2024-10-12", "pilkada-2024", "2024-10-17"),
        # Thursday, 8 and Friday, 9 February 2024 were a holiday and joint leave
        ("report_filing", "2024-02-07", "pemilu-2022", "2024-02-21"),
    ],
)
def test_due_dates(posko_command: Posko, rule: str, start: str, law: str, due_on: str) -> None:
    item = deadline(posko_command, rule, start, law)
    assert set(item) >= KEYS
    assert (item["rule"], item["due_on"], item["uid"]) == (rule, due_on, None)
    assert item["due_at"] is None
    assert item["safe_on"] <= due_on
    assert item["confidence"] in "CMUI"
    counted = [d["date"] for d in item["days"] if d["counted"]]
    assert counted[-1] == due_on
    assert all(d["why"] for d in item["days"])
    assert [date.fromisoformat(d["date"]) for d in item["days"]] == sorted(
        date.fromisoformat(d["date"]) for d in item["days"]
    )


def test_hours_have_an_instant_in_the_zone_of_the_office(posko_command: Posko) -> None:
    item = deadline(posko_command, "completion", "2024-10-10T09:30")
    assert item["due_at"] == "2024-10-12T09:30:00+07:00"
    east = deadline(
        posko_command, "completion", "2024-10-10T09:30", "pilkada-2024", "--zone", "WIT"
    )
    assert east["due_at"] == "2024-10-12T09:30:00+09:00"


def test_the_calendar_of_an_office_folder_counts(posko_command: Posko, tmp_path: Path) -> None:
    (tmp_path / "kalender.toml").write_text(
        '[[day]]\non = 2024-02-12\nname = "Hari jadi contoh"\n', "utf-8"
    )
    plain = deadline(posko_command, "report_filing", "2024-02-07", "pemilu-2022")
    local = deadline(
        posko_command, "report_filing", "2024-02-07", "pemilu-2022", "--data", tmp_path
    )
    assert local["due_on"] > plain["due_on"]
    assert local["counted_by"].endswith("dan hari libur dari kalender.toml")
    why = {d["date"]: d["why"] for d in local["days"]}
    assert "Hari jadi contoh" in why["2024-02-12"]


def test_people_read_the_count(posko_command: Posko) -> None:
    said = posko_command(
        "deadline", "report_filing", "--from", "2024-10-10", "--regulation", "pilkada-2024"
    )
    assert said.out.splitlines()[0] == "Penyampaian laporan: Kamis, 17 Oktober 2024"
    assert "hari ke-7" in said.out
    assert said.out.splitlines()[-2:] == [
        "Aturan: Pilkada 2024 (Perbawaslu 8/2020 jo. 9/2024), berlaku sejak 1 Januari 2024. "
        "Sumber: Perpu 1/2014 Pasal 134, salinan Wikisource hlm. 93.",
        "Dihitung dengan aturan bawaan program.",
    ]


def test_programs_read_everything_behind_a_count(posko_command: Posko) -> None:
    item = deadline(posko_command, "handling_base", "2024-10-12")
    assert item["counted_by"] == "aturan bawaan program"
    assert item["edition"].endswith("berlaku sejak 1 Januari 2024")
    assert "Pasal 134 ayat (5)" in item["basis"]
    assert {reading["question"] for reading in item["readings"]} == {"start", "first_day"}
    assert all(reading["source"] for reading in item["readings"])
    assert item["safe_why"] == "hari pertama ikut dihitung"
    assert item["source"]


@pytest.mark.parametrize(
    ("rule", "law", "code"),
    [("nihil", "pilkada-2024", "unknown_rule"), ("report_filing", "x", "unknown_regulation")],
)
def test_unknown_names_are_listed(posko_command: Posko, rule: str, law: str, code: str) -> None:
    sentence = posko_command.refused(
        "deadline", rule, "--from", "2024-10-10", "--regulation", law, code=code
    )
    assert "pilkada-2024" in sentence


def test_check_finds_every_resource_whole(posko_command: Posko) -> None:
    assert posko_command.json("check") == {"ok": True, "problems": []}


OPENED = """
import sys
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
from posko_app.cli import main
code = main(["check"])
print(*sorted(opened), sep="\\n", file=sys.stderr)
sys.exit(code)
"""


def test_check_reads_every_data_file() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPENED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    opened = {Path(line) for line in done.stderr.split("\n")}
    shipped = {p for p in (ROOT / "resources").rglob("*") if p.suffix in (".toml", ".tsv", ".xz")}
    assert len(shipped) > 20
    assert sorted(shipped - opened) == []


def test_the_count_is_printed(posko_command: Posko, tmp_path: Path) -> None:
    out = tmp_path / "hitung.pdf"
    item = deadline(posko_command, "handling_base", "2024-10-12", "pilkada-2024", "--out", out)
    assert item["path"] == str(out)
    assert out.read_bytes().startswith(b"%PDF")
