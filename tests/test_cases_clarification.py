"""Clarifications, desk checks, completion by checklist, and who handles: through the use cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import clarification as clarify
from posko_app.cases.case_view import case_view
from posko_app.cases.checklist import mark_check
from posko_app.cases.clarification import Hearing, Invitation, Minutes, Question
from posko_app.cases.clarification_rows import PersonRef, follow
from posko_app.cases.guides import step_guide, who_handles
from posko_app.cases.intake import file_report
from posko_app.cases.report import PersonInput
from posko_app.cases.steps import NewStep, events_of, record_step
from posko_app.data.tables import AuditEntry, ClarificationQuestion
from posko_app.errors import InvalidInput, UserError
from tests.factory import PARTY, REPORTER, TODAY, new_report

TOMORROW = TODAY + timedelta(days=1)


def step(posko: Posko, case: str, kind: str, **more: Any) -> str:
    return record_step(posko, case, NewStep(kind=kind, on=TODAY, **more))


@pytest.fixture
def case(posko: Posko) -> str:
    """A registered report."""
    uid = file_report(posko, new_report()).uid
    step(posko, uid, "reviewed", outcome="complete")
    step(posko, uid, "registered")
    return uid


def person(posko: Posko, case: str, alias: str) -> PersonRef:
    return next(p for p in clarify.people(posko, case, "report") if p.alias == alias)


def invite(posko: Posko, case: str, alias: str, **more: Any) -> str:
    usual: dict[str, Any] = {
        "person": person(posko, case, alias),
        "on": TODAY,
        "for_on": TOMORROW,
        "for_time": "09.30",
        "place": "Kantor",
    }
    return clarify.invite(posko, case, Invitation(**{**usual, **more}))


def problems(error: pytest.ExceptionInfo[InvalidInput]) -> set[str]:
    return {problem.field for problem in error.value.problems}


# --- inviting -----------------------------------------------------------------------------------


def test_everybody_of_the_case_can_be_invited_by_alias(posko: Posko, case: str) -> None:
    found = clarify.people(posko, case, "report")
    assert [(p.role, p.alias) for p in found] == [
        ("reporter", "Pelapor"),
        ("reported", "Terlapor"),
        ("witness", "Saksi 1"),
    ]
    expert = clarify.add_expert(posko, case, PersonInput(name="Contoh Ahli Tiga"))
    assert (expert.role, expert.alias) == ("expert", "Ahli 1")
    assert clarify.people(posko, case, "finding")[0].alias == "Penemu"
    with pytest.raises(InvalidInput):
        clarify.add_expert(posko, case, PersonInput(name=" "))


def test_an_invitation_is_a_step_and_a_line_of_the_schedule(posko: Posko, case: str) -> None:
    uid = invite(posko, case, "Saksi 1", delivered="courier", delivered_on=TODAY, number="048")
    view = case_view(posko, case)
    (line,) = view.clarifications
    assert (line.uid, line.alias, line.round, line.state) == (uid, "Saksi 1", 1, "invited")
    assert (line.for_on, line.for_time, line.delivered) == (TOMORROW, "09.30", "courier")
    event = view.state.events[-1]
    assert (event.kind, event.data["whom"], event.number) == ("invited", "saksi 1", "048")
    assert REPORTER.name not in str(view)


def test_whoever_records_the_step_leaves_the_same_line(posko: Posko, case: str) -> None:
    data = {"whom": "saksi 1", "for_on": TOMORROW.isoformat(), "for_time": "09.30"}
    step(posko, case, "invited", data=data)
    (line,) = case_view(posko, case).clarifications
    assert (line.role, line.alias, line.for_on) == ("witness", "Saksi 1", TOMORROW)
    step(posko, case, "absent", data={"whom": "Saksi 1"})
    assert case_view(posko, case).clarifications[0].state == "absent"


def test_an_invitation_says_all_that_is_wrong_at_once(posko: Posko, case: str) -> None:
    with pytest.raises(InvalidInput) as error:
        invite(
            posko,
            case,
            "Saksi 1",
            on=TOMORROW,
            for_on=TODAY,
            place=f"Rumah {REPORTER.name}",
            mode="online",
        )
    assert problems(error) == {"on", "for_on", "online_reason", "place"}
    assert case_view(posko, case).clarifications == ()


def test_a_second_invitation_after_absence(posko: Posko, case: str) -> None:
    first = invite(posko, case, "Saksi 1")
    clarify.mark_absent(posko, first, TODAY, "Sakit")
    view = case_view(posko, case)
    assert (view.clarifications[0].state, view.state.next_steps[0].kind) == ("absent", "invited")
    with pytest.raises(UserError, match="sudah dicatat"):
        clarify.mark_absent(posko, first, TODAY)
    invite(posko, case, "Saksi 1")
    assert [line.round for line in case_view(posko, case).clarifications] == [1, 2]


def test_a_voided_invitation_is_cancelled_and_counts_for_nothing(posko: Posko, case: str) -> None:
    uid = invite(posko, case, "Saksi 1")
    gone = clarify.mark_absent(posko, uid, TODAY)
    step(posko, case, "corrected", corrects=gone)
    assert case_view(posko, case).clarifications[0].state == "invited"
    event = next(e.uid for e in case_view(posko, case).events if e.kind == "invited")
    step(posko, case, "corrected", corrects=event)
    assert case_view(posko, case).clarifications[0].state == "cancelled"
    invite(posko, case, "Saksi 1")
    assert case_view(posko, case).clarifications[-1].round == 1


def test_an_invitation_stays_while_somebody_was_heard_on_it(posko: Posko, case: str) -> None:
    uid = invite(posko, case, "Saksi 1")
    clarify.hear(posko, uid, Hearing(on=TODAY, oath="sworn"))
    asked, heard = (
        next(e.uid for e in case_view(posko, case).events if e.kind == kind)
        for kind in ("invited", "clarified")
    )
    with pytest.raises(InvalidInput, match="Batalkan dulu kehadirannya"):
        step(posko, case, "corrected", corrects=asked)
    line = case_view(posko, case).clarifications[0]
    assert (line.state, line.held_on) == ("attended", TODAY)
    step(posko, case, "corrected", corrects=heard)
    step(posko, case, "corrected", corrects=asked)
    assert case_view(posko, case).clarifications[0].state == "cancelled"


def test_rows_of_voids_in_any_order_keep_what_took_place(posko: Posko, case: str) -> None:
    """Offices may void in an order of their own, so the rows do not rely on the check."""
    uid = invite(posko, case, "Saksi 1")
    clarify.hear(posko, uid, Hearing(on=TODAY, oath="sworn"))
    with posko.store.read() as session:
        known = events_of(session, case)
    asked, heard = (next(e for e in known if e.kind == kind) for kind in ("invited", "clarified"))
    voids = [
        replace(asked, uid=f"void{n}", kind="corrected", corrects=event.uid, data={})
        for n, event in enumerate((asked, heard))
    ]
    with posko.write() as session:
        follow(posko, session, case, voids[0], known)
    line = case_view(posko, case).clarifications[0]
    assert (line.state, line.held_on) == ("attended", TODAY)
    with posko.write() as session:
        follow(posko, session, case, voids[1], [*known, voids[0]])
    assert case_view(posko, case).clarifications[0].state == "cancelled"


# --- hearing ------------------------------------------------------------------------------------

SAID = Minutes(
    "hindu",
    (
        Question("Apakah Saudara sehat?", "Ya."),
        Question("Siapa yang melapor?", f"{REPORTER.name} yang melapor."),
    ),
)


def test_the_stage_ends_with_the_last_who_was_invited(posko: Posko, case: str) -> None:
    first, second = invite(posko, case, "Saksi 1"), invite(posko, case, "Terlapor")
    waiting = step_guide(posko, case, "assessed").missing
    assert any("Saksi 1, Terlapor" in item.why for item in waiting)
    clarify.hear(posko, first, Hearing(on=TODAY, oath="sworn", began="09.30", ended="10.15"))
    assert case_view(posko, case).state.stage == "clarification"
    clarify.hear(posko, second, Hearing(on=TODAY, oath="promised"))
    view = case_view(posko, case)
    assert view.state.stage == "assessment"
    assert [line.state for line in view.clarifications] == ["attended", "attended"]
    assert view.clarifications[0].held_on == TODAY
    assert step_guide(posko, case, "assessed").missing == ()


def test_minutes_are_sealed_and_opening_them_is_written_down(posko: Posko, case: str) -> None:
    uid = invite(posko, case, "Saksi 1")
    clarify.hear(posko, uid, Hearing(on=TODAY, oath="sworn"), SAID)
    assert clarify.open_minutes(posko, uid) == SAID
    assert case_view(posko, case).clarifications[0].questions == 2
    with posko.store.read() as session:
        for row in session.scalars(select(ClarificationQuestion)):
            assert "Saudara" not in row.question
            assert REPORTER.name not in row.answer
        log = session.scalars(select(AuditEntry.action)).all()
    assert "clarification.minutes_read" in log


def test_minutes_being_typed_are_kept_and_what_is_cut_is_struck_out(
    posko: Posko, case: str
) -> None:
    uid = invite(posko, case, "Saksi 1")
    clarify.save_minutes(posko, uid, SAID)
    clarify.save_minutes(posko, uid, Minutes("hindu", SAID.questions[:1]))
    assert clarify.open_minutes(posko, uid).questions == SAID.questions[:1]
    with posko.store.read() as session:
        rows = session.scalars(select(ClarificationQuestion)).all()
    assert sorted(row.position for row in rows) == [0, 1]


def test_refusing_the_oath_needs_a_note_and_stops_nothing(posko: Posko, case: str) -> None:
    uid = invite(posko, case, "Saksi 1")
    with pytest.raises(InvalidInput) as error:
        clarify.hear(
            posko,
            uid,
            Hearing(on=TODAY, oath="refused", began="10.00", ended="09.00", examiner=REPORTER.name),
            SAID,
        )
    assert problems(error) == {"oath_note", "ended", "examiner"}
    assert clarify.open_minutes(posko, uid).questions == ()
    hearing = Hearing(on=TODAY, oath="refused", oath_note="Menolak dengan alasan keyakinan")
    clarify.hear(posko, uid, hearing)
    assert case_view(posko, case).clarifications[0].oath == "refused"


def test_an_expert_is_heard_beside_the_stages(posko: Posko, case: str) -> None:
    expert = clarify.add_expert(posko, case, PersonInput(name="Contoh Ahli Tiga"))
    uid = invite(posko, case, expert.alias)
    clarify.hear(posko, uid, Hearing(on=TODAY, oath="sworn"))
    state = case_view(posko, case).state
    assert (state.events[-1].kind, state.stage) == ("expert_heard", "clarification")


# --- the initial review and its completion ------------------------------------------------------


def test_what_the_review_does_not_tick_becomes_the_notice(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    step(posko, case, "reviewed", outcome="incomplete", data={"missing": "evidence,narrative"})
    view = case_view(posko, case)
    assert set(view.missing) == {"Bukti", "Uraian kejadian"}
    step(posko, case, "completion_noticed", data={"delivered": "phone"})
    notice = case_view(posko, case).state.events[-1]
    assert notice.data["missing"] == "evidence,narrative"
    step(posko, case, "completed")
    assert case_view(posko, case).missing == ()
    step(posko, case, "registered")


def test_a_review_without_ticks_names_what_the_facts_lack(posko: Posko) -> None:
    case = file_report(posko, new_report(evidence=(), event_place=""), accept_incomplete=True).uid
    step(posko, case, "reviewed", outcome="incomplete")
    assert set(case_view(posko, case).missing) == {"Waktu dan tempat kejadian", "Bukti"}


def test_a_registration_is_blocked_by_what_the_review_found_missing(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    step(posko, case, "reviewed", outcome="complete")
    assert not step_guide(posko, case, "registered").blocked
    other = file_report(posko, new_report(evidence=())).uid
    step(posko, other, "reviewed", outcome="complete")
    guide = step_guide(posko, other, "registered")
    assert guide.blocked
    assert "Bukti" in guide.missing[0].why
    with pytest.raises(InvalidInput, match="Bukti"):
        step(posko, other, "registered")


def test_a_complete_report_has_everything_ticked(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    with pytest.raises(InvalidInput, match="belum dicentang"):
        step(posko, case, "reviewed", outcome="complete", data={"missing": "evidence"})


# --- the desk -----------------------------------------------------------------------------------


def test_the_desk_keeps_what_was_seen_by_whom_and_when(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    desk = case_view(posko, case).desk
    assert "power_of_attorney" not in [item.key for item in desk]
    assert {item.mark for item in desk} == {""}
    assert "desk" in {item.key for item in step_guide(posko, case, "reviewed").missing}
    for item in desk:
        mark_check(posko, case, item.key, "no")
        mark_check(posko, case, item.key, "yes", "KTP-el asli diperlihatkan")
    seen = case_view(posko, case).desk
    assert {(i.mark, i.made_by) for i in seen} == {("yes", posko.user.login)}
    assert all(i.made_at for i in seen)
    assert "desk" not in {item.key for item in step_guide(posko, case, "reviewed").missing}


def test_a_check_of_the_desk_is_known_and_names_nobody(posko: Posko) -> None:
    case = file_report(posko, new_report(by_proxy=True), accept_incomplete=True).uid
    assert "power_of_attorney" in [item.key for item in case_view(posko, case).desk]
    with pytest.raises(InvalidInput) as error:
        mark_check(posko, case, "nothing", "perhaps", f"KTP {REPORTER.name}")
    assert problems(error) == {"item", "mark", "note"}


# --- who handles --------------------------------------------------------------------------------


def test_who_handles_follows_the_reported_person_and_the_suspicion(posko: Posko) -> None:
    civil = file_report(posko, new_report()).uid
    assert [s.key for s in who_handles(posko, civil)] == ["asn"]
    step(posko, civil, "reviewed", outcome="complete", data={"kinds": "criminal,other_law"})
    assert [s.key for s in who_handles(posko, civil)] == ["criminal_here", "asn"]
    village = new_report(reported=(replace(PARTY, category="village_head", nip=""),))
    (only,) = who_handles(posko, file_report(posko, village).uid, on=date(2024, 10, 15))
    assert (only.addressees, only.confidence) == (("bupati",), "C")
