"""A process of its own that types into Laporan baru without a rest until somebody ends it.

After each save of the draft it prints, as one line of JSON, what the draft then holds.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posko_app.app import open_office
from posko_app.cases.drafts import drafts, open_draft
from tests.desk import Desk
from tests.factory import PASSWORD
from ui import theme

FIELDS = (("reporter.name", "Contoh Pelapor Satu"), ("title", "Guru membagikan stiker"))
LAST = "narrative"
SENTENCE = "Terlapor membagikan stiker kepada orang tua murid. "
PACE = 5  # milliseconds between two letters


class Typist:
    """Fills in some fields, then types on in the last one for ever."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(open_office(folder, "petugas", PASSWORD))
        self.desk.context.saved.connect(self.tell)
        self.desk.open()
        for key, text in FIELDS:
            self.desk.page.work.entry.focus_field(key)
            QTest.keyClicks(self.desk.editor(key), text)
            QTest.keyClick(self.desk.editor(key), Qt.Key.Key_Return)
        self.desk.page.work.entry.focus_field(LAST)
        self.typed = 0
        self.timer = QTimer()
        self.timer.setInterval(PACE)
        self.timer.timeout.connect(self.type)
        self.timer.start()

    def type(self) -> None:
        """One letter more."""
        QTest.keyClicks(self.desk.editor(LAST), SENTENCE[self.typed % len(SENTENCE)])
        self.typed += 1

    def tell(self) -> None:
        """Say what was saved."""
        (row,) = drafts(self.desk.posko)
        print(json.dumps(open_draft(self.desk.posko, row.uid)), flush=True)


if __name__ == "__main__":
    app = QApplication([])
    theme.apply(app)
    typist = Typist(Path(sys.argv[1]))
    sys.exit(app.exec())
