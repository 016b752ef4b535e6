"""Banners and brochures village by village: planned, received, distributed, installed, removed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import CoverageEntry, CoveragePlan, PreventionFile
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.security.uid import new_uid
from posko_app.text import clean, thousands

from .coverage_counts import notes_in, photos_in, pieces_in, plan_rows, plans_in
from .prevention import require_own
from .prevention_words import prevention_words

MOST = 1_000_000  # pieces; more is a slip of the keyboard


@dataclass(frozen=True)
class Village:
    """A village or town ward with the name of its kecamatan."""

    code: str
    name: str
    subdistrict: str


@dataclass(frozen=True, kw_only=True)
class CoverageCell:
    """One item in one village: pieces by action; `last_on` is the day of the latest entry."""

    planned: int = 0
    pieces: Mapping[str, int] = field(default_factory=dict)
    done: int = 0  # by the action that counts against the plan
    last_on: date | None = None
    photos: int = 0


@dataclass(frozen=True, kw_only=True)
class VillageRow:
    """One village of the matrix."""

    village: Village
    cells: Mapping[str, CoverageCell]
    photos: int  # of all items, and those of the village itself
    planned: bool
    reached: bool  # something that counts was noted there

    @property
    def without_proof(self) -> bool:
        """Whether no photo shows anything in this village."""
        return self.photos == 0


@dataclass(frozen=True, kw_only=True)
class ItemTotal:
    """One item over all villages: pieces, and villages planned and reached."""

    item: str
    label: str
    planned: int
    done: int
    villages_planned: int
    villages_reached: int
    pieces: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The matrix of a region, by kecamatan and village, with its totals."""

    items: tuple[tuple[str, str], ...]
    actions: tuple[tuple[str, str], ...]
    rows: tuple[VillageRow, ...]
    totals: tuple[ItemTotal, ...]
    without_proof: int
    reached: int


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """Pieces about to be noted in a village."""

    village_code: str
    item: str
    action: str
    quantity: int
    on: date
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """One note about a village."""

    uid: str
    office_code: str
    item: str
    item_label: str
    action: str
    action_label: str
    quantity: int
    on: date
    note: str
    added_by: str
    photos: int


def villages_of(posko: Posko, under: str = "") -> tuple[Village, ...]:
    """The villages of this office's region, or of `under`, by kecamatan and code."""
    found: list[Village] = []
    path = posko.regions.path(under or posko.office.code)
    above = path[-1] if path else None

    def walk(code: str, name: str, level: str, subdistrict: str) -> None:
        if level == "desa":
            found.append(Village(code, name, subdistrict))
            return
        for below in posko.regions.children(code):
            walk(below.code, below.name, below.level, name if level == "kecamatan" else "")

    if above is not None:
        parent = path[-2].name if above.level == "desa" else ""
        walk(above.code, above.name, above.level, parent)
    return tuple(found)


@use_case("prevention.read")
def coverage(posko: Posko, under: str = "") -> Coverage:
    """The matrix of all villages of this office's region, or of the region `under`."""
    villages = villages_of(posko, under)
    words = prevention_words()
    items = posko.vocabulary.items("coverage_item")
    region = under or posko.office.code
    with posko.store.read() as session:
        planned = plans_in(session, region)
        pieces, last = pieces_in(session, region)
        photos = photos_in(session, region)
    rows = []
    for village in villages:
        cells = {}
        for item, _ in items:
            key = (village.code, item)
            held = pieces.get(key, {})
            if key in planned or held or key in photos:
                cells[item] = CoverageCell(
                    planned=planned.get(key, 0),
                    pieces=held,
                    done=held.get(words.done[item], 0),
                    last_on=last.get(key),
                    photos=photos.get(key, 0),
                )
        shown = sum(photos.get((village.code, item), 0) for item in ("", *dict(items)))
        rows.append(
            VillageRow(
                village=village,
                cells=cells,
                photos=shown,
                planned=any(cell.planned for cell in cells.values()),
                reached=any(cell.done for cell in cells.values()),
            )
        )
    return Coverage(
        items=items,
        actions=posko.vocabulary.items("coverage_action"),
        rows=tuple(rows),
        totals=tuple(_total(rows, item, label) for item, label in items),
        without_proof=sum(row.without_proof for row in rows),
        reached=sum(row.reached for row in rows),
    )


