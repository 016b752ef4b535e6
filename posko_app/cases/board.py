"""The board: one derived line per case, so that lists of 100,000 cases stay fast.

`refresh` is the one function that writes it; `board_problems` proves it equal to the events.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from posko_app.app import BOARD_MARK, Posko
from posko_app.data.bulk import among, insert_rows
from posko_app.data.search import remember
from posko_app.data.tables import (
    ArchivedCase,
    Case,
    CaseBoard,
    Evidence,
    Letter,
    ReportedParty,
    Setting,
    Sibling,
)
from posko_app.data.tables import Event as EventRow
from posko_app.law import read_law
from posko_app.progress import Progress, silent, track
from posko_app.rules import deadlines, stages
from posko_app.rules.book import Regulation
from posko_app.rules.handover import step_to_offer

from .called import number_now, numbers_of, origin_number
from .people_keys import keep_keys
from .search_text import Found, search_text

FAR = date(9999, 12, 30)  # sorts after every real date: an open case without a running clock
CLOSED = date(9999, 12, 31)  # after those: open cases are one stretch of every list
CHUNK = 500
ENDS_ITSELF = ("not_registered", "withdrawn", "transferred")  # no decision was made, or none counts


def to_event(row: EventRow) -> stages.Event:
    """A stored event as the rules read it."""
    return stages.Event(
        uid=row.uid,
        kind=row.kind,
        on=row.on,
        at=row.at,
        office=row.office_code,
        outcome=row.outcome,
        number=row.number,
        corrects=row.corrects,
        data=json.loads(row.data) if (row.data or "{}") != "{}" else {},  # none: not stored yet
    )


def state_and_dues(
    posko: Posko, events: Sequence[stages.Event], law: Regulation
) -> tuple[stages.CaseState, tuple[deadlines.Due, ...]]:
    """Where a case stands and which of its clocks run, earliest safe date first."""
    state = stages.state_of(events, law)
    dues = deadlines.dues_of(state, law, posko.calendar, posko.zone)
    return state, tuple(sorted(dues, key=deadlines.urgency))


def refresh(posko: Posko, session: Session, case_uids: Iterable[str]) -> None:
    """Rebuild the board lines of these cases inside the caller's transaction."""
    uids = sorted(set(case_uids))
    session.flush()  # the lines are computed from what is written
    _catch_up(posko, session)
    for start in range(0, len(uids), CHUNK):
        chunk = uids[start : start + CHUNK]
        words: set[str] = set()
        wholes = _wholes(posko, session, chunk)
        lines = {whole.case.uid: _line(posko, whole, words) for whole in wholes}
        remember(session, words)
        keep_keys(session, ((whole.case, whole.parties) for whole in wholes))
        archived = [whole.case.uid for whole in wholes if whole.archived]
        handled = [uid for uid in archived if lines[uid]["view"] != "closed"]
        if handled:  # What goes on is in no archive any more; when it ends again somebody decides.
            marks = select(ArchivedCase).where(ArchivedCase.case_uid.in_(handled))
            for mark in session.scalars(marks):
                session.delete(mark)
        _keep_lines(session, lines)
        session.flush()


def _keep_lines(session: Session, lines: Mapping[str, dict[str, Any]]) -> None:
    """Write the lines that are new or differ, each kind in one statement: thousands may come."""
    table: Any = CaseBoard.__table__
    known = {
        row.case_uid: row
        for row in session.execute(select(table).where(among(session, table.c.case_uid, lines)))
    }
    insert_rows(session, table, [line for uid, line in lines.items() if uid not in known])
    changed: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for uid, row in known.items():
        held = row._mapping
        fields = {name: value for name, value in lines[uid].items() if held[name] != value}
        if fields:
            changed.setdefault(tuple(fields), []).append({**fields, "which": uid})
    for names, rows in changed.items():
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        session.execute(
            update(table).where(table.c.case_uid == bindparam("which")).values(values), rows
        )
    for kept in session.identity_map.values() if changed else ():
        if isinstance(kept, CaseBoard):
            session.expire(kept)  # what was read before is not what stands there now


def _catch_up(posko: Posko, session: Session) -> None:
    """Go by the rules that another PC of this office has made hold meanwhile."""
    if posko.lock is not None:  # this process has the office to itself
        return
    kept = session.get(Setting, BOARD_MARK)
    if kept is not None and posko.board_mark and kept.value != posko.board_mark:
        posko.take_law(read_law(session, posko.today()))
        posko.board_mark = kept.value


