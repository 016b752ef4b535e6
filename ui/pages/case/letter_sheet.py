"""The dialog that makes a letter about a case."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from posko_app.letters.catalogue import Value
from posko_app.letters.template import Template
from ui import letter_sheet
from ui.context import Context

from .words import Words


class LetterSheet(letter_sheet.LetterSheet):
    """A letter about the case that `words` speak of; `given` are values from elsewhere."""

    def __init__(
        self,
        parent: QWidget,
        context: Context,
        words: Words,
        template: Template,
        given: Mapping[str, Value] | None = None,
    ) -> None:
        super().__init__(
            parent,
            context,
            template,
            case=words.view.uid,
            about=_about(words, template),
            why_not=words.why_not("letter.issue"),
            given=given,
        )


def _about(words: Words, template: Template) -> str:
    number = words.view.facts.number or "perkara ini"
    if template.audience == "outside":
        return f"Untuk {number}. Surat keluar tidak pernah memuat pelapor dan saksi."
    return f"Untuk {number}."
