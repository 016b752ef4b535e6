"""`posko letter` and `posko recap`: what a command ends in a document."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import InvalidInput, Problem, UserError

from .answer import Answer, fields
from .session import meter, opened
from .words import day, pair

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.letters.catalogue import Value

NO_CASE = "-"


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    letter = commands.add_parser(
        "letter", parents=[common], help="konsep surat, atau surat bernomor"
    )
    letter.set_defaults(run=run_letter)
    letter.add_argument(
        "case", metavar="PERKARA", help="nomor atau uid; - untuk surat tanpa perkara"
    )
    letter.add_argument("template", metavar="SURAT", help="misalnya laporan, tanda-bukti, imbauan")
    letter.add_argument("--out", required=True, metavar="BERKAS.pdf", help="berkas PDF yang dibuat")
    letter.add_argument("--paper", default="", choices=("F4", "A4"), help="kertas surat ini")
    letter.add_argument(
        "--set",
        action="append",
        type=pair,
        default=[],
        metavar="NAMA=NILAI",
        help="isian surat, boleh berulang: letter.addressee=Bupati",
    )
    which = letter.add_mutually_exclusive_group()
    which.add_argument("--issue", action="store_true", help="beri nomor dan bekukan")
    which.add_argument("--again", action="store_true", help="salinan surat yang sudah terbit")

    recap = commands.add_parser("recap", parents=[common], help="rekap R1 dan R2 untuk provinsi")
    recap.set_defaults(run=run_recap)
    recap.add_argument(
        "--from", dest="since", required=True, type=day, metavar="TANGGAL", help="tanggal awal"
    )
    recap.add_argument(
        "--to", dest="until", required=True, type=day, metavar="TANGGAL", help="tanggal akhir"
    )
    recap.add_argument("--out", required=True, metavar="BERKAS.xlsx", help="berkas yang dibuat")


def run_letter(args: argparse.Namespace) -> Answer:
    """Write a draft; with `--issue` number, freeze and write the letter."""
    out = Path(args.out).absolute()
    require_folder(out)
    case = "" if args.case == NO_CASE else args.case
    with opened(args) as posko:
        if args.again:
            data, pdf, warnings = _again(posko, case, args.template)
        elif args.issue:
            data, pdf, warnings = _issued(posko, case, args, out)
        else:
            from posko_app.letters.issue import preview

            made = preview(posko, case, args.template, values=_values(args.set), paper=args.paper)
            pdf, warnings = made.pdf, made.warnings
            data = {"template": args.template, "number": made.number, "frozen": False}
    _write(out, pdf, str(data["number"]) if data["frozen"] else "")
    from hashlib import sha256

    data = {"path": str(out), **data, "sha256": sha256(pdf).hexdigest()}
    number = str(data["number"])
    lines = [
        f"Surat bernomor {number} tersimpan di {out}."
        if data["frozen"]
        else f"Konsep tersimpan di {out}." + (f" Usulan nomor: {number}." if number else ""),
        *warnings,
    ]
    return Answer({**data, "warnings": list(warnings)}, lines)


def _issued(
    posko: Posko, case: str, args: argparse.Namespace, out: Path
) -> tuple[dict[str, Any], bytes, Sequence[str]]:
    from posko_app.letters.issue import issue, reprint

    _try_place(out)  # a place that cannot be written must not cost a number
    made = issue(posko, case, args.template, values=_values(args.set), paper=args.paper)
    data = {"template": made.template, "number": made.number, "frozen": True}
    return data, reprint(posko, made.uid), made.warnings


def _again(posko: Posko, case: str, template: str) -> tuple[dict[str, Any], bytes, Sequence[str]]:
    from posko_app.cases.case_view import case_view
    from posko_app.letters.issue import reprint

    letters = [x for x in case_view(posko, case).letters if x.template == template]
    if not letters:
        raise UserError(
            f"Surat {template} belum pernah terbit di perkara ini. Tidak ada yang diubah. "
            "Terbitkan dengan --issue.",
            "letter_not_issued",
        )
    last = letters[0]
    return (
        {"template": template, "number": last.number, "frozen": True},
        reprint(posko, last.uid),
        (),
    )


def _values(pairs: Sequence[tuple[str, str]]) -> Mapping[str, Value]:
    """The asked values as typed; a list takes one line for each time it is named."""
    from posko_app.letters.catalogue import load_catalogue

    catalogue = load_catalogue()
    texts: dict[str, str] = {}
    lists: dict[str, list[Mapping[str, str]]] = {}
    unknown = []
    for name, value in pairs:
        if name in catalogue.rows and catalogue.rows[name].asked:
            lists.setdefault(name, []).append({"text": value})
        elif name in catalogue.values and catalogue.values[name].asked:
            texts[name] = value
        else:
            unknown.append(name)
    if unknown:
        asked = [n for n, v in catalogue.values.items() if v.asked]
        asked += [n for n, v in catalogue.rows.items() if v.asked]
        raise InvalidInput(
            [Problem(n, f"Isian {n} tidak dikenal. Yang ada: {', '.join(asked)}.") for n in unknown]
        )
    return {**texts, **{name: tuple(rows) for name, rows in lists.items()}}


def require_folder(out: Path) -> None:
    """Raise UserError where no file could be made: no such folder, or a folder of that name."""
    if not out.parent.is_dir() or out.is_dir():
        raise UserError(
            f"Berkas {out} tidak dapat dibuat: foldernya tidak ada, atau nama itu sebuah folder. "
            "Tidak ada yang diubah.",
            "folder_missing",
        )


def _try_place(out: Path) -> None:
    """Raise OSError where `out` could not be written; what stands there already is not touched."""
    from secrets import token_hex

    from posko_app.security.durable import write_file

    if out.exists():
        out.open("r+b").close()
    trial = out.with_name(f"{out.name}.{token_hex(4)}")
    write_file(trial, b"")
    trial.unlink()


def _write(out: Path, pdf: bytes, number: str) -> None:
    from posko_app.security.durable import write_file

    try:
        write_file(out, pdf)
    except OSError as error:
        if not number:
            raise
        raise UserError(
            f"Surat sudah bernomor {number} dan tersimpan di brankas, tetapi {out} tidak dapat "
            "ditulis. Ambil salinannya dengan --again.",
            "letter_not_written",
        ) from error


def run_recap(args: argparse.Namespace) -> Answer:
    """Write the recap of cases received in a period, both days included."""
    out = Path(args.out).absolute()
    require_folder(out)
    if out.suffix.lower() != ".xlsx":
        raise UserError(
            "Rekap baru dapat ditulis sebagai .xlsx. Tidak ada yang diubah. Ganti nama berkasnya.",
            "recap_format",
        )
    with opened(args) as posko:
        from posko_app.cases.recap import recap
        from posko_app.exchange.recap_book import write_recap

        found = recap(posko, args.since, args.until, meter(args))
        write_recap(posko, found, out)
    totals = dict(found.totals)
    data = {"path": str(out), "rows": len(found.cases), "totals": totals}
    lines = [f"Rekap {len(found.cases)} perkara tersimpan di {out}."]
    shown = [(name.replace("_", " "), str(value)) for name, value in totals.items()]
    return Answer(data, [*lines, *fields(shown)])
