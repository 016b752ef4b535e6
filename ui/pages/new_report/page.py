"""The page Laporan baru: one report from the first stroke to its receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QWidget

from posko_app import text as words
from posko_app.errors import NotAllowed, Problem, UserError
from ui import looks
from ui.context import Context
from ui.page import Page
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import PageHead
from ui.widgets.text import vbox

from .assemble import draft_title
from .drafting import DraftKeeper
from .filing import Filed, Filer
from .filling import Filling
from .similar import similar_cases
from .workspace import Workspace

LOOK = 150  # milliseconds of rest before the report is checked
COMPARE = 400  # milliseconds before similar cases are looked for


class NewReportPage(Page):
    """The form, kept as a draft while typing, checked, read back and filed."""

    title = "Laporan baru"
    sidebar = "cases"
    shows = frozenset({"case_board"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.posko = context.posko
        self.keeper = DraftKeeper(self.posko)
        self._attempted = False
        self.filer = Filer(context, self)
        self._dismissed: set[str] = set()
        self._saved_at = ""
        self.short = Button("Isian ringkas", icon="columns",
                            tooltip="Hanya ruas yang wajib menurut Formulir Laporan")  # fmt: skip
        self.short.setCheckable(True)
        self.short.setChecked(looks.load(self.posko.folder.root).short_form)
        self.paste = Button("Tempel dari WhatsApp", icon="message", hint="Ctrl+Shift+V")
        self.head = PageHead(self.title, " ", actions=[self.short, self.paste])
        self._column = vbox(self.banner_place, self.head)
        self.setLayout(self._column)
        self._look_timer = self._timer(LOOK, self._look)
        self._similar_timer = self._timer(COMPARE, self._compare)
        self.work = self._make_workspace()
        self._connect()
        self.setAcceptDrops(True)

    # --- what the shell calls -------------------------------------------------------------------

    def open(self, draft: str = "", **_arguments: Any) -> None:
        if self.work.entry.today != self.posko.today():
            self._renew()
        self.work.show_entry()
        self._show_head(True)
        before = self.keeper.uid if self.isVisible() else ""
        if draft:
            self._load(draft)
        else:
            self._start_blank()
        if before and before != draft:  # Ctrl+N in the middle of another report
            back = partial(self.context.open, "new_report", draft=before)
            self.context.say("Isian sebelumnya tersimpan sebagai draf.", back)

    def reload(self) -> None:
        self._look()
        self._compare()

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

    def step_problem(self, by: int) -> None:
        self._show_entry()
        self.work.entry.group.step_problem(by)

    def help_text(self) -> str:
        return (
            "Isi laporan urut seperti formulir kertas. Semua yang diketik tersimpan sebagai draf. "
            "F9 mencatat penerimaan sekarang, F4 menyalin ruas dari laporan sebelumnya, "
            "F2 membuka ruas yang terisi dari NIK, Ctrl+Shift+T menambah terlapor."
        )

    # --- drafts ---------------------------------------------------------------------------------

    def content(self) -> dict[str, Any]:
        """The form as a draft keeps it."""
        return {**self.work.content(), "dismissed": sorted(self._dismissed)}

    def _start_blank(self) -> None:
        self._fill({})
        self.keeper.begin(self.content())
        self._look()

    def _load(self, uid: str) -> None:
        try:
            content = self.keeper.open(uid)
        except UserError as error:
            self._start_blank()
            self.context.say(str(error))
            return
        self._fill(content)
        self._look()
        self._compare()

    def _fill(self, content: dict[str, Any]) -> None:
        self._attempted, self._saved_at = False, ""
        self._dismissed = set(content.get("dismissed", ()))
        self.filling.start(content)
        self.work.entry.fold(self.short.isChecked())
        self.work.show_similar(())
        self.set_banner(None)
        self._say_saved()

    def _save(self, *, say: bool = False) -> None:
        """Keep the draft; a failure stands as a banner, because a dialog would stop the typing."""
        if self.filer.busy:
            return
        try:
            written = self.keeper.save(draft_title(self.work.entry.values()), self.content())
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
        saved = f"Draf tersimpan otomatis {self._saved_at}".strip()
        self.head.set_text(self.title, f"{saved} · nomor diberikan saat disimpan")

    def _on_discard(self) -> None:
        kept = self.content()
        try:
            self.keeper.discard()
        except UserError as error:
            self.context.problem.emit(error)
            return
        empty = kept == self.keeper.blank
        self._start_blank()
        self.context.back()
        if not empty:
            self.context.say("Draf dibuang.", partial(self._bring_back, kept))

    def _bring_back(self, content: dict[str, Any]) -> None:
        self._start_blank()
        self._fill(content)
        self._save()
        if self.keeper.uid:
            self.context.open("new_report", draft=self.keeper.uid)

    def _on_close(self) -> None:
        self._save()
        self.context.back()

    # --- checking while typing ------------------------------------------------------------------

    def _look(self) -> None:
        self._look_timer.stop()
        self.work.show_judged(self.work.judged(), attempted=self._attempted)

    def _compare(self) -> None:
        self._similar_timer.stop()
        found = self.context.run(similar_cases, self.work.judged().report, skip=self._dismissed)
        self.work.show_similar(found or ())

    def _on_compare(self, uid: str) -> None:
        self.context.open("case", uid=uid)

    def _on_dismissed(self, uid: str) -> None:
        self._dismissed.add(uid)
        self._compare()
        self._save()

    def _on_typed(self, _key: str) -> None:
        self._look_timer.start()

    def _on_filled(self) -> None:
        self._look()
        self._similar_timer.start()
        self._save()

    def _on_settled(self, key: str) -> None:
        self._look_timer.start()
        if key.startswith("reported.") or key in ("event_place", "event_on"):
            self._similar_timer.start()

    # --- moving ---------------------------------------------------------------------------------

    def _show_entry(self) -> None:
        if self.work.reading:
            self.work.show_entry()
            self._look()
        self._show_head(True)

    def _show_head(self, entry: bool) -> None:
        self.short.setVisible(entry)
        self.paste.setVisible(entry)

    def _show_review(self) -> None:
        self.work.show_review()
        self._show_head(False)
        self._look()
        self.work.statement.check.setFocus(Qt.FocusReason.OtherFocusReason)

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
        self.work.entry.fold(short)
        looks.remember(self.posko.folder.root, short_form=short)

    def _on_unfold(self) -> None:
        self.short.setChecked(False)

    # --- keys of this page, for the workspace of the day -----------------------------------------

    def _on_receive(self) -> None:
        self.filling.receive_now()

    def _on_add_party(self) -> None:
        self.filling.add_party()

    def _on_paste(self) -> None:
        self.filling.paste_message()

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
            self._attempted = True
            self._show_entry()
            self._look()
            self.work.entry.focus_field(self.work.entry.in_order(judged.all)[0].field)
            return
        self._save()
        self.work.footer.set_busy(True)
        draft = self.keeper.uid
        self.filer.start(judged.report, draft_uid=draft, accept_incomplete=accept)

    def _on_filing_ended(self) -> None:
        self.work.footer.set_busy(False)

    def _on_filed(self, filed: Filed) -> None:
        self._start_blank()
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

    def _renew(self) -> None:
        """A form knows the day it was made on; at midnight another one takes its place."""
        before, self.work = self.work, self._make_workspace()
        before.hide()
        before.deleteLater()
        self.work.arrange(self.width())

    def _make_workspace(self) -> Workspace:
        """A workspace with everything that hears of it."""
        work = Workspace(self.posko)
        self._column.addWidget(work, 1)
        entry, footer = work.entry, work.footer
        self.filling = Filling(self.context, work)
        self.filling.filled.connect(self._on_filled)
        entry.changed.connect(self._on_typed)
        entry.settled.connect(self._on_settled)
        entry.draft_due.connect(self._save)
        entry.submitted.connect(self._show_review)
        entry.unfold_wanted.connect(self._on_unfold)
        work.rail.chosen.connect(self._go_to)
        work.review.change_wanted.connect(self._go_to)
        work.similar.compare.connect(self._on_compare)
        work.similar.dismissed.connect(self._on_dismissed)
        work.statement.toggled.connect(self._save)
        footer.discard.clicked.connect(self._on_discard)
        footer.close_draft.clicked.connect(self._on_close)
        footer.back.clicked.connect(self._on_back)
        footer.accept.clicked.connect(self._on_accept)
        footer.save.clicked.connect(self.primary)
        return work

    def _connect(self) -> None:
        self.short.toggled.connect(self._on_short)
        self.paste.clicked.connect(self._on_paste)
        self.filer.filed.connect(self._on_filed)
        self.filer.rejected.connect(self._on_rejected)
        self.filer.ended.connect(self._on_filing_ended)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, act in (
            ("F9", self._on_receive),
            ("Ctrl+Shift+T", self._on_add_party),
            ("Ctrl+Shift+V", self._on_paste),
        ):
            QShortcut(QKeySequence(keys), self, context=here).activated.connect(act)

    def _timer(self, pause: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(pause)
        timer.timeout.connect(act)
        return timer
