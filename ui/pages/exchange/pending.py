"""The tab Menunggu: hand edits that nobody answered, and records that wait for their case."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QScrollArea

from posko_app import text
from posko_app.cases.filters import CaseFilter
from posko_app.cases.queries import count_cases
from posko_app.exchange.manifest import shipment
from posko_app.exchange.package.standing import PackageState, ask_again, packages
from posko_app.exchange.pending import (
    MOST,
    EarlyRecords,
    PendingEdit,
    answer_edit,
    ask_again_later,
    early_records,
    pending_edits,
)
from posko_app.exchange.proposals import NEW_ROWS
from ui import theme
from ui.context import Context
from ui.table_view import HEADER_HEIGHT, TableView
from ui.tables import Column
from ui.tokens import ROW_DENSE
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.keys import bind
from ui.widgets.rows import Rows, TwoLines
from ui.widgets.text import Fact, Facts, Text, box, hbox, vbox

from .words import instant, office_name, why_not

WHY = {
    "no_parent": "Menunggu laporan induknya; masuk sendiri bila laporan itu tiba.",
    "unknown_table": "Menunggu Posko yang lebih baru; tersimpan dan ikut diteruskan.",
}
TORN = "Ditunda saat kiriman diterapkan; kedua nilainya tersimpan sampai dipilih."
EMPTY = "(kosong)"
ROW_LINES, SHOWN = 47, 2  # pixels of a row with its line, rows seen without scrolling
MOST_SAID = 140  # characters of a value below the list; the whole stands in the tooltip of its cell


class PendingCard(Card):
    """One line per hand edit with its three values; below, the chosen one and its two answers."""

    def __init__(self, context: Context) -> None:
        super().__init__("Usulan yang menunggu", icon="edit", padded=False)
        self._context, self._posko = context, context.posko
        self.count = 0  # of edits and of groups of records that wait
        self.table: TableView[PendingEdit] = TableView(
            (
                Column("number", "No.", lambda r: _short(r), width=60, style="mono",
                       sortable=False, tooltip=lambda r: r.number),
                Column("field", "Ruas", lambda r: f"{r.edit.heading} · {r.edit.record}", width=0,
                       sortable=False, tooltip=lambda r: f"{r.edit.record}\n{r.edit.place}"),
                Column("base", "Semula", base_of, width=112, style="secondary", sortable=False,
                       tooltip=base_of),
                Column("theirs", "Di berkas", theirs_of, width=112, sortable=False,
                       tooltip=theirs_of),
                Column("mine", "Di sini", mine_of, width=112, style="secondary", sortable=False,
                       tooltip=mine_of),
            ),
            name="Usulan yang menunggu", key=lambda r: r.edit.fingerprint, row_height=ROW_DENSE,
        )  # fmt: skip
        self.empty = EmptyState(
            "done", "Tidak ada yang menunggu",
            "Perubahan yang diketik orang di berkas dan belum dijawab berkumpul di sini.",
        )  # fmt: skip
        self.facts = Facts(key_width=84)
        self.reason = Text("", "small", "text2", wrap=True)
        self.refuse = Button("Tolak", hint="Ctrl+←", small=True)
        self.accept = Button("Terima", hint="Ctrl+→", small=True)
        self.open_case = Button("Buka perkara", small=True)
        self.asks: list[Button] = []  # of the rows below the list
        self.early = Card("Masih kurang", icon="due", padded=False)
        self._early_rows, self._scroll = Rows(), QScrollArea()
        self._lacking: dict[str, PackageState] = {}
        self._build()

    def reload(self) -> None:
        """Show what waits now."""
        early = early_records(self._posko)
        lacking = [state for state in packages(self._posko) if not state.complete]
        allowed = not why_not(self._posko, "exchange.import")
        edits = pending_edits(self._posko) if allowed else ()
        torn = count_cases(self._posko, CaseFilter(view="all", conflicts=True))
        self.count = len(edits) + len(early) + len(lacking) + torn
        first = (
            " pertama" if len(edits) == MOST else ""
        )  # the others follow when these are answered
        self.note.setText(f"{text.thousands(len(edits))} usulan{first}" if edits else "")
        self.table.set_rows(edits)
        if edits and self.table.row() is None:
            self.table.choose_first()
        for part in (self.table, self._detail):
            part.setVisible(bool(edits))
        self.empty.setVisible(not edits)
        self._show_early(early, lacking, torn)
        self._show_row(self.table.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= theme.px(560)
        self.table.show_columns(("number", "field", "base", "theirs", "mine") if wide
                                else ("field", "theirs", "mine"))  # fmt: skip

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        answers = hbox(self.open_case, None, self.refuse, self.accept, gap=8)
        self._detail = box(vbox(self.facts, self.reason, answers, gap=6,
                                margins=(12, 8, 12, 10)), "alt")  # fmt: skip
        self.add(self.table, 1)
        self.add(self.empty, 1)
        self.add(self._detail)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(box(vbox(self._early_rows, None), "surface"))
        self.early.add(self._scroll)
        self.table.setMinimumHeight(theme.px(HEADER_HEIGHT + 2 * ROW_DENSE))
        self.table.current_changed.connect(self._show_row)
        self.table.opened.connect(self._on_open_case)
        self.refuse.clicked.connect(self._on_refuse)
        self.accept.clicked.connect(self._on_accept)
        self.open_case.clicked.connect(self._on_open_case)
        bind(self, "all_ours", self._on_refuse)
        bind(self, "all_theirs", self._on_accept)

    def _show_row(self, row: PendingEdit | None) -> None:
        if row is None:
            return
        edit = row.edit
        facts: list[Fact] = [("Letak", f"{edit.place}, {self._source(row)}")]
        if edit.kind in NEW_ROWS:
            facts.append(("Isi baris", _cut(edit.theirs_text)))
        else:
            facts += [("Semula", _cut(base_of(row))), ("Di berkas", _cut(theirs_of(row))),
                      ("Di sini", _cut(mine_of(row)))]  # fmt: skip
        self.facts.set_rows(facts)
        moved = "Nilai di sini sudah berubah sejak berkas itu dibuat." if edit.differs else ""
        said = edit.reason or (moved if edit.kind not in NEW_ROWS else "")
        self.reason.setText(said)
        self.reason.set_tone("red" if edit.reason else "gold")
        self.reason.setVisible(bool(said))
        self.accept.set_why_disabled("" if edit.acceptable else edit.reason)
        self.open_case.setVisible(bool(edit.case_uid))

    def _show_early(
        self, early: Sequence[EarlyRecords], lacking: Sequence[PackageState], torn: int
    ) -> None:
        self._lacking, self.asks = {}, []
        rows = [self._torn_row(torn)] if torn else []
        rows += [self._package_row(state) for state in lacking]
        for group in early:
            counts = ", ".join(f"{text.thousands(n)} {noun}" for noun, n in group.counts.items())
            sender = office_name(self._posko, group.office_code) if group.office_code else ""
            source = " · ".join(filter(None, (sender, shipment(group.seq), self._when(group))))
            line = TwoLines("due", f"{counts}, {source}", WHY[group.why])
            line.setToolTip(group.file_name)
            rows.append(line)
        self._early_rows.set_rows(rows)
        self._scroll.setFixedHeight(theme.px(ROW_LINES) * min(len(rows), SHOWN))
        said = [f"{text.thousands(torn)} perkara bentrok"] if torn else []
        if lacking:
            said.append(f"{text.thousands(len(lacking))} paket bukti")
        if total := sum(sum(group.counts.values()) for group in early):
            said.append(f"{text.thousands(total)} baris data")
        self.early.note.setText(", ".join(said))
        self.early.setVisible(bool(said))

    def _torn_row(self, torn: int) -> TwoLines:
        """Conflicts that were put off, with the way to their list."""
        show = Button("Buka daftar", small=True)
        show.setObjectName("torn")
        show.clicked.connect(self._on_torn)
        said = f"{text.thousands(torn)} perkara masih bentrok"
        show.setAccessibleName(f"Buka daftar: {said}")
        self.asks.append(show)
        return TwoLines("attention", said, TORN, show)

    def _on_torn(self) -> None:
        self._context.open("cases", view="all", conflicts="yes")

    def _package_row(self, state: PackageState) -> TwoLines:
        """A package that lacks parts, with the message that asks for them."""
        sender = office_name(self._posko, state.office)
        ask = Button("Salin pesan", small=True)
        ask.setObjectName(state.group)
        ask.setAccessibleName(f"Salin pesan minta ulang: {sender}")
        ask.clicked.connect(self._on_ask)
        ask.setVisible(bool(state.missing))
        self._lacking[state.group] = state
        self.asks.append(ask)
        return TwoLines("evidence", f"Paket bukti dari {sender}", f"{state.sentence}.", ask)

    def _on_ask(self) -> None:
        state = self._lacking[self.sender().objectName()]
        QGuiApplication.clipboard().setText(ask_again(self._posko, state))
        self._context.say("Pesan disalin. Tempel di WhatsApp.")

    def _source(self, row: PendingEdit) -> str:
        if row.office_code:
            return f"dari {office_name(self._posko, row.office_code)}"
        return f"berkas {row.file_name}" if row.file_name else "berkas tanpa pengirim"

    def _when(self, group: EarlyRecords) -> str:
        return instant(self._posko, group.came_at) if group.came_at else ""

    def _on_open_case(self, _row: object = None) -> None:
        row = self.table.row()
        if row is not None and row.edit.case_uid:
            self._context.open("case", uid=row.edit.case_uid)

    def _on_accept(self) -> None:
        self._answer(accept=True)

    def _on_refuse(self) -> None:
        self._answer(accept=False)

    def _answer(self, *, accept: bool) -> None:
        row = self.table.row()
        if row is None or not self.isVisible() or (accept and not row.edit.acceptable):
            return
        place = self.table.current_place
        if not self._context.attempt(answer_edit, row.edit, accept=accept):
            self.reload()
            return
        self.reload()
        left = len(self.table.rows.rows)
        if left:
            self.table.selectRow(min(place, left - 1))
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if accept:
            self._context.say(f"Usulan diterima: {row.edit.heading}.")
        else:
            undo = partial(self._context.attempt, ask_again_later, row.edit.fingerprint)
            self._context.say(f"Usulan ditolak: {row.edit.heading}.", undo)


def base_of(row: PendingEdit) -> str:
    """What the file's own machine layer said."""
    if row.edit.kind in NEW_ROWS:
        return "baris baru"
    return (row.edit.base_text or EMPTY) if row.edit.base_known else "tidak diketahui"


def theirs_of(row: PendingEdit) -> str:
    """What somebody typed."""
    return row.edit.theirs_text or EMPTY


def mine_of(row: PendingEdit) -> str:
    """What stands here now."""
    return "–" if row.edit.kind in NEW_ROWS else row.edit.mine_text or EMPTY


def _cut(said: str) -> str:
    """A value that leaves room for the list."""
    flat = " ".join(said.split())
    return flat if len(flat) <= MOST_SAID else f"{flat[:MOST_SAID].rstrip()}…"


def _short(row: PendingEdit) -> str:
    """The running part of the number; of findings with their letter, as lists say it."""
    seq, _, rest = row.number.partition("/")
    if rest.startswith("TM/"):
        return f"T-{seq.removeprefix('0')}"
    return seq or "–"
