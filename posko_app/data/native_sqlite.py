"""What only SQLite has: full-text search over the board and triggers that guard the audit chain.

Dropped and made again after every upgrade, because a table rebuild silently drops triggers.
"""

from __future__ import annotations

from sqlalchemy import Connection

_SEARCH = """
CREATE VIRTUAL TABLE case_search USING fts5(
    search_text, content='case_board', content_rowid='id',
    tokenize='unicode61', prefix='1 2 3', detail='column')
"""
_TRIGGERS = (
    "CREATE TRIGGER case_board_ai AFTER INSERT ON case_board BEGIN "
    "INSERT INTO case_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER case_board_ad AFTER DELETE ON case_board BEGIN "
    "INSERT INTO case_search(case_search, rowid, search_text) "
    "VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER case_board_au AFTER UPDATE OF search_text ON case_board BEGIN "
    "INSERT INTO case_search(case_search, rowid, search_text) "
    "VALUES ('delete', old.id, old.search_text); "
    "INSERT INTO case_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN "
    "SELECT RAISE(ABORT, 'the audit chain is append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN "
    "SELECT RAISE(ABORT, 'the audit chain is append-only'); END",
    "CREATE TRIGGER audit_in_order BEFORE INSERT ON audit "
    "WHEN new.n <> (SELECT coalesce(max(n), 0) + 1 FROM audit) "
    "OR new.prev <> coalesce((SELECT hash FROM audit ORDER BY n DESC LIMIT 1), '') BEGIN "
    "SELECT RAISE(ABORT, 'the audit chain is append-only'); END",
)
NAMES = tuple(t.split()[2] for t in _TRIGGERS)


def recreate(connection: Connection) -> None:
    """Drop and make the search table and all triggers, then check the index."""
    for name in NAMES:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    connection.exec_driver_sql("DROP TABLE IF EXISTS case_search")
    connection.exec_driver_sql(_SEARCH)
    for trigger in _TRIGGERS:
        connection.exec_driver_sql(trigger)
    connection.exec_driver_sql("INSERT INTO case_search(case_search) VALUES ('rebuild')")
    check(connection)


def check(connection: Connection) -> None:
    """Raise when the search index does not match the board."""
    connection.exec_driver_sql(
        "INSERT INTO case_search(case_search, rank) VALUES ('integrity-check', 1)"
    )
