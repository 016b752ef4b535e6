"""The holidays of an office: those the program brings along, and its own words over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app import text
from posko_app.app import Posko, use_case
from posko_app.data.tables import LocalHoliday, Setting
from posko_app.errors import InvalidInput, Problem
from posko_app.law import JOINT_LEAVE, YEARS, LawChange, shipped
from posko_app.rules.calendar import KINDS, WEEKEND, Holiday

from .rehearse import rehearsed

FREE, WORKED, SHIPPED = "free", "worked", "shipped"
"""What a day is: not worked, worked after all, or again as the program brings it along."""


@dataclass(frozen=True, kw_only=True)
class HolidayRow:
    """One day of the table of holidays."""

    on: date
    name: str
    kind: str
    working: bool
    estimate: bool
    own: bool  # the office's own word
    reason: str = ""
    made_by: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HolidayEdit:
    """A day as it shall be: `state` is one of FREE, WORKED, SHIPPED."""

    on: date
    state: str
    name: str = ""
    kind: str = "local"


@use_case("office.read")
def holidays(posko: Posko, year: int) -> tuple[HolidayRow, ...]:
    """Every day of a year that is no plain working day, shipped ones and the office's own."""
    with posko.store.read() as session:
        own = _newest(session)
    rows = []
    for day, known in posko.calendar.holidays.items():
        if day.year == year:
            rows += [_row(holiday, own.get(day)) for holiday in known]
    return tuple(sorted(rows, key=lambda row: (row.on, row.name)))


