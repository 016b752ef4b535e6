"""Under the form of a step: the papers that belong to it, what it lacks, who would handle."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from posko_app.rules.guide import Missing, Paper, StepGuide
from posko_app.rules.jurisdiction import Suggestion
from ui import theme
from ui.widgets.icon import Icon
from ui.widgets.text import Text, box, hbox, vbox

from .words import Words


class StepPanel(QWidget):
    """Lines that change while the form is filled in; not one of them is in the way."""

    def __init__(self) -> None:
        super().__init__()
        self._column = vbox(gap=4)
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
        for icon, text, tone, more in lines:
            self._column.addWidget(_line(icon, text, tone, more))
        self.setVisible(bool(lines))


def suggestion(words: Words, item: Suggestion) -> tuple[str, str, str]:
    """Who would handle, and by which article: text, tone and the grey rest."""
    to = [words.addressee(code) for code in item.addressees]
    where = f" ke {' atau '.join(to)}" if to and item.action == "referral" else ""
    label = words.label("jurisdiction_action", item.action)
    sure = "" if item.confidence == "C" else f" {words.label('confidence', item.confidence)}."
    return f"Usul: {label.lower()}{where}. {item.text}", "text", f"{item.basis}.{sure}"


def _paper(paper: Paper) -> str:
    form = f", Formulir {paper.form}" if paper.form else ""
    return f"{paper.label}{form}"


def _state(paper: Paper) -> str:
    if paper.number:
        return paper.number
    return "belum dibuat" if paper.template else "dibuat di luar Posko"


def _missing(item: Missing) -> tuple[str, str, str, str]:
    if item.blocks:
        return "error", item.why, "red", ""
    return "attention", item.why, "gold", ""


def _line(icon: str, said: str, tone: str, more: str) -> QWidget:
    row = hbox(vbox(theme.px(1), Icon(icon, tone, 14), None), gap=6)
    column = vbox(gap=0)
    column.addWidget(Text(said, "small", tone, wrap=True))
    if more and icon == "letter":
        row.addLayout(column)
        row.addWidget(Text(more, "small", "text3"))
        row.addStretch(1)
        return box(row)
    if more:
        column.addWidget(Text(more, "small", "text2", wrap=True))
    row.addLayout(column, 1)
    return box(row)
