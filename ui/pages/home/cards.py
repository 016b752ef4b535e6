"""The cards at the right of Beranda: files that wait, drafts to go on with, the agenda."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.dashboard import Agenda
from posko_app.cases.drafts import DraftRow
from ui import theme
from ui.case_words import CaseWords
from ui.inbox import DOWNLOADS, KINDS, Waiting
from ui.widgets.buttons import Button, Link
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.text import Elided, Text, box, hairline, hbox, vbox

SHOWN = 3  # lines of a card before "n lagi"
PLANNED = 12  # lines of the agenda
OFFICES = {2: "Bawaslu Provinsi", 5: "Bawaslu", 8: "Panwaslu Kec."}


class _Lines(Card):
    """A card of lines; one quiet sentence while there is none."""

    def __init__(self, title: str, icon: str, note: str, nothing: str) -> None:
        super().__init__(title, icon=icon, padded=False)
        self.note.setText(note)
        self._nothing = nothing
        self.body.setSpacing(0)
        self.body.addStretch(1)
        self.lines: list[QWidget] = []
        self.show_lines([])

    def show_lines(self, lines: Sequence[QWidget]) -> None:
        """Show these lines instead."""
        while self.body.count() > 1:
            item = self.body.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.lines = list(lines)
        shown = self.lines or [_quiet(self._nothing)]
        for place, line in enumerate(shown):
            if place and self.lines:
                self.body.insertWidget(self.body.count() - 1, hairline())
            self.body.insertWidget(self.body.count() - 1, line)


class _Item(QWidget):
    """A line with an icon, two lines of words and a button."""

    chosen = Signal(object)

    def __init__(
        self, icon: str, title: str, note: str, action: str, value: object, height: int
    ) -> None:
        super().__init__()
        self._value = value
        self.button = Button(action, small=True)
        self.button.setAccessibleName(f"{action}: {title}")
        self.button.clicked.connect(self._on_clicked)
        words = vbox(None, Elided(title), Elided(note, "small", "text2"), None)
        row = hbox(Icon(icon, "text2"), gap=10, margins=(12, 0, 12, 0))
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.setLayout(row)
        self.setFixedHeight(theme.px(height))

    def _on_clicked(self) -> None:
        self.chosen.emit(self._value)


class InboxCard(_Lines):
    """Kotak masuk data."""

    previewed = Signal(object)  # Path

    def __init__(self, posko: Posko) -> None:
        super().__init__("Kotak masuk data", "unread", "Unduhan, USB",
                         "Tidak ada kiriman di folder Unduhan atau USB.")  # fmt: skip
        self._posko = posko

    def set_files(self, files: Sequence[Waiting], words: CaseWords) -> None:
        """Show the files that wait."""
        self.counter.set_text(str(len(files)) if files else "")
        lines: list[QWidget] = []
        for file in files[:SHOWN]:
            item = _Item("sheet", self._sender(file), self._note(file, words), "Pratinjau",
                         file.path, 46)  # fmt: skip
            item.button.setToolTip(f"{file.path.name} di {file.place}")
            item.chosen.connect(self._on_chosen)
            lines.append(item)
        if len(files) > SHOWN:
            lines.append(_quiet(f"{len(files) - SHOWN} berkas lain di Kirim & terima."))
        self.show_lines(lines)

    def _sender(self, file: Waiting) -> str:
        region = self._posko.regions.get(file.sender) if file.sender else None
        if region is None:
            return file.path.name
        return f"{OFFICES.get(len(file.sender), 'Kantor')} {region.name}"

    def _note(self, file: Waiting, words: CaseWords) -> str:
        here = file.found_at.astimezone(self._posko.zone)
        parts = [f"Kiriman {file.seq}"] if file.seq else []
        parts += [KINDS[file.kind]] if file.kind in KINDS else []
        if file.part:
            parts.append(f"bagian {file.part.replace('dari', ' dari ')}")
        day = f"{here.day} {text.SHORT_MONTHS[here.month - 1]}"
        day = "hari ini" if here.date() == words.today else day
        parts.append(f"{day} {text.clock(here)}")
        return " · ".join(parts if file.place == DOWNLOADS else [*parts, file.place])

    def _on_chosen(self, path: Path) -> None:
        self.previewed.emit(path)


class DraftsCard(_Lines):
    """Lanjutkan."""

    continued = Signal(object)  # DraftRow

    def __init__(self, posko: Posko) -> None:
        super().__init__("Lanjutkan", "edit", "tersimpan otomatis", "Tidak ada draf.")
        self._posko = posko

    def set_drafts(self, drafts: Sequence[DraftRow], words: CaseWords) -> None:
        """Show the newest drafts of the person logged in."""
        lines: list[QWidget] = []
        for draft in drafts[:SHOWN]:
            here = draft.changed_at.astimezone(self._posko.zone)
            note = f"Draf · {words.moment(here.date(), text.clock(here))}"
            icon = "letter" if draft.kind == "letter" else "draft"
            item = _Item(icon, draft.title, note, "Lanjutkan", draft, 42)
            item.chosen.connect(self._on_chosen)
            lines.append(item)
        if len(drafts) > SHOWN:
            lines.append(_quiet(f"{len(drafts) - SHOWN} draf lain yang lebih lama."))
        self.show_lines(lines)

    def _on_chosen(self, draft: DraftRow) -> None:
        self.continued.emit(draft)


class AgendaCard(_Lines):
    """Agenda hari ini."""

    opened = Signal(str)  # uid of a case

    def __init__(self) -> None:
        super().__init__(
            "Agenda hari ini", "calendar", "", "Tidak ada klarifikasi atau pengingat hari ini."
        )

    def set_agenda(self, agenda: Sequence[Agenda]) -> None:
        """Show what is planned for today."""
        lines = [self._line(entry) for entry in agenda[:PLANNED]]
        if len(agenda) > PLANNED:
            lines.append(_quiet(f"{len(agenda) - PLANNED} lagi hari ini."))
        self.show_lines(lines)

    def _line(self, entry: Agenda) -> QWidget:
        clock = Text(entry.time.replace(":", ".") or "–", "strong")
        clock.setFixedWidth(theme.px(40))
        link = Link("Buka", role="small")
        link.setAccessibleName(f"Buka: {entry.text}")
        link.setObjectName(entry.case_uid)
        link.clicked.connect(self._on_clicked)
        row = hbox(clock, gap=10, margins=(12, 0, 12, 0))
        row.addWidget(Elided(entry.text), 1)
        place = Elided(entry.place, "small", "text2")
        place.setMaximumWidth(theme.px(96))  # who comes matters more than where
        row.addWidget(place)
        row.addWidget(link)
        line = box(row)
        line.setFixedHeight(theme.px(30))
        return line

    def _on_clicked(self) -> None:
        self.opened.emit(self.sender().objectName())


def _quiet(words: str) -> QWidget:
    """A grey sentence in the place of lines."""
    line = box(hbox(Elided(words, "small", "text2"), margins=(12, 0, 12, 0)))
    line.setFixedHeight(theme.px(36))
    return line
