"""The side cards of Periksa: what follows, what the desk looked at, what the reporter confirms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLayout, QWidget

from posko_app import text as words
from posko_app.cases.desk import SEEN, desk_checks
from posko_app.cases.kinds import IntakeKind
from posko_app.rules.book import Regulation
from posko_app.rules.deadlines import Due
from ui.editors import Check
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.text import Elided, Text, box, hbox

ANSWERED = "Sudah dijawab, jadi langsung selesai dan dapat dibuka kembali."


class AfterCard(Card):
    """What happens once it is saved."""

    def __init__(self, kind: IntakeKind) -> None:
        super().__init__("Setelah disimpan")
        self._kind = kind
        self._due, self._officer = Text("", wrap=True), Elided("")
        self._after = Text(kind.after, "small", "text2", wrap=True)
        row = hbox(Icon("due"))
        row.addWidget(self._due, 1)
        self._due_row = box(row)
        lines: list[QWidget | QLayout] = [
            hbox(Icon("hash"), Elided("Nomor diberikan saat disimpan"))
        ]
        if kind.letter:
            lines.append(hbox(Icon("print"), Elided("Tanda bukti dibuka untuk dicetak")))
        lines += [self._due_row, hbox(Icon("person"), self._officer)]
        if not kind.letter:
            lines.append(self._after)
        for line in lines:
            self.add(line)

    def show_facts(self, dues: Sequence[Due], officer: str, *, answered: bool) -> None:
        """Name the deadline that begins and the officer; what was answered is done."""
        self._after.setText(ANSWERED if answered else self._kind.after)
        due = dues[-1] if dues else None
        self._due_row.setVisible(due is not None)
        if due is not None:
            day = f"{due.due_on.day} {words.SHORT_MONTHS[due.due_on.month - 1]}"
            self._due.setText(f"{due.label} paling lambat {day}")
        self._officer.setText(f"Petugas: {officer}")


class DeskCard(Card):
    """What the desk looks at while the papers lie there; a tick keeps who saw it and when."""

    toggled = Signal()

    def __init__(self, law: Regulation, kind: IntakeKind) -> None:
        super().__init__("Pemeriksaan di meja", dense=True)
        self._law, self._kind = law, kind
        self._rows: dict[str, QWidget] = {}
        self._checks: dict[str, Check] = {}
        self.body.setSpacing(2)
        for check in desk_checks(law, kind.code, by_proxy=True):
            ticked = Check("")
            ticked.setAccessibleName(check.label)
            ticked.edited.connect(self.toggled)
            line = hbox(gap=4)
            line.addWidget(ticked, 0, Qt.AlignmentFlag.AlignTop)
            said = Text(check.label, wrap=True)
            said.setToolTip(check.basis)
            line.addWidget(said, 1)
            self._checks[check.key], self._rows[check.key] = ticked, box(line)
            self.add(self._rows[check.key])

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look at for this kind."""
        return not self._checks

    @property
    def marks(self) -> dict[str, str]:
        """What was seen, by check."""
        return {key: SEEN for key, check in self._checks.items() if check.isChecked()}

    def set_marks(self, marks: Mapping[str, str]) -> None:
        """Bring a draft back."""
        for key, check in self._checks.items():
            check.set_raw("1" if marks.get(key) == SEEN else "")

    def show_for(self, *, by_proxy: bool) -> None:
        """Show the power of attorney only where somebody reports for another."""
        wanted = {c.key for c in desk_checks(self._law, self._kind.code, by_proxy=by_proxy)}
        for key, row in self._rows.items():
            row.setVisible(key in wanted)


class StatementCard(Card):
    """The reporter's word that what was read out is right."""

    toggled = Signal()

    def __init__(self, kind: IntakeKind) -> None:
        super().__init__("Pernyataan pelapor")
        self.check = Check("")
        self.check.setAccessibleName(kind.statement)
        self.check.edited.connect(self.toggled)
        self._sentence = Text(kind.statement, wrap=True)
        row = hbox(gap=4)
        row.addWidget(self.check, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        self.add(row)

    @property
    def given(self) -> bool:
        """Whether the reporter has said so."""
        return self.check.isChecked()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._sentence.geometry().contains(event.position().toPoint()):
            self.check.click()
