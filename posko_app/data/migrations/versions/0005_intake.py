"""Arrival, proxies, pictures of identity cards and upgrade paths of what was taken in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
TEXTS = (
    *("arrival_reason", "finder", "finder_title", "finder_address", "lhp_number"),
    *("plenary_number", "proxy_letter", "info_source", "organisation", "handed_to"),
)
DAYS = ("lhp_on", "plenary_on", "proxy_letter_on", "wanted_on")


def upgrade() -> None:
    """Add what the other kinds of intake are asked; NULL where it never was."""
    op.add_column("cases", sa.Column("arrived_at", INSTANT, nullable=True))
    for name in TEXTS:
        op.add_column("cases", sa.Column(name, sa.Text(), nullable=True))
    for name in DAYS:
        op.add_column("cases", sa.Column(name, sa.Date(), nullable=True))
    op.create_table(
        "identity_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("vault_name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_identity_files_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_files")),
        sa.UniqueConstraint("uid", name=op.f("uq_identity_files_uid")),
    )
    op.create_index(
        op.f("ix_identity_files_case_uid"), "identity_files", ["case_uid"], unique=False
    )
