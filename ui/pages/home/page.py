"""The page Beranda."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posko_app import text
from posko_app.cases.dashboard import Dashboard, dashboard
from posko_app.cases.drafts import DraftRow, open_draft
from posko_app.cases.queries import DueItem
from ui import theme
from ui.case_words import CaseWords, next_step
from ui.context import Context
from ui.first_use import FirstUse
from ui.inbox import Waiting, scan
from ui.page import Page
from ui.table_view import TableView
from ui.tokens import ROW_DENSE
from ui.widgets.buttons import Button, Link
from ui.widgets.cards import Card, PageHead, Tile
from ui.widgets.keys import KeyHints, bind
from ui.widgets.text import box, hbox, vbox

from .cards import AgendaCard, DraftsCard, InboxCard
from .device import device_banner
from .due_table import KEYS, NARROW, columns, grouped
from .share import Share

SIDE = 340  # width of the cards at the right
SIDE_NARROW = 300


class HomePage(Page):
    """What is due, what came in, what was begun, what is planned today."""

    title = "Beranda"
    sidebar = "home"
    shows = frozenset({"case_board", "events", "drafts", "imports", "office", "accounts",
                       "rule_overrides", "local_holidays", "regulation_files",
                       "forked_devices"})  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.words = CaseWords(context.posko)
        self.share = Share(context, self)
        self.hand_on = Button("Bagikan", icon="print")
        self.receive = Button("Terima data", icon="receive", hint="Ctrl+I")
        self.send = Button("Kirim data", icon="send", hint="Ctrl+Shift+E")
        self.add = Button("Laporan baru", icon="add", hint="Ctrl+N", kind="primary")
        self.head = PageHead(self.title, actions=[self.hand_on, self.receive, self.send, self.add])
        self.tiles = {
            "active": Tile("Laporan aktif"),
            "week": Tile("Masuk 7 hari terakhir"),
            "waiting": Tile("Tunggu pelapor"),
            "referred": Tile("Diteruskan bulan ini"),
        }
        self.table: TableView[DueItem] = TableView(
            columns(self.words), name="Batas waktu", key=lambda item: item.case.uid,
            row_height=ROW_DENSE,
        )  # fmt: skip
        self.all_dues = Link("Lihat semua batas waktu")
        self.inbox = InboxCard(context.posko)
        self.drafts = DraftsCard(context.posko)
        self.agenda = AgendaCard()
        self.first = FirstUse(context)
        self._scanning = False
        self._build()
        self._connect()

    def reload(self) -> None:
        self.words.refresh()
        self.set_banner(device_banner(self.context, self, self.refresh))
        seen = dashboard(self.context.posko)
        some = bool(seen.counts["all"] or seen.drafts)
        self._stack.setCurrentIndex(0 if some else 1)
        for button in (self.hand_on, self.receive, self.send, self.add):
            button.setVisible(some)
        self.head.set_text(self.title, _subtitle(seen))
        self._show_tiles(seen)
        self.table.set_rows(grouped(seen.dues, seen.today, seen.counts, seen.due_total))
        self.all_dues.setText(f"Lihat semua batas waktu ({text.thousands(seen.due_total)})")
        self.all_dues.updateGeometry()
        self.drafts.set_drafts(seen.drafts, self.words)
        self.agenda.set_agenda(seen.agenda)
        self._look_for_files()

    def primary(self) -> None:
        if (item := self.table.row()) is not None:
            self._step(item)

    def print_page(self) -> None:
        self.share.print_sheet()

    def panes(self) -> list[QWidget]:
        if self._stack.currentIndex() == 1:
            return [self.first.add]
        first = [card.lines[0] for card in (self.inbox, self.drafts, self.agenda) if card.lines]
        acts = [act for line in first if (act := line.findChild(QAbstractButton)) is not None]
        return [self.table, self.tiles["active"], *acts]

    def help_text(self) -> str:
        return (
            "Semua batas waktu menurut tanggal paling aman, kiriman yang menunggu dibaca, dan draf "
            "yang belum selesai. Enter membuka perkara, Ctrl+Enter menjalankan langkah berikutnya."
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_for_files()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(1100)
        self._side.setFixedWidth(theme.px(SIDE_NARROW if narrow else SIDE))
        self.table.show_columns(NARROW if narrow else KEYS)

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        due = Card("Batas waktu", icon="due", padded=False,
                   extra=[KeyHints([("Alt+1", "")])])  # fmt: skip
        due.note.setText(f"tanggal paling aman · {self.context.posko.office.zone}")
        due.add(self.table, 1)
        hints = KeyHints([("↑ ↓", "pilih"), ("Enter", "buka"), ("Ctrl+Enter", "jalankan langkah")])
        foot = hbox(self.all_dues, gap=12)
        foot.addWidget(hints, 1)
        due.set_foot(foot)
        cards = vbox(self.inbox, self.drafts, self.agenda, gap=12)
        cards.setStretch(2, 1)
        self._side = QScrollArea()
        self._side.setWidgetResizable(True)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setWidget(box(cards, "plain"))
        for card in (self.inbox, self.drafts):
            card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        work = hbox(gap=12, margins=(16, 0, 16, 14))
        work.addWidget(due, 1)
        work.addWidget(self._side)
        tiles = hbox(*self.tiles.values(), gap=12, margins=(16, 0, 16, 12))
        desk = vbox(tiles)
        desk.addLayout(work, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(box(desk))
        self._stack.addWidget(self.first)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.banner_place)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)
        self.setLayout(column)

    def _connect(self) -> None:
        self.hand_on.clicked.connect(self._on_hand_on)
        self.receive.clicked.connect(self._on_receive)
        self.send.clicked.connect(self._on_send)
        self.add.clicked.connect(self._on_add)
        for tile in self.tiles.values():
            tile.clicked.connect(self._on_tile)
        self.table.opened.connect(self._open)
        self.table.stepped.connect(self._step)
        self.table.link.connect(self._on_link)
        self.all_dues.clicked.connect(self._on_all_dues)
        self.inbox.previewed.connect(self._on_previewed)
        self.drafts.continued.connect(self._on_continued)
        self.agenda.opened.connect(self._on_agenda)
        bind(self, "to_dues", self._on_to_table)

    # --- showing --------------------------------------------------------------------------------

    def _show_tiles(self, seen: Dashboard) -> None:
        early, handled = text.thousands(seen.early), text.thousands(seen.handled)
        self.tiles["active"].set_value(
            text.thousands(seen.active), f"{early} tahap awal, {handled} ditangani"
        )
        self.tiles["week"].set_value(
            text.thousands(seen.week), f"pekan sebelumnya {seen.week_before}"
        )
        waiting = "tidak ada yang ditunggu"
        if seen.waiting_today:
            waiting = f"{seen.waiting_today} sampai batas hari ini"
        elif seen.waiting:
            waiting = "belum ada yang sampai batas"
        self.tiles["waiting"].set_value(
            text.thousands(seen.waiting), waiting, "gold" if seen.waiting_today else "text"
        )
        month = text.MONTH_NAMES[seen.today.month - 1]
        self.tiles["referred"].set_value(text.thousands(seen.referred_month), f"sejak 1 {month}")
        for tile in self.tiles.values():
            tile.setToolTip(tile.accessibleDescription())

    def _look_for_files(self) -> None:
        """Scan in the background: a USB drive may take seconds to answer."""
        if self._scanning or not self.isVisible():
            return
        self._scanning = True
        self.context.start(scan, done=self._on_scanned, failed=self._on_not_scanned,
                           end=self._on_scan_end)  # fmt: skip

    def _on_scanned(self, files: Sequence[Waiting]) -> None:
        self.inbox.set_files(files, self.words)

    def _on_not_scanned(self, error: BaseException) -> None:
        self.inbox.set_files((), self.words)
        self.context.problem.emit(error)

    def _on_scan_end(self) -> None:
        self._scanning = False

    # --- going on -------------------------------------------------------------------------------

    def _open(self, item: DueItem, **arguments: str) -> None:
        """Open a case; Alt+PgUp and Alt+PgDown there go on in the order of this table."""
        order = tuple(r.case.uid for r in self.table.rows.rows if isinstance(r, DueItem))
        self.context.open("case", uid=item.case.uid, order=order, **arguments)

    def _step(self, item: DueItem) -> None:
        kind, _words = next_step(item.case)
        self._open(item, **({"step": kind} if kind else {}))

    def _on_link(self, item: DueItem, _column: str) -> None:
        self._step(item)

    def _on_tile(self) -> None:
        today = self.words.today
        opens = {
            "active": partial(self.context.open, "cases", view="active"),
            "week": partial(self.context.open, "cases", view="all", filed="week"),
            "waiting": partial(self.context.open, "cases", view="waiting"),
            "referred": partial(self.context.open, "cases", view="all",
                                referred=f"{today:%Y-%m}"),
        }  # fmt: skip
        for key, tile in self.tiles.items():
            if tile is self.sender():
                opens[key]()

    def _on_all_dues(self) -> None:
        self.context.open("cases", view="active")

    def _on_previewed(self, path: Path) -> None:
        self.context.open("exchange", act="receive", path=str(path))

    def _on_continued(self, draft: DraftRow) -> None:
        if draft.kind == "step" and (content := self.context.run(open_draft, draft.uid)):
            self.context.open("case", uid=content["case"], step=content["step"])
        elif draft.kind != "step":
            self.context.open("new_report", draft=draft.uid)

    def _on_agenda(self, uid: str) -> None:
        self.context.open("case", uid=uid)

    def _on_add(self) -> None:
        self.context.open("new_report")

    def _on_hand_on(self) -> None:
        self.share.menu(self.hand_on)

    def _on_receive(self) -> None:
        self.context.open("exchange", act="receive")

    def _on_send(self) -> None:
        self.context.open("exchange", act="send")

    def _on_to_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _subtitle(seen: Dashboard) -> str:
    """The day, and how many are left until the vote."""
    day = text.full_date(seen.today)
    if seen.days_to_vote is None:
        return day
    if seen.days_to_vote == 0:
        return f"{day} · hari pemungutan suara"
    return f"{day} · {seen.days_to_vote} hari menuju pemungutan suara"
