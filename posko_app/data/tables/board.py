"""One line per case for lists: stage, next deadline and search text, all derived."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, LocalKey


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
    sort_on: Mapped[date]  # safe date, or far away when nothing runs
    conflicts: Mapped[int]
    last_at: Mapped[datetime]
    search_text: Mapped[str]

    __table_args__ = (
        # Lists walk this one in their order; filters are judged on it without touching the rows.
        Index(
            "ix_case_board_sort",
            *("sort_on", "case_uid", "view", "kind", "stage", "theme", "office_code"),
            *("region_code", "officer", "due_on", "filed_on"),
        ),
        Index("ix_case_board_view_sort", "view", "sort_on", "case_uid"),
        Index("ix_case_board_kind_sort", "kind", "sort_on", "case_uid", "view"),
        Index(
            "ix_case_board_officer_sort", "officer", "office_code", "sort_on", "case_uid", "view"
        ),
        Index("ix_case_board_filed", "filed_on", "case_uid", "view"),
        Index("ix_case_board_number", "number"),
        Index("ix_case_board_register_number", "register_number"),
    )
