"""`Cara hitung` on paper, for every kind of limit: what is printed is what was counted."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime

import pypdfium2
import pytest

from posko_app.letters.count_sheet import plain_count_sheet
from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.rules.calendar import load_calendar
from posko_app.rules.deadlines import Pause, due
from posko_app.rules.facts import Moment
from posko_app.text import full_date, zone

BOOK = load_rules(resource("rules"))
CALENDAR = load_calendar(resource("calendar"))
PRINTED = datetime(2024, 10, 15, 1, 40, tzinfo=UTC)


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        found = []
        for page in document:
            text = page.get_textpage()
            found.append(text.get_text_bounded())
            text.close()
            page.close()
    return re.sub(r"\s+", " ", " ".join(found))


@pytest.mark.parametrize(
    ("law", "rule", "start", "said"),
    [
        ("pilkada-2024", "handling_base", date(2024, 10, 11),
         ("hari ke-1 (Sabtu, tetap dihitung)", "3 hari kalender sejak registrasi", "pukul 23.59")),
        ("pemilu-2022", "handling_base", date(2024, 4, 5),
         ("Cuti bersama", "7 hari kerja sejak registrasi", "Batas aman", "hari kalender")),
        ("pilkada-2024", "completion", datetime.fromisoformat("2024-10-28T14:05"),
         ("2 × 24 jam", "9 jam 55 menit, mulai pukul 14.05 WIB",
          "Rabu, 30 Oktober 2024 pukul 14.05")),
        ("pilkada-2024", "completion", date(2024, 10, 28),
         ("jamnya belum dicatat", "24 jam ke-2", "pukul 23.59 WIB")),
        ("pilkada-2024", "clarification_invite", date(2024, 10, 15),
         ("1 hari kalender sebelum klarifikasi", "Senin, 14 Oktober 2024", "tidak dihitung")),
        ("pilkada-2024", "tsm_filing", date(2024, 11, 25),
         ("sejak penetapan pasangan calon", "Rabu, 27 November 2024", "masa penyampaian")),
        ("pilkada-2024", "gakkumdu_first", datetime.fromisoformat("2024-10-13T10:30"),
         ("1 × 24 jam sejak registrasi", "Senin, 14 Oktober 2024 pukul 10.30")),
        ("pilkada-2024", "sbt_verification", date(2024, 10, 16),
         ("Verifikasi SBT", "bukan pasal", "dihitung hari kerja")),
    ],
)  # fmt: skip
def test_every_kind_of_limit_is_printed(
    law: str, rule: str, start: Moment, said: tuple[str, ...]
) -> None:
    regulation = BOOK.get(law)
    found = due(regulation.deadlines[rule], start, CALENDAR, zone("WIB"))
    printed = words(plain_count_sheet(regulation, found, "WIB", PRINTED))
    for needed in (*said, *(full_date(day.date) for day in found.days), regulation.title):
        assert needed in printed, needed
    assert printed.count(" ya ") == sum(day.counted for day in found.days)
    assert f"berlaku sejak {'1 Januari 2024' if law[:2] == 'pi' else '1 Januari 2022'}" in printed
    assert "dicetak 15-10-2024 08.40 WIB" in printed


def test_a_pause_stands_on_paper_too() -> None:
    law = BOOK.get("pilkada-2024")
    rule = dataclasses.replace(law.deadlines["handling_base"], on_pause="stops")
    pause = Pause(date(2024, 10, 14), date(2024, 10, 16))
    found = due(rule, date(2024, 10, 13), CALENDAR, "WIB", pauses=[pause])
    printed = words(plain_count_sheet(law, found, "WIB", PRINTED))
    assert printed.count("dihentikan sementara, tidak dihitung") == 2
    assert "Jumat, 18 Oktober 2024 pukul 23.59 WIB" in printed


def test_another_zone_prints_its_own_hour() -> None:
    law = BOOK.get("pilkada-2024")
    start = datetime(2024, 10, 28, 6, 5, tzinfo=UTC)
    for name, hour in (("WIB", "13.05"), ("WITA", "14.05"), ("WIT", "15.05")):
        found = due(law.deadlines["completion"], start, CALENDAR, zone(name))
        printed = words(plain_count_sheet(law, found, name, PRINTED))
        assert f"Rabu, 30 Oktober 2024 pukul {hour} {name}" in printed
