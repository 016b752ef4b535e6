"""The page Kirim & terima."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QStackedWidget, QWidget

from posko_app import text
from posko_app.exchange.intake_book import IntakeResult
from posko_app.exchange.ledger import Ledger, ReceivedLine, ledger
from posko_app.exchange.manifest import shipment
from posko_app.exchange.neighbours import OfficeLine, office_lines
from posko_app.exchange.nil import NilReport, nil_reports
from posko_app.exchange.package.take import PartTaken
from posko_app.exchange.trust import KeyCard, look_at_key
from posko_app.exchange.undo import Undone, undo, undoable
from posko_app.exchange.unlocking import drop_private
from ui import dialogs, theme
from ui.context import Context
from ui.inbox import Waiting, note_read, scan
from ui.page import Page
from ui.widgets.buttons import Button
from ui.widgets.cards import PageHead
from ui.widgets.tabs import Tab, Tabs
from ui.widgets.text import box, hbox, vbox

from . import memory, routing, words
from .history import ReceivedCard, SentCard
from .intake_card import IntakeCard
from .office_page import OfficeView, copy_message, take_receipt
from .offices import OfficesCard
from .parcels import ParcelsCard
from .pending import PendingCard
from .receive import ReceiveView
from .send import SendCard
from .trust_sheet import ask_changed, ask_first
from .waiting import WaitingCard

DESK, RECEIVE, OFFICE = range(3)
OFFICES, SENT, RECEIVED, PENDING = "offices", "sent", "received", "pending"

LISTS_HEIGHT = 240


class ExchangePage(Page):
    """Left what to send, right what went and came; a file that comes takes the whole page."""

    title = "Kirim dan terima"
    sidebar = "exchange"
    shows = frozenset({"exports", "imports", "peers", "trusted_keys", "cases", "events",
                       "prevention", "office", "proposals", "parked_records", "packages",
                       "package_files"})  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setAcceptDrops(True)
        self.receive_button = Button("Terima data", icon="receive", hint="Ctrl+I")
        self.receipt_button = Button("Catat tanda terima", icon="acknowledged")
        self.head = PageHead(self.title, "Pertukaran data lewat berkas Excel, tanpa internet",
                             actions=[self.receive_button, self.receipt_button])  # fmt: skip
        self.send = SendCard(context)
        self.waiting = WaitingCard(context.posko)
        self.staff = IntakeCard(context)
        self.parcels = ParcelsCard(context)
        self.sent = SentCard(context.posko)
        self.received = ReceivedCard(context.posko)
        self.offices = OfficesCard(context.posko)
        self.pending = PendingCard(context)
        self.tabs = Tabs(_tabs(0), ground="window", margin=0)
        self.lists = QStackedWidget()
        self.lists.setMinimumHeight(theme.px(LISTS_HEIGHT))  # not that of its highest, unseen page
        self.receive = ReceiveView(context)
        self.office = OfficeView(context)
        self._files: list[Path] = []  # chosen together, still to be read
        self._later: list[Path] = []  # chosen with them, of another kind
        self._scanning = False
        self._ledger, self._undoable = Ledger((), (), ()), frozenset[str]()
        self._lines: dict[str, OfficeLine] = {}
        self._nil: tuple[NilReport, ...] = ()
        self._found: tuple[Waiting, ...] = ()
        self._renewing = Path()  # the file whose key is being looked at
        self._stack = QStackedLayout(self)
        self._build()
        self.receive_button.clicked.connect(self.choose)
        self.waiting.previewed.connect(self._on_previewed)
        self.received.undo_wanted.connect(self._on_undo)
        self.receive.closed.connect(self._on_closed)
        self.receive.other_wanted.connect(self.choose)
        self.receive.next_wanted.connect(self._on_next)
        self.staff.taken.connect(self._on_staff_taken)
        self.staff.left.connect(self._go_on)
        self.parcels.taken.connect(self._on_part_taken)
        self.parcels.left.connect(self._go_on)
        self.receive.renew_wanted.connect(self._on_renew)
        self._connect_offices()
        reason = words.why_not(context.posko, "exchange.import")
        self.receive_button.set_why_disabled(reason)
        self.receipt_button.set_why_disabled(reason)

    # --- visits ---------------------------------------------------------------------------------

    def open(self, **arguments: Any) -> None:
        """`path` starts the preview of a file, `act` is "receive" or "send"."""
        act = str(arguments.get("act", ""))
        path = str(arguments.get("path", ""))
        if path:
            self.take_in([Path(path)])
        elif act == "receive":
            # after the shell has shown the page: a file dialog stops everything else
            QTimer.singleShot(0, self.choose)
        elif act == "send":
            self._show_desk()

    def reload(self) -> None:
        found = ledger(self.context.posko)
        self.send.set_ledger(found)
        self.sent.set_ledger(found)
        self._ledger, self._undoable = found, undoable(self.context.posko)
        self.received.set_ledger(found, self._undoable)
        self._lines = {line.code: line for line in office_lines(self.context.posko)}
        self._nil = nil_reports(self.context.posko)
        self.offices.set_lines(tuple(self._lines.values()), self._nil)
        self.pending.reload()
        current = self.tabs.current
        self.tabs.set_tabs(_tabs(self.pending.count))
        self.tabs.choose(current)
        if self.office.line is not None and self.office.line.code in self._lines:
            self._fill_office(self.office.line.code)
        self._look_for_files()

    def take_focus(self) -> None:
        if self._stack.currentIndex() == DESK:
            self.send.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().take_focus()

    def primary(self) -> None:
        if self._stack.currentIndex() == DESK:
            self.send.primary()
        elif self._stack.currentIndex() == RECEIVE:
            self.receive.primary()
        else:
            self.office.copy_request()

    def panes(self) -> list[QWidget]:
        if self._stack.currentIndex() == RECEIVE:
            return self.receive.panes()
        if self._stack.currentIndex() == OFFICE:
            return self.office.panes()
        waiting = self.waiting.buttons[:1]
        tables: dict[str, QWidget] = {OFFICES: self.offices.table, SENT: self.sent.table,
                                      RECEIVED: self.received.table,
                                      PENDING: self.pending.table}  # fmt: skip
        return [self.send.first_focus(), *waiting, self.tabs, tables[self.tabs.current]]

    def step_tab(self, by: int) -> None:
        if self._stack.currentIndex() == RECEIVE:
            self.receive.tabs.step(by)
        elif self._stack.currentIndex() == DESK:
            self.tabs.step(by)

    def step_problem(self, by: int) -> None:
        if self._stack.currentIndex() == RECEIVE:
            self.receive.step_conflict(by)

    def help_text(self) -> str:
        return (
            "Di kiri buat berkas untuk kantor lain, di kanan semua yang terkirim, diterima, dan "
            "menunggu jawaban. Berkas yang diterima selalu dipratinjau dulu; tidak ada yang "
            "berubah sebelum Terapkan. Berkas juga dapat dijatuhkan ke halaman ini."
        )

    # --- receiving ------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for files and preview them one after the other."""
        if not self.receive_button.isEnabled():
            return
        root = self.context.posko.folder.root
        folder = memory.load(root).read_folder or str(memory.default_read_folder())
        files = dialogs.open_files(self, "Terima data", routing.DATA, folder)
        if files:
            memory.remember(root, read_folder=str(files[0].parent))
            self.take_in(files)

    def take_in(self, files: list[Path]) -> None:
        """Take files in, each where it belongs: previewed, filed for staff, or into the vault.

        Those of one kind go one after the other; the other kinds wait until that is done.
        """
        kinds = {path: routing.kind_of(self.context.posko, path) for path in files}
        first = kinds[files[0]]
        same = [path for path in files if kinds[path] == first]
        self._later = [path for path in files if kinds[path] != first]
        if first == routing.FILLED:
            self._later = [*same[1:], *self._later]
            self._show_desk()
            self.staff.start(same[0])
        elif first == routing.PACKAGE:
            self._show_desk()
            self.parcels.start(same)
        else:
            self._files = same[1:]
            self._stack.setCurrentIndex(RECEIVE)
            self.receive.start(same[0], len(self._files) + len(self._later))

    def _go_on(self, files: Sequence[Path] = ()) -> None:
        """Take in what waited for something else to be done."""
        later, self._later = [*files, *self._later], []
        if later:
            self.take_in(later)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stack.currentIndex() == RECEIVE:
            self.receive.leave()
        elif event.key() == Qt.Key.Key_Escape and self._stack.currentIndex() == OFFICE:
            self._on_closed()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if routing.dropped(event) and self.receive_button.isEnabled() and not self.receive.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = routing.dropped(event)
        if files:
            event.acceptProposedAction()
            self.take_in(files)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_for_files()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(1100)
        self.send.setFixedWidth(theme.px(400 if narrow else 520))
        self.send.set_narrow(narrow)

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        lists = vbox(self.waiting, self.parcels, self.staff, gap=12)
        waiting = vbox(gap=12)
        waiting.addWidget(self.pending, 1)
        waiting.addWidget(self.pending.early)
        for part in (self.offices, self.sent, self.received, box(waiting)):
            self.lists.addWidget(part)
        below = vbox(self.tabs, gap=8)
        below.addWidget(self.lists, 1)
        lists.addLayout(below, 1)
        work = hbox(self.send, gap=12, margins=(16, 0, 16, 14))
        work.addLayout(lists, 1)
        desk = vbox(self.banner_place, self.head)
        desk.addLayout(work, 1)
        self._stack.addWidget(box(desk))
        self._stack.addWidget(self.receive)
        self._stack.addWidget(self.office)

    def _show_desk(self) -> None:
        self._stack.setCurrentIndex(DESK)

    def _look_for_files(self) -> None:
        """Scan in the background: a USB drive may take seconds to answer."""
        if self._scanning or not self.isVisible() or not self.receive_button.isEnabled():
            return
        self._scanning = True
        self.context.start(scan, done=self._on_files, end=self._on_scan_end)

    def _on_scan_end(self) -> None:
        self._scanning = False

    def _on_files(self, files: Sequence[Waiting]) -> None:
        self._found = tuple(files)
        self.waiting.set_files(files)
        self.offices.set_waiting(files)

    def _on_previewed(self, path: Path) -> None:
        self.take_in([path])

    def _on_undo(self, line: ReceivedLine) -> None:
        """Take an import back, after saying what that means."""
        sure = dialogs.confirm(
            self,
            f"Urungkan {shipment(line.seq).lower()} dari {line.office_name or line.file_name}?",
            "Data yang dibawanya ditarik dan yang diubahnya kembali seperti semula. Berkasnya "
            "tetap disimpan dan dapat diterima lagi.",
            "Urungkan kiriman",
        )
        if sure:
            work = partial(undo, import_uid=line.uid)
            dialogs.run_with_progress(
                self.context, self, "Mengurungkan kiriman", work, done=self._on_undone
            )

    def _on_undone(self, _done: Undone) -> None:
        self.context.say("Kiriman diurungkan. Data kembali seperti sebelum diterima.")

    def _on_staff_taken(self, result: IntakeResult) -> None:
        root = self.context.posko.folder.root
        note_read(root, result.path, result.returned, result.reply)
        self.refresh()  # a Nihil row changes no table that this page shows

    def _on_part_taken(self, part: PartTaken) -> None:
        note_read(self.context.posko.folder.root, part.path)
        self._look_for_files()

    # --- offices and keys -----------------------------------------------------------------------

    def _connect_offices(self) -> None:
        self.tabs.chosen.connect(self._on_tab)
        self.receipt_button.clicked.connect(self._on_receipt)
        self.offices.opened.connect(self.show_office)
        self.offices.wanted.connect(self._on_office_act)
        self.office.closed.connect(self._on_closed)
        self.office.renew_wanted.connect(self._on_choose_key)
        self.office.received.undo_wanted.connect(self._on_undo)

    def show_office(self, code: str) -> None:
        """Open the ledger of one office."""
        self._fill_office(code)
        self._stack.setCurrentIndex(OFFICE)
        self.office.devices.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_office(self, code: str) -> None:
        self.office.show_office(self._lines[code], self._ledger, self._undoable, self._nil)

    def _on_tab(self, tab: str) -> None:
        self.lists.setCurrentIndex((OFFICES, SENT, RECEIVED, PENDING).index(tab))

    def _on_receipt(self) -> None:
        take_receipt(self, self.context)

    def _on_office_act(self, code: str, act: str) -> None:
        files = [file.path for file in self._found if file.sender == code]
        if act == "preview" and files:
            self.take_in(files)
        elif act in ("ask", "remind"):
            copy_message(self.context, self._lines[code])
        else:
            self.show_office(code)

    def _on_choose_key(self) -> None:
        """Perbarui kunci: it is seen in a file of the office that has the new one."""
        folder = memory.load(self.context.posko.folder.root).read_folder
        files = dialogs.open_files(self, "Kiriman dengan kunci baru", routing.DATA, folder)
        if files:
            self._on_renew(files[0])

    def _on_renew(self, path: Path) -> None:
        self._renewing = path
        self.context.start(look_at_key, path, label="Membaca kunci", done=self._on_key)

    def _on_key(self, card: KeyCard) -> None:
        if card.verdict == "changed":
            kept = ask_changed(self, self.context, card)
        elif card.verdict == "first":
            kept = ask_first(self, self.context, card)
        else:
            kept = False
            said = {"trusted": "Kunci berkas ini sudah dikenal.",
                    "revoked": "Kunci berkas ini sudah dicabut untuk selamanya."}  # fmt: skip
            self.context.say(said[card.verdict])
        if kept:
            self.take_in([self._renewing, *self._files, *self._later])

    def _on_closed(self) -> None:
        applied = self._stack.currentIndex() == RECEIVE and self.receive.done is not None
        for path in self._files if applied else (*self._files, *self._later):
            drop_private(self.context.posko, path)
        self._files = []
        self._show_desk()
        self.take_focus()
        if applied:
            self._go_on()
        else:
            self._later = []

    def _on_next(self) -> None:
        if self._files:
            following = self._files.pop(0)
            self.receive.start(following, len(self._files) + len(self._later))
        else:
            self._go_on()


def _tabs(waiting: int) -> list[Tab]:
    """The lists of the page; how much waits for an answer stands beside the last."""
    count = text.thousands(waiting) if waiting else ""
    return [Tab(OFFICES, "Kantor"), Tab(SENT, "Terkirim"), Tab(RECEIVED, "Diterima"),
            Tab(PENDING, "Menunggu", count)]  # fmt: skip
