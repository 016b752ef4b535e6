"""Kept for links between persons and cases of one event; it changes nothing yet."""

from __future__ import annotations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No table: the step stands so that later ones keep their numbers."""
