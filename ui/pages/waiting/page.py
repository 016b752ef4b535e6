"""Menunggu jawaban: every referral without an answer, by age and institution, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.referral_view import ReferralView
from posko_app.cases.waiting import Waiting, set_ages, waiting
from posko_app.errors import InvalidInput, Problem
from posko_app.progress import Progress
from posko_app.security.permissions import allowed
from posko_app.text import fold
from ui import dialogs, referral_words, theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.fields import Field
from ui.page import Page
from ui.referral_sheets import DetailsSheet, RequestSheet, UpdateSheet
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button, Link
from ui.widgets.cards import Card, PageHead
from ui.widgets.filters import MenuFilter, SearchField
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, hbox, vbox

KEYS = ("days", "number", "party", "office", "state", "way", "asked", "remind")
NARROW = ("days", "number", "party", "office", "state", "asked")
LETTERS = {"k": "learn_news", "m": "ask_news", "r": "describe"}  # keys while the table has focus


class WaitingPage(Page):
    """K keeps news, M makes a request, R the details; Enter opens the case."""

    title = "Menunggu jawaban"
    sidebar = "cases"
    shows = frozenset({"referrals", "referral_updates", "events", "cases", "reported_parties"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        posko = context.posko
        self._found: Waiting | None = None
        self._shown: list[ReferralView] = []
        self._loading, self._again, self._kept = False, False, ""
        self.sheet: Sheet | None = None
        self.ask = Button("Minta informasi", icon="letter", hint="Ctrl+Enter", kind="primary")
        self.learn = Button("Catat kabar", icon="edit", hint="K")
        self.head = PageHead(
            self.title,
            "Penerusan yang belum dijawab instansi. Umur dihitung sejak dikirim, bukan batas "
            "menurut aturan.",
            actions=[self.learn, self.ask],
        )
        self.search = SearchField("Saring nomor, terlapor, kantor")
        self.institution = MenuFilter("Instansi", ())
        self.age = MenuFilter("Umur", ())
        self.ages = Link("Ubah umur", role="small")
        self.table: TableView[ReferralView] = TableView(
            _columns(posko), name="Menunggu jawaban", key=lambda row: row.event_uid
        )
        self._empty = EmptyState(
            "done",
            "Tidak ada yang ditunggu",
            "Setiap penerusan sudah dijawab, atau belum ada perkara yang diteruskan.",
        )
        self.count = Elided("", "small", "text2")
        self._build()
        self._connect()

    def open(self, **arguments: Any) -> None:
        if "addressee" in arguments:
            self.institution.set_code(str(arguments["addressee"]))

    def reload(self) -> None:
        if self._loading:
            self._again = True
            return
        self._loading = True
        self.context.start(_load, done=self._on_loaded, end=self._on_end)

    def primary(self) -> None:
        self.ask_news()

    def new_row(self) -> None:
        self.learn_news()

    def focus_filter(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def panes(self) -> list[QWidget]:
        return [self.table, self.search]

    def help_text(self) -> str:
        return (
            "Yang paling lama menunggu ada di atas. K mencatat kabar, M membuat surat permintaan "
            "informasi yang langsung bernomor, R mengisi kantor, jalur, nomor aduan, dan "
            "pengingat. Enter membuka perkaranya."
        )

    def state(self) -> dict[str, Any]:
        row = self.table.row()
        return {
            "text": self.search.text(),
            "institution": self.institution.code,
            "age": self.age.code,
            "uid": row.event_uid if row else "",
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.search.setText(state.get("text", ""))
        self.institution.set_code(state.get("institution", ""))
        self.age.set_code(state.get("age", ""))
        self._kept = str(state.get("uid", ""))
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.show_columns(NARROW if self.width() < theme.px(1100) else KEYS)

    # --- acts -----------------------------------------------------------------------------------

    def learn_news(self) -> None:
        """Ask what was learnt about the chosen referral."""
        if (row := self.table.row()) is not None and self.learn.isEnabled():
            self._open(UpdateSheet(self, self.context, row))

    def ask_news(self) -> None:
        """Make the next request for information."""
        if (row := self.table.row()) is not None and self.ask.isEnabled():
            self._open(RequestSheet(self, self.context, row))

    def describe(self) -> None:
        """Say how the chosen referral went out."""
        if (row := self.table.row()) is not None and self.learn.isEnabled():
            self._open(DetailsSheet(self, self.context, row))

    def change_ages(self) -> None:
        """Ask for the office's own ages."""
        now = ", ".join(str(g.least) for g in self._found.ages if g.least) if self._found else ""
        field = Field(key="ages", label="Umur dalam hari", optional=True,
                      help="Pisahkan dengan koma. Kosong: kembali ke bawaan.")  # fmt: skip

        def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
            parts = [part.strip() for part in str(values["ages"]).split(",") if part.strip()]
            if not all(part.isdecimal() and len(part) < 6 for part in parts):
                return [Problem("ages", "Tulis angka saja, misalnya 30, 90, 180.")]
            try:
                set_ages(self.context.posko, [int(part) for part in parts])
            except InvalidInput as error:
                return error.problems
            return None

        done = dialogs.ask_form(
            self, "Kelompok umur", [field], today=self.context.posko.today(), act="Simpan",
            values={"ages": now}, submit=submit, width=420,
            text="Hanya untuk mengelompokkan daftar ini. Tidak ada batas menurut aturan.",
        )  # fmt: skip
        if done is not None:
            self.refresh()

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        card.add(self._empty, 1)
        keys = [("Enter", "buka"), ("K", "kabar"), ("M", "minta informasi"), ("R", "rincian")]
        card.set_foot(hbox(self.count, KeyHints(keys), gap=12))
        bar = hbox(self.search, self.institution, self.age, self.ages, None)
        work = vbox(bar, gap=10, margins=(16, 0, 16, 14))
        work.addWidget(card, 1)
        column = vbox()
        column.addLayout(self.banner_place)
        column.addWidget(self.head)
        column.addLayout(work, 1)
        self.setLayout(column)
        self.ages.setVisible(allowed(self.context.posko.user.role, "office.settings"))

    def _connect(self) -> None:
        self.ask.clicked.connect(self.ask_news)
        self.learn.clicked.connect(self.learn_news)
        self.ages.clicked.connect(self.change_ages)
        self.search.textChanged.connect(self._show)
        self.search.list_wanted.connect(self.table.setFocus)
        self.institution.chosen.connect(self._show)
        self.age.chosen.connect(self._show)
        self.table.opened.connect(self._on_opened)
        self.table.letter.connect(self._on_letter)
        self.table.current_changed.connect(self._on_current)

    def _on_loaded(self, found: Waiting) -> None:
        self._found = found
        self.institution.set_choices(
            [(code, f"{words} ({count})") for code, words, count in found.addressees]
        )
        self.age.set_choices(_age_choices(found))
        self._show()

    def _on_end(self) -> None:
        self._loading = False
        if self._again:
            self._again = False
            self.reload()

    def _show(self, _wanted: str = "") -> None:
        found = self._found
        if found is None:
            return
        wanted, (least, most) = fold(self.search.text()), _range(self.age.code)
        self._shown = [
            row
            for row in found.items
            if self.institution.code in ("", row.addressee)
            and row.days >= least
            and (most is None or row.days < most)
            and wanted in fold(_words(row))
        ]
        self.table.set_rows(self._shown)
        if self._kept and self.table.choose(self._kept):
            self._kept = ""
        elif self.table.row() is None and self._shown:
            self.table.choose_first()
        self.table.setVisible(bool(self._shown))
        self._empty.setVisible(not self._shown)
        if found.items:
            self._empty.set_text(
                "Tidak ada yang cocok", "Lepaskan saringan untuk melihat semua yang ditunggu."
            )
        every, here = len(found.items), len(self._shown)
        said = f"{text.thousands(here)} menunggu jawaban"
        if here < every:
            said = f"{text.thousands(here)} dari {text.thousands(every)} menunggu jawaban"
        self.count.setText(said)
        self._on_current(self.table.row())

    def _on_current(self, row: ReferralView | None) -> None:
        role = self.context.posko.user.role
        none = "" if row is not None else "Pilih penerusan dulu."
        may = "" if allowed(role, "case.step") else "Peran Anda tidak mencatat langkah perkara."
        send = "" if allowed(role, "letter.issue") else "Peran Anda tidak menerbitkan surat."
        self.learn.set_why_disabled(may or none)
        self.ask.set_why_disabled(send or may or none)

    def _on_opened(self, row: ReferralView) -> None:
        order = tuple(dict.fromkeys(r.case_uid for r in self._shown))
        self.context.open("case", uid=row.case_uid, tab="follow_up", order=order)

    def _on_letter(self, letter: str) -> None:
        if method := LETTERS.get(letter.casefold()):
            getattr(self, method)()

    def _open(self, sheet: UpdateSheet | RequestSheet | DetailsSheet) -> None:
        self.sheet = sheet
        sheet.kept.connect(self.context.say)
        sheet.finished.connect(self._on_closed)
        sheet.open()

    def _on_closed(self) -> None:
        self.sheet = None


