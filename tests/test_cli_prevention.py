"""Prevention on the command line, on a real practice office."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import open_office
from posko_app.cases.attendance import mark
from posko_app.cases.pledge import plan_pledge, pledge_defaults, pledge_view
from posko_app.cases.prevention import NewActivity, log_activity
from tests.commands import Posko
from tests.conftest import FixedClock
from tests.factory import PASSWORD, TODAY


@pytest.fixture
def data(prepared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A district office with an activity and a pledge, not opened by anybody."""
    folder = tmp_path / "kantor"
    shutil.copytree(prepared("kabupaten"), folder)
    posko = open_office(folder, "petugas", PASSWORD, clock=FixedClock())
    log_activity(posko, NewActivity(on=TODAY, item="outreach", title="Sosialisasi"))
    plan_pledge(posko, pledge_defaults(posko))
    posko.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    monkeypatch.delenv("POSKO_USER", raising=False)
    return folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


def test_activities_of_a_month_and_its_plan(command: Posko, data: Path) -> None:
    said = command.json("prevention", "list", "--data", data, "--month", "2024-10")
    assert sorted(row["title"] for row in said["activities"]) == [
        "Ikrar netralitas ASN", "Sosialisasi",
    ]  # fmt: skip
    assert {line["item"]: line["done"] for line in said["plan"]} == {"outreach": 1, "pledge": 0}
    assert command.json("prevention", "list", "--data", data, "--month", "2024-9")["plan"] == []
    sentence = command.refused("prevention", "list", "--data", data, "--month", "kapan")
    assert "2024-10" in sentence


def test_a_roster_is_invited_and_papers_are_printed(
    command: Posko, data: Path, tmp_path: Path
) -> None:
    (pledge,) = command.json("prevention", "pledges", "--data", data)["pledges"]
    roster = tmp_path / "undangan.txt"
    roster.write_text("Nama\tJabatan\nContoh Satu\tCamat A\nContoh Dua\tJuru kunci\n", "utf-8")
    paper, sheets = tmp_path / "hadir.pdf", tmp_path / "mandiri.pdf"
    args = ("prevention", "pledge", pledge["uid"], "--data", data)
    said = command.json(*args, "--roster", roster, "--list", paper)
    assert (said["added"], len(said["problems"])) == (2, 1)
    assert {total["code"] for total in said["totals"]} == {"camat", "other"}
    assert paper.read_bytes().startswith(b"%PDF-")
    command.refused(*args, "--sheets", sheets, code="nobody_owes")
    posko = open_office(data, "petugas", PASSWORD, clock=FixedClock())
    mark(posko, [pledge_view(posko, pledge["uid"]).signatories[0].uid], "absent")
    posko.close()
    assert [one["name"] for one in command.json(*args, "--sheets", sheets)["owing"]] == [
        "Contoh Satu"
    ]
    assert sheets.is_file()
    assert "Jumlah" in command(*args).out
    command.refused(*args, "--roster", tmp_path / "tidak ada.txt", code="file_unreadable")
    command.refused("prevention", "pledge", "x", "--data", data, code="no_such_pledge")


def test_the_spread_is_pasted_listed_and_written(
    command: Posko, data: Path, tmp_path: Path
) -> None:
    pasted = tmp_path / "sebaran.txt"
    pasted.write_text("Desa\tSpanduk\nTumbang Miri\t2\nAntah\t1\n", "utf-8")
    out = tmp_path / "sebaran.xlsx"
    said = command.json(
        "prevention", "coverage", "--data", data, "--paste", pasted, "--on", "2024-10-14",
        "--out", out,
    )  # fmt: skip
    assert (len(said["villages"]), said["without_proof"], len(said["problems"])) == (127, 127, 1)
    assert {t["item"]: t["done"] for t in said["totals"]}["banner"] == 2
    assert out.read_bytes()[:2] == b"PK"
    pdf = tmp_path / "sebaran.pdf"
    args = ("prevention", "coverage", "--data", data, "--under", "62.10.02")
    shown = command.json(*args, "--without-proof", "--out", pdf)
    assert len(shown["villages"]) == 15
    assert pdf.read_bytes()[:4] == b"%PDF"
    assert "15 desa" in command(*args).out
    command.refused(*args, "--out", tmp_path / "x.doc", code="invalid_input")
