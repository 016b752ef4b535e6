"""A streaming workbook writer: text stays text, memory stays flat, equal input gives equal bytes.

Sheets are written one after the other and rows go straight into the zip. Every text is an inline
string, never a formula, never cut. The file appears under its name only when it is complete.
"""

from __future__ import annotations

import errno
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from posko_app.errors import UserError
from posko_app.exchange.xlsx import parts as xml
from posko_app.exchange.xlsx.limits import limits
from posko_app.exchange.xlsx.sheet import CellValue, Column, Page, Part, SheetWriter, State

__all__ = [
    "LISTS",
    "BookWriter",
    "CellValue",
    "Column",
    "Page",
    "Part",
    "SheetWriter",
    "State",
    "cannot_write",
]

LISTS = "_daftar"
"""The hidden sheet that holds the longer drop-down lists."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_INLINE_LIST = 255  # characters a drop-down may hold in itself
_BAD_NAME = re.compile(r"[\[\]:*?/\\]|^'|'$")


def cannot_write(path: Path, error: OSError) -> UserError:
    """The sentence for a file that could not be saved."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        why = "tempat penyimpanan penuh. Kosongkan tempat atau pilih folder lain"
    elif isinstance(error, FileNotFoundError | NotADirectoryError):
        why = "foldernya tidak ada. Pilih folder lain"
    elif isinstance(error, PermissionError):
        why = (
            "foldernya tidak boleh ditulisi atau berkas itu sedang terbuka."
            " Tutup berkas itu atau pilih folder lain"
        )
    else:
        why = "penyimpanan tidak dapat ditulisi. Periksa penyimpanan atau pilih folder lain"
    return UserError(f"Berkas {path.name} tidak tersimpan: {why}.", code="cannot_write")