@use_case("prevention.write")
def note_coverage(posko: Posko, entries: Sequence[NewEntry]) -> tuple[str, ...]:
    """Note pieces in villages and return the uids; all or nothing.

    Raises InvalidInput with every problem, each named by village.
    """
    check_coverage(posko, entries)
    with posko.write() as session:
        return add_entries(posko, session, entries)


def check_coverage(posko: Posko, entries: Sequence[NewEntry]) -> None:
    """Raise InvalidInput with every problem that these notes have."""
    problems = entry_problems(posko, entries)
    if not entries:
        problems.append(Problem("village_code", "Pilih paling sedikit satu desa."))
    if problems:
        raise InvalidInput(problems)


@use_case("prevention.read")
def noted(posko: Posko, under: str = "") -> set[tuple[str, str, str, int, date]]:
    """What stands noted already, as village, item, action, pieces and day."""
    with posko.store.read() as session:
        return notes_in(session, under or posko.office.code)


@use_case("prevention.write")
def void_entries(posko: Posko, uids: Sequence[str], *, voided: bool = True) -> None:
    """Take notes out of every count, or back in; nothing is deleted. Raises UserError."""
    with posko.write() as session:
        void_in(posko, session, uids, voided=voided)


@use_case("prevention.write")
def set_plans(posko: Posko, plans: Mapping[tuple[str, str], int]) -> int:
    """Plan pieces by (village, item); how many plans changed. Raises InvalidInput."""
    if problems := plan_problems(posko, plans):
        raise InvalidInput(problems)
    with posko.write() as session:
        return put_plans(posko, session, plans)


@use_case("prevention.read")
def own_plans(posko: Posko, codes: Collection[str]) -> dict[tuple[str, str], int]:
    """What this office itself planned in some villages, by village and item; never a zero."""
    with posko.store.read() as session:
        rows = plan_rows(session, posko.office.code, codes)
        return {key: row.quantity for key, row in rows.items() if row.quantity}


@use_case("prevention.read")
def entries_of(posko: Posko, village_code: str) -> tuple[EntryRow, ...]:
    """Every note about a village, the newest first."""
    label = posko.vocabulary.label
    with posko.store.read() as session:
        rows = session.scalars(
            select(CoverageEntry)
            .where(CoverageEntry.village_code == village_code, CoverageEntry.voided.is_(False))
            .order_by(CoverageEntry.on.desc(), CoverageEntry.uid.desc())
        ).all()
        shown = dict(
            session.execute(
                select(PreventionFile.of_uid, func.count())
                .where(
                    PreventionFile.of_uid.in_([row.uid for row in rows]),
                    PreventionFile.voided.is_(False),
                )
                .group_by(PreventionFile.of_uid)
            ).all()
        )
        return tuple(
            EntryRow(
                uid=row.uid,
                office_code=row.office_code,
                item=row.item,
                item_label=label("coverage_item", row.item),
                action=row.action,
                action_label=label("coverage_action", row.action),
                quantity=row.quantity,
                on=row.on,
                note=row.note,
                added_by=row.added_by,
                photos=shown.get(row.uid, 0),
            )
            for row in rows
        )


def add_entries(posko: Posko, session: Session, entries: Sequence[NewEntry]) -> tuple[str, ...]:
    """Note checked pieces inside the caller's transaction; the uids."""
    now = posko.now()
    rows = [
        CoverageEntry(
            uid=new_uid(),
            office_code=posko.office.code,
            village_code=entry.village_code,
            item=entry.item,
            action=entry.action,
            quantity=entry.quantity,
            on=entry.on,
            note=clean(entry.note),
            added_at=now,
            added_by=posko.user.login,
        )
        for entry in entries
    ]
    session.add_all(rows)
    posko.note(session, "coverage.noted", rows[0].uid, count=len(rows))
    return tuple(row.uid for row in rows)


