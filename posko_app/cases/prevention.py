"""Prevention work: what was planned and done so that no violation happens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import PreventionActivity, PreventionFile
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.security.uid import new_uid
from posko_app.text import clean

from .prevention_words import prevention_words

ADVICE = "advisory_letter"  # the item whose letter has addressees and receipts
NOT_THERE = (
    "Kegiatan ini tidak ada atau sudah dibatalkan. Data tidak berubah. Muat ulang daftarnya."
)


@dataclass(frozen=True, kw_only=True)
class NewActivity:
    """An activity about to be logged; `quantity` counts banners or brochures.

    `kind` is the form of prevention; left empty it follows from the `item`.
    """

    on: date
    title: str
    kind: str = ""
    item: str = ""
    place: str = ""
    region_code: str = ""
    target: str = ""
    participants: int = 0
    quantity: int = 0
    subject: str = ""
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
    item: str = ""
    item_label: str = ""  # the form's label where no item is given
    officer: str = ""
    subject: str = ""
    description: str = ""
    region_code: str = ""
    letter_uid: str = ""
    files: int = 0


@use_case("prevention.write")
def log_activity(posko: Posko, new: NewActivity) -> str:
    """Log an activity and return its uid. Raises InvalidInput with every problem."""
    with posko.write() as session:
        return add_activity(posko, session, new).uid


def check_activity(posko: Posko, new: NewActivity) -> None:
    """Raise InvalidInput with every problem that an activity has."""
    _checked(posko, new)


@use_case("prevention.write")
def change_activity(posko: Posko, uid: str, new: NewActivity) -> None:
    """Change a logged activity of this office. Raises InvalidInput, UserError."""
    values = _checked(posko, new)
    with posko.write() as session:
        row = own_activity(posko, session, uid)
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        posko.note(session, "prevention.changed", uid, kind=row.kind)


@use_case("prevention.write")
def finish_activity(posko: Posko, uid: str) -> None:
    """Say that a planned activity took place; all else stays. Raises InvalidInput, UserError."""
    with posko.write() as session:
        row = own_activity(posko, session, uid)
        if row.on > posko.today():
            said = "Tanggal kegiatan setelah hari ini. Ubah dulu tanggalnya."
            raise InvalidInput([Problem("on", said)])
        row.done = True
        posko.note(session, "prevention.finished", uid, kind=row.kind)


@use_case("prevention.write")
def void_activity(posko: Posko, uid: str, *, voided: bool = True) -> None:
    """Take an activity out of all lists and counts, or back into them; nothing is deleted."""
    with posko.write() as session:
        row = own_activity(posko, session, uid, voided=not voided)
        row.voided = voided
        posko.note(session, "prevention.voided" if voided else "prevention.restored", uid)


@use_case("prevention.read")
def activities(
    posko: Posko,
    limit: int = 200,
    *,
    since: date | None = None,
    until: date | None = None,
    uid: str = "",
) -> tuple[ActivityRow, ...]:
    """Logged activities, newest first; of a period, both days included, or one by its uid."""
    query = select(PreventionActivity).where(in_force())
    if since:
        query = query.where(PreventionActivity.on >= since)
    if until:
        query = query.where(PreventionActivity.on <= until)
    if uid:
        query = query.where(PreventionActivity.uid == uid)
    order = (PreventionActivity.on.desc(), PreventionActivity.uid)
    with posko.store.read() as session:
        rows = session.scalars(query.order_by(*order).limit(limit)).all()
        counted = _files(session, [row.uid for row in rows])
        return tuple(_row(posko, row, counted.get(row.uid, 0)) for row in rows)


@use_case("prevention.read")
def activity_months(posko: Posko) -> tuple[str, ...]:
    """The months that have activities, as "2024-10", the latest first."""
    with posko.store.read() as session:
        days = session.scalars(select(PreventionActivity.on).where(in_force()).distinct())
        return tuple(sorted({f"{on:%Y-%m}" for on in days}, reverse=True))


def add_activity(posko: Posko, session: Session, new: NewActivity) -> PreventionActivity:
    """Log an activity inside the caller's transaction. Raises InvalidInput with every problem."""
    values = _checked(posko, new)
    row = PreventionActivity(
        uid=new_uid(), office_code=posko.office.code, officer=posko.user.name, **values
    )
    session.add(row)
    posko.note(session, "prevention.logged", row.uid, kind=row.kind)
    return row


