"""The time of filing: stamped when somebody stands at the desk, and what time is left for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from posko_app.app import Posko
from posko_app.rules import deadlines
from posko_app.rules.calendar import Calendar
from posko_app.rules.facts import DeadlineRule, ServiceHours
from posko_app.text import clock, day_month

from .kinds import intake_book, kind_of

MIDNIGHT = time(0, 0)
UNMET = "syarat formal tidak terpenuhi"
LATE = re.compile(rf"Disampaikan hari ke-\d+, batasnya hari ke-\d+; {UNMET}\.")


def stamp(posko: Posko) -> datetime:
    """Now, to the minute: what `Terima sekarang` writes down."""
    return posko.now().replace(second=0, microsecond=0)


@dataclass(frozen=True)
class LastDay:
    """How near the end of a filing limit is; `minutes` of service are left until it."""

    day: int  # which counted day the day of filing is
    of: int
    due_on: date
    days_left: int  # counted days after the day of filing
    minutes: int
    closes_at: datetime | None  # when the desk closes that day
    desk: bool = True  # whether somebody has to come to the desk for it

    @property
    def late(self) -> bool:
        """Whether the limit has passed."""
        return self.day > self.of


def last_day(
    posko: Posko, kind: str, known_on: date | None, filed_on: date, now: datetime
) -> LastDay | None:
    """What to say of the limit for filing; None while it is far off or nothing is known.

    From which day on it is spoken of stands in `resources/intake.toml`; the days and hours come
    from the regulation and the calendar.
    """
    law = posko.rules.get(posko.office.regulation, filed_on)
    rule = law.deadlines.get(kind_of(kind).rule)
    if known_on is None or rule is None or rule.unit == "hours" or filed_on < known_on:
        return None
    due = deadlines.due(rule, known_on, posko.calendar, posko.zone)
    counted = [day.date for day in due.days if day.counted]
    left = sum(day > filed_on for day in counted)
    if filed_on <= due.due_on and left > intake_book().days_left:
        return None
    late = sum(_counts(rule, day, posko.calendar) for day in _days(due.due_on, filed_on))
    here = now.astimezone(posko.zone)
    service = rule.service
    return LastDay(
        day=sum(day <= filed_on for day in counted) + late,
        of=len(counted),
        due_on=due.due_on,
        days_left=left,
        minutes=service_minutes(service, posko.calendar, here, due.due_on) if service else 0,
        closes_at=_closing(service, posko.calendar, here) if service else None,
        desk=kind_of(kind).asks("channel"),
    )


def late_note(posko: Posko, kind: str, known_on: date | None, filed_on: date, now: datetime) -> str:
    """What the record of a filing says of a report that came late; empty for any other."""
    found = last_day(posko, kind, known_on, filed_on, now) if kind_of(kind).demands else None
    return f"{_late(found)}; {UNMET}." if found is not None and found.late else ""


def told_late(posko: Posko, note: str, kind: str, known_on: date | None, filed_on: date) -> str:
    """A note of a filing with the sentence on its lateness as it is for these dates.

    Whatever else it says stays.
    """
    rest = LATE.sub("", note).strip()
    late = late_note(posko, kind, known_on, filed_on, posko.now())
    return " ".join(filter(None, (late, rest)))


def last_day_words(found: LastDay, noun: str, zone: str) -> str:
    """The same as one sentence or two for the form."""
    if found.late:
        return f"{_late(found)}. {noun.capitalize()} tetap bisa dicatat; {UNMET}."
    which = f"Hari ke-{found.day} dari {found.of}."
    end = "hari ini" if found.days_left == 0 else f"{day_month(found.due_on)}"
    said = f"{which} Batas {end}"
    if not found.desk:  # what supervisors find is set by a plenary, whenever the desk is open
        return f"{said}."
    if not found.minutes:
        return f"{said}; jam pelayanan sudah tutup."
    closing = f" (tutup {clock(found.closes_at)} {zone})" if found.closes_at else ""
    return f"{said}, sisa pelayanan {duration(found.minutes)}{closing}."


def _late(found: LastDay) -> str:
    return f"Disampaikan hari ke-{found.day}, batasnya hari ke-{found.of}"


def duration(minutes: int) -> str:
    """Minutes as people say them: `1 jam 8 menit`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} jam" if hours else "", f"{rest} menit" if rest else ""]
    return " ".join(filter(None, parts))


def service_minutes(service: ServiceHours, calendar: Calendar, now: datetime, until: date) -> int:
    """Minutes of service from `now`, a local time, to the end of the day `until`."""
    total = 0
    for day in _days(now.date() - timedelta(days=1), until):
        closes = service.closes_at(day, calendar)
        if closes is None:
            continue
        opens = _opens(service, day)
        first = max(opens, now.time()) if day == now.date() else opens
        length = _minute(closes) - _minute(first)
        total += max(0, length + (closes == service.day_end))  # its last minute is served, too
    return total


def _days(after: date, last: date) -> Iterator[date]:
    for offset in range(1, (last - after).days + 1):
        yield after + timedelta(days=offset)


def _counts(rule: DeadlineRule, day: date, calendar: Calendar) -> bool:
    return rule.unit != "working_days" or calendar.working(day)


def _opens(service: ServiceHours, day: date) -> time:
    if any(first <= day <= last for first, last in service.all_day_dates):
        return MIDNIGHT
    return service.open[day.weekday()]


def _closing(service: ServiceHours, calendar: Calendar, here: datetime) -> datetime | None:
    closes = service.closes_at(here.date(), calendar)
    return datetime.combine(here.date(), closes, here.tzinfo) if closes else None


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
