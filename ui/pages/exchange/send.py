"""The card that makes files for another office: three steps, a look inside, then what was made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from posko_app.errors import UserError
from posko_app.exchange.free_text import Search, searched
from posko_app.exchange.ledger import Ledger, PeerLine
from posko_app.exchange.left_out import profiles
from posko_app.exchange.manifest import shipment
from posko_app.exchange.profiles import Removed, removed
from posko_app.exchange.prospect import CaseInside, Prospects, inside, prospects, to_pick
from ui import dialogs
from ui.context import Context
from ui.tasks import Task
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.text import hbox

from . import memory, words
from .case_picker import CasePicker
from .look_first import LookFirst
from .names_found import NamesFound
from .order import Made, Order, make
from .removed import RemovedSheet
from .send_form import SendForm
from .send_made import SendMade

FORM, MADE = range(2)
FOOT = 54
UNCHECKED = "names_unchecked"


class SendCard(Card):
    """Makes files in the background and shows what came of it."""

    made = Signal(object)  # Made

    def __init__(self, context: Context) -> None:
        self.form = SendForm(context.posko)
        super().__init__("Kiriman ke", fill=self.form.to, padded=False)
        self._context, self._posko = context, context.posko
        self._root = context.posko.folder.root
        self._peers: Sequence[PeerLine] = ()
        self._task: Task | None = None
        self._waiting: Order | None = None  # what is being checked or made
        self._asked: tuple[object, ...] = ()  # what is being counted
        self.told = SendMade(context)
        self.look = Button("Lihat isi dulu", icon="show")
        self.copy = Button("Salin pesan", icon="duplicate")
        self.make = Button("Buat berkas", icon="sheet", hint="Ctrl+Enter", kind="primary")
        self.again = Button("Buat kiriman lain")
        self.show_folder = Button("Buka folder", icon="folder", hint="Ctrl+Enter", kind="primary")
        self._stack = QStackedWidget()
        self._build()
        self._connect()
        self.make.set_why_disabled(words.why_not(self._posko, "exchange.export"))

    # --- what the page calls --------------------------------------------------------------------

    @property
    def result(self) -> Made | None:
        """What was made last, while it is shown."""
        return self.told.result if self._stack.currentIndex() == MADE else None

    def set_ledger(self, ledger: Ledger) -> None:
        """Offer the offices of a ledger; the one above is the first choice."""
        self._peers = ledger.peers
        choices = words.recipients(self._posko, ledger.peers)
        known = [code for code, _ in choices]
        chosen = self.form.to_code or memory.load(self._root).to_code
        if chosen not in known:
            chosen = known[0] if known else ""
        self.form.set_offices(ledger.peers, choices, chosen)
        self.form.forget()
        self.look_ahead()

    def look_ahead(self) -> None:
        """Count what would go, in the background."""
        code = self.form.to_code
        self._show_title()
        if not code or not self.make.isEnabled() or self._task is not None:
            return
        self._asked = (code, self.form.profile_key, self.form.cases)
        self._context.start(
            prospects, code, profile=self.form.profile_key, picked=self.form.cases,
            done=self._on_prospects,
        )  # fmt: skip

    def primary(self) -> None:
        """Ctrl+Enter: make the files, or open the folder of those just made."""
        if self.result is None:
            self.start()
        else:
            self._on_show_folder()

    def start(self) -> None:
        """Look for names in what would leave, then make the files."""
        order = self._order()
        if order is None:
            return
        memory.remember(self._root, send_folder=str(order.folder), to_code=order.to_code)
        self._waiting = order
        self._begin("Memeriksa teks yang ikut")
        self._task = self._context.start(
            searched, order.to_code, order.what, order.cases, profile=order.profile,
            label="Memeriksa teks", done=self._on_names, failed=self._on_unchecked,
            progress=self._on_progress, end=self._on_end,
        )  # fmt: skip

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        if self.result is not None:
            return self.show_folder
        return self.make if self.make.isEnabled() else self.form.browse

    def set_narrow(self, on: bool) -> None:
        """Say the same with fewer letters where there is little room."""
        self.copy.setText("Salin" if on else "Salin pesan")
        self.copy.setAccessibleName("Salin pesan")
        for button in (self.make, self.show_folder):
            button.hint = "" if on else "Ctrl+Enter"
        for button in (self.copy, self.make, self.show_folder):
            button.updateGeometry()

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        self._stack.setObjectName("surface")
        self._stack.addWidget(_scrolled(self.form))
        self._stack.addWidget(_scrolled(self.told))
        self.add(self._stack, 1)
        foot = hbox(self.look, self.again, self.copy, None, self.show_folder, self.make, gap=8)
        self.set_foot(foot, FOOT)
        self._show_state()

    def _connect(self) -> None:
        self.make.clicked.connect(self.start)
        self.look.clicked.connect(self._on_look)
        self.copy.clicked.connect(self._on_copy)
        self.again.clicked.connect(self._on_again)
        self.show_folder.clicked.connect(self._on_show_folder)
        self.form.panel.cancelled.connect(self._on_cancel)
        self.form.changed.connect(self.look_ahead)
        self.form.submitted.connect(self.start)
        self.form.pick_wanted.connect(self._on_pick)
        self.form.browse_wanted.connect(self._on_browse)
        self.form.removed_wanted.connect(self._on_removed)

    def _show_state(self) -> None:
        done = self._stack.currentIndex() == MADE
        for button in (self.again, self.show_folder):
            button.setVisible(done)
        for button in (self.look, self.make):
            button.setVisible(not done)
        self.form.to.set_read_only("to", done)
        self._show_title()

    def _show_title(self) -> None:
        found, order = self.form.prospects, self.form
        seq = found.seq if found and found.to_code == order.to_code else 0
        outside = order.what.key == "picked" or order.profile_key != "internal"
        if self.result is not None:
            said = shipment(self.result.result.seq)
        elif outside:
            said = "Salinan"
        else:
            said = f"Kiriman {seq}" if seq else "Kiriman"
        self.set_title(f"{said} ke" if not outside else f"{said} untuk")

    def _lock(self, busy: bool) -> None:
        self.form.lock_up(busy)
        reason = "Berkas sedang dibuat." if busy else ""
        self.look.set_why_disabled(reason)
        self.make.set_why_disabled(reason or words.why_not(self._posko, "exchange.export"))
        if busy:
            self.form.panel.stop.setFocus()

    # --- deciding what goes ---------------------------------------------------------------------

    def _order(self) -> Order | None:
        """What was chosen, with its folder made; None after telling what is wrong."""
        if self._task is not None or not self.make.isEnabled():
            return None
        said = self.form.check()
        if said:
            self._context.say(said)
            return None
        try:
            folder = Path(str(self.form.place.value("folder"))).expanduser()
            if not folder.is_absolute():
                raise OSError("a folder without its place")
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError, ValueError):
            self.form.refuse_folder("Folder ini tidak dapat dibuat. Pilih yang lain.")
            return None
        return self.form.order(folder)

    def _on_prospects(self, found: Prospects) -> None:
        if self._asked == (found.to_code, found.profile, self.form.cases):
            self.form.set_prospects(found)
            self._show_title()

    def _on_pick(self) -> None:
        found = self.form.prospects
        if found is None:
            self.form.what.set_chosen("changes")
            return
        self._context.start(
            to_pick, found.to_code, profile=found.profile, done=self._on_cases
        )  # fmt: skip

    def _on_cases(self, cases: Sequence[CaseInside]) -> None:
        only = profiles().by_code[self.form.profile_key].reach == "referred"
        proposed = [case.uid for case in cases if case.referred] if only else []
        sheet = CasePicker(self, cases, self.form.cases or proposed)
        taken = sheet.exec() == int(CasePicker.DialogCode.Accepted)
        self.form.set_cases(sheet.picked if taken else self.form.cases)
        self.form.what.radios[self.form.what.key].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_look(self) -> None:
        prospect = self.form.prospect
        if prospect is not None:
            self._context.start(inside, prospect, done=self._on_inside)

    def _on_inside(self, cases: Sequence[CaseInside]) -> None:
        prospect = self.form.prospect
        if prospect is None:
            return
        title = self.title.text()
        title = f"Isi {title[:1].lower()}{title[1:]} {self._to_name()}"
        sheet = LookFirst(self, title, prospect, cases)
        sheet.exec()
        if sheet.opened:
            self._context.open("case", uid=sheet.opened)
        else:
            self.look.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_removed(self) -> None:
        code, form = self.form.to_code, self.form
        what = form.what.key if form.what.key != "picked" or form.cases else "all"
        if code:
            self._context.start(
                removed, code, form.profile_key, what,
                form.cases if what == "picked" else (), done=self._on_counted_out,
            )  # fmt: skip

    def _on_counted_out(self, found: Removed) -> None:
        RemovedSheet(self, found).exec()
        self.form.removed.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_browse(self) -> None:
        folder = dialogs.choose_folder(
            self, "Simpan kiriman di folder", str(self.form.place.value("folder") or "")
        )
        if folder is not None:
            self.form.place.set_values({"folder": str(folder)})
            memory.remember(self._root, send_folder=str(folder))
        self.make.setFocus()

    def _to_name(self) -> str:
        return words.office_name(self._posko, self.form.to_code, self._peers)

    # --- what comes back ------------------------------------------------------------------------

    def _on_progress(self, done: int, total: int, said: str) -> None:
        left = self._task.seconds_left(done, total) if self._task else None
        self.form.panel.advance(done, total, said, left)

    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _on_end(self) -> None:
        self._task = None
        self._lock(False)
        self.make.setFocus()
        if self.form.prospects is None:  # what was written meanwhile changed the counts
            self.look_ahead()

    def _on_names(self, search: Search) -> None:
        """Go on when nobody is named, or when somebody looked at it and says so."""
        order = self._waiting
        if order is None:
            return
        strict = profiles().by_code[order.profile].names == "refuse"
        if not search.found and not (strict and search.elsewhere):
            self._make(order)
            return
        sheet = NamesFound(self, search, order.profile, today=self._posko.today())
        if sheet.exec() == int(NamesFound.DialogCode.Accepted):
            self._make(order, sheet.names_stay)
        elif sheet.opened:
            self._context.open("case", uid=sheet.opened)

    def _on_unchecked(self, error: BaseException) -> None:
        """An account without the key of identities cannot look; for offices it may send on."""
        order, code = self._waiting, error.code if isinstance(error, UserError) else ""
        if order is not None and code == UNCHECKED and order.profile == "internal":
            self._make(order)
        else:
            self._on_failed(error)

    def _make(self, order: Order, names_stay: str = "") -> None:
        self._begin("Membuat berkas")
        self._task = self._context.start(
            make, order, names_stay, label="Membuat kiriman", done=self._on_made,
            failed=self._on_failed, progress=self._on_progress, end=self._on_end,
        )  # fmt: skip

    def _begin(self, title: str) -> None:
        self._lock(True)
        self.form.panel.begin(title)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, UserError) and error.code == "folder_missing":
            self.form.refuse_folder(error.message)
        else:
            self._context.problem.emit(error)

    def _on_made(self, made: Made) -> None:
        self.told.show_made(made, self._to_name(), self.form.own_message)
        self._stack.setCurrentIndex(MADE)
        self._show_state()
        self.show_folder.setFocus()
        self._context.note_saved(f"{shipment(made.result.seq)} tersimpan")
        self.made.emit(made)

    def _on_show_folder(self) -> None:
        self.told.show_folder()

    def _on_copy(self) -> None:
        said = self.form.message if self.result is None else self.told.message
        QGuiApplication.clipboard().setText(said.raw())
        self._context.note_saved("Pesan pengantar disalin")

    def _on_again(self) -> None:
        self._stack.setCurrentIndex(FORM)
        self.form.begin_again()
        self._show_state()
        self.look_ahead()
        self.form.to.focus_field("to")


def _scrolled(part: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(part)
    part.setObjectName("surface")
    part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return area
