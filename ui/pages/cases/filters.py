"""What the list of cases can be filtered by, and what that means for the query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.filters import ANY, NOBODY, WEEK, span, with_values
from posko_app.cases.list_views import standard_views
from posko_app.cases.queries import CaseFilter
from posko_app.office.accounts import accounts
from posko_app.security import permissions
from ui.case_words import CaseWords

Choices = Sequence[tuple[str, str]]
MONTHS = 12  # months offered back from this one
PEOPLE = "people"  # the filter whose value are the cases that a look-up by identity found
BETWEEN = ","  # between their uids; alone where none was found
OWN_SPAN = "span"  # stands for "Rentang tanggal…" in a menu: asks, and is no value itself
TABS: tuple[tuple[str, str], ...] = tuple(
    (view.key, view.label) for view in standard_views().values() if view.tab
)
DUES: Choices = (
    ("late", "lewat"),
    ("today", "hari ini"),
    ("running", "berjalan"),
    ("none", "tanpa batas"),
)


@dataclass(frozen=True)
class Filter:
    """One thing to filter by: its key, its word on the chip, and what may be chosen."""

    key: str
    title: str
    choices: Callable[[], Choices]
    always: bool = False  # the chip stands there although nothing is chosen
    dated: bool = False  # dates may be typed too
    ask: Callable[[QWidget], str | None] | None = None  # asks for its value; None: turned away


def filters(
    words: CaseWords, posko: Posko, find_people: Callable[[QWidget], str | None]
) -> tuple[Filter, ...]:
    """The filters of an office; what may be chosen is read when a menu opens.

    `find_people` is the protected look-up, offered to roles that may see identities.
    """
    vocabulary, law = posko.vocabulary, posko.rules.get(posko.office.regulation)
    own = posko.office.code

    def areas() -> Choices:
        return [(region.code, region.name) for region in posko.regions.children(own)]

    def offices() -> Choices:
        below = posko.regions.children(own) if posko.office.level != "kecamatan" else ()
        return [(own, words.office(own)), *((r.code, words.office(r.code)) for r in below)]

    def months() -> Choices:
        return [(WEEK, "7 hari terakhir"), *_months(words.today)]

    def officers() -> Choices:
        named = [(row.login, row.name) for row in accounts(posko) if row.active]
        return [*named, (NOBODY, "belum ada petugas")]

    def endings() -> Choices:
        kinds = ("decision", "case", "review")
        open_ones = ("complete", "incomplete", "transfer", "waiting")
        outcomes = (o for o in law.outcomes.values() if o.of in kinds and o.code not in open_ones)
        return [(o.code, o.label) for o in outcomes]

    def agencies() -> Choices:
        return [(ANY, "instansi mana pun"), *vocabulary.items("addressee")]

    people = (Filter(PEOPLE, "Pelapor atau saksi", tuple, ask=find_people),)
    allowed = permissions.allowed(posko.user.role, "identity.read")
    return (
        Filter("theme", "Jenis", lambda: vocabulary.items("allegation"), always=True),
        Filter("region", words.area_title, areas, always=True),
        Filter("filed", "Diterima", months, dated=True),
        Filter("stage", "Tahap", lambda: [(s.code, s.label) for s in law.stages.values()]),
        Filter("kind", "Masuk sebagai", lambda: vocabulary.items("intake_kind")),
        Filter("officer", "Petugas", officers),
        Filter("office", "Kantor", offices),
        Filter("due", "Batas", lambda: DUES),
        Filter("ended", "Berakhir", endings),
        Filter("waiting", "Menunggu", agencies),
        Filter("referred", law.steps["referred"].done, lambda: _months(words.today), dated=True),
        Filter("conflicts", "Bentrok", lambda: [("yes", "ada")]),
        *(people if allowed else ()),
    )


def wanted(
    today: date, view: str, typed: str, values: Mapping[str, str], sort: str, descending: bool
) -> CaseFilter:
    """The query for what is set; `values` are codes by the key of their filter."""
    found = with_values(CaseFilter(view=view, text=typed), values, today)
    people = values.get(PEOPLE)
    uids = tuple(filter(None, people.split(BETWEEN))) if people else None
    return replace(found, uids=uids, sort=sort, descending=descending)


def people_words(value: str) -> str:
    """How many cases the look-up found; never whom it was for."""
    return f"{len([uid for uid in value.split(BETWEEN) if uid])} perkara"


def span_words(value: str, today: date) -> str:
    """Two dates as a chip says them; the value itself when it is none."""
    first, last = span(value, today)
    if first and last:
        return f"{_short(first)} sampai {_short(last)}"
    if first:
        return f"mulai {_short(first)}"
    return f"sampai {_short(last)}" if last else value


def _short(day: date) -> str:
    return text.short_date(day).partition(" ")[2]


def _months(today: date) -> Choices:
    found = []
    year, month = today.year, today.month
    for _ in range(MONTHS):
        found.append((f"{year}-{month:02d}", f"{text.MONTH_NAMES[month - 1]} {year}"))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found
