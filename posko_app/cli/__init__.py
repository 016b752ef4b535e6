"""The command line: the same core without a window, for automation and for proof.

Exit codes: 0 done; 1 the user must act, nothing was changed; 2 wrong usage; any other is a bug.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from posko_app import __version__

from . import (
    agenda,
    cases,
    changes,
    channel,
    demo,
    documents,
    exchange,
    fields,
    handover,
    importing,
    intake,
    keeping,
    law,
    lists,
    office,
    outgoing,
    package,
    people,
    prevention,
    referrals,
    rules,
    second,
    steps,
)
from .answer import Answer
from .failures import guarded
from .session import folder_of
from .words import Parser

FAMILIES = (
    *(office, second, demo, lists, cases, people, changes, steps, referrals, prevention),
    *(law, rules, agenda, documents, exchange, outgoing, importing, package, handover, channel),
    *(fields, intake, keeping),
)
COMMON = {"data": None, "user": "", "json": False}


def main(argv: Sequence[str]) -> int:
    """Run one command and give its exit code; never raises, never shows a traceback."""
    parsed: list[argparse.Namespace] = []

    def work() -> Answer:
        args = parser().parse_args(list(argv))
        for name, value in COMMON.items():
            if not hasattr(args, name):
                setattr(args, name, value)
        parsed.append(args)
        answer: Answer = args.run(args)
        return answer

    def log_folder() -> Path:
        from posko_app.paths import default_data

        folder = folder_of(parsed[0]) if parsed else default_data()
        return folder if folder.is_dir() else default_data()

    try:
        return guarded(work, as_json="--json" in argv, log_folder=log_folder)
    except SystemExit as done:  # --help and --version end here
        return int(done.code or 0)


def parser() -> Parser:
    """The whole grammar; the families add their commands to it."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    group = common.add_argument_group("Untuk semua perintah")
    group.add_argument("--data", metavar="FOLDER", help="folder data kantor")
    group.add_argument("--user", metavar="NAMA", help="nama masuk (atau POSKO_USER)")
    group.add_argument("--json", action="store_true", help="satu dokumen JSON untuk program lain")
    whole = Parser(
        prog="posko",
        parents=[common],
        description="Posko pengaduan Bawaslu. Tanpa perintah, jendela Posko dibuka.",
        epilog="Kata sandi dibaca dari POSKO_PASSWORD atau ditanyakan.",
    )
    whole.add_argument("--version", action="version", version=f"Posko {__version__}", help="versi")
    commands = whole.add_subparsers(
        title="Perintah", metavar="PERINTAH", dest="command", required=True
    )
    for family in FAMILIES:
        family.add(commands, common)
    return whole
