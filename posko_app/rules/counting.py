"""Due dates with every day explained: counting, cut-offs, and the safe date of open readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from posko_app import text

from .calendar import Calendar
from .explain import DayCount, Pause, day_of, explain, stood_still
from .facts import DeadlineRule, Moment, Reading

UNIT_WORDS = {"calendar_days": "hari kalender", "working_days": "hari kerja", "hours": "jam"}
MOST_COUNTED = 20_000  # due dates that a calendar remembers
_HORIZON = 3660  # days: a count that goes on longer has met a calendar without working days


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline of one case, with how it was counted.

    `due_at` is the instant for rules in hours or with a closing hour, else None; `safe_on` is the
    earliest date under the readings of the law that are still open, `safe_why` the readings that
    give it (empty when it equals `due_on`), `safe_at` its closing hour if the cut-off is open.
    """

    rule: str
    label: str
    start_on: date
    due_on: date
    due_at: datetime | None
    safe_on: date
    basis: str
    confidence: str
    days: tuple[DayCount, ...]
    warnings: tuple[str, ...] = ()
    safe_why: str = ""
    safe_at: datetime | None = None
    owner: str = ""
    quiet: bool = False
    day_end: time = time.max
    edition: str = ""  # the regulation and its version

    def clock(self, place: tzinfo) -> str:
        """The hour at which it ends, `15.52`: that of the end of the day where no other is set."""
        return text.clock(self.due_at.astimezone(place) if self.due_at else self.day_end)


def due(
    rule: DeadlineRule,
    start: Moment,
    calendar: Calendar,
    zone: tzinfo | str,
    others: Mapping[str, Moment] | None = None,
    pauses: Sequence[Pause] = (),
) -> Due:
    """The due date of `rule` when its clock starts at `start`.

    A naive `start` is a time on the office's clock. `others` gives the dates of the starts that
    other readings name (`received`); a reading whose start is not there is only mentioned. Days of
    `pauses` do not count where a pause stops the rule's clock.
    """
    place = text.zone(zone) if isinstance(zone, str) else zone
    moment = _local(start, place)
    still = tuple(pauses) if rule.on_pause == "stops" else ()
    due_on, due_at = _end(rule, moment, calendar, place, still)
    days = tuple(explain(rule, moment, due_on, due_at, calendar, still))
    safe_on, safe_why, safe_at, missing = _safe(rule, moment, calendar, place, others or {}, still)
    return Due(
        rule=rule.key,
        label=rule.label,
        start_on=day_of(moment),
        due_on=due_on,
        due_at=due_at,
        safe_on=safe_on,
        basis=basis_of(rule),
        confidence=rule.confidence,
        days=days,
        warnings=(
            *_rule_warnings(rule, moment, due_on, due_at, calendar),
            *_year_warnings(days, calendar),
            *missing,
        ),
        safe_why=safe_why,
        safe_at=safe_at,
        owner=rule.owner,
        quiet=rule.quiet,
        day_end=rule.day_end,
        edition=rule.edition,
    )


@dataclass(frozen=True, kw_only=True)
class DueDate:
    """What lists need of a deadline: its dates without the days and words that explain them.

    The fields mean what they mean in `Due`.
    """

    rule: str
    due_on: date
    safe_on: date
    owner: str
    quiet: bool


def due_date(
    rule: DeadlineRule,
    start: Moment,
    calendar: Calendar,
    place: tzinfo,
    others: Mapping[str, Moment],
    pauses: Sequence[Pause] = (),
) -> DueDate:
    """The dates of `due`; what was counted before on this calendar is not counted again."""
    still = tuple(pauses) if rule.on_pause == "stops" else ()
    begins = tuple(others.get(name) for name in rule.starts_read)
    # The rule itself has no hash; what is kept under its id holds it, so the id stays its own.
    key = (id(rule), start, begins, place, still)
    known = calendar.counted.get(key)
    if known is not None:
        found: DueDate = known[1]
        return found
    moment = _local(start, place)
    due_on, _ = _end(rule, moment, calendar, place, still)
    safe_on = _safe(rule, moment, calendar, place, others, still)[0] if rule.readings else due_on
    made = DueDate(
        rule=rule.key, due_on=due_on, safe_on=safe_on, owner=rule.owner, quiet=rule.quiet
    )
    if len(calendar.counted) >= MOST_COUNTED:
        calendar.counted.clear()
    calendar.counted[key] = (rule, made)
    return made


