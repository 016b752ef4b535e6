"""`posko export --check`: what would go and what stays; and names found in what goes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from posko_app.text import thousands

from .answer import Answer, table
from .session import meter, opened

if TYPE_CHECKING:
    from posko_app.exchange.free_text import Found
    from posko_app.exchange.profiles import Removed

SHOWN = 20  # found names that are listed


def add_options(export: argparse.ArgumentParser) -> None:
    """Add what `posko export` takes for looking first."""
    export.add_argument(
        "--check", action="store_true", help="tunjukkan yang ikut dan yang tidak, tanpa berkas"
    )
    export.add_argument(
        "--names-stay", default="", metavar="ALASAN",
        help="mengapa teks yang menyebut pelapor atau saksi boleh tetap ada",
    )  # fmt: skip


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    look = commands.add_parser(
        "names", parents=[common], help="cari nama pelapor dan saksi dalam teks yang dapat keluar"
    )
    look.set_defaults(run=run_names)


def run_names(args: argparse.Namespace) -> Answer:
    """Look for names in everything that may leave; who sends without the key relies on it."""
    from posko_app.exchange.name_check import check_names

    with opened(args) as posko:
        search = check_names(posko, progress=meter(args))
    lines = names(search.found, search.more) or ["Tidak ada teks yang menyebut pelapor atau saksi."]
    data = {"people": search.people, "more": search.more, **data_of(search.found, unchecked=False)}
    return Answer(data, lines)


def run_check(args: argparse.Namespace) -> Answer:
    """Say what an export would hold and leave out; no file is written."""
    from posko_app.cases.find import uids_of
    from posko_app.exchange.profiles import removed
    from posko_app.office.setup import region_code

    with opened(args) as posko:
        told = removed(
            posko,
            region_code(args.to),
            args.profile,
            "picked" if args.cases else args.what,
            uids_of(posko, args.cases),
            progress=meter(args),
        )
    return Answer(asdict(told), _lines(told))


def names(
    found: Sequence[Found],
    more: int = 0,
    *,
    unchecked: bool = False,
    elsewhere: Sequence[str] = (),
) -> list[str]:
    """Lines about names in texts that go."""
    from posko_app.exchange.held_elsewhere import where_they_are

    others = [where_they_are(elsewhere)] if elsewhere else []
    if unchecked:
        return [
            *others,
            "Nama pelapor dan saksi tidak dicari: akun ini tidak memegang kunci identitas. "
            "Minta admin memeriksanya.",
        ]
    if not found:
        return others
    count = len(found) + more
    lines = [f"Mungkin menyebut pelapor atau saksi, {thousands(count)} temuan:"]
    for hit in found[:SHOWN]:
        number = f"{hit.case_number}, " if hit.case_number else ""
        lines.append(f"  {number}{hit.place}: {hit.what} ({hit.who}) \u201c{hit.snippet}\u201d")
    if count > SHOWN:
        lines.append(f"  dan {thousands(count - SHOWN)} lagi.")
    return lines + others


def kept(cases: int) -> list[str]:
    """Of how many cases another computer of this office still lacks the identities."""
    if not cases:
        return []
    return [
        f"{thousands(cases)} perkara tanpa identitas: akun ini tidak memegang kuncinya. "
        "Identitasnya ikut bila pemegang kunci membuat kiriman berikutnya."
    ]


def data_of(
    found: Sequence[Found], *, unchecked: bool, elsewhere: Sequence[str] = ()
) -> dict[str, Any]:
    """The same for programs."""
    hits = [asdict(hit) for hit in found]
    return {"found": hits, "unchecked": unchecked, "elsewhere": [*elsewhere]}


def _lines(told: Removed) -> list[str]:
    lines = [
        f"Untuk {told.to_code}, profil {told.profile} ({told.label}). {told.whom}",
        "Tidak ada berkas yang dibuat.",
        "",
        *table(
            ["Yang ikut", "Jumlah"], [[going.label, thousands(going.count)] for going in told.goes]
        ),
        "",
        *table(
            ["Yang tidak ikut", "Catatan", "Perkara", "Mengapa"],
            [
                [
                    row.label,
                    thousands(row.records),
                    thousands(row.cases) if row.cases else "",
                    row.reason,
                ]
                for row in told.tables
            ],
            widest=120,
        ),
    ]
    if told.fields:
        rows = [[field.label, field.reason] for field in told.fields]
        lines += ["", *table(["Yang tidak ditulis", "Mengapa"], rows, widest=120)]
    hits = names(told.found, told.more_found, unchecked=told.unchecked, elsewhere=told.elsewhere)
    if hits and told.strict:
        hits.append("Berkas ini baru dapat dibuat setelah teks itu dibetulkan, atau dengan alasan.")
    return [*lines, *(["", *hits] if hits else [])]
