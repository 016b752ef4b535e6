"""The columns of the list of activities, in the words of this office."""

from __future__ import annotations

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.list_rows import ListColumn
from posko_app.cases.prevention import ActivityRow
from ui.case_words import LEVELS
from ui.tables import Column
from ui.widgets.chips import Chip

KEYS = ("on", "item", "title", "place", "participants", "officer")
NARROW = ("on", "item", "title", "participants", "officer")
WIDTHS = {"on": 106, "item": 146, "place": 148, "participants": 76, "officer": 92}


def columns(posko: Posko) -> tuple[Column[ActivityRow], ...]:
    """Date, kind, name, place, how many, who; a plan is told by its chip."""
    year = posko.today().year

    return (
        Column("on", "Tanggal", lambda r: r.on, width=WIDTHS["on"], style="secondary",
               show=lambda on: text.day_month(on) if on.year == year else text.numeric_date(on),
               tooltip=lambda r: text.full_date(r.on)),
        Column("item", "Jenis", _kind, width=WIDTHS["item"], style="chip",
               sort=lambda r: r.item_label),
        Column("title", "Kegiatan", lambda r: r.title, width=0),
        Column("place", "Tempat", lambda r: r.place or "–", width=WIDTHS["place"],
               style="secondary"),
        Column("participants", "Sasaran", lambda r: r.participants or r.quantity, _count,
               width=WIDTHS["participants"], right=True),
        Column("officer", "Petugas", lambda r: who(posko, r), width=WIDTHS["officer"],
               style="secondary", tooltip=lambda r: r.officer),
    )  # fmt: skip


def list_columns(posko: Posko) -> tuple[ListColumn[ActivityRow], ...]:
    """The same on paper and in a workbook, with all that is known."""
    return (
        ListColumn(key="on", heading="Tanggal", value=lambda r: r.on, width=12, kind="date"),
        ListColumn(key="form", heading="Bentuk", value=lambda r: r.kind_label, width=20),
        ListColumn(key="item", heading="Jenis", value=lambda r: r.item_label, width=20),
        ListColumn(key="title", heading="Kegiatan", value=lambda r: r.title, width=34),
        ListColumn(key="place", heading="Tempat", value=lambda r: r.place, width=22),
        ListColumn(key="region", heading="Wilayah", value=lambda r: r.region_name, width=16),
        ListColumn(key="target", heading="Sasaran", value=lambda r: r.target, width=20),
        ListColumn(key="people", heading="Peserta", value=lambda r: r.participants or None,
                   width=9, kind="number"),
        ListColumn(key="pieces", heading="Bahan", value=lambda r: r.quantity or None, width=9,
                   kind="number"),
        ListColumn(key="files", heading="Berkas", value=lambda r: r.files or None, width=8,
                   kind="number"),
        ListColumn(key="state", heading="Keadaan",
                   value=lambda r: "Terlaksana" if r.done else "Rencana", width=12),
        ListColumn(key="officer", heading="Petugas", value=lambda r: who(posko, r), width=16),
    )  # fmt: skip


def who(posko: Posko, row: ActivityRow) -> str:
    """Who logged it: a first name here, the office for what came from elsewhere."""
    if row.office_code == posko.office.code:
        return row.officer.split(" ")[0] if row.officer else "–"
    region = posko.regions.get(row.office_code)
    name = region.name if region else row.office_code
    if name.startswith("Kota "):
        return name
    return f"{LEVELS.get(len(row.office_code), '')} {name.removeprefix('Kabupaten ')}".strip()


def short(label: str) -> str:
    """The first words of a label that names two things, for chips and bars."""
    return label.split(" atau ")[0]


def _kind(row: ActivityRow) -> Chip:
    if row.done:
        return Chip(short(row.item_label), tooltip=row.item_label)
    return Chip(short(row.item_label), "gold_outline", "calendar", "Rencana, belum terlaksana")


def _count(number: int) -> str:
    return text.thousands(number) if number else "–"
