"""One case whole: facts, stage, clocks, people without identity, evidence, letters, timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data import record as records
from posko_app.data.tables import (
    Case,
    ClarificationQuestion,
    Event,
    Evidence,
    Identity,
    Letter,
    ReportedParty,
    Sibling,
    VaultFile,
    Witness,
)
from posko_app.rules.book import Regulation
from posko_app.rules.handover import steps_for
from posko_app.rules.stages import CaseState

from . import board
from .called import number_now, origin_number
from .checklist import desk_items
from .clarification_rows import INVITED, rows_of
from .find import case_uid_of
from .identity_files import pictures_of
from .knowledge import knowledge
from .proxy import PROXY
from .step_checks import found_missing, judged, requirement_checks
from .views import (
    CaseFacts,
    CaseView,
    ClarificationView,
    ConflictView,
    EventView,
    EvidenceView,
    LetterView,
    PartyView,
    WitnessView,
)

REPORT = "report"
SEALED = ("identities", "clarification_questions")  # what lies sealed is not shown as it lies


@use_case("case.read")
def case_view(posko: Posko, case: str) -> CaseView:
    """The case named by uid or number. Raises UserError when there is none."""
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        row = session.scalars(select(Case).where(Case.uid == uid)).one()
        law = posko.rules.get(row.regulation, row.filed_on)
        events = session.scalars(select(Event).where(Event.case_uid == uid)).all()
        state, dues = board.state_and_dues(posko, [board.to_event(e) for e in events], law)
        state = replace(state, next_steps=steps_for(state, posko.office.code))
        held = set(session.scalars(select(Identity.witness_uid).where(Identity.case_uid == uid)))
        checks = judged(requirement_checks(posko, session, row, law), state.events)
        clarifications = _clarifications(posko, session, uid)
        desk = desk_items(session, row, law, state.intake_kind)
        letters = letters_of(session, uid)
        waiting = tuple(dict.fromkeys(c.alias for c in clarifications if c.state == INVITED))
        region = posko.regions.get(row.region_code) if row.region_code else None
        return CaseView(
            uid=uid,
            facts=_facts(row, state),
            state=state,
            dues=() if state.closed else dues,
            requirements=checks,
            events=_events(law, events, state),
            parties=_parties(posko, session, uid),
            witnesses=_witnesses(session, uid, held),
            evidence=_evidence(session, uid),
            letters=letters,
            conflicts=_conflicts(session, uid),
            reporter_held="" in held,
            region_name=region.name if region else "",
            clarifications=clarifications,
            desk=desk,
            missing=tuple(c.label for c in checks if c.key in found_missing(state.events)),
            known=knowledge(state, checks, desk, waiting, letters),
            pictures=pictures_of(session, uid),
            proxy_held=PROXY in held,
            origin_number=origin_number(row.number, state.events),
            own=posko.office.code,
        )


def _facts(row: Case, state: CaseState) -> CaseFacts:
    values = {name: getattr(row, name) for name in CaseFacts.__dataclass_fields__}
    return CaseFacts(**{**values, "number": number_now(row.number, state.events)})


def _clarifications(posko: Posko, session: Session, uid: str) -> tuple[ClarificationView, ...]:
    counted = dict(
        session.execute(
            select(ClarificationQuestion.clarification_uid, func.count())
            .where(ClarificationQuestion.case_uid == uid, ClarificationQuestion.position > 0)
            .group_by(ClarificationQuestion.clarification_uid)
        ).all()
    )
    own = set(ClarificationView.__dataclass_fields__) - {"role_label", "questions"}
    return tuple(
        ClarificationView(
            **{name: getattr(row, name) for name in own},
            role_label=posko.vocabulary.label("clarification_role", row.role),
            questions=counted.get(row.uid, 0),
        )
        for row in rows_of(session, uid)
    )


def _events(law: Regulation, rows: Iterable[Event], state: CaseState) -> tuple[EventView, ...]:
    counting = {event.uid for event in state.events}
    ordered = sorted(rows, key=lambda r: (r.on, r.made_at, r.uid), reverse=True)
    return tuple(
        EventView(
            uid=r.uid,
            kind=r.kind,
            label=_label(law, r),
            on=r.on,
            at=r.at,
            office_code=r.office_code,
            actor=r.actor,
            outcome=r.outcome,
            outcome_label=law.outcomes[r.outcome].label if r.outcome in law.outcomes else r.outcome,
            number=r.number,
            note=r.note,
            corrects=r.corrects,
            voided=r.kind != "corrected" and r.uid not in counting,
            made_at=r.made_at,
        )
        for r in ordered
    )


def _label(law: Regulation, event: Event) -> str:
    """What happened, in the words of the kind that the case was when it was taken in."""
    if event.kind == "filed" and (kind := board.to_event(event).data.get("intake_kind", "")):
        return law.steps["filed"].done if kind == REPORT else law.stages["received"].words(kind)
    return law.steps[event.kind].done if event.kind in law.steps else event.kind


def _parties(posko: Posko, session: Session, uid: str) -> tuple[PartyView, ...]:
    rows = session.scalars(
        select(ReportedParty)
        .where(ReportedParty.case_uid == uid)
        .order_by(ReportedParty.position, ReportedParty.uid)
    )
    return tuple(
        PartyView(
            r.uid,
            r.position,
            r.name,
            r.category,
            posko.vocabulary.label("reported_category", r.category) if r.category else "",
            r.nip,
            r.rank,
            r.position_title,
            r.agency,
            r.address,
            r.phone,
        )
        for r in rows
    )


def _witnesses(session: Session, uid: str, held: set[str]) -> tuple[WitnessView, ...]:
    rows = session.scalars(
        select(Witness).where(Witness.case_uid == uid).order_by(Witness.position, Witness.uid)
    )
    return tuple(WitnessView(r.uid, r.position, r.alias, r.uid in held) for r in rows)


def _evidence(session: Session, uid: str) -> tuple[EvidenceView, ...]:
    rows = session.execute(
        select(Evidence, VaultFile.sha256)
        .outerjoin(VaultFile, VaultFile.sha256 == Evidence.sha256)
        .where(Evidence.case_uid == uid)
        .order_by(Evidence.position, Evidence.uid)
    )
    return tuple(
        EvidenceView(
            r.uid,
            r.position,
            f"B-{r.position:02d}",
            r.description,
            r.kind,
            r.source,
            r.file_name,
            r.mime,
            r.size,
            r.sha256,
            r.added_at,
            r.added_by,
            held is not None,
        )
        for r, held in rows
    )


def letters_of(session: Session, uid: str) -> tuple[LetterView, ...]:
    """The issued letters of a case, newest first."""
    rows = session.execute(
        select(Letter, VaultFile.sha256)
        .outerjoin(VaultFile, VaultFile.sha256 == Letter.sha256)
        .where(Letter.case_uid == uid)
        .order_by(Letter.issued_at.desc(), Letter.uid)
    )
    return tuple(
        LetterView(
            r.uid,
            r.template,
            r.title,
            r.number,
            r.dated_on,
            r.addressee,
            r.sha256,
            r.issued_at,
            r.issued_by,
            held is not None,
        )
        for r, held in rows
    )


def _conflicts(session: Session, uid: str) -> tuple[ConflictView, ...]:
    values: dict[tuple[str, str, str], list[str]] = {}
    rows = session.scalars(select(Sibling).where(Sibling.case_uid == uid).order_by(Sibling.id))
    for row in rows:
        value = records.loads(row.sibling)["m"][0]
        if row.table_name in SEALED:
            value = f"terkunci, nilai {row.id}"
        values.setdefault((row.table_name, row.uid, row.field), []).append(
            "" if value is None else str(value)
        )
    return tuple(ConflictView(*key, tuple(shown)) for key, shown in sorted(values.items()))
