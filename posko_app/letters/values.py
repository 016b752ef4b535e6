"""The flat values of one letter, from a case, this office and the people behind the case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from posko_app.app import Posko
from posko_app.cases.clarification_rows import is_expert
from posko_app.cases.inquiry import inquiry_in
from posko_app.cases.report import PersonInput
from posko_app.cases.views import CaseFacts, CaseView
from posko_app.cases.wording import summary
from posko_app.rules.book import Regulation
from posko_app.rules.catalogue import OWN_CODE
from posko_app.rules.identity import parse_nip, parse_phone
from posko_app.text import clock, full_date, long_date

from .catalogue import Value
from .referral_values import referral_values
from .transfer_values import transfer_values

ELECTION_WORDS = {"pilkada": "Pemilihan", "pemilu": "Pemilu"}
ENCLOSED = ("Daftar bukti dan salinan bukti yang tidak memuat identitas pelapor dan saksi",)
KIND_WORDS = {"report": "laporan", "finding": "temuan"}


@dataclass(frozen=True)
class People:
    """Who is behind a case, as far as a letter may say it: outsiders learn of no reporter."""

    reporter: PersonInput = field(default_factory=PersonInput)
    proxy: PersonInput = field(default_factory=PersonInput)
    witnesses: Mapping[str, PersonInput] = field(default_factory=dict)  # by uid of the witness
    officer: str = ""  # who took the report in
    officer_title: str = ""


def printed(posko: Posko, at: datetime) -> str:
    """When a letter is printed, in words."""
    here = at.astimezone(posko.zone)
    return f"{full_date(here.date())} pukul {clock(here)} {posko.office.zone}"


def office_values(posko: Posko, law: Regulation, at: datetime) -> dict[str, Value]:
    """What every letter of this office may print, made at the instant `at`."""
    on = at.astimezone(posko.zone).date()
    office = posko.office
    letterhead = office.letterhead or (office.name.upper(),)
    return {
        "office.name": office.name,
        "office.place": office.place,
        "election.word": ELECTION_WORDS[law.regime],
        "election.name": word(posko, "election_kind", office.election_kind),
        "regulation.basis": " dan ".join(law.laws),
        "letter.printed": printed(posko, at),
        "letter.place_date": ", ".join(t for t in (office.place, long_date(on)) if t),
        "letterhead": tuple({"text": line} for line in letterhead),
    }


def case_values(posko: Posko, law: Regulation, view: CaseView, people: People) -> dict[str, Value]:
    """What letters about a case may print; identities only where `people` holds them."""
    facts, state = view.facts, view.state
    return {
        "case.kind": KIND_WORDS.get(state.intake_kind, "laporan"),
        "case.number": facts.number,
        "case.register_number": state.register_number,
        "case.registered_on": _long(state.registered_on),
        "case.filed_place": facts.filed_place,
        "case.filed_on": full_date(facts.filed_on),
        "case.filed_date": long_date(facts.filed_on),
        "case.filed_time": _time(posko, facts.filed_time),
        "case.arrival": _arrival(posko, facts),
        "case.event": facts.title,
        "case.event_place": facts.event_place,
        "case.event_on": _event_on(posko, facts.event_on, facts.event_time),
        "case.known_on": full_date(facts.known_on) if facts.known_on else "",
        "case.narrative": facts.narrative,
        "election.name": word(posko, "election_kind", facts.election_kind),
        "reporter.role": "Penemu" if state.intake_kind == "finding" else "Pelapor",
        "plenary.on": _long(state.decided_on),
        **_reporter(posko, people.reporter, facts.reporter_alias),
        "proxy.name": people.proxy.name,
        "proxy.letter": _proxy_letter(facts) if people.proxy.name else "",
        "officer.name": people.officer,
        "officer.title": people.officer_title,
        "reported": tuple(_reported(view)),
        "witnesses": tuple(_witnesses(view, people)),
        "evidence": tuple(_evidence(posko, view)),
    }


def first_wording(posko: Posko, law: Regulation, view: CaseView, on: date) -> dict[str, Value]:
    """What the asked values of a letter about a case hold before anyone types."""
    facts = view.facts
    provisions = [t.strip() for t in re.split(r"[\n;]", facts.article) if t.strip()]
    kajian = law.documents["assessment" if view.state.decided_on else "initial_review"].label
    return {
        "letter.summary": summary(facts),
        "letter.addressee": _addressee(law, view, on),
        # Our own codes name a row of the catalogue and mean nothing to the addressee.
        "enclosures": tuple({"text": t} for t in (kajian, *ENCLOSED)),
        "provisions": tuple({"text": t} for t in provisions if not OWN_CODE.search(t)),
        **_inquiry(posko, view, on),
        **referral_values(posko, view),
        **transfer_values(view),
    }


def _inquiry(posko: Posko, view: CaseView, on: date) -> dict[str, Value]:
    """The wording of an inquiry's letter of assignment and report, as far as they are recorded."""
    inquiry, facts = inquiry_in(view), view.facts
    order, report = inquiry.order, inquiry.report
    number = f" nomor {facts.number}" if facts.number else ""
    kind = word(posko, "intake_kind", view.state.intake_kind).lower()
    until = (order.until if order else None) or (inquiry.limit.due_on if inquiry.limit else None)
    span = [long_date(day) for day in (order.on if order else on, until) if day]
    stage = facts.election_stage
    sent = order.officers if order else ()
    return {
        "inquiry.about": f"{kind}{number} tentang {facts.title.rstrip('.')}",
        "inquiry.period": " sampai dengan ".join(span),
        "inquiry.order_number": order.number if order else "",
        "inquiry.report_number": report.number if report else "",
        "inquiry.stage": word(posko, "election_stage", stage) if stage else "",
        "inquiry.officer": sent[0].partition(",")[0] if sent else posko.user.name,
        "inquiry.officer_title": sent[0].partition(", ")[2] if sent else posko.user.title,
        "inquiry.address": ", ".join(posko.office.letterhead[-1:]),
        "inquiry.result": report.summary if report else "",
        "assigned": tuple({"text": name} for name in sent),
    }


