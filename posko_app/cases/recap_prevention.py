"""Recap R5: prevention work, pledges and the spread of banners, per region, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import (
    CoverageEntry,
    CoveragePlan,
    Pledge,
    PreventionActivity,
    PreventionFile,
    Signatory,
)

from .pledge_rows import GroupTotal, SignatoryRow, line_of, total_of
from .prevention import in_force
from .prevention_words import prevention_words


@dataclass(frozen=True, kw_only=True)
class FormLine:
    """One form of prevention in one region; `documented` have a file or a letter."""

    region: str
    form: str
    done: int
    planned: int  # noted, not done yet
    participants: int
    pieces: int
    documented: int


@dataclass(frozen=True, kw_only=True)
class PledgeLine:
    """One pledge and what came of it."""

    region: str
    on: date
    title: str
    total: GroupTotal


@dataclass(frozen=True, kw_only=True)
class SpreadLine:
    """One item in one region: pieces, and villages planned, reached and shown by a photo."""

    region: str
    item: str
    planned: int
    done: int
    villages_planned: int
    villages_reached: int
    villages_shown: int


@dataclass(frozen=True)
class PreventionRecap:
    """All rows of R5 of a period."""

    forms: tuple[FormLine, ...] = ()
    pledges: tuple[PledgeLine, ...] = ()
    spread: tuple[SpreadLine, ...] = ()


NO_PREVENTION = PreventionRecap()


def prevention_recap(posko: Posko, session: Session, since: date, until: date) -> PreventionRecap:
    """R5 of activities from `since` to `until`; the spread counts notes of the same days."""
    return PreventionRecap(
        _forms(posko, session, since, until),
        _pledges(posko, session, since, until),
        _spread(posko, session, since, until),
    )


def _region(posko: Posko, code: str) -> str:
    """The region a line counts under: kecamatan for a district, kabupaten for a province."""
    parts = 3 if posko.office.level != "provinsi" else 2
    known = posko.regions.get(".".join(code.split(".")[:parts]))
    return known.name if known else ""


def _forms(posko: Posko, session: Session, since: date, until: date) -> tuple[FormLine, ...]:
    rows = session.scalars(
        select(PreventionActivity).where(
            in_force(), PreventionActivity.on >= since, PreventionActivity.on <= until
        )
    ).all()
    shown = set(
        session.scalars(
            select(PreventionFile.of_uid)
            .join(PreventionActivity, PreventionActivity.uid == PreventionFile.of_uid)
            .where(PreventionFile.voided.is_(False))
        )
    )
    groups: dict[tuple[str, str], list[PreventionActivity]] = {}
    for row in rows:
        groups.setdefault((_region(posko, row.office_code), row.kind), []).append(row)
    order = posko.vocabulary.codes("prevention_kind")
    label = posko.vocabulary.label
    return tuple(
        FormLine(
            region=region,
            form=label("prevention_kind", kind),
            done=sum(row.done for row in group),
            planned=sum(not row.done for row in group),
            participants=sum(row.participants for row in group if row.done),
            pieces=sum(row.quantity for row in group if row.done),
            documented=sum(row.uid in shown or bool(row.letter_uid) for row in group),
        )
        for (region, kind), group in sorted(
            groups.items(),
            key=lambda g: (g[0][0], order.index(g[0][1]) if g[0][1] in order else len(order)),
        )
    )


def _pledges(posko: Posko, session: Session, since: date, until: date) -> tuple[PledgeLine, ...]:
    found = session.execute(
        select(Pledge, PreventionActivity)
        .join(PreventionActivity, PreventionActivity.uid == Pledge.activity_uid)
        .where(in_force(), PreventionActivity.on >= since, PreventionActivity.on <= until)
        .order_by(PreventionActivity.on, Pledge.uid)
    ).all()
    invited: dict[str, list[SignatoryRow]] = {}
    for row in session.scalars(
        select(Signatory).where(
            Signatory.pledge_uid.in_([pledge.uid for pledge, _ in found]),
            Signatory.voided.is_(False),
        )
    ):
        invited.setdefault(row.pledge_uid, []).append(line_of(posko, row, 0))
    return tuple(
        PledgeLine(
            region=_region(posko, pledge.office_code),
            on=activity.on,
            title=activity.title,
            total=total_of(invited.get(pledge.uid, [])),
        )
        for pledge, activity in found
    )


def _spread(posko: Posko, session: Session, since: date, until: date) -> tuple[SpreadLine, ...]:
    done: dict[tuple[str, str], int] = {}
    counts = prevention_words().done
    for code, item, action, quantity in session.execute(
        select(
            CoverageEntry.village_code,
            CoverageEntry.item,
            CoverageEntry.action,
            func.sum(CoverageEntry.quantity),
        )
        .where(
            CoverageEntry.voided.is_(False),
            CoverageEntry.on >= since,
            CoverageEntry.on <= until,
        )
        .group_by(CoverageEntry.village_code, CoverageEntry.item, CoverageEntry.action)
    ):
        if counts.get(item) == action:
            done[code, item] = int(quantity)
    planned = {
        (code, item): int(quantity)
        for code, item, quantity in session.execute(
            select(
                CoveragePlan.village_code, CoveragePlan.item, func.sum(CoveragePlan.quantity)
            ).group_by(CoveragePlan.village_code, CoveragePlan.item)
        )
        if quantity
    }
    shown = _shown(session)
    keys: dict[tuple[str, str], set[str]] = {}
    for code, item in {*done, *planned}:
        keys.setdefault((_region(posko, code), item), set()).add(code)
    order = posko.vocabulary.codes("coverage_item")
    return tuple(
        SpreadLine(
            region=region,
            item=posko.vocabulary.label("coverage_item", item),
            planned=sum(planned.get((code, item), 0) for code in codes),
            done=sum(done.get((code, item), 0) for code in codes),
            villages_planned=sum((code, item) in planned for code in codes),
            villages_reached=sum(done.get((code, item), 0) > 0 for code in codes),
            villages_shown=len(codes & shown),
        )
        for (region, item), codes in sorted(
            keys.items(), key=lambda k: (k[0][0], order.index(k[0][1]) if k[0][1] in order else 99)
        )
    )


def _shown(session: Session) -> set[str]:
    """The villages of which there is a photo, of an entry or of the village itself."""
    of_entries = session.scalars(
        select(CoverageEntry.village_code)
        .join(PreventionFile, PreventionFile.of_uid == CoverageEntry.uid)
        .where(CoverageEntry.voided.is_(False), PreventionFile.voided.is_(False))
    )
    of_villages = session.scalars(
        select(PreventionFile.of_uid).where(PreventionFile.voided.is_(False))
    )
    return {*of_entries, *of_villages}
