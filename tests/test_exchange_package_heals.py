"""Evidence through a bad line: sent again, it is all there in the end, bit by bit, and no more."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import Posko, open_office
from posko_app.exchange.package.take import take_part
from posko_app.exchange.package.write import write_package
from tests.conftest import FixedClock
from tests.factory import PASSWORD
from tests.parcels import contents_of, file_case
from tests.transfers import history


@pytest.mark.parametrize("seed", [5, 7])
def test_sending_again_heals_whatever_happened(
    office: Callable[..., Posko], tmp_path: Path, seed: int
) -> None:
    """The fifth once left chunks behind that came in one package and were whole by another."""
    kec, kab = office("kecamatan"), office("kabupaten")
    tally = history(kec, kab, tmp_path, seed)
    assert (tally.wrong, tally.stuck) == (0, 0)
    assert contents_of(kab) == contents_of(kec)


def grown(act: Callable[[], object]) -> int:
    """How many bytes a process needs at most to do something, beside what it had."""
    import resource  # not on every system

    child = os.fork()
    if not child:
        try:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            act()
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            os._exit(min(200, (after - before) >> 10))
        finally:
            os._exit(255)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code != 255
    return code << 20


@pytest.mark.skipif(os.name == "nt", reason="no process can be forked there")
def test_big_files_need_no_memory(office: Callable[..., Posko], tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    case = file_case(kec, tmp_path / "asli", [os.urandom(1 << 20) * 60])
    out = tmp_path / "keluar"
    out.mkdir()
    kec.close()
    kab.close()

    def enter(posko: Posko) -> Posko:
        return open_office(posko.folder.root, "petugas", PASSWORD, clock=FixedClock())

    def write() -> None:
        write_package(enter(kec), "62.10", [case], out, 40_000_000, lock=True)

    def take() -> None:
        posko = enter(kab)
        whole = sum(take_part(posko, path).whole for path in out.iterdir())
        assert whole == 1

    assert grown(write) < 40 << 20
    assert grown(take) < 40 << 20
