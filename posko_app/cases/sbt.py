"""`Salin untuk SBT`: the fields of the web form in its order, each ready for the clipboard.

Nothing in them tells who reported or witnessed, and none bears a code of our own catalogue: a text
that does is held back until it is mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from posko_app.app import Posko, use_case
from posko_app.rules.catalogue import OWN_CODE, without_codes
from posko_app.text import long_date, numeric_date

from . import silence
from .case_view import case_view
from .identity import known_people
from .referral_book import CopyRule, referral_book
from .referral_check import nip_fits
from .referral_view import ReferralView, views
from .views import CaseView, PartyView
from .wording import summary

NEVER = ("identity_copy", "power_of_attorney")  # kinds of evidence that are about the reporter


@dataclass(frozen=True)
class CopyField:
    """A field of the form: what to copy, or why there is nothing to copy."""

    key: str
    label: str
    value: str
    why_empty: str


@dataclass(frozen=True)
class CopySheet:
    """The whole form for one reported person."""

    fields: tuple[CopyField, ...]
    warning: str  # what was not compared, empty when all was


@use_case("case.read")
def sbt_fields(posko: Posko, case: str, party_uid: str = "", referral: str = "") -> CopySheet:
    """The form for a reported person (the first one) and a referral (the last one) of a case."""
    view = case_view(posko, case)
    party = next((p for p in view.parties if p.uid == party_uid), None)
    party = party or (view.parties[0] if view.parties else None)
    with posko.store.read() as session:
        made = views(posko, session, [view.uid])
        people = known_people(posko, session, view.uid)
    chosen = next((r for r in made if r.event_uid == referral), made[-1] if made else None)
    named = [p.name for p in view.parties]
    fields = []
    for rule in referral_book().sbt:
        text = without_codes(rule.text or VALUES[rule.value](posko, view, party, chosen))
        hits = list(silence.problems({rule.key: text}, [("Pelapor", p) for p in people], named))
        fields.append(_field(rule, text, held_back=bool(hits)))
    held = view.reporter_held or not view.facts.reporter_named
    whole = posko.keys.identity is not None and held and all(w.held for w in view.witnesses)
    return CopySheet(tuple(fields), "" if whole else UNCHECKED)


UNCHECKED = (
    "Identitas pelapor atau saksi tidak dipegang akun atau kantor ini, jadi isian belum diperiksa. "
    "Bacalah sebelum menempel."
)
NAMED = (
    "Isian ini menyebut pelapor atau saksi, jadi tidak dapat disalin. Perbaiki dulu pada perkara."
)


def _field(rule: CopyRule, text: str, *, held_back: bool) -> CopyField:
    if held_back:
        return CopyField(rule.key, rule.label, "", NAMED)
    return CopyField(rule.key, rule.label, text, "" if text else rule.empty)


def _nip(posko: Posko, view: CaseView, party: PartyView | None, made: ReferralView | None) -> str:
    return party.nip if party and nip_fits(party.nip) else ""


def _provisions(
    posko: Posko, view: CaseView, party: PartyView | None, made: ReferralView | None
) -> str:
    parts = (part.strip() for part in re.split(r"[\n;]", view.facts.article))
    return "; ".join(part for part in parts if part and not OWN_CODE.fullmatch(part))


def _evidence(
    posko: Posko, view: CaseView, party: PartyView | None, made: ReferralView | None
) -> str:
    kept = [e for e in view.evidence if e.kind not in NEVER and e.source != "agency"]
    # Kinds only: the title of an item is free text and may name people.
    kinds = (posko.vocabulary.label("evidence_kind", e.kind) if e.kind else "Bukti" for e in kept)
    return "\n".join(f"{n}. {kind}" for n, kind in enumerate(kinds, 1))


def _letter(
    posko: Posko, view: CaseView, party: PartyView | None, made: ReferralView | None
) -> str:
    if made is None or not made.number:
        return ""
    return f"{made.number} tanggal {long_date(made.referred_on)}"


Source = Callable[[Posko, CaseView, PartyView | None, ReferralView | None], str]
VALUES: Mapping[str, Source] = {
    "nip": _nip,
    "name": lambda posko, view, party, made: party.name if party else "",
    "position": lambda posko, view, party, made: party.position_title if party else "",
    "agency": lambda posko, view, party, made: party.agency if party else "",
    "title": lambda posko, view, party, made: view.facts.title,
    "event_on": lambda posko, view, party, made: (
        numeric_date(view.facts.event_on) if view.facts.event_on else ""
    ),
    "event_place": lambda posko, view, party, made: view.facts.event_place,
    "summary": lambda posko, view, party, made: summary(view.facts),
    "provisions": _provisions,
    "evidence": _evidence,
    "number": lambda posko, view, party, made: view.state.register_number or view.facts.number,
    "letter": _letter,
    "sender": lambda posko, view, party, made: posko.office.name,
}
"""What a case knows, by the name that resources/referral.toml uses."""
