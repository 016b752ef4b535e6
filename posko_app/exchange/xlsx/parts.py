"""The fixed parts of a workbook as text: styles, notes, properties, relations, escaping rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PKG = "http://schemas.openxmlformats.org/package/2006"
_PACKAGE = "application/vnd.openxmlformats-package"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPE = f"{_OFFICE}.spreadsheetml"

# What a cell must not hold: control characters but the line feed, half and non-characters.
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

# Styles a cell may have, in the order of `cellXfs`: name -> (number format, font, fill, alignment)
_ALIGN = {
    "top": '<alignment vertical="top"/>',
    "wrap": '<alignment vertical="top" wrapText="1"/>',
    "center": '<alignment horizontal="center" vertical="top"/>',
    "right": '<alignment horizontal="right" vertical="top"/>',
    "heading": '<alignment vertical="center" wrapText="1"/>',
}
_STYLES: dict[str, tuple[int, int, int, str]] = {
    "text": (49, 0, 0, "top"),
    "wrap": (49, 0, 0, "wrap"),
    "date": (49, 0, 0, "center"),
    "number": (3, 0, 0, "right"),
    "id": (49, 3, 0, "top"),
    "bold": (49, 1, 0, "wrap"),
    "title": (49, 2, 0, "top"),
    "heading": (49, 1, 2, "heading"),
    "required": (49, 1, 3, "heading"),
    "given": (49, 4, 4, "wrap"),
}
_UNLINED = frozenset({"given"})
_FONTS = (
    '<sz val="11"/><name val="Calibri"/><family val="2"/>',
    '<b/><sz val="11"/><name val="Calibri"/><family val="2"/>',
    '<b/><sz val="14"/><name val="Calibri"/><family val="2"/>',
    '<sz val="9"/><color rgb="FF62686F"/><name val="Consolas"/><family val="3"/>',
    '<sz val="11"/><color rgb="FF4A4F55"/><name val="Calibri"/><family val="2"/>',
)
_FILLS = ("FFEFEDE9", "FFFFF3CF", "FFF6F5F2")


def style_id(name: str, *, locked: bool = False) -> int:
    """The number of a style in `styles_xml`; KeyError for an unknown name."""
    _STYLES[name]
    return 1 + 2 * list(_STYLES).index(name) + locked


def text_xml(text: str) -> str:
    """Text as element or attribute content; what looks like an `_xHHHH_` escape is protected."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def styles_xml() -> str:
    """All styles of our workbooks. Text styles carry `@` and quotePrefix: nothing is converted."""
    fonts = "".join(f"<font>{font}</font>" for font in _FONTS)
    fills = "".join(f'<fill><patternFill patternType="{p}"/></fill>' for p in ("none", "gray125"))
    fills += "".join(
        f'<fill><patternFill patternType="solid"><fgColor rgb="{c}"/><bgColor indexed="64"/>'
        "</patternFill></fill>"
        for c in _FILLS
    )
    xfs = ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>']
    for name, (number_format, font, fill, alignment) in _STYLES.items():
        quote = ' quotePrefix="1"' if number_format == 49 else ""
        border = 1 if fill and name not in _UNLINED else 0
        for locked in (0, 1):
            xfs.append(
                f'<xf numFmtId="{number_format}" fontId="{font}" fillId="{fill}"'
                f' borderId="{border}" xfId="0"{quote} applyNumberFormat="1" applyFont="1"'
                ' applyFill="1"'
                ' applyBorder="1" applyAlignment="1" applyProtection="1">'
                f'{_ALIGN[alignment]}<protection locked="{locked}"/></xf>'
            )
    line = '<bottom style="thin"><color rgb="FF8A8680"/></bottom>'
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="{len(_FONTS)}">{fonts}</fonts>'
        f'<fills count="{2 + len(_FILLS)}">{fills}</fills>'
        '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
        f"<border><left/><right/><top/>{line}<diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        "</cellStyleXfs>"
        f'<cellXfs count="{len(xfs)}">{"".join(xfs)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def content_types_xml(sheets: int, noted: Iterable[int], *, custom: bool) -> str:
    """The list of parts and their types; `noted` are the numbers of sheets that carry notes."""
    parts = {
        "/xl/workbook.xml": f"{_TYPE}.sheet.main+xml",
        "/xl/styles.xml": f"{_TYPE}.styles+xml",
        "/docProps/app.xml": f"{_OFFICE}.extended-properties+xml",
        "/docProps/core.xml": f"{_PACKAGE}.core-properties+xml",
    }
    if custom:
        parts["/docProps/custom.xml"] = f"{_OFFICE}.custom-properties+xml"
    for number in range(1, sheets + 1):
        parts[f"/xl/worksheets/sheet{number}.xml"] = f"{_TYPE}.worksheet+xml"
    for number in noted:
        parts[f"/xl/comments{number}.xml"] = f"{_TYPE}.comments+xml"
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items()
    )
    return (
        f'{HEAD}<Types xmlns="{_PKG}/content-types">'
        f'<Default Extension="rels" ContentType="{_PACKAGE}.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="vml" ContentType="{_OFFICE}.vmlDrawing"/>'
        f"{overrides}</Types>"
    )


