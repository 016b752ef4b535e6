"""Beranda: the figures and deadlines an officer sees first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from posko_app.app import Posko, use_case
from posko_app.data.tables import CaseBoard, Event
from posko_app.security import permissions

from .board import FAR
from .drafts import DraftRow, drafts
from .queries import CaseFilter, DueItem, count_cases, due_items, in_force, view_counts


@dataclass(frozen=True)
class Agenda:
    """A clarification planned for today."""

    time: str
    text: str
    place: str
    case_uid: str


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """Everything on Beranda, read in one go."""

    today: date
    active: int
    early: int  # before registration
    handled: int  # after it
    week: int  # filed in the last seven days
    week_before: int
    waiting: int
    waiting_today: int
    referred_month: int
    days_to_vote: int | None
    dues: tuple[DueItem, ...]
    due_total: int
    drafts: tuple[DraftRow, ...]
    agenda: tuple[Agenda, ...]
    counts: dict[str, int]


EARLY = ("received", "initial_review", "completion", "registration")


@use_case("case.read")
def dashboard(posko: Posko, *, limit: int = 60) -> Dashboard:
    """The figures of today."""
    today = posko.today()
    week = today - timedelta(days=6)
    counts = view_counts(posko)
    with posko.store.read() as session:
        still = CaseBoard.view != "closed"
        early = session.scalar(select(func.count()).where(still, CaseBoard.stage.in_(EARLY)))
        waiting_today = session.scalar(
            select(func.count()).where(CaseBoard.view == "waiting", CaseBoard.sort_on <= today)
        )
        referred = session.scalar(
            select(func.count(func.distinct(Event.case_uid))).where(
                Event.kind == "referred",
                Event.on >= today.replace(day=1),
                Event.on <= today,
                in_force(),
            )
        )
        due_total = session.scalar(select(func.count()).where(still, CaseBoard.sort_on < FAR))
    return Dashboard(
        today=today,
        active=counts["active"],
        early=early or 0,
        handled=counts["active"] - (early or 0),
        week=count_cases(posko, CaseFilter(view="all", filed_from=week, filed_to=today)),
        week_before=count_cases(
            posko,
            CaseFilter(
                view="all",
                filed_from=week - timedelta(days=7),
                filed_to=week - timedelta(days=1),
            ),
        ),
        waiting=counts["waiting"],
        waiting_today=waiting_today or 0,
        referred_month=referred or 0,
        days_to_vote=days_to_vote(posko, today),
        dues=due_items(posko, limit=limit),
        due_total=due_total or 0,
        # An auditor sees Beranda too, but has no drafts and may not ask for them.
        drafts=drafts(posko) if permissions.allowed(posko.user.role, "draft.write") else (),
        agenda=_agenda(posko, today),
        counts=counts,
    )


def days_to_vote(posko: Posko, today: date) -> int | None:
    """Days until voting day by the stage calendar; None when it has passed or is unknown."""
    law = posko.rules.get(posko.office.regulation)
    voting = law.stage_dates.get("voting")
    if voting is None or voting.first is None or voting.first < today:
        return None
    return (voting.first - today).days


def _agenda(posko: Posko, today: date) -> tuple[Agenda, ...]:
    """Invitations whose clarification falls on today."""
    with posko.store.read() as session:
        rows = session.execute(
            select(Event.case_uid, Event.data, CaseBoard.title, CaseBoard.number)
            .join(CaseBoard, CaseBoard.case_uid == Event.case_uid)
            .where(
                Event.kind == "invited",
                Event.on <= today,
                Event.on >= today - timedelta(30),
                in_force(),
            )
        ).all()
    found = []
    for uid, text, title, number in rows:
        data = json.loads(text)
        if data.get("for_on") == today.isoformat():
            seq = number.split("/")[0]
            found.append(
                Agenda(
                    data.get("for_time", ""),
                    f"Klarifikasi {data.get('whom', '')}, perkara {seq or title}".replace(
                        "  ", " "
                    ),
                    data.get("place", ""),
                    uid,
                )
            )
    return tuple(sorted(found, key=lambda a: a.time))
