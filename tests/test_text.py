"""Dates, numbers and names as Indonesian offices write, read and compare them."""

from __future__ import annotations

import contextlib
import unicodedata
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app import text

TODAY = date(2024, 10, 16)


def test_dates_are_written_as_offices_write_them() -> None:
    day = date(2024, 10, 15)
    assert text.long_date(date(2024, 9, 12)) == "12 September 2024"
    assert text.full_date(day) == "Selasa, 15 Oktober 2024"
    assert text.short_date(day) == "Sel 15 Okt 2024"
    assert text.day_month(date(2024, 10, 17)) == "Kam 17 Okt"
    assert text.numeric_date(date(2024, 3, 5)) == "05-03-2024"
    assert text.clock(time(9, 30)) == "09.30"
    assert [text.day_month(date(2024, m, 1)).split()[2] for m in (5, 8, 12)] == [
        "Mei",
        "Agu",
        "Des",
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("15", date(2024, 10, 15)),
        ("1510", date(2024, 10, 15)),
        ("510", date(2024, 10, 5)),
        ("151024", date(2024, 10, 15)),
        ("15102024", date(2024, 10, 15)),
        ("15-10", date(2024, 10, 15)),
        ("15-10-2024", date(2024, 10, 15)),
        ("15/10/2024", date(2024, 10, 15)),
        ("15.10.24", date(2024, 10, 15)),
        ("2024-10-15", date(2024, 10, 15)),
        ("15 Okt 2024", date(2024, 10, 15)),
        ("1 agustus", date(2024, 8, 1)),
        ("3 agt 2024", date(2024, 8, 3)),
        ("Selasa, 15 Oktober 2024", date(2024, 10, 15)),
        ("Jum'at 18 Oktober", date(2024, 10, 18)),
        ("kemarin", date(2024, 10, 15)),
        (" Hari  ini ", TODAY),
        ("besok", date(2024, 10, 17)),
        ("-2", date(2024, 10, 14)),
        ("+3", date(2024, 10, 19)),
    ],
)
def test_typed_dates_are_read(typed: str, expected: date) -> None:
    assert text.parse_date(typed, TODAY) == expected


@pytest.mark.parametrize(
    "typed", ["", "x", "15-10-2024-1", "12345", "1/j/2024", "tgl 15", "5 juli k"]
)
def test_other_dates_get_the_way_to_write_them(typed: str) -> None:
    with pytest.raises(ValueError, match="Tulis tanggal seperti 15-10-2024"):
        text.parse_date(typed, TODAY)


def test_a_day_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="31-02-2024 tidak ada"):
        text.parse_date("31-02-2024", TODAY)


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)))
def test_every_written_date_is_read_back(day: date) -> None:
    for write in (text.long_date, text.full_date, text.short_date, text.numeric_date, str):
        assert text.parse_date(write(day), TODAY) == day


@given(st.text(max_size=20))
def test_no_typed_date_or_time_escapes_with_another_error(typed: str) -> None:
    for read in (lambda: text.parse_date(typed, TODAY), lambda: text.parse_time(typed)):
        with contextlib.suppress(ValueError):
            read()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("09.30", time(9, 30)),
        ("9:30", time(9, 30)),
        ("9", time(9)),
        ("15.52 WIB", time(15, 52)),
        ("pukul 16.10", time(16, 10)),
    ],
)
def test_typed_times_are_read(typed: str, expected: time) -> None:
    assert text.parse_time(typed) == expected


@pytest.mark.parametrize("typed", ["2560", "24", "9.5", "", "siang"])
def test_other_times_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Tulis jam seperti 09\.30"):
        text.parse_time(typed)


def test_zones() -> None:
    instant = datetime(2024, 10, 15, 17, 30, tzinfo=UTC)
    assert text.local(instant, "WIB").isoformat() == "2024-10-16T00:30:00+07:00"
    assert text.local(instant.replace(tzinfo=None), "WIT").hour == 2
    assert text.zone("WITA").utcoffset(None) == timedelta(hours=8)
    assert text.local(instant, "WIB").tzname() == "WIB"


def test_roman_months() -> None:
    assert [text.roman(n) for n in range(1, 13)] == (
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    )
    assert text.roman(2024) == "MMXXIV"
    with pytest.raises(ValueError, match="no Roman"):
        text.roman(0)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (12, "dua belas"),
        (27, "dua puluh tujuh"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1000, "seribu"),
        (2024, "dua ribu dua puluh empat"),
        (11_000, "sebelas ribu"),
        (101_000, "seratus satu ribu"),
        (1_000_000, "satu juta"),
        (1_500_000, "satu juta lima ratus ribu"),
        (2_000_000_001, "dua miliar satu"),
        (-5, "minus lima"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert text.in_words(number) == words


def test_quantities() -> None:
    assert text.thousands(1250) == "1.250"
    assert text.thousands(-1234567) == "-1.234.567"
    assert text.file_size(512) == "512 byte"
    assert text.file_size(1932735283) == "1,8 GB"
    assert text.file_size(2048) == "2 KB"
    assert text.file_size(1024 * 1024 - 1) == "1 MB"
    assert text.file_size(500 * 1024**2) == "500 MB"


def test_clean_keeps_words_and_drops_what_hides() -> None:
    assert text.clean("  a\tb\r\nc\x00\u202e\ud800 \u200f") == "a b\nc"
    assert text.clean("e\u0301") == "é"


@given(st.text(st.characters(exclude_categories=())))
def test_clean_is_stable(raw: str) -> None:
    once = text.clean(raw)
    assert text.clean(once) == once
    once.encode("utf-8")
    assert unicodedata.is_normalized("NFC", once)


def test_fold_compares_names() -> None:
    assert text.fold("  Dr. H. SITI-Nur'aini, S.Pd. ") == "dr h siti nuraini s pd"
    assert text.fold("José") == text.fold("jose")


@given(st.text())
def test_fold_is_stable(raw: str) -> None:
    once = text.fold(raw)
    assert text.fold(once) == once
