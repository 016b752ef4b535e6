"""Periksa: the report read back to the reporter, section by section, with Ubah."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from posko_app import text as words
from posko_app.app import Posko
from posko_app.cases.report import EvidenceInput, NewReport, PersonInput, ReportedInput
from posko_app.rules.deadlines import Due
from posko_app.rules.identity import parse_nik, parse_nip, parse_phone
from ui import theme
from ui.editors import Check
from ui.widgets.banner import Banner
from ui.widgets.buttons import Link
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.text import Elided, Text, box, hairline, hbox, vbox

from .questions import SECTIONS

Line = tuple[str, str]
EMPTY = "belum diisi"
_READ = "Bacakan ringkasan ini kepada pelapor sebelum menyimpan. Pilih Ubah bila ada yang salah."


class Review(QWidget):
    """The whole report to read out; nothing can be typed here."""

    change_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._cards: dict[str, _ReadCard] = {}
        column = vbox(Banner("info", _READ), gap=8, margins=(0, 0, 8, 8))
        for section, title in SECTIONS[:-1]:
            card = _ReadCard(section, title.partition(" ")[2])
            card.change.clicked.connect(self._on_change)
            self._cards[section] = card
            column.addWidget(card)
        column.addStretch(1)
        self._column = column
        inside = box(column)
        inside.setObjectName("plain")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        self.setLayout(vbox(self._area))

    def show_report(self, posko: Posko, report: NewReport, *, stamped: bool) -> None:
        """Show a report as it stands."""
        lines = {
            "receipt": _receipt(posko, report, stamped=stamped),
            "reporter": _reporter(posko, report),
            "reported": [line for p in report.reported for line in _party(posko, p)],
            "event": _event(posko, report),
            "witnesses": [line for w in report.witnesses for line in _witness(w)],
            "evidence": list(_evidence(posko, report.evidence)),
        }
        for section, card in self._cards.items():
            card.show_lines(lines[section])
        self._area.verticalScrollBar().setValue(0)

    @property
    def first(self) -> QWidget:
        """Where the keyboard enters."""
        return self._cards["receipt"].change

    def lines(self, section: str) -> Sequence[Line]:
        """What is read out in a section."""
        return self._cards[section].lines

    def put_below(self, part: QWidget) -> None:
        """Show something under the last section: there is no room beside it."""
        self._column.insertWidget(self._column.count() - 1, part)

    def _on_change(self) -> None:
        self.change_wanted.emit(self.sender().objectName())


class _ReadCard(Card):
    """One section: lines of a grey key and its value, under hairlines."""

    def __init__(self, section: str, title: str) -> None:
        self.change = Link("Ubah", role="small")
        self.change.setObjectName(section)
        self.change.setAccessibleName(f"Ubah {title.lower()}")
        super().__init__(title, extra=[self.change], dense=True, padded=False)
        self.body.setSpacing(0)
        self.lines: Sequence[Line] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines instead."""
        while item := self.body.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.lines = tuple(lines) or (("", "Belum ada, boleh menyusul."),)
        for place, (key, value) in enumerate(self.lines):
            if place:
                self.body.addWidget(hairline())
            name = Text(key, tone="text2")
            name.setFixedWidth(theme.px(138))
            said = Text(value or EMPTY, tone="" if value else "text3", wrap=True, select=True)
            top = Qt.AlignmentFlag.AlignTop
            row = hbox(margins=(12, 3, 12, 4))
            row.addWidget(name, 0, top)
            row.addWidget(said, 1, top)
            self.body.addWidget(box(row))


class AfterCard(Card):
    """What happens once the report is saved."""

    def __init__(self) -> None:
        super().__init__("Setelah disimpan")
        self._due, self._officer = Elided(""), Elided("")
        for icon, line in (
            ("hash", Elided("Nomor diberikan saat disimpan")),
            ("print", Elided("Tanda bukti dibuka untuk dicetak")),
            ("due", self._due),
            ("person", self._officer),
        ):
            self.add(hbox(Icon(icon), line))

    def show_facts(self, dues: Sequence[Due], officer: str) -> None:
        """Name the first deadline and the officer."""
        review = next((due for due in dues if due.rule == "initial_review"), None)
        day = f"{review.due_on.day} {words.SHORT_MONTHS[review.due_on.month - 1]}" if review else ""
        self._due.setText(f"{review.label} paling lambat {day}" if review else "")
        self._officer.setText(f"Petugas: {officer}")


