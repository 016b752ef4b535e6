"""What a case is called: the number it bears now, those it was given, and its nomor asal."""

from __future__ import annotations

from collections.abc import Iterable

from posko_app.rules.events import Event

NUMBERED = ("converted", "received_transfer", "taken_over")
"""Events that may give a case another number."""
RENAMES = "renumbers"
"""In the data of a note with a number: the event whose number it replaces, of the same office.

A number that came with a step (a provisional one, or one that another case bears) is replaced so
and not in the step itself, which is never changed.
"""


def number_now(first: str, events: Iterable[Event]) -> str:
    """The number a case bears: the one that was given last, else the first.

    A conversion gives one, and so does the office that receives a pelimpahan. `events` are those in
    force, in their order.
    """
    given = _given(events)
    return given[-1][1] if given else first


def numbers_of(events: Iterable[Event]) -> list[str]:
    """The numbers that were given after the first one, oldest first, replaced ones too."""
    known = list(events)
    lasting = [number for _, number in _given(known)]
    return list(dict.fromkeys([*(e.number for e in known if _gives(e)), *lasting]))


def origin_number(first: str, events: Iterable[Event]) -> str:
    """The nomor asal: what the office called a case that it came from; empty if it did not come.

    `events` are those in force, in their order.
    """
    origin, now = "", first
    for event, number in _given(events):
        origin = now if event.kind != "converted" else origin
        now = number
    return origin


def _gives(event: Event) -> bool:
    return event.kind in NUMBERED and bool(event.number)


def _given(events: Iterable[Event]) -> list[tuple[Event, str]]:
    """The events that gave a number, each with the one that stands for it now."""
    known = list(events)
    given = [event for event in known if _gives(event)]
    if not given:  # as with nearly every case
        return []
    lasting = {
        (event.data.get(RENAMES, ""), event.office): event.number
        for event in known
        if event.kind == "note" and event.number
    }
    return [(event, lasting.get((event.uid, event.office), event.number)) for event in given]
