"""Corrections of what became something else, came late, or is judged by what was chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.arrival import UNMET
from posko_app.cases.assessment import choose_violation
from posko_app.cases.case_view import case_view
from posko_app.cases.facts_change import change_facts, check_facts
from posko_app.cases.facts_change_party import change_party
from posko_app.cases.facts_change_told import past_changes
from posko_app.cases.intake import file_report
from posko_app.cases.law_change import apply_change
from posko_app.cases.report import PersonInput
from posko_app.cases.upgrade import convert, upgrade
from posko_app.cases.views import EventView
from posko_app.data.tables import Case
from posko_app.errors import InvalidInput
from posko_app.office.rules import plan_override
from posko_app.rules.deadlines import case_dates
from tests.factory import PARTY, TODAY, new_report

REASON = "Salah ketik saat menerima laporan"
EARLIER = date(2024, 10, 12)


def in_force(posko: Posko, case: str, kind: str) -> EventView:
    (found,) = [e for e in case_view(posko, case).events if e.kind == kind and not e.voided]
    return found


def problems(posko: Posko, case: str, **values: object) -> dict[str, str]:
    return {p.field: p.message for p in check_facts(posko, case, values, REASON).problems}


def test_a_tip_that_became_a_report_the_same_day_moves_the_report(posko: Posko) -> None:
    tip = new_report(kind="initial_info", filed_time="08:00")
    case = file_report(posko, tip).uid
    upgrade(posko, case, new_report(filed_time="09:30"))
    assert problems(posko, case, filed_time="10:45") == {}
    change_facts(posko, case, {"filed_time": "10:45"}, REASON)
    view = case_view(posko, case)
    hours = {k: in_force(posko, case, k).at for k in ("filed", "converted")}
    shown = {k: f"{at.astimezone(posko.zone):%H:%M}" for k, at in hours.items() if at}
    assert shown == {"filed": "08:00", "converted": "10:45"}
    assert view.facts.received_at == hours["converted"]
    assert case_dates(view.state, posko.zone)["received"] == view.facts.received_at
    assert view.state.intake_kind == "report"


def test_a_report_that_became_a_tip_the_same_day_moves_what_was_handed_in(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    convert(posko, case, "initial_info", TODAY, "Layak ditelusuri")
    change_facts(posko, case, {"filed_on": date(2024, 10, 14)}, REASON)
    view = case_view(posko, case)
    assert (in_force(posko, case, "filed").on, view.facts.filed_on) == (date(2024, 10, 14),) * 2
    assert in_force(posko, case, "converted").on == TODAY
    assert view.state.contradictions == ()


def test_a_finding_that_was_a_tip_is_corrected(posko: Posko) -> None:
    case = file_report(posko, new_report(kind="initial_info", filed_on=EARLIER, known_on=None,
                                         event_on=date(2024, 10, 11))).uid  # fmt: skip
    found = new_report(kind="finding", reporter=PersonInput(), known_on=TODAY)
    upgrade(posko, case, found)
    assert case_view(posko, case).facts.filed_on == EARLIER
    change_facts(posko, case, {"title": "Judul lain"}, REASON)
    change_facts(posko, case, {"known_on": date(2024, 10, 14)}, REASON)
    view = case_view(posko, case)
    assert (view.facts.title, view.facts.known_on) == ("Judul lain", date(2024, 10, 14))
    assert case_dates(view.state, posko.zone)["found"] == date(2024, 10, 14)
    assert "filed_on" in problems(posko, case, filed_on=date(2024, 10, 16))


def test_what_was_wrong_before_does_not_forbid_another_correction(posko: Posko) -> None:
    report = new_report(known_on=date(2024, 10, 13), event_on=date(2024, 10, 13))
    case = file_report(posko, report).uid
    with posko.write() as session:
        row = session.scalars(select(Case).where(Case.uid == case)).one()
        row.event_on = date(2024, 10, 14)  # as an office with an older version may send it
    assert problems(posko, case, title="Judul lain") == {}
    assert set(problems(posko, case, known_on=date(2024, 10, 12))) == {"known_on"}


def test_the_sentence_of_a_late_report_goes_with_its_dates(posko: Posko) -> None:
    late = new_report(known_on=date(2024, 10, 1), event_on=date(2024, 9, 30))
    case = file_report(posko, late).uid
    first = in_force(posko, case, "filed").note
    assert UNMET in first
    change_facts(posko, case, {"known_on": date(2024, 9, 30)}, REASON)
    second = in_force(posko, case, "filed").note
    assert UNMET in second
    assert second != first
    change_facts(posko, case, {"filed_time": "10:15"}, REASON)
    assert in_force(posko, case, "filed").note == second
    change_facts(posko, case, {"known_on": date(2024, 10, 14)}, REASON)
    assert in_force(posko, case, "filed").note == ""


def test_what_was_noted_when_it_became_something_else_stays(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    convert(posko, case, "initial_info", TODAY, "Dicabut, layak ditelusuri")
    change_facts(posko, case, {"known_on": date(2024, 10, 13)}, REASON)
    assert in_force(posko, case, "converted").note == "Dicabut, layak ditelusuri"


def test_the_stage_of_the_election_follows_the_day_of_the_act(posko: Posko) -> None:
    case = file_report(posko, new_report(filed_on=TODAY)).uid
    assert case_view(posko, case).facts.election_stage == "campaign"
    change_facts(posko, case, {"event_on": date(2024, 9, 23)}, REASON)
    assert case_view(posko, case).facts.election_stage == "ballot_number"
    (past,) = [p for p in past_changes(posko, case) if p.field == "election_stage"]
    assert (past.label, past.was, past.now) == ("Tahapan", "campaign", "ballot_number")
    note = case_view(posko, case).events[0].note
    assert "Tahapan dibetulkan dari Kampanye menjadi Pengundian nomor urut." in note
    chosen = file_report(posko, new_report(election_stage="quiet")).uid
    change_facts(posko, chosen, {"event_on": date(2024, 9, 23)}, REASON)
    assert case_view(posko, chosen).facts.election_stage == "quiet"


def test_a_chosen_form_of_violation_must_still_fit_another_day(posko: Posko) -> None:
    case = file_report(posko, new_report(violation="DS-1")).uid
    assert problems(posko, case, event_on=date(2024, 10, 12)) == {}
    assert "Bentuk pelanggaran" in problems(posko, case, event_on=date(2024, 9, 1))["event_on"]
    choose_violation(posko, case, "DS-1", chosen=False)
    assert problems(posko, case, event_on=date(2024, 9, 1)) == {}


def test_a_chosen_form_of_violation_must_still_fit_the_persons(posko: Posko) -> None:
    case = file_report(posko, new_report(violation="DS-1")).uid
    (party,) = case_view(posko, case).parties
    change_party(posko, case, party.uid, replace(PARTY, category="camat"), REASON)
    other = replace(PARTY, category="village_head")
    with pytest.raises(InvalidInput) as caught:
        change_party(posko, case, party.uid, other, REASON)
    assert [p.field for p in caught.value.problems] == ["category"]
    choose_violation(posko, case, "DS-1", chosen=False)
    change_party(posko, case, party.uid, other, REASON)
    assert case_view(posko, case).parties[0].category == "village_head"


def test_the_limit_before_is_that_of_the_law_of_the_day_before(posko: Posko) -> None:
    case = file_report(posko, new_report(filed_on=date(2024, 10, 14))).uid
    old = {d.rule: d.due_on for d in case_view(posko, case).dues}["initial_review"]
    longer = plan_override(
        posko, regulation="pilkada-2024", table="deadline", entry="initial_review", field="amount",
        value="9", reason="Perubahan", source="Pasal 1 Perbawaslu contoh", valid_from=TODAY,
    )  # fmt: skip
    apply_change(posko, longer)
    change = check_facts(posko, case, {"filed_on": TODAY}, REASON)
    (moved,) = [m for m in change.moved if m.rule == "initial_review"]
    assert moved.before == old
    change_facts(posko, case, {"filed_on": TODAY}, REASON)
    now = {d.rule: d.due_on for d in case_view(posko, case).dues}["initial_review"]
    assert moved.after == now
