"""The card Paket bukti: parts of packages taken in one after the other, and what still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea

from posko_app import text
from posko_app.errors import UserError
from posko_app.exchange.package.standing import PackageState, ask_again
from posko_app.exchange.package.take import PartTaken, look_at_part, take_part
from posko_app.exchange.trust import KeyCard
from ui import theme
from ui.context import Context
from ui.tasks import Task
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.progress import ProgressPanel
from ui.widgets.rows import Rows, TwoLines
from ui.widgets.text import box, hbox, vbox

from .trust_sheet import ask_changed, ask_first

ROW, SHOWN = 47, 3  # pixels of a row with its line, rows seen without scrolling
ABOUT_KEYS = ("unknown_key", "changed_key")


class ParcelsCard(Card):
    """Hidden until parts are taken in; then their outcome, with the text that asks for the rest."""

    taken = Signal(object)  # PartTaken
    left = Signal(object)  # paths of workbooks that came along, to be previewed

    def __init__(self, context: Context) -> None:
        super().__init__("Paket bukti", icon="evidence", padded=False)
        self._context, self._posko = context, context.posko
        self._task: Task | None = None
        self._todo: list[Path] = []
        self._path = Path()
        self._books: list[Path] = []
        self._lines: list[TwoLines] = []
        self._states: dict[str, PackageState] = {}
        self._failed = 0
        self.panel = ProgressPanel()
        self.banner = Banner("ok", "")
        self.rows = Rows()
        self.ask = Button("Salin pesan minta ulang", icon="message", small=True)
        self.close_card = Button("Tutup", small=True)
        self._scroll = QScrollArea()
        self._told = box(vbox(self.banner, self._scroll,
                              box(hbox(None, self.ask, self.close_card, gap=8)), gap=8,
                              margins=(12, 10, 12, 10)))  # fmt: skip
        self._build()

    @property
    def busy(self) -> bool:
        """Whether a part is being taken in."""
        return self._task is not None

    def start(self, paths: Sequence[Path]) -> None:
        """Take these parts in; while some are, the new ones wait their turn."""
        self._todo += paths
        if self._task is None:
            self._lines, self._states, self._failed = [], {}, 0
            self._told.hide()
            self.show()
            self._next()

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(box(vbox(self.rows, None), "surface"))
        self.add(box(vbox(self.panel, margins=(12, 0, 12, 0))))
        self.add(self._told)
        self.panel.cancelled.connect(self._on_cancel)
        self.ask.clicked.connect(self._on_ask)
        self.close_card.clicked.connect(self._on_close)
        self.hide()

    def _next(self) -> None:
        if not self._todo:
            self._show_told()
            return
        self._path = self._todo.pop(0)
        self.panel.begin(f"Menerima {self._path.name}")
        self.panel.show()
        self.panel.stop.setFocus()
        self._task = self._context.start(
            take_part, self._path, label="Menerima paket bukti", done=self._on_taken,
            failed=self._on_failed, progress=self._on_progress, end=self._on_end,
        )  # fmt: skip

    def _show_told(self) -> None:
        self.panel.hide()
        if not self._lines:  # stopped before anything came
            self.hide()
            self.left.emit([])
            return
        self.rows.set_rows(self._lines)
        self._scroll.setFixedHeight(theme.px(ROW) * min(len(self._lines), SHOWN))
        tone = "ok"
        if self._failed or any(not state.complete for state in self._states.values()):
            tone = "attention"
        said = [f"{escape(s.office_name)}: {s.sentence}." for s in self._states.values()]
        if self._failed:
            said.append(f"{text.thousands(self._failed)} berkas tidak diterima.")
        self.banner.set_message(tone, " ".join(said))
        self.ask.setVisible(any(state.missing for state in self._states.values()))
        self._told.show()
        self.close_card.setFocus()

    def _on_progress(self, done: int, total: int, said: str) -> None:
        left = self._task.seconds_left(done, total) if self._task else None
        self.panel.advance(done, total, said, left)

    def _on_cancel(self) -> None:
        self._todo = []
        if self._task is not None:
            self._task.cancel()

    def _on_end(self) -> None:
        task, self._task = self._task, None
        if task is not None and task.stop.is_set():
            self._todo = []
            self._show_told()

    def _on_taken(self, part: PartTaken) -> None:
        self._states[part.group] = part.state
        if part.book is not None:
            self._books.append(part.book)
        line = TwoLines("done" if not part.damaged else "attention", part.path.name, outcome(part))
        line.setToolTip(str(part.path))
        self._lines.append(line)
        self.taken.emit(part)
        self._next()

    def _on_failed(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            self._todo = []
            self._context.problem.emit(error)
            self._show_told()
            return
        if error.code in ABOUT_KEYS:
            self._task = self._context.start(
                look_at_part, self._path, label="Membaca kunci", done=self._on_key,
                failed=self._on_refused, end=self._on_end,
            )  # fmt: skip
            return
        self._on_refused(error)

    def _on_refused(self, error: BaseException) -> None:
        self._failed += 1
        line = TwoLines("error", self._path.name, str(error))
        line.setToolTip(str(error))
        self._lines.append(line)
        self._next()

    def _on_key(self, card: KeyCard) -> None:
        ask = ask_changed if card.verdict == "changed" else ask_first
        if card.verdict in ("changed", "first") and ask(self, self._context, card):
            self._todo.insert(0, self._path)
            self._next()
        else:
            self._on_refused(UserError("Kunci pengirim belum dicocokkan. Berkas belum diterima.",
                                       "unknown_key"))  # fmt: skip

    def _on_ask(self) -> None:
        said = [ask_again(self._posko, state) for state in self._states.values()]
        QGuiApplication.clipboard().setText("\n".join(filter(None, said)))
        self._context.say("Pesan disalin. Tempel di WhatsApp.")

    def _on_close(self) -> None:
        books, self._books = self._books, []
        self.hide()
        self.left.emit(books)


def outcome(part: PartTaken) -> str:
    """What taking a part did, in a line."""
    if part.twice:
        return f"Bagian {part.part} dari {part.parts}: sudah pernah diterima"
    counts = (
        (part.whole, "bukti lengkap"),
        (part.pieces, "potongan menunggu sisanya"),
        (part.held, "sudah ada"),
        (part.damaged, "rusak di jalan"),
        (part.discarded, "tidak cocok"),
        (part.strange, "bukan bukti kantor ini"),
    )
    said = ", ".join(f"{text.thousands(count)} {word}" for count, word in counts if count)
    return f"Bagian {part.part} dari {part.parts}: {said}"
