"""The chosen village beside the matrix: its notes, its photos, and what can be done there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.coverage import EntryRow, VillageRow, entries_of
from posko_app.cases.outreach import FileRow, files_of
from ui import theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Card
from ui.widgets.text import Elided, Text, box, hbox, vbox

from .side import FilesList, button_row, set_head

MOST_ENTRIES = 8
NOTHING = "Belum ada catatan di desa ini."


class VillageCard(Card):
    """What was noted in one village."""

    note_wanted = Signal()
    photo_wanted = Signal()
    plan_wanted = Signal()
    entry_removed = Signal(object)  # EntryRow
    file_opened = Signal(object)  # FileRow
    file_removed = Signal(object)

    def __init__(self, *, may: bool) -> None:
        super().__init__("Desa")
        self._may = may
        self._entries: tuple[EntryRow, ...] = ()
        self._where = Elided("", "small", "text2")
        self._lines = vbox()
        self.files = FilesList(may=may)
        self.note_button = Button("Catat bahan", icon="add", hint="C")
        self.photo_button = Button("Tambah foto", icon="evidence", hint="F")
        self.plan_button = Button("Rencana", icon="calendar", hint="P")
        for part in (self._where, self._lines, self.files):
            self.add(part)
        buttons = [self.note_button, self.photo_button, self.plan_button]
        self.add(button_row(buttons))
        for button in buttons:
            button.setVisible(may)
        self.note_button.clicked.connect(self.note_wanted)
        self.photo_button.clicked.connect(self.photo_wanted)
        self.plan_button.clicked.connect(self.plan_wanted)
        self.files.opened.connect(self.file_opened)
        self.files.removed.connect(self.file_removed)

    def show_village(self, posko: Posko, row: VillageRow | None) -> None:
        """Show a village, or nothing."""
        self.setVisible(row is not None)
        if row is None:
            return
        village = row.village
        set_head(self, village.name)
        self._where.setText(f"Kecamatan {village.subdistrict} · kode {village.code}")
        entries = entries_of(posko, village.code)
        self._show_entries(entries, posko.office.code)
        self.files.set_files(_files(posko, village.code, entries) if row.photos else ())

    def _show_entries(self, entries: Sequence[EntryRow], own: str) -> None:
        self._entries = tuple(entries)
        while item := self._lines.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for place, entry in enumerate(self._entries[:MOST_ENTRIES]):
            self._lines.addWidget(self._line(place, entry, own))
        more = len(self._entries) - MOST_ENTRIES
        said = NOTHING if not self._entries else f"dan {more} catatan lain" if more > 0 else ""
        if said:
            self._lines.addWidget(Text(said, tone="text2"))

    def _line(self, place: int, entry: EntryRow, own: str) -> QWidget:
        day = Text(text.day_month(entry.on), "small", "text2")
        day.setFixedWidth(theme.px(74))
        number = text.thousands(entry.quantity)
        said = Elided(f"{entry.item_label} {entry.action_label.lower()} {number}")
        said.setAccessibleDescription(entry.note)
        row = hbox(day, gap=8)
        row.addWidget(said, 1)
        if self._may and entry.office_code == own:
            drop = IconButton("close", f"Batalkan {said.text()}", kind="flat", small=True)
            drop.setProperty("place", place)
            drop.clicked.connect(self._on_remove)
            row.addWidget(drop)
        made = box(row)
        made.setFixedHeight(theme.px(26))
        return made

    def _on_remove(self) -> None:
        self.entry_removed.emit(self._entries[int(self.sender().property("place"))])


def _files(posko: Posko, village: str, entries: Sequence[EntryRow]) -> tuple[FileRow, ...]:
    """The photos of the village itself and of its notes."""
    return files_of(posko, village, *(entry.uid for entry in entries if entry.photos))
