"""What cases of one event show each other: evidence and minutes, each kept where it is.

Nothing is copied by a link. Evidence becomes one of another case only when somebody says so, and
then it is another row for the same file. Questions and answers stay sealed: they are opened by
`clarification.open_minutes`, under the same permission as in their own case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Clarification, ClarificationQuestion, Evidence, VaultFile
from posko_app.errors import UserError

from .clarification_rows import ATTENDED
from .evidence import StoredEvidence, attach_stored
from .find import case_uid_of
from .links import LinkedCase, linked_cases
from .report import EvidenceInput, KeptFile
from .step_checks import named_in_the_open


@dataclass(frozen=True, kw_only=True)
class SharedEvidence:
    """An item of evidence of another case of the event; `used` when this case has it too."""

    uid: str
    case_uid: str
    case_number: str
    label: str  # B-01 in its own case
    description: str
    kind: str
    file_name: str
    mime: str
    size: int
    sha256: str
    held: bool
    used: bool


@dataclass(frozen=True, kw_only=True)
class SharedMinutes:
    """Minutes of a clarification in another case of the event; nobody's identity, no answer."""

    uid: str
    case_uid: str
    case_number: str
    alias: str
    role_label: str
    held_on: date | None
    minutes_number: str
    questions: int  # how many are kept here


@dataclass(frozen=True, kw_only=True)
class EventPapers:
    """The other cases of an event with what they have."""

    cases: tuple[LinkedCase, ...]
    evidence: tuple[SharedEvidence, ...]
    minutes: tuple[SharedMinutes, ...]


@use_case("case.read")
def event_papers(posko: Posko, case: str) -> EventPapers:
    """The evidence and minutes of the other cases of the event of a case (uid or number)."""
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        cases = linked_cases(session, uid)
        numbers = {one.uid: one.number for one in cases}
        return EventPapers(
            cases=cases,
            evidence=_evidence(session, uid, numbers) if cases else (),
            minutes=_minutes(posko, session, numbers) if cases else (),
        )


@use_case("evidence.add")
def use_here(posko: Posko, case: str, evidence_uid: str) -> str:
    """Make evidence of another case of the event evidence of this one too; gives back its uid.

    The file stays one. Raises UserError when it belongs to no case of the event.
    """
    with posko.write() as session:
        uid = case_uid_of(session, case)
        row = session.scalar(select(Evidence).where(Evidence.uid == evidence_uid))
        numbers = {one.uid: one.number for one in linked_cases(session, uid)}
        if row is None or row.case_uid not in numbers:
            raise UserError(
                "Bukti itu bukan dari perkara satu peristiwa. Kaitkan perkaranya dulu.",
                "not_linked",
            )
        said = _description(posko, session, uid, row, numbers[row.case_uid])
        if not row.sha256 and (known := _same_thing(session, uid, said)):
            return known
        kept = KeptFile(row.file_name, row.sha256, row.size, row.mime) if row.sha256 else None
        item = EvidenceInput(description=said, kind=row.kind, source=row.source, kept=kept)
        stored = StoredEvidence(item, row.sha256, row.size, row.mime)
        (made,) = attach_stored(posko, session, uid, [stored])
        if made.new:
            origin = row.case_uid
            posko.note(session, "evidence.used", uid, evidence=made.uid, origin=origin)
    return made.uid


def _description(posko: Posko, session: Session, uid: str, row: Evidence, number: str) -> str:
    """What the evidence is and where it comes from; nobody sealed in either case."""
    whole, bare = _descriptions(row, number)
    texts = {"description": row.description}
    named = (named_in_the_open(posko, session, one, texts) for one in (uid, row.case_uid))
    return bare if any(list(problems) for problems in named) else whole


def _descriptions(row: Evidence, number: str) -> tuple[str, str]:
    """The words for evidence of another case, with its description and without."""
    origin = f"dari perkara {number}" if number else "dari perkara lain"
    bare = f"Bukti {_label(row.position)} {origin}"
    return (f"{row.description} ({origin})" if row.description else bare), bare


def _same_thing(session: Session, uid: str, said: str) -> str:
    """The evidence without a file that is the same thing in this case; empty without one."""
    found = session.scalar(
        select(Evidence.uid).where(
            Evidence.case_uid == uid, Evidence.sha256 == "", Evidence.description == said
        )
    )
    return found or ""


def _evidence(session: Session, uid: str, numbers: Mapping[str, str]) -> tuple[SharedEvidence, ...]:
    own = session.execute(
        select(Evidence.sha256, Evidence.description).where(Evidence.case_uid == uid)
    ).all()
    files = {sha256 for sha256, _ in own if sha256}
    things = {said for sha256, said in own if not sha256}
    rows = session.execute(
        select(Evidence, VaultFile.sha256)
        .outerjoin(VaultFile, VaultFile.sha256 == Evidence.sha256)
        .where(Evidence.case_uid.in_(numbers))
        .order_by(Evidence.position, Evidence.uid)
    ).all()
    places = {case: place for place, case in enumerate(numbers)}
    return tuple(
        SharedEvidence(
            uid=row.uid,
            case_uid=row.case_uid,
            case_number=numbers[row.case_uid],
            label=_label(row.position),
            description=row.description,
            kind=row.kind,
            file_name=row.file_name,
            mime=row.mime,
            size=row.size,
            sha256=row.sha256,
            held=held is not None,
            used=row.sha256 in files
            if row.sha256
            else not things.isdisjoint(_descriptions(row, numbers[row.case_uid])),
        )
        for row, held in sorted(rows, key=lambda found: places[found[0].case_uid])
    )


def _minutes(
    posko: Posko, session: Session, numbers: Mapping[str, str]
) -> tuple[SharedMinutes, ...]:
    rows = session.scalars(
        select(Clarification)
        .where(Clarification.case_uid.in_(numbers), Clarification.state == ATTENDED)
        .order_by(Clarification.held_on, Clarification.made_at, Clarification.uid)
    ).all()
    counted = dict(
        session.execute(
            select(ClarificationQuestion.clarification_uid, func.count())
            .where(ClarificationQuestion.case_uid.in_(numbers), ClarificationQuestion.position > 0)
            .group_by(ClarificationQuestion.clarification_uid)
        ).all()
    )
    return tuple(
        SharedMinutes(
            uid=row.uid,
            case_uid=row.case_uid,
            case_number=numbers[row.case_uid],
            alias=row.alias,
            role_label=posko.vocabulary.label("clarification_role", row.role),
            held_on=row.held_on,
            minutes_number=row.minutes_number,
            questions=counted.get(row.uid, 0),
        )
        for row in rows
    )


def _label(position: int) -> str:
    return f"B-{position:02d}"
