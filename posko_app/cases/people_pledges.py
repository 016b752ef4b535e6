"""The pledges of neutrality that reported persons signed, looked for in this office's rosters."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Pledge, PledgeLink, PreventionActivity, ReportedParty
from posko_app.data.tables import Signatory as SignatoryLine

from .find import case_uid_of
from .people_likely import nip_value
from .pledge_links import PledgeMatch, Signatory, bare_name, pledges_of
from .pledge_rows import PRESENT
from .prevention import in_force


@use_case("case.read")
def signatures_in(posko: Posko, case: str) -> tuple[PledgeMatch, ...]:
    """The signatures of a case's reported persons (uid or number), what is certain first.

    A namesake without a number is only asked about: see `pledge_links.decide_link`.
    """
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        parties = session.execute(
            select(ReportedParty.name, ReportedParty.nip).where(ReportedParty.case_uid == uid)
        ).all()
        decided = session.scalars(
            select(PledgeLink.signatory_uid).where(PledgeLink.case_uid == uid)
        )
        signed = signatures_of(session, [(name, nip) for name, nip in parties], set(decided))
    return pledges_of(posko, uid, signed) if signed else ()


def signatures_of(
    session: Session, people: Iterable[tuple[str, str]], uids: Collection[str] = ()
) -> tuple[Signatory, ...]:
    """Who of all rosters signed and may bear a name or a NIP of these people, the latest first.

    Names are compared in part only: `pledge_links.match` judges. `uids` are lines wanted anyway.
    """
    line = SignatoryLine
    wanted: list[ColumnElement[bool]] = [line.uid.in_(uids)] if uids else []
    for name, nip in people:
        if number := nip_value(nip):
            wanted.append(line.nip == number)
        if words := bare_name(name).split():
            # The longest word narrows the roster down; the whole name is compared afterwards.
            longest = max(words, key=len)
            wanted.append(_plain_name().contains(longest, autoescape=True))
            wanted.append(_has_more_than_plain_letters())
    if not wanted:
        return ()
    rows = session.execute(
        select(line, PreventionActivity.title, PreventionActivity.on)
        .join(Pledge, Pledge.uid == line.pledge_uid)
        .join(PreventionActivity, PreventionActivity.uid == Pledge.activity_uid)
        .where(
            or_(*wanted),
            or_(line.attendance == PRESENT, line.self_pledge_on.is_not(None)),
            line.voided.is_(False),
            line.name != "",
            in_force(),
        )
        .order_by(PreventionActivity.on.desc(), line.position, line.uid)
    )
    return tuple(
        Signatory(
            uid=row.uid,
            name=row.name,
            nip=row.nip,
            office=", ".join(part for part in (row.position_title, row.agency) if part),
            pledge=title,
            signed_on=row.self_pledge_on if row.attendance != PRESENT else on,
        )
        for row, title, on in rows
    )


def _has_more_than_plain_letters() -> ColumnElement[bool]:
    """Names that the database cannot fold by itself: some letter takes more than one byte."""
    name = SignatoryLine.name
    return func.octet_length(name) != func.length(name)


def _plain_name() -> ColumnElement[str]:
    """A name in small letters without apostrophes, as `text.fold` joins what they part."""
    bare = func.replace(func.lower(SignatoryLine.name), "'", "")
    return func.replace(bare, "`", "")
