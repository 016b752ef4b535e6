"""Evidence that travels in packages between two offices, and what may happen on the way."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput
from posko_app.data.tables import Evidence, VaultFile
from tests.factory import new_report


def file_case(posko: Posko, folder: Path, contents: Sequence[bytes], start: str = "bukti") -> str:
    """A report with one piece of evidence per content; the uid of its case."""
    case = file_report(posko, new_report()).uid
    items = []
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(contents):
        path = folder / f"{start}-{number}.bin"
        path.write_bytes(content)
        items.append(EvidenceInput(path=path, description=path.stem, kind="document"))
    attach(posko, case, items)
    return case


def contents_of(posko: Posko) -> dict[str, bytes]:
    """The plain content of every piece of evidence that is here, by uid."""
    with posko.store.read() as session:
        held = session.execute(
            select(Evidence.uid, VaultFile.sha256, VaultFile.key).join(
                VaultFile, VaultFile.sha256 == Evidence.sha256
            )
        ).all()
    found = {}
    for uid, sha256, key in held:
        with posko.vault.open(sha256, key) as stream:
            found[uid] = stream.read()
    return found


def vault_hashes(posko: Posko) -> set[str]:
    """What the vault knows by key."""
    with posko.store.read() as session:
        return set(session.scalars(select(VaultFile.sha256)))


def unfinished(posko: Posko) -> list[Path]:
    """Files that somebody began and did not end."""
    return [path for path in posko.folder.root.rglob("*") if path.name.endswith(".part")]


def damaged(path: Path, target: Path, rng: random.Random) -> Path:
    """A copy with a bit turned, its end cut off, or some bytes put in between."""
    raw = bytearray(path.read_bytes())
    place = rng.randrange(len(raw))
    way = rng.randrange(3)
    if way == 0:
        raw[place] ^= 1 << rng.randrange(8)
    elif way == 1:
        del raw[place:]
    else:
        raw[place:place] = rng.randbytes(rng.randint(1, 40))
    target.write_bytes(raw)
    return target


def copied(path: Path, target: Path) -> Path:
    """The same bytes under another name."""
    shutil.copyfile(path, target)
    return target
