"""The sheets of recap R5: forms of prevention, pledges, and the spread per region."""

from __future__ import annotations

from collections.abc import Sequence

from posko_app.cases.recap_prevention import PreventionRecap

from .xlsx.authored import TableColumn, TableSheet, TableValue

FORMS, PLEDGES, SPREAD = "R5 Pencegahan", "R5a Ikrar", "R5b Sebaran desa"
ELSEWHERE = "Belum diisi"


def prevention_sheets(made: PreventionRecap, titles: Sequence[str]) -> list[TableSheet]:
    """One sheet per part; totals stand under the numbers."""
    return [_forms(made, titles), _pledges(made, titles), _spread(made, titles)]


def _forms(made: PreventionRecap, titles: Sequence[str]) -> TableSheet:
    return _sheet(
        FORMS,
        ("Rekapitulasi kegiatan pencegahan per wilayah", *titles),
        (("Wilayah", 28), ("Bentuk", 26)),
        ("Terlaksana", "Rencana", "Peserta", "Bahan", "Terdokumentasi"),
        [
            (
                *(line.region or ELSEWHERE, line.form, line.done, line.planned),
                *(line.participants, line.pieces, line.documented),
            )
            for line in made.forms
        ],
    )


def _pledges(made: PreventionRecap, titles: Sequence[str]) -> TableSheet:
    return _sheet(
        PLEDGES,
        ("Rekapitulasi ikrar netralitas", *titles),
        (("Wilayah", 28), ("Tanggal", 12), ("Ikrar", 32)),
        (
            *("Diundang", "Hadir", "Diwakili", "Tidak hadir", "Belum terisi"),
            *("Belum ditandai", "Ikrar mandiri", "Ditunggu"),
        ),
        [
            (
                *(line.region or ELSEWHERE, line.on, line.title),
                *(line.total.invited, line.total.present, line.total.represented),
                *(line.total.absent, line.total.vacant, line.total.unmarked),
                *(line.total.self_pledged, line.total.owing),
            )
            for line in made.pledges
        ],
    )


def _spread(made: PreventionRecap, titles: Sequence[str]) -> TableSheet:
    return _sheet(
        SPREAD,
        ("Rekapitulasi sebaran bahan per wilayah", *titles),
        (("Wilayah", 28), ("Bahan", 18)),
        ("Rencana", "Terlaksana", "Desa direncanakan", "Desa terjangkau", "Desa berfoto"),
        [
            (
                *(line.region or ELSEWHERE, line.item, line.planned, line.done),
                *(line.villages_planned, line.villages_reached, line.villages_shown),
            )
            for line in made.spread
        ],
    )


def _sheet(
    name: str,
    titles: tuple[str, ...],
    texts: Sequence[tuple[str, float]],
    numbers: Sequence[str],
    rows: list[tuple[TableValue, ...]],
) -> TableSheet:
    first = len(texts)
    totals: list[TableValue] = ["Jumlah", *[None] * (first - 1)]
    totals += [sum(int(str(row[at])) for row in rows) for at in range(first, first + len(numbers))]
    return TableSheet(
        name=name,
        columns=(
            *(
                TableColumn(heading=heading, width=width, kind="date")
                if heading == "Tanggal"
                else TableColumn(heading=heading, width=width)
                for heading, width in texts
            ),
            *(TableColumn(heading=heading, width=13, kind="number") for heading in numbers),
        ),
        rows=rows,
        titles=titles,
        totals=totals,
        notes=() if rows else ("Tidak ada catatan dalam periode ini.",),
    )
