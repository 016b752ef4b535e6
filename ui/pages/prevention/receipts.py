"""The addressees of a letter of advice: who has received it, who has not, and the list itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.cases.outreach import (
    RecipientRow,
    add_recipients,
    note_receipts,
    recipients,
    void_recipients,
)
from posko_app.cases.prevention import ActivityRow
from posko_app.errors import Problem
from ui import dialogs, theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.fields import Field, Parsed
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.buttons import Link
from ui.widgets.chips import Chip
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, hbox


class ReceiptsSheet(Sheet):
    """T notes the receipt of the chosen addressees, Ins adds some, Del takes them off."""

    def __init__(self, parent: QWidget, context: Context, row: ActivityRow, *, may: bool) -> None:
        super().__init__(parent, "Daftar penerima", row.title, width=720)
        self._context, self._row, self._may = context, row, may
        self.table: TableView[RecipientRow] = TableView(
            _columns(), name="Penerima", key=lambda one: one.uid, multi=True
        )
        self.table.setFixedHeight(theme.px(300))
        self.count = Elided("", "small", "text2")
        self.undo = Link("Urungkan", role="small")
        self._removed: list[str] = []
        self.add = self.add_button("Tambah penerima", hint="Ins")
        close = self.add_button("Tutup", kind="flat")
        self.receive = self.add_button("Catat tanda terima", kind="primary", hint="T")
        self.body.addWidget(self.table)
        foot = hbox(self.count, self.undo, gap=12)
        foot.addWidget(KeyHints([("T", "tanda terima"), ("Ins", "tambah"), ("Del", "lepaskan")]))
        self.body.addLayout(foot)
        for button in (self.add, self.receive, close):
            button.setAutoDefault(False)
        for part in (self.add, self.receive):
            part.setVisible(may)
        self.add.clicked.connect(self.add_some)
        self.receive.clicked.connect(self.note)
        self.undo.clicked.connect(self.put_back)
        close.clicked.connect(self.reject)
        self.table.letter.connect(self._on_letter)
        self.table.opened.connect(self.note)
        self.refresh()
        (self.table if self.table.rows.rowCount() else self.add).setFocus()

    def refresh(self) -> None:
        """Fetch and show."""
        found = self._context.run(recipients, self._row.uid) or ()
        self.table.set_rows(found)
        got = sum(one.received_on is not None for one in found)
        off = f"{len(self._removed)} penerima dilepas. " if self._removed else ""
        said = f"{len(found)} penerima, {got} sudah menerima, {len(found) - got} belum"
        self.count.setText(off + said)
        self.undo.setVisible(bool(self._removed))
        self.receive.set_why_disabled("" if found else "Tambah penerima dulu.")

    def add_some(self) -> None:
        """Ask for addressees, one per line; a pasted column of names will do."""
        if not self._may:
            return

        def submit(values: dict[str, Any]) -> list[Problem] | None:
            add_recipients(self._context.posko, self._row.uid, str(values["names"]).split("\n"))
            return None

        field = Field(key="names", label="Penerima", kind="multiline", lines=8,
                      help="Satu per baris. Instansi boleh menyusul titik koma atau tab.",
                      missing="Tulis paling sedikit satu penerima.", parse=Parsed)  # fmt: skip
        done = dialogs.ask_form(
            self, "Tambah penerima", [field], today=self._context.posko.today(), act="Tambahkan",
            submit=submit,
        )  # fmt: skip
        if done is not None:
            self.refresh()

    def note(self, _row: object = None) -> None:
        """Ask when the chosen addressees received the letter; an empty date takes it back."""
        chosen = self.table.selected()
        if not chosen or not self._may:
            return
        posko = self._context.posko

        def submit(values: dict[str, Any]) -> list[Problem] | None:
            by = str(values["received_by"])
            note_receipts(posko, [one.uid for one in chosen], values["on"], by)
            return None

        fields = [
            Field(key="on", label="Tanggal diterima", kind="date", width=5, optional=True,
                  hint="kosong: belum"),
            Field(key="received_by", label="Diterima oleh", width=7, optional=True),
        ]  # fmt: skip
        title = chosen[0].name if len(chosen) == 1 else f"{len(chosen)} penerima"
        values = {"on": posko.today(), "received_by": chosen[0].received_by}
        done = dialogs.ask_form(
            self, "Tanda terima", fields, today=posko.today(), act="Catat", text=title,
            values=values, submit=submit, width=460,
        )  # fmt: skip
        if done is not None:
            self.refresh()

    def remove(self) -> None:
        """Take the chosen addressees off; a link in the dialog undoes it."""
        uids = [one.uid for one in self.table.selected()]
        if self._context.attempt(void_recipients, uids):
            self._removed = uids
            self.refresh()

    def put_back(self) -> None:
        """Undo the last removal."""
        if self._removed and self._context.attempt(void_recipients, self._removed, voided=False):
            self._removed = []
            self.refresh()
            self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Insert:
            self.add_some()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.put_back()
        elif event.key() == Qt.Key.Key_Delete and self._may and self.table.selected():
            self.remove()
        else:
            super().keyPressEvent(event)

    def _on_letter(self, letter: str) -> None:
        if letter.casefold() == "t":
            self.note()


def _columns() -> tuple[Column[RecipientRow], ...]:
    return (
        Column("name", "Penerima", lambda r: r.name, width=0),
        Column("agency", "Instansi", lambda r: r.agency or "–", width=200, style="secondary"),
        Column("state", "Tanda terima", _state, width=150, style="chip",
               sort=lambda r: r.received_on),
        Column("by", "Oleh", lambda r: r.received_by or "–", width=110, style="secondary"),
    )  # fmt: skip


def _state(row: RecipientRow) -> Chip:
    if row.received_on is None:
        return Chip("Belum", "plain_gold", "missing")
    return Chip(text.day_month(row.received_on), "plain_green", "done")
