"""Letters of advice: the addressees of an activity on its letter, the letter with its activity."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases.outreach import recipients
from posko_app.cases.prevention import (
    ADVICE,
    NewActivity,
    activities,
    add_activity,
    own_activity,
)
from posko_app.data.tables import Letter, PreventionActivity
from posko_app.errors import UserError
from posko_app.security import permissions

from .catalogue import Value
from .issue import IssuedLetter, issue
from .template import template_named

TEMPLATE = "imbauan"
FEW = 5  # addressees that stand on the letter itself; more are listed below it


@use_case("letter.draft")
def advice_values(posko: Posko, activity_uid: str) -> dict[str, Value]:
    """What a letter of advice holds of its activity: subject and addressees."""
    known = activities(posko, uid=activity_uid)
    if not known:
        raise UserError("Kegiatan ini tidak ada. Belum ada surat yang dibuat.", "no_such_activity")
    activity, who = known[0], recipients(posko, activity_uid)
    values: dict[str, Value] = {}
    if activity.subject:
        values["letter.subject"] = activity.subject
    if len(who) > FEW:
        values["letter.addressee"] = f"{activity.target or 'Para penerima'} (daftar terlampir)"
        values["letter.attachment"] = "Daftar penerima"
        values["recipients"] = tuple(
            {"no": str(n), "name": one.name, "agency": one.agency} for n, one in enumerate(who, 1)
        )
    elif who:
        values["letter.addressee"] = "\n".join(
            f"{n}. {one.name}" if len(who) > 1 else one.name for n, one in enumerate(who, 1)
        )
    elif activity.target:
        values["letter.addressee"] = activity.target
    return values


@use_case("letter.issue")
def issue_advice(
    posko: Posko, activity_uid: str, values: Mapping[str, Value], *, template: str = TEMPLATE
) -> IssuedLetter:
    """Issue a letter of an activity and keep it with the activity, both or neither.

    Raises as `issue` does, and UserError for an activity that is not this office's.
    """
    permissions.require(posko.user.role, "prevention.write")

    def recorded(session: Session, letter: Letter) -> None:
        _link(posko, session, own_activity(posko, session, activity_uid), letter)

    given = {**advice_values(posko, activity_uid), **values}
    return issue(posko, "", template, values=given, recorded=recorded)


@use_case("letter.issue")
def advise(posko: Posko, values: Mapping[str, Value]) -> IssuedLetter:
    """Issue a letter of advice and log it as an activity of today, both or neither."""
    permissions.require(posko.user.role, "prevention.write")
    preset = template_named(TEMPLATE).title
    to = str(values.get("letter.addressee") or "").split("\n")[0]

    def recorded(session: Session, letter: Letter) -> None:
        new = NewActivity(
            on=letter.dated_on,
            item=ADVICE,
            title=f"{preset} kepada {to}" if to else preset,
            target=to,
            subject=str(values.get("letter.subject") or ""),
        )
        _link(posko, session, add_activity(posko, session, new), letter)

    return issue(posko, "", TEMPLATE, values=values, recorded=recorded)


def _link(posko: Posko, session: Session, row: PreventionActivity, letter: Letter) -> None:
    row.letter_uid = letter.uid
    posko.note(session, "prevention.letter_linked", row.uid, letter=letter.uid)
