"""`posko handover`, `posko accept`, `posko giveback`: a case passes to another office."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import InvalidInput, Problem, UserError

from .answer import Answer
from .session import meter, opened
from .words import day

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.exchange.handover import HandedOver, Papers


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    sent = commands.add_parser(
        "handover", parents=[common], help="limpahkan perkara ke kantor pengawas lain"
    )
    sent.set_defaults(run=run_handover)
    sent.add_argument("case", metavar="PERKARA", help="nomor atau uid")
    sent.add_argument("--to", default="", metavar="KODE", help="kode kantor tujuan, seperti 62.10")
    sent.add_argument("--reason", default="", metavar="TEKS", help="alasan pelimpahan")
    sent.add_argument("--on", type=day, metavar="TANGGAL", help="bila bukan hari ini")
    sent.add_argument("--out", default=".", metavar="FOLDER", help="tempat berkasnya")
    sent.add_argument("--number", default="", metavar="NOMOR", help="nomor surat, bila ada")
    sent.add_argument(
        "--size", default="flashdisk", metavar="UKURAN", help="surel, whatsapp atau flashdisk"
    )
    sent.add_argument("--open", action="store_true", help="jangan kunci berkas untuk penerima")
    sent.add_argument("--no-letters", action="store_true", help="tanpa surat dan berita acara")
    sent.add_argument("--again", action="store_true", help="buat berkas pelimpahan terakhir lagi")

    took = commands.add_parser("accept", parents=[common], help="terima pelimpahan perkara")
    took.set_defaults(run=run_accept)
    took.add_argument("case", metavar="PERKARA", help="nomor atau uid")
    took.add_argument("--on", type=day, metavar="TANGGAL", help="bila bukan hari ini")
    took.add_argument("--number", default="", metavar="NOMOR", help="bila bukan nomor berikutnya")

    back = commands.add_parser(
        "giveback", parents=[common], help="kembalikan pelimpahan yang belum diterima"
    )
    back.set_defaults(run=run_giveback)
    back.add_argument("case", metavar="PERKARA", help="nomor atau uid")
    back.add_argument("--reason", default="", metavar="TEKS", help="alasan pengembalian")
    back.add_argument("--on", type=day, metavar="TANGGAL", help="bila bukan hari ini")


def run_handover(args: argparse.Namespace) -> Answer:
    """Record a pelimpahan with its sealed letter and write its files; or only the files again."""
    from posko_app.exchange.handover import files_again, hand_over
    from posko_app.exchange.handover_view import outlook
    from posko_app.office.setup import region_code

    out = Path(args.out).absolute()
    size = _size(args.size)
    with opened(args) as posko:
        papers = None if args.no_letters else _papers(posko, out)
        if args.again:
            made = files_again(
                posko, args.case, out, size, lock=not args.open, papers=papers,
                progress=meter(args),
            )  # fmt: skip
        else:
            if not args.to:
                raise InvalidInput([Problem("to", "Tulis kantor tujuan dengan --to.")])
            to = region_code(args.to)
            made = hand_over(
                posko, args.case, to, args.reason, args.on or posko.today(), out, size,
                number=args.number, lock=not args.open, papers=papers, progress=meter(args),
            )  # fmt: skip
        pictures = outlook(posko, made.case_uid, made.to_code).pictures
    return _told(made, pictures, again=args.again)


def run_accept(args: argparse.Namespace) -> Answer:
    """Receive a case that was handed over to this office."""
    from posko_app.exchange.handover import accept

    with opened(args) as posko:
        made = accept(posko, args.case, args.on or posko.today(), args.number)
    data = {
        "uid": made.case_uid,
        "event": made.event_uid,
        "number": made.number,
        "people": made.people,
        "questions": made.questions,
        "waiting": made.waiting,
        "told": list(made.told),
    }
    lines = [f"Pelimpahan diterima dengan nomor {made.number}.", *made.told]
    if made.waiting:
        lines.append("Identitasnya menunggu dibuka petugas yang memegang kunci identitas.")
    return Answer(data, lines)


def run_giveback(args: argparse.Namespace) -> Answer:
    """Send a case back that was handed over and is not received yet."""
    from posko_app.exchange.handover import give_back
    from posko_app.exchange.handover_view import returned_to

    with opened(args) as posko:
        event = give_back(posko, args.case, args.reason, args.on or posko.today())
        origin = returned_to(posko, event)
    lines = [
        f"Perkara dikirim kembali ke {origin.name}, yang mengetahuinya dari kiriman berikutnya.",
        f"Buat kirimannya: posko export --to {origin.code} --out FOLDER",
    ]
    return Answer({"event": event, "to": origin.code}, lines)


def _papers(posko: Posko, out: Path) -> Papers:
    from posko_app.letters.handover_papers import write_papers

    return partial(write_papers, posko, folder=out)


def _size(key: str) -> int:
    from posko_app.exchange.package.sizes import part_size, part_sizes

    try:
        return part_size(key).bytes
    except KeyError:
        known = ", ".join(size.key for size in part_sizes())
        raise UserError(
            f"Ukuran {key} tidak dikenal. Tidak ada yang diubah. Pilih {known}.", "unknown_size"
        ) from None


def _told(made: HandedOver, pictures: int, *, again: bool) -> Answer:
    from posko_app.exchange.handover_view import pictures_words

    data = {
        "uid": made.case_uid,
        "event": made.event_uid,
        "to": made.to_code,
        "people": made.people,
        "questions": made.questions,
        "spoiled": made.spoiled,
        "pictures_left": pictures,
        "papers": [str(path) for path in made.papers],
        "workbooks": [str(path) for path in made.workbooks],
        "packages": [str(path) for path in made.packages],
        "trouble": made.trouble,
    }
    first = "Berkas pelimpahan dibuat lagi" if again else "Pelimpahan tercatat, menunggu diterima"
    lines = [f"{first}: {made.to_name}.", *(str(path) for path in made.files)]
    if made.trouble:
        lines.append(f"Pelimpahan sudah tercatat. {made.trouble} Ulangi dengan --again.")
    elif not made.workbooks:
        lines.append("Operator pertukaran membuat berkasnya dengan --again.")
    if made.spoiled:
        lines.append(f"{made.spoiled} catatan identitas rusak dan tidak ikut.")
    if pictures:
        lines.append(pictures_words(pictures))
    return Answer(data, lines)
