"""`posko export`: workbooks that leave."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import UserError

from . import outgoing
from . import package as parcels
from .answer import Answer
from .session import made_folder, meter, opened

if TYPE_CHECKING:
    pass

PROFILES = ("internal", "penerus", "publik")


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    export = commands.add_parser("export", parents=[common], help="kiriman Excel untuk kantor lain")
    export.set_defaults(run=run_export, wrong=export.error)
    export.add_argument(
        "--to", required=True, metavar="KODE", help="kode kantor tujuan: 62.10 atau 6210"
    )
    export.add_argument("--out", default="", metavar="FOLDER", help="folder untuk kiriman")
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
    export.add_argument(
        "--part", choices=("surel", "whatsapp", "flashdisk"), default="",
        help="ukuran bagian paket bukti: 15 MB, 95 MB, atau 3,9 GB",
    )  # fmt: skip
    outgoing.add_options(export)


def _check_options(args: argparse.Namespace) -> None:
    """End with the usage, or raise UserError, for options that do not go together."""
    if args.cases and args.what != "changes":
        args.wrong("--case sudah memilih isinya: hapus --what")
    if args.part and not args.evidence:
        args.wrong("--part hanya bersama --evidence")
    if args.evidence and args.profile == "publik":
        raise UserError(
            "Berkas bukti tidak pernah ikut dalam salinan untuk publik. Tidak ada yang diubah. "
            "Kirim tanpa --evidence.",
            "no_public_evidence",
        )


def run_export(args: argparse.Namespace) -> Answer:
    """Write what the recipient has not confirmed yet, everything, or the named cases."""
    _check_options(args)
    if args.check:
        return outgoing.run_check(args)
    if not args.out:
        args.wrong("the following arguments are required: --out")
    out = Path(args.out).absolute()
    from posko_app.cases.find import uids_of
    from posko_app.exchange.export import export, nothing_new
    from posko_app.exchange.manifest import shipment
    from posko_app.office.setup import region_code

    code = region_code(args.to)
    with opened(args) as posko, made_folder(out):
        cases = uids_of(posko, args.cases)
        # the evidence comes first: an export gets its number when all else is there
        package = parcels.write(args, posko, code, cases, out) if args.evidence else None
        try:
            made = export(
                posko,
                code,
                out,
                what="picked" if args.cases else args.what,
                cases=cases,
                profile=args.profile,
                lock=args.lock,
                names_stay=args.names_stay,
                progress=meter(args),
            )
        except BaseException:
            if package is not None:
                parcels.take_back(posko, package)
            raise
    data: dict[str, Any] = {
        "files": [str(path) for path in made.files], "seq": made.seq, "rows": made.rows,
        "kept": made.kept,
        **outgoing.data_of(made.found, unchecked=made.unchecked, elsewhere=made.elsewhere),
    }  # fmt: skip
    lines = [
        f"{shipment(made.seq)} untuk {code}: {made.rows} catatan.",
        *(f"  {path}" for path in made.files),
        *filter(None, [nothing_new(posko, code, made)]),
        *outgoing.kept(made.kept),
        *outgoing.names(made.found, unchecked=made.unchecked, elsewhere=made.elsewhere),
    ]
    if package is not None:
        data["package"] = parcels.written_data(package)
        lines += parcels.written_lines(package)
    return Answer(data, lines)
