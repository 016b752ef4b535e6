"""The reply to a filled workbook: what became of each row, as values somebody reads on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.kinds import kind_of
from posko_app.cases.views import CaseView
from posko_app.text import full_date, long_date

from .intake_layout import MAIN
from .intake_sheets.entries import Entry
from .intake_sheets.lines import Line
from .masking import Masking
from .xlsx.authored import TableColumn, TableSheet, TableValue, write_table_book

_COLUMNS = (
    TableColumn(heading="No. isian", width=10),
    TableColumn(heading="Nomor", width=28),
    TableColumn(heading="Isi", width=34),
    TableColumn(heading="Hasil", width=18),
    TableColumn(heading="Tahap", width=18),
    TableColumn(heading="Batas waktu", width=26),
    TableColumn(heading="Langkah berikut", width=26),
    TableColumn(heading="Yang masih diminta", width=44),
    TableColumn(heading="Lembar", width=16),
    TableColumn(heading="Baris", width=8, kind="number"),
)
_CASES = (*MAIN, "progress")


def write_reply(
    posko: Posko, to: str, entries: Sequence[Entry], returned: Path | None, target: Path
) -> None:
    """Write what became of every row that is taken in; nobody confidential stands in it.

    `to` is the name of the office that sent the workbook, `returned` the file with the rows that
    go back. Raises UserError when the file cannot be saved.
    """
    mask = Masking(entries)
    taken = [entry for entry in entries if entry.verdict != "wrong"]
    rows = [_row(posko, entry, mask(entry.title)) for entry in taken]
    wrong = len(entries) - len(taken)
    titles = [f"Balasan {posko.office.name}"]
    if posko.office.practice:
        titles.append("LATIHAN: bukan data sungguhan")
    if to:
        titles.append(f"Untuk {to}")
    titles.append(f"{full_date(posko.today())}. {len(taken)} baris diterima.")
    if wrong and returned is not None:
        titles.append(f"{wrong} baris perlu diperbaiki, lihat berkas {returned.name}.")
    sheet = TableSheet(
        name="Balasan",
        columns=_COLUMNS,
        rows=rows,
        titles=tuple(titles),
        notes=("Pakai Nomor ini di lembar Perkembangan isian berikutnya.",),
    )
    write_table_book(target, [sheet], title="Balasan isian Posko", made_at=posko.now())


def _row(posko: Posko, entry: Entry, title: str) -> list[TableValue]:
    line: Line = entry.main
    result = "Sudah diterima" if entry.verdict == "again" else "Diterima"
    if entry.twin:
        result = f"Sama dengan baris {entry.twin}"
    values: list[TableValue] = ["", "", "", ""]
    number = entry.number
    if entry.part in _CASES and entry.uid:
        view = case_view(posko, entry.uid)
        number = view.state.register_number or view.facts.number
        title = title if entry.part == "progress" else view.facts.title
        values = list(_standing(posko, view))
    return [line.link or None, number or None, title[:200], result, *(v or None for v in values),
            line.sheet.name, line.row]  # fmt: skip


def _standing(posko: Posko, view: CaseView) -> tuple[str, str, str, str]:
    """Stage, nearest deadline, next step, and what is still asked."""
    due = ""
    if view.dues:
        first = view.dues[0]
        due = f"{first.label}: {long_date(first.due_on)}"
        if first.safe_on < first.due_on:
            due += f" (aman sampai {long_date(first.safe_on)})"
    step = view.state.next_steps[0].label if view.state.next_steps else ""
    asked = [*view.missing]
    if kind_of(view.state.intake_kind).demands:
        asked += [*view.known.unmet, *view.known.unchecked]
    return view.state.label, due, step, "; ".join(dict.fromkeys(asked))
