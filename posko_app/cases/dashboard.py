"""Beranda: the figures and deadlines an officer sees first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from posko_app.app import Posko, use_case
from posko_app.data.tables import CaseBoard
from posko_app.security import permissions

from .agenda import meetings
from .board import FAR
from .drafts import DraftRow, drafts
from .filters import OPEN, of_view
from .queries import DueItem, count_each, due_items, view_counts
from .waiting import reminders


@dataclass(frozen=True)
class Agenda:
    """A clarification planned for today, or news of a referral to ask for; that has no hour."""

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


MOST_MEETINGS = 60  # cases whose clarifications of one day are listed
EARLY = ("received", "initial_review", "completion", "registration")


@use_case("case.read")
def dashboard(posko: Posko, *, limit: int = 60) -> Dashboard:
    """The figures of today."""
    today = posko.today()
    week = timedelta(weeks=1)
    counts = view_counts(posko)
    with posko.store.read() as session:
        more = count_each(
            session,
            {
                "early": [*of_view(posko, OPEN), CaseBoard.stage.in_(EARLY)],
                "waiting": [CaseBoard.view == "waiting", CaseBoard.sort_on <= today],
                "due": [CaseBoard.sort_on < FAR],
                "week": [CaseBoard.filed_on > today - week, CaseBoard.filed_on <= today],
                "before": [
                    CaseBoard.filed_on > today - 2 * week,
                    CaseBoard.filed_on <= today - week,
                ],
                "referred": [
                    CaseBoard.referred_on >= today.replace(day=1),
                    CaseBoard.referred_on <= today,
                ],
            },
        )
    return Dashboard(
        today=today,
        active=counts["active"],
        early=more["early"],
        handled=counts["active"] - more["early"],
        week=more["week"],
        week_before=more["before"],
        waiting=counts["waiting"],
        waiting_today=more["waiting"],
        referred_month=more["referred"],
        days_to_vote=days_to_vote(posko, today),
        dues=due_items(posko, limit=limit),
        due_total=more["due"],
        # An auditor sees Beranda too, but has no drafts and may not ask for them.
        drafts=drafts(posko) if permissions.allowed(posko.user.role, "draft.write") else (),
        agenda=(*_agenda(posko, today), *_reminders(posko)),
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
        return tuple(
            Agenda(
                m.time,
                f"{_short(m.case.number) or m.case.title}: klarifikasi {m.whom}".rstrip(),
                m.place,
                m.case.case_uid,
            )
            for m in meetings(posko, session, today, today, most=MOST_MEETINGS)
        )


def _short(number: str) -> str:
    return number.partition("/")[0]


def _reminders(posko: Posko) -> tuple[Agenda, ...]:
    """Referrals whose day to ask for news has come."""
    return tuple(
        Agenda(
            "",
            f"{_short(view.case_number)}: tanyakan kabar {view.office}",
            "",
            view.case_uid,
        )
        for view in reminders(posko)
    )
