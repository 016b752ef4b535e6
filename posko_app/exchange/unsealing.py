"""Opening the sealed letters addressed to this office, and joining what they hold with its own.

A letter is opened once, by whoever holds the identity key: when its file is taken in, else when the
case is received. One that cannot be opened stays as it came and is told; all else is taken in.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.identity import FIELDS
from posko_app.data import record as records
from posko_app.data.record import Record
from posko_app.data.tables import (
    Event,
    Identity,
    Office,
    OpenedLetter,
    SealedPart,
    Sync,
)
from posko_app.data.versions import (
    Prepared,
    Stamper,
    UnfitValue,
    load_records,
    prepare,
    store_prepared,
)
from posko_app.security.cipher import Damaged
from posko_app.security.recipient import NotForUs, unseal

from . import merge
from .found_by import remake
from .own_letters import OWN, UnknownComputer, content_of, is_within_office
from .scope import stands
from .sealed import PEOPLE, mark_of, opened, read_letter, resealed, whole
from .twins import forked
from .xlsx.limits import limits
from .xlsx.parts import FORBIDDEN

OPENED, FOREIGN, DAMAGED = "opened", "foreign", "damaged"
TOLD = {
    FOREIGN: (
        "Identitas perkara limpahan terkunci untuk komputer lain, jadi belum dapat dibuka. Data "
        "lainnya sudah masuk. Minta {office} membuat berkas pelimpahannya lagi."
    ),
    DAMAGED: (
        "Bagian terkunci perkara limpahan rusak, jadi identitasnya belum dapat dibuka. Data "
        "lainnya sudah masuk. Minta {office} membuat berkas pelimpahannya lagi."
    ),
}
KEPT = (
    "Identitas pada perkara limpahan berbeda dengan yang sudah dicatat kantor ini sendiri. Catatan "
    "kantor ini dipertahankan. Cocokkan dengan {office}."
)
ACTS = {
    OPENED: "handover.opened",
    FOREIGN: "handover.foreign",
    DAMAGED: "handover.damaged",
}
ACTS_WITHIN = {
    OPENED: "identity.letter_opened",
    FOREIGN: "identity.letter_foreign",
    DAMAGED: "identity.letter_damaged",
}
"""What the journal says of letters of a hand-over, and of those between computers of one office."""
Keep = Callable[[str, str, str | None], None]


@dataclass
class Opening:
    """What opening letters brought: cases touched, people and questions, sentences to tell."""

    cases: set[str] = field(default_factory=set)
    people: int = 0
    questions: int = 0
    told: list[str] = field(default_factory=list)


def open_letters(
    posko: Posko,
    session: Session,
    stamper: Stamper,
    keep: Keep | None = None,
    case_uid: str = "",
) -> Opening:
    """Open what waits, of all cases or one, inside the caller's `write(bulk=True)` session.

    `keep` is told each record that is about to be written: its uid, table and text before. Nothing
    happens for an account without the identity key: the letters go on waiting.
    """
    done = Opening()
    if posko.keys.identity is None:
        return done
    private = session.scalars(select(Office.recipient_private)).one()
    public = session.scalars(select(Office.recipient_public)).one()
    brought: dict[str, str] = {}  # uid -> table; letters of one hand-over may hold the same
    for parts in _waiting(posko, session, case_uid):
        first = parts[0]
        within = is_within_office(first, posko.office.code)
        kept: list[Record] = []
        state, found = _read(posko, session, parts, private, mark_of(public))
        if state == "":
            continue  # pieces, or the key of who made it, are still on their way
        if state == OPENED:
            try:
                joined, kept = _joined(posko, session, found, within=within)
            except (UnfitValue, Damaged, ValueError):
                state, found = DAMAGED, []
            else:
                _store(posko, session, stamper, joined, keep)
        found = [record for record in found if record not in kept]
        brought |= {record.uid: record.table for record in found}
        done.cases.add(first.case_uid)
        if state in TOLD and not within:
            done.told.append(TOLD[state].format(office=_name(posko, first.office_code)))
        if kept:
            done.told.append(KEPT.format(office=_name(posko, first.office_code)))
        _note(posko, session, first, state, found)
    done.people = sum(table == PEOPLE for table in brought.values())
    done.questions = len(brought) - done.people
    done.told = list(dict.fromkeys(done.told))
    session.flush()
    return done


def _note(
    posko: Posko, session: Session, first: SealedPart, state: str, found: Sequence[Record]
) -> None:
    """Keep in mind what became of a letter."""
    people = sum(record.table == PEOPLE for record in found)
    session.add(
        OpenedLetter(
            letter_uid=first.letter_uid,
            state=state,
            people=people,
            questions=len(found) - people,
            opened_at=posko.now(),
            opened_by=posko.user.login,
        )
    )
    act = (ACTS_WITHIN if is_within_office(first, posko.office.code) else ACTS)[state]
    posko.note(session, act, first.case_uid, letter=first.letter_uid)


def _waiting(posko: Posko, session: Session, case_uid: str) -> list[list[SealedPart]]:
    """The letters to this office that nobody has tried yet, each with its pieces."""
    query = select(SealedPart).where(
        SealedPart.to_code == posko.office.code,
        or_(SealedPart.office_code != posko.office.code, SealedPart.handover_uid.startswith(OWN)),
        SealedPart.letter_uid.not_in(select(OpenedLetter.letter_uid)),
    )
    if case_uid:
        query = query.where(SealedPart.case_uid == case_uid)
    letters: dict[str, list[SealedPart]] = {}
    for part in session.scalars(query.order_by(SealedPart.letter_uid, SealedPart.position)):
        letters.setdefault(part.letter_uid, []).append(part)
    return list(letters.values())


def _read(
    posko: Posko, session: Session, parts: Sequence[SealedPart], private: str, mark: str
) -> tuple[str, list[Record]]:
    """What a letter is, and its records; an empty state while it must wait."""
    first = parts[0]
    try:
        sealed = whole(parts)
        if sealed is None:
            return "", []
        if is_within_office(first, posko.office.code):
            return OPENED, read_letter(content_of(session, unseal(sealed, private)), first)
        if not _handed_over(posko, session, first):
            return DAMAGED, []
        if (
            session.scalar(
                select(SealedPart.id).where(SealedPart.id == first.id, stands(first.to_code))
            )
            is None
        ):
            return "", []  # cancelled or given back: it is not for this office any more
        return OPENED, read_letter(unseal(sealed, private), first)
    except UnknownComputer:
        return "", []
    except NotForUs as why:
        ours = why.damaged or mark in first.recipients.split()  # or an older key of ours fitted
        return (DAMAGED if ours else FOREIGN), []
    except (ValueError, binascii.Error, UnicodeDecodeError, RecursionError):
        return DAMAGED, []


def _handed_over(posko: Posko, session: Session, part: SealedPart) -> bool:
    """Whether the office that sealed a letter did hand this case over to us."""
    event = session.scalar(select(Event).where(Event.uid == part.handover_uid))
    if event is None or event.case_uid != part.case_uid or event.kind != "transferred":
        return False
    to = json.loads(event.data or "{}").get("to", "")
    return bool(event.office_code == part.office_code and to == posko.office.code)


@dataclass(frozen=True)
class _Joined:
    """A record of a letter joined with the one here: plain, as it is to lie here, and before."""

    plain: Record
    prepared: Prepared
    before: Record | None


def _joined(
    posko: Posko, session: Session, found: Sequence[Record], *, within: bool
) -> tuple[list[_Joined], list[Record]]:
    """Records of a letter joined with those here, without those that bring nothing new.

    The second list are people whom this office wrote down by itself, and otherwise.

    Raises UnfitValue, ValueError or Damaged for a letter that cannot be taken in as a whole.
    """
    uids = [record.uid for record in found]
    tables = dict(
        session.execute(select(Sync.uid, Sync.table_name).where(Sync.uid.in_(uids))).all()
    )
    local = {record.uid: record for record in load_records(session, uids)}
    twins = forked(session)
    joined, kept = [], []
    for incoming in found:
        if tables.get(incoming.uid, incoming.table) != incoming.table:
            raise ValueError("a uid of something else")
        _check(incoming)
        here = local.get(incoming.uid)
        plain = _legible(posko, here)
        record = merge.merge(plain, incoming, twins).record
        if record == plain:
            continue
        own = _own_of(session, incoming) if here is None and not within else None
        if own is not None:
            if _differs(_legible(posko, own), incoming):
                kept.append(incoming)
            continue
        joined.append(_Joined(record, prepare(resealed(posko, record)), here))
    return joined, kept


def _legible(posko: Posko, here: Record | None) -> Record | None:
    """A record of this office with plain values; None for one that got spoiled here."""
    try:
        return opened(posko, here) if here else None
    except (Damaged, binascii.Error):
        return None


def _store(
    posko: Posko,
    session: Session,
    stamper: Stamper,
    joined: Sequence[_Joined],
    keep: Keep | None,
) -> None:
    known = {each.plain.uid for each in joined if each.before is not None}
    for each in joined:
        before = each.before
        if keep is not None:
            text = records.dumps(records.canonical(before)) if before else None
            keep(each.plain.uid, each.plain.table, text)
        stamper.skip_to(each.plain.vv.get(stamper.office.device_id, 0))
    store_prepared(session, [each.prepared for each in joined], stamper, known=known)
    for each in joined:
        if each.plain.table == PEOPLE:
            remake(posko, session, each.plain)


def _own_of(session: Session, incoming: Record) -> Record | None:
    """What this office has written down of the same person by itself: that stays."""
    if incoming.table != PEOPLE:
        return None
    case = records.display(incoming, "case_uid")
    witness = records.display(incoming, "witness_uid") or ""
    query = select(Identity.uid).where(Identity.case_uid == case, Identity.witness_uid == witness)
    uids = session.scalars(query.limit(1)).all()
    return next(iter(load_records(session, uids)), None) if uids else None


def _differs(own: Record | None, incoming: Record) -> bool:
    """Whether a letter says something else of a person than this office knows."""
    return own is None or any(
        (records.display(own, name) or "") != (records.display(incoming, name) or "")
        for name in FIELDS
    )


def _check(record: Record) -> None:
    """Raise UnfitValue for what could not be stored, shown or sent again."""
    prepare(record)
    for name, siblings in record.fields.items():
        for sibling in siblings:
            value = sibling.value
            if not isinstance(value, str):
                continue
            if len(value) > limits().cell_write_chars or FORBIDDEN.search(value):
                raise UnfitValue(name, value)


def _name(posko: Posko, code: str) -> str:
    region = posko.regions.get(code)
    return region.name if region else code


def forget_letters(session: Session, sealed: Collection[str]) -> None:
    """Let letters be opened anew whose pieces are about to be taken away again."""
    letters = select(SealedPart.letter_uid).where(SealedPart.uid.in_(list(sealed)))
    session.execute(delete(OpenedLetter).where(OpenedLetter.letter_uid.in_(letters)))
