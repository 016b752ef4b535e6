"""What the list of cases can be filtered by, and what that means for the query."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.queries import CaseFilter
from ui.case_words import CaseWords

Choices = Sequence[tuple[str, str]]
MONTHS = 12  # months offered back from this one
WEEK = "week"
VIEWS: tuple[tuple[str, str], ...] = (
    ("active", "Aktif"),
    ("soon", "Jatuh tempo ≤ 2 hari"),
    ("mine", "Tugas saya"),
    ("waiting", "Tunggu pelapor"),
    ("findings", "Temuan"),
    ("closed", "Selesai"),
    ("all", "Semua"),
)
NEWEST_FIRST = ("closed", "all")  # views in which most cases have no deadline


@dataclass(frozen=True)
class Filter:
    """One thing to filter by: its key, its word on the chip, and what may be chosen."""

    key: str
    title: str
    choices: Callable[[], Choices]
    always: bool = False  # the chip stands there although nothing is chosen


def filters(words: CaseWords, posko: Posko) -> tuple[Filter, ...]:
    """The filters of an office; what may be chosen is read when a menu opens."""
    vocabulary, law = posko.vocabulary, posko.rules.get(posko.office.regulation)
    own = posko.office.code

    def areas() -> Choices:
        return [(region.code, region.name) for region in posko.regions.children(own)]

    def offices() -> Choices:
        below = posko.regions.children(own) if posko.office.level != "kecamatan" else ()
        return [(own, words.office(own)), *((r.code, words.office(r.code)) for r in below)]

    def months() -> Choices:
        return [(WEEK, "7 hari terakhir"), *_months(words.today)]

    return (
        Filter("theme", "Jenis", lambda: vocabulary.items("allegation"), always=True),
        Filter("region", words.area_title, areas, always=True),
        Filter("filed", "Diterima", months),
        Filter("stage", "Tahap", lambda: [(s.code, s.label) for s in law.stages.values()]),
        Filter("kind", "Masuk sebagai", lambda: vocabulary.items("intake_kind")),
        Filter("office", "Kantor", offices),
        Filter("due", "Batas", lambda: [("late", "lewat"), ("today", "hari ini")]),
        Filter("referred", "Diteruskan", lambda: _months(words.today)),
    )


def wanted(
    today: date, view: str, typed: str, values: Mapping[str, str], sort: str, descending: bool
) -> CaseFilter:
    """The query for what is set; `values` are codes by the key of their filter."""
    filed = _span(values.get("filed", ""), today)
    referred = _span(values.get("referred", ""), today)
    return CaseFilter(
        view=view,
        text=typed,
        theme=values.get("theme", ""),
        kind=values.get("kind", ""),
        stage=values.get("stage", ""),
        region_code=values.get("region", ""),
        office_code=values.get("office", ""),
        due=values.get("due", ""),
        filed_from=filed[0],
        filed_to=filed[1],
        referred_from=referred[0],
        referred_to=referred[1],
        sort=sort,
        descending=descending,
    )


def _months(today: date) -> Choices:
    found = []
    year, month = today.year, today.month
    for _ in range(MONTHS):
        found.append((f"{year}-{month:02d}", f"{text.MONTH_NAMES[month - 1]} {year}"))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found


def _span(value: str, today: date) -> tuple[date | None, date | None]:
    """First and last day of `2024-10` or of the last seven days; none for an empty value."""
    if not value:
        return None, None
    if value == WEEK:
        return today - timedelta(days=6), today
    year, month = map(int, value.split("-"))
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])
