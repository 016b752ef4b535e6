"""Files that only one office can open: sealed for the keys of its devices.

The signature of a workbook is inside: first signed, then sealed. Opening them is `unlocking`.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.incarnation import give_recipient
from posko_app.data.tables import Office
from posko_app.errors import UserError
from posko_app.security import recipient

from .trust import recipients_of
from .unlocking import ENDING, is_locked, opened_file, private_folder, unlocked
from .xlsx.write import cannot_write

__all__ = [
    "ENDING",
    "is_locked",
    "keys_for",
    "lock",
    "lock_as",
    "opened_file",
    "own_key",
    "private_folder",
    "unlocked",
]


def own_key(posko: Posko) -> str:
    """The public key that files for this device are locked with; made when there is none yet."""
    with posko.store.read() as session:
        known = session.scalars(select(Office.recipient_public)).one()
    if known:
        return known
    with posko.write() as session:
        office = session.scalars(select(Office)).one()
        if not office.recipient_public:
            give_recipient(office)
            posko.note(session, "key.made", "", key=office.recipient_public)
        return office.recipient_public


def keys_for(session: Session, to_code: str) -> tuple[str, ...]:
    """The keys that a file for an office is locked with: its devices' and our own.

    Raises UserError when no key of that office is known here.
    """
    theirs = recipients_of(session, to_code)
    if not theirs:
        raise UserError(
            f"Kunci kantor {to_code} belum dikenal di sini, jadi tidak ada yang dapat dikunci "
            "untuknya. Belum ada berkas yang dibuat. Terima dulu satu kiriman dari kantor itu.",
            "no_recipient",
        )
    own = session.scalars(select(Office.recipient_public)).one()
    return tuple(dict.fromkeys([*theirs, *([own] if own else [])]))


def lock(path: Path, recipients: Collection[str]) -> Path:
    """Seal the file `path` as `path.age` beside it and take the plain one away.

    UserError, and no sealed file, when it cannot be written; the plain one is taken away even then.
    """
    target = path.with_name(f"{path.name}{ENDING}")
    lock_as(path, target, recipients)
    return target


def lock_as(
    path: Path, target: Path, recipients: Collection[str], *, shown: Path | None = None
) -> None:
    """Seal the file `path` as the new file `target` and take the plain one away.

    `shown` is the name that the sentence of a failure gives it.
    """
    try:
        recipient.seal_file(path, target, recipients)
    except OSError as error:
        raise cannot_write(shown or target, error) from error
    finally:
        path.unlink(missing_ok=True)
