"""Ikrar: the roster of one pledge under its groups, marked with single letters."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.list_rows import Listing
from posko_app.cases.pledge import PledgeRow, pledge_view, pledges
from posko_app.cases.pledge_rows import SignatoryRow
from posko_app.progress import Progress
from posko_app.security.permissions import allowed
from posko_app.text import fold
from ui import list_files
from ui.context import Context
from ui.table_view import TableView
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import FilterChip
from ui.widgets.filters import SearchField
from ui.widgets.text import Elided, hbox

from .pledge_acts import MARK_KEYS, PledgeActs
from .pledge_columns import FILTERS, KEYS, MIDDLE, NARROW, columns, fits, grouped
from .pledge_side import PledgeCard, TotalsCard
from .view import View, choose_rows

WIDE, BROAD = 900, 700  # pixels from which on there is room for the NIP, for the agency
EMPTY = (
    "Belum ada ikrar",
    "Catat acara ikrar, lalu tempel daftar undangannya dari Excel. Kehadiran ditandai dengan "
    "satu huruf per orang.",
)
UNINVITED = (
    "Daftar undangan masih kosong",
    "Salin daftar dari Excel BKPSDM bersama baris judulnya, lalu tekan Ctrl+V di sini.",
)


MARK_BUTTONS = (("H", "Hadir"), ("D", "Diwakili"), ("T", "Tidak hadir"), ("M", "Ikrar mandiri"))


class PledgesView(View):
    """H, D, T and M mark the chosen lines; Alt+PgUp and Alt+PgDn go to another pledge."""

    subtitle = "Ikrar netralitas: undangan, kehadiran, dan ikrar mandiri yang masih ditunggu"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.wanted = ""  # uid of the pledge to show
        self.paste_button = Button("Tempel undangan", icon="duplicate", hint="Ctrl+V")
        self.export_button = Button("Ekspor", icon="sheet", hint="Ctrl+E")
        self.add = Button("Ikrar baru", icon="add", hint="Ins", kind="primary")
        self.search = SearchField("Saring nama, jabatan", width=196)
        self.chooser = FilterChip("", arrow=True)
        self.chips = [FilterChip(said) for _, said in FILTERS]
        self.table: TableView[SignatoryRow] = TableView(
            columns(), name="Daftar undangan ikrar", key=lambda row: row.uid, multi=True
        )
        self.begin = Button("Ikrar baru", icon="add")
        self.first_paste = Button("Tempel undangan", icon="duplicate")
        self.empty = EmptyState("people", *EMPTY, actions=[self.begin, self.first_paste])
        self.count = Elided("", "small", "text2")
        self.marks = [Button(said, hint=key, small=True) for key, said in MARK_BUTTONS]
        self.totals = TotalsCard()
        may_letter = allowed(context.posko.user.role, "letter.draft")
        self.card = PledgeCard(may=self.may, may_letter=may_letter)
        self.acts = PledgeActs(self, context, self.table, may=self.may)
        self._pledges: tuple[PledgeRow, ...] = ()
        self._filter = ""
        self._build()
        self._connect()

    def head_buttons(self) -> list[QWidget]:
        return [self.paste_button, self.export_button, self.add]

    def for_all(self) -> list[QWidget]:
        return [self.export_button]

    def reload(self) -> None:
        self._pledges = pledges(self.context.posko)
        uids = [row.uid for row in self._pledges]
        if self.wanted not in uids:
            self.wanted = _nearest(self._pledges, self.context.posko)
        self.acts.view = pledge_view(self.context.posko, self.wanted) if self.wanted else None
        self._show()

    def primary(self) -> None:
        self.new_row()

    def new_row(self) -> None:
        if made := self.acts.new_pledge():
            self._open(made)

    def paste(self) -> None:
        self.acts.paste()

    def export(self) -> None:
        if self.acts.view is not None:
            list_files.export_list(self.context, self, self._name(), self._listing)

    def print_page(self) -> None:
        if self.acts.view is not None:
            list_files.print_list(self.context, self, self._name(), self._listing)

    def focus_filter(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def step_case(self, by: int) -> None:
        uids = [row.uid for row in self._pledges]
        if self.wanted in uids and 0 <= (place := uids.index(self.wanted) + by) < len(uids):
            self._open(uids[place])

    def panes(self) -> list[QWidget]:
        if self.acts.view is None:
            return [self.begin]
        body = self.table if self.acts.view.signatories else self.first_paste
        return [body, self.search, self.chooser]

    def help_text(self) -> str:
        return (
            "Daftar undangan satu ikrar. H hadir, D diwakili, T tidak hadir, K mengosongkan, M "
            "mencatat ikrar mandiri yang diterima beserta pindaiannya; beberapa baris dipilih "
            "dengan Shift atau Ctrl. F2 mengubah baris, N menambah satu, Del melepasnya. Ctrl+V "
            "menempel daftar dari Excel, Alt+PgUp dan Alt+PgDn pindah ke ikrar lain."
        )

    def state(self) -> dict[str, Any]:
        row = self.table.row()
        return {"pledge": self.wanted, "filter": self._filter, "uid": row.uid if row else ""}

    def restore(self, state: dict[str, Any]) -> None:
        self._filter = state.get("filter", "")
        if state.get("pledge", "") not in ("", self.wanted):
            self._open(state["pledge"])
        elif self._pledges:
            self._show()
        self.table.choose(state.get("uid", ""))

    def arrange(self) -> None:
        room = self.room()
        keys = KEYS if room >= WIDE else MIDDLE if room >= BROAD else NARROW
        self.table.show_columns(keys)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.acts.remove()
        elif event.key() == Qt.Key.Key_F2 and self.table.hasFocus():
            self.acts.edit()
        else:
            super().keyPressEvent(event)

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        card = Card(padded=False)
        self._body = QStackedWidget()
        self._body.addWidget(self.table)
        self._body.addWidget(self.empty)
        card.add(self._body, 1)
        foot = hbox(self.count, *self.marks, gap=6)
        card.set_foot(foot, 40)
        self.lay_out([self.search, self.chooser, *self.chips], card, [self.totals, self.card])

    def _connect(self) -> None:
        self.add.clicked.connect(self.new_row)
        self.begin.clicked.connect(self.new_row)
        for button in (self.paste_button, self.first_paste):
            button.clicked.connect(self.acts.paste)
        self.export_button.clicked.connect(self.export)
        self.search.textChanged.connect(self._show)
        self.search.list_wanted.connect(self.table.setFocus)
        self.chooser.clicked.connect(self._on_chooser)
        for (code, _), chip in zip(FILTERS, self.chips, strict=True):
            chip.setProperty("code", code)
            chip.clicked.connect(self._on_chip)
        self.table.letter.connect(self._on_letter)
        self.table.menu_wanted.connect(self.acts.show_menu)
        for button in self.marks:
            button.clicked.connect(self._on_mark)
        self.table.opened.connect(self.acts.edit)
        self.table.preview_wanted.connect(self.toggle_side)
        self.card.change_wanted.connect(self.acts.change)
        self.card.finish_wanted.connect(self.acts.finish)
        self.card.paper_wanted.connect(self.acts.paper)
        self.card.void_wanted.connect(self.acts.void)

    def _open(self, uid: str) -> None:
        self.wanted = uid
        self.reload()
        if self.isVisible():
            self.take_focus()

    def _show(self, _wanted: str = "") -> None:
        view = self.acts.view
        for part in (self.search, self.chooser, *self.chips, self.fold, self.totals, self.card):
            part.setVisible(view is not None)
        for button in self.marks:
            button.setVisible(self.acts.own and bool(view and view.signatories))
        self.paste_button.set_why_disabled("" if self.acts.own else "Pilih ikrar kantor ini dulu.")
        self.begin.setVisible(view is None and self.may)
        self.first_paste.setVisible(view is not None and self.acts.own)
        if view is None:
            self.empty.set_text(*EMPTY)
            self._body.setCurrentWidget(self.empty)
            self.count.setText("")
            return
        self.chooser.setText(f"{text.day_month(view.row.on)} · {_cut(view.row.title)}")
        self.chooser.setChecked(False)
        wanted = fold(self.search.text())
        for (code, said), chip in zip(FILTERS, self.chips, strict=True):
            chip.setText(f"{said} {sum(fits(code, line) for line in view.signatories)}")
            chip.setChecked(code == self._filter)
        lines = [
            line
            for line in view.signatories
            if fits(self._filter, line) and wanted in fold(_words(line))
        ]
        kept = {line.uid for line in self.table.selected()}
        self.table.set_rows(grouped(view.totals, lines))
        if self.table.row() is None:
            self.table.choose_first()
        elif len(kept) > 1:
            choose_rows(self.table, kept, attrgetter("uid"))
        if not view.signatories:
            self.empty.set_text(*UNINVITED)
        self._body.setCurrentWidget(self.table if view.signatories else self.empty)
        every, here = len(view.signatories), len(lines)
        self.count.setText(f"{every} undangan" if here == every else f"{here} dari {every}")
        self.totals.show_totals(view)
        self.totals.setVisible(bool(view.signatories))
        self.card.show_pledge(view, self.context.posko.today(), own=self.acts.own)

    def _name(self) -> str:
        return self.acts.view.row.title if self.acts.view else "Ikrar"

    def _listing(self, posko: Posko, *, progress: Progress) -> Listing:
        from posko_app.letters.pledge_papers import pledge_listing  # loads the PDF maker

        progress(0, 1)
        return pledge_listing(posko, pledge_view(posko, self.wanted))

    def _on_chooser(self) -> None:
        self.chooser.setChecked(False)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for row in self._pledges:
            said = f"{text.day_month(row.on)} · {row.title} · {row.total.invited} undangan"
            action = QAction(said, menu)
            action.setData(row.uid)
            action.setCheckable(True)
            action.setChecked(row.uid == self.wanted)
            action.triggered.connect(self._on_chosen)
            menu.addAction(action)
        menu.popup(self.chooser.mapToGlobal(QPoint(0, self.chooser.height() + 2)))

    def _on_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._open(str(action.data()))

    def _on_chip(self) -> None:
        self._filter = str(self.sender().property("code") or "")
        self._show()

    def _on_letter(self, letter: str) -> None:
        key = letter.casefold()
        if key in MARK_KEYS:
            self.acts.mark(MARK_KEYS[key])
        elif key == "m":
            self.acts.receive()
        elif key == "n":
            self.acts.add_one()

    def _on_mark(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            self._on_letter(button.hint)
            self.table.setFocus()


def _nearest(rows: tuple[PledgeRow, ...], posko: Posko) -> str:
    """The pledge that somebody opening the page works on: the latest one held, else the next."""
    held = [row.uid for row in rows if row.on <= posko.today()]
    return held[0] if held else rows[-1].uid if rows else ""


def _cut(title: str, most: int = 30) -> str:
    return title if len(title) <= most else f"{title[: most - 1]}…"


def _words(line: SignatoryRow) -> str:
    return " ".join((line.name, line.nip, line.position_title, line.agency, line.group_label))
