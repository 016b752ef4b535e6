"""Deadlines worked by hand from the articles, and real chains of dates; each row names its source.

Every counted day is written out, so that a row is checked against a wall calendar and not against
the program. Weekdays and holidays are named where they decide.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.rules.calendar import Calendar, Holiday, load_calendar
from posko_app.rules.deadlines import due, open_dues
from posko_app.rules.layers import local_calendar
from posko_app.rules.stages import Event, check_step
from posko_app.text import zone

BOOK = load_rules(resource("rules"))
SHIPPED = load_calendar(resource("calendar"))
WIB = zone("WIB")


def on(text: str) -> date:
    """`2024-10-15`, or `10-15` of the year 2024."""
    return date.fromisoformat(text if text.count("-") == 2 else f"2024-{text}")


@dataclass(frozen=True)
class Row:
    """One deadline as it is counted on paper."""

    rule: str
    start: str
    counted: str  # every day that counts, apart by spaces; ".." stands for the days between
    source: str
    note: str = ""

    @property
    def days(self) -> list[date]:
        found: list[date] = []
        for part in self.counted.split():
            if part == "..":
                continue
            day = on(part)
            if found and f".. {part}" in self.counted:
                found += [found[-1] + timedelta(n) for n in range(1, (day - found[-1]).days)]
            found.append(day)
        return found


# Pilkada: hari kalender (Perbawaslu 8/2020 Pasal 1; Puadi, 23 September 2024): nothing is left out.
PILKADA = (
    Row("report_filing", "10-10", "10-11 .. 10-17", "UU Pilkada 134(4): 7 hari sejak diketahui"),
    Row("report_filing", "12-20", "12-21 .. 12-27", "UU Pilkada 134(4)", "Natal dan cuti bersama"),
    Row("report_filing", "12-27", "12-28 .. 2025-01-03", "UU Pilkada 134(4)", "tahun baru"),
    Row("finding_set", "12-25", "12-26 .. 2025-01-01", "Perbawaslu 8/2020 jo. 9/2024"),
    Row("inquiry", "09-30", "10-01 .. 10-07", "disamakan dengan temuan"),
    Row("initial_review", "09-14", "09-15 09-16", "Bawaslu Purworejo: 2 hari",
        "Sabtu; lalu Minggu dan Maulid"),
    Row("initial_review", "10-15", "10-16 10-17", "Bawaslu Purworejo: 2 hari", "hari biasa"),
    Row("completion_notice", "10-31", "11-01", "rangkaian Kota Pasuruan: sehari sesudahnya"),
    Row("registration", "10-31", "11-01", "disamakan dengan langkah satu hari lain"),
    Row("handling_base", "10-13", "10-14 10-15 10-16", "UU Pilkada 134(5): 3 hari",
        "registrasi hari Minggu"),
    Row("handling_base", "11-25", "11-26 11-27 11-28", "UU Pilkada 134(5)",
        "hari pemungutan suara, libur nasional, tetap dihitung"),
    Row("handling_base", "02-27", "02-28 02-29 03-01", "UU Pilkada 134(5)", "tahun kabisat"),
    Row("handling_base", "2025-02-27", "2025-02-28 2025-03-01 2025-03-02", "UU Pilkada 134(5)",
        "bukan tahun kabisat; Sabtu dan Minggu"),
    Row("handling_extra", "10-13", "10-14 .. 10-18", "UU Pilkada 134(5) dan (6): 3 + 2 hari"),
    Row("gakkumdu_second", "10-13", "10-14 10-15 10-16", "sebelum batas penanganan berakhir"),
    Row("gakkumdu_second_extra", "10-13", "10-14 .. 10-18", "sebelum batas penanganan berakhir"),
    Row("tsm_decision", "11-01", "11-02 .. 11-15", "Perbawaslu 9/2020 Pasal 45: 14 hari"),
    Row("referral_after_decision", "10-18", "10-19", "praktik: sehari sesudah pleno", "Sabtu"),
    Row("status_notice", "12-31", "2025-01-01", "rangkaian Kota Pasuruan", "libur nasional"),
    Row("admin_recommendation_kpu", "11-20", "11-21 .. 11-27", "7 hari, keterangan lisan"),
    Row("sbt_verification", "10-16", "10-17 .. 10-23", "alur SBT: 7 hari"),
    # Beside them the investigators count hari kerja, also in the Pilkada.
    Row("investigation", "10-16", "10-17 10-18 10-21 .. 10-25 10-28 .. 11-01 11-04 11-05",
        "UU 10/2016 Pasal 146: 14 hari kerja", "dua kali akhir pekan"),
    Row("prosecutor_return", "11-25", "11-26 11-28 11-29", "UU 10/2016 Pasal 146: 3 hari kerja",
        "27 November libur nasional"),
    Row("court_filing", "12-23", "12-24 12-27 12-30 12-31 2025-01-02",
        "UU 10/2016 Pasal 146: 5 hari kerja", "Natal, cuti bersama, tahun baru"),
    Row("court_verdict", "10-11", "10-12 .. 10-18", "UU 10/2016 Pasal 146: 7 hari"),
)  # fmt: skip

# Pemilu: hari kerja (UU 7/2017 Pasal 454; that Perbawaslu 7/2022 means them too is from memory).
PEMILU = (
    Row("report_filing", "02-05", "02-06 02-07 02-12 02-13 02-15 02-16 02-19",
        "UU 7/2017 454(6): 7 hari kerja sejak diketahui",
        "8 Isra Mikraj, 9 cuti bersama, 10 Imlek, 14 pemungutan suara"),
    Row("finding_set", "12-24", "12-27 12-30 12-31 2025-01-02 2025-01-03 2025-01-06 2025-01-07",
        "UU 7/2017 454(5): 7 hari", "Natal, cuti bersama, tahun baru"),
    Row("inquiry", "05-08", "05-13 .. 05-17 05-20 05-21", "disamakan dengan temuan",
        "9 Kenaikan, 10 cuti bersama"),
    Row("initial_review", "02-07", "02-12 02-13", "Perbawaslu 7/2022 15(1): 2 hari",
        "libur, cuti bersama, akhir pekan"),
    Row("initial_review", "01-20", "01-22 01-23", "Perbawaslu 7/2022 15(1)", "disampaikan Sabtu"),
    Row("initial_review", "2026-03-17", "2026-03-25 2026-03-26", "Perbawaslu 7/2022 15(1)",
        "Nyepi, Idul Fitri, dan cuti bersamanya: tujuh hari berturut-turut"),
    Row("completion_notice", "05-22", "05-27", "Perbawaslu 7/2022: 1 hari sesudah kajian awal",
        "23 Waisak, 24 cuti bersama"),
    Row("completion", "03-08", "03-13 03-14", "2 hari", "11 Nyepi, 12 cuti bersama"),
    Row("registration", "06-14", "06-19", "disamakan dengan langkah satu hari lain",
        "17 Idul Adha, 18 cuti bersama"),
    Row("handling_base", "04-05", "04-16 .. 04-19 04-22 04-23 04-24", "UU 7/2017 454(7): 7 hari",
        "cuti bersama dan Idul Fitri 8 sampai 15 April"),
    Row("handling_base", "2025-03-27",
        "2025-04-08 .. 2025-04-11 2025-04-14 2025-04-15 2025-04-16", "UU 7/2017 454(7)",
        "Nyepi, Idul Fitri, dan cuti bersama sampai 7 April"),
    Row("handling_base", "11-25", "11-26 11-28 11-29 12-02 .. 12-05", "UU 7/2017 454(7)",
        "27 November libur nasional"),
    Row("handling_extra", "03-01", "03-04 .. 03-08 03-13 03-14 03-15 03-18 .. 03-22 03-25",
        "UU 7/2017 454(8): 14 hari kerja", "11 Nyepi, 12 cuti bersama"),
    Row("gakkumdu_second", "10-14", "10-15 .. 10-18 10-21 10-22 10-23",
        "sebelum batas penanganan berakhir"),
    Row("status_notice", "03-28", "04-01", "praktik: sehari sesudahnya", "29 Wafat Isa Almasih"),
    Row("referral_after_decision", "08-16", "08-19", "praktik: sehari sesudah pleno",
        "17 Agustus hari Sabtu"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("law", "row"),
    [("pilkada-2024", row) for row in PILKADA] + [("pemilu-2022", row) for row in PEMILU],
    ids=lambda value: f"{value.rule}-{value.start}" if isinstance(value, Row) else value,
)
def test_every_counted_day(law: str, row: Row) -> None:
    found = due(BOOK.get(law).deadlines[row.rule], on(row.start), SHIPPED, WIB)
    assert [day.date for day in found.days if day.counted] == row.days
    assert found.due_on == row.days[-1]
    assert found.start_on == on(row.start)
    assert row.source


def test_every_rule_in_days_is_worked_somewhere() -> None:
    """A rule that is added wants a row; those of the courts share theirs across both laws."""
    worked = {row.rule for row in PILKADA + PEMILU} | {
        *("tsm_filing", "clarification_invite", "gakkumdu_first"),  # below
        *("investigation_mended", "appeal", "appeal_verdict", "sbt_review"),  # test_rules_clocks
    }
    for law in BOOK.regulations.values():
        assert not set(law.deadlines) - worked


@pytest.mark.parametrize(
    ("law", "clarified_on", "invited_by"),
    [
        ("pilkada-2024", "10-15", "10-14"),
        ("pilkada-2024", "2025-01-01", "12-31"),
        ("pemilu-2022", "01-15", "01-14"),  # Monday: invited on Sunday at the latest
    ],
)
def test_an_invitation_goes_out_a_day_before(law: str, clarified_on: str, invited_by: str) -> None:
    """Perbawaslu 7/2022 Pasal 28: at the latest one day before."""
    rule = BOOK.get(law).deadlines["clarification_invite"]
    assert due(rule, on(clarified_on), SHIPPED, WIB).due_on == on(invited_by)


@pytest.mark.parametrize(
    ("law", "first", "last"),
    [("pilkada-2024", "09-22", "11-27"), ("pemilu-2022", "2023-11-03", "02-14")],
)
def test_tsm_reports_close_with_the_vote(law: str, first: str, last: str) -> None:
    """Perbawaslu 7/2022 Pasal 8(4): from penetapan to the day of the vote."""
    assert due(BOOK.get(law).deadlines["tsm_filing"], on(first), SHIPPED, WIB).due_on == on(last)


# --- the calendar of an office --------------------------------------------------------------------


def holiday(day: str, *, working: bool = False) -> Holiday:
    return Holiday(on=on(day), name="Hari jadi daerah", kind="local", working=working)


LOCAL: tuple[tuple[str, Calendar, str, str], ...] = (
    ("hari libur daerah", local_calendar(SHIPPED, [holiday("10-16")]), "10-15", "10-17 10-18"),
    ("libur daerah pada Sabtu tidak menggeser", local_calendar(SHIPPED, [holiday("10-19")]),
     "10-17", "10-18 10-21"),
    ("cuti bersama tetap bekerja", local_calendar(SHIPPED, [], (), False), "02-07", "02-09 02-12"),
    ("Minggu tetap bekerja", local_calendar(SHIPPED, [holiday("10-13", working=True)]), "10-11",
     "10-13 10-14"),
    ("libur nasional tetap bekerja", local_calendar(SHIPPED, [holiday("11-27", working=True)]),
     "11-25", "11-26 11-27"),
    ("dua libur daerah beruntun", local_calendar(SHIPPED, [holiday("10-16"), holiday("10-17")]),
     "10-15", "10-18 10-21"),
)  # fmt: skip


@pytest.mark.parametrize(("what", "calendar", "start", "counted"), LOCAL, ids=[r[0] for r in LOCAL])
def test_days_of_the_office(what: str, calendar: Calendar, start: str, counted: str) -> None:
    """Pemilu, initial review of two working days (Perbawaslu 7/2022 15(1))."""
    found = due(BOOK.get("pemilu-2022").deadlines["initial_review"], on(start), calendar, WIB)
    assert [day.date for day in found.days if day.counted] == [on(d) for d in counted.split()]
    pilkada = BOOK.get("pilkada-2024").deadlines["initial_review"]
    assert due(pilkada, on(start), calendar, WIB).due_on == on(start) + timedelta(days=2)


# --- hours, zones, service hours ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "start", "end"),
    [
        ("completion", "2024-10-28T14:05", "2024-10-30T14:05"),  # 2 × 24 jam
        ("completion", "2024-12-30T23:59", "2025-01-01T23:59"),
        ("gakkumdu_first", "2024-10-13T10:30", "2024-10-14T10:30"),  # 1 × 24 jam
        ("gakkumdu_first", "2024-02-28T16:00", "2024-02-29T16:00"),
    ],
)
@pytest.mark.parametrize("name", ["WIB", "WITA", "WIT"])
def test_hours_end_at_the_same_hour(rule: str, start: str, end: str, name: str) -> None:
    here = zone(name)
    found = due(BOOK.get("pilkada-2024").deadlines[rule], datetime.fromisoformat(start), SHIPPED,
                here)  # fmt: skip
    assert found.due_at == datetime.fromisoformat(end).replace(tzinfo=here)
    assert found.due_on == date.fromisoformat(end[:10])


@pytest.mark.parametrize(
    ("name", "filed_on", "due_on"),
    [("WIB", "10-28", "10-30"), ("WITA", "10-29", "10-31"), ("WIT", "10-29", "10-31")],
)
def test_one_instant_is_another_day_elsewhere(name: str, filed_on: str, due_on: str) -> None:
    """23.30 WIB is 00.30 WITA of the next day: the day of filing is that of the office."""
    instant = datetime(2024, 10, 28, 16, 30, tzinfo=UTC)
    rule = BOOK.get("pilkada-2024").deadlines["initial_review"]
    found = due(rule, instant, SHIPPED, zone(name))
    assert (found.start_on, found.due_on) == (on(filed_on), on(due_on))


@pytest.mark.parametrize(
    ("last_day", "closes"),
    [
        ("10-17", "16.00"),  # Thursday: Perbawaslu 9/2024, 08.00 to 16.00
        ("10-18", "16.30"),  # Friday
        ("10-20", ""),  # Sunday: no service
        ("09-16", ""),  # Monday, Maulid
        ("11-24", "23.59"),  # Sunday of the masa tenang: 24 hours
        ("11-27", "23.59"),  # the vote, a holiday: 24 hours
    ],
)
def test_the_last_day_ends_with_the_service(last_day: str, closes: str) -> None:
    law = BOOK.get("pilkada-2024")
    rule = dataclasses.replace(law.deadlines["report_filing"], cutoff="service_end")
    found = due(rule, on(last_day) - timedelta(days=7), SHIPPED, WIB)
    assert found.due_on == on(last_day)
    assert (found.clock(WIB) if found.due_at else "") == closes
    open_ended = due(law.deadlines["report_filing"], found.start_on, SHIPPED, WIB)
    assert (open_ended.due_at, open_ended.clock(WIB)) == (None, "23.59")


@pytest.mark.parametrize(
    ("start", "due_on", "closes", "unserved"),
    [
        ("10-10", "10-17", "16.00", ""),  # Thursday: nothing moves
        ("10-13", "10-21", "16.00", "10-21"),  # day 7 is a Sunday: until Monday
        ("09-07", "09-17", "16.00", "09-15 09-16 09-17"),  # Saturday, Sunday, Maulid
        ("11-16", "11-24", "23.59", "11-24"),  # Saturday; the masa tenang from Sunday on: 24 hours
    ],
)
def test_the_last_day_may_move_to_the_next_service(
    start: str, due_on: str, closes: str, unserved: str
) -> None:
    """Open (U): whether day 7 moves when the desk is closed; an office may confirm that it does."""
    law = BOOK.get("pilkada-2024")
    rule = dataclasses.replace(law.deadlines["report_filing"], cutoff="next_service")
    found = due(rule, on(start), SHIPPED, WIB)
    assert (found.due_on, found.clock(WIB)) == (on(due_on), closes)
    assert [day.date for day in found.days[8:]] == [on(day) for day in unserved.split()]
    assert sum(day.counted for day in found.days) == 7


# --- cases ----------------------------------------------------------------------------------------

Taken = tuple[str, str, Mapping[str, Any]]


def case(*steps: Taken) -> list[Event]:
    return [Event(f"{n:02d}", kind, on(day), **more) for n, (kind, day, more) in enumerate(steps)]


def running(events: list[Event], law: str = "pilkada-2024") -> dict[str, date]:
    found = open_dues(events, BOOK.get(law), SHIPPED, WIB)
    return {item.rule: item.due_on for item in found}


REGISTERED: tuple[Taken, ...] = (
    ("filed", "10-11", {}),
    ("reviewed", "10-12", {"outcome": "complete"}),
    ("registered", "10-13", {}),
)
NEEDED = {"data": {"reason": "keterangan saksi kedua"}}


def test_the_extension_comes_once_and_counts_from_the_registration() -> None:
    """UU Pilkada 134(5) and (6): three days, two more when information is missing."""
    assert running(case(*REGISTERED)) == {"handling_base": on("10-16")}
    bare = Event("y", "extra_needed", on("10-16"))
    (problem,) = check_step(case(*REGISTERED), bare, BOOK.get("pilkada-2024"))
    assert problem.field == "reason"
    extended = case(*REGISTERED, ("extra_needed", "10-16", NEEDED))
    assert running(extended) == {"handling_extra": on("10-18")}
    again = Event("z", "extra_needed", on("10-17"), data={"reason": "lagi"})
    (problem,) = check_step(extended, again, BOOK.get("pilkada-2024"))
    assert "hanya satu kali" in problem.message


def test_the_chain_of_kota_pasuruan() -> None:
    """Press of 1 November 2020 (Perbawaslu 8/2020): filed Sunday 25 October 2020, letter to
    complete on Wednesday 28, 2 × 24 hours, status told on Saturday 31. Weekends count."""
    steps: tuple[tuple[Taken, str, str], ...] = (
        (("filed", "2020-10-25", {}), "initial_review", "2020-10-27"),
        (("reviewed", "2020-10-27", {"outcome": "incomplete"}), "completion_notice", "2020-10-28"),
        (("completion_noticed", "2020-10-28", {}), "completion", "2020-10-30"),
        (("completion_lapsed", "2020-10-30", {}), "", ""),
        (("not_registered", "2020-10-30", {}), "status_notice", "2020-10-31"),
        (("notified", "2020-10-31", {}), "", ""),
    )
    taken: list[Taken] = []
    for step, rule, day in steps:
        taken.append(step)
        assert running(case(*taken)) == ({rule: on(day)} if rule else {})


def test_two_and_five_days_make_seven() -> None:
    """Press of Batam: two days of initial review and five of handling are seven days in all."""
    filed: Taken = ("filed", "10-01", {})
    assert running(case(filed)) == {"initial_review": on("10-03")}
    taken: tuple[Taken, ...] = (
        filed,
        ("reviewed", "10-03", {"outcome": "complete"}),
        ("registered", "10-03", {}),
        ("extra_needed", "10-05", NEEDED),
    )
    assert running(case(*taken)) == {"handling_extra": on("10-01") + timedelta(days=7)}


def test_the_window_before_the_candidates_were_set() -> None:
    """Press of Pasaman Barat: an appointment of 22 March 2024 was cancelled, six months before."""
    dates = BOOK.get("pilkada-2024").stage_dates
    first, set_on = dates["article_71_2"].first, dates["candidate_set"].first
    assert (first, set_on) == (on("03-22"), on("09-22"))
    assert dates["article_71_2"].holds(on("03-22"))
    assert not dates["article_71_2"].holds(on("03-21"))
