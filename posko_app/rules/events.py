"""The dated events of a case, in the one order in which every office reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from .facts import EVENT_KINDS

EXPERT_ROLE = "expert"  # in `data["role"]` of an invitation
_RANK = {kind: n for n, kind in enumerate(EVENT_KINDS)}


@dataclass(frozen=True)
class Event:
    """Something that happened in a case on a legal date; never changed, only corrected.

    `data` may hold: `intake_kind`, `known_on`, `found_on` (filed, converted, received_transfer),
    `kinds` (decided, referred: kinds of violation with commas), `addressee` (referred, follow_up),
    `for_on` (invited: the day of the clarification), `tsm` (registered: `yes`), `to` (transferred:
    code of the office that is to receive it; without it the case left on paper alone), `handover`
    and `from` (received_transfer: which pelimpahan, and of which office), `renumbers` (note: the
    event whose number the note's own replaces). Dates are ISO.
    """

    uid: str
    kind: str
    on: date
    at: datetime | None = None
    office: str = ""
    outcome: str = ""
    number: str = ""
    corrects: str = ""
    data: Mapping[str, str] = field(default_factory=dict)

    def listed(self, key: str) -> tuple[str, ...]:
        """The items of a comma list in `data`."""
        return tuple(item.strip() for item in self.data.get(key, "").split(",") if item.strip())


def order_key(event: Event) -> tuple[date, int, float, str]:
    """The place of an event: by date, then by kind, then by hour (without one: last), then uid."""
    if event.at is None:
        hour = float("inf")
    else:
        aware = event.at if event.at.tzinfo else event.at.replace(tzinfo=UTC)
        hour = aware.timestamp()
    return event.on, _RANK.get(event.kind, len(_RANK)), hour, event.uid


def _full_key(event: Event) -> tuple[object, ...]:
    # Copies of one event that differ must not be told apart by the order in which they came.
    rest = (event.outcome, event.number, event.office, event.corrects, sorted(event.data.items()))
    return order_key(event), rest


def in_force(events: Iterable[Event]) -> tuple[list[Event], list[Event]]:
    """The events that count, in order, and the corrections that point at nothing.

    An event counts once whatever its copies; a corrected one does not count. A correction cannot
    be corrected: what it voided is entered again.
    """
    given = sorted(events, key=_full_key)
    once = {event.uid: event for event in given}
    if len(once) == len(given) and all(event.kind != "corrected" for event in given):
        return given, []  # nearly every case: no copies, no corrections
    corrections = [event for event in once.values() if event.kind == "corrected"]
    acts = {uid: event for uid, event in once.items() if event.kind != "corrected"}
    lost = [event for event in corrections if event.corrects not in acts]
    voided = {event.corrects for event in corrections}
    kept = sorted((e for uid, e in acts.items() if uid not in voided), key=order_key)
    return kept, lost
