"""Choosing messages of a WhatsApp export: who reports, which messages, with which media."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from posko_app import text as words
from posko_app.cases.chat_evidence import Picked
from posko_app.cases.chat_export import Chat, ChatLine

from . import theme
from .context import Context
from .dialogs import Sheet
from .fields import Field
from .forms import Form
from .table_view import TableView
from .tables import Column
from .widgets.buttons import Button
from .widgets.cards import Card
from .widgets.chips import Chip
from .widgets.filters import MenuFilter, SearchField
from .widgets.text import Text, hbox

WIDTH, LOW, HIGH = 960, 236, 420
REST = 364  # pixels of the window that the list leaves to everything else
EXPLAINED = (
    "Tandai pesan yang menjadi bukti. Nama dan nomor pengirim disamarkan di layar, di keterangan "
    "bukti dan di nama berkas."
)
SHOWN = (("media", "dengan media"), ("chosen", "yang ditandai"), ("people", "tanpa pemberitahuan"))
_STATES = {"no_media": "media tidak ikut", "deleted": "dihapus pengirim", "system": "pemberitahuan"}


class ChatPicker(Sheet):
    """A list of all messages; Space marks one or the range chosen with Shift, Ctrl+Enter takes."""

    picked = Signal(object)  # Picked

    def __init__(self, parent: QWidget, context: Context, chat: Chat) -> None:
        count = words.thousands(len(chat.messages))
        super().__init__(parent, f"Pilih dari {count} pesan", EXPLAINED, width=WIDTH)
        self._context, self.chat = context, chat
        self._reporter = chat.reporter()
        self.marked: set[int] = set()
        self.lines: tuple[ChatLine, ...] = ()
        self._folded: list[str] = []
        self.search = SearchField("Cari kata dalam pesan", hint="/", width=220)
        self.who_filter = MenuFilter("Pengirim", ())
        self.shown = MenuFilter("Tampil", SHOWN)
        self.form = self._make_form()
        self.table: TableView[ChatLine] = TableView(
            self._columns(), name="Pesan", key=_place, multi=True
        )
        self.detail = _Detail()
        self.original = QCheckBox("Simpan juga petikan asli (rahasia, memuat nomor pengirim)")
        self.original.setChecked(True)
        self.media = QCheckBox("Ambil medianya")
        self.media.setChecked(True)
        self.sum = Text("", "small", "text2")
        self.take = self._add_buttons()
        self._lay_out()
        self._connect()
        self._read_lines()
        self.table.choose_first()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def unsaved(self) -> bool:
        """Nothing is lost by leaving: its fields are filters, and the chat is still in its file."""
        return False

    # --- what is shown --------------------------------------------------------------------------

    def filter(self) -> None:
        """Show the messages that all filters let through; marks stay."""
        wanted = words.fold(self.search.text())
        first, last = self.form.value("first"), self.form.value("last")
        who, shown = self.who_filter.code, self.shown.code
        rows = [
            line
            for line, folded in zip(self.lines, self._folded, strict=True)
            if (not wanted or wanted in folded)
            and (not who or line.who == who)
            and (not shown or _is_shown(line, shown, self.marked))
            and (first is None or (line.at is not None and line.at.date() >= first))
            and (last is None or (line.at is not None and line.at.date() <= last))
        ]
        self.table.set_rows(rows)
        self._say_sum()

    def mark(self, lines: Sequence[ChatLine]) -> None:
        """Mark these messages, or free them all when they are marked already."""
        places = {line.place for line in lines if line.state != "system"}
        if places <= self.marked:
            self.marked -= places
        else:
            self.marked |= places
        self.table.viewport().update()
        self._say_sum()

    def _read_lines(self) -> None:
        self.lines = self.chat.lines(self._reporter)
        self._folded = [words.fold(line.text) for line in self.lines]
        people = dict.fromkeys(line.who for line in self.lines if line.who)
        hints = {line.who: line.hint for line in self.lines if line.who}
        self.who_filter.set_choices([(who, f"{who} · {hints[who]}") for who in people])
        self.filter()

    def _say_sum(self) -> None:
        files = [self.lines[place - 1] for place in self.marked if self.lines[place - 1].media]
        size = sum(line.size for line in files)
        said = f"{words.thousands(len(self.marked))} pesan ditandai"
        if files:
            said += f", {len(files)} media {words.file_size(size)}"
        count = len(self.table.rows.rows)
        self.sum.setText(f"{said} · {words.thousands(count)} pesan tampil")
        self.take.setText(f"Ambil {words.thousands(len(self.marked))} pesan")
        self.take.updateGeometry()
        self.take.set_why_disabled("" if self.marked else "Tandai pesannya dulu dengan spasi.")

    def _columns(self) -> tuple[Column[ChatLine], ...]:
        marked = self.marked
        today = self._context.posko.today()
        return (
            Column("mark", "", lambda m: m.place in marked, width=36, style="check",
                   sortable=False),
            Column("at", "Waktu", lambda m: m.at, show=lambda at: _when(at, today.year), width=132,
                   sortable=False),
            Column("who", "Pengirim", lambda m: m.who or "WhatsApp", width=92, sortable=False,
                   tooltip=lambda m: m.hint, style="secondary"),
            Column("text", "Isi", lambda m: m.text or _STATES.get(m.state, ""), width=0,
                   sortable=False, tone=lambda m: "text3" if m.state else ""),
            Column("media", "Media", _media, width=128, style="chip", sortable=False),
        )  # fmt: skip

    # --- building -------------------------------------------------------------------------------

    def _make_form(self) -> Form:
        hidden = self.chat.disguise(self._reporter)
        people = [(str(n), f"Pengirim {n} · {hidden.hint(sender)}")
                  for n, sender in enumerate(self.chat.senders, 1)]  # fmt: skip
        form = Form(
            [Field(key="who", label="Pelapor adalah", kind="combo", width=6, choices=people),
             Field(key="first", label="Dari tanggal", kind="date", width=3, optional=True),
             Field(key="last", label="Sampai tanggal", kind="date", width=3, optional=True)],
            today=self._context.posko.today(),
        )  # fmt: skip
        if self._reporter:
            form.set_values({"who": str(self.chat.senders.index(self._reporter) + 1)})
        return form

    def _add_buttons(self) -> Button:
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.submit_button("Ambil")
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        yes.clicked.connect(self._on_take)
        return yes

    def _lay_out(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        card.setFixedHeight(self._height())
        tools = hbox(self.search, self.who_filter, self.shown, None)
        self.body.addWidget(self.form)
        self.body.addLayout(tools)
        self.body.addWidget(card)
        self.body.addWidget(self.detail)
        self.body.addLayout(hbox(self.media, 8, self.original, None, self.sum))

    def _height(self) -> int:
        """The list takes what the window has, within bounds."""
        above = self.parentWidget()
        room = above.height() - theme.px(REST) if above is not None else 0
        return max(theme.px(LOW), min(theme.px(HIGH), room))

    def _connect(self) -> None:
        self.search.wanted.connect(self._on_wanted)
        self.search.list_wanted.connect(self.table.setFocus)
        self.who_filter.chosen.connect(self._on_wanted)
        self.shown.chosen.connect(self._on_wanted)
        self.form.settled.connect(self._on_settled)
        self.table.toggled.connect(self._on_toggled)
        self.table.opened.connect(self._on_opened)
        self.table.stepped.connect(self._on_stepped)
        self.table.letter.connect(self._on_letter)
        self.table.current_changed.connect(self.detail.show_line)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.activated.connect(self.search.setFocus)

    def _on_wanted(self, _text: str) -> None:
        self.filter()

    def _on_letter(self, letter: str) -> None:
        if letter == "/":
            self.search.setFocus()

    def _on_settled(self, key: str) -> None:
        code = str(self.form.value("who") or "")
        if key == "who" and code.isdecimal():
            reporter = self.chat.senders[int(code) - 1]
            if reporter != self._reporter:
                self._reporter = reporter
                self.who_filter.set_code("")
                self._read_lines()
            return
        self.filter()

    def _on_toggled(self, line: ChatLine, _key: str) -> None:
        chosen = self.table.selected()
        self.mark(chosen if len(chosen) > 1 and line in chosen else [line])

    def _on_opened(self, line: ChatLine) -> None:
        self.mark([line])

    def _on_stepped(self, _line: ChatLine) -> None:
        self.take.click()

    def _on_take(self) -> None:
        self.picked.emit(
            Picked(
                tuple(sorted(self.marked)),
                self._reporter,
                original=self.original.isChecked(),
                media=self.media.isChecked(),
            )
        )
        self.accept()


class _Detail(QPlainTextEdit):
    """The whole of the message with the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setProperty("readOnly", True)
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.px(58))
        self.setAccessibleName("Isi lengkap pesan")

    def show_line(self, line: ChatLine | None) -> None:
        """Show a message, or nothing."""
        self.setPlainText((line.text or _STATES.get(line.state, "")) if line else "")


def _place(line: ChatLine) -> int:
    return line.place


def _when(at: datetime, year: int) -> str:
    day = words.day_month(at.date()) if at.year == year else words.numeric_date(at.date())
    return f"{day} · {words.clock(at)}"


def _media(line: ChatLine) -> Chip | None:
    if not line.media:
        return None
    return Chip(f"{line.media} · {words.file_size(line.size)}", "gray", "evidence")


def _is_shown(line: ChatLine, shown: str, marked: set[int]) -> bool:
    if shown == "media":
        return bool(line.media)
    if shown == "chosen":
        return line.place in marked
    return line.state != "system"
