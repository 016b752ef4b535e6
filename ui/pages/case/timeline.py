"""The timeline of a case in a card: filter chips, a box for notes, and the lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import FilterChip
from ui.widgets.text import box, hairline, hbox
from ui.widgets.timeline import Entry, Timeline

from .history import FILTERS, TRAIL, Happening

NOTHING = Entry("todo", "Belum ada yang dicatat.", "Pilih Semua untuk melihat yang lain.")


class TimelineCard(Card):
    """What happened, narrowed by one chip; Enter in the box writes a note."""

    note_wanted = Signal(str)
    link = Signal(str)

    def __init__(self, *, trail: bool = False) -> None:
        """With `trail` there is a chip more, for what was opened, printed and changed."""
        self.chips: dict[str, FilterChip] = {}
        for key, label in (*FILTERS, *(((TRAIL, "Jejak akses"),) if trail else ())):
            chip = FilterChip(label)
            chip.height_px = 24
            chip.setObjectName(key)
            chip.setChecked(not key)
            self.chips[key] = chip
        super().__init__("Kronologi", extra=list(self.chips.values()), padded=False)
        self.entry = QLineEdit()
        self.entry.setPlaceholderText("Tulis catatan untuk perkara ini")
        self.entry.setAccessibleName("Catatan baru")
        self.write = Button("Catat")
        self.lines = Timeline()
        row = hbox(margins=(12, 8, 12, 8))
        row.addWidget(self.entry, 1)
        row.addWidget(self.write)
        self.add(box(row))
        self.add(hairline())
        self.add(self.lines, 1)
        self.body.setSpacing(0)
        self.setMinimumHeight(theme.px(220))
        self._all: Sequence[Happening] = ()
        self._group = self._case = ""
        self._stale = False
        self._typed: dict[str, str] = {}
        self.entry.returnPressed.connect(self._on_write)
        self.write.clicked.connect(self._on_write)
        self.lines.link.connect(self.link)
        for chip in self.chips.values():
            chip.clicked.connect(self._on_chip)

    def show_happenings(
        self, case: str, found: Sequence[Happening], why_not: str, why_no_trail: str = ""
    ) -> None:
        """Show these lines of a case; `why_not` says why no note may be written.

        A note that is half typed waits with its case: it must never be written into another one.
        """
        if case != self._case:
            self._typed[self._case] = self.entry.text()
            self.entry.setText(self._typed.pop(case, ""))
            self._case = case
        self._all = found
        if TRAIL in self.chips:
            self.chips[TRAIL].setEnabled(not why_no_trail)
            self.chips[TRAIL].setToolTip(why_no_trail)
        self.write.set_why_disabled(why_not)
        self.entry.setEnabled(not why_not)
        if why_not:
            self.entry.setPlaceholderText(why_not)
        self._fill()

    def narrow(self, group: str) -> None:
        """Show only steps, notes or files; "" shows everything."""
        self._group = group
        for key, chip in self.chips.items():
            chip.setChecked(key == group)
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._fill()

    def _fill(self) -> None:
        """Show the chosen lines; while the card is hidden that can wait."""
        self._stale = not self.isVisible()
        if self._stale:
            return
        every = [h for h in self._all if h.group != TRAIL]
        chosen = [h for h in self._all if h.group == self._group] if self._group else every
        shown = [h.entry for h in chosen]
        self.lines.set_entries(shown or [NOTHING])

    def _on_chip(self) -> None:
        self.narrow(self.sender().objectName())

    def _on_write(self) -> None:
        if self.entry.text().strip():
            self.note_wanted.emit(self.entry.text())
        else:
            self.entry.setFocus()
