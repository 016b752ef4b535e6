"""Referrals to institutions, their tickets, answers and sanctions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of what becomes of referrals."""
    _table(
        "referrals",
        _text("event_uid", "office_name", "external_system", "ticket"),
        [
            sa.Column("sent_on", sa.Date(), nullable=True),
            sa.Column("remind_on", sa.Date(), nullable=True),
            *_text("note"),
        ],
        index="event_uid",
    )
    _table(
        "referral_updates",
        [*_text("event_uid"), sa.Column("on", sa.Date(), nullable=False)],
        _text("state", "number", "note", "evidence_uid", "party_uid", "sanction", "sanction_form"),
        [
            *_text("decree_number"),
            sa.Column("decree_on", sa.Date(), nullable=True),
            *_text("decree_official"),
            sa.Column("effective_on", sa.Date(), nullable=True),
            *_text("office_code", "actor", "corrects"),
            sa.Column("made_at", INSTANT, nullable=False),
        ],
        index="event_uid",
    )
    _table(
        "pledge_links",
        _text("party_uid", "signatory_uid"),
        [
            sa.Column("same", sa.Boolean(), nullable=False),
            *_text("office_code", "actor"),
            sa.Column("made_at", INSTANT, nullable=False),
        ],
        index="signatory_uid",
    )


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _table(name: str, *columns: list[sa.Column[Any]], index: str) -> None:
    """A table of records of cases that travel."""
    op.create_table(
        name,
        sa.Column("id", KEY, nullable=False),
        *_text("uid", "case_uid"),
        *(column for group in columns for column in group),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f(f"fk_{name}_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{name}_uid")),
    )
    for column in ("case_uid", index):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column], unique=False)
