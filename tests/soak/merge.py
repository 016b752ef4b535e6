"""Random histories over the merge: offices edit, files get lost, doubled and reordered.

    python -m tests.soak.merge 20000 1
    python -m tests.soak.merge 20000 1 clones

runs 20,000 histories of seven devices from seed 1 on, prints the totals of each kind and of all;
any divergence or lost edit fails with its seed. Each depends on its number alone, so a run that was
broken off goes on from any number; POSKO_PROCESSES=2 shares the work. Of ten histories six are
plain, two restore (a device now and then goes on from an older state as a new device), one copies
(a folder is copied and the copy takes a new identity at once, as its token tells it to), and one
clones: one device is copied and both go on under one name. That must be noticed, and what is lost
before it was noticed is counted. A kind by name makes all of that kind.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import repeat

from posko_app.data.record import Dot, Record, apart, canonical, dumps, from_canonical, loads
from posko_app.exchange.merge import merge, write
from posko_app.exchange.twins import Shipment, broken_order

FIELDS = ("title", "place", "status")
UIDS = ("r1", "r2", "r3")
DAY = 86_400_000
Seen = dict[tuple[str, str], frozenset[Dot]]
Edit = tuple[str, str, Dot]
KINDS = ("", "restores", "copies", "clones")
MIXED = ("",) * 6 + ("restores",) * 2 + ("copies", "clones")
PROCESSES = "POSKO_PROCESSES"
AT_ONCE = 500


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
    forked: set[str] = field(default_factory=set)
    sent: dict[str, Shipment] = field(default_factory=dict)  # the last one by channel
    heard: dict[tuple[str, str], list[Shipment]] = field(default_factory=dict)

    def copy(self, name: str) -> Device:
        """The same folder once more, under this name."""
        heard = {channel: list(found) for channel, found in self.heard.items()}
        return replace(
            self,
            name=name,
            records=dict(self.records),
            seen=dict(self.seen),
            forked=set(self.forked),
            sent=dict(self.sent),
            heard=heard,
        )

    def ship(self, channel: str, rows: dict[str, str], xid: str) -> File:
        """A file with these rows, numbered on its channel."""
        number, before, _ = self.sent.get(channel, (0, "", ""))
        self.sent[channel] = (number + 1, xid, before)
        seen = {key: dots for key, dots in self.seen.items() if key[0] in rows}
        return File(self.name, channel, self.sent[channel], rows, seen, set(self.forked))


@dataclass(frozen=True)
class File:
    """What a device sends: where it stands on its channel, rows, and the twins it knows of."""

    sender: str
    channel: str
    shipment: Shipment
    rows: dict[str, str]
    seen: Seen
    forked: set[str]


@dataclass
class Tally:
    """Totals over all histories; `alarms` counts proofs of a cloned device.

    `unnoticed` counts clones that wrote and were never proven, `silent` what was lost then.
    """

    histories: int = 0
    edits: int = 0
    typed: int = 0  # of the edits, by hand into a file and accepted where it came in
    conflicts: int = 0
    lost: int = 0
    diverged: int = 0
    returned: int = 0
    alarms: int = 0
    unnoticed: int = 0
    silent: int = 0

    def bad(self, kind: str = "") -> int:
        if kind == "clones":
            return self.diverged + self.unnoticed + self.silent
        if kind == "restores":  # a value returns when what replaced it was lost with a disk
            return self.lost + self.diverged + self.alarms
        return self.lost + self.diverged + self.returned + self.alarms

    def add(self, other: Tally) -> None:
        """Count other histories too."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


