"""Correcting facts after intake: dates move from events alone, and nothing that stood is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.case_view import case_view
from posko_app.cases.facts_change import change_facts, check_facts
from posko_app.cases.facts_change_told import HIDDEN, past_changes
from posko_app.cases.intake import file_report
from posko_app.cases.steps import NewStep, events_of, record_step
from posko_app.cases.upgrade import convert
from posko_app.data.tables import AuditEntry, Event
from posko_app.errors import InvalidInput, NotAllowed
from posko_app.exchange.apply import apply_plan
from posko_app.exchange.export import export
from posko_app.exchange.plan import preview
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.rules.deadlines import case_dates
from tests.factory import REPORTER, TODAY, new_report

REASON = "Salah ketik saat menerima laporan"


def dues(posko: Posko, case: str) -> dict[str, date]:
    return {due.rule: due.due_on for due in case_view(posko, case).dues}


def dates_of(posko: Posko, case: str) -> dict[str, object]:
    return dict(case_dates(case_view(posko, case).state, posko.zone))


def problems(posko: Posko, case: str, reason: str = REASON, **values: object) -> dict[str, str]:
    return {p.field: p.message for p in check_facts(posko, case, values, reason).problems}


def test_a_wrong_date_known_is_corrected_and_stays_in_the_history(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    before = case_view(posko, case)
    note = change_facts(posko, case, {"known_on": date(2024, 10, 13)}, REASON)
    view = case_view(posko, case)
    assert view.facts.known_on == date(2024, 10, 13)
    assert dates_of(posko, case)["known"] == date(2024, 10, 13)
    assert view.state.stage == before.state.stage
    assert view.state.contradictions == ()
    assert view.facts.number == before.facts.number
    assert view.facts.received_at == before.facts.received_at
    kinds = [(e.kind, e.voided) for e in view.events]
    assert sorted(kinds) == [("corrected", False), ("filed", False), ("filed", True),
                             ("note", False)]  # fmt: skip
    (told,) = [e for e in view.events if e.uid == note]
    assert told.note == (
        "Tanggal diketahui dibetulkan dari 14-10-2024 menjadi 13-10-2024.\n"
        "Alasan: Salah ketik saat menerima laporan"
    )
    (past,) = past_changes(posko, case)
    assert (past.field, past.was, past.now) == ("known_on", "2024-10-14", "2024-10-13")
    assert (past.label, past.reason, past.actor) == ("Tanggal diketahui", REASON, "petugas")


def test_a_date_found_moves_the_clock_of_a_finding(posko: Posko) -> None:
    case = file_report(posko, new_report(kind="finding")).uid
    before = dues(posko, case)["finding_set"]
    change = check_facts(posko, case, {"known_on": date(2024, 10, 13)}, REASON)
    (moved,) = [m for m in change.moved if m.rule == "finding_set"]
    assert change.problems == ()
    change_facts(posko, case, {"known_on": date(2024, 10, 13)}, REASON)
    after = dues(posko, case)["finding_set"]
    assert (moved.before, moved.after) == (before, after)
    assert after == before - timedelta(days=1)
    assert dates_of(posko, case)["found"] == date(2024, 10, 13)
    assert "ditemukan dibetulkan" in case_view(posko, case).events[0].note


def test_another_day_of_filing_moves_what_starts_from_it(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    before = dues(posko, case)["initial_review"]
    change = check_facts(posko, case, {"filed_on": date(2024, 10, 14)}, REASON)
    assert [m.rule for m in change.moved] == ["initial_review"]
    change_facts(posko, case, {"filed_on": date(2024, 10, 14), "filed_time": "15:52"}, REASON)
    view = case_view(posko, case)
    assert dues(posko, case)["initial_review"] == before - timedelta(days=1)
    assert view.state.filed_on == view.facts.filed_on == date(2024, 10, 14)
    here = view.facts.received_at.astimezone(posko.zone)
    assert f"{here:%Y-%m-%d %H:%M}" == "2024-10-14 15:52"
    (filed,) = [e for e in view.events if e.kind == "filed" and not e.voided]
    assert filed.at == view.facts.received_at
    assert view.facts.arrival_reason is None


def test_a_stamped_arrival_gets_the_reason(posko: Posko) -> None:
    at = posko.now().replace(second=0, microsecond=0)
    clock = f"{at.astimezone(posko.zone):%H:%M}"
    case = file_report(posko, new_report(arrived_at=at, filed_time=clock)).uid
    change_facts(posko, case, {"filed_time": "08:10"}, REASON)
    facts = case_view(posko, case).facts
    assert facts.arrived_at == at
    assert facts.arrival_reason == REASON


def test_texts_and_places_are_corrected_without_touching_a_clock(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    before = dues(posko, case)
    values = {"title": "Guru membagikan brosur", "event_on": date(2024, 10, 12),
              "theme": "money_politics", "region_code": "62.10.01", "article": None}  # fmt: skip
    change_facts(posko, case, values, REASON)
    view = case_view(posko, case)
    assert view.facts.title == "Guru membagikan brosur"
    assert view.facts.event_on == date(2024, 10, 12)
    assert dues(posko, case) == before
    assert {e.kind for e in view.events} == {"filed", "note"}
    changed = [past.field for past in past_changes(posko, case)]
    assert changed == ["title", "event_on", "region_code", "theme"]
    with posko.store.read() as session:
        assert board.board_problems(posko, session) == []


def test_what_cannot_be_is_told_all_at_once_and_nothing_is_written(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    assert set(problems(posko, case, reason="", known_on=date(2024, 10, 16))) == {
        "reason", "known_on", "filed_on",
    }  # fmt: skip
    assert problems(posko, case) == {"": "Tidak ada yang berubah. Betulkan dulu isiannya."}
    assert problems(posko, case, filed_on=None)["filed_on"] == "Isi tanggal lapor."
    assert set(problems(posko, case, filed_time="25:00")) == {"filed_time"}
    assert set(problems(posko, case, theme="apa", region_code="99", event_time="25:00")) == {
        "theme", "region_code", "event_time",
    }  # fmt: skip
    assert "nama pelapor" in problems(posko, case, title=f"{REPORTER.name} melapor")["title"]
    assert "nama pelapor" in problems(posko, case, f"kata {REPORTER.name}", title="X")["reason"]
    with pytest.raises(InvalidInput):
        change_facts(posko, case, {"known_on": date(2024, 10, 16)}, REASON)
    with pytest.raises(ValueError, match="officer"):
        change_facts(posko, case, {"officer": "rina"}, REASON)
    assert past_changes(posko, case) == ()
    assert len(case_view(posko, case).events) == 1


def test_a_date_that_the_steps_contradict_is_refused(posko: Posko) -> None:
    case = file_report(posko, new_report(filed_on=date(2024, 10, 14))).uid
    record_step(posko, case, NewStep(kind="reviewed", on=date(2024, 10, 14), outcome="complete"))
    found = problems(posko, case, filed_on=TODAY)
    assert set(found) == {"filed_on"}
    assert problems(posko, case, known_on=date(2024, 10, 13)) == {}


def test_a_name_that_should_not_have_stood_there_is_not_kept(posko: Posko) -> None:
    report = new_report(narrative=f"{REPORTER.name} melihat terlapor.")
    case = file_report(posko, report, accept_incomplete=True).uid
    change_facts(posko, case, {"narrative": "Pelapor melihat terlapor."}, "Memuat nama pelapor")
    assert past_changes(posko, case)[0].was == HIDDEN
    with posko.store.read() as session:
        rows = session.scalars(select(Event).where(Event.case_uid == case)).all()
        assert not [row for row in rows if REPORTER.name in f"{row.note}{row.data}"]


def test_a_role_that_may_not_decide_moves_no_clock(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    posko.user = replace(posko.user, role="receiver")
    change_facts(posko, case, {"title": "Judul lain"}, REASON)
    with pytest.raises(NotAllowed):
        change_facts(posko, case, {"known_on": date(2024, 10, 13)}, REASON)
    posko.user = replace(posko.user, role="leader")
    with pytest.raises(NotAllowed):
        change_facts(posko, case, {"title": "Judul baru"}, REASON)


def test_the_journal_names_the_fields_and_no_words(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    change_facts(posko, case, {"title": "Judul lain", "known_on": date(2024, 10, 13)}, REASON)
    with posko.store.read() as session:
        row = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "case.facts_changed")
        ).one()
    body = json.loads(row.body)
    assert row.entity_uid == case
    assert body["fields"] == ["title", "known_on"]
    assert "Judul" not in row.body


def test_a_question_that_became_a_tip_is_corrected_where_it_was_taken_in(posko: Posko) -> None:
    question = new_report(kind="consultation", filed_on=date(2024, 10, 14))
    case = file_report(posko, question).uid
    convert(posko, case, "initial_info", TODAY, "Memuat dugaan pelanggaran")
    number = case_view(posko, case).facts.number
    change_facts(posko, case, {"filed_on": date(2024, 10, 13), "known_on": None}, REASON)
    view = case_view(posko, case)
    assert view.state.contradictions == ()
    assert view.state.intake_kind == "initial_info"
    assert view.facts.number == number
    assert view.facts.known_on is None
    assert "known" not in dates_of(posko, case)
    assert [event.on for event in view.state.events[:2]] == [date(2024, 10, 13), TODAY]
    assert view.facts.filed_on == date(2024, 10, 13)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=3))
def test_every_date_follows_from_events_whatever_was_corrected(
    posko: Posko, turns: list[tuple[int, int]]
) -> None:
    kind = "finding" if turns[0][0] % 2 else "report"
    case = file_report(posko, new_report(kind=kind)).uid
    for back, more in turns:
        values = {"known_on": TODAY - timedelta(days=back + more), "event_on": date(2024, 10, 1),
                  "filed_on": TODAY - timedelta(days=back)}  # fmt: skip
        if not check_facts(posko, case, values, REASON).problems:
            change_facts(posko, case, values, REASON)
    view = case_view(posko, case)
    found = case_dates(view.state, posko.zone)
    assert found["known" if kind == "report" else "found"] == view.facts.known_on
    assert view.state.filed_on == view.facts.filed_on
    assert len([e for e in view.state.events if e.kind == "filed"]) == 1
    assert view.state.contradictions == ()
    with posko.store.read() as session:
        lines = board.board_lines(posko, session, [case])
        again = board.state_and_dues(
            posko, list(reversed(events_of(session, case))), posko.rules.get("pilkada-2024")
        )
    assert lines[case]["filed_on"] == view.facts.filed_on
    assert [due.due_on for due in again[1]] == [due.due_on for due in view.dues]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reading process for the whole file."""
    with Reader(seconds=600) as process:
        yield process


def test_two_offices_that_correct_one_date_see_both(
    office: Callable[..., Posko], reader: Reader, tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")

    def send(sender: Posko, receiver: Posko) -> None:
        folder = tmp_path / f"kiriman{len(list(tmp_path.glob('kiriman*')))}"
        folder.mkdir()
        for path in export(sender, receiver.office.code, folder).files:
            apply_plan(receiver, preview(receiver, path, reader=reader))

    case = file_report(kec, new_report()).uid
    send(kec, kab)
    change_facts(kec, case, {"known_on": date(2024, 10, 13)}, REASON)
    send(kec, kab)
    assert case_view(kab, case).facts.known_on == date(2024, 10, 13)
    assert dates_of(kab, case) == dates_of(kec, case)
    assert [p.was for p in past_changes(kab, case)] == ["2024-10-14"]
    change_facts(kab, case, {"filed_on": date(2024, 10, 14)}, REASON)
    change_facts(kec, case, {"filed_time": "10:15"}, REASON)
    send(kec, kab)
    send(kab, kec)
    mine, theirs = case_view(kec, case).state, case_view(kab, case).state
    assert mine.contradictions == theirs.contradictions != ()
    assert mine.filed_on == theirs.filed_on
