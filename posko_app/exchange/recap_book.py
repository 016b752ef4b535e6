"""The provincial recap R1 and R2 as a workbook to read and print; totals equal their rows."""

from __future__ import annotations

from pathlib import Path

from posko_app.app import Posko, use_case
from posko_app.cases.recap import COUNTS, Recap, RecapCase, RecapRegion
from posko_app.progress import Progress, silent
from posko_app.rules.catalogue import without_codes
from posko_app.text import clean, full_date, local, long_date

from .recap_prevention import prevention_sheets
from .xlsx.authored import TableColumn, TableSheet, TableValue, write_table_book

PER_CASE, PER_REGION = "R1 Per perkara", "R2 Per wilayah"

_CASE_COLUMNS = (
    TableColumn(heading="No.", width=6, kind="number"),
    TableColumn(heading="Kabupaten/Kota", width=20),
    TableColumn(heading="Kecamatan", width=18),
    TableColumn(heading="Nomor laporan/temuan", width=22),
    TableColumn(heading="Jenis", width=12),
    TableColumn(heading="Tanggal diterima", width=12, kind="date"),
    TableColumn(heading="Pelapor/penemu", width=14),
    TableColumn(heading="Terlapor", width=24),
    TableColumn(heading="Jabatan/instansi terlapor", width=26),
    TableColumn(heading="Uraian singkat", width=36),
    TableColumn(heading="Tanggal kejadian", width=12, kind="date"),
    TableColumn(heading="Tempat kejadian", width=22),
    TableColumn(heading="Tahapan", width=16),
    TableColumn(heading="Status registrasi", width=14),
    TableColumn(heading="Nomor registrasi", width=22),
    TableColumn(heading="Tanggal registrasi", width=12, kind="date"),
    TableColumn(heading="Jenis dugaan pelanggaran", width=24),
    TableColumn(heading="Pasal", width=18),
    TableColumn(heading="Hasil kajian", width=16),
    TableColumn(heading="Tindak lanjut", width=14),
    TableColumn(heading="Instansi tujuan", width=20),
    TableColumn(heading="Nomor surat", width=20),
    TableColumn(heading="Tanggal surat", width=12, kind="date"),
    TableColumn(heading="Hasil tindak lanjut instansi", width=24),
    TableColumn(heading="Keterangan", width=20),
)
_COUNT_HEADINGS = {
    "reports": "Laporan masuk",
    "findings": "Temuan",
    "total": "Total",
    "administrative": "Administrasi",
    "criminal": "Pidana",
    "ethics": "Kode etik",
    "other_law": "Hukum lainnya",
}
_COUNTED_WORDS = {
    **dict.fromkeys(("registered", "not_registered", "pending"), "recap_registration"),
    **dict.fromkeys(("violation", "not_violation"), "recap_result"),
}
"""What is counted by a word of the vocabulary -> the list of that word."""


@use_case("recap.read")
def write_recap(posko: Posko, recap: Recap, path: Path, progress: Progress = silent) -> None:
    """Write R1, R2 and R5 of a period, set up for F4 landscape.

    Reporters appear by alias only. Raises UserError when the file cannot be saved.
    """
    titles = _titles(posko, recap)
    rows = [_case_row(posko, n, case) for n, case in enumerate(recap.cases, 1)]
    regions = [_region_row(region) for region in recap.regions]
    totals: list[TableValue] = ["Jumlah", *(recap.totals[name] for name in COUNTS)]
    write_table_book(
        path,
        [
            TableSheet(
                name=PER_CASE,
                columns=_CASE_COLUMNS,
                rows=rows,
                titles=("Rekapitulasi penanganan pelanggaran per perkara", *titles),
                notes=_case_notes(recap),
            ),
            TableSheet(
                name=PER_REGION,
                columns=(
                    TableColumn(heading="Wilayah", width=28),
                    *(
                        TableColumn(heading=_count_heading(posko, name), width=13, kind="number")
                        for name in COUNTS
                    ),
                ),
                rows=regions,
                titles=("Rekapitulasi penanganan pelanggaran per wilayah", *titles),
                totals=totals,
                notes=("Setiap angka adalah hitungan baris di lembar R1 Per perkara.",),
            ),
            *prevention_sheets(recap.prevention, titles),
        ],
        title=f"Rekap {long_date(recap.since)} sampai {long_date(recap.until)}",
        made_at=posko.now(),
        progress=progress,
    )


def _case_notes(recap: Recap) -> tuple[str, ...]:
    """What a reader must know of the rows: that nobody is named, and what is still in dispute."""
    notes = [f"Jumlah perkara: {len(recap.cases)}. Identitas pelapor disamarkan."]
    if recap.contested:
        notes.append(
            f"{recap.contested} perkara datanya berbeda antarkantor dan belum diputuskan, "
            "lihat kolom Keterangan."
        )
    return tuple(notes)


def _titles(posko: Posko, recap: Recap) -> tuple[str, ...]:
    here = local(posko.now(), posko.office.zone)
    lines = [
        posko.office.name,
        f"Periode {long_date(recap.since)} sampai {long_date(recap.until)}",
        f"Data per {full_date(here.date())} pukul {here:%H.%M} {posko.office.zone}",
    ]
    if posko.office.practice:
        lines.append("LATIHAN: data contoh, bukan data sungguhan")
    return tuple(lines)


def _count_heading(posko: Posko, name: str) -> str:
    """The heading of a column of figures; figures of results are named in the plural."""
    code = name.removesuffix("s")
    words = _COUNTED_WORDS.get(code)
    return posko.vocabulary.label(words, code) if words else _COUNT_HEADINGS[name]


def _region_row(region: RecapRegion) -> tuple[TableValue, ...]:
    return (region.region or "Belum diisi", *(getattr(region, name) for name in COUNTS))


def _case_row(posko: Posko, number: int, case: RecapCase) -> tuple[TableValue, ...]:
    label = posko.vocabulary.label
    kinds = ", ".join(label("violation_kind", kind) for kind in case.violation_kinds)
    return tuple(
        clean(value) if isinstance(value, str) else value
        for value in (
            number,
            case.regency,
            case.subdistrict,
            case.number,
            label("intake_kind", case.kind),
            case.received_on,
            case.reporter,
            case.reported,
            case.position,
            case.summary,
            case.event_on,
            case.event_place,
            label("election_stage", case.election_stage),
            label("recap_registration", case.registration),
            case.register_number,
            case.registered_on,
            kinds,
            without_codes(case.article),
            label("recap_result", case.result),
            label("recap_follow_up", case.follow_up),
            label("addressee", case.addressee),
            case.letter_number,
            case.letter_on,
            case.answer and label("follow_up_state", case.answer),
            case.note,
        )
    )
