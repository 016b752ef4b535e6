"""Random transfers of evidence in packages: parts lost, damaged, doubled, renamed, in any order.

    python -m tests.soak packages 400 1

makes 400 transfers between real offices from seed 1 on and prints the totals; content that differs
or does not arrive although everything was sent again in the end fails with its seed. Each depends
on its number alone; POSKO_PROCESSES=2 shares the work.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.transfers import Tally, prepare, transfer


def main(count: int, first: int) -> int:
    """Make the transfers; 1 when one of them failed."""
    whole, bad = Tally(), []
    processes = int(os.environ.get("POSKO_PROCESSES", "1"))
    with TemporaryDirectory() as name, ProcessPoolExecutor(processes) as pool:
        prepared = Path(name)
        prepare(prepared)
        seeds = range(first, first + count)
        for seed, tally in pool.map(partial(transfer, prepared), seeds):
            whole += tally
            if tally.wrong or tally.stuck:
                bad.append(seed)
                print(f"seed {seed}: {asdict(tally)}", flush=True)
    print(f"{count} transfers: {asdict(whole)}")
    if bad:
        print(f"failed: {bad}")
    return 1 if bad else 0


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*(arguments + [100, 1][len(arguments) :])))