def basis_of(rule: DeadlineRule) -> str:
    """The rule in one phrase: `3 hari kalender sejak registrasi (Pasal 134 ayat (5) …)`."""
    if rule.closes:
        return f"sejak {rule.start_word} ({rule.basis})"
    if rule.unit == "hours" and rule.amount % 24 == 0:
        length = f"{rule.amount // 24} × 24 jam"
    else:
        length = f"{rule.amount} {UNIT_WORDS[rule.unit]}"
    if rule.amount_note:
        length += f" ({rule.amount_note})"
    side = "sebelum" if rule.direction == "before" else "sejak"
    return f"{length} {side} {rule.start_word} ({rule.basis})"


def shift_days(
    start: date,
    amount: int,
    unit: str,
    calendar: Calendar,
    *,
    same_day: bool = False,
    pauses: Sequence[Pause] = (),
) -> date:
    """The date that lies `amount` counted days after `start`, or before it when negative.

    Only working days count when `unit` is `working_days`, and never the days of `pauses`. With
    `same_day` the start is day 1.
    """
    step = timedelta(days=-1 if amount < 0 else 1)
    day, left = start, abs(amount)
    if same_day and left:
        day -= step
    for _ in range(_HORIZON):
        if left == 0:
            return day
        day += step
        if (unit != "working_days" or calendar.working(day)) and not stood_still(day, pauses):
            left -= 1
    raise ValueError("the calendar has no working days")


# --- counting one reading -----------------------------------------------------------------------


def _local(start: Moment, place: tzinfo) -> Moment:
    if not isinstance(start, datetime):
        return start
    return start.replace(tzinfo=place) if start.tzinfo is None else start.astimezone(place)


def _end(
    rule: DeadlineRule,
    start: Moment,
    calendar: Calendar,
    place: tzinfo,
    pauses: Sequence[Pause] = (),
) -> tuple[date, datetime | None]:
    """The due date of one reading, and its instant for hours and closing hours."""
    if rule.closes:
        return rule.closes_on or day_of(start), None
    if rule.unit == "hours":
        return _end_in_hours(rule, start, place, pauses)
    amount = -rule.amount if rule.direction == "before" else rule.amount
    same_day = rule.first_day == "same" and rule.direction == "after"
    pauses = pauses if rule.direction == "after" else ()
    due_on = shift_days(
        day_of(start), amount, rule.unit, calendar, same_day=same_day, pauses=pauses
    )
    if rule.cutoff == "next_service":
        due_on = _next_service(rule, due_on, calendar)
    closes = _closing_time(rule, due_on, calendar)
    return due_on, datetime.combine(due_on, closes, place) if closes else None


