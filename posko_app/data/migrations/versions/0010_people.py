"""Links between cases, keys that find alike ones, and sealed pictures of identity cards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "case_links",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.Column("other_uid", sa.Text(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_case_links_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_links")),
        sa.UniqueConstraint("uid", name=op.f("uq_case_links_uid")),
    )
    for column in ("case_uid", "other_uid"):
        op.create_index(op.f(f"ix_case_links_{column}"), "case_links", [column], unique=False)
    op.create_table(
        "match_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "case_uid", name=op.f("pk_match_keys")),
        sqlite_with_rowid=False,
    )
    # The lines of lists are made anew at the next start, and the keys with them.
    op.execute("DELETE FROM settings WHERE key = 'board.made_with'")
    _pictures()


def _pictures() -> None:
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
