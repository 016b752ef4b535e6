"""Suggestions beside the keyboard over very many cases: what looking for alike cases costs.

    python -m tests.soak people 100000 1

uses the office that the job `lists` makes, types reports like those that are there (the person
misspelled, by number, with another office; the place on a near day; nobody known), and prints the
milliseconds of CPU of a look, warm. More than the bound fails.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from random import Random
from statistics import median

from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.people import other_cases
from posko_app.cases.people_likely import EventFacts, PersonFacts, likely_same
from posko_app.data.tables import Case, CaseBoard, ReportedParty
from tests.large import large_office
from tests.soak.lists import p95

BOUND = 50.0  # milliseconds
CALLS = 5
SAMPLES = 60
Job = tuple[str, Callable[[], object]]


def jobs(posko: Posko, random: Random) -> Iterator[Job]:
    """Every way to type what stands in the office already."""
    for uid, facts in _samples(posko, random):
        person = facts.persons[0]
        nameless = replace(facts, persons=())
        yield "whole report", _look(posko, facts)
        yield "name alone", _look(posko, EventFacts(persons=(replace(person, nip=""),)))
        yield "NIP alone", _look(posko, EventFacts(persons=(replace(person, name=""),)))
        yield "place and day", _look(posko, nameless)
        yield "misspelled", _look(posko, _turned(facts, random))
        yield "first letters", _look(posko, _begun(facts))
        yield "person in other cases", partial(other_cases, posko, uid)


def _samples(posko: Posko, random: Random) -> Iterator[tuple[str, EventFacts]]:
    with posko.store.read() as session:
        highest = session.scalar(select(CaseBoard.id).order_by(CaseBoard.id.desc()).limit(1)) or 1
        found = 0
        while found < SAMPLES:
            row = session.execute(
                select(Case, ReportedParty)
                .join(CaseBoard, CaseBoard.case_uid == Case.uid)
                .join(ReportedParty, ReportedParty.case_uid == Case.uid)
                .where(CaseBoard.id == random.randrange(1, highest + 1))
            ).first()
            happened: date | None = row[0].event_on if row else None
            if row is None or happened is None:
                continue
            found += 1
            case, party = row
            yield (
                case.uid,
                EventFacts(
                    persons=(PersonFacts(name=party.name, nip=party.nip, agency=party.agency),),
                    event_on=happened + timedelta(days=random.randrange(-3, 4)),
                    event_place=case.event_place,
                    region_code=case.region_code,
                    theme=case.theme,
                ),
            )


def _turned(facts: EventFacts, random: Random) -> EventFacts:
    """Two letters of the name the wrong way round."""
    name = facts.persons[0].name
    at = random.randrange(max(1, len(name) - 1))
    wrong = name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
    return replace(facts, persons=(replace(facts.persons[0], name=wrong, nip=""),))


def _begun(facts: EventFacts) -> EventFacts:
    name = facts.persons[0].name
    begun = PersonFacts(name=name[: max(3, len(name) // 2)])
    return replace(facts, persons=(begun,))


def _look(posko: Posko, facts: EventFacts) -> Callable[[], object]:
    return partial(likely_same, posko, facts)


def run(cases: int, seed: int) -> int:
    """Measure and print; how many kinds were slower than the bound."""
    posko = large_office(cases, seed)
    found: dict[str, list[float]] = {}
    try:
        for kind, ask in jobs(posko, Random(seed)):
            ask()
            for _ in range(CALLS):
                start = time.process_time()
                ask()
                found.setdefault(kind, []).append((time.process_time() - start) * 1000)
    finally:
        posko.close()
    slow = sum(p95(times) > BOUND for times in found.values())
    print(f"{'milliseconds of CPU, ' + str(cases) + ' cases':<34}{'calls':>8}{'p50':>8}{'p95':>8}")
    for kind, times in found.items():
        mark = f"  over {BOUND:.0f}" if p95(times) > BOUND else ""
        print(f"{kind:<34}{len(times):>8}{median(times):>8.1f}{p95(times):>8.1f}{mark}")
    return slow


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]] or [100_000, 1]
    sys.exit(1 if run(*arguments) else 0)
