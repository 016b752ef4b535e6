"""Siapa yang menangani: what the law suggests, and what a person decided."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases.assessment import decide_handling, handling_of
from posko_app.cases.guides import suggestions
from posko_app.errors import Problem
from posko_app.rules.jurisdiction import Suggestion
from ui import dialogs, theme
from ui.fields import Field
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.text import Text, box, hbox, vbox

from .step_panel import suggestion
from .words import Words

NOTHING = "Belum ada saran: isi kategori terlapor, tempat kejadian, dan dugaan jenis pelanggaran."
OTHER = "other."  # before the code of a choice that no suggestion made


class HandlingCard(Card):
    """The suggestions with their articles, the decision, and the button to decide."""

    decided = Signal(str)  # what to say

    def __init__(self) -> None:
        self.decide = Button("Putuskan", icon="scales", small=True)
        super().__init__("Siapa yang menangani", extra=[self.decide])
        self._words: Words | None = None
        self._found: tuple[Suggestion, ...] = ()
        self._column = vbox(gap=8)
        self._chosen = Text("", wrap=True)
        self._by = Text("", "small", "text2", wrap=True)
        self.add(self._column)
        self._decision = box(vbox(Text("Diputuskan", "label", "text2"), self._chosen, self._by,
                                  gap=2))  # fmt: skip
        self.add(self._decision)
        self.decide.clicked.connect(self.ask)

    def show_case(self, words: Words) -> None:
        """Show what is suggested for a case and what was decided."""
        self._words, self._found = words, suggestions(words.posko, words.view)
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for found in self._found:
            said, _tone, more = suggestion(words, found)
            self._column.addWidget(_line(said, more))
        if not self._found:
            self._column.addWidget(Text(NOTHING, "small", "text2", wrap=True))
        chosen = handling_of(words.view)
        self._decision.setVisible(chosen is not None)
        if chosen is not None:
            self._chosen.setText(chosen.note)
            made = words.local(chosen.made_at).date()
            who = words.who(chosen.actor, chosen.office_code)
            self._by.setText(f"{who}, {words.day(made)}")
        self.decide.setText("Ubah putusan" if chosen else "Putuskan")
        self.decide.set_why_disabled(words.why_not("case.decide"))

    def ask(self) -> None:
        """Ask who handles; another choice than those suggested needs a reason."""
        words = self._words
        if words is None:
            return
        actions = words.posko.vocabulary.items("jurisdiction_action")
        offered = {found.action for found in self._found}
        choices = [(found.key, _choice(words, found)) for found in self._found]
        choices += [
            (OTHER + code, f"{label}, bukan saran aturan")
            for code, label in actions
            if code not in offered
        ]
        fields = [
            Field(key="choice", label="Yang menangani", kind="combo", choices=choices,
                  missing="Pilih siapa yang menangani."),
            Field(key="reason", label="Alasan", kind="multiline", lines=3, optional=True,
                  hint="wajib bila berbeda dari saran"),
        ]  # fmt: skip
        first = {"choice": self._found[0].key} if len(self._found) == 1 else {}

        def submit(values: dict[str, Any]) -> list[Problem]:
            key = str(values["choice"] or "")
            action = key.removeprefix(OTHER)
            if not key.startswith(OTHER):
                action = next(f.action for f in self._found if f.key == key)
            decide_handling(words.posko, words.view.uid, action, key, values["reason"] or "")
            return []

        got = dialogs.ask_form(
            self, "Siapa yang menangani perkara ini?", fields, today=words.today,
            act="Catat putusan", submit=submit, values=first, width=640,
            text="Aturan hanya menyarankan. Putusan Anda tercatat di kronologi dengan alasannya.",
        )  # fmt: skip
        if got is not None:
            self.decided.emit("Putusan penanganan tercatat")


def _choice(words: Words, found: Suggestion) -> str:
    """A suggestion in a few words: what is done, and with whom; the whole of it stands beside."""
    done = words.label("jurisdiction_action", found.action)
    if not found.addressees or found.action != "referral":
        return f"{done}, sesuai {found.basis}"
    more = " dan lainnya" if len(found.addressees) > 1 else ""
    return f"{done} ke {words.addressee(found.addressees[0])}{more}"


def _line(said: str, more: str) -> QWidget:
    row = hbox(vbox(theme.px(1), Icon("scales", "text2", 16), None), gap=8)
    row.addLayout(vbox(Text(said, wrap=True), Text(more, "small", "text2", wrap=True), gap=1), 1)
    return box(row)
