"""One rule in full: its value, where it was read, what is still open, what the office decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posko_app import text
from posko_app.office import rule_words as words
from posko_app.office.rules import DecisionRow, FactRow
from posko_app.rules.book import Regulation
from posko_app.rules.facts import DeadlineRule
from posko_app.rules.override import EDITABLE
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.icon import Icon
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Facts, Text, box, hairline, hbox, vbox

SURE = Chip("Pasti", "plain_green", "check")
DOUBT = Chip("Belum pasti", "gold_outline", "attention")
OPEN = Chip("Bacaan terbuka", "gold_outline", "attention")
OWN = Chip("Nilai kantor", "blue")


class Detail(ScrollColumn):
    """The pane beside the list of rules."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._column: QVBoxLayout = vbox(gap=8, margins=(14, 12, 14, 12))
        super().__init__(box(self._column, "surface"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Rincian aturan")

    def show_fact(
        self, law: Regulation, row: FactRow | None, decisions: Sequence[DecisionRow]
    ) -> None:
        """Show one rule, or that none is chosen."""
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        if row is None:
            self._column.addWidget(Text("Pilih aturan di daftar.", tone="text2"))
        else:
            self._fill(law, row, decisions)
        self._column.addStretch(1)
        self.fit()

    def _fill(self, law: Regulation, row: FactRow, decisions: Sequence[DecisionRow]) -> None:
        chips = hbox(ChipLabel(sure_chip(row)), gap=6)
        if row.own:
            chips.addWidget(ChipLabel(OWN))
        chips.addStretch(1)
        self._column.addWidget(Text(row.name, "section", wrap=True))
        self._column.addWidget(box(chips))
        self._column.addWidget(Facts(facts_of(law, row), key_width=104))
        if isinstance(row.fact, DeadlineRule) and row.fact.readings:
            self._readings(law, row.fact)
        mine = [d for d in decisions if (d.table, d.entry) == (row.table, row.entry)]
        if mine:
            self._history(mine)

    def _readings(self, law: Regulation, rule: DeadlineRule) -> None:
        self._column.addWidget(hairline())
        self._column.addWidget(Text("Bacaan lain yang masih terbuka", "label", "text2"))
        for reading in rule.readings:
            sure = words.CHOICES["confidence"][reading.confidence].capitalize()
            said = f"{words.reading_words(reading)}. {sure}: {law.source_text(reading)}."
            self._column.addWidget(_line("attention", "gold", said))

    def _history(self, decisions: Sequence[DecisionRow]) -> None:
        self._column.addWidget(hairline())
        self._column.addWidget(Text("Keputusan kantor", "label", "text2"))
        for row in decisions:
            day = text.numeric_date(row.made_at.astimezone(self._zone).date())
            gone = " Sudah dicabut." if row.taken_back else ""
            said = f"{row.what}. {row.reason}. Sumber: {row.source}. {row.made_by}, {day}.{gone}"
            icon = "undo" if row.taken_back or row.kind == "undo" else "edit"
            self._column.addWidget(_line(icon, "text2", said))


def sure_chip(row: FactRow) -> Chip:
    """How sure a rule is: read in a source, with another reading still open, or in doubt."""
    if row.sure:
        return SURE
    return OPEN if row.confidence == "C" else DOUBT


def facts_of(law: Regulation, row: FactRow) -> list[tuple[str, str]]:
    """Every field of a rule that people read, in words."""
    fact = row.fact
    starts = {fact.starts: fact.start_word} if isinstance(fact, DeadlineRule) else {}
    shown = [("Bagian", words.TABLES[row.table])]
    for field in EDITABLE[row.table]:
        value = getattr(fact, field)
        if field in ("label", "start_word", "title") or value in (None, "", ()):
            continue
        said = law.worded(words.said(field, value, starts), row.on)
        shown.append((words.FIELDS[field], said))
    if isinstance(fact, DeadlineRule):
        shown.insert(1, ("Aturan", row.value))
        if fact.owner:
            shown.append(("Dijaga oleh", fact.owner))
    shown.append(("Sumber", row.source))
    if fact.note:
        shown.append(("Catatan", fact.note))
    since = f"{law.title}, sejak {text.long_date(law.valid_from)}"
    return [*shown, ("Peraturan", since)]


def _line(icon: str, tone: str, said: str) -> QWidget:
    row = hbox(vbox(2, Icon(icon, tone, 14), None), gap=7)
    row.addWidget(Text(said, "small", wrap=True), 1)
    return box(row)
