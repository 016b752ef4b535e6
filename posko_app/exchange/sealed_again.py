"""The letter that goes with files of a hand-over that are made again: as things are by then."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.data.tables import ClarificationQuestion, Identity, SealedPart, Sync

from .sealed import SEALED, Letter, keys_for, mark_of, seal_letter

STALE = (
    "Identitas yang terkunci di dalamnya bukan yang terbaru, atau kunci kantor tujuan sudah "
    "berganti. Minta admin kantor membuat berkasnya lagi."
)


def letter_again(
    posko: Posko, session: Session, case_uid: str, event_uid: str, to_code: str, name: str
) -> tuple[Letter, str]:
    """A new letter, or without the identity key the last one; and what is wrong with that.

    A new one heals one that arrived damaged, and holds what was put right since. Raises UserError
    when the office's key is unknown, or nothing is sealed that could go.
    """
    marks = " ".join(sorted(map(mark_of, keys_for(session, to_code, name))))
    last = session.scalars(
        select(SealedPart)
        .where(SealedPart.handover_uid == event_uid)
        .order_by(SealedPart.id.desc())
        .limit(1)
    ).first()
    if posko.keys.identity is None and last is not None:
        stale = last.recipients != marks or _changed_since(session, case_uid, last.uid)
        people, questions = (
            count_of(session, table, case_uid) for table in (Identity, ClarificationQuestion)
        )
        return Letter(last.letter_uid, people, questions, 0), STALE if stale else ""
    letter = seal_letter(posko, session, case_uid, event_uid, to_code, name)
    board.refresh(posko, session, [case_uid])
    posko.note(session, "handover.sealed", case_uid, letter=letter.uid, sealed_for=marks)
    return letter, ""


def count_of(session: Session, table: type, case_uid: str) -> int:
    """How many rows of a table a case has."""
    column = table.case_uid  # type: ignore[attr-defined]
    return session.scalar(select(func.count()).where(column == case_uid)) or 0


def _changed_since(session: Session, case_uid: str, piece: str) -> bool:
    """Whether something confidential of a case was written after a letter was sealed."""
    sealed = select(Sync.lsn).where(Sync.uid == piece).scalar_subquery()
    later = select(Sync.uid).where(
        Sync.case_uid == case_uid, Sync.table_name.in_(sorted(SEALED)), Sync.lsn > sealed
    )
    return session.scalar(later.limit(1)) is not None
