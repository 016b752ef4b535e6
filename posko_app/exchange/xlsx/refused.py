"""Why a file is not read, each reason with a stable code and one plain sentence."""

from __future__ import annotations

from posko_app.errors import UserError

_SAVE = "buka di Excel atau LibreOffice, simpan sebagai .xlsx, lalu pilih berkas yang baru"
_AGAIN = "minta pengirim mengirim ulang"

SENTENCES: dict[str, str] = {
    "not_found": "Berkas {name} tidak ditemukan; periksa apakah flashdisk masih terpasang.",
    "cannot_read": "Berkas {name} tidak dapat dibaca; periksa izin berkas atau penyimpanannya.",
    "empty": f"Berkas {{name}} kosong (0 byte); {_AGAIN}.",
    "truncated": f"Berkas {{name}} terpotong, mungkin unduhannya belum selesai; {_AGAIN}.",
    "damaged": f"Berkas {{name}} rusak dan tidak dibaca sedikit pun; {_AGAIN}.",
    "old_excel": f"Berkas {{name}} adalah Excel lama (.xls); {_SAVE}.",
    "binary_excel": f"Berkas {{name}} adalah Excel biner (.xlsb); {_SAVE}.",
    "password": "Berkas {name} berkata sandi; hapus kata sandinya di Excel, lalu pilih lagi.",
    "open_document": f"Berkas {{name}} adalah OpenDocument (.ods); {_SAVE}.",
    "web_page": f"Berkas {{name}} adalah halaman web yang diberi nama Excel; {_SAVE}.",
    "plain_text": f"Berkas {{name}} adalah teks (CSV), bukan buku kerja Excel; {_SAVE}.",
    "not_a_workbook": "Berkas {name} bukan buku kerja Excel; pilih berkas .xlsx dari Posko.",
    "too_big": "Berkas {name} melebihi batas {what}; minta pengirim membaginya.",
    "unsafe": f"Berkas {{name}} memuat isi yang tidak wajar dan tidak dibuka; {_AGAIN}.",
    "bad_text": (
        "Berkas {name} memuat karakter yang tidak terbaca di {what}; ketik ulang sel itu."
    ),
    "long_text": "Isi {what} di berkas {name} terlalu panjang; bagi isinya ke beberapa sel.",
    "no_sheet": "Berkas {name} tidak memuat lembar {what}; periksa apakah berkasnya sudah benar.",
    "too_slow": f"Berkas {{name}} terlalu lama dibaca dan dihentikan; {_AGAIN}.",
    "reader_died": f"Berkas {{name}} membuat pembaca berkas berhenti dan tidak dibuka; {_AGAIN}.",
}


class Refused(UserError):
    """A file that is not read; nothing of it was taken in."""


def refused(code: str, name: str, what: str = "") -> Refused:
    """The refusal of the file `name`; `what` is the limit, sheet or cell that is meant."""
    return Refused(SENTENCES[code].format(name=name, what=what), code)
