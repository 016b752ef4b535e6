"""An export that is killed, cancelled or finds no room: no number twice, nothing half, healed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.cases.intake import file_report, file_reports
from posko_app.data.tables import AuditEntry, Export
from posko_app.errors import Cancelled, UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.digest import digest
from posko_app.exchange.export import ExportResult, export
from posko_app.exchange.ledger import channel
from posko_app.exchange.xlsx.limits import limits
from posko_app.progress import Progress
from tests.conftest import FixedClock
from tests.factory import PASSWORD, new_report
from tests.test_exchange_ways import manifest_of

STEPS = ("open", "os.rename", "os.remove", "os.mkdir")
TWO_PARTS = replace(limits(), book_cases=1)
pytestmark = pytest.mark.skipif(os.name == "nt", reason="no process can be forked there")


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


@pytest.fixture
def desk(office: Callable[..., Posko], kab: Posko) -> Posko:
    """A subdistrict with two reports, known to its district and knowing it."""
    posko = office("kecamatan")
    file_reports(posko, [new_report(title=title) for title in ("Satu", "Dua")])
    return posko


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


def enter(folder: Path) -> Posko:
    return open_office(folder, "petugas", PASSWORD, clock=FixedClock())


def exports(posko: Posko) -> list[Export]:
    with posko.store.read() as session:
        return list(session.scalars(select(Export).order_by(Export.id)))


def killed_at(step: int, places: tuple[Path, ...], act: Callable[[], object]) -> bool:
    """Do it in a process that is killed at that step in one of `places`; False when it ended."""
    child = os.fork()
    if not child:
        left = [step]

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event in STEPS and any(str(place) in str(arguments[0]) for place in places):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            act()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("lock", [False, True])
def test_a_killed_export_never_gives_a_number_twice(
    desk: Posko, kab: Posko, usb: Path, *, lock: bool
) -> None:
    """Killed at every step on its way (locked: every other one): each number stands once, and the
    next export has it all."""
    folder = desk.folder
    desk.close()

    def act() -> None:
        export(enter(folder.root), "62.10", usb, lock=lock, bounds=limits() if lock else TWO_PARTS)

    step, lost = 0, 0
    while killed_at(step, (usb, folder.private), act):
        step += 2 if lock else 1
        shown = [path for path in usb.iterdir() if not path.name.startswith(".")]
        again = enter(folder.root)
        rows = exports(again)
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert {path.name for path in shown} <= {
            name for row in rows for name in row.file_name.split(", ")
        }, "no file is seen whose number is not in the ledger"
        lost += sum(not (usb / name).exists() for row in rows for name in row.file_name.split(", "))
        again.close()
        for path in usb.glob("Posko*"):  # what it left hidden stays, as on a drive
            assert import_file(kab, path, apply=True).applied, "each file is whole"
            path.unlink()
    assert step > 8
    assert lost or lock, "killed between the ledger and the names, too"
    again = enter(folder.root)
    made = export(again, "62.10", usb, lock=lock)
    assert made.seq == len(exports(again))
    assert set(made.files) <= set(usb.iterdir())
    assert not list(usb.glob(".*")), "what was left behind is gone"
    for path in made.files:
        assert import_file(kab, path, apply=True).applied
    assert digest(kab, "62.10.02") == digest(again)
    again.close()
    assert channel_is_whole(kab, desk.office.device_id)


def channel_is_whole(posko: Posko, device: str) -> bool:
    with posko.store.read() as session:
        heard, seq, _ = channel(session, "62.10.02").acks[device]
    return heard > 0 and seq > 0


def each_look() -> Iterator[Progress]:
    """Progress callables that cancel at their first, second, third … call."""
    number = 0
    while True:
        number += 1
        left = [number]

        def stop(done: int, total: int, text: str = "", left: list[int] = left) -> None:
            left[0] -= 1
            if not left[0]:
                raise Cancelled

        yield stop


@pytest.mark.parametrize("lock", [False, True])
def test_cancelled_at_any_moment_nothing_is_left(desk: Posko, usb: Path, *, lock: bool) -> None:
    looks = 0
    for stop in each_look():
        try:
            made = export(desk, "62.10", usb, lock=lock, bounds=TWO_PARTS, progress=stop)
        except Cancelled:
            looks += 1
            assert list(usb.iterdir()) == []
            assert exports(desk) == []
            assert not any(desk.folder.private.iterdir()) if lock else True
            continue
        break
    assert looks > 6
    assert (made.seq, len(made.files), len(list(usb.iterdir()))) == (1, 2, 2)


def test_parts_of_others_and_files_of_people_are_left_alone(desk: Posko, usb: Path) -> None:
    mine = usb / f".posko-{desk.office.device_id}-lama-1.part"
    inner = usb / f".{mine.name}.4711.tmp"
    others = [usb / ".posko-ZZZZZZZZ-lama-1.part", usb / "posko-catatan.txt", usb / ".tersembunyi"]
    for path in (mine, inner, *others):
        path.write_bytes(b"x")
    made = export(desk, "62.10", usb)
    assert set(usb.iterdir()) == {*others, *made.files}


def test_a_folder_that_takes_no_file_gets_none(desk: Posko, usb: Path) -> None:
    """Root may write anywhere, so a name too long for the folder stands for it."""
    deep = usb
    while len(str(deep)) < 4000:
        deep = deep / ("x" * 200)
        try:
            deep.mkdir()
        except OSError:
            break
    with pytest.raises(UserError) as refused:
        export(desk, "62.10", deep)
    assert refused.value.code in ("cannot_write", "folder_missing")
    assert refused.value.message.endswith(".")
    assert ".part" not in refused.value.message
    assert exports(desk) == []


def test_a_drive_that_is_pulled_out_is_told_at_any_moment(desk: Posko, usb: Path) -> None:
    gone = usb.with_name("dicabut")
    left = [0]

    def pull(done: int, total: int, text: str = "") -> None:
        left[0] -= 1
        if not left[0]:
            usb.rename(gone)

    for looks in range(1, 8):
        left[0] = looks
        before = len(exports(desk))
        with pytest.raises(UserError) as refused:
            export(desk, "62.10", usb, progress=pull)
        assert refused.value.code == "cannot_write"
        name = f"Posko_62.10.02_ke_62.10_{before + 1:03d}.xlsx"
        assert f"{name} tidak tersimpan" in refused.value.message
        numbered = "tercatat tanpa berkas" in refused.value.message
        assert len(exports(desk)) == before + numbered
        gone.rename(usb)


@pytest.mark.parametrize("lock", [False, True])
def test_no_room_is_a_sentence_and_leaves_nothing(desk: Posko, usb: Path, *, lock: bool) -> None:
    """The size that the system allows a file stands for a full drive."""
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    file_report(desk, new_report(narrative=os.urandom(14_000).hex()))
    folder = desk.folder
    desk.close()
    said = usb.with_name("kata.txt")

    def act() -> None:
        posko = enter(folder.root)
        posko.store.read  # noqa: B018 - open before the limit holds
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, hard))
        try:
            export(posko, "62.10", usb, lock=lock)
        except UserError as error:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            said.write_text(f"{error.code}: {error.message}")

    assert not killed_at(10_000, (usb,), act)
    code, _, sentence = said.read_text().partition(": ")
    assert code == "cannot_write"
    assert "penuh" in sentence
    assert "Posko_62.10.02_ke_62.10_001.xlsx" in sentence
    assert list(usb.iterdir()) == []
    again = enter(folder.root)
    assert exports(again) == []
    assert not list(folder.private.rglob("*.part"))
    assert export(again, "62.10", usb).seq == 1
    again.close()


def test_names_that_cannot_be_given_use_up_the_number_only(
    desk: Posko, kab: Posko, usb: Path
) -> None:
    """The drive is pulled out between the ledger and the names."""
    gone = usb.with_name("dicabut")

    def pull(_tables: object) -> None:
        if exports(desk):
            usb.rename(gone)

    desk.store.listeners.append(pull)
    with pytest.raises(UserError) as refused:
        export(desk, "62.10", usb)
    assert refused.value.code == "cannot_write"
    assert "Kiriman 1 tercatat tanpa berkas" in refused.value.message
    desk.store.listeners.remove(pull)
    gone.rename(usb)
    assert [row.seq for row in exports(desk)] == [1]
    with desk.store.read() as session:
        assert list(session.scalars(select(AuditEntry.action))).count("export.made") == 1
    made: ExportResult = export(desk, "62.10", usb)
    assert made.seq == 2
    assert set(usb.iterdir()) == set(made.files)
    assert manifest_of(made.files[0]).prev == exports(desk)[0].uid
    found = import_file(kab, made.files[0], apply=True)
    assert (found.applied, found.gaps) == (True, ())
    assert digest(kab, "62.10.02") == digest(desk)


def test_a_name_that_is_taken_is_not_written_over(desk: Posko, usb: Path) -> None:
    old = usb / "Posko_62.10.02_ke_62.10_001.xlsx"
    old.write_bytes(b"milik orang lain")
    made = export(desk, "62.10", usb)
    assert [path.name for path in made.files] == ["Posko_62.10.02_ke_62.10_001 (2).xlsx"]
    assert exports(desk)[0].file_name == made.files[0].name
    assert old.read_bytes() == b"milik orang lain"
