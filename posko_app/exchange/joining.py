"""A further computer of an office: the set-up file of the first one, and joining with it.

The file holds what an office is and how it has set itself up, its own rules and holidays, who keeps
its numbers, and the key of the computer that made it; no case, no person, no password and no key
that opens anything. It is signed, and its six words are compared by whoever sets up the new
computer, who stands beside the first one. So the new computer knows the first from the start.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, system_clock, use_case
from posko_app.cases import number_blocks
from posko_app.cases.numbers import numbers
from posko_app.data.base import Row
from posko_app.data.tables import (
    LocalHoliday,
    Office,
    RegulationFile,
    RuleOverride,
    Setting,
    TrustedKey,
)
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.office.setup import NewOffice, create_office
from posko_app.security import durable, sign
from posko_app.text import clean, numeric_date

from .own_office import OFFICE, is_shared, label_of, shared_settings
from .roster import PINNED
from .trust import same_words

FORMAT, VERSION = "posko-pasang", 1
ENDING = ".pasang"
MOST_BYTES = 4_000_000
LAW: Final = (RuleOverride, RegulationFile, LocalHoliday)
_BYTES = "base64:"
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, kw_only=True)
class JoinFile:
    """What a set-up file says: the office, and the computer that vouches for it.

    `words` is the fingerprint to compare, `label` what the new computer will be called.
    """

    office: Mapping[str, Any]
    device: str
    public_key: bytes
    recipient: str
    label: str
    made_on: str
    settings: Mapping[str, str]
    law: Mapping[str, tuple[Mapping[str, Any], ...]]
    numbers: str

    @property
    def words(self) -> tuple[str, ...]:
        """The six words of the first computer's key."""
        return sign.fingerprint_words(self.public_key)


@dataclass(frozen=True, kw_only=True)
class FirstPerson:
    """Who sets up the new computer, and becomes its admin."""

    login: str
    name: str
    title: str = ""
    password: str


@use_case("office.settings")
def make_join_file(posko: Posko, folder: Path) -> Path:
    """Write the set-up file for a further computer of this office into `folder`.

    One file serves for one computer or several: each gets an identity of its own. Raises UserError
    when the folder cannot be written.
    """
    others = len(numbers(posko).devices)
    with posko.write() as session:
        own = session.scalars(select(Office)).one()
        said = _content(posko, session, own, f"PC-{others + 2}")
        text = _dumps(said)
        signature = base64.b64encode(sign.sign(own.device_private, text.encode())).decode()
        posko.note(session, "office.join_file", "", label=said["label"])
    path = _free(folder, f"Posko_{posko.office.code}_{said['label']}")
    try:
        durable.write_file(path, json.dumps({"said": text, "signature": signature}).encode())
    except OSError as error:
        raise UserError(
            f"Folder {folder} tidak dapat ditulisi. Belum ada berkas yang dibuat. "
            "Pilih folder lain.",
            "folder_not_writable",
        ) from error
    return path


