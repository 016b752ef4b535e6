"""Clocks beside the main ones: registration, Gakkumdu, SBT, the courts; pauses that stop one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.paths import resource
from posko_app.rules.book import Regulation, load_rules
from posko_app.rules.calendar import load_calendar
from posko_app.rules.deadlines import Due, Pause, due, next_due, open_dues, pauses_of
from posko_app.rules.facts import FirstDay, Unit
from posko_app.rules.override import Override, overridden, problems_of
from posko_app.rules.stages import Event, state_of
from posko_app.text import zone

BOOK = load_rules(resource("rules"))
PILKADA, PEMILU = BOOK.get("pilkada-2024"), BOOK.get("pemilu-2022")
CALENDAR = load_calendar(resource("calendar"))
WIB = zone("WIB")
Taken = tuple[str, int, Mapping[str, Any]]
CRIME = {"kinds": "criminal"}
FOUND = {"outcome": "violation", "data": {"kinds": "criminal,other_law"}}


def october(day: int) -> date:
    return date(2024, 10, day)


def history(*steps: Taken) -> list[Event]:
    return [Event(f"{n:02d}", kind, october(day), **more) for n, (kind, day, more) in
            enumerate(steps)]  # fmt: skip


def running(events: list[Event], law: Regulation = PILKADA) -> dict[str, Due]:
    return {item.rule: item for item in open_dues(events, law, CALENDAR, WIB)}


def days(events: list[Event], law: Regulation = PILKADA) -> dict[str, int]:
    return {key: item.due_on.day for key, item in running(events, law).items()}


FILED: Taken = ("filed", 11, {"data": {"known_on": "2024-10-10"}})
SUSPECTED: Taken = ("reviewed", 12, {"outcome": "complete", "data": CRIME})
REGISTERED: Taken = ("registered", 13, {"at": datetime(2024, 10, 13, 10, 30, tzinfo=WIB)})


# --- registration -------------------------------------------------------------------------------


def test_registration_has_a_clock_that_knows_the_other_start() -> None:
    (found,) = running(history(FILED, ("reviewed", 13, {"outcome": "complete"}))).values()
    assert (found.rule, found.confidence) == ("registration", "U")
    assert (found.due_on, found.safe_on) == (october(14), october(13))
    settled = PILKADA.with_deadlines({"registration": {"settled": ("first_day",)}})
    late = history(FILED, ("reviewed", 14, {"outcome": "complete"}))
    (found,) = running(late, settled).values()
    assert (found.due_on, found.safe_on) == (october(15), october(14))
    assert found.safe_why == "penanganan sudah dihitung sejak laporan diterima"


def test_it_ends_with_the_registration_or_its_refusal() -> None:
    reviewed: list[Taken] = [FILED, ("reviewed", 12, {"outcome": "complete"})]
    assert "registration" in days(history(*reviewed))
    assert "registration" not in days(history(*reviewed, ("registered", 13, {})))
    assert "registration" not in days(history(*reviewed, ("not_registered", 13, {})))
    lapsed: list[Taken] = [
        FILED,
        ("reviewed", 12, {"outcome": "incomplete"}),
        ("completion_noticed", 13, {}),
        ("completion_lapsed", 15, {}),
    ]
    assert "registration" not in days(history(*lapsed))
    completed = [*lapsed[:3], ("completed", 14, {})]
    assert days(history(*completed))["registration"] == 15


def test_a_finding_has_its_own_limit_instead() -> None:
    finding = Event("a", "filed", october(11), data={"intake_kind": "finding"})
    assert set(running([finding])) == {"finding_set"}


# --- Gakkumdu -----------------------------------------------------------------------------------


def test_a_crime_is_discussed_within_a_day_and_before_the_handling_ends() -> None:
    found = running(history(FILED, SUSPECTED, REGISTERED))
    first = found["gakkumdu_first"]
    assert first.due_at == datetime(2024, 10, 14, 10, 30, tzinfo=WIB)
    assert first.confidence == "M"
    assert found["gakkumdu_second"].due_on == found["handling_base"].due_on == october(16)


def test_only_a_crime_goes_to_gakkumdu() -> None:
    other: Taken = ("reviewed", 12, {"outcome": "complete", "data": {"kinds": "other_law"}})
    unknown: Taken = ("reviewed", 12, {"outcome": "complete"})
    for review in (other, unknown):
        assert set(running(history(FILED, review, REGISTERED))) == {"handling_base"}


def test_each_discussion_ends_its_clock_and_extra_time_moves_the_second() -> None:
    steps: list[Taken] = [FILED, SUSPECTED, REGISTERED, ("gakkumdu_first", 14, {})]
    assert set(days(history(*steps))) == {"handling_base", "gakkumdu_second"}
    more: list[Taken] = [*steps, ("extra_needed", 15, {"data": {"reason": "saksi sakit"}})]
    assert days(history(*more)) == {"handling_extra": 18, "gakkumdu_second_extra": 18}
    done: list[Taken] = [*more, ("assessed", 16, {}), ("gakkumdu_second", 16, {})]
    assert set(days(history(*done))) == {"handling_extra"}


def test_a_later_review_or_a_plenary_may_clear_the_suspicion() -> None:
    cleared: list[Taken] = [FILED, SUSPECTED, REGISTERED, ("assessed", 14, {}),
               ("decided", 15, {"outcome": "not_violation"})]  # fmt: skip
    assert "gakkumdu_second" not in days(history(*cleared))
    assert state_of(history(*cleared), PILKADA).at_stake == ()
    assert state_of(history(FILED, SUSPECTED), PILKADA).at_stake == ("criminal",)
    finding = Event("a", "filed", october(11), data={"intake_kind": "finding", **CRIME})
    assert state_of([finding], PILKADA).at_stake == ("criminal",)


def test_pemilu_counts_its_second_discussion_in_working_days() -> None:
    found = running(history(FILED, SUSPECTED, ("registered", 14, {})), PEMILU)
    assert found["gakkumdu_second"].due_on == found["handling_base"].due_on == october(23)


# --- after the referral -------------------------------------------------------------------------


def referred(*addressees: str) -> list[Taken]:
    steps: list[Taken] = [
        FILED,
        SUSPECTED,
        REGISTERED,
        ("assessed", 14, {}),
        ("decided", 15, FOUND),
    ]
    return [*steps, *(("referred", 16, {"data": {"addressee": to}}) for to in addressees)]


@pytest.mark.parametrize("addressee", ["gakkumdu", "police"])
def test_the_investigators_have_a_clock_of_their_own(addressee: str) -> None:
    found = running(history(*referred(addressee)))["investigation"]
    assert found.owner == "Penyidik"
    assert found.due_on == date(2024, 11, 5)  # fourteen working days after Wednesday the 16th
    answered: Taken = ("follow_up", 20, {"data": {"addressee": addressee}})
    assert "investigation" not in running(history(*referred(addressee), answered))


def test_sbt_is_verified_within_seven_days() -> None:
    found = running(history(*referred("police", "bkn")))
    assert found["sbt_verification"].due_on == october(23)
    assert found["investigation"].due_on == date(2024, 11, 5)
    news: Taken = ("follow_up", 20, {"data": {"addressee": "bkn"}})
    left = running(history(*referred("police", "bkn"), news))
    assert "sbt_verification" not in left
    assert "investigation" in left
    assert "sbt_verification" not in running(history(*referred("ppk")))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        # Started on Friday 11 October 2024: working days leave out the two weekends.
        ("prosecutor_return", 16),
        ("investigation_mended", 16),
        ("court_filing", 18),
        ("court_verdict", 18),
        ("appeal", 14),
        ("appeal_verdict", 18),
        ("sbt_review", 16),
    ],
)
def test_what_others_do_in_court_is_counted_on_demand(key: str, expected: int) -> None:
    for law in (PILKADA, PEMILU):
        rule = law.deadlines[key]
        assert due(rule, october(11), CALENDAR, WIB).due_on == october(expected)
        assert not rule.during, "the program does not know when it begins"
        assert rule.readings


def test_what_others_owe_is_no_next_deadline() -> None:
    told: Taken = ("notified", 16, {})
    events = history(*referred("police", "bkn"), told)
    assert set(running(events)) == {"investigation", "sbt_verification"}
    assert next_due(events, PILKADA, CALENDAR, WIB) is None
    untold = history(*referred("police", "bkn"))
    ours = next_due(untold, PILKADA, CALENDAR, WIB)
    assert ours is not None
    assert not ours.owner
    assert running(history(*referred("police", "bkn"), told, ("closed", 17, {}))) == {}


# --- pauses -------------------------------------------------------------------------------------


def stopping(law: Regulation = PILKADA) -> Regulation:
    """The law where an office has found an article by which a pause stops the handling."""
    value = Override(table="deadline", entry="handling_base", field="on_pause", value="stops",
                     source="surat Bawaslu RI")  # fmt: skip
    assert not problems_of(law, value)
    return overridden(law, value)


PAUSED: list[Taken] = [FILED, ("reviewed", 12, {"outcome": "complete"}), ("registered", 13, {}),
          ("paused", 14, {"data": {"reason": "banjir"}})]  # fmt: skip
RESUMED: Taken = ("resumed", 17, {"data": {"reason": "surut"}})


def test_a_pause_stops_a_clock_only_where_an_office_says_so() -> None:
    events = history(*PAUSED, RESUMED)
    assert days(events) == {"handling_base": 16}
    found = running(events, stopping())["handling_base"]
    assert [(d.date.day, d.counted) for d in found.days] == [
        (13, False), (14, False), (15, False), (16, False), (17, True), (18, True), (19, True)
    ]  # fmt: skip
    assert found.due_on == october(19)
    assert found.days[1].why == "dihentikan sementara, tidak dihitung"
    assert not any("Dihentikan" in warning for warning in found.warnings)


def test_while_a_pause_lasts_the_date_says_that_it_will_move() -> None:
    found = running(history(*PAUSED), stopping())["handling_base"]
    assert found.due_on == october(16)
    assert any("bergeser saat perkara dilanjutkan" in warning for warning in found.warnings)
    (plain,) = running(history(*PAUSED)).values()
    assert any("tetap dihitung" in warning for warning in plain.warnings)


def test_two_pauses_add_up_and_a_reopening_ends_one() -> None:
    again: list[Taken] = [("paused", 18, {"data": {"reason": "banjir"}}),
             ("resumed", 20, {"data": {"reason": "surut"}})]  # fmt: skip
    events = history(*PAUSED, RESUMED, *again)
    assert pauses_of(state_of(events, PILKADA)) == (
        Pause(october(14), october(17)), Pause(october(18), october(20))
    )  # fmt: skip
    assert running(events, stopping())["handling_base"].due_on == october(21)


def test_hours_stand_still_too() -> None:
    rule = dataclasses.replace(PILKADA.deadlines["completion"], readings=(), on_pause="stops")
    start = datetime(2024, 10, 14, 15, 0, tzinfo=WIB)
    pause = Pause(october(15), october(18))
    found = due(rule, start, CALENDAR, WIB, pauses=[pause])
    assert found.due_at == start + timedelta(days=5)
    assert [(d.date.day, d.why) for d in found.days] == [
        (14, "9 jam, mulai pukul 15.00 WIB"),
        (15, "dihentikan sementara, tidak dihitung"),
        (16, "dihentikan sementara, tidak dihitung"),
        (17, "dihentikan sementara, tidak dihitung"),
        (18, "24 jam"),
        (19, "15 jam, sampai pukul 15.00 WIB"),
    ]
    assert due(rule, october(14), CALENDAR, WIB, pauses=[pause]).due_on == october(19)


@given(
    st.dates(date(2024, 1, 1), date(2026, 12, 1)),
    st.integers(1, 20),
    st.sampled_from(["calendar_days", "working_days"]),
    st.sampled_from(["next", "same"]),
    st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 10)), max_size=3),
)
def test_a_pause_never_brings_a_limit_nearer(
    start: date, amount: int, unit: Unit, first_day: FirstDay, spans: list[tuple[int, int]]
) -> None:
    pauses = [
        Pause(start + timedelta(days=begins), start + timedelta(days=begins + length))
        for begins, length in spans
    ]
    rule = dataclasses.replace(
        PILKADA.deadlines["handling_base"], readings=(), amount=amount, unit=unit,
        first_day=first_day, on_pause="stops",
    )  # fmt: skip
    plain, paused = (due(rule, start, CALENDAR, WIB, pauses=given) for given in ((), pauses))
    assert paused.due_on >= plain.due_on
    assert sum(day.counted for day in paused.days) == amount
    assert not any(p.holds(day.date) for p in pauses for day in paused.days if day.counted)
