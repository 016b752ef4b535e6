"""Pilih sendiri: a few cases for a copy that stands beside the channel."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from posko_app import text as words
from posko_app.exchange.prospect import CaseInside
from ui import theme
from ui.dialogs import Sheet
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.filters import SearchField
from ui.widgets.text import Text, hbox

WIDTH, LOW, HIGH = 760, 200, 400
REST = 250  # pixels of the window that the list leaves to everything else
EXPLAINED = (
    "Yang dipilih dikirim sebagai salinan di luar urutan: tanpa nomor kiriman dan tanpa tanda "
    "terima. Isinya tetap ikut lagi dalam kiriman berikutnya."
)


class CasePicker(Sheet):
    """All cases that the office may have; Space ticks, Ctrl+Enter takes them."""

    def __init__(
        self, parent: QWidget, cases: Sequence[CaseInside], ticked: Collection[str]
    ) -> None:
        super().__init__(parent, "Pilih perkara yang dikirim", EXPLAINED, width=WIDTH)
        self._cases = tuple(cases)
        self._folded = [words.fold(f"{case.number} {case.title}") for case in cases]
        self.ticked = set(ticked) & {case.uid for case in cases}
        self.search = SearchField("Cari nomor atau peristiwa", width=280)
        self.table: TableView[CaseInside] = TableView(
            (
                Column("take", "", lambda r: r.uid in self.ticked, width=36, style="check",
                       sortable=False),
                Column("number", "Nomor", lambda r: r.number or "–", width=232, style="mono"),
                Column("title", "Peristiwa", lambda r: r.title, width=0,
                       tooltip=lambda r: r.title),
                Column("records", "Baris", lambda r: r.records, width=64, right=True,
                       style="secondary"),
            ),
            name="Perkara", key=lambda r: r.uid, multi=True,
        )  # fmt: skip
        self.sum = Text("", "small", "text2")
        self.take = self._add_buttons()
        self._lay_out()
        self.table.toggled.connect(self._on_toggled)
        self.table.opened.connect(self._on_opened)
        self.table.letter.connect(self._on_letter)
        self.table.stepped.connect(self._on_stepped)
        self.search.wanted.connect(self._on_wanted)
        self.search.list_wanted.connect(self._on_list)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.search.setFocus)
        self._show()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def picked(self) -> tuple[str, ...]:
        """The ticked cases, in the order of the list."""
        return tuple(case.uid for case in self._cases if case.uid in self.ticked)

    def tick(self, cases: Sequence[CaseInside]) -> None:
        """Tick these, or free them all when they are ticked already."""
        uids = {case.uid for case in cases}
        if uids <= self.ticked:
            self.ticked -= uids
        else:
            self.ticked |= uids
        self.table.viewport().update()
        self._say_sum()

    def _add_buttons(self) -> Button:
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.submit_button("Pilih")
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.accept)
        return yes

    def _lay_out(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        above = self.parentWidget()
        room = above.window().height() - theme.px(REST) if above is not None else 0
        card.setFixedHeight(max(theme.px(LOW), min(theme.px(HIGH), room)))
        self.body.addLayout(hbox(self.search, None, self.sum))
        self.body.addWidget(card)

    def _show(self) -> None:
        wanted = words.fold(self.search.text())
        rows = [
            case
            for case, folded in zip(self._cases, self._folded, strict=True)
            if not wanted or wanted in folded
        ]
        self.table.set_rows(rows)
        if rows and self.table.row() is None:
            self.table.choose_first()
        self._say_sum()

    def _say_sum(self) -> None:
        count = len(self.ticked)
        shown = len(self.table.rows.rows)
        self.sum.setText(
            f"{words.thousands(count)} dipilih · {words.thousands(shown)} perkara tampil"
        )
        self.take.setText(f"Pilih {words.thousands(count)} perkara")
        self.take.updateGeometry()
        self.take.set_why_disabled("" if count else "Centang perkaranya dulu dengan spasi.")

    def _on_wanted(self, _text: str) -> None:
        self._show()

    def _on_list(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_letter(self, letter: str) -> None:
        if letter == "/":
            self.search.setFocus()

    def _on_toggled(self, case: CaseInside, _key: str) -> None:
        chosen = self.table.selected()
        self.tick(chosen if len(chosen) > 1 and case in chosen else [case])

    def _on_opened(self, case: CaseInside) -> None:
        self.tick([case])

    def _on_stepped(self, _case: CaseInside) -> None:
        self.take.click()
