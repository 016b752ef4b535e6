"""Neutrality pledges: the event and its text, its roster and totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Pledge, PreventionActivity, PreventionFile, Signatory
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.security.uid import new_uid
from posko_app.text import clean, parse_time

from .pledge_rows import (
    Counted,
    GroupTotal,
    MarkRow,
    SignatoryRow,
    line_of,
    mark_of,
    total_of,
    totals_of,
)
from .prevention import in_force, require_own
from .prevention_words import prevention_words
from .roster import RosterRow, post_of

ITEM = "pledge"  # what kind of activity a pledge is
NO_PLEDGE = "Ikrar ini tidak ada atau sudah dibatalkan. Data tidak berubah. Muat ulang daftarnya."


@dataclass(frozen=True, kw_only=True)
class NewPledge:
    """A pledge about to be planned, or its new wording; `starts_at` is a time as typed."""

    on: date
    title: str
    place: str = ""
    region_code: str = ""
    starts_at: str = ""
    organiser: str = ""
    opening: str = ""
    points: tuple[str, ...] = ()
    closing: str = ""
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class PledgeRow:
    """A pledge in a list."""

    uid: str
    activity_uid: str
    office_code: str
    on: date
    title: str
    place: str
    region_code: str
    starts_at: str
    organiser: str
    done: bool
    total: GroupTotal


@dataclass(frozen=True, kw_only=True)
class PledgeView:
    """A pledge with its text, its roster in order, and the totals of each group."""

    row: PledgeRow
    opening: str
    points: tuple[str, ...]
    closing: str
    signatories: tuple[SignatoryRow, ...]
    totals: tuple[GroupTotal, ...]

    @property
    def owing(self) -> tuple[SignatoryRow, ...]:
        """Whose own pledge is still to come."""
        return tuple(one for one in self.signatories if one.owing)


def pledge_defaults(posko: Posko) -> NewPledge:
    """What a new pledge begins with: the four points."""
    text = prevention_words().pledge
    return NewPledge(
        on=posko.today(),
        title=text.title,
        organiser=text.organiser,
        opening=text.opening,
        points=text.points,
        closing=text.closing,
    )


@use_case("prevention.write")
def plan_pledge(posko: Posko, new: NewPledge) -> str:
    """Plan a pledge, which is an activity of prevention too, and return the pledge's uid.

    Raises InvalidInput with every problem.
    """
    _checked(posko, new)
    with posko.write() as session:
        return add_pledge(posko, session, new).uid


def add_pledge(posko: Posko, session: Session, new: NewPledge) -> Pledge:
    """Plan a pledge inside the caller's transaction. Raises InvalidInput."""
    about, text = _checked(posko, new)
    activity = PreventionActivity(
        uid=new_uid(),
        office_code=posko.office.code,
        kind=prevention_words().form_of[ITEM],
        item=ITEM,
        officer=posko.user.name,
        **about,
    )
    pledge = Pledge(uid=new_uid(), activity_uid=activity.uid, office_code=posko.office.code, **text)
    session.add_all([activity, pledge])
    posko.note(session, "pledge.planned", pledge.uid)
    return pledge


@use_case("prevention.write")
def change_pledge(posko: Posko, uid: str, new: NewPledge) -> None:
    """Change date, place or wording of a pledge; whether it took place stays as it is.

    Raises InvalidInput, UserError.
    """
    about, text = _checked(posko, new)
    del about["done"]
    with posko.write() as session:
        pledge, activity = own_pledge(posko, session, uid)
        if activity.done and new.on > posko.today():
            said = "Ikrar ini sudah terlaksana, tanggalnya tidak dapat setelah hari ini."
            raise InvalidInput([Problem("on", said)])
        for row, values in ((activity, about), (pledge, text)):
            for name, value in values.items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
        posko.note(session, "pledge.changed", uid)


@use_case("prevention.write")
def finish_pledge(posko: Posko, uid: str) -> None:
    """Say that the pledge took place, and how many came. Raises InvalidInput before its day."""
    view = pledge_view(posko, uid)
    if view.row.on > posko.today():
        raise InvalidInput([Problem("on", "Tanggal ikrar setelah hari ini.")])
    with posko.write() as session:
        _, activity = own_pledge(posko, session, uid)
        activity.done = True
        activity.participants = view.row.total.present + view.row.total.represented
        posko.note(session, "pledge.finished", uid)


@use_case("prevention.write")
def invite(posko: Posko, uid: str, rows: Sequence[RosterRow]) -> int:
    """Put the usable rows of a roster at the end of the list of a pledge; how many are new.

    Who stands on it already, by NIP or by name and office, is left out.
    """
    with posko.write() as session:
        own_pledge(posko, session, uid)
        return len(add_invited(posko, session, uid, rows))


def add_invited(
    posko: Posko, session: Session, uid: str, rows: Sequence[RosterRow]
) -> list[Signatory]:
    """Do what `invite` does inside the caller's transaction; the new lines."""
    there = session.scalars(_on_roster(uid)).all()
    known = {row.nip for row in there if row.nip} | {_post(row) for row in there}
    last = max((row.position for row in there), default=0)
    fresh: list[Signatory] = []
    for row in rows:
        if row.unusable or row.nip in known or post_of(row) in known:
            continue
        known |= {post_of(row)} | ({row.nip} if row.nip else set())
        fresh.append(_signatory(posko, uid, last + 1 + len(fresh), row))
    session.add_all(fresh)
    posko.note(session, "pledge.invited", uid, count=len(fresh))
    return fresh


