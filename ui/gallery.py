"""Every part of the kit on one sheet, to look at beside the design."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtWidgets import QCheckBox, QLineEdit, QProgressBar, QRadioButton, QVBoxLayout, QWidget

from posko_app.paths import resource
from posko_app.rules.book import load_rules

from . import theme
from .widgets.banner import Banner
from .widgets.buttons import Button, Link
from .widgets.cards import Card, Tile
from .widgets.charts import Bar, Columns, StackedBars
from .widgets.chips import Chip, ChipLabel, Counter, FilterChip
from .widgets.filters import MenuFilter, SearchField
from .widgets.keys import KeyHints
from .widgets.mark import Mark
from .widgets.rows import Checklist, Point, Rows, TwoLines
from .widgets.stepper import SegmentBar, Stepper, StepView
from .widgets.tabs import Tab, Tabs
from .widgets.text import Facts, Text, box, hbox, vbox
from .widgets.timeline import Entry, Timeline

MARKS: Mapping[str, tuple[str, str]] = {
    "received": ("done", "12 Okt"),
    "initial_review": ("done", "13 Okt"),
    "completion": ("skipped", "tidak perlu"),
    "registration": ("done", "13 Okt"),
    "clarification": ("now", "hari ini 10.00"),
}


def _steps() -> tuple[StepView, ...]:
    """A report in clarification, with the stages of the law."""
    law = load_rules(resource("rules")).on(date.max, "pilkada")
    return tuple(
        StepView(key, law.stages[key].label, *MARKS.get(key, ("todo",)))
        for key in law.flow["report"]
    )


class Gallery(QWidget):
    """The component sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        title = Text("Komponen Posko", "title")
        head = hbox(Mark(24), title, Text(_theme_name(), tone="text2"), None,
                    gap=10, margins=(20, 0, 20, 0))  # fmt: skip
        strip = box(head, "strip")
        strip.setFixedHeight(48)
        columns = hbox(
            vbox(_buttons(), _inputs(), _summary(), None, gap=18),
            vbox(_chips(), _banners(), _progress(), _charts(), None, gap=18),
            vbox(_tabs(), _timeline(), _rows(), _tiles(), None, gap=14),
            gap=22,
            margins=(20, 14, 20, 14),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(strip)
        column.addWidget(Stepper(_steps()))
        column.addLayout(columns, 1)


def _theme_name() -> str:
    return "tema terang" if theme.name() == "light" else "tema gelap"


def _group(title: str, *rows: QWidget) -> QWidget:
    return box(vbox(Text(title, "label", "text2"), *rows, gap=8))


def _buttons() -> QWidget:
    off = Button("Terapkan")
    off.set_why_disabled("Pilih dulu 1 bentrok yang tersisa.")
    return _group(
        "Tombol",
        box(hbox(Button("Laporan baru", icon="add", hint="Ctrl+N", kind="primary"),
                 Button("Ekspor", icon="sheet"), Button("Batal", kind="flat"),
                 Button("Hapus…", icon="delete", kind="danger"), None)),
        box(hbox(Button("Hapus 3 data", kind="danger_filled"), Button("Pratinjau", small=True),
                 Link("Lihat semua batas waktu"), None)),
        box(hbox(off, Text("Pilih dulu 1 bentrok yang tersisa.", "small", "text2"), None)),
    )  # fmt: skip


def _inputs() -> QWidget:
    wrong, locked = QLineEdit("690304 520788 000"), QLineEdit("12-07-1988")
    wrong.setProperty("wrong", True)
    wrong.setProperty("mono", True)
    locked.setReadOnly(True)
    check, radio = QCheckBox("Samarkan pelapor"), QRadioButton("WhatsApp")
    check.setChecked(True)
    radio.setChecked(True)
    return _group(
        "Masukan",
        box(hbox(QLineEdit("Siti Rahmawati"), wrong, locked, gap=12)),
        box(hbox(check, QCheckBox("Sertakan foto"), radio, QRadioButton("Surat"), None, gap=16)),
    )


def _summary() -> QWidget:
    card = Card("Peristiwa", extra=[Link("Ubah", role="small")])
    card.add(Facts([("Waktu kejadian", "Kam, 10 Okt 2024 · 19.30"),
                    ("Diketahui", "Kam, 10 Okt 2024"),
                    ("Tempat", "Lapangan Desa Seloka Hulu"),
                    ("Dilaporkan", "Sab, 12 Okt · hari ke-2")], columns=2))  # fmt: skip
    return card


def _chips() -> QWidget:
    due = [Chip("Lewat 1 hari", "red", "overdue"), Chip("Hari ini", "gold", "due"),
           Chip("Besok", "gold_outline", "due"), Chip("Kam 17 Okt", "plain")]  # fmt: skip
    plain = [Chip("Netralitas ASN"), Chip("Rahasia", "gray", "lock"),
             Chip("Perlu dilihat", "blue", "unread"), Chip("Lengkap", "green")]  # fmt: skip
    active = FilterChip("Kecamatan: Hulu Rawa", closable=True)
    active.setChecked(True)
    return _group(
        "Cip dan penanda",
        box(hbox(*map(ChipLabel, due), None, gap=6)),
        box(hbox(*map(ChipLabel, plain), None, gap=6)),
        box(hbox(FilterChip("Jenis: semua", arrow=True), active, Counter("18"),
                 KeyHints([("Ctrl+K", "")]), None, gap=6)),
    )  # fmt: skip


def _banners() -> QWidget:
    return _group(
        "Pita pesan",
        Banner("info", "<b>Info.</b> Nomor diberikan saat disimpan."),
        Banner("ok", "<b>Berhasil.</b> Cadangan tersimpan dan sudah diuji."),
        Banner("attention", "<b>Perhatian.</b> Kunci pemulihan belum diuji 60 hari."),
        Banner("problem", "<b>Masalah.</b> Jam komputer mundur 3 hari."),
    )


def _progress() -> QWidget:
    bar = QProgressBar()
    bar.setValue(62)
    bar.setTextVisible(False)
    return _group(
        "Kemajuan", box(hbox(bar, Text("62%", "small", "text2"), Button("Batalkan", small=True)))
    )


def _charts() -> QWidget:
    legend = [("Tahap awal", "c5"), ("Ditangani", "c2"), ("Selesai", "c1"), ("Lewat batas", "c4")]
    bars, columns = StackedBars(legend), Columns()
    bars.set_bars([Bar("Kab. Muara Jernih", (6, 11, 41, 1)), Bar("Kota Sampuran", (9, 12, 14, 3))])
    columns.set_bars([Bar("26 Agu", (12,)), Bar("2 Sep", (15,)), Bar("9 Sep", (19,))], running=2)
    return _group("Grafik", bars, columns)


def _tabs() -> QWidget:
    marks = SegmentBar()
    marks.set_marks([step.mark for step in _steps()])
    tabs = Tabs([Tab("a", "Ringkasan"), Tab("b", "Pelapor", icon="lock"), Tab("c", "Bukti", "5"),
                 Tab("d", "Ditolak", "1", tone="red")], margin=8)  # fmt: skip
    return _group("Tab", tabs, marks)


def _timeline() -> QWidget:
    card = Card("Kronologi", padded=False)
    card.add(Timeline([
        Entry("calendar", "<b>Klarifikasi terlapor</b> dijadwalkan 10.00", "Hari ini 09.12"),
        Entry("print", "<b>Undangan klarifikasi</b> dicetak", "Kemarin · <a href='x'>buka PDF</a>"),
        Entry("registered", "<b>Diregistrasi</b>", "13 Okt 16.20"),
    ]))  # fmt: skip
    return card


def _rows() -> QWidget:
    card = Card("Kotak masuk data", icon="unread", note="folder Unduhan, USB", padded=False)
    card.counter.set_text("2")
    kinds = MenuFilter("Jenis", [("asn", "Netralitas ASN")])
    card.add(Rows([
        TwoLines("sheet", "Panwaslu Kec. Hulu Rawa", "Paket 14", Button("Pratinjau", small=True)),
        box(vbox(Checklist([Point("done", "Pihak terlapor", "formal"),
                            Point("missing", "Uraian kejadian", "materiel")]),
                 margins=(12, 4, 12, 4))),
        box(hbox(SearchField("Saring nama", width=180), kinds, None, margins=(12, 6, 12, 6))),
    ]))  # fmt: skip
    return card


def _tiles() -> QWidget:
    first, second = Tile("Laporan aktif"), Tile("Tunggu pelapor")
    first.set_value("18", "6 tahap awal, 12 ditangani")
    second.set_value("1", "batas hari ini", "gold")
    return box(vbox(first, second, gap=8))
