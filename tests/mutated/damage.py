"""What bad disks, half downloads, foreign programs and fuzzers do: bytes, zip headers, XML."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from random import Random

from tests.mutated.archive import Entry, Mutant, entry

_TAG = re.compile(rb"<[^<>]{1,400}>")
_ROW = re.compile(rb"<row [^>]*>.*?</row>", re.DOTALL)
_CELL = re.compile(rb"<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb' [\w:]+="[^"]*"')
_NUMBERS = (
    *(b"1e999", b"-1e999", b"NaN", b"INF", b"9" * 400, b"-0", b"1.7976931348623157e308"),
    *(b"0x10", b"1_000", b"\xd9\xa3", b"2958466", b"-5", b"0.1", b"60", b"1E+17", b""),
)
_WORDS = (
    *(b"<", b">", b"&", b"&#0;", b"&#1;", b"&#xD800;", b"&#xFFFF;", b"]]>", b"\xff", b"\0"),
    *(b"<!DOCTYPE x>", b'<!DOCTYPE x [<!ENTITY a "b">]>', b"&a;", b"<!--", b"-->", b"<?x?>"),
    *(b"_x0000_", b"_xD800_", b"_x0041_", b"</row>", b"<row>", b"</c>", b"</sheetData>"),
    *(b'<c r="A1"/>', b"<v>1</v>", b"<f>1+1</f>", b"<is><t>x</t></is>", b"-1", b"9" * 30),
    *(b'<mergeCell ref="A1:XFD1048576"/>', b'r="XFD1048576"', b'hidden="1"', b't="s"'),
    *("\u202e".encode(), "\ufeff".encode(), b"  " * 40, b"x" * 33_000, b"<a>" * 3000),
)
_ENCODINGS = (b"utf-16", b"zlib_codec", b"latin-1", b"rot13", b"idna", b"utf-7", b"x" * 90)
_PATHS = (
    *(b"../../jahat", b"/etc/jahat", b"C:\\jahat", b"xl/../xl/workbook.xml", b"XL/WORKBOOK.XML"),
    *(b"a\0b", b"\xff\xfe", b"xl/worksheets/", b"CON", b"x" * 300, b"xl/vbaProject.bin", b""),
)


# -- bytes -----------------------------------------------------------------------------------------


def flip_bits(mutant: Mutant, chance: Random) -> None:
    data = mutant.data
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def cut_off(mutant: Mutant, chance: Random) -> None:
    data = mutant.data
    del data[chance.choice((chance.randrange(len(data)), len(data) - chance.randint(1, 60))) :]


def insert_bytes(mutant: Mutant, chance: Random) -> None:
    at = chance.randrange(len(mutant.data))
    mutant.data[at:at] = chance.randbytes(chance.randint(1, 300))


def delete_bytes(mutant: Mutant, chance: Random) -> None:
    at = chance.randrange(len(mutant.data))
    del mutant.data[at : at + chance.randint(1, 600)]


def overwrite_bytes(mutant: Mutant, chance: Random) -> None:
    data, size = mutant.data, chance.choice((1, 4, 20, 512))
    at = chance.randrange(len(data))
    data[at : at + size] = chance.choice((bytes(size), chance.randbytes(size)))


def swap_blocks(mutant: Mutant, chance: Random) -> None:
    data, size = mutant.data, chance.choice((16, 512, 4096))
    a, b = chance.randrange(len(data)), chance.randrange(len(data))
    one, two = bytes(data[a : a + size]), bytes(data[b : b + size])
    if len(one) == len(two) and abs(a - b) >= size:
        data[a : a + size], data[b : b + size] = two, one


def junk_around(mutant: Mutant, chance: Random) -> None:
    junk = chance.choice((chance.randbytes(40), b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"\n"))
    at = chance.choice((0, len(mutant.data)))
    mutant.data[at:at] = junk


# -- zip -------------------------------------------------------------------------------------------


def drop_part(mutant: Mutant, chance: Random) -> None:
    mutant.entries.pop(chance.randrange(len(mutant.entries)))


def rename_part(mutant: Mutant, chance: Random) -> None:
    _change(mutant, chance, name=chance.choice(_PATHS))


def two_names(mutant: Mutant, chance: Random) -> None:
    _change(mutant, chance, local_name=chance.choice((*_PATHS, b"xl/workbook.xml")))


def add_part(mutant: Mutant, chance: Random) -> None:
    name, data = chance.choice(_PATHS), chance.randbytes(chance.choice((0, 10, 3000)))
    mutant.entries.insert(
        chance.randrange(len(mutant.entries) + 1), replace(entry("x", data), name=name)
    )


def double_part(mutant: Mutant, chance: Random) -> None:
    one = chance.choice(mutant.entries)
    mutant.entries.append(replace(one, packed=one.packed))


def swap_parts(mutant: Mutant, chance: Random) -> None:
    a, b = (chance.randrange(len(mutant.entries)) for _ in range(2))
    one, two = mutant.entries[a], mutant.entries[b]
    mutant.entries[a], mutant.entries[b] = replace(two, name=one.name), replace(one, name=two.name)


def shuffle_parts(mutant: Mutant, chance: Random) -> None:
    chance.shuffle(mutant.entries)


def lying_header(mutant: Mutant, chance: Random) -> None:
    lie = chance.choice(("crc", "size", "shift", "method", "flags"))
    values = {
        "crc": chance.getrandbits(32),
        "size": chance.choice((0, 1, 4_000_000_000, 900_000_000)),
        "shift": chance.choice((-1, 1, -200, 4000)),
        "method": chance.choice((0, 1, 9, 12, 14, 93, 99)),
        "flags": chance.choice((1, 8, 0x40, 0x800, 0x2000, 0xFFFF)),
    }
    _change(mutant, chance, **{lie: values[lie]})


def bomb(mutant: Mutant, chance: Random) -> None:
    at = chance.randrange(len(mutant.entries))
    one = mutant.entries[at]
    filled = _ZEROS if chance.random() < 0.5 else _SPACES
    mutant.entries[at] = replace(filled, name=one.name)


def stored(mutant: Mutant, chance: Random) -> None:
    """The same parts without packing: as good as before."""
    for at, (name, data) in enumerate(mutant.written().items()):
        if at < len(mutant.entries) and mutant.entries[at] == entry(name, data):
            one = mutant.entries[at]
            mutant.entries[at] = replace(one, packed=data, method=zipfile.ZIP_STORED)


def part_of_another(mutant: Mutant, chance: Random) -> None:
    other = chance.choice(mutant.others)
    name = chance.choice(list(other.parts))
    for at, one in enumerate(mutant.entries):
        if one.name == name.encode():
            mutant.entries[at] = entry(name, other.parts[name])


def _change(mutant: Mutant, chance: Random, **values: object) -> None:
    at = chance.randrange(len(mutant.entries))
    mutant.entries[at] = replace(mutant.entries[at], **values)  # type: ignore[arg-type]


_ZEROS: Entry = entry("0", bytes(30_000_000))
_SPACES: Entry = entry("0", b'<?xml version="1.0"?>' + b" " * 3_000_000)


# -- XML -------------------------------------------------------------------------------------------


def delete_tag(mutant: Mutant, chance: Random) -> None:
    _edit(mutant, chance, _TAG, lambda found: b"")


def double_tag(mutant: Mutant, chance: Random) -> None:
    _edit(mutant, chance, _TAG, lambda found: found * chance.choice((2, 2, 50)))


def delete_attribute(mutant: Mutant, chance: Random) -> None:
    _edit(mutant, chance, _ATTRIBUTE, lambda found: b"")


def change_attribute(mutant: Mutant, chance: Random) -> None:
    word = chance.choice((*_NUMBERS, b"A1", b"XFD1048576", b"s", b"inlineStr", b"b", b"1", b"r1"))
    _edit(mutant, chance, _ATTRIBUTE, lambda found: found.partition(b'"')[0] + b'"' + word + b'"')


def insert_word(mutant: Mutant, chance: Random) -> None:
    name = _some_part(mutant, chance)
    text = mutant.parts[name]
    at = chance.randrange(len(text) + 1)
    gone = chance.choice((0, 0, 0, 5, 60))
    mutant.parts[name] = text[:at] + chance.choice(_WORDS) + text[at + gone :]


def cut_part(mutant: Mutant, chance: Random) -> None:
    name = _some_part(mutant, chance)
    mutant.parts[name] = mutant.parts[name][: chance.randrange(len(mutant.parts[name]) + 1)]


def double_row(mutant: Mutant, chance: Random) -> None:
    _edit(mutant, chance, _ROW, lambda found: found * 2)


def double_cell(mutant: Mutant, chance: Random) -> None:
    _edit(mutant, chance, _CELL, lambda found: found * 2)


def delete_row(mutant: Mutant, chance: Random) -> None:
    _edit(mutant, chance, _ROW, lambda found: b"")


def delete_cell(mutant: Mutant, chance: Random) -> None:
    _edit(mutant, chance, _CELL, lambda found: b"")


def hostile_number(mutant: Mutant, chance: Random) -> None:
    number = chance.choice(_NUMBERS)
    kind = chance.choice((b"", b' t="n"', b' t="b"', b' t="d"', b' t="e"', b' t="s"', b' t="str"'))
    formula = chance.choice((b"", b"", b"<f>WEBSERVICE(1)</f>"))

    def cell(found: bytes) -> bytes:
        ref = re.search(rb'r="([A-Z]+[0-9]+)"', found)
        place = ref.group(1) if ref else b"A1"
        return b'<c r="' + place + b'"' + kind + b">" + formula + b"<v>" + number + b"</v></c>"

    _edit(mutant, chance, _CELL, cell)


def other_encoding(mutant: Mutant, chance: Random) -> None:
    name = _some_part(mutant, chance)
    word = chance.choice(_ENCODINGS)
    mutant.parts[name] = mutant.parts[name].replace(b"UTF-8", word, 1).replace(b"utf-8", word, 1)


def other_namespace(mutant: Mutant, chance: Random) -> None:
    name = _some_part(mutant, chance)
    mutant.parts[name] = mutant.parts[name].replace(b"2006/main", b"2007/main", 1)


def _edit(mutant: Mutant, chance: Random, pattern: re.Pattern[bytes], change: object) -> None:
    """Change one place of a part, found from a random point on."""
    name = _some_part(mutant, chance)
    text = mutant.parts[name]
    found = pattern.search(text, chance.randrange(len(text) + 1)) or pattern.search(text)
    if found:
        begin, end = found.span()
        new = change(found.group())  # type: ignore[operator]
        mutant.parts[name] = text[:begin] + new + text[end:]


def _some_part(mutant: Mutant, chance: Random) -> str:
    """A part that is read: mostly the machine sheet and sheets with rows."""
    parts = mutant.written()
    told = mutant.source
    if chance.random() < 0.7:
        filled = [part for sheet, part in told.sheets.items() if len(told.grids[sheet]) > 1]
        wanted = chance.choice([told.sheets["_pos"], *filled])
        if wanted in parts:
            return wanted
    return chance.choice([name for name in parts if not name.endswith(".vml")])


BYTES = (flip_bits, cut_off, insert_bytes, delete_bytes, overwrite_bytes, swap_blocks, junk_around)
ZIP = (
    *(drop_part, rename_part, two_names, add_part, double_part, swap_parts, shuffle_parts),
    *(lying_header, lying_header, bomb, stored, part_of_another, part_of_another),
)
XML = (
    *(delete_tag, double_tag, delete_attribute, change_attribute, insert_word, insert_word),
    *(cut_part, double_row, double_cell, delete_row, delete_cell, hostile_number),
    *(other_encoding, other_namespace),
)
