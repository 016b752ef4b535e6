"""`posko step`: record a step of a case, or ask which is next and what it still lacks."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .answer import Answer
from .words import day, hour, pair

if TYPE_CHECKING:
    from posko_app.cases.views import CaseView
    from posko_app.rules.book import Regulation
    from posko_app.rules.guide import StepGuide

NEXT = "next"  # asks which step is next and what it lacks


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command of this family."""
    step = commands.add_parser("step", parents=[common], help="catat langkah perkara")
    step.set_defaults(run=run_step)
    step.add_argument("case", metavar="PERKARA", help="nomor atau uid")
    step.add_argument(
        "kind",
        metavar="LANGKAH",
        help="misalnya reviewed, registered, decided; next menunjukkan langkah berikutnya",
    )
    step.add_argument(
        "--on", type=day, metavar="TANGGAL", help="tanggal langkah, bila bukan hari ini"
    )
    step.add_argument("--at", type=hour, metavar="JAM", help="jam, untuk batas yang dihitung jam")
    step.add_argument("--outcome", default="", metavar="HASIL", help="misalnya complete, violation")
    step.add_argument("--number", default="", metavar="NOMOR", help="nomor surat atau registrasi")
    step.add_argument("--note", default="", metavar="TEKS", help="catatan")
    step.add_argument("--corrects", default="", metavar="UID", help="uid langkah yang dibatalkan")
    step.add_argument("--check", action="store_true", help="tunjukkan yang kurang, jangan dicatat")
    step.add_argument(
        "--set", action="append", type=pair, default=[], metavar="NAMA=NILAI", help="isian lain"
    )


def run_step(args: argparse.Namespace) -> Answer:
    """Record one step of a case after the law's own checks; or only say what is next."""
    from posko_app.cases.case_view import case_view
    from posko_app.cases.guides import step_guide
    from posko_app.cases.steps import NewStep, record_step

    from .session import opened

    kind = "" if args.kind == NEXT else args.kind
    given = {**dict(args.set), "outcome": args.outcome}
    event, lacked = "", None
    with opened(args) as posko:
        if kind:
            lacked = step_guide(posko, args.case, kind, given)
        if kind and not args.check:
            on = args.on or posko.today()
            step = NewStep(
                kind=kind,
                on=on,
                at=datetime.combine(on, args.at, posko.zone) if args.at else None,
                outcome=args.outcome,
                number=args.number,
                note=args.note,
                data=dict(args.set),
                corrects=args.corrects,
            )
            event = record_step(posko, args.case, step)
        view = case_view(posko, args.case)
        law = posko.rules.get(view.facts.regulation, view.facts.filed_on)
    data = {
        "uid": view.uid,
        "number": view.facts.number,
        "register_number": view.state.register_number,
        "stage": view.state.stage,
        "next": guides(view, law),
    }
    if event:
        data["event"] = event
    if lacked is not None:
        data["step"] = as_data(lacked)
    return Answer(data, [*_said(view, event, lacked), *_next(view, law)])


def guides(view: CaseView, law: Regulation) -> dict[str, Any] | None:
    """The next step of a case with what it asks and lacks; None when nothing is left to do."""
    from posko_app.cases.guides import guide_of

    steps = view.state.next_steps
    return as_data(guide_of(view, law, steps[0].kind)) if steps else None


def as_data(guide: StepGuide) -> dict[str, Any]:
    """A guide as JSON data."""
    return {
        "kind": guide.kind,
        "label": guide.label,
        "blocked": guide.blocked,
        "missing": [vars(item) for item in guide.missing],
        "documents": [vars(paper) for paper in guide.papers],
        "inputs": [
            {
                "key": entry.key,
                "label": entry.label,
                "kind": entry.kind,
                "list": entry.list,
                "required": entry.key in guide.required,
            }
            for entry in guide.inputs
        ],
    }


def _said(view: CaseView, event: str, lacked: StepGuide | None) -> list[str]:
    lines = [f"Langkah dicatat. Tahap sekarang: {view.state.label}."] if event else []
    if lacked is None:
        return [f"Tahap sekarang: {view.state.label}."]
    if lacked.missing:
        lines.append(f"{lacked.label}, masih kurang:")
        lines += [f"  {item.why}" for item in lacked.missing]
    elif not event:
        lines.append(f"{lacked.label}: tidak ada yang kurang.")
    return [*lines, *_papers(lacked)]


def _next(view: CaseView, law: Regulation) -> list[str]:
    from posko_app.cases.guides import guide_of

    if not view.state.next_steps:
        return []
    guide = guide_of(view, law, view.state.next_steps[0].kind)
    lines = [f"Langkah berikutnya: {guide.label} ({guide.kind})."]
    lines += [f"  {item.why}" for item in guide.missing]
    others = ", ".join(step.kind for step in view.state.next_steps[1:])
    return [*lines, *_papers(guide), *([f"Langkah lain: {others}."] if others else [])]


def _papers(guide: StepGuide) -> list[str]:
    lines = []
    for paper in guide.papers:
        form = f" (Formulir {paper.form})" if paper.form else ""
        lines.append(f"  Dokumen: {paper.label}{form}, {paper.number or 'belum ada'}")
    return lines
