"""What stands below the tabs of a case: one widget per tab, all showing the same case."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from posko_app.cases.links_papers import event_papers
from posko_app.cases.trail import case_trail
from ui.context import Context
from ui.widgets.banner import EmptyState
from ui.widgets.text import box, vbox

from .assessment import AssessmentTab
from .clarification_tab import ClarificationTab
from .disclosure import Disclosure
from .evidence import EvidenceTab
from .history import happenings, trail_lines
from .letters import LettersTab
from .links_card import LinksCard
from .links_line import EventLine
from .neighbours import others_naming
from .party_sheet import party_acts
from .people import INFORMANT, CardList, PartyCard, PersonCard
from .referral_tab import ReferralTab
from .summary import SummaryTab
from .timeline import TimelineCard
from .words import Words

TABS = ("summary", "reporter", "parties", "witnesses", "evidence", "clarification", "letters",
        "assessment", "follow_up", "timeline")  # fmt: skip


class CaseBody(QStackedWidget):
    """The tabs of a case in the order of `TABS`."""

    others_wanted = Signal(str)  # name of a reported person: the other cases that name it
    tab_wanted = Signal(str)

    def __init__(self, context: Context, disclosure: Disclosure) -> None:
        super().__init__()
        self.context, self.disclosure = context, disclosure
        self.summary = SummaryTab(disclosure)
        self.reporter = PersonCard(disclosure, "Pelapor", whole=True)
        self.proxy = PersonCard(disclosure, "Kuasa pelapor", whole=True)
        self.informant = PersonCard(disclosure, INFORMANT, whole=True)
        self.reporters = CardList(EmptyState("person", "Tanpa pelapor"))
        self.parties = CardList(
            EmptyState(
                "people", "Belum ada terlapor", "Terlapor yang dicatat pada laporan ada di sini."
            )
        )
        self.witnesses = CardList(EmptyState(
            "people", "Belum ada saksi", "Saksi yang dicatat pada laporan ada di sini."
        ))  # fmt: skip
        self.evidence = EvidenceTab(context)
        self.clarification = ClarificationTab(context)
        self.letters = LettersTab(context)
        self.assessment = AssessmentTab(context)
        self.referrals = ReferralTab(context)
        self.timeline = TimelineCard(trail=True)
        self.event_evidence, self.event_minutes = EventLine(), EventLine()
        for part in (
            self.summary, self.reporters, self.parties, self.witnesses,
            _under(self.event_evidence, self.evidence),
            _under(self.event_minutes, self.clarification),
            self.letters, self.assessment, self.referrals,
            box(vbox(self.timeline, margins=(16, 10, 16, 12))),
        ):  # fmt: skip
            self.addWidget(part)
        self.reporters.show_cards([self.reporter, self.informant, self.proxy])
        self.summary.party.others_wanted.connect(self.others_wanted)
        for line in (self.event_evidence, self.event_minutes):
            line.wanted.connect(self.tab_wanted)

    def show_tab(self, key: str) -> None:
        """Show one tab."""
        self.setCurrentIndex(TABS.index(key))

    def show_case(self, words: Words) -> None:
        """Show a case in all tabs."""
        parties = words.view.parties
        others = others_naming(self.context.posko, parties[0].name) if parties else 0
        self.summary.show_case(words, others)
        self.reporter.show_reporter(words)
        self.informant.show_informant(words)
        self.proxy.show_proxy(words)
        self._show_people(words, others)
        for tab in (self.evidence, self.clarification, self.letters, self.assessment,
                    self.referrals):  # fmt: skip
            tab.show_case(words)
        why, uid = words.why_not("case.step"), words.view.uid
        if papers := self.context.run(event_papers, uid):
            self.event_evidence.show_evidence(papers)
            self.event_minutes.show_minutes(papers)
        self.summary.timeline.show_happenings(uid, happenings(words), why)
        closed = words.why_not("audit.read")
        trail = [] if closed else trail_lines(words, case_trail(self.context.posko, uid))
        told = [*happenings(words, correctable=True), *trail]
        self.timeline.show_happenings(uid, told, why, closed)

    def inside(self, key: str) -> QWidget:
        """Where the keyboard goes inside a tab."""
        places: dict[str, QWidget] = {
            "summary": self.summary.timeline.entry,
            "evidence": self.evidence.table,
            "clarification": self.clarification.table,
            "letters": self.letters.table,
            "assessment": self.assessment,
            "follow_up": self.referrals.table,
            "timeline": self.timeline.entry,
        }
        return places.get(key, self)

    def _show_people(self, words: Words, others: int) -> None:
        cards: list[QWidget] = []
        for place, party in enumerate(words.view.parties):
            card = PartyCard(f"Terlapor {place + 1}" if place else "Terlapor", whole=True)
            card.others_wanted.connect(self.others_wanted)
            more = others_naming(self.context.posko, party.name) if place else others
            card.show_party(words, party, more)
            card.add(party_acts(self.context, words, party))
            cards.append(card)
        if not cards:
            unknown = PartyCard("Terlapor", whole=True)
            unknown.show_party(words, None, 0)
            cards.append(unknown)
        adding = party_acts(self.context, words, None)
        self.parties.show_cards([*cards, adding, LinksCard(self.context, words)])
        people = []
        for witness in words.view.witnesses:
            person = PersonCard(self.disclosure, witness.alias, whole=True)
            person.show_witness(words, witness.uid, witness.alias, witness.held)
            people.append(person)
        self.witnesses.show_cards(people)


def _under(line: QWidget, tab: QWidget) -> QWidget:
    """A tab that takes all the height a line above it leaves."""
    column = vbox(line)
    column.addWidget(tab, 1)
    return box(column)
