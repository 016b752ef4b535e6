"""Cases that may be about the same event as a report that is being typed; only ever a suggestion.

Found by indexed keys alone (NIP, words of names, places with their day) and then compared, so that
it stays quick beside the keyboard. Reporters and witnesses are never compared here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.search import alike
from posko_app.data.tables import Case, CaseBoard, MatchKey, ReportedParty
from posko_app.rules.identity import parse_nip
from posko_app.rules.regions import Regions
from posko_app.spelling import spelled

from .people_book import PeopleBook, people_book
from .people_keys import keys_around
from .people_names import keys_of_words, likeness, name_keys, name_words
from .report import NewReport

LEVELS = ("desa", "kecamatan", "kabupaten")


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """What is known of a reported person."""

    name: str = ""
    nip: str = ""
    agency: str = ""


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """What is known of an event so far; everything may be empty."""

    persons: tuple[PersonFacts, ...] = ()
    event_on: date | None = None
    event_place: str = ""
    region_code: str = ""
    theme: str = ""


@dataclass(frozen=True, kw_only=True)
class Likely:
    """A case that may be about the same event, and why."""

    uid: str
    number: str
    title: str
    filed_on: date
    reasons: tuple[str, ...]  # "NIP sama", "desa sama", "3 hari sebelumnya"
    score: int

    @property
    def why(self) -> str:
        """The reasons in one phrase: "Nama mirip, desa sama, 3 hari sebelumnya"."""
        said = ", ".join(self.reasons)
        return said[:1].upper() + said[1:]


def facts_of(new: NewReport) -> EventFacts:
    """What a form says of its event, without anybody's identity."""
    return EventFacts(
        persons=tuple(
            PersonFacts(name=p.name, nip=p.nip, agency=p.agency) for p in new.reported if p.given
        ),
        event_on=new.event_on,
        event_place=new.event_place,
        region_code=new.region_code,
        theme=new.theme,
    )


@use_case("case.read")
def likely_same(
    posko: Posko, facts: EventFacts, *, skip: Collection[str] = (), most: int | None = None
) -> tuple[Likely, ...]:
    """The cases most like what is being typed, those with more in common first.

    `skip` are uids that somebody compared already; `most` is how many are given.
    """
    book = people_book()
    known = {nip_value(person.nip) for person in facts.persons} - {""}
    with posko.store.read() as session:
        uids = _candidates(session, facts, known, book)
        found = list(_judged(posko.regions, session, facts, uids - set(skip), book))
    found.sort(key=lambda likely: (-likely.score, -likely.filed_on.toordinal(), likely.uid))
    return tuple(found[: most or book.limits["shown"]])


def nip_value(typed: str) -> str:
    """The digits of a whole NIP; empty for anything else, which is compared with nothing."""
    if not typed.strip():
        return ""
    nip = parse_nip(typed)
    return "" if nip.errors else nip.value


# --- finding ------------------------------------------------------------------------------------


def _candidates(
    session: Session, facts: EventFacts, nips: Collection[str], book: PeopleBook
) -> set[str]:
    most = book.limits["looked_at"]
    found: set[str] = set()
    if nips:
        found |= cases_of_nips(session, nips, most)
    for person in facts.persons:
        found |= cases_of_name(session, person.name, most)
    if facts.event_on is not None:
        around = keys_around(facts.event_place, facts.region_code, facts.event_on, book.near_days)
        found |= _with_keys(session, around, most)
    return found


def cases_of_nips(session: Session, nips: Collection[str], most: int) -> set[str]:
    """The newest cases in which somebody of these NIP is reported."""
    query = select(ReportedParty.case_uid).where(ReportedParty.nip.in_(sorted(nips)))
    return set(session.scalars(query.order_by(ReportedParty.case_uid.desc()).limit(most)))


def cases_of_name(session: Session, name: str, most: int) -> set[str]:
    """The newest cases in which somebody of a name like this may be reported."""
    words = name_words(name)
    found = _with_keys(session, name_keys(name), most)
    other = [(word, *alike(session, word)) if len(word) > 1 else (word,) for word in words]
    near: set[str] = set()
    for pair in combinations(other, 2) if len(other) > 1 else ():
        near |= {key for two in product(*pair) for key in keys_of_words(two)}
    if len(other) == 1:
        near |= {key for word in other[0] for key in keys_of_words((word,))}
    return found | _with_keys(session, sorted(near - set(name_keys(name))), most)


