"""The deadlines that run in a case, computed from its events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, tzinfo
from typing import TypeVar

from posko_app import text

from .book import Regulation
from .calendar import Calendar
from .counting import Due, DueDate, basis_of, due, due_date, shift_days
from .explain import DayCount, Pause
from .facts import DATE_STARTS, DeadlineRule, Moment
from .stages import CaseState, Event, state_of

__all__ = [
    "DayCount",
    "Due",
    "DueDate",
    "Pause",
    "basis_of",
    "due",
    "due_date",
    "next_due",
    "open_dues",
    "shift_days",
]


def open_dues(
    events: Iterable[Event],
    regulation: Regulation,
    calendar: Calendar,
    zone: tzinfo | str,
    kind: str = "",
) -> tuple[Due, ...]:
    """The deadlines that still run in a case, sorted by due date.

    `kind` is the kind of intake; when empty, the first event says it (see `state_of`).
    """
    return dues_of(state_of(events, regulation, kind), regulation, calendar, zone)


def dues_of(
    state: CaseState, regulation: Regulation, calendar: Calendar, zone: tzinfo | str
) -> tuple[Due, ...]:
    """The same for a state that was already computed."""
    if state.closed:
        return ()
    place = text.zone(zone) if isinstance(zone, str) else zone
    others = case_dates(state, place)
    pauses = pauses_of(state)
    found = []
    for rule, start in _running(state, regulation, others, place):
        item = due(rule, start, calendar, place, others, pauses)
        found.append(_while_paused(item, rule, state.paused_on) if state.paused_on else item)
    return tuple(sorted(found, key=lambda item: (item.due_on, item.safe_on, item.rule)))


def first_date(
    state: CaseState, regulation: Regulation, calendar: Calendar, place: tzinfo
) -> DueDate | None:
    """The dates of the deadline that `first_of` finds among `dues_of`, without explaining any."""
    if state.closed:
        return None
    others = case_dates(state, place)
    pauses = pauses_of(state)
    return first_of(
        due_date(rule, start, calendar, place, others, pauses)
        for rule, start in _running(state, regulation, others, place)
        if not rule.quiet
    )


def pauses_of(state: CaseState) -> tuple[Pause, ...]:
    """The pauses of a case that are over, each from its day to the day the case went on."""
    found: list[Pause] = []
    since: date | None = None
    for event in state.events:
        if event.kind == "paused":
            since = event.on
        elif event.kind in ("resumed", "reopened", "converted") and since:
            found.append(Pause(since, event.on))
            since = None
    return tuple(found)


def _while_paused(item: Due, rule: DeadlineRule, since: date) -> Due:
    """The deadline with a word about the pause under way: no article read stops a clock by it."""
    said = f"Dihentikan sementara sejak {text.long_date(since)}. "
    if rule.on_pause == "stops":
        said += "Batas ini berhenti dihitung dan bergeser saat perkara dilanjutkan."
    else:
        said += "Batas waktu tetap dihitung, karena belum ada dasar yang menghentikannya."
    return replace(item, warnings=(*item.warnings, said))


def next_due(
    events: Iterable[Event],
    regulation: Regulation,
    calendar: Calendar,
    zone: tzinfo | str,
    kind: str = "",
) -> Due | None:
    """The deadline that this office must keep first, by its safe date; None when none runs.

    Deadlines of others (the reporter, the KPU) count only when the office has none of its own, and
    quiet ones never.
    """
    return first_of(open_dues(events, regulation, calendar, zone, kind))


D = TypeVar("D", Due, DueDate)


def first_of(dues: Iterable[D]) -> D | None:
    """Of the deadlines of a case the one that lists count down to."""
    return min((item for item in dues if not item.quiet), key=urgency, default=None)


def urgency(item: Due | DueDate) -> tuple[bool, bool, date, date, str]:
    """What deadlines are sorted by: this office's own, others', quiet ones; then by safe date."""
    return item.quiet, bool(item.owner), item.safe_on, item.due_on, item.rule


def case_dates(state: CaseState, place: tzinfo) -> Mapping[str, Moment]:
    """The dates of a case that rules and readings may start from, by their names.

    `known` and `found` stand in the data of the first event; `received` is the day on which the
    report was complete: its completion, else its filing; `clarification` is the day invited for.
    """
    dates: dict[str, Moment] = {}
    for event in state.events:
        if event.data.get("handover") and dates:  # the clocks that ran go on with the next office
            continue
        if event.kind in ("filed", "converted", "completed", "received_transfer"):
            dates["received"] = moment_of(event, place)
        if event.kind in ("filed", "converted", "received_transfer"):
            known, found = (_iso(event.data.get(key, "")) for key in ("known_on", "found_on"))
            if known:
                dates["known"] = known
            dates["found"] = found or known or event.on
        if event.kind == "invited" and (day := _iso(event.data.get("for_on", ""))):
            dates["clarification"] = day
    return dates


def moment_of(event: Event, place: tzinfo) -> Moment:
    """When an event happened: its hour too, if that hour lies on its legal date."""
    if event.at is None:
        return event.on
    aware = event.at if event.at.tzinfo else event.at.replace(tzinfo=UTC)
    hour = aware.astimezone(place)
    return hour if hour.date() == event.on else event.on


def _iso(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _running(
    state: CaseState, regulation: Regulation, others: Mapping[str, Moment], place: tzinfo
) -> Iterator[tuple[DeadlineRule, Moment]]:
    """The rules whose clocks run in a case, each with when it started."""
    rules = regulation.running.get((state.intake_kind, state.stage), ())
    kinds = {event.kind for event in state.events} if rules else set()
    for rule in rules:
        start = _running_since(rule, state, kinds, others, place)
        if start is not None:
            yield rule, start


def _running_since(
    rule: DeadlineRule,
    state: CaseState,
    kinds: Collection[str],
    others: Mapping[str, Moment],
    place: tzinfo,
) -> Moment | None:
    """When the clock of a rule started, if nothing stops it; the case has events of `kinds`."""
    if (
        (rule.needs and rule.needs not in kinds)
        or (rule.unless and rule.unless in kinds)
        or (rule.violation and rule.violation not in state.at_stake)
    ):
        return None
    if rule.starts in DATE_STARTS:
        if _stopped(rule, state.events):
            return None
        return others.get(rule.starts)
    starting = {rule.starts, *rule.also_starts}
    for n in range(len(state.events) - 1, -1, -1):
        event = state.events[n]
        if event.kind in starting and _holds(rule, event, ""):
            return None if _stopped(rule, state.events[n + 1 :]) else moment_of(event, place)
    return None


def _holds(rule: DeadlineRule, event: Event, silent: str | None = None) -> bool:
    """Whether an event's data agrees with the rule; `silent` stands in for what it leaves out."""
    said = ((event.data.get(name, silent), values) for name, values in rule.where.items())
    return all(value is None or value in values.split() for value, values in said)


def _stopped(rule: DeadlineRule, later: Sequence[Event]) -> bool:
    return any(event.kind in rule.until and _holds(rule, event) for event in later)
