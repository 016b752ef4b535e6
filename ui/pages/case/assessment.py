"""Kajian: the requirements one by one, what the report is about, and what was decided so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posko_app.cases.assessment import choose_violation, violation_forms
from posko_app.cases.checklist import mark_check
from posko_app.errors import Problem
from posko_app.rules.catalogue import load_catalogue
from posko_app.rules.requirements import RequirementCheck
from ui import dialogs, theme
from ui.context import Context
from ui.fields import Field
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Facts, Text, box, hbox, vbox
from ui.widgets.timeline import Entry, Timeline

from .desk_card import DeskCard
from .handling_card import HandlingCard
from .history import assessment_events
from .results_card import ResultsCard
from .violations_card import ViolationsCard
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
    """What was checked at the left; who handles, what it is and what was found at the right."""

    said = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._words: Words | None = None
        self._stale = False
        self.desk, self.violations = DeskCard(), ViolationsCard()
        self.handling, self.results = HandlingCard(), ResultsCard()
        self._formal, self._material = Checks(), Checks()
        self._reviewed = Text("", "small", "text2", wrap=True)
        self._facts = Facts(key_width=104)
        self._entries = Timeline()
        self._entries.setAccessibleName("Kajian dan putusan")
        self._cards = [Card("Syarat formal"), Card("Syarat materiel")]
        self._cards[0].add(self._formal)
        self._cards[1].add(self._material)
        self._cards[1].add(self._reviewed)
        about = Card("Dugaan")
        about.add(self._facts)
        decided = Card("Kajian dan putusan", padded=False)
        decided.add(self._entries, 1)
        decided.setMinimumHeight(theme.px(200))
        left = vbox(*self._cards, self.desk, about, gap=10)
        left.addWidget(decided, 1)
        right = vbox(self.handling, self.results, self.violations, None, gap=10)
        row = hbox(gap=10, margins=(16, 10, 16, 12))
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self.setWidget(box(row, "plain"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.desk.marked.connect(self._on_marked)
        self.desk.note_wanted.connect(self._on_note)
        self.violations.chosen.connect(self._on_violation)
        self.handling.decided.connect(self.said)

    def show_case(self, words: Words) -> None:
        """Show the assessment of a case; while another tab is open, once this one is."""
        self._words, self._stale = words, True
        if self.isVisible():
            self._fill(words)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale and self._words is not None:
            self._fill(self._words)

    def _fill(self, words: Words) -> None:
        self._stale = False
        checks = words.view.requirements
        for kind, made, card in zip(
            ("formal", "material"), (self._formal, self._material), self._cards, strict=True
        ):
            of_kind = [check for check in checks if check.kind == kind]
            made.show_checks(of_kind)
            card.note.setText(f"{sum(c.met for c in of_kind)} dari {len(of_kind)}")
        self._reviewed.setText(reviewed_words(words))
        self.desk.show_case(words)
        self.handling.show_case(words)
        facts = words.view.facts
        period = load_catalogue().period_of(facts.event_on, words.law, facts.election_stage)
        self.violations.show_case(words, violation_forms(words.posko, words.view), period)
        self.results.show_case(words)
        self._facts.set_rows(_about(words))
        found = assessment_events(words)
        self._entries.set_entries([h.entry for h in found] or [NOTHING])

    def _on_marked(self, key: str, mark: str) -> None:
        if (words := self._words) is None:
            return
        note = next((item.note for item in words.view.desk if item.key == key), "")
        if not self.context.attempt(mark_check, words.view.uid, key, mark, note):
            self.desk.show_case(words)  # back to what is kept

    def _on_note(self, key: str) -> None:
        words = self._words
        item = next((i for i in words.view.desk if i.key == key), None) if words else None
        if words is None or item is None:
            return
        posko, uid, mark = words.posko, words.view.uid, item.mark

        def submit(values: dict[str, Any]) -> list[Problem]:
            mark_check(posko, uid, key, mark, values["note"] or "")
            return []

        field = Field(key="note", label="Catatan", kind="multiline", lines=3, optional=True,
                      hint="tanpa nama pelapor dan saksi")  # fmt: skip
        dialogs.ask_form(
            self, item.label, [field], today=words.today, act="Simpan catatan",
            values={"note": item.note}, submit=submit,
        )  # fmt: skip

    def _on_violation(self, code: str, chosen: bool) -> None:
        words = self._words
        if words is not None and not self.context.attempt(
            choose_violation, words.view.uid, code, chosen
        ):
            self.show_case(words)  # back to what is kept


def reviewed_words(words: Words) -> str:
    """By whom and when the requirements were judged, or that nobody has yet."""
    reviews = [e for e in words.view.events if e.kind == "reviewed" and not e.voided]
    if not reviews:
        return "Menurut isian laporan. Kajian awal belum dicatat."
    last = reviews[0]  # newest first
    who = words.who(last.actor, last.office_code)
    return f"Menurut kajian awal {words.day(last.on)} oleh {who}: {last.outcome_label.lower()}."


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
