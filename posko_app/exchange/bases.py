"""Which version of a record somebody had before them who edited a workbook that lost its proof.

The readable sheets carry the record's id and the first letters of its row hash; the version is
looked for among our records, the before-images of imports, and the workbooks that were kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data import record as records
from posko_app.data.record import Dot, Record, Value
from posko_app.data.tables import Import, ImportBefore
from posko_app.errors import UserError

from .authority import records_of
from .ledger import ACCEPTED
from .manifest import SHEET
from .unlocking import unlocked
from .visible import VERSION_CHARS
from .xlsx.guarded import Reader

AT_ONCE = 400
MOST_KEPT = 4  # workbooks looked into, newest first


def own_versions(session: Session, wanted: Mapping[str, str]) -> dict[str, Record]:
    """The versions named by record and short hash that this database still holds."""
    found: dict[str, Record] = {}
    uids = sorted(uid for uid, version in wanted.items() if version)
    for start in range(0, len(uids), AT_ONCE):
        chunk = uids[start : start + AT_ONCE]
        for uid, record in records_of(session, chunk).items():
            if _is(records.dumps(records.canonical(record)), wanted[uid]):
                found[uid] = record
        for uid, text in _befores(session, chunk):
            if uid not in found and _is(text, wanted[uid]):
                found[uid] = records.from_canonical(records.loads(text))
    return found


def kept_versions(
    posko: Posko, session: Session, reader: Reader, wanted: Mapping[str, str]
) -> dict[str, Record]:
    """The versions that stand in workbooks which were taken in before.

    The reader opens other books for it: whatever it had open must have been read by now.
    """
    found: dict[str, Record] = {}
    left = {uid: version for uid, version in wanted.items() if version}
    for uid, text in _kept_rows(posko, session, reader, left):
        if uid not in found and _is(text, left[uid]):
            found[uid] = records.from_canonical(records.loads(text))
    return found


def former_values(
    posko: Posko,
    session: Session,
    reader: Reader,
    wanted: Mapping[tuple[str, str], Sequence[Dot]],
) -> dict[tuple[str, str], Value]:
    """What contested fields (record, field) held before both sides wrote, as far as it is known.

    `wanted` names the writes that were replaced, the likeliest first. The reader opens other books.
    """
    uids = {uid for uid, _ in wanted}
    found: dict[tuple[str, str], dict[Dot, Value]] = {key: {} for key in wanted}

    def note(uid: str, text: str) -> None:
        try:
            record = records.from_canonical(records.loads(text))
        except ValueError:
            return
        for key, dots in wanted.items():
            siblings = record.fields.get(key[1], ()) if key[0] == uid else ()
            found[key] |= {s.dot: s.value for s in siblings if s.dot in dots}

    for uid, text in _befores(session, sorted(uids)):
        note(uid, text)
    if not all(found.values()):
        for uid, text in _kept_rows(posko, session, reader, uids):
            note(uid, text)
    return {
        key: next(values[dot] for dot in wanted[key] if dot in values)
        for key, values in found.items()
        if values
    }


def _befores(session: Session, uids: Sequence[str]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(uids), AT_ONCE):
        rows = session.execute(
            select(ImportBefore.record_uid, ImportBefore.before).where(
                ImportBefore.record_uid.in_(uids[start : start + AT_ONCE]),
                ImportBefore.before.is_not(None),
                ImportBefore.after_lsn > 0,
            )
        )
        yield from ((uid, text) for uid, text in rows if text)


def _kept_rows(
    posko: Posko, session: Session, reader: Reader, uids: Collection[str]
) -> Iterator[tuple[str, str]]:
    """The rows of these records in the workbooks that brought them, newest first."""
    if not uids:
        return
    for name in _kept(session, sorted(uids)):
        path = posko.folder.inbox_archive / name
        if not path.exists():
            continue
        try:
            with unlocked(posko, path) as plain, reader.letting_go():
                book = reader.open(plain)
                rows = list(book.rows(SHEET)) if SHEET in book.sheets else []
        except UserError:  # a kept file that went bad proves nothing
            continue
        for row in rows[1:]:
            values = [cell.value for cell in row.cells]
            if values and values[0] in uids:
                yield values[0], "".join(values[2:])


def _kept(session: Session, uids: Sequence[str]) -> list[str]:
    """The names of kept files that brought one of these records."""
    brought: set[str] = set()
    for start in range(0, len(uids), AT_ONCE):
        brought |= set(
            session.scalars(
                select(ImportBefore.import_uid).where(
                    ImportBefore.record_uid.in_(uids[start : start + AT_ONCE])
                )
            )
        )
    rows = session.execute(
        select(Import.sha256, Import.file_name)
        .where(Import.verdict == ACCEPTED, Import.export_uid != "")
        .where(Import.uid.in_(sorted(brought)))
        .order_by(Import.id.desc())
        .limit(MOST_KEPT)
    )
    return list(dict.fromkeys(f"{sha256[:12]}_{name}" for sha256, name in rows))


def _is(text: str, version: str) -> bool:
    return records.row_hash(text)[:VERSION_CHARS] == version.strip().upper()
