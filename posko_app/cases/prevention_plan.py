"""How much prevention work a month is to see, item by item, and how much of it is done."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import PreventionActivity, PreventionTarget
from posko_app.errors import InvalidInput, Problem
from posko_app.security.uid import new_uid

from .prevention import in_force


@dataclass(frozen=True)
class PlanLine:
    """One item of a month: `planned` is the target, or all activities noted where there is none."""

    item: str
    label: str
    done: int
    planned: int
    target: int


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of a month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


@use_case("prevention.read")
def month_plan(posko: Posko, day: date) -> tuple[PlanLine, ...]:
    """What this office planned and did in the month of `day`, most planned first.

    Activities without an item count under the label of their form.
    """
    first, last = month_of(day)
    own = posko.office.code
    with posko.store.read() as session:
        rows = session.execute(
            select(PreventionActivity.item, PreventionActivity.kind, PreventionActivity.done).where(
                in_force(),
                PreventionActivity.office_code == own,
                PreventionActivity.on >= first,
                PreventionActivity.on <= last,
            )
        ).all()
        targets = _targets(
            session.scalars(
                select(PreventionTarget).where(
                    PreventionTarget.office_code == own, PreventionTarget.month_on == first
                )
            )
        )
    noted: Counter[tuple[str, str]] = Counter()
    done: Counter[tuple[str, str]] = Counter()
    for item, kind, is_done in rows:
        key = (item or "", "" if item else kind)
        noted[key] += 1
        done[key] += bool(is_done)
    keys = {*noted, *((item, "") for item, amount in targets.items() if amount)}
    label = posko.vocabulary.label
    lines = [
        PlanLine(
            item=item,
            label=label("prevention_item", item) if item else label("prevention_kind", kind),
            done=done[item, kind],
            planned=targets.get(item, 0) or noted[item, kind],
            target=targets.get(item, 0),
        )
        for item, kind in keys
    ]
    return tuple(sorted(lines, key=lambda line: (-line.planned, line.label)))


@use_case("prevention.write")
def set_targets(posko: Posko, day: date, amounts: Mapping[str, int]) -> None:
    """Plan how many activities of each item the month of `day` is to see; 0 takes it back.

    Raises InvalidInput for an unknown item or a negative number.
    """
    known = posko.vocabulary.codes("prevention_item")
    problems = [
        Problem(item, "Jumlah rencana adalah angka mulai dari nol.")
        for item, amount in amounts.items()
        if amount < 0 or item not in known
    ]
    if problems:
        raise InvalidInput(problems)
    first, _ = month_of(day)
    with posko.write() as session:
        kept = {
            row.item: row
            for row in session.scalars(
                select(PreventionTarget)
                .where(
                    PreventionTarget.office_code == posko.office.code,
                    PreventionTarget.month_on == first,
                )
                .order_by(PreventionTarget.uid.desc())
            )
        }
        for item, amount in amounts.items():
            row = kept.get(item)
            if row is None and amount:
                session.add(
                    PreventionTarget(
                        uid=new_uid(),
                        office_code=posko.office.code,
                        month_on=first,
                        item=item,
                        amount=amount,
                    )
                )
            elif row is not None and row.amount != amount:
                row.amount = amount
        posko.note(session, "prevention.planned", month=first.isoformat(), items=len(amounts))


def _targets(rows: object) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in sorted(rows, key=lambda r: r.uid, reverse=True):  # type: ignore[call-overload]
        found[row.item] = row.amount  # of two for one item, the first made counts
    return found
