"""`Menunggu jawaban`: which institutions still owe an answer, and for how long.

No limit of the law stands behind the ages; they only group what waits, and the office may change
them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, CaseBoard, Referral, ReferralUpdate, Setting
from posko_app.errors import InvalidInput, Problem

from . import board
from .referral_book import referral_book
from .referral_view import ReferralView, views

AGES = "referral.ages"  # key of the office's own ages
MOST_AGES = 6


@dataclass(frozen=True, kw_only=True)
class AgeGroup:
    """What has waited at least `least` days and less than the next age; `most` None: the oldest."""

    least: int
    most: int | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Everything that waits, the longest first, and how it divides."""

    items: tuple[ReferralView, ...]
    ages: tuple[AgeGroup, ...]
    addressees: tuple[tuple[str, str, int], ...]  # code, words, how many


@use_case("case.read")
def waiting(posko: Posko, *, addressee: str = "", least_days: int = 0) -> Waiting:
    """Referrals without an answer, the longest first.

    Groups count all that waits, whatever the filter, so that a choice shows what it would bring.
    """
    board.keep_current(posko)
    with posko.store.read() as session:
        every = _waiting(posko, session)
        ages = _ages(session)
    kept = [item for item in every if addressee in ("", item.addressee) and item.days >= least_days]
    counted = Counter(item.addressee for item in every)
    words = {item.addressee: item.addressee_label for item in every}
    return Waiting(
        items=tuple(kept),
        ages=_groups(ages, [item.days for item in every]),
        addressees=tuple((code, words[code], count) for code, count in counted.most_common()),
    )


@use_case("case.read")
def reminders(posko: Posko, until: date | None = None) -> tuple[ReferralView, ...]:
    """Referrals whose reminder has come, today or by a day, and that still wait."""
    last = until or posko.today()
    with posko.store.read() as session:
        rows = (
            select(Referral.case_uid)
            .join(Case, Case.uid == Referral.case_uid)
            .where(Referral.remind_on <= last, Case.void_reason == "")
            .distinct()
        )
        made = views(posko, session, list(session.scalars(rows)))
    asked = [v for v in made if v.waits and v.details.remind_on and v.details.remind_on <= last]
    return tuple(sorted(asked, key=lambda v: (v.details.remind_on, v.event_uid)))


@use_case("case.read")
def ages(posko: Posko) -> tuple[int, ...]:
    """The office's ages in days, else those the program brings along."""
    with posko.store.read() as session:
        return _ages(session)


@use_case("office.settings")
def set_ages(posko: Posko, days: Sequence[int]) -> None:
    """Set the ages; none goes back to those the program brings along. Raises InvalidInput."""
    wanted = sorted(set(days))
    if len(wanted) > MOST_AGES or any(day < 1 for day in wanted):
        said = f"Isi paling banyak {MOST_AGES} umur, masing-masing 1 hari atau lebih."
        raise InvalidInput([Problem("ages", said)])
    text = ",".join(str(day) for day in wanted)
    with posko.write() as session:
        row = session.get(Setting, AGES)
        old = row.value if row else ""
        if row is None:
            session.add(Setting(key=AGES, value=text))
        else:
            row.value = text
        posko.note(session, "setting.changed", key=AGES, old=old, new=text)


def _waiting(posko: Posko, session: Session) -> list[ReferralView]:
    # An answer that was a first word only may have been followed by a state that waits again.
    told = select(ReferralUpdate.case_uid).where(ReferralUpdate.state != "")
    rows = (
        select(CaseBoard.case_uid)
        .join(Case, Case.uid == CaseBoard.case_uid)
        .where(or_(CaseBoard.waiting_since.is_not(None), CaseBoard.case_uid.in_(told)))
        .where(Case.void_reason == "")
    )
    made = views(posko, session, list(session.scalars(rows)))
    return sorted((v for v in made if v.waits), key=lambda v: (v.sent_on, v.event_uid))


def _ages(session: Session) -> tuple[int, ...]:
    row = session.get(Setting, AGES)
    own = tuple(int(part) for part in row.value.split(",") if part.isdecimal()) if row else ()
    return own or referral_book().ages


def _groups(steps: Sequence[int], days: Sequence[int]) -> tuple[AgeGroup, ...]:
    edges = (0, *steps)
    made = []
    for place, least in enumerate(edges):
        most = edges[place + 1] if place + 1 < len(edges) else None
        count = sum(1 for d in days if d >= least and (most is None or d < most))
        made.append(AgeGroup(least=least, most=most, count=count))
    return tuple(made)
