"""Which rows were taken in before: by the row's own name, else by what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from posko_app.app import Posko
from posko_app.cases.find import case_uid_of
from posko_app.data.tables import CaseBoard, IntakeRow
from posko_app.errors import UserError
from posko_app.exchange.intake_layout import DETAILS, MAIN, intake_layout
from posko_app.text import fold

from .entries import Entry, detail_of, whole_of
from .held import release
from .lines import FilledBook, Line, Wrong

_AT_ONCE = 400
LINK = "link"
"""In place of a sheet: the running number of a workbook that became a case."""


@dataclass
class Known:
    """The rows of earlier workbooks that bear on this one."""

    by_key: dict[tuple[str, str, str], IntakeRow]
    by_content: dict[tuple[str, str], IntakeRow]
    numbers: dict[str, str]  # of the cases that they became

    def same(self, entry: Entry) -> IntakeRow | None:
        """The row that said the same as this entry does."""
        found = (self.by_content.get((entry.part, text)) for text in said(entry))
        return next(filter(None, found), None)


def said(entry: Entry) -> tuple[str, ...]:
    """What an entry says, with and without the identities that stayed here."""
    return tuple(dict.fromkeys((entry.content, entry.shown)))


def _look_up(session: Session, entries: Sequence[Entry]) -> Known:
    """Everything known of these entries."""
    books = {entry.main.book for entry in entries if entry.main.book}
    rows = [
        *_rows(session, IntakeRow.book_uid, books),
        *_rows(session, IntakeRow.content_hash, {text for e in entries for text in said(e)}),
    ]
    uids = {row.record_uid for row in rows}
    numbers: dict[str, str] = {}
    for chunk in _chunks(uids):
        lines = session.scalars(select(CaseBoard).where(CaseBoard.case_uid.in_(chunk)))
        numbers |= {line.case_uid: line.register_number or line.number for line in lines}
    return Known(
        by_key={(row.book_uid, row.sheet, row.row_key): row for row in rows},
        by_content={(row.sheet, row.content_hash): row for row in rows},
        numbers=numbers,
    )


def judge(
    posko: Posko, session: Session, filled: FilledBook, entries: Sequence[Entry]
) -> list[Entry]:
    """Mark what was taken in before, what is a copy, and rows that changed since.

    Rows that were added to a report which is here already become entries of their own; they are
    returned with the others.
    """
    known = _look_up(session, entries)
    kept = {
        (entry.main.book, entry.part, entry.main.key)
        for entry in entries
        if entry.main.key and known.same(entry)
    }
    seen: dict[str, Entry] = {}
    for entry in entries:
        if entry.part in DETAILS:
            continue
        whole = whole_of(posko, entry)
        same = known.same(entry)
        key = (entry.main.book, entry.part, entry.main.key)
        if same is not None:
            _again(entry, same, known)
        elif (first := seen.get(whole)) is not None:
            entry.verdict, entry.twin = "again", first.main.row
        elif entry.main.key and key in known.by_key and key not in kept and not _another(entry):
            _changed(entry, known.by_key[key], known)
        seen.setdefault(whole, entry)
    return _with_additions(posko, session, filled, entries, known)


def _with_additions(
    posko: Posko, session: Session, filled: FilledBook, entries: Sequence[Entry], known: Known
) -> list[Entry]:
    """The entries, and those rows that came after the report they belong to was filed."""
    late: list[tuple[Entry, Entry | None]] = []
    for entry in entries:
        if entry.part in DETAILS:
            entry.owner = _owner(session, filled, entry.main)
            if entry.owner:
                heading = entry.main.heading("link")
                entry.main.wrong = [w for w in entry.main.wrong if w.column != heading]
                late.append((entry, None))
        elif entry.verdict == "again" and entry.uid:
            for part in set(entry.details) - {"reporter"}:  # who reports was compared already
                lines = entry.details.pop(part)
                late += [(Entry(line, owner=entry.uid), entry) for line in lines]
    owners = {entry.owner for entry, _ in late}
    there = {(r.sheet, r.content_hash) for r in _rows(session, IntakeRow.record_uid, owners)}
    found = list(entries)
    for entry, report in late:
        entry.content = detail_of(posko, entry.main, entry.owner)
        key = (entry.main.book, entry.part, entry.main.key)
        emptied = key in known.by_key and entry.main.emptied
        if emptied or (entry.part, entry.content) in there:
            entry.verdict, entry.uid = "again", entry.owner
        elif entry.main.key and key in known.by_key and not _another(entry):
            _changed(entry, known.by_key[key], known)
        if report is None:
            continue
        if entry.verdict == "again":  # as before: a row of its report
            report.details.setdefault(entry.part, []).append(entry.main)
        else:
            found.append(entry)
    return found


def _owner(session: Session, filled: FilledBook, line: Line) -> str:
    """The case that a row means which belongs to no row of this file."""
    if not line.link:
        return ""
    row = session.scalar(
        select(IntakeRow.record_uid).where(
            IntakeRow.book_uid == filled.uid,
            IntakeRow.sheet == LINK,
            IntakeRow.row_key == line.link,
        )
    )
    if row is not None:
        return str(row)
    try:
        return case_uid_of(session, line.link) if "/" in line.link else ""
    except UserError:
        return ""


def remember(posko: Posko, session: Session, filled: FilledBook, entries: Iterable[Entry]) -> None:
    """Note that these entries are taken in, so that none of them is filed again."""
    used: set[tuple[str, str, str]] = set()
    for entry in entries:
        uid = entry.owner or entry.uid
        _note(posko, session, filled, used, entry.main, entry.content, uid)
        if entry.shown not in ("", entry.content):  # the file itself names nobody
            _note(posko, session, filled, used, entry.main, entry.shown, uid)
        if entry.part in MAIN:
            for line in list(entry.lines)[1:]:
                if line.sheet.part != "reporter":
                    content = detail_of(posko, line, uid)
                    _note(posko, session, filled, used, line, content, uid)
            _note_link(posko, session, filled, entry)
        release(session, filled.uid, entry)


def _note(
    posko: Posko,
    session: Session,
    filled: FilledBook,
    used: set[tuple[str, str, str]],
    line: Line,
    content: str,
    uid: str,
) -> None:
    part = line.sheet.part
    key = (line.book, part, line.key)
    if not line.key or key in used or _taken(session, key):
        # a copied row bears the name of the one it was copied from
        key = (line.book or filled.uid, part, f"#{content}")
        if key in used or _taken(session, key):
            return
    used.add(key)
    session.add(
        IntakeRow(
            book_uid=key[0],
            sheet=part,
            row_key=key[2],
            content_hash=content,
            record_uid=uid,
            taken_at=posko.now(),
        )
    )


def _note_link(posko: Posko, session: Session, filled: FilledBook, entry: Entry) -> None:
    """Which running number of this workbook became which case; the last one counts."""
    where = (IntakeRow.book_uid == filled.uid, IntakeRow.sheet == LINK)
    link = entry.main.link
    row = session.scalar(select(IntakeRow).where(*where, IntakeRow.row_key == link))
    if row is not None:
        row.record_uid = entry.uid
        return
    session.add(
        IntakeRow(
            book_uid=filled.uid,
            sheet=LINK,
            row_key=link,
            content_hash="",
            record_uid=entry.uid,
            taken_at=posko.now(),
        )
    )


def _again(entry: Entry, row: IntakeRow, known: Known) -> None:
    entry.verdict, entry.uid = "again", row.record_uid
    entry.number = known.numbers.get(row.record_uid, "")


def _changed(entry: Entry, row: IntakeRow, known: Known) -> None:
    """A row that was filed and says something else now: only its writer knows which it is."""
    line, word = entry.main, intake_layout().another
    number = known.numbers.get(row.record_uid, "")
    taken = f"sebagai {number}" if number else "sebelumnya"
    reason = (
        f"Baris ini sudah diterima {taken}, tetapi isinya kini lain. Bila ini hal lain, ganti "
        f"kalimat ini dengan kata {word}. Bila hanya perbaikan, tulis di lembar Perkembangan, "
        "lalu hapus baris ini."
    )
    entry.refuse([Wrong(line.sheet.name, line.row, "", reason)])


def _another(entry: Entry) -> bool:
    return fold(entry.main.mending) == fold(intake_layout().another)


def _taken(session: Session, key: tuple[str, str, str]) -> bool:
    return (
        session.scalar(
            select(IntakeRow.id).where(
                IntakeRow.book_uid == key[0],
                IntakeRow.sheet == key[1],
                IntakeRow.row_key == key[2],
            )
        )
        is not None
    )


def _rows(
    session: Session, column: InstrumentedAttribute[str], values: set[str]
) -> Iterator[IntakeRow]:
    for chunk in _chunks(values):
        yield from session.scalars(select(IntakeRow).where(column.in_(chunk)))


def _chunks(values: set[str]) -> Iterator[list[str]]:
    wanted = sorted(values)
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]
