"""Damaged and forged workbooks through one reading process: nothing dies, nothing forged is taken.

`make soak JOB=workbooks N=100000` does the same with very many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from posko_app.exchange.xlsx.guarded import Reader
from posko_app.exchange.xlsx.read import open_book
from posko_app.exchange.xlsx.refused import Refused
from tests.mutated.archive import Mutant
from tests.mutated.judged import FAMILIES, Judge, World, mutant, world

BATCH, BATCHES = 100, 5


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("rusak")) as found:
        yield found


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as process:
        yield process


@pytest.mark.parametrize("number", range(BATCHES))
def test_no_mutant_is_believed_and_none_is_taken_in_by_halves(
    number: int, made: World, reader: Reader
) -> None:
    judge = Judge(made, reader)
    for seed in range(1 + number * BATCH, 1 + (number + 1) * BATCH):
        judge.judge(seed)
    tally = judge.tally
    assert not tally.bad(), tally.wrong
    assert tally.done == BATCH
    assert tally.applied > 0
    assert {"valid", "broken", "damaged", "unsafe"} <= set(tally.outcomes), tally.outcomes


def test_a_seed_means_one_workbook(made: World) -> None:
    assert mutant(made, 7) == mutant(made, 7)


def test_every_mutation_changes_something(made: World) -> None:
    """A mutation that never does anything would prove nothing."""
    changed: Counter[str] = Counter()
    others = made.sources[-4:]
    for act in {act for family in FAMILIES for act in family}:
        for seed in range(12):
            clean, hurt = Mutant(made.sources[1], others), Mutant(made.sources[1], others)
            act(hurt, Random(seed))
            changed[act.__name__] += clean.file() != hurt.file()
    assert [name for name, count in changed.items() if not count] == []


def test_the_sources_themselves_are_read(made: World) -> None:
    """The workbooks that mutants are made of are whole; put together by hand, they still are."""
    for source in made.sources:
        path = made.scratch / "utuh.xlsx"
        path.write_bytes(Mutant(source, ()).file())
        try:
            with open_book(path) as book:
                assert {info.name for info in book.sheets} == set(source.sheets)
        except Refused as error:
            pytest.fail(error.message)
