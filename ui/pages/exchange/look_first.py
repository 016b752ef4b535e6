"""Lihat isi dulu: what a file would hold, sheet by sheet and case by case; nothing is made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posko_app import text as words
from posko_app.exchange.layout import layout
from posko_app.exchange.prospect import CaseInside, Prospect
from ui import theme
from ui.dialogs import Sheet
from ui.table_view import TableView
from ui.tables import Column
from ui.tokens import ROW_DENSE
from ui.widgets.cards import Card
from ui.widgets.text import Text, hbox

WIDTH, LOW, HIGH = 860, 200, 400
REST = 230
MACHINE = "Data pendukung"  # what no readable sheet shows
_SHEETS_WIDTH = 250


class LookFirst(Sheet):
    """Sheets with their rows at the left, cases by number at the right; Esc leaves."""

    def __init__(
        self, parent: QWidget, title: str, prospect: Prospect, cases: Sequence[CaseInside]
    ) -> None:
        super().__init__(
            parent, title, "Berkas belum dibuat. Identitas pelapor dan saksi tidak ikut.",
            width=WIDTH,
        )  # fmt: skip
        self.opened = ""  # the case somebody wanted to see
        self.sheets: TableView[tuple[str, int]] = TableView(
            (
                Column("sheet", "Lembar", lambda r: r[0], width=0),
                Column("rows", "Baris", lambda r: r[1], words.thousands, width=70, right=True,
                       style="secondary"),
            ),
            name="Lembar", key=lambda r: r[0], row_height=ROW_DENSE,
        )  # fmt: skip
        self.table: TableView[CaseInside] = TableView(
            (
                Column("number", "Nomor", lambda r: r.number or "–", width=216, style="mono"),
                Column("title", "Peristiwa", lambda r: r.title, width=0,
                       tooltip=lambda r: r.title),
                Column("records", "Baris", lambda r: r.records, words.thousands, width=64,
                       right=True, style="secondary"),
            ),
            name="Perkara di dalamnya", key=lambda r: r.uid, row_height=ROW_DENSE,
        )  # fmt: skip
        self.sheets.set_rows(sheets_of(prospect))
        self.table.set_rows(cases)
        self._lay_out(prospect)
        close = self.add_button("Tutup", kind="primary", hint="Esc")
        close.clicked.connect(self.reject)
        close.setAutoDefault(False)
        self.table.opened.connect(self._on_opened)
        self.table.choose_first()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, prospect: Prospect) -> None:
        left, right = Card("Lembar", padded=False), Card("Perkara", padded=False)
        left.add(self.sheets, 1)
        right.add(self.table, 1)
        left.note.setText(f"{words.thousands(prospect.rows)} baris")
        right.note.setText(f"{words.thousands(len(prospect.cases))} perkara")
        left.setFixedWidth(theme.px(_SHEETS_WIDTH))
        above = self.parentWidget()
        room = above.window().height() - theme.px(REST) if above is not None else 0
        row = hbox(left, gap=12)
        row.addWidget(right, 1)
        for card in (left, right):
            card.setFixedHeight(max(theme.px(LOW), min(theme.px(HIGH), room)))
        self.body.addLayout(row)
        self.body.addWidget(Text("Enter membuka perkaranya.", "small", "text2"))

    def _on_opened(self, case: CaseInside) -> None:
        self.opened = case.uid
        self.accept()


def sheets_of(prospect: Prospect) -> list[tuple[str, int]]:
    """The readable sheets with their rows in the order of the workbook, then the rest."""
    left = dict(prospect.tables)
    found = [(sheet.name, left.pop(sheet.table)) for sheet in layout().sheets
             if left.get(sheet.table)]  # fmt: skip
    rest = sum(left.values())
    return [*found, (MACHINE, rest)] if rest else found
