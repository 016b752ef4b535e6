"""`posko ledger`, `posko ack` and `posko import --trust`, each with real offices and files."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from posko_app.app import open_office
from posko_app.cases.intake import file_report
from posko_app.data.tables import Office
from posko_app.office.accounts import add_account
from posko_app.security.sign import fingerprint_words
from tests.commands import Posko
from tests.conftest import FixedClock
from tests.factory import PASSWORD, new_report
from tests.test_exchange_trust import renew_key

SECOND = "kata sandi orang kedua"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


@pytest.fixture
def offices(
    prepared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """A subdistrict with one report and its district, which do not know each other."""
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    monkeypatch.setenv("POSKO_USER", "petugas")
    desk, district = tmp_path / "kec", tmp_path / "kab"
    shutil.copytree(prepared("kecamatan"), desk)
    shutil.copytree(prepared("kabupaten"), district)
    posko = open_office(desk, "petugas", PASSWORD, clock=FixedClock())
    file_report(posko, new_report())
    posko.close()
    return desk, district


def sent(command: Posko, data: Path, to: str, folder: Path) -> str:
    (path,) = command.json("export", "--to", to, "--out", folder, "--data", data)["files"]
    return str(path)


def words_of(command: Posko, path: str, data: Path) -> str:
    said = command("import", path, "--apply", "--data", data, "--json")
    assert said.code == 1
    (found,) = said.data["files"]
    assert (found["code"], found["applied"]) == ("unknown_key", False)
    assert said.err.strip() == found["reason"]
    words = re.search(r"jarinya: ([a-z ]+)\.", found["reason"])
    assert words is not None
    return words[1]


def state(command: Posko, data: Path, code: str) -> dict[str, Any]:
    (office,) = command.json("ledger", code, "--data", data)["offices"]
    return dict(office)


def test_a_file_is_taken_in_only_with_the_right_words(
    command: Posko, offices: tuple[Path, Path], tmp_path: Path
) -> None:
    desk, district = offices
    path = sent(command, desk, "62.10", tmp_path)
    words = words_of(command, path, district)
    assert state(command, district, "62.10.02")["devices"] == [], "nothing is kept silently"
    wrong = " ".join([*words.split()[1:], words.split()[0]])
    command.refused("import", path, "--apply", "--trust", wrong, "--data", district,
                    code="words_differ")  # fmt: skip
    plain = command("import", path, "--apply", "--data", district)
    assert "Bila cocok, ulangi dengan --trust dan enam kata itu." in plain.err
    trust = ("--trust", wrong, "--trust", words)
    (taken,) = command.json("import", path, "--apply", *trust, "--data", district)["files"]
    assert taken["applied"]
    (device,) = state(command, district, "62.10.02")["devices"]
    assert (device["key"], device["decided_by"], device["words"]) == ("confirmed", "petugas", words)


def test_who_says_yes_at_the_terminal_is_believed(
    command: Posko, offices: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    desk, district = offices
    path = sent(command, desk, "62.10", tmp_path)
    monkeypatch.setattr("sys.stdin", Terminal("tidak\n"))
    assert command("import", path, "--apply", "--data", district).code == 1
    monkeypatch.setattr("sys.stdin", Terminal("ya\n"))
    said = command("import", path, "--apply", "--data", district)
    assert said.code == 0
    assert "diterapkan" in said.out
    assert "Enam kata:" in said.err


def test_a_changed_key_needs_a_second_person(
    command: Posko, offices: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, district = offices
    path = sent(command, desk, "62.10", tmp_path)
    words = words_of(command, path, district)
    command.json("import", path, "--apply", "--trust", words, "--data", district)
    posko = open_office(desk, "petugas", PASSWORD, clock=FixedClock())
    renew_key(posko)
    posko.close()
    posko = open_office(district, "petugas", PASSWORD, clock=FixedClock())
    add_account(posko, login="kedua", name="Orang Kedua", role="leader", password=SECOND)
    posko.close()
    path = sent(command, desk, "62.10", tmp_path)
    stopped = command("import", path, "--apply", "--data", district, "--json")
    assert stopped.code == 1
    assert stopped.data["files"][0]["code"] == "changed_key"
    assert "--second" in stopped.err
    posko = open_office(desk, "petugas", PASSWORD, clock=FixedClock())
    with posko.store.read() as session:
        fresh = " ".join(fingerprint_words(session.scalars(select(Office.device_public)).one()))
    posko.close()
    approve = ("--trust", fresh, "--reason", "komputer diganti", "--second", "kedua")
    monkeypatch.setenv("POSKO_SECOND_PASSWORD", "bukan kata sandinya")
    command.refused("import", path, "--apply", *approve, "--data", district, code="wrong_password")
    monkeypatch.setenv("POSKO_SECOND_PASSWORD", SECOND)
    (taken,) = command.json("import", path, "--apply", *approve, "--data", district)["files"]
    assert taken["applied"]
    devices = state(command, district, "62.10.02")["devices"]
    assert {d["key"] for d in devices} >= {"confirmed", "two"}


def test_receipts_by_text_and_the_ledger(
    command: Posko, offices: tuple[Path, Path], tmp_path: Path
) -> None:
    desk, district = offices
    first = sent(command, desk, "62.10", tmp_path)
    words = words_of(command, first, district)
    assert state(command, desk, "62.10")["state"] == "unconfirmed"
    command.refused("ack", first, "--data", district, code="file_not_taken")
    command.refused("ack", "--data", district, code="nothing_received")
    command.json("import", first, "--apply", "--trust", words, "--data", district)
    back = sent(command, district, "62.10.02", tmp_path)
    words = words_of(command, back, desk)
    command.json("import", back, "--apply", "--trust", words, "--data", desk)
    second = sent(command, desk, "62.10", tmp_path)
    command.json("import", second, "--apply", "--data", district)
    (made,) = command.json("ack", second, "--data", district)["acks"]
    assert (made["office"], made["seq"]) == ("62.10.02", 2)
    assert command("ack", "--data", district).out.splitlines()[1] == made["text"]
    taken = command.json("ack", f"Halo.\n{made['text']}", "--data", desk)
    assert (taken["office"], taken["seq"], taken["confirmed"]) == ("62.10", 2, [2])
    office = state(command, desk, "62.10")
    assert (office["state"], office["sent"]["unconfirmed"]) == ("complete", [])
    command.refused("ack", made["text"][:-4], "--data", desk, code="torn_receipt")
    plain = command("ledger", "--data", desk)
    assert "Bawaslu Kabupaten Gunung Mas" in plain.out
    assert "lengkap" in plain.out


def test_a_lost_device_is_revoked(
    command: Posko, offices: tuple[Path, Path], tmp_path: Path
) -> None:
    desk, district = offices
    path = sent(command, desk, "62.10", tmp_path)
    words = words_of(command, path, district)
    command.json("import", path, "--apply", "--trust", words, "--data", district)
    (device,) = state(command, district, "62.10.02")["devices"]
    assert command("ledger", "--lost", "--data", district).code == 2
    command.refused("ledger", "--retire", "AAAAAAAA", "--data", district, code="unknown_device")
    command.json("ledger", "--retire", device["device"], "--lost", "--reason", "laptop dicuri",
                 "--data", district)  # fmt: skip
    (gone,) = state(command, district, "62.10.02")["devices"]
    assert (gone["key"], gone["retired"]) == ("revoked", True)
    said = command("import", path, "--apply", "--data", district, "--json")
    assert said.data["files"][0]["code"] == "revoked_key"
