"""Random histories through real databases and workbooks: seven computers, and nothing is lost.

    python -m tests.soak offices 500 1

runs the histories 1, 2, … 500. Each depends on its number alone, so a run that was broken off goes
on from any number (`offices 400 101`); with POSKO_DONE=FILE the numbers that are done are kept in
that file and passed over, so that two processes may share the work. AssertionError names the first
history that fails and tells its story. Of four histories one is plain, one puts copies back, one
copies folders as well, and one clones a disk without anybody noticing.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from posko_app.cases import board
from posko_app.exchange.digest import digest
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.office.incarnation import become_new_device, own_twin
from tests.exchange_oracle import screen
from tests.exchange_world import COMPUTERS, PLACES, Computer, Counts, World, prepare, prepare_shared

STEPS = 60
MOST_ROUNDS = 8
KINDS = ("plain", "restores", "copies", "clones")
DONE = "POSKO_DONE"


@dataclass
class Tally(Counts):
    """What happened in histories, and what went wrong."""

    histories: int = 0
    conflicts: int = 0
    alarmed: int = 0  # histories with a clone that was noticed
    unnoticed: int = 0  # clones that both wrote and nobody noticed
    false_alarms: int = 0
    diverged: int = 0
    lost: int = 0
    lost_with_alarm: int = 0
    returned: int = 0
    not_quiet: int = 0

    @property
    def bad(self) -> int:
        """Everything that must be nothing."""
        wrong = self.unnoticed + self.false_alarms + self.diverged + self.lost
        return wrong + self.returned + self.not_quiet

    def add(self, other: Tally) -> None:
        """Count another history too."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


class History:
    """One seeded run."""

    def __init__(self, world: World, seed: int, steps: int = STEPS) -> None:
        self.world, self.kind, self.steps = world, KINDS[seed % len(KINDS)], steps
        self.acts: dict[Callable[[Computer], None], float] = {
            world.edit: 13.0,
            world.send: 6.0,
            lambda _: world.open_mail(): 9.0,
            world.decide: 1.5,
            world.acknowledge: 0.8,
            world.undo: 1.0,
            world.report: 0.7,
            world.move: 0.5,
        }
        if self.kind in ("restores", "copies"):
            self.acts |= {world.keep: 1.2, world.put_back: 1.0}

    def run(self) -> Tally:
        """Let things happen, then exchange everything until it is quiet, and judge."""
        world = self.world
        for computer in world.computers[1::2]:
            world.report(computer)
        for now in range(self.steps):
            world.now.forward(hours=world.chance.randint(1, 30))
            if now == self.steps // 3 and self.kind in ("copies", "clones"):
                at = world.chance.choice(world.computers)
                (world.copy if self.kind == "copies" else world.clone)(at)
            act = world.chance.choices([*self.acts], [*self.acts.values()])[0]
            act(world.chance.choice(world.computers))
        quiet = self.settle()
        return self.judged(quiet)

    def settle(self) -> bool:
        """Everything that lies anywhere arrives, then all send to all until nothing is new."""
        world = self.world
        world.chance.shuffle(world.mail)
        for at, path in world.mail:
            world.take(at, path)
        world.mail.clear()
        for number in range(MOST_ROUNDS):
            if number and self.kind == "clones":
                self.heal()
            if self.world.round() == 0:
                return True
        return False

    def heal(self) -> None:
        """Of two computers that know by now that they are one device, one becomes another."""
        one, other = self.world.twins
        if own_twin(other.posko) and own_twin(one.posko):
            become_new_device(other.posko)
            self.world.tell(other.name, "became", other.posko.office.device_id)

    def judged(self, quiet: bool) -> Tally:
        """Compare all computers with each other, and what stands with what should."""
        world = self.world
        (top, *_) = world.of_office("62")
        stands = set().union(*screen(top.posko).values())
        expected = world.oracle.expected()
        lost, returned = len(expected - stands), len(stands - expected)
        alarms = world.alarms()
        cloned = bool(world.twins)
        tally = Tally(
            **vars(world.counts),
            histories=1,
            conflicts=digest(top.posko).conflicts,
            alarmed=int(cloned and bool(alarms)),
            unnoticed=int(cloned and len(world.acted) > 1 and not alarms),
            false_alarms=0 if cloned else len(alarms),
            diverged=self.diverged(),
            lost=0 if cloned and alarms else lost,
            lost_with_alarm=lost if cloned and alarms else 0,
            returned=0 if cloned and alarms else returned,
            not_quiet=int(not quiet),
        )
        if tally.bad:
            for number in sorted(expected ^ stands):
                world.tell("lost" if number in expected else "returned", number,
                           world.oracle.made.get(number))  # fmt: skip
        return tally

    def diverged(self) -> int:
        """Computers that differ in what they share, or whose lists are not as their records."""
        world, wrong = self.world, 0
        for code in (*PLACES, "62.10", "62"):
            sharing = [at for at in world.computers if f"{code}.".startswith(f"{at.code}.")]
            told = {at.name: digest(at.posko, code) for at in sharing}
            if len(set(told.values())) > 1:
                wrong += 1
                world.tell("digests of", code, *(f"{n} {d.digest[:8]}" for n, d in told.items()))
        for at in world.computers:
            with at.posko.store.read() as session:
                problems = board.board_problems(at.posko, session)
            if problems:
                wrong += 1
                world.tell("board of", at.name, problems)
        return wrong


