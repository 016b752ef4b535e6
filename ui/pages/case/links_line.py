"""The line above evidence and clarifications that the other cases of the event have some too."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases.links_papers import EventPapers
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.text import vbox

from .links_rows import short


class EventLine(QWidget):
    """Says what there is and leads to it; hidden while the case stands alone."""

    wanted = Signal(str)  # the tab where it is shown

    def __init__(self) -> None:
        super().__init__()
        self.show_all = Button("Lihat", small=True)
        self.show_all.setAccessibleName("Lihat yang dari perkara satu peristiwa")
        self._banner = Banner("info", "", action=self.show_all)
        self.said = ""
        self.setLayout(vbox(self._banner, margins=(16, 10, 16, 0)))
        self.show_all.clicked.connect(self._on_wanted)
        self.hide()

    def show_evidence(self, papers: EventPapers) -> None:
        """Say how much evidence of the other cases is not used in this one."""
        items = [item for item in papers.evidence if not item.used]
        numbers = {item.case_uid: short(item.case_number) for item in items}
        self._say(f"{len(items)} bukti", [*numbers.values()], ", belum dipakai di sini")

    def show_minutes(self, papers: EventPapers) -> None:
        """Say how many clarifications the other cases have."""
        numbers = {one.case_uid: short(one.case_number) for one in papers.minutes}
        count = f"{len(papers.minutes)} berita acara klarifikasi"
        self._say(count, [*numbers.values()], "")

    def _say(self, what: str, numbers: list[str], rest: str) -> None:
        joined = escape(", ".join(numbers))
        said = f"{what} ada di perkara satu peristiwa {joined}{rest}." if numbers else ""
        if said and said != self.said:
            self._banner.set_message("info", said)
        self.said = said
        self.setVisible(bool(said))

    def _on_wanted(self) -> None:
        self.wanted.emit("parties")
