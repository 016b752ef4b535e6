"""What an export holds: what changed, everything, or some cases as a copy beside the channel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.prevention import log_activity
from posko_app.data import record as records
from posko_app.data.tables import Case, Export
from posko_app.errors import UserError
from posko_app.exchange import manifest as head
from posko_app.exchange.apply import import_file
from posko_app.exchange.digest import digest
from posko_app.exchange.export import ExportResult, export
from posko_app.exchange.ledger import channel
from posko_app.exchange.manifest import Manifest
from tests.commands import Posko as Command
from tests.factory import PASSWORD, new_report
from tests.test_exchange_export import activity, machine_rows


@pytest.fixture
def kecamatan(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kabupaten(office: Callable[..., Posko], kecamatan: Posko) -> Posko:
    return office("kabupaten")


def manifest_of(path: Path) -> Manifest:
    return head.from_text(next(machine_rows(path))[1])


def tables_of(made: ExportResult) -> dict[str, set[str]]:
    """The uids in an export, by table."""
    found: dict[str, set[str]] = {}
    for path in made.files:
        for row in list(machine_rows(path))[1:]:
            record = records.loads("".join(row[2:]))
            found.setdefault(record["t"], set()).add(record["u"])
    return found


def uids(posko: Posko) -> list[str]:
    with posko.store.read() as session:
        return list(session.scalars(select(Case.uid).order_by(Case.uid)))


def take(posko: Posko, made: ExportResult) -> None:
    for path in made.files:
        found = import_file(posko, path, apply=True)
        assert found.applied, found.reason


def confirm(one: Posko, other: Posko, folder: Path) -> None:
    """Each tells the other what it has."""
    take(other, export(one, other.office.code, folder))
    take(one, export(other, one.office.code, folder))


def test_everything_goes_again_and_still_counts(
    kecamatan: Posko, kabupaten: Posko, tmp_path: Path
) -> None:
    file_report(kecamatan, new_report(title="Pertama"))
    log_activity(kecamatan, activity())
    confirm(kecamatan, kabupaten, tmp_path)
    file_report(kecamatan, new_report(title="Kedua"))
    changed = export(kecamatan, "62.10", tmp_path)
    everything = export(kecamatan, "62.10", tmp_path, what="all")
    assert len(tables_of(changed)["cases"]) == 1
    assert tables_of(everything)["cases"] == set(uids(kecamatan))
    assert "prevention" in tables_of(everything)
    told, said = manifest_of(changed.files[0]), manifest_of(everything.files[0])
    assert told.frm > said.frm == 0
    assert (said.seq, said.prev, said.outside) == (told.seq + 1, told.xid, False)
    assert said.upto > told.upto, "making an export is a move of its own"
    take(kabupaten, everything)  # without the one before: it covers that
    take(kecamatan, export(kabupaten, "62.10.02", tmp_path))
    with kecamatan.store.read() as session:
        assert channel(session, "62.10").frm == said.upto
    assert digest(kabupaten, "62.10.02") == digest(kecamatan, "62.10.02")


def test_picked_cases_are_a_copy_beside_the_channel(
    kecamatan: Posko, kabupaten: Posko, tmp_path: Path
) -> None:
    for title in ("Pertama", "Kedua", "Ketiga"):
        file_report(kecamatan, new_report(title=title))
    log_activity(kecamatan, activity())
    first, _, last = uids(kecamatan)
    made = export(kecamatan, "62.10", tmp_path, what="picked", cases=[last, first, last])
    found = tables_of(made)
    assert found["cases"] == {first, last}
    assert sorted(found) == ["cases", "events", "evidence", "reported_parties", "witnesses"]
    said = manifest_of(made.files[0])
    assert (said.seq, said.outside, said.prev) == (0, True, "")
    assert (said.frm, said.upto, said.acks) == (0, 0, {})
    assert made.files[0].name == "Posko_62.10.02_ke_62.10_salinan.xlsx"
    take(kabupaten, made)
    assert uids(kabupaten) == [first, last]
    back = export(kabupaten, "62.10.02", tmp_path)
    (ack,) = manifest_of(back.files[0]).acks.values()
    assert ack[0] == 0, "a copy is never confirmed"
    take(kecamatan, back)
    with kecamatan.store.read() as session:
        assert channel(session, "62.10").frm == 0
        (row,) = session.scalars(select(Export))
        assert (row.seq, row.outside, row.acked_at) == (0, True, None)
    after = export(kecamatan, "62.10", tmp_path)
    assert after.seq == 1
    assert tables_of(after)["cases"] == set(uids(kecamatan)), "the copy made nothing known"


def test_a_picked_case_must_be_here_and_may_go_there(
    kabupaten: Posko, tmp_path: Path, kecamatan: Posko
) -> None:
    file_report(kabupaten, new_report(title="Di Sepang", region_code="62.10.01.2001"))
    (uid,) = uids(kabupaten)
    for cases, code in (([uid], "not_theirs"), (["tidak-ada"], "no_case"), ([], "nothing_picked")):
        with pytest.raises(UserError) as refused:
            export(kabupaten, "62.10.02", tmp_path, what="picked", cases=cases)
        assert refused.value.code == code
    assert not list(tmp_path.glob("*.xlsx"))
    made = export(kabupaten, "62.10.01", tmp_path, what="picked", cases=[uid])
    assert tables_of(made)["cases"] == {uid}


@pytest.mark.parametrize(("what", "cases"), [("some", ()), ("all", ("x",)), ("changes", ("x",))])
def test_a_way_that_makes_no_sense_is_a_mistake_of_the_program(
    what: str, cases: tuple[str, ...], kecamatan: Posko, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=what):
        export(kecamatan, "62.10", tmp_path, what=what, cases=cases)  # type: ignore[arg-type]


def test_the_command_line_knows_the_ways(
    kecamatan: Posko,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = [file_report(kecamatan, new_report(title=t)).number for t in ("Satu", "Dua", "Tiga")]
    folder = kecamatan.folder.root
    kecamatan.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    command = Command(capsys)
    there = ("--to", "62.10", "--out", tmp_path / "kiriman", "--data", folder)
    picked = command.json("export", *there, "--case", numbers[0], "--case", numbers[2])
    assert picked["seq"] == 0
    assert len(list(machine_rows(Path(picked["files"][0])))) == picked["rows"] + 1
    whole = command.json("export", *there, "--what", "all")
    assert whole["seq"] == 1
    assert whole["rows"] > picked["rows"]
    command.refused("export", *there, "--case", "999/tidak/ada", code="no_case")
    assert command("export", *there, "--case", numbers[0], "--what", "all").code == 2
