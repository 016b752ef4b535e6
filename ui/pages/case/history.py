"""What happened in a case as lines of its timeline: steps, notes, evidence and letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from itertools import groupby

from posko_app.cases.trail import TrailRow
from posko_app.cases.views import EventView, EvidenceView
from ui.widgets.timeline import Entry

from .event_words import rest
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
    "paused": "clock",
    "resumed": "refresh",
    "invited": "calendar",
    "absent": "close",
    "clarified": "people",
    "expert_heard": "people",
    "gakkumdu_first": "people",
    "gakkumdu_second": "people",
    "inquiry_ordered": "search",
    "inquiry_reported": "report",
    "assessed": "report",
    "decided": "scales",
    "referred": "send",
    "transferred": "send",
    "transfer_returned": "undo",
    "notified": "message",
    "agency_returned": "undo",
    "information_requested": "letter",
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
TRAIL = "trail"  # the group of what was opened, printed or changed: told only when asked for
TRAIL_ICONS = {"identity": "lock", "evidence": "evidence", "letter": "letter",
               "clarification": "people", "pledge": "prevention"}  # fmt: skip
"""What an act is about, as its name begins -> icon."""


@dataclass(frozen=True)
class Happening:
    """A line of the timeline; `group` is step, note, file or trail."""

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


def trail_lines(words: Words, rows: Sequence[TrailRow]) -> list[Happening]:
    """What was opened, printed, changed or linked, newest first."""
    return [_act(words, row) for row in rows]


def _act(words: Words, row: TrailRow) -> Happening:
    day = words.local(row.at).date()
    said = f"<b>{escape(words.act(row.action))}</b>"
    if row.reason:
        said = f"{said}. {escape(row.reason)}"
    note = f"{words.when(day, row.at)} · {escape(words.who(row.account, words.posko.office.code))}"
    icon = TRAIL_ICONS.get(row.action.partition(".")[0], "info")
    return Happening(TRAIL, day, row.at, Entry(icon, said, note))


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
    said = f"<b>{escape(event.label)}</b>{escape(rest(words, event))}"
    return f"{said}. {escape(event.note)}" if event.note else said


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
