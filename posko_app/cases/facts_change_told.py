"""What a correction of facts leaves behind: a note that says what was there and what is now."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, Event
from posko_app.rules.identity import parse_nip
from posko_app.text import numeric_date

from .find import case_uid_of
from .kinds import IntakeKind
from .report import DATES
from .step_checks import named_in_the_open

LABELS = {
    **{key: DATES[key] for key in ("event_on", "known_on", "filed_on")},
    "title": "Peristiwa",
    "event_time": "Jam kejadian",
    "event_place": "Tempat kejadian",
    "region_code": "Wilayah",
    "theme": "Jenis dugaan",
    "article": "Pasal",
    "narrative": "Uraian",
    "filed_time": "Jam lapor",
    "election_stage": "Tahapan",
    "party.name": "Nama terlapor",
    "party.category": "Kedudukan terlapor",
    "party.nip": "NIP terlapor",
    "party.rank": "Pangkat/golongan terlapor",
    "party.position_title": "Jabatan terlapor",
    "party.agency": "Instansi terlapor",
    "party.address": "Alamat terlapor",
    "party.phone": "Telepon terlapor",
}
CHANGED, WAS, NOW = "changed", "was.", "now."  # keys in the data of the note
TEXTS = ("title", "event_place", "article", "narrative")
HIDDEN = "tidak disimpan, memuat identitas"
MARK = "facts"  # value of data["about"] of such a note
BRIEF = 60  # letters of an old text told in the timeline; the note's data holds all of it


@dataclass(frozen=True, kw_only=True)
class PastChange:
    """A fact that was corrected, as the timeline holds it; values as texts, dates as ISO."""

    event_uid: str
    on: date
    at: datetime
    actor: str
    office_code: str
    field: str
    label: str
    was: str
    now: str
    reason: str


@use_case("case.read")
def past_changes(posko: Posko, case: str) -> tuple[PastChange, ...]:
    """The facts of a case that were corrected, the latest first."""
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        rows = session.scalars(
            select(Event)
            .where(Event.case_uid == uid, Event.kind == "note")
            .order_by(Event.made_at.desc(), Event.uid.desc())
        )
        found = [(row, json.loads(row.data or "{}")) for row in rows]
    return tuple(
        PastChange(
            event_uid=row.uid,
            on=row.on,
            at=row.made_at,
            actor=row.actor,
            office_code=row.office_code,
            field=name,
            label=LABELS.get(name, name),
            was=data.get(WAS + name, ""),
            now=data.get(NOW + name, ""),
            reason=data.get("reason", ""),
        )
        for row, data in found
        if data.get("about") == MARK
        for name in data.get(CHANGED, "").split(",")
    )


def naming(posko: Posko, session: Session, row: Case, values: Mapping[str, Any]) -> frozenset[str]:
    """The texts whose old words are not kept: they name somebody who is sealed, or may do so."""
    old = {name: getattr(row, name) for name in TEXTS if name in values and getattr(row, name)}
    if posko.keys.identity is None:
        return frozenset(old)
    return frozenset(p.field for p in named_in_the_open(posko, session, row.uid, old))


def data_of(
    row: Case, values: Mapping[str, Any], reason: str, hidden: Collection[str]
) -> dict[str, str]:
    """What the note holds for programs: the fields, what was there, what is there now."""
    data = {"about": MARK, CHANGED: ",".join(values), "reason": reason}
    for name, value in values.items():
        data[WAS + name] = HIDDEN if name in hidden else _plain(getattr(row, name))
        data[NOW + name] = _plain(value)
    return data


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def told(posko: Posko, kind: IntakeKind, data: Mapping[str, str], reason: str) -> str:
    """What the note says to people."""
    lines = []
    for name in data[CHANGED].split(","):
        was, now = (_shown(posko, name, data[key + name]) for key in (WAS, NOW))
        label = label_of(kind, name)
        if not was:
            lines.append(f"{label} diisi {now}.")
        elif not now:
            lines.append(f"{label} dikosongkan, semula {was}.")
        else:
            lines.append(f"{label} dibetulkan dari {was} menjadi {now}.")
    return "\n".join((*lines, f"Alasan: {reason}") if reason else lines)


def _shown(posko: Posko, name: str, value: str) -> str:
    if value in ("", HIDDEN):
        return value
    if name.endswith("_on"):
        return numeric_date(date.fromisoformat(value))
    if name.endswith("_time"):
        return value.replace(":", ".")
    if name == "theme":
        return posko.vocabulary.label("allegation", value)
    if name == "election_stage":
        return posko.vocabulary.label("election_stage", value)
    if name == "party.category":
        return posko.vocabulary.label("reported_category", value)
    if name == "party.nip":
        return parse_nip(value).grouped or value
    if name == "region_code":
        region = posko.regions.get(value)
        return region.name if region else value
    brief = " ".join(value.split())
    return f"“{brief}”" if len(brief) <= BRIEF else f"“{brief[:BRIEF].rstrip()} …”"


def label_of(kind: IntakeKind, name: str) -> str:
    """What a fact is called in a kind of intake."""
    return kind.labels.get(name) or LABELS[name]
