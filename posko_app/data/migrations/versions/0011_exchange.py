"""What exchange keeps besides the ledger: forks, keys, proposals, parked records, packages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and give those of the ledger what undo and copies need."""
    _tables_of_keys()
    _tables_of_imports()
    _tables_of_files()
    _columns()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _tables_of_keys() -> None:
    op.create_table(
        "forked_devices",
        *_text("device_id", "office_code", "proof", "source"),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_forked_devices")),
    )
    op.create_table(
        "trusted_keys",
        *_text("device_id", "office_code"),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        *_text("recipient", "state", "certificate", "signed_by"),
        *_numbers("version"),
        *_text("decided_by", "second_by", "reason"),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_trusted_keys")),
    )
    _index("trusted_keys", "office_code")


def _tables_of_imports() -> None:
    op.create_table(
        "import_befores",
        sa.Column("id", KEY, nullable=False),
        *_text("import_uid", "record_uid", "table_name"),
        sa.Column("before", sa.Text(), nullable=True),
        *_text("after_hash"),
        *_numbers("after_lsn"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_befores")),
    )
    _index("import_befores", "import_uid", "record_uid")
    op.create_table(
        "proposals",
        sa.Column("id", KEY, nullable=False),
        *_text("uid", "import_uid", "fingerprint", "table_name", "record_uid", "field", "base"),
        *_text("theirs", "place", "signature", "state", "decided_by"),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_proposals_fingerprint")),
        sa.UniqueConstraint("uid", name=op.f("uq_proposals_uid")),
    )
    _index("proposals", "import_uid", "record_uid")
    op.create_table(
        "parked_records",
        *_text("uid", "table_name", "case_uid", "text", "hash", "why"),
        *_numbers("lsn"),
        *_text("import_uid"),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_parked_records")),
    )
    _index("parked_records", "case_uid", "lsn")


def _tables_of_files() -> None:
    op.create_table(
        "package_files",
        sa.Column("id", KEY, nullable=False),
        *_text("group_id", "office_code", "sha256", "evidence_uid"),
        *_numbers("size"),
        *_text("parts", "have"),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_files")),
    )
    _index("package_files", "group_id", "sha256", "evidence_uid")
    pair = ["group_id", "sha256"]
    op.create_index("ix_package_files_group_sha", "package_files", pair, unique=True)
    op.create_table(
        "intake_rows",
        sa.Column("id", KEY, nullable=False),
        *_text("book_uid", "sheet", "row_key", "content_hash", "record_uid"),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_rows")),
    )
    _index("intake_rows", "book_uid", "record_uid")
    row = ["book_uid", "sheet", "row_key"]
    op.create_index("ix_intake_rows_row", "intake_rows", row, unique=True)
    op.create_table(
        "held_identities",
        sa.Column("id", KEY, nullable=False),
        *_text("uid", "book_uid", "form_key", "part", "row_key", "sealed"),
        sa.Column("held_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_identities")),
        sa.UniqueConstraint("uid", name=op.f("uq_held_identities_uid")),
    )
    _index("held_identities", "book_uid")
    op.create_table(
        "number_blocks",
        sa.Column("id", KEY, nullable=False),
        *_text("series", "device_id"),
        *_numbers("first", "last"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_blocks")),
    )
    _index("number_blocks", "series")


def _columns() -> None:
    op.add_column("peers", sa.Column("retired_at", INSTANT, nullable=True))
    for name in ("acked_made", "ahead_lsn"):
        op.add_column("peers", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    for name in ("outside", "locked"):
        flag = sa.Column[bool](name, sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column("exports", flag)
    # Copies were numbered once; they never claimed anything, and their numbers stay as they are.
    op.execute("UPDATE exports SET outside = TRUE WHERE profile <> 'internal'")
    op.add_column(
        "imports", sa.Column("upto_lsn", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("imports", sa.Column("undone_at", INSTANT, nullable=True))
    for table, name in (
        ("imports", "prev"),
        ("imports", "channel_before"),
        ("imports", "undone_by"),
        ("office", "device_label"),
        ("office", "recipient_private"),
        ("office", "recipient_public"),
    ):
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
