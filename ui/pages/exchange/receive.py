"""Pratinjau data masuk: what a file would change; nothing changes before Terapkan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.exchange.apply import ImportResult, apply_plan
from posko_app.exchange.changes import CONFLICT, CaseChange, describe
from posko_app.exchange.ledger import ACCEPTED
from posko_app.exchange.opened import VALID
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.trust import card_of
from posko_app.exchange.unlocking import drop_private
from posko_app.progress import Progress, silent
from ui import theme
from ui.context import Context
from ui.tasks import Task
from ui.widgets.banner import Banner, EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import PageFoot, PageHead
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.keys import bind
from ui.widgets.progress import ProgressPanel
from ui.widgets.tabs import Tab, Tabs
from ui.widgets.text import box, hbox, vbox

from . import notices
from .deciding import Deciding
from .lines import ALL, PROPOSALS, REJECTED, Line, lines_of, tabs
from .listed import Listed
from .trust_sheet import ask_first

BUSY, SEEN, REFUSED = range(3)
Seen = tuple[ImportPlan, tuple[CaseChange, ...]]


def look(posko: Posko, path: Path, *, progress: Progress = silent) -> Seen:
    """Preview a file and put it into words; writes nothing."""
    plan = preview(posko, path, progress)
    return plan, describe(posko, plan, progress)


class ReceiveView(QWidget):
    """Reads a file in the background, shows the plan, applies it when told."""

    closed = Signal()
    other_wanted = Signal()
    next_wanted = Signal()
    renew_wanted = Signal(object)  # Path of a file whose key is another one than is known

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._posko = context, context.posko
        self._task: Task | None = None
        self._path = Path()
        self._after: tuple[Path, int] | None = None  # to be read when the task has stopped
        self.plan: ImportPlan | None = None
        self.done: ImportResult | None = None
        self.waiting = 0  # files chosen together that come after this one
        self._changed: tuple[Line, ...] = ()
        self._rejected: tuple[Line, ...] = ()
        self.genuine, self.complete = ChipLabel(), ChipLabel()
        self.head = PageHead("Pratinjau data masuk", actions=[self.genuine, self.complete])
        self.tabs = Tabs([Tab(ALL, "Semua")], ground="window")
        self.banner = Banner("info", "")
        self.deciding = Deciding(context, self)
        self.detail = self.deciding.detail
        self.lists = Listed(context, self.deciding)
        self.table, self.rejects = self.lists.table, self.lists.rejects
        self.nothing = self.lists.nothing
        self.panel = ProgressPanel()
        self.other, self.back = Button("Pilih berkas lain", icon="receive"), Button("Kembali")
        self.renew = Button("Perbarui kunci…", icon="key")
        self.refused = EmptyState("error", "Berkas ini tidak diterima", " ",
                                  actions=[self.other, self.renew, self.back])  # fmt: skip
        self.cancel = Button("Batal", hint="Esc")
        self.apply = Button("Terapkan", icon="check", hint="Ctrl+Enter", kind="primary")
        self.foot = PageFoot("", actions=[self.cancel, self.apply])
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    # --- what the page calls --------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a file is being read or applied."""
        return self._task is not None

    def start(self, path: Path, waiting: int = 0) -> None:
        """Preview a file; what was shown before goes."""
        if self._task is not None:
            self._task.cancel()
            self._after = (path, waiting)
            return
        if path != self._path:
            self._drop()
        self._path, self.waiting = path, waiting
        self.plan = self.done = None
        self.head.set_text("Pratinjau data masuk", path.name)
        self._begin(f"Membaca {path.name}")
        self._task = self._context.start(
            look, path, label="Membaca kiriman", done=self._on_seen, failed=self._on_failed,
            progress=self._on_progress, end=self._on_end,
        )  # fmt: skip

    def primary(self) -> None:
        """Ctrl+Enter: apply, then go on."""
        if self._stack.currentIndex() == SEEN and self._task is None:
            self._on_apply()

    def leave(self) -> None:
        """Esc: stop what runs, or go back; nothing has changed then."""
        if self._task is not None:
            self._task.cancel()
        else:
            self.closed.emit()

    def step_conflict(self, by: int) -> None:
        """F8: the next or previous conflict or rejected row."""
        self.tabs.choose(ALL)
        rows = self.table.rows.rows
        wrong = [n for n, row in enumerate(rows)
                 if isinstance(row, Line) and row.group in (CONFLICT, REJECTED)]  # fmt: skip
        if wrong:
            here = self.table.current_place
            ahead = [n for n in wrong if (n > here if by > 0 else n < here)]
            place = (ahead or wrong)[0 if by > 0 else -1]
            self.table.selectRow(place)
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def panes(self) -> list[QWidget]:
        """The parts that F6 goes round."""
        state = self._stack.currentIndex()
        if state == BUSY:
            return [self.panel.stop]
        if state == REFUSED:
            return [self.other]
        return [self.lists.shown or self.apply, self.tabs, self.apply]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(1100)
        self.deciding.set_narrow(narrow)
        self.lists.set_narrow(narrow)

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        work = hbox(gap=12, margins=(16, 10, 16, 10))
        work.addWidget(self.lists, 5)
        work.addWidget(self.detail, 6)
        self._work = work
        self._banner_box = box(vbox(self.banner, margins=(16, 10, 16, 0)))
        seen = vbox(self.tabs, self._banner_box)
        seen.addLayout(work, 1)
        seen.addWidget(self.foot)
        middle = vbox(None, self.panel, None)
        self.panel.setMaximumWidth(theme.px(620))
        reading = hbox(None, margins=(16, 0, 16, 0))
        reading.addLayout(middle, 8)
        reading.addStretch(1)
        for part in (box(reading), box(seen), self.refused):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._show_tab)
        self.lists.line_changed.connect(self._on_line)
        self.lists.changed.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.deciding.changed.connect(self._on_chosen)
        self.deciding.next_wanted.connect(self._on_next_conflict)
        bind(self, "all_ours", self.deciding.all_ours)
        bind(self, "all_theirs", self.deciding.all_theirs)
        self.cancel.clicked.connect(self._on_cancel)
        self.apply.clicked.connect(self._on_apply)
        self.panel.cancelled.connect(self._on_stop)
        self.other.clicked.connect(self.other_wanted)
        self.back.clicked.connect(self.closed)
        self.renew.clicked.connect(self._on_renew)
        self.closed.connect(self._drop)

    # --- showing --------------------------------------------------------------------------------

    def _begin(self, title: str) -> None:
        self.genuine.hide()
        self.complete.hide()
        self.panel.begin(title)
        self._stack.setCurrentIndex(BUSY)
        self.panel.stop.setFocus()

    def _show_plan(self, plan: ImportPlan, lines: Sequence[Line], rejects: Sequence[Line]) -> None:
        self.plan, self._changed, self._rejected = plan, tuple(lines), tuple(rejects)
        self.deciding.begin(plan)
        self.lists.show_plan(plan, self._changed, self._rejected)
        self.tabs.set_tabs(tabs(plan, self._changed))
        # a file that only asks about hand edits begins with them
        first = PROPOSALS if plan.edits and not self._changed else ALL
        self.tabs.choose(first)
        self._show_head(plan)
        self._show_banner(plan)
        self._show_foot(plan)
        self._stack.setCurrentIndex(SEEN)
        self._show_tab(self.tabs.current)
        self.deciding.show_line(plan, self.lists.line)

    def _show_head(self, plan: ImportPlan) -> None:
        manifest = plan.manifest
        title = "Kiriman diterapkan" if self.done else "Pratinjau data masuk"
        told = notices.subtitle(self._posko, plan, manifest) if manifest else plan.path.name
        self.head.set_text(title, told)
        if plan.signature == VALID:
            self.genuine.set_chip(Chip("Keaslian cocok", "plain_green", "registered"))
        else:
            self.genuine.set_chip(Chip("Keaslian tidak terbukti", "plain_red", "error"))
        gaps = Chip(notices.gap_words(plan.gaps), "plain_gold", "attention")
        whole = Chip(notices.order_words(plan.signed), "plain_green", "check")
        self.complete.set_chip(gaps if plan.gaps else whole)
        self.genuine.show()
        self.complete.setVisible(plan.signed is not None)

    def _show_banner(self, plan: ImportPlan) -> None:
        tone, said = notices.before(plan)
        self._banner_box.setVisible(bool(said))
        if said:
            self.banner.set_message(tone, said)

    def _show_foot(self, plan: ImportPlan) -> None:
        _name(self.apply, notices.apply_words(self._changed, self.deciding.chosen))
        _name(self.cancel, "Batal")
        self.foot.note.setText(notices.foot(plan, self._changed, self.deciding.chosen))

    def _show_tab(self, tab: str) -> None:
        if self.plan is None:
            return
        self.lists.show_tab(tab)
        if self.lists.line is not self.deciding.line or self.lists.line is None:
            self.deciding.show_line(self.plan, self.lists.line)

    def _show_done(self, plan: ImportPlan, result: ImportResult) -> None:
        self.done = result
        self.deciding.end()
        self._show_head(plan)
        self.banner.set_message("ok", notices.after(plan, result))
        self._banner_box.show()
        _name(self.cancel, "Selesai")
        more = f"Berkas berikut ({self.waiting} lagi)" if self.waiting else "Buka daftar laporan"
        _name(self.apply, more)
        self.foot.note.setText("Enter pada baris membuka perkaranya.")
        self._stack.setCurrentIndex(SEEN)
        self.apply.setFocus()

    # --- what comes back ------------------------------------------------------------------------

    def _on_seen(self, seen: Seen) -> None:
        plan, changes = seen
        if plan.path != self._path or self._stack.currentIndex() != BUSY:
            return  # another file was chosen meanwhile
        if plan.verdict != ACCEPTED:
            self._refuse(plan.reason, plan.code)
            return
        self._show_plan(plan, *lines_of(self._posko, plan, changes))
        self.panes()[0].setFocus()

    def _refuse(self, reason: str, code: str = "") -> None:
        self.renew.setVisible(code == "changed_key")
        self.refused.set_text("Berkas ini tidak diterima", reason)
        self._stack.setCurrentIndex(REFUSED)
        self.other.setFocus()

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, UserError) and self.plan is None:
            self._refuse(error.message)
        elif isinstance(error, UserError):
            self._stack.setCurrentIndex(SEEN)
            self.banner.set_message("problem", error.message)
            self._banner_box.show()
        else:
            self._context.problem.emit(error)
            self.closed.emit()

    def _on_progress(self, done: int, total: int, said: str) -> None:
        left = self._task.seconds_left(done, total) if self._task else None
        self.panel.advance(done, total, said, left)

    def _on_end(self) -> None:
        task, self._task = self._task, None
        if self._after is not None:
            (path, waiting), self._after = self._after, None
            self.start(path, waiting)
            return
        if task is None or not task.stop.is_set():
            return
        if self.plan is None:
            self.closed.emit()
        else:
            self._stack.setCurrentIndex(SEEN)
            self.apply.setFocus()

    def _on_stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _on_cancel(self) -> None:
        self.leave()

    def _on_apply(self) -> None:
        if self.plan is None:
            return
        if self.done is not None:
            self._go_on()
            return
        if self.plan.first_contact and not self._knows_sender():
            return
        self._begin("Menerapkan kiriman")
        self._task = self._context.start(
            apply_plan, self.plan, self.deciding.chosen.choices(), label="Menerapkan kiriman",
            done=self._on_applied, failed=self._on_failed, progress=self._on_progress,
            end=self._on_end,
        )  # fmt: skip

    def _knows_sender(self) -> bool:
        """Whether the sender's key is known by now; asks for its six words when it is not."""
        manifest = self.plan.signed if self.plan else None
        card = self._context.run(card_of, manifest) if manifest else None
        return card is not None and (
            card.verdict != "first" or ask_first(self, self._context, card)
        )

    def _on_renew(self) -> None:
        self.renew_wanted.emit(self._path)

    def _drop(self) -> None:
        """A workbook that lay in a part of a package does not stay plain on the disk."""
        drop_private(self._posko, self._path)

    def _on_applied(self, result: ImportResult) -> None:
        self._drop()
        if self.plan is not None:
            self._show_done(self.plan, result)
            self._context.note_saved("Kiriman diterapkan")

    def _go_on(self) -> None:
        if self.waiting:
            self.next_wanted.emit()
        else:
            self._context.open("cases", view="all")

    def _on_line(self, line: Line | None) -> None:
        if self.plan is not None and line is not None:
            self.deciding.show_line(self.plan, line)

    def _on_next_conflict(self) -> None:
        self.step_conflict(1)

    def _on_chosen(self) -> None:
        self.lists.refresh()
        if self.plan is not None and self.done is None:
            self._show_foot(self.plan)

    def _on_opened(self, line: Line) -> None:
        if self.done is not None and line.change is not None and line.change.case_uid:
            self._context.open("case", uid=line.change.case_uid)


def _name(button: Button, text_: str) -> None:
    button.setText(text_)
    button.setAccessibleName(text_)
    button.updateGeometry()
