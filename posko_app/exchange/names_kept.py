"""What the last search for names by somebody who holds the identity key found.

An account without the key can compare nothing, and anything it could compare with would give the
names away to a guesser. So places are kept, never names, and they count for texts and people that
did not change since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.data.record import dumps, loads
from posko_app.data.tables import Identity, Setting, Sync

KEY = "names.looked_for"  # of a setting that is nobody's choice
AT_ONCE = 400


@dataclass(frozen=True)
class Kept:
    """Hits in everything that may leave, as it stood at this local sequence number."""

    lsn: int
    found: tuple[Mapping[str, Any], ...]
    more: int


def keep(session: Session, kept: Kept) -> None:
    """Keep a search in place of the one before."""
    said: dict[str, Any] = {"lsn": kept.lsn, "found": [*kept.found], "more": kept.more}
    session.merge(Setting(key=KEY, value=dumps(said)))


def kept_search(session: Session) -> Kept | None:
    """The last search, None when nobody with the key looked yet."""
    value = session.scalar(select(Setting.value).where(Setting.key == KEY))
    if value is None:
        return None
    said = loads(value)
    return Kept(said["lsn"], tuple(said["found"]), said["more"])


def changed_since(session: Session, lsn: int, cases: Sequence[str], loose: Sequence[str]) -> bool:
    """Whether one of these cases, a loose record, or anybody of this office was written since."""
    someone = select(Sync.uid).where(Sync.table_name == Identity.__tablename__, Sync.lsn > lsn)
    if session.scalar(someone.limit(1)):
        return True
    columns = ((Sync.case_uid, cases), (Sync.uid, loose))
    return any(
        session.scalar(select(Sync.uid).where(column.in_(uids), Sync.lsn > lsn).limit(1))
        for column, wanted in columns
        for uids in _chunks(wanted)
    )


def hits_in(kept: Kept, cases: Iterable[str], loose: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """The kept hits in these cases and loose records."""
    in_cases, among = set(cases), set(loose)
    for hit in kept.found:
        if hit["case_uid"] in in_cases or hit["uid"] in among:
            yield hit


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
