"""One kind becomes another: history, numbers and dates stay, the new kind gets what it needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from posko_app.app import Posko
from posko_app.cases import upgrade
from posko_app.cases.board import board_problems
from posko_app.cases.case_view import case_view
from posko_app.cases.identity import find_by_identity, reveal
from posko_app.cases.inquiry import (
    FINDING,
    InquiryOrder,
    InquiryReport,
    conclude_inquiry,
    order_inquiry,
    report_inquiry,
)
from posko_app.cases.intake import EMPTY, file_report
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.report import EvidenceInput, NewReport, PersonInput, ReportedInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.errors import InvalidInput
from posko_app.letters import issue
from tests.factory import PARTY, REPORTER, TODAY, WITNESS, new_report

EARLIER = date(2024, 10, 12)


def _tip(posko: Posko, **changes: Any) -> str:
    thin = NewReport(
        kind="initial_info", channel="whatsapp", filed_on=EARLIER, title="Stiker di sekolah",
        reported=(ReportedInput(name="Contoh Terlapor"),), info_source="Siaran grup WhatsApp",
    )  # fmt: skip
    return file_report(posko, replace(thin, **changes)).uid


def _sound(posko: Posko) -> bool:
    with posko.store.read() as session:
        return not board_problems(posko, session)


def test_a_tip_becomes_a_report_when_the_reporter_comes_and_signs(posko: Posko) -> None:
    uid = _tip(posko)
    diary = case_view(posko, uid).facts.number
    stamped = datetime(2024, 10, 15, 9, 30, tzinfo=posko.zone)
    made = upgrade.upgrade(posko, uid, new_report(arrived_at=stamped))
    view = case_view(posko, uid)
    assert made.uid == uid
    assert made.number == view.facts.number
    assert made.number.startswith("001/PL/")
    assert (view.state.intake_kind, view.state.stage) == ("report", "initial_review")
    # A tip is no report: it counts as filed only now.
    assert (view.facts.filed_on, view.facts.filed_time) == (TODAY, "09:30")
    assert view.facts.arrived_at == stamped
    assert view.facts.info_source == "Siaran grup WhatsApp"
    assert [(e.kind, e.on) for e in reversed(view.events)] == [
        ("filed", EARLIER), ("converted", TODAY)
    ]  # fmt: skip
    assert {e.number for e in view.events} == {diary, made.number}
    assert [p.nip for p in view.parties] == [PARTY.nip]
    assert [w.alias for w in view.witnesses] == ["Saksi 1"]
    assert all(check.met for check in view.requirements)
    assert reveal(posko, uid, "menghubungi pelapor").name == REPORTER.name
    assert [d.rule for d in view.dues] == ["initial_review"]
    assert _sound(posko)
    assert issue.issue(posko, uid, "tanda-bukti").number == made.number


def test_it_is_found_by_every_number_it_ever_had(posko: Posko) -> None:
    uid = _tip(posko)
    diary = case_view(posko, uid).facts.number
    made = upgrade.upgrade(posko, uid, new_report())
    assert case_view(posko, diary).uid == case_view(posko, made.number).uid == uid
    for number in (diary, made.number):
        assert [r.uid for r in list_cases(posko, CaseFilter(view="all", text=number))] == [uid]
    (row,) = list_cases(posko, CaseFilter(kind="report"))
    assert row.number == made.number


def test_what_the_tip_held_is_kept_and_the_new_is_added(posko: Posko) -> None:
    photo = EvidenceInput(description="Foto grup", kind="photo")
    uid = _tip(posko, evidence=(photo,), witnesses=(WITNESS,), reporter=PersonInput(name="Anu"))
    more = replace(WITNESS, name="Contoh Saksi Tiga")
    upgrade.upgrade(
        posko, uid, new_report(witnesses=(more,), reported=(PARTY, ReportedInput(name="Kedua")))
    )
    view = case_view(posko, uid)
    assert [e.label for e in view.evidence] == ["B-01", "B-02"]
    assert [w.alias for w in view.witnesses] == ["Saksi 1", "Saksi 2"]
    assert [p.name for p in view.parties] == [PARTY.name, "Kedua"]
    assert reveal(posko, uid, "menghubungi pelapor") == replace(
        REPORTER, phone=reveal(posko, uid, "menghubungi pelapor").phone
    )
    assert find_by_identity(posko, name="anu") == ()
    assert find_by_identity(posko, name="pelapor satu") == (uid,)


def test_a_late_report_becomes_a_tip_and_keeps_its_first_day(posko: Posko) -> None:
    late = new_report(known_on=date(2024, 10, 1), event_on=date(2024, 9, 30))
    filed = file_report(posko, late)
    made = upgrade.convert(posko, filed.uid, "initial_info", TODAY, "Lewat batas melapor.")
    view = case_view(posko, filed.uid)
    assert (view.state.intake_kind, view.facts.filed_on) == ("initial_info", TODAY)
    assert made.number.split("/")[1] == "IA"
    assert filed.number in {e.number for e in view.events}
    assert "Lewat batas melapor." in {e.note for e in view.events}
    assert [d.rule for d in view.dues] == ["inquiry"]
    assert _sound(posko)


def test_a_withdrawn_report_may_still_be_looked_into(posko: Posko) -> None:
    filed = file_report(posko, new_report())
    record_step(posko, filed.uid, NewStep(kind="withdrawn", on=TODAY))
    upgrade.convert(posko, filed.uid, "initial_info", TODAY)
    assert case_view(posko, filed.uid).state.stage == "initial_review"


def test_an_inquiry_that_ends_in_a_finding_gives_it_a_number_of_findings(posko: Posko) -> None:
    uid = _tip(posko)
    order_inquiry(posko, uid, InquiryOrder(on=EARLIER, officers=("Contoh Pengawas",)))
    report = InquiryReport(on=TODAY, outcome="suspected", summary="Stiker memang dibagikan.")
    report_inquiry(posko, uid, report)
    conclude_inquiry(posko, uid, TODAY, FINDING)
    assert case_view(posko, uid).facts.number.startswith("001/TM/")


def test_a_tip_becomes_a_finding_with_its_finder(posko: Posko) -> None:
    uid = _tip(posko)
    upgrade.upgrade(posko, uid, new_report(kind="finding", reporter=PersonInput(), known_on=TODAY))
    view = case_view(posko, uid)
    assert view.facts.finder == "Contoh Pengawas Empat"
    assert view.facts.filed_on == EARLIER
    assert (view.state.intake_kind, view.state.stage) == ("finding", "registration")
    assert [(d.rule, d.start_on) for d in view.dues] == [("finding_set", TODAY)]


def test_a_question_becomes_a_report(posko: Posko) -> None:
    asked = file_report(posko, new_report(kind="consultation", answer="Silakan melapor."))
    assert case_view(posko, asked.uid).state.closed
    upgrade.upgrade(posko, asked.uid, new_report())
    assert case_view(posko, asked.uid).state.stage == "initial_review"


def test_only_known_paths_are_offered_and_taken(posko: Posko) -> None:
    filed = file_report(posko, new_report())
    state = case_view(posko, filed.uid).state
    offers = upgrade.offered(posko, state)
    assert [(o.path.target, o.label) for o in offers] == [
        ("initial_info", "Jadikan informasi awal")
    ]
    with pytest.raises(InvalidInput, match="tidak dapat dijadikan permintaan"):
        upgrade.upgrade(posko, filed.uid, new_report(kind="request"))
    record_step(posko, filed.uid, NewStep(kind="reviewed", on=TODAY, outcome="complete"))
    record_step(posko, filed.uid, NewStep(kind="registered", on=TODAY))
    assert upgrade.offered(posko, case_view(posko, filed.uid).state) == ()
    with pytest.raises(InvalidInput):
        upgrade.convert(posko, filed.uid, "initial_info", TODAY)


def test_a_refused_upgrade_changes_nothing(posko: Posko) -> None:
    uid = _tip(posko)
    before = case_view(posko, uid)
    with pytest.raises(InvalidInput, match="masih kosong"):
        upgrade.upgrade(posko, uid, NewReport(filed_on=TODAY), accept_incomplete=True)
    with pytest.raises(InvalidInput) as caught:
        upgrade.upgrade(posko, uid, new_report(narrative=""))
    assert [p.field for p in caught.value.problems] == ["narrative"]
    assert EMPTY not in str(caught.value)
    assert case_view(posko, uid) == before
    assert file_report(posko, new_report()).number.startswith("001/")


def test_everybody_bears_the_name_of_their_kind_and_every_number_its_own_word(
    posko: Posko,
) -> None:
    uid = _tip(posko)
    view = case_view(posko, uid)
    assert view.facts.reporter_alias == "Pengirim"
    assert [event.label for event in view.events] == ["Informasi dicatat"]
    upgrade.upgrade(posko, uid, new_report())
    view = case_view(posko, uid)
    assert view.facts.reporter_alias == "Pelapor 001"
    assert [event.label for event in view.events][-1] == "Informasi dicatat"
    found = file_report(posko, new_report(kind="finding"))
    view = case_view(posko, found.uid)
    assert view.facts.reporter_alias == "Penemu 001"
    assert [event.label for event in view.events] == ["Temuan dicatat"]
    filed = case_view(posko, file_report(posko, new_report()).uid)
    assert [event.label for event in filed.events] == ["Disampaikan"]
