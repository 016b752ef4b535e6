"""What the three views of the page have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from posko_app.security.permissions import allowed
from ui import theme
from ui.context import Context
from ui.table_view import TableView
from ui.tokens import MARGIN
from ui.widgets.buttons import IconButton
from ui.widgets.cards import Card
from ui.widgets.layout import FlowLayout, ScrollColumn
from ui.widgets.text import box, hbox, vbox

SIDE = 352  # pixels of the cards at the right
GAP = 12  # pixels between them and the list
ROOM = 570  # pixels that the list must keep beside them


def choose_rows(table: TableView[Any], keys: Collection[str], key: Callable[[Any], str]) -> None:
    """Choose several rows besides the one with the keyboard, as they were before a change."""
    chosen = table.selectionModel()
    how = chosen.SelectionFlag.Select | chosen.SelectionFlag.Rows
    for place in range(table.rows.rowCount()):
        row = table.rows.row_at(place)
        if row is not None and key(row) in keys:
            chosen.select(table.rows.index(place, 0), how)


class View(QWidget):
    """One view: a list in a card with cards beside it; keys of the page come here.

    The cards at the right fold away in a narrow window; Space brings them back.
    """

    tables: frozenset[str] = frozenset()
    subtitle = ""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.may = allowed(context.posko.user.role, "prevention.write")
        self._wants_side: bool | None = None  # None: as the window has room
        self._side: QScrollArea | None = None
        self.fold = IconButton("preview", "Panel samping", hint="Spasi", checkable=True)
        self.fold.clicked.connect(self.toggle_side)

    def head_buttons(self) -> list[QWidget]:
        """The buttons in the head of the page, the primary one last."""
        return []

    def show_buttons(self, shown: bool) -> None:
        """Show the buttons in the head, or none of them; what may not be done stays hidden."""
        for button in self.head_buttons():
            button.setVisible(shown and (self.may or button in self.for_all()))

    def for_all(self) -> list[QWidget]:
        """The buttons that also those have who only read."""
        return []

    def reload(self) -> None:
        """Fetch and show."""

    def primary(self) -> None:
        """What Ctrl+Enter does."""

    def new_row(self) -> None:
        """What Ins does."""

    def paste(self) -> None:
        """What Ctrl+V does while no field has the keyboard."""

    def export(self) -> None:
        """What Ctrl+E does."""

    def print_page(self) -> None:
        """What Ctrl+P does."""

    def focus_filter(self) -> None:
        """What / does."""

    def step_problem(self, by: int) -> None:
        """What F8 does."""

    def step_case(self, by: int) -> None:
        """What Alt+PgUp and Alt+PgDn do."""

    def panes(self) -> list[QWidget]:
        """The widgets that F6 goes round."""
        return []

    def take_focus(self) -> None:
        """Put the keyboard where work starts."""
        panes = self.panes()
        (panes[0] if panes else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def help_text(self) -> str:
        """A sentence or two for F1."""
        return ""

    def state(self) -> dict[str, Any]:
        """What to remember for Alt+Left."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what `state` gave."""

    def toggle_side(self) -> None:
        """Fold the cards at the right away, or bring them back."""
        if self._side is not None:
            self._wants_side = self._side.isHidden()
            self.settle()

    def settle(self) -> None:
        """Give the cards at the right their room, or none."""
        if self._side is None:
            return
        fits = self.width() - 2 * MARGIN - theme.px(SIDE) - GAP >= theme.px(ROOM)
        shown = fits if self._wants_side is None else self._wants_side
        self._side.setVisible(shown)
        self.fold.setChecked(shown)
        self.arrange()

    def room(self) -> int:
        """The pixels that the list has beside the cards, at 100 % text."""
        taken = 0 if self._side is None or self._side.isHidden() else theme.px(SIDE) + GAP
        return (self.width() - 2 * MARGIN - taken) * 100 // theme.px(100)

    def arrange(self) -> None:
        """Show the columns that have room now."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.settle()

    def lay_out(
        self, bar: Sequence[QWidget], card: Card, side: Sequence[QWidget],
        right: Sequence[QWidget] = (),
    ) -> None:  # fmt: skip
        """The bar on top, in as many lines as it needs, the list below it, the cards beside it."""
        flow = FlowLayout(gap=8, line_gap=6)
        for part in bar:
            flow.addWidget(part)
        top = hbox(gap=8)
        top.addWidget(box(flow), 1)
        for part in (*right, self.fold):
            top.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        inner = vbox(*side, None, gap=12)
        area = ScrollColumn(box(inner, "plain"))
        area.setFixedWidth(theme.px(SIDE))
        area.setAccessibleName("Panel samping")
        self._side = area
        row = hbox(gap=GAP)
        row.addWidget(card, 1)
        row.addWidget(area)
        column = vbox(top, gap=10, margins=(MARGIN, 10, MARGIN, 12))
        column.addLayout(row, 1)
        self.setLayout(column)