def relations_xml(targets: Iterable[tuple[str, str, str]]) -> str:
    """A relations part from (id, type, target); a type without a scheme is an office type."""
    items = "".join(
        f'<Relationship Id="{name}" Type="{kind if "//" in kind else f"{DOC_REL}/{kind}"}"'
        f' Target="{target}"/>'
        for name, kind, target in targets
    )
    return f'{HEAD}<Relationships xmlns="{_PKG}/relationships">{items}</Relationships>'


def root_relations_xml(*, custom: bool) -> str:
    """The relations of the package itself."""
    targets = [
        ("rId1", "officeDocument", "xl/workbook.xml"),
        ("rId2", f"{_PKG}/relationships/metadata/core-properties", "docProps/core.xml"),
        ("rId3", "extended-properties", "docProps/app.xml"),
    ]
    if custom:
        targets.append(("rId4", "custom-properties", "docProps/custom.xml"))
    return relations_xml(targets)


def app_xml() -> str:
    """The program that wrote the workbook."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'{HEAD}<Properties xmlns="{space}"><Application>Posko</Application></Properties>'


def core_xml(title: str, subject: str, creator: str, made_at: datetime | None) -> str:
    """Title, subject, maker and the instant of making; the instant is left out when not given."""
    stamp = ""
    if made_at is not None:
        iso = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        stamp = f'<dcterms:created xsi:type="dcterms:W3CDTF">{iso}</dcterms:created>'
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PKG}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{text_xml(title)}</dc:title><dc:subject>{text_xml(subject)}</dc:subject>"
        f"<dc:creator>{text_xml(creator)}</dc:creator>{stamp}</cp:coreProperties>"
    )


def custom_xml(properties: Mapping[str, str]) -> str:
    """Custom document properties, all of them text."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006"
    items = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}"'
        f' name="{text_xml(name)}"><vt:lpwstr>{text_xml(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(properties.items(), 2)
    )
    return (
        f'{HEAD}<Properties xmlns="{space}/custom-properties"'
        f' xmlns:vt="{space}/docPropsVTypes">{items}</Properties>'
    )


def comments_xml(notes: Sequence[tuple[str, str]]) -> str:
    """Notes on cells, given as (cell, text)."""
    items = "".join(
        f'<comment ref="{cell}" authorId="0"><text><t xml:space="preserve">{text_xml(text)}</t>'
        "</text></comment>"
        for cell, text in notes
    )
    return (
        f'{HEAD}<comments xmlns="{MAIN}"><authors><author>Posko</author></authors>'
        f"<commentList>{items}</commentList></comments>"
    )


def vml_xml(columns: Sequence[int]) -> str:
    """The note boxes of the heading cells in `columns` (0-based): spreadsheets need this form."""
    shapes = "".join(
        f'<v:shape id="_x0000_s{1025 + number}" type="#_x0000_t202"'
        ' style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"/>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column + 1}, 15, 1, 2, {column + 4}, 15, 6, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>0</x:Row><x:Column>{column}</x:Column>"
        "</x:ClientData></v:shape>"
        for number, column in enumerate(columns)
    )
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
        ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
        '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
        f"{shapes}</xml>"
    )


def column_letters(index: int) -> str:
    """The letters of a column, 0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
