"""What only PostgreSQL has: a text-search index over the board and triggers that guard the audit.

Plain functions and GIN indexes only, so that compatible clusters can run it too.
"""

from __future__ import annotations

from sqlalchemy import Connection

_STATEMENTS = (
    "DROP INDEX IF EXISTS ix_case_board_words",
    "CREATE INDEX ix_case_board_words ON case_board USING gin (to_tsvector('simple', search_text))",
    "DROP TRIGGER IF EXISTS audit_guard ON audit",
    "CREATE OR REPLACE FUNCTION posko_audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'the audit chain is append-only'; END $$",
    "CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION posko_audit_guard()",
    "DROP TRIGGER IF EXISTS audit_order ON audit",
    "CREATE OR REPLACE FUNCTION posko_audit_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM audit) OR NEW.prev <> "
    "coalesce((SELECT hash FROM audit ORDER BY n DESC LIMIT 1), '') THEN "
    "RAISE EXCEPTION 'the audit chain is append-only'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_order BEFORE INSERT ON audit "
    "FOR EACH ROW EXECUTE FUNCTION posko_audit_order()",
)


def recreate(connection: Connection) -> None:
    """Drop and make the search index and the audit triggers."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)


def check(connection: Connection) -> None:
    """Nothing to compare: the index is over the column itself."""
