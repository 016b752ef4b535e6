"""The sealed letter of a hand-over: who reporter and witnesses are, and what they said.

It holds whole records with their versions and plain values, so that the addressee joins them like
all others and seals them again with its own identity key. Only the key of the addressee opens it;
everybody else carries it on as it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.identity import FIELDS, open_text, seal_text
from posko_app.data import record as records
from posko_app.data.record import Record, Value
from posko_app.data.tables import ClarificationQuestion, Identity, SealedPart
from posko_app.data.versions import load_records
from posko_app.errors import UserError
from posko_app.security import recipient
from posko_app.security.cipher import Damaged
from posko_app.security.uid import new_uid

from .trust import recipients_of

FORMAT = "posko-sealed-1"
PIECE = 24_000  # characters; a cell takes 30,000
MOST = 4_000  # pieces of one letter; a longer one is none of ours
PEOPLE, QUESTIONS = "identities", "clarification_questions"
SEALED: Mapping[str, frozenset[str]] = {
    PEOPLE: frozenset(FIELDS),
    QUESTIONS: frozenset({"question", "answer"}),
}
"""The tables that travel in a sealed letter, with the fields that are sealed at rest."""


@dataclass(frozen=True)
class Letter:
    """A sealed letter that was made; `spoiled` counts records that could not be read here."""

    uid: str
    people: int
    questions: int
    spoiled: int


def keys_for(session: Session, to_code: str, name: str) -> tuple[str, ...]:
    """The keys that a letter to an office is sealed for. Raises UserError when none is known."""
    keys = recipients_of(session, to_code)
    if not keys:
        raise UserError(
            f"Kunci {name} belum dikenal, jadi identitas belum dapat dikirim. Tidak ada yang "
            "berubah. Minta kantor itu mengirim satu berkas Posko dulu, lalu limpahkan lagi.",
            "no_recipient_key",
        )
    return keys


def seal_letter(
    posko: Posko,
    session: Session,
    case_uid: str,
    handover_uid: str,
    to_code: str,
    name: str,
    keys: Sequence[str] = (),
    wrap: Callable[[Session, str], bytes] | None = None,
) -> Letter:
    """Add a sealed letter with everything confidential of a case to the caller's transaction.

    `keys` are those it is sealed for, by default the office's; `wrap` signs what goes into it.
    Raises UserError when the office's key is unknown, or this account may not read what is sealed.
    """
    keys = keys or keys_for(session, to_code, name)
    kept, spoiled = _plain(posko, session, case_uid)
    uid = new_uid()
    content = records.dumps(
        {
            "format": FORMAT,
            "letter": uid,
            "case": case_uid,
            "handover": handover_uid,
            "from": posko.office.code,
            "to": to_code,
            **kept,
        }
    )
    plain = wrap(session, content) if wrap else content.encode()
    body = base64.b64encode(recipient.seal(plain, keys)).decode()
    pieces = [body[start : start + PIECE] for start in range(0, len(body), PIECE)]
    for position, piece in enumerate(pieces, 1):
        session.add(
            SealedPart(
                case_uid=case_uid,
                handover_uid=handover_uid,
                letter_uid=uid,
                office_code=posko.office.code,
                to_code=to_code,
                recipients=" ".join(sorted(map(mark_of, keys))),
                position=position,
                pieces=len(pieces),
                body=piece,
                made_at=posko.now(),
            )
        )
    session.flush()
    return Letter(uid, len(kept[PEOPLE]), len(kept[QUESTIONS]), spoiled)


def _plain(
    posko: Posko, session: Session, case_uid: str
) -> tuple[dict[str, list[records.Canonical]], int]:
    """What is confidential in a case, with plain values, and how much could not be read here."""
    kept: dict[str, list[records.Canonical]] = {PEOPLE: [], QUESTIONS: []}
    spoiled = 0
    for record in confidential(session, case_uid):
        try:
            kept[record.table].append(records.canonical(opened(posko, record)))
        except (Damaged, binascii.Error):
            spoiled += 1
    return kept, spoiled


def mark_of(key: str) -> str:
    """A short mark of a public key, by which one sees for whom something was sealed."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def confidential(session: Session, case_uid: str) -> Iterable[Record]:
    """The records of a case that only travel sealed, with their versions, as they lie here."""
    uids = [
        *session.scalars(select(Identity.uid).where(Identity.case_uid == case_uid)),
        *session.scalars(
            select(ClarificationQuestion.uid).where(ClarificationQuestion.case_uid == case_uid)
        ),
    ]
    return load_records(session, uids) if uids else ()


def opened(posko: Posko, record: Record) -> Record:
    """A record as it lies here, with plain values. Raises Damaged or UserError without the key."""
    return _turned(record, lambda field, value: open_text(posko, record.uid, field, value))


def resealed(posko: Posko, record: Record) -> Record:
    """A record with plain values as it is to lie here; equal values are sealed alike."""
    known: dict[tuple[str, str], str] = {}

    def seal(field: str, value: str) -> str:
        if (field, value) not in known:
            known[field, value] = seal_text(posko, record.uid, field, value)
        return known[field, value]

    return _turned(record, seal)


def whole(parts: Sequence[SealedPart]) -> bytes | None:
    """The sealed bytes of a letter from its pieces; None while pieces are missing.

    Raises ValueError for pieces that do not belong together.
    """
    pieces = {part.position: part for part in parts}
    count = min(parts[0].pieces, MOST)
    same = {(p.pieces, p.case_uid, p.handover_uid, p.to_code, p.office_code) for p in parts}
    if len(same) > 1 or len(pieces) < len(parts) or count != parts[0].pieces or count < 1:
        raise ValueError("pieces of several letters")
    if set(pieces) != set(range(1, count + 1)):
        if any(position < 1 or position > count for position in pieces):
            raise ValueError("too many pieces")
        return None
    text = "".join(pieces[position].body for position in sorted(pieces))
    return base64.b64decode(text, validate=True)


def read_letter(plain: bytes, part: SealedPart) -> list[Record]:
    """The records of an opened letter. Raises ValueError for one that is not what it should be."""
    content = records.loads(plain.decode())
    said = {
        "format": FORMAT,
        "letter": part.letter_uid,
        "case": part.case_uid,
        "handover": part.handover_uid,
        "from": part.office_code,
        "to": part.to_code,
    }
    if any(content.get(name) != value for name, value in said.items()):
        raise ValueError("not the letter it stands for")
    found = []
    for table in SEALED:
        kept = content.get(table)
        if not isinstance(kept, list) or not all(isinstance(data, dict) for data in kept):
            raise ValueError("no list of records")
        for data in kept:
            record = records.from_canonical(data)
            if record.table != table or _case_of(record) != {part.case_uid}:
                raise ValueError("a record of something else")
            found.append(record)
    return found


def _case_of(record: Record) -> set[Value]:
    return {sibling.value for sibling in record.fields.get("case_uid", ())}


def _turned(record: Record, turn: Callable[[str, str], str]) -> Record:
    fields = {}
    for name, siblings in record.fields.items():
        if name in SEALED[record.table]:
            siblings = tuple(
                sibling._replace(value=turn(name, sibling.value))
                if isinstance(sibling.value, str)
                else sibling
                for sibling in siblings
            )
        fields[name] = siblings
    return replace(record, fields=fields)
