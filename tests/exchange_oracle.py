"""What every edit of a history replaced, told by its author's screen: the judge of lost edits.

Each edit writes a text that nobody else ever writes. What stood in the field on that screen at that
moment is what the edit replaced. Version vectors, dots and the merge take no part in it, so they
cannot excuse their own faults.
"""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from posko_app.app import Posko
from posko_app.data.tables import Case, Evidence, PreventionActivity, ReportedParty, Sibling

FIELDS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "cases": (Case, ("title", "article", "event_place", "narrative")),
    "reported_parties": (ReportedParty, ("rank", "position_title")),
    "evidence": (Evidence, ("description",)),
    "prevention": (PreventionActivity, ("title", "description")),
}
Place = tuple[str, str]
"""A field of a record: its uid and the field's name."""
Screen = Mapping[Place, frozenset[int]]
_EDIT = re.compile(r"Isian (\d+)\b")


def text_of(number: int) -> str:
    """What the edit of that number writes."""
    return f"Isian {number} petugas"


def edits_in(value: object) -> frozenset[int]:
    """The edits whose text stands in a value."""
    return frozenset(map(int, _EDIT.findall(str(value))))


def screen(posko: Posko) -> dict[Place, frozenset[int]]:
    """Every edit that stands in an office, unresolved values included."""
    found: dict[Place, set[int]] = {}
    with posko.store.read() as session:
        for table, names in FIELDS.values():
            columns = [table.__table__.columns[name] for name in names]
            for uid, *values in session.execute(select(table.uid, *columns)):
                for name, value in zip(names, values, strict=True):
                    found.setdefault((uid, name), set()).update(edits_in(value))
        for uid, name, value in session.execute(
            select(Sibling.uid, Sibling.field, Sibling.sibling)
        ):
            found.setdefault((uid, name), set()).update(edits_in(value))
    return {place: frozenset(edits) for place, edits in found.items() if edits}


def in_file(path: Path) -> dict[Place, frozenset[int]]:
    """Every edit that the machine sheet of a workbook carries, read without the program."""
    found: dict[Place, frozenset[int]] = {}
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            text = book.read(name).decode()
            if "POS1" not in text:
                continue
            for cell in re.findall(r"<t[^>]*>(\{.*?\})</t>", text, re.DOTALL):
                row = json.loads(html.unescape(cell))
                for field_name, value in (*row.get("f", {}).items(), *row.get("m", {}).items()):
                    if edits := edits_in(value):
                        found[row["u"], field_name] = edits
    return found


@dataclass
class Oracle:
    """All edits of a history: where each was made, and which ones its author saw and replaced."""

    made: dict[int, tuple[Place, frozenset[int]]] = field(default_factory=dict)
    forgotten: set[int] = field(default_factory=set)
    count: int = 0

    def next(self) -> int:
        """The number of a new edit; `wrote` must follow when it was really made."""
        self.count += 1
        return self.count

    def wrote(self, number: int, place: Place, replaced: Iterable[int]) -> None:
        """Remember an edit and what stood there before its author's eyes."""
        self.made[number] = (place, frozenset(replaced) - {number})

    def unmade(self, number: int) -> None:
        """An edit was taken back before anybody else could see it."""
        del self.made[number]

    def forget_all_but(self, alive: Iterable[int]) -> None:
        """A disk was lost: what stands nowhere, and was replaced by nothing that does, is gone."""
        known: set[int] = set()
        waiting = list(alive)
        while waiting:
            number = waiting.pop()
            if number not in known and number in self.made:
                known.add(number)
                waiting += self.made[number][1]
        self.forgotten |= self.made.keys() - known

    def expected(self) -> set[int]:
        """Every edit that must stand in the end: nobody who saw it replaced it."""
        left = self.made.keys() - self.forgotten
        return left - set().union(*(self.made[number][1] for number in left))
