"""Working days: the tables equal their source, and an office may lay its own over them."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.errors import UserError
from posko_app.paths import resource
from posko_app.rules.calendar import Calendar, Holiday, load_calendar
from posko_app.rules.layers import local_calendar
from posko_app.rules.reading import RulesError
from tests.tools.build_tables import holiday_names, holiday_table

FOLDER = resource("calendar")
SHIPPED = load_calendar(FOLDER)
YEARS = (2024, 2025, 2026, 2027)


@pytest.mark.parametrize("year", YEARS)
def test_the_committed_table_equals_the_library(year: int) -> None:
    raw = tomllib.loads((FOLDER / f"{year}.toml").read_text("utf-8"))
    for table, category in (("national", "public"), ("joint_leave", "government")):
        assert {row["on"]: row["name"] for row in raw[table]} == holiday_names(year, category)


def test_the_generator_writes_what_is_committed() -> None:
    # Without its line on the version of the library, which may differ on another machine.
    made = [line for line in holiday_table(2025).splitlines() if not line.startswith("source")]
    kept = (FOLDER / "2025.toml").read_text("utf-8").splitlines()
    assert made == [line for line in kept if not line.startswith("source")]


def test_days_and_their_reasons() -> None:
    assert SHIPPED.working(date(2024, 10, 16))
    assert SHIPPED.why(date(2024, 10, 16)) == ""
    assert SHIPPED.why(date(2024, 10, 19)) == "Sabtu"
    assert SHIPPED.why(date(2024, 10, 20)) == "Minggu"
    assert SHIPPED.why(date(2024, 11, 27)) == "Hari libur: Hari Pemilihan Kepala Daerah"
    assert SHIPPED.why(date(2025, 8, 18)).startswith("Cuti bersama: ")
    assert SHIPPED.next_working(date(2024, 4, 8)) == date(2024, 4, 16)
    assert not SHIPPED.has(2028)
    assert all(SHIPPED.has(year) for year in YEARS)


def test_estimated_dates_stay_marked() -> None:
    assert SHIPPED.estimated(date(2027, 3, 10))
    assert "(perkiraan)" in SHIPPED.why(date(2027, 3, 10))
    assert not SHIPPED.estimated(date(2024, 4, 10))


@given(st.dates(date(2023, 1, 1), date(2029, 12, 31)))
def test_a_day_works_exactly_when_nothing_speaks_against_it(day: date) -> None:
    assert SHIPPED.working(day) == (SHIPPED.why(day) == "")
    assert SHIPPED.working(SHIPPED.next_working(day))


def test_an_office_adds_days_years_and_lifts_joint_leave(tmp_path: Path) -> None:
    local = tmp_path / "kalender.toml"
    local.write_text(
        "joint_leave = false\nyears = [2028]\n"
        '[[day]]\non = 2024-10-16\nname = "Hari jadi kabupaten"\n'
        '[[day]]\non = 2024-10-19\nname = "Masuk mengganti"\nworking = true\n',
        "utf-8",
    )
    calendar = load_calendar(FOLDER, local)
    assert calendar.why(date(2024, 10, 16)) == "Hari libur daerah: Hari jadi kabupaten"
    assert calendar.working(date(2024, 10, 19))
    assert calendar.working(date(2024, 12, 26))
    assert calendar.has(2028)


def test_no_local_table_is_no_problem(tmp_path: Path) -> None:
    assert load_calendar(FOLDER, tmp_path / "kalender.toml") == SHIPPED


@pytest.mark.parametrize(
    "broken",
    [
        "day = [",
        '[[day]]\non = "2024-10-16"\nname = "x"',
        "[[day]]\non = 2024-10-16",
        '[[day]]\non = 2024-10-16T08:00:00\nname = "x"',
        "day = 3",
        'day = ["x"]',
        'joint_leave = "ya"',
        'years = ["x"]',
        "\x00",
    ],
)
def test_a_broken_local_table_gets_one_plain_sentence(tmp_path: Path, broken: str) -> None:
    local = tmp_path / "kalender.toml"
    local.write_text(broken, "utf-8")
    with pytest.raises(UserError, match="Data perkara aman"):
        load_calendar(FOLDER, local)


def test_a_shipped_table_must_name_its_year_and_source(tmp_path: Path) -> None:
    (tmp_path / "2030.toml").write_text('year = 2031\nsource = "x"\n', "utf-8")
    with pytest.raises(RulesError, match=r"2030\.toml"):
        load_calendar(tmp_path)
    (tmp_path / "2030.toml").write_text(
        'year = 2030\nsource = "x"\n[[national]]\non = 2031-01-01\nname = "x"\n', "utf-8"
    )
    with pytest.raises(RulesError, match="not in 2030"):
        load_calendar(tmp_path)


def test_without_tables_only_weekends_are_free() -> None:
    bare = Calendar()
    week = [date(2024, 10, 14) + timedelta(days=n) for n in range(7)]
    assert [bare.working(day) for day in week] == [True] * 5 + [False] * 2


def test_a_holiday_that_is_none_leaves_a_sunday_a_sunday() -> None:
    sunday, monday = date(2024, 7, 7), date(2024, 5, 20)
    assert SHIPPED.why(sunday).startswith("Hari libur: ")
    days = (sunday, monday)
    none = [Holiday(on=day, name="Dicabut", kind="national", working=True) for day in days]
    calendar = local_calendar(SHIPPED, none)
    assert (calendar.why(sunday), calendar.working(monday)) == ("Minggu", True)
    worked = local_calendar(SHIPPED, [Holiday(on=sunday, name="Lembur", working=True)])
    assert worked.working(sunday)
