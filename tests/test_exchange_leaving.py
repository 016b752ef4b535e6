"""Hidden parts in a folder: what is left there is removed, what is being written is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import Posko, renew_device
from posko_app.data.tables import Peer
from posko_app.exchange.export import export
from posko_app.exchange.package.write import write_package
from tests.parcels import file_case

SIZE = 20_000_000


@pytest.fixture
def desk(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def case(desk: Posko, tmp_path: Path) -> str:
    return file_case(desk, tmp_path, [bytes(range(256)) * 40])


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


def send(desk: Posko, case: str, usb: Path, what: str, **more: object) -> tuple[Path, ...]:
    if what == "package":
        return write_package(desk, "62.10", [case], usb, SIZE, **more).files  # type: ignore[arg-type]
    return export(desk, "62.10", usb, **more).files  # type: ignore[arg-type]


@pytest.mark.parametrize("what", ["export", "package"])
def test_what_a_former_identity_left_is_removed(
    desk: Posko, case: str, usb: Path, what: str
) -> None:
    """After a restore nobody else knows whose the parts are, and they are plain."""
    former = desk.office.device_id
    renew_device(desk, "restored")
    left = [usb / f".posko-{device}-lama-1.part" for device in (former, desk.office.device_id)]
    other = usb / ".posko-ZZZZZZZZ-lama-1.part"
    for path in (*left, other):
        path.write_bytes(b"x")
    assert set(usb.iterdir()) == {*left, other}
    assert {*send(desk, case, usb, what), other} == set(usb.iterdir())


def test_a_former_identity_that_another_computer_goes_on_with_keeps_its_parts(
    desk: Posko, case: str, usb: Path
) -> None:
    """The folder of the office was copied: both may write to one shared folder."""
    former = desk.office.device_id
    renew_device(desk, "asked")
    with desk.write() as session:
        session.add(
            Peer(
                device_id=former,
                office_code=desk.office.code,
                office_name="Contoh",
                public_key=b"",
                seen_at=desk.now(),
            )
        )
    part = usb / f".posko-{former}-lama-1.part"
    part.write_bytes(b"x")
    send(desk, case, usb, "export")
    assert part.exists()


@pytest.mark.parametrize(("outer", "inner"), [("export", "package"), ("package", "export")])
def test_what_is_being_written_is_no_leftover(
    desk: Posko, case: str, usb: Path, outer: str, inner: str
) -> None:
    """A workbook and a package for one folder, at the same time in one program."""
    between: list[Path] = []

    def meanwhile(done: int, total: int, doing: str) -> None:
        if not between and list(usb.glob(".posko-*.part")):
            between.extend(send(desk, case, usb, inner))

    made = send(desk, case, usb, outer, progress=meanwhile)
    assert between
    assert set(usb.iterdir()) == {*between, *made}
