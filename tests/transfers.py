"""Random transfers of evidence in packages between two offices, the hard way."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.data.tables import Evidence, PackageFile
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.opened import NotTaken
from posko_app.exchange.package.standing import case_evidence
from posko_app.exchange.package.take import take_part
from posko_app.exchange.package.write import write_package
from posko_app.office.setup import create_office
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD
from tests.introduced import introduce
from tests.parcels import contents_of, copied, damaged, file_case, unfinished, vault_hashes

LEVELS = ("kecamatan", "kabupaten")


@dataclass
class Tally:
    """What happened in a history of transfers, and what must never happen."""

    files: int = 0
    bytes: int = 0
    parts: int = 0
    sent: int = 0
    lost: int = 0
    damaged: int = 0
    refused: int = 0
    rounds: int = 0
    wrong: int = 0  # contents here that are not the ones that were sent
    stuck: int = 0  # contents that are not here although every part came whole in the end

    def __iadd__(self, other: Tally) -> Tally:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
        return self


SIZES = (0, 1, 500, 20_000, 70_000, 250_000, 700_000)


def history(kec: Posko, kab: Posko, folder: Path, seed: int) -> Tally:
    """Evidence goes from one office to another the hard way until it is all there.

    A third of the files that are sent are lost, a quarter of the others damaged, some come twice;
    all have other names and come in any order, some before their workbook. What lacks is then sent
    again: the same parts, or a package made anew.
    """
    rng = random.Random(seed)
    sizes = [rng.choice(SIZES) for _ in range(rng.randint(2, 9))]
    contents = [rng.randbytes(size) for size in sizes]
    contents += rng.choices(contents, k=rng.choice((0, 0, 1)))
    case = file_case(kec, folder / "asli", contents)
    tally = Tally(files=len(sizes), bytes=sum(sizes))
    made = _package(kec, case, folder, rng)
    tally.parts = len(made)
    booked = False
    for number in range(1, 9):
        tally.rounds = number
        for place, path in enumerate(_deck(made, rng)):
            tally.sent += 1
            if rng.random() < 0.3:
                tally.lost += 1
                continue
            target = folder / f"unduhan-{number}-{place}"
            if rng.random() < 0.25:
                tally.damaged += 1
                try:
                    take_part(kab, damaged(path, target, rng))
                except NotTaken:
                    tally.refused += 1
            else:
                take_part(kab, copied(path, target))
            target.unlink()
            tally.wrong += _wrong(kec, kab, case)
        if not booked and rng.random() < 0.5:
            booked = _book(kec, kab, folder / f"buku-{number}")
        if rng.random() < 0.2:
            made = _package(kec, case, folder, rng)
        elif case_evidence(kab, case).complete and booked:
            break
    for path in made:
        take_part(kab, path)
    if not booked:
        _book(kec, kab, folder / "buku")
    tally.wrong += _wrong(kec, kab, case)
    tally.stuck += not case_evidence(kab, case).complete
    tally.stuck += len(unfinished(kab))
    with kab.store.read() as session:
        whole = set(session.scalars(select(PackageFile.sha256)))
    tally.stuck += len(vault_hashes(kab) - whole)  # chunks that nobody needs any more
    return tally


def _package(kec: Posko, case: str, folder: Path, rng: random.Random) -> tuple[Path, ...]:
    out = folder / f"keluar-{len(list(folder.glob('keluar-*')))}"
    out.mkdir()
    limit, lock = rng.choice((90_000, 150_000, 400_000, 2_000_000)), rng.random() < 0.3
    return write_package(kec, kab_code(kec), [case], out, limit, lock=lock).files


def kab_code(kec: Posko) -> str:
    """The code of the office above."""
    return kec.office.code.rpartition(".")[0]


def _deck(made: Sequence[Path], rng: random.Random) -> list[Path]:
    deck = [path for path in made for _ in range(rng.choice((1, 1, 1, 2)))]
    rng.shuffle(deck)
    return deck


def _book(kec: Posko, kab: Posko, folder: Path) -> bool:
    folder.mkdir()
    for path in export(kec, kab_code(kec), folder).files:
        assert import_file(kab, path, apply=True).applied
    return True


def _wrong(kec: Posko, kab: Posko, case: str) -> int:
    """How many contents of a case differ from those that were sent."""
    with kec.store.read() as session:
        sent = dict(
            session.execute(select(Evidence.uid, Evidence.sha256).where(Evidence.case_uid == case))
            .all()
        )  # fmt: skip
    return sum(
        hashlib.sha256(content).hexdigest() != sent[uid]
        for uid, content in contents_of(kab).items()
        if uid in sent
    )


def prepare(folder: Path) -> None:
    """Make the two offices that every transfer begins with a copy of."""
    for level in LEVELS:
        create_office(folder / level, OFFICES[level], PASSWORD, clock=FixedClock(), tied=False)


def transfer(prepared: Path, seed: int) -> tuple[int, Tally]:
    """One history between fresh copies of the prepared offices."""
    with TemporaryDirectory(dir=prepared) as name:
        folder = Path(name)
        os.environ["POSKO_STATE"] = str(folder / "perangkat")
        opened = []
        for level in LEVELS:
            shutil.copytree(prepared / level, folder / level)
            opened.append(open_office(folder / level, "petugas", PASSWORD, clock=FixedClock()))
        try:
            introduce(*opened)
            return seed, history(opened[0], opened[1], folder, seed)
        finally:
            for posko in opened:
                posko.close()
