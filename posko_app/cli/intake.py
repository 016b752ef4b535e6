"""`posko template`, `posko intake`: the blank workbook for staff without the program, and back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import UserError

from .answer import Answer
from .session import opened

if TYPE_CHECKING:
    from posko_app.exchange.intake_book import IntakeResult, TakenRow


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    template = commands.add_parser(
        "template", parents=[common], help="isian Excel kosong untuk petugas tanpa Posko"
    )
    template.set_defaults(run=run_template)
    template.add_argument(
        "--for", dest="office", default="", metavar="KODE", help="kode kantor yang mengisinya"
    )
    template.add_argument("--out", required=True, metavar="BERKAS.xlsx", help="berkas yang dibuat")

    intake = commands.add_parser(
        "intake", parents=[common], help="terima isian Excel yang terisi, baris demi baris"
    )
    intake.set_defaults(run=run_intake)
    intake.add_argument("file", metavar="BERKAS.xlsx", help="isian yang terisi")
    intake.add_argument("--out", metavar="FOLDER", help="folder untuk balasan dan perbaikan")
    mode = intake.add_mutually_exclusive_group()
    mode.add_argument("--apply", action="store_true", help="terima barisnya (ini yang biasa)")
    mode.add_argument("--check", action="store_true", help="periksa saja, tidak ada yang diubah")


def run_template(args: argparse.Namespace) -> Answer:
    """Write the blank workbook; with `--for` or `--data` it is made for an office."""
    out = Path(args.out).absolute()
    from posko_app.exchange.blank import write_template
    from posko_app.office.setup import region_code

    code = region_code(args.office) if args.office else ""
    if args.data or code:
        with opened(args) as posko:
            write_template(posko, out, code)
    else:
        write_template(None, out)
    return Answer({"path": str(out)}, [f"Isian kosong tersimpan di {out}."])


def run_intake(args: argparse.Namespace) -> Answer:
    """File the right rows of a filled workbook, and write what its sender gets back."""
    from posko_app.exchange.intake_book import check_in, take_in

    out = Path(args.out).absolute() if args.out else None
    if out is not None and not out.is_dir():
        raise UserError(
            f"Folder {out.name} tidak ada. Tidak ada yang diubah. Pilih folder lain.",
            "folder_missing",
        )
    with opened(args) as posko:
        path = Path(args.file).absolute()
        result = check_in(posko, path) if args.check else take_in(posko, path, out)
    return _answer(result)


def _answer(result: IntakeResult) -> Answer:
    problems = [
        {"sheet": w.sheet, "row": w.row, "column": w.column, "reason": w.reason}
        for w in result.wrong
    ]
    data: dict[str, Any] = {
        "office": result.office,
        "applied": result.applied,
        "filed": [_row(row) for row in result.filed],
        "again": [_row(row) for row in result.again],
        "wrong": result.wrong_rows,
        "cases": [{"uid": r.uid, "number": r.number} for r in result.filed if r.case and r.uid],
        "problems": problems,
        "waiting": list(result.waiting),
        "returned": str(result.returned) if result.returned else None,
        "reply": str(result.reply) if result.reply else None,
    }
    done = "diterima" if result.applied else "dapat diterima"
    lines = [
        f"{len(result.filed)} baris {done}, {len(result.again)} sudah pernah diterima, "
        f"{result.wrong_rows} perlu diperbaiki."
    ]
    lines += [f"  {row.sheet} baris {row.row}: {row.number or row.title}" for row in result.filed]
    lines += list(dict.fromkeys(word for row in result.filed for word in row.warnings))
    lines += [f"{w.sheet} baris {w.row} {w.column}: {w.reason}" for w in result.wrong]
    lines += result.waiting
    if result.reply:
        lines.append(f"Balasan untuk pengirim: {result.reply}")
    if result.returned:
        lines.append(f"Perbaikan untuk pengirim: {result.returned}")
    if not result.wrong_rows:
        return Answer(data, lines)
    sentence = _sentence(result)
    data["error"] = {"code": "rows_wrong", "message": sentence, "problems": problems}
    return Answer(data, lines, 1, sentence)


def _sentence(result: IntakeResult) -> str:
    wrong = f"{result.wrong_rows} baris perlu diperbaiki"
    if result.returned is None:
        return f"{wrong}. Data Anda tidak berubah."
    taken = f"{len(result.filed)} baris sudah diterima" if result.filed else "Belum ada yang masuk"
    return f"{wrong}. {taken}. Kirim {result.returned.name} kembali kepada pengirimnya."


def _row(row: TakenRow) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "uid": row.uid,
        "number": row.number,
        "title": row.title,
    }
