"""How sending and receiving is put into words: offices, counts, channels, the cover message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.export import ExportResult
from posko_app.exchange.ledger import PeerLine
from posko_app.exchange.manifest import shipment
from posko_app.exchange.outlook import Outlook
from posko_app.security import permissions

LEVELS: Mapping[int, str] = {2: "Bawaslu Provinsi", 5: "Bawaslu", 8: "Panwaslu Kecamatan"}
"""What an office is called, by the length of its Kemendagri code."""
LOOSE: Mapping[str, str] = {
    "prevention": "kegiatan pencegahan",
    "prevention_targets": "rencana pencegahan",
    "prevention_recipients": "penerima imbauan",
    "prevention_files": "berkas pencegahan",
    "pledges": "ikrar",
    "signatories": "penanda tangan ikrar",
    "coverage_plans": "rencana sebaran",
    "coverage_entries": "catatan sebaran desa",
    "letters": "surat lepas",
}
MAIL, WHATSAPP = 15, 95  # MB that an e-mail and a WhatsApp document may have
MB = 1 << 20

Choices = list[tuple[str, str]]


def office_name(posko: Posko, code: str, peers: Sequence[PeerLine] = ()) -> str:
    """The name an office gave itself, else what offices of its level are called."""
    for peer in peers:
        if peer.office_code == code and peer.office_name:
            return text.clean(peer.office_name)
    region = posko.regions.get(code)
    if region is None:
        return f"Kantor {code}" if code else "Kantor lain"
    return f"{LEVELS.get(len(code), 'Kantor')} {region.name}"


def upper_office(code: str) -> str:
    """The code of the office above: kecamatan, kabupaten, provinsi; empty above a province."""
    return code.rpartition(".")[0]


def recipients(posko: Posko, peers: Sequence[PeerLine]) -> Choices:
    """Whom this office may send to: the one above, those met before, those below."""
    own = posko.office.code
    codes = [upper_office(own), *(peer.office_code for peer in peers)]
    if posko.office.level != "kecamatan":
        codes += [region.code for region in posko.regions.children(own)]
    wanted = dict.fromkeys(code for code in codes if code and code != own)
    return [(code, office_name(posko, code, peers)) for code in wanted]


def what_goes(outlook: Outlook) -> str:
    """What the next export would hold: `Perubahan yang belum dikonfirmasi: 12 laporan`."""
    counts = [(outlook.cases, "laporan dan temuan")]
    counts += [(count, LOOSE.get(table, "data lain")) for table, count in outlook.loose.items()]
    said = ", ".join(f"{text.thousands(count)} {name}" for count, name in counts if count)
    if not said:
        return (
            "Tidak ada perubahan sejak kiriman yang sudah dikonfirmasi. Kiriman kosong tetap "
            "berguna sebagai tanda terima."
        )
    if not outlook.heard:
        return f"Semua data, karena penerima belum mengonfirmasi apa pun: {said}."
    return f"Perubahan yang belum dikonfirmasi penerima: {said}."


def channel_for(size: int) -> str:
    """The ways by which a file of so many bytes can travel."""
    if size <= MAIL * MB:
        return "bisa lewat surel atau WhatsApp (sebagai dokumen)"
    if size <= WHATSAPP * MB:
        return "lewat WhatsApp sebagai dokumen, terlalu besar untuk surel"
    return "pakai flashdisk, terlalu besar untuk surel dan WhatsApp"


def channel_for_all(sizes: Sequence[int]) -> str:
    """The same for all files together, as one sentence."""
    biggest = max(sizes, default=0)
    if sum(sizes) <= MAIL * MB:
        return "Bisa dikirim lewat surel atau WhatsApp (sebagai dokumen)."
    if biggest <= WHATSAPP * MB:
        return "Kirim lewat WhatsApp sebagai dokumen, atau pakai flashdisk."
    return "Pakai flashdisk."


def cover_message(
    posko: Posko, result: ExportResult, to_name: str, sizes: Sequence[int], cases: int | None
) -> str:
    """The message that goes with the files."""
    day = text.long_date(posko.today())
    counted = f"{text.thousands(result.rows)} baris data"
    if cases is not None:
        counted = f"{text.thousands(cases)} laporan dan temuan, {counted}"
    practice = "LATIHAN, data contoh. " if posko.office.practice else ""
    return (
        f"{practice}{shipment(result.seq)} dari {posko.office.name} untuk {to_name}, {day}: "
        f"{counted} dalam {len(result.files)} berkas ({text.file_size(sum(sizes))}).\n"
        "Buka di Posko: Kirim & terima, lalu Terima data. Mohon tanda terima."
    )


def instant(posko: Posko, moment: datetime) -> str:
    """An instant as a list says it: `14 Okt 16.05`, with the year when it is another one."""
    here = text.local(moment, posko.office.zone)
    day = f"{here.day} {text.SHORT_MONTHS[here.month - 1]}"
    if here.year != posko.today().year:
        day = f"{day} {here.year}"
    return f"{day} {text.clock(here)}"


def why_not(posko: Posko, permission: str) -> str:
    """The reason why the person logged in may not do this; empty when they may."""
    role = posko.user.role
    if permissions.allowed(role, permission):
        return ""
    does = permissions.PERMISSIONS[permission].does
    return f"Peran {permissions.ROLES.get(role, role)} tidak boleh {does}."


def sizes_of(files: Sequence[Path]) -> list[int]:
    """The sizes of files in bytes; 0 for one that was moved away meanwhile."""
    found = []
    for path in files:
        try:
            found.append(path.stat().st_size)
        except OSError:
            found.append(0)
    return found
