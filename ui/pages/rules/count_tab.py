"""The tab Hitung tanggal: one rule from one date, day by day, to read or to print."""

from __future__ import annotations

from datetime import date, datetime, time

from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.rules.book import Regulation
from posko_app.rules.deadlines import DayCount, Due, due
from posko_app.rules.facts import DeadlineRule
from ui import theme
from ui.context import Context
from ui.count_print import CountPrinter
from ui.fields import Field
from ui.forms import Form
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.text import Facts, Text, box, hbox, vbox


class CountTab(QWidget):
    """Choose a rule and a date: the days stand beside them at once."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.printer = CountPrinter(context, self)
        self._found: Due | None = None
        self._offered: tuple[str, ...] = ()  # the rules in the list
        posko = context.posko
        self.form = Form(
            [
                Field(key="law", label="Peraturan", kind="combo", choices=()),
                Field(key="rule", label="Batas waktu", kind="combo", choices=()),
                Field(key="on", label="Tanggal mulai", kind="date", width=7, live=True),
                Field(key="at", label="Jam", kind="time", width=5, optional=True),
            ],
            today=posko.today(), dense=False,
        )  # fmt: skip
        self.title = Text("", "section", wrap=True)
        self.limit = Text("", "strong", wrap=True)
        self.facts = Facts(key_width=92)
        self.remarks = Text("", "small", "gold", wrap=True)
        self.table: TableView[DayCount] = TableView(
            COLUMNS, name="Hari demi hari", key=lambda row: row.date
        )
        self.print_button = Button("Cetak cara hitung", icon="print", hint="Ctrl+P", kind="primary")
        self.head_buttons: tuple[QWidget, ...] = (self.print_button,)
        self._build()
        self.form.changed.connect(self._on_changed)
        self.form.settled.connect(self._on_changed)
        self.print_button.clicked.connect(self.print_page)

    def reload(self) -> None:
        """Offer the rules as they read now."""
        posko = self.context.posko
        laws = posko.rules.regulations
        law = self.form.value("law") or posko.office.regulation
        self.form.set_choices("law", [(key, v.title) for key, v in sorted(laws.items())])
        self.form.set_values({"law": law if law in laws else posko.office.regulation})
        self._offer_rules()
        if self.form.value("on") is None:
            self.form.set_values({"on": posko.today()})
        self._count()

    def primary(self) -> None:
        """Print it."""
        self.print_page()

    def new_row(self) -> None:
        """There is nothing to add here."""

    def focus_filter(self) -> None:
        """Go to the questions."""
        self.form.focus_field("rule")

    def print_page(self) -> None:
        """Open the count as PDF in the system's viewer."""
        if self._found is None:
            return
        self.printer.print_rule(*self._asked())

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.form.boxes["rule"].editor, self.table]

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        asked = Card("Yang dihitung", icon="due")
        asked.add(self.form)
        asked.add(self.facts)
        asked.body.addStretch(1)
        asked.setFixedWidth(theme.px(380))
        result = Card(padded=False)
        head = vbox(self.title, self.limit, self.remarks, gap=4, margins=(14, 12, 14, 10))
        result.add(box(head))
        result.add(self.table, 1)
        both = hbox(asked, gap=12)
        both.addWidget(result, 1)
        both.setContentsMargins(16, 12, 16, 14)
        self.setLayout(both)

    def _offer_rules(self) -> None:
        rules = self._law().deadlines
        if self._offered == tuple(rules):
            return
        self._offered = tuple(rules)
        chosen = self.form.value("rule")
        self.form.set_choices("rule", [(key, rule.label) for key, rule in rules.items()])
        self.form.set_values({"rule": chosen if chosen in rules else next(iter(rules))})

    def _law(self) -> Regulation:
        posko = self.context.posko
        on = self.form.value("on")
        day = on if isinstance(on, date) else posko.today()
        return posko.rules.get(self.form.value("law") or posko.office.regulation, day)

    def _asked(self) -> tuple[Regulation, DeadlineRule, date | datetime]:
        law = self._law()
        on, at = self.form.value("on"), self.form.value("at")
        start = datetime.combine(on, at, self.context.posko.zone) if isinstance(at, time) else on
        return law, law.deadlines[self.form.value("rule")], start

    def _on_changed(self, key: str) -> None:
        if key in ("law", "on"):  # another day may have another version, with other rules
            self._offer_rules()
        self._count()

    def _count(self) -> None:
        posko = self.context.posko
        if not isinstance(self.form.value("on"), date) or not self.form.value("rule"):
            self._found = None
            self.print_button.set_why_disabled("Isi tanggal mulai dulu.")
            return
        law, rule, start = self._asked()
        found = self._found = due(rule, start, posko.calendar, posko.zone)
        self.title.setText(found.label)
        self.limit.setText(
            f"Batas {text.full_date(found.due_on)} "
            f"pukul {found.clock(posko.zone)} {posko.office.zone}"
        )
        remarks = list(found.warnings)
        if found.safe_on < found.due_on:
            why = f", bila {found.safe_why}" if found.safe_why else ""
            remarks.insert(0, f"Batas aman: {text.full_date(found.safe_on)}{why}.")
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))
        self.facts.set_rows(
            [
                ("Dihitung", found.basis),
                ("Aturan", found.edition),
                ("Sumber", law.source_text(rule)),
            ]
        )
        self.table.set_rows(found.days)
        self.print_button.set_why_disabled("")


def _counted(day: DayCount) -> Chip:
    return Chip("Dihitung", "plain_green", "check") if day.counted else Chip("Tidak", "plain")


COLUMNS: tuple[Column[DayCount], ...] = (
    Column("date", "Hari, tanggal", lambda r: r.date, text.full_date, width=210),
    Column("counted", "Dihitung", _counted, width=110, style="chip", sort=lambda r: r.counted),
    Column("why", "Keterangan", lambda r: r.why, width=0, style="secondary",
           tooltip=lambda r: r.why),
)  # fmt: skip
