"""A pledge that was logged as an activity first: its roster is begun afterwards."""

from __future__ import annotations

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import Pledge
from posko_app.security.uid import new_uid

from .prevention import own_activity
from .prevention_words import prevention_words


@use_case("prevention.read")
def pledge_of(posko: Posko, activity_uid: str) -> str:
    """The uid of the pledge that an activity is, "" while it has no roster of its own."""
    with posko.store.read() as session:
        return session.scalar(select(Pledge.uid).where(Pledge.activity_uid == activity_uid)) or ""


@use_case("prevention.write")
def begin_roster(posko: Posko, activity_uid: str) -> str:
    """Give an activity that was logged as a pledge its text and roster; the uid of the pledge.

    One that has them keeps them. Raises UserError when there is no such activity here.
    """
    text = prevention_words().pledge
    with posko.write() as session:
        own_activity(posko, session, activity_uid)
        found = session.scalar(select(Pledge.uid).where(Pledge.activity_uid == activity_uid))
        if found:
            return str(found)
        pledge = Pledge(
            uid=new_uid(),
            activity_uid=activity_uid,
            office_code=posko.office.code,
            starts_at="",
            organiser=text.organiser,
            opening=text.opening,
            points="\n".join(text.points),
            closing=text.closing,
        )
        session.add(pledge)
        posko.note(session, "pledge.planned", pledge.uid)
        return pledge.uid
