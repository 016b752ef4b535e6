"""The roster of the seed practice, as a personnel office keeps it in a spreadsheet."""

from __future__ import annotations


def nip(number: int) -> str:
    return f"1979{1 + number % 12:02d}{1 + number % 28:02d}200501{1 + number % 2}{1 + number:03d}"


def gunung_mas() -> str:
    """The roster of the seed practice as a BKPSDM's sheet: a title, headings, captions, 1 2 3 4."""
    lines = [
        "DAFTAR UNDANGAN IKRAR NETRALITAS",
        "",
        "No.\tNama / NIP\tNIP\tJabatan\tInstansi/OPD\tGol.",
    ]
    lines.append("1\t2\t3\t4\t5\t6")
    number = 0

    def add(caption: str, count: int, position: str, agency: str) -> None:
        nonlocal number
        lines.append(caption)
        for place in range(1, count + 1):
            number += 1
            name = f"Contoh Pejabat {number:03d}, S.Sos."
            lines.append(
                f"{number}\t{name}\t{nip(number)}\t{position.format(place)}\t"
                f"{agency.format(place)}\tIV/a"
            )

    add("KEPALA OPD", 26, "Kepala Dinas {}", "Dinas {}")
    add("CAMAT", 12, "Camat Contoh {}", "Kecamatan Contoh {}")
    add("LURAH", 13, "Lurah Contoh {}", "Kelurahan Contoh {}")
    add("KABAG", 7, "Kepala Bagian {}", "Sekretariat Daerah")
    add("RSUD", 1, "Direktur RSUD", "RSUD Contoh")
    add("ESELON III", 9, "Sekretaris Dinas {}", "Dinas {}")
    add("ESELON IV", 11, "Kepala Seksi {}", "Dinas {}")
    return "\r\n".join(lines)