def _with_keys(session: Session, keys: Sequence[str], most: int) -> set[str]:
    if not keys:
        return set()
    query = select(MatchKey.case_uid).where(MatchKey.key.in_(keys))
    return set(session.scalars(query.order_by(MatchKey.case_uid.desc()).limit(most)))


# --- comparing ----------------------------------------------------------------------------------


def _judged(
    regions: Regions, session: Session, facts: EventFacts, uids: Collection[str], book: PeopleBook
) -> Iterator[Likely]:
    if not uids:
        return
    rows = session.execute(
        select(
            *(Case.uid, Case.event_on, Case.event_place, Case.region_code, Case.theme),
            *(CaseBoard.number, CaseBoard.title, CaseBoard.filed_on),
        )
        .join(CaseBoard, CaseBoard.case_uid == Case.uid)
        .where(Case.uid.in_(uids), Case.void_reason == "")
    ).all()
    parties = parties_of(session, uids)
    for row in rows:
        score, reasons = _compared(regions, facts, row, parties.get(row.uid, ()), book)
        if score >= book.weight["least"]:
            yield Likely(
                uid=row.uid,
                number=row.number,
                title=row.title,
                filed_on=row.filed_on,
                reasons=reasons,
                score=score,
            )


def parties_of(session: Session, uids: Collection[str]) -> dict[str, list[Any]]:
    """The reported persons of cases, by case."""
    columns = (ReportedParty.case_uid, ReportedParty.name, ReportedParty.nip, ReportedParty.agency)
    found: dict[str, list[Any]] = {}
    for row in session.execute(select(*columns).where(ReportedParty.case_uid.in_(uids))):
        found.setdefault(row.case_uid, []).append(row)
    return found


def _compared(
    regions: Regions, facts: EventFacts, case: Any, parties: Sequence[Any], book: PeopleBook
) -> tuple[int, tuple[str, ...]]:
    """What a case has in common with the facts: its weight, and the words for it."""
    said = list(_person_signs(facts.persons, parties, book))
    signs = [sign for sign in (*said, *_place_signs(regions, facts, case)) if sign]
    if facts.theme and facts.theme == case.theme:
        signs.append("theme")
    score = sum(book.weight[sign] for sign in signs)
    words = [book.words[sign] for sign in signs if sign in book.words]
    if facts.event_on is None or case.event_on is None:
        return score + book.weight["undated"], tuple(words)
    days = (case.event_on - facts.event_on).days
    if abs(days) > book.window_days and "nip" not in signs:
        return 0, ()
    if abs(days) <= book.window_days:
        score += book.weight["near" if abs(days) <= book.near_days else "window"]
    return score, (*words, _days_apart(days, book))


def _days_apart(days: int, book: PeopleBook) -> str:
    way = "before" if days < 0 else "after" if days else "together"
    return book.distance[way].format(days=abs(days))


def _person_signs(
    persons: Sequence[PersonFacts], parties: Sequence[Any], book: PeopleBook
) -> tuple[str, ...]:
    """The strongest of what any two reported persons have in common."""
    found = [compare_persons(mine, their) for mine in persons for their in parties]
    return max(found, key=lambda signs: sum(book.weight[s] for s in signs), default=())


def compare_persons(mine: Any, their: Any) -> tuple[str, ...]:
    """What two persons have in common: `nip`, or the name and perhaps `agency`.

    Two different NIP are two people, whatever their names.
    """
    one, other = nip_value(mine.nip), nip_value(their.nip)
    if one and other:
        return ("nip",) if one == other else ()
    alike_by = likeness(mine.name, their.name)
    if not alike_by:
        return ()
    office = bool(spelled(mine.agency)) and spelled(mine.agency) == spelled(their.agency)
    return (f"name_{alike_by}", "agency") if office else (f"name_{alike_by}",)


def _place_signs(regions: Regions, facts: EventFacts, case: Any) -> Iterator[str]:
    if facts.event_place and spelled(facts.event_place) == spelled(case.event_place):
        yield "spot"
    else:
        yield shared_region(regions, facts.region_code, case.region_code)


def shared_region(regions: Regions, one: str, other: str) -> str:
    """The lowest level of region that two codes share, a kelurahan told from a desa.

    Empty when it is none of `LEVELS`.
    """
    shared = ""
    for mine, theirs in zip(one.split("."), other.split("."), strict=False):
        if not mine or mine != theirs:
            break
        shared = f"{shared}.{mine}" if shared else mine
    region = regions.get(shared) if shared else None
    if region is None or region.level not in LEVELS:
        return ""
    return "kelurahan" if region.is_urban_village else region.level
