"""Very many damaged and forged workbooks through one reading process, judged by the real import.

    python -m tests.soak workbooks 100000 1

takes the mutants 1, 2, … 100,000 of real exports. None may end the reading process, be believed
without its sender's signature, or be taken in by halves; each has 5 seconds of CPU and 300 MB.
What is done is kept under POSKO_SCRATCH, so that a run that was broken off goes on where it
stopped; POSKO_WORKERS sets how many run beside each other. Failing seeds are printed: `workbooks 1
SEED` tries one of them again, and the exit code is 1.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.mutated.batch import batch
from tests.mutated.judged import Tally

BATCH = 500  # mutants for which a worker makes its offices anew
SCRATCH = "POSKO_SCRATCH"


def run(count: int, seed: int, workers: int, kept: Path) -> Tally:
    """Judge all that `kept` does not have yet, and keep it there batch by batch."""
    done = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    firsts = [first for first in range(seed, seed + count, BATCH) if str(first) not in done]
    with ProcessPoolExecutor(workers) as pool:
        asked = {
            pool.submit(batch, first, min(BATCH, seed + count - first)): first for first in firsts
        }
        for found in as_completed(asked):
            done[str(asked[found])] = vars(found.result())
            part = kept.with_suffix(".part")
            part.write_text(json.dumps(done), "utf-8")
            part.replace(kept)
            total = summed(done)
            say(f"{total.done:>7} done, {total.bad()} bad, slowest {total.slowest:.2f} s")
    return summed(done)


def summed(done: dict[str, dict[str, object]]) -> Tally:
    """All batches together."""
    total = Tally()
    for one in done.values():
        values = {**one, "outcomes": Counter(one["outcomes"])}  # type: ignore[call-overload]
        total.add(Tally(**values))
    return total


def say(text: str) -> None:
    """A line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def told(total: Tally, seconds: float) -> None:
    """The figures, the refusals by kind, and every seed that failed."""
    for code, number in total.outcomes.most_common():
        say(f"{number:>8} {code}")
    for line in total.wrong:
        say(f"  FAILED {line}")
    say(
        f"{total.done} workbooks: {total.crashes} crashes, {total.partial} partial imports, "
        f"{total.forged} forged accepted, {total.slow} over 5 s of CPU, {total.fat} over 300 MB; "
        f"slowest {total.slowest:.2f} s, largest {total.largest >> 20} MB; "
        f"{total.applied} taken in, {total.cancelled} stopped halfway; {seconds:.0f} s"
    )


if __name__ == "__main__":
    count, seed = ([int(word) for word in sys.argv[1:]] or [1000, 1])[:2]
    workers = int(os.environ.get("POSKO_WORKERS", "1"))
    place = Path(os.environ.get(SCRATCH) or Path(tempfile.gettempdir()) / "posko-rusak")
    place.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    total = run(count, seed, workers, place / f"workbooks-{count}-{seed}.json")
    told(total, time.monotonic() - began)
    sys.exit(1 if total.bad() else 0)
