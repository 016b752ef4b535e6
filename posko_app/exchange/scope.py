"""What a recipient may have: the offices above everything, the others only what is theirs.

An office above reads the recaps of all; an office below or beside must not see the cases of its
neighbours. A case is an office's own when that office took it in or when it happened in its region.
Where its region is corrected afterwards, an office that was sent it, or that sent it here, goes on
being told of it: else it would keep a copy for ever that says that the case is its own. One that
gave a pelimpahan back is told no more.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, insert, literal, not_, or_, select, true, update
from sqlalchemy.orm import Session

from posko_app.data.bulk import among, insert_rows
from posko_app.data.tables import (
    Case,
    CaseBoard,
    CoverageEntry,
    CoveragePlan,
    Event,
    Letter,
    Office,
    Pledge,
    PreventionActivity,
    PreventionFile,
    PreventionRecipient,
    PreventionTarget,
    SealedPart,
    SentCase,
    Signatory,
    Sync,
)

LOOSE_OF_OFFICES = (
    PreventionActivity,
    PreventionTarget,
    PreventionRecipient,
    PreventionFile,
    Pledge,
    Signatory,
    Letter,
)
LOOSE_OF_VILLAGES = (CoveragePlan, CoverageEntry)
AT_ONCE = 400


def is_above(code: str, own: str) -> bool:
    """Whether the office `code` is the office `own` itself or stands over it."""
    return own == code or own.startswith(f"{code}.")


def cases_for(to_code: str, own: str) -> ColumnElement[bool]:
    """Which `sync` rows of cases may go to an office."""
    if is_above(to_code, own):
        return true()
    sent = select(SentCase.case_uid).where(SentCase.to_code == to_code)
    returned = select(SealedPart.case_uid).where(
        SealedPart.to_code == to_code, _answered(to_code, "transfer_returned")
    )
    told = and_(Sync.case_uid.in_(sent), Sync.case_uid.not_in(returned))
    return or_(files_for(to_code, own), told)


def files_for(to_code: str, own: str) -> ColumnElement[bool]:
    """Which `sync` rows are of cases whose evidence files may go to an office too: its own ones.

    That it has a copy of a case is a reason to tell it how the case moves on, and no more.
    """
    return true() if is_above(to_code, own) else or_(cases_of(to_code), _handed(to_code))


def stands(to_code: str) -> ColumnElement[bool]:
    """Which letters to an office are of a pelimpahan that it received or still may receive.

    One that was cancelled before it was received, or given back, is none of its any more.
    """
    void = select(Event.id).where(
        Event.kind == "corrected", Event.corrects == SealedPart.handover_uid
    )
    over = or_(void.exists(), _answered(to_code, "transfer_returned"))
    return or_(_answered(to_code, "received_transfer"), not_(over))


def _handed(to_code: str) -> ColumnElement[bool]:
    """Which `sync` rows are of cases that were handed to an office."""
    return Sync.case_uid.in_(
        select(SealedPart.case_uid).where(SealedPart.to_code == to_code, stands(to_code))
    )


def _answered(to_code: str, kind: str) -> ColumnElement[bool]:
    """Whether an office answered the pelimpahan of a letter in this way."""
    return (
        select(Event.id)
        .where(
            Event.case_uid == SealedPart.case_uid,
            Event.kind == kind,
            Event.office_code == to_code,
            Event.data.contains(SealedPart.handover_uid),
        )
        .exists()
    )


def remember_sent(session: Session, to_code: str, own: str, cases: Sequence[str]) -> None:
    """Note which cases an office holds after an export: those that went into its files."""
    for start in range(0, 0 if is_above(to_code, own) else len(cases), AT_ONCE):
        _remember(session, to_code, Sync.uid.in_(cases[start : start + AT_ONCE]))


def remember_held(session: Session, code: str, own: str, cases: Sequence[str]) -> None:
    """Note which cases an office holds, as a file proves that it sent.

    Another computer of this office may have given them to it, or this one before it was put back
    from an older copy. One that is not its own goes out with the next export, whatever it
    confirmed before: until now nobody knew that it needs to be told.
    """
    if is_above(code, own):
        return
    held = set(session.scalars(select(SentCase.case_uid).where(SentCase.to_code == code)))
    asked = [uid for uid in dict.fromkeys(cases) if uid not in held]
    for start in range(0, len(asked), AT_ONCE):
        here = select(Case.uid, _of(code)).where(
            among(session, Case.uid, asked[start : start + AT_ONCE])
        )
        theirs = dict(session.execute(here).all())
        rows = [{"to_code": code, "case_uid": uid} for uid in theirs]
        insert_rows(session, SentCase.__table__, rows)
        fresh = [uid for uid, own_one in theirs.items() if not own_one]
        if fresh:
            office = session.scalars(select(Office)).one()
            office.lsn += 1
            session.flush()
            session.execute(update(Sync).where(Sync.uid.in_(fresh)).values(lsn=office.lsn))


def _remember(session: Session, code: str, which: ColumnElement[bool]) -> None:
    known = select(SentCase.case_uid).where(SentCase.to_code == code)
    held = select(literal(code), Sync.uid).where(
        Sync.table_name == Case.__tablename__, which, Sync.uid.not_in(known)
    )
    session.connection().execute(
        insert(SentCase.__table__).from_select(["to_code", "case_uid"], held)  # type: ignore[arg-type]
    )


def cases_of(code: str) -> ColumnElement[bool]:
    """Which `sync` rows are of cases of an office or one below it."""
    return Sync.case_uid.in_(select(Case.uid).where(_of(code)))


def _of(code: str) -> ColumnElement[bool]:
    """Which cases are of an office or one below it."""
    return or_(_under(Case.office_code, code), _under(Case.region_code, code))


def referred() -> ColumnElement[bool]:
    """Which `sync` rows are of cases that were referred to an institution."""
    return Sync.case_uid.in_(select(CaseBoard.case_uid).where(CaseBoard.referred_on.is_not(None)))


def loose_for(to_code: str, own: str) -> ColumnElement[bool]:
    """Which `sync` rows that belong to no case may go to an office."""
    return true() if is_above(to_code, own) else loose_of(to_code)


def loose_of(code: str) -> ColumnElement[bool]:
    """Which `sync` rows that belong to no case are of an office or one below it."""
    by_office = (table.office_code for table in LOOSE_OF_OFFICES)
    by_village = (table.village_code for table in LOOSE_OF_VILLAGES)
    return or_(
        *(
            Sync.uid.in_(select(column.class_.uid).where(_under(column, code)))
            for column in (*by_office, *by_village)
        )
    )


def _under(column: object, code: str) -> ColumnElement[bool]:
    """Whether a column of region codes lies in the region `code`."""
    field: ColumnElement[str] = column  # type: ignore[assignment]
    return or_(field == code, field.startswith(f"{code}."))
