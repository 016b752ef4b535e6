"""`posko show`, `due`, `attach`: cases, one by one and all of them."""

from __future__ import annotations

import argparse
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import InvalidInput, Problem
from posko_app.text import file_size, numeric_date, short_date

from .answer import Answer, fields, table
from .law import due_item
from .session import meter, opened
from .steps import guides
from .words import count, day

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.cases.views import CaseView


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    one = commands.add_parser("show", parents=[common], help="satu perkara lengkap")
    one.set_defaults(run=run_show)
    one.add_argument("case", metavar="PERKARA", help="nomor atau uid")

    due = commands.add_parser("due", parents=[common], help="batas waktu yang berjalan")
    due.set_defaults(run=run_due)
    due.add_argument("--until", type=day, metavar="TANGGAL", help="sampai tanggal ini")
    due.add_argument("--all", action="store_true", help="setiap batas, juga yang milik pihak lain")
    due.add_argument("--limit", type=count, metavar="N", help="paling banyak N batas waktu")

    attach = commands.add_parser("attach", parents=[common], help="simpan bukti ke brankas")
    attach.set_defaults(run=run_attach)
    attach.add_argument("case", metavar="PERKARA", help="nomor atau uid")
    attach.add_argument("files", nargs="+", metavar="BERKAS", help="berkas bukti")
    attach.add_argument("--description", default="", metavar="TEKS", help="keterangan bukti")
    attach.add_argument("--kind", default="", metavar="JENIS", help="jenis bukti")
    attach.add_argument("--source", default="", metavar="SUMBER", help="asal bukti")


def run_due(args: argparse.Namespace) -> Answer:
    """The next deadline of every open case, or with `--all` every one, day by day."""
    from posko_app.cases.queries import all_due_items, due_items

    most = args.limit or 1_000_000
    with opened(args) as posko:
        if args.all:
            found = all_due_items(posko, until=args.until)[:most]
        else:
            found = due_items(posko, until=args.until, limit=most)
        zone = posko.zone
    items = [due_item(i.due, zone, uid=i.case.uid, number=i.case.number) for i in found]
    lines = table(
        ("Batas", "Batas aman", "Nomor", "Aturan", "Peristiwa"),
        [
            (
                short_date(i.due.due_on),
                short_date(i.due.safe_on),
                i.case.number,
                i.due.label,
                i.case.title,
            )
            for i in found
        ],
    )
    return Answer({"items": items}, [*lines, f"{len(found)} batas waktu."])


def run_show(args: argparse.Namespace) -> Answer:
    """One case whole, without anybody's identity."""
    from posko_app.cases.case_view import case_view

    with opened(args) as posko:
        view = case_view(posko, args.case)
        zone = posko.zone
        following = guides(view, posko.rules.get(view.facts.regulation, view.facts.filed_on))
    facts = {name: _plain(value, zone) for name, value in vars(view.facts).items()}
    data = {
        "case": {
            "uid": view.uid,
            **facts,
            "region": view.region_name,
            "stage": view.state.stage,
            "closed": view.state.closed,
            "register_number": view.state.register_number,
            "registered_on": _iso(view.state.registered_on),
            "label": view.state.label,
            "origin_number": view.origin_number,
            "handled_by": view.state.office,
            "handed_to": view.state.handover.to if view.state.handover else "",
            "episode": len(view.state.episodes),
            "next": following,
            "missing": list(view.missing),
            "next_steps": [step.kind for step in view.state.next_steps],
            "contradictions": list(view.state.contradictions),
            "reporter_held": view.reporter_held,
            "conflicts": [_flat(c, zone) for c in view.conflicts],
            "requirements": [
                {"key": r.key, "label": r.label, "kind": r.kind, "met": r.met, "why": r.why}
                for r in view.requirements
            ],
        },
        "events": [
            {**_flat(event, zone), "reason": _reason(view, event.uid)} for event in view.events
        ],
        "parties": [_flat(party, zone) for party in view.parties],
        "witnesses": [_flat(witness, zone) for witness in view.witnesses],
        "evidence": [_flat(item, zone) for item in view.evidence],
        "clarifications": [_flat(line, zone) for line in view.clarifications],
        "desk": [_flat(item, zone) for item in view.desk],
        "letters": [_flat(letter, zone) for letter in view.letters],
        "due": [due_item(due, zone, uid=view.uid, number=view.facts.number) for due in view.dues],
    }
    return Answer(data, _shown(view))


def _shown(view: CaseView) -> list[str]:
    from posko_app.cases.kinds import person_word

    facts = view.facts
    lines = fields(
        [
            ("Nomor", facts.number),
            ("Registrasi", view.state.register_number),
            ("Peristiwa", facts.title),
            ("Tahap", view.state.label),
            ("Dilaporkan", numeric_date(facts.filed_on)),
            ("Kejadian", numeric_date(facts.event_on) if facts.event_on else ""),
            ("Tempat", facts.event_place),
            (person_word(view.state.intake_kind), facts.finder or facts.reporter_alias),
            ("Terlapor", "; ".join(p.name for p in view.parties)),
            ("Petugas", facts.officer),
        ]
    )
    for title, rows in (
        ("Batas waktu", [f"{short_date(d.due_on)}  {d.label}, {d.basis}" for d in view.dues]),
        (
            "Linimasa",
            [
                "  ".join(
                    filter(
                        None,
                        (
                            short_date(e.on),
                            e.label,
                            e.outcome_label,
                            e.number,
                            _reason(view, e.uid),
                        ),
                    )
                )
                for e in view.events
            ],
        ),
        ("Bukti", [f"{e.label}  {e.file_name or e.description}" for e in view.evidence]),
        ("Surat", [f"{x.number}  {x.title}" for x in view.letters]),
        ("Bentrok", [f"{c.field}: {' | '.join(c.values)}" for c in view.conflicts]),
    ):
        if rows:
            lines += ["", title, *(f"  {row}" for row in rows)]
    return lines


def _reason(view: CaseView, uid: str) -> str:
    """Why a step was done, such as giving a case back; empty where no reason was asked."""
    return next((e.data.get("reason", "") for e in view.state.events if e.uid == uid), "")


def run_attach(args: argparse.Namespace) -> Answer:
    """Copy files into the vault and list them with the case."""
    from posko_app.cases.evidence import attach
    from posko_app.cases.report import EvidenceInput

    with opened(args) as posko:
        _check_code(posko, "evidence_kind", "kind", args.kind)
        _check_code(posko, "evidence_source", "source", args.source)
        items = [
            EvidenceInput(
                description=args.description or Path(name).name,
                kind=args.kind,
                source=args.source,
                path=Path(name).absolute(),
            )
            for name in args.files
        ]
        added = attach(posko, args.case, items, meter(args))
    data = [
        {"uid": e.uid, "name": e.name, "sha256": e.sha256, "size": e.size, "new": e.new}
        for e in added
    ]
    lines = [
        f"{e.name}: {file_size(e.size)}, SHA-256 {e.sha256}" + ("" if e.new else " (sudah ada)")
        for e in added
    ]
    return Answer({"evidence": data}, lines)


def _check_code(posko: Posko, words: str, field: str, code: str) -> None:
    known = posko.vocabulary.codes(words)
    if code and code not in known:
        raise InvalidInput([Problem(field, f"{code} tidak dikenal. Pilih: {', '.join(known)}.")])


def _flat(row: Any, zone: tzinfo) -> dict[str, Any]:
    """A frozen row as JSON data."""
    return {name: _plain(getattr(row, name), zone) for name in row.__dataclass_fields__}


def _plain(value: Any, zone: tzinfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v, zone) for v in value]
    return value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
