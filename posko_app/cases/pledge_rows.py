"""The lines of a pledge's roster and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from posko_app.app import Posko
from posko_app.data.tables import Signatory

from .prevention_words import prevention_words

PRESENT, REPRESENTED, ABSENT = "present", "represented", "absent"


@dataclass(frozen=True, kw_only=True)
class SignatoryRow:
    """One invited office, its holder, and what came of it."""

    uid: str
    position: int
    name: str
    nip: str
    rank: str
    position_title: str
    agency: str
    group_code: str
    group_label: str
    attendance: str
    attendance_label: str
    represented_by: str
    self_pledge_on: date | None
    note: str
    scans: int
    owing: bool  # a pledge signed alone is still to come

    @property
    def vacant(self) -> bool:
        """Whether nobody holds the office."""
        return not self.name

    @property
    def signed(self) -> bool:
        """Whether this person signed, there or alone; a representative signs for the office."""
        return self.attendance == PRESENT or self.self_pledge_on is not None


class Counted(Protocol):
    """What totals are counted from."""

    @property
    def attendance(self) -> str:
        """How the office answered."""

    @property
    def vacant(self) -> bool:
        """Whether nobody holds it."""

    @property
    def self_pledge_on(self) -> date | None:
        """When a pledge signed alone came in."""

    @property
    def owing(self) -> bool:
        """Whether one is still to come."""


@dataclass(frozen=True, slots=True)
class MarkRow:
    """As much of a line as totals need: lists of pledges count many of them."""

    attendance: str
    vacant: bool
    self_pledge_on: date | None
    owing: bool


@dataclass(frozen=True, kw_only=True)
class GroupTotal:
    """Counts of one group, or of all.

    `invited` is the sum of `present`, `represented`, `absent`, `vacant` and `unmarked`.
    """

    code: str
    label: str
    invited: int
    present: int
    represented: int
    absent: int
    vacant: int  # invited offices without a holder that nobody represented
    unmarked: int
    self_pledged: int
    owing: int


def totals_of(posko: Posko, rows: Iterable[SignatoryRow]) -> tuple[GroupTotal, ...]:
    """The totals of the groups that were invited, in the order of the vocabulary."""
    lines = tuple(rows)
    order = posko.vocabulary.items("signatory_group")
    codes = dict(order) | {line.group_code: line.group_label for line in lines}
    return tuple(
        total_of([line for line in lines if line.group_code == code], code, label)
        for code, label in codes.items()
        if any(line.group_code == code for line in lines)
    )


def total_of(lines: Sequence[Counted], code: str = "", label: str = "") -> GroupTotal:
    """The counts of some lines."""
    held = [line for line in lines if line.attendance in (PRESENT, REPRESENTED) or not line.vacant]

    def count(attendance: str) -> int:
        return sum(line.attendance == attendance for line in held)

    return GroupTotal(
        code=code,
        label=label,
        invited=len(lines),
        present=count(PRESENT),
        represented=count(REPRESENTED),
        absent=count(ABSENT),
        vacant=len(lines) - len(held),
        unmarked=count(""),
        self_pledged=sum(line.self_pledge_on is not None for line in lines),
        owing=sum(line.owing for line in lines),
    )


def mark_of(name: str, attendance: str, self_pledge_on: date | None) -> MarkRow:
    """What a line counts as."""
    owes = bool(name) and attendance in prevention_words().pledge.owing and not self_pledge_on
    return MarkRow(attendance, not name, self_pledge_on, owes)


def line_of(posko: Posko, row: Signatory, scans: int) -> SignatoryRow:
    """One line as pages and papers see it."""
    label = posko.vocabulary.label
    return SignatoryRow(
        uid=row.uid,
        position=row.position,
        name=row.name,
        nip=row.nip,
        rank=row.rank,
        position_title=row.position_title,
        agency=row.agency,
        group_code=row.group_code,
        group_label=label("signatory_group", row.group_code),
        attendance=row.attendance,
        attendance_label=label("attendance", row.attendance) if row.attendance else "",
        represented_by=row.represented_by,
        self_pledge_on=row.self_pledge_on,
        note=row.note,
        scans=scans,
        owing=mark_of(row.name, row.attendance, row.self_pledge_on).owing,
    )
