"""Who came to a pledge: marks on many lines at once, own pledges that came later, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Pledge, PreventionActivity, Signatory
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules.identity import parse_nip
from posko_app.spelling import distance, spelled
from posko_app.text import clean

from .outreach import SCAN, Attached, attach_files
from .pledge_links import bare_name
from .pledge_rows import REPRESENTED
from .prevention import require_own

SLIPS = 2  # letters that a corrected name may differ by and still be the same person's
LONG = 8  # letters from which on a name may differ by that much
FIELDS = ("name", "nip", "rank", "position_title", "agency", "group_code", "note")


@dataclass(frozen=True, kw_only=True)
class SignatoryEdit:
    """A line of the roster as it is to stand."""

    name: str = ""
    nip: str = ""
    rank: str = ""
    position_title: str = ""
    agency: str = ""
    group_code: str = "other"
    note: str = ""


@use_case("prevention.write")
def mark(posko: Posko, uids: Sequence[str], attendance: str, represented_by: str = "") -> int:
    """Mark lines as present, represented, absent or, with "", not marked; how many changed.

    `represented_by` names who came instead. Raises InvalidInput for an unknown mark.
    """
    if attendance and attendance not in posko.vocabulary.codes("attendance"):
        raise InvalidInput([Problem("attendance", "Pilih kehadiran.")])
    instead = clean(represented_by) if attendance == REPRESENTED else ""
    changed = 0
    with posko.write() as session:
        for row in _lines(posko, session, uids):
            if (row.attendance, row.represented_by) != (attendance, instead):
                row.attendance, row.represented_by = attendance, instead
                changed += 1
        if changed:
            posko.note(session, "pledge.marked", uids[0], mark=attendance, count=changed)
    return changed


@use_case("prevention.write")
def receive_self_pledge(
    posko: Posko, uids: Sequence[str], on: date | None, scan: Path | None = None
) -> None:
    """Note that pledges signed alone came in, with their scan; without a date take that back.

    Raises InvalidInput for a day that is still to come or lies before the event, for an office
    without a holder, and for one scan of several people.
    """
    with posko.store.read() as session:
        _require_receivable(posko, session, uids, on, scan)
    if scan is not None and on is not None:
        attach_files(posko, [Attached(scan, uids[0], SCAN)])
    with posko.write() as session:
        for row in _lines(posko, session, uids):
            if row.self_pledge_on != on:
                row.self_pledge_on = on
        posko.note(session, "pledge.self_received", uids[0], count=len(uids), received=bool(on))


@use_case("prevention.write")
def change_signatory(posko: Posko, uid: str, edit: SignatoryEdit) -> None:
    """Correct a line of the roster. Raises InvalidInput with every problem.

    A mark belongs to the person who earned it: a line with one is not handed to a successor.
    """
    problems = []
    number = parse_nip(edit.nip) if clean(edit.nip) else None
    if number and number.errors:
        problems.append(Problem("nip", number.errors[0]))
    if not clean(edit.name) and not clean(edit.position_title):
        problems.append(Problem("position_title", "Isi nama atau jabatan."))
    if edit.group_code not in posko.vocabulary.codes("signatory_group"):
        problems.append(Problem("group_code", "Pilih kelompok."))
    if problems:
        raise InvalidInput(problems)
    with posko.write() as session:
        (row,) = _lines(posko, session, [uid])
        if _marked(row) and not _same_person(row, clean(edit.name), number.value if number else ""):
            said = (
                f"Baris ini sudah ditandai untuk {row.name}. Kosongkan dulu tandanya, atau "
                "tambahkan pejabat yang baru sebagai undangan sendiri."
            )
            raise InvalidInput([Problem("name", said)])
        for name in FIELDS:
            value = clean(getattr(edit, name))
            if name == "nip":
                value = number.value if number else ""
            if getattr(row, name) != value:
                setattr(row, name, value)
        posko.note(session, "pledge.line_changed", uid)


@use_case("prevention.write")
def void_signatories(posko: Posko, uids: Sequence[str], *, voided: bool = True) -> None:
    """Take lines off the roster, or put them back; nothing is deleted."""
    with posko.write() as session:
        for row in _lines(posko, session, uids, voided=not voided):
            row.voided = voided
        posko.note(session, "pledge.lines_voided", uids[0], count=len(uids), voided=voided)


def _marked(row: Signatory) -> bool:
    """Whether something was noted of the person on a line; a vacant office has nobody yet."""
    return bool(row.name) and (row.attendance != "" or row.self_pledge_on is not None)


def _same_person(row: Signatory, name: str, nip: str) -> bool:
    """Whether a correction still means the same person: by NIP, or by a name that sounds alike."""
    if row.nip and nip == row.nip:
        return True
    old, new = (spelled(bare_name(one)).replace(" ", "") for one in (row.name, name))
    if row.nip and nip:
        return old == new
    slips = SLIPS if len(old) >= LONG else 1
    return bool(new) and distance(old, new, slips) <= slips


def _lines(
    posko: Posko, session: Session, uids: Sequence[str], *, voided: bool = False
) -> Sequence[Signatory]:
    """Lines of this office's rosters, to be changed. Raises UserError when one is not there."""
    rows = session.scalars(
        select(Signatory).where(Signatory.uid.in_(uids), Signatory.voided.is_(voided))
    ).all()
    if not uids or len(rows) != len(set(uids)):
        raise UserError(
            "Sebagian baris tidak ada lagi di daftar ini. Data tidak berubah. Pilih ulang.",
            "no_such_line",
        )
    for row in rows:
        require_own(posko, row.office_code)
    return rows


def _require_receivable(
    posko: Posko, session: Session, uids: Sequence[str], on: date | None, scan: Path | None
) -> None:
    rows = _lines(posko, session, uids)
    if on is None:
        return
    held_on = session.scalar(
        select(PreventionActivity.on)
        .join(Pledge, Pledge.activity_uid == PreventionActivity.uid)
        .where(Pledge.uid == rows[0].pledge_uid)
    )
    problems = []
    if on > posko.today():
        problems.append(Problem("on", "Tanggal diterima setelah hari ini."))
    if held_on and on < held_on:
        problems.append(Problem("on", "Tanggal diterima sebelum hari ikrar."))
    if any(not row.name for row in rows):
        said = "Jabatan yang belum terisi tidak membuat ikrar mandiri. Isi dulu nama pejabatnya."
        problems.append(Problem("uids", said))
    if scan is not None and len(uids) > 1:
        problems.append(Problem("scan", "Satu pindaian untuk satu orang. Pilih satu baris."))
    if problems:
        raise InvalidInput(problems)