class History:
    """One seeded run of three to seven devices."""

    def __init__(
        self, seed: int, *, devices: tuple[int, int] = (3, 5), steps: int = 60, kind: str = ""
    ) -> None:
        self.random = random.Random(seed)
        self.kind = kind
        self.kept: list[Device] = []
        self.cloned = ""
        self.wrote: set[int] = set()
        self.xids = 0
        count = self.random.randint(*devices)
        self.devices = [
            Device(f"DEV{i:05}", self.random.randint(-400, 400) * DAY) for i in range(count)
        ]
        self.steps = steps
        self.files: list[File] = []
        self.replaced: dict[Edit, set[Edit]] = {}  # an edit and those its author saw and replaced
        self.edits: set[Edit] = set()
        self.alarms = self.typed = 0

    def run(self) -> Tally:
        for now in range(self.steps):
            if self.kind == "restores":
                self.maybe_restore(now)
            elif self.kind in ("clones", "copies") and now == self.steps // 2:
                self.clone()
            device = self.random.choice(self.devices)
            act = self.random.random()
            if act < 0.5:
                self.edit(device, now)
            elif act < 0.75:
                self.export(device)
            else:
                self.receive(device, now)
        self.meet()
        return self.judge()

    def maybe_restore(self, now: int) -> None:
        """Keep a copy now and then; now and then go on from one, as a new device."""
        chance = self.random.random()
        if chance < 0.05:
            self.kept.append(self.random.choice(self.devices).copy("kept"))
        elif chance < 0.08 and self.kept:
            place = self.random.randrange(len(self.devices))
            self.devices[place] = self.random.choice(self.kept).copy(f"NEW{now:05}")
            self.forget()

    def forget(self) -> None:
        """What nobody but the lost disk knew of is gone, and with it what it had replaced."""
        known = [place.seen for place in [*self.devices, *self.kept]]
        known += [file.seen for file in self.files]
        self.edits &= {(*key, dot) for seen in known for key, dots in seen.items() for dot in dots}

    def clone(self) -> None:
        """Copy a folder; nothing on either machine notices, or the token tells the copy."""
        device = self.random.choice(self.devices)
        if self.kind == "copies":
            self.devices.append(device.copy("COPY0001"))
            return
        self.cloned = device.name
        self.devices.append(device.copy(device.name))

    def edit(self, device: Device, now: int, uid: str = "") -> None:
        """Write one or two fields, of a record that is seen or not seen yet."""
        uid = uid or self.random.choice(UIDS)
        record = device.records.get(uid)
        changes = {}
        for name in self.random.sample(FIELDS, self.random.randint(1, 2)):
            # few values on purpose: offices do write the same thing independently
            changes[name] = self.random.choice(["a", "b", str(now), now, None])
        device.number += 1
        dot = (device.name, device.number)
        hlc = max(0, 500 * DAY + now * 1000 + device.skew)
        after = write(record, "cases", uid, changes, dot, hlc, device.name, device.forked)
        device.records[uid] = after
        if device.name == self.cloned:
            self.wrote.add(id(device))
        for name in changes:
            written = [s for s in after.fields.get(name, ()) if s.dot == dot]
            if not written:
                continue  # clearing what was never written is no write
            mark = apart(name, written[0]).dot
            known = device.seen.get((uid, name), frozenset())
            self.replaced[uid, name, mark] = {(uid, name, old) for old in known}
            self.edits.add((uid, name, mark))
            device.seen[uid, name] = known | {mark}

    def export(self, device: Device) -> None:
        if self.random.random() < 0.3:
            return  # lost on the way
        chosen = [uid for uid in device.records if self.random.random() < 0.8]
        rows = {uid: dumps(canonical(device.records[uid])) for uid in chosen}
        self.files.append(device.ship("all", rows, self.new_xid()))

    def new_xid(self) -> str:
        self.xids += 1
        return f"x{self.xids}"

    def receive(self, device: Device, now: int) -> None:
        """Take in a file; now and then somebody typed into it, and that is accepted here."""
        if self.files:  # files stay, so they arrive twice and out of order
            file = self.random.choice(self.files)
            self.take(device, file)
            if file.rows and self.random.random() < 0.25:
                before = len(self.edits)
                self.edit(device, now, self.random.choice(sorted(file.rows)))
                self.typed += len(self.edits) - before

    def take(self, device: Device, file: File) -> None:
        device.forked |= file.forked
        held = device.heard.setdefault((file.sender, file.channel), [])
        if file.sender != device.name and broken_order(held, file.shipment):
            device.forked.add(file.sender)
            self.alarms += 1
        held.append(file.shipment)
        for uid, text in file.rows.items():
            result = merge(device.records.get(uid), from_canonical(loads(text)), device.forked)
            self.alarms += result.verdict == "twin"
            device.forked |= {*result.twins}
            device.records[uid] = result.record
            ours = result.record.vv.get(device.name, 0)
            if ours > device.number:  # writes in our name that we never made
                device.forked.add(device.name)
                device.number = ours
                self.alarms += 1
        for key, dots in file.seen.items():
            device.seen[key] = device.seen.get(key, frozenset()) | dots

    def meet(self) -> None:
        """In the end everybody gets everybody's file, in random order."""
        if self.kind == "restores":
            for file in self.files:  # every file that came is kept, and taken in once more
                self.take(self.devices[0], file)
            self.kept.clear()
            self.forget()
        for _ in range(4 if self.kind else 2):
            pairs = [(a, b) for a in self.devices for b in self.devices if a is not b]
            self.random.shuffle(pairs)
            for a, b in pairs:
                rows = {uid: dumps(canonical(record)) for uid, record in a.records.items()}
                channel = f"{b.name}/{id(b) if b.name != self.cloned else 0}"
                self.take(b, a.ship(channel, rows, self.new_xid()))

    def judge(self) -> Tally:
        first = self.devices[0].records
        held = held_in(first)
        expected = self.edits - set().union(*(self.replaced[edit] for edit in self.edits))
        noticed = any(device.forked for device in self.devices)
        return Tally(
            histories=1,
            edits=len(self.edits),
            typed=self.typed,
            conflicts=sum(len(s) > 1 for r in first.values() for s in r.fields.values()),
            lost=len(expected - held),
            returned=len(held - expected),
            diverged=sum(d.records != first for d in self.devices[1:]),
            alarms=self.alarms,
            # two that never both wrote after the copy are no twins yet
            unnoticed=int(len(self.wrote) > 1 and not noticed),
            silent=0 if noticed else len(expected - held),
        )


