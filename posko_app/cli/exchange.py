"""`posko export`, `import`: workbooks that leave and workbooks that come."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import Cancelled, UserError

from .answer import Answer
from .session import meter, opened

if TYPE_CHECKING:
    from posko_app.exchange.apply import FileOutcome

PROFILES = ("internal", "penerus", "publik")


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    export = commands.add_parser("export", parents=[common], help="kiriman Excel untuk kantor lain")
    export.set_defaults(run=run_export)
    export.add_argument(
        "--to", required=True, metavar="KODE", help="kode kantor tujuan: 62.10 atau 6210"
    )
    export.add_argument("--out", required=True, metavar="FOLDER", help="folder untuk kiriman")
    export.add_argument("--profile", default="internal", choices=PROFILES, help="untuk siapa")
    export.add_argument("--evidence", action="store_true", help="sertakan berkas bukti")

    read = commands.add_parser("import", parents=[common], help="periksa kiriman, lalu terapkan")
    read.set_defaults(run=run_import)
    read.add_argument("files", nargs="+", metavar="BERKAS", help="kiriman yang diterima")
    read.add_argument("--apply", action="store_true", help="terapkan yang tidak perlu diputuskan")


def run_export(args: argparse.Namespace) -> Answer:
    """Write what the recipient has not confirmed yet."""
    if args.evidence:
        raise UserError(
            "Kiriman dengan berkas bukti belum dapat dibuat. Tidak ada yang diubah. "
            "Kirim tanpa --evidence dan serahkan buktinya terpisah.",
            "evidence_not_ready",
        )
    out = Path(args.out).absolute()
    from posko_app.exchange.export import export
    from posko_app.exchange.manifest import shipment
    from posko_app.office.setup import region_code

    code = region_code(args.to)
    with opened(args) as posko, _folder(out):
        made = export(posko, code, out, profile=args.profile, progress=meter(args))
    data = {"files": [str(path) for path in made.files], "seq": made.seq, "rows": made.rows}
    lines = [
        f"{shipment(made.seq)} untuk {code}: {made.rows} catatan.",
        *(f"  {path}" for path in made.files),
    ]
    return Answer(data, lines)


@contextmanager
def _folder(out: Path) -> Iterator[None]:
    """The folder `out`, made when it is missing; what was made goes again when the work fails."""
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for folder in missing:  # the innermost first
            with suppress(OSError):
                folder.rmdir()
        raise


def run_import(args: argparse.Namespace) -> Answer:
    """Judge every file and, with `--apply`, take in what needs no decision."""
    from posko_app.exchange.apply import import_file

    outcomes: list[FileOutcome] = []
    with opened(args) as posko:
        for name in args.files:
            path = Path(name).absolute()
            try:
                found = import_file(posko, path, apply=args.apply, progress=meter(args))
            except (Cancelled, KeyboardInterrupt, UserError) as error:
                _tell_applied(outcomes, error)
                raise
            outcomes.append(found)
    refused = [o for o in outcomes if o.verdict == "refused"]
    lines: list[str] = []
    for found in outcomes:
        lines += _shown(found, args.apply)
    sentence = f"{len(refused)} dari {len(outcomes)} berkas ditolak." if len(refused) > 1 else ""
    if len(refused) == 1:
        sentence = refused[0].reason
    data = {"files": [_file(o) for o in outcomes]}
    return Answer(data, lines, 1 if refused else 0, sentence)


def _tell_applied(outcomes: Sequence[FileOutcome], error: BaseException) -> None:
    """Raise UserError naming the files that were taken in before `error` came, if there are any."""
    taken = [found.path.name for found in outcomes if found.applied]
    if not taken:
        return
    why, code = ("Dihentikan.", "cancelled")
    if isinstance(error, UserError):
        why, code = error.message, error.code
    raise UserError(
        f"{why} Sudah diterapkan sebelumnya: {', '.join(taken)}. Berkas lain belum.", code
    ) from error


def _file(found: FileOutcome) -> dict[str, Any]:
    return {
        "path": str(found.path),
        "verdict": found.verdict,
        "code": found.code,
        "reason": found.reason,
        "new": found.new,
        "updated": found.updated,
        "same": found.same,
        "conflicts": found.conflicts,
        "proposals": found.proposals,
        "rejected": [
            {"sheet": r.sheet, "row": r.row, "column": r.column, "reason": r.reason}
            for r in found.rejected
        ],
        "gaps": list(found.gaps),
        "applied": found.applied,
    }


def _shown(found: FileOutcome, apply: bool) -> list[str]:
    name = found.path.name
    if found.verdict == "refused":
        return [f"{name}: ditolak. {found.reason}"]
    counts = (
        f"baru {found.new}, diperbarui {found.updated}, sama {found.same}, "
        f"bentrok {found.conflicts}, usulan {found.proposals}, ditolak {len(found.rejected)}"
    )
    done = "diterapkan" if found.applied else "belum diterapkan (tambahkan --apply)"
    lines = [f"{name}: {done if apply or not found.applied else 'diperiksa'}; {counts}."]
    lines += [f"  {r.sheet} baris {r.row} {r.column}: {r.reason}" for r in found.rejected]
    if found.gaps:
        numbers = ", ".join(map(str, found.gaps))
        lines.append(f"  Kiriman {numbers} belum diterima. Minta pengirim mengirim ulang.")
    return lines
