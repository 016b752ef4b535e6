"""Evidence files between the two computers of one office: workbook, package, taken on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posko_app.app import Posko
from posko_app.cases.evidence import attach
from posko_app.cases.report import EvidenceInput
from posko_app.exchange.package.take import take_part
from posko_app.exchange.package.write import write_package
from tests.commands import Posko as Command
from tests.factory import PASSWORD
from tests.parcels import contents_of, file_case
from tests.second_pc import SECOND, Room

OWN = "62.10.02"
SIZE = 20_000_000


@pytest.fixture
def room(tmp_path: Path, clock: object) -> Iterator[Room]:
    made = Room(tmp_path, clock)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def first(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan", "pc-1", stranger=True)


@pytest.mark.parametrize("lock", [False, True])
def test_evidence_goes_both_ways(first: Posko, room: Room, *, lock: bool) -> None:
    """Each computer holds what the other one took in, whole, as often as it is sent."""
    second = room.joined(first)
    room.pass_on(second, first)
    case = file_case(first, room.folder / "asal", [b"foto" * 5_000, b"video" * 40_000])
    out = room.folder / "flashdisk"
    out.mkdir()
    made = write_package(first, OWN, [case], out, SIZE, lock=lock)
    assert (made.evidence, made.absent, made.locked) == (2, 0, lock)
    room.pass_on(first, second)
    for path in made.files:
        assert take_part(second, path).state.complete
    assert contents_of(second) == contents_of(first)
    more = room.folder / "tambahan.bin"
    more.write_bytes(b"rekaman" * 9_000)
    attach(second, case, [EvidenceInput(path=more, description="rekaman", kind="document")])
    room.pass_on(second, first)
    back = write_package(second, OWN, [case], out, SIZE, lock=lock)
    assert back.evidence == 3
    for path in back.files:
        assert take_part(first, path).state.complete
    assert contents_of(first) == contents_of(second)
    assert len(contents_of(first)) == 3


def test_the_command_line_sends_the_files_along(
    first: Posko,
    room: Room,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    run = Command(capsys)
    second = room.joined(first)
    room.pass_on(second, first)
    file_case(first, room.folder / "asal", [b"foto" * 5_000])
    wanted = contents_of(first)
    first.close()
    second.close()
    out = room.folder / "flashdisk"
    made = run.json("export", "--data", first.folder.root, "--to", OWN, "--evidence", "--out", out)
    files = [*made["package"]["files"], *made["files"]]
    user = ("--data", second.folder.root, "--user", SECOND)
    taken = run.json("import", *user, "--apply", *files)["files"]
    assert [len(files), [file["applied"] for file in taken[1:]]] == [2, [True]]
    (state,) = run.json("package", "list", *user)["packages"]
    assert (state["complete"], state["missing"]) == (1, [])
    assert contents_of(room.open("pc-2")) == wanted
