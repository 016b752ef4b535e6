"""The dialogs of the matrix: pieces noted, pieces planned, photos put to their villages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.cases.coverage import NewEntry, Village, note_coverage, set_plans
from posko_app.cases.coverage_paste import PhotoMatch
from posko_app.errors import Problem
from posko_app.text import fold
from ui import dialogs, theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.fields import Choices, Field
from ui.forms import Form
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, hbox

from .activity_entry import number

MOST_CHOICES = 40


@dataclass(frozen=True, kw_only=True)
class Note:
    """What a note begins with: what was noted last, or what is copied down."""

    item: str = ""
    action: str = ""
    quantity: str = ""
    on: date | None = None
    note: str = ""


def ask_note(
    parent: QWidget, context: Context, villages: Sequence[Village], begin: Note
) -> tuple[tuple[str, ...], Note] | None:
    """Ask for pieces and note them in every village; the uids and what was typed, or None."""
    posko = context.posko
    made: list[str] = []

    def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
        entries = [
            NewEntry(
                village_code=village.code,
                item=values["item"],
                action=values["action"],
                quantity=values["quantity"],
                on=values["on"],
                note=values["note"],
            )
            for village in villages
        ]
        made.extend(note_coverage(posko, entries))
        return None

    got = dialogs.ask_form(
        parent, _many("Catat bahan", villages), _note_fields(posko), today=posko.today(),
        act="Catat", text=_names(villages), submit=submit, width=560,
        values={"item": begin.item, "action": begin.action, "quantity": begin.quantity,
                "on": begin.on or posko.today(), "note": begin.note},
    )  # fmt: skip
    if got is None:
        return None
    return tuple(made), Note(item=got["item"], action=got["action"], on=got["on"])


def ask_plan(
    parent: QWidget, context: Context, villages: Sequence[Village], kept: dict[str, int]
) -> frozenset[str]:
    """Ask how many pieces each of some villages is to get; the items planned anew, none if left.

    `kept` are the plans by item that all of them have; a field left empty changes nothing, nor
    does one left as it was.
    """
    posko = context.posko
    fields = [
        Field(key=code, label=label, width=3, optional=True, hint=" ", parse=number)
        for code, label in posko.vocabulary.items("coverage_item")
    ]

    made: set[str] = set()

    def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
        filled = {item: count for item, count in values.items() if count != ""}
        if not filled:
            return [Problem(fields[0].key, "Isi paling sedikit satu jumlah.")]
        typed = {item: count for item, count in filled.items() if count != kept.get(item)}
        if typed:
            plans = {(v.code, item): count for v in villages for item, count in typed.items()}
            set_plans(posko, plans)
        made.update(typed)
        return None

    got = dialogs.ask_form(
        parent, _many("Rencana bahan", villages), fields, today=posko.today(),
        act="Simpan rencana", submit=submit, width=520,
        text=f"{_names(villages)}. Jumlah per desa; yang kosong tidak diubah, 0 menghapus.",
        values={item: str(count) for item, count in kept.items()},
    )  # fmt: skip
    return frozenset(made) if got is not None else frozenset()


class PhotoSheet(Sheet):
    """Photos and the villages their names tell; the others are chosen by hand, one key each."""

    wanted = Signal(object)  # tuple of (path, village code)

    def __init__(
        self, parent: QWidget, posko: Posko, matches: Sequence[PhotoMatch],
        villages: Sequence[Village],
    ) -> None:  # fmt: skip
        super().__init__(parent, "Foto per desa", "Desa dibaca dari nama berkas atau foldernya. "
                         "Pilih desa untuk yang belum dikenali.", width=760)  # fmt: skip
        self._villages = {village.code: village for village in villages}
        self._matches, self._given = list(matches), list(matches)
        self.table: TableView[PhotoMatch] = TableView(
            _photo_columns(), name="Foto", key=lambda one: str(one.path)
        )
        self.table.setFixedHeight(theme.px(250))
        self.form = Form([_village_field(posko, villages)], today=posko.today(), dense=False)
        self.said = Elided("", "small", "text2")
        for part in (self.table, self.form):
            self.body.addWidget(part)
        foot = hbox(self.said, gap=12)
        foot.addWidget(KeyHints([("Enter", "pilih desa"), ("Del", "keluarkan")]))
        self.body.addLayout(foot)
        no = self.add_button("Tidak jadi", kind="flat")
        self.keep = self.submit_button("Simpan foto")
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        self.keep.clicked.connect(self._on_keep)
        self.table.current_changed.connect(self._on_current)
        self.table.opened.connect(self._on_opened)
        self.form.settled.connect(self._on_settled)
        self.form.submitted.connect(self.go_on)
        self._show()
        self.table.choose_first()
        self.go_on()

    def assign(self, code: str) -> None:
        """Put the photo with the keyboard to a village."""
        row = self.table.row()
        if row is None or code not in self._villages:
            return
        place = self._matches.index(row)
        self._matches[place] = replace(row, village=self._villages[code], why="")
        self._show()

    def go_on(self) -> None:
        """Give the keyboard to the next photo without a village, else to the list."""
        waiting = [one for one in self._matches if one.village is None]
        if waiting:
            self.table.choose(str(waiting[0].path))
            self.form.focus_first()
        else:
            self.table.setFocus()

    def unsaved(self) -> bool:
        """Whether leaving loses villages chosen by hand; the form only shows that of a photo."""
        return self._matches != self._given

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.table.row()
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus() and row is not None:
            self._matches.remove(row)
            self._show()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        self.table.set_rows(self._matches)
        ready = sum(one.village is not None for one in self._matches)
        waiting = len(self._matches) - ready
        self.said.setText(
            f"{waiting} foto belum punya desa, tidak ikut disimpan" if waiting else ""
        )
        self.keep.setText(f"Simpan {ready} foto")
        self.keep.set_why_disabled("" if ready else "Pilih desa untuk paling sedikit satu foto.")

    def _on_current(self, row: PhotoMatch | None) -> None:
        self.form.set_values({"village": row.village.code if row and row.village else ""})

    def _on_opened(self, _row: PhotoMatch) -> None:
        self.form.focus_first()

    def _on_settled(self, _key: str) -> None:
        self.assign(str(self.form.value("village") or ""))

    def _on_keep(self) -> None:
        ready = [(one.path, one.village.code) for one in self._matches if one.village]
        self.wanted.emit(tuple(ready))
        self.accept()


def _photo_columns() -> tuple[Column[PhotoMatch], ...]:
    def place(one: PhotoMatch) -> str:
        village = one.village
        return f"{village.name}, kec. {village.subdistrict}" if village else one.why

    return (
        Column("file", "Berkas", lambda r: Path(r.path).name, width=300),
        Column("village", "Desa", place, width=0, tone=lambda r: "" if r.village else "gold"),
    )


def _village_field(posko: Posko, villages: Sequence[Village]) -> Field:
    named = [(one.code, f"{one.name}, kec. {one.subdistrict}") for one in villages]

    def search(typed: str) -> Choices:
        wanted = fold(typed)
        return [pair for pair in named if wanted in fold(pair[1])][:MOST_CHOICES]

    many = len(named) > MOST_CHOICES * 5
    return Field(key="village", label="Desa foto ini", kind="combo", optional=True, hint=" ",
                 choices=named, search=search if many else None)  # fmt: skip


def _note_fields(posko: Posko) -> list[Field]:
    return [
        Field(key="quantity", label="Jumlah per desa", width=4, parse=number,
              missing="Isi jumlah, misalnya 2."),
        Field(key="item", label="Bahan", kind="combo", width=4, missing="Pilih bahan.",
              choices=posko.vocabulary.items("coverage_item")),
        Field(key="action", label="Kegiatan", kind="combo", width=4, missing="Pilih kegiatan.",
              choices=posko.vocabulary.items("coverage_action")),
        Field(key="on", label="Tanggal", kind="date", width=4, missing="Isi tanggal."),
        Field(key="note", label="Catatan", width=8, optional=True),
    ]  # fmt: skip


def _many(title: str, villages: Sequence[Village]) -> str:
    return title if len(villages) == 1 else f"{title} di {len(villages)} desa"


def _names(villages: Sequence[Village], most: int = 4) -> str:
    """The villages by name, the first of many."""
    first = ", ".join(village.name for village in villages[:most])
    more = len(villages) - most
    return f"{first}, dan {more} desa lain" if more > 0 else first
