"""What leaves: packages of evidence with their signed lists; what is sealed for another office."""

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
    _handovers()
    _sent_cases()


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
    op.add_column("package_files", sa.Column("brought", sa.Boolean(), nullable=True))
    op.add_column("vault_files", sa.Column("piece", sa.Boolean(), nullable=True))


def _handovers() -> None:
    op.create_table(
        "sealed_parts",
        sa.Column("id", KEY, nullable=False),
        *_text("uid", "case_uid", "handover_uid", "letter_uid", "office_code", "to_code"),
        *_text("recipients"),
        *_numbers("position", "pieces"),
        *_text("body"),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_sealed_parts_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_parts")),
        sa.UniqueConstraint("uid", name=op.f("uq_sealed_parts_uid")),
    )
    for column in ("case_uid", "letter_uid", "to_code"):
        op.create_index(op.f(f"ix_sealed_parts_{column}"), "sealed_parts", [column], unique=False)
    op.create_table(
        "opened_letters",
        *_text("letter_uid", "state"),
        *_numbers("people", "questions"),
        sa.Column("opened_at", INSTANT, nullable=False),
        *_text("opened_by"),
        sa.PrimaryKeyConstraint("letter_uid", name=op.f("pk_opened_letters")),
    )
    nothing = sa.Column("origin_number", sa.Text(), nullable=False, server_default="")
    op.add_column("case_board", nothing)


def _sent_cases() -> None:
    op.create_table(
        "sent_cases",
        *_text("to_code", "case_uid"),
        sa.PrimaryKeyConstraint("to_code", "case_uid", name=op.f("pk_sent_cases")),
    )
    # what each office below or beside may have today and was there before the newest export to it
    # (uids begin with their time) went to it, as far as anybody can know
    op.execute(
        sa.text(
            "INSERT INTO sent_cases (to_code, case_uid)"
            " SELECT e.to_code, c.uid FROM"
            " (SELECT to_code, MAX(uid) AS newest FROM exports"
            " WHERE NOT outside AND profile = 'internal' GROUP BY to_code) e, cases c, office o"
            " WHERE c.uid < e.newest"
            " AND o.region_code <> e.to_code AND o.region_code NOT LIKE e.to_code || '.%'"
            " AND (c.office_code = e.to_code OR c.office_code LIKE e.to_code || '.%'"
            " OR c.region_code = e.to_code OR c.region_code LIKE e.to_code || '.%')"
        )
    )
