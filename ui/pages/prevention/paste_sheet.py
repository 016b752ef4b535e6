"""A range pasted from a spreadsheet: what was understood, every problem, one key to keep it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from posko_app.errors import UserError
from ui import theme
from ui.dialogs import Sheet
from ui.forms import Form
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.banner import Banner
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, Text, hbox


@dataclass(frozen=True)
class PastedLine:
    """One line of the preview; `state` is good, doubt or bad."""

    line: int
    cells: tuple[str, ...]
    said: str
    state: str


@dataclass(frozen=True)
class PastePreview:
    """What came of the clipboard: lines, how many will be kept, and what is said of them all."""

    lines: tuple[PastedLine, ...]
    usable: int
    said: str
    notes: str = ""
    draft: Any = None  # what is kept, as it was read


Read = Callable[[str], PastePreview]
TONES = {"good": "", "doubt": "gold", "bad": "red"}


class PasteSheet(Sheet):
    """Reads the clipboard when it opens and again with Ctrl+V; Ctrl+Enter keeps what is usable."""

    wanted = Signal(object)  # the draft of the preview

    def __init__(
        self,
        parent: QWidget,
        title: str,
        about: str,
        headings: Sequence[tuple[str, int]],
        read: Read,
        act: Callable[[int], str],
        form: Form | None = None,
    ) -> None:
        super().__init__(parent, title, about, width=880)
        self._read, self._act = read, act
        self._text = ""
        self._draft: Any = None
        self._answers: dict[str, Any] = {}  # with which the text was read
        self.form = form
        self.banner = Banner("attention", "")
        self.banner.hide()
        self.table: TableView[PastedLine] = TableView(
            _columns(headings), name="Pratinjau", key=lambda row: (row.line, row.cells)
        )
        self.table.setFixedHeight(theme.px(220))
        self.said = Text("", "small", "text2", wrap=True)
        if form is not None:
            self.body.addWidget(form)
            form.settled.connect(self._on_form)
        self.about = Elided("", "small", "text2")
        for part in (self.banner, self.table, self.about, self.said):
            self.body.addWidget(part)
        self.table.current_changed.connect(self._on_current)
        self.body.addLayout(hbox(KeyHints([("Ctrl+V", "tempel"), ("F8", "masalah berikut")])))
        self.again = self.add_button("Tempel dari papan klip", hint="Ctrl+V")
        no = self.add_button("Tidak jadi", kind="flat")
        self.keep = self.submit_button(act(0))
        for button in (self.again, no):
            button.setAutoDefault(False)
        self.again.clicked.connect(self.paste)
        no.clicked.connect(self.reject)
        self.keep.clicked.connect(self._on_keep)
        self.paste()
        self.table.setFocus()

    def paste(self) -> None:
        """Read the clipboard."""
        self._text = QGuiApplication.clipboard().text()
        self._show()

    def fail(self, text: str) -> None:
        """Say why the core did not keep it; the dialog stays."""
        self.banner.set_message("problem", text)
        self.banner.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_F8:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(-1 if shift else 1)
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        self.banner.hide()
        self._answers = self.form.values() if self.form is not None else {}
        try:
            made = self._read(self._text)
        except UserError as error:
            made = PastePreview((), 0, "")
            tone = "attention" if self._text.strip() else "info"
            waiting = "Salin dulu rentangnya di Excel, bersama baris judul, lalu tekan Ctrl+V."
            self.banner.set_message(tone, str(error) if self._text.strip() else waiting)
            self.banner.show()
        self._draft = made.draft
        self.table.set_rows(made.lines)
        self.said.setText(" ".join(part for part in (made.said, made.notes) if part))
        self.keep.setText(self._act(made.usable))
        self.keep.set_why_disabled("" if made.usable else "Belum ada baris yang dapat disimpan.")
        self.table.choose_first()

    def _step(self, by: int) -> None:
        """The next or previous line with a problem."""
        lines = [row for row in self.table.rows.rows if isinstance(row, PastedLine)]
        wrong = [place for place, row in enumerate(lines) if row.state != "good"]
        here = self.table.current_place
        ahead = [p for p in wrong if (p > here if by > 0 else p < here)]
        if wrong:
            place = (ahead[0] if by > 0 else ahead[-1]) if ahead else wrong[0 if by > 0 else -1]
            self.table.selectRow(place)
            self.table.scrollTo(self.table.rows.index(place, 0))

    def _on_current(self, row: PastedLine | None) -> None:
        """Say in full what the column cuts."""
        said = f"Baris {row.line}: {row.said}" if row and row.said else ""
        self.about.setText(said)
        self.about.set_tone(TONES[row.state] or "text2" if row else "text2")

    def _on_form(self, _key: str = "") -> None:
        """Read with other answers, once a field is left: a long list takes its time."""
        if self.form is not None and self.form.values() != self._answers:
            self._show()

    def _on_keep(self) -> None:
        """Keep what was read; an answer that is still being typed counts."""
        if self.form is not None and self.form.check():
            return
        self._on_form()
        if self.keep.isEnabled():
            self.wanted.emit(self._draft)


def _columns(headings: Sequence[tuple[str, int]]) -> tuple[Column[PastedLine], ...]:
    def cell(at: int) -> Callable[[PastedLine], Any]:
        return lambda row: row.cells[at] if at < len(row.cells) else ""

    shown = [
        Column(f"c{at}", heading, cell(at), width=width, sortable=False,
               tone=lambda r: "text2" if r.state == "bad" else "")
        for at, (heading, width) in enumerate(headings)
    ]  # fmt: skip
    return (
        Column("line", "Baris", lambda r: r.line, width=52, right=True, sortable=False,
               style="secondary"),
        *shown,
        Column("said", "Yang perlu diperiksa", lambda r: r.said or "–", width=0, sortable=False,
               tone=lambda r: TONES[r.state] or "text2", tooltip=lambda r: r.said),
    )  # fmt: skip
