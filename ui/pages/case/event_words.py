"""What follows the verb of an event on the timeline: the outcome, the person, the institution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from posko_app.cases.views import EventView
from posko_app.rules.effects import results_of
from posko_app.rules.stages import Event

from .words import Words

Rest = Callable[[Words, EventView, Event], str]


def rest(words: Words, event: EventView) -> str:
    """The rest of the line of an event; never a code, and no name that is sealed."""
    known = words.data.get(event.uid)
    if known is None:  # a step that was voided, or that says nothing more
        return _number(event)
    said = _RESTS.get(event.kind, _usual)(words, event, known)
    reason = known.data.get("reason", "")
    return f"{said}. {reason}" if reason else said


def appointment(words: Words, data: Mapping[str, str]) -> str:
    """` untuk terlapor: besok 10.00, Ruang 2` of an invitation's data."""
    there = ", ".join(part for part in (meeting(words, data), data.get("place", "")) if part)
    whom = f" untuk {data['whom']}" if data.get("whom") else ""
    return f"{whom}: {there}" if there else whom


def meeting(words: Words, data: Mapping[str, str]) -> str:
    """When an invitation is for: `besok 10.00`."""
    try:
        day = words.day(date.fromisoformat(data.get("for_on", "")))
    except ValueError:
        day = ""
    clock = (data.get("for_time") or data.get("meeting_time", "")).replace(":", ".")
    return f"{day} {clock}".strip()


def low(words: str) -> str:
    """With a small first letter, unless the first word is a name such as WhatsApp or KPU."""
    first = words.partition(" ")[0]
    return words if first[1:] != first[1:].lower() else words[:1].lower() + words[1:]


def _number(event: EventView) -> str:
    return f": {event.number}" if event.number else ""


def _usual(words: Words, event: EventView, known: Event) -> str:
    """Who, and the number of the paper."""
    whom = known.data.get("whom", "")
    said = ", ".join(part for part in (whom[:1].upper() + whom[1:], event.number) if part)
    return f": {said}" if said else ""


def _judged(words: Words, event: EventView, known: Event) -> str:
    """An outcome; of a plenary with several results each of them."""
    if not event.outcome:
        return _number(event)
    results = results_of(known) if known.data.get("results") else ()
    said = f": {low(event.outcome_label)}"
    if len(results) > 1:
        each = (
            f"{low(words.violation(r.kind))}: {low(words.law.outcomes[r.outcome].label)}"
            for r in results
            if r.outcome in words.law.outcomes
        )
        return f"{said} ({'; '.join(each)})"
    kinds = known.listed("kinds")
    return f"{said} ({low(words.violations(kinds))})" if kinds else said


def _institution(joint: str) -> Rest:
    def said(words: Words, event: EventView, known: Event) -> str:
        code = known.data.get("addressee", "")
        to = f" {joint} {words.addressee(code)}" if code else ""
        round_ = known.data.get("round", "")
        if round_ and words.posko.vocabulary.has("request_round", round_):
            to += f", {low(words.label('request_round', round_))}"
        elif round_.isdigit():
            to += f", permintaan ke-{round_}"
        return f"{to}{_number(event)}"

    return said


def _office(joint: str, key: str) -> Rest:
    def said(words: Words, event: EventView, known: Event) -> str:
        office = known.data.get(key, "")
        region = words.posko.regions.get(office) if office else None
        named = region.name if region else office
        return f" {joint} {named}{_number(event)}" if named else _number(event)

    return said


def _invited(words: Words, event: EventView, known: Event) -> str:
    return appointment(words, known.data)


def _discussed(words: Words, event: EventView, known: Event) -> str:
    result = known.data.get("discussion_result", "")
    return f": {result}" if result else _number(event)


def _converted(words: Words, event: EventView, known: Event) -> str:
    kind = known.data.get("intake_kind", "")
    return f" menjadi {low(words.label('intake_kind', kind))}" if kind else ""


def _filed(words: Words, event: EventView, known: Event) -> str:
    channel = words.view.facts.channel
    return f", {low(words.label('channel', channel))}" if channel else ""


def _corrected(words: Words, event: EventView, known: Event) -> str:
    target = next((e for e in words.view.events if e.uid == event.corrects), None)
    return f": {low(target.label)} {words.brief(target.on)}" if target else ""


_RESTS: Mapping[str, Rest] = {
    "filed": _filed,
    "reviewed": _judged,
    "decided": _judged,
    "inquiry_reported": _judged,
    "closed": _judged,
    "invited": _invited,
    "gakkumdu_first": _discussed,
    "gakkumdu_second": _discussed,
    "referred": _institution("ke"),
    "information_requested": _institution("kepada"),
    "follow_up": _institution("dari"),
    "agency_returned": _institution("oleh"),
    "transferred": _office("ke", "to_office"),
    "received_transfer": _office("dari", "from_office"),
    "taken_over": _office("dari", "from_office"),
    "transfer_returned": _office("ke", "from_office"),
    "converted": _converted,
    "corrected": _corrected,
}
"""Kind of event -> what follows its verb; of the others the person and the number."""
