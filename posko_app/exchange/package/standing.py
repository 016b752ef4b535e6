"""How complete the evidence is, per package and per case, with a text that asks for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases.evidence import stays_here
from posko_app.data.tables import Evidence, Package, PackageFile, VaultFile
from posko_app.text import clean, day_month

from .listing import from_text
from .shelf import split
from .words import numbers


@dataclass(frozen=True, kw_only=True)
class PackageState:
    """A package of which some part came: how many pieces of evidence are complete.

    `missing` are the parts that must still come, `waiting` pieces are here before their record.
    """

    group: str
    office: str
    office_name: str
    made_at: datetime
    parts: int
    came: tuple[int, ...]
    total: int
    whole: int
    missing: tuple[int, ...]
    waiting: int

    @property
    def complete(self) -> bool:
        """Whether nothing lacks."""
        return self.whole == self.total

    @property
    def sentence(self) -> str:
        """`12 dari 14 bukti lengkap; kurang bagian 3`."""
        return _sentence(self.total, self.whole, self.missing)


@dataclass(frozen=True, kw_only=True)
class CaseState:
    """The evidence files of one case: how many lie here, and in which packages the others come.

    `awaited` has, by SHA-256, the parts that a file still needs of the package that was seen last.
    """

    total: int
    whole: int
    packages: tuple[PackageState, ...]
    awaited: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every file that is not confidential to another office lies here."""
        return self.whole == self.total

    @property
    def missing(self) -> tuple[int, ...]:
        """The parts that lack, of the package that was seen last."""
        return self.packages[0].missing if self.packages else ()

    @property
    def sentence(self) -> str:
        """`12 dari 14 bukti lengkap; kurang bagian 3`; empty for a case without files."""
        return _sentence(self.total, self.whole, self.missing) if self.total else ""


def _sentence(total: int, whole: int, missing: Sequence[int]) -> str:
    if whole == total:
        return "1 bukti lengkap" if total == 1 else f"Semua {total} bukti lengkap"
    lacks = f"; kurang bagian {numbers(missing, 5)}" if missing else ""
    return f"{whole} dari {total} bukti lengkap{lacks}"


def state_of(session: Session, group: str) -> PackageState:
    """One package. Raises NoResultFound for one of which nothing came."""
    return _state(session, session.get_one(Package, group))


@use_case("office.read")
def packages(posko: Posko) -> tuple[PackageState, ...]:
    """All packages of which something came, the newest first."""
    with posko.store.read() as session:
        rows = session.scalars(select(Package).order_by(Package.seen_at.desc(), Package.group_id))
        return tuple(_state(session, row) for row in rows)


@use_case("case.read")
def case_evidence(posko: Posko, case_uid: str) -> CaseState:
    """How complete the evidence files of a case are here."""
    with posko.store.read() as session:
        return completeness(session, case_uid)


def completeness(session: Session, case_uid: str) -> CaseState:
    """How complete the evidence files of a case are here.

    What shows who wrote never leaves its office and is not counted where it is not.
    """
    rows = session.execute(
        select(Evidence.sha256, Evidence.file_name, VaultFile.sha256)
        .outerjoin(VaultFile, VaultFile.sha256 == Evidence.sha256)
        .where(Evidence.case_uid == case_uid, Evidence.sha256 != "")
    ).all()
    counted = [(sha, held) for sha, name, held in rows if held or not stays_here(name)]
    lacking = [sha for sha, held in counted if not held]
    groups = (
        session.scalars(
            select(Package)
            .where(
                Package.group_id.in_(
                    select(PackageFile.group_id).where(PackageFile.sha256.in_(lacking))
                )
            )
            .order_by(Package.seen_at.desc(), Package.group_id)
        ).all()
        if lacking
        else ()
    )
    return CaseState(
        total=len(counted),
        whole=len(counted) - len(lacking),
        packages=tuple(_state(session, row, lacking) for row in groups),
        awaited=_awaited(session, groups[0].group_id, lacking) if groups else {},
    )


def _awaited(session: Session, group: str, lacking: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    rows = session.scalars(
        select(PackageFile).where(PackageFile.group_id == group, PackageFile.sha256.in_(lacking))
    )
    return {row.sha256: tuple(sorted({*split(row.parts)} - {*split(row.have)})) for row in rows}


def ask_again(posko: Posko, state: PackageState) -> str:
    """The message that asks for the parts that lack; for WhatsApp. Empty when nothing does."""
    if not state.missing:
        return ""
    practice = "LATIHAN. " if posko.office.practice else ""
    made = day_month(state.made_at.astimezone(posko.zone).date())
    one = len(state.missing) == 1
    return (
        f"{practice}Paket bukti {state.group[-8:]} dari {clean(state.office_name)} ({made}) "
        f"untuk {posko.office.name}: {state.whole} dari {state.total} bukti lengkap. "
        f"Mohon kirim ulang bagian {numbers(state.missing)} dari {state.parts} "
        f"({'berkas' if one else 'berkas-berkas'} yang namanya memuat bukti_{state.group[-8:]}) "
        "sebagai Dokumen, bukan foto atau video."
    )


def _state(session: Session, row: Package, only: Sequence[str] | None = None) -> PackageState:
    """A package; its missing parts only as far as contents of `only` need them."""
    rows = session.scalars(select(PackageFile).where(PackageFile.group_id == row.group_id)).all()
    items = {file.sha256: len(file.items) for file in from_text(row.listing).files}
    missing: set[int] = set()
    for file in rows:
        if not file.complete and (only is None or file.sha256 in only):
            missing |= set(split(file.parts)) - set(split(file.have))
    return PackageState(
        group=row.group_id,
        office=row.office_code,
        office_name=row.office_name,
        made_at=row.made_at,
        parts=row.parts,
        came=split(row.came),
        total=sum(items[file.sha256] for file in rows),
        whole=sum(items[file.sha256] for file in rows if file.complete),
        missing=tuple(sorted(missing)),
        waiting=sum(
            len((file.waiting or "").split(",")) for file in rows if file.complete and file.waiting
        ),
    )
