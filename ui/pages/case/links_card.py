"""What stands around a case: its persons elsewhere, its event, its pledges; read when seen."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QShowEvent

from posko_app import text
from posko_app.cases.links import LinkedCase, link_cases, tell_apart, unlink_cases
from posko_app.cases.links_papers import SharedEvidence, SharedMinutes, use_here
from posko_app.cases.people import PersonCases
from posko_app.cases.people_likely import Likely
from posko_app.cases.pledge_links import PledgeMatch, decide_link
from ui.context import Context
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.text import Text, vbox

from .links_read import Around, read_around
from .links_rows import Act, LinkLine, numbered, said, section, short
from .links_sheet import LinkSheet
from .words import Words

SURE = {
    "nip": "NIP sama",
    "confirmed": "dipastikan petugas",
    "question": "nama sama, NIP tidak ada",
}
NOTHING = "Belum ada kaitan dengan perkara lain."
READING = "Mencari kaitan dengan perkara dan ikrar lain."


class LinksCard(Card):
    """The cases and pledges around a case, each with what may be done; nothing here blocks."""

    def __init__(self, context: Context, words: Words) -> None:
        add = Button("Kaitkan perkara", icon="add", small=True)
        super().__init__("Kaitan dengan perkara lain", icon="duplicate", extra=(add,))
        self.add_case = add
        self.context, self._words = context, words
        self.lines: list[LinkLine] = []
        self.sheet: LinkSheet | None = None
        self._read = False
        self._reading = Text(READING, tone="text2", wrap=True)
        self.add(self._reading)
        self._why = words.why_not("case.step")
        self.add_case.set_why_disabled(self._why)
        self.add_case.clicked.connect(self.choose_case)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._read:  # other tabs are looked at without it
            self._read = True
            self.context.start(read_around, self._words.view, done=self._fill)

    def choose_case(self) -> None:
        """Ask for another case of the same event."""
        if self.sheet is None:
            self.sheet = LinkSheet(self.window(), self._words)
            self.sheet.linked.connect(self._on_linked)
            self.sheet.finished.connect(self._on_closed)
            self.sheet.open()

    # --- reading --------------------------------------------------------------------------------

    def _fill(self, around: Around) -> None:
        papers, people, likely = around.papers, around.people, around.likely
        self._reading.hide()
        named = {one.uid for person in people for one in person.cases}
        sections = {
            "Perkara satu peristiwa": [self._linked(one) for one in papers.cases],
            **{
                f"{person.name} juga terlapor di": self._elsewhere(person, likely)
                for person in people
            },
            "Mungkin satu peristiwa": [
                LinkLine(
                    numbered(one.number, one.title), one.why, self._acts(one), icon="duplicate"
                )
                for one in likely
                if one.uid not in named
            ],
            "Bukti dan berita acara dari perkara itu": [
                *(self._evidence(item) for item in papers.evidence),
                *(self._minutes(one) for one in papers.minutes),
            ],
            "Menandatangani ikrar netralitas": [self._signed(match) for match in around.matches],
        }
        self.lines = [line for lines in sections.values() for line in lines]
        parts = [section(title, lines) for title, lines in sections.items() if lines]
        self.add(vbox(*(parts or [Text(NOTHING, tone="text2", wrap=True)]), gap=12))

    def _linked(self, one: LinkedCase) -> LinkLine:
        reason = one.note if one.direct else "lewat perkara yang dikaitkan dengannya"
        acts = [self._open_act(one.uid)]
        if one.direct:
            act = partial(self._part, one.uid, one.number, one.note)
            acts.append(("Lepas", "Lepas kaitan dengan perkara ini", act, self._why))
        note = said(one.stage_label, one.party, reason)
        return LinkLine(numbered(one.number, one.title), note, acts)

    def _elsewhere(self, person: PersonCases, likely: tuple[Likely, ...]) -> list[LinkLine]:
        suggested = {one.uid: one for one in likely}
        lines = []
        for one in person.cases:
            same = suggested.get(one.uid)
            acts = self._acts(same) if same else [self._open_act(one.uid)]
            named = f"di sana: {one.name}" if one.name != person.name else ""
            note = said(same.why if same else one.why, one.stage_label, named)
            lines.append(LinkLine(numbered(one.number, one.title), note, acts, icon="history"))
        return lines

    def _suggested(self, one: Likely) -> LinkLine:
        title = numbered(one.number, one.title)
        return LinkLine(title, one.why, self._acts(one), icon="duplicate")

    def _acts(self, one: Likely) -> list[Act]:
        """What may be done about a case that may be of the same event."""
        link = partial(self._link, one.uid, one.number)
        other = partial(self._tell_apart, one.uid, one.number)
        return [
            self._open_act(one.uid),
            ("Satu peristiwa", "Kaitkan sebagai satu peristiwa", link, self._why),
            ("Bukan", "Peristiwanya lain; jangan disarankan lagi", other, self._why),
        ]

    def _open_act(self, uid: str) -> Act:
        return ("Buka", "Buka perkara ini", partial(self._open, uid), "")

    def _evidence(self, item: SharedEvidence) -> LinkLine:
        act = partial(self._use, item.uid, item.label)
        tip = "Pakai juga di perkara ini; berkasnya tetap satu"
        why = self._words.why_not("evidence.add")
        note = said(
            f"dari perkara {short(item.case_number)}",
            item.description if item.file_name else "",
            "sudah dipakai di perkara ini" if item.used else "",
        )
        acts: list[Act] = [] if item.used else [("Pakai juga", tip, act, why)]
        title = f"{item.label} · {item.file_name or item.description}"
        return LinkLine(title, note, acts, icon="evidence")

    def _minutes(self, one: SharedMinutes) -> LinkLine:
        when = text.short_date(one.held_on) if one.held_on else ""
        note = said(f"dari perkara {short(one.case_number)}", one.minutes_number, when)
        act = partial(self._open, one.case_uid, "clarification")
        acts: list[Act] = [("Buka", "Buka klarifikasinya di perkara itu", act, "")]
        return LinkLine(f"Berita acara klarifikasi {one.alias}", note, acts, icon="letter")

    def _signed(self, match: PledgeMatch) -> LinkLine:
        one, acts = match.signatory, list[Act]()
        if match.certainty == "question":
            yes, no = (partial(self._decide, match, same=same) for same in (True, False))
            acts = [
                ("Orang yang sama", "Terlapor ini yang menandatangani", yes, self._why),
                ("Bukan", "Orang lain dengan nama sama", no, self._why),
            ]
        when = text.long_date(one.signed_on) if one.signed_on else "tanpa tanggal"
        title = f"{match.party}: {one.pledge or 'ikrar netralitas'}, {when}"
        note = said(SURE[match.certainty], one.name, one.office)
        return LinkLine(title, note, acts, icon="registered")

    # --- acts -----------------------------------------------------------------------------------

    def _open(self, uid: str, tab: str = "") -> None:
        self.context.open("case", uid=uid, **({"tab": tab} if tab else {}))

    def _link(self, uid: str, number: str) -> None:
        new = self.context.run(link_cases, self._words.view.uid, uid)
        if new is not None:
            self._on_linked(uid, number, new)

    def _on_linked(self, uid: str, number: str, new: bool) -> None:
        context, case = self.context, self._words.view.uid
        if not new:  # taking that back would take back what somebody said before
            context.say(f"Perkara {short(number)} sudah dikaitkan.")
            return
        undo = partial(context.attempt, unlink_cases, case, uid)
        context.say(f"Perkara {short(number)} dikaitkan.", undo)

    def _part(self, uid: str, number: str, note: str) -> None:
        context, case = self.context, self._words.view.uid
        if context.attempt(unlink_cases, case, uid):
            undo = partial(context.attempt, link_cases, case, uid, note)
            context.say(f"Kaitan dengan perkara {short(number)} dilepas.", undo)

    def _tell_apart(self, uid: str, number: str) -> None:
        case = self._words.view.uid
        if self.context.attempt(tell_apart, case, uid):
            self.context.say(f"Perkara {short(number)} dicatat peristiwa lain.")

    def _use(self, evidence: str, label: str) -> None:
        if self.context.attempt(use_here, self._words.view.uid, evidence):
            self.context.say(f"Bukti {label} dipakai juga di perkara ini.")

    def _decide(self, match: PledgeMatch, *, same: bool) -> None:
        uid = self._words.view.uid
        self.context.attempt(decide_link, uid, match.party_uid, match.signatory.uid, same=same)

    def _on_closed(self) -> None:
        self.sheet = None
