"""Values of records as people write them, in previews and in lists of what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from posko_app.app import Posko
from posko_app.data.record import Value
from posko_app.text import clean, local, numeric_date

from .layout import ColumnLayout, Renderer, layout

MOST_CHARS = 600  # of one value: a preview is read, not stored

# how a record of a table is called and which field names it
NOUNS: Mapping[str, tuple[str, str]] = {
    "cases": ("perkara", ""),
    "reported_parties": ("terlapor", "name"),
    "witnesses": ("saksi", "alias"),
    "evidence": ("bukti", "description"),
    "events": ("langkah", "kind"),
    "clarifications": ("klarifikasi", "alias"),
    "check_marks": ("pemeriksaan meja", "item"),
    "letters": ("surat", "title"),
    "prevention": ("kegiatan pencegahan", "title"),
    "prevention_targets": ("rencana pencegahan", "item"),
    "prevention_recipients": ("penerima imbauan", "name"),
    "prevention_files": ("berkas pencegahan", "file_name"),
    "pledges": ("ikrar", "organiser"),
    "signatories": ("penanda tangan ikrar", "position_title"),
    "coverage_plans": ("rencana sebaran", "village_code"),
    "coverage_entries": ("sebaran desa", "village_code"),
}
OTHER = ("data lain", "")


class Words:
    """Puts values and records into words; one per look."""

    def __init__(self, posko: Posko) -> None:
        self._posko = posko
        self._render = Renderer(posko.vocabulary, posko.zone)

    def value(self, column: ColumnLayout | None, value: Value) -> str:
        """A value as people write it."""
        if value is None or value == "":
            return ""
        if column is None:
            return short_text(str(value))
        if column.kind == "date":
            try:
                return numeric_date(date.fromisoformat(str(value)))
            except ValueError:
                return short_text(str(value))
        if column.kind == "time":
            return short_text(str(value).replace(":", "."))
        if column.kind == "region":
            region = self._posko.regions.get(str(value))
            return region.name if region else short_text(str(value))
        return short_text(self._render(column, value))

    def record(self, table: str, values: Mapping[str, Value]) -> str:
        """The sheet of a record and what it is called there: `Terlapor: Contoh, S.Pd.`."""
        sheet = layout().sheet(table)
        name = sheet.name if sheet else "Data lain"
        field = NOUNS.get(table, OTHER)[1]
        if not field:
            return name
        return f"{name}: {self.value(column_of(table, field), values.get(field))[:60]}"

    def moment(self, hlc: int) -> datetime | None:
        """When a value was written, in the office's zone; None for a time that cannot be."""
        try:
            return local(datetime.fromtimestamp(hlc / 1000, UTC), self._posko.office.zone)
        except (ValueError, OverflowError, OSError):
            return None


def column_of(table: str, field: str) -> ColumnLayout | None:
    """The readable column of a field, None for one that no sheet shows."""
    sheet = layout().sheet(table)
    columns = sheet.columns if sheet else ()
    return next((column for column in columns if column.field == field), None)


def short_text(text: str) -> str:
    """A text that fits a preview."""
    text = clean(text)
    return text if len(text) <= MOST_CHARS else f"{text[:MOST_CHARS]}…"
