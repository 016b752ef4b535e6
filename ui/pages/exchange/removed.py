"""Yang tidak ikut: which records a profile leaves behind, how many, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from posko_app import text as words
from posko_app.exchange.held_elsewhere import where_they_are
from posko_app.exchange.profiles import Removed, RemovedTable
from ui import theme
from ui.dialogs import Sheet
from ui.widgets.cards import Card
from ui.widgets.rows import Rows, TwoLines
from ui.widgets.text import Text, box, vbox

NOTHING = "Tidak ada yang ditinggalkan."
WIDTH, ROW, SHOWN = 680, 47, 8  # pixels; rows seen without scrolling


class RemovedSheet(Sheet):
    """One row per kind of record that stays here, then facts that are not told; Esc leaves."""

    def __init__(self, parent: QWidget, removed: Removed) -> None:
        super().__init__(parent, f"Yang tidak ikut: {removed.label}", removed.whom, width=WIDTH)
        self.lines: list[TwoLines] = []
        for table in removed.tables:
            self._line("confidential", f"{table.label}: {_counted(table)}", table.reason)
        for fact in removed.fields:
            self._line("hide", fact.label, fact.reason)
        self.names = Text(_names(removed), "small", "gold", wrap=True)
        self.names.setVisible(bool(self.names.text()))
        self._lay_out()
        close = self.add_button("Tutup", kind="primary", hint="Esc")
        close.clicked.connect(self.reject)
        close.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, icon: str, said: str, reason: str) -> None:
        line = TwoLines(icon, said, reason)
        line.setToolTip(reason)
        self.lines.append(line)

    def _lay_out(self) -> None:
        rows = Rows(self.lines)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Yang tidak ikut")
        scroll.setWidget(box(vbox(rows, None), "surface"))
        above = self.parentWidget()
        room = above.window().height() - theme.px(220) if above is not None else 0
        height = min(
            theme.px(ROW) * min(len(self.lines) or 1, SHOWN) + 4, max(room, theme.px(ROW) * 3)
        )
        scroll.setFixedHeight(height)
        card = Card(padded=not self.lines)
        card.add(scroll if self.lines else Text(NOTHING), 1)
        self.body.addWidget(card)
        self.body.addWidget(self.names)


def _counted(table: RemovedTable) -> str:
    """`12 baris di 8 perkara`."""
    rows = f"{words.thousands(table.records)} baris"
    return f"{rows} di {words.thousands(table.cases)} perkara" if table.cases else rows


def _names(removed: Removed) -> str:
    """Whether texts that go may name somebody."""
    return " ".join(filter(None, (_found(removed), where_they_are(removed.elsewhere))))


def _found(removed: Removed) -> str:
    if removed.unchecked:
        return (
            "Nama pelapor dan saksi belum dicari dalam teksnya: akun ini tidak memegang kuncinya."
        )
    count = len(removed.found) + removed.more_found
    if not count:
        return ""
    then = "berkas baru dibuat setelah dibetulkan atau diberi alasan" if removed.strict else (
        "semuanya ditunjukkan sebelum berkas dibuat"
    )  # fmt: skip
    return f"{words.thousands(count)} teks yang ikut mungkin menyebut pelapor atau saksi; {then}."
