"""Which case is meant: by uid, by number, or by the running part of a number."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, CaseBoard
from posko_app.errors import UserError


def case_uid_of(session: Session, case: str) -> str:
    """The uid of a case named by uid, by filing number or by registration number.

    Raises UserError when there is none, or more than one.
    """
    wanted = case.strip()
    if wanted and session.scalar(select(Case.id).where(Case.uid == wanted)):
        return wanted
    # One look-up per index. Without a number are many: no match.
    found: set[str] = set()
    for column in (CaseBoard.number, CaseBoard.register_number) if wanted else ():
        found.update(session.scalars(select(CaseBoard.case_uid).where(column == wanted).limit(2)))
    if wanted and not found:  # the number it bore before it became something else
        found.update(session.scalars(select(Case.uid).where(Case.number == wanted).limit(2)))
    if not found:
        raise UserError(
            f"Perkara {wanted} tidak ditemukan di kantor ini. Periksa nomornya.", "no_case"
        )
    if len(found) > 1:
        raise UserError(
            f"Nomor {wanted} dipakai lebih dari satu perkara. Pakai uid perkaranya.", "number_twice"
        )
    return found.pop()


@use_case("case.read")
def uids_of(posko: Posko, cases: Iterable[str]) -> tuple[str, ...]:
    """The uids of cases named as `case_uid_of` says; UserError for the first that is not found."""
    with posko.store.read() as session:
        return tuple(case_uid_of(session, case) for case in cases)
