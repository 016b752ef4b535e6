"""Bentuk pelanggaran: what of the catalogue fits the reported person and the time of the act."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from posko_app.cases.assessment import ViolationForm
from ui import theme
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.text import Text, hbox, vbox

from .words import Words


class ViolationLine(QWidget):
    """One form of violation to tick, with its article and level, or what is still asked of it."""

    chosen = Signal(str, bool)

    def __init__(self, form: ViolationForm) -> None:
        super().__init__()
        self.code = form.entry.code
        self.tick = QCheckBox()
        self.tick.setAccessibleName(form.entry.title)
        self._title = Text(form.entry.title, wrap=True)
        self._basis = Text("", "small", "text2", wrap=True)
        self._doubt = Text("", "small", "gold", wrap=True)
        self._icon = Icon("question", "gold", 14)
        doubt = hbox(vbox(theme.px(1), self._icon, None), gap=5)
        doubt.addWidget(self._doubt, 1)
        words = vbox(self._title, self._basis, gap=1)
        words.addLayout(doubt)
        row = hbox(vbox(self.tick, None), gap=6)
        row.addLayout(words, 1)
        self.setLayout(row)
        self.tick.clicked.connect(self._on_clicked)

    def show_form(self, words: Words, form: ViolationForm, why_not: str) -> None:
        """Show it as it is chosen; an uncertain level is asked, never told."""
        entry = form.entry
        self.tick.setChecked(form.chosen)
        self.tick.setEnabled(not why_not)
        self.tick.setToolTip(why_not)
        level = [entry.level_label] if entry.level_label else []
        who = [words.who(form.made_by, form.office_code)] if form.chosen and form.made_by else []
        self._basis.setText(" · ".join([entry.basis, *level, *who]))
        doubts = [] if form.fits else ["Tidak lagi cocok dengan kategori atau masa kejadian."]
        if entry.question:
            doubts.append(f"Tingkat sanksi: {entry.question}")
        if entry.confidence != "C":
            doubts.append(f"{words.label('confidence', entry.confidence)}.")
        self._doubt.setText(" ".join(doubts))
        self._doubt.setVisible(bool(doubts))
        self._icon.setVisible(bool(doubts))
        self.tick.setAccessibleDescription(" ".join([entry.basis, *level, *doubts]))

    def _on_clicked(self, on: bool) -> None:
        self.chosen.emit(self.code, on)


class ViolationsCard(Card):
    """What fits, to be ticked; the lines stay where they are while ticks change."""

    chosen = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__("Bentuk pelanggaran netralitas")
        self.lines: dict[str, ViolationLine] = {}
        self._why = Text("", "small", "text2", wrap=True)
        self._column = vbox(gap=8)
        self.add(self._why)
        self.add(self._column)

    def show_case(self, words: Words, forms: Sequence[ViolationForm], period: str) -> None:
        """Show what fits a case; `period` is that of the act, empty when nobody knows it."""
        if list(self.lines) != [form.entry.code for form in forms]:
            self._rebuild(forms)
        why = words.why_not("case.step")
        for form in forms:
            self.lines[form.entry.code].show_form(words, form, why)
        ticked = sum(form.chosen for form in forms)
        self.note.setText(f"{ticked} dipilih" if ticked else "")
        self._why.setText(_why(words, forms, period))

    def _rebuild(self, forms: Sequence[ViolationForm]) -> None:
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.lines = {form.entry.code: ViolationLine(form) for form in forms}
        for line in self.lines.values():
            line.chosen.connect(self.chosen)
            self._column.addWidget(line)


def _why(words: Words, forms: Sequence[ViolationForm], period: str) -> str:
    """Why just these are offered, or none."""
    labels = dict.fromkeys(p.category_label for p in words.view.parties if p.category)
    if not labels:
        return "Isi kategori terlapor untuk melihat bentuk pelanggaran yang cocok."
    whom = ", ".join(labels)
    when = words.label("catalogue_period", period) if period else (
        "masa kejadian belum diketahui, jadi semua masa ditampilkan"
    )  # fmt: skip
    if not forms:
        return f"Tidak ada bentuk pelanggaran netralitas untuk {whom}, {when.lower()}."
    return f"Untuk {whom}, {when[:1].lower()}{when[1:]}."
