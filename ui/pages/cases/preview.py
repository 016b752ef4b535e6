"""The panel beside the list: one case in short, without anybody's identity."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from posko_app import text
from posko_app.cases.kinds import person_word
from posko_app.cases.views import CaseRow, CaseView, EvidenceView
from ui import theme
from ui.case_words import CaseWords, next_step
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.stepper import SegmentBar
from ui.widgets.text import Elided, Fact, Facts, Text, box, hairline, hbox, vbox

WIDTH = 278


class Preview(Card):
    """What the chosen case is about, where it stands, what happened last, and the way on."""

    stepped = Signal()
    opened = Signal()
    letters = Signal()

    def __init__(self, words: CaseWords) -> None:
        super().__init__(padded=False)
        self._words = words
        self.setAccessibleName("Pratinjau")
        self.setFixedWidth(theme.px(WIDTH))
        self.number = Elided("", "small", "text2")
        self.subject = Text("", "section", wrap=True)
        self.due, self.theme_chip = ChipLabel(), ChipLabel()
        self.stage = Text("", "strong", wrap=True)
        self.bars = SegmentBar()
        self.facts = Facts(key_width=74, one_line=True)
        self.last = Text("", wrap=True)
        self.last_when = Elided("", "small", "text2")
        self.step = Button("", hint="Ctrl+Enter")
        self.open = Button("Buka", hint="Enter")
        self.letter = Button("Surat", icon="letter")
        self._build()
        self.step.clicked.connect(self.stepped)
        self.open.clicked.connect(self.opened)
        self.letter.clicked.connect(self.letters)

    def show_case(self, row: CaseRow, view: CaseView) -> None:
        """Show this case."""
        words = self._words
        self.number.setText(words.numbers(row).partition("\n")[0])
        self.subject.setText(row.title)
        _show(self.due, words.chip(row))
        named = Chip(row.theme_label, tooltip=row.theme_label) if row.theme_label else None
        _show(self.theme_chip, named)
        self.stage.setText(_stage(view))
        self.bars.set_marks([step.mark for step in view.state.steps])
        self.facts.set_rows(self._facts(row, view))
        self._show_last(view)
        kind, step = next_step(row)
        self.step.setVisible(bool(kind))
        self.step.setText(step)
        self.step.setAccessibleName(step)
        self._scroll.verticalScrollBar().setValue(0)

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self.body.setSpacing(0)
        chips = hbox(self.due, gap=6)
        chips.addWidget(self.theme_chip)
        chips.addStretch(1)
        self.theme_chip.setMaximumWidth(theme.px(WIDTH - 160))  # beside a due chip and a scroll bar
        head = vbox(self.number, 2, self.subject, 8, box(chips), margins=(12, 11, 12, 10))
        stage = vbox(self.stage, 6, self.bars, margins=(12, 10, 12, 10))
        last = vbox(Text("Terakhir", "small", "text2"), self.last, self.last_when, None,
                    margins=(12, 10, 12, 10))  # fmt: skip
        both = hbox(self.open, self.letter, gap=8)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        foot = vbox(self.step, both, gap=8, margins=(12, 10, 12, 10))
        column = vbox()
        for part in (head, stage, vbox(self.facts, margins=(12, 10, 12, 10))):
            column.addLayout(part)
            column.addWidget(hairline())
        column.addLayout(last, 1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(box(column, "surface"))
        self.add(self._scroll, 1)
        self.add(hairline())
        self.add(foot)

    def buttons(self) -> list[QWidget]:
        """The buttons from top to bottom."""
        return [self.step, self.open, self.letter]

    def _facts(self, row: CaseRow, view: CaseView) -> list[Fact]:
        facts, party = view.facts, view.parties[0] if view.parties else None
        when = text.short_date(facts.event_on) if facts.event_on else "Belum diisi"
        if facts.event_on and facts.event_time:
            when += f", {facts.event_time.replace(':', '.')}"
        post = ", ".join(p for p in (party.position_title, party.agency) if p) if party else ""
        rows: list[Fact] = [("Terlapor", row.party or "Belum diketahui")]
        if post:
            rows.append(("Jabatan", post))
        rows += [("Kejadian", when), ("Tempat", facts.event_place or "Belum diisi")]
        if row.kind == "finding":
            rows.append((person_word(row.kind), facts.finder or "Belum diisi"))
        else:
            rows.append((person_word(row.kind), "Dirahasiakan", "confidential"))
        rows.append(("Bukti", _evidence(view.evidence)))
        if row.conflicts:
            rows.append(("Bentrok", f"{row.conflicts} ruas perlu dipilih", "attention"))
        return rows

    def _show_last(self, view: CaseView) -> None:
        events = [e for e in view.events if not e.voided and e.kind != "corrected"]
        if not events:
            self.last.setText("–")
            self.last_when.setText("")
            return
        last = events[0]
        self.last.setText(last.note if last.kind == "note" and last.note else last.label)
        clock = text.clock(self._words.here(last.at)) if last.at else ""
        when = self._words.moment(last.on, clock)
        self.last_when.setText(f"{when} · {self._words.person(last.actor, last.office_code)}")


def _show(label: ChipLabel, chip: Chip | None) -> None:
    label.set_chip(chip)
    label.setVisible(chip is not None)


def _stage(view: CaseView) -> str:
    """`Tahap 5 dari 9: Klarifikasi`, or how it ended."""
    state = view.state
    if state.closed:
        return f"Selesai: {state.label}" if state.label != "Selesai" else "Selesai"
    now = next((n for n, step in enumerate(state.steps, 1) if step.mark == "now"), 0)
    return f"Tahap {now} dari {len(state.steps)}: {state.label}" if now else state.label


def _evidence(items: tuple[EvidenceView, ...]) -> str:
    held = sum(item.held for item in items)
    if not items:
        return "Belum ada"
    if held == len(items):
        return f"{held} berkas"
    return f"{len(items)} bukti, {f'{held} berkas' if held else 'tanpa berkas'} di sini"
