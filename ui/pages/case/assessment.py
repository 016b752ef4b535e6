"""Kajian: the requirements one by one, what the report is about, and what was decided so far."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posko_app.rules.requirements import RequirementCheck
from ui import theme
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Facts, Text, box, hbox, vbox
from ui.widgets.timeline import Entry, Timeline

from .history import assessment_events
from .words import Words

NOTHING = Entry(
    "todo", "Belum ada kajian atau putusan.", "Catat lewat langkah utama di kanan atas."
)


class Checks(QWidget):
    """Requirements with their marks; what is missing says why."""

    def __init__(self) -> None:
        super().__init__()
        self._column = vbox(gap=7)
        self.setLayout(self._column)

    def show_checks(self, checks: Sequence[RequirementCheck]) -> None:
        """Show these requirements instead."""
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for check in checks:
            self._column.addWidget(_line(check))


class AssessmentTab(ScrollColumn):
    """Requirements at the left, review and decision at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._formal, self._material = Checks(), Checks()
        self._facts = Facts(key_width=104)
        self._entries = Timeline()
        self._entries.setAccessibleName("Kajian dan putusan")
        self._cards = [Card("Syarat formal"), Card("Syarat materiel")]
        self._cards[0].add(self._formal)
        self._cards[1].add(self._material)
        about = Card("Dugaan")
        about.add(self._facts)
        decided = Card("Kajian dan putusan", padded=False)
        decided.add(self._entries, 1)
        decided.setMinimumHeight(theme.px(200))
        left = vbox(*self._cards, about, None, gap=10)
        right = vbox(gap=10)
        right.addWidget(decided, 1)
        row = hbox(gap=10, margins=(16, 10, 16, 12))
        row.addLayout(left, 640)
        row.addLayout(right, 500)
        self.setWidget(box(row, "plain"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_case(self, words: Words) -> None:
        """Show the assessment of a case."""
        checks = words.view.requirements
        for kind, made, card in zip(
            ("formal", "material"), (self._formal, self._material), self._cards, strict=True
        ):
            of_kind = [check for check in checks if check.kind == kind]
            made.show_checks(of_kind)
            card.note.setText(f"{sum(c.met for c in of_kind)} dari {len(of_kind)}")
        self._facts.set_rows(_about(words))
        found = assessment_events(words)
        self._entries.set_entries([h.entry for h in found] or [NOTHING])


def requirement_words(checks: Sequence[RequirementCheck]) -> tuple[str, str]:
    """Whether the requirements are met, and how many of each kind."""
    count = {
        kind: f"{sum(c.met for c in checks if c.kind == kind)} dari "
        f"{sum(c.kind == kind for c in checks)}"
        for kind in ("formal", "material")
    }
    lead = "Semua syarat terpenuhi." if all(c.met for c in checks) else "Syarat belum terpenuhi."
    return lead, f"Formal {count['formal']}, materiel {count['material']}"


def _line(check: RequirementCheck) -> QWidget:
    mark = Icon("done" if check.met else "missing", "green" if check.met else "gold")
    words = vbox(Text(check.label, wrap=True))
    for said, tone in ((check.why, "gold"), (check.basis, "text2")):
        if said:
            words.addWidget(Text(said, "small", tone, wrap=True))
    row = hbox(vbox(1, mark, None))
    row.addLayout(words, 1)
    made = box(row)
    made.setAccessibleName(f"{check.label}: {'terpenuhi' if check.met else check.why}")
    return made


def _about(words: Words) -> list[tuple[str, str]]:
    facts, state = words.view.facts, words.view.state
    rows = [
        ("Tema", words.label("allegation", facts.theme)),
        ("Pasal diduga", facts.article),
        ("Pemilihan", words.label("election_kind", facts.election_kind)),
        ("Tahapan", words.label("election_stage", facts.election_stage)),
        ("Diputus", words.violations(state.violation_kinds)),
        ("Aturan", words.law.title),
    ]
    return [(key, value) for key, value in rows if value]
