"""What stands in the way of a step besides the order of events: requirements, names, ownership."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Case, Evidence, ReportedParty, Witness
from posko_app.errors import Problem
from posko_app.rules import requirements, stages
from posko_app.rules.book import Regulation
from posko_app.security.cipher import Damaged

from . import silence
from .identity import identities_of, open_identity
from .proxy import PROXY, PROXY_WORD
from .report import on_time


def requirement_checks(
    posko: Posko, session: Session, case: Case, law: Regulation
) -> tuple[requirements.RequirementCheck, ...]:
    """The formal and material requirements of a case as it stands in the database."""
    reported = session.scalar(
        select(func.count()).select_from(ReportedParty).where(ReportedParty.case_uid == case.uid)
    )
    items = session.scalar(
        select(func.count()).select_from(Evidence).where(Evidence.case_uid == case.uid)
    )
    facts = requirements.ReportFacts(
        reporter_named=case.reporter_named,
        reporter_located=case.reporter_located,
        reported_named=bool(reported),
        on_time=on_time(posko, law, case.known_on, case.filed_on),
        event_dated=case.event_on is not None,
        event_placed=bool(case.event_place),
        narrated=bool(case.narrative),
        evidence=items or 0,
        signature_matches=case.signature_matches or None,
        filed_on=case.filed_on,
    )
    return tuple(requirements.check(facts, law))


def found_missing(events: Sequence[stages.Event]) -> tuple[str, ...]:
    """Keys of the requirements that the last initial review found missing and nobody completed.

    `events` are those in force, in their order.
    """
    missing: tuple[str, ...] = ()
    for event in events:
        if event.kind == "reviewed":
            missing = event.listed("missing")
        elif event.kind in ("completed", "converted", "reopened"):
            missing = ()
    return missing


def judged(
    checks: Iterable[requirements.RequirementCheck], events: Sequence[stages.Event]
) -> tuple[requirements.RequirementCheck, ...]:
    """The requirements as the facts and the last review have them: both must be content."""
    missing = found_missing(events)
    why = "Kajian awal menyatakan ini belum terpenuhi."
    return tuple(
        replace(check, met=False, why=why) if check.met and check.key in missing else check
        for check in checks
    )


def named_in_the_open(
    posko: Posko, session: Session, case_uid: str, given: Mapping[str, str]
) -> Iterable[Problem]:
    """Open texts that name reporter or witness; only who may open identities can compare."""
    texts = {name: text for name, text in given.items() if text}
    if posko.keys.identity is None or not texts:
        return []
    aliases = {"": "Pelapor", PROXY: PROXY_WORD.capitalize()}
    for witness in session.scalars(select(Witness).where(Witness.case_uid == case_uid)):
        aliases[witness.uid] = witness.alias
    people = []
    for row in identities_of(session, case_uid):
        with suppress(Damaged):  # an identity that got spoiled must not hold up a case
            people.append((aliases.get(row.witness_uid, "Saksi"), open_identity(posko, row)))
    named = select(ReportedParty.name).where(ReportedParty.case_uid == case_uid)
    return silence.problems(texts, people, session.scalars(named))


def may_name(
    posko: Posko, session: Session, case_uid: str, old: Mapping[str, str]
) -> frozenset[str]:
    """Which old texts (field -> text) name somebody who is sealed in a case, or may do so.

    Reported persons may be named, as they stand now.
    """
    given = {name: text for name, text in old.items() if text}
    if posko.keys.identity is None:
        return frozenset(given)
    return frozenset(p.field for p in named_in_the_open(posko, session, case_uid, given))


def not_ours(
    posko: Posko, events: Sequence[stages.Event], corrects: str, law: Regulation
) -> list[Problem]:
    """An office voids what it or an office below it noted; only proposals go upwards.

    Who received a case may void what the offices before it noted: that passed on with the case.
    """
    own = posko.office.code
    makers = [event.office for event in events if event.uid == corrects]
    if all(maker == own or maker.startswith(f"{own}.") for maker in makers):
        return []
    state = stages.state_of(events, law)
    if state.office == own and set(makers) <= set(state.left):
        return []
    return [
        Problem(
            "corrects",
            "Catatan itu dibuat kantor lain yang bukan bawahan kantor ini. "
            "Mintalah kantor itu membatalkannya.",
        )
    ]


def unmet(
    checks: Iterable[requirements.RequirementCheck], missing: Iterable[str] = ()
) -> list[Problem]:
    """Why a report cannot be registered.

    Whether it came in time depends on readings that are open: that holds it back only when the
    last review says so (`missing`).
    """
    said = set(missing)
    return [
        Problem(c.key, f"Syarat belum terpenuhi: {c.label}. {c.why}".strip())
        for c in checks
        if not c.met and (c.key != "on_time" or c.key in said)
    ]
