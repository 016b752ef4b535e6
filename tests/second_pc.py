"""The computers of one office in tests: set up with a set-up file, exchanging workbooks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from posko_app.app import Posko, open_office
from posko_app.exchange.apply import FileOutcome, import_file
from posko_app.exchange.export import export
from posko_app.exchange.joining import FirstPerson, join_office, make_join_file, read_join_file
from posko_app.exchange.opened import VALID
from posko_app.exchange.trust import confirm_key, look_at_key
from posko_app.exchange.xlsx.guarded import Reader
from tests.conftest import FixedClock
from tests.factory import PASSWORD

SECOND = "kedua"


@dataclass
class Room:
    """One office with its computers, one reading process for all that comes."""

    folder: Path
    clock: FixedClock
    reader: Reader = field(default_factory=Reader)
    opened: list[Posko] = field(default_factory=list)
    sent: int = 0

    def joined(self, first: Posko, name: str = "pc-2", login: str = SECOND) -> Posko:
        """A further computer of the office of `first`, set up by its file."""
        path = make_join_file(first, self.folder)
        said = read_join_file(path)
        person = FirstPerson(login=login, name="Petugas Kedua", password=PASSWORD)
        join_office(self.folder / name, said, " ".join(said.words), person, clock=self.clock)
        return self.open(name, login)

    def open(self, name: str, login: str = SECOND) -> Posko:
        """Open an office folder of this room."""
        posko = open_office(self.folder / name, login, PASSWORD, clock=self.clock)
        self.opened.append(posko)
        return posko

    def send(self, posko: Posko, to: str = "") -> Path:
        """An export for the own office, or for another one."""
        self.sent += 1
        target = self.folder / f"kiriman-{self.sent}"
        target.mkdir()
        return export(posko, to or posko.office.code, target).files[0]

    def take(self, posko: Posko, path: Path) -> FileOutcome:
        """Take a file in; who is new is confirmed by the six words."""
        done = import_file(posko, path, apply=True, reader=self.reader)
        if done.code == "unknown_key":
            card = look_at_key(posko, path)
            confirm_key(posko, card, " ".join(card.words))
            done = import_file(posko, path, apply=True, reader=self.reader)
        assert (done.applied, done.signature) == (True, VALID), done.reason
        return done

    def pass_on(self, sender: Posko, receiver: Posko) -> FileOutcome:
        """One workbook from one computer of the office to another."""
        return self.take(receiver, self.send(sender))

    def copy_of(self, name: str, target: str) -> Path:
        """A copy of a closed office folder, as a backup of it."""
        return Path(shutil.copytree(self.folder / name, self.folder / target))

    def close(self) -> None:
        self.reader.close()
        for posko in self.opened:
            posko.close()


MakeRoom = Callable[[], Room]
