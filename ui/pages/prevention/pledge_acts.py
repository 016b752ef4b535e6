"""What can be done with a pledge and its roster: marks, pasting, papers, and taking back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.cases.attendance import mark, receive_self_pledge, void_signatories
from posko_app.cases.outreach import FileRow, files_of
from posko_app.cases.pledge import PledgeView, finish_pledge, invite, on_roster
from posko_app.cases.pledge_rows import ABSENT, PRESENT, REPRESENTED, SignatoryRow
from posko_app.cases.prevention import void_activity
from posko_app.cases.roster import RosterRow, read_roster
from posko_app.errors import UserError
from posko_app.letters.template import load_templates
from posko_app.progress import Progress
from posko_app.security.permissions import allowed
from ui import dialogs, documents
from ui.context import Context
from ui.letter_sheet import LetterSheet, show_letter
from ui.table_view import TableView

from .files import open_file, remove_file
from .menus import Way, pop_up
from .paste_sheet import PastedLine, PastePreview, PasteSheet
from .pledge_sheets import SelfPledgeSheet, ask_line, ask_new_line, ask_pledge

if TYPE_CHECKING:
    from posko_app.letters.issue import IssuedLetter

MARK_KEYS = {"h": PRESENT, "d": REPRESENTED, "t": ABSENT, "k": ""}
SAID = {PRESENT: "hadir", REPRESENTED: "diwakili", ABSENT: "tidak hadir", "": "belum ditandai"}
HEADINGS = (("Nama", 170), ("NIP", 158), ("Jabatan", 150), ("Kelompok", 100))
REMINDER = "pengingat-ikrar"


class PledgeActs(QObject):
    """Acts on the open pledge and the chosen lines of its roster."""

    def __init__(
        self, parent: QWidget, context: Context, table: TableView[SignatoryRow], *, may: bool
    ) -> None:
        super().__init__(parent)
        self._widget, self.context, self._table, self._may = parent, context, table, may
        self.view: PledgeView | None = None
        self.sheet: LetterSheet | PasteSheet | SelfPledgeSheet | None = None

    @property
    def own(self) -> bool:
        """Whether the open pledge is this office's, to be changed here."""
        office = self.context.posko.office.code
        return self._may and self.view is not None and self.view.row.office_code == office

    # --- the event ------------------------------------------------------------------------------

    def new_pledge(self) -> str:
        """Ask for a new pledge; its uid, or "" when the user left."""
        return ask_pledge(self._widget, self.context, None) if self._may else ""

    def change(self) -> None:
        """Ask for another date, place or text."""
        if self.own:
            ask_pledge(self._widget, self.context, self.view)

    def finish(self) -> None:
        """Say that the pledge took place."""
        if self.own and self.view and self.context.attempt(finish_pledge, self.view.row.uid):
            self.context.note_saved(f"{self.view.row.title} ditandai terlaksana")

    def void(self) -> None:
        """Take the whole pledge back; the message offers to undo it."""
        if not self.own or self.view is None:
            return
        row = self.view.row
        if self.context.attempt(void_activity, row.activity_uid):

            def undo() -> None:
                self.context.attempt(void_activity, row.activity_uid, voided=False)

            self.context.say(f"{row.title} dibatalkan", undo)

    # --- the roster -----------------------------------------------------------------------------

    def paste(self) -> None:
        """Show what the clipboard holds as a roster."""
        if not self.own or self.view is None or self.sheet is not None:
            return
        sheet = PasteSheet(
            self._widget, "Tempel daftar undangan",
            "Salin daftar dari Excel BKPSDM bersama baris judulnya: Nama, NIP, Jabatan, "
            "Instansi, Kelompok. Urutan kolom bebas.",
            HEADINGS, self._read, lambda n: f"Tambahkan {n} undangan",
        )  # fmt: skip
        sheet.wanted.connect(self._on_pasted)
        self._open(sheet)

    def mark(self, attendance: str) -> None:
        """Mark the chosen lines; one line goes on to the next, so that a list is marked fast."""
        lines = self._lines()
        if not lines:
            return
        by = ""
        if attendance == REPRESENTED:
            asked = dialogs.ask_text(
                self._widget, "Diwakili oleh", "Nama atau jabatan yang mewakili",
                act="Tandai diwakili", value=lines[0].represented_by,
            )  # fmt: skip
            if asked is None:
                return
            by = asked
        before = [(line.uid, line.attendance, line.represented_by) for line in lines]
        ahead = self._ahead() if len(lines) == 1 else ""  # a filter may drop the marked line
        if not self.context.attempt(mark, [line.uid for line in lines], attendance, by):
            return
        if ahead:
            self._table.choose(ahead)
        who = _name(lines[0]) if len(lines) == 1 else f"{len(lines)} baris:"
        self.context.say(f"{who} {SAID[attendance]}", self._undo_marks(before))

    def receive(self) -> None:
        """Ask when the pledges signed alone of the chosen lines came in."""
        lines = [line for line in self._lines() if not line.vacant]
        if not lines or self.sheet is not None:
            return
        sheet = SelfPledgeSheet(self._widget, self.context, lines)
        sheet.kept.connect(self._on_received)
        self._open(sheet)

    def edit(self, _row: object = None) -> None:
        """Ask for corrections of the line with the keyboard."""
        line = self._table.row()
        if line is not None and self.own:
            ask_line(self._widget, self.context, line)

    def add_one(self) -> None:
        """Ask for one more office to invite, as when a holder changed after the event."""
        if self.own and self.view is not None:
            ask_new_line(self._widget, self.context, self.view.row.uid, self._table.row())

    def show_menu(self, line: SignatoryRow, spot: QPoint) -> None:
        """What can be done with the chosen lines."""
        ways: list[Way | None] = [("Salin baris untuk Excel", "Ctrl+C", self._table.copy)]
        scans = (self.context.run(files_of, line.uid) or ()) if line.scans else ()
        for file in reversed(scans):
            if self.own:
                ways.insert(0, (f"Lepas pindaian {file.name}", "", partial(self.remove_scan, file)))
            ways.insert(0, (f"Buka pindaian {file.name}", "", partial(self.open_scan, file)))
        if self.own:
            marks = ((PRESENT, "H"), (REPRESENTED, "D"), (ABSENT, "T"), ("", "K"))
            label = self.context.posko.vocabulary.label
            ways = [
                *((label("attendance", m) if m else "Kosongkan tanda", key, partial(self.mark, m))
                  for m, key in marks),
                ("Ikrar mandiri diterima…", "M", self.receive),
                *([("Batalkan penerimaan ikrar mandiri", "", self.unreceive)]
                  if line.self_pledge_on else []),
                None,
                ("Ubah…", "F2", self.edit),
                ("Tambah satu undangan…", "N", self.add_one),
                *ways,
                None,
                ("Lepas dari daftar", "Del", self.remove),
            ]  # fmt: skip
        pop_up(self._table, spot, ways)

    def open_scan(self, file: FileRow) -> None:
        """Copy the plain bytes of a file out and open them."""
        open_file(self.context, file)

    def remove_scan(self, file: FileRow) -> None:
        """Take a file off; the message offers to undo it."""
        remove_file(self.context, file)

    def unreceive(self) -> None:
        """Say of the chosen lines that their own pledge did not come in after all."""
        before = [(line.uid, line.self_pledge_on) for line in self._lines() if line.self_pledge_on]
        uids = [uid for uid, _ in before]
        if not uids or not self.context.attempt(receive_self_pledge, uids, None):
            return
        said = f"{len(uids)} ikrar mandiri kembali ditunggu"
        self.context.say(said, self._undo_receipts(before))

    def remove(self) -> None:
        """Take the chosen lines off the roster; the message offers to undo it."""
        uids = [line.uid for line in self._lines()]
        if not uids or not self.context.attempt(void_signatories, uids):
            return

        def undo() -> None:
            self.context.attempt(void_signatories, uids, voided=False)

        self.context.say(f"{len(uids)} undangan dilepas dari daftar", undo)

    # --- papers ---------------------------------------------------------------------------------

    def paper(self, kind: str) -> None:
        """Print the attendance list, the text, the reminder, or the sheets of all absentees."""
        if self.view is None or not allowed(self.context.posko.user.role, "letter.draft"):
            return
        if kind == "reminder":
            self._remind()
            return
        names = {"list": "Daftar hadir", "text": "Naskah ikrar", "sheets": "Ikrar mandiri"}
        self._name = f"{names[kind]} {self.view.row.title}.pdf"
        dialogs.run_with_progress(
            self.context, self._widget, f"Menyusun {names[kind].lower()}", _paper, kind,
            self.view.row.uid, done=self._on_paper,
        )  # fmt: skip

    # --- inside ---------------------------------------------------------------------------------

    def _lines(self) -> list[SignatoryRow]:
        return self._table.selected() if self.own else []

    def _ahead(self) -> str:
        """The uid of the line after the one with the keyboard, or "" at the end."""
        rows = self._table.rows
        places = range(self._table.current_place + 1, rows.rowCount())
        return next((row.uid for place in places if (row := rows.row_at(place))), "")

    def _undo_marks(self, before: Sequence[tuple[str, str, str]]) -> Callable[[], None]:
        def undo() -> None:
            ways = dict.fromkeys((attendance, by) for _, attendance, by in before)
            for attendance, by in ways:
                uids = [uid for uid, *was in before if tuple(was) == (attendance, by)]
                self.context.attempt(mark, uids, attendance, by)

        return undo

    def _read(self, pasted: str) -> PastePreview:
        assert self.view is not None
        posko = self.context.posko
        draft = read_roster(posko, pasted, *on_roster(posko, self.view.row.uid))
        usable, doubtful = len(draft.usable), draft.doubtful
        said = f"{len(draft.rows)} baris terbaca, {usable} dapat ditambahkan"
        said += f", {doubtful} perlu diperiksa." if doubtful else "."
        unknown = ", ".join(draft.unknown)
        return PastePreview(
            lines=tuple(_preview(posko, row) for row in draft.rows),
            usable=usable,
            said=said,
            notes=f"Kolom yang tidak dipakai: {unknown}." if unknown else "",
            draft=draft.usable,
        )

    def _on_pasted(self, rows: tuple[RosterRow, ...]) -> None:
        sheet = self.sheet
        if self.view is None or not isinstance(sheet, PasteSheet):
            return
        try:
            added = invite(self.context.posko, self.view.row.uid, rows)
        except UserError as error:
            sheet.fail(str(error))
            return
        sheet.accept()
        self.context.note_saved(f"{added} undangan ditambahkan")

    def _on_received(self, before: Sequence[tuple[str, date | None]]) -> None:
        said = f"{len(before)} ikrar mandiri tercatat diterima"
        self.context.say(said, self._undo_receipts(before))

    def _undo_receipts(self, before: Sequence[tuple[str, date | None]]) -> Callable[[], None]:
        def undo() -> None:
            for on in dict.fromkeys(was for _, was in before):
                uids = [uid for uid, was in before if was == on]
                self.context.attempt(receive_self_pledge, uids, on)

        return undo

    def _remind(self) -> None:
        if self.view is None or self.sheet is not None:
            return
        from posko_app.letters.pledge_papers import reminder_values  # loads the PDF maker

        may = allowed(self.context.posko.user.role, "letter.issue")
        count = len(self.view.owing)
        sheet = LetterSheet(
            self._widget, self.context, load_templates()[REMINDER],
            about=f"Satu surat dengan daftar {count} orang yang ikrar mandirinya ditunggu.",
            given=reminder_values(self.context.posko, self.view),
            why_not="" if may else "Peran Anda tidak menerbitkan surat.",
        )  # fmt: skip
        try:
            sheet.begin()
        except UserError as error:
            sheet.deleteLater()
            self.context.problem.emit(error)
            return
        sheet.issued.connect(self._on_issued)
        self._open(sheet)

    def _open(self, sheet: LetterSheet | PasteSheet | SelfPledgeSheet) -> None:
        self.sheet = sheet
        sheet.finished.connect(self._on_closed)
        sheet.open()

    def _on_closed(self) -> None:
        self.sheet = None

    def _on_issued(self, made: IssuedLetter) -> None:
        self.context.note_saved(f"{made.title} {made.number} tersimpan sebagai PDF")
        self.context.run(show_letter, made.uid, made.title, made.number)

    def _on_paper(self, pdf: bytes) -> None:
        try:
            documents.open_document(self.context.posko.folder, self._name, pdf)
        except UserError as error:
            self.context.problem.emit(error)


def _paper(posko: Posko, kind: str, uid: str, *, progress: Progress) -> bytes:  # in the worker
    from posko_app.letters.pledge_papers import attendance_list, pledge_text, self_pledges

    progress(0, 1)
    if kind == "sheets":
        return self_pledges(posko, uid, progress=progress)
    return attendance_list(posko, uid) if kind == "list" else pledge_text(posko, uid)


def _preview(posko: Posko, row: RosterRow) -> PastedLine:
    group = posko.vocabulary.label("signatory_group", row.group_code)
    cells = (row.name or "belum terisi", row.nip, row.position_title, group)
    state = "bad" if row.unusable else "doubt" if row.problems else "good"
    return PastedLine(row.number, cells, " ".join(row.problems), state)


def _name(line: SignatoryRow) -> str:
    return line.name or line.position_title
