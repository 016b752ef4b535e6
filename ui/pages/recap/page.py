"""The page Rekap."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from posko_app import text
from posko_app.cases.recap import Recap, RecapCase, RecapRegion, recap
from posko_app.errors import UserError
from posko_app.exchange.recap_book import write_recap
from ui import dialogs, documents, theme
from ui.context import Context
from ui.page import Page
from ui.table_view import TableView
from ui.tasks import Task
from ui.tokens import ROW_DENSE
from ui.widgets.banner import Banner, EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, PageHead, Tile
from ui.widgets.charts import Columns, Legend, StackedBars
from ui.widgets.chips import FilterChip
from ui.widgets.progress import ProgressPanel
from ui.widgets.tabs import Tab, Tabs
from ui.widgets.text import box, hbox, vbox

from . import periods, rows
from .over_time import over_time
from .period_bar import PeriodBar
from .periods import Period

REGIONS, CASES = "regions", "cases"
NOTHING = 2  # the third of the tables' places
PATIENCE = 400  # milliseconds before progress is shown
NARROW = ("number", "received", "area", "summary", "registration", "result")


class RecapPage(Page):
    """Figures, bars and tables of one period; every number opens the cases it counts."""

    title = "Rekap"
    sidebar = "recap"
    shows = frozenset({"cases", "events", "reported_parties", "case_board", "office"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        posko = context.posko
        today = posko.today()
        self._area = "Kecamatan" if posko.office.level == "kabupaten" else "Kabupaten/kota"
        self.save_button = Button("Simpan sebagai Excel", icon="sheet", hint="Ctrl+E",
                                  kind="primary")  # fmt: skip
        self.head = PageHead(self.title, " ", actions=[self.save_button])
        offered = periods.periods(posko.rules.get(posko.office.regulation), today)
        self.bar = PeriodBar(offered, today)
        self.period = offered[-1]
        self.panel = ProgressPanel()
        self.tiles = {
            "total": Tile("Laporan dan temuan"),
            **{key: Tile(rows.BY_KEY[key].name) for key in rows.SMALL if key != "total"},
        }
        self.bars = StackedBars(rows.LEGEND, label_width=150, own_legend=False)
        self.columns = Columns()
        self.tabs = Tabs([Tab(REGIONS, f"Per {self._area.lower()}"), Tab(CASES, "Per perkara")],
                         margin=4)  # fmt: skip
        self.figure_chip = FilterChip("", closable=True)
        self.region_chip = FilterChip("", closable=True)
        self.regions: TableView[RecapRegion] = TableView(
            rows.region_columns(self._area), name=f"Rekap per {self._area.lower()}",
            key=lambda row: row.region, row_height=ROW_DENSE,
        )  # fmt: skip
        self.cases: TableView[RecapCase] = TableView(
            rows.case_columns(posko, self._area), name="Rekap per perkara",
            key=lambda row: row.uid, row_height=ROW_DENSE,
        )  # fmt: skip
        self.year = Button("Lihat tahun ini")
        self.empty = EmptyState("recap", "Belum ada laporan di periode ini",
                                "Pilih periode lain di atas.", actions=[self.year])  # fmt: skip
        self.recap: Recap | None = None
        self._task: Task | None = None
        self._again = False
        self._figure, self._region = "", ""
        self._by_region = False
        self._saved = Path()
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(PATIENCE)
        self._tables = QStackedWidget()
        self._build()
        self._connect()
        self.bar.show_period(self.period)

    # --- visits ---------------------------------------------------------------------------------

    def open(self, **arguments: Any) -> None:
        """`since` and `until` as dates choose another period."""
        since, until = arguments.get("since"), arguments.get("until")
        if isinstance(since, date) and isinstance(until, date):
            self._on_period(Period(periods.OWN, "Tanggal sendiri", since, until))

    def reload(self) -> None:
        """Count again, in the background; what is shown stays until it is done."""
        if self._task is not None:
            self._again = True
            self._task.cancel()
            return
        self.panel.begin("Menghitung rekap")
        self.panel.hide()
        self._slow.start()
        self._task = self.context.start(
            recap, self.period.since, self.period.until, label="Menghitung rekap",
            done=self._on_counted, progress=self._on_progress, end=self._on_end,
        )  # fmt: skip

    def primary(self) -> None:
        self.export()

    def export(self) -> None:
        """Write R1 and R2 as a workbook."""
        if self.recap is None:
            return
        documents_folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        code = self.context.posko.office.code
        since, until = self.recap.since, self.recap.until
        name = f"Rekap_{code}_{since:%Y%m%d}-{until:%Y%m%d}.xlsx"
        path = dialogs.save_file(
            self, "Simpan rekap sebagai Excel", str(Path(documents_folder) / name), dialogs.EXCEL
        )
        if path is None:
            return
        self._saved = path
        dialogs.run_with_progress(
            self.context, self, "Menyimpan rekap", write_recap, self.recap, self._saved,
            done=self._on_saved,
        )  # fmt: skip

    def step_tab(self, by: int) -> None:
        self.tabs.step(by)

    def panes(self) -> list[QWidget]:
        shown = self._tables.currentIndex()
        tables: list[QWidget] = [self.regions, self.cases, self.year]
        return [tables[shown], *self.bar.chips.values(), self.tiles["total"], self.tabs]

    def help_text(self) -> str:
        return (
            "Angka, batang, dan tabel memakai periode yang sama. Enter pada wilayah atau angka "
            "membuka daftar perkaranya, Enter pada perkara membuka perkara itu. Informasi awal "
            "hanya ada di daftar per perkara, tidak dihitung."
        )

    def state(self) -> dict[str, Any]:
        return {"tab": self.tabs.current}

    def restore(self, state: dict[str, Any]) -> None:
        self.tabs.choose(str(state.get("tab", "")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(1100)
        self._charts.setFixedHeight(theme.px(156 if self.height() < theme.px(600) else 196))
        self.tiles["pending"].setHidden(narrow)
        figures = rows.SMALL if narrow else tuple(rows.BY_KEY)
        self.regions.show_columns(("region", *figures))
        wide = tuple(column.key for column in self.cases.rows.columns)
        self.cases.show_columns(NARROW if narrow else wide)

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        bars = Card(f"Perkara per {self._area.lower()}", padded=False,
                    extra=[Legend(rows.LEGEND)])  # fmt: skip
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(box(vbox(self.bars, None, margins=(12, 6, 12, 4)), "surface"))
        bars.add(scroll, 1)
        self.over_time = Card("Masuk per minggu", padded=False)
        self.over_time.note.setText("yang berjalan abu-abu")
        self.over_time.add(vbox(self.columns, margins=(12, 4, 12, 2)), 1)
        charts = hbox(gap=12, margins=(16, 0, 16, 0))
        charts.addWidget(bars, 6)
        charts.addWidget(self.over_time, 5)
        self._charts = box(charts)
        tables = Card(padded=False)
        self._chips = box(hbox(self.figure_chip, self.region_chip, 4, gap=8))
        over = hbox(gap=0)
        over.addWidget(self.tabs, 1)
        over.addWidget(self._chips)
        tables.body.setSpacing(0)
        tables.add(over)
        shown: tuple[QWidget, ...] = (self.regions, self.cases, self.empty)
        for part in shown:
            self._tables.addWidget(part)
        self._tables.setObjectName("surface")
        tables.add(self._tables, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.banner_place)
        for part in (self.head, self.bar):
            column.addWidget(part)
        self._panel_box = box(vbox(self.panel, margins=(16, 0, 16, 8)))
        column.addWidget(self._panel_box)
        column.addLayout(hbox(*self.tiles.values(), gap=12, margins=(16, 4, 16, 12)))
        column.addWidget(self._charts)
        under = vbox(margins=(16, 12, 16, 14))
        under.addWidget(tables, 1)
        column.addLayout(under, 1)
        self._panel_box.hide()
        self._chips.hide()

    def _connect(self) -> None:
        self.save_button.clicked.connect(self.export)
        self.bar.chosen.connect(self._on_period)
        self.panel.cancelled.connect(self._on_cancel)
        self._slow.timeout.connect(self._on_slow)
        self.tabs.chosen.connect(self._on_tab)
        self.bars.clicked.connect(self._on_bar)
        self.regions.opened.connect(self._on_region)
        self.regions.link.connect(self._on_region)
        self.cases.opened.connect(self._on_case)
        self.year.clicked.connect(self._on_year)
        self.figure_chip.clicked.connect(self._on_figure_freed)
        self.region_chip.clicked.connect(self._on_region_freed)
        for tile in self.tiles.values():
            tile.clicked.connect(self._on_tile)

    # --- showing --------------------------------------------------------------------------------

    def _show(self, found: Recap) -> None:
        self.recap = found
        posko = self.context.posko
        region = posko.regions.get(posko.office.code)
        here = text.local(posko.now(), posko.office.zone)
        parts = [region.name if region else posko.office.name,
                 periods.said(found.since, found.until),
                 f"data per {text.long_date(here.date())}, {text.clock(here)}"]  # fmt: skip
        if posko.office.practice:
            parts.append("LATIHAN, data contoh")
        self.head.set_text(self.title, " · ".join(parts))
        self._show_tiles(found)
        self.bars.set_bars(rows.bars(found.regions))
        word, columns = over_time(found)
        self.over_time.set_title(f"Masuk per {word}")
        self.columns.set_bars(columns, running=len(columns) - 1)
        self.regions.set_rows(rows.region_rows(found))
        self.tabs.set_tabs([
            Tab(REGIONS, f"Per {self._area.lower()}", text.thousands(len(found.regions))),
            Tab(CASES, "Per perkara", text.thousands(len(found.cases))),
        ])  # fmt: skip
        if self._by_region and self._region not in {r.region for r in found.regions}:
            self._by_region = False
        self._show_tables()

    def _show_tiles(self, found: Recap) -> None:
        n = {key: text.thousands(value) for key, value in found.totals.items()}

        def name(key: str) -> str:
            return rows.BY_KEY[key].name.lower()

        notes = {
            "total": f"{n['reports']} laporan, {n['findings']} temuan",
            "registered": f"{n['not_registered']} {name('not_registered')}",
            "pending": "belum diputuskan",
            "violations": f"{n['not_violations']} {name('not_violations')}",
            "other_law": f"{n['administrative']} adm., {n['criminal']} pidana, {n['ethics']} etik",
        }
        for key, tile in self.tiles.items():
            tile.set_value(n[key], notes[key])
            tile.setToolTip(f"{tile.accessibleName()}\n{notes[key]}")

    def _show_tables(self) -> None:
        """Show the table of the tab, held back by the chips."""
        if self.recap is None:
            return
        region = self._region if self._by_region else None
        shown = rows.cases_of(self.recap, self._figure, region)
        self.cases.set_rows(shown)
        held = bool(self._figure) or self._by_region
        self._chips.setVisible(held and self.tabs.current == CASES)
        self.figure_chip.setVisible(bool(self._figure))
        self.region_chip.setVisible(self._by_region)
        for chip in (self.figure_chip, self.region_chip):
            chip.setChecked(True)
        if self._figure:
            name = rows.BY_KEY[self._figure].name
            self.figure_chip.setText(f"{name} · {text.thousands(len(shown))}")
        self.region_chip.setText(f"{self._area}: {self._region or rows.UNKNOWN}")
        if not self.recap.cases:
            self.year.setVisible(self.period.key != periods.YEAR)
            self._tables.setCurrentIndex(NOTHING)
        else:
            self._tables.setCurrentIndex(1 if self.tabs.current == CASES else 0)

    def _drill(self, figure: str, region: str | None) -> None:
        """Show the cases behind a number."""
        self._figure, self._by_region = figure, region is not None
        self._region = region or ""
        if self.tabs.current == CASES:
            self._show_tables()
        else:
            self.tabs.choose(CASES)
        if self._tables.currentIndex() == 1:
            self.cases.choose_first()
            self.cases.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what comes back ------------------------------------------------------------------------

    def _on_counted(self, found: Recap) -> None:
        if (found.since, found.until) == (self.period.since, self.period.until):
            self._show(found)

    def _on_progress(self, done: int, total: int, said: str) -> None:
        left = self._task.seconds_left(done, total) if self._task else None
        self.panel.advance(done, total, said, left)

    def _on_slow(self) -> None:
        if self._task is not None:
            self.panel.show()
            self._panel_box.show()

    def _on_end(self) -> None:
        self._task = None
        self._slow.stop()
        self._panel_box.hide()
        if self._again:
            self._again = False
            self.reload()

    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _on_saved(self, _nothing: object) -> None:
        banner = Banner(
            "ok",
            f"Rekap tersimpan: {escape(self._saved.name)}. "
            '<a href="file">Buka berkas</a> &nbsp; <a href="folder">Buka folder</a>',
        )
        banner.link.connect(self._on_link)
        self.set_banner(banner)
        self.context.note_saved("Rekap tersimpan")

    # --- what people do -------------------------------------------------------------------------

    def _on_period(self, period: Period) -> None:
        self.period = period
        self.bar.show_period(period)
        self.set_banner(None)
        self.refresh()

    def _on_year(self) -> None:
        self._on_period(self.bar.offered[-1])

    def _on_tab(self, _key: str) -> None:
        self._show_tables()

    def _on_tile(self) -> None:
        for key, tile in self.tiles.items():
            if tile is self.sender():
                self._drill(key, None)

    def _on_bar(self, label: str) -> None:
        if self.recap is not None:
            region = rows.region_of_bar(label, self.recap.regions)
            if region is not None:
                self._drill("total", region)

    def _on_region(self, row: RecapRegion, _column: str = "") -> None:
        self._drill("total", None if rows.is_sum(row, self.recap) else row.region)

    def _on_case(self, row: RecapCase) -> None:
        self.context.open("case", uid=row.uid)

    def _on_figure_freed(self) -> None:
        self._drill("", self._region if self._by_region else None)

    def _on_region_freed(self) -> None:
        self._drill(self._figure, None)

    def _on_link(self, target: str) -> None:
        path = self._saved if target == "file" else self._saved.parent
        if not documents.show(path):
            sentence = f"{path} tidak dapat dibuka dari sini. Rekapnya sudah tersimpan di sana."
            self.context.problem.emit(UserError(sentence, "no_viewer"))
