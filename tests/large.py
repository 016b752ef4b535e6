"""A large office in little time: 100,000 cases as rows, every board line made by the program.

The rows are stamped as any other; what is left out is what no list reads (identities, the letters'
bytes). An office is made once per size, seed and state of the program and kept for the next run.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from posko_app.app import BOARD_MARK, Posko, open_office
from posko_app.cases import board
from posko_app.data.tables import (
    ArchivedCase,
    Case,
    CaseBoard,
    Event,
    Evidence,
    Letter,
    ReportedParty,
    Setting,
    Sibling,
    Sync,
)
from posko_app.data.versions import Stamper, case_of
from posko_app.demo.life import Life, lives
from posko_app.demo.people import Inventor
from posko_app.office.setup import create_office
from posko_app.security.uid import new_uid
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, TODAY

SCRATCH = "POSKO_SCRATCH"  # where offices are kept between runs; else in the system's own place
YEARS = timedelta(days=3 * 365)
AT_ONCE = 2000  # cases in one transaction
OFFICERS = ("petugas", "agus", "maya", "rina", "dedi")
SYLLABLES = re.findall(
    r"\w+", "ba ca da ga ha ja ka la ma na pa ra sa ta wa ber men per kan tan si ti ru du lo"
)
Rows = dict[type[Any], list[dict[str, Any]]]


def large_office(cases: int, seed: int = 1, say: Callable[[str], object] = print) -> Posko:
    """Open an office of so many cases, made now or in a run before."""
    root = Path(os.environ.get(SCRATCH) or Path(tempfile.gettempdir()) / "posko-besar")
    place = root / f"{cases}-{seed}"
    mark = _mark()
    kept = place / "selesai.txt"
    if not kept.is_file() or kept.read_text("utf-8") != mark:
        shutil.rmtree(place, ignore_errors=True)
        say(f"making {cases} cases in {place}")
        _make(place / "kantor", cases, seed)
        kept.write_text(mark, "utf-8")
    return _open(place / "kantor")


def _mark() -> str:
    """Of the tables, the lines and this module: what was made with others is made anew.

    For other rules the program itself computes the lines again.
    """
    core = Path(board.__file__).parents[1]
    sources = [*core.glob("data/**/*.py"), Path(__file__), core / "spelling.py"]
    lines = ("board", "search_text", "people_keys", "people_names")
    sources += [core / "cases" / f"{name}.py" for name in lines]
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _open(folder: Path) -> Posko:
    tokens = folder.parent / "perangkat"  # beside it: a kept office is the same one in every run
    return open_office(folder, "petugas", PASSWORD, clock=FixedClock(), place=tokens)


def _make(folder: Path, cases: int, seed: int) -> None:
    folder.parent.mkdir(parents=True)
    create_office(folder, OFFICES["kabupaten"], PASSWORD, clock=FixedClock(), tied=False)
    posko = _open(folder)
    try:
        random = Random(seed)
        told = lives(Inventor(random, posko), random, cases, TODAY - YEARS)
        filling = _Filling(posko, random)
        for start in range(0, cases, AT_ONCE):
            filling.add(told[start : start + AT_ONCE])
        with posko.write() as session:
            mark = f"{posko.law_mark}/{posko.office.zone}"
            session.merge(Setting(key=BOARD_MARK, value=mark))
    finally:
        posko.close()


@dataclass
class _Filling:
    """Fills an open office chunk by chunk."""

    posko: Posko
    random: Random
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, told: list[Life]) -> None:
        rows: Rows = {kind: [] for kind in (Case, Event, ReportedParty, Evidence, Letter, Sibling)}
        uids = [self._case(life, rows) for life in told]
        with self.posko.write(bulk=True) as session:
            self._stamp(session, rows)
            for kind, found in rows.items():
                if found:
                    session.execute(insert(kind), found)
            board.refresh(self.posko, session, uids)
            self._archive(session, uids)

    def _stamp(self, session: Session, rows: Rows) -> None:
        stamper = Stamper.take(session, "petugas", self.posko.clock)
        session.execute(
            insert(Sync),
            [
                {
                    "uid": row["uid"],
                    "table_name": kind.__tablename__,
                    "case_uid": case_of(kind.__tablename__, row["uid"], row),
                    "lsn": stamper.lsn(),
                    "version": stamper.created_version(),
                }
                for kind, found in rows.items()
                if kind is not Sibling
                for row in found
            ],
        )

    def _case(self, life: Life, rows: Rows) -> str:
        random, new, uid = self.random, life.report, new_uid()
        here = self.posko.office.code
        office = here if random.random() < 0.5 else new.region_code[:8] or here
        officer = random.choice(OFFICERS)
        number = self._number(new.kind, new.filed_on)
        rows[Case].append(
            {
                **{name: getattr(new, name) for name in COPIED},
                "uid": uid,
                "office_code": office,
                "regulation": "pilkada-2024",
                "number": number,
                "received_at": life.filed_at,
                "reporter_alias": "Pelapor",
                "officer": officer,
            }
        )
        facts = json.dumps({"intake_kind": new.kind, "channel": new.channel})
        filed = {"kind": "filed", "on": new.filed_on, "at": life.filed_at, "data": facts}
        rows[Event].append(self._event(uid, filed, life.filed_at, office, officer))
        for step in life.steps:
            said = {
                "kind": step.kind,
                "on": step.when.date(),
                "at": step.when,
                "outcome": step.outcome,
                "data": json.dumps(dict(step.data)),
            }
            if step.kind == "registered":
                said["number"] = self._number("register", step.when.date())
            rows[Event].append(self._event(uid, said, step.when, office, officer))
            if step.kind in ("referred", "notified"):
                rows[Letter].append(self._letter(uid, step.when, office))
        self._things(uid, life, rows)
        return uid

    def _things(self, uid: str, life: Life, rows: Rows) -> None:
        random = self.random
        for place, party in enumerate(life.report.reported, 1):
            values = {name: getattr(party, name) for name in PARTY}
            values["name"] = f"{party.name.partition(',')[0]} {self._word().title()}"
            rows[ReportedParty].append(
                {**values, "uid": new_uid(), "case_uid": uid, "position": place}
            )
        for place, item in enumerate(life.report.evidence, 1):
            name = f"{item.kind}_{self._word()}_{life.filed_at:%Y%m%d}.jpg"
            row = {"uid": new_uid(), "case_uid": uid, "position": place, "kind": item.kind}
            rows[Evidence].append(
                {**row, "description": item.description, "file_name": name,
                 "added_at": life.filed_at}
            )  # fmt: skip
        if random.random() < 0.01:
            for value in ("Satu", "Dua"):
                mark = json.dumps({"m": [value, value, 1, 1, ""]})
                rows[Sibling].append(
                    {"uid": uid, "table_name": "cases", "case_uid": uid, "field": "title",
                     "sibling": mark}
                )  # fmt: skip

    def _event(
        self, case: str, values: dict[str, Any], when: datetime, office: str, officer: str
    ) -> dict[str, Any]:
        row = {"outcome": "", "number": "", "note": "", "corrects": "", **values}
        own = {"uid": new_uid(), "case_uid": case, "office_code": office, "actor": officer}
        return {**row, **own, "made_at": when}

    def _letter(self, case: str, when: datetime, office: str) -> dict[str, Any]:
        return {
            "uid": new_uid(),
            "case_uid": case,
            "office_code": office,
            "template": "penerusan-hukum-lainnya",
            "title": "Penerusan dugaan pelanggaran",
            "number": self._number("letter", when.date()),
            "dated_on": when.date(),
            "addressee": f"Kepala Dinas {self._word().title()}",
            "sha256": "0" * 64,
            "size": 1,
            "issued_at": when,
        }

    def _number(self, series: str, on: date) -> str:
        key = (series, on.year)
        self.counts[key] = self.counts.get(key, 0) + 1
        return f"{self.counts[key]:03d}/{series[:2].upper()}/PB/Kab/21.05/{on.month}/{on.year}"

    def _word(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.choice((2, 2, 3))))

    def _archive(self, session: Session, uids: list[str]) -> None:
        """Put a quarter of what is finished away."""
        lines = CaseBoard
        closed = session.scalars(
            select(lines.case_uid).where(lines.case_uid.in_(uids), lines.view == "closed")
        ).all()
        away = [uid for uid in closed if self.random.random() < 0.25]
        now = self.posko.now()
        marks = [{"case_uid": uid, "archived_by": "petugas", "archived_at": now} for uid in away]
        if marks:
            session.execute(insert(ArchivedCase), marks)
            session.execute(update(lines).where(lines.case_uid.in_(away)).values(archived=True))


COPIED = (
    *("kind", "election_kind", "election_stage", "title", "theme", "article", "channel"),
    *("filed_on", "filed_time", "filed_place", "known_on", "event_on", "event_time"),
    *("event_place", "region_code", "narrative", "reporter_capacity"),
)
PARTY = ("category", "nip", "rank", "position_title", "agency", "address", "phone")


def words_of(posko: Posko, random: Random, count: int) -> Iterator[str]:
    """Words to type that are there: names, file names, places, common ones."""
    with posko.store.read() as session:
        highest = session.scalar(select(CaseBoard.id).order_by(CaseBoard.id.desc()).limit(1)) or 1
        for _ in range(count):
            text = session.scalar(
                select(CaseBoard.search_text).where(CaseBoard.id == random.randrange(1, highest))
            )
            yield random.choice((text or "guru").split())
