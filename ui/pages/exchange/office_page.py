"""The ledger of one office: its devices and keys, what went to it and what came from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.errors import Problem, UserError
from posko_app.exchange.ack import accept_ack, ask_back, make_acks
from posko_app.exchange.ledger import Ledger
from posko_app.exchange.neighbours import DeviceLine, OfficeLine, ask_again, reminder
from posko_app.exchange.nil import NilReport
from ui import dialogs, theme
from ui.context import Context
from ui.fields import Field
from ui.table_view import TableView
from ui.tables import Column
from ui.tokens import ROW_DENSE
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, PageHead
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.rows import Rows, TwoLines
from ui.widgets.text import hbox, vbox

from .history import ReceivedCard, SentCard
from .offices import nil_words, state_chip
from .trust_sheet import ask_retire
from .words import instant, why_not

KEYS = {
    "confirmed": Chip("Dicocokkan", "plain_green", "registered"),
    "two": Chip("Disetujui dua orang", "plain_green", "registered"),
    "alone": Chip("Disetujui satu orang", "plain_gold", "attention"),
    "roster": Chip("Dijamin kantor lain", "plain_green", "shield"),
    "revoked": Chip("Dicabut", "plain_red", "error"),
    "unknown": Chip("Belum dicocokkan", "plain_gold", "attention"),
}


MOST_NIL = 3  # reports of nothing that are shown
HINTS = ("Esc", "Ctrl+Enter")


class DevicesCard(Card):
    """The devices of an office, their six words and why they are trusted."""

    def __init__(self, posko: Posko) -> None:
        super().__init__("Perangkat dan kunci", icon="key", padded=False)
        self._posko = posko
        self.table: TableView[DeviceLine] = TableView(
            (
                Column("device", "Perangkat", lambda r: r.device_id, width=92, style="mono",
                       tone=lambda r: "text3" if r.retired else ""),
                Column("words", "Enam kata sidik jari", lambda r: " ".join(r.words), width=0,
                       tooltip=lambda r: " ".join(r.words)),
                Column("key", "Kunci", self._key, width=166, style="chip"),
                Column("seen", "Terakhir", lambda r: r.seen_at, lambda v: instant(posko, v),
                       width=104, style="secondary"),
            ),
            name="Perangkat kantor ini", key=lambda r: r.device_id, row_height=ROW_DENSE,
        )  # fmt: skip
        self.empty = EmptyState(
            "key",
            "Belum ada perangkat yang dikenal",
            "Kunci kantor ini dikenal setelah kiriman pertamanya diterima.",
        )
        self.renew = Button("Perbarui kunci…", icon="key", small=True)
        self.retire = Button("Perangkat tidak dipakai lagi…", small=True)
        self.add(self.table, 1)
        self.add(self.empty, 1)
        self.set_foot(hbox(self.renew, self.retire, None, gap=8), 44)

    def set_devices(self, devices: tuple[DeviceLine, ...]) -> None:
        """Show these devices."""
        self.table.set_rows(devices)
        self.table.setVisible(bool(devices))
        self.empty.setVisible(not devices)
        if devices and self.table.row() is None:
            self.table.choose_first()

    def _key(self, device: DeviceLine) -> Chip:
        shown = KEYS[device.key]
        if device.twin:
            shown = Chip("Identitas ganda", "plain_red", "error")
        elif device.retired and device.key != "revoked":
            shown = Chip("Tidak dipakai lagi", "plain", "history")
        return replace(shown, tooltip=self._who(device))

    def _who(self, device: DeviceLine) -> str:
        """Who decided, when and why."""
        if device.decided_at is None:
            return "Belum ada yang membandingkan enam katanya."
        when = instant(self._posko, device.decided_at)
        if device.key == "roster":
            return f"Dijamin perangkat {device.signed_by}, {when}."
        people = " dan ".join(name for name in (device.decided_by, device.second_by) if name)
        reason = f" Alasan: {device.reason}." if device.reason else ""
        return f"Oleh {people or 'daftar kunci kantor lain'}, {when}.{reason}"


class OfficeView(QWidget):
    """One office; Esc goes back to the table of offices."""

    closed = Signal()
    renew_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._posko = context, context.posko
        self.line: OfficeLine | None = None
        self.state = ChipLabel()
        self.back = Button("Kembali", icon="back", hint="Esc")
        self.copy_ack = Button("Salin tanda terima", icon="duplicate", small=True)
        self.take_ack = Button("Catat tanda terima", icon="acknowledged", small=True)
        self.ask = Button("Minta kirim ulang", icon="message", hint="Ctrl+Enter", kind="primary")
        self.head = PageHead(" ", " ", actions=[self.state, self.back, self.ask])
        self.devices = DevicesCard(self._posko)
        self.sent = SentCard(self._posko, of_one=True)
        self.received = ReceivedCard(self._posko, of_one=True)
        self.nil = Card("Laporan nihil", icon="done", padded=False)
        self._nil_rows = Rows()
        self._build()

    # --- what the page calls --------------------------------------------------------------------

    def show_office(
        self,
        line: OfficeLine,
        ledger: Ledger,
        undoable: frozenset[str],
        nil: Sequence[NilReport] = (),
    ) -> None:
        """Show an office with its part of the ledger."""
        self.line = line
        self.head.set_text(line.name, f"Kode {line.code} · {self._last(line)}")
        self.state.set_chip(state_chip(line))
        self.devices.set_devices(line.devices)
        mine = Ledger(
            tuple(s for s in ledger.sent if s.to_code == line.code),
            tuple(r for r in ledger.received if r.office_code == line.code),
            ledger.peers,
        )
        self.sent.set_ledger(mine)
        self.received.set_ledger(mine, undoable)
        self.received.note.setText("")
        self._show_nil([report for report in nil if report.office_code == line.code])
        reason = why_not(self._posko, "exchange.import")
        nothing = "" if line.received_seq else "Belum ada kiriman lengkap dari kantor ini."
        self.copy_ack.set_why_disabled(reason or nothing)
        self.take_ack.set_why_disabled(reason)
        self.devices.renew.set_why_disabled(reason)
        self.devices.retire.set_why_disabled(reason or ("" if line.devices else "Belum ada."))

    def panes(self) -> list[QWidget]:
        """The parts that F6 goes round."""
        return [self.devices.table, self.sent.table, self.received.table, self.back]

    def copy_request(self) -> None:
        """Put the message that asks for what is missing into the clipboard."""
        if self.line is not None:
            copy_message(self._context, self.line)

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        lists = vbox(gap=12)
        self.sent.set_foot(hbox(self.take_ack, None), 44)
        self.received.set_foot(hbox(self.copy_ack, None), 44)
        lists.addWidget(self.sent, 1)
        lists.addWidget(self.received, 1)
        work = hbox(gap=12, margins=(16, 0, 16, 14))
        self.nil.add(self._nil_rows)
        left = vbox(gap=12)
        left.addWidget(self.devices, 1)
        left.addWidget(self.nil)
        work.addLayout(left, 6)
        work.addLayout(lists, 5)
        whole = vbox(self.head)
        whole.addLayout(work, 1)
        self.setLayout(whole)
        self.back.clicked.connect(self.closed)
        self.ask.clicked.connect(self.copy_request)
        self.take_ack.clicked.connect(self._on_take)
        self.copy_ack.clicked.connect(self._on_copy_ack)
        self.devices.renew.clicked.connect(self.renew_wanted)
        self.devices.retire.clicked.connect(self._on_retire)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(1100)
        for button in (self.back, self.ask):
            button.hint = "" if narrow else HINTS[button is self.ask]
            button.updateGeometry()
        columns = ("device", "words", "key") if narrow else ("device", "words", "key", "seen")
        self.devices.table.show_columns(columns)

    def _show_nil(self, reports: Sequence[NilReport]) -> None:
        """The latest times when this office reported that there was nothing."""
        rows = []
        for report in reports[:MOST_NIL]:
            taken = instant(self._posko, report.taken_at)
            rows.append(TwoLines("done", nil_words(report), f"diterima {taken}"))
        self._nil_rows.set_rows(rows)
        self.nil.note.setText(f"{len(reports)} kali" if len(reports) > 1 else "")
        self.nil.setVisible(bool(reports))

    def _last(self, line: OfficeLine) -> str:
        def day(moment: datetime | None) -> str:
            return instant(self._posko, moment) if moment else "belum pernah"

        return f"terakhir dikirim {day(line.sent_at)} · terakhir diterima {day(line.received_at)}"

    def _on_take(self) -> None:
        take_receipt(self, self._context)

    def _on_copy_ack(self) -> None:
        if self.line is None:
            return
        acks = self._context.run(make_acks, self.line.code)
        if acks:
            QGuiApplication.clipboard().setText("\n".join(ack.text for ack in acks))
            self._context.say("Tanda terima disalin. Tempel di WhatsApp.")

    def _on_retire(self) -> None:
        device = self.devices.table.row()
        if self.line is not None and device is not None:
            ask_retire(self, self._context, self.line.name, device)


def copy_message(context: Context, line: OfficeLine) -> None:
    """Copy the message that fits: ask for what is missing, or remind of a file."""
    if line.state == "ahead":
        said = context.run(ask_back, line.code)
    elif line.gaps or (line.received_seq and line.state != "silent"):
        said = ask_again(context.posko, line)
    else:
        said = reminder(context.posko, line)
    if said is None:
        return
    QGuiApplication.clipboard().setText(said)
    context.say("Pesan disalin. Tempel di WhatsApp.")


def take_receipt(parent: QWidget, context: Context) -> None:
    """Ask for the text of a receipt and take it in; what is wrong with it stands at the field."""
    said: list[str] = []

    def submit(values: dict[str, object]) -> tuple[Problem, ...]:
        try:
            said.append(accept_ack(context.posko, str(values["text"])).sentence)
        except UserError as error:
            return (Problem("text", error.message),)
        return ()

    field = Field(key="text", label="Teks tanda terima", kind="multiline", lines=5, mono=True,
                  missing="Tempel teks tanda terima dari WhatsApp.")  # fmt: skip
    dialogs.ask_form(
        parent, "Catat tanda terima", [field], today=context.posko.today(),
        act="Catat tanda terima", submit=submit,
        text="Tempel pesan dari kantor lain yang dimulai dengan “Tanda terima Posko”.",
    )  # fmt: skip
    if said:
        context.say(said[-1])
