"""How sending and receiving is put into words: offices, counts, channels, the cover message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.ledger import PeerLine
from posko_app.exchange.left_out import profiles
from posko_app.exchange.manifest import shipment
from posko_app.exchange.neighbours import OWN_OTHERS
from posko_app.exchange.prospect import Prospect
from posko_app.security import permissions

from .order import Made

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
    "letters": "surat",
}
FIRST: Mapping[str, str] = {"letters": "surat", "prevention": "kegiatan"}
"""Records that are named beside the number of cases."""
MAIL, WHATSAPP = 15, 95  # MB that an e-mail and a WhatsApp document may have
MB = 1 << 20

Choices = list[tuple[str, str]]


def office_name(posko: Posko, code: str, peers: Sequence[PeerLine] = ()) -> str:
    """The name an office gave itself, else what offices of its level are called."""
    if code == posko.office.code:
        return OWN_OTHERS
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
    """Whom this office may send to: the one above, those met, those below, its other computers."""
    own = posko.office.code
    codes = [upper_office(own), *(peer.office_code for peer in peers)]
    if posko.office.level != "kecamatan":
        codes += [region.code for region in posko.regions.children(own)]
    wanted = dict.fromkeys([*(code for code in codes if code and code != own), own])
    return [(code, office_name(posko, code, peers)) for code in wanted]


def counted(prospect: Prospect) -> str:
    """What a file holds in a few words: `12 laporan, 5 surat, 2 kegiatan`."""
    counts = [(len(prospect.cases), "laporan")]
    counts += [(prospect.tables.get(table, 0), name) for table, name in FIRST.items()]
    said = _listed(counts)
    if said:
        return said
    return f"{text.thousands(prospect.rows)} data lain" if prospect.rows else "tidak ada perubahan"


def counted_whole(prospect: Prospect) -> str:
    """Everything a file holds, sheet by sheet."""
    counts = [(len(prospect.cases), "laporan dan temuan")]
    counts += [(count, LOOSE[table]) for table, count in prospect.tables.items() if table in LOOSE]
    others = sum(n for table, n in prospect.tables.items() if table not in (*LOOSE, "cases"))
    said = _listed([*counts, (others, "baris rincian perkara")])
    return said or "Tidak ada perubahan. Kiriman kosong tetap berguna sebagai tanda terima."


def evidence_words(prospect: Prospect) -> str:
    """How much evidence the cases of a file have: `54 berkas, 51 KB`."""
    if not prospect.evidence:
        return "tidak ada berkas"
    count, size = text.thousands(prospect.evidence), text.file_size(prospect.evidence_size)
    return f"{count} berkas, {size}"


def no_key(posko: Posko, code: str, name: str, profile: str) -> str:
    """Why a file for an office cannot be locked."""
    if profiles().by_code[profile].shape == "values":
        return "Berkas untuk umum tidak dikunci: siapa pun boleh membacanya."
    if code == posko.office.code:
        return (
            "Kunci komputer lain itu belum dikenal. Terima dulu satu berkas darinya, "
            "atau kirim tanpa kunci."
        )
    return f"Kunci {name} belum dikenal. Terima dulu satu kirimannya, atau kirim tanpa kunci."


def locked_for(posko: Posko, code: str, name: str) -> str:
    """Who can open a locked file; for others than the province their own sentence."""
    if code == posko.office.code:
        return "Hanya komputer kantor ini yang dapat membukanya."
    if "." not in code:
        return "Hanya provinsi dan komputer ini yang dapat membukanya, tidak di Excel."
    return f"Hanya {name} dan komputer ini yang dapat membukanya. Provinsi tidak dapat."


def short_message(posko: Posko, seq: int, prospect: Prospect, profile: str) -> str:
    """The message to paste in WhatsApp, before the files are there."""
    outside = prospect.what == "picked" or profile != "internal"
    practice = "LATIHAN, data contoh. " if posko.office.practice else ""
    ask = "" if outside else " Mohon tanda terima."
    return (
        f"{practice}{shipment(0 if outside else seq)} {posko.office.name}, "
        f"{text.long_date(posko.today())}: {counted(prospect)}.{ask}"
    )


def _listed(counts: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{text.thousands(count)} {name}" for count, name in counts if count)


def channel_for(size: int) -> str:
    """The ways by which a file of so many bytes can travel."""
    if size <= MAIL * MB:
        return "bisa lewat surel atau WhatsApp (sebagai dokumen)"
    if size <= WHATSAPP * MB:
        return "lewat WhatsApp sebagai dokumen, terlalu besar untuk surel"
    return "pakai flashdisk, terlalu besar untuk surel dan WhatsApp"


def fits(size: int, part: int) -> str:
    """How files of together `size` bytes may travel, none bigger than `part` when that is not 0."""
    biggest = min(size, part) if part else size
    if size <= MAIL * MB:
        return "Bisa lewat surel atau WhatsApp."
    if biggest <= WHATSAPP * MB:
        return "Bisa lewat WhatsApp sebagai dokumen."
    return "Pakai flashdisk."


def cover_message(posko: Posko, made: Made, to_name: str, sizes: Sequence[int]) -> str:
    """The message that goes with the files."""
    order, result = made.order, made.result
    cases = order.count
    day = text.long_date(posko.today())
    counted_ = f"{text.thousands(result.rows)} baris data"
    if cases:
        counted_ = f"{text.thousands(cases)} laporan dan temuan, {counted_}"
    practice = "LATIHAN, data contoh. " if posko.office.practice else ""
    ask = "" if order.outside else " Mohon tanda terima."
    locked = " Berkasnya terkunci untuk kantor Anda." if order.lock else ""
    opening = "Buka di Posko: Kirim & terima, lalu Terima data."
    if order.profile != "internal" and not order.lock:
        opening = "Buka dengan Excel atau LibreOffice."
    return (
        f"{practice}{shipment(result.seq)} dari {posko.office.name} untuk {to_name}, {day}: "
        f"{counted_} dalam {len(made.files)} berkas ({text.file_size(sum(sizes))}).{locked}\n"
        f"{opening}{ask}"
    )


def day(posko: Posko, moment: datetime) -> str:
    """The day of an instant as a narrow list says it: `14 Okt`, with the year of another one."""
    return instant(posko, moment).rpartition(" ")[0]


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
