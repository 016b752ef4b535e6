"""Letters of advice: the addressees of an activity on its letter, the letter with its activity."""

from __future__ import annotations

from collections.abc import Mapping

from posko_app.app import Posko, use_case
from posko_app.cases.outreach import recipients
from posko_app.cases.prevention import (
    ADVICE,
    NewActivity,
    activities,
    log_activity,
    own_activity,
)
from posko_app.errors import UserError

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
    """Issue a letter of an activity and keep it with the activity. Raises as `issue` does."""
    made = issue(posko, "", template, values={**advice_values(posko, activity_uid), **values})
    link_letter(posko, activity_uid, made.uid)
    return made


@use_case("prevention.write")
def link_letter(posko: Posko, activity_uid: str, letter_uid: str) -> None:
    """Keep an issued letter with an activity. Raises UserError."""
    with posko.write() as session:
        own_activity(posko, session, activity_uid).letter_uid = letter_uid
        posko.note(session, "prevention.letter_linked", activity_uid, letter=letter_uid)


@use_case("letter.issue")
def advise(posko: Posko, values: Mapping[str, Value]) -> tuple[str, IssuedLetter]:
    """Issue a letter of advice and log it as an activity of today; gives both."""
    made = issue(posko, "", TEMPLATE, values=values)
    return log_letter(posko, made, values), made


@use_case("prevention.write")
def log_letter(posko: Posko, made: IssuedLetter, values: Mapping[str, Value]) -> str:
    """Log a letter of advice that was issued as an activity, and return its uid."""
    preset = template_named(TEMPLATE).title
    to = str(values.get("letter.addressee") or "").split("\n")[0]
    uid = log_activity(
        posko,
        NewActivity(
            on=made.dated_on,
            item=ADVICE,
            title=f"{preset} kepada {to}" if to else preset,
            target=to,
            subject=str(values.get("letter.subject") or ""),
        ),
    )
    link_letter(posko, uid, made.uid)
    return uid
