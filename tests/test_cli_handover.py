"""`posko handover`, `accept` and `giveback` between two offices, with and without mistakes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import Posko as Office
from posko_app.cases.intake import file_report
from tests.commands import Posko
from tests.factory import PASSWORD, new_report


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Posko:
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    return Posko(capsys)


def test_there_and_received(office: Callable[..., Office], command: Posko, tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    case = file_report(kec, new_report()).uid
    below, above = str(kec.folder.root), str(kab.folder.root)
    kec.close()
    kab.close()
    out = tmp_path / "keluar"
    out.mkdir()
    on = ("--on", "2024-10-15")

    said = command("handover", case, "--to", "6210", *on, "--out", str(out), "--data", below)
    assert (said.code, "alasannya" in said.err) == (1, True)
    said = command("handover", case, "--reason", "Etik.", "--out", str(out), "--data", below)
    assert (said.code, "--to" in said.err) == (1, True)
    said = command(
        *("handover", case, "--to", "6210", "--reason", "Etik panwascam.", *on),
        *("--out", str(out), "--size", "surel", "--data", below, "--json"),
    )
    assert said.code == 0, said.err
    assert said.data["people"] == 2
    assert len(said.data["papers"]) == 3
    (book,) = said.data["workbooks"]
    assert Path(book).is_file()
    said = command("handover", case, "--again", "--out", str(out), "--data", below, "--json")
    assert said.code == 0, said.err

    said = command("accept", case, *on, "--data", above)
    assert said.code == 1
    assert command("import", book, "--apply", "--data", above).code == 0
    said = command("giveback", case, *on, "--data", above)
    assert (said.code, "alasan" in said.err) == (1, True)
    said = command("accept", case, *on, "--data", above, "--json")
    assert said.code == 0, said.err
    assert said.data["number"]
    assert said.data["waiting"] is False
    said = command("giveback", case, "--reason", "Keliru.", *on, "--data", above)
    assert (said.code, "pelimpahan baru" in said.err) == (1, True)
