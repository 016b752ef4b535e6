"""Histories of seven computers through real files: all agree in the end and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from posko_app.data.record import Record
from posko_app.exchange import merge
from posko_app.exchange.xlsx.guarded import Reader
from tests.exchange_oracle import Oracle
from tests.soak.offices import one, ready

A, B = ("r", "title"), ("r", "article")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(seconds=600) as process:
        yield process


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, reader: Reader) -> Path:
    return ready(tmp_path_factory.mktemp("riwayat") / "siap", reader)


@pytest.mark.parametrize("seed", [4, 17, 18, 19, 20])
def test_a_history_ends_the_same_everywhere(
    seed: int, prepared: Path, reader: Reader, tmp_path: Path
) -> None:
    """`make soak JOB=offices` runs hundreds of them; these are of every kind."""
    tally = one(prepared, tmp_path, seed, reader, steps=30)
    assert tally.edits > 3


def test_what_is_shown_follows_from_who_is_known(
    prepared: Path, reader: Reader, tmp_path: Path
) -> None:
    """A computer hears of its neighbour's writes before it hears of the neighbour: seed 299."""
    one(prepared, tmp_path, 299, reader)


def test_the_judge_finds_a_lossy_merge(
    prepared: Path, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The histories are worth something only if "last received wins" fails in them."""

    joined = merge.merge

    def last_received(local: Record | None, incoming: Record, forked: Any = ()) -> merge.Merged:
        whole: Mapping[str, Any] = vars(joined(None, incoming))
        return merge.Merged(**{**whole, "verdict": "new" if local is None else "forward"})

    monkeypatch.setattr(merge, "merge", last_received)
    with pytest.raises(AssertionError, match="history 20"):
        one(prepared, tmp_path, 20, reader, steps=60)


def test_only_who_saw_an_edit_replaces_it() -> None:
    oracle = Oracle()
    oracle.wrote(1, A, ())
    oracle.wrote(2, A, {1})
    oracle.wrote(3, A, {1})
    oracle.wrote(4, B, ())
    assert oracle.expected() == {2, 3, 4}
    oracle.wrote(5, A, {2, 3})
    assert oracle.expected() == {4, 5}


def test_what_went_with_a_disk_replaces_nothing() -> None:
    oracle = Oracle()
    oracle.wrote(1, A, ())
    oracle.wrote(2, A, {1})
    oracle.wrote(3, A, {2})
    oracle.forget_all_but({1, 2})
    assert oracle.expected() == {2}
    oracle.forget_all_but({2})
    assert oracle.expected() == {2}, "1 is known from what replaced it"
    oracle.forget_all_but({1})
    assert oracle.expected() == {1}
