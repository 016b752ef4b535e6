"""No thread but the UI's ever destroys a widget."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.garbage import FULL_EVERY, Garbage

ROOT = Path(__file__).parents[1]

WORK = """
import sys, threading
from PySide6.QtWidgets import QApplication, QTableView, QVBoxLayout, QWidget
from ui.garbage import Garbage

app = QApplication(["posko", "-platform", "offscreen"])
garbage = Garbage(app)

class Page(QWidget):
    def __init__(self):
        super().__init__()
        self.me = self
        self.box = QVBoxLayout(self)
        self.table = QTableView()
        self.box.addWidget(self.table)

def allocate():
    for _ in range(2000):
        knots = [[] for _ in range(50)]
        for knot in knots:
            knot.append(knot)

for _ in range(30):
    for _ in range(5):
        page = Page()
        page.show()
        app.processEvents()
        del page
    worker = threading.Thread(target=allocate)
    worker.start()
    while worker.is_alive():
        app.processEvents()
    garbage.look()
print("whole")
"""


class Knot(QWidget):
    """Held by itself, as pages often are by their callbacks."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self
        self.box = QVBoxLayout(self)


@pytest.fixture
def garbage(qtbot: QtBot) -> Iterator[Garbage]:
    made = Garbage()
    yield made
    made.close()
    gc.disable()  # as between all tests of the window


def test_a_thread_collects_nothing(garbage: Garbage) -> None:
    knot = Knot()
    seen = weakref.ref(knot)
    del knot

    def allocate() -> None:
        for _ in range(20_000):
            knot: list[object] = []
            knot.append(knot)

    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert seen() is not None
    garbage.look()
    assert seen() is None


def test_everything_is_collected_once_in_a_while(garbage: Garbage) -> None:
    knot = Knot()
    seen = weakref.ref(knot)
    gc.collect(1)  # it has outlived the young generations
    del knot
    for _ in range(FULL_EVERY + gc.get_threshold()[2] + 1):
        gc.collect(1)
        garbage.look()
    assert seen() is None


def test_a_window_outlives_the_garbage_of_its_workers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "whole"), done.stderr[-2000:]
