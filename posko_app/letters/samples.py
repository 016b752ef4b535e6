"""Invented cases for every template: the shortest, a typical and the longest that offices meet."""

from __future__ import annotations

from .catalogue import Value, load_catalogue
from .template import FORM_LINE, Template

_TOWN = "Kelurahan Teluk Bening Hilir Seberang, Kecamatan Hulu Rawa Selatan"
LONG_NAME = (
    "Prof. Dr. H. Abdurrahman Perumpamaan bin Haji Muhammad Contoh Misalnya Sutanegara "
    "Wirakusumah, S.H., S.Sos., M.H., M.Si., Ph.D."
)
LONG_ADDRESS = (
    "Perumahan Percontohan Indah Permai Blok C-12 Nomor 127A\n"
    "Jalan Jenderal Perumpamaan Gang Misalnya Buntu\n"
    f"RT 012 RW 007, {_TOWN}\n"
    "Kabupaten Muara Jernih, Provinsi Tirta Raya 79311\n"
    "(di belakang balai, menyeberang jembatan kayu)"
)
HOSTILE_NAME = '<b>Budi</b> & "Rekan" {case.__class__} =1+1 \u202eimitkab\u202c'


def typical() -> dict[str, Value]:
    """The catalogue's own samples."""
    return {k: v for k, v in load_catalogue().samples().items() if k != FORM_LINE}


def shortest(template: Template) -> dict[str, Value]:
    """Only what the template needs, each as short as it gets."""
    catalogue = load_catalogue()
    values: dict[str, Value] = {"office.name": "Panwaslu Kecamatan Rawa"}
    for name in template.needs:
        if name in catalogue.values:
            values[name] = "A"
        else:
            values[name] = ({f: "A" for f in catalogue.rows[name].fields if f != "of"},)
    return values


_SENTENCE = (
    "Pada hari itu terlapor hadir di balai bersama perangkat desa dan warga sekitar, "
    "kemudian menyampaikan ajakan yang direkam oleh beberapa orang yang hadir."
)
_PARAGRAPH = " ".join([_SENTENCE] * 8)


def longest() -> dict[str, Value]:
    """Long names, five-line addresses, 40 witnesses, 60 pieces of evidence, 3,000 words."""
    return {
        **typical(),
        **_long_lists(),
        "case.event": " ".join([_SENTENCE] * 3),
        "case.narrative": "\n".join([_PARAGRAPH] * 19),
        "letter.summary": "\n".join([_PARAGRAPH] * 19),
        "letter.subject": "Penerusan dugaan pelanggaran peraturan perundang-undangan lainnya yang "
        "diduga dilakukan oleh kepala dinas dan dua pejabat lain di lingkungan pemerintah "
        "kabupaten",
        "letter.addressee": f"{LONG_NAME}\nselaku Pejabat Pembina Kepegawaian\n{LONG_ADDRESS}",
        "reporter.name": LONG_NAME,
        "reporter.address": LONG_ADDRESS,
        "signer.on_behalf": "a.n. Ketua Bawaslu Kabupaten Muara Jernih,",
        "signer.role": "Plh. Koordinator Divisi Hukum, Pencegahan, Partisipasi Masyarakat, dan "
        "Hubungan Masyarakat",
        "signer.name": LONG_NAME,
        "signer.identity": "NIP 19790512 200501 1 004",
    }


def _long_lists() -> dict[str, Value]:
    reported = {
        "name": LONG_NAME,
        "address": LONG_ADDRESS,
        "phone": "0812-5555-0199",
        "category": "Pegawai negeri sipil",
        "nip": "19790512 200501 1 004",
        "position": "Kepala Dinas Pemberdayaan Masyarakat, Desa, Kependudukan, dan "
        "Pencatatan Sipil",
        "agency": "Pemerintah Kabupaten Muara Jernih",
    }
    witness = {"name": LONG_NAME, "address": LONG_ADDRESS, "phone": "0812-5555-0101"}
    file = "VID_20241011_140233_balai_kelurahan_teluk_bening_pembagian_bantuan_beras_final.mp4"
    return {
        "letterhead": (
            {"text": "PANITIA PENGAWAS PEMILIHAN UMUM KECAMATAN HULU RAWA SELATAN SEBERANG"},
            {"text": "KABUPATEN MUARA JERNIH PROVINSI TIRTA RAYA"},
            {"text": LONG_ADDRESS.replace("\n", ", ")},
        ),
        "reported": tuple({**reported, "no": str(n), "of": f"({n} dari 3)"} for n in (1, 2, 3)),
        "witnesses": tuple({**witness, "no": str(n)} for n in range(1, 41)),
        "evidence": tuple(
            {
                "no": str(n),
                "title": f"Rekaman video ke-{n} berjudul {file}",
                "kind": "Video",
                "quantity": "1 berkas",
            }
            for n in range(1, 61)
        ),
        "questions": tuple(
            {"no": str(n), "question": _SENTENCE, "answer": _PARAGRAPH} for n in range(1, 41)
        ),
        "appeals": ({"text": _PARAGRAPH},) * 12,
        "basis": ({"text": _SENTENCE},) * 15,
        "copies": tuple({"text": f"{_SENTENCE} ({n})"} for n in range(1, 13)),
    }


def hostile() -> dict[str, Value]:
    """Names that try to be mark-up, placeholders or formulas."""
    return {
        **typical(),
        "reporter.name": HOSTILE_NAME,
        "office.name": HOSTILE_NAME,
        "signer.name": HOSTILE_NAME,
        "case.event": "x" * 200 + " " + HOSTILE_NAME,
        "letter.addressee": HOSTILE_NAME,
        "reported": ({"no": "1", "name": HOSTILE_NAME, "position": "W" * 200},),
    }
