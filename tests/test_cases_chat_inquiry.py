"""Tips: a number of the diary, no receipt, an inquiry with order, limit and report, and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.inquiry import (
    FINDING,
    NOTHING,
    InquiryOrder,
    InquiryReport,
    inquiry_of,
)
from posko_app.cases.intake import file_report
from posko_app.cases.report import PersonInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.cases.upgrade import convert, upgrade
from posko_app.errors import InvalidInput, NotAllowed
from posko_app.letters import issue as letters
from posko_app.rules.deadlines import case_dates
from tests.conftest import FixedClock
from tests.factory import REPORTER, TODAY, new_report
from tests.looking import order_inquiry, report_inquiry

ORDER = InquiryOrder(
    on=TODAY,
    number="217/PM.00.02/K.KH-05/10/2024",
    officers=("Contoh Petugas Satu, Staf", "Contoh Petugas Dua, Staf"),
    until=TODAY + timedelta(3),
)
REPORT = InquiryReport(
    on=TODAY, number="004/LHP/PM.01.02/K.KH-05/10/2024", outcome="suspected",
    summary="Tiga warga membenarkan pembagian kaus.",
)  # fmt: skip


@pytest.fixture
def tip(posko: Posko) -> str:
    anonymous = new_report(kind="initial_info", channel="whatsapp", witnesses=())
    return file_report(posko, anonymous).uid


def test_tips_and_questions_stand_in_the_diary(posko: Posko, tip: str) -> None:
    assert case_view(posko, tip).facts.number == "001/IA/Kab/21.05/X/2024"
    question = file_report(posko, new_report(kind="consultation"))
    assert question.number == "002/KS/Kab/21.05/X/2024"
    report = file_report(posko, new_report())
    assert report.number.startswith("001/PL/")
    assert case_view(posko, tip).facts.reporter_alias == "Pengirim"


def test_an_inquiry_is_ordered_reported_and_becomes_a_finding(posko: Posko, tip: str) -> None:
    before = inquiry_of(posko, tip)
    assert (before.order, before.report, before.result) == (None, None, "")
    assert before.limit is not None
    assert before.limit.due_on == TODAY + timedelta(7)
    order_inquiry(posko, tip, ORDER)
    report_inquiry(posko, tip, REPORT)
    seen = inquiry_of(posko, tip)
    assert (seen.order, seen.report) == (ORDER, REPORT)
    assert case_view(posko, tip).state.stage == "plenary"
    with pytest.raises(InvalidInput, match="formulirnya harus diisi"):
        convert(posko, tip, FINDING, TODAY, "Ditetapkan sebagai temuan.")
    found = new_report(kind=FINDING, known_on=TODAY, lhp_number=REPORT.number, witnesses=())
    upgrade(posko, tip, replace(found, reporter=PersonInput()))
    view = case_view(posko, tip)
    state, facts = view.state, view.facts
    assert (state.intake_kind, state.stage, state.closed) == ("finding", "registration", False)
    assert (facts.known_on, facts.plenary_on, facts.reporter_alias) == (TODAY, TODAY, "Penemu 001")
    assert case_dates(state, posko.zone)["found"] == TODAY
    assert inquiry_of(posko, tip).result == FINDING
    assert inquiry_of(posko, tip).report == REPORT


def test_no_violation_closes_the_tip_and_keeps_the_report(posko: Posko, tip: str) -> None:
    report_inquiry(posko, tip, InquiryReport(on=TODAY, outcome="not_suspected", summary="Nihil."))
    record_step(posko, tip, NewStep(kind="decided", on=TODAY, outcome=NOTHING))
    record_step(posko, tip, NewStep(kind="closed", on=TODAY))
    view = case_view(posko, tip)
    assert view.state.closed
    kept = inquiry_of(posko, tip)
    assert kept.result == NOTHING
    assert kept.report is not None
    assert kept.limit is None


def test_mistakes_are_told_all_at_once_and_change_nothing(posko: Posko, tip: str) -> None:
    wrong = InquiryOrder(on=TODAY, officers=("  ",), until=TODAY - timedelta(1))
    with pytest.raises(InvalidInput) as caught:
        order_inquiry(posko, tip, wrong)
    assert {p.field for p in caught.value.problems} == {"officers", "until"}
    with pytest.raises(InvalidInput, match="ringkasan"):
        report_inquiry(posko, tip, InquiryReport(on=TODAY, outcome="suspected", summary=" "))
    with pytest.raises(InvalidInput):
        report_inquiry(posko, tip, InquiryReport(on=TODAY, outcome="", summary="Isi."))
    assert len(case_view(posko, tip).events) == 1


def test_only_a_tip_is_looked_into(posko: Posko) -> None:
    report = file_report(posko, new_report())
    with pytest.raises(InvalidInput, match="informasi awal"):
        order_inquiry(posko, report.uid, ORDER)


def test_an_order_never_names_who_gave_the_information(posko: Posko) -> None:
    named = new_report(kind="initial_info", reporter=PersonInput(name=REPORTER.name), witnesses=())
    uid = file_report(posko, named).uid
    with pytest.raises(InvalidInput, match="memuat nama pelapor"):
        order_inquiry(posko, uid, InquiryOrder(on=TODAY, officers=(f"{REPORTER.name}, Staf",)))


def test_deciding_needs_its_permission(posko: Posko, tip: str) -> None:
    report_inquiry(posko, tip, REPORT)
    posko.user = replace(posko.user, role="receiver")
    with pytest.raises(NotAllowed):
        record_step(posko, tip, NewStep(kind="decided", on=TODAY, outcome=NOTHING))


def test_both_papers_of_an_inquiry_fill_themselves(
    posko: Posko, tip: str, clock: FixedClock
) -> None:
    order_inquiry(posko, tip, ORDER)
    first = letters.prefilled(posko, tip, "surat-tugas-penelusuran")
    assert [row["text"] for row in first["assigned"]] == list(ORDER.officers)  # type: ignore[index]
    assert first["inquiry.period"] == "15 Oktober 2024 sampai dengan 18 Oktober 2024"
    assert "001/IA/Kab/21.05/X/2024" in first["inquiry.about"]
    report_inquiry(posko, tip, REPORT)
    made = letters.prefilled(posko, tip, "lhp")
    assert made["inquiry.report_number"] == REPORT.number
    assert made["inquiry.order_number"] == ORDER.number
    assert made["inquiry.officer"] == "Contoh Petugas Satu"
    assert made["inquiry.result"] == REPORT.summary
    letter = letters.issue(posko, tip, "lhp", values=made)
    assert letter.number == ""
    assert letters.issue(posko, tip, "surat-tugas-penelusuran", values=first).number.startswith(
        "001/PM.00.02/"
    )


def test_a_tip_gets_no_receipt(posko: Posko, tip: str) -> None:
    with pytest.raises(InvalidInput, match="hanya untuk laporan"):
        letters.issue(posko, tip, "tanda-bukti")
    assert date(2024, 10, 15) == TODAY
