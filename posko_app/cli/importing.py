"""`posko import`: workbooks and packages that come are judged, taken in; an import is undone."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import Cancelled, UserError

from . import package, trusting
from .answer import Answer
from .package import Judged
from .session import meter, opened

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.exchange.apply import FileOutcome
    from posko_app.exchange.judge import RejectedRow
    from posko_app.exchange.proposals import HandEdit

MOST_LINES = 40  # hand edits written out per file; --json has all

_KINDS = {
    "value": "usulan",
    "cleared": "sel dikosongkan",
    "new": "baris baru",
    "unknown": "ID tidak dikenal",
    "twice": "baris ganda",
    "problem": "bukan nilai",
}
_SIGNATURES = {
    "broken": "tanda tangannya tidak cocok, jadi isinya hanya usulan",
    "missing": "tidak bertanda tangan, jadi isinya hanya usulan",
}


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    read = commands.add_parser("import", parents=[common], help="periksa kiriman, lalu terapkan")
    read.set_defaults(run=run_import, wrong=read.error)
    read.add_argument("files", nargs="*", metavar="BERKAS", help="kiriman yang diterima")
    read.add_argument("--apply", action="store_true", help="terapkan yang tidak perlu diputuskan")
    read.add_argument("--undo", metavar="UID", help="urungkan kiriman yang sudah diterapkan")
    trusting.add_options(read)


def run_import(args: argparse.Namespace) -> Answer:
    """Judge every file and, with `--apply`, take in what needs no decision; or undo one import."""
    if bool(args.files) == bool(args.undo) or (args.undo and args.apply):
        args.wrong("sebutkan berkas kiriman, atau --undo dengan uid kiriman yang diurungkan")
    if args.undo:
        return _undo(args)
    from posko_app.exchange.unlocking import drop_private

    judged: list[Judged] = []
    with opened(args) as posko:
        todo = [Path(name).absolute() for name in args.files]
        while todo:
            path = todo.pop(0)
            try:
                if package.is_part(path):
                    found, book = package.judge(args, posko, path)
                    todo[:0] = [book] if book else []
                    if found.data["code"] == "not_package":  # a workbook under another name
                        found = _judge(args, posko, path)
                else:
                    found = _judge(args, posko, path)
                    drop_private(posko, path)  # a workbook that lay in a part
            except (Cancelled, KeyboardInterrupt, UserError) as error:
                _tell_applied(judged, error)
                raise
            judged.append(found)
    refused = [one for one in judged if one.refused]
    lines = [line for one in judged for line in one.lines]
    sentence = f"{len(refused)} dari {len(judged)} berkas tidak diterapkan." if refused else ""
    if len(refused) == 1:
        sentence = refused[0].reason
    data = {"files": [one.data for one in judged]}
    return Answer(data, lines, 1 if refused else 0, sentence)


def _judge(args: argparse.Namespace, posko: Posko, path: Path) -> Judged:
    from posko_app.exchange.apply import import_file

    again = partial(import_file, posko, path, apply=args.apply, progress=meter(args))
    found = trusting.settle(args, posko, path, again(), again)
    return Judged(
        path=path,
        refused=found.verdict == "refused" or found.code == trusting.UNKNOWN,
        applied=found.applied,
        reason=found.reason,
        data=_file(found),
        lines=_shown(found, args.apply),
    )


def _undo(args: argparse.Namespace) -> Answer:
    from posko_app.exchange.undo import undo

    with opened(args) as posko:
        done = undo(posko, args.undo)
    data = {"undone": done.uid, "restored": done.restored, "removed": done.removed}
    line = (
        f"Kiriman diurungkan: {done.restored} data kembali seperti semula, "
        f"{done.removed} data yang dibawanya ditarik."
    )
    return Answer(data, [line])


def _tell_applied(outcomes: Sequence[Judged], error: BaseException) -> None:
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
        "uid": found.uid,
        "verdict": found.verdict,
        "code": found.code,
        "reason": found.reason,
        "signature": found.signature,
        "new": found.new,
        "updated": found.updated,
        "same": found.same,
        "conflicts": found.conflicts,
        "proposals": found.proposals,
        "rejected": _rows(found.rejected),
        "waiting": _rows(found.waiting),
        "edits": [_edit(edit) for edit in found.edits],
        "damaged_columns": [
            {"sheet": d.sheet, "column": d.heading, "kind": d.kind, "cells": len(d.fingerprints)}
            for d in found.damages
        ],
        "warnings": list(found.warnings),
        "gaps": list(found.gaps),
        "applied": found.applied,
    }


def _rows(rows: Sequence[RejectedRow]) -> list[dict[str, Any]]:
    return [{"sheet": r.sheet, "row": r.row, "column": r.column, "reason": r.reason} for r in rows]


def _edit(edit: HandEdit) -> dict[str, Any]:
    return {
        "kind": edit.kind,
        "record": edit.uid,
        "table": edit.table,
        "field": edit.field,
        "place": edit.place,
        "base": edit.base,
        "theirs": edit.theirs,
        "mine": edit.mine,
        "differs": edit.differs,
        "proposed": edit.ticked,
        "reason": edit.reason,
    }


def _shown(found: FileOutcome, apply: bool) -> list[str]:
    name = found.path.name
    if found.verdict == "refused":
        return [f"{name}: ditolak. {found.reason}"]
    if found.code == trusting.UNKNOWN:
        return [f"{name}: belum diterapkan. {found.reason}"]
    counts = (
        f"baru {found.new}, diperbarui {found.updated}, sama {found.same}, "
        f"bentrok {found.conflicts}, usulan {found.proposals}, ditolak {len(found.rejected)}"
    )
    done = "diterapkan" if found.applied else "belum diterapkan (tambahkan --apply)"
    lines = [f"{name}: {done if apply or not found.applied else 'diperiksa'}; {counts}."]
    if found.signature in _SIGNATURES:
        lines.append(f"  Berkas ini {_SIGNATURES[found.signature]}.")
    lines += [f"  {r.sheet} baris {r.row} {r.column}: {r.reason}" for r in found.rejected]
    if found.waiting:
        lines.append(
            f"  {len(found.waiting)} data menunggu perkara induk atau Posko yang lebih baru."
        )
    lines += [f"  {warning}" for warning in found.warnings]
    lines += [f"  {damage.sentence}" for damage in found.damages]
    lines += [_proposal(edit) for edit in found.edits[:MOST_LINES]]
    if len(found.edits) > MOST_LINES:
        lines.append(f"  … dan {len(found.edits) - MOST_LINES} usulan lain (lihat --json).")
    if found.edits:
        lines.append("  Usulan diputuskan di jendela Posko: Kirim & terima, Pratinjau.")
    if found.gaps:
        numbers = ", ".join(map(str, found.gaps))
        lines.append(f"  Kiriman {numbers} belum diterima. Minta pengirim mengirim ulang.")
    if found.applied and found.uid:
        lines.append(f"  Diurungkan dengan: posko import --undo {found.uid}")
    return lines


def _proposal(edit: HandEdit) -> str:
    base = edit.base_text or ("(kosong)" if edit.base_known else "(tidak diketahui)")
    theirs, mine = edit.theirs_text or "(kosong)", edit.mine_text or "(kosong)"
    said = f"  {_KINDS[edit.kind]} di {edit.place}, {edit.heading}: {base} → {theirs}"
    said += f"; di sini {mine}" if edit.differs and edit.uid else ""
    return f"{said}. {edit.reason}" if edit.reason else f"{said}."
