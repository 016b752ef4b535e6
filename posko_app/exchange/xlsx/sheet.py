"""One sheet of a workbook being written: headings, rows, drop-downs, notes, print set-up."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Literal, Self, TypeAlias

from posko_app.exchange.xlsx import parts as xml
from posko_app.exchange.xlsx.limits import limits

Style: TypeAlias = Literal["text", "wrap", "date", "number", "id", "given"]
State: TypeAlias = Literal["visible", "hidden", "veryHidden"]
RowStyle: TypeAlias = Literal["text", "wrap", "bold", "title", "heading"]
CellValue: TypeAlias = str | int | float | None

PAPERS = {"A4": 9, "F4": 14}  # 14 is Folio, 8.5 × 13 inch: the 215 × 330 mm of Indonesian offices
_READABLE = {True: 230, False: 140}  # characters that fit across a page at about 70 %
_CHUNK = 64 * 1024  # characters
# Anything that cannot go into XML as it is. One search per row, so cells are looked at only then.
_MARKS = re.compile("[\x01-\x1f\x7f-\x9f&<>\ud800-\udfff\ufffe\uffff]")
_END = "</t></is></c>"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: heading, width in characters, style, and what helps who fills it in.

    A `note` hangs on the heading; `choices` become a drop-down, which refuses anything else when
    `strict`; a `required` heading is tinted; `locked` cells cannot be typed over while the sheet is
    protected, which it is (without password) as soon as one column is locked. With `pairs` of
    (word in column `under`, word offered here) the drop-down follows what stands in that column.
    """

    heading: str
    width: float = 14.0
    style: Style = "text"
    note: str = ""
    choices: tuple[str, ...] = ()
    strict: bool = True
    required: bool = False
    locked: bool = False
    hidden: bool = False
    under: int = 0
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """How a sheet looks and prints; `filter_rows` puts filter buttons on the headings.

    Rows are as high as their text, or all `row_height` points. Wide sheets print on several pages
    side by side, each with the headings and the frozen columns. `tab` is a colour as RRGGBB.
    """

    paper: Literal["A4", "F4"] = "F4"
    landscape: bool = True
    headings: bool = True
    freeze_columns: int = 0
    filter_rows: bool = True
    row_height: float = 0
    heading_height: float = 0  # points; 0: as high as its text
    grid: bool = True
    tab: str = ""


def pages_across(widths: Iterable[float], *, landscape: bool) -> int:
    """On how many pages side by side columns of these widths can still be read."""
    return max(1, math.ceil(sum(widths) / _READABLE[landscape]))


@dataclass(frozen=True, kw_only=True)
class Part:
    """A finished sheet: its XML part, the SHA-256 of that part as written, and its data rows."""

    sheet: str
    path: str
    sha256: str
    rows: int


