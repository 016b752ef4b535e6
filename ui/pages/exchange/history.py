"""The two lists of the page: what was sent and what was received."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.ledger import ACCEPTED, Ledger, PeerLine, ReceivedLine, SentLine
from posko_app.exchange.left_out import profiles
from posko_app.exchange.manifest import PROFILES
from ui import theme
from ui.table_view import TableView
from ui.tables import Column
from ui.tokens import ROW_DENSE
from ui.widgets.banner import EmptyState
from ui.widgets.cards import Card
from ui.widgets.chips import Chip

from .words import instant, office_name


class SentCard(Card):
    """Every export with its acknowledgement; `of_one` office needs no column that names it."""

    def __init__(self, posko: Posko, *, of_one: bool = False) -> None:
        super().__init__("Terkirim", icon="send", padded=False)
        self._posko, self._of_one = posko, of_one
        self._peers: Sequence[PeerLine] = ()
        self.table: TableView[SentLine] = TableView(
            (
                Column("seq", "Kiriman", lambda r: f"{r.seq:03d}" if r.seq else "–", width=66,
                       style="mono"),
                Column("to", "Tujuan", self._office, width=0,
                       tooltip=lambda r: f"{self._office(r)}\n{r.file_name}"),
                Column("made", "Dibuat", lambda r: r.made_at, lambda v: instant(posko, v),
                       width=104, style="secondary"),
                Column("rows", "Isi", lambda r: r.rows, lambda v: f"{text.thousands(v)} baris",
                       width=86, right=True, style="secondary"),
                Column("ack", "Tanda terima", self._ack, width=0 if of_one else 128,
                       style="chip",
                       sort=lambda r: r.acked_at),
            ),
            name="Kiriman yang dibuat", key=lambda r: r.uid, row_height=ROW_DENSE,
        )  # fmt: skip
        self.empty = EmptyState(
            "send", "Belum ada kiriman", "Kiriman yang dibuat tercatat di sini."
        )
        self.add(self.table, 1)
        self.add(self.empty, 1)
        self.set_ledger(Ledger((), (), ()))

    def set_ledger(self, ledger: Ledger) -> None:
        """Show the exports of a ledger."""
        self._peers = ledger.peers
        open_ones = sum(1 for line in ledger.sent if line.seq and line.acked_at is None)
        self.note.setText(f"{open_ones} menunggu tanda terima" if open_ones else "")
        _show(self.table, self.empty, ledger.sent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(580)
        hidden = {"to" if self._of_one else "", "rows" if narrow and not self._of_one else ""}
        keys = ("seq", "to", "made", "rows", "ack")
        self.table.show_columns([key for key in keys if key not in hidden])

    def _office(self, row: SentLine) -> str:
        return office_name(self._posko, row.to_code, self._peers)

    def _ack(self, row: SentLine) -> Chip:
        if not row.seq:
            label = profiles().by_code[row.profile].label if row.profile in PROFILES else ""
            return Chip("Salinan", "plain", "duplicate",
                        f"{label}. Di luar urutan, jadi tanpa tanda terima.")  # fmt: skip
        if row.acked_at is None:
            return Chip("Belum ada", "plain", "due", "Tanda terima datang bersama kiriman balasan.")
        return Chip(instant(self._posko, row.acked_at), "plain_green", "acknowledged")


class ReceivedCard(Card):
    """Every file that was taken in or refused; what can be undone offers it."""

    undo_wanted = Signal(object)  # line

    def __init__(self, posko: Posko, *, of_one: bool = False) -> None:
        super().__init__("Diterima", icon="receive", padded=False)
        self._posko = posko
        self._undoable: frozenset[str] = frozenset()
        self._peers: Sequence[PeerLine] = ()
        self.table: TableView[ReceivedLine] = TableView(
            (
                Column("seq", "Kiriman", lambda r: f"{r.seq:03d}" if r.seq else "–", width=66,
                       style="mono"),
                Column("from", "Dari", self._office, width=0,
                       tooltip=lambda r: f"{self._office(r)}\n{r.file_name}"),
                Column("at", "Diterima", lambda r: r.applied_at, lambda v: instant(posko, v),
                       width=104, style="secondary"),
                Column("result", "Hasil", outcome, width=0 if of_one else 164, style="chip",
                       sort=lambda r: (r.verdict, r.conflicts, r.rejected, r.new)),
                Column("undo", "", lambda r: "Urungkan" if r.uid in self._undoable else None,
                       width=92, style="link", sortable=False),
            ),
            name="Kiriman yang diterima", key=lambda r: r.uid, row_height=ROW_DENSE,
        )  # fmt: skip
        if of_one:
            self.table.show_columns(("seq", "at", "result", "undo"))
        self.table.link.connect(self._on_link)
        self.empty = EmptyState(
            "receive",
            "Belum ada yang diterima",
            "Jatuhkan berkas kiriman ke halaman ini, atau tekan Ctrl+I.",
        )
        self.add(self.table, 1)
        self.add(self.empty, 1)
        self.set_ledger(Ledger((), (), ()))

    def set_ledger(self, ledger: Ledger, undoable: frozenset[str] = frozenset()) -> None:
        """Show the imports of a ledger, and of which of them an undo is possible."""
        self._peers, self._undoable = ledger.peers, undoable
        offices = {line.office_code for line in ledger.received if line.verdict == ACCEPTED}
        self.note.setText(f"dari {len(offices)} kantor" if offices else "")
        _show(self.table, self.empty, ledger.received)

    def _on_link(self, row: ReceivedLine, _key: str) -> None:
        self.undo_wanted.emit(row)

    def _office(self, row: ReceivedLine) -> str:
        if not row.office_code:
            return row.file_name
        return office_name(self._posko, row.office_code, self._peers)


def outcome(row: ReceivedLine) -> Chip:
    """What became of a file; the tooltip has every count."""
    if row.verdict != ACCEPTED:
        return Chip("Ditolak", "red", "error", "Berkas ini ditolak. Data Anda tidak berubah.")
    if row.undone_at is not None:
        return Chip("Diurungkan", "plain", "undo", "Data dari kiriman ini sudah ditarik lagi.")
    counts = ((row.new, "baru"), (row.updated, "diperbarui"), (row.conflicts, "bentrok"),
              (row.rejected, "ditolak"), (row.same, "sama"))  # fmt: skip
    tooltip = "Baris data: " + ", ".join(f"{text.thousands(n)} {word}" for n, word in counts)
    first = (*counts[2:4], *counts[:2])  # what needs a look comes first
    said = [f"{text.thousands(n)} {word}" for n, word in first if n]
    tone = "plain_gold" if row.conflicts or row.rejected else "plain_green"
    icon = "attention" if row.conflicts or row.rejected else "done"
    return Chip(", ".join(said) or "Semua sama", tone, icon, tooltip)


def _show(
    table: TableView[SentLine] | TableView[ReceivedLine],
    empty: EmptyState,
    rows: Sequence[SentLine] | Sequence[ReceivedLine],
) -> None:
    table.set_rows(rows)  # type: ignore[arg-type]
    table.setVisible(bool(rows))
    empty.setVisible(not rows)
