"""Which rows were taken in before: by the row's own name, else by what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from posko_app.app import Posko
from posko_app.data.tables import CaseBoard, IntakeRow
from posko_app.exchange.intake_layout import intake_layout
from posko_app.text import fold

from .entries import Entry
from .held import release
from .lines import FilledBook, Wrong

_AT_ONCE = 400


@dataclass
class Known:
    """The rows of earlier workbooks that bear on this one."""

    by_key: dict[tuple[str, str, str], IntakeRow]
    by_content: dict[tuple[str, str], IntakeRow]
    numbers: dict[str, str]  # of the cases that they became


def look_up(session: Session, entries: Sequence[Entry]) -> Known:
    """Everything known of these entries."""
    books = {entry.main.book for entry in entries if entry.main.book}
    rows = [
        *_rows(session, IntakeRow.book_uid, books),
        *_rows(session, IntakeRow.content_hash, {entry.content for entry in entries}),
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


def judge(entries: Sequence[Entry], known: Known) -> None:
    """Mark what was taken in before, what is a copy, and rows that changed since."""
    seen: dict[tuple[str, str], Entry] = {}
    kept = {
        (entry.main.book, entry.part, entry.main.key)
        for entry in entries
        if entry.main.key and (entry.part, entry.content) in known.by_content
    }
    for entry in entries:
        same = known.by_content.get((entry.part, entry.content))
        key = (entry.main.book, entry.part, entry.main.key)
        if same is not None:
            _again(entry, same, known)
        elif (first := seen.get((entry.part, entry.content))) is not None:
            entry.verdict, entry.twin = "again", first.main.row
        elif entry.main.key and key in known.by_key and key not in kept and not _another(entry):
            _changed(entry, known.by_key[key], known)
        seen.setdefault((entry.part, entry.content), entry)


def remember(posko: Posko, session: Session, filled: FilledBook, entries: Iterable[Entry]) -> None:
    """Note that these entries are taken in, so that none of them is filed again."""
    used: set[tuple[str, str, str]] = set()
    for entry in entries:
        key = (entry.main.book, entry.part, entry.main.key)
        if not entry.main.key or key in used or _taken(session, key):
            # a copied row bears the name of the one it was copied from
            key = (entry.main.book or filled.uid, entry.part, f"#{entry.content}")
        used.add(key)
        session.add(
            IntakeRow(
                book_uid=key[0],
                sheet=key[1],
                row_key=key[2],
                content_hash=entry.content,
                record_uid=entry.uid,
                taken_at=posko.now(),
            )
        )
        release(session, filled.uid, entry.form_key)


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
