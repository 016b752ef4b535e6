"""Wrong usage, help and the grammar of the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from posko_app.cli.answer import table
from posko_app.cli.words import in_indonesian
from tests.commands import ROOT, Posko, own_process

ENGLISH = ("argument", "required", "invalid", "unrecognized", "choose", "expected", "usage", "exit")
COMMANDS = (
    "setup", "demo", "list", "show", "due", "attach", "step", "deadline", "letter", "recap",
    "export", "import", "template", "intake", "verify", "check",
)  # fmt: skip


@pytest.fixture
def posko_command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["terbang"],
        ["list", "--apa"],
        ["list", "--limit"],
        ["list", "--limit", "nol"],
        ["list", "--view", "semua"],
        ["show"],
        ["show", "a", "b"],
        ["attach", "001"],
        ["setup", "--level", "desa", "--region", "62", "--name", "x", "--admin", "y"],
        ["deadline", "report_filing", "--from", "2024-13-40", "--regulation", "pilkada-2024"],
        ["deadline", "report_filing", "--from", "kemarin", "--regulation", "pilkada-2024"],
        ["deadline", "report_filing", "--from", "2024-10-10T25:00", "--regulation", "pilkada-2024"],
        ["recap", "--from", "2024-10-01"],
        ["letter", "1", "laporan", "--out", "x.pdf", "--issue", "--again"],
        ["letter", "1", "laporan", "--out", "x.pdf", "--set", "tanpa"],
        ["demo", "--cases", "0"],
        ["demo", "--seed", "benih"],
        ["list", "--json=ya"],
    ],
)
def test_wrong_usage_is_explained_in_indonesian(posko_command: Posko, argv: list[str]) -> None:
    said = posko_command(*argv)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("Pemakaian: posko")
    sentence = said.err.strip().rpartition("\n")[2]
    assert not [word for word in ENGLISH if word in sentence], sentence


def test_wrong_usage_with_json_gives_a_document(posko_command: Posko) -> None:
    said = posko_command("list", "--apa", "--json")
    assert said.code == 2
    assert said.data["error"]["code"] == "usage"
    assert "--apa" in said.data["error"]["message"]


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_every_command_has_indonesian_help(posko_command: Posko, command: list[str]) -> None:
    said = posko_command(*command, "--help")
    assert said.code == 0
    assert said.out.startswith("Pemakaian: posko")
    assert not [word for word in ENGLISH if f" {word} " in said.out]


def test_a_sentence_of_another_python_stays_as_it_is() -> None:
    assert in_indonesian("something new") == "something new"
    assert in_indonesian("argument --x: something new") == "--x: something new"


def test_common_options_stand_before_or_after_the_command(
    posko_command: Posko, tmp_path: Path
) -> None:
    after = posko_command("list", "--data", tmp_path, "--user", "a", "--json")
    before = posko_command("--data", tmp_path, "--user", "a", "--json", "list")
    assert after.code == before.code == 1
    assert str(tmp_path) in after.data["error"]["message"]
    assert after.data == before.data


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; from posko_app.cli import main; main(['--help']);"
        "heavy = {'sqlalchemy', 'openpyxl', 'reportlab', 'PySide6', 'cryptography', 'tomllib'};"
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "posko_app", "check"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        complaint = process.stderr.read()
    assert (process.returncode, complaint) == (0, "")


def test_the_module_is_the_command() -> None:
    done = own_process(["deadline", "nihil", "--from", "2024-10-10", "--regulation", "pemilu-2022"])
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Batas waktu nihil tidak ada di pemilu-2022.")
    assert done.stderr.count("\n") == 1


def test_tables_line_up_and_cut_long_texts() -> None:
    lines = table(("Nomor", "Judul"), [("1", "a" * 60), ("22", "b\nc")], widest=10)
    assert lines == ["Nomor  Judul", "-----  ----------", "1      aaaaaaaaa…", "22     b c"]
