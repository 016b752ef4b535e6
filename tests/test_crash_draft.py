"""A power cut in the middle of a word: the draft is offered again with all that was saved."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import open_office
from posko_app.cases import drafts
from tests.conftest import FixedClock
from tests.desk import Desk
from tests.factory import PASSWORD
from tests.typist import FIELDS, LAST, SENTENCE
from ui import theme
from ui.pages.home import HomePage

ROOT = Path(__file__).parent.parent


@pytest.fixture
def killed(prepared: Callable[[str], Path], tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """An office whose process was killed while it typed, and the draft as it was saved last."""
    folder = tmp_path / "kabupaten"
    shutil.copytree(prepared("kabupaten"), folder)
    command = [sys.executable, "-m", "tests.typist", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        saved: dict[str, Any] = {}
        for line in process.stdout:
            saved = json.loads(line)
            if saved["fields"].get(LAST):
                break
        process.kill()
    assert process.returncode not in (0, 1, 2), "it was killed and did not end by itself"
    return folder, saved


@pytest.fixture
def desk(killed: tuple[Path, dict[str, Any]], qapp: QApplication) -> Iterator[Desk]:
    """The same office started again."""
    theme.apply(qapp)
    posko = open_office(killed[0], "petugas", PASSWORD, clock=FixedClock())
    made = Desk(posko)
    yield made
    made.close()
    posko.close()


def test_a_draft_survives_the_end_of_its_process_in_the_middle_of_a_word(
    killed: tuple[Path, dict[str, Any]], desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = killed[1]
    typed = saved["fields"][LAST]
    assert len(typed) > len(SENTENCE), "typing never rested and was saved all the same"
    monkeypatch.setenv("HOME", str(killed[0].parent))  # where Beranda looks for files
    home = HomePage(desk.context)
    qtbot.addWidget(home)
    with qtbot.waitSignal(desk.context.tasks.ended):
        home.show()
    (line,) = home.drafts.lines
    assert line.isVisible(), "the first report of an office is offered again too"
    desk.open()
    button = line.findChild(QAbstractButton)
    assert button is not None
    button.click()
    (row,) = drafts.drafts(desk.posko)
    assert desk.opened == [("new_report", {"draft": row.uid})]
    desk.open(draft=row.uid)
    assert {key: desk.raw(key) for key, _ in FIELDS} == dict(FIELDS)
    again = desk.page.content()
    assert again["fields"][LAST].startswith(typed)  # one more save may have been under way
    assert {**again["fields"], LAST: ""} == {**saved["fields"], LAST: ""}
    assert {k: v for k, v in again.items() if k != "fields"} == {
        k: v for k, v in saved.items() if k != "fields"
    }
