"""`posko deadline`: one rule of the law without a case, with its day-by-day count."""

from __future__ import annotations

import argparse
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import UserError
from posko_app.text import full_date

from .answer import Answer
from .documents import require_folder
from .session import folder_of, opened
from .words import moment

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.rules.book import Regulation
    from posko_app.rules.calendar import Calendar
    from posko_app.rules.counting import Due

SHIPPED = "aturan bawaan program"


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command of this family."""
    deadline = commands.add_parser(
        "deadline", parents=[common], help="hitung satu batas waktu, tanpa perkara"
    )
    deadline.set_defaults(run=run_deadline)
    deadline.add_argument("rule", metavar="ATURAN", help="misalnya report_filing, initial_review")
    deadline.add_argument(
        "--from",
        dest="start",
        required=True,
        type=moment,
        metavar="TANGGAL[TJAM]",
        help="saat mulai: 2024-10-15 atau 2024-10-15T09:30",
    )
    deadline.add_argument(
        "--regulation", required=True, metavar="ID", help="pilkada-2024 atau pemilu-2022"
    )
    deadline.add_argument(
        "--zone", default="WIB", choices=("WIB", "WITA", "WIT"), help="zona waktu kantor"
    )
    deadline.add_argument("--out", metavar="BERKAS.pdf", help="cara hitungnya sebagai PDF")


def run_deadline(args: argparse.Namespace) -> Answer:
    """Count one rule by the rules and days of the office in `--data`, else by the shipped ones."""
    from posko_app.paths import OfficeFolder

    if args.data and OfficeFolder(folder_of(args)).keyfile.is_file():
        with opened(args) as posko:
            start = _day_of(args.start)
            law = posko.rules.get(args.regulation, start)
            return _counted(args, law, posko.calendar, posko.office.zone, posko)
    from posko_app.paths import resource
    from posko_app.rules.book import load_rules
    from posko_app.rules.calendar import load_calendar

    local = OfficeFolder(folder_of(args)).calendar if args.data else None
    calendar = load_calendar(resource("calendar"), local)
    law = load_rules(resource("rules")).get(args.regulation)
    own = f" dan hari libur dari {local.name}" if local and local.exists() else ""
    return _counted(args, law, calendar, args.zone, None, f"{SHIPPED}{own}")


def _day_of(start: Any) -> Any:
    return start.date() if isinstance(start, datetime) else start


def _counted(
    args: argparse.Namespace,
    regulation: Regulation,
    calendar: Calendar,
    zone_name: str,
    posko: Posko | None,
    counted_by: str = "",
) -> Answer:
    from posko_app.rules.deadlines import due
    from posko_app.text import zone as zone_of

    rule = regulation.deadlines.get(args.rule)
    if rule is None:
        known = ", ".join(sorted(regulation.deadlines))
        raise UserError(
            f"Batas waktu {args.rule} tidak ada di {args.regulation}. Yang ada: {known}.",
            "unknown_rule",
        )
    zone = zone_of(zone_name)
    start = args.start
    if isinstance(start, datetime):
        start = start.replace(tzinfo=zone)
    found = due(rule, start, calendar, zone)
    item = {
        **due_item(found, zone),
        "source": regulation.source_text(rule),
        "readings": [
            {"question": r.question, "text": r.text, "source": regulation.source_text(r)}
            for r in rule.readings
        ],
        "counted_by": posko.office.name if posko else counted_by,
    }
    lines = [
        f"{found.label}: {full_date(found.due_on)}"
        + (f" pukul {found.due_at.astimezone(zone):%H.%M} {zone_name}" if found.due_at else ""),
        found.basis,
    ]
    if found.safe_on < found.due_on:
        lines.append(f"Batas aman: {full_date(found.safe_on)}. {found.safe_why}".rstrip())
    lines += [f"  {full_date(d.date)}{': ' if d.why else ''}{d.why}" for d in found.days]
    lines += found.warnings
    lines.append(f"Aturan: {found.edition}. Sumber: {regulation.source_text(rule)}.")
    lines.append(f"Dihitung dengan {item['counted_by']}.")
    if args.out:
        out = _print(args, regulation, found, zone_name, posko)
        item["path"] = str(out)
        lines.append(f"Cara hitung tersimpan di {out}.")
    return Answer(item, lines)


def _print(
    args: argparse.Namespace, law: Regulation, found: Due, zone_name: str, posko: Posko | None
) -> Path:
    """Write the count as PDF; gives where it is."""
    from posko_app.app import system_clock
    from posko_app.letters.count_sheet import count_sheet, plain_count_sheet
    from posko_app.security.durable import write_file

    out = Path(args.out).absolute()
    require_folder(out)
    if posko is None:
        made = plain_count_sheet(law, found, zone_name, system_clock())
    else:
        made = count_sheet(posko, law, found)
    write_file(out, made)
    return out


def due_item(
    found: Due, zone: tzinfo, *, uid: str | None = None, number: str = ""
) -> dict[str, Any]:
    """A deadline as every command gives it: `uid` is null where there is no case."""
    return {
        "uid": uid,
        "number": number,
        "rule": found.rule,
        "label": found.label,
        "owner": found.owner,
        "start_on": found.start_on.isoformat(),
        "due_on": found.due_on.isoformat(),
        "due_at": found.due_at.astimezone(zone).isoformat() if found.due_at else None,
        "safe_on": found.safe_on.isoformat(),
        "safe_at": found.safe_at.astimezone(zone).isoformat() if found.safe_at else None,
        "safe_why": found.safe_why,
        "basis": found.basis,
        "edition": found.edition,
        "confidence": found.confidence,
        "days": [
            {"date": d.date.isoformat(), "counted": d.counted, "why": d.why} for d in found.days
        ],
        "warnings": list(found.warnings),
    }
