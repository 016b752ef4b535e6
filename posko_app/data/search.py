"""Finding cases by words, however they are spelled: one function, two engines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, func, literal_column, select, text
from sqlalchemy.orm import Session

from posko_app.spelling import distance, grams, search_words, slips

from .bulk import insert_rows
from .tables import CaseBoard, KnownWord, WordGram

NEAR = 60  # words with letters in common that are compared
MEANT = 6  # words that a misspelled one may stand for
CHUNK = 200
MOST_SEEN = 50_000
# Words that stand in a database for good, so that a save need not ask for each of its words.
_SEEN: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()

Groups = Sequence[Sequence[str]]  # of each group one word must be there


def matching(session: Session, query: str) -> ColumnElement[bool]:
    """A condition on `CaseBoard` rows whose text holds every word; the last one may be unfinished.

    Words are compared as they sound; where nothing has all of them, words a slip or two away
    count too. A query without a word matches everything.
    """
    groups = meant(session, query)
    if not groups:
        return literal_column("1 = 1")
    return _condition(session, groups)


def meant(session: Session, query: str) -> Groups:
    """The words looked for, each with those that stand for it where nothing has them all.

    Looked up once per query in a session that only reads: counting, listing and saying what was
    looked for instead all ask it.
    """
    if "actor" in session.info:  # a transaction may add words meanwhile
        return _meant(session, query)
    kept = session.info.setdefault("meant", {})
    if query not in kept:
        kept[query] = _meant(session, query)
    found: Groups = kept[query]
    return found


def _meant(session: Session, query: str) -> Groups:
    words = search_words(query)
    exact = [(word,) for word in words]
    if not words or any_hit(session, exact):
        return exact
    spread: list[tuple[str, ...]] = []
    for place, word in enumerate(words):
        known = any_hit(session, [(word,)])
        near = alike(session, word, begins=place == len(words) - 1)
        # A word that is there stays among them: it may be the other one that is misspelled.
        spread.append(((word,) if known else ()) + near or (word,))
    return spread


def alike(session: Session, word: str, *, begins: bool = False) -> tuple[str, ...]:
    """Known words that `word` may stand for, nearest first."""
    most = slips(word)
    if not most:
        return ()
    letters = grams(word) if not begins else grams(word + "  ")
    shared = func.count()
    query = (
        select(WordGram.word)
        .where(WordGram.gram.in_(sorted(letters)))
        .group_by(WordGram.word)
        .order_by(shared.desc(), func.length(WordGram.word), WordGram.word)
        .limit(NEAR)
    )
    found = session.scalars(query).all()
    rated = [(distance(word, other, most, begins=begins), other) for other in found]
    near = sorted((slip, other) for slip, other in rated if slip <= most and other != word)
    return tuple(other for _, other in near[:MEANT])


def remember(session: Session, words: Collection[str]) -> None:
    """Keep words for comparing, as far as they are new."""
    seen = _SEEN.setdefault(session.get_bind().pool, set())  # type: ignore[union-attr]
    every = sorted(word for word in words if word not in seen)
    for start in range(0, len(every), CHUNK):
        chunk = every[start : start + CHUNK]
        known = set(session.scalars(select(KnownWord.word).where(KnownWord.word.in_(chunk))))
        fresh = [word for word in chunk if word not in known]
        own = session.info.setdefault("fresh_words", set())
        if len(seen) < MOST_SEEN:
            seen |= known - own  # what this transaction added may yet be rolled back
        if not fresh:
            continue
        own.update(fresh)
        pairs = [{"gram": gram, "word": word} for word in fresh for gram in sorted(grams(word))]
        # Two people may add the same word at the same time.
        rows = [{"word": word} for word in fresh]
        insert_rows(session, KnownWord.__table__, rows, keep_known=True)
        insert_rows(session, WordGram.__table__, pairs, keep_known=True)


def any_hit(session: Session, groups: Groups) -> bool:
    """Whether any case holds a word of every group."""
    if _is_sqlite(session):
        hit = text("SELECT 1 FROM case_search WHERE case_search MATCH :terms LIMIT 1")
        return session.execute(hit, {"terms": _fts(groups)}).first() is not None
    query = select(CaseBoard.id).where(_condition(session, groups)).limit(1)
    return session.scalar(query) is not None


def _condition(session: Session, groups: Groups) -> ColumnElement[bool]:
    if not _is_sqlite(session):
        return func.to_tsvector("simple", CaseBoard.search_text).op("@@")(
            func.to_tsquery("simple", _tsquery(groups))
        )
    terms = _fts(groups)
    # The plus keeps SQLite from fetching and sorting every hit: the list is walked in its own
    # order and each line asked whether it is one.
    line: ColumnElement[int] = literal_column("+case_board.id")
    hits = text("SELECT rowid FROM case_search WHERE case_search MATCH :terms")
    return line.in_(hits.bindparams(terms=terms))


def _fts(groups: Groups) -> str:
    return " AND ".join("(" + " OR ".join(f'"{word}"*' for word in group) + ")" for group in groups)


def _tsquery(groups: Groups) -> str:
    return " & ".join("(" + " | ".join(f"{word}:*" for word in group) + ")" for group in groups)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