def keep_current(posko: Posko, progress: Progress = silent) -> None:
    """Rebuild every line when rules, holidays or zone are not those the board was made with.

    Queries that show deadlines call this; a window does so first, in a task, because 100,000 cases
    take a minute or more. Raises UserError when nothing can be written.
    """
    mark = f"{posko.law_mark}/{posko.office.zone}"
    if posko.board_mark == mark:
        return
    with posko.write() as session:
        kept = session.get(Setting, BOARD_MARK)
        if kept is None or kept.value != mark:
            uids = session.scalars(select(Case.uid).order_by(Case.uid)).all()
            starts = range(0, len(uids), CHUNK)
            for start in track(starts, len(starts), progress, "Menghitung ulang batas waktu"):
                refresh(posko, session, uids[start : start + CHUNK])
            session.merge(Setting(key=BOARD_MARK, value=mark))
            if uids:
                posko.note(session, "board.rebuilt", cases=len(uids))
    posko.board_mark = mark


def add_new(
    posko: Posko,
    session: Session,
    case: Case,
    events: Sequence[EventRow],
    parties: Sequence[ReportedParty],
    rows: Iterable[Any] = (),
) -> None:
    """Add the board line of a case whose rows have just been made; `rows` may hold its evidence."""
    evidence = [row for row in rows if isinstance(row, Evidence)]
    whole = _Whole(case, events, parties, evidence)
    words: set[str] = set()
    session.add(CaseBoard(**_line(posko, whole, words)))
    remember(session, words)
    keep_keys(session, [(case, parties)])


@dataclass
class _Whole:
    """A case and its children, as rows or objects, from which its line is made."""

    case: Any
    events: Sequence[Any] = ()
    parties: Sequence[Any] = ()
    evidence: Sequence[Any] = ()
    letters: Sequence[Any] = ()
    conflicts: int = 0
    archived: bool = False

    def found(self, posko: Posko, register_number: str = "") -> Found:
        """What the case is found by."""
        region = posko.regions.get(self.case.region_code) if self.case.region_code else None
        return Found(
            self.case,
            register_number,
            region.name if region else "",
            self.parties,
            self.letters,
            self.evidence,
        )


