"""Due dates: worked by hand from the articles, a real chain of dates, and laws of counting."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.rules.calendar import Calendar, load_calendar
from posko_app.rules.deadlines import Due, case_dates, due, next_due, open_dues, shift_days
from posko_app.rules.facts import DeadlineRule
from posko_app.rules.stages import Event, state_of
from posko_app.text import zone

BOOK = load_rules(resource("rules"))
PILKADA, PEMILU = BOOK.get("pilkada-2024"), BOOK.get("pemilu-2022")
CALENDAR = load_calendar(resource("calendar"))
WIB = zone("WIB")
DATES = st.dates(date(2023, 6, 1), date(2027, 12, 31))
Taken = tuple[str, int, Mapping[str, Any]]


def count(key: str, start: date | datetime, regulation: str = "pilkada-2024") -> Due:
    return due(BOOK.get(regulation).deadlines[key], start, CALENDAR, WIB)


def rule_with(**changes: Any) -> DeadlineRule:
    return dataclasses.replace(PILKADA.deadlines["initial_review"], readings=(), **changes)


# --- worked by hand -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regulation", "key", "start", "expected"),
    [
        # Pilkada counts calendar days: weekends and holidays count, nothing moves.
        ("pilkada-2024", "report_filing", date(2024, 10, 10), date(2024, 10, 17)),
        ("pilkada-2024", "report_filing", date(2024, 12, 27), date(2025, 1, 3)),
        ("pilkada-2024", "initial_review", date(2024, 9, 14), date(2024, 9, 16)),
        ("pilkada-2024", "handling_base", date(2024, 10, 13), date(2024, 10, 16)),
        ("pilkada-2024", "handling_base", date(2024, 11, 25), date(2024, 11, 28)),
        ("pilkada-2024", "handling_extra", date(2024, 10, 13), date(2024, 10, 18)),
        ("pilkada-2024", "handling_base", date(2024, 2, 27), date(2024, 3, 1)),  # leap year
        ("pilkada-2024", "handling_base", date(2025, 2, 27), date(2025, 3, 2)),
        ("pilkada-2024", "completion_notice", date(2024, 10, 31), date(2024, 11, 1)),
        ("pilkada-2024", "status_notice", date(2024, 12, 31), date(2025, 1, 1)),
        ("pilkada-2024", "clarification_invite", date(2024, 10, 15), date(2024, 10, 14)),
        ("pilkada-2024", "tsm_filing", date(2024, 9, 22), date(2024, 11, 27)),
        ("pilkada-2024", "tsm_decision", date(2024, 11, 1), date(2024, 11, 15)),
        # Pemilu counts working days: not 8 and 9 Feb 2024 (holiday, joint leave), nor 14 Feb.
        ("pemilu-2022", "report_filing", date(2024, 2, 5), date(2024, 2, 19)),
        ("pemilu-2022", "initial_review", date(2024, 2, 7), date(2024, 2, 13)),
        ("pemilu-2022", "handling_base", date(2024, 4, 5), date(2024, 4, 24)),  # over Idul Fitri
        ("pemilu-2022", "handling_extra", date(2024, 3, 1), date(2024, 3, 25)),
        ("pemilu-2022", "completion", date(2024, 3, 8), date(2024, 3, 14)),  # Nyepi and joint leave
        ("pemilu-2022", "finding_set", date(2024, 12, 24), date(2025, 1, 7)),
    ],
)
def test_worked_by_hand(regulation: str, key: str, start: date, expected: date) -> None:
    found = count(key, start, regulation)
    assert found.due_on == expected
    assert found.start_on == start


def test_the_chain_of_kota_pasuruan() -> None:
    """Filed Sun 25 Oct 2020; review 26-27; notice 28; completion 29-30; status told 31."""
    filed = date(2020, 10, 25)
    review = count("initial_review", filed)
    assert [day.date.day for day in review.days if day.counted] == [26, 27]
    notice = count("completion_notice", review.due_on)
    assert notice.due_on == date(2020, 10, 28)
    completion = count("completion", notice.due_on)
    assert [day.date.day for day in completion.days if day.counted] == [29, 30]
    assert completion.due_on == date(2020, 10, 30)
    status = count("status_notice", completion.due_on)
    assert status.due_on == date(2020, 10, 31)
    assert status.due_on.weekday() == 5  # a Saturday counts


def test_the_same_chain_as_a_case() -> None:
    events = [Event("a", "filed", date(2020, 10, 25))]
    steps = [
        ("initial_review", 27, Event("b", "reviewed", date(2020, 10, 27), outcome="incomplete")),
        ("completion_notice", 28, Event("c", "completion_noticed", date(2020, 10, 28))),
        ("completion", 30, Event("d", "completion_lapsed", date(2020, 10, 30))),
        (None, 0, Event("e", "not_registered", date(2020, 10, 30))),
        ("status_notice", 31, Event("f", "notified", date(2020, 10, 31))),
    ]
    for key, day, event in steps:
        running = open_dues(events, PILKADA, CALENDAR, WIB)
        assert [(item.rule, item.due_on.day) for item in running] == ([(key, day)] if key else [])
        events.append(event)
    assert open_dues(events, PILKADA, CALENDAR, WIB) == ()


# --- explanation --------------------------------------------------------------------------------


def test_every_day_says_why() -> None:
    days = count("handling_base", date(2024, 10, 11)).days
    assert [(day.date.day, day.counted, day.why) for day in days] == [
        (11, False, "hari registrasi, tidak dihitung"),
        (12, True, "hari ke-1 (Sabtu, tetap dihitung)"),
        (13, True, "hari ke-2 (Minggu, tetap dihitung)"),
        (14, True, "hari ke-3"),
    ]
    days = count("initial_review", date(2024, 2, 7), "pemilu-2022").days
    assert [(day.date.day, day.counted, day.why) for day in days] == [
        (7, False, "hari laporan disampaikan, tidak dihitung"),
        (8, False, "Hari libur: Isra Mikraj Nabi Muhammad"),
        (9, False, "Cuti bersama: Tahun Baru Imlek"),
        (10, False, "Hari libur: Tahun Baru Imlek"),
        (11, False, "Minggu"),
        (12, True, "hari ke-1"),
        (13, True, "hari ke-2"),
    ]


def test_the_basis_names_length_start_and_article() -> None:
    assert count("handling_base", date(2024, 10, 11)).basis == (
        "3 hari kalender sejak registrasi (Pasal 134 ayat (5) UU 1/2015 jo. UU 10/2016)"
    )
    assert count("handling_extra", date(2024, 10, 11)).basis.startswith("5 hari kalender (3 + 2) ")
    assert count("completion", date(2024, 10, 11)).basis.startswith("2 × 24 jam sejak ")
    assert count("report_filing", date(2024, 10, 11), "pemilu-2022").basis == (
        "7 hari kerja sejak peristiwa diketahui (Pasal 454 ayat (6) UU 7/2017)"
    )
    assert count("clarification_invite", date(2024, 10, 11)).basis.startswith(
        "1 hari kalender sebelum klarifikasi"
    )


def test_a_rule_in_hours_ends_at_an_instant() -> None:
    found = count("completion", datetime.fromisoformat("2024-10-28T14:05"))
    assert found.due_at == datetime(2024, 10, 30, 14, 5, tzinfo=WIB)
    assert found.due_on == date(2024, 10, 30)
    assert [day.why for day in found.days] == [
        "9 jam 55 menit, mulai pukul 14.05 WIB",
        "24 jam",
        "14 jam 5 menit, sampai pukul 14.05 WIB",
    ]
    elsewhere = due(
        PILKADA.deadlines["completion"],
        datetime(2024, 10, 28, 14, 5, tzinfo=zone("WIT")),
        CALENDAR,
        "WIB",
    )
    assert elsewhere.due_at == datetime(2024, 10, 30, 12, 5, tzinfo=WIB)


def test_a_rule_in_hours_without_an_hour_says_so() -> None:
    found = count("completion", date(2024, 10, 28))
    assert found.due_at == datetime(2024, 10, 30, 23, 59, tzinfo=WIB)
    assert any("belum dicatat" in warning for warning in found.warnings)


def test_rules_in_days_have_no_instant() -> None:
    assert count("handling_base", date(2024, 10, 11)).due_at is None
    at_the_desk = datetime.fromisoformat("2024-10-11T15:52")
    assert count("initial_review", at_the_desk).due_on == date(2024, 10, 13)


# --- cut-off and service hours ------------------------------------------------------------------


def closing(day: date) -> Due:
    rule = dataclasses.replace(PILKADA.deadlines["report_filing"], cutoff="service_end")
    return due(rule, day - timedelta(days=7), CALENDAR, WIB)


def test_a_cutoff_at_the_end_of_service() -> None:
    assert closing(date(2024, 10, 17)).due_at == datetime(2024, 10, 17, 16, 0, tzinfo=WIB)
    assert closing(date(2024, 10, 18)).due_at == datetime(2024, 10, 18, 16, 30, tzinfo=WIB)
    sunday = closing(date(2024, 10, 20))
    assert sunday.due_at is None
    assert any("tanpa pelayanan (Minggu)" in warning for warning in sunday.warnings)
    quiet = closing(date(2024, 11, 24))  # a Sunday with a 24-hour desk
    assert quiet.due_at == datetime.combine(quiet.due_on, time(23, 59), WIB)


def test_an_open_cutoff_is_shown_as_the_safe_hour() -> None:
    found = count("report_filing", date(2024, 10, 10))
    assert found.due_at is None
    assert found.safe_at == datetime(2024, 10, 16, 16, 0, tzinfo=WIB)


# --- safe dates ---------------------------------------------------------------------------------


def test_the_safe_date_is_the_earliest_open_reading() -> None:
    found = count("report_filing", date(2024, 10, 10))
    assert (found.due_on, found.safe_on) == (date(2024, 10, 17), date(2024, 10, 16))
    assert found.safe_why == "hari diketahui ikut dihitung"
    registered, filed = date(2024, 10, 13), date(2024, 10, 11)
    rule = PILKADA.deadlines["handling_base"]
    found = due(rule, registered, CALENDAR, WIB, {"received": filed})
    assert (found.due_on, found.safe_on) == (date(2024, 10, 16), date(2024, 10, 13))
    assert found.safe_why == "dihitung sejak laporan diterima dan hari pertama ikut dihitung"
    alone = due(rule, registered, CALENDAR, WIB)
    assert alone.safe_on == date(2024, 10, 15)
    assert any("sejak laporan diterima" in warning for warning in alone.warnings)


def test_a_settled_question_leaves_the_other_readings() -> None:
    law = PILKADA.with_deadlines({"handling_base": {"settled": ("start",), "amount": 4}})
    found = due(law.deadlines["handling_base"], date(2024, 10, 13), CALENDAR, WIB)
    assert (found.due_on, found.safe_on) == (date(2024, 10, 17), date(2024, 10, 16))
    assert not found.warnings
    settled = law.with_deadlines({"handling_base": {"settled": ("first_day",)}})
    found = due(settled.deadlines["handling_base"], date(2024, 10, 13), CALENDAR, WIB)
    assert (found.safe_on, found.safe_why) == (found.due_on, "")


def test_readings_in_other_units() -> None:
    found = count("handling_base", date(2024, 4, 5), "pemilu-2022")
    assert found.safe_on == date(2024, 4, 11)  # seven calendar days, the first one counted
    found = count("completion", datetime.fromisoformat("2024-10-28T14:00"))
    assert found.safe_on == date(2024, 10, 29)


@given(DATES, st.sampled_from([*PILKADA.deadlines, *PEMILU.deadlines]))
def test_no_reading_is_safer_than_the_safe_date(start: date, key: str) -> None:
    for law in (PILKADA, PEMILU):
        rule = law.deadlines.get(key)
        if rule is None or rule.closes:
            continue
        found = due(rule, start, CALENDAR, WIB, {"received": start - timedelta(days=2)})
        assert found.safe_on <= found.due_on
        assert (found.safe_why == "") == (found.safe_on == found.due_on)


# --- warnings -----------------------------------------------------------------------------------


def test_a_year_without_a_table_is_named() -> None:
    found = count("handling_extra", date(2027, 12, 20), "pemilu-2022")
    assert [w for w in found.warnings if "tahun 2028 belum ada" in w]
    assert not [w for w in found.warnings if "2027 belum ada" in w]
    assert not count("handling_base", date(2024, 10, 13), "pemilu-2022").warnings


def test_estimated_holidays_are_named() -> None:
    found = count("handling_base", date(2027, 3, 5), "pemilu-2022")
    assert len([w for w in found.warnings if "masih perkiraan" in w]) == 2


def test_a_closed_window_is_said() -> None:
    found = count("tsm_filing", date(2024, 11, 28))
    assert any("sudah ditutup 27 November 2024" in warning for warning in found.warnings)


def test_a_window_without_its_date_asks_for_it() -> None:
    rule = dataclasses.replace(PILKADA.deadlines["tsm_filing"], closes_on=None)
    found = due(rule, date(2024, 9, 22), CALENDAR, WIB)
    assert found.due_on == found.start_on
    assert any("belum diisi" in warning for warning in found.warnings)


def test_counting_back_in_working_days_says_what_it_skips() -> None:
    rule = dataclasses.replace(PILKADA.deadlines["clarification_invite"], unit="working_days")
    found = due(rule, date(2024, 10, 14), CALENDAR, WIB)  # a Monday
    assert [(day.date.day, day.counted, day.why) for day in found.days] == [
        (11, True, "hari ke-1 sebelum klarifikasi"),
        (12, False, "Sabtu"),
        (13, False, "Minggu"),
        (14, False, "hari klarifikasi, tidak dihitung"),
    ]


# --- laws of counting ---------------------------------------------------------------------------


@given(DATES, st.integers(0, 60), st.sampled_from(["calendar_days", "working_days"]))
def test_counting_forward_and_back_returns(start: date, amount: int, unit: str) -> None:
    start = CALENDAR.next_working(start) if unit == "working_days" else start
    end = shift_days(start, amount, unit, CALENDAR)
    assert shift_days(end, -amount, unit, CALENDAR) == start


@given(DATES, DATES, st.integers(0, 40), st.integers(0, 40), st.booleans())
def test_a_later_start_or_more_days_never_end_earlier(
    one: date, other: date, few: int, more: int, same_day: bool
) -> None:
    early, late = sorted((one, other))
    few, more = sorted((few, more))
    for unit in ("calendar_days", "working_days"):
        ends = [
            shift_days(day, amount, unit, CALENDAR, same_day=same_day)
            for day, amount in ((early, few), (late, few), (late, more))
        ]
        assert ends == sorted(ends)


@given(DATES, st.integers(1, 40))
def test_working_days_never_end_on_a_free_day(start: date, amount: int) -> None:
    found = due(rule_with(unit="working_days", amount=amount), start, CALENDAR, WIB)
    assert CALENDAR.working(found.due_on)
    assert sum(day.counted for day in found.days) == amount
    assert all(CALENDAR.working(day.date) for day in found.days if day.counted)


@given(DATES, st.integers(0, 40), st.sampled_from(["next", "same"]), st.booleans())
def test_the_explained_days_are_the_count(
    start: date, amount: int, first_day: str, working: bool
) -> None:
    unit = "working_days" if working else "calendar_days"
    found = due(rule_with(amount=amount, first_day=first_day, unit=unit), start, CALENDAR, WIB)
    assert sum(day.counted for day in found.days) == amount
    assert found.days[0].date == start
    assert found.days[-1].date == found.due_on
    assert all(day.why for day in found.days)


@given(DATES, st.times(), st.integers(1, 200))
def test_hours_add_up(day: date, hour: time, hours: int) -> None:
    start = datetime.combine(day, hour, WIB)
    found = due(rule_with(unit="hours", amount=hours), start, CALENDAR, WIB)
    assert found.due_at == start + timedelta(hours=hours)
    assert found.due_on == found.due_at.date()


@given(DATES)
def test_counting_the_first_day_ends_no_later(start: date) -> None:
    for unit in ("calendar_days", "working_days"):
        same = shift_days(start, 5, unit, CALENDAR, same_day=True)
        assert same <= shift_days(start, 5, unit, CALENDAR)


def test_a_calendar_without_working_days_is_a_bug_and_ends() -> None:
    class Never(Calendar):
        def why(self, day: date) -> str:
            return "libur"

    with pytest.raises(ValueError, match="no working days"):
        shift_days(date(2024, 1, 1), 1, "working_days", Never())


# --- deadlines of a case ------------------------------------------------------------------------


def case(*steps: tuple[str, int, Mapping[str, Any]]) -> list[Event]:
    """Events of October 2024: kind, day, and whatever else they hold."""
    return [
        Event(f"{n:02d}", kind, date(2024, 10, day), **more)
        for n, (kind, day, more) in enumerate(steps)
    ]


FILED: Taken = ("filed", 11, {"data": {"known_on": "2024-10-10"}})
DATA = {"for_on": "2024-10-15"}
COMPLETE: Taken = ("reviewed", 12, {"outcome": "complete"})


def running(events: list[Event]) -> dict[str, int]:
    return {item.rule: item.due_on.day for item in open_dues(events, PILKADA, CALENDAR, WIB)}


def test_only_running_clocks_are_returned() -> None:
    violation: Mapping[str, Any] = {
        "outcome": "violation",
        "data": {"kinds": "administrative,other_law"},
    }
    assert running(case()) == {}
    assert running(case(FILED)) == {"initial_review": 13}
    assert running(case(FILED, COMPLETE)) == {"registration": 13}
    steps: list[Taken] = [FILED, COMPLETE, ("registered", 13, {})]
    assert running(case(*steps)) == {"handling_base": 16}
    extra: Taken = ("extra_needed", 14, {})
    assert running(case(*steps, extra)) == {"handling_extra": 18}
    steps += [("assessed", 15, {}), ("decided", 16, violation)]
    assert running(case(*steps)) == {"referral_after_decision": 17, "status_notice": 17}
    steps += [("referred", 17, {"data": {"addressee": "kpu"}})]
    assert running(case(*steps)) == {
        "referral_after_decision": 17,
        "status_notice": 17,
        "admin_recommendation_kpu": 24,
    }
    steps += [("referred", 17, {"data": {"addressee": "bkn"}}), ("notified", 17, {})]
    assert running(case(*steps)) == {"admin_recommendation_kpu": 24, "sbt_verification": 24}
    other: Taken = ("follow_up", 20, {"data": {"addressee": "bkn"}})
    assert running(case(*steps, other)) == {"admin_recommendation_kpu": 24}
    of_kpu: Taken = ("follow_up", 20, {"data": {"addressee": "kpu"}})
    assert running(case(*steps, other, of_kpu)) == {}
    assert running(case(*steps, ("closed", 18, {}))) == {}


def test_handling_is_safe_from_the_day_of_receipt() -> None:
    events = case(FILED, COMPLETE, ("registered", 13, {}))
    (found,) = open_dues(events, PILKADA, CALENDAR, WIB)
    assert found.safe_on == date(2024, 10, 13)
    assert "laporan diterima" in found.safe_why


def test_a_completed_report_was_received_when_it_was_complete() -> None:
    events = case(
        FILED,
        ("reviewed", 13, {"outcome": "incomplete"}),
        ("completion_noticed", 14, {}),
        ("completed", 16, {}),
        ("registered", 17, {}),
    )
    (found,) = open_dues(events, PILKADA, CALENDAR, WIB)
    assert (found.due_on, found.safe_on) == (date(2024, 10, 20), date(2024, 10, 18))


def test_completion_runs_from_the_hour_of_the_notice() -> None:
    at = datetime(2024, 10, 14, 15, 0, tzinfo=WIB)
    events = case(
        FILED,
        ("reviewed", 13, {"outcome": "incomplete"}),
        ("completion_noticed", 14, {"at": at}),
    )
    (found,) = open_dues(events, PILKADA, CALENDAR, WIB)
    assert found.due_at == at + timedelta(hours=48)
    assert found.owner == "Pelapor"
    moved = [*events[:2], dataclasses.replace(events[2], on=date(2024, 10, 15))]
    (found,) = open_dues(moved, PILKADA, CALENDAR, WIB)
    assert found.due_on == date(2024, 10, 17)  # the legal date wins over an hour on another day


def test_a_finding_runs_from_the_day_it_was_found() -> None:
    data = {"intake_kind": "finding", "found_on": "2024-10-09"}
    assert running(case(("filed", 11, {"data": data}))) == {"finding_set": 16}
    assert running(case(("filed", 11, {"data": data}), ("registered", 12, {}))) == {
        "handling_base": 15
    }


def test_a_tip_has_its_own_clock_until_it_becomes_a_report() -> None:
    tip: Taken = ("filed", 1, {"data": {"intake_kind": "initial_info"}})
    assert running(case(tip)) == {"inquiry": 8}
    upgraded: Taken = ("converted", 11, {"data": {"intake_kind": "report"}})
    assert running(case(tip, upgraded)) == {"initial_review": 13}


def test_a_tsm_report_has_its_own_limit() -> None:
    events = case(FILED, COMPLETE, ("registered", 13, {"data": {"tsm": "yes"}}))
    assert running(events)["tsm_decision"] == 27


def test_the_day_of_a_clarification_is_known_from_its_invitation() -> None:
    events = case(FILED, COMPLETE, ("registered", 13, {}), ("invited", 13, {"data": DATA}))
    assert case_dates(state_of(events, PILKADA), WIB)["clarification"] == date(2024, 10, 15)


def test_the_next_deadline_is_the_safest_of_our_own() -> None:
    events = case(
        FILED,
        COMPLETE,
        ("registered", 13, {}),
        ("assessed", 14, {}),
        ("decided", 14, {"outcome": "violation", "data": {"kinds": "administrative"}}),
        ("referred", 15, {"data": {"addressee": "kpu"}}),
    )
    found = next_due(events, PILKADA, CALENDAR, WIB)
    assert found is not None
    assert found.rule == "status_notice"
    assert next_due([], PILKADA, CALENDAR, WIB) is None


def test_pemilu_has_the_same_clocks_in_working_days() -> None:
    events = case(FILED, ("reviewed", 15, {"outcome": "complete"}), ("registered", 16, {}))
    (found,) = open_dues(events, PEMILU, CALENDAR, "WITA")
    assert (found.rule, found.due_on) == ("handling_base", date(2024, 10, 25))
