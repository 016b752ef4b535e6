"""Files that were sealed before a case named them, and what becomes of them when none ever does.

Whoever chooses messages may still throw the form away, or bring it back with Urungkan; a form may
be refused, or the power go out, after its files were copied. So each such file, evidence or the
picture of a card, is noted, and taken out of the vault on a later day when neither a case nor a
draft needs it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Draft, IdentityFile, Setting, VaultFile
from posko_app.data.vault import name_of
from posko_app.errors import UserError

from .drafts import content_of

NOTED = "vault.pending/"  # before the name of a file in the key of its note
KEPT_FOR = timedelta(days=1)  # another PC may have a form open that is not saved yet


def note_files(posko: Posko, names: Iterable[str]) -> None:
    """Note files that lie in the vault while nothing names them."""
    at = json.dumps(posko.now().isoformat())
    with posko.write() as session:
        session.add_all(Setting(key=f"{NOTED}{name}", value=at) for name in names)


@use_case("case.read")
def drop_abandoned(posko: Posko) -> int:
    """Take noted files out of the vault that no case and no draft needs; how many went.

    Drafts that this account cannot read keep everything: they may hold what opens a file.
    """
    with posko.store.read() as session:
        noted = session.scalars(select(Setting).where(Setting.key.startswith(NOTED))).all()
        known = _known(session, [row.key.removeprefix(NOTED) for row in noted])
        drafts = drafts_of(posko, session) if noted else ()
    if drafts is None:
        return 0
    gone, done = [], []
    for row in noted:
        name = row.key.removeprefix(NOTED)
        if name in known:
            done.append(row.key)
        elif _old(posko, row) and not any(_hash_in(name) in text for text in drafts):
            gone.append(name)
            done.append(row.key)
    if done:
        with posko.write() as session:
            session.execute(delete(Setting).where(Setting.key.in_(done)))
    posko.vault.drop(gone)
    return len(gone)


def _old(posko: Posko, row: Setting) -> bool:
    return datetime.fromisoformat(json.loads(row.value)) + KEPT_FOR < posko.now()


def _known(session: Session, names: Sequence[str]) -> set[str]:
    """Which of the files a row names by now."""
    if not names:
        return set()
    hashes = [_hash_in(name) for name in names]
    wanted = select(VaultFile.sha256, VaultFile.key).where(VaultFile.sha256.in_(hashes))
    pictures = select(IdentityFile.vault_name).where(IdentityFile.vault_name.in_(names))
    files = {name_of(sha256, key) for sha256, key in session.execute(wanted)}
    return files | set(session.scalars(pictures))


def drafts_of(posko: Posko, session: Session) -> tuple[str, ...] | None:
    """Every draft of the office as text; None when one of them stays closed for this account."""
    try:
        rows = session.scalars(select(Draft)).all()
        return tuple(json.dumps(content_of(posko, row)) for row in rows)
    except UserError:
        return None


def _hash_in(name: str) -> str:
    """The SHA-256 that a name below the vault begins with."""
    return name.rpartition("-")[0].replace("/", "")
