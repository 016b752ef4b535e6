"""A hand edit: one cell or row that somebody typed into a workbook, with its three values.

It is a proposal, never applied silently. What was decided is remembered by fingerprint, so that the
same file asks nothing again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.record import Value, dumps
from posko_app.data.tables import Proposal
from posko_app.security.uid import new_uid

from .opened import VALID, Signature

EditKind: TypeAlias = Literal["value", "cleared", "new", "unknown", "twice", "problem"]
Cells: TypeAlias = tuple[tuple[str, Value], ...]

OPEN, ACCEPTED, REFUSED = "open", "accepted", "refused"
NEW_ROWS: frozenset[EditKind] = frozenset({"new", "unknown", "twice"})
AT_ONCE = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class HandEdit:
    """What somebody typed: the value in the file's own machine layer (`base`), theirs and ours.

    `kind` is value, cleared (emptied by somebody), new (a row without ID), unknown (an ID that is
    not here), twice (an ID that stands twice: usually a copied row) or problem (a formula, a number
    where text is due: no value at all). `differs` tells that our value moved on as well. `reason`
    says why this office cannot accept it; empty where it can. `owner` is the office that decides.
    """

    fingerprint: str
    kind: EditKind
    table: str
    uid: str
    field: str
    case_uid: str
    sheet: str
    row: int
    heading: str
    place: str
    base: Value = None
    theirs: Value = None
    mine: Value = None
    cells: Cells = ()  # of a new row
    raw: str = ""
    base_text: str = ""
    theirs_text: str = ""
    mine_text: str = ""
    record: str = ""
    base_known: bool = True
    differs: bool = False
    twice: bool = False  # a cell of a row whose ID stands twice
    ordinary: bool = True  # of a field that every office may write
    owner: str = ""
    reason: str = ""
    signature: Signature = VALID

    @property
    def acceptable(self) -> bool:
        """Whether this office may accept it."""
        return not self.reason and self.kind != "problem"

    @property
    def ticked(self) -> bool:
        """Whether it is proposed for acceptance: nothing in the way, nothing to think about."""
        plain = self.kind == "value" and self.ordinary and not self.twice and not self.differs
        return plain and self.acceptable and self.base_known and self.signature == VALID


def fingerprint(xid: str, table: str, uid: str, field: str, value: object) -> str:
    """What a decision is remembered by: export, record, field and value."""
    text = dumps({"f": field, "t": table, "u": uid, "v": value, "x": xid})
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def decided(session: Session, fingerprints: Iterable[str]) -> set[str]:
    """Those of the fingerprints that this office has decided before."""
    wanted = sorted(set(fingerprints))
    found: set[str] = set()
    for start in range(0, len(wanted), AT_ONCE):
        chunk = wanted[start : start + AT_ONCE]
        found |= set(
            session.scalars(
                select(Proposal.fingerprint).where(
                    Proposal.fingerprint.in_(chunk), Proposal.state != OPEN
                )
            )
        )
    return found


def remember(
    posko: Posko, session: Session, import_uid: str, edits: Sequence[HandEdit], state: str
) -> None:
    """Keep proposals with what became of them; one that was open before gets its answer."""
    known: dict[str, Proposal] = {}
    for start in range(0, len(edits), AT_ONCE):
        chunk = [edit.fingerprint for edit in edits[start : start + AT_ONCE]]
        for row in session.scalars(select(Proposal).where(Proposal.fingerprint.in_(chunk))):
            known[row.fingerprint] = row
    now = posko.now()
    for edit in edits:
        kept = known.get(edit.fingerprint)
        if kept is not None and state == OPEN:
            continue  # nothing new is known of it
        row = kept or _row(edit)
        if kept is None:
            known[edit.fingerprint] = row
            session.add(row)
        row.state, row.import_uid = state, import_uid
        if state != OPEN:
            row.decided_by, row.decided_at = posko.user.login, now


def _row(edit: HandEdit) -> Proposal:
    return Proposal(
        uid=new_uid(),
        fingerprint=edit.fingerprint,
        table_name=edit.table,
        record_uid=edit.uid,
        field=edit.field,
        base=dumps({"v": edit.base}) if edit.base_known else "",
        theirs=dumps(
            {
                "v": edit.theirs,
                "cells": [list(cell) for cell in edit.cells],
                "kind": edit.kind,
                "raw": edit.raw if edit.kind == "problem" else "",
            }
        ),
        place=edit.place,
        signature=edit.signature,
    )
