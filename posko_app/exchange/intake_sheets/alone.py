"""Rows that stand for themselves: what happened in cases, prevention work, and that nothing did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.coverage import NewEntry, add_entries, check_coverage
from posko_app.cases.evidence import StoredEvidence, attach_stored
from posko_app.cases.find import case_uid_of
from posko_app.cases.outreach import Attached, add_files
from posko_app.cases.pledge import ITEM, NewPledge, add_invited, add_pledge, pledge_defaults
from posko_app.cases.prevention import NewActivity, add_activity, check_activity, in_force
from posko_app.cases.report import EvidenceInput
from posko_app.cases.roster import RosterRow, post_of
from posko_app.cases.steps import NewStep, add_step, check_new_step
from posko_app.data.tables import Pledge, PreventionActivity, Signatory
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules.identity import parse_nip
from posko_app.security.uid import new_uid
from posko_app.text import clean, fold, numeric_date

from .entries import Entry
from .forms import Filed, Prepared
from .lines import FilledBook, Wrong

_FIELDS = {"village_code": "village"}
"""What a use case calls a field that the sheet calls otherwise."""


def prepare_alone(posko: Posko, filled: FilledBook, entry: Entry) -> Prepared | None:
    """An entry ready to be filed; None, with the reasons noted, when it is not."""
    try:
        return _BY_PART[entry.part](posko, filled, dict(entry.main.values))
    except InvalidInput as error:
        entry.refuse(placed(entry, error))
    return None


def placed(entry: Entry, error: InvalidInput) -> list[Wrong]:
    """The problems of a row by the columns of its sheet."""
    line = entry.main
    return [
        Wrong(line.sheet.name, line.row, line.heading(_FIELDS.get(p.field, p.field)), p.message)
        for p in error.problems
    ]


def _files(values: dict[str, Any], description: str) -> tuple[EvidenceInput, ...]:
    path: Path | None = values.pop("file", None)
    return (EvidenceInput(description=description, path=path),) if path else ()


def _progress(posko: Posko, filled: FilledBook, values: dict[str, Any]) -> Prepared:
    """A step of a case that runs here, and the file that shows it."""
    named = str(values["case"])
    try:
        with posko.store.read() as session:
            uid = case_uid_of(session, named)
    except UserError as error:
        raise InvalidInput([Problem("case", error.message)]) from error
    step = NewStep(kind=values.get("kind", "note"), on=values["on"], note=values["note"])
    if problems := check_new_step(posko, uid, step):
        raise InvalidInput(problems)
    files = _files(values, clean(step.note)[:120])

    def file(session: Session, stored: Sequence[StoredEvidence]) -> Filed:
        add_step(posko, session, uid, step)
        if stored:
            attach_stored(posko, session, uid, stored)
        board.refresh(posko, session, [uid])
        posko.note(session, f"step.{step.kind}", uid, via="intake")
        return Filed(uid, named)

    return Prepared(step.note, files, file)


def _prevention(posko: Posko, filled: FilledBook, values: dict[str, Any]) -> Prepared:
    files = _files(values, "")
    values.setdefault("region_code", filled.office)
    new = NewActivity(**values)
    check_activity(posko, new)

    def file(session: Session, stored: Sequence[StoredEvidence]) -> Filed:
        uid = add_activity(posko, session, new).uid
        _attach(posko, session, uid, files, stored)
        return Filed(uid)

    return Prepared(new.title, files, file)


def _coverage(posko: Posko, filled: FilledBook, values: dict[str, Any]) -> Prepared:
    files = _files(values, "")
    values.pop("subdistrict", None)
    new = NewEntry(village_code=values.pop("village"), **values)
    check_coverage(posko, [new])

    def file(session: Session, stored: Sequence[StoredEvidence]) -> Filed:
        (uid,) = add_entries(posko, session, [new])
        _attach(posko, session, uid, files, stored)
        return Filed(uid)

    region = posko.regions.get(new.village_code)
    word = posko.vocabulary.label("coverage_item", new.item)
    return Prepared(f"{word}, {region.name if region else new.village_code}", files, file)


def _attach(
    posko: Posko,
    session: Session,
    uid: str,
    files: Sequence[EvidenceInput],
    stored: Sequence[StoredEvidence],
) -> None:
    if stored:
        shown = [Attached(item.path, uid) for item in files if item.path]
        add_files(posko, session, shown, stored)


def _pledge(posko: Posko, filled: FilledBook, values: dict[str, Any]) -> Prepared:
    """One invited office of a pledge, which begins with its first row."""
    name, post = clean(values.get("name", "")), clean(values.get("position_title", ""))
    problems = []
    number = parse_nip(values["nip"]) if values.get("nip") else None
    if number and number.errors:
        problems.append(Problem("nip", number.errors[0]))
    if not name and not post:
        problems.append(Problem("position_title", "Isi nama atau jabatan."))
    if problems:
        raise InvalidInput(problems)
    text = pledge_defaults(posko)
    new = NewPledge(
        on=values["on"],
        title=values["title"],
        place=values.get("place", ""),
        region_code=filled.office,
        organiser=values.get("organiser", text.organiser),
        opening=text.opening,
        points=text.points,
        closing=text.closing,
        done=values["on"] <= posko.today(),
    )
    row = RosterRow(
        name=name,
        nip=number.value if number else "",
        position_title=post,
        agency=clean(values.get("agency", "")),
        note=clean(values.get("note", "")),
    )
    came = values.get("attendance", "")

    def file(session: Session, stored: Sequence[StoredEvidence]) -> Filed:
        pledge = _found_pledge(posko, session, new) or add_pledge(posko, session, new)
        session.flush()
        added = add_invited(posko, session, pledge.uid, [row])
        line = added[0] if added else _on_roster(session, pledge.uid, row)
        if came and not line.attendance:
            line.attendance = came
            line.represented_by = clean(values.get("represented_by", ""))
            _count_present(session, pledge)
            return Filed(line.uid)
        return Filed(line.uid, again=not added)

    return Prepared(f"{new.title}: {name or post}", (), file)


def _found_pledge(posko: Posko, session: Session, new: NewPledge) -> Pledge | None:
    """The pledge of this day that bears this title."""
    rows = session.execute(
        select(Pledge, PreventionActivity.title)
        .join(PreventionActivity, PreventionActivity.uid == Pledge.activity_uid)
        .where(
            in_force(),
            PreventionActivity.item == ITEM,
            PreventionActivity.on == new.on,
            PreventionActivity.region_code == new.region_code,
            Pledge.office_code == posko.office.code,
        )
        .order_by(Pledge.uid)
    )
    return next((pledge for pledge, title in rows if fold(title) == fold(new.title)), None)


def _on_roster(session: Session, uid: str, wanted: RosterRow) -> Signatory:
    rows = session.scalars(
        select(Signatory).where(Signatory.pledge_uid == uid, Signatory.voided.is_(False))
    )
    return next(
        row
        for row in rows
        if (wanted.nip and row.nip == wanted.nip)
        or post_of(wanted)
        == post_of(RosterRow(name=row.name, position_title=row.position_title, agency=row.agency))
    )


def _count_present(session: Session, pledge: Pledge) -> None:
    activity = session.scalars(
        select(PreventionActivity).where(PreventionActivity.uid == pledge.activity_uid)
    ).one()
    session.flush()
    came = session.scalars(
        select(Signatory.attendance).where(
            Signatory.pledge_uid == pledge.uid,
            Signatory.voided.is_(False),
            Signatory.attendance.in_(("present", "represented")),
        )
    ).all()
    if activity.done and activity.participants != len(came):
        activity.participants = len(came)


def _nil(posko: Posko, filled: FilledBook, values: dict[str, Any]) -> Prepared:
    """That there was nothing to hand on in a period: a line of the audit chain."""
    since, until, what = values["since"], values["until"], values["what"]
    problems = []
    if until < since:
        problems.append(Problem("until", "Tanggal akhir sebelum tanggal awal. Periksa keduanya."))
    if until > posko.today():
        problems.append(Problem("until", "Tanggal ini setelah hari ini. Periksa tanggalnya."))
    if what.startswith(("Laporan", "Semua")) and _handed_in(filled, since, until):
        said = "Berkas ini memuat laporan dari hari-hari itu, jadi tidak nihil. Hapus baris ini."
        problems.append(Problem("what", said))
    if problems:
        raise InvalidInput(problems)

    def file(session: Session, stored: Sequence[StoredEvidence]) -> Filed:
        uid = new_uid()
        period = {"since": since.isoformat(), "until": until.isoformat()}
        office = filled.office or posko.office.code
        posko.note(session, "intake.nil", uid, office=office, what=what, **period)
        return Filed(uid)

    title = f"{what}, {numeric_date(since)} sampai {numeric_date(until)}"
    return Prepared(title, (), file)


def _handed_in(filled: FilledBook, since: Any, until: Any) -> bool:
    filed = (line.values.get("filed_on") for part in ("report", "finding", "tip")
             for line in filled.lines[part])  # fmt: skip
    return any(day is not None and since <= day <= until for day in filed)


_BY_PART: Mapping[str, Callable[[Posko, FilledBook, dict[str, Any]], Prepared]] = {
    "progress": _progress,
    "prevention": _prevention,
    "coverage": _coverage,
    "pledge": _pledge,
    "nil": _nil,
}
