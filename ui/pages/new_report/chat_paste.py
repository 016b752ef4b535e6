"""The dialog that shows what a message proposes; nothing is filled in that was not ticked here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from posko_app.app import Posko
from posko_app.cases.chat_fields import Split, split_text
from ui import theme
from ui.dialogs import Sheet
from ui.fields import Field
from ui.forms import Form
from ui.table_view import TableView
from ui.tables import Column
from ui.tokens import ROW_TWO_LINES
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.text import Text, hbox, vbox

from .entry import Entry
from .paste import Offer, offers, toggled, with_story

WIDTH, LOW, HIGH = 940, 300, 440
REST = 290  # pixels of the window that the lists leave to everything else
EXPLAINED = (
    "Centang yang benar. Nomor dan nama pengirim masuk ke bagian Pelapor saja dan disamarkan "
    "di sini serta di uraian."
)
CUT = "Pesannya sangat panjang. Hanya bagian awalnya yang diurai; semuanya ada di petikan bukti."


class PasteSheet(Sheet):
    """A message at the left, its proposals at the right; Space ticks, Ctrl+Enter fills them in."""

    taken = Signal(object, object)  # Split, the offers as ticked

    def __init__(
        self, parent: QWidget, posko: Posko, entry: Entry, text: str, reporter: str | None = None
    ) -> None:
        super().__init__(parent, "Periksa isi pesan", EXPLAINED, width=WIDTH)
        self._posko, self._entry, self._text = posko, entry, text
        self.split: Split = split_text(posko, text, reporter=reporter)
        self.offered: list[Offer] = []
        self.message = MessageView()
        self.table: TableView[Offer] = TableView(_COLUMNS, name="Usulan isian", key=_place,
                                                 row_height=ROW_TWO_LINES)  # fmt: skip
        self.who = self._sender_form()
        no = self.add_button("Tidak jadi", kind="flat")
        self.fill = self.submit_button("Isi")
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        self.fill.clicked.connect(self._on_fill)
        self._lay_out()
        self.table.toggled.connect(self._on_toggled)
        self.table.opened.connect(self._on_opened)
        self.table.stepped.connect(self._on_stepped)
        self.table.current_changed.connect(self._on_current)
        self.show_split(self.split)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_split(self, split: Split) -> None:
        """Show a message as it was taken apart."""
        self.split = split
        self.message.show_lines(split)
        self._show(offers(self._entry, split, self._posko))
        self.table.choose_first()

    def _show(self, offered: Sequence[Offer]) -> None:
        self.offered = with_story(offered, self.split)
        self.table.set_rows(self.offered)
        count = sum(offer.ticked for offer in self.offered)
        self.fill.setText(f"Isi {count} ruas")
        self.fill.updateGeometry()
        self.fill.set_why_disabled("" if count else "Centang paling sedikit satu usulan.")

    def _sender_form(self) -> Form | None:
        known = self.split.disguise.senders
        if len(known) < 2:
            return None
        choices = [(str(n), self._called(n, sender)) for n, sender in enumerate(known, 1)]
        form = Form(
            [Field(key="who", label="Pelapor adalah", kind="combo", choices=choices)],
            today=self._posko.today(),
        )
        form.set_values({"who": str(known.index(self.split.disguise.reporter) + 1)})
        form.settled.connect(self._on_sender)
        return form

    def _called(self, number: int, sender: str) -> str:
        return f"Pengirim {number} · {self.split.disguise.hint(sender)}"

    def _lay_out(self) -> None:
        left = Card("Pesan", icon="message", chip=Chip("Rahasia", icon="confidential"), dense=True)
        left.body.setContentsMargins(0, 0, 0, 0)
        left.add(self.message, 1)
        right = Card("Usulan isian", padded=False, dense=True)
        right.add(self.table, 1)
        for card in (left, right):
            card.setFixedHeight(self._height())
        left.setFixedWidth(theme.px(300))
        row = hbox(left, gap=10)
        row.addWidget(right, 1)
        column = vbox(gap=8)
        if self.who is not None:
            column.addWidget(self.who)
        column.addLayout(row)
        said = "Spasi mencentang. Ruas yang diisi tetap bertanda sampai diperiksa di formulir."
        column.addWidget(Text(said, "small", "text2"))
        if self.split.cut:
            column.addWidget(Text(CUT, "small", "gold"))
        self.body.addLayout(column)

    def _height(self) -> int:
        """The lists take what the window has, within bounds."""
        above = self.parentWidget()
        room = above.height() - theme.px(REST) if above is not None else 0
        return max(theme.px(LOW), min(theme.px(HIGH), room))

    def _on_toggled(self, offer: Offer, _key: str) -> None:
        self._show(toggled(self.offered, offer.place))

    def _on_opened(self, offer: Offer) -> None:
        self._show(toggled(self.offered, offer.place))

    def _on_stepped(self, _offer: Offer) -> None:
        self.fill.click()

    def _on_current(self, offer: Offer | None) -> None:
        self.message.mark(offer.line if offer else 0)

    def _on_sender(self, _key: str) -> None:
        code = str(self.who.value("who") or "") if self.who else ""
        known = self.split.disguise.senders
        if code.isdecimal() and known[int(code) - 1] != self.split.disguise.reporter:
            self.show_split(split_text(self._posko, self._text, reporter=known[int(code) - 1]))

    def _on_fill(self) -> None:
        self.taken.emit(self.split, self.offered)
        self.accept()


class MessageView(QPlainTextEdit):
    """A message with everybody in it disguised; the line of the chosen proposal is marked."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setObjectName("plainView")
        self.setTabChangesFocus(True)
        self.setAccessibleName("Isi pesan, pengirim disamarkan")
        self._blocks: dict[int, int] = {}

    def show_lines(self, split: Split) -> None:
        """Show the lines of a message with who said them."""
        said: list[str] = []
        self._blocks = {}
        before = ""
        for line in split.lines:
            if line.speaker and line.speaker != before:
                before = line.speaker
                said.append(f"— {line.speaker} —")
            self._blocks[line.number] = len(said)
            said.append(split.disguise.text(line.text))
        self.setPlainText("\n".join(said))

    def mark(self, line: int) -> None:
        """Mark a line and scroll to it; 0 marks none."""
        block = self.document().findBlockByNumber(self._blocks.get(line, -1))
        if not block.isValid():
            self.setExtraSelections([])
            return
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(theme.color("gold_bg"))
        made = QTextEdit.ExtraSelection()
        made.cursor, made.format = cursor, look
        self.setExtraSelections([made])
        cursor.clearSelection()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()


def _place(offer: Offer) -> int:
    return offer.place


def _state(offer: Offer) -> Chip | None:
    if offer.filled:
        return Chip("Sudah terisi", "gold_outline", tooltip="Mencentang mengganti isian yang ada")
    return None


_COLUMNS: tuple[Column[Offer], ...] = (
    Column("take", "", lambda o: o.ticked, width=36, style="check", sortable=False),
    Column("label", "Ruas", lambda o: o.label, width=200, sortable=False),
    Column("value", "Isi", lambda o: o.value, width=0, style="strong", sortable=False,
           second=lambda o: o.where, tooltip=lambda o: f"{o.value}\n{o.where}"),
    Column("state", "", _state, width=96, style="chip", sortable=False),
)  # fmt: skip
