"""`posko digest`: whether two offices hold the same."""

from __future__ import annotations

import argparse
from typing import Any

from .answer import Answer
from .session import meter, opened


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    same = commands.add_parser(
        "digest", parents=[common], help="sidik isi: sama di dua kantor bila datanya sama"
    )
    same.set_defaults(run=run_digest)
    same.add_argument(
        "--of", default="", metavar="KODE", help="kantor yang dihitung: 62.10 (biasanya sendiri)"
    )
    same.add_argument(
        "--confidential", action="store_true", help="hitung juga identitas pelapor dan saksi"
    )


def run_digest(args: argparse.Namespace) -> Answer:
    """One text that is equal in two offices when they hold the same records."""
    from posko_app.exchange.digest import digest
    from posko_app.office.setup import region_code

    code = region_code(args.of) if args.of else ""
    with opened(args) as posko:
        code = code or posko.office.code
        found = digest(posko, code, confidential=args.confidential, progress=meter(args))
    data = {"digest": found.digest, "records": found.records, "conflicts": found.conflicts}
    lines = [
        found.digest,
        f"{found.records} catatan kantor {code}, {found.conflicts} isian menunggu keputusan.",
    ]
    return Answer(data, lines)