def read_join_file(path: Path) -> JoinFile:
    """What a set-up file says. Raises UserError when it is none, damaged or newer."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("too big")
        outer = json.loads(path.read_bytes())
        text = outer["said"]
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise ValueError("another format")
        if said["version"] != VERSION:
            raise UserError(
                f"Berkas {path.name} dibuat Posko yang lebih baru. Tidak ada yang diubah. "
                "Perbarui Posko di komputer ini.",
                "newer_file",
            )
        key = base64.b64decode(said["key"], validate=True)
        if not sign.verify(key, text.encode(), base64.b64decode(outer["signature"])):
            raise ValueError("the signature does not fit")
        return _read(said, key)
    except OSError as error:
        raise UserError(
            f"Berkas {path} tidak dapat dibaca. Tidak ada yang diubah. Periksa tempatnya.",
            "file_missing",
        ) from error
    except (*_UNREADABLE, binascii.Error) as error:
        raise UserError(
            f"Berkas {path.name} bukan berkas pasang Posko, atau rusak. Tidak ada yang diubah. "
            "Buat lagi di komputer pertama: Pengaturan, Nomor dan komputer.",
            "no_join_file",
        ) from error


def join_office(
    folder: Path,
    said: JoinFile,
    words: str,
    person: FirstPerson,
    *,
    label: str = "",
    clock: Callable[[], datetime] = system_clock,
    tied: bool = True,
) -> None:
    """Set this computer up as a further one of the office, with accounts and keys of its own.

    `words` are the six words as the first computer shows them. Raises InvalidInput when they
    differ, else as `create_office`; nothing is left behind then.
    """
    if not same_words(words, said.public_key):
        sentence = (
            "Enam kata itu tidak sama dengan yang ada di berkas. Bandingkan dengan layar komputer "
            "pertama; bila tetap berbeda, buat berkas pasang baru."
        )
        raise InvalidInput([Problem("words", sentence)])
    new = NewOffice(
        **_office(said.office),
        admin_login=person.login,
        admin_name=person.name,
        admin_title=person.title,
        device_label=clean(label) or said.label,
    )

    def fill(session: Session) -> None:
        _fill(session, said, person.login.strip().lower(), clock())

    create_office(folder, new, person.password, clock=clock, tied=tied, fill=fill)


@use_case("office.settings")
def take_settings(posko: Posko, said: JoinFile) -> tuple[str, ...]:
    """Make the office's fields and settings the same as on the computer that made the file.

    Gives what was changed, as people call it. Own rules and holidays move deadlines and are
    rehearsed where rules are changed, so they stay as they are. Only from a computer of this office
    whose key is known here. Raises UserError.
    """
    with posko.write() as session:
        known = session.get(TrustedKey, said.device)
        fits = known is not None and known.public_key == said.public_key
        if said.office["region_code"] != posko.office.code or not fits:
            raise UserError(
                "Berkas pasang ini bukan dari komputer kantor ini yang dikenal. Tidak ada yang "
                "diubah. Terima dulu satu kiriman dari komputer itu.",
                "unknown_device",
            )
        own = session.scalars(select(Office)).one()
        old = {name: getattr(own, name) for name in OFFICE}
        new = {name: said.office[name] for name in OFFICE}
        for name, value in new.items():
            setattr(own, name, value)
        changed = [label for name, label in OFFICE.items() if old[name] != new[name]]
        wanted = {k: v for k, v in said.settings.items() if not k.startswith("calendar.")}
        changed += dict.fromkeys(map(label_of, _put_settings(session, wanted)))
        number_blocks.hear(session, said.numbers)
        posko.note(session, "office.settings_taken", "", from_device=said.device, changed=changed)
    posko.reload_office()
    return tuple(dict.fromkeys(changed))


def _content(posko: Posko, session: Session, own: Office, label: str) -> dict[str, Any]:
    office = {name: getattr(own, name) for name in OFFICE}
    office |= {
        "level": own.level,
        "region_code": own.region_code,
        "practice": own.practice,
        "practice_on": own.practice_on.isoformat() if own.practice_on else None,
    }
    return {
        "format": FORMAT,
        "version": VERSION,
        "office": office,
        "device": own.device_id,
        "key": base64.b64encode(own.device_public).decode(),
        "recipient": own.recipient_public,
        "label": label,
        "made_on": numeric_date(posko.today()),
        "settings": shared_settings(session),
        "law": {table.__tablename__: list(_rows(session, table)) for table in LAW},
        "numbers": number_blocks.said(session),
    }


def _rows(session: Session, table: type[Row]) -> Iterator[dict[str, Any]]:
    """The rows of a local table, as JSON can hold them."""
    for row in session.scalars(select(table).order_by(table.id)):
        yield {c.key: _plain(getattr(row, c.key)) for c in table.__table__.columns if c.key != "id"}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return _BYTES + base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _python(kind: type, value: Any) -> Any:
    """A value of a row as its column wants it; raises ValueError for what cannot be one."""
    if kind is bytes:
        return base64.b64decode(str(value).removeprefix(_BYTES), validate=True)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if type(value) is not kind:
        raise ValueError(f"{value!r} is no {kind.__name__}")
    return value


def _read(said: Mapping[str, Any], key: bytes) -> JoinFile:
    law = {}
    for table in LAW:
        columns = {c.key: c.type.python_type for c in table.__table__.columns if c.key != "id"}
        law[table.__tablename__] = tuple(
            {name: _python(kind, row[name]) for name, kind in columns.items()}
            for row in said["law"].get(table.__tablename__, ())
        )
    _office(said["office"])  # whatever an office needs must be there
    number_blocks.check(str(said["numbers"]))
    return JoinFile(
        office=dict(said["office"]),
        device=str(said["device"]),
        public_key=key,
        recipient=str(said["recipient"]),
        label=clean(str(said["label"])),
        made_on=str(said["made_on"]),
        settings={str(k): str(v) for k, v in said["settings"].items() if is_shared(str(k))},
        law=law,
        numbers=str(said["numbers"]),
    )


def _office(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an office as `NewOffice` takes them."""
    names = (*OFFICE, "level", "region_code")
    texts = {name: said[name] for name in names}
    if not all(isinstance(value, str) for value in texts.values()):
        raise ValueError("an office says something else than text")
    day = said["practice_on"]
    return {
        **texts,
        "practice": bool(said["practice"]),
        "practice_on": date.fromisoformat(day) if day else None,
    }


def _fill(session: Session, said: JoinFile, login: str, at: datetime) -> None:
    """What the new computer knows from the start."""
    session.add(
        TrustedKey(
            device_id=said.device,
            office_code=str(said.office["region_code"]),
            public_key=said.public_key,
            recipient=said.recipient,
            state=PINNED,
            version=int(at.timestamp()),
            decided_by=login,
            reason="enam kata dicocokkan saat dipasang",
            decided_at=at,
        )
    )
    session.flush()
    _put_settings(session, said.settings)
    for table in LAW:
        session.add_all(table(**row) for row in said.law[table.__tablename__])
    session.flush()
    number_blocks.concede(session, said.numbers)


def _put_settings(session: Session, wanted: Mapping[str, str]) -> list[str]:
    """Set free settings; the keys of those that were different."""
    changed = []
    for key, value in wanted.items():
        row = session.get(Setting, key)
        if (row.value if row else "") != value:
            session.merge(Setting(key=key, value=value))
            changed.append(key)
    return changed


def _dumps(said: Mapping[str, Any]) -> str:
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def _free(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}{ENDING}", 2
    while path.exists():
        path, number = folder / f"{stem} ({number}){ENDING}", number + 1
    return path
