"""Deciding at a preview: the detail of the chosen line with the buttons and keys that choose."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from posko_app.exchange.changes import FieldConflict
from posko_app.exchange.decide import own_value
from posko_app.exchange.plan import ImportPlan
from ui import dialogs, theme
from ui.context import Context
from ui.fields import Field
from ui.widgets.buttons import Button
from ui.widgets.text import hbox

from .choosing import OURS, OWN, THEIRS, Chosen, Held, side
from .detail import Detail
from .lines import Line
from .resolver import ConflictBlock

LONG = 80  # characters from which a text gets several lines to be written in


class Deciding(QObject):
    """Shows a line in the detail card and keeps what is chosen there; `changed` tells of it."""

    changed = Signal()
    answered = Signal(object, object)  # line with a hand edit, accepted (True), refused or None
    next_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._parent = context, parent
        self.chosen = Chosen()
        self.detail = Detail(context.posko)
        self.line: Line | None = None
        self._open = False
        self.ours = Button("Semua data kita", hint="Ctrl+←", small=True)
        self.theirs = Button("Semua data masuk", hint="Ctrl+→", small=True)
        self.own = Button("Tulis sendiri…", small=True)
        self.refuse, self.accept = (
            Button("Tolak", hint="Ctrl+←", small=True),
            Button("Terima", hint="Ctrl+→", small=True),
        )
        self.next = Button("Bentrok berikut", icon="down", hint="F8", small=True)
        row = hbox(self.ours, self.theirs, self.own, self.refuse, self.accept, None, gap=6)
        row.addWidget(self.next)
        self._foot = self.detail.set_foot(row, 44)
        self._foot.setMinimumWidth(theme.px(200))  # it gives way; see `set_narrow`
        self._foot.hide()
        self._narrow = False
        self.ours.clicked.connect(self.all_ours)
        self.theirs.clicked.connect(self.all_theirs)
        self.own.clicked.connect(self.write_own)
        self.refuse.clicked.connect(self.all_ours)
        self.accept.clicked.connect(self.all_theirs)
        self.next.clicked.connect(self.next_wanted)
        self.detail.picked.connect(self._on_picked)

    def begin(self, plan: ImportPlan) -> None:
        """Start with what is proposed."""
        self.chosen, self._open = Chosen.of(plan), True

    def end(self) -> None:
        """What was chosen is applied: it can be read, not changed."""
        self._open = False
        self.detail.set_editable(False)
        self._foot.hide()

    def set_narrow(self, on: bool) -> None:
        """Say the same with fewer letters where there is little room."""
        self._narrow = on
        for button, long, short in (
            (self.ours, "Semua data kita", "Kita"),
            (self.theirs, "Semua data masuk", "Masuk"),
            (self.own, "Tulis sendiri…", "Sendiri…"),
        ):
            button.setText(short if on else long)
            button.setAccessibleName(long)
            button.updateGeometry()
        self.next.setVisible(not on and self.own.isVisibleTo(self._foot))

    @property
    def is_open(self) -> bool:
        """Whether anything can be chosen now."""
        return self._open

    def show_line(self, plan: ImportPlan, line: Line | None) -> None:
        """Show a line with the buttons that fit it."""
        self.line = line
        self.detail.show_line(plan, line, self.chosen)
        self.detail.set_editable(self._open)
        mine = any(not block.conflict.owner for block in self.detail.blocks)
        edit = line.edit if line is not None else None
        for button in (self.ours, self.theirs, self.own):
            button.setVisible(mine)
        self.next.setVisible(mine and not self._narrow)
        self.refuse.setVisible(edit is not None)
        self.accept.setVisible(edit is not None and edit.acceptable)
        self._foot.setVisible(self._open and (mine or edit is not None))

    def all_ours(self) -> None:
        """Ctrl+←: our values everywhere in this line, or the hand edit refused."""
        self._choose(OURS, accept=False)

    def all_theirs(self) -> None:
        """Ctrl+→: the values that came everywhere in this line, or the hand edit accepted."""
        self._choose(THEIRS, accept=True)

    def write_own(self) -> None:
        """Write a value of one's own for the field with the keyboard, else the first open one."""
        block = self._block()
        if block is None or not self._open:
            return
        conflict = block.conflict
        pick = self.chosen.picks.get(conflict.key)
        values = side(conflict, OURS) or list(conflict.values)
        before = pick.text if pick is not None and pick.source == OWN else values[0].text
        lines = 6 if max(len(value.text) for value in conflict.values) > LONG else 1
        kind = "multiline" if lines > 1 else "text"
        label = conflict.field
        found: list[Held] = []

        def submit(given: dict[str, Any]) -> None:
            text = str(given["text"] or "")
            found[:] = [own_value(self._context.posko, conflict.table, conflict.name, text)]

        got = dialogs.ask_form(
            self._parent,
            f"Tulis sendiri: {conflict.field}",
            [Field(key="text", label=label, kind=kind, lines=lines)],
            today=self._context.posko.today(),
            act="Pakai tulisan ini",
            text="Menggantikan kedua nilai saat kiriman diterapkan.",
            values={"text": before},
            submit=submit,
        )
        if got is not None and found:
            self.chosen.pick(conflict, OWN, found[0], str(got["text"] or ""))
            self._tell()

    def _choose(self, source: str, *, accept: bool) -> None:
        if not self._open or self.line is None:
            return
        if self.line.edit is not None:
            self.answered.emit(self.line, accept)
            return
        if self.line.change is not None:
            self.chosen.pick_all(self.line.change.conflicts, source)
            self._tell()

    def _block(self) -> ConflictBlock | None:
        """The contested field that the keyboard is in, else the first without a choice."""
        focus = QApplication.focusWidget()
        blocks = [block for block in self.detail.blocks if not block.conflict.owner]
        for block in blocks:
            if focus is not None and block.isAncestorOf(focus):
                return block
        left = [block for block in blocks if block.conflict.key not in self.chosen.picks]
        return next(iter(left or blocks), None)

    def _on_picked(self, conflict: FieldConflict, source: str, value: Held) -> None:
        if self._open:
            self.chosen.pick(conflict, source, value)
        self._tell()

    def _tell(self) -> None:
        self.detail.show_picks(self.chosen)
        self.changed.emit()
