"""What happened in a case as lines of its timeline: steps, notes, evidence and letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from itertools import groupby

from posko_app.cases.views import EventView, EvidenceView
from ui.widgets.timeline import Entry

from .words import Words

ICONS = {
    "filed": "unread",
    "received_transfer": "receive",
    "taken_over": "receive",
    "reviewed": "report",
    "completion_noticed": "message",
    "completed": "draft",
    "completion_lapsed": "overdue",
    "registered": "registered",
    "not_registered": "close",
    "withdrawn": "undo",
    "extra_needed": "question",
    "invited": "calendar",
    "clarified": "people",
    "inquiry_ordered": "search",
    "inquiry_reported": "report",
    "assessed": "report",
    "decided": "scales",
    "referred": "send",
    "transferred": "send",
    "notified": "message",
    "follow_up": "office",
    "closed": "check",
    "reopened": "refresh",
    "converted": "exchange",
    "corrected": "undo",
    "note": "message",
}
"""Kind of event -> icon on the timeline."""
FILTERS = (("", "Semua"), ("step", "Langkah"), ("note", "Catatan"), ("file", "Berkas"))
"""What the timeline can be narrowed to."""


@dataclass(frozen=True)
class Happening:
    """A line of the timeline; `group` is step, note or file."""

    group: str
    on: date
    at: datetime
    entry: Entry


def happenings(words: Words, *, correctable: bool = False) -> list[Happening]:
    """Everything that happened, newest first; with `correctable` own steps may be voided."""
    may = correctable and not words.why_not("case.step") and not words.why_not("case.decide")
    events = [_event(words, event, may) for event in words.view.events]
    found = [*events, *_evidence(words), *_letters(words)]
    return sorted(found, key=lambda h: (h.on, h.at), reverse=True)


def assessment_events(words: Words) -> list[Happening]:
    """The review, assessment and decision of a case, newest first."""
    wanted = (
        "reviewed",
        "registered",
        "not_registered",
        "extra_needed",
        "inquiry_reported",
        "assessed",
        "decided",
    )
    return [_event(words, e) for e in words.view.events if e.kind in wanted and not e.voided]


def _event(words: Words, event: EventView, correctable: bool = False) -> Happening:
    note = event.kind == "note"
    said = _said(words, event)
    if event.voided:
        said = f"<s>{said}</s> dibatalkan"
    who = escape(words.who(event.actor, event.office_code))
    when = words.when(event.on, event.at or event.made_at)
    made = words.local(event.made_at).date()
    parts = [when, f"catatan {who}" if note else who]
    if made != event.on:
        parts.insert(1, f"dicatat {words.day(made)}")
    own = event.office_code == words.posko.office.code
    if correctable and own and not event.voided and event.kind not in ("filed", "corrected"):
        parts.append(f"<a href='correct:{event.uid}'>batalkan</a>")
    entry = Entry(ICONS.get(event.kind, "message"), said, " · ".join(parts))
    return Happening("note" if note else "step", event.on, event.made_at, entry)


def _said(words: Words, event: EventView) -> str:
    if event.kind == "note":
        return escape(event.note).replace("\n", "<br/>")
    said = f"<b>{escape(event.label)}</b>{escape(_rest(words, event))}"
    return f"{said}. {escape(event.note)}" if event.note else said


def _rest(words: Words, event: EventView) -> str:
    """What follows the verb: the outcome, number, addressee or appointment."""
    known = words.data.get(event.uid)
    data = known.data if known else {}
    if event.kind in ("reviewed", "decided") and event.outcome:
        said = f": {_low(event.outcome_label)}"
        kinds = known.listed("kinds") if known else ()
        return f"{said} ({_low(words.violations(kinds))})" if kinds else said
    if event.kind == "registered":
        return f": {event.number}" if event.number else ""
    if event.kind in ("referred", "follow_up") and data.get("addressee"):
        joint = "ke" if event.kind == "referred" else "dari"
        number = f": {event.number}" if event.number else ""
        return f" {joint} {words.addressee(data['addressee'])}{number}"
    if event.kind == "invited":
        return appointment(words, data)
    if event.kind == "converted" and data.get("intake_kind"):
        return f" menjadi {_low(words.label('intake_kind', data['intake_kind']))}"
    if event.kind == "filed":
        channel = words.view.facts.channel
        return f", {_low(words.label('channel', channel))}" if channel else ""
    if event.kind == "corrected":
        target = next((e for e in words.view.events if e.uid == event.corrects), None)
        return f": {_low(target.label)} {words.brief(target.on)}" if target else ""
    return f": {event.number}" if event.number else ""


def appointment(words: Words, data: Mapping[str, str]) -> str:
    """` untuk terlapor: besok 10.00, Ruang 2` of an invitation's data."""
    rest = ", ".join(part for part in (meeting(words, data), data.get("place", "")) if part)
    whom = f" untuk {data['whom']}" if data.get("whom") else ""
    return f"{whom}: {rest}" if rest else whom


def meeting(words: Words, data: Mapping[str, str]) -> str:
    """When an invitation is for: `besok 10.00`."""
    try:
        day = words.day(date.fromisoformat(data.get("for_on", "")))
    except ValueError:
        day = ""
    clock = (data.get("for_time") or data.get("meeting_time", "")).replace(":", ".")
    return f"{day} {clock}".strip()


def _evidence(words: Words) -> Iterator[Happening]:
    """Items added in one go are one line."""
    items = sorted(words.view.evidence, key=lambda e: (e.added_at, e.position))
    for (at, by), group in groupby(items, key=lambda e: (e.added_at, e.added_by)):
        yield _added(words, at, by, list(group))


def _added(words: Words, at: datetime, by: str, items: list[EvidenceView]) -> Happening:
    labels = ", ".join(item.label for item in items)
    day = words.local(at).date()
    parts = [words.when(day, at), escape(words.who(by))]
    if any(item.sha256 for item in items):
        parts.append("sidik SHA-256 dicatat")
    text = f"<b>{len(items)} bukti</b> ditambahkan: {labels}"
    return Happening("file", day, at, Entry("evidence", text, " · ".join(parts)))


def _letters(words: Words) -> Iterator[Happening]:
    for letter in words.view.letters:
        day = words.local(letter.issued_at).date()
        number = f": {escape(letter.number)}" if letter.number else ""
        text = f"<b>{escape(letter.title)}</b> dicetak{number}"
        note = f"{words.when(day, letter.issued_at)} · {escape(words.who(letter.issued_by))}"
        if letter.held:
            note += f" · <a href='letter:{letter.uid}'>buka PDF</a>"
        yield Happening("file", day, letter.issued_at, Entry("print", text, note))


def _low(words: str) -> str:
    """With a small first letter, unless the first word is a name such as WhatsApp or KPU."""
    first = words.partition(" ")[0]
    return words if first[1:] != first[1:].lower() else words[:1].lower() + words[1:]
