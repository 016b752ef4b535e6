"""One job against its bare peer in the same run: CPU seconds, turn by turn, and what came of it.

A bench is a pytest function that calls `compare`, and `added_memory` where the goal has a size:

    def test_opening(tmp_path):
        compare("opening", lambda: open_it(tmp_path), lambda: open_bare(tmp_path), goal=1.3)

Job and peer take turns, so that a busy machine slows both. What counts is CPU time of this process
and its children, as the median of the ratios of all rounds. A missed goal is printed, not raised:
only twice the goal fails, because that is a broken program and not a busy machine.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

LEAST = 0.02  # CPU seconds a round should take, so that the clock's steps do not matter


@dataclass(frozen=True)
class Measured:
    """What a bench found; `job` and `peer` are CPU seconds of one call."""

    name: str
    job: float
    peer: float
    ratio: float
    goal: float

    def __str__(self) -> str:
        mark = "" if self.ratio <= self.goal else "  MISSED"
        times = f"{_time(self.job)} / {_time(self.peer)}"
        return f"{self.name:<46} {times:>21}  ratio {self.ratio:.2f} (goal {self.goal:.2f}){mark}"


REPORT: list[str] = []
"""Every line of this run, printed once more at its end."""


def compare(
    name: str,
    job: Callable[[], object],
    peer: Callable[[], object],
    *,
    goal: float,
    rounds: int = 7,
    before: Callable[[], object] | None = None,
    limit: float = 0,
) -> Measured:
    """Run `job` and `peer` alternately, print and note the ratio, and return it.

    Each runs once to warm up. Short ones run several times a round. `before` prepares every single
    call of either and is not counted; with it a call is a round. `limit` is the ratio that fails,
    where twice the goal is known to be missed.
    """
    jobs: list[float] = []
    peers: list[float] = []
    sides = [(job, _calls(job, before), jobs), (peer, _calls(peer, before), peers)]
    for turn in range(rounds):
        # Who goes first changes, so that neither always finds the caches warm.
        for work, calls, found in sides[:: 1 if turn % 2 else -1]:
            found.append(_spent(work, calls, before) / calls)
    ratio = statistics.median(a / b for a, b in zip(jobs, peers, strict=True))
    measured = Measured(name, statistics.median(jobs), statistics.median(peers), ratio, goal)
    note(str(measured))
    assert ratio <= (limit or 2 * goal), measured
    return measured


def note(line: str) -> None:
    """Print a line now and keep it for the report."""
    REPORT.append(line)
    print(f"\n{line}", end="", flush=True)


def added_memory(name: str, job: Callable[[], object], *, goal: int) -> int:
    """How far resident memory rises while `job` runs, in bytes, printed in MB; Linux only.

    Measure before the same job runs for `compare`: memory that Python keeps for later is not added
    again. What the job imports should be loaded before.
    """
    reset = Path("/proc/self/clear_refs")
    if not reset.exists():
        pytest.skip("peak memory is read from /proc")
    reset.write_text("5")
    start = _status("VmRSS")
    job()
    added = max(0, _status("VmHWM") - start)
    mark = "" if added <= goal else "  MISSED"
    note(f"{name:<46} {added / 2**20:>15.1f} MB  added (goal {goal / 2**20:.0f} MB){mark}")
    assert added <= 2 * goal
    return added


def cpu_seconds() -> float:
    """CPU time of this process and its finished children."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _calls(work: Callable[[], object], before: Callable[[], object] | None) -> int:
    """How often to run `work` in a round, seen from its first run."""
    first = _spent(work, 1, before)
    return 1 if before else max(1, min(1000, round(LEAST / max(first, 1e-6))))


def _spent(work: Callable[[], object], calls: int, before: Callable[[], object] | None) -> float:
    if before:
        before()
    start = cpu_seconds()
    for _ in range(calls):
        work()
    return cpu_seconds() - start


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"
