"""What a recipient may have: the offices above everything, the others only what is theirs.

An office above reads the recaps of all; an office below or beside must not see the cases of its
neighbours. A case is an office's own when that office took it in or when it happened in its region.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, true

from posko_app.data.tables import (
    Case,
    CoverageEntry,
    CoveragePlan,
    Letter,
    Pledge,
    PreventionActivity,
    PreventionFile,
    PreventionRecipient,
    PreventionTarget,
    Signatory,
    Sync,
)

LOOSE_OF_OFFICES = (
    PreventionActivity,
    PreventionTarget,
    PreventionRecipient,
    PreventionFile,
    Pledge,
    Signatory,
    Letter,
)
LOOSE_OF_VILLAGES = (CoveragePlan, CoverageEntry)


def is_above(code: str, own: str) -> bool:
    """Whether the office `code` is the office `own` itself or stands over it."""
    return own == code or own.startswith(f"{code}.")


def cases_for(to_code: str, own: str) -> ColumnElement[bool]:
    """Which `sync` rows of cases may go to an office."""
    return true() if is_above(to_code, own) else cases_of(to_code)


def cases_of(code: str) -> ColumnElement[bool]:
    """Which `sync` rows are of cases of an office or one below it."""
    theirs = or_(_under(Case.office_code, code), _under(Case.region_code, code))
    return Sync.case_uid.in_(select(Case.uid).where(theirs))


def loose_for(to_code: str, own: str) -> ColumnElement[bool]:
    """Which `sync` rows that belong to no case may go to an office."""
    return true() if is_above(to_code, own) else loose_of(to_code)


def loose_of(code: str) -> ColumnElement[bool]:
    """Which `sync` rows that belong to no case are of an office or one below it."""
    by_office = (table.office_code for table in LOOSE_OF_OFFICES)
    by_village = (table.village_code for table in LOOSE_OF_VILLAGES)
    return or_(
        *(
            Sync.uid.in_(select(column.class_.uid).where(_under(column, code)))
            for column in (*by_office, *by_village)
        )
    )


def _under(column: object, code: str) -> ColumnElement[bool]:
    """Whether a column of region codes lies in the region `code`."""
    field: ColumnElement[str] = column  # type: ignore[assignment]
    return or_(field == code, field.startswith(f"{code}."))
