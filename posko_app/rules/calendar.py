"""Which days are working days: committed tables per year and an editable table of the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from posko_app.errors import UserError

from .reading import RulesError, read_toml

WEEKEND = {5: "Sabtu", 6: "Minggu"}
KINDS = {"national": "Hari libur", "joint_leave": "Cuti bersama", "local": "Hari libur daerah"}
"""The categories of non-working days and the words that stand before their names."""


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """One day that is not a working day, or, with `working`, one that is after all."""

    on: date
    name: str
    kind: str = "local"
    estimate: bool = False  # the date is an estimate until the decree is out
    working: bool = False

    @property
    def worked(self) -> bool:
        """Whether the day is worked even at a weekend.

        Only a day that an office names itself is. A holiday of the shipped tables that is none
        after all leaves a Sunday a Sunday.
        """
        return self.working and self.kind == "local"

    @property
    def words(self) -> str:
        """The day for the user: `Hari libur: Hari Raya Natal`, `Cuti bersama: Hari Raya Natal`."""
        return f"{KINDS[self.kind]}: {self.name.removeprefix('Cuti Bersama ')}"


@dataclass(frozen=True)
class Calendar:
    """The working days of an office."""

    holidays: Mapping[date, tuple[Holiday, ...]] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    joint_leave: bool = True  # whether joint leave counts as non-working

    @cached_property
    def counted(self) -> dict[Any, Any]:
        """Due dates counted on this calendar, which never changes: see `counting.due_date`."""
        return {}

    def working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return not self.why(day)

    def why(self, day: date) -> str:
        """Why `day` is not a working day, for the user; empty when it is one."""
        known = self._counted(day)
        if any(holiday.worked for holiday in known):
            return ""
        if known and not any(holiday.working for holiday in known):
            return "; ".join(holiday.words for holiday in known)
        return WEEKEND.get(day.weekday(), "")

    def has(self, year: int) -> bool:
        """Whether there is a table of holidays for `year`."""
        return year in self.years

    def estimated(self, day: date) -> bool:
        """Whether `day` is a holiday whose date is still an estimate."""
        return any(holiday.estimate for holiday in self._counted(day))

    def next_working(self, day: date) -> date:
        """`day` itself when it is a working day, else the next one."""
        while not self.working(day):
            day += timedelta(days=1)
        return day

    def _counted(self, day: date) -> tuple[Holiday, ...]:
        found = self.holidays.get(day, ())
        if self.joint_leave:
            return found
        return tuple(holiday for holiday in found if holiday.kind != "joint_leave")


def load_calendar(folder: Path, local_file: Path | None = None) -> Calendar:
    """The shipped tables `<year>.toml` of `folder` and the office's own table over them.

    Raises RulesError for a mistake in a shipped table, UserError for one in the office's table.
    """
    days: dict[date, tuple[Holiday, ...]] = {}
    years: set[int] = set()
    for path in sorted(folder.glob("[0-9]*.toml")):
        raw = read_toml(path)
        year = raw.get("year")
        if str(year) != path.stem or not raw.get("source"):
            raise RulesError(f"{path.name}: year and source must be given")
        years.add(int(path.stem))
        for holiday in _holidays(raw, path.name):
            if holiday.on.year != year:
                raise RulesError(f"{path.name}: {holiday.on} is not in {year}")
            days[holiday.on] = (*days.get(holiday.on, ()), holiday)
    joint_leave = True
    if local_file and local_file.exists():
        joint_leave = _add_local(days, years, local_file)
    return Calendar(days, frozenset(years), joint_leave)


def _add_local(days: dict[date, tuple[Holiday, ...]], years: set[int], path: Path) -> bool:
    """Lay the office's own table over `days`; gives whether joint leave is non-working.

    The table: `joint_leave = false` makes joint leave count as working; `years = [2028]` says the
    office has entered all holidays of that year; each `[[day]]` has `on`, `name` and, for a day
    that is worked after all, `working = true`.
    """
    try:
        raw = read_toml(path)
        joint_leave = raw.get("joint_leave", True)
        own_years = raw.get("years", [])
        if not isinstance(joint_leave, bool) or not all(isinstance(y, int) for y in own_years):
            raise RulesError(f"{path.name}: joint_leave or years is wrong")
        for holiday in _holidays({"local": raw.get("day", [])}, path.name):
            # The newest word of the office stands alone on its day.
            days[holiday.on] = (holiday,)
    except (RulesError, TypeError, AttributeError) as error:
        raise UserError(
            f"Tabel hari libur kantor ({path.name}) tidak terbaca. Data perkara aman. "
            "Perbaiki tabel itu di Pengaturan, Hari libur, atau hapus berkasnya.",
            "calendar_unreadable",
        ) from error
    years.update(own_years)
    return joint_leave


def _holidays(raw: Mapping[str, Any], where: str) -> list[Holiday]:
    found = []
    for kind in KINDS:
        for entry in raw.get(kind, []):
            on, name = entry.get("on"), entry.get("name", "")
            # A TOML date-time would pass as a date and never match a day.
            if type(on) is not date or not isinstance(name, str) or not name:
                raise RulesError(f"{where}: every day needs a date `on` and a `name`: {entry}")
            found.append(
                Holiday(
                    on=on,
                    name=name,
                    kind=kind,
                    estimate=bool(entry.get("estimate", False)),
                    working=bool(entry.get("working", False)),
                )
            )
    return found
