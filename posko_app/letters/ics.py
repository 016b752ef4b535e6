"""Deadlines as an iCalendar file (RFC 5545) for a phone: the only door to its library."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from posko_app import text
from posko_app.app import Posko, use_case
from posko_app.cases.agenda import AgendaItem, agenda
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security.durable import write_file
from posko_app.text import parse_time

REMIND = time(8, 0)  # on the day itself, when the desk opens
HEARING = timedelta(hours=1)


@use_case("case.read")
def calendar_file(posko: Posko, first: date, last: date, *, progress: Progress = silent) -> bytes:
    """The agenda between two days as `.ics`; it names case numbers and nobody.

    A deadline read in twice keeps its place: its uid is made of the case and the rule. Raises
    Cancelled when `progress` does.
    """
    book = Calendar()
    book.add("prodid", "-//Posko//Kalender batas waktu//ID")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", _titled(posko, f"Posko {posko.office.name}"))
    made = posko.now().replace(microsecond=0)
    for item in agenda(posko, first, last, progress=progress):
        book.add_component(_event(posko, item, made))
    return bytes(book.to_ical())


@use_case("case.read")
def save_calendar(
    posko: Posko, first: date, last: date, path: Path, *, progress: Progress = silent
) -> Path:
    """Write the file in one step. Raises UserError where it cannot be written."""
    content = calendar_file(posko, first, last, progress=progress)
    try:
        write_file(path, content)
    except OSError as error:
        raise UserError(
            f"Kalender tidak dapat ditulis ke {path}. Data di Posko tidak berubah. "
            "Pilih folder lain, misalnya Dokumen.",
            "folder_not_writable",
        ) from error
    return path


def _titled(posko: Posko, words: str) -> str:
    return f"LATIHAN: {words}" if posko.office.practice else words


def _event(posko: Posko, item: AgendaItem, made: datetime) -> Event:
    event = Event()
    event.add("dtstamp", made)
    when = f"-{item.on:%Y%m%d}{item.time}" if item.kind == "clarification" else ""
    event.add("uid", f"{item.case_uid}-{item.rule or item.kind}{when}@posko")
    head = "Batas" if item.kind == "deadline" else "Klarifikasi"
    label = f"{item.label}, " if item.kind == "deadline" else ""
    event.add("summary", _titled(posko, f"{head}: {label}{item.case_number}"))
    if item.kind == "deadline":
        event.add("dtstart", item.on)
        event.add("dtend", item.on + timedelta(days=1))  # RFC 5545 3.6.1: the end is not included
        event.add("transp", "TRANSPARENT")
        if item.safe_on:
            event.add("description", f"Batas aman: {text.full_date(item.safe_on)}")
        trigger = timedelta(hours=REMIND.hour, minutes=REMIND.minute)
    else:
        start = _start(posko, item)
        event.add("dtstart", start)
        event.add("dtend", start + HEARING)
        if item.place:
            event.add("location", item.place)
        trigger = -HEARING
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", head)
    alarm.add("trigger", trigger)
    event.add_component(alarm)
    return event


def _start(posko: Posko, item: AgendaItem) -> datetime:
    """The hour of a clarification in UTC; without an hour, when the desk opens."""
    try:
        clock = parse_time(item.time) if item.time else REMIND
    except ValueError:
        clock = REMIND
    return datetime.combine(item.on, clock, posko.zone).astimezone(UTC)
