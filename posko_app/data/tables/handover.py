"""What passes to another office with a case: identities and minutes, sealed for its key alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, Synced


class SealedPart(Synced):
    """One piece of a sealed letter, never changed; all pieces of a letter together can be opened.

    It travels with its case like every record, and tells whoever holds no key of the addressee
    nothing but that a case was handed over.
    """

    __tablename__ = "sealed_parts"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    handover_uid: Mapped[str]  # the event that handed the case over
    letter_uid: Mapped[str] = mapped_column(index=True)  # common to its pieces
    office_code: Mapped[str]  # who sealed it
    to_code: Mapped[str] = mapped_column(index=True)
    recipients: Mapped[str] = mapped_column(default="")  # short marks of the keys that open it
    position: Mapped[int] = mapped_column(default=1)
    pieces: Mapped[int] = mapped_column(default=1)
    body: Mapped[str] = mapped_column(default="")  # base64
    made_at: Mapped[datetime]


class OpenedLetter(Base):
    """What became of a sealed letter to this office, so that none is tried twice in vain."""

    __tablename__ = "opened_letters"

    letter_uid: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]  # opened, foreign, damaged
    people: Mapped[int] = mapped_column(default=0)
    questions: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
