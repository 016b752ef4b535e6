"""Saved views, archive and bulk changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JUDGED = [
    *("view", "kind", "stage", "theme", "office_code", "region_code", "officer", "due_on"),
    *("conflicts", "archived", "ended", "waiting_for", "waiting_since", "referred_on"),
]


def upgrade() -> None:
    """Make what lists keep, and give the board the columns and indexes they are filtered by."""
    _own_tables()
    _words()
    _board()


def _own_tables() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("uid", name=op.f("uq_saved_views_uid")),
    )
    op.create_index(op.f("ix_saved_views_account"), "saved_views", ["account"], unique=False)
    op.create_table(
        "list_layouts",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "list_name", name=op.f("pk_list_layouts")),
    )
    op.create_table(
        "archived_cases",
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.Column("archived_by", sa.Text(), nullable=False),
        sa.Column("archived_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_archived_cases_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("case_uid", name=op.f("pk_archived_cases")),
    )


def _words() -> None:
    op.create_table(
        "known_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_known_words")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "word_grams",
        sa.Column("gram", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "word", name=op.f("pk_word_grams")),
        sqlite_with_rowid=False,
    )


def _board() -> None:
    for column in (
        sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("ended", sa.Text(), nullable=False, server_default=""),
        sa.Column("waiting_for", sa.Text(), nullable=False, server_default=""),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("meets", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("case_board", column)
    for name in ("sort", "view_sort", "kind_sort", "officer_sort", "filed"):
        op.drop_index(f"ix_case_board_{name}", table_name="case_board")
    for name, columns in (
        ("due", ["sort_on", "id", *JUDGED, "filed_on", "meets"]),
        ("filed", ["filed_on", "id", *JUDGED, "sort_on"]),
    ):
        op.create_index(f"ix_case_board_by_{name}", "case_board", columns, unique=False)
    given = sa.text("referred_on IS NOT NULL")
    op.create_index(
        "ix_case_board_referred",
        "case_board",
        ["referred_on"],
        unique=False,
        sqlite_where=given,
        postgresql_where=given,
    )
