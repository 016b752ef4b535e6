"""What can be done with an activity: change, letter, receipts, files, plan, taking back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.cases.outreach import (
    Attached,
    FileRow,
)
from posko_app.cases.pledge import ITEM as PLEDGE
from posko_app.cases.pledge_begin import begin_roster, pledge_of
from posko_app.cases.prevention import (
    ADVICE,
    ActivityRow,
    change_activity,
    finish_activity,
    void_activity,
)
from posko_app.cases.prevention_plan import month_plan, set_targets
from posko_app.errors import Problem, UserError
from posko_app.letters.catalogue import Value
from posko_app.letters.template import load_templates
from posko_app.progress import Progress
from posko_app.security.permissions import allowed
from posko_app.text import MONTH_NAMES
from ui import dialogs
from ui.context import Context
from ui.fields import Field
from ui.letter_sheet import LetterSheet, show_letter
from ui.table_view import TableView

from .activity_entry import number
from .activity_form import KEYS, activity_of, edit_fields
from .files import attach, open_file, remove_file
from .menus import Way, pop_up
from .receipts import ReceiptsSheet

if TYPE_CHECKING:
    from posko_app.letters.issue import IssuedLetter

PICTURES = "Foto dan dokumen (*.jpg *.jpeg *.png *.heic *.pdf *.docx *.xlsx);;Semua berkas (*)"
TEMPLATE = "imbauan"


class ActivityActs(QObject):
    """Acts on the chosen activity of a list."""

    pledge_opened = Signal(str)  # uid of the pledge

    def __init__(
        self, parent: QWidget, context: Context, table: TableView[ActivityRow], *, may: bool
    ) -> None:
        super().__init__(parent)
        self._widget, self.context, self._table, self._may = parent, context, table, may
        self.sheet: LetterSheet | None = None

    def edit(self, _row: object = None) -> None:
        """Ask for everything that is known of the activity."""
        row = self._own()
        if row is None:
            return
        posko = self.context.posko

        def submit(values: dict[str, Any]) -> list[Problem] | None:
            change_activity(posko, row.uid, activity_of(values))
            return None

        values = {
            **{key: getattr(row, key) for key in KEYS},
            "participants": str(row.participants or ""),
            "quantity": str(row.quantity or ""),
        }
        dialogs.ask_form(
            self._widget, "Ubah kegiatan", edit_fields(posko, row.region_code),
            today=posko.today(), act="Simpan", values=values, submit=submit, width=640,
        )  # fmt: skip

    def finish(self) -> None:
        """Say that a planned activity took place."""
        row = self._own()
        if row is not None and not row.done and self.context.attempt(finish_activity, row.uid):
            self.context.note_saved(f"{row.title} ditandai terlaksana")

    def void(self) -> None:
        """Take the activity back; the message offers to undo it."""
        row = self._own()
        if row is None or not self.context.attempt(void_activity, row.uid):
            return

        def undo() -> None:
            self.context.attempt(void_activity, row.uid, voided=False)

        self.context.say(f"{row.title} dibatalkan", undo)

    def open_pledge(self) -> None:
        """Go to the roster of a pledge; one that was only logged gets its roster now."""
        row = self._table.row()
        if row is None or row.item != PLEDGE:
            return
        uid = self.context.run(pledge_of, row.uid)
        if not uid and self._own() is not None:
            uid = self.context.run(begin_roster, row.uid)
        if uid:
            self.pledge_opened.emit(uid)

    def show_menu(self, row: ActivityRow, spot: QPoint) -> None:
        """What can be done with an activity."""
        ways: list[Way | None] = [("Salin baris untuk Excel", "Ctrl+C", self._table.copy)]
        if row.item == PLEDGE:
            ways.insert(0, ("Buka daftar ikrar", "", self.open_pledge))
        if row.item == ADVICE:
            ways.insert(0, ("Daftar penerima…", "R", self.show_receipts))
        if self._may and row.office_code == self.context.posko.office.code:
            ways = [
                ("Ubah…", "Enter", self.edit),
                ("Buat surat…", "S", self.make_letter),
                ("Tambah berkas…", "B", self.add_files),
                *([] if row.done else [("Tandai terlaksana", "L", self.finish)]),
                *ways,
                None,
                ("Batalkan kegiatan", "Del", self.void),
            ]
        pop_up(self._table, spot, ways)

    def change_plan(self, month: str) -> None:
        """Ask how many activities of each kind the month is to see."""
        posko = self.context.posko
        today = posko.today()
        day = date(int(month[:4]), int(month[5:]), 1) if month else today
        kept = {line.item: line.target for line in month_plan(posko, day) if line.item}
        fields = [
            Field(key=code, label=label, width=4, optional=True, hint=" ", parse=number)
            for code, label in posko.vocabulary.items("prevention_item")
        ]

        def submit(values: dict[str, Any]) -> list[Problem] | None:
            amounts = {code: values[code] or 0 for code in values}
            changed = {code: n for code, n in amounts.items() if n != kept.get(code, 0)}
            if changed:
                set_targets(posko, day, changed)
            return None

        dialogs.ask_form(
            self._widget, f"Rencana {MONTH_NAMES[day.month - 1]} {day.year}", fields,
            today=today, act="Simpan rencana", submit=submit, width=680,
            text="Jumlah kegiatan yang direncanakan per jenis. Kosong: mengikuti yang tercatat.",
            values={code: str(count) for code, count in kept.items() if count},
        )  # fmt: skip

    # --- letters --------------------------------------------------------------------------------

    def new_letter(self) -> None:
        """A letter of advice first; the activity is logged with it."""
        self._letter(None, {})

    def make_letter(self) -> None:
        """A letter of the chosen activity, with its addressees."""
        row = self._own()
        if row is None:
            return
        from posko_app.letters.advice import advice_values  # loads the PDF maker

        values = self.context.run(advice_values, row.uid)
        if values is not None:
            self._letter(row, values)

    def open_letter(self, uid: str) -> None:
        """Show the frozen PDF."""
        self.context.run(show_letter, uid, "Surat imbauan", "")

    def show_receipts(self) -> None:
        """The list of addressees; only letters of advice have one."""
        row = self._table.row()
        if row is None or row.item != ADVICE:
            return
        own = row.office_code == self.context.posko.office.code
        ReceiptsSheet(self._widget, self.context, row, may=self._may and own).open()

    # --- files ----------------------------------------------------------------------------------

    def add_files(self) -> None:
        """Ask for photos and documents of the activity and keep them."""
        row = self._own()
        if row is None:
            return
        paths = dialogs.open_files(self._widget, "Pilih foto atau dokumen", PICTURES)
        if paths:
            self.keep_files(row, paths)

    def keep_files(self, row: ActivityRow, paths: list[Path]) -> None:
        """Copy files into the vault under a panel with Batalkan."""
        files = [Attached(path, row.uid) for path in paths]
        dialogs.run_with_progress(
            self.context, self._widget, "Menyalin berkas", attach, files, done=self._on_attached
        )

    def open_file(self, file: FileRow) -> None:
        """Copy the plain bytes of a file out and open them."""
        open_file(self.context, file)

    def remove_file(self, file: FileRow) -> None:
        """Take a file off; the message offers to undo it."""
        remove_file(self.context, file)

    # --- inside ---------------------------------------------------------------------------------

    def _own(self) -> ActivityRow | None:
        """The chosen activity, when it may be changed here; says why not."""
        row = self._table.row()
        if row is None or not self._may:
            return None
        if row.office_code != self.context.posko.office.code:
            self.context.say("Kegiatan ini milik kantor lain. Minta kantor itu mengubahnya.")
            return None
        return row

    def _letter(self, row: ActivityRow | None, values: Mapping[str, Any]) -> None:
        if self.sheet is not None or not allowed(self.context.posko.user.role, "letter.draft"):
            return
        may = allowed(self.context.posko.user.role, "letter.issue")
        about = row.title if row else "Suratnya langsung tercatat sebagai kegiatan pencegahan."
        sheet = LetterSheet(
            self._widget, self.context, load_templates()[TEMPLATE], about=about, given=values,
            why_not="" if may else "Peran Anda tidak menerbitkan surat.",
            make=partial(_make_advice, activity=row.uid if row else ""),
        )  # fmt: skip
        try:
            sheet.begin()
        except UserError as error:
            sheet.deleteLater()
            self.context.problem.emit(error)
            return
        self.sheet = sheet
        sheet.issued.connect(self._on_issued)
        sheet.finished.connect(self._on_closed)
        sheet.open()

    def _on_issued(self, made: IssuedLetter) -> None:
        self.context.note_saved(f"{made.title} {made.number} tersimpan sebagai PDF")
        self.context.run(show_letter, made.uid, made.title, made.number)

    def _on_closed(self) -> None:
        self.sheet = None

    def _on_attached(self, added: tuple[str, ...]) -> None:
        if not added:
            self.context.say("Berkas ini sudah ada pada kegiatan, tidak ditambah lagi.")


def _make_advice(
    posko: Posko, _case: str, _name: str, values: Mapping[str, Value], *,
    activity: str, progress: Progress,
) -> IssuedLetter:  # in the worker  # fmt: skip
    from posko_app.letters.advice import advise, issue_advice

    progress(0, 1)
    return issue_advice(posko, activity, values) if activity else advise(posko, values)
