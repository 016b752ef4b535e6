"""The one window of the program, and the life of a session: set up, log in, work, lock."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from posko_app import text as words
from posko_app.errors import UserError
from posko_app.paths import OfficeFolder

from . import dialogs, documents, looks, qt_words, theme
from .context import Context
from .crash import CrashReporter
from .palette import Found
from .shell import Shell, Surroundings
from .tokens import MIN_HEIGHT, MIN_WIDTH
from .widgets.mark import mark_icon

if TYPE_CHECKING:
    from posko_app.app import Posko

LEVELS = {2: "provinsi", 5: "kabupaten", 8: "kecamatan"}  # by the length of an office's code
SETUP = "ui.pages.setup:SetupPage"  # SetupPage(folder); signals finished(account, password), left()


class Window(QMainWindow):
    """Shows Panduan awal, Masuk or the shell of the open office."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        if (app := QApplication.instance()) is not None:
            qt_words.install(app)
        self.folder = folder
        self.looks = looks.load(folder)
        self.context: Context | None = None
        self.shell: Shell | None = None
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        self.setWindowIcon(mark_icon())
        self.setWindowTitle("Posko")
        self.setMinimumSize(MIN_WIDTH, MIN_HEIGHT)
        self.resize(1366, 698)
        self.crash = CrashReporter(self, self.saved_at)

    def begin(self) -> None:
        """Show the first page: Panduan awal in an empty folder, else Masuk."""
        if OfficeFolder(self.folder).restore_order.exists() and not self._finish_restore():
            return
        if OfficeFolder(self.folder).keyfile.exists():
            self.show_sign_in()
        else:
            self.show_setup()

    def _finish_restore(self) -> bool:
        """Finish a restore that was killed half way; False when that must wait."""
        from posko_app.office.restore import finish_interrupted

        try:
            finish_interrupted(self.folder)
        except UserError as error:
            dialogs.problem(self, error)
            return False
        return True

    def show_setup(self) -> None:
        """Panduan awal."""
        module, _, name = SETUP.partition(":")
        page: Any = getattr(import_module(module), name)(self.folder)
        page.finished.connect(self._on_set_up)
        page.left.connect(self.close)
        self._swap(page)
        self.setWindowTitle("Posko – Penyiapan pertama")

    def show_sign_in(self) -> None:
        """Masuk; a damaged key file is said and the window stays empty."""
        from .pages.sign_in import SignInPage

        try:
            page = SignInPage(self.folder, self.looks)
        except UserError as error:
            dialogs.problem(self, error)
            return
        page.opened.connect(self.start_session)
        self._swap(page)
        self.setWindowTitle(f"Posko – {page.office}")
        page.begin()

    def start_session(self, posko: Posko) -> None:
        """Open the shell on an office that was just unlocked."""
        from posko_app.cases.abandoned import drop_abandoned
        from posko_app.exchange.package.assemble import is_torn, mend

        documents.wipe(posko.folder)
        self.context = Context(posko, self)
        self.context.lock_wanted.connect(self.lock)
        self.context.run(drop_abandoned)
        if self.context.run(is_torn):  # cut evidence that came whole before the program ended
            self.context.start(mend, label="Menyatukan bukti")
        here = words.local(posko.now(), posko.office.zone)
        when = f"{words.short_date(here.date())}, {words.clock(here)}"
        self._keep(last_opened=f"{when} oleh {posko.user.name}", last_account=posko.user.login)
        self.setWindowTitle(f"Posko – {posko.office.name}")
        self.show_shell("home", {})

    def lock(self) -> None:
        """Close the office and ask for the password again; drafts are saved first."""
        if not self._may_end("Batalkan dan kunci"):
            return
        self._end_session()
        self.show_sign_in()

    def saved_at(self) -> str:
        """When data was last saved, as the status bar says it."""
        return self.shell.saved_at if self.shell is not None else ""

    def set_look(self, name: str, scale: int) -> None:
        """Change theme and text size; the page on screen is built anew."""
        if self.shell is not None and not self.shell.leave():
            return
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, name, scale)
        self._keep(theme=name, scale=scale)
        if self.shell is not None:
            page, arguments = self.shell.where()
            self.show_shell(page, arguments)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_end("Batalkan dan keluar"):
            event.ignore()
            return
        self._end_session()
        self._swap(None)
        super().closeEvent(event)

    def show_shell(self, page: str, arguments: dict[str, Any]) -> None:
        """Build the shell of the open office and open a page in it."""
        context = self.context
        if context is None:
            return
        self.shell = Shell(context, surroundings(context, self.crash), folded=self.looks.folded)
        self.shell.quit_wanted.connect(self.close)
        self.shell.look_wanted.connect(self.set_look)
        self.shell.folded.connect(self._on_folded)
        self._swap(self.shell)
        self.shell.open(page, **arguments)

    def _may_end(self, act: str) -> bool:
        """Save what is on screen; ask before what still runs is broken off."""
        if self.shell is not None and not self.shell.leave():
            return False
        running = self.context.tasks.labels if self.context is not None else ()
        if not running:
            return True
        text = "Pekerjaan ini akan dibatalkan. Data Anda tetap seperti sebelum pekerjaan dimulai."
        return dialogs.confirm(self, f"{running[0]} belum selesai. Tunggu dulu?", text, act,
                               stay="Tunggu")  # fmt: skip

    def _swap(self, page: QWidget | None) -> None:
        """Show another page and let the one before go."""
        before = self.stack.currentWidget()
        if page is not None:
            self.stack.addWidget(page)
            self.stack.setCurrentWidget(page)
        if before is not None:
            if hasattr(before, "close_tasks"):
                before.close_tasks()
            self.stack.removeWidget(before)
            before.deleteLater()

    def _end_session(self) -> None:
        self.shell = None
        if self.context is not None:
            context, self.context = self.context, None
            context.close()
            documents.wipe(context.posko.folder)
            context.deleteLater()

    def _keep(self, **changes: Any) -> None:
        self.looks = looks.remember(self.folder, **changes)

    def _on_folded(self, folded: bool) -> None:
        self._keep(folded=folded)

    def _on_set_up(self, account: str, password: str) -> None:
        from posko_app.app import open_office

        try:
            posko = open_office(self.folder, account, password)
        except UserError as error:
            dialogs.problem(self, error)
            self.show_sign_in()
            return
        self.start_session(posko)


