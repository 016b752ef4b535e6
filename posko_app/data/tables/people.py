"""People and cases that belong together: links between cases, and names as they are looked up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, Synced

from .lists import KEYED


class CaseLink(Synced):
    """Somebody's word on two cases: of one event, or of different ones; never changed.

    Each case bears its own row, so that the word travels with either of them. A row that `corrects`
    another one takes it back; one that nobody took back counts, whatever came in which order.
    """

    __tablename__ = "case_links"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    other_uid: Mapped[str] = mapped_column(index=True)  # no key: the other case may come later
    same: Mapped[bool]  # False: compared, and found to be another event
    note: Mapped[str] = mapped_column(default="")
    corrects: Mapped[str] = mapped_column(default="")  # uid of the row that it takes back
    office_code: Mapped[str]
    actor: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]


class MatchKey(Base):
    """A key by which cases that may be alike are found; derived, and added to.

    Two words of a reported person's name, or a place and its day. Only a corrected name takes its
    keys along; others stay: whatever they find is compared with what stands now.
    """

    __tablename__ = "match_keys"
    __table_args__ = KEYED

    key: Mapped[str] = mapped_column(primary_key=True)
    case_uid: Mapped[str] = mapped_column(primary_key=True)
