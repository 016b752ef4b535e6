"""`posko demo`: practice offices with invented cases, made through the program's own use cases."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from posko_app.paths import default_data

from .answer import Answer
from .session import meter
from .words import count


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command of this family."""
    demo = commands.add_parser(
        "demo", parents=[common], help="kantor latihan dengan perkara rekaan"
    )
    demo.set_defaults(run=run_demo)
    demo.add_argument("--cases", type=count, default=60, metavar="N", help="jumlah perkara (60)")
    demo.add_argument("--seed", type=int, default=1, metavar="S", help="benih acak (1)")
    demo.add_argument("--out", metavar="FOLDER", help="folder kantor latihan")
    demo.add_argument("--force", action="store_true", help="buat ulang walau sudah ada")


KINDS = {
    "template": "lembar isian",
    "export": "kiriman",
    "letter": "surat",
    "recap": "rekap",
    "evidence": "bukti",
}
"""What people call each kind of file that is made."""


def run_demo(args: argparse.Namespace) -> Answer:
    """Make the practice offices, or give the ones that are there already."""
    from posko_app.demo.make import make_demo
    from posko_app.rules.vocabulary import load_vocabulary

    out = Path(args.out).expanduser().absolute() if args.out else default_data() / "Latihan"
    made = make_demo(out, cases=args.cases, seed=args.seed, progress=meter(args), force=args.force)
    data = {
        "offices": [{"level": o.level, "code": o.code, "data": str(o.data)} for o in made.offices],
        "files": [{"kind": f.kind, "path": str(f.path)} for f in made.files],
        "cases": made.cases,
        "login": {"user": made.user, "password": made.password},
    }
    levels = load_vocabulary()
    lines = [
        f"Kantor latihan dengan {made.cases} perkara rekaan di {out}:",
        *(f"  {levels.label('office_level', o.level)}: {o.data}" for o in made.offices),
        "Berkas:",
        *(f"  {KINDS[f.kind]}: {f.path}" for f in made.files if f.kind != "evidence"),
        f"Masuk sebagai {made.user} dengan kata sandi: {made.password}",
        "Akun dan kata sandi ini hanya berlaku di kantor latihan.",
    ]
    return Answer(data, lines)
