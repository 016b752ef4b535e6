"""Practice offices from many seeds: every story must be lawful, whole and the same everywhere.

    python -m tests.soak demo 50 1

makes 50 chains of offices from seed 1 on, of 5 to 90 cases each, and verifies every office.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random

from posko_app.app import open_office
from posko_app.cases.board import board_problems
from posko_app.cases.queries import CaseFilter, count_cases
from posko_app.demo.make import make_demo
from posko_app.office.health import verify_storage


def run(count: int, seed: int) -> int:
    """Try seeds `seed`, `seed`+1, …; AssertionError names the first that fails."""
    cases = 0
    for number in range(seed, seed + count):
        wanted = Random(number).randrange(5, 90)
        with tempfile.TemporaryDirectory() as place:
            made = make_demo(Path(place, "latihan"), wanted, number)
            for office in made.offices:
                posko = open_office(office.data, made.user, made.password)
                try:
                    problems = [*verify_storage(posko)]
                    with posko.store.read() as session:
                        problems += board_problems(posko, session)
                    assert not problems, f"seed {number}, {office.level}: {problems}"
                    held = count_cases(posko, CaseFilter(view="all"))
                    assert office.level == "kecamatan" or held == wanted, f"seed {number}: {held}"
                finally:
                    posko.close()
        cases += wanted
    return cases


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]] or [20, 1]
    sys.stdout.write(f"{run(*arguments)} cases, all whole\n")
