"""What was noted about villages, added up by village and item."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from posko_app.data.tables import CoverageEntry, CoveragePlan, PreventionFile

Key = tuple[str, str]  # village, item
AT_ONCE = 400  # villages in one question to the database


def _in(column: object, region: str) -> ColumnElement[bool]:
    field_: ColumnElement[str] = column  # type: ignore[assignment]
    return or_(field_ == region, field_.startswith(f"{region}."))


def plans_in(session: Session, region: str) -> dict[Key, int]:
    """Plans by village and item; offices that planned the same village add up."""
    rows = session.execute(
        select(CoveragePlan.village_code, CoveragePlan.item, func.sum(CoveragePlan.quantity))
        .where(_in(CoveragePlan.village_code, region))
        .group_by(CoveragePlan.village_code, CoveragePlan.item)
    )
    return {(code, item): int(count) for code, item, count in rows if count}


def plan_rows(session: Session, office: str, codes: Collection[str]) -> dict[Key, CoveragePlan]:
    """The plans that one office itself made in some villages, to be read or changed."""
    wanted = sorted(codes)
    found: dict[Key, CoveragePlan] = {}
    for start in range(0, len(wanted), AT_ONCE):
        for row in session.scalars(
            select(CoveragePlan).where(
                CoveragePlan.office_code == office,
                CoveragePlan.village_code.in_(wanted[start : start + AT_ONCE]),
            )
        ):
            found[row.village_code, row.item] = row
    return found


def pieces_in(session: Session, region: str) -> tuple[dict[Key, dict[str, int]], dict[Key, date]]:
    """Pieces by village, item and action, and the day of the latest note."""
    rows = session.execute(
        select(
            CoverageEntry.village_code,
            CoverageEntry.item,
            CoverageEntry.action,
            func.sum(CoverageEntry.quantity),
            func.max(CoverageEntry.on),
        )
        .where(_in(CoverageEntry.village_code, region), CoverageEntry.voided.is_(False))
        .group_by(CoverageEntry.village_code, CoverageEntry.item, CoverageEntry.action)
    )
    found: dict[Key, dict[str, int]] = {}
    last: dict[Key, date] = {}
    for code, item, action, count, on in rows:
        key = (code, item)
        found.setdefault(key, {})[action] = int(count)
        last[key] = max(last.get(key, on), on)
    return found, last


def notes_in(session: Session, region: str) -> set[tuple[str, str, str, int, date]]:
    """Every note as village, item, action, pieces and day."""
    rows = session.execute(
        select(
            CoverageEntry.village_code,
            CoverageEntry.item,
            CoverageEntry.action,
            CoverageEntry.quantity,
            CoverageEntry.on,
        ).where(_in(CoverageEntry.village_code, region), CoverageEntry.voided.is_(False))
    )
    return {(code, item, action, count, on) for code, item, action, count, on in rows}


def photos_in(session: Session, region: str) -> dict[Key, int]:
    """Photos by village and item; those of a village itself stand under no item."""
    found: dict[Key, int] = {}
    of_entries = (
        select(CoverageEntry.village_code, CoverageEntry.item, func.count())
        .join(PreventionFile, PreventionFile.of_uid == CoverageEntry.uid)
        .where(
            _in(CoverageEntry.village_code, region),
            CoverageEntry.voided.is_(False),
            PreventionFile.voided.is_(False),
        )
        .group_by(CoverageEntry.village_code, CoverageEntry.item)
    )
    for code, item, count in session.execute(of_entries):
        found[code, item] = count
    of_villages = (
        select(PreventionFile.of_uid, func.count())
        .where(_in(PreventionFile.of_uid, region), PreventionFile.voided.is_(False))
        .group_by(PreventionFile.of_uid)
    )
    for code, count in session.execute(of_villages):
        found[code, ""] = count
    return found
