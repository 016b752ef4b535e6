"""`posko import` with hand edits and --undo, and `posko set`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.data.tables import AuditEntry, Case, CaseBoard
from posko_app.exchange.xlsx.guarded import Reader
from tests import commands
from tests.edited_books import Desk, reader, write
from tests.factory import PASSWORD, REPORTER, new_report

__all__ = ["reader"]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> commands.Posko:
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    return commands.Posko(capsys)


def test_hand_edits_are_shown_and_left_and_an_import_is_undone(
    office: Callable[..., Posko], command: commands.Posko, tmp_path: Path, reader: Reader
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    desk = Desk(tmp_path, reader)

    def change(book: object) -> None:
        write(book["Perkara"], 2, "Pasal", "Pasal 71")  # type: ignore[index]
        write(book["Terlapor"], 2, "NIP", 198604122010011012)  # type: ignore[index]

    path = desk.edited(desk.send(kec, "62.10"), change)
    kab.close()
    data = kab.folder.root
    said = command("import", path, "--data", data, "--apply")
    assert said.code == 0
    assert "usulan di Perkara!" in said.out
    assert "Pasal: (kosong) → Pasal 71." in said.out
    assert "bukan nilai di Terlapor!" in said.out
    assert "digitnya dapat hilang" in said.out
    [found] = command.json("import", path, "--data", data, "--apply")["files"]
    assert (found["proposals"], found["new"], found["same"], found["signature"]) == (
        2,
        0,
        5,
        "valid",
    )
    first = next(edit for edit in found["edits"] if edit["field"] == "article")
    assert (first["base"], first["theirs"], first["mine"]) == ("", "Pasal 71", "")
    assert first["proposed"]
    undo_first = said.out.split("--undo ")[1].split()[0]
    assert command("import", "--undo", undo_first, "--data", data).code == 1, "a newer one stands"
    assert command.json("import", "--undo", found["uid"], "--data", data) == {
        "undone": found["uid"], "restored": 0, "removed": 0,
    }  # fmt: skip
    told = command("import", "--undo", undo_first, "--data", data)
    assert (told.code, "5 data yang dibawanya ditarik" in told.out) == (0, True)
    assert command.json("list", "--data", data)["cases"] == []


def test_files_or_undo_but_not_both_nor_nothing(command: commands.Posko, tmp_path: Path) -> None:
    for argv in (
        ["import"],
        ["import", "x.xlsx", "--undo", "y"],
        ["import", "--undo", "y", "--apply"],
    ):
        said = command(*argv, "--data", tmp_path)
        assert said.code == 2, argv
        assert "--undo" in said.err


def test_a_field_is_set_by_its_name(office: Callable[..., Posko], command: commands.Posko) -> None:
    kec = office("kecamatan")
    filed = file_report(kec, new_report())
    kec.close()
    data = ["--data", kec.folder.root]
    done = command.json("set", filed.number, "title", "Judul  baru", *data)
    assert (done["case"], done["field"], done["after"]) == (filed.uid, "title", "Judul  baru")
    assert command("set", filed.uid, "event_place", "Balai desa", *data).code == 0
    said = command("set", filed.uid, "Tanggal kejadian", "12-10-2024", *data)
    assert said.out == "Tanggal kejadian: 13-10-2024 → 12-10-2024.\n"
    assert command("set", filed.uid, "article", "", *data).out == "Pasal: (kosong).\n"
    command.refused("set", filed.uid, "warna", "biru", *data, code="unknown_field")
    command.refused("set", filed.uid, "stage", "closed", *data, code="append_only")
    command.refused("set", "999/tidak", "title", "x", *data, code="no_case")
    assert "Tulis tanggal" in command.refused("set", filed.uid, "event_on", "kemarin", *data)
    assert command("set", filed.uid, "title", f"{REPORTER.name} melapor", *data).code == 1
    again = office("kecamatan")
    with again.store.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.title, case.event_place) == ("Judul  baru", "Balai desa")
        assert session.scalars(select(CaseBoard.title)).all() == ["Judul  baru"]
        notes = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "case.field_set")
        ).all()
    assert len(notes) == 3, "what stood there already is no write"


def test_another_office_decides_its_own_fields(
    office: Callable[..., Posko], command: commands.Posko, tmp_path: Path, reader: Reader
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    filed = file_report(kec, new_report())
    desk = Desk(tmp_path, reader)
    desk.take(kab, desk.send(kec, "62.10"))
    kab.close()
    data = ["--data", kab.folder.root]
    sentence = command.refused("set", filed.uid, "number", "1", *data, code="not_ours")
    assert "Kurun" in sentence
    assert command("set", filed.uid, "title", "Judul kabupaten", *data).code == 0
