"""Changes to many cases at once: officer and archive, each one act that can be taken back.

The journal holds what was before, by case, so that an act is undone from it alone: now by the
message on screen, or later from the list of acts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.audit import head
from posko_app.data.tables import Account, ArchivedCase, AuditEntry, Case, CaseBoard
from posko_app.errors import UserError
from posko_app.progress import Progress, silent, track

from . import board

MOST = 5000  # cases of one act
CHUNK = 500
OFFICER, ARCHIVE, UNDONE = "cases.officer", "cases.archive", "cases.undone"
AWAY, BACK = "away", ""  # values of the archive mark in the journal
MANY = "cases"  # what such acts are about, in the journal: found by it without reading all of it


@dataclass(frozen=True, kw_only=True)
class BulkDone:
    """What an act did; `entry` is its place in the journal, 0 when nothing was changed."""

    entry: int
    changed: tuple[str, ...]
    kept: tuple[str, ...] = ()  # cases that it left alone
    why: str = ""  # a sentence, when some were left alone for a reason

    @property
    def count(self) -> int:
        """How many cases were changed."""
        return len(self.changed)


@dataclass(frozen=True, kw_only=True)
class PastAct:
    """An act on many cases as the journal tells it."""

    entry: int
    at: datetime
    account: str
    action: str  # OFFICER or ARCHIVE
    value: str  # the officer's log-in name; AWAY or BACK
    count: int
    undone: bool


@use_case("case.write")
def set_officer(
    posko: Posko, uids: Sequence[str], login: str, *, progress: Progress = silent
) -> BulkDone:
    """Hand cases to an officer of this office, all in one transaction.

    Cases that another office took in keep theirs, who is an account of that office. Raises
    UserError for somebody unknown or inactive, or too many cases at once.
    """
    with posko.write() as session:
        person = session.scalar(select(Account).where(Account.login == login))
        if person is None or not person.active:
            raise UserError(f"Akun {login} tidak aktif di kantor ini. Pilih petugas lain.")
        own: list[Case] = []
        others: list[Case] = []
        for case in _cases(session, uids):
            (own if case.office_code == posko.office.code else others).append(case)
        before = {case.uid: case.officer for case in own if case.officer != login}
        why = f"{len(others)} perkara diterima kantor lain dan petugasnya tetap." if others else ""
        return _done(posko, session, OFFICER, before, login, others, why, progress)


@use_case("case.write")
def archive(posko: Posko, uids: Sequence[str], *, progress: Progress = silent) -> BulkDone:
    """Put finished cases away from this office's lists; they are still found and counted.

    Cases that are still handled stay where they are: a deadline must not get out of sight.
    """
    with posko.write() as session:
        _require_few(uids)
        lines = _lines(session, uids)
        open_ones = [line for line in lines if line.view != "closed"]
        before = {li.case_uid: BACK for li in lines if li.view == "closed" and not li.archived}
        why = f"{len(open_ones)} perkara belum selesai dan tidak diarsipkan." if open_ones else ""
        return _done(posko, session, ARCHIVE, before, AWAY, open_ones, why, progress)


@use_case("case.write")
def unarchive(posko: Posko, uids: Sequence[str], *, progress: Progress = silent) -> BulkDone:
    """Bring cases back from the archive into the lists."""
    with posko.write() as session:
        _require_few(uids)
        before = {line.case_uid: AWAY for line in _lines(session, uids) if line.archived}
        return _done(posko, session, ARCHIVE, before, BACK, (), "", progress)


@use_case("case.write")
def undo(posko: Posko, entry: int, *, progress: Progress = silent) -> BulkDone:
    """Take an act back: what was before stands again, in one transaction.

    Cases that somebody changed since keep the later value. Raises UserError when there is no such
    act, or it was taken back before.
    """
    with posko.write() as session:
        row = session.scalar(select(AuditEntry).where(AuditEntry.n == entry))
        if row is None or row.action not in (OFFICER, ARCHIVE):
            raise UserError("Perubahan ini tidak ada di riwayat. Data tidak berubah.", "no_act")
        if entry in _undone(session):
            raise UserError("Perubahan ini sudah diurungkan.", "undone")
        said = json.loads(row.body)
        before = {uid: value for value, found in said["before"].items() for uid in found}
        now = _values(session, row.action, list(before))
        mine = {uid: value for uid, value in before.items() if now.get(uid) == said["value"]}
        later = [uid for uid in before if uid not in mine]
        _put(posko, session, row.action, mine, progress)
        why = f"{len(later)} perkara sudah diubah lagi sesudahnya dan tetap." if later else ""
        posko.note(session, UNDONE, MANY, act=entry, cases=len(mine))
        return BulkDone(entry=entry, changed=tuple(mine), kept=tuple(later), why=why)


@use_case("case.read")
def past_acts(posko: Posko, *, limit: int = 20) -> tuple[PastAct, ...]:
    """The last acts on many cases, newest first."""
    with posko.store.read() as session:
        gone = _undone(session)
        rows = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.entity_uid == MANY, AuditEntry.action != UNDONE)
            .order_by(AuditEntry.n.desc())
            .limit(limit)
        ).all()
        found = []
        for row in rows:
            said = json.loads(row.body)
            found.append(
                PastAct(
                    entry=row.n,
                    at=row.at,
                    account=row.account,
                    action=row.action,
                    value=said["value"],
                    count=sum(map(len, said["before"].values())),
                    undone=row.n in gone,
                )
            )
        return tuple(found)


def _done(
    posko: Posko,
    session: Session,
    action: str,
    before: Mapping[str, str],
    value: str,
    left: Sequence[Any],
    why: str,
    progress: Progress,
) -> BulkDone:
    """Put `value` on the cases of `before` and journal what was there."""
    kept = tuple(getattr(one, "case_uid", None) or one.uid for one in left)
    if not before:
        return BulkDone(entry=0, changed=(), kept=kept, why=why)
    _put(posko, session, action, dict.fromkeys(before, value), progress)
    by_value: dict[str, list[str]] = {}
    for uid, was in before.items():
        by_value.setdefault(was, []).append(uid)
    posko.note(session, action, MANY, value=value, before=by_value)
    return BulkDone(entry=head(session)[0], changed=tuple(before), kept=kept, why=why)


def _put(
    posko: Posko, session: Session, action: str, values: Mapping[str, str], progress: Progress
) -> None:
    """Write officer or archive mark of cases, and their board lines."""
    set_value: Mapping[str, Callable[[Posko, Session, Mapping[str, str]], None]] = {
        OFFICER: _put_officers,
        ARCHIVE: _put_marks,
    }
    uids = list(values)
    starts = range(0, len(uids), CHUNK)
    for start in track(starts, len(starts), progress, "Mengubah perkara"):
        chunk = uids[start : start + CHUNK]
        set_value[action](posko, session, {uid: values[uid] for uid in chunk})
        board.refresh(posko, session, chunk)


def _put_officers(posko: Posko, session: Session, values: Mapping[str, str]) -> None:
    for case in session.scalars(select(Case).where(Case.uid.in_(values))):
        case.officer = values[case.uid]


def _put_marks(posko: Posko, session: Session, values: Mapping[str, str]) -> None:
    now, who = posko.now(), posko.user.login
    marks = {
        mark.case_uid: mark
        for mark in session.scalars(select(ArchivedCase).where(ArchivedCase.case_uid.in_(values)))
    }
    for uid, value in values.items():
        if value == AWAY and uid not in marks:
            session.add(ArchivedCase(case_uid=uid, archived_by=who, archived_at=now))
        elif value == BACK and uid in marks:
            session.delete(marks[uid])


def _values(session: Session, action: str, uids: Sequence[str]) -> dict[str, str]:
    """What stands there now, by case."""
    if action == OFFICER:
        return {case.uid: case.officer for case in _cases(session, uids)}
    away: set[str] = set()
    for start in range(0, len(uids), CHUNK):
        chunk = uids[start : start + CHUNK]
        away |= set(
            session.scalars(select(ArchivedCase.case_uid).where(ArchivedCase.case_uid.in_(chunk)))
        )
    return {uid: AWAY if uid in away else BACK for uid in uids}


def _cases(session: Session, uids: Sequence[str]) -> list[Case]:
    _require_few(uids)
    found: list[Case] = []
    for start in range(0, len(uids), CHUNK):
        found += session.scalars(select(Case).where(Case.uid.in_(uids[start : start + CHUNK])))
    return found


def _lines(session: Session, uids: Sequence[str]) -> list[Any]:
    columns = (CaseBoard.case_uid, CaseBoard.view, CaseBoard.archived)
    found: list[Any] = []
    for start in range(0, len(uids), CHUNK):
        chunk = uids[start : start + CHUNK]
        found += session.execute(select(*columns).where(CaseBoard.case_uid.in_(chunk))).all()
    return found


def _undone(session: Session) -> set[int]:
    rows = session.scalars(
        select(AuditEntry.body).where(AuditEntry.entity_uid == MANY, AuditEntry.action == UNDONE)
    )
    return {int(json.loads(body)["act"]) for body in rows}


def _require_few(uids: Sequence[str]) -> None:
    if len(uids) > MOST:
        raise UserError(
            f"Paling banyak {MOST} perkara sekaligus. Tidak ada yang diubah. Persempit pilihannya.",
            "too_many",
        )
