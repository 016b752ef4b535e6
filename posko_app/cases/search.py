"""Finding by words over everything that stands in the open, and saying where each was found.

Reporters and witnesses are found by `identity.find_by_identity` alone: whole words, for roles that
may see them, and it is journaled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.search import Groups, meant
from posko_app.data.tables import Case, Evidence, Letter, ReportedParty
from posko_app.spelling import search_words, spelled

from . import board
from .filters import CaseFilter, conditions
from .queries import count, count_cases, list_cases, page_in
from .views import CaseRow

LATEST_LETTERS = 2000  # letters without a case that are looked through
LONGEST = 120  # letters of a place shown


@dataclass(frozen=True)
class Spot:
    """Where it was found: number, title, party, place, letter, file or narrative; and what."""

    kind: str
    text: str


@dataclass(frozen=True)
class Hit:
    """A case that holds every word."""

    case: CaseRow
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class LetterHit:
    """A letter without a case that holds every word."""

    uid: str
    number: str
    title: str
    addressee: str
    dated_on: date


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What was found; `instead` are the words looked for where the typed ones were nowhere."""

    text: str
    hits: tuple[Hit, ...]
    letters: tuple[LetterHit, ...]
    total: int  # of all cases, however many are given here
    instead: tuple[str, ...] = ()


@use_case("case.read")
def find_cases(posko: Posko, text: str, *, view: str = "all", limit: int = 50) -> Findings:
    """Cases and letters with every word of `text`, newest first, spelled one way or another."""
    wanted = CaseFilter(view=view, text=text, sort="filed", descending=True)
    words = search_words(text)
    if not words:
        return Findings(text=text, hits=(), letters=(), total=0)
    rows = list_cases(posko, wanted, limit=limit)
    with posko.store.read() as session:
        groups = meant(session, text)
        spots = _spots(session, [row.uid for row in rows], groups)
        letters = tuple(_letters(session, groups, limit))
    return Findings(
        text=text,
        hits=tuple(Hit(row, spots.get(row.uid, ())) for row in rows),
        letters=letters,
        total=count_cases(posko, wanted) if len(rows) == limit else len(rows),
        instead=_instead(words, groups),
    )


@use_case("case.read")
def first_look(
    posko: Posko, wanted: CaseFilter, limit: int
) -> tuple[int, tuple[CaseRow, ...], tuple[str, ...]]:
    """What a list shows at first: how many, its first rows, the words looked for instead."""
    board.keep_current(posko)
    with posko.store.read() as session:
        found = count(session, conditions(posko, session, wanted))
        if not found:
            return 0, (), ()
        rows = page_in(posko, session, wanted, limit=limit)
        text = wanted.text
        return found, rows, _instead(search_words(text), meant(session, text)) if text else ()


def _instead(words: Sequence[str], groups: Groups) -> tuple[str, ...]:
    found = [word for group in groups for word in group if word not in words]
    return tuple(dict.fromkeys(found))


def _spots(session: Session, uids: Sequence[str], groups: Groups) -> dict[str, tuple[Spot, ...]]:
    """By case, the pieces of it that hold any of the words."""
    found: dict[str, list[Spot]] = {}
    for uid, kind, piece in _pieces(session, uids):
        if piece and _holds_any(piece, groups):
            spots = found.setdefault(uid, [])
            spot = Spot(kind, piece if len(piece) <= LONGEST else _around(piece, groups))
            if spot not in spots:
                spots.append(spot)
    return {uid: tuple(spots) for uid, spots in found.items()}


def _pieces(session: Session, uids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Every text of cases that is searched: case, kind, text; the long one last."""
    cases = session.execute(
        select(Case.uid, Case.number, Case.title, Case.event_place, Case.narrative).where(
            Case.uid.in_(uids)
        )
    ).all()
    for case in cases:
        yield case.uid, "number", case.number
        yield case.uid, "title", case.title
        yield case.uid, "place", case.event_place
    for row in _of(session, ReportedParty, uids):
        for piece in (row.name, row.nip, row.position_title, row.agency):
            yield row.case_uid, "party", piece
    for row in _of(session, Letter, uids):
        yield (
            row.case_uid,
            "letter",
            ", ".join(filter(None, (row.number, row.title, row.addressee))),
        )
    for row in _of(session, Evidence, uids):
        yield row.case_uid, "file", row.file_name
    for case in cases:
        yield case.uid, "narrative", case.narrative


def _of(session: Session, table: Any, uids: Sequence[str]) -> Sequence[Any]:
    return session.scalars(select(table).where(table.case_uid.in_(uids)).order_by(table.uid)).all()


def _letters(session: Session, groups: Groups, limit: int) -> Iterator[LetterHit]:
    rows = session.scalars(
        select(Letter)
        .where(Letter.case_uid.is_(None))
        .order_by(Letter.dated_on.desc(), Letter.issued_at.desc(), Letter.uid)
        .limit(LATEST_LETTERS)
    )
    for row in rows:
        if limit and _holds_all(f"{row.number} {row.title} {row.addressee}", groups):
            limit -= 1
            yield LetterHit(row.uid, row.number, row.title, row.addressee, row.dated_on)


def _words(piece: str) -> list[str]:
    return spelled(str(PurePath(piece)).replace("_", " ")).split()


def _is_there(words: Sequence[str], group: Sequence[str]) -> bool:
    return any(word.startswith(one) for word in words for one in group)


def _holds_any(piece: str, groups: Groups) -> bool:
    words = _words(piece)
    return any(_is_there(words, group) for group in groups)


def _holds_all(piece: str, groups: Groups) -> bool:
    words = _words(piece)
    return all(_is_there(words, group) for group in groups)


def _around(piece: str, groups: Groups) -> str:
    """The part of a long text around the first word that was looked for."""
    parts = piece.split()
    first = next((n for n, part in enumerate(parts) if _holds_any(part, groups)), 0)
    start = max(0, first - 5)
    shown = " ".join(parts[start : first + 12])
    before = "… " if start else ""
    after = " …" if first + 12 < len(parts) else ""
    return f"{before}{shown[:LONGEST]}{after}"
