"""Very many random ways of a case: in one office, in two that merge, and through a real office.

    python -m tests.soak steps 5000 1

runs the histories 1, 2, … 5000. Each depends on its number alone, so a run that was broken off goes
on from any number (`steps 1000 4001`). AssertionError names the first history that fails.
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.cases import board
from posko_app.cases.intake import file_report
from posko_app.cases.steps import NewStep, events_of, record_step
from posko_app.data.tables import AuditEntry
from posko_app.errors import InvalidInput
from posko_app.office.setup import create_office
from posko_app.rules.book import Regulation
from posko_app.rules.stages import Event, state_of
from tests.conftest import OFFICES as NEW_OFFICES
from tests.conftest import FixedClock
from tests.factory import PASSWORD, TODAY, new_report
from tests.stepping import (
    BOOK,
    START,
    assert_checked,
    assert_lawful,
    assert_recomputable,
    content,
    legal,
    wild,
)

OFFICES = ("69.03", "69.03.02")
IN_AN_OFFICE = 20  # one history of so many goes through a real office
SAY_AFTER = 500


def history(number: int, steps: int = 40) -> int:
    """One case in two offices: each acts on what it knows, files arrive late and twice."""
    chance = random.Random(number)
    law = BOOK.get(chance.choice(sorted(BOOK.regulations)))
    held: tuple[list[Event], list[Event]] = ([], [])
    day = START
    for n in range(steps):
        place = chance.randint(0, 1) if n > 3 else 0
        day += timedelta(days=chance.choice((0, 0, 1, 2)))
        events, other = held[place], held[1 - place]
        if chance.random() < 0.25:
            known = {event.uid for event in events}
            arrived = chance.sample(other, chance.randint(0, len(other)))
            events.extend(event for event in arrived if event.uid not in known)
            continue
        made = (
            wild(events, chance, f"{n:03d}", OFFICES[place])
            if chance.random() < 0.2
            else legal(events, law, chance, f"{n:03d}", day, OFFICES[place])
        )
        if made is not None and assert_checked(events, made, law):
            events.append(made)
        merged = list({event.uid: event for event in (*events, *other)}.values())
        assert_lawful(state_of(merged, law), law)
        assert_recomputable(merged, law, chance)
    return sum(map(len, held))


def walk(posko: Posko, number: int, steps: int = 12) -> int:
    """One case through the use cases of a real office; how many steps were taken."""
    chance = random.Random(number)
    case = file_report(posko, new_report(known_on=TODAY - timedelta(days=1))).uid
    taken = 0
    for _ in range(steps):
        with posko.store.read() as session:
            events = events_of(session, case)
            journal = len(_journal(posko, case))
        law = posko.rules.get("pilkada-2024", TODAY)
        step = _a_step(events, law, chance)
        try:
            uid = record_step(posko, case, step)
        except InvalidInput:
            uid = ""
        with posko.store.read() as session:
            now = events_of(session, case)
            assert not board.board_problems(posko, session)
        log = _journal(posko, case)
        if uid:
            taken += 1
            assert {e.uid for e in now} == {e.uid for e in events} | {uid}
            assert len(log) == journal + 1
            assert log[-1].action == f"step.{step.kind}"
            assert uid in log[-1].body
        else:
            assert sorted(map(repr, now)) == sorted(map(repr, events))
            assert len(log) == journal
        assert_lawful(state_of(now, law), law)
        assert_recomputable(now, law, chance)
    return taken


def _a_step(events: list[Event], law: Regulation, chance: random.Random) -> NewStep:
    found = state_of(events, law)
    if chance.random() < 0.3 or not found.next_steps:
        odd = wild(events, chance, "x")
        return NewStep(
            kind=odd.kind, on=odd.on, outcome=odd.outcome, corrects=odd.corrects, data=odd.data
        )
    step = found.next_steps[0] if chance.random() < 0.6 else chance.choice(found.next_steps)
    outcome, data = content(step, found, law, chance, TODAY)
    return NewStep(kind=step.kind, on=TODAY, outcome=outcome, data=data)


def _journal(posko: Posko, case: str) -> list[AuditEntry]:
    with posko.store.read() as session:
        rows = select(AuditEntry).where(AuditEntry.entity_uid == case).order_by(AuditEntry.n)
        return list(session.scalars(rows))


def run(count: int, seed: int) -> int:
    """Histories `seed`, `seed` + 1, …; how many events they had. AssertionError names the first
    that fails."""
    total = 0
    with tempfile.TemporaryDirectory() as scratch:
        place, clock = Path(scratch) / "kantor", FixedClock()
        create_office(place, NEW_OFFICES["kabupaten"], PASSWORD, clock=clock)
        posko = open_office(place, "petugas", PASSWORD, clock=clock)
        try:
            for number in range(seed, seed + count):
                try:
                    total += history(number)
                    if number % IN_AN_OFFICE == 0:
                        total += walk(posko, number)
                except Exception as error:
                    raise AssertionError(f"history {number}: {error}") from error
                if (number + 1 - seed) % SAY_AFTER == 0:
                    sys.stdout.write(f"{number + 1 - seed} histories, next: {number + 1}\n")
        finally:
            posko.close()
    return total


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.stdout.write(f"{run(*(given or [1000, 1]))} events, nothing wrong.\n")
