"""Blank workbooks filled in as somebody would in a spreadsheet program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl

from posko_app.app import Posko
from posko_app.exchange.blank import write_template

Rows = Mapping[str, list[dict[str, Any]]]

GOOD: dict[str, list[dict[str, Any]]] = {
    "Laporan": [
        {
            "No. isian": "1",
            "Peristiwa": "Kepala desa ikut kampanye",
            "Tempat kejadian": "Balai desa Contoh",
            "Wilayah kejadian": "62.10.02",
            "Tanggal kejadian": "13-10-2024",
            "Jam kejadian": "19.30",
            "Tanggal diketahui": "14/10/2024",
            "Uraian singkat kejadian": "Terlapor berdiri di panggung dan mengajak memilih.",
            "Tema dugaan": "Netralitas kepala desa dan perangkat desa",
            "Cara melapor": "Datang langsung",
            "Dilaporkan di": "Kantor Panwaslu",
            "Tanggal lapor": dt.date(2024, 10, 15),
            "Jam lapor": dt.time(9, 30),
            "Kedudukan pelapor": "Pemilih (WNI yang punya hak pilih)",
            "Lewat kuasa": "Tidak",
            "Pernyataan ditandatangani": "Ya",
        },
        {
            "No. isian": 2,
            "Peristiwa": "Baliho di halaman sekolah",
            "Tempat kejadian": "SDN Contoh",
            "Tanggal kejadian": "14-10-2024",
            "Tanggal diketahui": "14-10-2024",
            "Uraian singkat kejadian": "Baliho pasangan calon berdiri di halaman sekolah.",
            "Dilaporkan di": "Kantor Panwaslu",
            "Tanggal lapor": "15-10-2024",
            "Jam lapor": "10.05",
        },
    ],
    "Pelapor": [
        {
            "No. isian": "1",
            "Nama pelapor": "Contoh Pelapor Tiga",
            "NIK": "6210015207880001",
            "Alamat": "RT 01 Desa Contoh",
            "No. telepon/HP": "081255550123",
        },
        {"No. isian": "2", "Nama pelapor": "Contoh Pelapor Empat", "Alamat": "RT 02 Desa Contoh"},
    ],
    "Terlapor": [
        {"No. isian": "1", "Nama terlapor": "Contoh Kades", "Golongan": "Kepala desa"},
        {"No. isian": "1", "Nama terlapor": "Contoh Sekdes", "Golongan": "Perangkat desa"},
        {"No. isian": "2", "Nama terlapor": "Belum diketahui"},
    ],
    "Saksi": [
        {"No. isian": "1", "Nama saksi": "Contoh Saksi A"},
        {"No. isian": "1", "Nama saksi": "Contoh Saksi B"},
    ],
    "Bukti": [
        {"No. isian": "1", "Bukti": "Foto panggung", "Jenis bukti": "Foto", "Nama berkas": "a.txt"},
        {"No. isian": "2", "Bukti": "Foto baliho"},
    ],
}
"""Two reports that can be filed; the first names the file a.txt beside the workbook."""


def filled(path: Path, rows: Rows, posko: Posko | None = None, office: str = "") -> Path:
    """A new blank workbook, filled in and saved as `path`."""
    blank = path.with_name("kosong.xlsx")
    write_template(posko, blank, office)
    return fill(blank, rows, path)


def fill(blank: Path, rows: Rows, path: Path, first: int = 2) -> Path:
    """Type rows into a workbook from its row `first` on, and save it as `path`."""
    book = openpyxl.load_workbook(blank)
    for name, lines in rows.items():
        sheet = book[name]
        places = {cell.value: cell.column for cell in sheet[1]}
        for number, line in enumerate(lines, first):
            for heading, value in line.items():
                sheet.cell(number, places[heading]).value = value
    book.save(path)
    return path


def changed(sheet: str, row: int, **cells: Any) -> dict[str, list[dict[str, Any]]]:
    """GOOD with some cells of one row changed; `_` in names stands for a space."""
    rows = {name: [dict(line) for line in lines] for name, lines in GOOD.items()}
    rows[sheet][row - 2] |= {name.replace("_", " "): value for name, value in cells.items()}
    return rows


def texts(path: Path) -> list[str]:
    """Every text of a workbook, notes and properties included."""
    book = openpyxl.load_workbook(path)
    found = [str(book.properties.creator), str(book.properties.lastModifiedBy)]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    found.append(str(cell.value))
                if cell.comment:
                    found.append(cell.comment.text)
    return found


def lines_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by their headings, empty cells left out."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    headings = next(rows)
    return [
        {str(h): v for h, v in zip(headings, row, strict=False) if v is not None and h}
        for row in rows
    ]


def reply_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a reply by their headings."""
    rows = list(openpyxl.load_workbook(path)["Balasan"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[0] == "No. isian")
    last = next(n for n, row in enumerate(rows[head:], head) if not any(row))
    return [dict(zip(map(str, rows[head]), row, strict=True)) for row in rows[head + 1 : last]]
