"""Laws that every count keeps, whatever the rule, the day, the holidays and the zone."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime, time, timedelta
from html import escape

from hypothesis import given
from hypothesis import strategies as st

from posko_app.cli.law import due_item
from posko_app.letters.blocks import Table
from posko_app.letters.count_sheet import count_blocks
from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.rules.calendar import Calendar, Holiday, load_calendar
from posko_app.rules.deadlines import Due, due
from posko_app.rules.facts import DeadlineRule, FirstDay, Moment, Unit
from posko_app.text import full_date, zone

BOOK = load_rules(resource("rules"))
SHIPPED = load_calendar(resource("calendar"))
RULES = [
    (law, rule)
    for law in BOOK.regulations.values()
    for rule in law.deadlines.values()
    if not rule.closes
]
AFTER = [pair for pair in RULES if pair[1].direction == "after"]
DAYS = st.dates(date(2024, 1, 1), date(2027, 6, 30))
ZONES = st.sampled_from(["WIB", "WITA", "WIT"])
MOMENTS = DAYS | st.builds(datetime.combine, DAYS, st.times())
KINDS = st.sampled_from(["national", "joint_leave", "local"])
FREE = st.dictionaries(DAYS, KINDS, max_size=40)
UNITS: list[Unit] = ["calendar_days", "working_days"]
FIRST_DAYS: list[FirstDay] = ["next", "same"]


def calendar_of(free: dict[date, str]) -> Calendar:
    """Saturday, Sunday and some invented holidays."""
    return Calendar(
        {day: (Holiday(on=day, name="Contoh", kind=kind),) for day, kind in free.items()},
        frozenset(range(2023, 2030)),
    )


def count(rule: DeadlineRule, start: Moment, calendar: Calendar = SHIPPED, at: str = "WIB") -> Due:
    return due(rule, start, calendar, zone(at))


def made(unit: Unit, amount: int, first_day: FirstDay) -> DeadlineRule:
    rule = BOOK.get("pemilu-2022").deadlines["handling_base"]
    return dataclasses.replace(rule, unit=unit, amount=amount, first_day=first_day, readings=())


made_rules = st.builds(
    made, st.sampled_from(UNITS), st.integers(1, 30), st.sampled_from(FIRST_DAYS)
)


@given(made_rules, DAYS, FREE)
def test_working_days_never_end_on_a_free_day(
    rule: DeadlineRule, start: date, free: dict[date, str]
) -> None:
    calendar = calendar_of(free)
    found = count(rule, start, calendar)
    if rule.unit == "working_days":
        assert calendar.working(found.due_on)
        assert all(calendar.working(day.date) for day in found.days if day.counted)


@given(st.sampled_from(AFTER), MOMENTS, st.integers(0, 60 * 24 * 40), FREE, ZONES)
def test_who_starts_later_never_ends_earlier(
    pair: tuple[object, DeadlineRule], start: Moment, minutes: int, free: dict[date, str], at: str
) -> None:
    rule, calendar = pair[1], calendar_of(free)
    later = start + timedelta(minutes=minutes)
    early, late = count(rule, start, calendar, at), count(rule, later, calendar, at)
    assert early.due_on <= late.due_on
    assert early.safe_on <= late.safe_on
    if early.due_at and late.due_at:
        assert early.due_at <= late.due_at


@given(made_rules, DAYS, FREE, DAYS, KINDS)
def test_another_holiday_never_brings_a_limit_nearer(
    rule: DeadlineRule, start: date, free: dict[date, str], extra: date, kind: str
) -> None:
    before = count(rule, start, calendar_of(free))
    after = count(rule, start, calendar_of({**free, extra: kind}))
    assert after.due_on >= before.due_on
    if rule.unit == "calendar_days":
        assert after.due_on == before.due_on
    if not start <= extra <= before.due_on:
        assert after.due_on == before.due_on, "only a day on the way moves a limit"


@given(st.sampled_from(RULES), MOMENTS, FREE, ZONES)
def test_calendar_days_and_hours_know_no_holidays(
    pair: tuple[object, DeadlineRule], start: Moment, free: dict[date, str], at: str
) -> None:
    rule = dataclasses.replace(pair[1], readings=())
    if rule.unit != "working_days":
        plain, busy = count(rule, start, Calendar(), at), count(rule, start, calendar_of(free), at)
        assert (plain.due_on, plain.due_at, plain.safe_on) == (
            busy.due_on, busy.due_at, busy.safe_on
        )  # fmt: skip


@given(st.sampled_from(RULES), MOMENTS, FREE, ZONES, st.integers(0, 6))
def test_the_safe_date_is_never_after_the_limit(
    pair: tuple[object, DeadlineRule], start: Moment, free: dict[date, str], at: str, before: int
) -> None:
    rule = pair[1]
    day = start.date() if isinstance(start, datetime) else start
    others = {"received": day - timedelta(days=before)}
    found = due(rule, start, calendar_of(free), zone(at), others)
    assert found.safe_on <= found.due_on
    assert bool(found.safe_why) == (found.safe_on < found.due_on)
    for reading in rule.variants:
        moment = others["received"] if reading[0].starts == "received" else start
        if reading[0].starts in (rule.starts, "received"):
            assert found.safe_on <= count(reading[0], moment, calendar_of(free), at).due_on


@given(st.sampled_from(RULES), MOMENTS, FREE, ZONES)
def test_the_days_are_the_count(
    pair: tuple[object, DeadlineRule], start: Moment, free: dict[date, str], at: str
) -> None:
    rule = pair[1]
    found = count(rule, start, calendar_of(free), at)
    dates = [day.date for day in found.days]
    assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))], "without a gap"
    first, last = sorted((found.start_on, found.due_on))
    assert (dates[0], dates[-1]) == (first, last)
    assert all(day.why for day in found.days)
    counted = sum(day.counted for day in found.days)
    if rule.unit != "hours":
        assert counted == rule.amount
    elif not isinstance(start, datetime):
        assert counted * 24 == rule.amount
    else:
        assert found.due_at is not None
        here = zone(at)
        begun = start.replace(tzinfo=here)
        assert found.due_at - begun == timedelta(hours=rule.amount)
        assert counted == (found.due_at.date() - begun.date()).days + 1


@given(st.sampled_from(RULES), MOMENTS, ZONES)
def test_screen_json_and_paper_say_the_same(
    pair: tuple[object, DeadlineRule], start: Moment, at: str
) -> None:
    rule, here = pair[1], zone(at)
    law = next(law for law in BOOK.regulations.values() if law.deadlines.get(rule.key) is rule)
    found = count(rule, start, at=at)
    item = json.loads(json.dumps(due_item(found, here)))
    said = [(date.fromisoformat(d["date"]), d["counted"], d["why"]) for d in item["days"]]
    assert said == [(day.date, day.counted, day.why) for day in found.days]
    assert item["due_on"] == found.due_on.isoformat()
    assert item["basis"] == found.basis
    assert item["warnings"] == list(found.warnings)
    blocks = list(count_blocks(law, found, "Kantor Contoh", at))
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert [row.cells for row in table.rows] == [
        (escape(full_date(day)), "ya" if counted else "tidak", escape(why))
        for day, counted, why in said
    ]
    words = str(blocks)
    for needed in (found.due_on, found.safe_on, found.start_on):
        assert full_date(needed) in words
    assert escape(found.basis) in words
    assert f"pukul {found.clock(here)} {at}" in words
    assert escape(law.title) in words
    assert all(escape(reading.text) in words for reading in rule.readings)


@given(DAYS, st.times(), ZONES)
def test_an_hour_of_the_day_moves_no_rule_in_days(day: date, hour: time, at: str) -> None:
    for _, rule in AFTER:
        if rule.unit != "hours":
            instant = datetime.combine(day, hour, zone(at))
            assert count(rule, instant, at=at).due_on == count(rule, day, at=at).due_on
