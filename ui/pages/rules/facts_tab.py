"""The tab Aturan: the list of rules with filters, and one of them in full."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from posko_app.law import LawChange
from posko_app.office import rule_words as words
from posko_app.office.rules import DecisionRow, FactRow, decisions, fact_rows
from posko_app.security.permissions import allowed
from posko_app.text import fold
from ui import theme
from ui.context import Context
from ui.table_view import TableView
from ui.tables import Column, GroupRow
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import Chip, FilterChip
from ui.widgets.filters import MenuFilter, SearchField
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, hbox, vbox

from . import asks
from .changing import Changing
from .detail import OWN, Detail, sure_chip

WHY = "Hanya pimpinan dan admin yang mengubah aturan."
FIXED = "Kata ini berubah bersama perubahan hukum, bukan sendiri."
KEYS = ("name", "value", "sure", "from")
NARROW = ("name", "value", "sure")


class FactsTab(QWidget):
    """Enter changes a value, B confirms a reading."""

    law_chosen = Signal()

    def __init__(self, context: Context, changing: Changing) -> None:
        super().__init__()
        self.context, self.changing = context, changing
        self._rows: tuple[FactRow, ...] = ()
        self._decisions: tuple[DecisionRow, ...] = ()
        self.search = SearchField("Saring aturan, dasar, sumber", width=250)
        self.law = MenuFilter("Peraturan", (), all_text="kantor ini")
        self.part = MenuFilter("Bagian", list(words.TABLES.items()))
        self.doubtful = FilterChip("Belum pasti", closable=True)
        self.change = Button("Ubah nilai", icon="edit", hint="Enter", kind="primary")
        self.confirm = Button("Pastikan bacaan", icon="check", hint="B")
        self.head_buttons: tuple[QWidget, ...] = (self.confirm, self.change)
        self.table: TableView[FactRow] = TableView(COLUMNS, name="Aturan", key=lambda r: r.key)
        self.detail = Detail(context.posko.zone)
        self.count = Elided("", "small", "text2")
        self._build()
        self._connect()

    @property
    def regulation(self) -> str:
        """The id of the regulation that is shown."""
        return self.law.code or self.context.posko.office.regulation

    def reload(self) -> None:
        """Read rules and decisions again."""
        posko = self.context.posko
        laws = posko.rules.regulations
        self.law.set_choices([(k, short_title(v.title)) for k, v in sorted(laws.items())])
        self._rows = fact_rows(posko, self.regulation)
        self._decisions = decisions(posko, self.regulation)
        self._show()

    def summary(self) -> str:
        """What the head of the page says."""
        law = self.context.posko.rules.get(self.regulation)
        doubtful = sum(not row.sure for row in self._rows)
        return f"{law.title}: {len(self._rows)} aturan, {doubtful} di antaranya belum pasti"

    def primary(self) -> None:
        """Change the chosen rule."""
        self.change_value()

    def new_row(self) -> None:
        """There is nothing to add here."""

    def focus_filter(self) -> None:
        """Go to the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def print_page(self) -> None:
        """Nothing is printed here."""

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.table, self.detail, self.search]

    def change_value(self) -> None:
        """Choose a field of the chosen rule, then ask for its value."""
        row = self.table.row()
        if row is None or not self.change.isEnabled():
            return
        self._menu(self.change, asks.fields_of(row), self._on_field)

    def confirm_reading(self) -> None:
        """Choose an open question of the chosen rule, then ask which reading holds."""
        row = self.table.row()
        if row is None or not self.confirm.isEnabled():
            return
        questions = asks.open_questions(row)
        if len(questions) == 1:
            self.ask_question(questions[0][0])
        else:
            self._menu(self.confirm, questions, self._on_question)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(1000)
        self.table.show_columns(NARROW if narrow else KEYS)
        self.side.setFixedWidth(theme.px(320 if narrow else 380))

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        hints = [("↑ ↓", "pilih"), ("Enter", "ubah nilai"), ("B", "pastikan bacaan")]
        card.set_foot(hbox(self.count, KeyHints(hints), gap=12))
        self.side = Card(padded=False)
        self.side.add(self.detail, 1)
        bar = hbox(self.search, self.law, self.part, self.doubtful, None)
        both = hbox(gap=12)
        both.addWidget(card, 1)
        both.addWidget(self.side)
        column = vbox(bar, 10, margins=(16, 12, 16, 14))
        column.addLayout(both, 1)
        self.setLayout(column)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._show)
        self.search.list_wanted.connect(self.table.setFocus)
        self.law.chosen.connect(self._on_law)
        self.part.chosen.connect(self._show)
        self.doubtful.toggled.connect(self._show)
        self.change.clicked.connect(self.change_value)
        self.confirm.clicked.connect(self.confirm_reading)
        self.table.opened.connect(self.change_value)
        self.table.letter.connect(self._on_letter)
        self.table.current_changed.connect(self._on_current)

    def _on_law(self, _code: str) -> None:
        self.reload()
        self.law_chosen.emit()

    def _show(self, _wanted: object = "") -> None:
        wanted = fold(self.search.text())
        found = [
            row
            for row in self._rows
            if self.part.code in ("", row.table)
            and not (self.doubtful.isChecked() and row.sure)
            and wanted in fold(f"{row.name} {row.value} {row.source} {row.key}")
        ]
        shown: list[FactRow | GroupRow] = []
        for row in found:
            last = shown[-1] if shown else None
            if not isinstance(last, FactRow) or last.table != row.table:
                shown.append(GroupRow(words.TABLES[row.table]))
            shown.append(row)
        self.table.set_rows(shown)
        if self.table.row() is None and found:
            self.table.choose_first()
        every, here = len(self._rows), len(found)
        self.count.setText(f"{here} dari {every} aturan" if here < every else f"{every} aturan")
        self._on_current(self.table.row())

    def _on_current(self, row: FactRow | None) -> None:
        posko = self.context.posko
        may = "" if allowed(posko.user.role, "office.rules") else WHY
        fixed = bool(row and not asks.fields_of(row))
        settable = FIXED if fixed else "" if row else "Pilih aturan dulu."
        self.change.set_why_disabled(may or settable)
        open_ones = bool(row and asks.open_questions(row))
        none = "" if open_ones else "Tidak ada bacaan yang terbuka."
        self.confirm.set_why_disabled(may or none)
        law = posko.rules.get(self.regulation, posko.today())
        self.detail.show_fact(law, row, self._decisions)

    def _on_letter(self, letter: str) -> None:
        if letter.casefold() == "b":
            self.confirm_reading()

    def _menu(
        self, button: QWidget, choices: list[tuple[str, str]], act: Callable[[], None]
    ) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, label in choices:
            action = QAction(label, menu)
            action.setData(key)
            action.triggered.connect(act)
            menu.addAction(action)
        if choices:
            menu.setActiveAction(menu.actions()[0])
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    def _on_field(self) -> None:
        self.ask_field(_chosen(self.sender()))

    def _on_question(self) -> None:
        self.ask_question(_chosen(self.sender()))

    def ask_field(self, field: str) -> None:
        """Ask for the value of a field of the chosen rule."""
        if (row := self.table.row()) is not None:
            posko = self.context.posko
            self._begin(asks.ask_value(posko, self, self.regulation, row, field))

    def ask_question(self, question: str) -> None:
        """Ask which reading of the chosen rule holds."""
        if (row := self.table.row()) is not None:
            posko = self.context.posko
            self._begin(asks.ask_reading(posko, self, self.regulation, row, question))

    def _begin(self, change: LawChange | None) -> None:
        if change is not None:
            self.changing.look(change)


def _chosen(action: QObject | None) -> str:
    return str(action.data()) if isinstance(action, QAction) else ""


def short_title(title: str) -> str:
    """A regulation without what stands in brackets: "Pilkada 2024"."""
    return title.partition(" (")[0]


def _from(row: FactRow) -> Chip:
    return OWN if row.own else Chip("bawaan", "plain")


COLUMNS: tuple[Column[FactRow], ...] = (
    Column("name", "Aturan", lambda r: r.name, width=216, style="strong",
           tooltip=lambda r: f"{r.name}\nSumber: {r.source}"),
    Column("value", "Yang berlaku", lambda r: r.value, width=0, tooltip=lambda r: r.value),
    Column("sure", "Kepastian", sure_chip, width=140, style="chip", sort=lambda r: r.sure),
    Column("from", "Dari", _from, width=84, style="chip", sort=lambda r: r.own),
)  # fmt: skip
