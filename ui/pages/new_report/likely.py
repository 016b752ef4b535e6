"""The quiet card that what is typed may be here already: compare it, link it, or say it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from posko_app.cases.people_likely import Likely
from ui.widgets.banner import announce
from ui.widgets.buttons import Button, Link
from ui.widgets.icon import Icon
from ui.widgets.text import Text, box, hbox, vbox

from .questions import day_words

WATCHED = ("event_on", "event_place", "region_code", "theme")
PARTS = ("name", "nip", "agency")


def matters(key: str) -> bool:
    """Whether a field says anything about which event it is."""
    head, _, rest = key.partition(".")
    return key in WATCHED or (head == "reported" and rest.rpartition(".")[2] in PARTS)


class LikelyCard(QFrame):
    """The gold hint that this may have been taken in before; it never stops anybody."""

    compare = Signal(str)  # uid
    dismissed = Signal(str)
    linked_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("tone", "attention")
        self._case: Likely | None = None
        self._more = 0
        self.linked: dict[str, str] = {}  # uid -> number, to be linked when this is filed
        self._text, self._others = Text("", wrap=True), Text("", "small", "text2", wrap=True)
        self.compare_button = Button("Bandingkan", small=True)
        self.link_button = Button("Satu peristiwa", small=True)
        self.link_button.setToolTip("Dikaitkan saat laporan ini disimpan; keduanya tetap sendiri")
        self.other_button = Button("Bukan", small=True)
        self.undo = Link("Urungkan", role="small")
        self._linked_text = Text("", "small", wrap=True)
        self._hint = box(vbox(
            hbox(Icon("duplicate", "gold"), Text("Mungkin sudah ada", "strong"), None),
            self._text, self._others,
            hbox(self.compare_button, self.link_button, self.other_button, None, gap=6), gap=6,
        ))  # fmt: skip
        row = hbox(gap=6)
        row.addWidget(self._linked_text, 1)
        row.addWidget(self.undo)
        self._linked_row = box(row)
        column = vbox(self._hint, self._linked_row, gap=6)
        column.setContentsMargins(10, 10, 10, 10)
        self.setLayout(column)
        self.compare_button.clicked.connect(self._on_compare)
        self.link_button.clicked.connect(self._on_link)
        self.other_button.clicked.connect(self._on_dismissed)
        self.undo.clicked.connect(self._on_undo)
        self.hide()

    @property
    def case(self) -> Likely | None:
        """The case it speaks of."""
        return self._case

    def set_linked(self, linked: Mapping[str, str]) -> None:
        """Bring back what was chosen before; nothing for another report."""
        self.linked = dict(linked)
        self._refresh()

    def show_cases(self, found: Sequence[Likely], today: date) -> None:
        """Speak of the case most alike and count the others, or say nothing."""
        before, self._case = self._case, found[0] if found else None
        self._more = max(0, len(found) - 1)
        if self._case is not None:
            when = day_words(self._case.filed_on, today)
            title = self._case.title.rstrip(".") or "Tanpa judul"
            said = f"{_short(self._case.number)} · {title}. {self._case.why}, dicatat {when}."
            self._text.setText(said)
            self._others.setText(f"{self._more} perkara lain juga mirip.")
            self.setAccessibleName(f"Mungkin sudah ada: {said}")
        self._refresh()
        if self._case is not None and (before is None or before.uid != self._case.uid):
            announce(self)

    def _refresh(self) -> None:
        numbers = ", ".join(_short(number) for number in self.linked.values())
        self._linked_text.setText(f"Dikaitkan saat disimpan: {numbers}")
        self._linked_row.setVisible(bool(self.linked))
        self._hint.setVisible(self._case is not None)
        self._others.setVisible(self._more > 0)
        self.setVisible(self._case is not None or bool(self.linked))

    def _on_compare(self) -> None:
        if self._case is not None:
            self.compare.emit(self._case.uid)

    def _on_link(self) -> None:
        if self._case is not None:
            self.linked[self._case.uid] = self._case.number
            self._refresh()
            self.linked_changed.emit()

    def _on_undo(self) -> None:
        self.linked.clear()
        self._refresh()
        self.linked_changed.emit()

    def _on_dismissed(self) -> None:
        if self._case is not None:
            self.dismissed.emit(self._case.uid)


def _short(number: str) -> str:
    return number.partition("/")[0] or "tanpa nomor"
