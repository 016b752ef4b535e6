"""Some mutants in offices of their own, as a worker process takes them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from posko_app.exchange.xlsx.guarded import Reader
from tests.mutated.judged import Judge, Tally, world


def batch(first: int, count: int, sample: float = 0.03) -> Tally:
    """Judge the mutants `first`, `first`+1, … in offices made for them."""
    with tempfile.TemporaryDirectory(prefix="posko-rusak-") as folder, Reader() as reader:
        os.environ["POSKO_STATE"] = str(Path(folder) / "perangkat")
        with world(Path(folder)) as made:
            judge = Judge(made, reader, sample)
            for seed in range(first, first + count):
                judge.judge(seed)
            return judge.tally
