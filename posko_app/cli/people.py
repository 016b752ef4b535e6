"""`posko people`, `link`: who else is reported where, and cases of one event."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from posko_app.errors import InvalidInput, Problem
from posko_app.text import numeric_date

from .answer import Answer
from .session import opened

if TYPE_CHECKING:
    from posko_app.cases.links import LinkedCase
    from posko_app.cases.links_papers import EventPapers
    from posko_app.cases.people import PersonCases
    from posko_app.cases.people_likely import Likely
    from posko_app.cases.pledge_links import PledgeMatch

SURE = {"nip": "NIP sama", "confirmed": "dipastikan petugas", "question": "nama sama, belum pasti"}


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    people = commands.add_parser(
        "people", parents=[common], help="terlapor di perkara lain, perkara satu peristiwa, ikrar"
    )
    people.set_defaults(run=run_people)
    people.add_argument("case", metavar="PERKARA", help="nomor atau uid")

    link = commands.add_parser("link", parents=[common], help="kaitkan perkara satu peristiwa")
    link.set_defaults(run=run_link)
    link.add_argument("case", metavar="PERKARA", help="nomor atau uid")
    link.add_argument("other", metavar="PERKARA", help="perkara lainnya")
    link.add_argument("--note", default="", metavar="TEKS", help="alasan")
    link.add_argument("--undo", action="store_true", help="lepas kaitannya")
    link.add_argument("--different", action="store_true", help="peristiwanya ternyata lain")
    link.add_argument(
        "--use", metavar="UID", default="", help="pakai juga bukti ini dari perkara lainnya"
    )


def run_people(args: argparse.Namespace) -> Answer:
    """The people of a case elsewhere, its event, and what may belong to it."""
    from posko_app.cases.links_papers import event_papers
    from posko_app.cases.people import other_cases
    from posko_app.cases.people_pledges import signatures_in
    from posko_app.cases.people_suggest import likely_of_case

    with opened(args) as posko:
        people = other_cases(posko, args.case)
        papers = event_papers(posko, args.case)
        likely = likely_of_case(posko, args.case)
        pledges = signatures_in(posko, args.case)
    data = {
        "people": [_person(person) for person in people],
        **_papers(papers),
        "likely": [
            {"uid": one.uid, "number": one.number, "title": one.title, "why": one.why}
            for one in likely
        ],
        "pledges": [_pledge(match) for match in pledges],
    }
    lines = [*_people(people), *_event(papers), *_likely(likely), *_pledges(pledges)]
    return Answer(data, lines or ["Tidak ada kaitan dengan perkara lain."])


def run_link(args: argparse.Namespace) -> Answer:
    """Link two cases, part them, or use evidence of one in the other."""
    from posko_app.cases.links import event_group, link_cases, tell_apart, unlink_cases
    from posko_app.cases.links_papers import use_here

    if args.undo and args.different:
        raise InvalidInput([Problem("undo", "Pilih satu: --undo atau --different.")])
    with opened(args) as posko:
        if args.use:
            used = use_here(posko, args.case, args.use)
            return Answer({"evidence": used}, ["Bukti dipakai juga di perkara ini."])
        if args.undo:
            done, words = unlink_cases(posko, args.case, args.other, args.note), "Kaitan dilepas."
        elif args.different:
            done = tell_apart(posko, args.case, args.other, args.note)
            words = "Dicatat sebagai peristiwa lain."
        else:
            done, words = link_cases(posko, args.case, args.other, args.note), "Perkara dikaitkan."
        group = event_group(posko, args.case)
    data = {"changed": done, "event": [_linked(one) for one in group]}
    said = words if done else "Sudah begitu, tidak ada yang diubah."
    return Answer(data, [said, *_group(group)])


def _person(person: PersonCases) -> dict[str, Any]:
    keys = ("uid", "number", "title", "name", "how", "why")
    cases = [{key: getattr(one, key) for key in keys} for one in person.cases]
    return {"party": person.party_uid, "name": person.name, "cases": cases}


def _papers(papers: EventPapers) -> dict[str, Any]:
    return {
        "event": [_linked(one) for one in papers.cases],
        "evidence": [
            {
                "uid": item.uid,
                "case": item.case_uid,
                "label": item.label,
                "name": item.file_name,
                "description": item.description,
                "used": item.used,
            }
            for item in papers.evidence
        ],
        "minutes": [
            {"uid": m.uid, "case": m.case_uid, "alias": m.alias, "number": m.minutes_number}
            for m in papers.minutes
        ],
    }


def _pledge(match: PledgeMatch) -> dict[str, Any]:
    signed = match.signatory.signed_on
    return {
        "party": match.party_uid,
        "signatory": match.signatory.uid,
        "pledge": match.signatory.pledge,
        "certainty": match.certainty,
        "signed_on": signed.isoformat() if signed else None,
    }


def _linked(one: LinkedCase) -> dict[str, Any]:
    return {
        "uid": one.uid,
        "number": one.number,
        "title": one.title,
        "direct": one.direct,
        "note": one.note,
    }


def _people(people: tuple[PersonCases, ...]) -> list[str]:
    lines = []
    for person in people:
        if person.cases:
            lines.append(f"{person.name} juga terlapor di:")
            lines += [f"  {c.number or c.uid}  {c.title} ({c.why})" for c in person.cases]
    return lines


def _group(cases: tuple[LinkedCase, ...]) -> list[str]:
    if not cases:
        return []
    return [
        "Perkara satu peristiwa:",
        *(f"  {c.number or c.uid}  {c.title}, {c.stage_label}" for c in cases),
    ]


def _event(papers: EventPapers) -> list[str]:
    lines = _group(papers.cases)
    if papers.evidence:
        lines.append("Bukti dari perkara itu:")
        for e in papers.evidence:
            used = ", dipakai juga di sini" if e.used else ""
            lines.append(f"  {e.label} dari {e.case_number}  {e.file_name or e.description}{used}")
    if papers.minutes:
        lines.append("Berita acara klarifikasi dari perkara itu:")
        lines += [
            f"  {m.alias} dari {m.case_number}  {m.minutes_number or 'tanpa nomor'}"
            for m in papers.minutes
        ]
    return lines


def _likely(likely: tuple[Likely, ...]) -> list[str]:
    if not likely:
        return []
    return [
        "Mungkin satu peristiwa:",
        *(f"  {one.number or one.uid}  {one.title} ({one.why})" for one in likely),
    ]


def _pledges(matches: tuple[PledgeMatch, ...]) -> list[str]:
    lines = []
    for match in matches:
        on = match.signatory.signed_on
        when = f" pada {numeric_date(on)}" if on else ""
        lines.append(
            f"{match.party} menandatangani {match.signatory.pledge or 'ikrar'}{when} "
            f"({SURE[match.certainty]})."
        )
    return lines
