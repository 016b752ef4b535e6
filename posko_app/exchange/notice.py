"""What the user is told about a workbook that is refused and rows that are rejected."""

from __future__ import annotations

from posko_app.data.record import Value

SAFE = "Data Anda tidak berubah."
PUBLIC_COPY = "Salinan untuk umum, tidak ada yang diubah."

FILES = {
    "not_posko": (
        "Berkas {file} bukan kiriman Posko. Data Anda tidak berubah. "
        "Pilih berkas yang dibuat dengan Kirim di Posko."
    ),
    "newer_format": (
        "Berkas {file} dibuat dengan Posko yang lebih baru. Data Anda tidak berubah. "
        "Pasang Posko versi terbaru, lalu terima lagi."
    ),
    "changed": (
        "Isi berkas {file} berubah setelah dibuat, jadi tidak dapat dipercaya. "
        "Data Anda tidak berubah. Minta pengirim mengirim ulang."
    ),
    "bad_signature": (
        "Tanda tangan berkas {file} tidak cocok: berkas diubah atau bukan dari pengirimnya. "
        "Data Anda tidak berubah. Minta pengirim mengirim ulang."
    ),
    "wrong_addressee": (
        "Kiriman ini dibuat untuk kantor lain ({to}). Data Anda tidak berubah. "
        "Minta pengirim membuatnya untuk kantor ini."
    ),
    "practice_file": (
        "Berkas {file} berasal dari kantor LATIHAN dan tidak boleh masuk ke kantor sungguhan. "
        "Data Anda tidak berubah. Pilih kiriman yang sebenarnya."
    ),
    "real_file": (
        "Berkas {file} berisi data sungguhan, sedangkan kantor ini kantor LATIHAN. "
        "Data Anda tidak berubah. Terima berkas itu di kantor yang sebenarnya."
    ),
    "changed_key": (
        "Kunci {office} tidak sama dengan yang dikenal di sini. Data Anda tidak berubah. "
        "Telepon kantor itu dan bandingkan sidik jarinya sebelum menerima apa pun."
    ),
    "unknown_key": (
        "{office} belum dikenal di sini, jadi berkas {file} belum diterapkan. "
        "Telepon kantor itu dan cocokkan enam kata sidik jarinya: {words}. "
        "Data Anda tidak berubah."
    ),
    "revoked_key": (
        "Kunci perangkat {office} sudah dicabut, jadi berkas {file} tidak dapat dipercaya. "
        "Data Anda tidak berubah. Minta kantor itu memilih Jadikan perangkat baru."
    ),
    "changed_office": (
        "Pengirim {file} dikenal di sini sebagai kantor {known}, tetapi menyebut diri {office}. "
        "Data Anda tidak berubah. Telepon pengirim sebelum menerima apa pun."
    ),
    "not_template": (
        "Berkas {file} bukan isian laporan Posko. Data Anda tidak berubah. "
        "Pakai isian kosong yang dibuat Posko."
    ),
    "others_template": (
        "Isian {file} dibuat untuk kantor lain ({to}). Data Anda tidak berubah. "
        "Kirim isian itu ke sana, atau pakai isian kosong yang dibuat kantor ini."
    ),
    "locked_elsewhere": (
        "Berkas {file} dikunci untuk kantor lain, atau untuk kunci lama komputer ini. "
        "Data Anda tidak berubah. Minta pengirim menguncinya lagi untuk kantor ini."
    ),
    "locked_damaged": (
        "Berkas {file} terkunci dan rusak atau terpotong. Data Anda tidak berubah. "
        "Minta pengirim mengirim ulang."
    ),
    "changed_file": (
        "Berkas {file} berubah sejak dipratinjau. Data Anda tidak berubah. Pratinjau lagi."
    ),
}

ROWS = {
    "bad_hash": "Baris ini berubah setelah ditandatangani. Minta pengirim mengirim ulang.",
    "unreadable": "Isi baris ini tidak terbaca. Minta pengirim mengirim ulang.",
    "waits_unknown_table": (
        "Jenis data {table} belum dikenal Posko di sini. Disimpan dan ikut diteruskan; "
        "terbaca setelah Posko versi terbaru dipasang."
    ),
    "waits_no_parent": (
        "Menunggu perkara induknya, yang belum ada di sini. Masuk sendiri begitu perkara itu tiba."
    ),
    "lost_rows": (
        "{count} baris data hilang dari berkas ini setelah ditandatangani. "
        "Minta pengirim mengirim ulang."
    ),
    "twice": "Data ini sudah ada di baris lain berkas ini.",
    "identity": "Identitas pelapor dan saksi tidak boleh dikirim lewat lembar biasa.",
    "other_table": "ID data ini sudah dipakai data jenis lain. Laporkan ke pengirim.",
    "bad_value": "Nilai {value} tidak dapat disimpan di ruas ini. Minta pengirim memperbaikinya.",
    "unknown_rules": (
        "Peraturan {value} belum dikenal Posko di sini. Pasang Posko versi terbaru, "
        "lalu terima lagi."
    ),
}


def file_reason(code: str, file: str, **words: str) -> str:
    """The sentence for a file that is refused."""
    return FILES[code].format(file=file, **words)


def row_reason(code: str, **words: str) -> str:
    """The sentence for a row that is rejected."""
    return ROWS[code].format(**words)


def short(value: Value) -> str:
    """A value as quoted in a sentence: never long, never empty."""
    text = "kosong" if value is None else str(value)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
