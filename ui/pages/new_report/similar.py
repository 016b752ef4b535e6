"""Cases that may be the same report: the same terlapor, or the same place on a near day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from posko_app.app import Posko
from posko_app.cases import queries
from posko_app.cases.case_view import case_view
from posko_app.cases.report import NewReport, ReportedInput
from posko_app.cases.views import CaseRow, CaseView
from posko_app.rules.identity import parse_nip
from posko_app.text import fold

NEAR = timedelta(days=3)
_LOOKED_AT = 6  # cases opened to compare, of all that the search gives
_NOBODY = ("belum diketahui", "tidak diketahui")


@dataclass(frozen=True)
class Similar:
    """A case that looks alike, and why."""

    uid: str
    number: str
    title: str
    filed_on: date
    why: str  # "terlapor dan tempatnya sama"


@dataclass
class _Found:
    row: CaseRow
    reasons: list[str] = field(default_factory=list)


def similar_cases(
    posko: Posko, new: NewReport, *, skip: Collection[str] = (), most: int = 2
) -> tuple[Similar, ...]:
    """The cases most like a report that is being typed, those with more in common first.

    `skip` are the uids that the officer has compared already.
    """
    found: dict[str, _Found] = {}
    for row, reason in (*_by_party(posko, new), *_by_place(posko, new)):
        if row.uid in skip:
            continue
        entry = found.setdefault(row.uid, _Found(row))
        if reason not in entry.reasons:
            entry.reasons.append(reason)
    ordered = sorted(found.values(), key=lambda f: (len(f.reasons), f.row.filed_on), reverse=True)
    return tuple(
        Similar(
            uid=entry.row.uid,
            number=entry.row.number.partition("/")[0] or "tanpa nomor",
            title=entry.row.title.rstrip("."),
            filed_on=entry.row.filed_on,
            why=f"{' dan '.join(entry.reasons)} sama",
        )
        for entry in ordered[:most]
    )


def _by_party(posko: Posko, new: NewReport) -> Iterator[tuple[CaseRow, str]]:
    for party in new.reported:
        for words in _search_words(party):
            for row, view in _search(posko, words):
                if any(_same_person(party, other.name, other.nip) for other in view.parties):
                    yield row, "terlapor"


def _by_place(posko: Posko, new: NewReport) -> Iterator[tuple[CaseRow, str]]:
    place = fold(new.event_place)
    if len(place) < 5 or new.event_on is None:
        return
    for row, view in _search(posko, place, filed_from=new.event_on - NEAR):
        there, then = fold(view.facts.event_place), view.facts.event_on
        if there == place and then is not None and abs(then - new.event_on) <= NEAR:
            yield row, "tempatnya"


def _search_words(party: ReportedInput) -> Iterator[str]:
    nip = parse_nip(party.nip)
    if nip.value and not nip.errors:
        yield nip.value
    name = _bare(party.name)
    if len(name) >= 5 and name not in _NOBODY:
        yield name


def _search(
    posko: Posko, words: str, filed_from: date | None = None
) -> Iterator[tuple[CaseRow, CaseView]]:
    wanted = queries.CaseFilter(view="all", text=words, filed_from=filed_from)
    for row in queries.list_cases(posko, wanted, limit=_LOOKED_AT):
        yield row, case_view(posko, row.uid)


def _same_person(party: ReportedInput, name: str, nip: str) -> bool:
    if nip and party.nip and parse_nip(party.nip).value == nip:
        return True
    return bool(_bare(party.name)) and _bare(party.name) == _bare(name)


def _bare(name: str) -> str:
    """A name without the titles after its comma, for comparing."""
    return fold(name.partition(",")[0])