class BookWriter:
    """A workbook being written; use it in a `with` block, which leaves a whole file or none.

        with BookWriter(path, title="Ekspor 12") as book:
            sheet = book.sheet("Perkara", columns)
            sheet.row(["0191…", "Spanduk"])

    `made_at` is an instant with zone; `custom` become custom document properties. UserError when
    the file cannot be saved; it names `shown` where the file gets another name later.
    """

    def __init__(
        self,
        path: Path,
        *,
        title: str = "",
        subject: str = "",
        creator: str = "Posko",
        made_at: datetime | None = None,
        custom: Mapping[str, str] | None = None,
        shown: Path | None = None,
    ) -> None:
        self.path = path
        self._shown = shown or path
        self._states: list[State] = []
        self._sheets: list[SheetWriter] = []
        self._parts: dict[str, Part] = {}
        self._lists: dict[tuple[str, ...], int] = {}
        self._core = (title, subject, creator, made_at)
        self._custom = dict(custom or {})

    @property
    def parts(self) -> dict[str, Part]:
        """The finished sheets by name."""
        return dict(self._parts)

    def __enter__(self) -> Self:
        self._temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        try:
            self._file = self._temporary.open("wb")
        except OSError as error:
            raise cannot_write(self._shown, error) from error
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, allowZip64=False)
        try:
            self._add("docProps/app.xml", xml.app_xml())
        except OSError as error:  # no __exit__ follows a failure here
            self._abandon()
            raise cannot_write(self._shown, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                self._temporary.replace(self.path)
        except OSError as failure:
            raise cannot_write(self._shown, failure) from failure
        finally:
            self._abandon()
        if isinstance(error, OSError):
            raise cannot_write(self._shown, error) from error

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        state: State = "visible",
        page: Page | None = None,
    ) -> SheetWriter:
        """Begin the next sheet; the one before it is ended. ValueError for a bad name or size."""
        self.end_sheet()
        if not name or len(name) > 31 or _BAD_NAME.search(name) or xml.FORBIDDEN.search(name):
            raise ValueError(f"{name!r} cannot name a sheet")
        if name.casefold() in {sheet.name.casefold() for sheet in self._sheets}:
            raise ValueError(f"two sheets named {name!r}")
        # one place is kept for the sheet of lists
        if len(self._sheets) >= limits().sheet_count - 1 and name != LISTS:
            raise ValueError(f"more than {limits().sheet_count - 1} sheets")
        if not 0 < len(columns) <= limits().sheet_columns:
            raise ValueError(f"{len(columns)} columns in {name}")
        sheet = SheetWriter(
            self._zip.open(_entry(f"xl/worksheets/sheet{len(self._sheets) + 1}.xml"), "w"),
            name,
            columns,
            page or Page(),
            selected=state == "visible" and "visible" not in self._states,
            list_of=self._list,
            pairs_of=self._pairs,
            ended=self._ended,
        )
        self._sheets.append(sheet)
        self._states.append(state)
        return sheet

    def end_sheet(self) -> None:
        """End the sheet being written, if there is one."""
        if self._sheets:
            self._sheets[-1].end()

    def _add(self, path: str, text: str) -> None:
        self._zip.writestr(_entry(path), text.encode())

    def _ended(self, sheet: SheetWriter) -> None:
        number = len(self._sheets)
        self._parts[sheet.name] = Part(
            sheet=sheet.name,
            path=f"xl/worksheets/sheet{number}.xml",
            sha256=sheet.sha256,
            rows=sheet.rows,
        )
        if sheet.noted:
            notes = [(f"{xml.column_letters(i)}1", sheet.columns[i].note) for i in sheet.noted]
            targets = [
                ("rId1", "vmlDrawing", f"/xl/drawings/vmlDrawing{number}.vml"),
                ("rId2", "comments", f"/xl/comments{number}.xml"),
            ]
            self._add(f"xl/comments{number}.xml", xml.comments_xml(notes))
            self._add(f"xl/drawings/vmlDrawing{number}.vml", xml.vml_xml(sheet.noted))
            self._add(f"xl/worksheets/_rels/sheet{number}.xml.rels", xml.relations_xml(targets))

    def _list(self, choices: tuple[str, ...]) -> str:
        inline = ",".join(choices)
        if len(inline) <= _INLINE_LIST and not any("," in c or c != c.strip() for c in choices):
            return '"' + inline.replace('"', '""') + '"'
        column = self._column(choices)
        return f"{LISTS}!${column}$1:${column}${len(choices)}"

    def _pairs(self, pairs: tuple[tuple[str, str], ...], cell: str) -> str:
        """The list that follows `cell`: everything while that is empty or stands in no pair."""
        ordered = sorted(pairs, key=lambda pair: pair[0])  # stable: equal words lie together
        above, below = (self._column(tuple(words)) for words in zip(*ordered, strict=True))
        area = f"{LISTS}!${above}$1:${above}${len(pairs)}"
        start = f"{LISTS}!${below}$1"
        count = f"COUNTIF({area},{cell})"
        rows = f"MATCH({cell},{area},0)-1"
        return f"OFFSET({start},IF({count}=0,0,{rows}),0,IF({count}=0,{len(pairs)},{count}),1)"

    def _column(self, words: tuple[str, ...]) -> str:
        return xml.column_letters(self._lists.setdefault(words, len(self._lists)))

    # -- the end ---------------------------------------------------------------------------------

    def _finish(self) -> None:
        self.end_sheet()
        if "visible" not in self._states:
            raise ValueError("a workbook needs a visible sheet")
        if self._lists:
            self._write_lists()
        noted = [number for number, sheet in enumerate(self._sheets, 1) if sheet.noted]
        sheets = [
            (f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml")
            for number in range(1, len(self._sheets) + 1)
        ]
        custom = bool(self._custom)
        self._add("xl/workbook.xml", self._workbook_xml())
        self._add(
            "xl/_rels/workbook.xml.rels",
            xml.relations_xml([*sheets, (f"rId{len(sheets) + 1}", "styles", "styles.xml")]),
        )
        self._add("xl/styles.xml", xml.styles_xml())
        self._add("docProps/core.xml", xml.core_xml(*self._core))
        if custom:
            self._add("docProps/custom.xml", xml.custom_xml(self._custom))
        self._add("_rels/.rels", xml.root_relations_xml(custom=custom))
        self._add(
            "[Content_Types].xml", xml.content_types_xml(len(self._sheets), noted, custom=custom)
        )
        self._zip.close()

    def _write_lists(self) -> None:
        lists = list(self._lists)
        sheet = self.sheet(
            LISTS,
            [Column(heading="", width=30)] * len(lists),
            state="hidden",
            page=Page(headings=False),
        )
        for index in range(max(map(len, lists))):
            sheet.row([choices[index] if index < len(choices) else None for choices in lists])
        sheet.end()

    def _workbook_xml(self) -> str:
        sheets, names = [], []
        for index, (sheet, state) in enumerate(zip(self._sheets, self._states, strict=True)):
            name = xml.text_xml(sheet.name)
            hidden = "" if state == "visible" else f' state="{state}"'
            sheets.append(
                f'<sheet name="{name}" sheetId="{index + 1}"{hidden} r:id="rId{index + 1}"/>'
            )
            if not sheet.page.headings:
                continue
            quoted = "'" + name.replace("'", "''") + "'!"
            scope = f'localSheetId="{index}"'
            if sheet.page.filter_rows:
                area = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", sheet.area)
                names.append(
                    f'<definedName name="_xlnm._FilterDatabase" {scope} hidden="1">{quoted}{area}'
                    "</definedName>"
                )
            titles = f"{quoted}$1:$1"
            if sheet.page.freeze_columns:
                last = xml.column_letters(sheet.page.freeze_columns - 1)
                titles = f"{quoted}$A:${last},{titles}"
            names.append(f'<definedName name="_xlnm.Print_Titles" {scope}>{titles}</definedName>')
        first = self._states.index("visible")
        defined = f"<definedNames>{''.join(names)}</definedNames>" if names else ""
        return (
            f'{xml.HEAD}<workbook xmlns="{xml.MAIN}" xmlns:r="{xml.DOC_REL}">'
            f'<bookViews><workbookView activeTab="{first}" firstSheet="{first}"/></bookViews>'
            f"<sheets>{''.join(sheets)}</sheets>{defined}</workbook>"
        )

    def _abandon(self) -> None:
        """Close everything and remove the unfinished file; nothing to do after a good end."""
        closings = [self._zip.close, self._file.close]
        if self._sheets:
            closings.insert(0, self._sheets[-1].abandon)
        for close in closings:
            # a full disk fails again here; what counts is that the file goes
            with suppress(OSError, ValueError):
                close()
        self._temporary.unlink(missing_ok=True)


def _entry(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info
