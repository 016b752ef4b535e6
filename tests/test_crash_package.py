"""Packages whose writing or taking is killed at any step: nothing half, nothing plain, healed."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from posko_app.app import Posko, open_office
from posko_app.cases.abandoned import drop_abandoned
from posko_app.errors import UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.package.standing import packages
from posko_app.exchange.package.take import take_part
from posko_app.exchange.package.write import write_package
from tests import bags
from tests.conftest import START, FixedClock
from tests.factory import PASSWORD
from tests.parcels import contents_of, file_case, unfinished, vault_hashes
from tests.test_crash_export import enter, killed_at

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no process can be forked there")
MARKER = b"ISI-BUKTI-YANG-RAHASIA"
LIMIT = 60_000


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


@pytest.fixture
def kec(office: Callable[..., Posko], kab: Posko) -> Posko:
    return office("kecamatan")


def plain_in(folder: Path) -> list[Path]:
    """Files in which the content can be read."""
    return [p for p in folder.rglob("*") if p.is_file() and MARKER in p.read_bytes()]


@pytest.mark.parametrize("lock", [False, True])
def test_a_killed_writing_names_nothing(kec: Posko, tmp_path: Path, *, lock: bool) -> None:
    content = MARKER * 6_000
    case = file_case(kec, tmp_path / "asli", [content, content[:50]])
    shutil.rmtree(tmp_path / "asli")
    kec.close()
    usb = tmp_path / "usb"
    usb.mkdir()

    def act() -> None:
        write_package(enter(kec.folder.root), "62.10", [case], usb, LIMIT, lock=lock)

    step = named = 0
    while killed_at(step, (usb, kec.folder.root), act):
        step += 3
        shown = [path for path in usb.iterdir() if not path.name.startswith(".")]
        named += bool(shown)
        for path in shown:
            assert path.stat().st_size <= LIMIT
            assert lock or bags.problems(path) == []
            path.unlink()
        assert plain_in(kec.folder.root) == []
        assert not lock or plain_in(usb) == []
    assert step > 12
    made = sorted(usb.iterdir())
    assert len(made) > 2
    assert not [path for path in made if path.name.startswith(".")], "what was left is gone"


@pytest.mark.parametrize(("lock", "stride"), [(False, 9), (True, 17)])
def test_a_killed_taking_goes_on_where_it_was(
    kec: Posko, kab: Posko, tmp_path: Path, *, lock: bool, stride: int
) -> None:
    rng = random.Random(3)
    small, big = rng.randbytes(900), MARKER + rng.randbytes(90_000)
    case = file_case(kec, tmp_path / "asli", [small, big])
    shutil.rmtree(tmp_path / "asli")
    out = tmp_path / "keluar"
    out.mkdir()
    for path in export(kec, "62.10", out).files:
        assert import_file(kab, path, apply=True).applied
    parts = write_package(kec, "62.10", [case], out, LIMIT, lock=lock).files
    wanted = contents_of(kec)
    kab.close()
    start = tmp_path / "mula"
    shutil.copytree(kab.folder.root, start)
    here = kab.folder

    def act() -> None:
        posko = enter(here.root)
        for path in parts:
            take_part(posko, path)

    step, came = 0, set[int]()
    while killed_at(step, (here.vault, here.root / ".tidak"), act):
        step += stride
        again = enter(here.root)
        assert unfinished(again) == [], "what was begun is gone at the next start"
        found = contents_of(again)
        assert all(wanted[uid] == content for uid, content in found.items())
        came.add(len(found))
        for path in reversed(parts):
            take_part(again, path)
        assert contents_of(again) == wanted
        assert packages(again)[0].complete
        again.close()
        later = open_office(
            here.root, "petugas", PASSWORD, clock=FixedClock(START + timedelta(days=3))
        )
        drop_abandoned(later)
        files = [path for path in here.vault.rglob("*") if path.is_file()]
        assert len(files) == len(vault_hashes(later)), "no file without its row is left"
        later.close()
        assert plain_in(here.root) == []
        shutil.rmtree(here.root)
        shutil.copytree(start, here.root)
    assert step > 20
    assert {0, 1} <= came


def starved(most: int, act: Callable[[], object]) -> str:
    """The code of the UserError of doing it in a process whose files may not grow beyond `most`."""
    import resource  # not on every system

    ready, told = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        try:
            act()
            os.write(told, b"done")
        except UserError as why:
            os.write(told, why.code.encode())
        finally:
            os._exit(0)
    os.close(told)
    with os.fdopen(ready, "rb") as said:
        answer = said.read().decode()
    os.waitpid(child, 0)
    return answer


@pytest.mark.parametrize("lock", [False, True])
def test_where_there_is_no_room_nothing_is_left(
    kec: Posko, kab: Posko, tmp_path: Path, *, lock: bool
) -> None:
    content = random.Random(1).randbytes(9_000_000)
    case = file_case(kec, tmp_path / "asli", [content, b"kecil"])
    out, usb = tmp_path / "keluar", tmp_path / "usb"
    out.mkdir()
    usb.mkdir()
    for path in export(kec, "62.10", out).files:
        assert import_file(kab, path, apply=True).applied
    (part,) = write_package(kec, "62.10", [case], out, 20_000_000, lock=lock).files
    kec.close()
    kab.close()

    def write() -> None:
        write_package(enter(kec.folder.root), "62.10", [case], usb, 20_000_000, lock=lock)

    def take() -> None:
        take_part(enter(kab.folder.root), part)

    assert starved(7_000_000, write) == "file_too_big"
    assert list(usb.iterdir()) == []
    assert starved(7_000_000, take) == ("cannot_unlock" if lock else "disk_full")
    again = enter(kab.folder.root)
    assert unfinished(again) == []
    assert set(contents_of(again).values()) <= {b"kecil"}
    assert take_part(again, part).state.complete
    again.close()