class StatementCard(Card):
    """The reporter's word that what was read out is right."""

    toggled = Signal()
    SENTENCE = "Pelapor membenarkan isi laporan dan siap menandatangani formulir."

    def __init__(self) -> None:
        super().__init__("Pernyataan pelapor")
        self.check = Check("")
        self.check.setAccessibleName(self.SENTENCE)
        self.check.edited.connect(self.toggled)
        self._sentence = Text(self.SENTENCE, wrap=True)
        row = hbox(gap=4)
        row.addWidget(self.check, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        self.add(row)

    @property
    def given(self) -> bool:
        """Whether the reporter has said so."""
        return self.check.isChecked()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._sentence.geometry().contains(event.position().toPoint()):
            self.check.click()


def _receipt(posko: Posko, report: NewReport, *, stamped: bool) -> list[Line]:
    day = words.full_date(report.filed_on) if stamped else ""
    at = report.filed_time.replace(":", ".")
    when = f"{day} pukul {at} {posko.office.zone}" if day and at else day
    channel = posko.vocabulary.label("channel", report.channel) if report.channel else ""
    return [("Diterima", when), ("Cara lapor", channel), ("Tempat lapor", report.filed_place)]


def _reporter(posko: Posko, report: NewReport) -> list[Line]:
    person = report.reporter
    label = posko.vocabulary.label
    parts = [
        parse_nik(person.nik, posko.today()).grouped if person.nik else "",
        label("sex", person.sex).lower() if person.sex else "",
        _born(person),
    ]
    work = label("occupation", person.occupation) if person.occupation else ""
    nation = label("citizenship", person.citizenship) if person.citizenship else ""
    lines = [
        ("Nama", person.name),
        ("NIK" if person.nik else "Kelahiran", _joined(*parts)),
        ("Pekerjaan" if work else "Warga negara", _joined(work, nation)),
        ("Alamat dan telepon", _joined(person.address, _phone(person.phone), person.email)),
    ]
    if report.reporter_capacity:
        lines.append(("Melapor sebagai", label("reporter_capacity", report.reporter_capacity)))
    return [line for line in lines if line[1] or line[0] in ("Nama", "Alamat dan telepon")]


def _party(posko: Posko, party: ReportedInput) -> Iterator[Line]:
    if party == ReportedInput():
        return
    work = ", ".join(t for t in (party.position_title, party.agency) if t)
    yield "Nama dan jabatan", _joined(party.name, work)
    kind = posko.vocabulary.label("reported_category", party.category) if party.category else ""
    if number := _joined(parse_nip(party.nip).grouped if party.nip else "", party.rank, kind):
        yield "NIP" if party.nip else "Kedudukan", number
    if reach := _joined(party.address, _phone(party.phone)):
        yield "Alamat dan telepon", reach


def _event(posko: Posko, report: NewReport) -> list[Line]:
    day = words.full_date(report.event_on) if report.event_on else ""
    at = report.event_time.replace(":", ".")
    when = f"{day} pukul {at}" if day and at else day
    region = posko.regions.get(report.region_code) if report.region_code else None
    place = ", ".join(t for t in (report.event_place, region.name if region else "") if t)
    theme_words = posko.vocabulary.label("allegation", report.theme) if report.theme else ""
    return [
        ("Peristiwa", report.title),
        *([("Jenis dugaan", theme_words)] if theme_words else []),
        ("Waktu dan tempat", _joined(when, place)),
        ("Diketahui", _known(report.known_on, report.filed_on)),
        ("Uraian", report.narrative),
    ]


def _known(known_on: date | None, filed_on: date) -> str:
    if known_on is None:
        return ""
    days = (filed_on - known_on).days
    later = {0: "dilaporkan hari yang sama", 1: "dilaporkan esok harinya"}
    return _joined(words.full_date(known_on), later.get(days, f"dilaporkan {days} hari kemudian"))


def _witness(person: PersonInput) -> Iterator[Line]:
    if person.name:
        yield "Nama dan alamat", _joined(person.name, person.address, _phone(person.phone))


def _evidence(posko: Posko, items: Sequence[EvidenceInput]) -> Iterator[Line]:
    for place, item in enumerate(items, 1):
        kind = posko.vocabulary.label("evidence_kind", item.kind) if item.kind else ""
        yield f"Bukti {place}", _joined(item.description, kind, item.file_name)


def _born(person: PersonInput) -> str:
    day = words.numeric_date(person.birth_on) if person.birth_on else ""
    told = ", ".join(t for t in (person.birth_place, day) if t)
    return f"lahir {told}" if told else ""


def _phone(phone: str) -> str:
    return parse_phone(phone).grouped if phone else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