def board_lines(posko: Posko, session: Session, uids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the board should say of these cases, computed from their records."""
    wholes = _wholes(posko, session, uids)
    return {whole.case.uid: _line(posko, whole, set()) for whole in wholes}


_READ: dict[type[Any], str] = {
    Case: "uid number office_code regulation filed_on received_at region_code officer title theme "
    "narrative event_place event_on void_reason",
    EventRow: "uid kind on at office_code outcome number corrects data made_at",
    ReportedParty: "name nip position_title agency",
    Evidence: "file_name",
    Letter: "number title addressee",
}
"""What a line is made of; the rest of a row, long texts above all, is not even read."""


def _wholes(posko: Posko, session: Session, uids: Sequence[str]) -> list[_Whole]:
    """Cases with what their lines are made of, as plain rows: an import brings thousands."""
    held = Case.__table__.c
    query = select(*(held[name] for name in _READ[Case].split()))
    cases = session.execute(query.where(among(session, held.uid, uids))).all()
    events = _children(session, EventRow, uids)
    parties = _children(session, ReportedParty, uids, "position", "uid")
    evidence = _children(session, Evidence, uids, "position", "uid")
    letters = _children(session, Letter, uids, "uid")
    conflicts = _conflicts(session, uids)
    marks = select(ArchivedCase.case_uid).where(among(session, ArchivedCase.case_uid, uids))
    away = set(session.scalars(marks))
    return [
        _Whole(
            case,
            events.get(case.uid, ()),
            parties.get(case.uid, ()),
            evidence.get(case.uid, ()),
            letters.get(case.uid, ()),
            conflicts=conflicts.get(case.uid, 0),
            archived=case.uid in away,
        )
        for case in cases
    ]


def _children(
    session: Session, table: type[Any], uids: Sequence[str], *order: str
) -> dict[str, list[Any]]:
    """The rows of a table by the case they belong to."""
    held = table.__table__.c
    query = select(held.case_uid, *(held[name] for name in _READ[table].split()))
    query = query.where(among(session, held.case_uid, uids))
    found: dict[str, list[Any]] = {}
    for row in session.execute(query.order_by(*(held[name] for name in order))):
        found.setdefault(row[0], []).append(row)
    return found


def _conflicts(session: Session, uids: Sequence[str]) -> Counter[str]:
    """By case, how many fields hold differing values; equal ones need no decision."""
    values: dict[tuple[str, str, str], set[str]] = {}
    for row in session.execute(
        select(Sibling.case_uid, Sibling.uid, Sibling.field, Sibling.sibling).where(
            among(session, Sibling.case_uid, uids)
        )
    ):
        held = values.setdefault((row.case_uid, row.uid, row.field), set())
        held.add(json.dumps(json.loads(row.sibling)["m"][0]))
    return Counter(case_uid for (case_uid, _, _), held in values.items() if len(held) > 1)


def _line(posko: Posko, whole: _Whole, words: set[str]) -> dict[str, Any]:
    """The line of a case; the words it may be found by in another spelling go to `words`."""
    case, rows = whole.case, whole.events
    law = posko.rules.get(case.regulation, case.filed_on)
    state, steps = stages.brief_state_of([to_event(r) for r in rows], law)
    closed = state.closed or bool(case.void_reason)
    due = None if closed else deadlines.first_date(state, law, posko.calendar, posko.zone)
    sought, known = search_text(whole.found(posko, _later_numbers(state)))
    words |= known
    asking = () if case.void_reason else state.referrals
    asked = min((r for r in asking if r.waits), key=_since, default=None)
    return {
        "case_uid": case.uid,
        "office_code": case.office_code,
        "kind": state.intake_kind,
        "regulation": case.regulation,
        "number": number_now(case.number, state.events),
        "register_number": state.register_number,
        "title": case.title,
        "theme": case.theme,
        "party": _party_words(whole.parties),
        "region_code": case.region_code,
        "officer": case.officer,
        "filed_on": case.filed_on,
        "stage": state.stage,
        "stage_label": state.label,
        "next_step": step_to_offer(state, posko.office.code, steps),
        "view": "closed" if closed else "waiting" if state.stage == "completion" else "active",
        "due_rule": due.rule if due else "",
        "due_on": due.due_on if due else None,
        "safe_on": due.safe_on if due else None,
        "sort_on": due.safe_on if due else CLOSED if closed else FAR,
        "conflicts": whole.conflicts,
        "last_at": max((r.made_at for r in rows), default=case.received_at),
        "search_text": sought,
        "archived": whole.archived and closed,
        "ended": _ended(state) if state.closed else "",
        "waiting_for": asked.addressee if asked else "",
        "waiting_since": asked.on if asked else None,
        "referred_on": max((r.on for r in state.referrals), default=None),
        "meets": "" if closed else _meets(state),
        "origin_number": origin_number(case.number, state.events),
    }


def _later_numbers(state: stages.CaseState) -> str:
    """The numbers given after the first one; it is found by each of them."""
    return " ".join(filter(None, (state.register_number, *numbers_of(state.events))))


def _since(referral: Any) -> date:
    """When the longest unanswered referral was made."""
    made: date = referral.on
    return made


def _meets(state: stages.CaseState) -> str:
    """The days for which anybody was invited, as ISO dates."""
    days = {e.data.get("for_on", "") for e in state.events if e.kind == "invited"}
    return " ".join(sorted(days - {""}))


def _ended(state: stages.CaseState) -> str:
    """How a closed case ended, as a code of outcome: what was decided, else what stopped it."""
    if state.end in ENDS_ITSELF:
        return state.end
    return state.decision or state.review or state.end


def _party_words(parties: Sequence[ReportedParty]) -> str:
    if not parties:
        return ""
    more = len(parties) - 1
    return f"{parties[0].name} +{more}" if more else parties[0].name


def board_problems(posko: Posko, session: Session) -> list[str]:
    """Cases whose board line differs from what their records say, as sentences."""
    keep_current(posko)  # a new holiday is no fault of the board
    problems = []
    uids = session.scalars(select(Case.uid).order_by(Case.uid)).all()
    for start in range(0, len(uids), CHUNK):
        chunk = uids[start : start + CHUNK]
        present = {
            row.case_uid: row
            for row in session.scalars(select(CaseBoard).where(CaseBoard.case_uid.in_(chunk)))
        }
        for uid, line in board_lines(posko, session, chunk).items():
            row = present.get(uid)
            wrong = [k for k, v in line.items() if row is None or getattr(row, k) != v]
            if wrong:
                problems.append(f"Daftar perkara {uid} tidak cocok: {', '.join(wrong)}.")
    return problems
