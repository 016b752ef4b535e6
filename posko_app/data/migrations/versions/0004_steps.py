"""Clarifications, their questions, and what was checked at the desk."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of what steps leave behind."""
    _clarifications()
    _table(
        "clarification_questions",
        *_text("clarification_uid"),
        sa.Column("position", sa.BigInteger(), nullable=False),
        *_text("question", "answer"),
    )
    op.create_index(
        op.f("ix_clarification_questions_clarification_uid"),
        "clarification_questions",
        ["clarification_uid"],
        unique=False,
    )
    _table(
        "check_marks",
        *_text("item", "mark", "note", "office_code", "made_by"),
        sa.Column("made_at", INSTANT, nullable=False),
    )


def _clarifications() -> None:
    _table(
        "clarifications",
        *_text("event_uid", "role", "person_uid", "alias"),
        sa.Column("round", sa.BigInteger(), nullable=False),
        _day("for_on"),
        *_text("for_time", "place", "mode", "online_reason", "delivered"),
        _day("delivered_on"),
        *_text("state"),
        _day("held_on"),
        *_text("began", "ended", "examiner"),
        _yes("recorded"),
        *_text("oath", "oath_note", "minutes_number"),
        _yes("read_back"),
        *_text("note", "office_code", "made_by"),
        sa.Column("made_at", INSTANT, nullable=False),
        *_text("religion"),
    )


def _table(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f(f"fk_{name}_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{name}_uid")),
    )
    op.create_index(op.f(f"ix_{name}_case_uid"), name, ["case_uid"], unique=False)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=True)


def _yes(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)