def word(posko: Posko, words: str, code: str) -> str:
    """The label of a code, or the text itself where the form took free text."""
    return posko.vocabulary.label(words, code) if code in posko.vocabulary.codes(words) else code


def _addressee(law: Regulation, view: CaseView, on: date) -> str:
    """Where the last referral went, else who receives other laws' violations today."""
    for referral in reversed(view.state.referrals):
        known = law.addressees.get(referral.addressee)
        return known.label if known else referral.addressee
    return next((a.label for a in law.addressees_for("other_law", on)), "")


def _long(day: date | None) -> str:
    return long_date(day) if day else ""


def _time(posko: Posko, text: str) -> str:
    return f"{text.replace(':', '.')} {posko.office.zone}" if text else ""


def _arrival(posko: Posko, facts: CaseFacts) -> str:
    """Why filing counts from another moment than the stamped one; empty when it does not."""
    if facts.arrived_at is None or not facts.arrival_reason:
        return ""
    here = facts.arrived_at.astimezone(posko.zone)
    day = "" if here.date() == facts.filed_on else f" {full_date(here.date())}"
    stamped = f"Semula tercatat{day} pukul {clock(here)} {posko.office.zone}."
    return f"{stamped} {facts.arrival_reason}"


def _proxy_letter(facts: CaseFacts) -> str:
    dated = f"tanggal {long_date(facts.proxy_letter_on)}" if facts.proxy_letter_on else ""
    return " ".join(filter(None, (facts.proxy_letter, dated)))


def _event_on(posko: Posko, day: date | None, time: str) -> str:
    if day is None:
        return ""
    return f"{full_date(day)} pukul {_time(posko, time)}" if time else full_date(day)


def _reporter(posko: Posko, person: PersonInput, alias: str) -> dict[str, Value]:
    born = ", ".join(t for t in (person.birth_place, _long(person.birth_on)) if t)
    return {
        "reporter.name": person.name or alias,
        "reporter.birth": born,
        "reporter.sex": word(posko, "sex", person.sex),
        "reporter.occupation": word(posko, "occupation", person.occupation),
        "reporter.citizenship": word(posko, "citizenship", person.citizenship)
        if person.name
        else "",
        "reporter.address": person.address,
        "reporter.phone": _phone(person.phone),
        "reporter.email": person.email,
    }


def _reported(view: CaseView) -> Sequence[Mapping[str, str]]:
    count = len(view.parties)
    return [
        {
            "no": str(n),
            "of": f"({n} dari {count})" if count > 1 else "",
            "name": p.name,
            "address": p.address,
            "phone": _phone(p.phone),
            "category": p.category_label,
            "nip": parse_nip(p.nip).grouped if p.nip else "",
            "position": p.position_title,
            "agency": p.agency,
        }
        for n, p in enumerate(view.parties, 1)
    ]


def _witnesses(view: CaseView, people: People) -> Sequence[Mapping[str, str]]:
    rows = []
    heard = (w for w in view.witnesses if not is_expert(w))
    for n, witness in enumerate(heard, 1):
        person = people.witnesses.get(witness.uid, PersonInput())
        rows.append(
            {
                "no": str(n),
                "name": person.name or witness.alias,
                "address": person.address,
                "phone": _phone(person.phone),
            }
        )
    return rows


def _evidence(posko: Posko, view: CaseView) -> Sequence[Mapping[str, str]]:
    return [
        {
            "no": str(n),
            "title": e.description or e.file_name,
            "kind": word(posko, "evidence_kind", e.kind),
            "quantity": "1 berkas" if e.file_name else "",
        }
        for n, e in enumerate(view.evidence, 1)
    ]


def _phone(text: str) -> str:
    return (parse_phone(text).grouped or text) if text else ""
