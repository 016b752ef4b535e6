"""Random histories over the merge: offices edit, files get lost, doubled and reordered.

    python -m tests.soak.merge 20000 1

runs 20,000 histories from seed 1 on and prints the totals; any divergence or lost edit fails with
its seed. The suite runs 300 of them.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field

from posko_app.data.record import Dot, Record, canonical, dumps, from_canonical, loads
from posko_app.exchange.merge import merge, write

FIELDS = ("title", "place", "status")
UIDS = ("r1", "r2", "r3")
DAY = 86_400_000
Seen = dict[tuple[str, str], frozenset[Dot]]


@dataclass
class Device:
    """One installation: its records, its counter, its wrong clock, and what its user has seen.

    `seen` belongs to the judge, not to the program: it follows who knew of which write without
    using version vectors.
    """

    name: str
    skew: int
    number: int = 0
    records: dict[str, Record] = field(default_factory=dict)
    seen: Seen = field(default_factory=dict)


@dataclass
class Tally:
    """Totals over all histories; `alarms` counts proofs of a cloned device, which must not come."""

    histories: int = 0
    edits: int = 0
    conflicts: int = 0
    lost: int = 0
    diverged: int = 0
    returned: int = 0
    alarms: int = 0

    def bad(self) -> int:
        return self.lost + self.diverged + self.returned + self.alarms


class History:
    """One seeded run of three to seven devices."""

    def __init__(self, seed: int, *, devices: tuple[int, int] = (3, 5), steps: int = 60) -> None:
        self.random = random.Random(seed)
        count = self.random.randint(*devices)
        self.devices = [
            Device(f"DEV{i:05}", self.random.randint(-400, 400) * DAY) for i in range(count)
        ]
        self.steps = steps
        self.files: list[tuple[dict[str, str], Seen]] = []
        self.superseded: set[tuple[str, str, Dot]] = set()
        self.edits: set[tuple[str, str, Dot]] = set()
        self.alarms = 0

    def run(self) -> Tally:
        for now in range(self.steps):
            device = self.random.choice(self.devices)
            act = self.random.random()
            if act < 0.5:
                self.edit(device, now)
            elif act < 0.75:
                self.export(device)
            else:
                self.receive(device)
        self.meet()
        return self.judge()

    def edit(self, device: Device, now: int) -> None:
        uid = self.random.choice(UIDS)
        record = device.records.get(uid)
        changes = {}
        for name in self.random.sample(FIELDS, self.random.randint(1, 2)):
            # few values on purpose: offices do write the same thing independently
            changes[name] = self.random.choice(["a", "b", str(now), now, None])
        device.number += 1
        dot = (device.name, device.number)
        hlc = max(0, 500 * DAY + now * 1000 + device.skew)
        after = write(record, "cases", uid, changes, dot, hlc, device.name)
        device.records[uid] = after
        for name in changes:
            if dot not in {s.dot for s in after.fields.get(name, ())}:
                continue  # clearing what was never written is no write
            known = device.seen.get((uid, name), frozenset())
            self.superseded |= {(uid, name, old) for old in known}
            self.edits.add((uid, name, dot))
            device.seen[uid, name] = known | {dot}

    def export(self, device: Device) -> None:
        if self.random.random() < 0.3:
            return  # lost on the way
        chosen = [uid for uid in device.records if self.random.random() < 0.8]
        rows = {uid: dumps(canonical(device.records[uid])) for uid in chosen}
        seen = {key: dots for key, dots in device.seen.items() if key[0] in rows}
        self.files.append((rows, seen))

    def receive(self, device: Device) -> None:
        if self.files:  # files stay, so they arrive twice and out of order
            self.take(device, *self.random.choice(self.files))

    def take(self, device: Device, rows: dict[str, str], seen: Seen) -> None:
        for uid, text in rows.items():
            result = merge(device.records.get(uid), from_canonical(loads(text)))
            self.alarms += result.verdict == "twin"
            device.records[uid] = result.record
        for key, dots in seen.items():
            device.seen[key] = device.seen.get(key, frozenset()) | dots

    def meet(self) -> None:
        """In the end everybody gets everybody's file, in random order."""
        for _ in range(2):
            pairs = [(a, b) for a in self.devices for b in self.devices if a is not b]
            self.random.shuffle(pairs)
            for a, b in pairs:
                rows = {uid: dumps(canonical(record)) for uid, record in a.records.items()}
                self.take(b, rows, dict(a.seen))

    def judge(self) -> Tally:
        first = self.devices[0].records
        held = {
            (uid, name, s.dot)
            for uid, record in first.items()
            for name, siblings in record.fields.items()
            for s in siblings
        }
        expected = self.edits - self.superseded
        return Tally(
            histories=1,
            edits=len(self.edits),
            conflicts=sum(len(s) > 1 for r in first.values() for s in r.fields.values()),
            lost=len(expected - held),
            returned=len(held - expected),
            diverged=sum(d.records != first for d in self.devices[1:]),
            alarms=self.alarms,
        )


def run(count: int, seed: int, *, devices: tuple[int, int] = (3, 5), steps: int = 60) -> Tally:
    """Run histories `seed`, `seed`+1, …; AssertionError names the first seed that fails."""
    total = Tally()
    for number in range(seed, seed + count):
        one = History(number, devices=devices, steps=steps).run()
        assert not one.bad(), f"history {number}: {one}"
        for name, value in vars(one).items():
            setattr(total, name, getattr(total, name) + value)
    return total


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    sys.stdout.write(f"{run(*(arguments or [1000, 1]), devices=(3, 7))}\n")
