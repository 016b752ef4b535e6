"""A row that somebody added to a readable sheet, made a record when this office accepts it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.find import case_uid_of
from posko_app.data.base import synced_tables
from posko_app.data.versions import from_value, shape_of
from posko_app.errors import UserError
from posko_app.security.uid import new_uid

from .proposals import HandEdit
from .shown import column_of

_BELONGS_TO_CASE = "case_uid"


def add_row(posko: Posko, session: Session, edit: HandEdit, office: str) -> str:
    """Make the record of an added row and give its uid; it is of `office` unless it says whose.

    Raises UserError when its case is not found or something is missing; nothing is written then.
    """
    typed = dict(edit.cells)
    values: dict[str, Any] = {"uid": new_uid()}
    for name, kind, column in shape_of(edit.table):
        if name in typed:
            values[name] = from_value(kind, typed[name])
        elif name == _BELONGS_TO_CASE:
            number = str(typed.get("case_number") or "")
            if not number:
                raise _missing(edit, "Nomor perkara")
            values[name] = case_uid_of(session, number)
        elif name == "office_code":
            values[name] = office
        elif name in ("added_at", "made_at"):
            values[name] = posko.now()
        elif not column.nullable and column.default is None:
            known = column_of(edit.table, name)
            raise _missing(edit, known.heading if known else name)
    session.add(synced_tables()[edit.table](**values))
    return str(values["uid"])


def _missing(edit: HandEdit, heading: str) -> UserError:
    return UserError(
        f"Baris {edit.row} di lembar {edit.sheet}: isi {heading} dulu. Tidak ada yang diubah. "
        "Lepas centang usulan itu, atau minta pengirim melengkapinya.",
        "row_incomplete",
    )
