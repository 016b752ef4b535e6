"""Read workbooks through a reading process, which may die without taking the program along.

    with Reader() as reader:
        book = reader.open(path)
        for row in book.rows("Perkara"):
            ...

One reader serves any number of files, one after the other, and is started anew when it died.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from posko_app.exchange.xlsx.child import SWITCH
from posko_app.exchange.xlsx.limits import limits
from posko_app.exchange.xlsx.refused import SENTENCES, Refused, refused
from posko_app.exchange.xlsx.rows import Row, new_cell

_LONGEST_LINE = 64 * 1024 * 1024
_LOOK = 1.0  # seconds after which a sleeping watch sees that it has something to wait for
_KINDS = frozenset({"text", "number", "bool", "error"})
_FROM_SOURCE = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from posko_app.exchange.xlsx.child import main; sys.exit(main())"
)


@dataclass(frozen=True, kw_only=True)
class OpenedBook:
    """A workbook open in the reading process; good until the reader opens another or lets go.

    `sheets` maps names to visible, hidden or veryHidden. `warnings` grows while rows are read.
    """

    path: Path
    sheets: Mapping[str, str]
    custom: Mapping[str, str]
    date1904: bool
    warnings: list[str]
    reader: Reader

    def part_sha256(self, sheet: str) -> str:
        """The SHA-256 of the XML part of a sheet, as `BookWriter.parts` gives it."""
        return self.reader._part_sha256(self, sheet)

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet that hold something. Refused may come at any row."""
        return self.reader._rows(self, sheet)


class _Watch:
    """Ends a process that lets its parent wait past `due`, in the monotonic clock's seconds.

    One thread sleeps beside each process: one for each answer would cost more than most answers.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.due, self.late = math.inf, False
        self._process, self._over = process, Event()

    def start(self) -> None:
        Thread(target=self._run, name="posko-baca", daemon=True).start()

    def end(self) -> None:
        """Let the thread end; the process is nobody's concern any more."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(min(max(0.0, self.due - time.monotonic()), _LOOK)):
            if time.monotonic() >= self.due:
                self.late = True
                self._process.kill()
                return


class Reader:
    """The parent's end of one reading process; every failure becomes `Refused`."""

    def __init__(self, *, seconds: float | None = None) -> None:
        self._seconds = limits().child_seconds if seconds is None else seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._book: OpenedBook | None = None
        self._left = 0.0
        self._watch: _Watch | None = None

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
        """End the reading process."""
        process, self._process, self._book = self._process, None, None
        if self._watch is not None:
            self._watch.end()
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        process.wait()

    @property
    def pid(self) -> int | None:
        """The process that reads, while there is one."""
        return self._process.pid if self._process else None

    def open(self, path: Path) -> OpenedBook:
        """Check a file and list its sheets; Refused for whatever is wrong with it."""
        self._book = None
        self._left = self._seconds
        if self._process is not None and self._process.poll() is not None:
            self.close()
        answer = next(self._ask(path, {"do": "open", "path": str(path.absolute())}, ends="sheets"))
        try:
            sheets = {_text(name): _text(state) for name, state in answer["sheets"]}
            custom = {_text(k): _text(v) for k, v in answer["custom"].items()}
            warnings = [_text(warning) for warning in answer["warnings"]]
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise self._died(path) from error
        self._book = OpenedBook(
            path=path,
            sheets=sheets,
            custom=custom,
            date1904=answer["date1904"] is True,
            warnings=warnings,
            reader=self,
        )
        return self._book

    @contextmanager
    def letting_go(self) -> Iterator[None]:
        """Close the book that is open at the end: Windows deletes no file that a process reads."""
        try:
            yield
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Close the book that is open, if any; the process stays."""
        book, self._book = self._book, None
        if book is None or self._process is None:
            return
        self._left = self._seconds
        with suppress(Refused):  # then the process has ended, and holds nothing either
            for _ in self._ask(book.path, {"do": "close"}, ends="closed"):
                pass

    def _part_sha256(self, book: OpenedBook, sheet: str) -> str:
        request = {"do": "hash", "sheet": sheet}
        self._must_be_open(book)
        return str(next(self._ask(book.path, request, ends="sha256"))["sha256"])

    def _rows(self, book: OpenedBook, sheet: str) -> Iterator[Row]:
        self._must_be_open(book)
        answers = self._ask(book.path, {"do": "rows", "sheet": sheet}, ends="end")
        finished = False
        try:
            for answer in answers:
                try:
                    batch = [_row(*row) for row in answer.get("rows", ())]
                    warnings = [_text(warning) for warning in answer.get("end", ())]
                except (TypeError, ValueError) as error:
                    raise self._died(book.path) from error
                yield from batch
                book.warnings[:] = dict.fromkeys([*book.warnings, *warnings])
            finished = True
        except Refused:
            finished = True
            raise
        finally:
            if not finished:
                self.close()  # what is left in the pipe belongs to nobody

    def _must_be_open(self, book: OpenedBook) -> None:
        if book is not self._book:
            raise RuntimeError(f"{book.path.name} is no longer open")

    # -- the process -----------------------------------------------------------------------------

    def _ask(self, path: Path, request: dict[str, str], *, ends: str) -> Iterator[dict[str, Any]]:
        """Send a request and yield its answers up to the one that holds `ends`."""
        process = self._started()
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            while True:
                line = self._line(process)
                answer = json.loads(line) if line.endswith(b"\n") else None
                if not isinstance(answer, dict):
                    raise self._died(path)
                if "refused" in answer:
                    self._book = None
                    raise _refusal(path, answer)
                yield answer
                if ends in answer:
                    return
        except (OSError, ValueError, RecursionError) as error:
            raise self._died(path) from error

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        """The next answer; only the time spent waiting for it counts against the limit."""
        assert process.stdout is not None
        began = time.monotonic()
        due = began + max(0.0, self._left)
        if self._watch is None:
            self._watch = _Watch(process)
            self._watch.due = due
            self._watch.start()
        self._watch.due = due
        try:
            return process.stdout.readline(_LONGEST_LINE)
        finally:
            self._watch.due = math.inf
            self._left -= time.monotonic() - began

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._watch = None
            if getattr(sys, "frozen", False):
                command = [sys.executable, SWITCH]
            else:
                root = str(Path(__file__).resolve().parents[3])
                command = [sys.executable, "-I", "-c", _FROM_SOURCE, root]
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        return self._process

    def _died(self, path: Path) -> Refused:
        late = self._watch is not None and self._watch.late
        self.close()
        return refused("too_slow" if late else "reader_died", path.name)


def read_rows(path: Path, sheet: str) -> tuple[Row, ...]:
    """All rows of one sheet of one file, through a reading process of their own."""
    with Reader() as reader:
        return tuple(reader.open(path).rows(sheet))


def _refusal(path: Path, answer: dict[str, Any]) -> Refused:
    code = answer["refused"]
    message = answer.get("message")
    if code in SENTENCES and isinstance(message, str) and 0 < len(message) < 2000:
        return Refused(message, code)
    return refused("damaged", path.name)


def _row(number: object, hidden: object, cells: object) -> Row:
    if type(number) is not int or type(hidden) is not bool or type(cells) is not list:
        raise ValueError("not a row")
    for column, value, kind, formula in cells:
        if (
            type(column) is not int
            or type(value) is not str
            or kind not in _KINDS
            or type(formula) is not bool
        ):
            raise ValueError("not a cell")
    return Row(number, hidden, tuple(map(new_cell, cells)))


def _text(value: object) -> str:
    if type(value) is not str:
        raise ValueError("not text")
    return value
