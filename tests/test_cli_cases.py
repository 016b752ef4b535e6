"""Cases on the command line, on a real practice office."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import open_office
from posko_app.cases.intake import file_report
from posko_app.paths import OfficeFolder
from tests.commands import Posko
from tests.conftest import FixedClock
from tests.factory import PASSWORD, REPORTER, new_report


@pytest.fixture
def data(prepared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A district office with three reports, not opened by anybody."""
    folder = tmp_path / "kantor"
    shutil.copytree(prepared("kabupaten"), folder)
    posko = open_office(folder, "petugas", PASSWORD, clock=FixedClock())
    for title in ("Pertama", "Kedua", "Ketiga"):
        file_report(posko, new_report(title=f"{title}: pembagian stiker"))
    posko.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    monkeypatch.delenv("POSKO_USER", raising=False)
    return folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


def first(command: Posko, data: Path) -> dict[str, str]:
    case: dict[str, str] = command.json("list", "--data", data)["cases"][0]
    return case


def test_list_names_every_case(command: Posko, data: Path) -> None:
    cases = command.json("list", "--data", data)["cases"]
    assert sorted(c["title"].split(":")[0] for c in cases) == ["Kedua", "Ketiga", "Pertama"]
    assert all(set(c) == {"uid", "number", "title", "stage", "due_on", "office"} for c in cases)
    assert {(c["stage"], c["due_on"], c["office"]) for c in cases} == {
        ("initial_review", "2024-10-17", "62.10")
    }
    assert len(command.json("list", "--data", data, "--limit", 2)["cases"]) == 2
    found = command.json("list", "--data", data, "--text", "kedua")["cases"]
    assert [c["title"] for c in found] == ["Kedua: pembagian stiker"]
    assert command.json("list", "--data", data, "--view", "closed") == {"cases": []}
    assert command("list", "--data", data).out.endswith("3 perkara.\n")


def test_show_tells_everything_but_identities(command: Posko, data: Path) -> None:
    case = first(command, data)
    for name in (case["uid"], case["number"]):
        shown = command.json("show", name, "--data", data)
        assert shown["case"]["uid"] == case["uid"]
        assert set(shown) >= {"case", "events", "parties", "evidence", "letters", "due"}
        assert [e["kind"] for e in shown["events"]] == ["filed"]
        assert shown["parties"][0]["name"] == "Contoh Terlapor, S.Pd."
        assert shown["due"][0]["rule"] == "initial_review"
        assert shown["due"][0]["number"] == case["number"]
    said = command("show", case["number"], "--data", data)
    for secret in (REPORTER.name, REPORTER.nik, "0176"):
        assert secret not in said.out
        assert secret not in str(shown)
    assert "Pelapor 00" in said.out


def test_due_explains_its_dates(command: Posko, data: Path) -> None:
    items = command.json("due", "--data", data)["items"]
    assert len(items) == 3
    assert items[0]["rule"] == "initial_review"
    assert items[0]["days"][-1] == {
        "date": "2024-10-17", "counted": True, "why": items[0]["days"][-1]["why"]
    }  # fmt: skip
    assert command.json("due", "--data", data, "--until", "2024-10-14") == {"items": []}


