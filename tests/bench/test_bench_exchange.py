"""Exchange of 10,000 cases against bare peers: openpyxl for files, Core executemany for rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from sqlalchemy import insert, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from posko_app.app import Posko, open_office
from posko_app.cases import board
from posko_app.cases.evidence import StoredEvidence, evidence_rows
from posko_app.cases.intake import make_rows
from posko_app.cases.report import EvidenceInput
from posko_app.cases.series import Numbered
from posko_app.data.base import synced_tables
from posko_app.data.tables import (
    Case,
    CaseBoard,
    Event,
    ImportBefore,
    KnownWord,
    MatchKey,
    Sibling,
    Sync,
    WordGram,
)
from posko_app.exchange.apply import apply_plan
from posko_app.exchange.export import export
from posko_app.exchange.opened import open_export
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.exchange.xlsx.read import open_book
from posko_app.office.setup import create_office
from tests.bench.ratio import added_memory, compare
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, TODAY, new_report
from tests.introduced import introduce

CASES = 10_000
MB = 2**20
SEARCH = {"match_keys", "known_words", "word_grams", "import_befores"}  # only ever added to
WORDS = [
    "spanduk",
    "pasar",
    "pemilihan",
    "ketua",
    "camat",
    "tidak",
    "netral",
    "kabupaten",
    "laporan",
    "pada",
    "tanggal",
    "saksi",
    "melihat",
    "terlapor",
    "hadir",
    "di",
    "lapangan",
    "bersama",
    "pasangan",
    "calon",
    "memakai",
    "seragam",
    "dinas",
    "kemudian",
    "desa",
]


@dataclass
class World:
    """A filled subdistrict office, its export, and an empty district office to copy."""

    root: Path
    sender: Posko
    files: tuple[Path, ...] = ()
    opened: list[Posko] = field(default_factory=list)

    def receiver(self, held: Path | None = None) -> Posko:
        """A fresh empty district office, or a copy of `held`; the one before is closed."""
        for posko in self.opened:
            posko.close()
        self.opened.clear()
        target = self.root / "penerima"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(held or self.root / "kabupaten", target)
        self.opened.append(open_office(target, "petugas", PASSWORD, clock=FixedClock()))
        introduce(self.sender, self.opened[0])
        return self.opened[0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("exchange")
    for level in ("kecamatan", "kabupaten"):
        create_office(root / level, OFFICES[level], PASSWORD, clock=FixedClock())
    with ExitStack() as stack:
        sender = open_office(root / "kecamatan", "petugas", PASSWORD, clock=FixedClock())
        stack.callback(sender.close)
        fill(sender, CASES)
        made = World(root, sender)
        yield made
        for posko in made.opened:
            posko.close()


def fill(posko: Posko, count: int, first: int = 0) -> None:
    """Cases with two events, a party, a witness, two pieces of evidence and a narrative each.

    The cases `first` to `count`, so that an office can grow.
    """
    chance = Random(1 + first)
    law = posko.rules.get(posko.office.regulation)
    for start in range(first, count, 200):
        with posko.write() as session:
            cases: list[Case] = []
            rows: list[Any] = []
            for n in range(start, min(count, start + 200)):
                report = new_report(
                    title=" ".join(chance.choices(WORDS, k=6)),
                    narrative=" ".join(chance.choices(WORDS, k=chance.randint(40, 200))),
                    filed_on=TODAY - timedelta(days=chance.randint(0, 60)),
                    known_on=None,
                )
                number = Numbered(f"{n + 1:05d}/PL/PB/Kec/21.05/X/2024", n + 1, ())
                case, children = make_rows(posko, report, law, number, "petugas")
                items = [EvidenceInput(description="Foto"), EvidenceInput(description="Surat")]
                cases.append(case)
                rows += children
                rows += evidence_rows(posko, case.uid, [StoredEvidence(item) for item in items])
                rows.append(
                    Event(
                        case_uid=case.uid,
                        kind="note",
                        on=TODAY,
                        office_code=posko.office.code,
                        note=" ".join(chance.choices(WORDS, k=8)),
                        made_at=posko.now(),
                    )
                )
            session.add_all(cases)
            session.flush()
            session.add_all(rows)
            session.flush()
            board.refresh(posko, session, [case.uid for case in cases])


@pytest.fixture(scope="module")
def files(world: World) -> tuple[Path, ...]:
    """The export, written once."""
    folder = world.root / "kiriman"
    folder.mkdir()
    world.files = export(world.sender, "62.10", folder).files
    return world.files


def written_again(world: World) -> None:
    folder = world.root / "lagi"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    export(world.sender, "62.10", folder)


def test_memory_of_an_export(world: World) -> None:
    """Flat: what is added does not depend on the number of cases. The page cache is warm before."""
    with world.sender.store.read() as session:
        for source in (*synced_tables().values(), Sync, CaseBoard):
            for _ in session.execute(select(source.__table__).execution_options(yield_per=500)):
                pass
    goal = 40 * MB
    added_memory("export of 10,000 cases", lambda: written_again(world), goal=goal)


def test_export_against_openpyxl(world: World, files: tuple[Path, ...], tmp_path: Path) -> None:
    cells: list[dict[str, list[list[str]]]] = []
    for path in files:
        with open_book(path) as book:
            cells.append(
                {
                    info.name: [[c.value for c in row.cells] for row in book.rows(info.name)]
                    for info in book.sheets
                }
            )

    def theirs() -> None:
        for sheets in cells:
            book = openpyxl.Workbook()
            for name, rows in sheets.items():
                sheet = book.create_sheet(name)
                for row in rows:
                    sheet.append(row)
            book.save(tmp_path / "peer.xlsx")

    compare("export / openpyxl", lambda: written_again(world), theirs, goal=0.60, rounds=3)


def test_guard_parse_verify_against_openpyxl(files: tuple[Path, ...]) -> None:
    def ours() -> None:
        with Reader() as reader:
            for path in files:
                assert not open_export(reader, path).edited

    def theirs() -> None:
        for path in files:
            book = openpyxl.load_workbook(path, read_only=True)
            for sheet in book:
                for _ in sheet.iter_rows(values_only=True):
                    pass
            book.close()

    compare("guard, parse, verify / openpyxl", ours, theirs, goal=0.25, rounds=3)


def kept_rows(posko: Posko) -> dict[Any, list[dict[str, Any]]]:
    """Every row that an import made, by table, without local numbers: search and undo included."""
    rows: dict[Any, list[dict[str, Any]]] = {}
    kept = [*(t.__table__ for t in synced_tables().values()), Sync, Sibling, CaseBoard]
    kept += [MatchKey, KnownWord, WordGram, ImportBefore]
    with posko.store.read() as session:
        for source in kept:
            table = getattr(source, "__table__", source)
            columns = [c for c in table.columns if c.name != "id"]
            rows[table] = [dict(r._mapping) for r in session.execute(select(*columns))]
    return rows


def test_into_the_database_against_executemany(world: World, files: tuple[Path, ...]) -> None:
    plans: list[ImportPlan] = []
    office: list[Posko] = []
    receiver = world.receiver()
    for path in files:
        plans.append(preview(receiver, path))
        apply_plan(receiver, plans[-1])
    rows = kept_rows(receiver)
    assert sum(len(rows[t]) for t in (Case.__table__, Sync.__table__)) == CASES * 8

    def fresh() -> None:
        office[:] = [world.receiver()]

    def ours() -> None:
        for plan in plans:
            # the plans were made for an empty office, which this one is again
            apply_plan(office[0], plan)

    def theirs() -> None:
        with office[0].write(bulk=True) as session:
            for table, found in rows.items():
                for start in range(0, len(found), 500):
                    session.execute(insert(table), found[start : start + 500])
            office[0].note(session, "import.applied")

    compare("into the database / executemany", ours, theirs, goal=1.8, rounds=3, before=fresh)


def change_tenth(posko: Posko) -> None:
    """Another article and place in every tenth case, as a week of work changes them."""
    with posko.store.read() as session:
        uids = session.scalars(select(Case.uid).order_by(Case.id)).all()[::10]
    for start in range(0, len(uids), 500):
        with posko.write() as session:
            for case in session.scalars(
                select(Case).where(Case.uid.in_(uids[start : start + 500]))
            ):
                case.article = f"{case.article} lagi".strip()
                case.event_place = "Lapangan Contoh"


def test_merging_what_changed_in_a_tenth(world: World, files: tuple[Path, ...]) -> None:
    """The file brings all cases once more; only what changed is written."""
    receiver = world.receiver()
    for path in files:
        apply_plan(receiver, preview(receiver, path))
    change_tenth(world.sender)
    again = world.root / "perubahan"
    again.mkdir()
    changed = export(world.sender, "62.10", again).files
    plans = [preview(receiver, path) for path in changed]
    assert sum(plan.updated for plan in plans) == CASES // 10
    rows = kept_rows(receiver)
    receiver.close()
    held = world.root / "sudah"
    shutil.copytree(world.root / "penerima", held)
    office: list[Posko] = []

    def before() -> None:
        office[:] = [world.receiver(held)]

    def ours() -> None:
        for plan in plans:
            apply_plan(office[0], plan)

    def theirs() -> None:
        with office[0].write(bulk=True) as session:
            for table, found in rows.items():
                key = next((k for k in ("uid", "case_uid") if table.c.get(k) is not None), "")
                if not found or table.name in SEARCH:
                    continue
                put = sqlite_insert(table)
                own = {c.name: c for c in put.excluded if c.name not in ("id", key)}
                put = put.on_conflict_do_update(index_elements=[key], set_=own)
                for start in range(0, len(found), 500):
                    session.execute(put, found[start : start + 500])

    name = "merge, a tenth changed / upserting all"
    compare(name, ours, theirs, goal=0.15, rounds=3, before=before, limit=1.0)


def test_a_locked_export_against_openpyxl(world: World, files: tuple[Path, ...]) -> None:
    """Locking for the recipient's key costs little beside writing: the same export without it."""
    folder = world.root / "terkunci"

    def locked() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        export(world.sender, "62.10", folder, what="all", lock=True)

    def plain() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        export(world.sender, "62.10", folder, what="all")

    compare("export locked / not locked", locked, plain, goal=1.15, rounds=3)