@contextmanager
def scratch() -> Iterator[Path]:
    """A place for databases; in memory where the system has room for that."""
    memory = Path("/dev/shm")  # noqa: S108
    where = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="posko-soak-", dir=where) as place:
        yield Path(place)


def ready(place: Path, reader: Reader, names: Collection[str] = tuple(COMPUTERS)) -> Path:
    """Make what histories begin with, in `place`: new offices, and ones that share reports."""
    for name in ("baru", "berbagi"):
        (place / name).mkdir(parents=True)
    prepare(place / "baru", names)
    prepare_shared(place / "berbagi", place / "baru", reader, names)
    return place


def one(prepared: Path, folder: Path, seed: int, reader: Reader, steps: int = STEPS) -> Tally:
    """Run one history in `folder`; AssertionError tells its story when it fails."""
    begun = prepared / ("berbagi" if seed // len(KINDS) % 2 else "baru")
    world = World(begun, folder, seed, reader)
    try:
        tally = History(world, seed, steps).run()
    except Exception as error:
        story = "\n".join(world.story)
        raise AssertionError(f"history {seed}: {error!r}\n{story}") from error
    finally:
        world.close()
    assert not tally.bad, f"history {seed}: {tally}\n" + "\n".join(world.story)
    return tally


def run(seeds: Iterable[int], steps: int = STEPS, done: Path | None = None) -> Tally:
    """Run histories; AssertionError names the first that fails."""
    total = Tally()
    with scratch() as place, Reader(seconds=600) as reader:
        prepared = ready(place / "siap", reader)
        for seed in seeds:
            if done and str(seed) in _lines(done):
                continue
            with tempfile.TemporaryDirectory(dir=place) as folder:
                started = time.perf_counter()
                tally = one(prepared, Path(folder), seed, reader, steps)
                total.add(tally)
            if done:
                with done.open("a") as file:
                    file.write(f"{seed} {time.perf_counter() - started:.1f} {tally}\n")
            gc.collect()
    return total


def _lines(done: Path) -> set[str]:
    return (
        {line.split(" ", 1)[0] for line in done.read_text().splitlines()}
        if done.exists()
        else set()
    )


if __name__ == "__main__":
    count, seed = [int(word) for word in sys.argv[1:]] or [20, 1]
    kept = os.environ.get(DONE)
    found = run(range(seed, seed + count), done=Path(kept) if kept else None)
    sys.stdout.write(f"{found}\n")
