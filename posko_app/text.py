"""Dates, times, numbers and names as Indonesian offices write, read and compare them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

DAY_NAMES = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTH_NAMES = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
SHORT_DAYS = tuple(name[:3] for name in DAY_NAMES)
SHORT_MONTHS = tuple("Agu" if name == "Agustus" else name[:3] for name in MONTH_NAMES)
ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}
"""Indonesian zones and their hours ahead of UTC; there is no daylight saving."""

_DATE_HELP = "Tulis tanggal seperti 15-10-2024."
_TIME_HELP = "Tulis jam seperti 09.30."
_WORDS = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_SCALES = (
    (10**12, "triliun"),
    (10**9, "miliar"),
    (10**6, "juta"),
)
# Marks that change the direction of text make a name read differently from what is stored.
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_ENGLISH_MONTHS = {"may": 5, "aug": 8, "oct": 10, "dec": 12, "agt": 8, "agst": 8, "nop": 11}


# --- dates and times, written -------------------------------------------------------------------


def long_date(day: date) -> str:
    """A date in a letter: `12 September 2024`."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def full_date(day: date) -> str:
    """A date with its weekday: `Selasa, 15 Oktober 2024`."""
    return f"{DAY_NAMES[day.weekday()]}, {long_date(day)}"


def short_date(day: date) -> str:
    """A date in a table: `Sel 15 Okt 2024`."""
    return f"{day_month(day)} {day.year}"


def day_month(day: date) -> str:
    """A date without its year, for chips: `Kam 17 Okt`."""
    return f"{SHORT_DAYS[day.weekday()]} {day.day} {SHORT_MONTHS[day.month - 1]}"


def numeric_date(day: date) -> str:
    """A date in a field: `15-10-2024`."""
    return f"{day.day:02d}-{day.month:02d}-{day.year:04d}"


def clock(moment: time | datetime) -> str:
    """A time of day with a dot: `09.30`."""
    return f"{moment.hour:02d}.{moment.minute:02d}"


def zone(name: str) -> tzinfo:
    """The zone WIB, WITA or WIT; raises KeyError for another name."""
    return timezone(timedelta(hours=ZONES[name]), name)


