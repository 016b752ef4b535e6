"""The tab Usulan: what people typed into the workbook, spoiled columns first, each in one click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from posko_app import text
from posko_app.exchange.damage import Damage
from posko_app.exchange.plan import ImportPlan
from ui.table_view import TableView
from ui.tokens import ROW_DENSE
from ui.widgets.buttons import Button
from ui.widgets.icon import Icon
from ui.widgets.text import Text, box, hbox, restyle, vbox

from .choosing import Chosen
from .lines import Line, edit_lines, proposal_columns


class DamageCard(QFrame):
    """A column that a spreadsheet program spoiled; one button refuses all of it."""

    refused = Signal(object, bool)  # damage, on

    def __init__(self, damage: Damage) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.damage, self._on = damage, False
        self.button = Button("", small=True)
        self.button.clicked.connect(self._on_clicked)
        row = hbox(Icon("attention", "gold"), gap=8, margins=(10, 6, 10, 6))
        row.addWidget(Text(damage.sentence, wrap=True), 1)
        row.addWidget(self.button)
        self.setLayout(row)
        self.setAccessibleName(damage.sentence)
        self.show_refused(on=False)

    def show_refused(self, *, on: bool) -> None:
        """Show whether the column is refused."""
        self._on = on
        count = text.thousands(len(self.damage.fingerprints))
        said = f"Ditolak {count}. Urungkan" if on else f"Tolak {count} usulan ini"
        self.button.setText(said)
        self.button.setAccessibleName(f"{said}: {self.damage.heading}")
        self.button.updateGeometry()
        restyle(self, tone="ok" if on else "attention")

    def _on_clicked(self) -> None:
        self.refused.emit(self.damage, not self._on)


class ProposalsPane(QWidget):
    """Spoiled columns and the list of hand edits with their ticks."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("surface")
        self.chosen = Chosen()
        self.cards: list[DamageCard] = []
        self._places = vbox(gap=6)
        self._top = box(vbox(self._places, margins=(10, 10, 10, 6)))
        self.table: TableView[Line] = TableView(
            proposal_columns(lambda: self.chosen), name="Usulan perubahan",
            key=lambda line: line.key, row_height=ROW_DENSE,
        )  # fmt: skip
        self.table.toggled.connect(self._on_toggled)
        column = vbox(self._top)
        column.addWidget(self.table, 1)
        self.setLayout(column)

    def show_plan(self, plan: ImportPlan, lines: Sequence[Line], chosen: Chosen) -> None:
        """Show the hand edits of a plan; `lines` know the numbers of its cases."""
        self.chosen = chosen
        while item := self._places.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.cards = [DamageCard(damage) for damage in plan.damages]
        for card in self.cards:
            card.refused.connect(self._on_refused)
            self._places.addWidget(card)
        self._top.setVisible(bool(self.cards))
        self.table.set_rows(edit_lines(plan, lines))
        self.refresh()

    def refresh(self) -> None:
        """Show what is chosen now."""
        for card in self.cards:
            card.show_refused(on=self.chosen.refused.issuperset(card.damage.fingerprints))
        self.table.viewport().update()

    def answer(self, line: Line | None, state: bool | None) -> None:
        """Accept, refuse or leave open the edit of a line."""
        if line is not None and line.edit is not None:
            self.chosen.set_edit(line.edit, state)
            self.refresh()
            self.changed.emit()

    def _on_toggled(self, line: Line, _key: str) -> None:
        if line.edit is not None and line.edit.acceptable:
            accepted = line.edit.fingerprint in self.chosen.accepted
            self.answer(line, None if accepted else True)

    def _on_refused(self, damage: Damage, on: bool) -> None:
        self.chosen.refuse_all(damage.fingerprints, refuse=on)
        self.refresh()
        self.changed.emit()
