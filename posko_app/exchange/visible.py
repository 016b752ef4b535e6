"""The sheets of an export that people read: guide, one sheet per table, and the conflicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.outgoing import Outgoing
from posko_app.data.record import Value
from posko_app.data.tables import Case, CaseBoard, Peer
from posko_app.text import clean, local, long_date, thousands

from .layout import ColumnLayout, Renderer, SheetLayout, book_columns, layout
from .xlsx.sheet import SheetWriter
from .xlsx.write import BookWriter, Column, Page

VERSION_CHARS = 8
MOST_CONFLICTS = 5_000  # lines; the sheet is for reading, the machine sheet holds all
PLACES: Mapping[str, str] = {
    "prevention": "region_code",
    "coverage_plans": "village_code",
    "coverage_entries": "village_code",
}
"""Tables of records without a case whose region is named beside its code."""
_AS_THEY_ARE = frozenset({"text", "long", "date", "time", "region", "nip", "phone"})

Cells = Callable[[Outgoing], list[str]]


class VisibleSheets:
    """Writes the readable layer of one workbook; sheets in the order of its methods."""

    def __init__(self, posko: Posko, session: Session, book: BookWriter) -> None:
        self._posko, self._session, self._book = posko, session, book
        self._layout = layout()
        self._render = Renderer(posko.vocabulary, posko.zone)
        self._conflicts: list[list[str]] = []
        self._more = 0
        self._offices = {posko.office.device_id: posko.office.code}
        self._offices |= dict(session.execute(select(Peer.device_id, Peer.office_code)).all())

    def guide(self, facts: Sequence[tuple[str, str]], counts: Mapping[str, int]) -> None:
        """The first sheet: what this file is, what is in it, what may be done with it."""
        sheet = self._book.sheet(
            self._layout.guide_sheet,
            [Column(heading="", width=28), Column(heading="", width=90, style="wrap")],
            page=Page(headings=False, landscape=False, filter_rows=False),
        )
        sheet.row([f"Kiriman dari {self._posko.office.name}"], style="title")
        if self._posko.office.practice:
            sheet.row(["LATIHAN", "Data contoh, bukan data sungguhan."], style="bold")
        for name, value in facts:
            sheet.row([name, value])
        for shown in self._layout.sheets:
            if counts.get(shown.table):
                sheet.row([f"Lembar {shown.name}", f"{thousands(counts[shown.table])} baris"])
        sheet.row(["Cara memakai"], style="bold")
        for number, sentence in enumerate(_SENTENCES, 1):
            sheet.row([f"{number}.", sentence])

    def sheet(self, table: str) -> TableSheet | None:
        """Begin the sheet of a table; None for a table that is not shown."""
        shown = self._layout.sheet(table)
        if shown is None:
            return None
        columns = book_columns(shown, self._posko.vocabulary)
        writer = self._book.sheet(shown.name, columns, page=Page(freeze_columns=3))
        return TableSheet(self, shown, writer)

    def conflicts(self) -> None:
        """The sheet of values that wait for a decision, in plain words; always there."""
        sheet = self._book.sheet(self._layout.conflict_sheet, self._layout.conflict_columns)
        for line in self._conflicts:
            sheet.row(line)
        if self._more:
            sheet.row(["", "", "", "", f"Masih ada {self._more} nilai lain. Buka di Posko."])

    def cells_of(self, shown: SheetLayout) -> Cells:
        """How a record of this sheet becomes cells; derived columns are left empty."""
        plan = [(column.field, self._converter(column)) for column in shown.columns]

        def cells(record: Outgoing) -> list[str]:
            values: Mapping[str, Any] = record.values
            if record.several:  # the same one everywhere, so that nobody takes it for an edit
                values = {**values, **{n: e[0][0] for n, e in record.several.items()}}
            return [
                record.uid,
                record.hash[:VERSION_CHARS],
                *[
                    (values.get(name) or "") if convert is None else convert(values.get(name))
                    for name, convert in plan
                ],
            ]

        return cells

    def _converter(self, column: ColumnLayout) -> Callable[[Value], str] | None:
        if column.kind in _AS_THEY_ARE:
            return None
        # few different values, many rows: remembering beats computing
        return lru_cache(4096)(lambda value: self._render(column, value))

    def derived(self, table: str, batch: Sequence[Outgoing]) -> dict[str, dict[str, str]]:
        """By record: the computed cells of a batch, by field."""
        if table == "cases":
            return self._of_cases([r.uid for r in batch])
        if place := PLACES.get(table):
            return {r.uid: {"region": self._region(r.values.get(place))} for r in batch}
        uids = sorted({str(r.values.get("case_uid") or "") for r in batch} - {""})
        numbers = dict(
            self._session.execute(select(Case.uid, Case.number).where(Case.uid.in_(uids))).all()
        )
        return {
            r.uid: {"case_number": numbers.get(str(r.values.get("case_uid")), "")} for r in batch
        }

    def _of_cases(self, uids: Sequence[str]) -> dict[str, dict[str, str]]:
        rules = self._posko.rules
        rows = self._session.execute(
            select(
                CaseBoard.case_uid,
                CaseBoard.kind,
                CaseBoard.regulation,
                CaseBoard.stage_label,
                CaseBoard.next_step,
                CaseBoard.due_on,
                CaseBoard.party,
                CaseBoard.region_code,
            ).where(CaseBoard.case_uid.in_(uids))
        )
        return {
            uid: {
                "stage": stage,
                "next_step": rules.get(law).steps[step].words(kind) if step else "",
                "due_on": due.isoformat() if due else "",
                "reported": party,
                "region": self._region(region),
            }
            for uid, kind, law, stage, step, due, party, region in rows
        }

    def _region(self, code: Value) -> str:
        region = self._posko.regions.get(str(code)) if code else None
        return region.name if region else ""

    def note_conflicts(self, shown: SheetLayout, number: str, record: Outgoing) -> None:
        """Remember the fields of a record that hold differing values."""
        columns = {column.field: column for column in shown.columns}
        for name, entries in sorted(record.several.items()):
            if len({repr(entry[0]) for entry in entries}) < 2:
                continue
            column = columns.get(name)
            for value, device, _, hlc, actor, *_ in entries:
                if len(self._conflicts) >= MOST_CONFLICTS:
                    self._more += 1
                    continue
                text = self._render(column, value) if column else str(value or "")
                line = [
                    shown.name,
                    number,
                    record.uid,
                    column.heading if column else name,
                    text,
                    actor,
                    self._offices.get(device, device),
                    self._moment(hlc),
                ]
                self._conflicts.append([clean(cell) for cell in line])

    def _moment(self, hlc: int) -> str:
        """When a value was written, by its author's clock; empty for a time that cannot be."""
        try:
            moment = datetime.fromtimestamp(hlc / 1000, UTC).astimezone(self._posko.zone)
        except (ValueError, OverflowError, OSError):
            return ""
        return f"{moment:%Y-%m-%d %H:%M}"


