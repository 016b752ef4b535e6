"""Ready replies for WhatsApp: choose one, one key copies it, and the timeline may note it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from posko_app.cases.replies import Reply, note_reply, ready_replies

from . import theme
from .context import Context
from .dialogs import Sheet
from .table_view import TableView
from .tables import Column
from .widgets.cards import Card
from .widgets.text import Text, hbox, vbox

WIDTH, HEIGHT = 760, 268


class ReplySheet(Sheet):
    """The replies that fit a case, or those for somebody without one; Enter or a digit copies."""

    copied = Signal(str)  # the title of the reply

    def __init__(
        self, parent: QWidget, context: Context, case: str = "", why_not: str = ""
    ) -> None:
        super().__init__(
            parent,
            "Salin balasan WhatsApp",
            "Balasan tidak memuat identitas siapa pun. Tempelkan di WhatsApp, lalu kirim.",
            width=WIDTH,
        )
        self._context, self._case = context, case
        self.replies: Sequence[Reply] = context.run(ready_replies, case) or ()
        self.table: TableView[Reply] = TableView(self._columns(), name="Balasan", key=_key)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setObjectName("plainView")
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Isi balasan")
        self.note = QCheckBox("Catat di kronologi bahwa balasan disalin")
        self.note.setVisible(bool(case) and not why_not)
        self.note.setChecked(bool(case) and not why_not)
        no = self.add_button("Tutup", kind="flat")
        self.take = self.add_button("Salin balasan", kind="primary", hint="Enter")
        no.clicked.connect(self.reject)
        self.take.clicked.connect(self.copy)
        no.setAutoDefault(False)
        self._lay_out()
        self.table.opened.connect(self._on_opened)
        self.table.letter.connect(self._on_letter)
        self.table.current_changed.connect(self._on_current)
        self.table.set_rows(self.replies)
        self.table.choose_first()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self) -> None:
        """Put the chosen reply on the clipboard, note it if wanted, and close."""
        reply = self.table.row()
        if reply is None:
            return
        QGuiApplication.clipboard().setText(reply.text)
        if self.note.isChecked() and self._case:
            self._context.attempt(note_reply, self._case, reply.key)
        self.copied.emit(reply.title)
        self._context.say(f"Balasan “{reply.title}” disalin.")
        self.accept()

    def _columns(self) -> tuple[Column[Reply], ...]:
        return (
            Column("key", "", lambda r: str(self.replies.index(r) + 1), width=36,
                   style="secondary", sortable=False),
            Column("title", "Balasan", lambda r: r.title, width=0, sortable=False),
        )  # fmt: skip

    def _lay_out(self) -> None:
        left, right = Card(padded=False), Card("Isi balasan", dense=True, padded=False)
        left.add(self.table, 1)
        right.add(self.text, 1)
        left.setFixedWidth(theme.px(272))
        for card in (left, right):
            card.setFixedHeight(theme.px(HEIGHT))
        row = hbox(left, gap=10)
        row.addWidget(right, 1)
        hint = Text("Enter atau angka di depannya langsung menyalin.", "small", "text2")
        self.body.addLayout(vbox(row, hbox(self.note, None, hint), gap=8))

    def _on_current(self, reply: Reply | None) -> None:
        self.text.setPlainText(reply.text if reply else "")

    def _on_opened(self, _reply: Reply) -> None:
        self.copy()

    def _on_letter(self, letter: str) -> None:
        if letter.isdecimal() and 0 < int(letter) <= len(self.replies):
            self.table.choose(self.replies[int(letter) - 1].key)
            self.copy()


def _key(reply: Reply) -> str:
    return reply.key
