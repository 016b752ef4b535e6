"""Step 1: which office this is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from posko_app.errors import Problem
from posko_app.rules.regions import Region, load_regions
from posko_app.text import ZONES
from ui.fields import Choices, Field
from ui.forms import Form
from ui.widgets.cards import Choice
from ui.widgets.icon import Icon
from ui.widgets.letterhead import LetterheadPreview
from ui.widgets.text import Text, box, hbox, vbox

from .join_row import JoinRow
from .proposals import LEVELS, NEEDED, Proposal, proposed
from .step import Step, even

REGION_NAMES = {"provinsi": "Provinsi", "kabupaten": "Kabupaten/Kota", "kecamatan": "Kecamatan"}
TYPED = ("name", "place", "zone", "paper", "letterhead", "report_code", "letter_code")
PAPERS: Choices = (("F4", "F4"), ("A4", "A4"))
NO_MATCH = "Pilih dari daftar. Ketik beberapa huruf untuk mencari."
DAY = date.min  # nothing here is a date


class OfficeStep(Step):
    """Level first, then only the regions it needs; the rest is proposed and stays editable."""

    heading = "Di kantor mana aplikasi ini dipakai?"
    says = (
        "Jawaban ini menentukan kop surat, penomoran, dan tujuan pengiriman data. Tingkat dan "
        "wilayah tetap; yang lain dapat diubah admin di Pengaturan."
    )
    room = 940

    def __init__(self) -> None:
        super().__init__()
        self.regions = load_regions()
        self.level = ""
        self._codes = dict.fromkeys(REGION_NAMES, "")
        self._proposal = Proposal()
        self._zone = ""
        self.levels = {code: Choice(name, text) for code, (name, text) in LEVELS.items()}
        self._level_problem = Text("Pilih tingkat kantor.", "label", "red")
        self._level_problem.hide()
        self.where = Form(_region_fields(), today=DAY, dense=False)
        self.names = Form(_name_fields(), today=DAY, dense=False)
        self.head = Form([_letterhead()], today=DAY, dense=False)
        self.codes = Form(_code_fields(), today=DAY, dense=False)
        self.join = JoinRow()
        self.names.set_values({"paper": "F4"})
        self.preview = LetterheadPreview()
        self._reminder = Text("", "small", "gold", wrap=True)
        self._build()
        self._connect()

    def begin(self) -> None:
        if self.join.said is not None:
            return  # nothing to answer: the wizard's own button has the keyboard
        if not self.level:
            next(iter(self.levels.values())).radio.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.where.focus_first()

    def check(self) -> list[Problem]:
        if self.join.said is not None:
            return []
        if not self.level:
            self._level_problem.show()
            self.begin()
            return [Problem("level", "Pilih tingkat kantor.")]
        found = self.group.check()
        found += [p for p in self._stray() if p.field not in {f.field for f in found}]
        if found:
            self.show_problems(found)
        return found

    def show_problems(self, problems: list[Problem]) -> None:
        last = NEEDED[self.level][-1] if self.level else "provinsi"
        moved = [Problem(last, p.message) if p.field == "region_code" else p for p in problems]
        super().show_problems(moved)

    def values(self) -> dict[str, str]:
        if self.join.said is not None:
            keys = (*TYPED, "level", "region_code", "election_kind")
            return {key: str(self.join.said.office[key]) for key in keys}
        typed: dict[str, str] = {**self.names.values(), **self.head.values(), **self.codes.values()}
        return {
            **{key: typed[key] for key in TYPED},
            "level": self.level,
            "region_code": self._region_code(),
            "election_kind": self._proposal.election_kind,
        }

    def raw(self) -> dict[str, str]:
        forms = (self.names, self.head, self.codes)
        typed = {key: text for form in forms for key, text in form.raw().items() if key in TYPED}
        return {**typed, "level": self.level, "region_code": self._region_code()}

    def set_raw(self, raw: Mapping[str, str]) -> None:
        if raw.get("level") in self.levels:
            self.levels[raw["level"]].radio.setChecked(True)
        for region in self.regions.path(raw.get("region_code", "")):
            if region.level in REGION_NAMES:
                self.where.set_values({region.level: region.code})
                self._on_region(region.level)
        for form in (self.names, self.head, self.codes):
            form.set_raw({key: raw[key] for key in TYPED if key in raw})
        self._follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a level goes on to its regions."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() and self.level and self._on_levels():
            self.where.focus_first()
        else:
            super().keyPressEvent(event)

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        radios = QButtonGroup(self)
        row = hbox(gap=12)
        for choice in self.levels.values():
            radios.addButton(choice.radio)
            row.addWidget(choice, 1)
        asked = vbox(Text("Tingkat kantor", "label"), row, self._level_problem, gap=3)
        self._levels: QWidget = box(asked)
        self.parts.addWidget(self._levels)
        self.parts.addWidget(self.join)
        for form in (self.where, self.names, self.head, self.codes):
            self.group.add(even(form))
        seen = vbox(Text("Kop surat, seperti tercetak", "label"), self.preview, None, gap=3)
        letter = hbox(gap=12)
        letter.addWidget(self.head, 1)
        letter.addLayout(seen, 1)
        note = hbox(vbox(1, Icon("attention", "gold", 14), None), gap=6)
        note.addWidget(self._reminder, 1)
        self._reminder_row = box(note)
        rest = vbox(self.where, self.names, letter, self.codes, self._reminder_row, gap=10)
        self._rest: QWidget = box(rest)
        self._rest.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._rest.hide()
        self.parts.addWidget(self._rest)
        self._choose_among("provinsi", "")

    def _connect(self) -> None:
        for choice in self.levels.values():
            choice.chosen.connect(self._on_level)
        self.join.changed.connect(self._on_join)
        self.where.changed.connect(self._on_region)
        self.where.settled.connect(self._on_region_left)
        self.head.changed.connect(self._follow)
        self.codes.changed.connect(self._follow)

    # --- what follows from what -----------------------------------------------------------------

    def _on_join(self) -> None:
        """With a file of the first computer nothing else is asked about the office."""
        alone = self.join.said is None
        self._levels.setVisible(alone)
        self._rest.setVisible(alone and bool(self.level))
        self.begin()

    def _on_levels(self) -> bool:
        return any(choice.radio.hasFocus() for choice in self.levels.values())

    def _on_level(self) -> None:
        self.level = next(c for c, choice in self.levels.items() if choice.radio.isChecked())
        self._level_problem.hide()
        needed = NEEDED[self.level]
        self.where.show_fields(needed)
        self.where.show_fields([key for key in REGION_NAMES if key not in needed], False)
        self._rest.show()
        self._propose()

    def _on_region(self, key: str) -> None:
        """A region was chosen: offer those below it and propose names."""
        code = str(self.where.value(key) or "")
        if code == self._codes[key]:
            return
        self._codes[key] = code
        below = list(REGION_NAMES)[list(REGION_NAMES).index(key) + 1 :]
        for place, lower in enumerate(below):
            self._codes[lower] = ""
            self.where.set_values({lower: ""})
            self._choose_among(lower, code if place == 0 else "")
        self._propose()

    def _on_region_left(self, key: str) -> None:
        """What was typed is enough when only one region fits."""
        typed = self.where.raw()[key].strip()
        if typed and not self.where.value(key):
            fits = self.regions.search(typed, key, self._above(key), limit=2)
            if len(fits) == 1:
                self.where.set_values({key: fits[0].code})
        self._on_region(key)

    def _choose_among(self, key: str, above: str) -> None:
        if key == "provinsi" or above:
            found = sorted(self.regions.children(above), key=lambda region: region.name)
        else:
            found = []
        self.where.set_choices(key, [(region.code, region.name) for region in found])

    def _propose(self) -> None:
        """Fill in what the user has not written himself."""
        self.codes.set_values({"region_code": self._region_code()})
        new, old = proposed(self._path()), self._proposal
        self._proposal = new
        pairs: dict[str, tuple[str, str]] = {
            "name": (old.name, new.name),
            "place": (old.place, new.place),
            "letterhead": ("\n".join(old.letterhead), "\n".join(new.letterhead)),
        }
        for form in (self.names, self.head):
            raw = form.raw()
            for key, (before, after) in pairs.items():
                if key in raw and raw[key].strip() in ("", before):
                    form.set_values({key: after})
        self.names.set_note("name", new.doubt, doubt=True)
        self._propose_zone()
        self._follow()

    def _propose_zone(self) -> None:
        province = self._codes["provinsi"]
        if not province:
            return
        # The core loads the tables, which the first frame does not need.
        from posko_app.office.setup import zone_of_region

        usual = zone_of_region(province)
        if self.names.raw()["zone"] in ("", self._zone):
            self.names.set_values({"zone": usual})
        self._zone = usual

    def _follow(self, _key: str = "") -> None:
        """Show the letterhead, and which codes are still empty."""
        self.preview.set_lines(self.head.raw()["letterhead"].splitlines())
        empty = [
            words
            for key, words in (
                ("report_code", "Kode laporan masih kosong: nomor laporan terbit tanpa kode."),
                ("letter_code", "Kode surat masih kosong: nomor surat terbit tanpa kode."),
            )
            if not self.codes.raw()[key].strip()
        ]
        more = "Keduanya" if len(empty) > 1 else "Kode itu"
        tail = f"{more} dapat diisi nanti di Pengaturan."
        self._reminder.setText(" ".join([*empty, tail]))
        self._reminder_row.setVisible(bool(empty))

    def _above(self, key: str) -> str:
        keys = list(REGION_NAMES)
        place = keys.index(key)
        return self._codes[keys[place - 1]] if place else ""

    def _path(self) -> tuple[Region, ...]:
        return self.regions.path(self._region_code())

    def _region_code(self) -> str:
        """The region of this office, once the last box it needs is filled."""
        return self._codes[NEEDED[self.level][-1]] if self.level else ""

    def _stray(self) -> list[Problem]:
        """Regions typed from another list: each must lie in the one before it."""
        keys = NEEDED[self.level]
        return [
            Problem(lower, NO_MATCH)
            for upper, lower in pairwise(keys)
            if not str(self.where.value(lower)).startswith(f"{self.where.value(upper)}.")
        ]


def _region_fields() -> list[Field]:
    def field(key: str, **more: Any) -> Field:
        return Field(key=key, label=REGION_NAMES[key], kind="region", width=4, **more)

    hint = "Ketik beberapa huruf untuk mencari."
    return [
        field("provinsi", help=hint, missing="Pilih provinsi."),
        field("kabupaten", missing="Pilih kabupaten atau kota."),
        field("kecamatan", missing="Pilih kecamatan."),
    ]


def _name_fields() -> list[Field]:
    zones = [(name, name) for name in ZONES]
    return [
        Field(key="name", label="Nama kantor", width=5, missing="Isi nama kantor."),
        Field(key="place", label="Tempat surat ditulis", width=3,
              missing="Isi tempat, misalnya nama ibu kota kabupaten."),
        Field(key="zone", label="Zona waktu", kind="combo", width=2, choices=zones,
              missing="Pilih zona waktu WIB, WITA atau WIT."),
        Field(key="paper", label="Kertas surat", kind="combo", width=2, choices=PAPERS,
              missing="Pilih kertas F4 atau A4."),
    ]  # fmt: skip


def _letterhead() -> Field:
    return Field(key="letterhead", label="Kop surat", kind="multiline", lines=4, optional=True,
                 hint="tulis juga alamat dan telepon",
                 help="Shift+Enter untuk baris baru.")  # fmt: skip


def _code_fields() -> list[Field]:
    return [
        Field(key="region_code", label="Kode Kemendagri", width=4, read_only=True, optional=True,
              hint="dari wilayah", help="Alamat kantor ini untuk kiriman data.", mono=True),
        Field(key="report_code", label="Kode laporan Bawaslu", width=4, optional=True, mono=True,
              help="Kode wilayah di nomor laporan, menurut daftar Bawaslu."),
        Field(key="letter_code", label="Kode surat", width=4, optional=True, mono=True,
              help="Kode di nomor surat, menurut tata naskah kantor."),
    ]  # fmt: skip
