"""What clarification and assessment left in a practice office: minutes, checks, choices."""

from __future__ import annotations

from datetime import timedelta

from posko_app.app import Posko
from posko_app.cases import clarification as clarify
from posko_app.cases.assessment import choose_violation, decide_handling, violation_forms
from posko_app.cases.case_view import case_view
from posko_app.cases.checklist import mark_check
from posko_app.cases.clarification import Hearing, Invitation, Minutes, Question
from posko_app.cases.clarification_rows import ATTENDED, INVITED
from posko_app.cases.guides import suggestions
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.views import CaseView

from .clock import PRACTICE_ON
from .offices import PracticeOffice

FEW = 6  # cases that something is told about; the bulk of a great office has none
SAID = (
    ("Apakah Saudara mengenal terlapor?", "Ya, saya mengenalnya sebagai warga satu kecamatan."),
    ("Di mana Saudara pada saat kejadian?", "Saya berada di tempat itu sejak acara dimulai."),
    ("Apa yang Saudara lihat dan dengar?", "Saya melihat sendiri kejadian seperti pada laporan."),
)


def hearings_of(office: PracticeOffice) -> None:
    """Tell how people were heard, what was checked, and what was chosen from the catalogue."""
    with office.acting(office.who("verifier")) as posko:
        wanted = CaseFilter(view="active")
        views = [case_view(posko, row.uid) for row in list_cases(posko, wanted, limit=60)]
        for place, view in enumerate(_at(views, "assessment", "plenary")):
            _minutes(posko, view, place)
            _assessed(posko, view)
        open_ones = _at(views, "clarification")
        for view in open_ones[:1]:
            _second_invitation(posko, view)
        next((view for view in open_ones[1:] if _heard_first(posko, view)), None)
    with office.acting(office.who("leader")) as posko:
        for view in _at(views, "plenary")[:2]:
            for found in suggestions(posko, view)[:1]:
                decide_handling(posko, view.uid, found.action, found.key, "")


def _at(views: list[CaseView], *stages: str) -> list[CaseView]:
    return [view for view in views if view.state.stage in stages][:FEW]


def _minutes(posko: Posko, view: CaseView, place: int) -> None:
    """Questions and answers of whoever came."""
    law = posko.rules.get(view.facts.regulation, view.facts.filed_on)
    opening = tuple(Question(asked, "Ya.") for asked in law.opening_questions)
    asked = tuple(Question(*pair) for pair in SAID[: 1 + place % len(SAID)])
    for row in view.clarifications:
        if row.state == ATTENDED:
            clarify.save_minutes(posko, row.uid, Minutes("islam", (*opening, *asked)))


def _assessed(posko: Posko, view: CaseView) -> None:
    """The desk's checks, and the first form of violation that fits."""
    for item in view.desk:
        mark_check(posko, view.uid, item.key, "yes")
    for form in violation_forms(posko, view)[:1]:
        choose_violation(posko, view.uid, form.entry.code)


def _second_invitation(posko: Posko, view: CaseView) -> None:
    """Somebody could not come and is invited once more."""
    for row in view.clarifications:
        if row.state == INVITED:
            again = Invitation(
                on=PRACTICE_ON,
                for_on=PRACTICE_ON + timedelta(days=1),
                for_time=row.for_time or "09.30",
                place=row.place or posko.office.name,
            )
            clarify.mark_absent(posko, row.uid, PRACTICE_ON, "Sakit, ada surat dokter", again)
            return


def _heard_first(posko: Posko, view: CaseView) -> bool:
    """The reporter was heard while another person is still waited for; False where nobody is."""
    reporter = clarify.people(posko, view.uid, view.state.intake_kind)[0]
    waiting = [row.alias for row in view.clarifications if row.state == INVITED]
    if not waiting or reporter.alias in waiting:
        return False
    invitation = Invitation(
        person=reporter,
        on=PRACTICE_ON,
        for_on=PRACTICE_ON,
        for_time="08.15",
        place=posko.office.name,
        mode="in_person",
    )
    uid = clarify.invite(posko, view.uid, invitation)
    hearing = Hearing(
        on=PRACTICE_ON,
        began="08.15",
        ended="08.35",
        examiner=posko.user.name,
        oath="sworn",
        read_back=True,
    )
    clarify.hear(posko, uid, hearing, Minutes("islam", tuple(Question(*p) for p in SAID)))
    return True
