"""Ringkasan: the event, the people, the requirements, and the timeline beside them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from posko_app.cases.kinds import kind_of
from ui import theme
from ui.widgets.buttons import Link
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Elided, Facts, Text, box, hbox, vbox

from .assessment import requirement_words
from .disclosure import Disclosure
from .people import PartyCard, PersonCard
from .timeline import TimelineCard
from .words import Words

ROOMY = 580  # pixels from which the facts stand in two columns
BRIEF = 330  # characters of the narrative shown before "Baca semua"


class EventCard(Card):
    """What is said to have happened, where and when."""

    def __init__(self) -> None:
        self.change = Link("Ubah")
        self.change.setAccessibleName("Ubah isian peristiwa")
        super().__init__("Peristiwa", extra=[self.change])
        self._whole, self._open = "", False
        self.text = Text("", wrap=True, select=True)
        self.more = Link("Baca semua", role="small")
        self._wide = Facts(key_width=96, columns=2, one_line=True)
        self._narrow = Facts(key_width=96)
        self._row = box(hbox(self.more, None))
        for part in (self.text, self._row, self._wide, self._narrow):
            self.add(part)
        self.more.clicked.connect(self._on_more)

    def show_case(self, words: Words) -> None:
        """Show the event of a case."""
        facts = words.view.facts
        self.change.setVisible(not words.why_not("case.write"))
        self.set_title(kind_of(words.view.state.intake_kind).sections["event"])
        self._whole, self._open = facts.narrative, False
        rows = event_rows(words)
        self._wide.set_rows(rows)
        self._narrow.set_rows(rows)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= theme.px(ROOMY)
        self._wide.setVisible(wide)
        self._narrow.setVisible(not wide)

    def _show(self) -> None:
        brief, cut = _brief(self._whole)
        self.text.setText(self._whole if self._open else brief or "Uraian belum diisi.")
        self.more.setText("Ringkas lagi" if self._open else "Baca semua")
        self.more.updateGeometry()
        self._row.setVisible(cut)

    def _on_more(self) -> None:
        self._open = not self._open
        self._show()


class RequirementLine(Card):
    """Whether the requirements are met, in one line."""

    details_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(padded=False)
        self._icon = Icon("done", "green")
        self._lead, self._counts = Text("", "strong"), Elided("")
        self.details = Link("Rincian", role="small")
        row = hbox(self._icon, self._lead, margins=(12, 0, 12, 0))
        row.addWidget(self._counts, 1)
        row.addWidget(self.details)
        self.add(row, 1)
        self.setMinimumHeight(theme.px(38))
        self.details.clicked.connect(self.details_wanted)

    def show_case(self, words: Words) -> None:
        """Show the requirements of a case."""
        checks = words.view.requirements
        met = all(check.met for check in checks)
        lead, counts = requirement_words(checks)
        self._icon.set_icon("done" if met else "attention", "green" if met else "gold")
        self._lead.setText(lead)
        self._counts.setText(counts)
        self.setAccessibleName(f"{lead} {counts}")


class SummaryTab(QWidget):
    """The first thing seen of a case."""

    def __init__(self, disclosure: Disclosure) -> None:
        super().__init__()
        self.event_card = EventCard()
        self.reporter = PersonCard(disclosure, "Pelapor")
        self.party = PartyCard("Terlapor")
        self.requirements = RequirementLine()
        self.timeline = TimelineCard()
        people = hbox(gap=10)
        people.addWidget(self.reporter, 1)
        people.addWidget(self.party, 1)
        column = vbox(self.event_card, gap=10)
        column.addLayout(people)
        column.addWidget(self.requirements, 1)
        left = ScrollColumn(box(column, "plain"))
        left.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = hbox(gap=10, margins=(16, 10, 16, 12))
        row.addWidget(left, 640)
        row.addWidget(self.timeline, 500)
        self.setLayout(row)

    def show_case(self, words: Words, others: int) -> None:
        """Show a case; `others` is how many other cases name the first party."""
        self.event_card.show_case(words)
        self.reporter.show_reporter(words)
        parties = words.view.parties
        self.party.show_party(words, parties[0] if parties else None, others)
        self.party.note.setText(f"1 dari {len(parties)}" if len(parties) > 1 else "")
        self.requirements.show_case(words)


def event_rows(words: Words) -> list[tuple[str, str]]:
    """What was asked of the event, as the kind of the case calls it, and what else is known."""
    facts, kind = words.view.facts, kind_of(words.view.state.intake_kind)

    def called(key: str, usual: str) -> str:
        own = kind.labels.get(key, "").removeprefix("Tanggal ")
        return f"{own[:1].upper()}{own[1:]}" or usual

    sayable = (
        ("event_on", "Waktu kejadian", words.moment(facts.event_on, facts.event_time),
         facts.event_on),
        ("known_on", called("known_on", "Diketahui"), words.moment(facts.known_on), facts.known_on),
        ("event_place", "Tempat", words.place(), facts.event_place),
        ("filed_on", called("filed_on", "Dilaporkan"), words.filed(), True),
        ("channel", "Cara lapor", words.label("channel", facts.channel) or "–", False),
        ("theme", called("theme", "Dugaan"),
         facts.article or words.label("allegation", facts.theme) or "–", facts.theme),
        ("info_source", "Sumber", facts.info_source or "–", facts.info_source),
        ("organisation", "Lembaga", facts.organisation or "–", facts.organisation),
        ("wanted_on", "Diminta untuk", words.moment(facts.wanted_on), facts.wanted_on),
        ("handed_to", "Diarahkan ke", facts.handed_to or "–", facts.handed_to),
        ("proxy_letter", "Surat kuasa", facts.proxy_letter or "–", facts.by_proxy),
    )  # fmt: skip
    only_known = ("info_source", "organisation", "wanted_on", "proxy_letter")
    return [
        (label, said)
        for key, label, said, known in sayable
        if known or (kind.asks(key) and key not in only_known)
    ]


def _brief(narrative: str) -> tuple[str, bool]:
    """The beginning of a narrative in one paragraph, and whether anything was left out."""
    flat = " ".join(narrative.split())
    if len(flat) <= BRIEF:
        return flat, False
    return f"{flat[:BRIEF].rpartition(' ')[0]} …", True
