"""One line per case for lists: stage, next deadline and search text, all derived."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, LocalKey

# What lists are filtered by. All of it stands in both indexes.
JUDGED = (
    *("view", "kind", "stage", "theme", "office_code", "region_code", "officer", "due_on"),
    *("conflicts", "archived", "ended", "waiting_for", "waiting_since", "referred_on"),
)


class CaseBoard(Base):
    """What lists show. `cases.board.refresh` makes it and `posko verify` proves it equal."""

    __tablename__ = "case_board"

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True)
    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), unique=True)
    office_code: Mapped[str]
    kind: Mapped[str]
    regulation: Mapped[str]
    number: Mapped[str]
    register_number: Mapped[str]
    title: Mapped[str]
    theme: Mapped[str]
    party: Mapped[str]  # first reported party, "+2" when there are more
    region_code: Mapped[str]
    officer: Mapped[str]
    filed_on: Mapped[date]
    stage: Mapped[str]
    stage_label: Mapped[str]
    next_step: Mapped[str]
    view: Mapped[str]  # active | waiting | closed
    due_rule: Mapped[str]
    due_on: Mapped[date | None]
    safe_on: Mapped[date | None]
    sort_on: Mapped[date]  # safe date, else far away; of a closed case furthest
    conflicts: Mapped[int]
    last_at: Mapped[datetime]
    search_text: Mapped[str]
    archived: Mapped[bool] = mapped_column(default=False)  # only ever of a closed case
    ended: Mapped[str] = mapped_column(default="")  # a code of `outcome`, empty while it is open
    waiting_for: Mapped[str] = mapped_column(default="")  # the addressee whose answer is missing
    waiting_since: Mapped[date | None]  # when it was referred there
    referred_on: Mapped[date | None]  # when it was last referred to anybody
    meets: Mapped[str] = mapped_column(default="")  # days of clarifications of an open case
    origin_number: Mapped[str] = mapped_column(default="")  # nomor asal of what was handed over

    __table_args__ = (
        # Lists walk one of these two in their order, judge every filter on it without touching
        # the rows, and count on it too. Two wide ones cost a save less than one per filter.
        Index("ix_case_board_by_due", "sort_on", "id", *JUDGED, "filed_on", "meets"),
        Index("ix_case_board_by_filed", "filed_on", "id", *JUDGED, "sort_on"),
        # Beranda counts the few of a month; only referred cases stand in it.
        Index(
            "ix_case_board_referred",
            "referred_on",
            sqlite_where=text("referred_on IS NOT NULL"),
            postgresql_where=text("referred_on IS NOT NULL"),
        ),
        Index("ix_case_board_number", "number"),
        Index("ix_case_board_register_number", "register_number"),
    )
