"""Completing and correcting the reported persons of a case after intake; what stood stays told.

Agencies return what lacks a NIP or an office, and both are often known only later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, ReportedParty
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules import stages
from posko_app.text import clean

from . import board, violation_forms
from .facts_change_told import CHANGED, HIDDEN, MARK, NOW, WAS, told
from .find import case_uid_of
from .kinds import kind_of
from .people_keys import drop_names
from .report import NAMELESS, NewReport, ReportedInput, check_report
from .step_checks import may_name, named_in_the_open
from .steps import NewStep, events_of, step_event, step_row
from .stub import require_ours
from .tidy import party_row, party_values

FACTS = ("name", "category", "nip", "rank", "position_title", "agency", "address", "phone")
NO_REASON = "Tulis alasannya, karena ada isian yang diganti."
SAME = "Tidak ada yang berubah. Betulkan dulu isiannya."


@dataclass(frozen=True)
class _Wanted:
    """What is to be written: by fact what stood there and what will."""

    case_uid: str
    changes: dict[str, tuple[str, str]]
    reason: str
    party: ReportedInput
    party_uid: str = ""

    @property
    def replaces(self) -> bool:
        """Whether anything that stood there goes away."""
        return any(was for was, _ in self.changes.values())


@use_case("case.write")
def change_party(
    posko: Posko, case: str, party_uid: str, party: ReportedInput, reason: str = ""
) -> str:
    """Complete or correct a reported person of a case (uid or number); the note that tells it.

    A reason is needed only where something that stood there is replaced. Raises UserError when the
    case has no such person, InvalidInput with every problem at once.
    """
    with posko.write() as session:
        uid = case_uid_of(session, case)
        require_ours(posko, session, uid)
        row = session.scalar(
            select(ReportedParty).where(
                ReportedParty.uid == party_uid, ReportedParty.case_uid == uid
            )
        )
        if row is None:
            raise UserError("Terlapor itu tidak ada pada perkara ini. Data tidak berubah.")
        after = party_values(party)
        changes = {
            name: (getattr(row, name), after[name])
            for name in FACTS
            if getattr(row, name) != after[name]
        }
        wanted = _Wanted(uid, changes, clean(reason), party, party_uid)
        _require(posko, session, wanted)
        for name, (_, value) in changes.items():
            setattr(row, name, value)
        return _tell(posko, session, wanted, party_uid)


@use_case("case.write")
def add_party(posko: Posko, case: str, party: ReportedInput, reason: str = "") -> str:
    """Add a reported person to a case (uid or number); gives back their uid.

    Raises InvalidInput with every problem at once.
    """
    with posko.write() as session:
        uid = case_uid_of(session, case)
        require_ours(posko, session, uid)
        values = party_values(party)
        changes = {name: ("", values[name]) for name in FACTS if values[name]}
        wanted = _Wanted(uid, changes, clean(reason), party)
        _require(posko, session, wanted)
        last = session.scalar(
            select(func.max(ReportedParty.position)).where(ReportedParty.case_uid == uid)
        )
        row = party_row(uid, 1 + (last or 0), party)
        session.add(row)
        session.flush()
        _tell(posko, session, wanted, row.uid)
        return row.uid


def _require(posko: Posko, session: Session, wanted: _Wanted) -> None:
    problems = list(_problems(posko, session, wanted))
    if problems:
        raise InvalidInput(problems)


def _problems(posko: Posko, session: Session, wanted: _Wanted) -> Iterator[Problem]:
    if not wanted.changes:
        yield Problem("", SAME)
        return
    if not clean(wanted.party.name):
        yield Problem("name", NAMELESS)
    if wanted.replaces and len(wanted.reason) < 5:
        yield Problem("reason", NO_REASON)
    yield from _of_party(posko, wanted.party)
    category = wanted.party.category
    if category and category not in posko.vocabulary.codes("reported_category"):
        yield Problem("category", f"Kategori {category} tidak dikenal.")
    yield from _unfit(posko, session, wanted)
    yield from named_in_the_open(posko, session, wanted.case_uid, {"reason": wanted.reason})


def _unfit(posko: Posko, session: Session, wanted: _Wanted) -> Iterator[Problem]:
    """A form of violation that was chosen and does not fit persons of another category."""
    if "category" not in wanted.changes:
        return
    row = session.scalars(select(Case).where(Case.uid == wanted.case_uid)).one()
    parties = select(ReportedParty).where(ReportedParty.case_uid == row.uid)
    held = {party.uid: party.category for party in session.scalars(parties)}
    now = {**held, wanted.party_uid: wanted.party.category}
    law = posko.rules.get(row.regulation, row.filed_on)
    before, after = (
        (law, categories.values(), row.event_on, row.election_stage) for categories in (held, now)
    )
    if violation_forms.lost(violation_forms.chosen_in(session, row.uid), before, after):
        yield Problem("category", violation_forms.LOST)


def _of_party(posko: Posko, party: ReportedInput) -> Iterable[Problem]:
    """What the desk would say of this person, by the names of the fields."""
    report = NewReport(filed_on=posko.today(), reported=(replace(party, name=party.name or "–"),))
    prefix = "reported.0."
    for problem in check_report(posko, report).problems:
        if problem.field.startswith(prefix):
            yield replace(problem, field=problem.field.removeprefix(prefix))


def _tell(posko: Posko, session: Session, wanted: _Wanted, party_uid: str) -> str:
    """Write the note, the lines of lists and the journal; the uid of the note."""
    changed = [f"party.{name}" for name in wanted.changes]
    data = {"about": MARK, CHANGED: ",".join(changed), "party": party_uid}
    if wanted.reason:
        data["reason"] = wanted.reason
    for name, (was, now) in wanted.changes.items():
        data[f"{WAS}party.{name}"], data[f"{NOW}party.{name}"] = was, now
    uid = wanted.case_uid
    session.flush()  # a name that is shared only by what stood here is nobody's in the open now
    old = {
        name: was for name, (was, _) in wanted.changes.items() if name not in ("category", "nip")
    }
    for name in may_name(posko, session, uid, old):
        data[f"{WAS}party.{name}"] = HIDDEN
    event = step_event(posko, NewStep(kind="note", on=posko.today(), data=data))
    said = told(posko, kind_of(_kind(posko, session, uid)), data, wanted.reason)
    session.add(step_row(posko, uid, event, said))
    session.flush()
    drop_names(session, uid, (was for name, (was, _) in wanted.changes.items() if name == "name"))
    board.refresh(posko, session, [uid])
    posko.note(session, "case.facts_changed", uid, event=event.uid, fields=changed)
    return event.uid


def _kind(posko: Posko, session: Session, uid: str) -> str:
    row = session.scalars(select(Case).where(Case.uid == uid)).one()
    law = posko.rules.get(row.regulation, row.filed_on)
    return stages.state_of(events_of(session, uid), law).intake_kind