def test_a_saved_again_export_against_openpyxl(files: tuple[Path, ...], tmp_path: Path) -> None:
    """Somebody opened and saved the file: every sheet is read, nothing is found changed."""
    again = tmp_path / "lagi.xlsx"
    openpyxl.load_workbook(files[0]).save(again)

    def ours() -> None:
        with Reader() as reader:
            opened = open_export(reader, again)
            assert opened.signature == "valid"
            for name in opened.edited:
                for _ in opened.book.rows(name):
                    pass

    def theirs() -> None:
        book = openpyxl.load_workbook(again, read_only=True)
        for sheet in book:
            for _ in sheet.iter_rows(values_only=True):
                pass
        book.close()

    compare("guard, parse, verify, saved again / openpyxl", ours, theirs, goal=0.60, rounds=3)


def test_taking_in_what_is_known_already(world: World, files: tuple[Path, ...]) -> None:
    """Importing a file twice costs little more than reading it."""
    receiver = world.receiver()
    for path in files:
        apply_plan(receiver, preview(receiver, path))

    def again() -> None:
        for path in files:
            plan = preview(receiver, path)
            assert (plan.new, plan.updated) == (0, 0)
            apply_plan(receiver, plan)

    def reading() -> None:
        with Reader() as reader:
            for path in files:
                open_export(reader, path)

    compare("the same file twice / reading it", again, reading, goal=2.5, rounds=3)
