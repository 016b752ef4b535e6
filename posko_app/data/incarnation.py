"""One device id per installation: how a database is tied to its folder, and how it is renewed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from posko_app.security import instance
from posko_app.security.instance import Finding, Token
from posko_app.security.recipient import new_recipient
from posko_app.security.sign import new_device_id, new_device_key

from .succession import succeed
from .tables import Office, Peer, Setting

KEEPER = "numbers.keeper"  # setting: which device of the office keeps its number series
TIED = "device.tied"  # a setting that is nobody's choice: a token was written for this database


@dataclass(frozen=True)
class Renewed:
    """A device that took a new identity."""

    old: str
    new: str
    label: str


class Tie:
    """The token of an open office: kept outside of it, moved on after each save."""

    def __init__(self, place: Path, keys_id: str, folder: Path) -> None:
        """`place` is the folder of tokens, `keys_id` the id in the office's key file."""
        self._place, self._keys_id, self._folder = place, keys_id, folder
        self._path, self._token = Path(), Token(device="", machine="", folder="", n=0, lsn=0)

    def examine(self, session: Session) -> Finding:
        """Whether this is the database that was last open here, an older one, or a copy."""
        office = session.scalars(select(Office)).one()
        found = instance.read_token(self._path_of(office.device_id))
        if found is None and not is_tied(session):
            return "same"  # no token was ever written for it: it is new, or of an earlier program
        return instance.examine(found, office.counter, office.lsn, instance.machine_id())

    def fasten(self, session: Session) -> bool:
        """Write the token of the database as it is now, and say in it that there is one.

        False when the place of tokens cannot be written: then nothing is examined next time.
        """
        office = session.scalars(select(Office)).one()
        token = Token(
            device=office.device_id,
            machine=instance.machine_id(),
            folder=instance.folder_name(self._folder),
            n=office.counter,
            lsn=office.lsn,
        )
        path = self._path_of(office.device_id)
        fresh = instance.read_token(path) != token
        done = not fresh or instance.write_token(path, token)
        if done:
            self._path, self._token = path, token
        if is_tied(session) != done:
            session.merge(Setting(key=TIED, value="1" if done else ""))
        return done

    def follow(self, session: Session) -> None:
        """Note how far the device has written after a save."""
        if self._token.device:
            n, lsn = session.execute(select(Office.counter, Office.lsn)).one()
            if (n, lsn) != (self._token.n, self._token.lsn):
                self._token = instance.note_progress(self._path, self._token, n, lsn)

    def keep(self) -> None:
        """Put on the disk what was noted, at the end of a session."""
        if self._token.device:
            instance.write_token(self._path, self._token)

    def _path_of(self, device: str) -> Path:
        return instance.token_path(self._place, self._keys_id, device, self._folder)


def is_tied(session: Session) -> bool:
    """Whether a token was ever written for this database."""
    return session.scalar(select(Setting.value).where(Setting.key == TIED)) == "1"


def give_recipient(office: Office) -> None:
    """A new key that files for this device are locked with; those it had go on opening."""
    private, office.recipient_public = new_recipient()
    office.recipient_private = f"{private}\n{office.recipient_private}".strip()


def renew(session: Session) -> Renewed:
    """Give this device a new id and key; from now on it has heard nothing and nobody has heard it.

    What it wrote before keeps its old name, and what was locked for it before can still be opened.
    The numbers it kept or had reserved stay with the old identity: others may have been given
    since. The caller notes it in the audit chain.
    """
    office = session.scalars(select(Office)).one()
    if session.get(Setting, KEEPER) is None:
        said = {"version": 0, "device": office.device_id, "year": 0}
        session.add(Setting(key=KEEPER, value=json.dumps(said)))
    old, private, public = office.device_id, office.device_private, office.device_public
    office.device_id = new_device_id()
    office.device_private, office.device_public = new_device_key()
    give_recipient(office)
    office.device_label = instance.next_label(office.device_label)
    session.execute(
        update(Peer).values(
            acked_lsn=0, received_lsn=0, received_seq=0, received_xid="", ahead_lsn=0
        )
    )
    session.flush()
    succeed(session, old, private, public)
    return Renewed(old, office.device_id, office.device_label)
