"""Lists as rows of cells, for paper and workbooks: any list, and the list of cases.

A page with a list of its own makes a `Listing` of its columns and rows; `letters.list_print` and
`exchange.list_book` do the rest. Cells are what the list says, with dates as dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import Account
from posko_app.progress import Progress, silent
from posko_app.text import clean, full_date, local, thousands

from .filters import CaseFilter
from .queries import count_cases, list_cases
from .views import CaseRow

R = TypeVar("R")
ListCell: TypeAlias = str | int | date | None
Kind = Literal["text", "number", "date"]
PAGE = 1000  # rows read at a time


@dataclass(frozen=True, kw_only=True)
class ListColumn(Generic[R]):
    """A column as it is written: its heading, the value of a row, its width in characters."""

    key: str
    heading: str
    value: Callable[[R], ListCell]
    width: float = 16.0
    kind: Kind = "text"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list ready to be written: its title, lines about it, headings and rows of cells.

    `about` says of what it is a list: the filters in words. Texts may hold anything but identity.
    """

    title: str
    columns: tuple[ListColumn[Any], ...]
    rows: Sequence[Sequence[ListCell]]
    about: tuple[str, ...] = ()


def listing(
    title: str, columns: Sequence[ListColumn[R]], rows: Sequence[R], about: Sequence[str] = ()
) -> Listing:
    """A list of rows that are at hand, through columns."""
    return Listing(
        title=title,
        columns=tuple(columns),
        rows=[[_cell(column.value(row)) for column in columns] for row in rows],
        about=tuple(about),
    )


def heads(posko: Posko, made: Listing) -> tuple[str, ...]:
    """The lines under the title of a printed or written list: office, filters, count, moment."""
    here = local(posko.now(), posko.office.zone)
    lines = [
        posko.office.name,
        *made.about,
        f"{thousands(len(made.rows))} baris, data per {full_date(here.date())} "
        f"pukul {here:%H.%M} {posko.office.zone}",
    ]
    if posko.office.practice:
        lines.append("LATIHAN: data contoh, bukan data sungguhan")
    return tuple(lines)


@use_case("case.read")
def case_listing(
    posko: Posko,
    wanted: CaseFilter,
    keys: Sequence[str],
    *,
    title: str = "Daftar laporan",
    about: Sequence[str] = (),
    progress: Progress = silent,
) -> Listing:
    """All cases of a filter with the columns of `keys`, in order. Raises Cancelled when stopped.

    Raises KeyError for a column there is none of.
    """
    known = case_columns(posko)
    columns = [known[key] for key in keys]
    rows = list(every_case(posko, wanted, progress))
    return listing(title, columns, rows, about)


def every_case(posko: Posko, wanted: CaseFilter, progress: Progress = silent) -> Iterator[CaseRow]:
    """All cases of a filter in its order, read page by page."""
    total = count_cases(posko, wanted)
    done, after = 0, None
    while True:
        progress(done, max(total, done), "Membaca daftar")
        page = list_cases(posko, wanted, limit=PAGE, after=after)
        yield from page
        done += len(page)
        if len(page) < PAGE:
            progress(done, done, "Membaca daftar")
            return
        after = page[-1]


def case_columns(posko: Posko) -> Mapping[str, ListColumn[CaseRow]]:
    """Every column of the list of cases by the key that views and pages use."""
    with posko.store.read() as session:
        names = {a.login: a.name for a in session.scalars(select(Account))}
    label = posko.vocabulary.label

    def officer(row: CaseRow) -> str:
        own = row.office_code == posko.office.code
        return names.get(row.officer, row.officer) if own else row.officer.capitalize()

    def office(row: CaseRow) -> str:
        region = posko.regions.get(row.office_code)
        return region.name if region else row.office_code

    made: tuple[ListColumn[CaseRow], ...] = (
        ListColumn(key="number", heading="Nomor", value=lambda r: r.number, width=24),
        ListColumn(key="register", heading="Nomor registrasi", value=lambda r: r.register_number,
                   width=24),
        ListColumn(key="title", heading="Peristiwa", value=lambda r: r.title, width=40),
        ListColumn(key="party", heading="Terlapor", value=lambda r: r.party, width=24),
        ListColumn(key="area", heading="Wilayah", value=lambda r: r.region_name, width=18),
        ListColumn(key="kind", heading="Masuk sebagai",
                   value=lambda r: label("intake_kind", r.kind), width=14),
        ListColumn(key="theme", heading="Jenis", value=lambda r: r.theme_label, width=20),
        ListColumn(key="stage", heading="Tahap", value=lambda r: r.stage_label, width=16),
        ListColumn(key="due", heading="Batas", value=lambda r: r.due_on, width=12, kind="date"),
        ListColumn(key="filed", heading="Diterima", value=lambda r: r.filed_on, width=12,
                   kind="date"),
        ListColumn(key="step", heading="Langkah berikut", value=lambda r: r.next_step_label,
                   width=20),
        ListColumn(key="ended", heading="Berakhir", value=lambda r: r.ended_label, width=18),
        ListColumn(key="agency", heading="Menunggu", value=lambda r: r.waiting_label, width=22),
        ListColumn(key="since", heading="Sejak", value=lambda r: r.waiting_since, width=12,
                   kind="date"),
        ListColumn(key="office", heading="Kantor", value=office, width=18),
        ListColumn(key="officer", heading="Petugas", value=officer, width=18),
    )  # fmt: skip
    return {column.key: column for column in made}


def _cell(value: ListCell) -> ListCell:
    return clean(value) if isinstance(value, str) else value
