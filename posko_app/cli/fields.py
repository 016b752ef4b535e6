"""`posko set`: one field of a case, by its name in the workbook layout."""

from __future__ import annotations

import argparse
from typing import Any

from .answer import Answer
from .session import opened


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    one = commands.add_parser("set", parents=[common], help="ubah satu ruas perkara")
    one.set_defaults(run=run_set)
    one.add_argument("case", metavar="PERKARA", help="nomor atau uid")
    one.add_argument("field", metavar="RUAS", help="nama ruas, misalnya title atau event_place")
    one.add_argument("value", metavar="NILAI", help='nilai baru; "" mengosongkan ruas')


def run_set(args: argparse.Namespace) -> Answer:
    """Set a field of a case to what was typed."""
    from posko_app.exchange.decide import set_field

    with opened(args) as posko:
        done = set_field(posko, args.case, args.field, args.value)
    data = {
        "case": done.case_uid,
        "field": done.field,
        "before": done.before,
        "after": done.after,
    }
    before, after = done.before or "(kosong)", done.after or "(kosong)"
    same = before == after
    line = f"{done.heading}: {after}." if same else f"{done.heading}: {before} → {after}."
    return Answer(data, [line])