def void_in(posko: Posko, session: Session, uids: Sequence[str], *, voided: bool = True) -> None:
    """Take notes out, or back in, inside the caller's transaction. Raises UserError."""
    rows = session.scalars(select(CoverageEntry).where(CoverageEntry.uid.in_(uids))).all()
    if not uids or len(rows) != len(set(uids)):
        raise UserError("Catatan ini tidak ada. Data tidak berubah.", "no_such_entry")
    for row in rows:
        require_own(posko, row.office_code)
        if row.voided != voided:
            row.voided = voided
    posko.note(session, "coverage.voided", uids[0], count=len(uids), voided=voided)


def put_plans(posko: Posko, session: Session, plans: Mapping[tuple[str, str], int]) -> int:
    """Plan checked pieces inside the caller's transaction; how many plans changed."""
    office, changed = posko.office.code, 0
    kept = plan_rows(session, office, {code for code, _ in plans})
    for (code, item), quantity in plans.items():
        row = kept.get((code, item))
        if row is None and quantity:
            row = CoveragePlan(uid=new_uid(), office_code=office, village_code=code, item=item)
            session.add(row)
        if row is not None and row.quantity != quantity:
            row.quantity = quantity
            changed += 1
    posko.note(session, "coverage.planned", count=changed)
    return changed


def is_village(posko: Posko, code: str) -> bool:
    """Whether a code is a village in this office's region."""
    region = posko.regions.get(code)
    return (
        region is not None
        and region.level == "desa"
        and region.code.startswith(f"{posko.office.code}.")
    )


def entry_problems(posko: Posko, entries: Sequence[NewEntry]) -> list[Problem]:
    """What is wrong with pieces about to be noted, each thing once."""
    return list(dict.fromkeys(p for entry in entries for p in _problems(posko, entry)))


def plan_problems(posko: Posko, plans: Mapping[tuple[str, str], int]) -> list[Problem]:
    """What is wrong with plans about to be kept, each thing once."""
    known = posko.vocabulary.codes("coverage_item")
    problems = [
        Problem(
            "quantity", f"{_name(posko, code)}: jumlah rencana dari 0 sampai {thousands(MOST)}."
        )
        for (code, item), quantity in plans.items()
        if not 0 <= quantity <= MOST or item not in known
    ]
    problems += [_outside(posko, code) for code, _ in plans if not is_village(posko, code)]
    return list(dict.fromkeys(problems))


def _problems(posko: Posko, entry: NewEntry) -> list[Problem]:
    name = _name(posko, entry.village_code)
    problems = []
    if not is_village(posko, entry.village_code):
        problems.append(_outside(posko, entry.village_code))
    if entry.item not in posko.vocabulary.codes("coverage_item"):
        problems.append(Problem("item", "Pilih bahan."))
    if entry.action not in posko.vocabulary.codes("coverage_action"):
        problems.append(Problem("action", "Pilih kegiatan."))
    if not 0 < entry.quantity <= MOST:
        said = f"{name}: jumlah dari 1 sampai {thousands(MOST)}."
        problems.append(Problem("quantity", said))
    if entry.on > posko.today():
        problems.append(Problem("on", "Tanggal setelah hari ini. Periksa tahunnya."))
    return problems


def _outside(posko: Posko, code: str) -> Problem:
    return Problem("village_code", f"{_name(posko, code)} bukan desa di wilayah kantor ini.")


def _name(posko: Posko, code: str) -> str:
    region = posko.regions.get(code)
    return region.name if region else code or "Desa"


def _total(rows: Sequence[VillageRow], item: str, label: str) -> ItemTotal:
    cells = [row.cells[item] for row in rows if item in row.cells]
    pieces: dict[str, int] = {}
    for cell in cells:
        for action, count in cell.pieces.items():
            pieces[action] = pieces.get(action, 0) + count
    return ItemTotal(
        item=item,
        label=label,
        planned=sum(cell.planned for cell in cells),
        done=sum(cell.done for cell in cells),
        villages_planned=sum(cell.planned > 0 for cell in cells),
        villages_reached=sum(cell.done > 0 for cell in cells),
        pieces=pieces,
    )
