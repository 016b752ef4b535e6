"""The periods a recap may cover: this month, this stage of the election, this year, own dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from posko_app import text
from posko_app.rules.book import Regulation

MONTH, STAGE, YEAR, OWN = "month", "stage", "year", "own"


@dataclass(frozen=True)
class Period:
    """A period with its name on the chip; both days included."""

    key: str
    label: str
    since: date
    until: date


def periods(law: Regulation, today: date) -> tuple[Period, ...]:
    """The periods that end today; the stage only when the calendar knows the one running."""
    month = f"{text.MONTH_NAMES[today.month - 1]} {today.year}"
    found = [Period(MONTH, f"Bulan ini: {month}", today.replace(day=1), today)]
    stage = law.stage_dates.get(law.stage_on(today))
    if stage is not None and stage.first is not None:
        found.append(Period(STAGE, f"Tahap ini: {stage.label}", stage.first, today))
    found.append(Period(YEAR, f"Tahun ini: {today.year}", today.replace(month=1, day=1), today))
    return tuple(found)


def said(since: date, until: date) -> str:
    """A period in a few letters: `25 Sep – 15 Okt 2024`."""
    last = f"{until.day} {text.SHORT_MONTHS[until.month - 1]} {until.year}"
    if since == until:
        return last
    first = f"{since.day} {text.SHORT_MONTHS[since.month - 1]}"
    if since.year != until.year:
        first = f"{first} {since.year}"
    return f"{first} – {last}"
