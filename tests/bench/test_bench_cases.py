"""One save, search as you type and list pages, each against its bare peer in the same run."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from posko_app.app import Posko, open_office
from posko_app.cases.evidence import StoredEvidence
from posko_app.cases.intake import add_report
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.report import EvidenceInput
from posko_app.data.store import open_store
from posko_app.data.tables import Case, CaseBoard
from posko_app.office.setup import create_office
from tests.bench.ratio import REPORT, Measured, compare
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, new_report

SYLLABLES = [
    "ba",
    "ca",
    "da",
    "ga",
    "ha",
    "ja",
    "ka",
    "la",
    "ma",
    "na",
    "pa",
    "ra",
    "sa",
    "ta",
    "wa",
    "ber",
    "men",
    "per",
    "kan",
    "tan",
    "si",
    "ti",
    "ru",
    "du",
    "lo",
]
RANDOM = random.Random(1)
WORDS = sorted(
    {"".join(RANDOM.choices(SYLLABLES, k=RANDOM.choice((2, 3, 3, 4)))) for _ in range(135)}
)
NOW = datetime(2024, 10, 15, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def posko(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Posko]:
    folder = tmp_path_factory.mktemp("bench") / "kantor"
    create_office(folder, OFFICES["kabupaten"], PASSWORD, clock=FixedClock())
    opened = open_office(folder, "petugas", PASSWORD, clock=FixedClock())
    yield opened
    opened.close()


def cpu(job: Callable[[], object]) -> float:
    start = time.process_time()
    job()
    return time.process_time() - start


def test_one_save_against_the_bare_orm_commit(posko: Posko, tmp_path: Path) -> None:
    """The same rows, audit and version and board rows included, added by a bare ORM session."""
    stored = [StoredEvidence(EvidenceInput(description="Foto")) for _ in range(2)]
    kept: list[tuple[type, dict[str, object]]] = []

    def save() -> None:
        with posko.write() as session:
            add_report(posko, session, new_report(), stored)

    def remember() -> None:
        """Note every row of one save, to be written again by the peer."""
        with posko.store.write() as session:

            @event.listens_for(session, "after_flush")
            def _(session: Session, context: object) -> None:
                for row in session.new:
                    columns = type(row).__table__.columns.keys()
                    kept.append((type(row), {c: getattr(row, c) for c in columns if c != "id"}))

            add_report(posko, session, new_report(), stored)

    save()
    remember()
    peer = open_store(tmp_path / "peer.db", bytes(32), lambda: NOW)
    with peer.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_in_order"))
    runs = iter(range(10_000))

    def bare() -> None:
        n = next(runs)
        with Session(peer.engine) as session:
            for table, values in kept:
                own = {
                    k: f"{v}-{n}" if k in ("uid", "case_uid", "identity_uid") and v else v
                    for k, v in values.items()
                }
                if "n" in own:
                    own["n"] = n * 10 + 1
                session.add(table(**own))
                session.flush() if table is Case else None
            session.commit()

    compare("one save / bare ORM commit of the same rows", save, bare, goal=1.5)
    peer.close()


def fill(posko: Posko, count: int, first: int) -> None:
    """Add board lines with their cases, quickly: what lists and search read."""
    rng = random.Random(first)
    with posko.write(bulk=True) as session:
        for start in range(first, first + count, 5000):
            cases, lines = [], []
            for n in range(start, min(start + 5000, first + count)):
                uid = f"c{n:07d}"
                day = date(2024, 1, 1) + timedelta(days=n % 280)
                cases.append(
                    {
                        "uid": uid,
                        "office_code": "62.10",
                        "kind": "report",
                        "regulation": "pilkada-2024",
                        "received_at": NOW,
                        "filed_on": day,
                    }
                )
                lines.append(
                    {
                        **dict.fromkeys(TEXTS, ""),
                        "case_uid": uid,
                        "kind": "report",
                        "regulation": "pilkada-2024",
                        "view": "closed" if n % 3 else "active",
                        "title": "Judul",
                        "filed_on": day,
                        "sort_on": day + timedelta(days=2),
                        "safe_on": day + timedelta(days=2),
                        "conflicts": 0,
                        "last_at": NOW,
                        "search_text": " ".join(rng.choices(WORDS, k=60)),
                    }
                )
            session.execute(insert(Case), cases)
            session.execute(insert(CaseBoard), lines)


TEXTS = [c.name for c in CaseBoard.__table__.columns if c.type.python_type is str]


@pytest.fixture(scope="module")
def sizes(posko: Posko) -> Callable[[int], None]:
    have = 0

    def grow(count: int) -> None:
        nonlocal have
        if have < count:
            fill(posko, count - have, have)
            have = count

    return grow


def timed_lists(posko: Posko) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"first": [], "deep": [], "search": []}
    after = None
    for _ in range(20):
        page = list_cases(posko, CaseFilter(), limit=100, after=after)
        after = page[-1]
    for _ in range(30):
        found["first"].append(cpu(lambda: list_cases(posko, CaseFilter(), limit=50)))
        found["deep"].append(cpu(lambda: list_cases(posko, CaseFilter(), limit=50, after=after)))
    typed = [word[:n] for word in WORDS[::12] for n in range(1, len(word) + 1)]
    for word in (*typed, f"{WORDS[5]} {WORDS[40][:3]}", "zzz"):
        for _ in range(3):
            found["search"].append(
                cpu(lambda w=word: list_cases(posko, CaseFilter(text=w), limit=50))
            )
    return found


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def note(name: str, large: float, small: float, goal: float) -> None:
    found = Measured(name, large, small, large / small, goal)
    REPORT.append(str(found))
    print(found)


def test_lists_and_search_grow_slowly(posko: Posko, sizes: Callable[[int], None]) -> None:
    sizes(10_000)
    small = timed_lists(posko)
    sizes(100_000)
    large = timed_lists(posko)
    for name in ("first", "deep"):
        note(f"{name} list page, 100k / 10k", median(large[name]), median(small[name]), 2.5)
    scans = []
    statement = text(
        "SELECT count(*) FROM case_board JOIN cases ON cases.uid = case_board.case_uid "
        "WHERE search_text LIKE :w OR cases.title LIKE :w"
    )
    for word in (*WORDS[::30], "zzz"):

        def scan(w: str = word) -> None:
            with posko.store.read() as session:
                session.execute(statement, {"w": f"%{w}%"}).scalar()

        scans += [cpu(scan) for _ in range(3)]
    note("search as you type p95 / LIKE scan p95", p95(large["search"]), p95(scans), 0.08)
