"""`posko rules send|receive|copy|files|retire`: regulations as signed files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .answer import Answer, fields, table
from .session import opened
from .words import day


def add_files(acts: Any, common: argparse.ArgumentParser, add_change: Any) -> None:
    """Add the acts of `posko rules` that concern files; the caller gives the shared arguments."""
    files = acts.add_parser("files", parents=[common], help="berkas aturan di kantor ini")
    files.set_defaults(run=run_files)
    send = acts.add_parser("send", parents=[common], help="buat berkas aturan bertanda tangan")
    send.set_defaults(run=run_send)
    send.add_argument("--out", required=True, metavar="FOLDER", help="folder berkasnya")
    send.add_argument("--valid-from", required=True, type=day, metavar="TANGGAL")
    send.add_argument("--reason", required=True, metavar="ALASAN")
    send.add_argument("--title", default="", metavar="JUDUL", help="judul lain untuk aturannya")
    receive = acts.add_parser("receive", parents=[common], help="terima berkas aturan")
    receive.set_defaults(run=run_receive)
    receive.add_argument("file", metavar="BERKAS")
    receive.add_argument(
        "--compared", action="store_true", help="enam kata kunci pengirim sudah dicocokkan"
    )
    how = receive.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="hanya perlihatkan akibatnya (bawaan)")
    how.add_argument("--apply", action="store_true", help="perlihatkan akibatnya, lalu terapkan")
    copied = acts.add_parser("copy", parents=[common], help="salin aturan sebagai aturan baru")
    copied.set_defaults(run=run_copy)
    copied.add_argument("new_id", metavar="KODE", help="misalnya pilkada-2029")
    copied.add_argument("title", metavar="JUDUL")
    copied.add_argument("--valid-from", required=True, type=day, metavar="TANGGAL")
    retire = acts.add_parser("retire", parents=[common], help="cabut satu versi aturan")
    retire.set_defaults(run=run_retire)
    retire.add_argument("version", type=int, metavar="VERSI")
    for act in (copied, retire):
        add_change(act)
    for act in (send, copied, retire):
        act.add_argument("--regulation", default="", metavar="ID", help="bawaan: aturan kantor")


def run_files(args: argparse.Namespace) -> Answer:
    """Every word about a regulation file, the newest first."""
    from posko_app.office.rule_file import rule_files

    with opened(args) as posko:
        rows = rule_files(posko)
    data = [
        {
            "regulation": row.regulation,
            "version": row.version,
            "title": row.title,
            "valid_from": row.valid_from.isoformat(),
            "from": row.office_name,
            "reason": row.reason,
            "retired": row.retired,
            "readable": row.readable,
        }
        for row in rows
    ]
    cells = [
        (r.title, str(r.version), r.valid_from.isoformat(), r.office_name,
         "dicabut" if r.retired else "")
        for r in rows
    ]  # fmt: skip
    return Answer({"files": data}, table(("Aturan", "Versi", "Sejak", "Dari", "Keadaan"), cells))


def run_send(args: argparse.Namespace) -> Answer:
    """Write this office's regulation as a signed file."""
    from posko_app.office.rule_file import write_rule_file

    with opened(args) as posko:
        path = write_rule_file(
            posko,
            args.regulation or posko.office.regulation,
            Path(args.out).absolute(),
            valid_from=args.valid_from,
            reason=args.reason,
            title=args.title,
        )
    return Answer({"path": str(path)}, [f"Berkas aturan tersimpan di {path}."])


def run_receive(args: argparse.Namespace) -> Answer:
    """Show what a file says and moves; with `--apply` it is taken in."""
    from posko_app.office.rule_file import plan_rule_file, read_rule_file

    from .rules import changed

    path = Path(args.file).absolute()
    with opened(args) as posko:
        file = read_rule_file(posko, path)
        told: dict[str, Any] = {
            "regulation": file.regulation.id,
            "version": file.version,
            "from": file.office_name,
            "code": file.office_code,
            "valid_from": file.regulation.valid_from.isoformat(),
            "reason": file.reason,
            "known_key": file.known_key,
            "fingerprint": " ".join(file.fingerprint),
            "differences": [{"name": d.name, "what": d.what} for d in file.differences],
        }
        lines = fields(
            [
                ("Aturan", f"{file.regulation.title} versi {file.version}"),
                ("Dari", f"{file.office_name} ({file.office_code})"),
                ("Berlaku sejak", told["valid_from"]),
                ("Alasan", file.reason),
                ("Sidik jari", "" if file.known_key else told["fingerprint"]),
            ]
        )
        lines += [f"  {d.name}: {d.what}" for d in file.differences]
        if not (file.known_key or args.compared or args.apply):
            lines.append("Kuncinya belum dikenal. Cocokkan enam kata itu, lalu pakai --compared.")
            return Answer({**told, "applied": False}, lines)
        answer = changed(args, posko, plan_rule_file(posko, path, compared=args.compared))
    return Answer({**told, **answer.data}, [*lines, *answer.lines])


def run_copy(args: argparse.Namespace) -> Answer:
    """Copy a regulation under an id of its own."""
    from posko_app.office.rule_file import plan_copy

    from .rules import changed

    with opened(args) as posko:
        name = args.regulation or posko.office.regulation
        change = plan_copy(
            posko, name, new_id=args.new_id, title=args.title, valid_from=args.valid_from,
            reason=args.reason,
        )  # fmt: skip
        return changed(args, posko, change)


def run_retire(args: argparse.Namespace) -> Answer:
    """Take a version out of force."""
    from posko_app.office.rule_file import plan_retire

    from .rules import changed

    with opened(args) as posko:
        name = args.regulation or posko.office.regulation
        return changed(args, posko, plan_retire(posko, name, args.version, args.reason))
