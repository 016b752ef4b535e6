"""More hostile workbooks: bombs of every size, headers that lie, other formats in disguise."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace

from tests.mutated.archive import Entry, entry, packed
from tests.workbook_files import GOOD, HEAD, MAIN, REL, book, inline, parts, row, sheet, strings
from tests.workbook_files import packed as zipped

SHEET = "xl/worksheets/sheet1.xml"
_MB = 1024 * 1024


def _entries(**changed: Entry) -> list[Entry]:
    """The parts of a good workbook; one may be another one."""
    contents = parts(sheet(row(1, inline("A1", "x"))))
    made = {n: entry(n, d.encode() if isinstance(d, str) else d) for n, d in contents.items()}
    if "sheet" in changed:
        made[SHEET] = replace(changed["sheet"], name=SHEET.encode())
    return list(made.values())


def _repeated(block: bytes, times: int, *, size: int | None = None) -> Entry:
    """A packed part of the same block many times, without ever holding it unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    whole = len(block) * times if size is None else size
    return Entry(SHEET.encode(), one * times + end, whole, 0)


def _gigabyte() -> bytes:
    return packed(_entries(sheet=_repeated(b"x" * 16 * _MB, 64)))


def _gigabyte_that_says_one_byte() -> bytes:
    return packed(_entries(sheet=_repeated(b"x" * 16 * _MB, 64, size=1)))


def _gigabyte_in_many_parts() -> bytes:
    """Each part under every limit for parts; only together they are too much."""
    one = _repeated(b"<a>bcdefgh</a>" * 200_000, 1)
    many = [replace(one, name=f"x{n}".encode()) for n in range(380)]
    extra = [replace(part, packed=part.packed + bytes(8000)) for part in many]
    return packed([*_entries(), *extra])


def _every_row() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_048_577))
    return packed(_entries(sheet=entry(SHEET, sheet(rows).encode())))


def _quadratic() -> bytes:
    head = f'{HEAD}<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>'
    return zipped(parts(sheet(row(1, inline("A1", "&a;" * 20_000)), head=head)))


def _deep() -> bytes:
    return zipped(parts(sheet("<a>" * 200_000 + "</a>" * 200_000)))


def _flipped() -> bytes:
    data = bytearray(packed(_entries(sheet=entry(SHEET, sheet(_lines()).encode()))))
    at = data.find(b"<") if data.find(b"<") > 0 else len(data) // 2
    data[min(at, len(data) // 2)] ^= 0x10
    return bytes(data)


def _lines() -> str:
    return "".join(row(n, inline(f"A{n}", f"isi {n * 7919}")) for n in range(1, 400))


def _repeat_bomb() -> bytes:
    """A million times a million cells, in the words of OpenDocument."""
    cell = '<table:table-cell table:number-columns-repeated="1048576"/>'
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return zipped(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": rows}
    )


def _header(**values: object) -> bytes:
    *others, last = _entries()
    return packed([*others, replace(last, **values)])  # type: ignore[arg-type]


def _shared(text: str) -> bytes:
    return book(row(1, '<c r="A1" t="s"><v>0</v></c>'), strings([f"<t>{text}</t>"]))


def _named(name: str) -> bytes:
    contents = parts(sheet(row(1, inline("A1", "x"))))
    workbook = str(contents["xl/workbook.xml"]).replace("Perkara", name)
    return zipped({**contents, "xl/workbook.xml": workbook})


def _loop() -> bytes:
    """A workbook whose sheet is the workbook itself."""
    contents = parts(sheet(""))
    told = str(contents["xl/_rels/workbook.xml.rels"])
    contents["xl/_rels/workbook.xml.rels"] = told.replace("worksheets/sheet1.xml", "workbook.xml")
    return zipped(contents)


def _outside() -> bytes:
    contents = parts(sheet(""))
    told = str(contents["xl/_rels/workbook.xml.rels"])
    target = 'Target="file:///etc/passwd" TargetMode="External"'
    contents["xl/_rels/workbook.xml.rels"] = told.replace('Target="worksheets/sheet1.xml"', target)
    return zipped(contents)


def _chart_sheet() -> bytes:
    contents = parts(f'{HEAD}<chartsheet xmlns="{MAIN}" xmlns:r="{REL}"/>')
    return zipped(contents)


# name -> (maker, the codes that may be given as the reason)
BOMBS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "one cell of 1 GiB": (_gigabyte, {"too_big", "unsafe"}),
    "a part of 1 GiB that says one byte": (_gigabyte_that_says_one_byte, {"damaged", "unsafe"}),
    "1 GiB in many parts": (_gigabyte_in_many_parts, {"too_big", "unsafe"}),
    "all rows a sheet can have": (_every_row, {"too_big"}),
    "an entity used 20,000 times": (_quadratic, {"damaged"}),
    "200,000 tags in each other": (_deep, {"unsafe", "damaged"}),
    "a bit flipped in packed data": (_flipped, {"damaged", "unsafe", "truncated"}),
    "a repeat bomb of OpenDocument": (_repeat_bomb, {"open_document"}),
    "one cell of 2,000,000 characters": (
        lambda: book(row(1, inline("A1", "teks " * 400_000))),
        {"long_text", "unsafe"},
    ),
    "a NUL byte": (lambda: zipped(parts(sheet(row(1, inline("A1", "a\0b"))))), {"damaged"}),
    "a vertical tab in an escape": (lambda: book(row(1, inline("A1", "a_x000B_b"))), {"bad_text"}),
    "an escaped control character in the shared strings": (
        lambda: _shared("_x0000_"),
        {"bad_text"},
    ),
    "a control character in the shared strings": (lambda: _shared("&#2;"), {"damaged"}),
    "a name of a sheet with a control character": (lambda: _named("a_x0001_"), {"damaged"}),
    "a name of a sheet of 300 characters": (lambda: _named("x" * 300), {"damaged"}),
    "a size that lies": (lambda: _header(size=4), {"damaged", "unsafe"}),
    "a checksum that lies": (lambda: _header(crc=7), {"damaged"}),
    "two names for one part": (lambda: _header(local_name=b"xl/lain.xml"), {"unsafe"}),
    "an offset into another part": (lambda: _header(shift=40), {"unsafe", "damaged"}),
    "an unknown way of packing": (lambda: _header(method=99), {"unsafe"}),
    "junk in front of the zip": (lambda: b"MZ" + bytes(400) + GOOD, {"not_a_workbook"}),
    "a zip in front of the zip": (lambda: GOOD[:60] + GOOD, {"unsafe", "damaged", "truncated"}),
    "a sheet that is the workbook": (_loop, {"damaged", "unsafe"}),
    "a sheet outside of the file": (_outside, {"damaged", "unsafe"}),
    "a chart instead of rows": (_chart_sheet, {"damaged"}),
    "a document of Word": (
        lambda: zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}),
        {"not_a_workbook"},
    ),
    "a PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", {"not_a_workbook"}),
    "a program": (lambda: b"MZ\x90\0" + bytes(200), {"not_a_workbook"}),
}
