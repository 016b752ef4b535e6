"""The sections of a kind to fill in: forms in cards, one error summary, values, drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from posko_app.app import Posko
from posko_app.cases.kinds import LISTS, IntakeKind
from posko_app.errors import Problem
from ui.editors import inner
from ui.field_box import FieldBox
from ui.fields import Choices, Field
from ui.forms import Form, FormGroup
from ui.widgets.buttons import Link
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.keys import KeyHints
from ui.widgets.text import Text, box, vbox

from . import questions
from .picture import PictureLine
from .rows import RowContent, RowsCard

SECRET = Chip("Rahasia", icon="confidential")
NOUNS = {
    "reported": ("terlapor", "Tambah terlapor", "Ctrl+Shift+T"),
    "witnesses": ("saksi", "Tambah saksi", ""),
    "evidence": ("bukti", "Tambah tanpa berkas", ""),
}
"""List -> what one of it is called, the link that adds one, and its keys."""


class Entry(QWidget):
    """What was typed so far; knows nothing of drafts, checks or filing."""

    changed = Signal(str)  # key, with every stroke
    settled = Signal(str)  # key, when a field was left
    draft_due = Signal()
    submitted = Signal()  # Enter on the last field
    copy_wanted = Signal(str)
    unlock_wanted = Signal(str)  # F2 on a field that a NIK has filled in
    unfold_wanted = Signal()
    restructured = Signal()  # rows came or went
    row_removed = Signal(str, str, object)  # section, what, the rows before
    receive_wanted = Signal()
    files_wanted = Signal()
    chat_wanted = Signal()

    def __init__(self, posko: Posko, kind: IntakeKind) -> None:
        super().__init__()
        self.posko, self.kind, self.today = posko, kind, posko.today()
        self.short = False
        self._violations: Choices = ()  # forms of violation that fit the answers so far
        self._reason = False  # whether the reason for another time of filing is asked
        self._kept: Mapping[str, Any] = {}  # what was typed for another kind, asked here nowhere
        self.group = FormGroup(self)
        self.cards: dict[str, Card] = {}
        self.rows: dict[str, RowsCard] = {}
        self._forms: dict[str, Form] = {}
        self.picture = PictureLine(kind.picture) if kind.picture else None
        self._hidden: dict[str, list[str]] = {}
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._reveal = QTimer(self)
        self._reveal.setSingleShot(True)
        self._reveal.timeout.connect(self._on_reveal)
        self._build()
        self.group.summary.chosen.connect(self.focus_field)
        self.group.changed.connect(self.changed)
        self.group.draft_due.connect(self.draft_due)
        self.group.submitted.connect(self.submitted)

    # --- values ---------------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """What was understood, by key."""
        found: dict[str, Any] = {}
        for form in self.group.forms:
            found.update(form.values())
        return found

    def content(self) -> dict[str, Any]:
        """What was typed, as JSON data for a draft; it survives even where it is wrong."""
        fields = {key: raw for f in self._forms.values() for key, raw in f.raw().items()}
        rows = {key: [_kept(row) for row in card.contents()] for key, card in self.rows.items()}
        kept = self._kept
        picture = self.picture.path if self.picture else kept.get("picture", "")
        return {
            "kind": self.kind.code,
            "fields": {**kept.get("fields", {}), **fields},
            "rows": {**kept.get("rows", {}), **rows},
            "picture": picture,
        }

    def set_content(self, content: Mapping[str, Any]) -> None:
        """Bring a draft back; what this kind does not ask is kept for the kind that does."""
        fields: Mapping[str, str] = content.get("fields", {})
        rows: Mapping[str, Any] = content.get("rows", {})
        asked = {key for form in self._forms.values() for key in form.boxes}
        self._kept = {
            "fields": {key: raw for key, raw in fields.items() if raw and key not in asked},
            "rows": {key: kept for key, kept in rows.items() if key not in self.rows},
            "picture": content.get("picture", ""),
        }
        if self.picture is not None:
            self.picture.set_path(content.get("picture", ""))
        for form in self._forms.values():
            form.set_raw({key: fields.get(key, "") for key in form.boxes})
        for key, card in self.rows.items():
            kept = rows.get(key, [])
            card.set_rows(
                [RowContent(dict(r["raw"]), r["path"], r.get("uid", "")) for r in kept]
                or [RowContent()]
            )
        self.show_asked()

    def box(self, key: str) -> FieldBox | None:
        """The field of a key, if it is asked."""
        for form in self.group.forms:
            if key in form.boxes:
                return form.boxes[key]
        return None

    def boxes(self) -> dict[str, FieldBox]:
        """All fields by key, in the order of the page."""
        return {key: box for form in self.group.forms for key, box in form.boxes.items()}

    def set_value(self, key: str, value: Any) -> None:
        """Show a value in a field; tells nobody."""
        if (found := self.box(key)) is not None:
            found.set_value(value)

    def value(self, key: str) -> Any:
        """What was understood in one field; None where there is no such field."""
        found = self.box(key)
        return None if found is None else found.value()

    def label(self, key: str) -> str:
        """What stands in one field, in words."""
        found = self.box(key)
        return "" if found is None else found.editor.raw().strip()

    def is_empty(self, key: str) -> bool:
        """Whether nothing was typed in a field."""
        return not self.label(key)

    def misread(self) -> list[Problem]:
        """Answers that cannot be understood as what was asked."""
        found = []
        for key, asked in self.boxes().items():
            if asked.editor.raw().strip() and (error := asked.parsed().error):
                found.append(Problem(key, error))
        return found

    def in_order(self, problems: Sequence[Problem]) -> list[Problem]:
        """Problems in the order of the page."""
        places = {key: place for place, key in enumerate(self.boxes())}
        return sorted(problems, key=lambda problem: places.get(problem.field, len(places)))

    # --- moving ---------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the keyboard enters."""
        return inner(next(iter(self.boxes().values())).editor)

    def focus_section(self, section: str) -> None:
        """Move the keyboard to the first field of a section and scroll its card into view."""
        if section in self.rows:
            self.rows[section].focus()
        elif section in self._forms:
            self._forms[section].focus_first()
        self._reveal.start()

    def focus_field(self, key: str) -> None:
        """Move the keyboard to a field; a folded one comes back first."""
        box = self.box(key)
        if box is None:
            self.focus_section(self.kind.section_of(key))
            return
        if box.isHidden():
            self.unfold_wanted.emit()
        self.group.focus_field(key)
        self._reveal.start()

    def section_at(self, widget: QWidget | None) -> str:
        """The section a widget stands in; "" for none."""
        for section, card in self.cards.items():
            if widget is not None and card.isAncestorOf(widget):
                return section
        return ""

    def fold(self, short: bool) -> None:
        """Show only what has to be asked, or everything."""
        self.short = short
        self.show_asked()
        for card in self.rows.values():
            card.fold(short)

    def ask_reason(self, asked: bool) -> None:
        """Ask why the time of filing is not the stamped one, or no longer."""
        if asked != self._reason:
            self._reason = asked
            self.show_asked()

    def offer_violations(self, choices: Choices) -> None:
        """Offer forms of violation; none fits while it is not known who did something."""
        if choices != self._violations and (found := self.box(questions.VIOLATION)) is not None:
            self._violations = choices
            found.set_choices(choices)
            if not choices:
                found.set_raw("")
            self.show_asked()

    def show_asked(self) -> None:
        """Show the fields that the answers so far ask for."""
        proxy = bool(self.value("by_proxy"))
        for section, form in self._forms.items():
            hidden: list[str] = []
            for key, asked in form.boxes.items():
                away = self.short and key in self.kind.folded
                away |= key in questions.PROXY and not proxy
                away |= key == questions.REASON and not self._reason
                away |= key == questions.VIOLATION and not self._violations
                hidden += [key] if away and not asked.has_keyboard() else []
            if hidden != self._hidden.get(section):
                self._hidden[section] = hidden
                form.show_fields([key for key in form.boxes if key not in hidden])
                form.show_fields(hidden, False)

    def put_above(self, part: QWidget) -> None:
        """Show something over the form, always in sight."""
        self._outer.insertWidget(0, part)

    def put_below(self, part: QWidget) -> None:
        """Show something under the last section: there is no room beside the form."""
        self._column.insertWidget(self._column.count() - 1, part)

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        known = questions.known_fields(self.posko)
        for section in self.kind.ask:
            if section in LISTS:
                self._add_rows(section)
            else:
                self._add_form(section, questions.section_fields(known, self.kind, section))
        if "evidence" in self.cards:
            self.cards["evidence"].add(
                Text("Berkas juga bisa dijatuhkan di sini. Bukti boleh menyusul.", "small", "text2")
            )
        column = vbox(gap=6, margins=(0, 0, 8, 8))
        for section in self.kind.ask:
            column.addWidget(self.cards[section])
        column.addStretch(1)
        self._column = column
        inside = box(column)
        inside.setObjectName("plain")
        self.area.setWidget(inside)
        outer = self._outer = vbox(gap=6)
        outer.addWidget(self.group.summary)
        outer.addWidget(self.area, 1)
        self.setLayout(outer)
        self.show_asked()

    def _add_form(self, section: str, fields: Sequence[Field]) -> None:
        title = dict(questions.titles(self.kind))[section]
        extra: list[QWidget] = []
        if section == "receipt":
            now = Link("Terima sekarang", role="small")
            now.clicked.connect(self.receive_wanted)
            extra = [now, _cap("F9")]
        chip = SECRET if section == "reporter" else None
        note = self.kind.items.get(section, "")
        card = Card(title, note=note, chip=chip, extra=extra, dense=True)
        form = Form(fields, today=self.today)
        form.setProperty("section", section)
        self._forms[section] = self.group.add(form)
        self._connect(form)
        card.add(form)
        if section == "reporter" and self.picture is not None:
            self.picture.changed.connect(self.draft_due)
            card.add(self.picture)
        self.cards[section] = card

    def _add_rows(self, section: str) -> None:
        noun, add, keys = NOUNS[section]
        link = Link(add, role="small")
        link.setObjectName(section)
        link.clicked.connect(self._on_add)
        extra: list[QWidget] = [*self._sources(section), link, *([_cap(keys)] if keys else [])]
        title = dict(questions.titles(self.kind))[section]
        chip = SECRET if section == "witnesses" else None
        card = RowsCard(
            self.posko, self.group, section, title, noun, self.kind, extra=extra, chip=chip
        )
        card.begin(self._connect)
        card.row_added.connect(self.restructured)
        card.removed.connect(self._on_removed)
        self.cards[section] = self.rows[section] = card

    def _sources(self, section: str) -> list[QWidget]:
        """Where evidence comes from besides typing."""
        if section != "evidence":
            return []
        files, chat = Link("Pilih berkas", role="small"), Link("Dari chat WhatsApp", role="small")
        files.clicked.connect(self.files_wanted)
        chat.clicked.connect(self.chat_wanted)
        return [files, chat]

    def _connect(self, form: Form) -> None:
        for part in form.findChildren(QWidget):
            part.setAcceptDrops(False)  # a file dropped on a field is evidence, not its name
        form.settled.connect(self.settled)
        form.copy_wanted.connect(self.copy_wanted)
        form.unlock_wanted.connect(self.unlock_wanted)

    def add_row(self, section: str, *contents: RowContent) -> None:
        """Add rows to a list, if the kind has it, and move the keyboard to the first of them."""
        card = self.rows.get(section)
        if card is None:
            return
        place = card.append(*(contents or (RowContent(),)))
        card.focus(place)
        self._reveal.start()

    def _on_reveal(self) -> None:
        """Scroll to the field with the keyboard, once everything has its place."""
        now = QApplication.focusWidget()
        inside = self.area.widget()
        if now is not None and inside is not None and inside.isAncestorOf(now):
            self.area.ensureWidgetVisible(now, 24, 64)

    def _on_add(self) -> None:
        self.add_row(self.sender().objectName())

    def _on_removed(self, what: str, before: list[RowContent]) -> None:
        card = self.sender()
        if isinstance(card, RowsCard):
            self.row_removed.emit(card.section, what, before)
        self.restructured.emit()

    def put_back(self, section: str, rows: list[RowContent]) -> None:
        """Undo the removal of a row."""
        self.rows[section].set_rows(rows)
        self.restructured.emit()


def _kept(row: RowContent) -> dict[str, Any]:
    """A row as a draft keeps it."""
    known = {"uid": row.uid} if row.uid else {}
    return {"raw": row.raw, "path": row.path, **known}


def _cap(key: str) -> KeyHints:
    return KeyHints([(key, "")])
