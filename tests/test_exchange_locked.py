"""Exports that only one office can open: sealed, opened in private, kept as they came."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report, file_reports
from posko_app.data.tables import AuditEntry, Export, Office, TrustedKey
from posko_app.errors import UserError
from posko_app.exchange import trust
from posko_app.exchange.ack import ack_for_file
from posko_app.exchange.apply import apply_plan, import_file
from posko_app.exchange.decide import set_field
from posko_app.exchange.digest import digest
from posko_app.exchange.export import ExportResult, export
from posko_app.exchange.locking import ENDING, keys_for, lock, own_key
from posko_app.exchange.peek import glance
from posko_app.exchange.plan import preview
from posko_app.exchange.prospect import prospects
from posko_app.exchange.undo import undo
from posko_app.exchange.unlocking import opened_file, unlocked
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.exchange.xlsx.limits import limits
from posko_app.office.incarnation import become_new_device
from posko_app.security import recipient
from tests.commands import Posko as Command
from tests.factory import PASSWORD, new_report
from tests.introduced import introduce

OpenOffice = Callable[..., Posko]
TITLE = "Baliho di halaman kantor camat"


@pytest.fixture
def kec(office: OpenOffice) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: OpenOffice, kec: Posko) -> Posko:
    return office("kabupaten")


def locked(posko: Posko, to: str, folder: Path, **options: object) -> ExportResult:
    folder.mkdir(exist_ok=True)
    return export(posko, to, folder, lock=True, **options)  # type: ignore[arg-type]


def leftovers(posko: Posko) -> list[Path]:
    """Files under the private folder of an office."""
    return [p for p in posko.folder.private.rglob("*") if p.is_file()]


def refusal(posko: Posko, path: Path) -> str:
    plan = preview(posko, path)
    assert plan.verdict == "refused"
    assert plan.reason.endswith(".")
    assert leftovers(posko) == []
    return plan.code


def test_a_locked_export_travels_and_nothing_plain_is_left(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report(title=TITLE))
    made = locked(kec, "62.10", tmp_path / "usb")
    (path,) = made.files
    assert [p.name for p in (tmp_path / "usb").iterdir()] == [path.name]
    assert path.name == "Posko_62.10.02_ke_62.10_001.xlsx.age"
    assert recipient.is_sealed(path.read_bytes())
    assert leftovers(kec) == []
    with kec.store.read() as session:
        (row,) = session.scalars(select(Export))
    assert (row.locked, row.seq, row.file_name) == (True, 1, path.name)

    found = import_file(kab, path, apply=True)
    assert (found.applied, found.signature, found.path) == (True, "valid", path)
    assert digest(kab, "62.10.02") == digest(kec)
    assert leftovers(kab) == []
    (kept,) = kab.folder.inbox_archive.iterdir()
    assert kept.read_bytes() == path.read_bytes(), "kept as it came"
    again = import_file(kab, path, apply=True)
    assert (again.new, again.updated, again.conflicts) == (0, 0, 0)
    assert ack_for_file(kab, path).seq == 1


def test_the_way_back_is_locked_for_a_key_that_came_in_a_workbook(
    office: OpenOffice, tmp_path: Path
) -> None:
    """Nobody hands a key over: it comes with the first workbook, and its words are compared."""
    kec, kab = office("kecamatan", stranger=True), office("kabupaten", stranger=True)
    file_report(kec, new_report(title=TITLE))
    with pytest.raises(UserError, match="belum dikenal") as unknown:
        locked(kec, "62.10", tmp_path)
    assert unknown.value.code == "no_recipient"
    assert not list(tmp_path.glob("Posko*"))
    (path,) = export(kec, "62.10", tmp_path).files
    card = trust.look_at_key(kab, path)
    trust.confirm_key(kab, card, " ".join(card.words))
    assert import_file(kab, path, apply=True).applied
    (back,) = locked(kab, "62.10.02", tmp_path).files
    card = trust.look_at_key(kec, back)
    assert card.verdict == "first"
    trust.confirm_key(kec, card, " ".join(card.words))
    assert import_file(kec, back, apply=True).applied
    with kec.store.read() as session:
        assert trust.recipients_of(session, "62.10") == (own_key(kab),)
        assert keys_for(session, "62.10") == (own_key(kab), own_key(kec))


def test_a_file_for_somebody_else_is_told_from_a_damaged_one(
    kec: Posko, kab: Posko, office: OpenOffice, tmp_path: Path
) -> None:
    prov = office("provinsi")
    file_report(kec, new_report(title=TITLE))
    (path,) = locked(kec, "62.10", tmp_path / "usb").files
    assert refusal(prov, path) == "locked_elsewhere"
    whole = path.read_bytes()
    cut, flipped = tmp_path / "potong.xlsx.age", tmp_path / "rusak.xlsx.age"
    for size in (30, 100, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:size])
        assert refusal(kab, cut) == "locked_damaged"
    for at in (len(whole) // 2, len(whole) - 5):
        flipped.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert refusal(kab, flipped) == "locked_damaged"
    assert not import_file(prov, path, apply=True).applied
    (kept,) = prov.folder.quarantine.glob(f"*{ENDING}")
    assert kept.read_bytes() == whole
    assert import_file(kab, path, apply=True).applied


@pytest.mark.skipif(sys.platform != "linux", reason="open files are listed in /proc")
def test_the_reading_process_holds_no_file_of_which_it_was_asked(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    """Windows deletes no file that a process reads: the plain copy would outlive the look at it."""
    file_report(kec, new_report())
    (taken,) = locked(kec, "62.10", tmp_path / "usb").files
    (elsewhere,) = export(kec, "62", tmp_path).files
    with kec.store.read() as session:
        refused = lock(elsewhere, keys_for(session, "62.10"))
    for path, verdict in ((taken, "accepted"), (refused, "refused")):
        with Reader() as reader:
            assert preview(kab, path, reader=reader).verdict == verdict
            assert reader.pid is not None, "it lives on for the next file"
            held = {link.readlink().suffix for link in Path(f"/proc/{reader.pid}/fd").iterdir()}
        assert ".xlsx" not in held
    assert leftovers(kab) == []


def test_a_reader_that_let_go_reads_on(kec: Posko, tmp_path: Path) -> None:
    """Whatever of a sheet was not asked for is in nobody's way."""
    path = export(kec, "62", tmp_path).files[0]
    with Reader() as reader:
        for _ in range(2):
            book = reader.open(path)
            assert next(book.rows(next(iter(book.sheets))))
            reader.let_go()
            reader.let_go()
            with pytest.raises(RuntimeError, match="no longer open"):
                book.part_sha256(next(iter(book.sheets)))


