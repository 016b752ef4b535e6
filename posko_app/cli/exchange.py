"""`posko export`: workbooks that leave."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import UserError
from posko_app.text import file_size

from . import outgoing
from .answer import Answer
from .session import made_folder, meter, opened

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.exchange.package.write import PackageResult
    from posko_app.exchange.wanting import What

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


def run_export(args: argparse.Namespace) -> Answer:
    """Write what the recipient has not confirmed yet, everything, or the named cases."""
    if args.cases and args.what != "changes":
        args.wrong("--case sudah memilih isinya: hapus --what")
    if args.part and not args.evidence:
        args.wrong("--part hanya bersama --evidence")
    if args.check:
        return outgoing.run_check(args)
    if not args.out:
        args.wrong("the following arguments are required: --out")
    if args.evidence and args.profile == "publik":
        raise UserError(
            "Berkas bukti tidak pernah ikut dalam salinan untuk publik. Tidak ada yang diubah. "
            "Kirim tanpa --evidence.",
            "no_public_evidence",
        )
    out = Path(args.out).absolute()
    from posko_app.cases.find import uids_of
    from posko_app.exchange.export import export
    from posko_app.exchange.manifest import shipment
    from posko_app.office.setup import region_code

    code = region_code(args.to)
    with opened(args) as posko, made_folder(out):
        cases = uids_of(posko, args.cases)
        # the evidence comes first: an export gets its number when all else is there
        package = _package(args, posko, code, cases, out) if args.evidence else None
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
            for path in package.files if package else ():
                path.unlink(missing_ok=True)
            raise
    data: dict[str, Any] = {
        "files": [str(path) for path in made.files], "seq": made.seq, "rows": made.rows,
        **outgoing.data_of(made.found, unchecked=made.unchecked),
    }  # fmt: skip
    lines = [
        f"{shipment(made.seq)} untuk {code}: {made.rows} catatan.",
        *(f"  {path}" for path in made.files),
        *outgoing.names(made.found, unchecked=made.unchecked),
    ]
    if package is not None:
        data["package"] = _data(package)
        lines += _told(package)
    return Answer(data, lines)


def _package(
    args: argparse.Namespace, posko: Posko, code: str, cases: Sequence[str], out: Path
) -> PackageResult:
    """The parts with the evidence of the cases that go now."""
    from posko_app.exchange.package.sizes import part_size
    from posko_app.exchange.package.write import write_package
    from posko_app.exchange.prospect import prospects

    what: What = "picked" if cases else args.what
    found = prospects(posko, code, profile=args.profile, picked=cases)
    return write_package(
        posko,
        code,
        sorted(found.by_what[what].cases),
        out,
        part_size(args.part or "surel").bytes,
        lock=args.lock,
        progress=meter(args),
    )


def _data(package: PackageResult) -> dict[str, Any]:
    return {
        "group": package.group,
        "files": [str(path) for path in package.files],
        "evidence": package.evidence,
        "bytes": package.bytes,
        "confidential": package.confidential,
        "absent": package.absent,
    }


def _told(package: PackageResult) -> list[str]:
    lines = []
    if package.files:
        size = file_size(package.bytes)
        lines.append(f"Paket bukti: {package.evidence} bukti, {size}, {len(package.files)} bagian.")
    else:
        lines.append("Tidak ada berkas bukti yang dapat dikirim.")
    lines += [f"  {path}" for path in package.files]
    if package.confidential:
        lines.append(f"  {package.confidential} berkas rahasia tidak ikut.")
    if package.absent:
        lines.append(f"  {package.absent} bukti tidak punya berkas di kantor ini.")
    return lines
