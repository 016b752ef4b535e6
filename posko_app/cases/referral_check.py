"""`Siap diteruskan?`: what the institution will look for in the file, asked before it is sent.

It never holds anything up: it says what is missing, why that matters, and where to mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from posko_app.app import Posko, use_case
from posko_app.rules.identity import parse_nip

from . import silence
from .case_view import case_view
from .find import case_uid_of
from .identity import known_people
from .referral_book import ReadyRule, ReferralBook, referral_book
from .views import CaseView

MODERN = ("pns", "pppk")  # numbers of 18 digits


@dataclass(frozen=True, kw_only=True)
class PartyFacts:
    """A reported person as far as an institution asks."""

    name: str
    category: str
    nip: bool  # a NIP that can be one
    position: bool
    agency: bool


@dataclass(frozen=True, kw_only=True)
class ReferralFacts:
    """A case as far as institutions look at it."""

    parties: tuple[PartyFacts, ...]
    assessed: bool
    decided: bool
    clarified: bool
    discussed: bool  # second discussion at the Sentra Gakkumdu
    evidence: int
    event_known: bool
    article: bool
    settled: bool  # no field with two values
    silent: bool | None  # None: this account cannot compare the texts with the identities


@dataclass(frozen=True)
class ReadyCheck:
    """One thing looked for; `why` says what is missing and what comes of it."""

    key: str
    label: str
    met: bool
    returned: bool  # institutions have returned files for lack of it
    why: str
    tab: str  # of the case, where it is mended


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """All checks for one institution."""

    addressee: str
    addressee_label: str
    note: str
    checks: tuple[ReadyCheck, ...]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing for which files were returned."""
        return all(check.met or not check.returned for check in self.checks)

    @property
    def missing(self) -> tuple[ReadyCheck, ...]:
        """What is not there."""
        return tuple(check for check in self.checks if not check.met)


@use_case("case.read")
def ready_to_refer(posko: Posko, case: str, addressee: str) -> Readiness:
    """What a case (uid or number) still lacks for an institution."""
    facts = facts_of(posko, case_view(posko, case))
    rule = referral_book().addressee(addressee)
    return Readiness(
        addressee=addressee,
        addressee_label=posko.vocabulary.label("addressee", addressee),
        note=rule.note,
        checks=check(facts, addressee, referral_book()),
    )


def check(facts: ReferralFacts, addressee: str, book: ReferralBook) -> tuple[ReadyCheck, ...]:
    """The checks of an institution in its order; a rule that applies to nobody is left out."""
    made = []
    for key in book.addressee(addressee).checks:
        rule = book.checks[key]
        concerned = [p for p in facts.parties if not rule.applies or p.category in rule.applies]
        if rule.applies and not concerned:
            continue
        lacking = _LACKING[key](facts, concerned)
        why = rule.missing.format(who=", ".join(lacking)) if lacking else ""
        if key == "silence" and facts.silent is None:
            made.append(_unsure(rule))
            continue
        made.append(ReadyCheck(key, rule.label, not lacking, rule.returned, why, rule.tab))
    return tuple(made)


def _unsure(rule: ReadyRule) -> ReadyCheck:
    why = (
        "Akun atau kantor ini tidak memegang identitas pelapor dan saksi, jadi uraian belum "
        "diperiksa. Bacalah sekali lagi."
    )
    return ReadyCheck(rule.key, rule.label, False, False, why, rule.tab)


Lacking = Callable[[ReferralFacts, list[PartyFacts]], list[str]]


def _people(has: Callable[[PartyFacts], bool]) -> Lacking:
    return lambda facts, people: [p.name or "terlapor" for p in people if not has(p)]


def _case(has: Callable[[ReferralFacts], bool]) -> Lacking:
    return lambda facts, people: [] if has(facts) else ["perkara"]


_LACKING: Mapping[str, Lacking] = {
    "party": _case(lambda f: any(p.name for p in f.parties)),
    "nip": _people(lambda p: p.nip),
    "position": _people(lambda p: p.position),
    "agency": _people(lambda p: p.agency),
    "assessment": _case(lambda f: f.assessed),
    "plenary": _case(lambda f: f.decided),
    "minutes": _case(lambda f: f.clarified),
    "discussion": _case(lambda f: f.discussed),
    "evidence": _case(lambda f: f.evidence > 0),
    "event": _case(lambda f: f.event_known),
    "article": _case(lambda f: f.article),
    "settled": _case(lambda f: f.settled),
    "silence": _case(lambda f: f.silent is not False),
}
"""Key of a check -> who or what lacks it; nobody means that it is met."""


def facts_of(posko: Posko, view: CaseView) -> ReferralFacts:
    """The facts that checks ask for."""
    kinds = {event.kind for event in view.state.events}
    facts = view.facts
    return ReferralFacts(
        parties=tuple(
            PartyFacts(
                name=party.name.strip(),
                category=party.category,
                nip=nip_fits(party.nip),
                position=bool(party.position_title.strip()),
                agency=bool(party.agency.strip()),
            )
            for party in view.parties
        ),
        assessed="assessed" in kinds,
        decided=view.state.decided_on is not None,
        clarified="clarified" in kinds,
        discussed="gakkumdu_second" in kinds,
        evidence=len(view.evidence),
        event_known=facts.event_on is not None and bool(facts.event_place.strip()),
        article=bool(facts.article.strip()),
        settled=not view.conflicts,
        silent=_silent(posko, view),
    )


def nip_fits(nip: str) -> bool:
    """Whether a number is a NIP or NI PPPK of today without a mistake in it."""
    read = parse_nip(nip) if nip.strip() else None
    return read is not None and read.kind in MODERN and not read.errors


def _silent(posko: Posko, view: CaseView) -> bool | None:
    with posko.store.read() as session:
        people = known_people(posko, session, case_uid_of(session, view.uid))
    held = view.reporter_held or not view.facts.reporter_named
    if posko.keys.identity is None or not (held and all(w.held for w in view.witnesses)):
        return None
    texts = {"title": view.facts.title, "narrative": view.facts.narrative}
    named = [party.name for party in view.parties]
    return not list(silence.problems(texts, [("Pelapor", p) for p in people], named))
