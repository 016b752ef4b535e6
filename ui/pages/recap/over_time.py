"""Cases over time, as columns: by day, week or month, whichever gives few enough columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from posko_app import text
from posko_app.cases.recap import COUNTED, Recap
from ui.widgets.charts import Bar

MOST = 12  # columns that can be read side by side

Start = Callable[[date], date]


def over_time(recap: Recap) -> tuple[str, list[Bar]]:
    """The word for one column (`minggu`) and the columns of the period, oldest first."""
    days = Counter(case.received_on for case in recap.cases if case.kind in COUNTED)
    if not days:
        return "minggu", []
    first, last = min(days), max(recap.until, max(days))
    for word, start in (("hari", _day), ("minggu", _week)):
        spans = _spans(first, last, start, timedelta(days=1 if word == "hari" else 7))
        if len(spans) <= MOST:
            return word, _bars(days, spans, start, _day_words)
    spans = _months(first, last)[-MOST:]
    return "bulan", _bars(days, spans, _month, _month_words)


def _bars(
    days: Counter[date], spans: list[date], start: Start, words: Callable[[date], str]
) -> list[Bar]:
    counts: Counter[date] = Counter()
    for day, count in days.items():
        counts[start(day)] += count
    return [Bar(words(span), (counts[span],)) for span in spans]


def _spans(first: date, last: date, start: Start, step: timedelta) -> list[date]:
    found: list[date] = []
    span = start(first)
    while span <= last and len(found) <= MOST:
        found.append(span)
        span += step
    return found


def _months(first: date, last: date) -> list[date]:
    found: list[date] = []
    span = _month(first)
    while span <= last:
        found.append(span)
        span = (span + timedelta(days=31)).replace(day=1)
    return found


def _day(day: date) -> date:
    return day


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


def _day_words(day: date) -> str:
    return f"{day.day} {text.SHORT_MONTHS[day.month - 1]}"


def _month_words(day: date) -> str:
    return f"{text.SHORT_MONTHS[day.month - 1]} {day.year % 100:02d}"
