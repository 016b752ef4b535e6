"""Reporters, witnesses and minutes for the other computers of this office, sealed for their keys.

Each computer seals identities at rest with a key of its own, so they go from one to the other as a
sealed letter of their case, made when a workbook for the own office is, and in such workbooks
alone. A letter says which state
of the records it holds, so that none is made twice, and is signed inside: no other office can make
one.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data import record as records
from posko_app.data.record import Value
from posko_app.data.tables import Office, OpenedLetter, SealedPart, Sync, TrustedKey
from posko_app.progress import Progress, silent
from posko_app.security import sign

from .roster import GOOD_STATES
from .sealed import SEALED, Letter, mark_of, seal_letter
from .trust import recipients_of

OWN = "own:"
"""What stands for the hand-over of a letter within one office, before the state it holds."""
MADE = "made"  # state of a letter that this computer made itself


def seal_for_others(
    posko: Posko,
    to_code: str,
    what: str,
    progress: Progress = silent,
    *,
    cases: Collection[str] = (),
) -> tuple[int, int]:
    """Seal for the other computers of this office what no letter holds yet, as it is now.

    `what` and `cases` are those of the export which takes the letters along: of the picked cases,
    else of all. What was confirmed does not matter: the workbook may have gone without identities,
    made by somebody without their key. Gives how many letters were made, and of how many cases the
    identities stay behind because this account does not hold the identity key. Nothing happens for
    another office.
    """
    if to_code != posko.office.code:
        return 0, 0
    made = kept = 0
    with posko.write() as session:
        own = session.scalars(select(Office)).one()
        others = recipients_of(session, to_code)
        if not others:
            return 0, 0
        keys = tuple(dict.fromkeys([*others, own.recipient_public]))
        waiting = _unsealed(session, to_code, keys)
        if what == "picked":
            waiting = {uid: waiting[uid] for uid in sorted({*cases} & waiting.keys())}
        for done, (case_uid, state) in enumerate(waiting.items()):
            progress(done, len(waiting), "Mengunci identitas untuk komputer lain kantor ini")
            if posko.keys.identity is None:
                kept += 1
                continue
            letter = seal_letter(
                posko, session, case_uid, OWN + state, to_code, posko.office.name, keys, _signed
            )
            _remember(posko, session, letter)
            made += 1
        if made:
            posko.note(session, "identity.sealed", "", letters=made, devices=len(others))
    return made, kept


def is_within_office(part: SealedPart, code: str) -> bool:
    """Whether a letter says that another computer of the office `code` made it for this one."""
    return part.office_code == part.to_code == code and part.handover_uid.startswith(OWN)


def kept_from(to_code: str) -> ColumnElement[bool]:
    """Which `sync` rows are letters within another office: nobody at `to_code` could open them."""
    return Sync.uid.in_(
        select(SealedPart.uid).where(
            SealedPart.handover_uid.startswith(OWN), SealedPart.to_code != to_code
        )
    )


def is_kept_from(to_code: str, values: Mapping[str, Value]) -> bool:
    """The same of the values of one piece of a letter."""
    return values["to_code"] != to_code and str(values["handover_uid"]).startswith(OWN)


class UnknownComputer(ValueError):
    """A letter was signed by a computer whose key did not come yet: it waits for it."""


def content_of(session: Session, plain: bytes) -> bytes:
    """What an opened letter of the own office holds.

    Raises UnknownComputer, or ValueError unless a computer of this office signed it.
    """
    outer = records.loads(plain.decode())
    device, text, signature = outer.get("by"), outer.get("text"), outer.get("signature")
    if not (isinstance(device, str) and isinstance(text, str) and isinstance(signature, str)):
        raise ValueError("a letter that nobody signed")
    key = _key_of(session, device)
    if not sign.verify(key, text.encode(), base64.b64decode(signature)):  # binascii: a ValueError
        raise ValueError("a letter of nobody in this office")
    return text.encode()


def _key_of(session: Session, device: str) -> bytes:
    """The public key of a computer of this office."""
    own = session.scalars(select(Office)).one()
    if device == own.device_id:
        return own.device_public
    known = session.get(TrustedKey, device)
    if known is None:
        raise UnknownComputer(device)
    if known.office_code != own.region_code or known.state not in GOOD_STATES:
        raise ValueError("a letter of nobody in this office")
    return known.public_key


def _signed(session: Session, content: str) -> bytes:
    own = session.scalars(select(Office)).one()
    signature = base64.b64encode(sign.sign(own.device_private, content.encode())).decode()
    return records.dumps({"by": own.device_id, "signature": signature, "text": content}).encode()


def _unsealed(session: Session, code: str, keys: Iterable[str]) -> Mapping[str, str]:
    """The cases whose confidential records, as they are now, no letter holds for all these keys.

    Each with the state that is to be sealed.
    """
    wanted = set(map(mark_of, keys))
    letters = session.execute(
        select(SealedPart.case_uid, SealedPart.handover_uid, SealedPart.recipients).where(
            SealedPart.to_code == code,
            SealedPart.office_code == code,
            SealedPart.handover_uid.startswith(OWN),
            SealedPart.position == 1,
        )
    )
    sealed = {(case, of) for case, of, marks in letters if wanted <= set(marks.split())}
    return {
        case: state for case, state in _states(session).items() if (case, OWN + state) not in sealed
    }


def _states(session: Session) -> dict[str, str]:
    """A short name for the state of what is confidential, for each case that has any."""
    versions: dict[str, list[str]] = {}
    rows = session.execute(
        select(Sync.case_uid, Sync.uid, Sync.version)
        .where(Sync.table_name.in_(sorted(SEALED)), Sync.case_uid != "")
        .order_by(Sync.case_uid, Sync.uid)
    )
    for case, uid, version in rows:
        vector = records.dumps(records.loads(version)["v"])
        versions.setdefault(case, []).append(f"{uid}:{vector}")
    return {
        case: hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()[:24]
        for case, found in versions.items()
    }


def _remember(posko: Posko, session: Session, letter: Letter) -> None:
    """A letter of our own is not to be opened here."""
    session.add(
        OpenedLetter(
            letter_uid=letter.uid,
            state=MADE,
            people=letter.people,
            questions=letter.questions,
            opened_at=posko.now(),
            opened_by=posko.user.login,
        )
    )
