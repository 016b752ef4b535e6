"""What a conversion replaces in a case: kept in its event, and put back when it is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Case
from posko_app.errors import Problem
from posko_app.rules import stages
from posko_app.rules.events import in_force, order_key
from posko_app.rules.facts import INTAKE_KINDS

from .kinds import UpgradePath, intake_book
from .step_checks import may_name

CONVERTED = "converted"
TAKEN_IN = ("filed", CONVERTED, "received_transfer")
"""Events that say what a case is and since when its date is known."""
WAS = "was."  # keys in the data of a conversion: what stood in the case before it
ALIAS = "reporter_alias"
FILING = ("filed_on", "filed_time", "filed_place", "channel", "arrived_at", "arrival_reason")
"""What only a new date of filing replaces."""
OF_KIND = (
    *("finder", "finder_title", "finder_address", "lhp_number", "lhp_on"),
    *("plenary_number", "plenary_on", "reporter_capacity"),
)
"""What only some kinds are asked."""
KEPT = (*FILING, *OF_KIND, "received_at", ALIAS)
OPEN = ("filed_place", "arrival_reason", "finder", "finder_title", "finder_address")


def off_path(posko: Posko, source: str, target: str, *, over_form: bool) -> list[Problem]:
    """Why something of one kind may not become another, with or without the form of that kind."""
    if target not in INTAKE_KINDS or target == source:
        return []  # said elsewhere
    path = intake_book().path(source, target)
    label = posko.vocabulary.label("intake_kind", target).lower()
    if path is None:
        return [Problem("intake_kind", f"Perkara ini tidak dapat dijadikan {label}.")]
    if path.form and not over_form:
        said = f"Untuk menjadi {label}, formulirnya harus diisi. Pilih Jadikan {label} pada perkara"
        return [Problem("intake_kind", f"{said} ini. Data tidak berubah.")]
    return []


def held(row: Case) -> dict[str, Any]:
    """What a conversion may replace, as it stands."""
    return {name: getattr(row, name) for name in KEPT if name != ALIAS}


def displaced(
    posko: Posko, session: Session, row: Case, before: Mapping[str, Any], path: UpgradePath
) -> dict[str, str]:
    """What stood there before, for the data of a conversion.

    Texts that name somebody who is sealed, or may do so, are left out: events are open.
    """
    anew = (*FILING, "received_at") if path.filed == "new" else ()  # its day may still be corrected
    names = [n for n, value in before.items() if n in anew or value != getattr(row, n)]
    texts = {n: before[n] or "" for n in names if n in OPEN}
    hidden = may_name(posko, session, row.uid, texts)
    return {WAS + name: _plain(before[name]) for name in names if name not in hidden}


def put_back(session: Session, case_uid: str, undone: str, events: Sequence[stages.Event]) -> None:
    """Give a case back what the undone conversion replaced; nothing for any other event.

    `events` are all of the case, the one that voids it among them.
    """
    event = next((e for e in events if e.uid == undone and e.kind == CONVERTED), None)
    if event is None:
        return
    row = session.scalars(select(Case).where(Case.uid == case_uid)).one()
    for name, said in _before(undone, events).items():
        with suppress(ValueError):  # as another office may have sent it
            setattr(row, name, _value(name, said))
    known = _known(events)
    if known or _says(event):
        row.known_on = known


def _before(undone: str, events: Sequence[stages.Event]) -> dict[str, str]:
    """What was replaced since the last conversion that counts, and by none after this one."""
    voided = {event.corrects for event in events if event.kind == "corrected"}
    chain = sorted((e for e in events if e.kind == CONVERTED), key=order_key)
    place = next(n for n, event in enumerate(chain) if event.uid == undone)
    values: dict[str, str] = {}
    for event in reversed(chain[: place + 1]):
        if event.uid not in voided:
            break
        values |= {k.removeprefix(WAS): v for k, v in event.data.items() if k.startswith(WAS)}
    later = [event for event in chain[place + 1 :] if event.uid not in voided]
    return {
        name: said
        for name, said in values.items()
        if name in KEPT and not any(WAS + name in event.data for event in later)
    }


def _known(events: Sequence[stages.Event]) -> date | None:
    """The date known, or found, that the events in force say."""
    kept, _ = in_force(events)
    began = (e for e in kept if e.kind in TAKEN_IN and not e.data.get("handover"))
    said = [_says(event) for event in began]
    with suppress(ValueError):
        return date.fromisoformat(said[-1]) if said and said[-1] else None
    return None


def _says(event: stages.Event) -> str:
    return event.data.get("known_on") or event.data.get("found_on") or ""


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _value(name: str, said: str) -> Any:
    """The value of a column from the text that an event holds."""
    column = Case.__table__.c[name]
    kind = column.type.python_type
    if kind in (date, datetime):
        return kind.fromisoformat(said) if said else None
    return None if not said and column.nullable else said