class TableSheet:
    """Writes the rows of one table."""

    def __init__(self, visible: VisibleSheets, shown: SheetLayout, writer: SheetWriter) -> None:
        self._visible, self._shown, self._writer = visible, shown, writer
        self._cells = visible.cells_of(shown)
        self._derived = [
            (place, column.field)
            for place, column in enumerate(shown.columns, 2)
            if column.authority == "turunan"
        ]

    def write(self, batch: Sequence[Outgoing]) -> None:
        """Write a batch of records."""
        derived = self._visible.derived(self._shown.table, batch)
        for record in batch:
            cells = self._cells(record)
            computed = derived.get(record.uid, {})
            for place, name in self._derived:
                cells[place] = computed.get(name, "")
            if record.several:
                number = computed.get("case_number") or str(record.values.get("number") or "")
                self._visible.note_conflicts(self._shown, number, record)
            try:
                self._writer.row(cells)
            except ValueError:  # a character that no sheet may hold
                self._writer.row([clean(cell) for cell in cells])


def made_facts(
    posko: Posko, seq: int, to: str, made_at: datetime, part: str, words: Sequence[str]
) -> list[tuple[str, str]]:
    """What the guide says of an export."""
    here = local(made_at, posko.office.zone)
    region = posko.regions.get(to)
    facts = [
        ("Kiriman nomor", f"{seq:03d}{part}" if seq else f"salinan di luar kiriman{part}"),
        ("Dari", f"{posko.office.name} ({posko.office.code})"),
        ("Untuk kantor", f"{to} {region.name if region else ''}".strip()),
        (
            "Dibuat",
            f"{long_date(here.date())} {here:%H.%M} {posko.office.zone} ({posko.user.name})",
        ),
        ("Sidik jari pengirim", " ".join(words)),
    ]
    return [(name, clean(value)) for name, value in facts]


_SENTENCES = (
    "Terima berkas ini dengan Posko: Kirim & terima, lalu Terima data. Tidak perlu internet.",
    "Identitas pelapor dan saksi tidak ada di berkas ini.",
    "Isi sel boleh diubah di Excel atau LibreOffice; perubahan itu menjadi usulan di penerima.",
    "Jangan mengubah kolom ID dan Versi. Baris boleh diurutkan dan disaring.",
    "Pertama kali menerima dari kantor ini, cocokkan enam kata sidik jari lewat telepon.",
)