class SheetWriter:
    """Writes the rows of one sheet; made by `BookWriter.sheet`, ended by the next or by `end`."""

    def __init__(
        self,
        stream: IO[bytes],
        name: str,
        columns: Sequence[Column],
        page: Page,
        *,
        selected: bool,
        list_of: Callable[[tuple[str, ...]], str],
        pairs_of: Callable[[tuple[tuple[str, str], ...], str], str],
        ended: Callable[[SheetWriter], None],
    ) -> None:
        self.name, self.columns, self.page = name, tuple(columns), page
        self.rows = 0
        """Data rows so far, without the heading row."""
        self._stream, self._ended = stream, ended
        self._list_of, self._pairs_of = list_of, pairs_of
        self._hash = hashlib.sha256()
        self._line = 0
        self._buffer: list[str] = []
        self._size = 0
        self._locked = any(column.locked for column in columns)
        self._texts = all(column.style != "number" for column in columns)
        letters = [xml.column_letters(index) for index in range(len(columns))]
        self._starts = [f'<c r="{letter}' for letter in letters]
        self._mids = _middles(xml.style_id(c.style, locked=c.locked) for c in self.columns)
        self._last = letters[-1]
        self._height = ""
        self._send(self._head(selected=selected))
        if page.headings:
            self._headings()
        if page.row_height:
            self._height = f' ht="{page.row_height:g}" customHeight="1"'

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.end()

    @property
    def area(self) -> str:
        """All cells written so far, as A1:X9."""
        return f"A1:{self._last}{max(self._line, 1)}"

    @property
    def sha256(self) -> str:
        """The SHA-256 of the XML part as written, once ended."""
        return self._hash.hexdigest()

    @property
    def noted(self) -> list[int]:
        """The columns (from 0) whose headings carry a note."""
        if not self.page.headings:
            return []
        return [index for index, column in enumerate(self.columns) if column.note]

    def row(
        self, values: Sequence[CellValue], style: RowStyle | None = None, height: float = 0
    ) -> None:
        """Write one row; empty text and None leave the cell out. `height` is in points.

        Numbers belong in columns of style number, text anywhere. ValueError for a text over 30,000
        characters or with control characters, for too many cells or rows, for numbers elsewhere.
        """
        if len(values) > len(self.columns):
            raise ValueError(
                f"{len(values)} cells for the {len(self.columns)} columns of {self.name}"
            )
        mids = self._mids if style is None else _middles([xml.style_id(style)] * len(values))
        kept = self._height
        if height:
            self._height = f' ht="{height:g}" customHeight="1"'
        self._row(values, mids)
        self._height = kept
        self.rows += 1

    def end(self) -> None:
        """Finish the sheet, so that its `Part` is known. Ending twice is harmless."""
        if self._stream.closed:
            return
        self._send(self._tail())
        self._flush()
        self._stream.close()
        self._ended(self)

    def abandon(self) -> None:
        """Let go of the stream without finishing, after a failure."""
        self._stream.close()

    # -- rows ------------------------------------------------------------------------------------

    def _row(self, values: Sequence[CellValue], mids: Sequence[str]) -> None:
        self._line += 1
        if self._line > limits().sheet_rows:
            raise ValueError(f"more than {limits().sheet_rows} rows in {self.name}")
        line = self._line
        plain, joined = False, ""
        if self._texts:
            try:
                joined = "\0".join([value or "" for value in values])  # type: ignore[misc]
            except TypeError:
                raise ValueError(f"a number in a text column of {self.name}") from None
            plain = (
                "_x" not in joined  # apart from the rest: one class of characters is found faster
                and _MARKS.search(joined) is None
                and joined.count("\0") == len(values) - 1
                and "\0 " not in joined
                and " \0" not in joined
                and joined == joined.strip(" ")
            )
        if plain and len(joined) <= limits().cell_write_chars:
            cells = [
                f"{start}{line}{mid}>{value}{_END}"
                for start, mid, value in zip(self._starts, mids, values, strict=False)
                if value
            ]
        else:
            cells = [
                f"{start}{line}{self._cell(index, mid, value)}"
                for index, (start, mid, value) in enumerate(
                    zip(self._starts, mids, values, strict=False)
                )
                if value is not None and value != ""
            ]
        self._send(f'<row r="{line}"{self._height}>{"".join(cells)}</row>')

    def _cell(self, index: int, mid: str, value: CellValue) -> str:
        if isinstance(value, str):
            marked = "_x" in value or "\0" in value or _MARKS.search(value)
            special = marked or value != value.strip()
            if not special and len(value) < 1000:
                return f"{mid}>{value}{_END}"
            if len(value) > limits().cell_write_chars:
                raise ValueError(f"text of {len(value)} characters in {self.name}")
            if xml.FORBIDDEN.search(value):
                raise ValueError(f"control character in {self.name}: {value[:40]!r}")
            keep = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
            return f"{mid}{keep}>{xml.text_xml(value)}{_END}"
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value or 0) or self.columns[index].style != "number":
            raise ValueError(f"{value!r} does not fit column {self.columns[index].heading!r}")
        style = mid.partition(' t="')[0]
        return f"{style}><v>{value!r}</v></c>"

    def _send(self, text: str) -> None:
        self._buffer.append(text)
        self._size += len(text)
        if self._size >= _CHUNK:
            self._flush()

    def _flush(self) -> None:
        data = "".join(self._buffer).encode()
        self._buffer.clear()
        self._size = 0
        self._hash.update(data)
        self._stream.write(data)

    # -- the sheet around the rows ---------------------------------------------------------------

    def _head(self, *, selected: bool) -> str:
        page = self.page
        down, right = int(page.headings), page.freeze_columns
        pane = ""
        if down or right:
            corner = f"{xml.column_letters(right)}{down + 1}"
            active = ("bottomRight" if right else "bottomLeft") if down else "topRight"
            split = (f' xSplit="{right}"' if right else "") + (f' ySplit="{down}"' if down else "")
            pane = f'<pane{split} topLeftCell="{corner}" activePane="{active}" state="frozen"/>'
            pane += f'<selection pane="{active}" activeCell="{corner}" sqref="{corner}"/>'
        columns = "".join(
            f'<col min="{index}" max="{index}" width="{column.width:g}" customWidth="1"'
            f' style="{xml.style_id(column.style, locked=column.locked)}"'
            f' hidden="{int(column.hidden)}"/>'
            for index, column in enumerate(self.columns, 1)
        )
        tab = ' tabSelected="1"' if selected else ""
        tab += "" if page.grid else ' showGridLines="0"'
        colour = f'<tabColor rgb="FF{page.tab}"/>' if page.tab else ""
        return (
            f'{xml.HEAD}<worksheet xmlns="{xml.MAIN}" xmlns:r="{xml.DOC_REL}">'
            f'<sheetPr>{colour}<pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView{tab} workbookViewId="0">{pane}</sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
        )

    def _headings(self) -> None:
        styles = [
            xml.style_id("required" if column.required else "heading", locked=self._locked)
            for column in self.columns
        ]
        if self.page.heading_height:
            self._height = f' ht="{self.page.heading_height:g}" customHeight="1"'
        self._row([column.heading for column in self.columns], _middles(styles))
        self._height = ""

    def _tail(self) -> str:
        page = self.page
        area = self.area
        orientation = "landscape" if page.landscape else "portrait"
        shown = [column.width for column in self.columns if not column.hidden]
        across = pages_across(shown, landscape=page.landscape)
        tail = ["</sheetData>"]
        if self._locked:
            tail.append(
                '<sheetProtection sheet="1" objects="1" scenarios="1" formatCells="0"'
                ' formatColumns="0" formatRows="0" insertRows="0" deleteRows="0" sort="0"'
                ' autoFilter="0"/>'
            )
        if page.headings and page.filter_rows:
            tail.append(f'<autoFilter ref="{area}"/>')
        tail.append(self._drop_downs())
        tail.append(
            f'<printOptions gridLines="{int(page.grid)}"/>'
            '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
            f'<pageSetup paperSize="{PAPERS[page.paper]}" orientation="{orientation}"'
            f' fitToWidth="{across}" fitToHeight="0"/>'
            "<headerFooter><oddFooter>&amp;L&amp;A&amp;RHalaman &amp;P dari &amp;N</oddFooter>"
            "</headerFooter>"
            f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
        )
        if self.noted:
            tail.append('<legacyDrawing r:id="rId1"/>')
        return "".join(tail) + "</worksheet>"

    def _drop_downs(self) -> str:
        first, last = int(self.page.headings) + 1, limits().sheet_rows
        items = []
        for index, column in enumerate(self.columns):
            if not column.choices and not column.pairs:
                continue
            letters = xml.column_letters(index)
            if column.pairs:
                above = f"${xml.column_letters(column.under)}{first}"
                source = self._pairs_of(column.pairs, above)
            else:
                source = self._list_of(column.choices)
            refuse = (
                ' showErrorMessage="1" errorTitle="Pilih dari daftar"'
                ' error="Isi sel ini dengan salah satu pilihan dalam daftarnya."'
                if column.strict
                else ""
            )
            items.append(
                f'<dataValidation type="list" allowBlank="1"{refuse}'
                f' sqref="{letters}{first}:{letters}{last}">'
                f"<formula1>{xml.text_xml(source)}</formula1>"
                "</dataValidation>"
            )
        if not items:
            return ""
        return f'<dataValidations count="{len(items)}">{"".join(items)}</dataValidations>'


def _middles(styles: Iterable[int]) -> list[str]:
    return [f'" s="{style}" t="inlineStr"><is><t' for style in styles]
