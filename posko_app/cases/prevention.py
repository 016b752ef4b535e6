"""Prevention work: what was planned and done so that no violation happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import PreventionActivity
from posko_app.errors import InvalidInput, Problem
from posko_app.security.uid import new_uid
from posko_app.text import clean


@dataclass(frozen=True, kw_only=True)
class NewActivity:
    """An activity about to be logged; `quantity` counts banners or brochures."""

    kind: str
    on: date
    title: str
    place: str = ""
    region_code: str = ""
    target: str = ""
    participants: int = 0
    quantity: int = 0
    description: str = ""
    done: bool = True


@dataclass(frozen=True)
class ActivityRow:
    """A logged activity."""

    uid: str
    office_code: str
    kind: str
    kind_label: str
    on: date
    title: str
    place: str
    region_name: str
    target: str
    participants: int
    quantity: int
    done: bool


@use_case("prevention.write")
def log_activity(posko: Posko, new: NewActivity) -> str:
    """Log an activity and return its uid. Raises InvalidInput with every problem."""
    problems = []
    if new.kind not in posko.vocabulary.codes("prevention_kind"):
        problems.append(Problem("kind", "Pilih bentuk pencegahan."))
    if not clean(new.title):
        problems.append(Problem("title", "Isi nama kegiatan."))
    if new.done and new.on > posko.today():
        problems.append(Problem("on", "Tanggal kegiatan setelah hari ini. Periksa tahunnya."))
    if new.participants < 0 or new.quantity < 0:
        problems.append(Problem("quantity", "Jumlah tidak boleh kurang dari nol."))
    if problems:
        raise InvalidInput(problems)
    row = PreventionActivity(
        uid=new_uid(),
        office_code=posko.office.code,
        kind=new.kind,
        on=new.on,
        title=clean(new.title),
        place=clean(new.place),
        region_code=new.region_code,
        target=clean(new.target),
        participants=new.participants,
        quantity=new.quantity,
        description=clean(new.description),
        done=new.done,
    )
    with posko.write() as session:
        session.add(row)
        posko.note(session, "prevention.logged", row.uid, kind=new.kind)
    return row.uid


@use_case("prevention.read")
def activities(posko: Posko, limit: int = 200) -> tuple[ActivityRow, ...]:
    """Logged activities, newest first."""
    with posko.store.read() as session:
        rows = session.scalars(
            select(PreventionActivity)
            .order_by(PreventionActivity.on.desc(), PreventionActivity.uid)
            .limit(limit)
        ).all()
        return tuple(
            ActivityRow(
                r.uid,
                r.office_code,
                r.kind,
                posko.vocabulary.label("prevention_kind", r.kind),
                r.on,
                r.title,
                r.place,
                region.name if (region := posko.regions.get(r.region_code)) else "",
                r.target,
                r.participants,
                r.quantity,
                r.done,
            )
            for r in rows
        )
