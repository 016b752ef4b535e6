"""Edit, send, take in, type by hand, receipt, undo, restore: whatever order a machine thinks of.

Three offices with real databases and real workbooks; Hypothesis chooses what happens next.
POSKO_EXAMPLES=200 tries more, and looks for the shortest way to a failure.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from posko_app.data.tables import Office, Peer
from posko_app.exchange.digest import digest
from posko_app.exchange.xlsx.guarded import Reader
from tests.exchange_oracle import screen
from tests.exchange_world import Computer, World
from tests.soak.offices import ready

SHORT = "POSKO_EXAMPLES" not in os.environ  # shortening a failure takes minutes
NAMES = ("kec2", "kab", "prov")
who = st.sampled_from(range(len(NAMES)))


class Exchange(RuleBasedStateMachine):
    """Three offices that share three reports when it begins."""

    prepared: Path
    reader: Reader

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=self.prepared.parent))
        self.ours: set[str] = set()  # every identity that one of the three ever had
        self.heard: dict[tuple[str, str], int] = {}  # most that a device ever had of another

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.world = World(self.prepared, self.folder, seed, self.reader, names=NAMES)
        self._listen()

    @rule(at=who)
    def edit(self, at: int) -> None:
        self.world.edit(self.world.computers[at])

    @rule(at=who)
    def report(self, at: int) -> None:
        self.world.report(self.world.computers[at])

    @rule(at=who, typed=st.booleans())
    def send(self, at: int, typed: bool) -> None:
        self.world.typed = 1.0 if typed else 0.0
        self.world.send(self.world.computers[at])

    @precondition(lambda self: self.world.mail)
    @rule()
    def take(self) -> None:
        self.world.open_mail()
        self._listen()

    @precondition(lambda self: self.world.mail)
    @rule()
    def take_twice(self) -> None:
        at, path = self.world.mail[-1]
        self.world.take(at, path)
        before = self._state(at)
        again = self.world.take(at, path, asked=False)
        assert (again.new, again.updated, again.conflicts) == (0, 0, 0)
        assert self._state(at) == before
        self._listen()

    @rule(at=who)
    def decide(self, at: int) -> None:
        self.world.decide(self.world.computers[at])

    @rule(at=who)
    def acknowledge(self, at: int) -> None:
        self.world.acknowledge(self.world.computers[at])

    @rule(at=who)
    def undo(self, at: int) -> None:
        self.world.undo(self.world.computers[at])

    @rule(at=who)
    def keep(self, at: int) -> None:
        self.world.keep(self.world.computers[at])

    @rule(at=who)
    def put_back(self, at: int) -> None:
        self.world.put_back(self.world.computers[at])
        self._listen()

    @invariant()
    def no_edit_is_lost(self) -> None:
        assert self.world.oracle.expected() <= {*self.world.alive()}

    @invariant()
    def no_receipt_is_ahead_of_what_was_taken(self) -> None:
        for at in self.world.computers:
            own = at.posko.office.device_id
            with at.posko.store.read() as session:
                acked = dict(session.execute(select(Peer.device_id, Peer.acked_lsn)).all())
            for device in acked.keys() & self.ours:
                assert acked[device] <= self.heard.get((device, own), 0)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self._settle()
            finally:
                self.world.close()
        shutil.rmtree(self.folder)

    def _settle(self) -> None:
        world = self.world
        for at, path in world.mail:
            world.take(at, path)
        world.mail.clear()
        world.round()
        assert world.round() == 0, "they go on telling each other news"
        kec, kab, prov = (at.posko for at in world.computers)
        assert digest(kec) == digest(kab, kec.office.code) == digest(prov, kec.office.code)
        assert digest(kab) == digest(prov, kab.office.code)
        assert world.oracle.expected() == set().union(*screen(prov).values())
        assert world.alarms() == set()

    def _listen(self) -> None:
        """Remember how far every device has heard every other one."""
        for at in self.world.computers:
            own = at.posko.office.device_id
            self.ours.add(own)
            with at.posko.store.read() as session:
                for device, heard in session.execute(select(Peer.device_id, Peer.received_lsn)):
                    known = self.heard.get((own, device), 0)
                    self.heard[own, device] = max(known, heard)

    def _state(self, at: Computer) -> tuple[object, ...]:
        with at.posko.store.read() as session:
            counters = session.execute(select(Office.counter, Office.lsn)).one()
        return (digest(at.posko), *counters)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[Exchange]]:
    """The machine with the offices that it copies for every try."""
    with Reader(seconds=600) as reader:
        place = ready(tmp_path_factory.mktemp("mesin") / "siap", reader, NAMES)

        class Prepared(Exchange):
            pass

        Prepared.prepared, Prepared.reader = place / "berbagi", reader
        yield Prepared


def test_whatever_happens_nothing_is_lost_and_all_agree(machine: type[Exchange]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("POSKO_EXAMPLES", "5")),
            stateful_step_count=12,
            derandomize=True,
            phases=(Phase.generate,) if SHORT else tuple(Phase),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
