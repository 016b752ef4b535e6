"""What a message proposes for the fields of the form, and taking over what the officer ticked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from posko_app.app import Posko
from posko_app.cases.chat_fields import Proposal, Split

from .entry import Entry
from .rows import RowContent

NARRATIVE = -1  # the place of the story among the proposals
CHANNEL = "whatsapp"
_EVIDENCE = "evidence."
_OF_MANY = re.compile(r"(reported|witnesses)\.(\d+)\.")
MOST_PEOPLE = 20  # rows that a message may add to the form


@dataclass(frozen=True)
class Offer:
    """One proposal as the officer checks it: ticked or not, and what stands in its field now."""

    place: int  # among the proposals of the split; NARRATIVE for the story
    key: str
    label: str
    value: str  # as it may be shown
    where: str
    line: int
    ticked: bool
    filled: bool


def offers(entry: Entry, split: Split, posko: Posko) -> list[Offer]:
    """Everything that a message offers; sure values for empty fields are ticked beforehand."""
    found = []
    ticked: set[str] = set()
    for place, proposal in enumerate(split.proposals):
        asked = entry.box(_shown_key(proposal.key))
        if asked is None:
            continue
        filled = not entry.is_empty(proposal.key) if entry.box(proposal.key) else False
        first = proposal.key not in ticked
        tick = proposal.sure and first and not filled
        if tick:
            ticked.add(proposal.key)
        section = entry.kind.sections[entry.kind.section_of(proposal.key)]
        label = f"{section} · {asked.field.label}"
        value = _in_words(proposal, posko)
        found.append(
            Offer(place, proposal.key, label, value, proposal.where, proposal.line, tick, filled)
        )
    found.sort(key=lambda offer: _order(entry, offer.key))
    filled = not entry.is_empty("narrative")
    story = Offer(NARRATIVE, "narrative", "Peristiwa · Uraian kejadian", "", "Baris yang tersisa",
                  0, not filled, filled)  # fmt: skip
    return with_story([*found, story], split)


def with_story(offered: Sequence[Offer], split: Split) -> list[Offer]:
    """The offers with the story as it is when the ticked ones become fields; none when empty."""
    story = split.narrative(ticked_places(offered))
    lines = [line for line in story.split("\n") if line.strip()]
    said = f"{len(lines)} baris: {lines[0]}" if lines else ""
    return [
        replace(offer, value=said, ticked=offer.ticked and bool(said))
        if offer.place == NARRATIVE
        else offer
        for offer in offered
        if offer.place != NARRATIVE or said
    ]


def toggled(offered: Sequence[Offer], place: int) -> list[Offer]:
    """The offers with one of them ticked or freed; of one field only one value can be taken."""
    chosen = next(offer for offer in offered if offer.place == place)
    made = []
    for offer in offered:
        if offer.place == place:
            made.append(replace(offer, ticked=not offer.ticked))
        elif offer.key == chosen.key and not chosen.ticked:
            made.append(replace(offer, ticked=False))
        else:
            made.append(offer)
    return made


def ticked_places(offered: Sequence[Offer]) -> set[int]:
    """The places of the proposals to take over."""
    return {offer.place for offer in offered if offer.ticked and offer.place != NARRATIVE}


def take(entry: Entry, split: Split, offered: Sequence[Offer], posko: Posko) -> list[str]:
    """Fill the form with what was ticked; gives back the keys that were filled."""
    places = ticked_places(offered)
    filled = []
    for place in sorted(places):
        proposal = split.proposals[place]
        if not proposal.key.startswith(_EVIDENCE) and _fill(entry, proposal):
            filled.append(proposal.key)
    filled += _add_evidence(entry, split, places, posko)
    if any(offer.place == NARRATIVE and offer.ticked for offer in offered):
        entry.set_value("narrative", split.narrative(places))
        filled.append("narrative")
    if filled and entry.is_empty("channel"):
        entry.set_value("channel", CHANNEL)
    return filled


def _fill(entry: Entry, proposal: Proposal) -> bool:
    box = entry.box(proposal.key)
    if box is None and (many := _OF_MANY.match(proposal.key)) and int(many[2]) < MOST_PEOPLE:
        rows = entry.rows[many[1]]
        kept = sum(not content.empty for content in rows.contents())
        rows.append(*[RowContent()] * (int(many[2]) + 1 - kept))
        box = entry.box(proposal.key)
    if box is None:
        return False
    if proposal.coded:
        box.set_value(proposal.value)
        return True
    box.set_raw(proposal.value)
    parsed = box.parsed()
    if parsed.shown and not parsed.error:
        box.set_raw(parsed.shown)
    return True


def _add_evidence(entry: Entry, split: Split, places: Collection[int], posko: Posko) -> list[str]:
    source = posko.vocabulary.label("evidence_source", CHANNEL)
    found = [
        RowContent({"description": split.proposals[place].value, "source": source})
        for place in sorted(places)
        if split.proposals[place].key.startswith(_EVIDENCE)
    ]
    if not found:
        return []
    before = sum(not content.empty for content in entry.rows["evidence"].contents())
    entry.add_row("evidence", *found)
    return [f"evidence.{before + n}.description" for n in range(len(found))]


def _shown_key(key: str) -> str:
    """The key whose label names a proposal: items after the first have no field yet."""
    return re.sub(r"^(evidence|reported|witnesses)\.\d+\.", r"\1.0.", key)


def _in_words(proposal: Proposal, posko: Posko) -> str:
    named: dict[str, Callable[[str], str]] = {
        "region_code": lambda code: region.name if (region := posko.regions.get(code)) else code,
        "reported.0.category": lambda code: posko.vocabulary.label("reported_category", code),
        "reporter.sex": lambda code: posko.vocabulary.label("sex", code),
    }
    if proposal.coded and proposal.key in named:
        return named[proposal.key](proposal.value)
    return proposal.masked()


def _order(entry: Entry, key: str) -> int:
    keys = list(entry.boxes())
    shown = _shown_key(key)
    return keys.index(shown) if shown in keys else len(keys)
