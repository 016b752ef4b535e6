"""What Beranda and Laporan show while an office has no case yet: the ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from . import theme
from .context import Context
from .widgets.buttons import Button, Link
from .widgets.cards import Card
from .widgets.icon import Icon
from .widgets.text import Text, box, hbox, vbox

_SENDERS = {
    "provinsi": ("Terima data dari kabupaten", "Buka berkas Excel dari surel atau USB."),
    "kabupaten": ("Terima data dari kecamatan", "Buka berkas Excel dari WhatsApp atau USB."),
    "kecamatan": ("Terima data", "Buka berkas Excel dari kabupaten, WhatsApp, atau USB."),
}
WIDTH = 880


class FirstUse(QWidget):
    """Two ways to begin, and what the office should still fill in."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.add = Button("Laporan baru", icon="add", hint="Ctrl+N", kind="primary")
        self.receive = Button("Terima data", icon="receive", hint="Ctrl+I")
        self.add.clicked.connect(self._on_add)
        self.receive.clicked.connect(self._on_receive)
        title, words = _SENDERS.get(context.posko.office.level, _SENDERS["kabupaten"])
        first = _way("draft", "Catat laporan pertama",
                     "Pelapor datang, menelepon, atau mengirim pesan.", self.add)  # fmt: skip
        second = _way("receive", title, words, self.receive)
        ways = hbox(first, second, gap=12)
        ways.setStretch(0, 1)
        ways.setStretch(1, 1)
        inner = vbox(box(ways), 12, self._set_up())
        body = box(inner)
        body.setMaximumWidth(theme.px(WIDTH))
        centre = Qt.AlignmentFlag.AlignHCenter
        column = vbox(margins=(16, 0, 16, 16))
        column.addStretch(1)
        column.addWidget(Icon("report", "text3", 44), 0, centre)
        column.addSpacing(10)
        column.addWidget(Text("Belum ada laporan di kantor ini", "title"), 0, centre)
        column.addSpacing(4)
        words_under = Text("Mulai dengan salah satu cara berikut.", tone="text2")
        column.addWidget(words_under, 0, centre)
        column.addSpacing(20)
        row = hbox(gap=0)
        row.addStretch(1)
        row.addWidget(body, 1000)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.setLayout(column)

    def _set_up(self) -> Card:
        office = self.context.posko.office
        parts = (
            ("Kantor dan akun", True),
            ("Kop surat", bool(office.letterhead)),
            ("Kode laporan", bool(office.report_code)),
            ("Kode surat", bool(office.letter_code)),
        )
        done = sum(ready for _, ready in parts)
        card = Card("Penyiapan kantor")
        card.note.setText(f"{done} dari {len(parts)} selesai")
        row = hbox(gap=16)
        for name, ready in parts:
            row.addWidget(self._part(name, ready), 1)
        card.add(row)
        return card

    def _part(self, name: str, ready: bool) -> QWidget:
        row = hbox(Icon("done" if ready else "todo", "green" if ready else "text2"), Text(name))
        if not ready:
            fill = Link("Isi")
            fill.setAccessibleName(f"Isi {name.lower()}")
            fill.clicked.connect(self._on_fill)
            row.addWidget(fill)
        row.addStretch(1)
        return box(row)

    def _on_add(self) -> None:
        self.context.open("new_report")

    def _on_receive(self) -> None:
        self.context.open("exchange", act="receive")

    def _on_fill(self) -> None:
        self.context.open("settings")


def _way(icon: str, title: str, words: str, button: Button) -> Card:
    """A card with one way to begin."""
    card = Card()
    card.setAccessibleName(title)
    card.body.setContentsMargins(16, 16, 16, 16)
    card.body.setSpacing(0)
    card.add(hbox(Icon(icon, "text2", 22), None))
    card.body.addSpacing(10)
    card.add(Text(title, "strong"))
    card.body.addSpacing(3)
    card.add(Text(words, tone="text2", wrap=True))
    card.body.addSpacing(14)
    card.body.addStretch(1)
    card.add(hbox(button, None))
    return card
