"""The page Laporan baru: one report, or another kind, from the first stroke to its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from posko_app import text as words
from posko_app.cases.kinds import IntakeKind, kind_of
from posko_app.errors import NotAllowed, Problem, UserError
from ui import looks
from ui.context import Context
from ui.page import Page
from ui.widgets.banner import Banner
from ui.widgets.keys import bind
from ui.widgets.text import vbox

from .assemble import draft_title
from .drafting import DraftKeeper
from .filing import Filed, Filer
from .filling import Filling
from .heading import Heading
from .upgrading import answers_from, fill
from .watching import Watching
from .workspace import Workspace

FIRST = "report"  # the kind a new form begins with


class NewReportPage(Page):
    """The form, kept as a draft while typing, checked, read back and filed."""

    title = "Laporan baru"
    sidebar = "cases"
    shows = frozenset({"case_board"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.posko = context.posko
        self.keeper = DraftKeeper(self.posko)
        self.filer = Filer(context, self)
        self._saved_at = ""
        self._case = ""  # uid of the case that is made into something else
        self._short = looks.load(self.posko.folder.root).short_form
        self.heading = Heading(short=self._short)
        self._column = vbox(self.banner_place, self.heading)
        self.setLayout(self._column)
        self.work = self._make_workspace(kind_of(FIRST))
        self._connect()
        self.setAcceptDrops(True)

    # --- what the shell calls -------------------------------------------------------------------

    def open(self, draft: str = "", kind: str = FIRST, case: str = "", **arguments: Any) -> None:
        """A blank form of a kind, a draft, or a `case` that is to become of this kind."""
        self.work.show_entry()
        self._show_head(True)
        before = self.keeper.uid if self.isVisible() else ""
        if draft:
            self._load(draft)
        elif case:
            self._start_upgrade(case, kind, arguments.get("why", []))
        else:
            self._start_blank(kind)
        if before and before != draft:  # Ctrl+N in the middle of another report
            back = partial(self.context.open, "new_report", draft=before)
            self.context.say("Isian sebelumnya tersimpan sebagai draf.", back)

    def reload(self) -> None:
        self.watching.look()
        self.watching.compare()

    def leave(self) -> bool:
        self._save()
        return True

    def state(self) -> dict[str, Any]:
        return {"draft": self.keeper.uid}

    def restore(self, state: dict[str, Any]) -> None:
        if state.get("draft"):
            self._load(state["draft"])

    def take_focus(self) -> None:
        self.work.entry.focus_section("receipt")

    def panes(self) -> list[QWidget]:
        work = self.work
        shown = work.review.first if work.reading else work.entry.first
        return [work.rail.first, shown, work.footer.save]

    def primary(self) -> None:
        self._try_to_file(accept=False)

    def save(self) -> None:
        self._save(say=True)

    def step_tab(self, by: int) -> None:
        if self.heading.kinds.isVisibleTo(self):
            self.heading.kinds.step(by)

    def step_problem(self, by: int) -> None:
        self._show_entry()
        self.work.entry.group.step_problem(by)

    def help_text(self) -> str:
        return (
            "Pilih jenisnya dengan Ctrl+PgUp dan Ctrl+PgDn, lalu isi urut seperti formulir kertas. "
            "Semua yang diketik tersimpan sebagai draf. "
            "F9 mencatat penerimaan sekarang, F4 menyalin ruas dari laporan sebelumnya, "
            "F2 membuka ruas yang terisi dari NIK, Ctrl+Shift+T menambah terlapor."
        )

    # --- kinds ----------------------------------------------------------------------------------

    def set_kind(self, code: str) -> None:
        """Ask the questions of another kind; what was typed stays as far as it is asked."""
        if code == self.work.kind.code or self.filer.busy:
            return
        content = self.content()
        self._renew(code)
        self.filling.start(content)
        self.watching.begin(content["dismissed"], self._case)
        self._say_saved()
        self.watching.look()
        self._save()

    # --- drafts ---------------------------------------------------------------------------------

    def content(self) -> dict[str, Any]:
        """The form as a draft keeps it."""
        others = sorted(self.watching.others)
        return {**self.work.content(), "dismissed": others, "case": self._case}

    def _start_blank(self, kind: str = FIRST) -> None:
        self._fill({}, kind)
        self.keeper.begin(self.content())
        self.watching.look()

    def _start_upgrade(self, case: str, kind: str, why: list[str]) -> None:
        answers = self.context.run(answers_from, case, kind, why)
        if answers is None:
            self._start_blank()
            return
        self._fill({}, kind, case)
        self.keeper.begin(self.content())
        fill(self.work, answers)
        self._on_filled()

    def _load(self, uid: str) -> None:
        try:
            content = self.keeper.open(uid)
        except UserError as error:
            self._start_blank()
            self.context.say(str(error))
            return
        self._fill(content, content.get("kind", FIRST), content.get("case", ""))
        self.watching.look()
        self.watching.compare()

    def _fill(self, content: dict[str, Any], kind: str, case: str = "") -> None:
        self._saved_at, self._case = "", case
        if kind != self.work.kind.code or self.work.entry.today != self.posko.today():
            self._renew(kind)
        self.filling.start(content)
        self.watching.begin(content.get("dismissed", ()), case)
        self.set_banner(None)
        self._show_head(True)
        self._say_saved()

    def _save(self, *, say: bool = False) -> None:
        """Keep the draft; a failure stands as a banner, because a dialog would stop the typing."""
        if self.filer.busy:
            return
        try:
            title = draft_title(self.work.entry.values(), self.work.kind)
            written = self.keeper.save(title, self.content())
        except NotAllowed as error:
            self.set_banner(Banner("attention", str(error)))
            return
        except UserError as error:
            self.set_banner(Banner("problem", f"Draf belum tersimpan. {error}"))
            return
        if written:
            here = words.local(self.posko.now(), self.posko.office.zone)
            self._saved_at = words.clock(here)
            self.set_banner(None)
            self._say_saved()
        if written or say:
            self.context.note_saved("Draf tersimpan" if self.keeper.uid else "Belum ada isian")

    def _say_saved(self) -> None:
        self.heading.say(self.work.kind, self._saved_at, upgrade=bool(self._case))

    def _on_discard(self) -> None:
        kept = self.content()
        try:
            self.keeper.discard()
        except UserError as error:
            self.context.problem.emit(error)
            return
        empty = kept == self.keeper.blank
        self._start_blank(self.work.kind.code)
        self.context.back()
        if not empty:
            self.context.say("Draf dibuang.", partial(self._bring_back, kept))

    def _bring_back(self, content: dict[str, Any]) -> None:
        self._start_blank()
        self._fill(content, content["kind"], content["case"])
        self._save()
        if self.keeper.uid:
            self.context.open("new_report", draft=self.keeper.uid)

    def _on_close(self) -> None:
        self._save()
        self.context.back()

    # --- checking while typing ------------------------------------------------------------------

    def _on_compare(self, uid: str) -> None:
        self.context.open("case", uid=uid)

    def _on_filled(self) -> None:
        self.watching.filled()
        self._save()

    # --- moving ---------------------------------------------------------------------------------

    def _show_entry(self) -> None:
        if self.work.reading:
            self.work.show_entry()
            self.watching.look()
        self._show_head(True)

    def _show_head(self, entry: bool) -> None:
        self.heading.show_for(self.work.kind, entry=entry, upgrade=bool(self._case))
        self.work.last_day.upgrading = bool(self._case)

    def _show_review(self) -> None:
        self.work.show_review()
        self._show_head(False)
        self.watching.look()
        card = self.work.statement
        last = card.check if self.work.kind.statement else self.work.footer.save
        last.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to(self, section: str) -> None:
        if section == "review":
            self._show_review()
            return
        self._show_entry()
        self.work.entry.focus_section(section)

    def _on_back(self) -> None:
        self._go_to("event")

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        section = self.work.entry.section_at(now)
        if section and not self.work.reading:
            self.work.rail.set_current(section)

    def _on_short(self, short: bool) -> None:
        self._short = short
        self.work.entry.fold(short)
        looks.remember(self.posko.folder.root, short_form=short)

    def _on_receive(self) -> None:
        self.filling.receive_now()

    def _on_add_party(self) -> None:
        self.filling.add_party()

    def _on_paste(self) -> None:
        self.filling.paste_message()

    def _on_picture(self) -> None:
        self.filling.ask_picture()

    def _on_unfold(self) -> None:
        self.heading.short.setChecked(False)

    # --- files dropped anywhere -----------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.filling.add_files([Path(url.toLocalFile()) for url in event.mimeData().urls()])
        event.acceptProposedAction()

    # --- filing ---------------------------------------------------------------------------------

    def _on_accept(self) -> None:
        self._try_to_file(accept=True)

    def _try_to_file(self, *, accept: bool) -> None:
        if self.filer.busy or not self.work.footer.save.isEnabled():
            return
        judged = self.work.judged()
        if judged.wrong or (judged.missing and not accept):
            self.watching.attempted = True
            self._show_entry()
            self.watching.look()
            self.work.entry.focus_field(self.work.entry.in_order(judged.all)[0].field)
            return
        self._save()
        self.work.footer.set_busy(True)
        linked = dict(self.work.similar.linked)
        self.filer.start(judged.report, self._case, self.keeper.uid, linked, accept=accept)

    def _on_filing_ended(self) -> None:
        self.work.footer.set_busy(False)

    def _on_filed(self, filed: Filed) -> None:
        self._start_blank(filed.kind.code)
        self.context.open("case", uid=filed.uid)

    def _on_rejected(self, problems: Sequence[Problem]) -> None:
        self._show_entry()
        self.work.show_rejected(problems)

    # --- building -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.work.reading:
                self._on_back()
            else:
                self._on_close()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.work.arrange(self.width())

    def _renew(self, code: str) -> None:
        """A form is made for a kind and a day; another one takes its place."""
        before, self.work = self.work, self._make_workspace(kind_of(code))
        before.hide()
        before.deleteLater()
        self.work.entry.fold(self._short)
        self.work.arrange(self.width())
        self._show_head(True)

    def _make_workspace(self, kind: IntakeKind) -> Workspace:
        """A workspace with everything that hears of it."""
        work = Workspace(self.posko, kind)
        self._column.addWidget(work, 1)
        entry, footer = work.entry, work.footer
        self.filling = Filling(self.context, work)
        self.filling.filled.connect(self._on_filled)
        self.watching = Watching(self.context, work)
        self.watching.dismissed.connect(self._save)
        entry.draft_due.connect(self._save)
        entry.submitted.connect(self._show_review)
        entry.unfold_wanted.connect(self._on_unfold)
        work.last_day.kind_wanted.connect(self.set_kind)
        work.rail.chosen.connect(self._go_to)
        work.review.change_wanted.connect(self._go_to)
        work.similar.compare.connect(self._on_compare)
        work.statement.toggled.connect(self._save)
        work.desk.toggled.connect(self._save)
        footer.discard.clicked.connect(self._on_discard)
        footer.close_draft.clicked.connect(self._on_close)
        footer.back.clicked.connect(self._on_back)
        footer.accept.clicked.connect(self._on_accept)
        footer.save.clicked.connect(self.primary)
        return work

    def _connect(self) -> None:
        self.heading.short.toggled.connect(self._on_short)
        self.heading.kind_wanted.connect(self.set_kind)
        self.heading.paste.clicked.connect(self._on_paste)
        self.heading.picture.clicked.connect(self._on_picture)
        self.filer.filed.connect(self._on_filed)
        self.filer.rejected.connect(self._on_rejected)
        self.filer.ended.connect(self._on_filing_ended)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)
        bind(self, "receive_now", self._on_receive)
        bind(self, "add_party", self._on_add_party)
        bind(self, "paste_chat", self._on_paste)
