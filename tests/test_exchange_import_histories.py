"""Random histories through real files: lost, twice and out of order, three offices end the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.intake import file_report
from posko_app.data import versions
from posko_app.data.record import Dot, Record, Sibling
from posko_app.data.tables import Case, ReportedParty
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.xlsx.guarded import Reader
from tests.factory import new_report

STEPS = 60
LOST = 0.3


def state(posko: Posko) -> dict[str, Record]:
    with posko.store.read() as session:
        return {r.uid: r for r in versions.load_records(session) if r.table != "identities"}


class World:
    """Offices that write, send and receive by chance; remembers every value ever written."""

    def __init__(self, offices: list[Posko], folder: Path, seed: int, reader: Reader) -> None:
        self.offices, self.folder, self.chance, self.reader = offices, folder, Random(seed), reader
        self.mail: list[tuple[Posko, Path]] = []
        self.written = 0
        self.ever: dict[tuple[str, str], dict[Dot, Sibling]] = {}

    def remember(self, office: Posko) -> None:
        """Keep every value that stands in an office now."""
        for uid, record in state(office).items():
            for name, siblings in record.fields.items():
                self.ever.setdefault((uid, name), {}).update({s.dot: s for s in siblings})

    def step(self) -> None:
        """One thing happens somewhere."""
        office = self.chance.choice(self.offices)
        act = self.chance.choices([self.edit, self.post, self.open_mail], [4, 3, 4])[0]
        act(office)

    def edit(self, office: Posko) -> None:
        self.written += 1
        with office.write() as session:
            cases = session.scalars(select(Case).order_by(Case.uid)).all()
            parties = session.scalars(select(ReportedParty).order_by(ReportedParty.uid)).all()
            if cases and self.chance.random() < 0.7:
                case = self.chance.choice(cases)
                field = self.chance.choice(["title", "article", "event_place", "event_on"])
                value = None if field == "event_on" else f"{field} {self.written}"
                setattr(case, field, value)
            elif parties:
                self.chance.choice(parties).rank = f"rank {self.written}"
            session.flush()
            board.refresh(office, session, [c.uid for c in cases])
        self.remember(office)

    def post(self, office: Posko) -> None:
        other = self.chance.choice([o for o in self.offices if o is not office])
        for path in export(office, other.office.code, self.folder).files:
            if self.chance.random() >= LOST:
                self.mail.append((other, path))

    def open_mail(self, office: Posko) -> None:
        mine = [n for n, (to, _) in enumerate(self.mail) if to is office]
        if mine:
            place = self.chance.choice(mine)
            self.take(*self.mail[place])
            if self.chance.random() < 0.7:  # else it comes once more
                del self.mail[place]

    def take(self, office: Posko, path: Path) -> None:
        outcome = import_file(office, path, apply=True, reader=self.reader)
        assert (outcome.verdict, outcome.rejected) == ("accepted", ())

    def settle(self) -> None:
        """Everybody sends to everybody until all have heard all."""
        for _ in range(2):
            for office in self.offices:
                for other in self.offices:
                    if other is not office:
                        for path in export(office, other.office.code, self.folder).files:
                            self.take(other, path)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_offices_converge_and_lose_nothing(
    seed: int, office: Callable[..., Posko], tmp_path: Path
) -> None:
    folder = tmp_path / "kiriman"
    folder.mkdir()
    offices = [office(level) for level in ("kecamatan", "kabupaten", "provinsi")]
    file_report(offices[0], new_report(title="Pertama"))
    file_report(offices[1], new_report(title="Kedua"))
    with Reader(seconds=600) as reader:
        world = World(offices, folder, seed, reader)
        for posko in offices:
            world.remember(posko)
        for _ in range(STEPS):
            world.step()
        world.settle()
    final = state(offices[0])
    for posko in offices[1:]:
        assert state(posko) == final
    assert world.written > 5
    replaced = 0
    for (uid, name), values in world.ever.items():
        seen = {dot for sibling in values.values() for dot in sibling.overwrote}
        for sibling in values.values():
            stands = sibling in final[uid].fields[name]
            replaced += not stands
            assert stands or sibling.dot in seen, "only who saw a value may replace it"
    assert replaced
    for posko in offices:
        with posko.store.read() as session:
            assert board.board_problems(posko, session) == []
