"""Arrival, proxies and upgrade paths of what was taken in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

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