@use_case("office.read")
def holiday_history(posko: Posko) -> tuple[LocalHolidayRow, ...]:
    """Every word of the office about a day, the newest first."""
    with posko.store.read() as session:
        rows = session.scalars(select(LocalHoliday).order_by(LocalHoliday.id.desc())).all()
        return tuple(
            LocalHolidayRow(
                on=row.on, name=row.name, kind=row.kind, state=row.state, reason=row.reason,
                made_by=row.made_by, made_at=row.made_at,
            )
            for row in rows
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LocalHolidayRow:
    """One word of the office about a day, for the history."""

    on: date
    name: str
    kind: str
    state: str
    reason: str
    made_by: str
    made_at: datetime


@use_case("office.rules")
def plan_holidays(posko: Posko, edits: Sequence[HolidayEdit], reason: str) -> LawChange:
    """What these edits would make of the calendar; nothing is written.

    Raises InvalidInput: no reason, no name, unknown category, nothing that changes.
    """
    reason = text.clean(reason)
    problems = [problem for edit in edits for problem in _problems(posko, edit)]
    if not reason:
        problems.append(Problem("reason", "Isi alasan perubahan, misalnya nomor surat edarannya."))
    if problems:
        raise InvalidInput(problems)

    def write(session: Session) -> None:
        now = posko.now()
        for edit in edits:
            session.add(
                LocalHoliday(
                    on=edit.on, name=text.clean(edit.name), kind=edit.kind, state=edit.state,
                    reason=reason, made_by=posko.user.login, made_at=now,
                )
            )  # fmt: skip
            posko.note(
                session, "holiday.changed", day=edit.on.isoformat(), state=edit.state,
                name=edit.name, kind=edit.kind, reason=reason,
            )  # fmt: skip

    return rehearsed(posko, " ".join(_told(edit) for edit in edits), write)


@use_case("office.rules")
def plan_joint_leave(posko: Posko, *, working: bool, reason: str) -> LawChange:
    """What would be if joint leave counted as working days, or as holidays again."""
    reason = text.clean(reason)
    if not reason:
        raise InvalidInput([Problem("reason", "Isi alasan perubahan.")])
    value = WORKED if working else FREE

    def write(session: Session) -> None:
        session.merge(Setting(key=JOINT_LEAVE, value=value))
        posko.note(session, "holiday.joint_leave", state=value, reason=reason)

    counted = "dihitung sebagai hari kerja" if working else "tidak dihitung sebagai hari kerja"
    return rehearsed(posko, f"Cuti bersama {counted}.", write)


@use_case("office.rules")
def plan_year(posko: Posko, year: int, reason: str) -> LawChange:
    """What would be if the office had entered every holiday of a year the program has no table of.

    Raises InvalidInput without a reason, and for a year that has its table already.
    """
    reason = text.clean(reason)
    problems = []
    if posko.calendar.has(year):
        problems.append(Problem("year", f"Tabel hari libur {year} sudah lengkap."))
    if not reason:
        problems.append(Problem("reason", "Isi alasan perubahan, misalnya nomor keputusannya."))
    if problems:
        raise InvalidInput(problems)

    def write(session: Session) -> None:
        kept = session.get(Setting, YEARS)
        years = {*(kept.value.split() if kept else ()), str(year)}
        session.merge(Setting(key=YEARS, value=" ".join(sorted(years))))
        posko.note(session, "holiday.year_entered", year=year, reason=reason)

    return rehearsed(posko, f"Tabel hari libur {year} dinyatakan lengkap.", write)


def adding(on: date, name: str, kind: str = "local") -> tuple[HolidayEdit, ...]:
    """The edits that make a day a holiday."""
    return (HolidayEdit(on=on, state=FREE, name=name, kind=kind),)


def removing(posko: Posko, on: date) -> tuple[HolidayEdit, ...]:
    """The edits that make a day no holiday: a shipped one is none after all."""
    brought = shipped()[1].holidays.get(on, ())
    if not brought:
        return (HolidayEdit(on=on, state=SHIPPED, name=_name(posko, on)),)
    return (HolidayEdit(on=on, state=WORKED, name=brought[0].name, kind=brought[0].kind),)


def moving(posko: Posko, on: date, to: date) -> tuple[HolidayEdit, ...]:
    """The edits that move a holiday to another day."""
    kind = next((h.kind for h in posko.calendar.holidays.get(on, ())), "local")
    return (*removing(posko, on), *adding(to, _name(posko, on), kind))


def restoring(on: date) -> tuple[HolidayEdit, ...]:
    """The edits that give a day back to the program's own table."""
    return (HolidayEdit(on=on, state=SHIPPED),)


def _name(posko: Posko, on: date) -> str:
    return "; ".join(h.name for h in posko.calendar.holidays.get(on, ()))


def _newest(session: Session) -> dict[date, LocalHoliday]:
    rows = session.scalars(select(LocalHoliday).order_by(LocalHoliday.id))
    return {row.on: row for row in rows}


def _row(holiday: Holiday, own: LocalHoliday | None) -> HolidayRow:
    ours = own if own is not None and own.state != SHIPPED else None
    return HolidayRow(
        on=holiday.on,
        name=holiday.name,
        kind=holiday.kind,
        working=holiday.working,
        estimate=holiday.estimate,
        own=ours is not None,
        reason=ours.reason if ours else "",
        made_by=ours.made_by if ours else "",
        made_at=ours.made_at if ours else None,
    )


def _problems(posko: Posko, edit: HolidayEdit) -> list[Problem]:
    problems = []
    known = posko.calendar.holidays.get(edit.on, ())
    if edit.state == FREE and not text.clean(edit.name):
        problems.append(Problem("name", "Isi nama hari libur."))
    if edit.kind not in KINDS:
        problems.append(Problem("kind", "Pilih jenis hari libur dari daftar."))
    if edit.state == FREE and any(not h.working and h.name == edit.name for h in known):
        problems.append(
            Problem("on", f"{text.full_date(edit.on)} sudah tercatat sebagai {known[0].name}.")
        )
    if edit.state == SHIPPED and known and known == shipped()[1].holidays.get(edit.on):
        problems.append(Problem("on", "Hari ini sudah seperti bawaan program."))
    if edit.state != FREE and not known:
        problems.append(Problem("on", f"{text.full_date(edit.on)} tidak ada di daftar hari libur."))
    return problems


def _told(edit: HolidayEdit) -> str:
    day = text.full_date(edit.on)
    if edit.state == FREE:
        return f"{day} menjadi {KINDS[edit.kind].lower()}: {edit.name}."
    if edit.state == WORKED:
        weekend = WEEKEND.get(edit.on.weekday())
        end = f"tetap hari {weekend}" if weekend else "menjadi hari kerja"
        return f"{day} bukan hari libur lagi, {end}."
    return f"{day} kembali seperti bawaan program."
