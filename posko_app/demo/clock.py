"""The clock of the practice offices while they are being made: it follows the story."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

PRACTICE_ON = date(2024, 10, 15)  # the day a practice office believes it is
FIRST_DAY = date(2024, 9, 2)  # when its desk opened
LONG_FIRST_DAY = date(2024, 1, 8)  # the same when there are very many cases
WIB = timezone(timedelta(hours=7))
LAST_MOMENT = datetime.combine(PRACTICE_ON, time(8, 40), WIB)  # nothing has happened after it


class StoryClock:
    """Says the moment the story has come to, a second later at each look."""

    def __init__(self) -> None:
        self.now = datetime.combine(FIRST_DAY, time(7, 0), WIB)

    def __call__(self) -> datetime:
        """The moment in UTC."""
        self.now += timedelta(seconds=1)
        return self.now.astimezone(UTC)

    def turn_to(self, moment: datetime) -> None:
        """Stand at a moment of the story."""
        self.now = moment


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on the practice offices' clock."""
    return datetime.combine(day, time(hour, minute), WIB)


def october(day: int) -> date:
    """A day of the month the practice day lies in."""
    return PRACTICE_ON.replace(day=day)
