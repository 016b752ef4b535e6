"""The first cases, carried for real: desk, evidence, steps, letters, exchange, province, recap."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.cases.report import EvidenceInput
from posko_app.cases.steps import add_note, record_step
from posko_app.exchange.neighbours import office_title

from .bulk import Action, Bulk, new_step
from .clock import LAST_MOMENT, PRACTICE_ON, at
from .course import Planned, continued
from .life import Life
from .offices import PracticeOffice
from .papers import Papers
from .people import Inventor

FILES = {
    "photo": "png",
    "screenshot": "png",
    "document": "pdf",
    "letter": "pdf",
    "audio": "txt",
    "video": "txt",
}
"""Kind of evidence and the file made for it; things have none."""
CALL = "Pelapor menelepon menanyakan perkembangan. Dijawab: sedang ditangani."
REAL = 60  # so many cases go every step of the way one by one, the rest in bulk
FEW, MANY = 30, 1000  # with fewer or more cases nothing is sent before the end
UP_TO_DISTRICT = (at(date(2024, 9, 27), 16), at(date(2024, 10, 10), 16))
UP_TO_PROVINCE = (at(date(2024, 10, 10), 16, 40),)


class Journey:
    """Plays everything that happens in the three offices in the order of its dates."""

    def __init__(
        self,
        offices: Mapping[str, PracticeOffice],
        papers: Papers,
        random: Random,
        done: Callable[[int], None],
    ) -> None:
        self.offices = offices
        self.papers = papers
        self.random = random
        self.done = done
        self.passed_on: list[Life] = []  # transferred by the subdistrict, not yet taken up
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._corrected = False
        self._bulk: Bulk | None = None

    def plan(self, moment: datetime, act: Callable[[], None]) -> None:
        """Let something happen at a moment."""
        heapq.heappush(self._queue, (moment, next(self._order), act))

    def plan_life(self, level: str, life: Life) -> None:
        """Let a case be taken in at an office, and every step follow."""
        self.plan(life.filed_at, partial(self._file, level, life))
        for step in life.steps:
            self.plan(step.when, partial(self._step, level, life, step))

    def plan_bulk(self, level: str, days: Mapping[date, Sequence[Action]]) -> None:
        """Let the many cases of each day happen after the office has closed."""
        self._bulk = Bulk(self.offices[level], self.done)
        for day, actions in days.items():
            evening = min(at(day, 20), LAST_MOMENT)
            self.plan(evening, partial(self._bulk.play, actions))

    def plan_exchange(self, cases: int) -> None:
        """Let data go up: at the end so that all have all, and on the way where it is short."""
        on_the_way = FEW <= cases <= MANY
        for moment in UP_TO_DISTRICT if on_the_way else ():
            self.plan(moment, partial(self._send, "kecamatan", "kabupaten"))
        for moment in UP_TO_PROVINCE if on_the_way else ():
            self.plan(moment, partial(self._send, "kabupaten", "provinsi"))
        self.plan(LAST_MOMENT, partial(self._send, "kecamatan", "kabupaten"))
        self.plan(LAST_MOMENT, partial(self._send, "kabupaten", "provinsi"))

    def plan_prevention(self, level: str, inventor: Inventor, amount: int) -> None:
        """Let prevention work be logged; some of it is still to come."""
        for place in range(amount):
            day = PRACTICE_ON - timedelta(37 - place * 44 // amount)
            done = day < PRACTICE_ON
            fields = inventor.activity(day, done)
            moment = at(min(day, PRACTICE_ON - timedelta(1)), 16, place)
            self.plan(moment, partial(self._prevent, level, fields))
        self.plan(at(date(2024, 9, 24), 10), partial(self.papers.appeal, self.offices[level]))

    def play(self) -> None:
        """Let everything happen, also what is only planned on the way."""
        while self._queue:
            moment, _, act = heapq.heappop(self._queue)
            for office in self.offices.values():
                office.clock.turn_to(moment)
            act()

    # --- what happens ---------------------------------------------------------------------------

    def _file(self, level: str, life: Life) -> None:
        office = self.offices[level]
        named = replace(life.report, evidence=self._with_files(level, life, life.report.evidence))
        officer = office.who("verifier", life.place).login
        with office.acting(office.who("receiver", life.place)) as posko:
            life.uid = file_report(posko, named, officer=officer).uid
            if life.story.kind == "report":
                self.papers.receipt(office, life)
        self.done(1)

    def _with_files(
        self, level: str, life: Life, items: Sequence[EvidenceInput]
    ) -> tuple[EvidenceInput, ...]:
        return tuple(
            replace(item, path=self.papers.evidence(level, life, n, FILES[item.kind], item))
            if item.kind in FILES
            else item
            for n, item in enumerate(items, 1)
        )

    def _step(self, level: str, life: Life, step: Planned) -> None:
        office = self.offices[level]
        with office.acting(office.who(step.role, life.place)) as posko:
            if step.kind == "completed" and life.added_later:
                attach(posko, life.uid, self._with_files(level, life, life.added_later))
            taken = new_step(step)
            if step.kind in ("transferred", "received_transfer"):
                taken = replace(taken, data={**taken.data, **_passing(posko, level, life, step)})
            if step.kind == "referred":
                taken = replace(taken, number=self.papers.referral(office, life, step))
            if step.kind == "invited" and not self._corrected:
                self._corrected = True
                wrong = record_step(posko, life.uid, replace(taken, note="Salah hari."))
                record_step(
                    posko,
                    life.uid,
                    replace(taken, kind="corrected", corrects=wrong, data={}, note="Salah ketik."),
                )
            record_step(posko, life.uid, taken)
            if step.kind == "registered" and life.place % 5 == 0:
                add_note(posko, life.uid, CALL)
        if step.kind == "transferred" and level == "kecamatan":
            self.passed_on.append(life)

    def _prevent(self, level: str, fields: Mapping[str, object]) -> None:
        office = self.offices[level]
        with office.acting(office.who("verifier")) as posko:
            log_activity(posko, NewActivity(**fields))  # type: ignore[arg-type]

    def _send(self, sender: str, receiver: str) -> None:
        if self._bulk:
            self._bulk.settle()
        self.papers.send(self.offices[sender], self.offices[receiver])
        if receiver != "kabupaten":
            return
        for life in self.passed_on:
            start = self.offices[receiver].clock.now + timedelta(minutes=10)
            for step in continued(self.random, life.story, start, self.papers.room):
                if step.when <= LAST_MOMENT:
                    self.plan(step.when, partial(self._step, receiver, life, step))
        self.passed_on.clear()


def _passing(posko: Posko, level: str, life: Life, step: Planned) -> dict[str, str]:
    """What names the office on the other side of a pelimpahan from the subdistrict."""
    if step.kind == "received_transfer":
        offer = case_view(posko, life.uid).state.offer_to(posko.office.code)
        if offer is None:
            return {}
        sender = office_title(posko, offer.sender)
        return {"handover": offer.event, "from": offer.sender, "from_office": sender}
    if level != "kecamatan":
        return {}
    to = posko.office.code.rpartition(".")[0]
    reason = "Penanganannya wewenang kabupaten."
    return {"to": to, "to_office": office_title(posko, to), "reason": reason}


def share(cases: int) -> tuple[int, int, int]:
    """How many cases the subdistrict, the district and the bulk generator take in."""
    real = min(cases, REAL)
    below = real * 2 // 5
    return below, real - below, cases - real
