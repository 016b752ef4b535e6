"""What stands around a case: its persons elsewhere, its event, its pledges; read when seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.cases.links import LinkedCase, link_cases, tell_apart, unlink_cases
from posko_app.cases.links_papers import EventPapers, event_papers, use_here
from posko_app.cases.people import PersonCases, other_cases
from posko_app.cases.people_likely import Likely
from posko_app.cases.people_pledges import signatures_in
from posko_app.cases.people_suggest import likely_beside
from posko_app.cases.pledge_links import PledgeMatch, decide_link
from ui.context import Context
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.text import Text, box, vbox

from .links_rows import LinkLine, numbered, section
from .links_sheet import LinkSheet
from .words import Words

SURE = {
    "nip": "NIP sama",
    "confirmed": "dipastikan petugas",
    "question": "nama sama, NIP tidak ada",
}
NOTHING = "Belum ada kaitan dengan perkara lain."


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
        self._content: QWidget | None = None
        self.add_case.set_why_disabled(words.why_not("case.step"))
        self.add_case.clicked.connect(self.choose_case)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._read:  # other tabs are looked at without it
            self._read = True
            self._fill()

    def choose_case(self) -> None:
        """Ask for another case of the same event."""
        if self.sheet is None:
            self.sheet = LinkSheet(self.window(), self._words)
            self.sheet.linked.connect(self._on_linked)
            self.sheet.finished.connect(self._on_closed)
            self.sheet.open()

    # --- reading --------------------------------------------------------------------------------

    def _fill(self) -> None:
        uid = self._words.view.uid
        papers = self.context.run(event_papers, uid)
        people = self.context.run(other_cases, uid)
        matches = self.context.run(signatures_in, uid)
        likely: tuple[Likely, ...] = ()
        if papers is not None:
            known = [one.uid for one in papers.cases]
            likely = self.context.run(likely_beside, self._words.view, known) or ()
        parts = [
            *self._event(papers),
            *self._people(people or (), papers),
            *self._likely(likely),
            *self._papers(papers),
            *self._pledges(matches or ()),
        ]
        self.lines = [line for part in parts for line in part.findChildren(LinkLine)]
        self._content = box(vbox(*(parts or [Text(NOTHING, tone="text2", wrap=True)]), gap=12))
        self.add(self._content)

    def _event(self, papers: EventPapers | None) -> Iterator[QWidget]:
        if papers is None or not papers.cases:
            return
        why = self._words.why_not("case.step")
        yield section("Perkara satu peristiwa", [self._linked(one, why) for one in papers.cases])

    def _linked(self, one: LinkedCase, why: str) -> LinkLine:
        parts = [one.stage_label, one.party]
        parts.append(one.note if one.direct else "lewat perkara yang dikaitkan dengannya")
        acts = [("Buka", "Buka perkara ini", partial(self._open, one.uid), "")]
        if one.direct:
            act = partial(self._part, one.uid, one.number)
            acts.append(("Lepas", "Lepas kaitan dengan perkara ini", act, why))
        return LinkLine(numbered(one.number, one.title), _said(parts), acts)

    def _people(
        self, people: tuple[PersonCases, ...], papers: EventPapers | None
    ) -> Iterator[QWidget]:
        linked = {one.uid for one in papers.cases} if papers else set()
        why = self._words.why_not("case.step")
        for person in people:
            lines = []
            for one in person.cases:
                named = f"di sana: {one.name}" if one.name != person.name else ""
                acts = [("Buka", "Buka perkara ini", partial(self._open, one.uid), "")]
                if one.uid not in linked:
                    act = partial(self._link, one.uid, one.number)
                    acts.append(("Satu peristiwa", "Kaitkan sebagai satu peristiwa", act, why))
                note = _said([one.why, one.stage_label, named])
                lines.append(LinkLine(numbered(one.number, one.title), note, acts, icon="history"))
            if lines:
                yield section(f"{person.name} juga terlapor di", lines)

    def _likely(self, likely: tuple[Likely, ...]) -> Iterator[QWidget]:
        why = self._words.why_not("case.step")
        lines = []
        for one in likely:
            said = numbered(one.number, one.title)
            link = partial(self._link, one.uid, one.number)
            other = partial(self._tell_apart, one.uid, one.number)
            acts = [
                ("Buka", "Buka perkara ini", partial(self._open, one.uid), ""),
                ("Satu peristiwa", "Kaitkan sebagai satu peristiwa", link, why),
                ("Bukan", "Peristiwanya lain; jangan disarankan lagi", other, why),
            ]
            lines.append(LinkLine(said, f"{one.why}.", acts, icon="duplicate"))
        if lines:
            yield section("Mungkin satu peristiwa", lines)

    def _papers(self, papers: EventPapers | None) -> Iterator[QWidget]:
        if papers is None:
            return
        why = self._words.why_not("evidence.add")
        lines = []
        for item in papers.evidence:
            number = item.case_number.partition("/")[0]
            note = _said([f"dari perkara {number}", item.file_name and item.description,
                          "sudah dipakai di perkara ini" if item.used else ""])  # fmt: skip
            act = partial(self._use, item.uid, item.label)
            acts = [] if item.used else [
                ("Pakai juga", "Pakai juga di perkara ini; berkasnya tetap satu", act, why)
            ]  # fmt: skip
            title = f"{item.label} · {item.file_name or item.description}"
            lines.append(LinkLine(title, note, acts, icon="evidence"))
        for one in papers.minutes:
            number = one.case_number.partition("/")[0]
            when = text.short_date(one.held_on) if one.held_on else ""
            title = f"Berita acara klarifikasi {one.alias}"
            note = _said([f"dari perkara {number}", one.minutes_number, when])
            act = partial(self._open, one.case_uid, "clarification")
            said = "Buka klarifikasinya di perkara itu"
            lines.append(LinkLine(title, note, [("Buka", said, act, "")], icon="letter"))
        if lines:
            yield section("Bukti dan berita acara dari perkara itu", lines)

    def _pledges(self, matches: tuple[PledgeMatch, ...]) -> Iterator[QWidget]:
        why = self._words.why_not("case.step")
        lines = []
        for match in matches:
            one = match.signatory
            when = text.long_date(one.signed_on) if one.signed_on else "tanpa tanggal"
            title = f"{match.party}: {one.pledge or 'ikrar netralitas'}, {when}"
            acts = []
            if match.certainty == "question":
                yes = partial(self._decide, match, same=True)
                no = partial(self._decide, match, same=False)
                acts = [
                    ("Orang yang sama", "Terlapor ini yang menandatangani", yes, why),
                    ("Bukan", "Orang lain dengan nama sama", no, why),
                ]
            note = _said([SURE[match.certainty], one.name, one.office])
            lines.append(LinkLine(title, note, acts, icon="registered"))
        if lines:
            yield section("Menandatangani ikrar netralitas", lines)

    # --- acts -----------------------------------------------------------------------------------

    def _open(self, uid: str, tab: str = "") -> None:
        self.context.open("case", uid=uid, **({"tab": tab} if tab else {}))

    def _link(self, uid: str, number: str) -> None:
        if self.context.attempt(link_cases, self._words.view.uid, uid):
            self._on_linked(uid, number)

    def _on_linked(self, uid: str, number: str) -> None:
        context, case = self.context, self._words.view.uid
        said = f"Perkara {number.partition('/')[0]} dikaitkan."
        undo = partial(context.attempt, unlink_cases, case, uid)
        context.say(said, undo, partial(context.attempt, link_cases, case, uid))

    def _part(self, uid: str, number: str) -> None:
        context, case = self.context, self._words.view.uid
        if context.attempt(unlink_cases, case, uid):
            said = f"Kaitan dengan perkara {number.partition('/')[0]} dilepas."
            undo = partial(context.attempt, link_cases, case, uid)
            context.say(said, undo, partial(context.attempt, unlink_cases, case, uid))

    def _tell_apart(self, uid: str, number: str) -> None:
        case = self._words.view.uid
        if self.context.attempt(tell_apart, case, uid):
            self.context.say(f"Perkara {number.partition('/')[0]} dicatat peristiwa lain.")

    def _use(self, evidence: str, label: str) -> None:
        if self.context.attempt(use_here, self._words.view.uid, evidence):
            self.context.say(f"Bukti {label} dipakai juga di perkara ini.")

    def _decide(self, match: PledgeMatch, *, same: bool) -> None:
        uid = self._words.view.uid
        self.context.attempt(decide_link, uid, match.party_uid, match.signatory.uid, same=same)

    def _on_closed(self) -> None:
        self.sheet = None


def _said(parts: list[str]) -> str:
    return " · ".join(part for part in parts if part)
