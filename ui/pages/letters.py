"""The page Surat: the letter book, the frozen PDFs, and letters that need no case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.letters.book import MOST, BookRow, letter_book
from posko_app.letters.template import load_templates
from posko_app.security.permissions import ROLES, allowed
from posko_app.text import fold
from ui import theme
from ui.case_words import LEVELS
from ui.context import Context
from ui.letter_sheet import LetterSheet, show_letter
from ui.page import Page
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, PageHead
from ui.widgets.keys import KeyHints
from ui.widgets.search import SearchField
from ui.widgets.text import Elided, box, hbox, vbox

if TYPE_CHECKING:
    from posko_app.letters.issue import IssuedLetter

APPEAL = "imbauan"
KEYS = ("number", "on", "title", "to", "case", "officer")
NARROW = ("number", "on", "title", "case")
NO_LETTERS = (
    "Belum ada surat",
    "Surat dan formulir yang sudah bernomor terkumpul di sini. Buat surat dari perkaranya, lewat "
    "tab Surat, atau buat surat imbauan yang tidak perlu perkara.",
)


class LettersPage(Page):
    """Enter opens the PDF as it was issued; the link opens the case."""

    title = "Surat"
    sidebar = "letters"
    shows = frozenset({"letters", "cases", "accounts"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._may = allowed(context.posko.user.role, "letter.draft")
        self.make = Button("Surat imbauan baru", icon="add", hint="Ins", kind="primary")
        self.head = PageHead(
            self.title, "Surat dan formulir yang sudah diterbitkan", actions=[self.make]
        )
        self.search = SearchField("Saring nomor, surat, perkara", name="Saring daftar surat")
        self.search.setFixedWidth(theme.px(268))
        self.table: TableView[BookRow] = TableView(
            columns(context.posko), name="Surat", key=lambda row: row.uid
        )
        self.count = Elided("", "small", "text2")
        self.empty = EmptyState("letter", *NO_LETTERS)
        self.sheet: LetterSheet | None = None
        self._rows: tuple[BookRow, ...] = ()
        self._build()
        self._connect()

    def reload(self) -> None:
        if not self._may:
            role = ROLES.get(self.context.posko.user.role, "")
            self.empty.set_text("Surat tidak terbuka untuk peran ini",
                                f"Peran {role} tidak membaca atau membuat surat.")  # fmt: skip
        else:
            self._rows = letter_book(self.context.posko)
        self._body.setCurrentIndex(0 if self._rows else 1)
        self.search.setVisible(bool(self._rows))
        self._show()

    def primary(self) -> None:
        self.new_row()

    def new_row(self) -> None:
        if not self._may or self.sheet is not None:
            return
        template = load_templates()[APPEAL]
        why = "" if allowed(self.context.posko.user.role, "letter.issue") else "Peran tidak cukup"
        sheet = LetterSheet(
            self, self.context, template, why_not=why,
            about="Surat pencegahan, tidak perlu perkara. Nomor baru dipakai saat ditetapkan.",
        )  # fmt: skip
        try:
            sheet.begin()
        except UserError as error:
            sheet.deleteLater()
            self.context.problem.emit(error)
            return
        self.sheet = sheet
        sheet.issued.connect(self._on_issued)
        sheet.finished.connect(self._on_finished)
        sheet.open()

    def print_page(self) -> None:
        if (row := self.table.row()) is not None:
            self.open_letter(row)

    def open_letter(self, row: BookRow) -> None:
        """Open the frozen PDF in the system's viewer."""
        self.context.run(show_letter, row.uid, row.title, row.number)

    def focus_filter(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def panes(self) -> list[QWidget]:
        return [self.table, self.search] if self._rows else [self.make]

    def help_text(self) -> str:
        return (
            "Buku surat kantor. Enter membuka PDF seperti saat diterbitkan; isinya tidak dapat "
            "diubah lagi. Ins membuat surat imbauan baru."
        )

    def state(self) -> dict[str, Any]:
        row = self.table.row()
        return {"text": self.search.text(), "uid": row.uid if row else ""}

    def restore(self, state: dict[str, Any]) -> None:
        self.search.setText(state.get("text", ""))
        self.table.choose(state.get("uid", ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.show_columns(NARROW if self.width() < theme.px(1000) else KEYS)

    def _build(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        foot = hbox(self.count, gap=12)
        foot.addWidget(KeyHints([("↑ ↓", "pilih"), ("Enter", "buka PDF"), ("Ins", "surat baru")]))
        card.set_foot(foot)
        self._body = QStackedWidget()
        self._body.addWidget(box(vbox(card, margins=(16, 0, 16, 14))))
        self._body.addWidget(self.empty)
        column = vbox()
        column.addLayout(self.banner_place)
        column.addWidget(self.head)
        column.addLayout(hbox(self.search, None, margins=(16, 0, 16, 10)))
        column.addWidget(self._body, 1)
        self.setLayout(column)
        self.make.setVisible(self._may)

    def _connect(self) -> None:
        self.make.clicked.connect(self.new_row)
        self.search.textChanged.connect(self._show)
        self.search.left.connect(self.table.setFocus)
        self.table.opened.connect(self.open_letter)
        self.table.link.connect(self._on_link)

    def _show(self) -> None:
        wanted = fold(self.search.text())
        rows = [row for row in self._rows if wanted in fold(_words(row))]
        self.table.set_rows(rows)
        said = f"{text.thousands(len(rows))} surat"
        if wanted:
            said = f"{text.thousands(len(rows))} dari {text.thousands(len(self._rows))} surat"
        elif len(self._rows) == MOST:
            said = f"{text.thousands(MOST)} surat terbaru"
        self.count.setText(said)

    def _on_link(self, row: BookRow, _column: str) -> None:
        self.context.open("case", uid=row.case_uid, tab="letters")

    def _on_issued(self, letter: IssuedLetter) -> None:
        self.search.clear()
        self.table.choose(letter.uid)
        self.context.note_saved(f"{letter.title} {letter.number} tersimpan sebagai PDF")
        self.context.run(show_letter, letter.uid, letter.title, letter.number)

    def _on_finished(self) -> None:
        self.sheet = None


def columns(posko: Posko) -> tuple[Column[BookRow], ...]:
    """The columns, in the words of this office."""

    def officer(row: BookRow) -> str:
        if row.office_code == posko.office.code:
            return row.officer
        region = posko.regions.get(row.office_code)
        return f"{LEVELS.get(len(row.office_code), '')} {region.name if region else ''}".strip()

    return (
        Column("number", "Nomor", lambda r: r.number or "tanpa nomor", width=236, style="mono"),
        Column("on", "Tanggal", lambda r: r.dated_on, text.short_date, width=124,
               style="secondary"),
        Column("title", "Surat", lambda r: r.title, width=242, tooltip=_where,
               tone=lambda r: "" if r.held else "text2"),
        Column("to", "Kepada", lambda r: r.addressee or "–", width=150, style="secondary"),
        Column("case", "Perkara", _case, width=0, style="link", tooltip=lambda r: r.case_number),
        Column("officer", "Petugas", officer, width=130, style="secondary"),
    )  # fmt: skip


def _words(row: BookRow) -> str:
    return " ".join(
        (row.number, row.title, row.addressee, row.case_number, row.case_title, row.officer)
    )


def _case(row: BookRow) -> str:
    return row.case_title or row.case_number or ("perkara tanpa nomor" if row.case_uid else "")


def _where(row: BookRow) -> str:
    return "" if row.held else "PDF-nya ada di kantor yang menerbitkan."