def _end_in_hours(
    rule: DeadlineRule, start: Moment, place: tzinfo, pauses: Sequence[Pause]
) -> tuple[date, datetime]:
    if isinstance(start, datetime):
        end = start + timedelta(hours=rule.amount)
        for pause in sorted(pauses, key=lambda pause: pause.first):
            stops, goes_on = (
                datetime.combine(d, time(), place) for d in (pause.first, pause.until)
            )
            if stops < end and goes_on > start:
                end += goes_on - max(start, stops)
        return end.date(), end
    # Without an hour the day of the start cannot be split: it is left out, as for rules in days.
    days = -(-rule.amount // 24)
    due_on = shift_days(start, days, "calendar_days", Calendar(), pauses=pauses)
    return due_on, datetime.combine(due_on, rule.day_end, place)


def _closing_time(rule: DeadlineRule, day: date, calendar: Calendar) -> time | None:
    if rule.cutoff == "midnight" or rule.service is None:
        return None
    return rule.service.closes_at(day, calendar)


def _next_service(rule: DeadlineRule, day: date, calendar: Calendar) -> date:
    """The day itself when the desk is open on it, else the next one on which it is."""
    for offset in range(_HORIZON if rule.service and rule.service.close else 0):
        later = day + timedelta(days=offset)
        if rule.service and rule.service.closes_at(later, calendar):
            return later
    return day


# --- readings that are still open ---------------------------------------------------------------


def _safe(
    rule: DeadlineRule,
    start: Moment,
    calendar: Calendar,
    place: tzinfo,
    others: Mapping[str, Moment],
    pauses: Sequence[Pause],
) -> tuple[date, str, datetime | None, tuple[str, ...]]:
    """The earliest date of all combinations of open readings, why, its closing hour, remarks."""
    own, _ = _end(rule, start, calendar, place, pauses)
    best = (own, 0, "")
    closing: datetime | None = None
    missing: list[str] = []
    for read, readings in rule.variants:
        begins, lacks = _start_under(readings, start, others, place)
        if lacks:
            remark = f"Bacaan lain yang masih terbuka: {lacks}. Tanggal itu tidak diberikan."
            missing += [remark] if remark not in missing else []
            continue
        due_on, due_at = _end(read, begins, calendar, place, pauses)
        best = min(best, (due_on, len(readings), " dan ".join(r.text for r in readings)))
        if due_at and read.cutoff == "service_end":
            closing = min(closing or due_at, due_at)
    if best[0] == own:
        return own, "", closing, tuple(missing)
    return best[0], best[2], closing, tuple(missing)


def _start_under(
    readings: tuple[Reading, ...], start: Moment, others: Mapping[str, Moment], place: tzinfo
) -> tuple[Moment, str]:
    """Where the clock starts under some readings, or the words of the one that lacks its date."""
    for reading in readings:
        if reading.starts:
            if reading.starts not in others:
                return start, reading.text
            start = _local(others[reading.starts], place)
    return start, ""


# --- remarks ------------------------------------------------------------------------------------


def _rule_warnings(
    rule: DeadlineRule, start: Moment, due_on: date, due_at: datetime | None, calendar: Calendar
) -> Iterator[str]:
    if rule.closes and rule.closes_on is None:
        yield "Tanggal tahapan yang menutup batas ini belum diisi pada aturan."
    elif rule.closes and day_of(start) > due_on:
        yield f"Masa penyampaian sudah ditutup {text.long_date(due_on)}."
    if rule.unit == "hours" and not isinstance(start, datetime):
        yield (
            f"Jam {rule.start_word} belum dicatat. Batas dihitung sampai akhir hari; "
            "isi jamnya agar tepat."
        )
    if rule.cutoff != "midnight" and due_at is None and rule.unit != "hours":
        why = calendar.why(due_on) or "jam pelayanan belum diisi"
        yield f"{text.full_date(due_on)} tanpa pelayanan ({why}). Pastikan cara menerimanya."


def _year_warnings(days: tuple[DayCount, ...], calendar: Calendar) -> Iterator[str]:
    for year in sorted({day.date.year for day in days}):
        if not calendar.has(year):
            yield (
                f"Tabel hari libur tahun {year} belum ada. Hanya Sabtu dan Minggu yang dikenal "
                "sebagai hari libur; isi tabelnya di halaman Aturan."
            )
    for day in days:
        if calendar.estimated(day.date):
            yield (
                f"{text.long_date(day.date)} masih perkiraan hari libur. "
                "Periksa lagi setelah ditetapkan."
            )
