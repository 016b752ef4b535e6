"""The entry row at the top of the list: five short fields and Simpan, in line with the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.prevention import NewActivity
from posko_app.errors import InvalidInput
from ui import theme
from ui.fields import Field, Parsed
from ui.forms import Form, FormGroup
from ui.widgets.buttons import Button
from ui.widgets.text import box, hbox, vbox

KEYS = ("on", "item", "title", "place", "participants")
KEPT = ("on", "item")  # what the next line begins with


class EntryRow(QWidget):
    """Enter runs through the row and saves in the last field; a date ahead makes it a plan."""

    wanted = Signal(object)  # NewActivity

    def __init__(self, posko: Posko) -> None:
        super().__init__()
        self.setAccessibleName("Kegiatan baru")
        self._posko = posko
        self._day = posko.today()  # on which the line began; the page may stay open overnight
        self.form = Form(_fields(posko), today=self._day)
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.keep = Button("Simpan", small=True)
        self._end = box(vbox(self.keep))
        self._end.setFixedWidth(theme.px(84))
        row = hbox(self.form, self._end, gap=12, margins=(12, 6, 12, 6))
        row.setStretch(0, 1)
        column = vbox(self.group.summary, row)
        inner = box(column, "alt")
        self.setLayout(vbox(inner))
        self.setFocusProxy(self.form.boxes["item"].editor)
        self.group.submitted.connect(self.save)
        self.keep.clicked.connect(self.save)
        self.begin({"on": self._day})

    def fit(self, widths: Sequence[int], last: int) -> None:
        """Stand over the columns of the list: a width each, 0 for the one that takes the rest."""
        self.form.stand_in_row(widths)
        self._end.setFixedWidth(last)

    def begin(self, values: Mapping[str, Any]) -> None:
        """Empty the row but for what is likely to be the same again."""
        self._day = self._posko.today()
        self.form.set_raw(dict.fromkeys(self.form.boxes, ""))
        self.form.set_values(values)
        self.group.show_problems(())

    def next_line(self) -> None:
        """Begin the next line after one was saved."""
        values = self.form.values()
        self.begin({key: values[key] for key in KEPT})
        self.form.focus_field("item")

    def started(self) -> bool:
        """Whether a line is being typed."""
        return bool(self.form.raw()["title"].strip())

    def take_focus(self) -> None:
        """Move the keyboard into the row; one that waited since yesterday begins with today."""
        today = self._posko.today()
        if today != self._day and not self.started():
            if self.form.value("on") == self._day:
                self.form.set_values({"on": today})
            self._day = today
        self.form.focus_field("item" if self.form.raw()["on"].strip() else "on")

    def save(self) -> None:
        """Ask for what stands in the row to be kept; a rejected line stays with its problems."""
        if self.group.check():
            return
        values = self.form.values()
        on: date = values["on"]
        self.wanted.emit(
            NewActivity(
                on=on,
                item=values["item"],
                title=values["title"],
                place=values["place"],
                participants=values["participants"] or 0,
                done=on <= self._posko.today(),
            )
        )

    def show_problems(self, error: InvalidInput) -> None:
        """Mark what the core rejected."""
        self.group.show_problems(error.problems)


def number(typed: str) -> Parsed:
    """A count; nothing typed is none."""
    digits = typed.strip().replace(".", "")
    if not digits.isdecimal() or len(digits) > 7:
        return Parsed(0, error="Tulis angka saja, misalnya 40.")
    return Parsed(int(digits), shown=text.thousands(int(digits)))


def _fields(posko: Posko) -> list[Field]:
    items = posko.vocabulary.items("prevention_item")
    return [
        Field(key="on", label="Tanggal", kind="date", bare=True, missing="Isi tanggal kegiatan."),
        Field(key="item", label="Jenis", kind="combo", bare=True, placeholder="Jenis",
              missing="Pilih jenis kegiatan.", choices=items),
        Field(key="title", label="Kegiatan", bare=True, placeholder="Kegiatan baru",
              missing="Isi nama kegiatan."),
        Field(key="place", label="Tempat", bare=True, placeholder="Tempat", optional=True),
        Field(key="participants", label="Sasaran", bare=True, placeholder="0", optional=True,
              parse=number),
    ]  # fmt: skip
