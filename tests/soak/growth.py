"""Exchange of very many cases: what each case costs as an office grows, and that it stays the same.

    python -m tests.soak growth 100000 1

fills an office up to a tenth, three tenths and all of so many cases and measures at each size, in
CPU seconds of the program and its reading process: writing everything, looking at it, taking it in,
and taking in once more after a tenth of the cases changed. Memory is the highest of the process so
far. A case may cost a tenth more at the next size, not more; else the exit code is 1.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posko_app.app import Posko, open_office
from posko_app.exchange.apply import apply_plan
from posko_app.exchange.export import export
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.office.setup import create_office
from tests.bench.ratio import cpu_seconds
from tests.bench.test_bench_exchange import change_tenth, fill
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD
from tests.introduced import introduce

MOST = 1.1  # times what a case cost at the size before
JOBS = ("export", "preview", "apply", "export again", "merge")


class Spent:
    """CPU seconds of each job; `with spent("export"):` adds what happens inside."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(JOBS, 0.0)

    @contextmanager
    def __call__(self, job: str) -> Iterator[None]:
        began = cpu_seconds()
        yield
        self.seconds[job] += cpu_seconds() - began


def measured(sender: Posko, root: Path, cases: int) -> dict[str, float]:
    """CPU seconds of each job with the cases that are there now."""
    receiver, spent = _receiver(root), Spent()
    introduce(sender, receiver)
    for path in _sent(sender, root / f"semua-{cases}", spent, "export"):
        with spent("preview"):
            plan = _looked(receiver, path)
        with spent("apply"):
            apply_plan(receiver, plan)
    change_tenth(sender)
    changed = 0
    for path in _sent(sender, root / f"lagi-{cases}", spent, "export again"):
        with spent("merge"):
            plan = _looked(receiver, path)
            apply_plan(receiver, plan)
        changed += plan.updated
    receiver.close()
    assert changed == cases // 10, f"{changed} of {cases // 10} changed cases arrived"
    return spent.seconds


def _sent(sender: Posko, folder: Path, spent: Spent, job: str) -> tuple[Path, ...]:
    folder.mkdir()
    with spent(job):
        return export(sender, "62.10", folder).files


def _looked(receiver: Posko, path: Path) -> ImportPlan:
    with Reader(seconds=3600) as reader:  # its CPU counts once it has ended
        return preview(receiver, path, reader=reader)


def _receiver(root: Path) -> Posko:
    folder = root / "kabupaten"
    shutil.rmtree(folder, ignore_errors=True)
    create_office(folder, OFFICES["kabupaten"], PASSWORD, clock=FixedClock(), tied=False)
    return open_office(folder, "petugas", PASSWORD, clock=FixedClock())


def run(count: int, root: Path) -> bool:
    """Measure at three sizes and print a line for each; whether every growth was linear."""
    create_office(root / "kec", OFFICES["kecamatan"], PASSWORD, clock=FixedClock(), tied=False)
    sender = open_office(root / "kec", "petugas", PASSWORD, clock=FixedClock())
    linear, before, first = True, {}, 0
    for cases in (count // 10, count * 3 // 10, count):
        fill(sender, cases, first)
        first = cases
        each = {job: spent / cases * 1000 for job, spent in measured(sender, root, cases).items()}
        said = ", ".join(f"{job} {each[job]:.2f}" for job in JOBS)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        grown = {job: each[job] / before[job] for job in before}
        linear &= all(times <= MOST for times in grown.values())
        more = ", ".join(f"{job} x{times:.2f}" for job, times in grown.items())
        sys.stdout.write(
            f"{cases:>7} cases: ms CPU each {said}; {peak} MB; {more or 'first size'}\n"
        )
        sys.stdout.flush()
        before = each
    sender.close()
    return linear


if __name__ == "__main__":
    count = int(([*sys.argv[1:], "100000"])[0])
    with tempfile.TemporaryDirectory(prefix="posko-tumbuh-") as folder:
        os.environ["POSKO_STATE"] = str(Path(folder) / "perangkat")
        sys.exit(0 if run(count, Path(folder)) else 1)
