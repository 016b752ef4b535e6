"""The reading process: foreign files are opened only here, under limits of time and memory.

Requests and answers are JSON lines over the standard streams:

    {"do": "open", "path": …}      -> {"sheets": [[name, state], …], "custom": …, "date1904": …}
    {"do": "hash", "sheet": name}  -> {"sha256": …}
    {"do": "rows", "sheet": name}  -> {"rows": [[number, hidden, [[column, value, kind, formula],
                                      …]], …]} any number of times, then {"end": warnings}
    {"do": "close"}                -> {"closed": true}

Anything may be answered by {"refused": code, "what": …}; then the book is closed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from posko_app.exchange.xlsx.limits import limits
from posko_app.exchange.xlsx.memory import limit_memory
from posko_app.exchange.xlsx.read import Book, Refused, Row, open_book

SWITCH = "--baca-berkas"
"""The hidden switch by which the frozen program starts as a reading process."""

_BATCH = 512 * 1024  # characters of text after which rows are sent


def main() -> int:
    """Answer requests until the parent closes the stream; the exit code of the process."""
    limit_memory(limits().child_memory_bytes)
    # not sys.stdin: a windowed program has none, yet the pipes are there
    with os.fdopen(0, "rb") as requests, os.fdopen(1, "wb") as answers:
        serve(requests, answers)
    return 0


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer every request of a stream."""
    book: Book | None = None
    for line in requests:
        request = json.loads(line)
        try:
            if request["do"] in ("open", "close"):
                if book is not None:
                    book.close()
                    book = None
                if request["do"] == "close":
                    _send(answers, {"closed": True})
                    continue
                book = open_book(Path(request["path"]))
                _send(answers, _described(book))
            elif book is None:
                _send(answers, {"refused": "not_found", "message": ""})
            elif request["do"] == "hash":
                _send(answers, {"sha256": book.part_sha256(request["sheet"])})
            else:
                for batch in _batches(book.rows(request["sheet"])):
                    _send(answers, {"rows": batch})
                _send(answers, {"end": book.warnings})
        except Refused as error:
            if book is not None:
                book.close()
                book = None
            _send(answers, {"refused": error.code, "message": error.message})
    if book is not None:
        book.close()


def _described(book: Book) -> dict[str, Any]:
    return {
        "sheets": [[info.name, info.state] for info in book.sheets],
        "custom": dict(book.custom),
        "date1904": book.date1904,
        "warnings": book.warnings,
    }


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += 16 + sum(len(cell.value) + 8 for cell in row.cells)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _send(answers: IO[bytes], data: dict[str, Any]) -> None:
    answers.write(json.dumps(data, separators=(",", ":")).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
