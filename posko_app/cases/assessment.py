"""Kajian: the forms of violation that fit a case and were chosen, and who was said to handle it.

What is chosen from the catalogue is kept like a check of the desk: it bears a code of our own, and
those records stay inside the offices. Who handles is a suggestion of the law; a person decides, and
the decision is a note of the case with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import CheckMark
from posko_app.errors import InvalidInput, Problem
from posko_app.rules.catalogue import CatalogueEntry, load_catalogue, matching
from posko_app.rules.effects import results_of
from posko_app.rules.jurisdiction import Suggestion
from posko_app.rules.stages import Event
from posko_app.text import clean

from .case_view import case_view
from .guides import suggestions
from .steps import NewStep, record_step
from .stub import require_ours
from .views import CaseView
from .violation_forms import CHOSEN, ITEM, UNFIT

LEFT = "no"
HANDLING, TOWARDS = "handling", "suggestion"  # in the data of the note that keeps the decision


@dataclass(frozen=True)
class ViolationForm:
    """An entry of the catalogue that fits the case, or was chosen when it still did."""

    entry: CatalogueEntry
    chosen: bool
    fits: bool
    made_by: str
    office_code: str


@dataclass(frozen=True)
class Handling:
    """Who was said to handle the case, by whom and why; `action` is a code of its list."""

    action: str
    suggestion: str  # key of the suggestion that was followed, empty when it was another choice
    note: str
    actor: str
    office_code: str
    made_at: datetime


@dataclass(frozen=True)
class Finding:
    """What came of one kind of violation; `outcome` is empty while no plenary judged it."""

    kind: str
    outcome: str
    addressees: tuple[str, ...]  # whom it was referred to


@use_case("case.read")
def violation_forms(posko: Posko, view: CaseView) -> tuple[ViolationForm, ...]:
    """The forms of violation to offer in a case that was read, in the order of the catalogue.

    Only those that fit the category of the reported persons and the period of the act; a chosen one
    stays when the facts changed, so that nobody has to wonder where it went.
    """
    fitting = _fitting(posko, view)
    marks = _marks(posko, view.uid)
    found = []
    for entry in load_catalogue().entries.values():
        mark = marks.get(entry.code)
        chosen = mark is not None and mark.mark == CHOSEN
        if entry.code in fitting or chosen:
            who = (mark.made_by, mark.office_code) if mark else ("", "")
            found.append(ViolationForm(entry, chosen, entry.code in fitting, *who))
    return tuple(found)


@use_case("case.step")
def choose_violation(posko: Posko, case: str, code: str, chosen: bool = True) -> None:
    """Choose a form of violation, or let go of one; earlier choices stay and the latest counts.

    Raises InvalidInput for one that does not fit the reported persons or the time of the act.
    """
    view = case_view(posko, case)
    entry = load_catalogue().get(code)
    if chosen and (entry is None or code not in _fitting(posko, view)):
        raise InvalidInput([Problem("violation", UNFIT)])
    with posko.write() as session:
        require_ours(posko, session, view.uid)
        session.add(
            CheckMark(
                case_uid=view.uid,
                item=f"{ITEM}{code}",
                mark=CHOSEN if chosen else LEFT,
                note="",
                office_code=posko.office.code,
                made_by=posko.user.login,
                made_at=posko.now(),
            )
        )
        posko.note(session, "case.violation_chosen", view.uid, chosen=chosen)


@use_case("case.decide")
def decide_handling(posko: Posko, case: str, action: str, suggested: str, reason: str) -> str:
    """Record who handles a case, following a suggestion or not; gives back the uid of the note.

    Another choice than a suggestion needs a reason. Raises InvalidInput with every problem.
    """
    view = case_view(posko, case)
    problems = []
    followed = _followed(posko, view, action, suggested)
    if not posko.vocabulary.has("jurisdiction_action", action):
        problems.append(Problem("action", "Pilih siapa yang menangani."))
    elif followed is None and not clean(reason):
        problems.append(
            Problem("reason", "Tulis alasannya, karena pilihan ini berbeda dari saran aturan.")
        )
    if problems:
        raise InvalidInput(problems)
    said = f"Yang menangani: {posko.vocabulary.label('jurisdiction_action', action).lower()}"
    because = followed.basis if followed else ""
    parts = [said, because, clean(reason)]
    data = {HANDLING: action, TOWARDS: followed.key if followed else ""}
    step = NewStep(
        kind="note",
        on=posko.today(),
        note=". ".join(part.rstrip(".") for part in parts if part) + ".",
        data={key: value for key, value in data.items() if value},
    )
    return record_step(posko, view.uid, step)


def handling_of(view: CaseView) -> Handling | None:
    """The latest decision about who handles a case that was read; None while there is none."""
    known: dict[str, Event] = {event.uid: event for event in view.state.events}
    for row in view.events:  # newest first
        event = known.get(row.uid)
        if event is not None and not row.voided and (action := event.data.get(HANDLING)):
            return Handling(
                action=action,
                suggestion=event.data.get(TOWARDS, ""),
                note=row.note,
                actor=row.actor,
                office_code=row.office_code,
                made_at=row.made_at,
            )
    return None


def findings_of(view: CaseView) -> tuple[Finding, ...]:
    """What the last plenary found kind by kind, and the kinds suspected that it did not judge."""
    decided = [event for event in view.state.events if event.kind == "decided"]
    outcomes = {r.kind: r.outcome for r in results_of(decided[-1])} if decided else {}
    kinds = dict.fromkeys((*outcomes, *view.known.kinds, *_suspected(view)))
    return tuple(
        Finding(
            kind,
            outcomes.get(kind, ""),
            tuple(dict.fromkeys(r.addressee for r in view.state.referrals if kind in r.kinds)),
        )
        for kind in kinds
    )


def _suspected(view: CaseView) -> tuple[str, ...]:
    reviews = [event for event in view.state.events if event.kind == "reviewed"]
    return reviews[-1].listed("kinds") if reviews else ()


def _fitting(posko: Posko, view: CaseView) -> frozenset[str]:
    facts = view.facts
    law = posko.rules.get(facts.regulation, facts.filed_on)
    categories = [party.category for party in view.parties if party.category]
    entries = matching(categories, facts.event_on, law, facts.election_stage)
    return frozenset(entry.code for entry in entries)


def _marks(posko: Posko, case_uid: str) -> dict[str, CheckMark]:
    wanted = select(CheckMark).where(
        CheckMark.case_uid == case_uid, CheckMark.item.startswith(ITEM)
    )
    with posko.store.read() as session:
        rows = session.scalars(wanted.order_by(CheckMark.made_at, CheckMark.uid)).all()
        session.expunge_all()
    return {row.item.removeprefix(ITEM): row for row in rows}


def _followed(posko: Posko, view: CaseView, action: str, suggested: str) -> Suggestion | None:
    found = suggestions(posko, view)
    return next((s for s in found if s.key == suggested and s.action == action), None)
