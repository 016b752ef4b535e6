"""Workbooks made by hand for tests: well-formed, slightly odd, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def sheet(rows: str, *, before: str = "", after: str = "", head: str = HEAD) -> str:
    """A sheet part around its rows."""
    return (
        f'{head}<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def inline(ref: str, text: str) -> str:
    """A cell with its text in itself."""
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    """A row around its cells."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def strings(items: Iterable[str], *, count: str = "1") -> str:
    """A part of shared strings from the content of each item."""
    body = "".join(f"<si>{item}</si>" for item in items)
    return f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{count}">{body}</sst>'


def parts(sheet_xml: str | bytes, shared: str | None = None) -> dict[str, str | bytes]:
    """All parts of a workbook with one sheet named Perkara."""
    relations = f'<Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    if shared is not None:
        relations += f'<Relationship Id="r2" Type="{REL}/sharedStrings" Target="strings.xml"/>'
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
            f' Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
            '<sheet name="Perkara" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
        ),
        "xl/worksheets/sheet1.xml": sheet_xml,
    }
    if shared is not None:
        found["xl/strings.xml"] = shared
    return found


def packed(
    contents: Mapping[str, str | bytes], *, extra: Iterable[tuple[str, bytes]] = ()
) -> bytes:
    """A zip of the parts, then of `extra` parts, whose names may repeat."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
        for name, data in extra:
            archive.fp.seek(archive.start_dir)  # type: ignore[union-attr]
            archive.NameToInfo.pop(name, None)  # else a repeated name warns
            archive.writestr(name, data)
    return buffer.getvalue()


def book(rows: str, shared: str | None = None) -> bytes:
    """A workbook with these rows."""
    return packed(parts(sheet(rows), shared))


GOOD = book(row(1, inline("A1", "satu"), inline("B1", "dua")) + row(2, inline("A2", "tiga")))


def _flags(data: bytes, bit: int) -> bytes:
    """Set a flag bit in every header of a zip."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset] |= bit
            at = changed.find(signature, at + 4)
    return bytes(changed)


def _overlapping() -> bytes:
    """Two entries of the list of parts that share the same bytes."""
    data = bytearray(packed({**parts(sheet("")), "a": b"x" * 50, "b": b"x" * 50}))
    entries = []
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        entries.append(at)
        at = data.find(b"PK\x01\x02", at + 4)
    first = struct.unpack_from("<I", data, entries[-2] + 42)[0]
    struct.pack_into("<I", data, entries[-1] + 42, first)
    return bytes(data)


def _document_type(body: str, use: str) -> bytes:
    head = f"{HEAD}<!DOCTYPE worksheet [{body}]>"
    return packed(parts(sheet(row(1, inline("A1", use)), head=head)))


def _laughs() -> bytes:
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(9)
    )
    return _document_type(entities, "&l8;")


def _big_cell() -> bytes:
    return packed(parts(sheet(row(1, inline("A1", "x" * 64 * 1024 * 1024)))))


def _giant_tag() -> bytes:
    noise = "".join(chr(97 + n * n * 7 % 26) + str(n * 7919 % 1000) for n in range(400_000))
    return packed(parts(sheet(f'<row r="1" x="{noise}"/>')))


def _cell(content: str) -> Callable[[], bytes]:
    return lambda: book(row(1, content))


