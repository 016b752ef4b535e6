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


def test_the_sender_reads_why_it_came_back(
    office: Callable[..., Office], command: Posko, tmp_path: Path
) -> None:
    """The reason goes with the file that giveback names, and stands in both lines of the time."""
    kec, kab = office("kecamatan"), office("kabupaten")
    case = file_report(kec, new_report()).uid
    below, above = str(kec.folder.root), str(kab.folder.root)
    kec.close()
    kab.close()
    out, on = str(tmp_path), ("--on", "2024-10-15")
    sent = command.json(
        *("handover", case, "--to", "6210", "--reason", "Etik panwascam.", *on),
        *("--no-letters", "--out", out, "--data", below),
    )
    command.json("import", sent["workbooks"][0], "--apply", "--data", above)
    said = command("giveback", case, "--reason", "Bukan wewenang kami.", *on, "--data", above)
    assert "posko export --to 62.10.02 --out FOLDER" in said.out
    made = command.json("export", "--to", "62.10.02", "--out", out, "--data", above)
    command.json("import", made["files"][0], "--apply", "--data", below)
    answer = command.json("export", "--to", "62.10", "--out", out, "--data", below)
    command.json("import", answer["files"][0], "--apply", "--data", above)
    empty = command("export", "--to", "62.10.02", "--out", out, "--data", above).out
    assert "Tidak ada yang baru untuk" in empty
    assert "hanya membawa tanda terima." in empty
    shown = command("show", case, "--data", below).out
    assert "Bukan wewenang kami." in shown
    assert "Etik panwascam." in shown
    reasons = {
        e["kind"]: e["reason"] for e in command.json("show", case, "--data", below)["events"]
    }
    assert reasons["transfer_returned"] == "Bukan wewenang kami."
    assert reasons["transferred"] == "Etik panwascam."
