"""The board: one derived line per case, so that lists of 100,000 cases stay fast.

`refresh` is the one function that writes it; `board_problems` proves it equal to the events.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from posko_app.app import BOARD_MARK, Posko
from posko_app.data.tables import Case, CaseBoard, ReportedParty, Setting, Sibling
from posko_app.data.tables import Event as EventRow
from posko_app.progress import Progress, silent, track
from posko_app.rules import deadlines, stages
from posko_app.rules.book import Regulation
from posko_app.text import fold

FAR = date(9999, 12, 31)  # sorts after every real date
CHUNK = 500


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
        data=json.loads(row.data or "{}"),
    )


def state_and_dues(
    posko: Posko, events: Sequence[stages.Event], law: Regulation
) -> tuple[stages.CaseState, tuple[deadlines.Due, ...]]:
    """Where a case stands and which of its clocks run, earliest safe date first."""
    state = stages.state_of(events, law)
    dues = deadlines.dues_of(state, law, posko.calendar, posko.zone)
    return state, tuple(sorted(dues, key=_urgency))


def _urgency(due: deadlines.Due) -> tuple[bool, date, date, str]:
    """This office's own clocks before those of others, then by safe date."""
    return bool(due.owner), due.safe_on, due.due_on, due.rule


def refresh(posko: Posko, session: Session, case_uids: Iterable[str]) -> None:
    """Rebuild the board lines of these cases inside the caller's transaction."""
    uids = sorted(set(case_uids))
    session.flush()  # the lines are computed from what is written
    for start in range(0, len(uids), CHUNK):
        chunk = uids[start : start + CHUNK]
        lines = board_lines(posko, session, chunk)
        present = {
            row.case_uid: row
            for row in session.scalars(select(CaseBoard).where(CaseBoard.case_uid.in_(chunk)))
        }
        fresh = [line for uid, line in lines.items() if uid not in present]
        if fresh:  # one statement for all of them: an import brings thousands
            session.execute(insert(CaseBoard.__table__), fresh)  # type: ignore[arg-type]
        for uid, row in present.items():
            for name, value in lines[uid].items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
        session.flush()


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
) -> None:
    """Add the board line of a case whose rows have just been made."""
    session.add(CaseBoard(**_line(posko, case, events, parties, {})))


def board_lines(posko: Posko, session: Session, uids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the board should say of these cases, computed from their records."""
    # plain rows, not objects: an import brings thousands of cases
    cases = session.execute(select(Case.__table__).where(Case.uid.in_(uids))).all()
    events: dict[str, list[Any]] = {}
    for event in session.execute(select(EventRow.__table__).where(EventRow.case_uid.in_(uids))):
        events.setdefault(event.case_uid, []).append(event)
    parties: dict[str, list[Any]] = {}
    for party in session.execute(
        select(ReportedParty.__table__)
        .where(ReportedParty.case_uid.in_(uids))
        .order_by(ReportedParty.position, ReportedParty.uid)
    ):
        parties.setdefault(party.case_uid, []).append(party)
    conflicts = _conflicts(session, uids)
    return {
        case.uid: _line(posko, case, events.get(case.uid, []), parties.get(case.uid, []), conflicts)
        for case in cases
    }


def _conflicts(session: Session, uids: Sequence[str]) -> Counter[str]:
    """By case, how many fields hold differing values; equal ones need no decision."""
    values: dict[tuple[str, str, str], set[str]] = {}
    for row in session.execute(
        select(Sibling.case_uid, Sibling.uid, Sibling.field, Sibling.sibling).where(
            Sibling.case_uid.in_(uids)
        )
    ):
        held = values.setdefault((row.case_uid, row.uid, row.field), set())
        held.add(json.dumps(json.loads(row.sibling)["m"][0]))
    return Counter(case_uid for (case_uid, _, _), held in values.items() if len(held) > 1)


def _line(
    posko: Posko,
    case: Any,
    rows: Sequence[Any],
    parties: Sequence[Any],
    conflicts: Mapping[str, int],
) -> dict[str, Any]:
    law = posko.rules.get(case.regulation)
    state, dues = state_and_dues(posko, [to_event(r) for r in rows], law)
    due = dues[0] if dues else None
    closed = state.closed or bool(case.void_reason)
    return {
        "case_uid": case.uid,
        "office_code": case.office_code,
        "kind": state.intake_kind,
        "regulation": case.regulation,
        "number": case.number,
        "register_number": state.register_number,
        "title": case.title,
        "theme": case.theme,
        "party": _party_words(parties),
        "region_code": case.region_code,
        "officer": case.officer,
        "filed_on": case.filed_on,
        "stage": state.stage,
        "stage_label": state.label,
        "next_step": state.next_steps[0].kind if state.next_steps else "",
        "view": "closed" if closed else "waiting" if state.stage == "completion" else "active",
        "due_rule": due.rule if due and not closed else "",
        "due_on": due.due_on if due and not closed else None,
        "safe_on": due.safe_on if due and not closed else None,
        "sort_on": due.safe_on if due and not closed else FAR,
        "conflicts": conflicts.get(case.uid, 0),
        "last_at": max((r.made_at for r in rows), default=case.received_at),
        "search_text": _search_text(posko, case, state.register_number, parties),
    }


def _party_words(parties: Sequence[ReportedParty]) -> str:
    if not parties:
        return ""
    more = len(parties) - 1
    return f"{parties[0].name} +{more}" if more else parties[0].name


def _search_text(
    posko: Posko, case: Case, register_number: str, parties: Sequence[ReportedParty]
) -> str:
    """Everything lists search in, folded; never the identity of reporter or witness."""
    region = posko.regions.get(case.region_code) if case.region_code else None
    words = [
        case.number,
        register_number,
        case.title,
        case.event_place,
        region.name if region else "",
        case.narrative,
    ]
    for party in parties:
        words += [party.name, party.nip, party.position_title, party.agency]
    return fold(" ".join(w for w in words if w))


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
