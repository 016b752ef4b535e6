"""After referral: trackers, checks before sending, what is copied, what waits; and silence."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.referral import (
    NewUpdate,
    describe_referral,
    referrals_of,
    update_referral,
    void_update,
)
from posko_app.cases.referral_book import referral_book
from posko_app.cases.referral_check import check, facts_of, ready_to_refer
from posko_app.cases.referral_course import courses
from posko_app.cases.referral_view import ReferralDetails, ReferralView, Sanction
from posko_app.cases.report import EvidenceInput, ReportedInput
from posko_app.cases.sbt import sbt_fields
from posko_app.cases.steps import NewStep, record_step
from posko_app.cases.waiting import ages, reminders, set_ages, waiting
from posko_app.data.tables import ReferralUpdate
from posko_app.errors import InvalidInput, NotAllowed, UserError
from posko_app.rules.events import Event
from tests.factory import PARTY, REPORTER, TODAY, WITNESS, new_report


def step(posko: Posko, case: str, kind: str, **more: object) -> str:
    return record_step(posko, case, NewStep(kind=kind, on=posko.today(), **more))  # type: ignore[arg-type]


def referred(posko: Posko, addressee: str = "bkn_regional", **changes: object) -> tuple[str, str]:
    """A case that went the whole way, and its referral."""
    case = file_report(posko, new_report(**changes)).uid
    step(posko, case, "reviewed", outcome="complete")
    step(posko, case, "registered")
    step(posko, case, "clarified")
    step(posko, case, "assessed")
    step(posko, case, "decided", outcome="violation", data={"kinds": "other_law"})
    number = "007/PP.00.00/K.KH-05/X/2024"
    return case, step(posko, case, "referred", number=number, data={"addressee": addressee})


def only(posko: Posko, case: str) -> ReferralView:
    (found,) = referrals_of(posko, case)
    return found


def forward(posko: Posko, days: int) -> None:
    assert posko.office.practice_on is not None
    posko.office = replace(
        posko.office, practice_on=posko.office.practice_on + timedelta(days=days)
    )


@pytest.fixture
def office_posko(office: Callable[..., Posko]) -> Posko:
    """A practice office that stands on its practice day, which a test may move."""
    made = office("kabupaten")
    made.office = replace(made.office, practice_on=TODAY)
    return made


# --- the tracker --------------------------------------------------------------------------------


def test_every_referral_has_its_line_without_a_row(posko: Posko) -> None:
    case, event = referred(posko)
    line = only(posko, case)
    assert (line.event_uid, line.addressee, line.state) == (event, "bkn_regional", "sent")
    assert line.office == "Kantor Regional BKN"
    assert line.waits
    assert line.sent_on == line.referred_on == TODAY


def test_how_it_went_out_is_kept_and_changed(posko: Posko) -> None:
    case, event = referred(posko)
    details = ReferralDetails(
        office_name="Kantor Regional VIII BKN Contoh",
        external_system="sbt",
        ticket="SBT-000123",
        sent_on=TODAY,
        remind_on=date(2024, 11, 15),
    )
    describe_referral(posko, case, event, details)
    describe_referral(posko, case, event, replace(details, ticket="SBT-000124"))
    line = only(posko, case)
    assert line.details == replace(details, ticket="SBT-000124", sent_on=None)
    assert line.office == "Kantor Regional VIII BKN Contoh"
    assert line.system_label == "SBT BKN"
    with pytest.raises(InvalidInput) as caught:
        describe_referral(
            posko, case, event, replace(details, external_system="fax", sent_on=date(2025, 1, 1))
        )
    assert {p.field for p in caught.value.problems} == {"external_system", "sent_on"}
    with pytest.raises(UserError, match="tidak ada"):
        describe_referral(posko, case, "bukan", details)


def test_a_sanction_with_its_decree_is_an_answer(posko: Posko, tmp_path: Path) -> None:
    case, event = referred(posko)
    letter = tmp_path / "sk.pdf"
    letter.write_bytes(b"%PDF-1.4 contoh")
    party = case_view(posko, case).parties[0].uid
    decree = Sanction(
        kind="heavy",
        form="Penurunan jabatan setingkat lebih rendah selama 12 bulan",
        decree_number="800/12/BKPSDM",
        decree_on=TODAY,
        official="Bupati Contoh",
        effective_on=date(2024, 11, 1),
        party_uid=party,
    )
    update_referral(
        posko,
        case,
        event,
        NewUpdate(on=TODAY, state="sanction_imposed", number="1/2", sanction=decree, file=letter),
    )
    line = only(posko, case)
    assert (line.state, line.waits) == ("sanction_imposed", False)
    (sanction,) = line.sanctions
    assert sanction.sanction == decree
    assert sanction.sanction_label == "Hukuman disiplin berat"
    assert sanction.party == PARTY.name
    view = case_view(posko, case)
    answer = next(e for e in view.evidence if e.uid == sanction.evidence_uid)
    assert (answer.source, sanction.evidence_label) == ("agency", answer.label)
    assert not view.state.waiting_agency
    assert [e.kind for e in view.state.events].count("follow_up") == 1
    assert list_cases(posko, CaseFilter(view="all"))[0].waiting_for == ""
    with posko.store.read() as session:
        assert board.board_problems(posko, session) == []


def test_a_file_that_comes_back_may_go_out_again(posko: Posko) -> None:
    case, event = referred(posko)
    update_referral(posko, case, event, NewUpdate(on=TODAY, state="returned_incomplete"))
    assert case_view(posko, case).state.pending_kinds == ("other_law",)
    step(posko, case, "referred", data={"addressee": "bkn_regional"})
    first, second = referrals_of(posko, case)
    assert (first.state, first.waits) == ("returned_incomplete", False)
    assert (second.state, second.waits) == ("sent", True)


def test_steps_of_the_case_move_its_tracker(posko: Posko) -> None:
    case, _ = referred(posko)
    step(posko, case, "information_requested", number="9", data={"addressee": "bkn_regional"})
    line = only(posko, case)
    assert [a.number for a in line.asked] == ["9"]
    assert line.waits
    step(posko, case, "follow_up", data={"addressee": "bkn_regional"})
    assert only(posko, case).state == "answered"


def test_a_word_without_content_does_not_hide_a_result(office_posko: Posko) -> None:
    posko = office_posko
    case, event = referred(posko)
    update_referral(posko, case, event, NewUpdate(on=TODAY, state="not_proven"))
    forward(posko, 3)
    step(posko, case, "follow_up", data={"addressee": "bkn_regional"})
    update_referral(posko, case, event, NewUpdate(on=posko.today()))
    line = only(posko, case)
    assert (line.state, line.state_on) == ("not_proven", TODAY)
    assert line.checked_on == posko.today()


def test_what_was_entered_wrongly_is_voided_with_its_step(posko: Posko) -> None:
    case, event = referred(posko)
    wrong = update_referral(posko, case, event, NewUpdate(on=TODAY, state="not_proven"))
    with pytest.raises(InvalidInput, match="alasan"):
        void_update(posko, case, wrong, " ")
    void_update(posko, case, wrong, "Jawaban untuk perkara lain")
    line = only(posko, case)
    assert (line.state, line.waits) == ("sent", True)
    assert [u.voided for u in line.updates] == [True]
    assert case_view(posko, case).state.waiting_agency
    posko.user = replace(posko.user, role="receiver")
    with pytest.raises(NotAllowed):
        void_update(posko, case, wrong, "x")


def test_an_office_voids_only_its_own_news(posko: Posko) -> None:
    case, event = referred(posko)
    made = update_referral(posko, case, event, NewUpdate(on=TODAY, state="under_verification"))
    posko.office = replace(posko.office, code="62.11")
    with pytest.raises(InvalidInput, match="kantor lain"):
        void_update(posko, case, made, "Salah")


@pytest.mark.parametrize(
    ("update", "field"),
    [
        (NewUpdate(on=date(2024, 10, 16)), "on"),
        (NewUpdate(on=date(2024, 10, 14)), "on"),
        (NewUpdate(on=TODAY, state="forgotten"), "state"),
        (NewUpdate(on=TODAY, state="sent", sanction=Sanction(kind="heavy")), "sanction"),
        (NewUpdate(on=TODAY, state="sanction_imposed", sanction=Sanction(kind="x")), "sanction"),
        (NewUpdate(on=TODAY, note=f"Kata {REPORTER.name}"), "note"),
        (NewUpdate(on=TODAY, note="Hubungi 0812-5555-0176"), "note"),
    ],
)
def test_wrong_news_is_refused(posko: Posko, update: NewUpdate, field: str) -> None:
    case, event = referred(posko)
    with pytest.raises(InvalidInput) as caught:
        update_referral(posko, case, event, update)
    assert field in {p.field for p in caught.value.problems}
    assert only(posko, case).updates == ()


def test_only_who_may_record_steps_tracks(posko: Posko) -> None:
    case, event = referred(posko)
    posko.user = replace(posko.user, role="auditor")
    assert only(posko, case).waits
    with pytest.raises(NotAllowed):
        update_referral(posko, case, event, NewUpdate(on=TODAY))
    with pytest.raises(NotAllowed):
        describe_referral(posko, case, event, ReferralDetails())


STATES = ("", *referral_book().states)
REFERRED = Event("r", "referred", TODAY, data={"addressee": "bkn"})
UPDATES = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(STATES), st.booleans()), max_size=5)


@settings(max_examples=60, deadline=None)
@given(drawn=UPDATES, answered=st.booleans())
def test_the_order_in_which_news_arrives_does_not_matter(
    drawn: list[tuple[int, str, bool]], answered: bool
) -> None:
    rows = []
    for n, (days, state, void) in enumerate(drawn):
        on = TODAY + timedelta(days=days)
        rows.append(ReferralUpdate(uid=f"u{n}", event_uid="r", on=on, state=state, corrects=""))
        if void:
            rows.append(
                ReferralUpdate(uid=f"v{n}", event_uid="r", on=on, state="", corrects=f"u{n}")
            )
    events = [REFERRED]
    if answered:
        events.append(Event("f", "follow_up", TODAY, data={"addressee": "bkn"}))
    book = referral_book()
    (first,) = courses(events, rows, book)
    for order in itertools.islice(itertools.permutations(rows), 24):
        (again,) = courses(events[::-1], order, book)
        assert (again.state, again.state_on) == (first.state, first.state_on)
    shown = {row.uid for row in (*first.updates, *first.voided)}
    assert shown == {row.uid for row in rows if not row.corrects}


def test_news_of_a_referral_that_is_not_there_is_left_aside() -> None:
    row = ReferralUpdate(uid="u", event_uid="elsewhere", on=TODAY, state="blocked", corrects="")
    (course,) = courses([REFERRED], [row], referral_book())
    assert course.updates == []


# --- before it is sent --------------------------------------------------------------------------


def test_a_bare_case_is_not_ready_and_says_why(posko: Posko) -> None:
    bare = ReportedInput(name="Contoh Terlapor", category="pns", nip="")
    case = file_report(posko, new_report(reported=(bare,), evidence=()), accept_incomplete=True).uid
    found = ready_to_refer(posko, case, "bkn_regional")
    assert not found.ready
    missing = {c.key: c for c in found.missing}
    assert {"nip", "position", "agency", "assessment", "plenary", "minutes", "evidence"} <= set(
        missing
    )
    assert "Contoh Terlapor" in missing["nip"].why
    assert missing["evidence"].tab == "evidence"
    assert "kajian" in missing["assessment"].why


def test_a_whole_case_is_ready(posko: Posko) -> None:
    case, _ = referred(posko, article="PP 94/2021 Pasal 5 huruf n angka 5")
    found = ready_to_refer(posko, case, "bkn_regional")
    assert found.missing == ()
    assert found.ready


def test_each_institution_asks_its_own_things(posko: Posko) -> None:
    case, _ = referred(posko)
    keys = {a: {c.key for c in ready_to_refer(posko, case, a).checks} for a in ("bkn", "gakkumdu")}
    assert "nip" in keys["bkn"]
    assert "nip" not in keys["gakkumdu"]
    assert "discussion" in keys["gakkumdu"]


def test_a_village_head_needs_no_nip(posko: Posko) -> None:
    head = ReportedInput(name="Contoh Kades", category="village_head", position_title="Kades")
    case = file_report(posko, new_report(reported=(head,))).uid
    assert "nip" not in {c.key for c in ready_to_refer(posko, case, "ppk").checks}


def test_a_text_that_cannot_be_compared_is_said_so(posko: Posko) -> None:
    case, _ = referred(posko)
    facts = facts_of(posko, case_view(posko, case))
    assert facts.silent
    named = check(replace(facts, silent=False), "ppk", referral_book())
    unsure = check(replace(facts, silent=None), "ppk", referral_book())
    (found,) = (c for c in named if c.key == "silence")
    (doubt,) = (c for c in unsure if c.key == "silence")
    assert not found.met
    assert found.returned
    assert not doubt.met
    assert not doubt.returned


# --- what is copied -----------------------------------------------------------------------------


def test_the_form_has_its_order_and_nobody_in_it(posko: Posko) -> None:
    photo = EvidenceInput(description="Foto stiker", kind="photo")
    card = EvidenceInput(description="KTP", kind="identity_copy")
    case, _ = referred(posko, article="KE-4\nPP 94/2021 Pasal 5", evidence=(photo, card))
    sheet = sbt_fields(posko, case)
    assert [f.key for f in sheet.fields] == [rule.key for rule in referral_book().sbt]
    values = {f.key: f.value for f in sheet.fields}
    assert values["nip"] == PARTY.nip
    article = "Pasal 11 huruf c dan Pasal 15 PP 42/2004"  # instead of our own code
    assert values["provisions"] == f"{article}; PP 94/2021 Pasal 5"
    assert values["evidence"] == "1. Foto"
    assert values["letter"] == "007/PP.00.00/K.KH-05/X/2024 tanggal 15 Oktober 2024"
    assert sheet.warning == ""
    whole = "\n".join(values.values())
    for secret in (REPORTER.name, REPORTER.nik, REPORTER.address, WITNESS.name, "KE-4"):
        assert secret not in whole


def test_without_a_nip_the_form_says_what_to_do(posko: Posko) -> None:
    case, _ = referred(posko, reported=(ReportedInput(name="Contoh", category="pns"),))
    field = next(f for f in sbt_fields(posko, case).fields if f.key == "nip")
    assert field.value == ""
    assert "NIK" in field.why_empty


def test_an_account_without_the_identity_key_is_warned(posko: Posko) -> None:
    case, _ = referred(posko)
    posko.keys = replace(posko.keys, identity=None)
    assert "belum diperiksa" in sbt_fields(posko, case).warning


# --- what waits ---------------------------------------------------------------------------------


def test_what_waits_is_grouped_by_age_and_institution(office_posko: Posko) -> None:
    posko = office_posko
    old, _ = referred(posko)
    forward(posko, 40)
    new, event = referred(posko, "ppk")
    found = waiting(posko)
    assert [item.case_uid for item in found.items] == [old, new]
    assert [item.days for item in found.items] == [40, 0]
    assert [(g.least, g.most, g.count) for g in found.ages] == [
        (0, 30, 1),
        (30, 90, 1),
        (90, 180, 0),
        (180, None, 0),
    ]
    assert {code for code, _, _ in found.addressees} == {"bkn_regional", "ppk"}
    assert [i.case_uid for i in waiting(posko, least_days=30).items] == [old]
    assert [i.case_uid for i in waiting(posko, addressee="ppk").items] == [new]
    update_referral(posko, new, event, NewUpdate(on=posko.today(), state="not_proven"))
    assert [item.case_uid for item in waiting(posko).items] == [old]


def test_a_finished_case_may_wait_still(posko: Posko) -> None:
    case, _ = referred(posko)
    step(posko, case, "notified")
    step(posko, case, "closed")
    assert [item.case_uid for item in waiting(posko).items] == [case]
    rows = list_cases(posko, CaseFilter(view="all", waiting_for="any"))
    assert [row.uid for row in rows] == [case]
    assert "menunggu instansi" in case_view(posko, case).state.label


def test_a_first_word_may_be_followed_by_waiting(office_posko: Posko) -> None:
    posko = office_posko
    case, event = referred(posko)
    update_referral(posko, case, event, NewUpdate(on=TODAY, state="answered"))
    assert waiting(posko).items == ()
    forward(posko, 1)
    update_referral(posko, case, event, NewUpdate(on=posko.today(), state="recommended_to_ppk"))
    assert [item.case_uid for item in waiting(posko).items] == [case]


def test_a_reminder_comes_on_its_day(office_posko: Posko) -> None:
    posko = office_posko
    case, event = referred(posko)
    describe_referral(posko, case, event, ReferralDetails(remind_on=date(2024, 10, 20)))
    assert reminders(posko) == ()
    assert [v.case_uid for v in reminders(posko, date(2024, 10, 20))] == [case]
    forward(posko, 6)
    assert [v.case_uid for v in reminders(posko)] == [case]
    update_referral(posko, case, event, NewUpdate(on=posko.today(), state="closed_by_bawaslu"))
    assert reminders(posko) == ()


def test_the_office_sets_its_own_ages(posko: Posko) -> None:
    assert ages(posko) == referral_book().ages
    set_ages(posko, (60, 14))
    assert ages(posko) == (14, 60)
    with pytest.raises(InvalidInput):
        set_ages(posko, (0,))
    set_ages(posko, ())
    assert ages(posko) == referral_book().ages
