"""A section of several people or things: one small form for each, to be added and removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app import text as words
from posko_app.app import Posko
from posko_app.cases.kinds import IntakeKind
from ui.forms import Form, FormGroup
from ui.widgets.buttons import Link
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.icon import Icon
from ui.widgets.text import Elided, Text, box, hairline, hbox, vbox

from .chat_kept import name_in, size_in
from .questions import row_fields


@dataclass(frozen=True)
class RowContent:
    """What was typed in one row, by the last part of each key, and its file."""

    raw: dict[str, str] = field(default_factory=dict)
    path: str = ""
    uid: str = ""  # of what it is in the case that becomes what the form says

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.path and not any(text.strip() for text in self.raw.values())


class Row(QWidget):
    """One person or thing: a line with its name and Hapus, its form, and its file."""

    def __init__(self, form: Form, title: str, path: str, *, alone: bool, first: bool) -> None:
        super().__init__()
        self.form, self.path, self.uid = form, path, ""
        self.remove = Link("Hapus", role="small")
        self.remove.setAccessibleName(f"Hapus {title.lower()}")
        self._head = box(hbox(Text(title, "label", "text2"), None, self.remove))
        column = vbox(gap=6)
        if not first:
            column.addWidget(hairline())
        column.addWidget(self._head)
        column.addWidget(form)
        if path:
            column.addWidget(_file_line(path))
        self.setLayout(column)
        self.set_alone(alone)  # only now: a widget without a parent would open as a window

    def set_alone(self, alone: bool) -> None:
        """Do without number and Hapus while there is no other row."""
        self._head.setHidden(alone)

    def fill(self, content: RowContent) -> None:
        """Show what was typed."""
        self.uid = content.uid
        self.form.set_raw(
            {key: content.raw.get(key.rsplit(".", 1)[-1], "") for key in self.form.boxes}
        )


class RowsCard(Card):
    """The card of a section with rows; `noun` names one of them ("terlapor")."""

    row_added = Signal()
    removed = Signal(str, object)  # what was removed in words, the rows before

    def __init__(
        self,
        posko: Posko,
        group: FormGroup,
        section: str,
        title: str,
        noun: str,
        kind: IntakeKind,
        *,
        extra: Sequence[QWidget] = (),
        note: str = "",
        chip: Chip | None = None,
    ) -> None:
        super().__init__(title, extra=extra, note=note, chip=chip, dense=True)
        self._posko, self._group, self.section = posko, group, section
        self._noun, self._kind = noun, kind
        self._connect: Callable[[Form], None] | None = None
        self._short = False
        self.rows: list[Row] = []
        self._column = vbox(gap=8)
        self.add(self._column)

    def begin(self, connect: Callable[[Form], None]) -> None:
        """Show the first empty row; `connect` is given every form made here."""
        self._connect = connect
        self.set_rows([RowContent()])

    def contents(self) -> list[RowContent]:
        """What was typed in every row, empty ones too."""
        return [
            RowContent(
                {key.rsplit(".", 1)[-1]: raw for key, raw in row.form.raw().items()},
                row.path,
                row.uid,
            )
            for row in self.rows
        ]

    def set_rows(self, contents: Sequence[RowContent]) -> None:
        """Show these rows instead; keys are numbered anew."""
        if [content.path for content in contents] == [row.path for row in self.rows]:
            for row, content in zip(self.rows, contents, strict=True):
                row.fill(content)
            return
        self._clear()
        for place, content in enumerate(contents):
            self._insert(place, content, alone=len(contents) == 1 and not content.path)

    def append(self, *contents: RowContent) -> int:
        """Add rows after the last one that is filled in; gives back the place of the first."""
        before = self.contents()
        kept = [content for content in before if not content.empty]
        if len(kept) < len(before):
            self.set_rows([*kept, *contents])
        else:
            for row in self.rows:
                row.set_alone(False)
            for place, content in enumerate(contents, len(kept)):
                self._insert(place, content, alone=False)
        self.row_added.emit()
        return len(kept)

    def fold(self, short: bool) -> None:
        """Show only what has to be asked, or everything."""
        self._short = short
        for row in self.rows:
            self._fold_row(row)

    def focus(self, place: int = 0) -> None:
        """Move the keyboard to a row."""
        if self.rows:
            self.rows[min(place, len(self.rows) - 1)].form.focus_first()

    def _insert(self, place: int, content: RowContent, *, alone: bool) -> None:
        fields = row_fields(self._posko, self._kind, self.section, place)
        form = Form(fields, today=self._posko.today())
        title = f"{self._noun.capitalize()} {place + 1}"
        row = Row(form, title, content.path, alone=alone, first=place == 0)
        row.remove.clicked.connect(self._on_remove)
        row.fill(content)
        self.rows.append(row)
        self._column.addWidget(row)
        row.show()  # at once: a field that is not shown yet cannot take the focus
        self._group.add(form, self._place_in_group(place))
        self._fold_row(row)
        if self._connect is not None:
            self._connect(form)

    def _place_in_group(self, place: int) -> int:
        """After the row before, so that Enter goes down the page."""
        if place:
            return self._group.forms.index(self.rows[place - 1].form) + 1
        return self._first_place()

    def _first_place(self) -> int:
        """Before the forms of the sections that follow this one."""
        order = list(self._kind.ask)
        mine = order.index(self.section)
        for place, form in enumerate(self._group.forms):
            if order.index(str(form.property("section"))) > mine:
                return place
        return len(self._group.forms)

    def _fold_row(self, row: Row) -> None:
        place = self.rows.index(row)
        row.form.setProperty("section", self.section)
        folded = self._kind.folded
        asked = self._kind.ask[self.section]
        keys = [f"{self.section}.{place}.{n}" for n in asked if f"{self.section}.{n}" in folded]
        if keys:
            row.form.show_fields(keys, not self._short)

    def _clear(self) -> None:
        for row in self.rows:
            self._group.remove(row.form)
            self._column.removeWidget(row)
            row.form.blockSignals(True)  # a field that loses the focus here has nothing to tell
            row.hide()
            row.deleteLater()
        self.rows = []

    def _on_remove(self) -> None:
        before = self.contents()
        place = next(n for n, row in enumerate(self.rows) if row.remove is self.sender())
        kept = [content for n, content in enumerate(before) if n != place]
        self.set_rows(kept or [RowContent()])
        self.removed.emit(f"{self._noun.capitalize()} {place + 1}", before)


def _file_line(path: str) -> QWidget:
    size = size_in(path)
    said = "berkas tidak ditemukan lagi" if size is None else words.file_size(size)
    line = Elided(f"{name_in(path)} · {said}", "small", "text2")
    return box(hbox(Icon("evidence", "text2", 14), line, gap=5))
