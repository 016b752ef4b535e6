"""The matrix of villages as a list to print or write, one line per village."""

from __future__ import annotations

from collections.abc import Sequence

from .coverage import Coverage, VillageRow
from .list_rows import ListCell, ListColumn, Listing, listing


def coverage_listing(
    made: Coverage, rows: Sequence[VillageRow], about: Sequence[str] = ()
) -> Listing:
    """Some rows of a matrix: planned and done of each item, the last day, photos."""
    columns: list[ListColumn[VillageRow]] = [
        ListColumn(key="subdistrict", heading="Kecamatan", width=20,
                   value=lambda r: r.village.subdistrict),
        ListColumn(key="village", heading="Desa", width=24, value=lambda r: r.village.name),
    ]  # fmt: skip
    for item, label in made.items:
        columns += _of_item(item, label)
    columns.append(
        ListColumn(key="photos", heading="Foto", width=7, kind="number", value=lambda r: r.photos)
    )
    totals = (
        f"{total.label} {total.done} dari {total.planned}"
        for total in made.totals
        if total.planned or total.done
    )
    said = (*about, ", ".join(totals), f"{made.without_proof} desa tanpa bukti")
    return listing("Sebaran desa", columns, rows, [line for line in said if line])


def _of_item(item: str, label: str) -> list[ListColumn[VillageRow]]:
    def planned(row: VillageRow) -> ListCell:
        return row.cells[item].planned if item in row.cells else None

    def done(row: VillageRow) -> ListCell:
        return row.cells[item].done if item in row.cells else None

    def last(row: VillageRow) -> ListCell:
        return row.cells[item].last_on if item in row.cells else None

    return [
        ListColumn(key=f"{item}.plan", heading=f"{label} rencana", value=planned, width=10,
                   kind="number"),
        ListColumn(key=f"{item}.done", heading=f"{label} terlaksana", value=done, width=11,
                   kind="number"),
        ListColumn(key=f"{item}.last", heading=f"{label} terakhir", value=last, width=12,
                   kind="date"),
    ]  # fmt: skip