def in_force() -> ColumnElement[bool]:
    """Activities that were not taken back."""
    return or_(PreventionActivity.voided.is_(None), PreventionActivity.voided.is_(False))


def own_activity(
    posko: Posko, session: Session, uid: str, *, voided: bool = False
) -> PreventionActivity:
    """The row of an activity of this office, to be changed. Raises UserError."""
    row = session.scalar(select(PreventionActivity).where(PreventionActivity.uid == uid))
    if row is None or bool(row.voided) != voided:
        raise UserError(NOT_THERE, "no_such_activity")
    require_own(posko, row.office_code)
    return row


def require_own(posko: Posko, office_code: str) -> None:
    """Raise UserError for what another office wrote: the change would never reach its author."""
    if office_code != posko.office.code:
        region = posko.regions.get(office_code)
        raise UserError(
            f"Catatan ini milik kantor {region.name if region else office_code}. "
            "Data tidak berubah. Minta kantor itu mengubahnya.",
            "other_office",
        )


def _checked(posko: Posko, new: NewActivity) -> dict[str, object]:
    """The values of a row. Raises InvalidInput with every problem."""
    problems = []
    if new.item and new.item not in posko.vocabulary.codes("prevention_item"):
        problems.append(Problem("item", "Pilih jenis kegiatan."))
    kind = new.kind or prevention_words().form_of.get(new.item, "")
    if kind not in posko.vocabulary.codes("prevention_kind"):
        problems.append(Problem("item" if new.item else "kind", "Pilih bentuk pencegahan."))
    if not clean(new.title):
        problems.append(Problem("title", "Isi nama kegiatan."))
    if new.done and new.on > posko.today():
        problems.append(Problem("on", "Tanggal kegiatan setelah hari ini. Periksa tahunnya."))
    if new.participants < 0 or new.quantity < 0:
        problems.append(Problem("quantity", "Jumlah tidak boleh kurang dari nol."))
    if new.region_code and posko.regions.get(new.region_code) is None:
        problems.append(Problem("region_code", "Wilayah ini tidak dikenal."))
    if problems:
        raise InvalidInput(problems)
    made = replace(new, kind=kind)
    texts = ("title", "place", "target", "description")
    return {
        **{name: getattr(made, name) for name in made.__dataclass_fields__},
        **{name: clean(getattr(made, name)) for name in texts},
        "item": made.item or None,
        "subject": clean(made.subject) or None,
    }


def _files(session: Session, uids: list[str]) -> dict[str, int]:
    query = (
        select(PreventionFile.of_uid, func.count())
        .where(PreventionFile.of_uid.in_(uids), PreventionFile.voided.is_(False))
        .group_by(PreventionFile.of_uid)
    )
    return dict(session.execute(query).all())


def _row(posko: Posko, row: PreventionActivity, files: int) -> ActivityRow:
    region = posko.regions.get(row.region_code)
    label = posko.vocabulary.label
    kind = label("prevention_kind", row.kind)
    return ActivityRow(
        uid=row.uid,
        office_code=row.office_code,
        kind=row.kind,
        kind_label=kind,
        on=row.on,
        title=row.title,
        place=row.place,
        region_name=region.name if region else "",
        target=row.target,
        participants=row.participants,
        quantity=row.quantity,
        done=row.done,
        item=row.item or "",
        item_label=label("prevention_item", row.item) if row.item else kind,
        officer=row.officer or "",
        subject=row.subject or "",
        description=row.description,
        region_code=row.region_code,
        letter_uid=row.letter_uid or "",
        files=files,
    )