def local(instant: datetime, zone_name: str) -> datetime:
    """An instant in UTC (naive ones count as UTC) as the clock of the office shows it."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(zone(zone_name))


# --- dates and times, read ----------------------------------------------------------------------


def parse_date(text: str, today: date) -> date:
    """The date a person typed; missing parts come from `today`.

    Reads `15`, `1510`, `151024`, `15102024`, `15-10`, `15/10/2024`, `2024-10-15`, `15 Okt 2024`,
    `Selasa, 15 Oktober 2024`, `kemarin`, `hari ini`, `besok`, `lusa`, `-2` and `+3`.
    Raises ValueError with a sentence for the user.
    """
    plain = " ".join(text.casefold().split()).strip(" .,")
    words = {"kemarin": -1, "hari ini": 0, "sekarang": 0, "besok": 1, "lusa": 2}
    if plain in words:
        return _shift(today, words[plain])
    if re.fullmatch(r"[+-]\d{1,3}", plain):
        return _shift(today, int(plain))
    day, month, year = _date_parts(plain, today)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"Tanggal {text.strip()} tidak ada. Periksa hari dan bulannya.") from None


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise ValueError(_DATE_HELP) from None


def _date_parts(plain: str, today: date) -> tuple[int, int, int]:
    """Day, month and year as written, not yet checked against the calendar."""
    if iso := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", plain):
        return int(iso[3]), int(iso[2]), int(iso[1])
    weekdays = "|".join(name.casefold() for name in ("jum'at", *DAY_NAMES, *SHORT_DAYS))
    plain = re.sub(rf"^(?:{weekdays})\b[ ,]*", "", plain)
    if re.fullmatch(r"\d+", plain) and len(plain) in {1, 2, 3, 4, 6, 8}:
        return _digits_only(plain, today)
    parts = [part for part in re.split(r"[-/.,\s]+", plain) if part]
    if not 2 <= len(parts) <= 3 or not parts[0].isdecimal() or not parts[-1].isalnum():
        raise ValueError(_DATE_HELP)
    month = _month(parts[1])
    if len(parts) == 2:
        return int(parts[0]), month, today.year
    if not re.fullmatch(r"\d{2}|\d{4}", parts[2]):
        raise ValueError(_DATE_HELP)
    return int(parts[0]), month, _full_year(parts[2])


def _digits_only(digits: str, today: date) -> tuple[int, int, int]:
    if len(digits) <= 2:
        return int(digits), today.month, today.year
    if len(digits) == 3:
        return int(digits[:1]), int(digits[1:]), today.year
    year = _full_year(digits[4:]) if len(digits) > 4 else today.year
    return int(digits[:2]), int(digits[2:4]), year


def _full_year(digits: str) -> int:
    # Two digits are this century up to 2068, as POSIX reads them: births are typed in full.
    year = int(digits)
    if len(digits) > 2:
        return year
    return 2000 + year if year < 69 else 1900 + year


def _month(word: str) -> int:
    if word.isdecimal():
        return int(word)
    if word in _ENGLISH_MONTHS:
        return _ENGLISH_MONTHS[word]
    matches = [n for n, name in enumerate(MONTH_NAMES, 1) if name.casefold().startswith(word)]
    if len(word) < 3 or len(matches) != 1:
        raise ValueError(_DATE_HELP)
    return matches[0]


def parse_time(text: str) -> time:
    """The time a person typed: `930`, `09.30`, `9:30`, `9`, `09.30 WIB`.

    Raises ValueError with a sentence for the user.
    """
    plain = re.sub(r"\s*(wib|wita|wit)$", "", text.strip().casefold())
    plain = re.sub(r"^(pukul|jam)\s+", "", plain)
    found = re.fullmatch(r"(\d{1,2})(?:[.:,]?(\d{2}))?", plain)
    if not found:
        raise ValueError(_TIME_HELP)
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise ValueError(f"Jam {text.strip()} tidak ada. {_TIME_HELP}")
    return time(hour, minute)


# --- numbers ------------------------------------------------------------------------------------


def roman(number: int) -> str:
    """A Roman numeral, as months stand in report numbers: 9 -> `IX`. Raises ValueError below 1."""
    if not 1 <= number <= 3999:
        raise ValueError(f"no Roman numeral for {number}")
    pairs = (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    )  # fmt: skip
    out = ""
    for value, letters in pairs:
        count, number = divmod(number, value)
        out += letters * count
    return out


def in_words(number: int) -> str:
    """A whole number in words (terbilang): 2024 -> `dua ribu dua puluh empat`."""
    if number < 0:
        return f"minus {in_words(-number)}"
    if number < 12:
        return _WORDS[number]
    if number < 20:
        return f"{_WORDS[number - 10]} belas"
    if number < 100:
        return _joined(number, 10, f"{_WORDS[number // 10]} puluh")
    if number < 1000:
        head = "seratus" if number < 200 else f"{_WORDS[number // 100]} ratus"
        return _joined(number, 100, head)
    if number < 10**6:
        head = "seribu" if number < 2000 else f"{in_words(number // 1000)} ribu"
        return _joined(number, 1000, head)
    for scale, name in _SCALES:
        if number >= scale:
            return _joined(number, scale, f"{in_words(number // scale)} {name}")
    raise AssertionError("unreachable: every number has a scale")


def _joined(number: int, scale: int, head: str) -> str:
    rest = number % scale
    return f"{head} {in_words(rest)}" if rest else head


def thousands(number: int) -> str:
    """A whole number with dots between thousands: `1.250`."""
    return f"{number:,}".replace(",", ".")


def file_size(size: int) -> str:
    """A size in bytes for people: `512 byte`, `34 KB`, `1,8 GB` (steps of 1.024)."""
    if size < 1024:
        return f"{size} byte"
    value = float(size)
    for unit in ("KB", "MB", "GB", "TB"):
        value /= 1024
        if value < 1023.95 or unit == "TB":
            break
    shown = f"{value:.1f}" if value < 99.95 else f"{value:.0f}"
    return f"{shown.removesuffix('.0').replace('.', ',')} {unit}"


# --- text ---------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Text as it is stored: NFC, LF line ends, no control or bidi characters, stripped.

    Lone surrogates are dropped, a TAB becomes a space. Applying it twice changes nothing.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").translate(_BIDI)
    kept = "".join(
        char for char in lines if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs"}
    )
    return unicodedata.normalize("NFC", kept).strip()


_FOLD_ASCII = {code: " " for code in range(128) if not chr(code).isalnum()} | dict.fromkeys(b"'`")
"""What `fold` does to the marks of ASCII: an apostrophe joins, all others part words."""


def fold(text: str) -> str:
    """Text for comparing names: small letters, no accents or punctuation, single spaces."""
    if text.isascii():  # nearly every text, and many times as fast
        return " ".join(text.lower().translate(_FOLD_ASCII).split())
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = apart
    if not apart.isascii():
        bare = "".join(char for char in apart if not unicodedata.combining(char))
    # An apostrophe joins (Jum'at, Ma'ruf); other marks part words (Siti-Nur, S.Pd.).
    bare = re.sub(r"['’‘`ʼ]", "", bare)
    return " ".join(re.sub(r"[^\w]|_", " ", bare.casefold()).split())
