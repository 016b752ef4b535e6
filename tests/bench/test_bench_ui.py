"""The first painted frame against an empty window, and scrolling against Qt's own item model."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from tests.bench.ratio import compare, note
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD
from ui import theme
from ui.table_view import TableView
from ui.tables import Column

ROWS, COLUMNS = 100_000, 10

# Both leave once their window was painted, and say how much memory they took (kB).
FRAME = """
import sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, leave)
        return False
def leave():
    text = Path("/proc/self/status").read_text()
    print(text.partition("VmHWM:")[2].split()[0], flush=True)
    import os; os._exit(0)
app = QApplication(sys.argv[:1])
painted = Painted()
app.installEventFilter(painted)
"""
EMPTY = FRAME + "window = QMainWindow(); window.resize(1366, 698); window.show(); app.exec()"
OURS = FRAME + "from ui.start import open_window; open_window(Path(sys.argv[1]))"


def first_frame(code: str, folder: Path) -> int:
    """Run a program up to its first painted frame; peak memory in kB."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return int(done.stdout.split()[-1])


@pytest.fixture
def office_folder(tmp_path: Path) -> Iterator[Path]:
    from posko_app.office.setup import create_office

    folder = tmp_path / "kantor"
    create_office(folder, OFFICES["kabupaten"], PASSWORD, clock=FixedClock())
    yield folder
    shutil.rmtree(folder)


def test_first_painted_frame(office_folder: Path) -> None:
    taken: dict[str, list[int]] = {"ours": [], "empty": []}

    def run(name: str, code: str) -> Callable[[], None]:
        return lambda: taken[name].append(first_frame(code, office_folder))

    compare("first painted frame / empty window", run("ours", OURS), run("empty", EMPTY), goal=3.0)
    ratio = min(taken["ours"]) / min(taken["empty"])
    mark = "" if ratio <= 1.7 else "  MISSED"
    name = "memory at the first frame / empty window"
    note(f"{name:<46} {'':>21}  ratio {ratio:.2f} (goal 1.70){mark}")


def test_scrolling_100000_rows(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light", 100)
    rows = [tuple(f"isi {r} {c}" for c in range(COLUMNS)) for r in range(ROWS)]
    columns = [
        Column(str(c), f"Kolom {c}", value=lambda row, c=c: row[c], width=120)
        for c in range(COLUMNS)
    ]
    ours: TableView[tuple[str, ...]] = TableView(columns, name="Uji", key=lambda row: row[0])
    ours.set_rows(rows)
    peer = QTableView()
    model = QStandardItemModel(ROWS, COLUMNS)
    for r in range(0, ROWS, 40):  # every row that a jump shows; the rest stays empty
        for near in range(r, min(r + 30, ROWS)):
            for c in range(COLUMNS):
                model.setItem(near, c, QStandardItem(rows[near][c]))
    peer.setModel(model)
    for view in (ours, peer):
        qtbot.addWidget(view)
        view.resize(1180, 800)
        with qtbot.waitExposed(view):
            view.show()
        assert view.verticalScrollBar().maximum() > ROWS / 2

    def jumps(view: QTableView) -> Callable[[], None]:
        def scroll() -> None:
            bar = view.verticalScrollBar()
            for n in range(40):
                bar.setValue((n * 2480) % bar.maximum())
                view.viewport().grab()

        return scroll

    compare("40 frames of scrolling / QStandardItemModel", jumps(ours), jumps(peer), goal=1.5)
