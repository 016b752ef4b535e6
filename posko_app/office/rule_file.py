"""A regulation sent down as a signed file: made here, checked there, in force from its day on.

A `.posko-aturan` file is text: a TOML head with who made it, then the regulation as in a rules
file. The head is signed with the device key of the office and holds the hash of the rest.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, Office, RegulationFile, Setting
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.law import LawChange, shipped, versions_of
from posko_app.rules.book import Regulation
from posko_app.rules.facts import Fact
from posko_app.security import sign
from posko_app.security.durable import write_file
from posko_app.text import clean, long_date

from . import rule_words as words
from .rehearse import rehearsed
from .rule_format import MOST, SUFFIX, parsed, readable, regulation_of, signed
from .rules import shown_facts

SENT = "rules.sent."  # settings: the last version sent of a regulation
_ID = re.compile(r"[a-z][a-z0-9-]{2,40}")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that reads otherwise in a file than here."""

    name: str
    what: str


@dataclass(frozen=True, kw_only=True)
class RuleFile:
    """A regulation file that was read and whose signature holds.

    `known_key` is False for a key that this office has not met: compare `fingerprint` by phone.
    """

    path: str
    regulation: Regulation
    version: int
    reason: str
    office_code: str
    office_name: str
    practice: bool
    public_key: bytes
    signature: bytes
    sha256: str
    content: str
    made_at: datetime
    known_key: bool
    head: Mapping[str, Any] = dataclasses.field(repr=False)  # as it was read and proven
    fingerprint: tuple[str, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """A regulation file in this office, for the list."""

    uid: str
    regulation: str
    version: int
    title: str
    valid_from: date
    office_name: str
    reason: str
    retired: bool
    readable: bool
    made_by: str
    made_at: datetime


@use_case("office.read")
def rule_files(posko: Posko) -> tuple[VersionRow, ...]:
    """Every word about a regulation file in this office, the newest first."""
    with posko.store.read() as session:
        rows = session.scalars(select(RegulationFile).order_by(RegulationFile.id.desc())).all()
    return tuple(
        VersionRow(
            uid=row.uid,
            regulation=row.regulation,
            version=row.version,
            title=row.title,
            valid_from=row.valid_from,
            office_name=row.office_name,
            reason=row.reason,
            retired=row.retired,
            readable=readable(row.content),
            made_by=row.made_by,
            made_at=row.made_at,
        )
        for row in rows
    )


@use_case("office.rules")
def write_rule_file(
    posko: Posko, regulation: str, folder: Path, *, valid_from: date, reason: str, title: str = ""
) -> Path:
    """Write the regulation with this office's values as a signed file into `folder`.

    It holds in the offices that take it in for cases filed from `valid_from` on. Raises
    InvalidInput without a reason, OSError where the file cannot be written.
    """
    reason = clean(reason)
    if not reason:
        raise InvalidInput([Problem("reason", "Isi alasan, misalnya nomor surat edarannya.")])
    law = posko.rules.get(regulation, valid_from)
    law = dataclasses.replace(law, valid_from=valid_from, title=clean(title) or law.title)
    with posko.write() as session:
        version = _next_version(session, regulation)
        made = _signed(posko, session, law, version, reason)
        name = f"Aturan_{law.id}_v{version}_{posko.office.code}{SUFFIX}"
        session.merge(Setting(key=f"{SENT}{regulation}", value=str(version)))
        posko.note(
            session, "rules.sent", regulation=regulation, version=version, reason=reason,
            valid_from=valid_from.isoformat(),
        )  # fmt: skip
        write_file(folder / name, made)
    return folder / name


@use_case("office.rules")
def plan_copy(
    posko: Posko, regulation: str, *, new_id: str, title: str, valid_from: date, reason: str
) -> LawChange:
    """A copy of a regulation under an id of its own, to be edited here; no case uses it yet.

    Raises InvalidInput.
    """
    problems = []
    new_id, title, reason = new_id.strip().lower(), clean(title), clean(reason)
    if not _ID.fullmatch(new_id):
        problems.append(Problem("new_id", "Tulis kode seperti pilkada-2029: huruf, angka, garis."))
    elif new_id in posko.rules.regulations:
        problems.append(Problem("new_id", f"Kode {new_id} sudah dipakai. Pilih yang lain."))
    if not title:
        problems.append(Problem("title", "Isi judul aturan."))
    if not reason:
        problems.append(Problem("reason", "Isi alasan salinan ini dibuat."))
    if problems:
        raise InvalidInput(problems)
    law = posko.rules.get(regulation, valid_from)
    copy = dataclasses.replace(law, id=new_id, title=title, valid_from=valid_from)

    def write(session: Session) -> None:
        made = _signed(posko, session, copy, 1, reason)
        _store(posko, session, parsed(made), "rules.copied")

    return rehearsed(posko, f"{title} dibuat sebagai salinan {law.title}.", write)


@use_case("office.rules")
def read_rule_file(posko: Posko, path: Path) -> RuleFile:
    """Read a file and check whether it may be taken in; nothing is written.

    Raises UserError: damaged or changed, not from this or a superior office, practice among real
    offices, not newer than what is here, made for another state of the program.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MOST + 1)
    except OSError as error:
        raise UserError(
            f"Berkas {path.name} tidak dapat dibaca. Aturan tidak berubah. "
            "Periksa apakah berkasnya masih ada.",
            "rule_file_unreadable",
        ) from error
    head = parsed(raw)
    law = regulation_of(head)
    _admit(posko, head)
    public = bytes.fromhex(head["public_key"])
    with posko.store.read() as session:
        newest = max((r.version for r in versions_of(session) if r.regulation == law.id), default=0)
        known = _known(session, head["office_code"], public)
    if head["version"] <= newest:
        raise UserError(
            f"Versi {head['version']} tidak lebih baru daripada versi {newest} yang sudah ada. "
            "Aturan tidak berubah.",
            "rule_file_old",
        )
    here = posko.rules.regulations.get(law.id)
    if here is not None:
        here = posko.rules.get(law.id, law.valid_from)
    return RuleFile(
        path=str(path),
        regulation=law,
        version=head["version"],
        reason=head["reason"],
        office_code=head["office_code"],
        office_name=head["office_name"],
        practice=head["practice"],
        public_key=public,
        signature=bytes.fromhex(head["signature"]),
        sha256=head["sha256"],
        content=head["content"],
        made_at=head["made_at"],
        known_key=known,
        head=head,
        fingerprint=sign.fingerprint_words(public),
        differences=tuple(differences(here, law)),
    )


@use_case("office.rules")
def plan_rule_file(posko: Posko, path: Path, *, compared: bool = False) -> LawChange:
    """What taking in a file would change; `compared` says that its fingerprint was compared.

    Raises UserError as `read_rule_file`, and for an unknown key that nobody has compared.
    """
    file = read_rule_file(posko, path)
    if not file.known_key and not compared:
        raise UserError(
            f"Kunci {file.office_name} belum dikenal. Cocokkan enam kata ini lewat telepon: "
            f"{' '.join(file.fingerprint)}. Aturan tidak berubah.",
            "unknown_key",
        )

    def write(session: Session) -> None:
        _store(posko, session, file.head, "rules.taken_in", compared=compared)

    law = file.regulation
    what = (
        f"{law.title} versi {file.version} dari {file.office_name} berlaku untuk perkara "
        f"sejak {long_date(law.valid_from)}."
    )
    return rehearsed(posko, what, write, everywhere=True)


@use_case("office.rules")
def plan_retire(posko: Posko, regulation: str, version: int, reason: str) -> LawChange:
    """What taking a version out of force would change; a new row says so, the old one stays.

    Raises UserError when it is not in force, or cases use a regulation that only it gives.
    """
    reason = clean(reason)
    if not reason:
        raise InvalidInput([Problem("reason", "Isi alasan pencabutan.")])
    with posko.store.read() as session:
        rows = versions_of(session)
    row = next((r for r in rows if (r.regulation, r.version) == (regulation, version)), None)
    if row is None:
        raise UserError("Versi aturan ini tidak berlaku di kantor ini. Tidak ada yang diubah.")
    _require_unused(posko, row, [r for r in rows if r is not row])

    def write(session: Session) -> None:
        columns = [c.key for c in RegulationFile.__table__.columns]
        kept = {k: getattr(row, k) for k in columns if k not in ("id", "uid", "retired")}
        now = {"reason": reason, "made_by": posko.user.login, "made_at": posko.now()}
        session.add(RegulationFile(**{**kept, **now, "retired": True}))
        posko.note(session, "rules.retired", regulation=regulation, version=version, reason=reason)

    return rehearsed(posko, f"{row.title} versi {version} dicabut.", write, everywhere=True)


def _require_unused(posko: Posko, row: RegulationFile, others: Sequence[RegulationFile]) -> None:
    """Refuse to take away the only word about a regulation that cases or the office go by."""
    name = row.regulation
    if name in shipped()[0].regulations or any(r.regulation == name for r in others):
        return
    with posko.store.read() as session:
        used = session.scalar(select(Case.uid).where(Case.regulation == name).limit(1))
    if used or posko.office.regulation == name:
        raise UserError(
            f"{row.title} masih dipakai kantor ini atau perkaranya. Tidak ada yang diubah. "
            "Pilih dulu aturan lain di Pengaturan; perkara yang memakainya tetap memerlukannya.",
            "regulation_used",
        )


def differences(here: Regulation | None, there: Regulation) -> Iterator[Difference]:
    """What reads otherwise in another regulation than in ours."""
    if here is None:
        yield Difference(name=there.title, what="aturan baru, belum ada di kantor ini")
        return
    if here.title != there.title:
        yield Difference(name="Judul", what=f"{here.title} menjadi {there.title}")
    ours = {(t, e): fact for t, e, fact in shown_facts(here)}
    theirs = {(t, e): fact for t, e, fact in shown_facts(there)}
    for key in dict.fromkeys([*ours, *theirs]):
        if key not in theirs:
            yield Difference(name=words.name_of(ours[key], key[1]), what="tidak ada lagi")
        elif key not in ours:
            name = words.name_of(theirs[key], key[1])
            yield Difference(name=name, what=f"baru: {words.value_of(there, theirs[key])}")
        elif ours[key] != theirs[key]:
            yield from _changed(ours[key], theirs[key], words.name_of(theirs[key], key[1]))


def _changed(ours: Fact, theirs: Fact, name: str) -> Iterator[Difference]:
    for field, label in words.FIELDS.items():
        old, new = getattr(ours, field, None), getattr(theirs, field, None)
        if old != new:
            what = f"{label}: {words.said(field, old)} menjadi {words.said(field, new)}"
            yield Difference(name=name, what=what)
    old_readings, new_readings = (
        {(r.question, r.text) for r in getattr(fact, "readings", ())} for fact in (ours, theirs)
    )
    for _, text in sorted(old_readings - new_readings):
        yield Difference(name=name, what=f"bacaan “{text}” tidak terbuka lagi")
    for _, text in sorted(new_readings - old_readings):
        yield Difference(name=name, what=f"bacaan baru yang terbuka: {text}")


def _next_version(session: Session, regulation: str) -> int:
    rows = session.scalars(
        select(RegulationFile.version).where(RegulationFile.regulation == regulation)
    )
    sent = session.get(Setting, f"{SENT}{regulation}")
    last: int = max([0, *rows, int(sent.value) if sent else 0])
    return last + 1


def _signed(posko: Posko, session: Session, law: Regulation, version: int, reason: str) -> bytes:
    """The bytes of a file of this office."""
    head = {
        "version": version,
        "reason": reason,
        "office_code": posko.office.code,
        "office_name": posko.office.name,
        "practice": posko.office.practice,
        "made_at": posko.now().replace(microsecond=0).isoformat(),
    }
    return signed(law, head, session.scalars(select(Office)).one().device_private)


def _admit(posko: Posko, head: Mapping[str, Any]) -> None:
    """Only this office or one above it gives rules, and practice stays among itself."""
    office, mine = head["office_code"], posko.office.code
    if mine != office and not mine.startswith(f"{office}."):
        raise UserError(
            f"Aturan dari {head['office_name']} tidak berlaku untuk kantor ini. "
            "Yang diterima hanya dari kantor ini sendiri atau kantor di atasnya.",
            "rule_file_foreign",
        )
    if head["practice"] != posko.office.practice:
        kind = "latihan" if head["practice"] else "sungguhan"
        raise UserError(
            f"Aturan ini dari kantor {kind}, kantor ini bukan. Aturan tidak berubah.",
            "practice_mismatch",
        )


def _known(session: Session, office_code: str, public: bytes) -> bool:
    """Whether a file of this key was taken in before, or it is our own.

    A key that came with a workbook is not enough: nobody had to compare its words there.
    """
    if public == session.scalars(select(Office)).one().device_public:
        return True
    found = select(RegulationFile.uid).where(
        RegulationFile.office_code == office_code, RegulationFile.public_key == public
    )
    return session.scalar(found.limit(1)) is not None


def _store(
    posko: Posko, session: Session, head: Mapping[str, Any], action: str, **more: Any
) -> None:
    law = regulation_of(head)
    row = RegulationFile(
        regulation=law.id,
        version=head["version"],
        title=law.title,
        valid_from=law.valid_from,
        content=head["content"],
        reason=head["reason"],
        office_code=head["office_code"],
        office_name=head["office_name"],
        practice=head["practice"],
        public_key=bytes.fromhex(head["public_key"]),
        signature=bytes.fromhex(head["signature"]),
        sha256=head["sha256"],
        retired=False,
        made_by=posko.user.login,
        made_at=posko.now(),
    )
    session.add(row)
    posko.note(
        session, action, regulation=law.id, version=head["version"], office=head["office_code"],
        sha256=head["sha256"], **more,
    )  # fmt: skip
