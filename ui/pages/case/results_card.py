"""Hasil per jenis pelanggaran: what was suspected, what the plenary found, where it was sent."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posko_app.cases.assessment import Finding, findings_of
from ui.widgets.cards import Card
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.text import Text, box, hbox, vbox

from .words import Words

TONES = {"violation": "red", "not_violation": "plain"}
NOTHING = "Jenis pelanggaran dicatat pada kajian awal, lalu diputus dalam pleno."


class ResultsCard(Card):
    """A line per kind of violation at stake."""

    def __init__(self) -> None:
        super().__init__("Hasil per jenis pelanggaran")
        self._column = vbox(gap=8)
        self.add(self._column)

    def show_case(self, words: Words) -> None:
        """Show the results of a case."""
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        found = findings_of(words.view)
        for finding in found:
            self._column.addWidget(_line(words, finding))
        if not found:
            self._column.addWidget(Text(NOTHING, "small", "text2", wrap=True))
        decided = words.view.state.decided_on
        self.note.setText(f"pleno {words.brief(decided)}" if decided else "belum diputus")


def _line(words: Words, finding: Finding) -> QWidget:
    known = words.law.outcomes.get(finding.outcome)
    chip = Chip(known.label if known else "Belum diputus", TONES.get(finding.outcome, "gray"))
    to = ", ".join(words.addressee(code) for code in finding.addressees)
    column = vbox(Text(words.violation(finding.kind), wrap=True), gap=1)
    if to:
        column.addWidget(Text(f"{words.law.steps['referred'].done} ke {to}", "small", "text2",
                              wrap=True))  # fmt: skip
    row = hbox(gap=8)
    row.addLayout(column, 1)
    row.addWidget(ChipLabel(chip))
    made = box(row)
    made.setAccessibleName(f"{words.violation(finding.kind)}: {chip.text}")
    return made
