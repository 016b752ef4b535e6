"""One kind becomes another: history, numbers and dates stay, the new kind gets what it needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from posko_app.app import Posko
from posko_app.cases import upgrade
from posko_app.cases.abandoned import drop_abandoned
from posko_app.cases.board import board_problems
from posko_app.cases.case_view import case_view
from posko_app.cases.evidence import store_files
from posko_app.cases.facts_change_told import past_changes
from posko_app.cases.identity import find_by_identity, reveal
from posko_app.cases.inquiry import FINDING, InquiryOrder, InquiryReport
from posko_app.cases.intake import EMPTY, file_report
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.report import EvidenceInput, NewReport, PersonInput, ReportedInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.errors import InvalidInput
from posko_app.letters import issue
from tests.conftest import FixedClock
from tests.factory import PARTY, REPORTER, TODAY, WITNESS, new_report
from tests.looking import order_inquiry, report_inquiry

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
    steps = [event for event in reversed(view.events) if event.kind != "note"]
    assert [(e.kind, e.on) for e in steps] == [("filed", EARLIER), ("converted", TODAY)]
    assert {e.number for e in steps} == {diary, made.number}
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


def test_the_reporter_sealed_before_is_kept_when_the_form_says_nobody(posko: Posko) -> None:
    uid = _tip(posko, reporter=REPORTER)
    upgrade.upgrade(posko, uid, new_report(reporter=PersonInput()))
    view = case_view(posko, uid)
    assert reveal(posko, uid, "menghubungi pelapor").name == REPORTER.name
    assert all(check.met for check in view.requirements)
    nobody = _tip(posko)
    with pytest.raises(InvalidInput) as caught:
        upgrade.upgrade(posko, nobody, new_report(reporter=PersonInput()))
    assert {p.field for p in caught.value.problems} == {"reporter.name", "reporter.address"}


def test_reported_persons_are_completed_by_who_they_are_not_by_their_place(posko: Posko) -> None:
    first = ReportedInput(name="Contoh Pertama", nip=PARTY.nip, agency="SDN 3 Contoh")
    second, third = ReportedInput(name="Contoh Kedua"), ReportedInput(name="Contoh Ketiga")
    uid = _tip(posko, reported=(first, second, third))
    held = case_view(posko, uid).parties
    given = (
        ReportedInput(name="Contoh Kedua, S.Pd.", category="pns"),
        ReportedInput(name="Contoh Tiga", uid=held[2].uid),
        replace(first, name="Contoh Satu", agency=""),
        ReportedInput(name="Contoh Baru"),
    )
    upgrade.upgrade(posko, uid, new_report(reported=given))
    parties = case_view(posko, uid).parties
    assert [(p.uid, p.name) for p in parties[:3]] == [
        (held[0].uid, "Contoh Satu"), (held[1].uid, "Contoh Kedua, S.Pd."),
        (held[2].uid, "Contoh Tiga"),
    ]  # fmt: skip
    assert [p.name for p in parties[3:]] == ["Contoh Baru"]
    assert (parties[0].agency, parties[1].category) == ("SDN 3 Contoh", "pns")
    assert {(p.was, p.now) for p in past_changes(posko, uid) if p.field == "party.name"} == {
        ("Contoh Pertama", "Contoh Satu"), ("Contoh Kedua", "Contoh Kedua, S.Pd."),
        ("Contoh Ketiga", "Contoh Tiga"),
    }  # fmt: skip


def test_two_persons_of_one_name_with_other_nips_stay_two(posko: Posko) -> None:
    other = ReportedInput(name=PARTY.name, nip="199001012015031001")
    uid = _tip(posko, reported=(other,))
    upgrade.upgrade(posko, uid, new_report())
    assert [p.nip for p in case_view(posko, uid).parties] == [other.nip, PARTY.nip]


def test_what_the_form_replaces_stays_told(posko: Posko) -> None:
    uid = _tip(posko, narrative="Kata orang ada stiker.", known_on=EARLIER)
    made = upgrade.upgrade(posko, uid, new_report())
    told = {p.field: (p.was, p.now) for p in past_changes(posko, uid)}
    assert told["title"] == ("Stiker di sekolah", "Guru membagikan stiker pasangan calon")
    assert told["known_on"] == ("2024-10-12", "2024-10-14")
    assert told["narrative"][0] == "Kata orang ada stiker."
    assert "event_on" not in told  # nothing stood there
    assert made.warnings == ()


def test_a_refused_form_copies_no_file_and_a_lost_one_is_noted(
    posko: Posko, tmp_path: Path, clock: FixedClock
) -> None:
    photo = tmp_path / "stiker.txt"
    photo.write_text("stiker")
    item = EvidenceInput(description="Foto", kind="photo", path=photo)
    files = [p for p in posko.folder.vault.glob("??/??/*") if p.is_file()]
    uid = file_report(posko, new_report()).uid
    with pytest.raises(InvalidInput, match="tidak dapat dijadikan"):
        upgrade.upgrade(posko, uid, new_report(kind="request", evidence=(item,)))
    assert [p for p in posko.folder.vault.glob("??/??/*") if p.is_file()] == files
    store_files(posko, [item])  # and the power goes out
    clock.forward(days=1, hours=1)
    assert drop_abandoned(posko) == 1
    kept = file_report(posko, new_report(evidence=(item,)))
    clock.forward(days=2)
    assert drop_abandoned(posko) == 0
    assert case_view(posko, kept.uid).evidence[0].held
    assert [p for p in posko.folder.vault.glob("??/??/*") if p.is_file()] != files


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
    upgrade.upgrade(posko, uid, new_report(kind=FINDING, reporter=PersonInput()))
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
