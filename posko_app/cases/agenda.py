"""What lies ahead: every running deadline, clarifications, and letters to deliver."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import OfficeInfo, Posko, use_case
from posko_app.data.tables import Account, CaseBoard, Event, Letter
from posko_app.progress import Progress, silent, track
from posko_app.rules.deadlines import Due
from posko_app.text import full_date

from . import board
from .filters import OPEN, of_view, unindexed
from .queries import LINE, in_force

Kind = Literal["deadline", "clarification"]


@dataclass(frozen=True, kw_only=True)
class AgendaItem:
    """One thing on one day. It never names anybody of the case: the sheet hangs on a wall."""

    kind: Kind
    on: date
    time: str = ""  # "09.00" of a clarification
    label: str
    case_uid: str
    case_number: str
    office_code: str = ""  # of the office that took the case in
    place: str = ""
    officer: str = ""  # the name of the officer of the case, as the office writes it
    owner: str = ""  # who keeps the deadline, when it is not this office
    safe_on: date | None = None  # an earlier day, by a reading of the law that is still open
    rule: str = ""


@dataclass(frozen=True)
class ToDeliver:
    """A letter that was issued lately, or a step that ends in one, for the messenger's list."""

    number: str
    title: str
    case_number: str
    on: date
    officer: str = ""


@dataclass(frozen=True, kw_only=True)
class Morning:
    """The sheet of one morning."""

    today: date
    late: tuple[AgendaItem, ...]
    due: tuple[AgendaItem, ...]  # today, by the working or the safe date
    next: tuple[AgendaItem, ...]  # tomorrow and the day after
    clarifications: tuple[AgendaItem, ...]
    letters: tuple[ToDeliver, ...]


AHEAD = 2  # days that the morning sheet looks ahead
LATELY = 1  # days for which an issued letter stays on it


@use_case("case.read")
def agenda(
    posko: Posko, first: date, last: date, *, progress: Progress = silent
) -> tuple[AgendaItem, ...]:
    """Everything between two days (both included), in the order of days and hours.

    A deadline stands on its working date. Raises Cancelled when `progress` does.
    """
    names = _officers(posko)
    found = [
        item
        for item in _deadlines(posko, last, names, progress)
        if first <= item.on <= last or (item.safe_on and first <= item.safe_on <= last)
    ]
    with posko.store.read() as session:
        found += _clarifications(posko, session, first, last, names)
    return tuple(sorted(found, key=_order))


@use_case("case.read")
def morning(posko: Posko, *, progress: Progress = silent) -> Morning:
    """What must be done today, what is late, and what comes next."""
    today = posko.today()
    ahead = today + timedelta(days=AHEAD)
    names = _officers(posko)
    items = sorted(_deadlines(posko, ahead, names, progress), key=_order)
    late = [item for item in items if item.on < today]
    due = [item for item in items if item.on >= today and (item.safe_on or item.on) <= today]
    rest = [i for i in items if i.on >= today and today < (i.safe_on or i.on) <= ahead]
    with posko.store.read() as session:
        heard = sorted(_clarifications(posko, session, today, today, names), key=_order)
        letters = tuple(_letters(posko, session, today, names))
    return Morning(
        today=today,
        late=tuple(late),
        due=tuple(due),
        next=tuple(rest),
        clarifications=tuple(heard),
        letters=letters,
    )


def short_number(number: str, register_number: str) -> str:
    """How a case is called on a wall: its registration number if it has one."""
    return register_number or number or "tanpa nomor"


def _order(item: AgendaItem) -> tuple[date, str, bool, str, str]:
    return item.on, item.time or "~", bool(item.owner), item.case_number, item.rule


def _deadlines(
    posko: Posko, last: date, names: Mapping[str, str], progress: Progress
) -> Iterator[AgendaItem]:
    """All clocks of open cases that end, by some reading, on or before `last`."""
    board.keep_current(posko)
    with posko.store.read() as session:
        # All with a clock: the board orders by this office's own, and another's may end before it.
        rows = session.scalars(
            LINE.where(*of_view(posko, OPEN), CaseBoard.sort_on < board.FAR).order_by(
                CaseBoard.sort_on, CaseBoard.case_uid
            )
        ).all()
        starts = range(0, len(rows), board.CHUNK)
        for start in track(starts, len(starts), progress, "Mengumpulkan batas waktu"):
            chunk = rows[start : start + board.CHUNK]
            for row, dues in _dues(posko, session, chunk):
                for due in dues:
                    if not due.quiet and min(due.safe_on, due.due_on) <= last:
                        yield _item(row, due, names, posko)


def _dues(
    posko: Posko, session: Session, rows: Sequence[CaseBoard]
) -> Iterator[tuple[CaseBoard, tuple[Due, ...]]]:
    events: dict[str, list[Event]] = defaultdict(list)
    uids = [row.case_uid for row in rows]
    for event in session.scalars(select(Event).where(Event.case_uid.in_(uids))):
        events[event.case_uid].append(event)
    for row in rows:
        law = posko.rules.get(row.regulation, row.filed_on)
        known = [board.to_event(e) for e in events[row.case_uid]]
        yield row, board.state_and_dues(posko, known, law)[1]


