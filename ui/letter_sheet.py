"""The dialog that makes a letter: what the template asks, a draft, then number and print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.letters.catalogue import Value, load_catalogue
from posko_app.letters.template import Template
from posko_app.progress import Progress

from . import documents, theme
from .context import Context
from .fields import Field
from .forms import Form
from .widgets.layout import ScrollColumn
from .widgets.text import Text, box, vbox
from .working_sheet import WorkingSheet

if TYPE_CHECKING:
    from posko_app.letters.issue import DraftLetter, IssuedLetter

SHORT = ("letter.urgency", "letter.attachment", "signer.on_behalf", "signer.role", "signer.name",
         "signer.identity", "letter.addressee_place")  # fmt: skip
"""Values that need only half a line."""
MOST_HEIGHT = 380  # pixels of form before it scrolls


class LetterSheet(WorkingSheet):
    """A letter; "Lihat konsep" shows it, the primary button numbers and freezes it.

    `case` is the uid of the case, or empty for a letter without one; `why_not` is the reason why
    this person may not issue it; `given` are values that come from elsewhere (a list of names);
    `make` issues it in the worker as `make_letter` does, with what belongs to it.
    """

    issued = Signal(object)  # IssuedLetter

    def __init__(
        self,
        parent: QWidget,
        context: Context,
        template: Template,
        *,
        case: str = "",
        about: str = "",
        why_not: str = "",
        given: Mapping[str, Value] | None = None,
        make: Callable[..., IssuedLetter] | None = None,
    ) -> None:
        super().__init__(parent, context, template.title, about, width=640)
        self._make = make or make_letter
        self._given = dict(given or {})
        self._case, self.template = case, template
        self._area: ScrollColumn | None = None
        fields = letter_fields(template)
        self.form = Form(fields, today=context.posko.today(), dense=False, gap=8)
        self.group.add(self.form)
        self._remark = Text("", "small", "gold", wrap=True)
        self._remark.hide()
        self.body.addWidget(self.group.summary)
        self.body.addWidget(self._scrolled(len(fields)))
        self.body.addWidget(self._remark)
        self.draft = self.add_button("Lihat konsep")
        no = self.add_button("Tidak jadi", kind="flat")
        numbered = template.number.series == "letter"
        act = "Tetapkan nomor dan cetak" if numbered else "Terbitkan dan cetak"
        self.issue = self.submit_button(act)
        for button in (no, self.draft):
            button.setAutoDefault(False)
        self.issue.set_why_disabled(why_not)
        no.clicked.connect(self.reject)
        self.draft.clicked.connect(self.show_draft)
        self.issue.clicked.connect(self.issue_letter)
        self.group.submitted.connect(self.draft.setFocus)

    def begin(self) -> None:
        """Fill in the first wording. Raises UserError when the letter cannot be made at all."""
        from posko_app.letters.issue import prefilled  # PDF parts are loaded where they are used

        got = prefilled(self._context.posko, self._case, self.template.name)
        got |= {name: value for name, value in self._given.items() if name in got}
        self.form.set_values({name: shown(value) for name, value in got.items()})
        self.form.focus_first()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._area is not None:
            self._area.verticalScrollBar().setValue(0)

    def values(self) -> dict[str, Value]:
        """The asked values as typed; a list has one line per item."""
        rows = load_catalogue().rows
        typed = self.form.values().items()
        return self._given | {name: lines(text) if name in rows else text for name, text in typed}

    def show_draft(self) -> None:
        """Open the draft in the system's viewer and say what it still lacks."""
        self._start(make_draft, self._on_draft)

    def issue_letter(self) -> None:
        """Number and freeze the letter; the dialog stays when it cannot be made."""
        if not self.group.check():
            self._start(self._make, self._on_issued)

    def _start(self, work: Callable[..., object], done: Callable[..., None]) -> None:
        """Draw the pages in the background: the first letter of a day loads the PDF maker."""
        self.draft.setText("Menyusun…")
        self.work(work, self._case, self.template.name, self.values(), done=done)

    def _on_draft(self, made: DraftLetter) -> None:
        self.group.show_problems(())
        number = f" Nomor usulan: {made.number}." if made.number else ""
        self._remark.setText(" ".join(made.warnings) + number)
        self._remark.setVisible(bool(self._remark.text().strip()))
        name = f"Konsep {self.template.title}.pdf"
        try:
            documents.open_document(self._context.posko.folder, name, made.pdf)
        except UserError as error:
            self._on_failed(error)

    def _on_issued(self, made: IssuedLetter) -> None:
        self.issued.emit(made)
        self.accept()

    def _on_end(self) -> None:
        self.draft.setText("Lihat konsep")
        super()._on_end()

    def _scrolled(self, count: int) -> QWidget:
        """The form, scrolling when it is higher than a small screen."""
        if count == 0:
            return Text("Surat ini terisi sendiri dari perkara.", tone="text2", wrap=True)
        inner = box(vbox(self.form), "surface")
        self._area = ScrollColumn(inner, most=theme.px(MOST_HEIGHT))
        return self._area


def show_letter(posko: Posko, uid: str, title: str, number: str) -> None:
    """Open the frozen PDF of a letter in the system's viewer; raises UserError."""
    from posko_app.letters.issue import reprint

    name = f"{title} {number}".strip() + ".pdf"
    documents.open_document(posko.folder, name, reprint(posko, uid))


def make_draft(
    posko: Posko, case: str, name: str, values: Mapping[str, Value], *, progress: Progress
) -> DraftLetter:
    """In the worker: the pages of a letter as they would be."""
    from posko_app.letters.issue import preview

    progress(0, 1)
    return preview(posko, case, name, values=values)


def make_letter(
    posko: Posko, case: str, name: str, values: Mapping[str, Value], *, progress: Progress
) -> IssuedLetter:
    """In the worker: number and freeze a letter."""
    from posko_app.letters.issue import issue

    progress(0, 1)
    return issue(posko, case, name, values=values)


def letter_fields(template: Template) -> list[Field]:
    """The questions of a template; what it needs is required, the rest may stay empty."""
    catalogue = load_catalogue()
    fields = []
    for name in template.asked(catalogue):
        value = catalogue.values.get(name)
        many = value is None
        fields.append(
            Field(
                key=name,
                label=catalogue.label(name),
                kind="multiline" if many or (value and value.long) else "text",
                lines=3,
                width=6 if name in SHORT else 12,
                hint="satu per baris" if many else "",
                optional=name not in template.needs,
                missing=f"{catalogue.label(name)} belum diisi.",
            )
        )
    return fields


def shown(value: Value) -> str:
    """A value as the form shows it."""
    if isinstance(value, str):
        return value
    return "\n".join(row.get("text", "") for row in value)


def lines(text: str) -> tuple[Mapping[str, str], ...]:
    """The lines of a text as the items of a list."""
    return tuple({"text": line.strip()} for line in text.splitlines() if line.strip())
