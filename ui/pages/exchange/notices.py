"""The sentences around a preview: what to know before applying, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.apply import ImportResult
from posko_app.exchange.manifest import Manifest, shipment
from posko_app.exchange.opened import VALID
from posko_app.exchange.plan import ImportPlan

from .choosing import Chosen
from .lines import Line
from .words import office_name

MOST_WARNINGS = 4


def subtitle(posko: Posko, plan: ImportPlan, manifest: Manifest) -> str:
    """File, number, sender and when it was made, in one line."""
    sender = text.clean(manifest.office_name) or office_name(posko, manifest.office)
    part = f" bagian {manifest.part} dari {manifest.parts}" if manifest.parts > 1 else ""
    return (
        f"{plan.path.name} · {shipment(manifest.seq).lower()}{part} dari {sender} · "
        f"dibuat {text.clean(manifest.made_local)}"
    )


def order_words(manifest: Manifest | None) -> str:
    """That nothing is missing before a file: `Urutan lengkap (13 → 14)`; a copy has no order."""
    if manifest is None or not manifest.seq:
        return "Salinan di luar urutan"
    before_ = f" ({manifest.seq - 1} → {manifest.seq})" if manifest.seq > 1 else ""
    return f"Urutan lengkap{before_}"


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
    if plan.signature != VALID:
        said.append(
            "Tanda tangan berkas ini tidak cocok atau hilang: berkas diubah, atau bukan dari "
            "pengirimnya. Isinya hanya usulan; tidak ada yang digabung dan tidak ada tanda terima."
        )
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
    if plan.waiting:
        said.append(
            f"{text.thousands(len(plan.waiting))} baris menunggu perkara induknya atau Posko yang "
            "lebih baru; disimpan dan masuk sendiri bila waktunya tiba."
        )
    said += [escape(warning) for warning in plan.warnings[:MOST_WARNINGS]]
    doubt = plan.first_contact or plan.rejected or plan.signature != VALID
    return "attention" if doubt else "info", " ".join(said)


def foot(plan: ImportPlan, lines: Sequence[Line], chosen: Chosen) -> str:
    """The note beside the buttons."""
    said = ["Belum ada yang berubah."]
    put_off = put_off_of(lines, chosen)
    if put_off:
        said.append(f"{text.thousands(put_off)} bentrok disimpan dengan kedua nilainya.")
    left = plan.proposals - len(chosen.accepted) - len(chosen.refused)
    if left:
        said.append(f"{text.thousands(left)} usulan belum diputuskan.")
    if not put_off and not left:
        said.append("Sesudah diterapkan masih dapat diurungkan selama belum ada yang dikirim.")
    return " ".join(said)


def apply_words(lines: Sequence[Line], chosen: Chosen) -> str:
    """The button: `Terapkan 7, tunda 1 bentrok`."""
    put_off = put_off_of(lines, chosen)
    left_out = sum(1 for line in lines if line.change and line.change.key in chosen.left_out)
    count = len(lines) - put_off - left_out + len(chosen.accepted)
    if not lines and not chosen.accepted:
        return "Simpan jawaban" if chosen.refused else "Catat kiriman ini"
    tail = f", tunda {text.thousands(put_off)} bentrok" if put_off else ""
    return f"Terapkan {text.thousands(count)}{tail}"


def put_off_of(lines: Sequence[Line], chosen: Chosen) -> int:
    """How many changes have a conflict that nobody decided here."""
    return sum(
        1 for line in lines if line.change and line.change.conflicts and chosen.open_of(line.change)
    )


def after(plan: ImportPlan, result: ImportResult) -> str:
    """What was done, in rows of data."""
    counts = ((result.new, "baru"), (result.updated, "diperbarui"),
              (result.conflicts, "bentrok"), (len(plan.rejected), "ditolak"))  # fmt: skip
    said = ", ".join(f"{text.thousands(n)} {word}" for n, word in counts if n)
    if result.decided:
        said = ", ".join(
            filter(None, (said, f"{text.thousands(result.decided)} usulan diputuskan"))
        )
    return f"Kiriman sudah diterapkan. Baris data: {said or 'semua sama'}."