@use_case("prevention.read")
def on_roster(posko: Posko, uid: str) -> tuple[set[str], set[str]]:
    """The NIPs and posts (see `roster.post_of`) that stand on the list of a pledge."""
    with posko.store.read() as session:
        rows = session.scalars(_on_roster(uid)).all()
    return {row.nip for row in rows if row.nip}, {_post(row) for row in rows}


@use_case("prevention.read")
def pledges(posko: Posko) -> tuple[PledgeRow, ...]:
    """All pledges, the newest first."""
    with posko.store.read() as session:
        found = session.execute(
            select(Pledge, PreventionActivity)
            .join(PreventionActivity, PreventionActivity.uid == Pledge.activity_uid)
            .where(in_force())
            .order_by(PreventionActivity.on.desc(), Pledge.uid)
        ).all()
        invited: dict[str, list[MarkRow]] = {}
        marks = select(
            Signatory.pledge_uid, Signatory.name, Signatory.attendance, Signatory.self_pledge_on
        ).where(Signatory.voided.is_(False))
        for uid, name, attendance, self_pledge_on in session.execute(marks):
            invited.setdefault(uid, []).append(mark_of(name, attendance, self_pledge_on))
        return tuple(
            _pledge_row(pledge, activity, invited.get(pledge.uid, [])) for pledge, activity in found
        )


@use_case("prevention.read")
def pledge_view(posko: Posko, uid: str) -> PledgeView:
    """One pledge with its roster. Raises UserError when there is none."""
    with posko.store.read() as session:
        pledge, activity = _found(session, uid)
        rows = session.scalars(_on_roster(uid).order_by(Signatory.position, Signatory.uid)).all()
        scans = _scans(session, [row.uid for row in rows])
        lines = tuple(line_of(posko, row, scans.get(row.uid, 0)) for row in rows)
        return PledgeView(
            row=_pledge_row(pledge, activity, lines),
            opening=pledge.opening,
            points=tuple(line for line in pledge.points.split("\n") if line),
            closing=pledge.closing,
            signatories=lines,
            totals=totals_of(posko, lines),
        )


def own_pledge(posko: Posko, session: Session, uid: str) -> tuple[Pledge, PreventionActivity]:
    """A pledge of this office and its activity, to be changed. Raises UserError."""
    pledge, activity = _found(session, uid)
    require_own(posko, pledge.office_code)
    return pledge, activity


def _found(session: Session, uid: str) -> tuple[Pledge, PreventionActivity]:
    found = session.execute(
        select(Pledge, PreventionActivity)
        .join(PreventionActivity, PreventionActivity.uid == Pledge.activity_uid)
        .where(Pledge.uid == uid, in_force())
    ).one_or_none()
    if found is None:
        raise UserError(NO_PLEDGE, "no_such_pledge")
    return found[0], found[1]


def _on_roster(uid: str) -> Select[Signatory]:
    return select(Signatory).where(Signatory.pledge_uid == uid, Signatory.voided.is_(False))


def _checked(posko: Posko, new: NewPledge) -> tuple[dict[str, object], dict[str, str]]:
    """The values of the activity and of the pledge. Raises InvalidInput with every problem."""
    problems = []
    points = [clean(point).replace("\n", " ") for point in new.points]
    points = [point for point in points if point]
    starts_at = ""
    if clean(new.starts_at):
        try:
            starts_at = parse_time(new.starts_at).strftime("%H:%M")
        except ValueError as error:
            problems.append(Problem("starts_at", str(error)))
    if not clean(new.title):
        problems.append(Problem("title", "Isi nama ikrar."))
    if not points:
        problems.append(Problem("points", "Isi paling sedikit satu butir ikrar."))
    if new.done and new.on > posko.today():
        problems.append(Problem("on", "Tanggal ikrar setelah hari ini. Periksa tahunnya."))
    if new.region_code and posko.regions.get(new.region_code) is None:
        problems.append(Problem("region_code", "Wilayah ini tidak dikenal."))
    if problems:
        raise InvalidInput(problems)
    about: dict[str, object] = {
        "on": new.on,
        "title": clean(new.title),
        "place": clean(new.place),
        "region_code": new.region_code,
        "done": new.done,
    }
    text = {
        "starts_at": starts_at,
        "organiser": clean(new.organiser),
        "opening": clean(new.opening),
        "points": "\n".join(points),
        "closing": clean(new.closing),
    }
    return about, text


def _signatory(posko: Posko, uid: str, place: int, row: RosterRow) -> Signatory:
    return Signatory(
        uid=new_uid(),
        pledge_uid=uid,
        office_code=posko.office.code,
        position=place,
        name=row.name,
        nip=row.nip,
        rank=row.rank,
        position_title=row.position_title,
        agency=row.agency,
        group_code=row.group_code or "other",
        note=row.note,
    )


def _post(row: Signatory) -> str:
    return post_of(RosterRow(name=row.name, position_title=row.position_title, agency=row.agency))


def _scans(session: Session, uids: Sequence[str]) -> dict[str, int]:
    query = (
        select(PreventionFile.of_uid, func.count())
        .where(PreventionFile.of_uid.in_(uids), PreventionFile.voided.is_(False))
        .group_by(PreventionFile.of_uid)
    )
    return dict(session.execute(query).all())


def _pledge_row(
    pledge: Pledge, activity: PreventionActivity, lines: Sequence[Counted]
) -> PledgeRow:
    return PledgeRow(
        uid=pledge.uid,
        activity_uid=activity.uid,
        office_code=pledge.office_code,
        on=activity.on,
        title=activity.title,
        place=activity.place,
        region_code=activity.region_code,
        starts_at=pledge.starts_at,
        organiser=pledge.organiser,
        done=activity.done,
        total=total_of(lines),
    )
