"""The last days of a filing limit: counted days and hours of service left, from the law's data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.app import Posko
from posko_app.cases.arrival import (
    LastDay,
    duration,
    last_day,
    last_day_words,
    service_minutes,
    stamp,
)
from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.rules.calendar import load_calendar

KNOWN = date(2024, 10, 8)  # the seventh day is Tuesday 15 October
LAW = load_rules(resource("rules")).get("pilkada-2024")
CALENDAR = load_calendar(resource("calendar"), None)


def _at(posko: Posko, day: int, hour: int, minute: int) -> datetime:
    return datetime(2024, 10, day, hour, minute, tzinfo=posko.zone)


def _look(posko: Posko, day: int, hour: int, minute: int, kind: str = "report") -> LastDay | None:
    now = _at(posko, day, hour, minute)
    return last_day(posko, kind, KNOWN, now.date(), now)


def _said(posko: Posko, day: int, hour: int, minute: int) -> str:
    found = _look(posko, day, hour, minute)
    return last_day_words(found, "laporan", posko.office.zone) if found else ""


def test_the_stamp_has_minutes_and_no_seconds(posko: Posko) -> None:
    assert stamp(posko).second == stamp(posko).microsecond == 0
    assert abs(stamp(posko) - posko.now()) < timedelta(minutes=1)


def test_nothing_is_said_while_the_end_is_far(posko: Posko) -> None:
    assert _said(posko, 12, 9, 0) == _said(posko, 8, 9, 0) == ""
    assert last_day(posko, "report", None, date(2024, 10, 15), _at(posko, 15, 9, 0)) is None
    assert _look(posko, 15, 9, 0, "consultation") is None


def test_the_last_two_days_say_what_is_left(posko: Posko) -> None:
    assert _said(posko, 14, 15, 0) == (
        "Hari ke-6 dari 7. Batas Sel 15 Okt, sisa pelayanan 9 jam (tutup 16.00 WIB)."
    )
    assert _said(posko, 15, 15, 52) == (
        "Hari ke-7 dari 7. Batas hari ini, sisa pelayanan 8 menit (tutup 16.00 WIB)."
    )
    assert (
        _said(posko, 15, 16, 10) == "Hari ke-7 dari 7. Batas hari ini; jam pelayanan sudah tutup."
    )


def test_a_late_report_is_told_in_the_words_of_the_guide(posko: Posko) -> None:
    assert _said(posko, 17, 9, 0) == (
        "Disampaikan hari ke-9, batasnya hari ke-7. "
        "Laporan tetap bisa dicatat; syarat formal tidak terpenuhi."
    )


def test_findings_have_their_own_limit(posko: Posko) -> None:
    found = _look(posko, 15, 9, 0, "finding")
    assert found is not None
    assert (found.day, found.of, found.late) == (7, 7, False)


def test_a_day_without_service_leaves_no_hours() -> None:
    service = LAW.service
    assert service is not None
    saturday = datetime(2024, 10, 12, 10, 0, tzinfo=UTC)
    assert service_minutes(service, CALENDAR, saturday, date(2024, 10, 13)) == 0
    assert service_minutes(service, CALENDAR, saturday, date(2024, 10, 14)) == 8 * 60
    quiet = datetime(2024, 11, 25, 23, 0, tzinfo=UTC)  # masa tenang: the desk never closes
    assert service_minutes(service, CALENDAR, quiet, date(2024, 11, 25)) == 60


@pytest.mark.parametrize(
    ("minutes", "said"), [(8, "8 menit"), (60, "1 jam"), (68, "1 jam 8 menit"), (480, "8 jam")]
)
def test_minutes_in_words(minutes: int, said: str) -> None:
    assert duration(minutes) == said


@given(
    st.integers(0, 50 * 24 * 60),
    st.integers(0, 9),
    st.integers(0, 600),
)
def test_time_left_only_runs_down(minutes: int, days: int, later: int) -> None:
    now = datetime(2024, 10, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    service = LAW.service
    assert service is not None
    until = now.date() + timedelta(days=days)
    first = service_minutes(service, CALENDAR, now, until)
    after = now + timedelta(minutes=later)
    second = service_minutes(service, CALENDAR, after, until)
    assert 0 <= second <= first
    assert first - second <= later


def test_a_finding_waits_for_no_desk(posko: Posko) -> None:
    found = _look(posko, 15, 15, 52, "finding")
    assert found is not None
    assert last_day_words(found, "temuan", posko.office.zone) == (
        "Hari ke-7 dari 7. Batas hari ini."
    )
