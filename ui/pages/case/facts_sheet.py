"""The dialog that corrects what was taken down at intake, and says which deadlines that moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.cases.facts_change import CLOCKS, FactsChange, change_facts, check_facts
from posko_app.cases.facts_change_told import label_of
from posko_app.cases.kinds import kind_of
from posko_app.cases.steps import permission_of
from posko_app.errors import InvalidInput, Problem, UserError
from ui import theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.fields import Choices, Field
from ui.forms import Form, FormGroup
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Text, box, vbox

from .words import Words

TITLE = "Betulkan isian"
ABOUT = "Isi lama tetap terbaca di kronologi. Batas waktu dihitung ulang dari tanggal yang benar."
MOST_HEIGHT, LEAST_HEIGHT, AROUND = 460, 160, 300  # pixels of form before it scrolls
WHY = Field(
    key="reason",
    label="Alasan membetulkan",
    kind="multiline",
    lines=2,
    missing="Tulis alasannya, misalnya: salah ketik saat menerima laporan.",
)


class FactsSheet(Sheet):
    """The facts as they stand, to be corrected, with the reason; Ctrl+Enter keeps it."""

    def __init__(self, parent: QWidget, context: Context, words: Words) -> None:
        super().__init__(parent, TITLE, ABOUT, width=640)
        self._context, self._words = context, words
        self.form = Form(_fields(words), today=words.today, dense=False, gap=8)
        self.why = Form([WHY], today=words.today, dense=False, gap=8)  # never scrolls away
        self.group = FormGroup(self)
        self.moved = Text("", tone="text2", wrap=True)
        self._build(parent.window().height() - theme.px(AROUND))
        self.form.set_values(_values(words))
        self._start = self.facts()
        self.form.settled.connect(self._on_settled)
        self.group.submitted.connect(self.submit)
        self.form.focus_first()

    def facts(self) -> dict[str, Any]:
        """What stands in the form, as the core takes it."""
        return {
            key: f"{value:%H:%M}" if isinstance(value, time) else value
            for key, value in self.form.values().items()
        }

    def corrected(self) -> dict[str, Any]:
        """Only what was changed in the form."""
        return {key: value for key, value in self.facts().items() if value != self._start[key]}

    def submit(self) -> None:
        """Correct it; on problems the dialog stays."""
        if self.group.check():
            return
        posko, uid = self._words.posko, self._words.view.uid
        reason = self.why.value(WHY.key) or ""
        try:
            change_facts(posko, uid, self.corrected(), reason)
        except InvalidInput as error:
            self.group.show_problems(error.problems)
        except UserError as error:
            self.group.show_problems([Problem("", str(error))])
        else:
            self._context.note_saved("Isian dibetulkan")
            self.accept()

    def tell(self) -> None:
        """Say which deadlines move, and that letters stay."""
        self.moved.setText(self._said() if self.corrected() else "")
        self.moved.setVisible(bool(self.moved.text()))

    def _said(self) -> str:
        posko, uid = self._words.posko, self._words.view.uid
        reason = self.why.value(WHY.key) or ""
        try:
            change = check_facts(posko, uid, self.corrected(), reason)
        except UserError:
            return ""
        if any(problem.field != WHY.key for problem in change.problems):
            return ""  # what is wrong is told at its field when it is kept
        return " ".join(_consequences(change))

    def _build(self, room: int) -> None:
        self.group.add(self.form)
        self.group.add(self.why)
        self.body.addWidget(self.group.summary)
        most = min(theme.px(MOST_HEIGHT), max(theme.px(LEAST_HEIGHT), room))
        self.body.addWidget(ScrollColumn(box(vbox(self.form), "surface"), most=most))
        self.body.addWidget(self.why)
        self.body.addWidget(self.moved)
        self.moved.hide()
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.submit_button("Betulkan")
        no.setAutoDefault(False)  # Enter goes through the fields first
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.submit)

    def _on_settled(self, _key: str) -> None:
        self.tell()


def correct_facts(parent: QWidget, context: Context, words: Words) -> FactsSheet | None:
    """Open the dialog, or say why the person logged in may not correct anything."""
    if why := words.why_not("case.write"):
        context.say(why)
        return None
    sheet = FactsSheet(parent.window(), context, words)
    sheet.open()
    return sheet


def _consequences(change: FactsChange) -> Sequence[str]:
    said = [f"{m.label}: {_day(m.before)} menjadi {_day(m.after)}." for m in change.moved]
    if said:
        said.insert(0, "Batas yang bergeser.")
    if change.letters:
        said.append(f"{change.letters} surat yang sudah terbit tidak berubah.")
    return said


def _day(day: date | None) -> str:
    return text.short_date(day) if day else "tidak berjalan"


def _values(words: Words) -> dict[str, Any]:
    facts = words.view.facts
    clocks = {
        key: text.parse_time(said) if (said := getattr(facts, key)) else None
        for key in ("filed_time", "event_time")
    }
    plain = ("filed_on", "known_on", "title", "event_on", "event_place", "region_code", "theme",
             "article", "narrative")  # fmt: skip
    return {**{key: getattr(facts, key) for key in plain}, **clocks}


def _fields(words: Words) -> list[Field]:
    posko = words.posko
    kind = kind_of(words.view.state.intake_kind)
    fixed = bool(words.why_not(permission_of("corrected")))
    here = words.view.facts.region_code

    def regions(typed: str) -> Choices:
        found = posko.regions.search(typed, "", under=posko.office.code, limit=40)
        return [(region.code, region.name) for region in found]

    def asked(key: str, **more: Any) -> Field:
        given = {"read_only": fixed and key in CLOCKS, "hint": " ", **more}
        return Field(key=key, label=label_of(kind, key), **given)

    kept = [(here, words.view.region_name or here)] if here else []
    themes = posko.vocabulary.items("allegation")
    return [
        asked("filed_on", kind="date", width=4, missing="Isi tanggal lapor."),
        asked("filed_time", kind="time", width=3, optional=True),
        asked("known_on", kind="date", width=5, optional=True),
        asked("title", optional=True),
        asked("event_on", kind="date", width=4, optional=True),
        asked("event_time", kind="time", width=3, optional=True),
        asked("theme", kind="combo", width=5, optional=True, choices=themes),
        asked("event_place", width=7, optional=True),
        asked("region_code", kind="region", width=5, optional=True, search=regions, choices=kept),
        asked("article", optional=True),
        asked("narrative", kind="multiline", lines=4, optional=True),
    ]  # fmt: skip