# name -> (maker, the codes that may be given as the reason)
HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "billion laughs": (_laughs, {"damaged"}),
    "external entity": (
        lambda: _document_type('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"),
        {"damaged"},
    ),
    "document type in the shared strings": (
        lambda: book(
            row(1, '<c r="A1" t="s"><v>0</v></c>'),
            strings(["<t>x</t>"]).replace("<sst", "<!DOCTYPE sst><sst"),
        ),
        {"damaged"},
    ),
    "the last cell of the sheet": (
        lambda: book('<row r="1048576">' + inline("XFD1048576", "x") + "</row>"),
        {"too_big"},
    ),
    "a column too far": (_cell(inline("DQ1", "x")), {"too_big"}),
    "too many rows": (
        lambda: book(
            "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 60_002))
        ),
        {"too_big"},
    ),
    "one cell of 64 MB": (_big_cell, {"unsafe"}),
    "one cell of 40,000 characters": (_cell(inline("A1", "x" * 40_000)), {"long_text"}),
    "a giant tag": (_giant_tag, {"damaged"}),
    "five million empty strings": (
        lambda: book("", strings(["<t/>"] * 5_000_000)),
        {"unsafe"},
    ),
    "a shared string of 40,000 characters": (
        lambda: book(row(1, '<c r="A1" t="s"><v>0</v></c>'), strings([f"<t>{'x' * 40_000}</t>"])),
        {"long_text"},
    ),
    "a shared string that is not there": (
        lambda: book(row(1, '<c r="A1" t="s"><v>7</v></c>'), strings(["<t>x</t>"])),
        {"damaged"},
    ),
    "a negative shared string": (
        lambda: book(row(1, '<c r="A1" t="s"><v>-1</v></c>'), strings(["<t>x</t>"])),
        {"damaged"},
    ),
    "a cell twice": (lambda: book(row(1, inline("A1", "x"), inline("A1", "y"))), {"unsafe"}),
    "cells out of order": (lambda: book(row(1, inline("B1", "x"), inline("A1", "y"))), {"unsafe"}),
    "a row twice": (
        lambda: book(row(1, inline("A1", "x")) + row(1, inline("A1", "y"))),
        {"unsafe"},
    ),
    "rows out of order": (
        lambda: book(row(2, inline("A2", "x")) + row(1, inline("A1", "y"))),
        {"unsafe"},
    ),
    "a cell of another row": (lambda: book(row(1, inline("A2", "x"))), {"unsafe"}),
    "two values in a cell": (_cell('<c r="A1"><v>1</v><v>2</v></c>'), {"unsafe"}),
    "a value and a text in a cell": (
        _cell('<c r="A1" t="inlineStr"><v>1</v><is><t>2</t></is></c>'),
        {"unsafe"},
    ),
    "a cell in a cell": (_cell(f'<c r="A1">{inline("B1", "x")}</c>'), {"unsafe"}),
    "two sets of rows": (
        lambda: packed(parts(sheet("", after="<sheetData/>"))),
        {"damaged"},
    ),
    "a control character": (_cell(inline("A1", "&#1;")), {"damaged"}),
    "an escaped control character": (_cell(inline("A1", "_x0000_")), {"bad_text"}),
    "an escaped half character": (_cell(inline("A1", "_xD800_")), {"bad_text"}),
    "a hostile encoding name": (
        lambda: packed(
            parts(
                sheet(row(1, inline("A1", "x")), head='<?xml version="1.0" encoding="zlib_codec"?>')
            )
        ),
        {"", "damaged"},
    ),
    "bytes that are no UTF-8": (
        lambda: packed(parts(sheet(row(1, inline("A1", "@"))).encode().replace(b"@", b"\xe9"))),
        {"damaged"},
    ),
    "one shared string announced as four billion": (
        lambda: book(
            row(1, '<c r="A1" t="s"><v>4</v></c>'), strings(["<t>x</t>"], count="4000000000")
        ),
        {"damaged"},
    ),
    "a part twice": (
        lambda: packed(parts(sheet("")), extra=[("xl/worksheets/sheet1.xml", sheet("").encode())]),
        {"unsafe"},
    ),
    "a part twice in other letters": (
        lambda: packed({**parts(sheet("")), "XL/Workbook.xml": b"x"}),
        {"unsafe"},
    ),
    "parts that overlap": (_overlapping, {"unsafe"}),
    "a path out of the folder": (
        lambda: packed({**parts(sheet("")), "../../jahat": b"x"}),
        {"unsafe"},
    ),
    "an absolute path": (lambda: packed({**parts(sheet("")), "/etc/jahat": b"x"}), {"unsafe"}),
    "an encrypted part": (lambda: _flags(GOOD, 1), {"password"}),
    "401 parts": (
        lambda: packed({**parts(sheet("")), **{f"x{n}": b"" for n in range(400)}}),
        {"too_big"},
    ),
    "61 sheets": (
        lambda: packed(
            {
                **parts(sheet("")),
                "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
                + "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r1"/>' for n in range(61))
                + "</sheets></workbook>",
            }
        ),
        {"too_big"},
    ),
    "a sheet without a part": (
        lambda: packed({k: v for k, v in parts("").items() if "sheet1" not in k}),
        {"damaged"},
    ),
    "two sheets in one part": (
        lambda: packed(
            {
                **parts(sheet("")),
                "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
                '<sheet name="A" sheetId="1" r:id="r1"/><sheet name="B" sheetId="2" r:id="r1"/>'
                "</sheets></workbook>",
            }
        ),
        {"unsafe"},
    ),
    "half of the file": (lambda: GOOD[: len(GOOD) // 2], {"truncated"}),
    "without its last bytes": (lambda: GOOD[:-30], {"truncated"}),
    "a page of a website": (
        lambda: b"<html><table><tr><td>1</td></tr></table></html>",
        {"web_page"},
    ),
    "XML of Excel 2003": (
        lambda: (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
        {"web_page"},
    ),
    "comma-separated text": (lambda: b"nomor;nama\n1;Contoh\n", {"plain_text"}),
    "nothing": (lambda: b"", {"empty"}),
    "only zeros": (lambda: bytes(5000), {"damaged"}),
    "an empty zip": (lambda: packed({}), {"not_a_workbook"}),
    "another zip": (lambda: packed({"foto.jpg": b"x"}), {"not_a_workbook"}),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), {"old_excel"}),
    "Excel with a password": (
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(600)
            + "EncryptedPackage".encode("utf-16-le")
        ),
        {"password"},
    ),
    "OpenDocument": (
        lambda: packed(
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}
        ),
        {"open_document"},
    ),
    "binary Excel": (
        lambda: packed({"[Content_Types].xml": "<x/>", "xl/workbook.bin": b"x"}),
        {"binary_excel"},
    ),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), {"not_a_workbook"}),
}
