"""The page Kirim & terima."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from posko_app.exchange.ledger import ReceivedLine, ledger
from posko_app.exchange.manifest import shipment
from posko_app.exchange.undo import Undone, undo, undoable
from ui import dialogs, theme
from ui.context import Context
from ui.inbox import scan
from ui.page import Page
from ui.widgets.buttons import Button
from ui.widgets.cards import PageHead
from ui.widgets.text import box, hbox, vbox

from . import memory, words
from .history import ReceivedCard, SentCard
from .intake_card import IntakeCard
from .receive import ReceiveView
from .send import SendCard
from .waiting import WaitingCard

DESK, RECEIVE = range(2)


class ExchangePage(Page):
    """Left what to send, right what went and came; a file that comes takes the whole page."""

    title = "Kirim dan terima"
    sidebar = "exchange"
    shows = frozenset({"exports", "imports", "peers", "cases", "events", "prevention", "office"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setAcceptDrops(True)
        self.receive_button = Button("Terima data", icon="receive", hint="Ctrl+I")
        self.head = PageHead(self.title, "Pertukaran data lewat berkas Excel, tanpa internet",
                             actions=[self.receive_button])  # fmt: skip
        self.send = SendCard(context)
        self.waiting = WaitingCard(context.posko)
        self.staff = IntakeCard(context)
        self.sent = SentCard(context.posko)
        self.received = ReceivedCard(context.posko)
        self.receive = ReceiveView(context)
        self._files: list[Path] = []  # chosen together, still to be read
        self._scanning = False
        self._stack = QStackedLayout(self)
        self._build()
        self.receive_button.clicked.connect(self.choose)
        self.waiting.previewed.connect(self._on_previewed)
        self.received.undo_wanted.connect(self._on_undo)
        self.receive.closed.connect(self._on_closed)
        self.receive.other_wanted.connect(self.choose)
        self.receive.next_wanted.connect(self._on_next)
        reason = words.why_not(context.posko, "exchange.import")
        self.receive_button.set_why_disabled(reason)

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
        self.received.set_ledger(found, undoable(self.context.posko))
        self._look_for_files()

    def take_focus(self) -> None:
        if self._stack.currentIndex() == DESK:
            self.send.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().take_focus()

    def primary(self) -> None:
        if self._stack.currentIndex() == DESK:
            self.send.primary()
        else:
            self.receive.primary()

    def panes(self) -> list[QWidget]:
        if self._stack.currentIndex() == RECEIVE:
            return self.receive.panes()
        waiting = self.waiting.buttons[:1]
        return [self.send.first_focus(), *waiting, self.sent.table, self.received.table]

    def step_tab(self, by: int) -> None:
        if self._stack.currentIndex() == RECEIVE:
            self.receive.tabs.step(by)

    def step_problem(self, by: int) -> None:
        if self._stack.currentIndex() == RECEIVE:
            self.receive.step_conflict(by)

    def help_text(self) -> str:
        return (
            "Di kiri buat berkas untuk kantor lain, di kanan semua yang terkirim dan diterima. "
            "Berkas yang diterima selalu dipratinjau dulu; tidak ada yang berubah sebelum "
            "Terapkan. Berkas juga dapat dijatuhkan ke halaman ini."
        )

    # --- receiving ------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for files and preview them one after the other."""
        if not self.receive_button.isEnabled():
            return
        root = self.context.posko.folder.root
        folder = memory.load(root).read_folder or str(memory.default_read_folder())
        files = dialogs.open_files(self, "Terima data", dialogs.EXCEL, folder)
        if files:
            memory.remember(root, read_folder=str(files[0].parent))
            self.take_in(files)

    def take_in(self, files: list[Path]) -> None:
        """Preview these files; the second comes when the first is done."""
        self._files = list(files[1:])
        self._stack.setCurrentIndex(RECEIVE)
        self.receive.start(files[0], len(self._files))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stack.currentIndex() == RECEIVE:
            self.receive.leave()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) and self.receive_button.isEnabled() and not self.receive.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = _dropped(event)
        if files:
            event.acceptProposedAction()
            self.take_in(files)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_for_files()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(1100)
        self.send.setFixedWidth(theme.px(400 if narrow else 480))

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        lists = vbox(self.waiting, self.staff, gap=12)
        lists.addWidget(self.sent, 1)
        lists.addWidget(self.received, 1)
        work = hbox(self.send, gap=12, margins=(16, 0, 16, 14))
        work.addLayout(lists, 1)
        desk = vbox(self.banner_place, self.head)
        desk.addLayout(work, 1)
        self._stack.addWidget(box(desk))
        self._stack.addWidget(self.receive)

    def _show_desk(self) -> None:
        self._stack.setCurrentIndex(DESK)

    def _look_for_files(self) -> None:
        """Scan in the background: a USB drive may take seconds to answer."""
        if self._scanning or not self.isVisible() or not self.receive_button.isEnabled():
            return
        self._scanning = True
        self.context.start(scan, done=self.waiting.set_files, end=self._on_scan_end)

    def _on_scan_end(self) -> None:
        self._scanning = False

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

    def _on_closed(self) -> None:
        self._files = []
        self._show_desk()
        self.take_focus()

    def _on_next(self) -> None:
        self.take_in(self._files)


def _dropped(event: QDropEvent) -> list[Path]:
    """The workbooks that are being dropped."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == ".xlsx"]
