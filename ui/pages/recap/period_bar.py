"""The row that chooses the period: chips for the usual ones, two dates typed for any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app import text
from ui import theme
from ui.editors import DateLine
from ui.fields import read_date
from ui.widgets.buttons import Button
from ui.widgets.chips import FilterChip
from ui.widgets.text import Text, hbox, restyle

from .periods import OWN, Period


class PeriodBar(QWidget):
    """Says `chosen` when a period was chosen or two dates were typed and are in order."""

    chosen = Signal(object)  # Period

    def __init__(self, offered: Sequence[Period], today: date) -> None:
        super().__init__()
        self._today = today
        self.offered = tuple(offered)
        self.chips = {period.key: FilterChip(period.label) for period in offered}
        self.since, self.until = DateLine(today), DateLine(today)
        self.count = Button("Hitung", small=True)
        self.problem = Text("", "label", "red")
        first, second = Text("Dari", "small", "text2"), Text("sampai", "small", "text2")
        for line, label, name in ((self.since, first, "Dari tanggal"),
                                  (self.until, second, "Sampai tanggal")):  # fmt: skip
            line.setProperty("dense", True)
            line.setFixedWidth(theme.px(100))
            line.setAccessibleName(name)
            line.setToolTip("Tulis seperti 15-10-2024, atau Alt+↓ untuk kalender")
            line.finished.connect(self._on_finished)
            label.setBuddy(line)
        row = hbox(gap=8, margins=(16, 0, 16, 0))
        for chip in self.chips.values():
            chip.clicked.connect(self._on_chip)
            row.addWidget(chip)
        row.addSpacing(8)
        for part in (first, self.since, second, self.until, self.count):
            row.addWidget(part)
        row.addWidget(self.problem)
        row.addStretch(1)
        self.count.clicked.connect(self._on_finished)
        self.setLayout(row)
        self.setFixedHeight(theme.px(38))

    def show_period(self, period: Period) -> None:
        """Show which period is in force; tells nobody."""
        for key, chip in self.chips.items():
            chip.setChecked(key == period.key)
        self.since.set_raw(text.numeric_date(period.since))
        self.until.set_raw(text.numeric_date(period.until))
        self._say(None, "")

    def read(self) -> Period | None:
        """The dates as typed; None, and the reason shown, when they cannot be used."""
        found: list[date] = []
        for line in (self.since, self.until):
            parsed = read_date(line.raw(), self._today)
            if not isinstance(parsed.value, date):
                self._say(line, parsed.error or "Tulis tanggal seperti 15-10-2024.")
                return None
            found.append(parsed.value)
        if found[1] < found[0]:
            self._say(self.until, "Tanggal akhir sebelum tanggal awal.")
            return None
        return Period(OWN, "Tanggal sendiri", *found)

    def _say(self, wrong: DateLine | None, sentence: str) -> None:
        for line in (self.since, self.until):
            restyle(line, wrong=line is wrong)
        self.problem.setText(sentence)
        if wrong is not None:
            wrong.setFocus()

    def _on_chip(self) -> None:
        for period in self.offered:
            if self.chips[period.key] is self.sender():
                self.show_period(period)
                self.chosen.emit(period)

    def _on_finished(self) -> None:
        period = self.read()
        if period is not None:
            self.show_period(period)
            self.chosen.emit(period)
