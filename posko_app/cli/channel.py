"""`posko ledger`, `posko ack`: where the exchange with each office stands, and receipts as text."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .answer import Answer, table
from .session import opened

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.exchange.ack import AckText
    from posko_app.exchange.neighbours import OfficeLine

STATES = {
    "ahead": "memegang data kita yang lebih baru",
    "twin": "satu identitas dipakai dua komputer",
    "key": "kunci belum dicocokkan",
    "gap": "ada kiriman yang belum diterima",
    "silent": "lama tanpa kabar",
    "never": "belum ada kiriman",
    "unconfirmed": "menunggu tanda terima",
    "complete": "lengkap",
}
KEYS = {
    "confirmed": "enam kata dicocokkan",
    "two": "disetujui dua orang",
    "alone": "disetujui satu orang",
    "roster": "dijamin kantor lain",
    "revoked": "dicabut",
    "unknown": "belum dicocokkan",
}


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    book = commands.add_parser(
        "ledger", parents=[common], help="kiriman, tanda terima, dan kunci per kantor"
    )
    book.set_defaults(run=run_ledger, wrong=book.error)
    book.add_argument("code", nargs="?", default="", metavar="KODE", help="satu kantor: 62.10.02")
    book.add_argument("--retire", metavar="PERANGKAT", help="perangkat ini tidak dipakai lagi")
    book.add_argument("--lost", action="store_true", help="hilang atau dicuri: cabut kuncinya")
    book.add_argument("--reason", default="", metavar="TEKS", help="alasan untuk --retire")
    ack = commands.add_parser(
        "ack", parents=[common], help="buat tanda terima untuk WhatsApp, atau catat yang diterima"
    )
    ack.set_defaults(run=run_ack)
    ack.add_argument(
        "what", nargs="?", default="", metavar="BERKAS|TEKS",
        help="kiriman yang sudah diterapkan, atau teks tanda terima; - membaca dari masukan",
    )  # fmt: skip


def run_ledger(args: argparse.Namespace) -> Answer:
    """Every office with what went, came and is missing; or put a device aside."""
    if args.lost and not args.retire:
        args.wrong("--lost hanya bersama --retire PERANGKAT")
    from posko_app.exchange.neighbours import office_line, office_lines
    from posko_app.office.setup import region_code

    with opened(args) as posko:
        if args.retire:
            from posko_app.exchange.trust import retire

            retire(posko, args.retire, lost=args.lost, reason=args.reason)
        lines = office_lines(posko)
        if args.code:
            lines = (office_line(posko, region_code(args.code)),)
        data = {"offices": [_office(posko, line) for line in lines]}
        shown = _table(posko, lines)
        for line in lines if args.code else ():
            shown += _details(posko, line)
    return Answer(data, shown)


def run_ack(args: argparse.Namespace) -> Answer:
    """Make the receipts for what came (of one file, or of all offices), or take one in."""
    from posko_app.exchange.ack import accept_ack, ack_for_file, make_acks

    what = sys.stdin.read() if args.what == "-" else args.what
    with opened(args) as posko:
        if not what:
            return _made(make_acks(posko))
        if _is_file(what):
            return _made((ack_for_file(posko, Path(what).absolute()),))
        taken = accept_ack(posko, what)
    data = {
        "office": taken.office,
        "device": taken.device_id,
        "seq": taken.seq,
        "confirmed": list(taken.confirmed),
        "missing": list(taken.missing),
        "stale": taken.stale,
        "lowered": taken.lowered,
        "ahead": taken.ahead,
    }
    return Answer(data, [taken.sentence])


def _is_file(what: str) -> bool:
    """Whether this names a file rather than being the text of a receipt."""
    try:
        return "\n" not in what and (Path(what).exists() or what.lower().endswith(".xlsx"))
    except (OSError, ValueError):
        return False


def _made(acks: tuple[AckText, ...]) -> Answer:
    data = {
        "acks": [
            {"office": a.office, "device": a.device_id, "seq": a.seq, "text": a.text} for a in acks
        ]
    }
    lines = []
    for ack in acks:
        lines += [f"Untuk {ack.office_name or ack.office}:", ack.text]
    return Answer(data, lines)


def _office(posko: Posko, line: OfficeLine) -> dict[str, Any]:
    from posko_app.exchange.neighbours import ask_again, reminder

    return {
        "code": line.code,
        "name": line.name,
        "state": line.state,
        "sent": {"seq": line.sent_seq, "at": _iso(line.sent_at), "unconfirmed": list(line.open)},
        "received": {"seq": line.received_seq, "at": _iso(line.received_at)},
        "gaps": list(line.gaps),
        "silent_days": line.silent_days,
        "ask_again": ask_again(posko, line) if line.gaps else "",
        "reminder": reminder(posko, line) if line.state in ("silent", "never") else "",
        "devices": [
            {
                "device": device.device_id,
                "key": device.key,
                "words": " ".join(device.words),
                "decided_by": device.decided_by,
                "second_by": device.second_by,
                "decided_at": _iso(device.decided_at),
                "signed_by": device.signed_by,
                "retired": device.retired,
                "twin": device.twin,
                "ahead": device.ahead,
                "received_seq": device.received_seq,
                "gaps": list(device.gaps),
            }
            for device in line.devices
        ],
    }


def _table(posko: Posko, lines: tuple[OfficeLine, ...]) -> list[str]:
    rows = [
        (
            line.code,
            line.name,
            f"{line.sent_seq or '–'}{_day(posko, line.sent_at)}",
            f"{line.received_seq or '–'}{_day(posko, line.received_at)}",
            STATES[line.state],
        )
        for line in lines
    ]
    return table(("Kode", "Kantor", "Dikirim", "Diterima", "Keadaan"), rows)


def _details(posko: Posko, line: OfficeLine) -> list[str]:
    from posko_app.exchange.neighbours import ask_again

    said = []
    for device in line.devices:
        aside = "; tidak dipakai lagi" if device.retired else ""
        said.append(f"{device.device_id}  {' '.join(device.words)}  {KEYS[device.key]}{aside}")
    if line.gaps:
        said += ["", ask_again(posko, line)]
    return ["", *said] if said else []


def _day(posko: Posko, moment: datetime | None) -> str:
    from posko_app.text import numeric_date

    return f" ({numeric_date(moment.astimezone(posko.zone).date())})" if moment else ""


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
