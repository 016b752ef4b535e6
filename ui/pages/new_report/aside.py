"""The right column: a similar case, the requirements, the deadlines and the keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from posko_app import text as words
from posko_app.app import Posko
from posko_app.cases.arrival import LastDay, last_day_words
from posko_app.cases.kinds import IntakeKind, intake_book
from posko_app.rules.counting import UNIT_WORDS
from posko_app.rules.deadlines import Due
from posko_app.rules.requirements import RequirementCheck
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.keys import KeyHints
from ui.widgets.rows import Checklist, Point
from ui.widgets.text import Text, hbox, restyle

WIDTH = 298
TIP = "initial_info"
KINDS = {"formal": "formal", "material": "materiel"}
KEYS = (
    ("Enter", "ruas berikut"),
    ("F4", "salin dari laporan sebelumnya"),
    ("Alt+↓", "buka pilihan"),
)


class Aside(QWidget):
    """Parts in a column beside the form, or side by side below it when the window is narrow."""

    def __init__(self, *parts: QWidget, top: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName("plain")
        self._parts, self._top = parts, top
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.set_beside(True)

    def set_beside(self, beside: bool) -> None:
        """Stand beside the form, or lie below it; `top` then takes the whole width."""
        grid, up = self._grid, Qt.AlignmentFlag.AlignTop
        all_parts = (*((self._top,) if self._top else ()), *self._parts)
        for part in all_parts:
            grid.removeWidget(part)
        if beside:
            for place, part in enumerate(all_parts):
                grid.addWidget(part, place, 0)
        else:
            if self._top is not None:
                grid.addWidget(self._top, 0, 0, 1, len(self._parts))
            for place, part in enumerate(self._parts):
                grid.addWidget(part, 1, place, up)
        for place in range(len(self._parts)):
            grid.setColumnStretch(place, 1 if place == 0 or not beside else 0)
        grid.setRowStretch(len(all_parts), 1)


class LastDayBar(Banner):
    """How near the end of the filing limit is; a late report is offered as a tip."""

    kind_wanted = Signal(str)

    def __init__(self, posko: Posko, kind: IntakeKind) -> None:
        self.as_tip = Button("Catat sebagai informasi awal", small=True)
        super().__init__("attention", "", action=self.as_tip)
        self._posko, self._kind, self._said = posko, kind, ""
        self.upgrading = False  # a case that becomes of this kind cannot be kept as a tip here
        self.as_tip.clicked.connect(self._on_tip)
        self.hide()

    def _on_tip(self) -> None:
        self.kind_wanted.emit(TIP)

    def show_left(self, found: LastDay | None) -> None:
        """Say what is left, or nothing while the end is far."""
        kind = self._kind
        said = last_day_words(found, kind.noun, self._posko.office.zone) if found else ""
        late = found is not None and found.late
        if said and not late and kind.enough:
            said = f"{said} {kind.enough}"
        offered = late and not self.upgrading
        self.as_tip.setVisible(offered and intake_book().path(kind.code, TIP) is not None)
        self.setVisible(bool(said))
        if said and said != self._said:
            self.set_message("problem" if late else "attention", said)
        self._said = said


class RequirementsCard(Card):
    """The formal and material requirements, each with its mark."""

    def __init__(self) -> None:
        super().__init__("Syarat laporan", note=" ", dense=True)
        self.body.setContentsMargins(12, 4, 12, 4)
        self._list = Checklist()
        self.add(self._list)
        self.points: tuple[Point, ...] = ()

    def show_checks(self, checks: Sequence[RequirementCheck]) -> None:
        """Show how the report stands; lines are made anew only when something changed."""
        points = tuple(
            Point(
                "done" if check.met else "missing",
                check.label,
                KINDS[check.kind],
                "\n".join(t for t in (check.why, check.basis) if t),
            )
            for check in checks
        )
        if points == self.points:
            return
        self.points = points
        self._list.set_points(points)
        met = sum(check.met for check in checks)
        self.note.setText(f"{met} dari {len(checks)}")
        self.note.set_tone("green" if met == len(checks) else "text2")


class DuesCard(Card):
    """When the clocks end, counted from the dates typed so far."""

    def __init__(self, posko: Posko) -> None:
        super().__init__("Batas waktu", dense=True)
        self.body.setContentsMargins(12, 6, 12, 7)
        self.body.setSpacing(2)
        self._posko = posko
        self._lines: list[_DueLine] = []

    def show_dues(
        self, dues: Sequence[Due], known_on: date | None, *, stamped: bool, known: str
    ) -> None:
        """Show the date known, as the kind calls it, and the deadlines that follow."""
        wanted = [due for due in dues if stamped or due.rule != "initial_review"]
        lines: list[tuple[str, str, str, bool]] = []
        if known_on is not None:
            lines.append((known, _short(known_on), "", False))
        for due in wanted:
            lines.append((self._name(due), _short(due.due_on), _why(due), due is wanted[-1]))
            if due.safe_on != due.due_on:
                lines.append(("   paling aman", _short(due.safe_on), due.safe_why, False))
        if not lines:
            lines.append((f"Isi tanggal {known.lower()} dulu.", "", "", False))
        while len(self._lines) < len(lines):
            line = _DueLine()
            self._lines.append(line)
            self.body.addWidget(line)
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(lines))
            if place < len(lines):
                line.say(*lines[place])

    def said(self) -> list[tuple[str, str]]:
        """The lines shown, for those who cannot see them."""
        return [line.texts() for line in self._lines if not line.isHidden()]

    def _name(self, due: Due) -> str:
        law = self._posko.rules.get(self._posko.office.regulation, self._posko.today())
        rule = law.deadlines[due.rule]
        unit = "hari" if rule.unit == "calendar_days" else UNIT_WORDS[rule.unit]
        return f"{due.label} ({rule.amount} {unit})"


class _DueLine(QWidget):
    """What, and when."""

    def __init__(self) -> None:
        super().__init__()
        self._what, self._when = Text("", tone="text2", wrap=True), Text("")
        row = hbox()
        row.addWidget(self._what, 1)
        row.addWidget(self._when, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)

    def say(self, what: str, when: str, why: str, strong: bool) -> None:
        """Show a line; `why` is its tooltip."""
        self._what.setText(what)
        self._when.setText(when)
        restyle(self._when, role="strong" if strong else "body")
        self.setToolTip(why)
        self.setAccessibleName(f"{what}: {when}" if when else what)

    def texts(self) -> tuple[str, str]:
        """What stands here."""
        return self._what.text().strip(), self._when.text()


def key_hints() -> KeyHints:
    """The keys of the form, under the cards."""
    return KeyHints(KEYS, vertical=True)


def _short(day: date) -> str:
    return f"{day.day} {words.SHORT_MONTHS[day.month - 1]}"


def _why(due: Due) -> str:
    return f"Batas {words.full_date(due.due_on)}. Dihitung {due.basis}."
