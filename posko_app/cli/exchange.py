"""`posko export`: workbooks that leave."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from posko_app.errors import UserError

from .answer import Answer
from .session import made_folder, meter, opened

PROFILES = ("internal", "penerus", "publik")


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    export = commands.add_parser("export", parents=[common], help="kiriman Excel untuk kantor lain")
    export.set_defaults(run=run_export, wrong=export.error)
    export.add_argument(
        "--to", required=True, metavar="KODE", help="kode kantor tujuan: 62.10 atau 6210"
    )
    export.add_argument("--out", required=True, metavar="FOLDER", help="folder untuk kiriman")
    export.add_argument(
        "--what", choices=("changes", "all"), default="changes",
        help="yang berubah saja, atau semua data",
    )  # fmt: skip
    export.add_argument(
        "--case", action="append", default=[], dest="cases", metavar="NOMOR",
        help="salinan perkara ini saja, di luar urutan kiriman; boleh berkali-kali",
    )  # fmt: skip
    export.add_argument(
        "--lock", action="store_true", help="kunci untuk kantor tujuan: hanya mereka bisa membuka"
    )
    export.add_argument("--profile", default="internal", choices=PROFILES, help="untuk siapa")
    export.add_argument("--evidence", action="store_true", help="sertakan berkas bukti")


def run_export(args: argparse.Namespace) -> Answer:
    """Write what the recipient has not confirmed yet, everything, or the named cases."""
    if args.cases and args.what != "changes":
        args.wrong("--case sudah memilih isinya: hapus --what")
    if args.evidence:
        raise UserError(
            "Kiriman dengan berkas bukti belum dapat dibuat. Tidak ada yang diubah. "
            "Kirim tanpa --evidence dan serahkan buktinya terpisah.",
            "evidence_not_ready",
        )
    out = Path(args.out).absolute()
    from posko_app.cases.find import uids_of
    from posko_app.exchange.export import export
    from posko_app.exchange.manifest import shipment
    from posko_app.office.setup import region_code

    code = region_code(args.to)
    with opened(args) as posko, made_folder(out):
        made = export(
            posko,
            code,
            out,
            what="picked" if args.cases else args.what,
            cases=uids_of(posko, args.cases),
            profile=args.profile,
            lock=args.lock,
            progress=meter(args),
        )
    data = {"files": [str(path) for path in made.files], "seq": made.seq, "rows": made.rows}
    lines = [
        f"{shipment(made.seq)} untuk {code}: {made.rows} catatan.",
        *(f"  {path}" for path in made.files),
    ]
    return Answer(data, lines)
