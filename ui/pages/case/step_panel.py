"""Beside the form of a step: the papers that belong to it, what it lacks, who would handle."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from posko_app.rules.guide import Missing, Paper, StepGuide
from posko_app.rules.jurisdiction import Suggestion
from ui import theme
from ui.widgets.icon import Icon
from ui.widgets.text import Text, box, hbox, vbox

from .words import Words

WHO = "Siapa yang menangani"


class StepPanel(QWidget):
    """Lines that change while the form is filled in; not one of them is in the way."""

    def __init__(self) -> None:
        super().__init__()
        self._column = vbox(gap=6)
        self.setLayout(self._column)
        self._said: tuple[str, ...] | None = None

    def show_guide(
        self, words: Words, guide: StepGuide, suggestions: Sequence[Suggestion] = ()
    ) -> None:
        """Show what is known of a step; nothing moves while nothing changed."""
        lines = [
            *(("letter", _paper(paper), "text2", _state(paper)) for paper in guide.papers),
            *(_missing(item) for item in guide.missing),
            *(("scales", *suggestion(words, item)) for item in suggestions),
        ]
        said = tuple(f"{icon} {text} {more}" for icon, text, _tone, more in lines)
        if said == self._said:
            return
        self._said = said
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        heading = "" if not guide.papers and not guide.missing else "Dokumen dan kelengkapan"
        for icon, text, tone, more in lines:
            if icon == "scales" and heading != WHO:
                heading = WHO
                self._column.addWidget(Text(heading, "label", "text2"))
            elif heading and self._column.count() == 0:
                self._column.addWidget(Text(heading, "label", "text2"))
            self._column.addWidget(_line(icon, text, tone, more))


def suggestion(words: Words, item: Suggestion) -> tuple[str, str, str]:
    """Who would handle, and by which article: text, tone and the grey rest."""
    to = ", ".join(words.addressee(code) for code in item.addressees)
    label = words.label("jurisdiction_action", item.action)
    sure = "" if item.confidence == "C" else f" {words.label('confidence', item.confidence)}."
    return item.text, "text", f"{label}{f': {to}' if to else ''}. {item.basis}.{sure}"


def _paper(paper: Paper) -> str:
    form = f", Formulir {paper.form}" if paper.form else ""
    return f"{paper.label}{form}"


def _state(paper: Paper) -> str:
    if paper.number:
        return paper.number
    return "Belum dibuat" if paper.template else "Dibuat di luar Posko"


def _missing(item: Missing) -> tuple[str, str, str, str]:
    if item.blocks:
        return "error", item.why, "red", ""
    return "attention", item.why, "gold", ""


def _line(icon: str, said: str, tone: str, more: str) -> QWidget:
    row = hbox(vbox(theme.px(1), Icon(icon, tone, 14), None), gap=6)
    column = vbox(gap=0)
    column.addWidget(Text(said, "small", tone, wrap=True))
    if more:
        column.addWidget(Text(more, "small", "text2", wrap=True))
    row.addLayout(column, 1)
    return box(row)
