"""The table of offices: what came and went last, what is missing, and the one thing to do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.neighbours import SILENT_DAYS, OfficeLine, listed
from posko_app.exchange.nil import NilReport
from ui import theme
from ui.inbox import Waiting
from ui.table_view import TableView
from ui.tables import Column
from ui.tokens import ROW_DENSE
from ui.widgets.cards import Card
from ui.widgets.chips import Chip

from .words import day, instant, office_name

ACTS = {"preview": "Pratinjau", "ask": "Minta ulang", "remind": "Salin pengingat",
        "open": "Lihat"}  # fmt: skip
STATES = {
    "ahead": Chip("Ambil kembali data", "red", "error",
                  "Kantor ini memegang data kita yang lebih baru daripada yang ada di sini."),
    "twin": Chip("Identitas ganda", "red", "error",
                 "Satu identitas komputer dipakai dua komputer di kantor itu."),
    "key": Chip("Kunci belum cocok", "gold", "key",
                "Enam kata sidik jari belum dibandingkan dengan kantor itu."),
    "never": Chip("Belum ada kiriman", "plain", "missing"),
    "complete": Chip("Lengkap", "plain_green", "acknowledged"),
}  # fmt: skip
ROOM = {"office": 0, "seq": 480, "last": 560, "sent": 600, "state": 0, "act": 400}
"""Columns, and the width of the card from which on there is room for each."""
SHORT = {2: "Prov. "}
FINE = frozenset({"complete", "unconfirmed"})


class OfficesCard(Card):
    """Every office with its state; Enter opens its ledger, the link does what is needed."""

    wanted = Signal(str, str)  # office code; ask, remind, preview or open
    opened = Signal(str)  # office code

    def __init__(self, posko: Posko) -> None:
        super().__init__("Kantor lain", icon="office", padded=False)
        self._posko = posko
        self._waiting: Collection[str] = frozenset()
        self._nil: dict[str, NilReport] = {}
        self.table: TableView[OfficeLine] = TableView(
            (
                Column("office", "Kantor", self._short, width=0,
                       tooltip=lambda r: f"{r.name}\nKode {r.code}"),
                Column("seq", "Paket", lambda r: r.received_seq or None, lambda v: f"{v:03d}",
                       width=54, style="mono"),
                Column("last", "Diterima", lambda r: r.received_at, lambda v: day(posko, v),
                       width=66, style="secondary",
                       tooltip=lambda r: instant(posko, r.received_at) if r.received_at else ""),
                Column("sent", "Dikirim", lambda r: r.sent_at, lambda v: day(posko, v),
                       width=66, style="secondary",
                       tooltip=lambda r: instant(posko, r.sent_at) if r.sent_at else ""),
                Column("state", "Keadaan", self.state_chip, width=178, style="chip",
                       sort=lambda r: (r.state in FINE, r.state, r.code)),
                Column("act", "Tindakan", self._act, width=116, style="link", sortable=False),
            ),
            name="Kantor lain", key=lambda r: r.code, row_height=ROW_DENSE,
        )  # fmt: skip
        self.add(self.table, 1)
        self.table.opened.connect(self._on_opened)
        self.table.link.connect(self._on_link)

    def set_lines(self, lines: Sequence[OfficeLine], nil: Sequence[NilReport] = ()) -> None:
        """Show these offices, and who of them reported that there was nothing."""
        self._nil = {report.office_code: report for report in reversed(nil)}
        current = [line for line in lines if line.state in FINE or self._fresh_nil(line)]
        self.note.setText(f"{len(current)} dari {len(lines)} kantor terkini" if lines else "")
        self.table.set_rows(lines)

    def set_waiting(self, files: Sequence[Waiting]) -> None:
        """Mark the offices whose files wait to be read."""
        self._waiting = frozenset(file.sender for file in files if file.sender)
        self.table.set_rows(self.table.rows.rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        keys = [key for key, least in ROOM.items() if self.width() >= theme.px(least)]
        self.table.show_columns(keys)

    def state_chip(self, line: OfficeLine) -> Chip:
        """What needs attention most; the rest stands on the page of the office."""
        if line.code in self._waiting and line.state in (*FINE, "silent", "never"):
            return Chip("Menunggu pratinjau", "blue", "unread")
        nil = self._fresh_nil(line)
        if nil is not None:
            return Chip(f"Nihil s.d. {day_of(nil.until)}", "plain_green", "done", nil_words(nil))
        return state_chip(line)

    def _fresh_nil(self, line: OfficeLine) -> NilReport | None:
        """The Nihil report that speaks for a silent office, while it is not older than silence."""
        nil = self._nil.get(line.code)
        if nil is None or line.state not in ("silent", "never"):
            return None
        return nil if (self._posko.today() - nil.until).days < SILENT_DAYS else None

    def _short(self, line: OfficeLine) -> str:
        """The place alone, of provinces with what they are; of this office its other computers."""
        if line.code == self._posko.office.code:
            return office_name(self._posko, line.code)
        region = self._posko.regions.get(line.code)
        return f"{SHORT.get(len(line.code), '')}{region.name}" if region else line.name

    def _act(self, line: OfficeLine) -> str:
        act = self.act_of(line)
        if act == "ask" and line.state == "ahead":
            return "Minta kembali"
        if act == "ask" and len(line.gaps) < 3:
            return f"Minta {listed(line.gaps)}"
        return ACTS[act]

    def act_of(self, line: OfficeLine) -> str:
        """What the link of a row does."""
        if line.code in self._waiting and line.state in (*FINE, "silent", "never"):
            return "preview"
        if line.state in ("gap", "ahead"):
            return "ask"
        if self._fresh_nil(line) is not None:
            return "open"
        if line.state == "silent" or (line.state == "never" and line.below):
            return "remind"
        return "open"

    def _on_opened(self, line: OfficeLine) -> None:
        self.opened.emit(line.code)

    def _on_link(self, line: OfficeLine, _column: str) -> None:
        self.wanted.emit(line.code, self.act_of(line))


def nil_words(nil: NilReport) -> str:
    """A Nihil report in one line: `Semuanya nihil, 1 sampai 14 Okt`."""
    return f"{nil.what}: nihil, {day_of(nil.since)} sampai {day_of(nil.until)}"


def day_of(day_: date) -> str:
    """A day without its weekday: `14 Okt`."""
    return f"{day_.day} {text.SHORT_MONTHS[day_.month - 1]}"


def state_chip(line: OfficeLine) -> Chip:
    """The state of an office in two or three words."""
    if line.state == "gap":
        missing, count = listed(line.gaps), len(line.gaps)
        said = f"{count} paket belum ada" if count > 2 else f"Paket {missing} belum ada"
        return Chip(said, "gold", "attention",
                    f"Kiriman {missing} dari kantor ini belum diterima.")  # fmt: skip
    if line.state == "silent":
        return Chip(f"{line.silent_days} hari tanpa kabar", "red", "overdue")
    if line.state == "unconfirmed":
        count = len(line.open)
        return Chip("Menunggu tanda terima", "plain", "due",
                    f"{count} kiriman ke kantor ini belum dikonfirmasi.")  # fmt: skip
    return STATES[line.state]