def _load(posko: Posko, *, progress: Progress) -> Waiting:
    """In the worker: thousands of referrals take longer than a click may."""
    progress(0, 1)
    return waiting(posko)


def _columns(posko: Posko) -> tuple[Column[ReferralView], ...]:
    return (
        Column("days", "Lama", lambda r: r.days, referral_words.days, width=78, right=True,
               tooltip=lambda r: f"Dikirim {text.full_date(r.sent_on)}"),
        Column("number", "Nomor", lambda r: r.case_number, width=214, style="mono",
               tooltip=lambda r: r.case_title),
        Column("party", "Terlapor", lambda r: r.party or "–", width=130),
        Column("office", "Instansi", lambda r: r.office, width=0),
        Column("state", "Keadaan", referral_words.state_chip, width=176, style="chip",
               sort=lambda r: r.state_label),
        Column("way", "Lewat", lambda r: referral_words.way(r) or "–", width=130,
               style="secondary"),
        Column("asked", "Ditanyakan", referral_words.asked, width=96, style="secondary",
               sort=lambda r: r.asked[-1].on if r.asked else None),
        Column("remind", "Ingatkan", lambda r: r.details.remind_on, text.day_month, width=92,
               style="secondary",
               tone=lambda r: "gold" if _reminded(posko, r) else "text2"),
    )  # fmt: skip


def _reminded(posko: Posko, row: ReferralView) -> bool:
    day = row.details.remind_on
    return day is not None and day <= posko.today()


def _age_choices(found: Waiting) -> list[tuple[str, str]]:
    choices = []
    for group in found.ages:
        if group.most is None:
            said = f"{group.least} hari ke atas"
        elif group.least == 0:
            said = f"kurang dari {group.most} hari"
        else:
            said = f"{group.least}–{group.most - 1} hari"
        code = f"{group.least}-{'' if group.most is None else group.most}"
        choices.append((code, f"{said} ({group.count})"))
    return choices


def _range(code: str) -> tuple[int, int | None]:
    least, _, most = code.partition("-")
    return int(least or 0), int(most) if most else None


def _words(row: ReferralView) -> str:
    return " ".join((row.case_number, row.party, row.office, row.case_title, row.details.ticket))
