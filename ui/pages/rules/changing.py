"""From a wish to a change: what would move is shown first, and only then it is made."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.cases.law_change import Drill, MovedDue, apply_change, drill
from posko_app.law import LawChange
from ui import dialogs, theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.table_view import HEADER_HEIGHT, TableView
from ui.tables import Column
from ui.widgets.chips import Chip
from ui.widgets.text import Text

MOST = 6  # moved dates in sight; more scroll
ROW_HEIGHT = 44


class Changing(QObject):
    """Takes a change through the drill and the confirmation of a person."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self.context, self.page = context, page
        self.sheet: DrillSheet | None = None
        self._change: LawChange | None = None

    def look(self, change: LawChange) -> None:
        """Find out in the background which dates would move, then ask."""
        self._change = change
        dialogs.run_with_progress(
            self.context, self.page, "Memeriksa batas perkara", drill, change, done=self._on_drilled
        )

    def _on_drilled(self, found: Drill) -> None:
        if self._change is None:
            return
        self.sheet = DrillSheet(self.page, self._change, found)
        self.sheet.accepted.connect(self._on_accepted)
        self.sheet.finished.connect(self._on_finished)
        self.sheet.open()

    def _on_finished(self) -> None:
        self.sheet = None

    def _on_accepted(self) -> None:
        if self._change is not None:
            dialogs.run_with_progress(
                self.context, self.page, "Menghitung ulang batas waktu", apply_change,
                self._change, done=self._on_applied,
            )  # fmt: skip

    def _on_applied(self, _nothing: object) -> None:
        if self._change is not None:
            self.context.note_saved(self._change.what)
        self._change = None


class DrillSheet(Sheet):
    """What is to change, every date of an open case that moves, and the button that does it."""

    def __init__(self, parent: QWidget | None, change: LawChange, found: Drill) -> None:
        super().__init__(parent, "Terapkan perubahan ini?", change.what, width=960)
        self.table: TableView[MovedDue] = TableView(
            COLUMNS, name="Batas yang bergeser", key=lambda row: (row.case_uid, row.rule),
            row_height=ROW_HEIGHT,
        )  # fmt: skip
        self.said = Text(said(found), "strong", wrap=True)
        self.body.addWidget(self.said)
        if found.moved:
            self.table.set_rows(found.moved)
            self.table.choose_first()
            rows = min(MOST, len(found.moved))
            self.table.setFixedHeight(theme.px(HEADER_HEIGHT) + theme.px(ROW_HEIGHT) * rows + 2)
            self.body.addWidget(self.table)
        else:
            self.table.setParent(self)
            self.table.hide()
        self.no = self.add_button("Tidak jadi", kind="flat")
        self.yes = self.submit_button("Terapkan")
        self.yes.setAutoDefault(True)  # there are no fields to go through
        self.no.clicked.connect(self.reject)
        self.yes.clicked.connect(self.accept)
        (self.table if found.moved else self.no).setFocus()


def said(found: Drill) -> str:
    """The drill in a sentence or two."""
    every = text.thousands(found.looked_at)
    if not found.moved:
        return f"Tidak ada batas yang bergeser di {every} perkara terbuka."
    earlier = sum(item.earlier for item in found.moved)
    words = (
        f"{text.thousands(len(found.moved))} batas di {text.thousands(found.cases)} dari {every} "
        "perkara terbuka bergeser."
    )
    return f"{words} {text.thousands(earlier)} menjadi lebih cepat." if earlier else words


def _ends(row: MovedDue, *, new: bool) -> str:
    day = row.new_on if new else row.old_on
    return text.day_month(day) if day else "tidak ada"


def _safe(row: MovedDue, *, new: bool) -> str:
    day, safe = (row.new_on, row.new_safe) if new else (row.old_on, row.old_safe)
    return f"aman {text.day_month(safe)}" if day and safe and safe != day else ""


def _way(row: MovedDue) -> Chip:
    if row.new_on is None or row.old_on is None:
        return Chip("Berubah", "plain")
    return Chip("Lebih cepat", "gold", "attention") if row.earlier else Chip("Lebih lama", "plain")


COLUMNS: tuple[Column[MovedDue], ...] = (
    Column("number", "Perkara", lambda r: r.number or "tanpa nomor", width=222, style="mono",
           second=lambda r: r.title, tooltip=lambda r: r.title),
    Column("label", "Batas dan sebabnya", lambda r: r.label, width=0, second=lambda r: r.why,
           tooltip=lambda r: r.why),
    Column("old", "Semula", lambda r: _ends(r, new=False), width=128, style="secondary",
           second=lambda r: _safe(r, new=False), sort=lambda r: r.old_on),
    Column("new", "Menjadi", lambda r: _ends(r, new=True), width=128, style="strong",
           second=lambda r: _safe(r, new=True), sort=lambda r: r.new_on),
    Column("way", "", _way, width=124, style="chip", sort=lambda r: r.earlier),
)  # fmt: skip