def held_in(records: dict[str, Record]) -> set[Edit]:
    """Every value that stands, by record, field and the write that put it there."""
    return {
        (uid, name, apart(name, s).dot)
        for uid, record in records.items()
        for name, siblings in record.fields.items()
        for s in siblings
    }


def run(
    count: int,
    seed: int,
    *,
    devices: tuple[int, int] = (3, 5),
    steps: int = 60,
    kind: str = "",
) -> Tally:
    """Run histories `seed`, `seed`+1, …; AssertionError names the first seed that fails."""
    total = Tally()
    for number in range(seed, seed + count):
        one = History(number, devices=devices, steps=steps, kind=kind).run()
        assert not one.bad(kind), f"history {number}: {one}"
        total.add(one)
    return total


def mixed(count: int, seed: int, only: Collection[str] = KINDS) -> dict[str, Tally]:
    """Histories of seven devices, of every kind in turn; the totals by kind."""
    found: dict[str, Tally] = {}
    for number in range(seed, seed + count):
        kind = MIXED[number % len(MIXED)] if len(only) > 1 else next(iter(only))
        one = run(1, number, devices=(7, 7), steps=90, kind=kind)
        found.setdefault(kind, Tally()).add(one)
    return found


def main(count: int, seed: int, only: Collection[str]) -> None:
    """Run everything, in as many processes as are asked for, and say how it went."""
    parts = [(min(AT_ONCE, seed + count - n), n) for n in range(seed, seed + count, AT_ONCE)]
    kinds: dict[str, Tally] = {}
    with ProcessPoolExecutor(int(os.environ.get(PROCESSES, "1"))) as pool:
        numbers, starts = zip(*parts, strict=True)
        for (size, start), done in zip(
            parts, pool.map(mixed, numbers, starts, repeat(only)), strict=True
        ):
            for kind, tally in done.items():
                kinds.setdefault(kind, Tally()).add(tally)
            if len(parts) > 1:
                sys.stdout.write(f"{start + size - seed} histories, next: {start + size}\n")
                sys.stdout.flush()
    whole = Tally()
    for kind, tally in sorted(kinds.items()):
        whole.add(tally)
        sys.stdout.write(f"{kind or 'plain'}: {tally}\n")
    strict = [tally for kind, tally in kinds.items() if kind != "clones"]
    clones = kinds.get("clones", Tally())
    sys.stdout.write(
        f"{whole.histories} histories, {whole.edits} edits ({whole.typed} by hand): "
        f"{whole.diverged} diverged, {sum(t.lost for t in strict)} lost, "
        f"{clones.silent} lost silently and {clones.lost} with an alarm by clones, "
        f"{clones.unnoticed} clones unnoticed.\n"
    )


if __name__ == "__main__":
    from tests.soak import merge as this  # under this name other processes find it too

    wanted = [word for word in sys.argv[1:] if word in KINDS]
    count, seed = [int(word) for word in sys.argv[1:] if word not in KINDS] or (1000, 1)
    this.main(count, seed, wanted or KINDS)
