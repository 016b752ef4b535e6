"""Which case is meant: by uid, by number, or by the running part of a number."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from posko_app.data.tables import Case, CaseBoard
from posko_app.errors import UserError


def case_uid_of(session: Session, case: str) -> str:
    """The uid of a case named by uid, by filing number or by registration number.

    Raises UserError when there is none, or more than one.
    """
    wanted = case.strip()
    found = session.scalars(
        select(CaseBoard.case_uid)
        .join(Case, Case.uid == CaseBoard.case_uid)
        .where(
            or_(
                CaseBoard.case_uid == wanted,
                CaseBoard.number == wanted,
                CaseBoard.register_number == wanted,
            )
        )
        .limit(2)
    ).all()
    if not found:
        raise UserError(
            f"Perkara {wanted} tidak ditemukan di kantor ini. Periksa nomornya.", "no_case"
        )
    if len(found) > 1:
        raise UserError(
            f"Nomor {wanted} dipakai lebih dari satu perkara. Pakai uid perkaranya.", "number_twice"
        )
    return found[0]
