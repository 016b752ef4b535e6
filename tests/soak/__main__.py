"""Long random tests by name: `python -m tests.soak JOB [N] [SEED]`."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

JOBS = sorted(p.stem for p in Path(__file__).parent.glob("*.py") if not p.stem.startswith("__"))

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in JOBS:
        sys.exit(f"Usage: python -m tests.soak JOB [N] [SEED]. Jobs: {', '.join(JOBS)}")
    job = sys.argv.pop(1)
    runpy.run_module(f"tests.soak.{job}", run_name="__main__")
