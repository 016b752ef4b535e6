"""The cards beside a roster: totals per group, papers to print, and the text of the pledge."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout

from posko_app import text
from posko_app.cases.pledge import PledgeView
from posko_app.cases.pledge_rows import GroupTotal
from ui import theme
from ui.widgets.buttons import Button, Link
from ui.widgets.cards import Card
from ui.widgets.text import Facts, Text, box, hairline, hbox

from .side import set_head

HEADS = ("Hadir", "Diwakili", "Absen", "Mandiri")


class TotalsCard(Card):
    """Per group: who came of how many invited, and the pledges signed alone."""

    def __init__(self) -> None:
        super().__init__("Kehadiran")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self.add(self._grid)

    def show_totals(self, view: PledgeView) -> None:
        """Show the totals of a pledge."""
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for column, head in enumerate(HEADS, 1):
            self._put(0, column, head, "small", "text2")
        totals = [*view.totals, view.row.total]
        for row, total in enumerate(totals, 1):
            last = total is view.row.total
            self._line(row, total, "strong" if last else "body", last=last)
        self.counter.set_text(f"{view.row.total.invited} diundang" if view.totals else "")

    def _line(self, row: int, total: GroupTotal, role: str, *, last: bool) -> None:
        self._put(row, 0, "Jumlah" if last else total.label, role, "")
        came = f"{total.present}/{total.invited}"
        owed = total.self_pledged + total.owing
        alone = f"{total.self_pledged}/{owed}" if owed else "–"
        for column, said in enumerate((came, total.represented, total.absent), 1):
            self._put(row, column, str(said or "–"), role, "")
        self._put(row, len(HEADS), alone, role, "gold" if total.owing else "")

    def _put(self, row: int, column: int, said: str, role: str, tone: str) -> None:
        label = Text(said, role, tone)
        label.setMinimumHeight(theme.px(20))
        if column:
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, row, column)


class PledgeCard(Card):
    """The event, its papers before and after, and its four points."""

    change_wanted = Signal()
    paper_wanted = Signal(str)  # list, text, reminder or sheets
    finish_wanted = Signal()
    void_wanted = Signal()

    def __init__(self, *, may: bool, may_letter: bool) -> None:
        self.change = Link("Ubah")
        super().__init__("Ikrar", extra=[self.change])
        self._may = may
        self.facts = Facts(key_width=88)
        self.papers = {
            "list": Button("Daftar hadir", icon="print"),
            "text": Button("Naskah", icon="print"),
            "reminder": Button("Surat pengingat", icon="letter"),
            "sheets": Button("Ikrar mandiri", icon="print"),
        }
        self.finish = Button("Tandai terlaksana", icon="done")
        self.void = Link("Batalkan ikrar")
        self.points = Text("", wrap=True, select=True)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for place, (key, button) in enumerate(self.papers.items()):
            button.setProperty("paper", key)
            button.clicked.connect(self._on_paper)
            grid.addWidget(button, place // 2, place % 2)
        for part in (self.facts, box(grid), self.finish, hairline(), self.points):
            self.add(part)
        self.add(hbox(self.void, None))
        for button in self.papers.values():
            button.setVisible(may_letter)  # only now: alone it would be a window of its own
        self.change.setVisible(may)
        self.change.clicked.connect(self.change_wanted)
        self.finish.clicked.connect(self.finish_wanted)
        self.void.clicked.connect(self.void_wanted)

    def show_pledge(self, view: PledgeView, today: date, *, own: bool) -> None:
        """Show a pledge."""
        row = view.row
        set_head(self, row.title)
        at = f"pukul {row.starts_at.replace(':', '.')}" if row.starts_at else ""
        when = ", ".join(part for part in (text.short_date(row.on), at) if part)
        facts = [
            ("Hari", when if row.done else f"{when} (rencana)"),
            ("Tempat", row.place or "belum diisi"),
            ("Penyelenggara", row.organiser),
        ]
        self.facts.set_rows([fact for fact in facts if fact[1]])
        none = "" if view.signatories else "Tempel dulu daftar undangannya."
        after = none or ("" if view.owing else "Belum ada yang ditandai tidak hadir.")
        for key in ("list", "text"):
            self.papers[key].set_why_disabled(none if key == "list" else "")
        for key in ("reminder", "sheets"):
            self.papers[key].set_why_disabled(after)
        ahead = row.on > today
        self.finish.setVisible(self._may and own and not row.done and not ahead)
        self.change.setVisible(self._may and own)
        self.void.setVisible(self._may and own)
        self.points.setText("\n".join(f"{n}. {point}" for n, point in enumerate(view.points, 1)))

    def _on_paper(self) -> None:
        self.paper_wanted.emit(str(self.sender().property("paper")))
