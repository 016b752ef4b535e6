"""What the public is told of cases and of prevention work: facts in words, never a person.

A result shows only once the status was announced: until then the plenary's finding is not public.
Codes that this program does not know stay out, because anybody may have written anything there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.data.tables import Case, CaseBoard, Event, PreventionActivity, Sync
from posko_app.rules import stages
from posko_app.text import clean, numeric_date

from .gather import Wanted
from .leaving_texts import Texts
from .public_layout import public_layout
from .scope import cases_for, loose_for
from .xlsx.sheet import CellValue

AT_ONCE = 400
_LEVELS = {0: "Bawaslu Provinsi", 1: "Bawaslu", 2: "Panwaslu Kecamatan"}  # by dots of the code
Facts = Mapping[str, CellValue]


@dataclass(frozen=True, kw_only=True)
class PublicRow:
    """One line of a sheet, and the record it tells of."""

    uid: str
    facts: Facts


class PublicRows:
    """The lines of both sheets for what an export asks for, read in chunks."""

    def __init__(self, posko: Posko, session: Session, wanted: Wanted) -> None:
        self._posko, self._session, self._wanted = posko, session, wanted
        self.people_of = self._case_uids(())
        """All cases in reach: their people must not be named, whether the case is shown or not."""
        self.cases = self._case_uids(public_layout().sheet("cases").kinds)
        self.activities = self._activity_uids()

    def case_rows(self, uids: Sequence[str]) -> Iterator[PublicRow]:
        """The lines of these cases, in their order."""
        for chunk in _chunks(uids):
            found = {
                c.uid: c for c in self._session.scalars(select(Case).where(Case.uid.in_(chunk)))
            }
            labels = dict(
                self._session.execute(
                    select(CaseBoard.case_uid, CaseBoard.stage_label).where(
                        CaseBoard.case_uid.in_(chunk)
                    )
                ).all()
            )
            events: dict[str, list[stages.Event]] = {}
            for row in self._session.scalars(select(Event).where(Event.case_uid.in_(chunk))):
                events.setdefault(row.case_uid, []).append(board.to_event(row))
            for uid in chunk:
                law = self._posko.rules.get(found[uid].regulation, found[uid].filed_on)
                state = stages.state_of(events.get(uid, []), law, found[uid].kind)
                yield PublicRow(uid=uid, facts=self._case(found[uid], state, labels.get(uid, "")))
            self._session.expunge_all()

    def activity_rows(self, uids: Sequence[str]) -> Iterator[PublicRow]:
        """The lines of these activities, in their order."""
        for chunk in _chunks(uids):
            query = select(PreventionActivity).where(PreventionActivity.uid.in_(chunk))
            found = {row.uid: row for row in self._session.scalars(query)}
            for uid in chunk:
                yield PublicRow(uid=uid, facts=self._activity(found[uid]))
            self._session.expunge_all()

    def texts(self) -> Iterator[Texts]:
        """Everything written by hand that these lines show."""
        for of, rows in (
            ("cases", self.case_rows(self.cases)),
            ("prevention", self.activity_rows(self.activities)),
        ):
            free = [c.field for c in public_layout().sheet(of).columns if c.free]
            for row in rows:
                case_uid = row.uid if of == "cases" else ""
                yield Texts(case_uid, of, row.uid, free, [str(row.facts[f] or "") for f in free])

    def _case_uids(self, kinds: Sequence[str]) -> list[str]:
        wanted = self._wanted
        query = (
            select(CaseBoard.case_uid)
            .join(Sync, Sync.uid == CaseBoard.case_uid)
            .where(cases_for(wanted.to, wanted.own), *self._of_kinds(kinds))
            .order_by(CaseBoard.filed_on, CaseBoard.number, CaseBoard.case_uid)
        )
        uids = list(self._session.scalars(query))
        picked = None if wanted.picked is None else set(wanted.picked)
        return uids if picked is None else [uid for uid in uids if uid in picked]

    def _of_kinds(self, kinds: Sequence[str]) -> list[ColumnElement[bool]]:
        """The cases to show; one that was cancelled is no case any more."""
        real = select(Case.uid).where(Case.void_reason == "")
        return [CaseBoard.kind.in_(kinds), CaseBoard.case_uid.in_(real)] if kinds else []

    def _activity_uids(self) -> list[str]:
        wanted = self._wanted
        if wanted.picked is not None:
            return []
        table = PreventionActivity
        query = (
            select(table.uid)
            .join(Sync, Sync.uid == table.uid)
            .where(loose_for(wanted.to, wanted.own), table.voided.is_not(True))
            .order_by(table.on, table.uid)
        )
        return list(self._session.scalars(query))

    def _case(self, case: Case, state: stages.CaseState, stage: str) -> Facts:
        regency, subdistrict = self._regions(case.region_code or case.office_code)
        told = state.notified_on is not None
        referred = [r.addressee for r in state.referrals] if told else []
        return {
            "number": clean(case.number),
            "kind": self._word("intake_kind", state.intake_kind),
            "filed_on": _day(case.filed_on),
            "election": self._word("election_kind", case.election_kind),
            "regency": regency,
            "subdistrict": subdistrict,
            "theme": self._word("allegation", case.theme),
            "stage": stage,
            "registration": self._word("recap_registration", _registration(state)),
            "register_number": clean(state.register_number),
            "registered_on": _day(state.registered_on),
            "result": self._word("recap_result", state.decision) if told else "",
            "violations": self._words("violation_kind", state.violation_kinds if told else ()),
            "follow_up": self._word("recap_follow_up", _follow_up(state)) if told else "",
            "addressees": self._words("addressee", referred),
            "notified_on": _day(state.notified_on),
        }

    def _activity(self, row: PreventionActivity) -> Facts:
        regency, subdistrict = self._regions(row.region_code or row.office_code)
        return {
            "on": _day(row.on),
            "kind": self._word("prevention_kind", row.kind),
            "item": self._word("prevention_item", row.item or ""),
            "title": clean(row.title).replace("\n", " "),
            "office": self._office(row.office_code),
            "regency": regency,
            "subdistrict": subdistrict,
            "participants": row.participants or None,
            "quantity": row.quantity or None,
            "done": "Terlaksana" if row.done else "Rencana",
        }

    def _word(self, name: str, code: str) -> str:
        vocabulary = self._posko.vocabulary
        return vocabulary.label(name, code) if vocabulary.has(name, code) else ""

    def _words(self, name: str, codes: Sequence[str]) -> str:
        words = (self._word(name, code) for code in dict.fromkeys(codes))
        return ", ".join(word for word in words if word)

    def _regions(self, code: str) -> tuple[str, str]:
        """The names of the kabupaten and the kecamatan that a place lies in, never less."""
        names = ["", ""]
        for at, dots in enumerate((1, 2)):
            part = ".".join(code.split(".")[: dots + 1])
            region = self._posko.regions.get(part) if code.count(".") >= dots else None
            names[at] = region.name if region else ""
        return names[0], names[1]

    def _office(self, code: str) -> str:
        region = self._posko.regions.get(code)
        return f"{_LEVELS.get(code.count('.'), '')} {region.name}".strip() if region else ""


def _registration(state: stages.CaseState) -> str:
    if state.registered_on:
        return "registered"
    return "not_registered" if state.review == "not_registered" or state.closed else "pending"


def _follow_up(state: stages.CaseState) -> str:
    if state.referrals:
        return "referred"
    if state.end == "transferred":
        return "transferred"
    return "dismissed" if state.closed or state.decision == "not_violation" else ""


def _day(day: date | None) -> str:
    return numeric_date(day) if day else ""


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
