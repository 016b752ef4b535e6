"""The sentences around a preview: what to know before applying, and what was done."""

from __future__ import annotations

from collections.abc import Sequence

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.apply import ImportResult
from posko_app.exchange.changes import CONFLICT
from posko_app.exchange.manifest import Manifest, shipment
from posko_app.exchange.plan import ImportPlan

from .lines import Line
from .words import office_name


def subtitle(posko: Posko, plan: ImportPlan, manifest: Manifest) -> str:
    """File, number, sender and when it was made, in one line."""
    sender = text.clean(manifest.office_name) or office_name(posko, manifest.office)
    part = f" bagian {manifest.part} dari {manifest.parts}" if manifest.parts > 1 else ""
    return (
        f"{plan.path.name} · {shipment(manifest.seq).lower()}{part} dari {sender} · "
        f"dibuat {text.clean(manifest.made_local)}"
    )


def gap_words(gaps: Sequence[int]) -> str:
    """`Kiriman 11 dan 12 belum ada di sini`."""
    if not gaps:
        return ""
    numbers = [str(gap) for gap in gaps]
    if len(numbers) > 4:
        return f"Kiriman {numbers[0]} sampai {numbers[-1]} belum ada di sini"
    said = numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} dan {numbers[-1]}"
    return f"Kiriman {said} belum ada di sini"


def before(plan: ImportPlan) -> tuple[str, str]:
    """Tone and rich text of what a person should read before applying; empty when nothing."""
    said = []
    if plan.first_contact:
        said.append(
            "Kantor ini baru pertama kali dikenal. Telepon pengirim dan cocokkan enam kata "
            f"sidik jarinya: <b>{' '.join(plan.fingerprint)}</b>."
        )
    if plan.gaps:
        said.append(
            f"{gap_words(plan.gaps)}. Kiriman ini tetap dapat diterapkan; "
            "minta pengirim mengirim ulang yang belum ada."
        )
    if plan.rejected:
        said.append(
            f"{text.thousands(len(plan.rejected))} baris ditolak dan tidak ikut diterapkan."
        )
    tone = "attention" if plan.first_contact or plan.rejected else "info"
    return tone, " ".join(said)


def foot(plan: ImportPlan, lines: Sequence[Line]) -> str:
    """The note beside the buttons."""
    said = ["Belum ada yang berubah."]
    contested = sum(1 for line in lines if line.group == CONFLICT)
    if contested:
        said.append(f"{text.thousands(contested)} bentrok disimpan dengan kedua nilainya.")
    if plan.proposals:
        said.append(f"{text.thousands(plan.proposals)} usulan tidak ikut diterapkan.")
    return " ".join(said)


def after(plan: ImportPlan, result: ImportResult) -> str:
    """What was done, in rows of data."""
    counts = ((result.new, "baru"), (result.updated, "diperbarui"),
              (result.conflicts, "bentrok"), (len(plan.rejected), "ditolak"))  # fmt: skip
    said = ", ".join(f"{text.thousands(n)} {word}" for n, word in counts if n)
    return f"Kiriman sudah diterapkan. Baris data: {said or 'semua sama'}."
