"""`posko change`: correct facts of a case with a reason, or see what that would move."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from posko_app.errors import InvalidInput, Problem
from posko_app.text import numeric_date

from .answer import Answer
from .session import opened
from .words import day, pair

if TYPE_CHECKING:
    from posko_app.cases.facts_change import FactsChange
    from posko_app.cases.facts_change_told import PastChange


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command of this family."""
    change = commands.add_parser("change", parents=[common], help="betulkan isian perkara")
    change.set_defaults(run=run_change)
    change.add_argument("case", metavar="PERKARA", help="nomor atau uid")
    change.add_argument(
        "--set",
        action="append",
        type=pair,
        default=[],
        metavar="NAMA=NILAI",
        help="misalnya known_on=2024-10-14; nilai kosong mengosongkan",
    )
    change.add_argument("--reason", default="", metavar="TEKS", help="alasan pembetulan")
    change.add_argument("--check", action="store_true", help="tunjukkan akibatnya, jangan dicatat")


def run_change(args: argparse.Namespace) -> Answer:
    """Correct facts, or only say which deadlines would move; without --set tell what was done."""
    from posko_app.cases.facts_change import change_facts, check_facts
    from posko_app.cases.facts_change_told import past_changes

    values = _values(dict(args.set))
    event = ""
    with opened(args) as posko:
        change = check_facts(posko, args.case, values, args.reason) if values else None
        if change and not args.check:
            event = change_facts(posko, args.case, values, args.reason)
        past = past_changes(posko, args.case)
    data: dict[str, Any] = {
        "event": event,
        "moved": _moved(change),
        "problems": [vars(problem) for problem in change.problems] if change else [],
        "changes": [_past(one) for one in past],
    }
    return Answer(data, [*_said(change, event), *_told(past)])


def _values(given: Mapping[str, str]) -> dict[str, Any]:
    """The facts as they are kept; raises InvalidInput for a name or a date that is none."""
    from posko_app.cases.facts_change import FACTS

    wrong, values = [], dict[str, Any](given)
    for name, value in given.items():
        if name not in FACTS:
            wrong.append(Problem("set", f"{name} tidak dapat diubah. Pilih: {', '.join(FACTS)}."))
        elif name.endswith("_on"):
            try:
                values[name] = day(value) if value else None
            except (ValueError, argparse.ArgumentTypeError):
                wrong.append(Problem(name, "Tulis tanggal seperti 2024-10-15 atau 15-10-2024."))
    if wrong:
        raise InvalidInput(wrong)
    return values


def _moved(change: FactsChange | None) -> list[dict[str, Any]]:
    moved = change.moved if change else ()
    return [
        {"rule": m.rule, "label": m.label, "before": _iso(m.before), "after": _iso(m.after)}
        for m in moved
    ]


def _past(one: PastChange) -> dict[str, Any]:
    return {
        "event": one.event_uid,
        "on": one.on.isoformat(),
        "field": one.field,
        "was": one.was,
        "now": one.now,
        "reason": one.reason,
        "by": one.actor,
        "office": one.office_code,
    }


def _said(change: FactsChange | None, event: str) -> list[str]:
    if change is None:
        return []
    lines = ["Isian dibetulkan." if event else "Belum dicatat."]
    lines += [problem.message for problem in change.problems]
    for m in change.moved:
        before, after = (numeric_date(d) if d else "tidak berjalan" for d in (m.before, m.after))
        lines.append(f"{m.label}: {before} menjadi {after}.")
    if change.letters and not change.problems:
        lines.append(f"{change.letters} surat yang sudah terbit tidak berubah.")
    return lines


def _told(past: tuple[PastChange, ...]) -> list[str]:
    if not past:
        return ["Belum ada isian yang dibetulkan."]
    return [
        "Pembetulan:",
        *(
            f"  {numeric_date(one.on)}  {one.label}: {one.was or 'kosong'} menjadi "
            f"{one.now or 'kosong'} ({one.reason})"
            for one in past
        ),
    ]


def _iso(day_: date | None) -> str | None:
    return day_.isoformat() if day_ else None