def test_attach_stores_a_file_once(command: Posko, data: Path, tmp_path: Path) -> None:
    case = first(command, data)
    photo = tmp_path / "IMG_1.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 contoh")
    added = command.json("attach", case["number"], photo, "--data", data, "--kind", "photo")
    [item] = added["evidence"]
    assert item["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert (item["name"], item["size"], item["new"]) == ("IMG_1.jpg", photo.stat().st_size, True)
    [again] = command.json("attach", case["uid"], photo, "--data", data)["evidence"]
    assert again == {**item, "new": False}
    shown = command.json("show", case["uid"], "--data", data)["evidence"]
    assert [e["file_name"] for e in shown if e["held"]] == ["IMG_1.jpg"]


def test_attach_refuses_what_is_not_there(command: Posko, data: Path, tmp_path: Path) -> None:
    case = first(command, data)
    before = command.json("show", case["uid"], "--data", data)
    command.refused("attach", case["uid"], tmp_path / "x.jpg", "--data", data, code="file_missing")
    command.refused("attach", case["uid"], tmp_path, "--data", data, code="file_missing")
    command.refused("attach", "999", tmp_path / "x.jpg", "--data", data, code="no_case")
    command.refused(
        "attach", case["uid"], __file__, "--data", data, "--kind", "x", code="invalid_input"
    )
    assert command.json("show", case["uid"], "--data", data) == before


def test_a_step_says_what_it_lacks(command: Posko, data: Path) -> None:
    case = first(command, data)
    step = ("step", case["uid"], "--data", data)
    asked = command.json(*step, "next")
    assert (asked["stage"], asked["next"]["kind"]) == ("initial_review", "reviewed")
    assert "plenary_number" in {item["key"] for item in asked["next"]["missing"]}
    assert asked["next"]["documents"][0]["form"] == "A.4"
    looked = command.json(*step, "reviewed", "--check", "--set", "plenary_number=12/BA")
    assert "event" not in looked
    assert "plenary_number" not in {item["key"] for item in looked["step"]["missing"]}
    assert command.json(*step, "next")["stage"] == "initial_review"
    done = command.json(
        *step, "reviewed", "--outcome", "incomplete", "--set", "missing=evidence", "--on",
        "2024-10-15",
    )  # fmt: skip
    assert done["step"]["kind"] == "reviewed"
    assert done["next"]["kind"] == "completion_noticed"
    assert command.json("show", case["uid"], "--data", data)["case"]["missing"] == ["Bukti"]
    text = command(*step, "next").out
    assert "Langkah berikutnya: Beri tahu kekurangan (completion_noticed)." in text
    assert "Pemberitahuan kelengkapan laporan (Formulir A.4.1), belum ada" in text


def test_steps_follow_the_law(command: Posko, data: Path) -> None:
    case = first(command, data)
    step = ("step", case["uid"], "--data", data, "--on", "2024-10-15")
    command.refused(*step, "decided", "--outcome", "violation", code="invalid_input")
    command.refused(*step, "reviewed", code="invalid_input")
    done = command.json(*step, "reviewed", "--outcome", "complete", "--at", "10:15")
    assert done["stage"] == "registration"
    done = command.json(*step, "registered")
    assert done["register_number"].startswith("001/Reg/")
    done = command.json(*step, "invited", "--set", "for_on=2024-10-16", "--note", "Lewat telepon")
    assert done["stage"] == "clarification"
    shown = command.json("show", case["uid"], "--data", data)
    assert shown["events"][0]["note"] == "Lewat telepon"
    assert shown["case"]["registered_on"] == "2024-10-15"
    assert shown["case"]["next"]["kind"] == "clarified"
    assert shown["case"]["label"] == "Klarifikasi"
    assert [line["state"] for line in shown["clarifications"]] == ["invited"]
    tomorrow = ("step", case["uid"], "clarified", "--on", "2999-01-01", "--data", data)
    assert "setelah hari ini" in command.refused(*tomorrow)


def test_verify_finds_a_damaged_file(command: Posko, data: Path, tmp_path: Path) -> None:
    assert command.json("verify", "--data", data) == {"ok": True, "problems": []}
    case = first(command, data)
    photo = tmp_path / "IMG_2.jpg"
    photo.write_bytes(b"contoh " * 4000)
    command.json("attach", case["uid"], photo, "--data", data)
    [kept] = [p for p in OfficeFolder(data).vault.rglob("*") if p.is_file()]
    kept.chmod(0o600)
    content = bytearray(kept.read_bytes())
    content[9000] ^= 1
    kept.write_bytes(content)
    said = command("verify", "--data", data, "--json")
    assert said.code == 1
    assert said.data["ok"] is False
    assert any("IMG_2.jpg" in problem for problem in said.data["problems"])
    assert said.err.startswith("Ditemukan ")


def test_several_accounts_need_a_name(
    command: Posko, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from posko_app.office.accounts import add_account

    posko = open_office(data, "petugas", PASSWORD)
    add_account(posko, login="maya", name="Maya Misalnya", role="auditor", password=PASSWORD)
    posko.close()
    sentence = command.refused("list", "--data", data, code="choose_user")
    assert "maya, petugas" in sentence or "petugas, maya" in sentence
    assert len(command.json("list", "--data", data, "--user", "Maya")["cases"]) == 3
    monkeypatch.setenv("POSKO_USER", "maya")
    case = first(command, data)
    sentence = command.refused(
        "step", case["uid"], "note", "--on", "2024-10-15", "--data", data, code="not_allowed"
    )
    assert "auditor" in sentence
