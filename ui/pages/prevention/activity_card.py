"""The chosen activity beside the list: its facts, receipts, files, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.outreach import RecipientRow, files_of, recipients
from posko_app.cases.pledge import ITEM as PLEDGE
from posko_app.cases.prevention import ADVICE, ActivityRow
from posko_app.letters.book import letter_of
from ui.widgets.buttons import Button, Link
from ui.widgets.cards import Card
from ui.widgets.text import Facts, Text, box, hairline, vbox

from .side import CountLine, FilesList, button_row, set_head


class ActivityCard(Card):
    """What is known of one activity."""

    edit_wanted = Signal()
    letter_wanted = Signal()
    letter_opened = Signal(str)  # uid
    receipts_wanted = Signal()
    file_wanted = Signal()
    done_wanted = Signal()
    pledge_wanted = Signal()
    file_opened = Signal(object)
    file_removed = Signal(object)

    def __init__(self, *, may: bool, may_letter: bool) -> None:
        self.edit = Link("Ubah")
        super().__init__("Kegiatan", extra=[self.edit])
        self._may = may
        self.facts = Facts(key_width=88)
        self._receipts = vbox(gap=2)
        self.files = FilesList(may=may)
        self.letter = Button("Buat surat", icon="draft", hint="S")
        self.attach = Button("Tambah berkas", icon="evidence", hint="B")
        self.finish = Button("Tandai terlaksana", icon="done", hint="L")
        self.pledge = Button("Buka daftar ikrar", icon="people")
        self._open_letter = Link("Surat")
        self._letter_uid = ""
        heading = Text("Tanda terima", "strong")
        part = vbox(heading, gap=4)
        part.addLayout(self._receipts)
        self._receipt_part = box(part)
        for widget in (self.facts, self._open_letter, hairline(), self._receipt_part, self.files):
            self.add(widget)
        self.add(button_row([self.letter, self.attach, self.finish, self.pledge]))
        self.letter.setVisible(may_letter)
        self.attach.setVisible(may)
        self.edit.setVisible(may)
        self.edit.clicked.connect(self.edit_wanted)
        self.letter.clicked.connect(self.letter_wanted)
        self.attach.clicked.connect(self.file_wanted)
        self.finish.clicked.connect(self.done_wanted)
        self.pledge.clicked.connect(self.pledge_wanted)
        self.files.opened.connect(self.file_opened)
        self.files.removed.connect(self.file_removed)
        self._open_letter.clicked.connect(self._on_letter)

    def show_row(self, posko: Posko, row: ActivityRow | None) -> None:
        """Show an activity, or nothing."""
        self.setVisible(row is not None)
        if row is None:
            return
        set_head(self, row.title)
        own = row.office_code == posko.office.code
        letter = letter_of(posko, row.letter_uid) if row.letter_uid else None
        facts = [
            ("Tanggal", text.full_date(row.on)),
            ("Bentuk", row.kind_label),
            ("Tempat", row.place),
            ("Wilayah", row.region_name),
            ("Sasaran", _reached(row)),
            ("Nomor surat", letter.number if letter else ""),
            ("Pokok", row.subject),
            ("Uraian", row.description),
            ("Keadaan", "" if row.done else "Rencana, belum terlaksana"),
        ]
        self.facts.set_rows([fact for fact in facts if fact[1]])
        self._letter_uid = row.letter_uid if letter and letter.held else ""
        self._open_letter.setText(f"{letter.title}.pdf" if letter else "")
        self._open_letter.setVisible(bool(self._letter_uid))
        self._show_receipts(recipients(posko, row.uid), shown=row.item == ADVICE)
        self.files.set_files(files_of(posko, row.uid) if row.files else ())
        self.letter.setText("Buat surat lanjutan" if row.letter_uid else "Buat surat")
        self.finish.setVisible(self._may and own and not row.done and row.on <= posko.today())
        self.pledge.setVisible(row.item == PLEDGE)
        for button in (self.letter, self.attach):
            button.set_why_disabled("" if own else "Kegiatan ini milik kantor lain.")
        self.edit.setVisible(self._may and own)

    def _show_receipts(self, found: tuple[RecipientRow, ...], *, shown: bool) -> None:
        while item := self._receipts.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._receipt_part.setVisible(shown or bool(found))
        got = sum(one.received_on is not None for one in found)
        link = (
            Link("Lihat daftar" if found else "Isi daftar penerima") if found or self._may else None
        )
        if link is not None:
            link.clicked.connect(self.receipts_wanted)
        if not found:
            self._receipts.addWidget(CountLine("missing", "text2", "Belum ada penerima", link))
            return
        waiting = len(found) - got
        if got:
            self._receipts.addWidget(
                CountLine("done", "green", f"{got} sudah menerima", None if waiting else link)
            )
        if waiting:
            self._receipts.addWidget(CountLine("missing", "gold", f"{waiting} belum", link))

    def _on_letter(self) -> None:
        self.letter_opened.emit(self._letter_uid)


def _reached(row: ActivityRow) -> str:
    """Whom it was for, how many came, how many pieces were given."""
    people = f"{text.thousands(row.participants)} orang" if row.participants else ""
    pieces = f"{text.thousands(row.quantity)} bahan" if row.quantity else ""
    return ", ".join(part for part in (row.target, people, pieces) if part)
