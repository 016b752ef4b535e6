"""The stage and the election of a case: from the calendar, none at all, and in its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.law_change import apply_change
from posko_app.cases.steps import NewStep, record_step
from posko_app.office.rules import plan_override
from posko_app.office.settings import change_office
from posko_app.rules.catalogue import matching
from tests.factory import new_report

GAP = date(2024, 9, 24)  # between the draw of numbers and the campaign


def stage_of(posko: Posko, **facts: object) -> str:
    filed = file_report(posko, new_report(**facts))
    return case_view(posko, filed.uid).facts.election_stage


def test_the_calendar_names_the_stage_in_which_it_happened(posko: Posko) -> None:
    assert stage_of(posko, event_on=date(2024, 10, 13)) == "campaign"
    assert stage_of(posko, event_on=date(2024, 9, 23)) == "ballot_number"
    assert stage_of(posko, event_on=GAP) == "", "the calendar cannot say"


def test_what_the_officer_says_stands(posko: Posko) -> None:
    assert stage_of(posko, event_on=date(2024, 10, 13), election_stage="none") == "none"


def test_an_office_gives_the_time_without_stages_its_days(posko: Posko) -> None:
    for field in ("first", "last"):
        change = plan_override(
            posko, regulation="pilkada-2024", table="stage_date", entry="none", field=field,
            value=GAP.isoformat(), reason="Belum ada tahapan", source="SK KPU",
        )  # fmt: skip
        apply_change(posko, change)
    assert stage_of(posko, event_on=GAP) == "none"
    law = posko.rules.get("pilkada-2024", GAP)
    offered = {entry.period for entry in matching(["pns"], GAP, law, "none")}
    assert offered == {"before", "any"}


def test_numbers_bear_the_election_of_the_case(posko: Posko) -> None:
    governor = file_report(posko, replace(new_report(), election_kind="PG"))
    assert "/PG/" in governor.number
    assert "/PB/" in file_report(posko, new_report()).number
    record_step(posko, governor.uid, NewStep(kind="reviewed", on=posko.today(), outcome="complete"))
    record_step(posko, governor.uid, NewStep(kind="registered", on=posko.today()))
    assert "/PG/" in case_view(posko, governor.uid).state.register_number


def test_without_an_election_a_number_names_none(posko: Posko) -> None:
    change_office(posko, election_kind="none")
    number = file_report(posko, new_report()).number
    assert "none" not in number
    assert "//" not in number
    assert number.startswith("001/PL/Kab/")
