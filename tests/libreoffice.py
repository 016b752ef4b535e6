"""LibreOffice Calc as somebody's hands: opens workbooks, sorts, deletes, types, saves elsewhere.

A run is a macro in a profile of its own, so one start serves any number of files:

    play = Play()
    play.opened(source)
    play.typed("Perkara", 2, 5, "Judul lain")
    play.saved(target)
    play.run(folder)

Rows and columns count from 0, as in the machine's own interface.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from html import escape
from pathlib import Path

SOFFICE = shutil.which("soffice")
MISSING = "LibreOffice Calc (soffice) is not installed here"
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".ods": "calc8",
    ".xls": "MS Excel 97",
    ".html": "HTML (StarCalc)",
    ".csv": "Text - txt - csv (StarCalc)",
}
_SECONDS = 300  # a start that hangs is ended and fails
_LIBRARY = """
Function Named(key, value)
  Dim p As New com.sun.star.beans.PropertyValue
  p.Name = key
  p.Value = value
  Named = p
End Function

Function Opened(url)
  Opened = StarDesktop.loadComponentFromURL(url, "_blank", 0, Array(Named("Hidden", True)))
End Function

Sub Saved(doc, url, kind)
  doc.storeToURL(url, Array(Named("FilterName", kind)))
End Sub

Sub Locked(doc, url, word)
  Dim d(1) As New com.sun.star.beans.NamedValue
  d(0).Name = "OOXPassword"
  d(0).Value = word
  d(1).Name = "CryptoType"
  d(1).Value = "Standard"
  doc.storeToURL(url, Array(Named("FilterName", "Calc MS Excel 2007 XML"), _
    Named("EncryptionData", d())))
End Sub

Function Area(sheet)
  Dim c
  c = sheet.createCursor()
  c.gotoEndOfUsedArea(False)
  Area = sheet.getCellRangeByPosition(0, 1, c.RangeAddress.EndColumn, c.RangeAddress.EndRow)
End Function

Sub Sorted(sheet, column, ascending)
  Dim f(0) As New com.sun.star.table.TableSortField
  f(0).Field = column
  f(0).IsAscending = ascending
  Area(sheet).sort(Array(Named("SortFields", f()), Named("ContainsHeader", False)))
End Sub

Sub Typed(doc, sheet, column, row, text)
  Dim c, d
  c = doc.CurrentController
  c.setActiveSheet(sheet)
  c.select(sheet.getCellByPosition(column, row))
  d = createUnoService("com.sun.star.frame.DispatchHelper")
  d.executeDispatch(c.Frame, ".uno:EnterString", "", 0, Array(Named("StringName", text)))
End Sub

Sub Copied(sheet, source, target)
  Dim last
  last = Area(sheet).RangeAddress.EndColumn
  sheet.copyRange(sheet.getCellByPosition(0, target).CellAddress, _
    sheet.getCellRangeByPosition(0, source, last, source).RangeAddress)
End Sub
"""
_FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{code}</script:module>
"""
_SCRIPTS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:{kind} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{file}.dtd">
<library:{kind} xmlns:library="http://openoffice.org/2000/library"
 xmlns:xlink="http://www.w3.org/1999/xlink" {rest}</library:{kind}>
"""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse">
<value>true</value></prop></item>
</oor:items>
"""
# Without this, the first start of a profile replaces its macros by the empty ones that it ships.


