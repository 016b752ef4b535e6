"""How lists speak of cases: short numbers, first names, areas, stages, and the time left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.views import CaseRow
from posko_app.office.accounts import accounts
from posko_app.rules.deadlines import Due, basis_of

from .widgets.chips import Chip, deadline_chip

LEVELS: Mapping[int, str] = {2: "Prov", 5: "Kab", 8: "Kec"}
"""The word of an office's level by the length of its Kemendagri code."""
BELOW: Mapping[str, tuple[str, int]] = {
    "provinsi": ("Kabupaten", 5),
    "kabupaten": ("Kecamatan", 8),
    "kecamatan": ("Desa", 13),
}
"""What an office divides its area into, and the length of the codes of these."""


OTHERS = "Di kantor lain"


def working_day(safe_on: date, due_on: date | None, today: date) -> date:
    """The day a list counts to: the earliest under open readings of the law, but not before today.

    A case is late only by the reading in force; late by another one means it is due today.
    """
    if due_on is not None and due_on < today:
        return due_on
    return max(safe_on, today)


def next_step(row: CaseRow) -> tuple[str, str]:
    """Kind and words of the step that a list offers; a closed case offers none.

    One that was handed over offers none here either, and says for whom it waits.
    """
    if row.view == "closed":
        return "", ""
    return (row.next_step, row.next_step_label) if row.next_step else ("", OTHERS)


class CaseWords:
    """The words of one office's lists; `refresh` reads what may have changed meanwhile."""

    def __init__(self, posko: Posko) -> None:
        self._posko = posko
        self.area_title, self._area = BELOW.get(posko.office.level, BELOW["kabupaten"])
        self.refresh()

    def refresh(self) -> None:
        """Read today, the regulation and the names of the officers again."""
        posko = self._posko
        self.today = posko.today()
        self._law = posko.rules.get(posko.office.regulation)
        self._officers = {row.login: row.name for row in accounts(posko)}

    def number(self, row: CaseRow) -> str:
        """The running part: `021`, `T-04` for a finding, `017 Kec` for one of another office."""
        seq = row.number.partition("/")[0]
        if not seq:
            return "–"
        if row.kind == "finding":
            seq = f"T-{seq.removeprefix('0')}"
        if row.office_code == self._posko.office.code:
            return seq
        return f"{seq} {LEVELS.get(len(row.office_code), '')}".strip()

    def numbers(self, row: CaseRow) -> str:
        """The whole numbers, for a tooltip."""
        kind = self._posko.vocabulary.label("intake_kind", row.kind)
        lines = [row.number or f"{kind}, tanpa nomor"]
        if row.register_number:
            lines.append(f"Registrasi {row.register_number}")
        if row.origin_number:
            lines.append(f"Nomor asal {row.origin_number}")
        return "\n".join(lines)

    def officer(self, row: CaseRow) -> str:
        """The officer's first name; of another office's account only the login is known."""
        return self.person(row.officer, row.office_code).partition(" ")[0]

    def person(self, login: str, office_code: str) -> str:
        """The name behind an account of an office."""
        if office_code != self._posko.office.code:
            return login.capitalize()
        return self._officers.get(login) or login.capitalize()

    def area(self, row: CaseRow) -> str:
        """The part of this office's area where it happened."""
        region = self._posko.regions.get(row.region_code[: self._area])
        return region.name.removeprefix("Kabupaten ") if region else row.region_name

    def office(self, code: str) -> str:
        """An office in a few letters: `Kec. Kurun`, or that it is this one."""
        if code == self._posko.office.code:
            return "Kantor ini"
        region = self._posko.regions.get(code)
        if region is None:
            return code
        level = LEVELS.get(len(code), "")
        return region.name if level == "Kab" else f"{level}. {region.name}"

    def kind(self, row: CaseRow) -> str:
        """What it came in as."""
        return self._posko.vocabulary.label("intake_kind", row.kind)

    def since(self, row: CaseRow) -> str:
        """Since when an answer is missing: `12 hari`, nothing when none is."""
        if row.waiting_since is None:
            return "–"
        days = (self.today - row.waiting_since).days
        return f"{text.thousands(days)} hari" if days else "hari ini"

    def waited(self, row: CaseRow) -> str:
        """The day it was referred there, for a tooltip."""
        day = row.waiting_since
        done = self._law.steps["referred"].done
        return f"{done} {text.full_date(day)}, belum ada jawaban." if day else ""

    def stage(self, row: CaseRow) -> str:
        """The stage with its place in the course of its kind: `5 Klarifikasi`."""
        flow = self._law.flow.get(row.kind, ())
        passing = row.stage_label == self._law.outcomes["handed_over"].label
        if row.stage not in flow or passing:
            return row.stage_label
        return f"{flow.index(row.stage) + 1} {row.stage_label}"

    def chip(self, row: CaseRow) -> Chip | None:
        """The time left until the safe date; nothing when no clock runs."""
        if row.safe_on is None:
            return None
        law = self._posko.rules.get(self._posko.office.regulation, row.filed_on)
        rule = law.deadlines.get(row.due_rule)
        said = [f"{rule.label}: {self._limit(row.due_on)}"] if rule else [self._limit(row.due_on)]
        if rule:
            said.append(f"Dihitung {basis_of(rule)}.")
        if row.due_on and row.safe_on < row.due_on:
            said.append(f"Paling aman {text.full_date(row.safe_on)}, menurut bacaan paling ketat.")
        day = working_day(row.safe_on, row.due_on, self.today)
        return deadline_chip(day, self.today, tooltip="\n".join(said))

    def due_chip(self, due: Due) -> Chip:
        """The time left, explained by the deadline itself."""
        day = working_day(due.safe_on, due.due_on, self.today)
        return deadline_chip(day, self.today, tooltip=self.due_words(due))

    def due_words(self, due: Due) -> str:
        """How a deadline was counted, in a few lines."""
        said = [f"{due.label}: {self._limit(due.due_on, due)}"]
        said.append(f"Dihitung {due.basis}, yaitu {text.long_date(due.start_on)}.")
        if due.safe_on < due.due_on:
            why = due.safe_why or "menurut bacaan paling ketat"
            said.append(f"Paling aman {text.full_date(due.safe_on)}: {why}.")
        return "\n".join(said)

    def here(self, instant: datetime) -> datetime:
        """An instant on the clock of this office."""
        return text.local(instant, self._posko.office.zone)

    def moment(self, day: date, clock: str = "") -> str:
        """A day as people say it: `Hari ini 09.12`, `Kemarin`, `Sel 8 Okt`."""
        days = (self.today - day).days
        said = {0: "Hari ini", 1: "Kemarin"}.get(days, text.day_month(day))
        return f"{said} {clock}".strip()

    def _limit(self, day: date | None, due: Due | None = None) -> str:
        if day is None:
            return "tanpa batas."
        clock = due.clock(self._posko.zone) if due else text.clock(self._law.day_end)
        return f"batas {text.full_date(day)} pukul {clock} {self._posko.office.zone}."
