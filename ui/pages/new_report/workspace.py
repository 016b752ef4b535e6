"""What the page shows: rail, form or Periksa, side column and footer, and how they are placed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from posko_app.app import Posko
from posko_app.cases.arrival import last_day
from posko_app.cases.kinds import IntakeKind
from posko_app.cases.people_likely import Likely
from posko_app.cases.report import in_the_open
from posko_app.errors import Problem
from ui import theme
from ui.widgets.text import box, hbox, vbox

from .aside import WIDTH, Aside, DuesCard, LastDayBar, RequirementsCard, key_hints
from .assemble import Beside, Judged, judge
from .confirm import AfterCard, DeskCard, StatementCard
from .entry import Entry
from .footer import Footer, refusal
from .likely import LikelyCard
from .questions import titles, violation_choices
from .rail import Rail, SectionState
from .review import Review
from .rows import RowContent
from .states import section_states

WIDE = 1000  # page width at 100 % text that has room for the side column


class Workspace(QWidget):
    """All parts of the page below its head; writes nothing."""

    def __init__(self, posko: Posko, kind: IntakeKind) -> None:
        super().__init__()
        self._posko, self.kind = posko, kind
        self._beside: bool | None = None
        self._summarised: list[Problem] = []
        self.arrived_at: datetime | None = None  # stamped by Terima sekarang
        self.held: frozenset[str] = frozenset()  # what the case keeps sealed: may stay empty
        law = posko.rules.get(posko.office.regulation, posko.today())
        self.rail, self.entry, self.review = Rail(titles(kind)), Entry(posko, kind), Review(kind)
        self.footer = Footer(kind, refusal(posko.user.role))
        self.last_day = LastDayBar(posko, kind)
        self.entry.put_above(self.last_day)
        self.similar, self.requirements = LikelyCard(), RequirementsCard()
        self.dues, self.read_requirements = DuesCard(posko), RequirementsCard()
        self.after, self.statement = AfterCard(kind), StatementCard(kind)
        self.desk = DeskCard(law, kind)
        self._keys = key_hints()
        self.later = AfterCard(kind)  # beside the form of what has no clock and no requirement
        self._asides = (
            Aside(self.requirements, self.dues, self.later, self._keys, top=self.similar),
            Aside(self.read_requirements, self.statement, self.desk, self.after),
        )
        self._needless = [
            card
            for card, needed in (
                (self.requirements, kind.demands),
                (self.read_requirements, kind.demands),
                (self.dues, bool(kind.rule)),
                (self.later, not kind.rule),
                (self.statement, bool(kind.statement)),
                (self.desk, not self.desk.empty),
            )
            if not needed
        ]
        self._views, self._sides = QStackedWidget(), QStackedWidget()
        self._lay_out()
        for card in self._needless:
            card.hide()

    # --- form or Periksa ------------------------------------------------------------------------

    @property
    def reading(self) -> bool:
        """Whether Periksa is shown."""
        return self._views.currentIndex() == 1

    def show_entry(self) -> None:
        """Show the form."""
        self._show(0)

    def show_review(self) -> None:
        """Show Periksa."""
        self._show(1)
        self.rail.set_current("review")

    # --- drafts ---------------------------------------------------------------------------------

    def content(self) -> dict[str, Any]:
        """The form as a draft keeps it."""
        stamped = self.arrived_at.isoformat() if self.arrived_at else ""
        return {
            **self.entry.content(),
            "stated": self.statement.given,
            "linked": dict(self.similar.linked),
            "checks": self.desk.marks,
            "arrived_at": stamped,
            "held": sorted(self.held),
        }

    def set_content(self, content: Mapping[str, Any]) -> None:
        """Bring a draft back; an empty mapping empties the form."""
        stamped = content.get("arrived_at", "")
        self.arrived_at = datetime.fromisoformat(stamped) if stamped else None
        self.held = frozenset(content.get("held", ()))
        self.entry.set_content(content)
        self.statement.check.set_raw("1" if content.get("stated") else "")
        self.desk.set_marks(content.get("checks", {}))
        self.similar.set_linked(content.get("linked", {}))
        self._summarised = []
        self.entry.group.show_problems([])
        self.footer.offer_incomplete(False)

    def rows(self) -> dict[str, list[RowContent]]:
        """What was typed in the lists of people and evidence."""
        return {key: card.contents() for key, card in self.entry.rows.items()}

    def judged(self) -> Judged:
        """Everything that is to be said about the form as it stands."""
        entry, kind = self.entry, self.kind
        entry.offer_violations(violation_choices(self._posko, entry.values()))
        beside = Beside(
            kind=kind,
            stated=bool(kind.statement) and self.statement.given,
            arrived_at=self.arrived_at,
            checks=self.desk.marks,
            picture=entry.picture.path if entry.picture else "",
            held=self.held,
        )
        return judge(self._posko, entry.values(), self.rows(), entry.misread(), beside)

    # --- what is said while typing --------------------------------------------------------------

    def show_judged(self, judged: Judged, *, attempted: bool) -> None:
        """Show errors, requirements, deadlines and the state of every section."""
        self.entry.ask_reason(self._other_time(judged))
        self._mark(judged, attempted=attempted)
        self.show_time_left(judged)
        self.desk.show_for(by_proxy=judged.report.by_proxy)
        for card in (self.requirements, self.read_requirements):
            card.show_checks(judged.checked.requirements)
        dues = judged.checked.dues
        known = self.kind.labels.get("known_on", "Tanggal diketahui").removeprefix("Tanggal ")
        self.dues.show_dues(dues, judged.known_on, stamped=judged.stamped, known=known.capitalize())
        states = section_states(self._posko, judged, self.kind, self._wrong_keys())
        states["review"] = SectionState("now", "baca ulang") if self.reading else SectionState()
        self.rail.set_states(states)
        officer = self.entry.label("officer") or self._posko.user.name
        answered = bool(judged.report.answer.strip())
        for told in (self.after, self.later):
            told.show_facts(dues if judged.stamped else (), officer, answered=answered)
        if self.reading:
            self.review.show_report(self._posko, judged.report, stamped=judged.stamped)

    def show_time_left(self, judged: Judged) -> None:
        """Say how near the end of the filing limit is, counted to now."""
        posko = self._posko
        day = judged.report.filed_on if judged.stamped else posko.today()
        found = last_day(posko, self.kind.code, judged.known_on, day, posko.now())
        self.last_day.show_left(found)

    def _other_time(self, judged: Judged) -> bool:
        """Whether filing counts from another moment than the stamped one."""
        if self.arrived_at is None:
            return False
        here = self.arrived_at.astimezone(self._posko.zone)
        filed = (judged.report.filed_on, judged.report.filed_time)
        return judged.stamped and filed != (here.date(), f"{here:%H:%M}")

    def show_rejected(self, problems: Sequence[Problem]) -> None:
        """Show what the core did not accept.

        It knows who is sealed in a case that the form completes; whether a text means them is for
        a person to say.
        """
        self.entry.group.show_problems(problems)
        self._summarised = list(problems)
        self.footer.offer_incomplete(all(in_the_open(problem.field) for problem in problems))

    def show_similar(self, found: Sequence[Likely]) -> None:
        """Hint at the case most like this report, or at none."""
        self.similar.show_cases(found, self._posko.today())
        hinted = not self.similar.isHidden()
        self._keys.setVisible(not (hinted and self._beside))  # the hint needs the room

    def _wrong_keys(self) -> Collection[str]:
        return [key for key, asked in self.entry.boxes().items() if asked.problem]

    def _mark(self, judged: Judged, *, attempted: bool) -> None:
        """Errors at their fields, before the first try not in the one being typed in."""
        found = self.entry.in_order(judged.all if attempted else judged.wrong)
        wanted = {problem.field: problem.message for problem in found}
        for key, asked in self.entry.boxes().items():
            sentence = wanted.get(key, "")
            typing = asked.has_keyboard() and not attempted
            if asked.problem != sentence and not (sentence and typing):
                asked.set_problem(sentence)
        if not attempted:
            return
        if found != self._summarised:
            self._summarised = found
            self.entry.group.summary.set_problems(found)
        self.footer.offer_incomplete(bool(judged.missing) and not judged.wrong)

    # --- placing --------------------------------------------------------------------------------

    def arrange(self, width: int) -> None:
        """Put the side column beside the form, or below it in a narrow window."""
        beside = width >= theme.px(WIDE)
        if beside == self._beside:
            return
        self._beside = beside
        for place, aside in enumerate(self._asides):
            area = self._sides.widget(place)
            assert isinstance(area, QScrollArea)
            aside.set_beside(beside)
            if beside:
                area.setWidget(aside)
            else:
                area.takeWidget()
                (self.entry, self.review)[place].put_below(aside)
            aside.show()
        for card in self._needless:
            card.hide()
        self._sides.setVisible(beside)

    def _show(self, place: int) -> None:
        self._views.setCurrentIndex(place)
        self._sides.setCurrentIndex(place)
        self.footer.show_for("review" if place else "entry")

    def _lay_out(self) -> None:
        self._views.addWidget(self.entry)
        self._views.addWidget(self.review)
        for _ in self._asides:
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._sides.addWidget(area)
        self._sides.setFixedWidth(theme.px(WIDTH))
        row = hbox(self.rail, gap=12, margins=(16, 8, 16, 8))
        row.addWidget(self._views, 1)
        row.addWidget(self._sides)
        self.setLayout(vbox(box(row), self.footer))
        self.arrange(theme.px(WIDE))
