"""The limits of one workbook, from one data file that writer and reader share."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from posko_app.paths import resource


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bytes are bytes, seconds are seconds; `sheet_rows` counts the heading row too."""

    file_bytes: int
    file_unpacked_bytes: int
    file_parts: int
    file_part_ratio: int
    sheet_count: int
    sheet_rows: int
    sheet_columns: int
    cell_write_chars: int
    cell_read_chars: int
    book_cases: int
    book_strings: int
    child_seconds: int
    child_memory_bytes: int


def load_limits(path: Path) -> Limits:
    """Read a limits file; TypeError or KeyError for one that is not complete."""
    data = tomllib.loads(path.read_text("utf-8"))
    return Limits(
        **{f"{part}_{key}": int(v) for part, keys in data.items() for key, v in keys.items()}
    )


@cache
def limits() -> Limits:
    """The shipped limits."""
    return load_limits(resource("exchange", "limits.toml"))
