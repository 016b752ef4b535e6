"""One short text over everything an office shares: equal in two places when they hold the same.

What counts are the values of the fields, unresolved ones included, and nothing else: not who wrote
them when, not the order they came in, not what stays in one office. Two offices that have heard all
of each other therefore give the same digest, and one changed field gives another.
"""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases.identity import FIELDS, open_text
from posko_app.data import record as records
from posko_app.data.base import synced_tables
from posko_app.data.outgoing import Outgoing, of_cases, outgoing_of_cases, outgoing_of_records
from posko_app.data.record import Value
from posko_app.data.tables import SealedPart, Sync
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security import permissions
from posko_app.security.cipher import Damaged

from .judge import NEVER_SENT
from .own_letters import is_kept_from
from .scope import cases_of, loose_of

IDENTITIES = "identities"
AT_ONCE = 250
Read = Callable[[str, str, Value], Value]


@dataclass(frozen=True)
class Digest:
    """The digest, how many records it covers, and how many fields hold differing values."""

    digest: str
    records: int
    conflicts: int


@use_case("office.read")
def digest(
    posko: Posko, of: str = "", *, confidential: bool = False, progress: Progress = silent
) -> Digest:
    """The digest of the records of the office `of` and those below it; empty: the own office.

    A case is an office's when it took it in or when it happened in its region. `confidential` adds
    who reporters and witnesses are, compared in plain because every office seals them with its own
    key; that somebody did so goes into the audit chain. Raises UserError for an unknown code or an
    account without the identity key, NotAllowed.
    """
    code = of or posko.office.code
    region = posko.regions.get(code)
    if region is None or code.count(".") > 2:
        raise UserError(
            f"Kode kantor {code} tidak dikenal. Tidak ada yang diubah. "
            "Tulis seperti 62, 62.10 atau 62.10.01.",
            "unknown_office",
        )
    if confidential:
        permissions.require(posko.user.role, "identity.read")
    left_out = NEVER_SENT - {IDENTITIES} if confidential else NEVER_SENT
    lines: list[bytes] = []
    conflicts = 0
    with posko.store.read() as session:
        for table, batch in _batches(session, code, left_out, progress):
            read = _opened(posko) if table == IDENTITIES else _as_it_is
            for one in batch:
                if table == SealedPart.__tablename__ and is_kept_from("", one.values):
                    continue  # it stays among the computers of one office
                line, several = _line(table, one, read)
                lines.append(line)
                conflicts += several
    if confidential:
        with posko.write() as session:
            posko.note(session, "identity.compared", office=code)
    whole = hashlib.sha256(b"posko/digest/1\n")
    for line in sorted(lines):
        whole.update(line)
    return Digest(whole.hexdigest(), len(lines), conflicts)


def _batches(
    session: Session, code: str, left_out: Iterable[str], progress: Progress
) -> Iterator[tuple[str, Sequence[Outgoing]]]:
    """The records of an office by table, in chunks of bounded size."""
    cases = session.scalars(
        select(Sync.uid).where(Sync.table_name == "cases", cases_of(code)).order_by(Sync.uid)
    ).all()
    loose: dict[str, list[str]] = {}
    of_none = select(Sync.uid, Sync.table_name).where(Sync.case_uid == "", loose_of(code))
    for uid, table in session.execute(of_none):
        loose.setdefault(table, []).append(uid)
    tables = [name for name in synced_tables() if name not in left_out]
    for number, table in enumerate(tables):
        progress(number, len(tables), "Menghitung sidik isi")
        if of_cases(table):
            for start in range(0, len(cases), AT_ONCE):
                yield table, outgoing_of_cases(session, table, cases[start : start + AT_ONCE])
        uids = loose.get(table, [])
        for start in range(0, len(uids), AT_ONCE):
            yield table, outgoing_of_records(session, table, uids[start : start + AT_ONCE])
    progress(len(tables), len(tables), "Menghitung sidik isi")


def _line(table: str, one: Outgoing, read: Read) -> tuple[bytes, int]:
    """The digest of one record, and how many of its fields hold differing values.

    A field that was cleared counts as one that was never written, and a value that two offices
    wrote alike counts once: neither can be seen by people.
    """
    data = records.loads(one.text)
    values: dict[str, list[Value]] = {}
    for name, value in data.get("f", {}).items():
        if value is not None:
            values[name] = [read(one.uid, name, value)]
    conflicts = 0
    for name, entries in data.get("m", {}).items():
        found = {records.dumps({"": v}): v for v in (read(one.uid, name, e[0]) for e in entries)}
        conflicts += len(found) > 1
        if len(found) > 1 or None not in found.values():
            values[name] = [found[key] for key in sorted(found)]
    text = records.dumps({"t": table, "u": one.uid, "f": values})
    return hashlib.sha256(text.encode()).digest(), conflicts


def _as_it_is(uid: str, field: str, value: Value) -> Value:
    return value


def _opened(posko: Posko) -> Read:
    """How sealed values are read; one that got spoiled stands for itself."""

    def read(uid: str, field: str, value: Value) -> Value:
        if field not in FIELDS or not isinstance(value, str):
            return value
        try:
            return open_text(posko, uid, field, value)
        except (Damaged, binascii.Error):
            return f"\0{value}"

    return read
