"""Every day of a count in words: counted or not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from posko_app import text

from .calendar import Calendar
from .facts import DeadlineRule, Moment

NO_DESK = "tanpa pelayanan, bergeser"
STOOD_STILL = "dihentikan sementara, tidak dihitung"


@dataclass(frozen=True)
class Pause:
    """Days on which a case stood still: from `first` to the day before `until`."""

    first: date
    until: date

    def holds(self, day: date) -> bool:
        """Whether the case stood still on a day."""
        return self.first <= day < self.until


@dataclass(frozen=True)
class DayCount:
    """One day on the way to a due date."""

    date: date
    counted: bool
    why: str


def stood_still(day: date, pauses: Sequence[Pause]) -> bool:
    """Whether a day lies in one of the pauses."""
    return any(pause.holds(day) for pause in pauses)


def day_of(moment: Moment) -> date:
    """The day of a date or an instant, on the clock it is in."""
    return moment.date() if isinstance(moment, datetime) else moment


def explain(
    rule: DeadlineRule,
    start: Moment,
    due_on: date,
    due_at: datetime | None,
    calendar: Calendar,
    pauses: Sequence[Pause],
) -> Iterator[DayCount]:
    """Every day from the start to the due date (the other way round for rules that count back)."""
    if rule.closes:
        yield from _until_closing(day_of(start), due_on)
    elif rule.unit == "hours" and isinstance(start, datetime) and due_at:
        yield from _hour_by_hour(start, due_at, pauses)
    elif rule.unit == "hours":
        yield from _hours_without_clock(rule, day_of(start), due_on, pauses)
    elif rule.direction == "before":
        yield from _back_to(rule, day_of(start), due_on, calendar)
    else:
        yield from _day_by_day(rule, day_of(start), due_on, calendar, pauses)


def _day_by_day(
    rule: DeadlineRule, start: date, due_on: date, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[DayCount]:
    number = 0
    for offset in range((due_on - start).days + 1):
        day = start + timedelta(days=offset)
        if offset == 0 and (rule.first_day == "next" or rule.amount == 0):
            yield DayCount(day, False, f"hari {rule.start_word}, tidak dihitung")
            continue
        if number == rule.amount:  # the desk is closed on the last day
            yield DayCount(day, False, "hari pelayanan berikutnya" if day == due_on else NO_DESK)
            continue
        if stood_still(day, pauses):
            yield DayCount(day, False, STOOD_STILL)
            continue
        off = calendar.why(day)
        if rule.unit == "working_days" and off:
            yield DayCount(day, False, off)
            continue
        number += 1
        first = f", hari {rule.start_word}" if offset == 0 else ""
        still = f" ({off}, tetap dihitung)" if off else ""
        yield DayCount(day, True, f"hari ke-{number}{first}{still}")


def _back_to(
    rule: DeadlineRule, start: date, due_on: date, calendar: Calendar
) -> Iterator[DayCount]:
    days = [due_on + timedelta(days=n) for n in range((start - due_on).days)]
    counts = [rule.unit != "working_days" or calendar.working(day) for day in days]
    number = sum(counts)
    for day, counted in zip(days, counts, strict=True):
        if counted:
            yield DayCount(day, True, f"hari ke-{number} sebelum {rule.start_word}")
            number -= 1
        else:
            yield DayCount(day, False, calendar.why(day))
    yield DayCount(start, False, f"hari {rule.start_word}, tidak dihitung")


def _hour_by_hour(start: datetime, end: datetime, pauses: Sequence[Pause]) -> Iterator[DayCount]:
    for offset in range((end.date() - start.date()).days + 1):
        day = start.date() + timedelta(days=offset)
        if stood_still(day, pauses):
            yield DayCount(day, False, STOOD_STILL)
            continue
        midnight = datetime.combine(day, time(), start.tzinfo)
        first, last = max(start, midnight), min(end, midnight + timedelta(days=1))
        why = _length(int((last - first).total_seconds()) // 60)
        if offset == 0:
            why += f", mulai pukul {_at(start)}"
        if day == end.date():
            why += f", sampai pukul {_at(end)}"
        yield DayCount(day, True, why)


def _hours_without_clock(
    rule: DeadlineRule, start: date, due_on: date, pauses: Sequence[Pause]
) -> Iterator[DayCount]:
    yield DayCount(start, False, f"hari {rule.start_word}, jamnya belum dicatat")
    number = 0
    for offset in range(1, (due_on - start).days + 1):
        day = start + timedelta(days=offset)
        if stood_still(day, pauses):
            yield DayCount(day, False, STOOD_STILL)
            continue
        number += 1
        yield DayCount(day, True, f"24 jam ke-{number}")


def _until_closing(start: date, due_on: date) -> Iterator[DayCount]:
    for offset in range((due_on - start).days + 1):
        yield DayCount(
            start + timedelta(days=offset), True, f"hari ke-{offset + 1} masa penyampaian"
        )


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not rest:
        return f"{hours} jam"
    return f"{hours} jam {rest} menit" if hours else f"{rest} menit"


def _at(moment: datetime) -> str:
    return f"{text.clock(moment)} {moment.tzname() or ''}".strip()
