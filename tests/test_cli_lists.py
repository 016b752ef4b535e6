"""`posko list` and `posko find`: filters, files, spelling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from posko_app import app
from posko_app.cases.intake import file_report
from posko_app.cases.list_views import SORT_KEYS, standard_views
from posko_app.cli import lists
from tests.commands import Posko, Said
from tests.factory import PASSWORD, REPORTER, new_report

Command = Callable[..., Said]


@pytest.fixture
def command(
    office: Callable[..., app.Posko],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Runs commands on a district with three cases."""
    posko = office("kabupaten")
    file_report(posko, new_report())
    file_report(posko, new_report(title="Uang dibagikan", theme="money_politics"))
    file_report(posko, new_report(kind="finding", title="Baliho di sekolah"))
    posko.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    posko_command = Posko(capsys)
    return lambda *words: posko_command(*words, "--data", tmp_path / "kabupaten", "--json")


def titles(answer: Said) -> set[str]:
    return {case["title"] for case in answer.data["cases"]}


def test_the_command_knows_every_view_and_order() -> None:
    assert tuple(standard_views()) == lists.VIEWS
    assert SORT_KEYS == lists.SORTS


def test_lists_are_filtered(command: Command) -> None:
    assert titles(command("list", "--theme", "money_politics")) == {"Uang dibagikan"}
    assert titles(command("list", "--view", "findings")) == {"Baliho di sekolah"}
    assert titles(command("list", "--kind", "finding", "--filed", "2024-10")) == {
        "Baliho di sekolah"
    }
    assert titles(command("list", "--filed", "..2024-10-01")) == set()
    assert len(titles(command("list", "--officer", "petugas", "--due", "running"))) == 3


@pytest.mark.parametrize(
    "wrong", [("--theme", "nihil"), ("--filed", "besok"), ("--ended", "x"), ("--kind", "surat")]
)
def test_what_is_not_known_is_named(command: Command, wrong: tuple[str, str]) -> None:
    answer = command("list", *wrong)
    assert answer.code == 1
    assert wrong[1] in answer.data["error"]["message"]


def test_a_list_becomes_a_file(command: Command, tmp_path: Path) -> None:
    book, paper = tmp_path / "daftar.xlsx", tmp_path / "daftar.pdf"
    assert command("list", "--out", str(book)).data["rows"] == 3
    said = {cell.value for row in openpyxl.load_workbook(book).active for cell in row}
    assert "Uang dibagikan" in said
    assert command("list", "--out", str(paper)).code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    assert command("list", "--out", str(tmp_path / "daftar.txt")).code == 1


def test_words_are_found_and_where(command: Command) -> None:
    found = command("find", "uang", "dibagikan").data
    assert found["total"] == 1
    assert found["cases"][0]["found"][0] == {"kind": "title", "text": "Uang dibagikan"}
    assert found["instead"] == []
    alike = command("find", "balliho", "sekolha").data
    assert [case["title"] for case in alike["cases"]] == ["Baliho di sekolah"]
    assert alike["instead"] == ["sekola"]
    assert command("find", "Pelapor Satu").data["cases"] == []


def test_people_are_found_by_whole_words_only(command: Command) -> None:
    assert command("find", "--identity", "Contoh Pelapor Satu").data["total"] == 3
    assert command("find", "--identity", REPORTER.nik).data["total"] == 3
    assert command("find", "--identity", REPORTER.phone).data["total"] == 3
    assert command("find", "--identity", "Pelap").data == {"total": 0, "cases": []}


def test_what_is_not_known_is_refused_and_not_an_empty_list(
    command: Callable[..., Said], tmp_path: Path
) -> None:
    for option, value in (
        ("--due", "terlambat"), ("--stage", "pleno"), ("--waiting", "entah"),
        ("--filed", "9999-13"),
    ):  # fmt: skip
        assert command("list", option, value).code == 1, option
    assert command("list", "--filed", "9999-12").data["cases"] == []
    out = tmp_path / "daftar.xlsx"
    assert command("list", "--limit", "1", "--out", str(out)).code == 1
    assert command("list", "--out", str(tmp_path / "tidak ada" / "daftar.pdf")).code == 1
    assert not out.exists()


def test_codes_may_come_without_their_dots(command: Callable[..., Said]) -> None:
    with_dots = command("list", "--office", "62.10").data
    assert command("list", "--office", "6210").data == with_dots
    assert with_dots["cases"]
