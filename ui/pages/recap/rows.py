"""The tables of Rekap: R2 per region with its sum, R1 per case, and what a tile lets through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.recap import COUNTED, Recap, RecapCase, RecapRegion
from posko_app.rules.vocabulary import load_vocabulary
from ui.tables import Column
from ui.widgets.charts import Bar

SUM, UNKNOWN = "Jumlah", "Belum diisi"
_WORDS = load_vocabulary()
REGISTRATION = dict(_WORDS.items("recap_registration"))
RESULT = dict(_WORDS.items("recap_result"))
FOLLOW_UP = dict(_WORDS.items("recap_follow_up"))
LEGEND = tuple(zip(REGISTRATION.values(), ("c1", "c2", "c5"), strict=True))

Test = Callable[[RecapCase], bool]


@dataclass(frozen=True)
class Count:
    """A figure: its key in `Recap.totals`, its name, and which cases it counts."""

    key: str
    name: str
    counts: Test


COUNTS: tuple[Count, ...] = (
    Count("total", "Semua laporan dan temuan", lambda c: True),
    Count("reports", "Laporan", lambda c: c.kind == "report"),
    Count("findings", "Temuan", lambda c: c.kind == "finding"),
    Count("registered", REGISTRATION["registered"], lambda c: c.registration == "registered"),
    Count(
        "not_registered",
        REGISTRATION["not_registered"],
        lambda c: c.registration == "not_registered",
    ),
    Count("pending", REGISTRATION["pending"], lambda c: c.registration == "pending"),
    Count("violations", RESULT["violation"], lambda c: c.result == "violation"),
    Count("not_violations", RESULT["not_violation"], lambda c: c.result == "not_violation"),
    Count("administrative", "Administrasi", lambda c: "administrative" in c.violation_kinds),
    Count("criminal", "Pidana", lambda c: "criminal" in c.violation_kinds),
    Count("ethics", "Kode etik", lambda c: "ethics" in c.violation_kinds),
    Count("other_law", "Hukum lainnya", lambda c: "other_law" in c.violation_kinds),
)
BY_KEY = {count.key: count for count in COUNTS}
HEADS: Mapping[str, tuple[str, int]] = {
    "total": ("Total", 60), "reports": ("Laporan", 74), "findings": ("Temuan", 74),
    "registered": (REGISTRATION["registered"], 96), "not_registered": ("Tidak reg.", 86),
    "pending": (REGISTRATION["pending"], 104), "violations": (RESULT["violation"], 96),
    "not_violations": ("Bukan", 68), "administrative": ("Adm.", 62), "criminal": ("Pidana", 70),
    "ethics": ("Kode etik", 82), "other_law": ("Hukum lain", 92),
}  # fmt: skip
"""The heading and width of each figure's column."""
SMALL = ("total", "registered", "pending", "violations", "other_law")  # where there is little room


def case_columns(posko: Posko, area_title: str) -> tuple[Column[RecapCase], ...]:
    """The columns of R1 that fit a screen; the workbook has all of them."""
    label = posko.vocabulary.label

    def kinds(row: RecapCase) -> str:
        return ", ".join(label("violation_kind", kind) for kind in row.violation_kinds)

    return (
        Column("number", "Nomor", lambda r: r.number or "–", width=222, style="mono",
               tooltip=lambda r: r.register_number and f"Registrasi {r.register_number}"),
        Column("received", "Diterima", lambda r: r.received_on, _day, width=92,
               style="secondary"),
        Column("area", area_title, lambda r: r.region_key or UNKNOWN, width=104),
        Column("summary", "Peristiwa", lambda r: r.summary, width=0),
        Column("reported", "Terlapor", lambda r: r.reported, width=120, style="secondary"),
        Column("registration", "Registrasi", lambda r: REGISTRATION[r.registration], width=122),
        Column("result", "Hasil", lambda r: RESULT.get(r.result, ""), width=140,
               tooltip=kinds),
        Column("follow_up", "Tindak lanjut", lambda r: FOLLOW_UP.get(r.follow_up, ""), width=96,
               tooltip=lambda r: r.addressee and label("addressee", r.addressee)),
    )  # fmt: skip


def region_columns(area_title: str) -> tuple[Column[RecapRegion], ...]:
    """The columns of R2."""
    return (
        Column("region", area_title, lambda r: r.region or UNKNOWN, width=0, sortable=False,
               style="link"),
        *(_figure(count) for count in COUNTS),
    )  # fmt: skip


def region_rows(recap: Recap) -> list[RecapRegion]:
    """R2 by size, with the sum as its last line."""
    if not recap.regions:
        return []
    return [*recap.regions, RecapRegion(region=SUM, **dict(recap.totals))]


def is_sum(row: RecapRegion, recap: Recap | None) -> bool:
    """Whether this is the line of the sums, not a region of that name."""
    return row.region == SUM and (recap is None or row not in recap.regions)


def bars(regions: Sequence[RecapRegion]) -> list[Bar]:
    """One bar per region, in the order of the table."""
    return [
        Bar(_short_region(r.region), (r.registered, r.pending, r.not_registered)) for r in regions
    ]


def region_of_bar(label: str, regions: Sequence[RecapRegion]) -> str | None:
    """The region behind the label of a bar."""
    return next((r.region for r in regions if _short_region(r.region) == label), None)


def cases_of(recap: Recap, key: str, region: str | None) -> list[RecapCase]:
    """The cases that a figure counts, of one region or of all.

    Informasi awal stands in R1 only, so it shows when nothing is asked for.
    """
    rows = [c for c in recap.cases if region is None or c.region_key == region]
    if not key:
        return rows
    return [c for c in rows if c.kind in COUNTED and BY_KEY[key].counts(c)]


def _figure(count: Count) -> Column[RecapRegion]:
    def value(row: RecapRegion) -> int:
        return int(getattr(row, count.key))

    title, width = HEADS[count.key]
    return Column(
        count.key,
        title,
        value,
        lambda n: text.thousands(n) if n else "–",
        width=width,
        right=True,
        style="strong" if count.key == "total" else "plain",
        tooltip=lambda row: f"{count.name}: {text.thousands(value(row))}",
        sortable=False,
    )


def _day(day: date) -> str:
    return f"{day.day} {text.SHORT_MONTHS[day.month - 1]} {day.year}"


def _short_region(name: str) -> str:
    return (name or UNKNOWN).replace("Kabupaten ", "Kab. ")
