"""`posko list`, `posko find`: cases by filters, and everything by words."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import InvalidInput, Problem
from posko_app.text import short_date

from .answer import Answer, table
from .documents import require_folder
from .session import meter, opened
from .words import count

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.cases.queries import CaseFilter
    from posko_app.cases.search import Findings
    from posko_app.cases.views import CaseRow

PAGE = 500
# As in resources/lists.toml, which is not read to show help; a test compares them.
VIEWS = (
    *("active", "soon", "mine", "waiting", "findings", "closed", "all", "late", "agency"),
    *("conflicts", "archived"),
)
SORTS = ("due", "filed")
DUES = ("late", "today", "running", "none")
OPTIONS: tuple[tuple[str, str, str], ...] = (
    ("stage", "TAHAP", "kode tahap, misalnya clarification"),
    ("kind", "JENIS", "masuk sebagai: report, finding, initial_info"),
    ("theme", "TEMA", "kode jenis dugaan, misalnya asn_neutrality"),
    ("region", "KODE", "kode wilayah; yang di bawahnya ikut"),
    ("officer", "NAMA", "nama masuk petugas, - untuk yang belum ada"),
    ("office", "KODE", "kode kantor penerima"),
    ("due", "BATAS", "late, today, running atau none"),
    ("waiting", "INSTANSI", "menunggu jawaban: kode instansi atau any"),
    ("ended", "HASIL", "cara berakhir, misalnya not_violation"),
    ("filed", "WAKTU", "diterima: 2024-10, 2024-10-01..2024-10-15 atau week"),
    ("referred", "WAKTU", "terakhir diteruskan, ditulis sama"),
)
WHERE = {
    "number": "nomor",
    "title": "peristiwa",
    "party": "terlapor",
    "place": "tempat",
    "letter": "surat",
    "file": "berkas",
    "narrative": "uraian",
}


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    shown = commands.add_parser("list", parents=[common], help="daftar perkara")
    shown.set_defaults(run=run_list)
    shown.add_argument("--view", default="all", choices=VIEWS, help="perkara yang mana")
    shown.add_argument("--text", default="", metavar="KATA", help="cari kata")
    for name, value, said in OPTIONS:
        shown.add_argument(f"--{name}", default="", metavar=value, help=said)
    shown.add_argument("--conflicts", action="store_true", help="hanya yang datanya bentrok")
    shown.add_argument("--sort", default="due", choices=SORTS, help="batas atau diterima")
    shown.add_argument("--desc", action="store_true", help="urutan terbalik")
    shown.add_argument("--limit", type=count, metavar="N", help="paling banyak N perkara")
    shown.add_argument("--out", metavar="BERKAS", help="tulis ke berkas .xlsx atau .pdf")

    find = commands.add_parser("find", parents=[common], help="cari di perkara, surat dan berkas")
    find.set_defaults(run=run_find)
    find.add_argument("text", nargs="+", metavar="KATA", help="ejaan lama dan salah ketik ikut")
    who = "pelapor atau saksi: nama lengkap per kata, NIK, atau telepon"
    find.add_argument("--identity", action="store_true", help=who)
    find.add_argument("--limit", type=count, default=50, metavar="N", help="paling banyak N")


def run_list(args: argparse.Namespace) -> Answer:
    """The cases of a view and filters, the earliest safe date first."""
    with opened(args) as posko:
        wanted = _wanted(posko, args)
        if args.out and args.limit:
            said = "--limit tidak berlaku bersama --out: berkas memuat seluruh daftar."
            raise InvalidInput([Problem("limit", said)])
        if args.out:
            return _written(posko, wanted, Path(args.out).absolute(), args)
        rows = list(_pages(posko, wanted, args.limit))
    found = [
        {
            "uid": row.uid,
            "number": row.number,
            "title": row.title,
            "stage": row.stage,
            "due_on": _iso(row.due_on),
            "office": row.office_code,
        }
        for row in rows
    ]
    return Answer({"cases": found}, [*_table(rows), f"{len(rows)} perkara."])


def run_find(args: argparse.Namespace) -> Answer:
    """Cases and letters that hold every word, and where."""
    from posko_app.cases.search import find_cases

    text = " ".join(args.text)
    if args.identity:
        return _by_identity(args, text)
    with opened(args) as posko:
        found = find_cases(posko, text, limit=args.limit)
    data = {
        "text": found.text,
        "instead": list(found.instead),
        "total": found.total,
        "cases": [
            {
                "uid": hit.case.uid,
                "number": hit.case.number,
                "title": hit.case.title,
                "stage": hit.case.stage,
                "office": hit.case.office_code,
                "found": [{"kind": spot.kind, "text": spot.text} for spot in hit.spots],
            }
            for hit in found.hits
        ],
        "letters": [
            {
                "uid": letter.uid,
                "number": letter.number,
                "title": letter.title,
                "addressee": letter.addressee,
                "dated_on": letter.dated_on.isoformat(),
            }
            for letter in found.letters
        ],
    }
    return Answer(data, _said(found))


def _by_identity(args: argparse.Namespace, text: str) -> Answer:
    """Cases of one reporter or witness; the look-up is journaled, without the name."""
    from posko_app.cases.filters import CaseFilter
    from posko_app.cases.identity import find_by_identity
    from posko_app.cases.queries import list_cases

    digits = "".join(char for char in text if char.isdecimal())
    named = any(char.isalpha() for char in text)
    known = {"name": text} if named else {"nik" if len(digits) == 16 else "phone": digits}
    with opened(args) as posko:
        uids = find_by_identity(posko, **known)
        rows = list(list_cases(posko, CaseFilter(view="all", uids=uids), limit=args.limit))
    found = [{"uid": r.uid, "number": r.number, "title": r.title, "stage": r.stage} for r in rows]
    return Answer({"total": len(uids), "cases": found}, [*_table(rows), f"{len(uids)} perkara."])


def _said(found: Findings) -> list[str]:
    lines = []
    if found.instead and (found.hits or found.letters):
        lines += ["Tidak ada yang persis begitu; ini yang ejaannya mirip.", ""]
    if found.hits:
        rows = [
            (
                hit.case.number or hit.case.uid,
                hit.case.title,
                hit.case.party,
                "; ".join(f"{WHERE[s.kind]}: {s.text}" for s in hit.spots[:2]),
            )
            for hit in found.hits
        ]
        lines += table(("Nomor", "Peristiwa", "Terlapor", "Ditemukan di"), rows)
    if found.letters:
        cells = [(x.number, x.title, x.addressee) for x in found.letters]
        lines += ["", *table(("Surat", "Judul", "Kepada"), cells)]
    more = f", {len(found.hits)} ditampilkan" if found.total > len(found.hits) else ""
    return [*lines, f"{found.total} perkara{more}, {len(found.letters)} surat tanpa perkara."]


def _wanted(posko: Posko, args: argparse.Namespace) -> CaseFilter:
    """The filter that was typed. Raises InvalidInput for what is not known."""
    from dataclasses import replace

    from posko_app.cases.filters import CaseFilter, with_values
    from posko_app.rules.regions import dotted

    problems = []
    values = {name: getattr(args, name) for name, _, _ in OPTIONS}
    for name, codes in _codes(posko).items():
        if values[name] and values[name] not in codes:
            known = ", ".join(codes)
            said = f"--{name} {values[name]} tidak dikenal. Pilih: {known}."
            problems.append(Problem(name, said))
    for name in ("region", "office"):
        values[name] = dotted(values[name])
    wanted = with_values(CaseFilter(), values, posko.today())
    for name in ("filed", "referred"):
        read = getattr(wanted, f"{name}_from") or getattr(wanted, f"{name}_to")
        if values[name] and not read:
            problems.append(
                Problem(name, f"--{name} {values[name]} tidak dapat dibaca. Tulis 2024-10 atau "
                              "2024-10-01..2024-10-15.")
            )  # fmt: skip
    if problems:
        raise InvalidInput(problems)
    return replace(
        wanted,
        view=args.view,
        text=args.text,
        conflicts=args.conflicts,
        sort=args.sort,
        descending=args.desc,
    )


def _codes(posko: Posko) -> dict[str, tuple[str, ...]]:
    """The options that take one of a list of codes."""
    from posko_app.cases.filters import ANY
    from posko_app.rules.facts import STAGES

    codes = posko.vocabulary.codes
    return {
        "kind": codes("intake_kind"),
        "theme": codes("allegation"),
        "ended": codes("outcome"),
        "stage": STAGES,
        "due": DUES,
        "waiting": (*codes("addressee"), ANY),
    }


def _written(posko: Posko, wanted: CaseFilter, path: Path, args: argparse.Namespace) -> Answer:
    """The whole list as a file."""
    from posko_app.cases.list_rows import case_listing
    from posko_app.errors import UserError
    from posko_app.exchange.list_book import write_listing
    from posko_app.letters.list_print import listing_pdf
    from posko_app.security.durable import write_file

    require_folder(path)
    kind = path.suffix.lower()
    if kind not in (".xlsx", ".pdf"):
        raise UserError(f"Berkas {path.name} harus berakhiran .xlsx atau .pdf.")
    keys = ("number", "register", "title", "party", "area", "stage", "due", "filed", "officer")
    made = case_listing(posko, wanted, keys, progress=meter(args))
    if kind == ".xlsx":
        write_listing(posko, made, path, progress=meter(args))
    else:
        write_file(path, listing_pdf(posko, made, progress=meter(args)))
    return Answer({"file": str(path), "rows": len(made.rows)},
                  [f"{len(made.rows)} perkara ditulis ke {path}."])  # fmt: skip


def _table(rows: list[CaseRow]) -> list[str]:
    return table(
        ("Nomor", "Peristiwa", "Tahap", "Batas", "Kantor"),
        [
            (
                row.number or row.uid,
                row.title,
                row.stage_label,
                short_date(row.due_on) if row.due_on else "",
                row.office_code,
            )
            for row in rows
        ],
    )


def _pages(posko: Posko, wanted: CaseFilter, limit: int | None) -> Iterator[CaseRow]:
    from posko_app.cases.queries import list_cases

    after, left = None, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = list_cases(posko, wanted, limit=size, after=after)
        yield from page
        if len(page) < size:
            return
        after = page[-1]
        left = None if left is None else left - len(page)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
