"""What a case is called: the number it bears now, those it was given, and its nomor asal."""

from __future__ import annotations

from collections.abc import Iterable

from posko_app.rules.events import Event

NUMBERED = ("converted", "received_transfer", "taken_over")
"""Events that may give a case another number."""


def number_now(first: str, events: Iterable[Event]) -> str:
    """The number a case bears: the one that was given last, else the first.

    A conversion gives one, and so does the office that receives a pelimpahan. `events` are those in
    force, in their order.
    """
    given = numbers_of(events)
    return given[-1] if given else first


def numbers_of(events: Iterable[Event]) -> list[str]:
    """The numbers that were given after the first one, oldest first."""
    return [e.number for e in events if e.kind in NUMBERED and e.number]


def origin_number(first: str, events: Iterable[Event]) -> str:
    """The nomor asal: what the office called a case that it came from; empty if it did not come.

    `events` are those in force, in their order.
    """
    origin, now = "", first
    for event in events:
        if event.kind in NUMBERED and event.number:
            origin = now if event.kind != "converted" else origin
            now = event.number
    return origin
