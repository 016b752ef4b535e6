"""What a form replaces in a case that becomes something else, and who is still named there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Case, Event, Evidence, ReportedParty
from posko_app.text import fold, numeric_date

from .evidence import kept_name, stays_here
from .facts_change_told import CHANGED, HIDDEN, LABELS, MARK, NOW, TEXTS, WAS, label_of, told
from .identity import known_people
from .kinds import kind_of
from .people_keys import drop_names
from .people_names import likeness
from .report import OPEN_TEXTS, NewReport, ReportedInput
from .step_checks import may_name, named_in_the_open
from .steps import NewStep, step_event, step_row
from .tidy import party_row, party_values

CODES = ("party.category", "party.nip")
"""Values of reported persons that are no free text."""


@dataclass
class Replaced:
    """What stood there and what stands there now, by field; of the case or of one party."""

    was: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)
    party: str = ""


def take_values(row: Case, values: Mapping[str, Any]) -> Replaced:
    """Write values into a case; what is told of them is what replaced something."""
    gone = Replaced()
    for name, value in values.items():
        was = getattr(row, name)
        if name in LABELS and was not in ("", None) and was != value:
            gone.was[name], gone.now[name] = was, value
        setattr(row, name, value)
    return gone


def take_parties(session: Session, uid: str, given: Sequence[ReportedInput]) -> list[Replaced]:
    """Complete the reported persons of a case by those of a form; the rest are new.

    Nothing is emptied: a form of another kind does not ask everything.
    """
    held = list(
        session.scalars(
            select(ReportedParty)
            .where(ReportedParty.case_uid == uid)
            .order_by(ReportedParty.position, ReportedParty.uid)
        )
    )
    last = max((party.position for party in held), default=0)
    named = [party for party in given if party.name.strip()]
    found = _matched(held, named)
    replaced = []
    for place, party in enumerate(named):
        row = found.get(place)
        if row is None:
            last += 1
            session.add(party_row(uid, last, party))
            continue
        gone = Replaced(party=row.uid)
        for name, value in party_values(party).items():
            was = getattr(row, name)
            if not value or value == was:
                continue
            if was:
                gone.was[f"party.{name}"], gone.now[f"party.{name}"] = was, value
            setattr(row, name, value)
        replaced.append(gone)
    return replaced


def _matched(
    held: Sequence[ReportedParty], given: Sequence[ReportedInput]
) -> dict[int, ReportedParty]:
    """Who of a form is who in the case: as the form knows it, by NIP, then by name."""
    found: dict[int, ReportedParty] = {}
    free = {party.uid: party for party in held}
    for same in (_same_uid, _same_nip, _same_name, _like_name):
        for place, party in enumerate(given):
            if place in found:
                continue
            row = next((one for one in free.values() if same(one, party)), None)
            if row is not None:
                found[place] = free.pop(row.uid)
    return found


def _same_uid(row: ReportedParty, given: ReportedInput) -> bool:
    return row.uid == given.uid


def _same_nip(row: ReportedParty, given: ReportedInput) -> bool:
    return bool(row.nip) and row.nip == party_values(given)["nip"]


def _same_name(row: ReportedParty, given: ReportedInput) -> bool:
    return fold(row.name) == fold(given.name) and not _other_nip(row, given)


def _like_name(row: ReportedParty, given: ReportedInput) -> bool:
    return likeness(row.name, given.name) == "same" and not _other_nip(row, given)


def _other_nip(row: ReportedParty, given: ReportedInput) -> bool:
    """Whether both have a NIP and the case's is another one: two persons of one name."""
    return bool(row.nip and given.nip) and not _same_nip(row, given)


def tell(posko: Posko, session: Session, row: Case, kind: str, replaced: Replaced) -> None:
    """Keep what was replaced in a note of the case; never what names somebody sealed in it."""
    if not replaced.was:
        return
    uid = row.uid
    texts = {name: name in TEXTS or (name[:6] == "party." and name not in CODES)
             for name in replaced.was}  # fmt: skip
    data = {"about": MARK, CHANGED: ",".join(replaced.was)}
    if replaced.party:
        data["party"] = replaced.party
    for key, values in ((WAS, replaced.was), (NOW, replaced.now)):
        plain = {name: _plain(value) for name, value in values.items()}
        hidden = may_name(posko, session, uid, {n: v for n, v in plain.items() if texts[n]})
        data |= {key + n: HIDDEN if n in hidden else value for n, value in plain.items()}
    event = step_event(posko, NewStep(kind="note", on=posko.today(), data=data))
    session.add(step_row(posko, uid, event, told(posko, kind_of(kind), data, "")))
    session.flush()
    if name := replaced.was.get("party.name"):
        drop_names(session, uid, [name])


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def hide_names(posko: Posko, session: Session, uid: str) -> None:
    """Give files of a case plain names that are called after somebody sealed in it by now."""
    people = known_people(posko, session, uid)
    for item in session.scalars(select(Evidence).where(Evidence.case_uid == uid)):
        if item.file_name and not stays_here(item.file_name):
            name = kept_name(Path(item.file_name), item.position, people)
            if name != item.file_name:
                item.file_name = name


def still_named(posko: Posko, session: Session, row: Case, new: NewReport) -> tuple[str, ...]:
    """One sentence about the texts from before that name somebody who is sealed now."""
    places = dict(_places(session, row, new))
    texts = {key: said for key, (_, said) in places.items()}
    named = {problem.field for problem in named_in_the_open(posko, session, row.uid, texts)}
    if not named:
        return ()
    where = ", ".join(label for key, (label, _) in places.items() if key in named)
    return (
        f"Orang yang dirahasiakan masih disebut di: {where}. Betulkan isinya, karena terbaca "
        "semua peran dan ikut dalam kiriman.",
    )


def _places(session: Session, row: Case, new: NewReport) -> Iterator[tuple[str, tuple[str, str]]]:
    """The texts that a case keeps from before: key, and what it is called and says."""
    kind = kind_of(new.kind)
    for name in OPEN_TEXTS:
        said = getattr(row, name, None)
        if said and said != getattr(new, name):
            label = label_of(kind, name) if name in LABELS else OTHERS.get(name, name)
            yield name, (label.lower(), said)
    for item in session.scalars(
        select(Evidence).where(Evidence.case_uid == row.uid).order_by(Evidence.position)
    ):
        yield f"evidence/{item.uid}", (f"keterangan B-{item.position:02d}", item.description)
    notes = select(Event).where(Event.case_uid == row.uid, Event.note != "")
    for event in session.scalars(notes.order_by(Event.on, Event.made_at)):
        yield f"event/{event.uid}", (f"catatan {numeric_date(event.on)}", event.note)


OTHERS = {
    "arrival_reason": "alasan waktu lapor",
    "info_source": "sumber informasi",
    "organisation": "lembaga",
    "handed_to": "diteruskan kepada",
    "proxy_letter": "surat kuasa",
    "filed_place": "tempat lapor",
    "lhp_number": "nomor LHP",
    "plenary_number": "nomor pleno",
    "finder_title": "jabatan penemu",
    "finder_address": "alamat penemu",
}
"""What facts are called that nobody corrects one by one."""
