"""Fixtures: a real office made once and copied, opened with a fixed clock."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")

import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from posko_app.app import Posko, open_office
from posko_app.office.setup import NewOffice, create_office
from tests.factory import PASSWORD, TODAY
from tests.introduced import introduce

settings.register_profile("posko", deadline=None)  # nothing in `make test` is timed
settings.load_profile("posko")

START = datetime(2024, 10, 15, 2, 0, tzinfo=UTC)  # 09.00 WIB

OFFICES = {
    "kecamatan": NewOffice(
        level="kecamatan",
        region_code="62.10.02",
        name="Panwaslu Kecamatan Kurun",
        admin_login="petugas",
        admin_name="Petugas Contoh",
        admin_title="Staf Penanganan Pelanggaran",
        place="Kurun",
        report_code="21.05",
        practice=True,
    ),
    "kabupaten": NewOffice(
        level="kabupaten",
        region_code="62.10",
        name="Bawaslu Kabupaten Gunung Mas",
        admin_login="petugas",
        admin_name="Petugas Contoh",
        place="Kuala Kurun",
        report_code="21.05",
        letter_code="KH-05",
        practice=True,
    ),
    "provinsi": NewOffice(
        level="provinsi",
        region_code="62",
        name="Bawaslu Provinsi Kalimantan Tengah",
        admin_login="petugas",
        admin_name="Petugas Contoh",
        place="Palangka Raya",
        report_code="21.00",
        letter_code="KH",
        practice=True,
    ),
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Once Qt is there, collect garbage between tests and only in the main thread (ui/garbage.py).

    The parallel runner has threads of its own, and a collection in one of them would destroy
    widgets there and end the process. What outlives a test of the window is put aside: looking at
    it again after each of the others would cost more than they do.
    """
    result = yield
    if "PySide6.QtWidgets" in sys.modules:
        gc.disable()
        if "qapp" in getattr(item, "fixturenames", ()):
            gc.collect()
            gc.freeze()
        else:
            gc.collect(1)
    return result


_ENDED_AT: set[str] = set()


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: pytest.TestReport, sched: Any) -> None:
    """Run the test at which a worker process ended once more, in a new one; twice is a failure.

    Qt without a screen ends a process once in some thousand tests of the window. That is told at
    the end of the run (`rerun`), and no assertion is ever tried twice.
    """
    if crashitem not in _ENDED_AT:
        _ENDED_AT.add(crashitem)
        sched.mark_test_pending(crashitem)
        report.outcome = "rerun"  # type: ignore[assignment]


class FixedClock:
    """A clock that moves one second at each look, and further when told."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture(scope="session", autouse=True)
def _tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tokens of installations never go to the home of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSKO_STATE", str(tmp_path_factory.mktemp("perangkat")))
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A finished office folder per level, made once in a test run."""
    root = tmp_path_factory.mktemp("prepared")

    def folder(level: str) -> Path:
        path = root / level
        if not path.exists():
            # not tied: each copy is tied to its own folder when it is first opened
            create_office(path, OFFICES[level], PASSWORD, clock=FixedClock(), tied=False)
        return path

    return folder


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def office(
    prepared: Callable[[str], Path], tmp_path: Path, clock: FixedClock
) -> Iterator[Callable[..., Posko]]:
    """Open a copy of the prepared office of a level; closed after the test.

    The offices of a test know each other's keys, unless one is opened as a stranger.
    """
    opened: list[Posko] = []
    known: list[Posko] = []

    def open_copy(level: str = "kabupaten", name: str = "", stranger: bool = False) -> Posko:
        target = tmp_path / (name or level)
        if not target.exists():
            shutil.copytree(prepared(level), target)
        posko = open_office(target, "petugas", PASSWORD, clock=clock)
        opened.append(posko)
        if not stranger:
            known.append(posko)
            introduce(*(p for p in known if p.lock and p.lock.held))
        return posko

    yield open_copy
    for posko in opened:
        posko.close()


@pytest.fixture
def posko(office: Callable[..., Posko]) -> Posko:
    """An open district office."""
    return office("kabupaten")


assert START.date() == TODAY
