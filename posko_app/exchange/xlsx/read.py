"""A strict reader of workbooks: every row as it stands, or a refusal of the whole file.

Rows and cells must come once and in order, texts must be clean, sizes within the limits. Nothing is
converted: a number keeps the digits that the file holds. Runs in the child process (see `child`).
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from posko_app.exchange.xlsx.feed import MAIN, feed, feed_steps, plain_name
from posko_app.exchange.xlsx.limits import Limits, limits
from posko_app.exchange.xlsx.package import Package, plain_refusals
from posko_app.exchange.xlsx.refused import Refused, refused
from posko_app.exchange.xlsx.rows import Cell, Kind, Row, SheetParser, StringsParser, clean

__all__ = ["Book", "Cell", "Kind", "Refused", "Row", "SheetInfo", "open_book"]

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, kw_only=True)
class SheetInfo:
    """A sheet of the workbook and where it lies in the file."""

    name: str
    state: str
    part: str


@dataclass
class Book:
    """An opened workbook; close it, or use it in a `with` block.

    `custom` are the custom document properties, `date1904` says from when date numbers count,
    `warnings` are codes: macros, external_links, merged:<sheet>.
    """

    package: Package
    limits: Limits
    sheets: tuple[SheetInfo, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)
    date1904: bool = False
    warnings: list[str] = field(default_factory=list)
    _strings_part: str = ""
    _strings: list[str | None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.package.close()

    def sheet(self, name: str) -> SheetInfo:
        """The sheet of that name; Refused when there is none."""
        for info in self.sheets:
            if info.name == name:
                return info
        raise refused("no_sheet", self.package.name, name)

    def part_sha256(self, name: str) -> str:
        """The SHA-256 of a sheet's XML part: equal to the writer's if nobody saved it anew."""
        with plain_refusals(self.package.name), self.package.open(self.sheet(name).part) as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(64 * 1024):
                digest.update(chunk)
            return digest.hexdigest()

    def rows(self, name: str) -> Iterator[Row]:
        """All rows that hold something, in order. Refused may come at any row, even the last."""
        info = self.sheet(name)
        with plain_refusals(self.package.name), self.package.open(info.part) as stream:
            parser = SheetParser(self.limits, self.package.name, name, self.strings)
            for _ in feed_steps(stream, parser.start, parser.end, parser.text):
                yield from parser.done
                parser.done.clear()
            if not parser.seen:
                raise ValueError("no rows part")
        if parser.merged and f"merged:{name}" not in self.warnings:
            self.warnings.append(f"merged:{name}")

    def strings(self) -> list[str | None]:
        """The shared strings, read when a sheet first needs them."""
        if self._strings is None:
            self._strings = []
            if self._strings_part:
                with self.package.open(self._strings_part) as stream:
                    parser = StringsParser(self.limits, self.package.name)
                    feed(stream, parser.start, parser.end, parser.text)
                self._strings = parser.strings
        return self._strings


def open_book(path: Path, bounds: Limits | None = None) -> Book:
    """Check a file and list its sheets. Raises Refused, never anything else, for a bad file."""
    bounds = bounds or limits()
    package = Package(path, bounds)
    try:
        with plain_refusals(package.name):
            return _read_workbook(Book(package, bounds))
    except Refused:
        package.close()
        raise


# -- the workbook part -------------------------------------------------------------------------


def _read_workbook(book: Book) -> Book:
    package = book.package
    main = _related(package, "", "/officeDocument")
    if not main:
        raise refused("not_a_workbook", package.name)
    part = main[0][1]
    if part not in package.names:
        raise refused("not_a_workbook", package.name)
    listed: list[tuple[str, str, str]] = []

    def start(name: str, attrs: dict[str, str]) -> None:
        tag = plain_name(name)
        if tag == MAIN + "sheet":
            rel = {plain_name(key): value for key, value in attrs.items()}[f"{_REL} id"]
            listed.append((attrs["name"], attrs.get("state", "visible"), rel))
        elif tag == MAIN + "workbookPr":
            book.date1904 = attrs.get("date1904", "0") in ("1", "true")
        elif tag == f"{MAIN}externalReference":
            book.warnings.append("external_links")

    with package.open(part) as stream:
        feed(stream, start)
    if not listed:
        raise refused("not_a_workbook", package.name)
    if len(listed) > book.limits.sheet_count:
        raise refused("too_big", package.name, f"{book.limits.sheet_count} lembar")
    targets = {rel: target for rel, target, _ in _related(package, part, "")}
    sheets = []
    for name, state, rel in listed:
        title = clean(name)
        if not title or len(title) > 31 or targets.get(rel) not in package.names:
            raise ValueError("a sheet without a part or name")
        sheets.append(SheetInfo(name=title, state=state, part=targets[rel]))
    if len({info.name.casefold() for info in sheets}) != len(sheets):
        raise refused("unsafe", package.name)
    if len({info.part for info in sheets}) != len(sheets):
        raise refused("unsafe", package.name)
    book.sheets = tuple(sheets)
    book._strings_part = next(iter(t for _, t, _ in _related(package, part, "/sharedStrings")), "")
    if any(name.endswith("vbaProject.bin") for name in package.names):
        book.warnings.append("macros")
    book.warnings[:] = dict.fromkeys(book.warnings)
    book.custom = _custom_properties(package)
    return book


def _related(package: Package, part: str, kind: str) -> list[tuple[str, str, str]]:
    """(id, target, type) of the relations of a part whose type ends in `kind`."""
    folder, _, name = part.rpartition("/")
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    found: list[tuple[str, str, str]] = []
    if relations not in package.names:
        return found

    def start(tag: str, attrs: dict[str, str]) -> None:
        if not tag.endswith(" Relationship") or attrs.get("TargetMode") == "External":
            return
        if attrs["Type"].endswith(kind):
            target = posixpath.normpath(posixpath.join("/" + folder, attrs["Target"])).lstrip("/")
            found.append((attrs["Id"], target, attrs["Type"]))

    with package.open(relations) as stream:
        feed(stream, start)
    return found


def _custom_properties(package: Package) -> dict[str, str]:
    found: dict[str, str] = {}
    part = "docProps/custom.xml"
    if part not in package.names:
        return found
    current = ""

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal current
        if tag.endswith(" property"):
            current = attrs.get("name", "")

    def text(data: str) -> None:
        if current and len(found) < 100:
            found[current] = (found.get(current, "") + data)[:32_767]

    with package.open(part) as stream:
        feed(stream, start, None, text)
    return {clean(name): clean(value) for name, value in found.items()}