def _item(row: CaseBoard, due: Due, names: Mapping[str, str], posko: Posko) -> AgendaItem:
    return AgendaItem(
        kind="deadline",
        on=due.due_on,
        label=due.label,
        case_uid=row.case_uid,
        case_number=short_number(row.number, row.register_number),
        office_code=row.office_code,
        officer=_officer(row, names, posko),
        owner=due.owner,
        safe_on=due.safe_on if due.safe_on < due.due_on else None,
        rule=due.rule,
    )


def _officers(posko: Posko) -> dict[str, str]:
    with posko.store.read() as session:
        return dict(session.execute(select(Account.login, Account.name)).all())


def _officer(row: CaseBoard, names: Mapping[str, str], posko: Posko) -> str:
    # Log-in names are an office's own: another office's rina is somebody else.
    return names.get(row.officer, "") if row.office_code == posko.office.code else ""


@dataclass(frozen=True)
class Meeting:
    """A clarification as it was invited for."""

    on: date
    time: str
    whom: str
    place: str
    case: CaseBoard


def meetings(
    posko: Posko, session: Session, first: date, last: date, *, most: int | None = None
) -> list[Meeting]:
    """Invitations of open cases for days between two, in order; at most of `most` cases."""
    wanted = CaseBoard.meets.contains(first.isoformat()) if first == last else CaseBoard.meets != ""
    rows = LINE.where(*of_view(posko, OPEN), wanted).order_by(CaseBoard.sort_on, CaseBoard.id)
    cases = {row.case_uid: row for row in session.scalars(rows.limit(most))}
    found = []
    uids = list(cases)
    for start in range(0, len(uids), board.CHUNK):
        chunk = uids[start : start + board.CHUNK]
        invited = select(Event.case_uid, Event.data).where(
            Event.case_uid.in_(chunk), unindexed(Event.kind) == "invited", in_force()
        )
        for uid, text in session.execute(invited):
            data = json.loads(text or "{}")
            try:
                on = date.fromisoformat(data.get("for_on", ""))
            except ValueError:
                continue  # the day of the clarification was not written down
            if first <= on <= last:
                clock = (data.get("for_time") or data.get("meeting_time", "")).replace(":", ".")
                found.append(
                    Meeting(on, clock, data.get("whom", ""), data.get("place", ""), cases[uid])
                )
    return sorted(found, key=lambda m: (m.on, m.time, m.case.sort_on, m.case.case_uid))


def _clarifications(
    posko: Posko, session: Session, first: date, last: date, names: Mapping[str, str]
) -> Iterator[AgendaItem]:
    """The meetings without anybody's name; several people may be invited to one hour."""
    seen = set()
    for meeting in meetings(posko, session, first, last):
        row = meeting.case
        if (row.case_uid, meeting.on, meeting.time) in seen:
            continue
        seen.add((row.case_uid, meeting.on, meeting.time))
        yield AgendaItem(
            kind="clarification",
            on=meeting.on,
            time=meeting.time,
            label="Klarifikasi",
            case_uid=row.case_uid,
            case_number=short_number(row.number, row.register_number),
            office_code=row.office_code,
            place=meeting.place,
            officer=_officer(row, names, posko),
        )


def _letters(
    posko: Posko, session: Session, today: date, names: Mapping[str, str]
) -> Iterator[ToDeliver]:
    """Letters of yesterday and today; the addressee may be a reporter and is left out."""
    rows = session.execute(
        select(Letter, CaseBoard.number, CaseBoard.register_number)
        .join(CaseBoard, CaseBoard.case_uid == Letter.case_uid, isouter=True)
        .where(
            Letter.office_code == posko.office.code,
            Letter.dated_on >= today - timedelta(days=LATELY),
            Letter.dated_on <= today,
        )
        .order_by(Letter.dated_on, Letter.issued_at, Letter.uid)
    ).all()
    for letter, number, register_number in rows:
        case_number = short_number(number, register_number) if letter.case_uid else ""
        yield ToDeliver(
            letter.number,
            letter.title,
            case_number,
            letter.dated_on,
            names.get(letter.issued_by, letter.issued_by),
        )


def whatsapp_text(seen: Morning, office: OfficeInfo) -> str:
    """The morning as a message: case numbers and deadlines, nobody's name."""
    practice = "LATIHAN · " if office.practice else ""
    lines = [f"*{practice}{office.name}*", f"*Hari ini, {full_date(seen.today)}*"]
    for title, items in (
        ("LEWAT BATAS", seen.late),
        ("Batas hari ini", seen.due),
        ("Klarifikasi hari ini", seen.clarifications),
        ("Dua hari berikutnya", seen.next),
    ):
        if items:
            lines += ["", f"*{title}* ({len(items)})"]
            lines += [f"- {_line(item)}" for item in items]
    if seen.letters:
        lines += ["", f"*Surat untuk diantar* ({len(seen.letters)})"]
        lines += [f"- {' · '.join(filter(None, (x.number, x.title)))}" for x in seen.letters]
    if len(lines) == 2:
        lines += ["", "Tidak ada batas waktu, klarifikasi, atau surat."]
    return "\n".join(lines)


def _line(item: AgendaItem) -> str:
    parts = [item.time] if item.time else []
    parts += [item.case_number, item.label]
    if item.owner:
        parts.append(f"menunggu {item.owner}")
    return " · ".join(parts)
