"""What an office that gave a case away still changed: proposals to the office that has it now.

Its edits are joined like all others, or the offices would never agree. Where this office handles
the case by then, it writes its own value over them again and keeps theirs as open proposals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data import record as records
from posko_app.data.record import Record, Sibling, Value
from posko_app.data.versions import Stamper
from posko_app.errors import InvalidInput

from .authority import Offices, class_of
from .decide import write_fields
from .judge import Decision
from .layout import layout
from .proposals import OPEN, HandEdit, fingerprint, remember
from .shown import column_of

PLACE = "{sheet}: {heading} (diubah kantor asal)"


@dataclass(frozen=True)
class Late:
    """A field that the former office changed: its value here, and theirs."""

    table: str
    uid: str
    case_uid: str
    field: str
    mine: Value
    theirs: Value


def late_edits(
    offices: Offices, decisions: Iterable[Decision], texts: Mapping[str, str]
) -> list[Late]:
    """The late edits among decided records; `texts` are these records as they stand here."""
    found = []
    changed = [d for d in decisions if d.changed and d.prepared.uid in texts]
    moved = offices.moved({d.prepared.case_uid for d in changed} - {""}) if changed else set()
    for decision in changed:
        prepared = decision.prepared
        if prepared.case_uid not in moved:
            continue
        text = texts[prepared.uid]
        left = offices.left(prepared.case_uid)
        if not left:
            continue
        here = records.from_canonical(records.loads(text))
        came = records.from_canonical(records.loads(decision.text))
        for name in decision.changed:
            theirs = _written_late(offices, here, came, name, left)
            if theirs is not None:
                mine = offices.shown(here, name)
                case = prepared.case_uid
                found.append(Late(here.table, here.uid, case, name, mine, theirs.value))
    return found


def _written_late(
    offices: Offices, here: Record, came: Record, name: str, left: Collection[str]
) -> Sibling | None:
    """What an office that has no say any more wrote into a field; None when it did not."""
    if class_of(here.table, name) not in ("biasa", "wewenang"):
        return None
    known = here.fields.get(name, ())
    fresh = [
        sibling
        for sibling in came.fields.get(name, ())
        if sibling not in known and sibling.dot[1] > here.vv.get(sibling.dot[0], 0)
    ]
    wrote = {offices.devices.get(records.home(sibling.dot[0]), "") for sibling in fresh}
    return fresh[-1] if fresh and wrote <= set(left) else None


def propose(
    posko: Posko,
    session: Session,
    stamper: Stamper,
    offices: Offices,
    import_uid: str,
    late: Sequence[Late],
) -> None:
    """Write our values over late edits and keep theirs as open proposals."""
    edits = []
    for one in late:
        try:
            write_fields(posko, session, stamper, offices, {one.uid: {one.field: one.mine}})
        except InvalidInput:  # our own text names somebody: a person must look at both
            continue
        edits.append(_edit(one))
    remember(posko, session, import_uid, edits, OPEN)


def _edit(one: Late) -> HandEdit:
    sheet = layout().sheet(one.table)
    column = column_of(one.table, one.field)
    name = sheet.name if sheet else one.table
    heading = column.heading if column else one.field
    return HandEdit(
        fingerprint=fingerprint("handover", one.table, one.uid, one.field, one.theirs),
        kind="cleared" if one.theirs is None else "value",
        table=one.table,
        uid=one.uid,
        field=one.field,
        case_uid=one.case_uid,
        sheet=name,
        row=0,
        heading=heading,
        place=PLACE.format(sheet=name, heading=heading),
        base=one.mine,
        theirs=one.theirs,
        mine=one.mine,
    )
