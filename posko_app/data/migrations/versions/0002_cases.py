"""Cases and everything that hangs on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table, parents before children."""
    for make in TABLES:
        make()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("regulation", sa.Text(), nullable=False),
        sa.Column("election_kind", sa.Text(), nullable=False),
        sa.Column("election_stage", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("filed_time", sa.Text(), nullable=False),
        sa.Column("filed_place", sa.Text(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=True),
        sa.Column("event_on", sa.Date(), nullable=True),
        sa.Column("event_time", sa.Text(), nullable=False),
        sa.Column("event_place", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("reporter_alias", sa.Text(), nullable=False),
        sa.Column("reporter_capacity", sa.Text(), nullable=False),
        sa.Column("reporter_named", sa.Boolean(), nullable=False),
        sa.Column("reporter_located", sa.Boolean(), nullable=False),
        sa.Column("by_proxy", sa.Boolean(), nullable=False),
        sa.Column("statement_given", sa.Boolean(), nullable=False),
        sa.Column("signature_matches", sa.Boolean(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("uid", name=op.f("uq_cases_uid")),
    )
    op.create_index(op.f("ix_cases_number"), "cases", ["number"], unique=False)


def _prevention() -> None:
    op.create_table(
        "prevention",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("participants", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prevention")),
        sa.UniqueConstraint("uid", name=op.f("uq_prevention_uid")),
    )


def _case_board() -> None:
    op.create_table(
        "case_board",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("regulation", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("register_number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("stage_label", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("due_rule", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("safe_on", sa.Date(), nullable=True),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("conflicts", sa.BigInteger(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_case_board_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_board")),
        sa.UniqueConstraint("case_uid", name=op.f("uq_case_board_case_uid")),
    )
    for name, columns in BOARD_INDEXES.items():
        op.create_index(f"ix_case_board_{name}", "case_board", columns, unique=False)


BOARD_INDEXES = {
    "sort": [
        *("sort_on", "case_uid", "view", "kind", "stage", "theme", "office_code"),
        *("region_code", "officer", "due_on", "filed_on"),
    ],
    "view_sort": ["view", "sort_on", "case_uid"],
    "kind_sort": ["kind", "sort_on", "case_uid", "view"],
    "officer_sort": ["officer", "office_code", "sort_on", "case_uid", "view"],
    "filed": ["filed_on", "case_uid", "view"],
    "number": ["number"],
    "register_number": ["register_number"],
}


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=True),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_uid"], ["cases.uid"], name=op.f("fk_events_case_uid_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("uid", name=op.f("uq_events_uid")),
    )
    op.create_index(op.f("ix_events_case_uid"), "events", ["case_uid"], unique=False)
    op.create_index("ix_events_kind_on", "events", ["kind", "on"], unique=False)


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_evidence_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("uid", name=op.f("uq_evidence_uid")),
    )
    op.create_index(op.f("ix_evidence_case_uid"), "evidence", ["case_uid"], unique=False)
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"], unique=False)


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.Column("witness_uid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nik", sa.Text(), nullable=False),
        sa.Column("birth_place", sa.Text(), nullable=False),
        sa.Column("birth_on", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.Column("citizenship", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_identities_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("uid", name=op.f("uq_identities_uid")),
    )
    op.create_index(op.f("ix_identities_case_uid"), "identities", ["case_uid"], unique=False)
    op.create_index(op.f("ix_identities_witness_uid"), "identities", ["witness_uid"], unique=False)


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=True),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_letters_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("uid", name=op.f("uq_letters_uid")),
    )
    op.create_index(op.f("ix_letters_case_uid"), "letters", ["case_uid"], unique=False)
    op.create_index("ix_letters_book", "letters", ["dated_on", "issued_at", "uid"], unique=False)


def _reported_parties() -> None:
    op.create_table(
        "reported_parties",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.Column("position_title", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_reported_parties_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_parties")),
        sa.UniqueConstraint("uid", name=op.f("uq_reported_parties_uid")),
    )
    op.create_index(
        op.f("ix_reported_parties_case_uid"), "reported_parties", ["case_uid"], unique=False
    )
    op.create_index(op.f("ix_reported_parties_nip"), "reported_parties", ["nip"], unique=False)


def _witnesses() -> None:
    op.create_table(
        "witnesses",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("case_uid", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_uid"], ["cases.uid"], name=op.f("fk_witnesses_case_uid_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_witnesses")),
        sa.UniqueConstraint("uid", name=op.f("uq_witnesses_uid")),
    )
    op.create_index(op.f("ix_witnesses_case_uid"), "witnesses", ["case_uid"], unique=False)


def _identity_tokens() -> None:
    op.create_table(
        "identity_tokens",
        sa.Column("id", KEY, nullable=False),
        sa.Column("identity_uid", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_uid"],
            ["identities.uid"],
            name=op.f("fk_identity_tokens_identity_uid_identities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_tokens")),
    )
    op.create_index(
        op.f("ix_identity_tokens_identity_uid"), "identity_tokens", ["identity_uid"], unique=False
    )
    op.create_index(op.f("ix_identity_tokens_token"), "identity_tokens", ["token"], unique=False)


TABLES = (
    _cases,
    _prevention,
    _case_board,
    _events,
    _evidence,
    _identities,
    _letters,
    _reported_parties,
    _witnesses,
    _identity_tokens,
)
