"""`posko today` and `posko calendar`: what lies ahead, on screen, on paper and in a phone."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from posko_app.errors import InvalidInput, Problem, UserError

from .answer import Answer
from .documents import require_folder
from .session import meter, opened
from .words import day


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    today = commands.add_parser("today", parents=[common], help="yang harus dikerjakan hari ini")
    today.set_defaults(run=run_today)
    today.add_argument("--out", default="", metavar="BERKAS.pdf", help="satu lembar untuk dicetak")

    calendar = commands.add_parser(
        "calendar", parents=[common], help="kalender batas waktu: PDF atau .ics"
    )
    calendar.set_defaults(run=run_calendar)
    calendar.add_argument(
        "--from", dest="since", required=True, type=day, metavar="TANGGAL", help="tanggal awal"
    )
    calendar.add_argument(
        "--to", dest="until", required=True, type=day, metavar="TANGGAL", help="tanggal akhir"
    )
    calendar.add_argument(
        "--out", required=True, metavar="BERKAS.pdf|BERKAS.ics", help="berkas yang dibuat"
    )


def run_today(args: argparse.Namespace) -> Answer:
    """Print the morning as a message; with `--out` write its sheet too."""
    from posko_app.cases.agenda import morning, whatsapp_text

    out = Path(args.out).absolute() if args.out else None
    if out:
        require_folder(out)
    with opened(args) as posko:
        seen = morning(posko, progress=meter(args))
        words = whatsapp_text(seen, posko.office)
        if out:
            from posko_app.letters.agenda_sheet import morning_sheet
            from posko_app.security.durable import write_file

            write_file(out, morning_sheet(posko))
    data = {**_plain(asdict(seen)), "text": words, "path": str(out) if out else ""}
    return Answer(data, [*words.split("\n"), *([f"Lembar tersimpan di {out}."] if out else [])])


def run_calendar(args: argparse.Namespace) -> Answer:
    """Write the deadlines between two days as a wall calendar or as an iCalendar file."""
    out = Path(args.out).absolute()
    require_folder(out)
    if args.until < args.since:
        raise InvalidInput([Problem("to", "Tanggal akhir sebelum tanggal awal.")])
    kind = out.suffix.casefold()
    if kind not in (".pdf", ".ics"):
        raise UserError(
            f"Berkas {out.name} bukan .pdf atau .ics. Tidak ada yang dibuat. "
            "Akhiri namanya dengan .pdf atau .ics.",
            "unknown_format",
        )
    from posko_app.letters.agenda_sheet import wall_calendar
    from posko_app.letters.ics import calendar_file
    from posko_app.security.durable import write_file

    make = wall_calendar if kind == ".pdf" else calendar_file
    with opened(args) as posko:
        made = make(posko, args.since, args.until, progress=meter(args))
    write_file(out, made)
    return Answer({"path": str(out), "bytes": len(made)}, [f"Kalender tersimpan di {out}."])


def _plain(value: Any) -> Any:
    """Dates as ISO texts, tuples as lists, for the JSON document."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
