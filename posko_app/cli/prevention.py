"""`posko prevention`: activities, pledges and the spread of banners, for automation."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.text import numeric_date, parse_date, short_date

from .answer import Answer, table
from .documents import require_folder
from .session import meter, opened
from .words import day

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.cases.coverage import Coverage, VillageRow
    from posko_app.cases.pledge import PledgeView


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    about = "kegiatan pencegahan, ikrar, sebaran desa"
    family = commands.add_parser("prevention", parents=[common], help=about)
    parts = family.add_subparsers(title="Bagian", metavar="BAGIAN", dest="part", required=True)

    shown = parts.add_parser("list", parents=[common], help="kegiatan satu bulan")
    shown.set_defaults(run=run_list)
    shown.add_argument("--month", default="", metavar="TAHUN-BULAN", help="misalnya 2024-10")

    pledges = parts.add_parser("pledges", parents=[common], help="semua ikrar dan jumlahnya")
    pledges.set_defaults(run=run_pledges)

    pledge = parts.add_parser("pledge", parents=[common], help="satu ikrar: undangan dan cetakan")
    pledge.set_defaults(run=run_pledge)
    pledge.add_argument("uid", metavar="IKRAR", help="uid ikrar")
    pledge.add_argument("--roster", default="", metavar="BERKAS", help="daftar bertab dari Excel")
    pledge.add_argument("--list", default="", metavar="BERKAS.pdf", help="cetak daftar hadir")
    pledge.add_argument("--sheets", default="", metavar="BERKAS.pdf", help="cetak ikrar mandiri")

    spread = parts.add_parser("coverage", parents=[common], help="sebaran bahan per desa")
    spread.set_defaults(run=run_coverage)
    spread.add_argument("--under", default="", metavar="KODE", help="hanya wilayah ini")
    spread.add_argument("--without-proof", action="store_true", help="hanya desa tanpa bukti")
    spread.add_argument("--paste", default="", metavar="BERKAS", help="catat daftar bertab")
    spread.add_argument("--action", default="installed", metavar="KODE", help="misalnya installed")
    spread.add_argument("--on", type=day, metavar="TANGGAL", help="tanggal bila tidak ditulis")
    spread.add_argument("--out", default="", metavar="BERKAS", help="tulis .xlsx atau .pdf")


def run_list(args: argparse.Namespace) -> Answer:
    """Activities of a month, and what was planned for it."""
    from posko_app.cases.prevention import activities
    from posko_app.cases.prevention_plan import month_of, month_plan

    with opened(args) as posko:
        first = posko.today()
        if args.month:
            try:
                first = parse_date(f"{args.month}-01", first)
            except ValueError:
                said = "Tulis bulan seperti 2024-10."
                raise InvalidInput([Problem("month", said)]) from None
        since, until = month_of(first)
        rows = activities(posko, 1000, since=since, until=until)
        plan = month_plan(posko, first)
    data = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "activities": [_plain(asdict(row)) for row in rows],
        "plan": [asdict(line) for line in plan],
    }
    lines = table(
        ("Tanggal", "Jenis", "Kegiatan", "Tempat", "Peserta", "Keadaan"),
        [
            (
                short_date(row.on),
                row.item_label,
                row.title,
                row.place,
                str(row.participants or ""),
                "terlaksana" if row.done else "rencana",
            )
            for row in rows
        ],
    )
    lines += [f"{line.label}: {line.done} dari {line.planned}" for line in plan]
    return Answer(data, [*lines, f"{len(rows)} kegiatan."])


def run_pledges(args: argparse.Namespace) -> Answer:
    """All pledges, the newest first."""
    from posko_app.cases.pledge import pledges

    with opened(args) as posko:
        rows = pledges(posko)
    lines = table(
        ("Uid", "Tanggal", "Ikrar", "Diundang", "Hadir", "Ditunggu"),
        [
            (
                row.uid,
                numeric_date(row.on),
                row.title,
                str(row.total.invited),
                str(row.total.present + row.total.represented),
                str(row.total.owing),
            )
            for row in rows
        ],
    )
    return Answer({"pledges": [_plain(asdict(row)) for row in rows]}, lines)


def run_pledge(args: argparse.Namespace) -> Answer:
    """One pledge: its totals; with a roster invite, with file names print."""
    from posko_app.cases.pledge import invite, on_roster, pledge_view
    from posko_app.cases.roster import read_roster
    from posko_app.letters.pledge_papers import attendance_list, self_pledges
    from posko_app.security.durable import write_file

    outs = [Path(name).absolute() for name in (args.list, args.sheets) if name]
    for out in outs:
        require_folder(out)
    problems: list[dict[str, Any]] = []
    added = 0
    with opened(args) as posko:
        if args.roster:
            draft = read_roster(posko, _text(args.roster), *on_roster(posko, args.uid))
            added = invite(posko, args.uid, draft.usable)
            problems = [
                {"line": row.number, "problems": list(row.problems)}
                for row in draft.rows
                if row.problems
            ]
        if args.list:
            write_file(Path(args.list).absolute(), attendance_list(posko, args.uid))
        if args.sheets:
            made = self_pledges(posko, args.uid, progress=meter(args))
            write_file(Path(args.sheets).absolute(), made)
        view = pledge_view(posko, args.uid)
    lines = _totals(view)
    lines += [f"Baris {p['line']}: {' '.join(p['problems'])}" for p in problems]
    lines += [f"{added} undangan ditambahkan."] if args.roster else []
    lines += [f"Tersimpan di {out}." for out in outs]
    data = {
        "pledge": _plain(asdict(view.row)),
        "totals": [asdict(total) for total in view.totals],
        "owing": [{"uid": one.uid, "name": one.name, "nip": one.nip} for one in view.owing],
        "added": added,
        "problems": problems,
        "paths": [str(out) for out in outs],
    }
    return Answer(data, lines)


def run_coverage(args: argparse.Namespace) -> Answer:
    """The spread per village; with a pasted list note it first."""
    from posko_app.cases.coverage import coverage
    from posko_app.cases.coverage_keep import keep_draft
    from posko_app.cases.coverage_paste import read_coverage

    problems: list[dict[str, Any]] = []
    with opened(args) as posko:
        if args.paste:
            on = args.on or posko.today()
            draft = read_coverage(
                posko, _text(args.paste), action=args.action, on=on, under=args.under
            )
            keep_draft(posko, draft)
            problems = [asdict(p) for p in (*draft.problems, *draft.warnings)]
        made = coverage(posko, args.under)
        rows = [row for row in made.rows if row.without_proof or not args.without_proof]
        if args.out:
            _write(posko, made, rows, Path(args.out).absolute(), args)
    lines = table(
        ("Kecamatan", "Desa", *(label for _, label in made.items), "Foto"),
        [
            (
                row.village.subdistrict,
                row.village.name,
                *(
                    f"{cell.done}/{cell.planned}" if (cell := row.cells.get(item)) else ""
                    for item, _ in made.items
                ),
                str(row.photos or ""),
            )
            for row in rows
        ],
    )
    lines += [f"Baris {p['line']}: {p['text']}" for p in problems]
    lines.append(f"{len(rows)} desa, {made.without_proof} desa tanpa bukti.")
    data = {
        "villages": [_plain(asdict(row)) for row in rows],
        "totals": [asdict(total) for total in made.totals],
        "without_proof": made.without_proof,
        "problems": problems,
    }
    return Answer(data, lines)


def _write(
    posko: Posko, made: Coverage, rows: list[VillageRow], out: Path, args: argparse.Namespace
) -> None:
    from posko_app.cases.coverage_list import coverage_listing

    require_folder(out)
    wanted = coverage_listing(made, rows)
    if out.suffix.lower() == ".xlsx":
        from posko_app.exchange.list_book import write_listing

        write_listing(posko, wanted, out, progress=meter(args))
    elif out.suffix.lower() == ".pdf":
        from posko_app.letters.list_print import listing_pdf
        from posko_app.security.durable import write_file

        write_file(out, listing_pdf(posko, wanted, progress=meter(args)))
    else:
        raise InvalidInput([Problem("out", "Nama berkas harus berakhir .xlsx atau .pdf.")])


def _totals(view: PledgeView) -> list[str]:
    heads = ("Kelompok", "Diundang", "Hadir", "Diwakili", "Tidak hadir", "Mandiri", "Ditunggu")
    everybody = view.row.total
    return table(
        heads,
        [
            (
                total.label or "Jumlah",
                *(
                    str(number)
                    for number in (
                        total.invited,
                        total.present,
                        total.represented,
                        total.absent,
                        total.self_pledged,
                        total.owing,
                    )
                ),
            )
            for total in (*view.totals, everybody)
        ],
    )


def _text(name: str) -> str:
    """The text of a file of tab-separated lines. Raises UserError."""
    try:
        return Path(name).expanduser().read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UserError(
            f"Berkas {name} tidak dapat dibaca. Tidak ada yang diubah. "
            "Simpan sebagai teks bertab (UTF-8) lalu ulangi.",
            "file_unreadable",
        ) from None


def _plain(value: Any) -> Any:
    """Dates as text, also deep inside."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