def surroundings(context: Context, crash: CrashReporter) -> Surroundings:
    """What the shell shows around the pages of an open office."""
    posko = context.posko

    def counts() -> dict[str, int]:
        from posko_app.cases import queries

        return queries.view_counts(posko)

    def find(text: str) -> list[Found]:
        from posko_app.cases import queries

        wanted = queries.CaseFilter(view="all", text=text.lstrip("#@ "))
        return [
            Found(
                text=row.title,
                note=" · ".join(part for part in (row.party, row.stage_label) if part),
                number=row.number,
                page="case",
                arguments={"uid": row.uid},
            )
            for row in queries.list_cases(posko, wanted, limit=7)
        ]

    def sent() -> str:
        from posko_app.exchange.ledger import ledger

        lines = ledger(posko, limit=1).sent
        if not lines:
            return ""
        day = words.local(lines[0].made_at, posko.office.zone).date()
        to, month = lines[0].to_code, words.SHORT_MONTHS[day.month - 1]
        return f"Terkirim ke {LEVELS.get(len(to), to)}: {day.day} {month}"

    return Surroundings(
        person=posko.user.name,
        office=posko.office.name,
        practice=posko.office.practice,
        counts=counts,
        find=find,
        sent=sent,
        clock=lambda: words.clock(words.local(posko.now(), posko.office.zone)),
        crash=crash.report,
    )
