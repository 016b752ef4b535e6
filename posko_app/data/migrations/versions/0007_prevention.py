"""Pledges, rosters and coverage of villages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let activities say more, and make the tables of pledges and coverage."""
    for name in ("item", "subject", "letter_uid", "officer"):
        op.add_column("prevention", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("prevention", sa.Column("voided", sa.Boolean(), nullable=True))
    _prevention_targets()
    _prevention_recipients()
    _prevention_files()
    _pledges()
    _signatories()
    _coverage_plans()
    _coverage_entries()


def _prevention_targets() -> None:
    op.create_table(
        "prevention_targets",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prevention_targets")),
        sa.UniqueConstraint("uid", name=op.f("uq_prevention_targets_uid")),
    )
    op.create_index(
        op.f("ix_prevention_targets_month_on"), "prevention_targets", ["month_on"], unique=False
    )


def _prevention_recipients() -> None:
    op.create_table(
        "prevention_recipients",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("activity_uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prevention_recipients")),
        sa.UniqueConstraint("uid", name=op.f("uq_prevention_recipients_uid")),
    )
    op.create_index(
        op.f("ix_prevention_recipients_activity_uid"),
        "prevention_recipients",
        ["activity_uid"],
        unique=False,
    )


def _prevention_files() -> None:
    op.create_table(
        "prevention_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("of_uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prevention_files")),
        sa.UniqueConstraint("uid", name=op.f("uq_prevention_files_uid")),
    )
    op.create_index(
        op.f("ix_prevention_files_of_uid"), "prevention_files", ["of_uid"], unique=False
    )
    op.create_index(
        op.f("ix_prevention_files_sha256"), "prevention_files", ["sha256"], unique=False
    )


def _pledges() -> None:
    op.create_table(
        "pledges",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("activity_uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledges")),
        sa.UniqueConstraint("uid", name=op.f("uq_pledges_uid")),
    )
    op.create_index(op.f("ix_pledges_activity_uid"), "pledges", ["activity_uid"], unique=False)


def _signatories() -> None:
    op.create_table(
        "signatories",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("pledge_uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.Column("position_title", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Text(), nullable=False),
        sa.Column("represented_by", sa.Text(), nullable=False),
        sa.Column("self_pledge_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatories")),
        sa.UniqueConstraint("uid", name=op.f("uq_signatories_uid")),
    )
    op.create_index(op.f("ix_signatories_nip"), "signatories", ["nip"], unique=False)
    op.create_index(op.f("ix_signatories_pledge_uid"), "signatories", ["pledge_uid"], unique=False)


def _coverage_plans() -> None:
    op.create_table(
        "coverage_plans",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("village_code", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_plans")),
        sa.UniqueConstraint("uid", name=op.f("uq_coverage_plans_uid")),
    )
    op.create_index(
        op.f("ix_coverage_plans_village_code_item"),
        "coverage_plans",
        ["village_code", "item"],
        unique=False,
    )


def _coverage_entries() -> None:
    op.create_table(
        "coverage_entries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("village_code", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_entries")),
        sa.UniqueConstraint("uid", name=op.f("uq_coverage_entries_uid")),
    )
    op.create_index(
        op.f("ix_coverage_entries_village_code_item"),
        "coverage_entries",
        ["village_code", "item"],
        unique=False,
    )
