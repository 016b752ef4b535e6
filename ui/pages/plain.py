"""Pages of the sidebar whose work is done elsewhere for now: they say where."""

from __future__ import annotations

from typing import ClassVar

from ui.context import Context
from ui.page import Page
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import PageHead
from ui.widgets.text import vbox


class _PlainPage(Page):
    """A head and one sentence with the way to go."""

    icon: ClassVar[str] = ""
    says: ClassVar[str] = ""
    way: ClassVar[str] = "Buka daftar laporan"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        go = Button(self.way)
        go.clicked.connect(self._on_go)
        empty = EmptyState(self.icon, self.title, self.says, actions=[go])
        self.setLayout(vbox(PageHead(self.title), empty))

    def _on_go(self) -> None:
        self.context.open("cases")


class PreventionPage(_PlainPage):
    """Prevention work."""

    title = "Pencegahan"
    sidebar = "prevention"
    icon = "prevention"
    says = "Kegiatan pencegahan dan surat imbauan dicatat di sini pada versi berikutnya."
