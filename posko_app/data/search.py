"""Finding cases by words: one function, two engines."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal_column, text
from sqlalchemy.orm import Session

from posko_app.text import fold

from .tables import CaseBoard


def matching(session: Session, query: str) -> ColumnElement[bool]:
    """A condition on `CaseBoard` rows whose text holds every word; the last one may be unfinished.

    Words are folded as the board's text is; a query without a word matches everything.
    """
    words = fold(query).split()
    if not words:
        return literal_column("1 = 1")
    if session.get_bind().dialect.name == "sqlite":
        terms = " ".join(f'"{w}"*' for w in words)
        hits = text("SELECT rowid FROM case_search WHERE case_search MATCH :terms")
        # The plus keeps SQLite from fetching and sorting every hit: the list is walked in its own
        # order and each line asked whether it is one.
        line: ColumnElement[int] = literal_column("+case_board.id")
        return line.in_(hits.bindparams(terms=terms))
    terms = " & ".join(f"{w}:*" for w in words)
    return func.to_tsvector("simple", CaseBoard.search_text).op("@@")(
        func.to_tsquery("simple", terms)
    )
