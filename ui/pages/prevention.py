"""The page Pencegahan: an entry row on top, and every activity below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.prevention import ActivityRow, NewActivity, activities, log_activity
from posko_app.errors import InvalidInput
from posko_app.security.permissions import allowed
from posko_app.text import fold
from ui import theme
from ui.case_words import LEVELS
from ui.context import Context
from ui.fields import Choices, Field, Parsed
from ui.forms import Form, FormGroup
from ui.page import Page
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, PageHead
from ui.widgets.chips import Chip
from ui.widgets.filters import MenuFilter, SearchField
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, hbox, vbox

MOST = 1000
KEYS = ("on", "kind", "title", "place", "region", "target", "participants", "quantity", "state")
NARROW = ("on", "kind", "title", "place", "participants", "state")
COUNTS = ("participants", "quantity")
KEPT = ("on", "kind", "done")  # what the next line begins with


class PreventionPage(Page):
    """Ins goes to the entry row, Enter runs through it and saves; the list follows."""

    title = "Pencegahan"
    sidebar = "prevention"
    shows = frozenset({"prevention"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        posko = context.posko
        self._may = allowed(posko.user.role, "prevention.write")
        self.add = Button("Kegiatan baru", icon="add", hint="Ins", kind="primary")
        self.head = PageHead(
            self.title, "Pendidikan, publikasi, imbauan, dan kegiatan lain", actions=[self.add]
        )
        self.form = Form(_fields(posko), today=posko.today())
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.keep = Button("Simpan", small=True)
        self.entry = Card(dense=True)
        self.search = SearchField("Saring kegiatan, tempat, sasaran")
        self.kind = MenuFilter("Bentuk", posko.vocabulary.items("prevention_kind"))
        self.table: TableView[ActivityRow] = TableView(
            columns(posko), name="Kegiatan pencegahan", key=lambda row: row.uid
        )
        self.count = Elided("", "small", "text2")
        self._rows: tuple[ActivityRow, ...] = ()
        self._build()
        self._connect()
        self._begin_line({"on": posko.today(), "done": True})

    def reload(self) -> None:
        self._rows = activities(self.context.posko, limit=MOST)
        self._show()

    def primary(self) -> None:
        if self._may and self.form.raw()["title"].strip():
            self.save()
        else:
            self.new_row()

    def new_row(self) -> None:
        if self._may:
            self.form.focus_field("kind" if self.form.raw()["on"].strip() else "on")

    def save(self) -> None:
        """Log what stands in the entry row; a rejected line stays with its problems."""
        if not self._may or self.group.check():
            return
        values = self.form.values()
        counts = {key: values[key] or 0 for key in COUNTS}
        new = NewActivity(**{**values, **counts})
        before = {row.uid for row in self._rows}
        if not self.context.attempt(log_activity, new, invalid=self._on_rejected):
            return
        made = next((row.uid for row in self._rows if row.uid not in before), "")
        self._begin_line({key: values[key] for key in KEPT})
        self.table.choose(made)
        self.form.focus_field("kind")

    def step_problem(self, by: int) -> None:
        self.group.step_problem(by)

    def focus_filter(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def panes(self) -> list[QWidget]:
        parts: list[QWidget] = [self.table, self.search]
        return [self.entry, *parts] if self._may else parts

    def take_focus(self) -> None:
        if self._may:
            self.new_row()
        else:
            self.table.setFocus()

    def help_text(self) -> str:
        return (
            "Semua kegiatan pencegahan, terbaru di atas. Ins mulai baris baru, Enter pindah ke "
            "isian berikut dan menyimpan di isian terakhir. Hilangkan tanda Terlaksana untuk "
            "mencatat rencana."
        )

    def state(self) -> dict[str, Any]:
        row = self.table.row()
        return {
            "text": self.search.text(),
            "kind": self.kind.code,
            "uid": row.uid if row else "",
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.search.setText(state.get("text", ""))
        self.kind.set_code(state.get("kind", ""))
        self._show()
        self.table.choose(state.get("uid", ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.show_columns(NARROW if self.width() < theme.px(1100) else KEYS)

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self.entry.setAccessibleName("Kegiatan baru")
        self.entry.add(self.group.summary)
        self.entry.add(self.form)
        row = hbox(gap=12)
        row.addWidget(KeyHints([("Enter", "isian berikut"), ("Ctrl+Enter", "simpan")]), 1)
        row.addWidget(self.keep)
        self.entry.add(row)
        self.entry.setFocusProxy(self.form.boxes["kind"].editor)
        card = Card(padded=False)
        card.add(self.table, 1)
        foot = hbox(self.count, gap=12)
        foot.addWidget(KeyHints([("Ins", "baris baru"), ("/", "saring")]))
        card.set_foot(foot)
        bar = hbox(self.search, self.kind, None)
        work = vbox(self.entry, bar, gap=10, margins=(16, 0, 16, 14))
        work.addWidget(card, 1)
        column = vbox()
        column.addLayout(self.banner_place)
        column.addWidget(self.head)
        column.addLayout(work, 1)
        self.setLayout(column)
        self.entry.setVisible(self._may)  # only now: alone it would be a window of its own
        self.add.setVisible(self._may)

    def _connect(self) -> None:
        self.add.clicked.connect(self.new_row)
        self.keep.clicked.connect(self.save)
        self.group.submitted.connect(self.save)
        self.search.textChanged.connect(self._show)
        self.search.list_wanted.connect(self.table.setFocus)
        self.kind.chosen.connect(self._show)

    def _begin_line(self, values: dict[str, Any]) -> None:
        """Empty the entry row but for what is likely to be the same again."""
        self.form.set_raw(dict.fromkeys(self.form.boxes, ""))
        self.form.set_values(values)
        self.group.show_problems(())

    def _on_rejected(self, error: InvalidInput) -> None:
        self.group.show_problems(error.problems)

    def _show(self, _wanted: str = "") -> None:
        wanted = fold(self.search.text())
        rows = [
            row
            for row in self._rows
            if (not self.kind.code or row.kind == self.kind.code) and wanted in fold(_words(row))
        ]
        self.table.set_rows(rows)
        said = f"{text.thousands(len(rows))} kegiatan"
        if len(rows) < len(self._rows):
            said = f"{text.thousands(len(rows))} dari {text.thousands(len(self._rows))} kegiatan"
        elif len(self._rows) == MOST:
            said = f"{text.thousands(MOST)} kegiatan terbaru"
        elif not rows:
            said = "Belum ada kegiatan. Isi baris di atas untuk mencatat yang pertama."
        self.count.setText(said)


def columns(posko: Posko) -> tuple[Column[ActivityRow], ...]:
    """The columns, in the words of this office."""

    def area(row: ActivityRow) -> str:
        if row.region_name or row.office_code == posko.office.code:
            return row.region_name or "–"
        region = posko.regions.get(row.office_code)
        return f"{LEVELS.get(len(row.office_code), '')} {region.name if region else ''}".strip()

    def day(on: date) -> str:
        return text.day_month(on) if on.year == posko.today().year else text.short_date(on)

    return (
        Column("on", "Tanggal", lambda r: r.on, day, width=108, style="secondary",
               tooltip=lambda r: text.full_date(r.on)),
        Column("kind", "Bentuk", lambda r: Chip(r.kind_label), width=168, style="chip",
               sort=lambda r: r.kind_label),
        Column("title", "Kegiatan", lambda r: r.title, width=0),
        Column("place", "Tempat", lambda r: r.place or "–", width=150, style="secondary"),
        Column("region", "Wilayah", area, width=110, style="secondary"),
        Column("target", "Sasaran", lambda r: r.target or "–", width=110, style="secondary"),
        Column("participants", "Peserta", lambda r: r.participants, _count, width=68, right=True),
        Column("quantity", "Jumlah", lambda r: r.quantity, _count, width=68, right=True),
        Column("state", "Keadaan", _state, width=106, style="chip", sort=lambda r: r.done),
    )  # fmt: skip


def _fields(posko: Posko) -> list[Field]:
    code = posko.office.code

    def regions(typed: str) -> Choices:
        level = "desa" if posko.office.level == "kecamatan" else ""
        found = posko.regions.search(typed, level, under=code, limit=40)
        return [(region.code, region.name) for region in found]

    fields = [
        Field(key="on", label="Tanggal", kind="date", width=2, missing="Isi tanggal kegiatan."),
        Field(key="kind", label="Bentuk", kind="combo", width=3, missing="Pilih bentuk pencegahan.",
              choices=posko.vocabulary.items("prevention_kind")),
        Field(key="title", label="Kegiatan", width=5, missing="Isi nama kegiatan."),
        Field(key="done", label="Terlaksana", kind="check", width=2),
    ]  # fmt: skip
    more: dict[str, dict[str, Any]] = {
        "place": {"label": "Tempat", "width": 3},
        "region_code": {"label": "Wilayah", "width": 3, "kind": "region", "search": regions},
        "target": {"label": "Sasaran", "width": 2},
        "participants": {"label": "Peserta", "width": 2, "parse": _number},
        "quantity": {"label": "Jumlah bahan", "width": 2, "parse": _number},
    }
    return [
        *fields,
        *(Field(key=k, optional=True, hint="bila ada", **about) for k, about in more.items()),
    ]


def _number(typed: str) -> Parsed:
    """A count; nothing typed is none."""
    digits = typed.strip().replace(".", "")
    if not digits.isdecimal() or len(digits) > 7:
        return Parsed(0, error="Tulis angka saja, misalnya 40.")
    return Parsed(int(digits), shown=text.thousands(int(digits)))


def _count(number: int) -> str:
    return text.thousands(number) if number else "–"


def _state(row: ActivityRow) -> Chip:
    return Chip("Terlaksana", "plain_green", "check") if row.done else Chip("Rencana", "gray")


def _words(row: ActivityRow) -> str:
    parts: Sequence[str] = (row.title, row.place, row.target, row.region_name, row.kind_label)
    return " ".join(parts)
