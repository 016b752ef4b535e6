"""What can be done in the matrix: notes, plans, copying down, photos, pasting, taking back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from posko_app.cases.coverage import (
    EntryRow,
    Village,
    VillageRow,
    entries_of,
    own_plans,
    set_plans,
    villages_of,
    void_entries,
)
from posko_app.cases.coverage_keep import keep_draft, take_back_draft
from posko_app.cases.coverage_paste import CoverageDraft, PastedCoverage, match_photos
from posko_app.cases.outreach import PHOTO, Attached, FileRow
from posko_app.errors import UserError
from ui import dialogs
from ui.context import Context
from ui.table_view import TableView

from .files import attach, open_file, remove_file
from .menus import Way, pop_up
from .paste_sheet import PastePreview, PasteSheet
from .spread_paste import ABOUT, HEADINGS, act, defaults_form, draft_of, preview
from .spread_sheets import Note, PhotoSheet, ask_note, ask_plan

if TYPE_CHECKING:
    from ui.forms import Form

PICTURES = "Foto (*.jpg *.jpeg *.png *.heic *.webp);;Semua berkas (*)"


class SpreadActs(QObject):
    """Acts on the chosen villages of the matrix."""

    def __init__(
        self, parent: QWidget, context: Context, table: TableView[VillageRow], *, may: bool
    ) -> None:
        super().__init__(parent)
        self._widget, self.context, self._table, self._may = parent, context, table, may
        self.item = ""  # the item that the matrix is narrowed to
        self.sheet: PasteSheet | PhotoSheet | None = None
        self._last = Note(action=context.posko.vocabulary.codes("coverage_action")[0])
        self._form: Form | None = None
        self._pasted: tuple[str, PastedCoverage] | None = None  # with the text it was read from

    # --- notes and plans ------------------------------------------------------------------------

    def note(self) -> None:
        """Ask what happened in the chosen villages; the same for all of them."""
        last = self._last
        item = self.item or last.item
        self._note(self._villages(), Note(item=item, action=last.action, on=last.on))

    def fill_down(self) -> None:
        """Ask whether the other chosen villages got what the first one got last."""
        villages = self._villages()
        if len(villages) < 2:
            self.context.say("Pilih dulu beberapa desa: yang pertama disalin ke yang lain.")
            return
        found = self.context.run(entries_of, villages[0].code) or ()
        known = [one for one in found if self.item in ("", one.item)]
        if not known:
            self.context.say(f"{villages[0].name} belum punya catatan untuk disalin.")
            return
        one: EntryRow = known[0]
        begin = Note(
            item=one.item, action=one.action, quantity=str(one.quantity), on=one.on, note=one.note
        )
        self._note(villages[1:], begin)

    def plan(self, rows: Sequence[VillageRow] = ()) -> None:
        """Ask how many pieces each of some villages is to get, of the chosen ones if not told."""
        rows = rows or self._table.selected()
        villages = [row.village for row in rows]
        if not villages or not self._may:
            return
        own = self.context.run(own_plans, [village.code for village in villages])
        if own is None:
            return
        counts = {
            item: {own.get((village.code, item), 0) for village in villages}
            for item in self.context.posko.vocabulary.codes("coverage_item")
        }
        kept = {item: held.pop() for item, held in counts.items() if len(held) == 1}
        typed = ask_plan(
            self._widget, self.context, villages, {i: count for i, count in kept.items() if count}
        )
        if not typed:
            return
        before = {(v.code, item): own.get((v.code, item), 0) for v in villages for item in typed}

        def undo() -> None:
            self.context.attempt(set_plans, before)

        self.context.say(f"Rencana {_count(villages)} tersimpan", undo)

    def remove_entry(self, entry: EntryRow) -> None:
        """Take a note back; the message offers to undo it."""
        if self.context.attempt(void_entries, [entry.uid]):
            said = f"{entry.item_label} {entry.action_label.lower()} {entry.quantity}"
            self.context.say(f"{said} dibatalkan", self._restore([entry.uid]))

    # --- photos ---------------------------------------------------------------------------------

    def add_photos(self) -> None:
        """Ask for photos of the village with the keyboard and keep them."""
        row = self._table.row()
        if row is None or not self._may:
            return
        paths = dialogs.open_files(self._widget, f"Pilih foto {row.village.name}", PICTURES)
        self._keep([(path, row.village.code) for path in paths])

    def add_many(self) -> None:
        """Ask for photos of many villages at once; their names tell which is which."""
        if not self._may or self.sheet is not None:
            return
        paths = dialogs.open_files(self._widget, "Pilih foto dari banyak desa", PICTURES)
        matches = self.context.run(match_photos, paths) if paths else ()
        if not matches:
            return
        posko = self.context.posko
        sheet = PhotoSheet(self._widget, posko, matches, villages_of(posko))
        sheet.wanted.connect(self._keep)
        self._open(sheet)

    def open_file(self, file: FileRow) -> None:
        """Copy the plain bytes of a file out and open them."""
        open_file(self.context, file)

    def remove_file(self, file: FileRow) -> None:
        """Take a file off; the message offers to undo it."""
        remove_file(self.context, file)

    # --- pasting and the menu -------------------------------------------------------------------

    def paste(self) -> None:
        """Show what the clipboard holds as notes and plans."""
        if not self._may or self.sheet is not None:
            return
        self._form = defaults_form(self.context.posko, self.item, self._last.action)
        sheet = PasteSheet(
            self._widget, "Tempel sebaran desa", ABOUT, HEADINGS, self._read, act, self._form
        )
        sheet.wanted.connect(self._on_pasted)
        self._open(sheet)

    def show_menu(self, _row: VillageRow, spot: QPoint) -> None:
        """What can be done with the chosen villages."""
        ways: list[Way | None] = [("Salin baris untuk Excel", "Ctrl+C", self._table.copy)]
        if self._may:
            ways = [
                ("Catat bahan…", "C", self.note),
                ("Isi ke bawah dari desa pertama…", "I", self.fill_down),
                ("Rencana…", "P", self.plan),
                ("Tambah foto…", "F", self.add_photos),
                None,
                *ways,
            ]
        pop_up(self._table, spot, ways)

    # --- inside ---------------------------------------------------------------------------------

    def _villages(self) -> list[Village]:
        return [row.village for row in self._table.selected()] if self._may else []

    def _note(self, villages: list[Village], begin: Note) -> None:
        if not villages:
            return
        got = ask_note(self._widget, self.context, villages, begin)
        if got is not None:
            uids, self._last = got
            self.context.say(f"Tercatat di {_count(villages)}", self._restore(uids))

    def _restore(self, uids: tuple[str, ...] | list[str]) -> Callable[[], None]:
        """Undo: notes just made are taken back, one taken back comes again."""
        made = isinstance(uids, tuple)

        def undo() -> None:
            self.context.attempt(void_entries, list(uids), voided=made)

        return undo

    def _read(self, text: str) -> PastePreview:
        assert self._form is not None
        posko = self.context.posko
        if self._pasted is None or self._pasted[0] != text:  # other answers need no second look
            self._pasted = None
            self._pasted = (text, PastedCoverage(posko, text))
        return preview(posko, draft_of(posko, self._pasted[1], self._form.values()))

    def _on_pasted(self, draft: CoverageDraft) -> None:
        sheet, posko = self.sheet, self.context.posko
        if not isinstance(sheet, PasteSheet):
            return
        try:
            kept = keep_draft(posko, draft)
        except UserError as error:
            sheet.fail(str(error))
            return
        sheet.accept()

        def undo() -> None:
            self.context.attempt(take_back_draft, kept)

        said = f"{len(kept.notes)} catatan dan {len(kept.plans)} rencana disimpan"
        self.context.say(said, undo if kept.notes or kept.plans else None)

    def _keep(self, photos: list[tuple[Path, str]] | tuple[tuple[Path, str], ...]) -> None:
        files = [Attached(path, code, PHOTO) for path, code in photos]
        if files:
            dialogs.run_with_progress(
                self.context, self._widget, "Menyalin foto", attach, files, done=self._on_kept
            )

    def _on_kept(self, added: tuple[str, ...]) -> None:
        self.context.say(
            f"{len(added)} foto tersimpan" if added else "Foto ini sudah ada, tidak ditambah lagi."
        )

    def _open(self, sheet: PasteSheet | PhotoSheet) -> None:
        self.sheet = sheet
        sheet.finished.connect(self._on_closed)
        sheet.open()

    def _on_closed(self) -> None:
        self.sheet, self._form, self._pasted = None, None, None


def _count(villages: list[Village]) -> str:
    return villages[0].name if len(villages) == 1 else f"{len(villages)} desa"