def test_any_name_will_do(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    """Programs that pass files on rename them."""
    file_report(kec, new_report(title=TITLE))
    (path,) = locked(kec, "62.10", tmp_path / "usb").files
    assert glance(path).kind == "locked"
    for name in ("DOC-20241015-WA0007", "kiriman.xlsx", ENDING, "x.bin"):
        renamed = path.with_name(name)
        shutil.copy(path, renamed)
        assert preview(kab, renamed).new > 0, name
        assert glance(renamed).kind == "locked"


def test_the_sender_opens_its_own_copy(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report(title=TITLE))
    (path,) = locked(kec, "62.10", tmp_path / "usb").files
    plan = preview(kec, path)
    assert (plan.verdict, plan.new, plan.same) == ("accepted", 0, len(plan.decisions) + plan.same)
    with unlocked(kec, path) as plain:
        assert plain.read_bytes()[:2] == b"PK"
        assert plain.stat().st_mode & 0o077 == 0 or plain.parent.stat().st_mode & 0o077 == 0
    assert not plain.exists()


def test_a_locked_copy_of_picked_cases(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    filed = file_reports(kec, [new_report(title=t) for t in ("Satu", "Dua")])
    made = locked(kec, "62.10", tmp_path / "usb", what="picked", cases=[filed[0].uid])
    assert made.files[0].name == "Posko_62.10.02_ke_62.10_salinan.xlsx.age"
    assert import_file(kab, made.files[0], apply=True).applied
    assert digest(kab, "62.10.02").records < digest(kec).records


def test_a_locked_import_is_undone_and_taken_again(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    before = digest(kab)
    file_report(kec, new_report(title=TITLE))
    (path,) = locked(kec, "62.10", tmp_path / "usb").files
    done = import_file(kab, path, apply=True)
    undo(kab, done.uid)
    assert digest(kab) == before
    (kept,) = kab.folder.inbox_archive.iterdir()
    assert import_file(kab, kept, apply=True).applied, "the kept file itself can be taken again"
    assert digest(kab, "62.10.02") == digest(kec)


def test_a_file_that_changed_since_its_preview_is_not_taken(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report(title=TITLE))
    (path,) = locked(kec, "62.10", tmp_path / "usb").files
    plan = preview(kab, path)
    shutil.copy(locked(kec, "62.10", tmp_path / "usb").files[0], path)
    with pytest.raises(UserError) as changed:
        apply_plan(kab, plan)
    assert changed.value.code == "changed_file"


def test_several_parts_are_locked_each(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_reports(kec, [new_report(title=f"Laporan {n}") for n in range(3)])
    made = locked(kec, "62.10", tmp_path / "usb", bounds=replace(limits(), book_cases=1))
    assert [p.name for p in made.files] == [
        f"Posko_62.10.02_ke_62.10_001_{n}dari3.xlsx.age" for n in (1, 2, 3)
    ]
    for path in reversed(made.files):
        assert import_file(kab, path, apply=True).applied
    assert digest(kab, "62.10.02") == digest(kec)
    assert leftovers(kec) == leftovers(kab) == []


def test_a_new_device_opens_what_was_locked_for_it_before(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    """And files made from now on are locked for its new key, once it was heard of."""
    file_report(kec, new_report(title=TITLE))
    assert import_file(kec, export(kab, "62.10.02", tmp_path).files[0], apply=True).applied
    (path,) = locked(kec, "62.10", tmp_path / "usb").files
    old, device = own_key(kab), kab.office.device_id
    become_new_device(kab)
    assert (kab.office.device_id, own_key(kab)) != (device, old)
    introduce(kab, kec)
    assert import_file(kab, path, apply=True).applied
    assert import_file(kec, export(kab, "62.10.02", tmp_path).files[0], apply=True).applied
    with kec.store.read() as session:
        assert set(trust.recipients_of(session, "62.10")) == {old, own_key(kab)}
    trust.retire(kec, device)
    with kec.store.read() as session:
        assert trust.recipients_of(session, "62.10") == (own_key(kab),)


def test_an_office_from_before_gets_its_key_with_its_first_export(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    with kec.write() as session:
        row = session.scalars(select(Office)).one()
        row.recipient_private = row.recipient_public = ""
    with kab.write() as session:
        key = session.get(TrustedKey, kec.office.device_id)
        assert key is not None
        key.recipient = ""
    file_report(kec, new_report())
    assert import_file(kab, export(kec, "62.10", tmp_path).files[0], apply=True).applied
    with kab.store.read() as session:
        assert trust.recipients_of(session, "62.10.02") == (own_key(kec),)
    with kec.store.read() as session:
        notes = list(session.scalars(select(AuditEntry.action)))
    assert notes.count("key.made") == 1
    own_key(kec)
    (back,) = locked(kab, "62.10.02", tmp_path).files
    assert import_file(kec, back, apply=True).applied


def test_a_key_that_is_none_is_passed_over(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    """A sender may write anything there."""
    with kec.write() as session:
        row = session.get(TrustedKey, kab.office.device_id)
        assert row is not None
        row.recipient = "age1bukan kunci"
    with pytest.raises(UserError) as none:
        locked(kec, "62.10", tmp_path / "usb")
    assert none.value.code == "no_recipient"
    assert not prospects(kec, "62.10").lockable, "it is not offered either"


def test_the_limit_of_size_holds_for_what_is_locked(kab: Posko, tmp_path: Path) -> None:
    big, folder = tmp_path / "besar.xlsx", tmp_path / "buka"
    folder.mkdir()
    with big.open("wb") as file:
        file.truncate(limits().file_bytes + (2 << 20))
    sealed = lock(big, [own_key(kab)])
    assert not big.exists()
    assert refusal(kab, sealed) == "too_big"
    assert list(folder.iterdir()) == []
    assert opened_file(kab, sealed, folder, most=1 << 30).stat().st_size > limits().file_bytes


def test_the_fields_of_a_kept_locked_file_say_what_was_there_before(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    """Both sides change the same field: the former value stands only in the archive by then."""
    uid = file_report(kec, new_report(title=TITLE)).uid
    assert import_file(kab, locked(kec, "62.10", tmp_path / "usb").files[0], apply=True).applied
    set_field(kab, uid, "title", "Judul dari kabupaten")
    set_field(kec, uid, "title", "Judul dari kecamatan")
    plan = preview(kab, locked(kec, "62.10", tmp_path / "usb").files[0])
    assert plan.conflicts == 1
    assert plan.bases[uid, "title"] == TITLE


def test_the_command_line_locks_and_opens(
    kec: Posko,
    kab: Posko,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file_report(kec, new_report(title=TITLE))
    desk, district = kec.folder, kab.folder
    kec.close()
    kab.close()
    district.private.mkdir(exist_ok=True)
    (district.private / "kunci-tertinggal").mkdir()
    (district.private / "kunci-tertinggal" / "x.xlsx").write_bytes(b"rahasia")
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    command = Command(capsys)
    there = ("--to", "62.10", "--out", tmp_path / "usb", "--data", desk.root)
    (path,) = command.json("export", *there, "--lock")["files"]
    assert path.endswith(".xlsx.age")
    (found,) = command.json("import", path, "--apply", "--data", district.root)["files"]
    assert (found["applied"], found["signature"]) == (True, "valid")
    assert list(district.private.rglob("*")) == [], "what a crash left is wiped at the start"
    command.refused("export", "--to", "62.11", "--out", tmp_path / "usb", "--data", desk.root,
                    "--lock", code="no_recipient")  # fmt: skip