class Play:
    """What is to be done in one start of LibreOffice, line by line; then `run`."""

    def __init__(self) -> None:
        self._jobs: list[list[str]] = []

    def opened(self, path: Path) -> None:
        """Begin the next workbook."""
        self._jobs.append([f"doc = Opened({_said(path.as_uri())})"])

    def saved(self, path: Path) -> None:
        """Save a copy in the format that its name says."""
        kind = _said(FILTERS[path.suffix])
        self._add(f"Saved(doc, {_said(path.as_uri())}, {kind})")

    def locked(self, path: Path, word: str) -> None:
        """Save a copy with a password."""
        self._add(f"Locked(doc, {_said(path.as_uri())}, {_said(word)})")

    def typed(self, sheet: str, row: int, column: int, text: str) -> None:
        """Type into a cell and leave it, as at the keyboard: Calc may take it for a number."""
        self._add(f"Typed(doc, {self._sheet(sheet)}, {column}, {row}, {_said(text)})")

    def written(self, sheet: str, row: int, column: int, text: str) -> None:
        """Put a text into a cell as it stands."""
        self._at(sheet, f"getCellByPosition({column}, {row}).setString({_said(text)})")

    def general(self, sheet: str, column: int) -> None:
        """Take the text format off a column, as people do who want to calculate."""
        self._at(sheet, f'Columns.getByIndex({column}).setPropertyValue("NumberFormat", 0)')

    def sorted_by(self, sheet: str, column: int, *, ascending: bool = True) -> None:
        """Sort all rows under the headings."""
        self._add(f"Sorted({self._sheet(sheet)}, {column}, {ascending})")

    def rows_deleted(self, sheet: str, row: int, count: int = 1) -> None:
        """Delete rows."""
        self._at(sheet, f"Rows.removeByIndex({row}, {count})")

    def columns_inserted(self, sheet: str, column: int, count: int = 1) -> None:
        """Insert empty columns."""
        self._at(sheet, f"Columns.insertByIndex({column}, {count})")

    def columns_deleted(self, sheet: str, column: int, count: int = 1) -> None:
        """Delete columns."""
        self._at(sheet, f"Columns.removeByIndex({column}, {count})")

    def row_copied(self, sheet: str, source: int, target: int) -> None:
        """Copy a row over another one."""
        self._add(f"Copied({self._sheet(sheet)}, {source}, {target})")

    def run(self, folder: Path) -> None:
        """Do it all in a profile under `folder`; AssertionError says what Calc said."""
        told = folder / "calc.txt"
        self._write_macro(folder / "profil" / "user" / "basic", told)
        command = [
            SOFFICE or "soffice",
            f"-env:UserInstallation={(folder / 'profil').as_uri()}",
            "--headless",
            "--norestore",
            "--nologo",
            "macro:///Standard.Module1.Main",
        ]
        env = {**os.environ, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
        with subprocess.Popen(
            command, env=env, start_new_session=True, stderr=subprocess.DEVNULL
        ) as process:
            try:
                process.wait(_SECONDS)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
        said = told.read_text("utf-8", "replace") if told.exists() else "no macro was run"
        assert said.strip() == "done", said

    def _add(self, line: str) -> None:
        self._jobs[-1].append(line)

    def _at(self, sheet: str, act: str) -> None:
        self._add(f"{self._sheet(sheet)}.{act}")

    def _sheet(self, name: str) -> str:
        return f"doc.Sheets.getByName({_said(name)})"

    def _write_macro(self, basic: Path, told: Path) -> None:
        subs = [
            "\n".join(
                (
                    f"Sub Job{number}",
                    "Dim doc, n",
                    lines[0],
                    "For n = 0 To doc.Sheets.Count - 1",
                    'doc.Sheets.getByIndex(n).unprotect("")',
                    "Next",
                    *lines[1:],
                    "doc.close(True)",
                    "End Sub",
                )
            )
            for number, lines in enumerate(self._jobs)
        ]
        main = [
            "Sub Main",
            "Dim f",
            "f = FreeFile",
            f"Open {_said(str(told))} For Output As #f",
            "On Error GoTo Failed",
            *(f"Job{number}" for number in range(len(self._jobs))),
            'Print #f, "done"',
            "GoTo Finish",
            "Failed:",
            'Print #f, Error$ & " at line " & Erl',
            "Finish:",
            "Close #f",
            "StarDesktop.terminate()",
            "End Sub",
        ]
        library = basic / "Standard"
        library.mkdir(parents=True)
        (basic.parent / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        code = escape("\n".join((_LIBRARY, *subs, *main)))
        (library / "Module1.xba").write_text(_FRAME.format(code=code), "utf-8")
        name = 'library:name="Standard" library:readonly="false"'
        link = 'xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple"'
        listed = f'><library:library {name} {link} library:link="false"/>'
        own = f'{name} library:passwordprotected="false"><library:element library:name="Module1"/>'
        files = {
            basic / "script.xlc": ("libraries", "libraries", listed),
            library / "script.xlb": ("library", "library", own),
        }
        for path, (kind, file, rest) in files.items():
            path.write_text(_SCRIPTS.format(kind=kind, file=file, rest=rest), "utf-8")


def _said(text: str) -> str:
    """A text as Basic writes it."""
    lines = ['"' + line.replace('"', '""') + '"' for line in text.split("\n")]
    return " & Chr(10) & ".join(lines)
