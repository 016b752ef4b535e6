"""What leaves: packages of evidence with their signed lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and columns, one function per family."""
    _packages()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _packages() -> None:
    op.create_table(
        "packages",
        *_text("group_id", "office_code", "office_name", "device_id"),
        sa.Column("made_at", INSTANT, nullable=False),
        *_numbers("parts"),
        *_text("came", "listing"),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_packages")),
    )
    op.add_column("package_files", sa.Column("waiting", sa.Text(), nullable=True))
