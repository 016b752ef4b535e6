"""Make the committed reference tables again: holidays per year and the regions of Indonesia.

For developers, after a new release of a source; the program itself never runs this.

    python tests/tools/build_tables.py holidays 2024 2027
        writes resources/calendar/<year>.toml from the `holidays` library (a test dependency)

    npm pack idn-area-data@4.0.1 && tar xzf idn-area-data-4.0.1.tgz
    python tests/tools/build_tables.py regions package/data
        writes resources/regions/upper.tsv (provinces to subdistricts) and villages.tsv.xz

Pin the version of idn-area-data: with an old Node.js a bare `npm pack` gives an older table.
"""

from __future__ import annotations

import argparse
import csv
import lzma
from collections.abc import Iterator
from datetime import date
from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
ESTIMATE = "(perkiraan)"


def holiday_names(year: int, category: str) -> dict[date, str]:
    """The days of one category (`public` or `government`) with their Indonesian names."""
    from holidays import country_holidays

    found = country_holidays("ID", years=year, language="id", categories=(category,))
    return dict(sorted(found.items()))


def holiday_table(year: int) -> str:
    """The table of one year as TOML."""
    from importlib.metadata import version

    library = f"Pustaka holidays {version('holidays')} (MIT)"
    lines = [
        "# Hari libur nasional dan cuti bersama. Jangan diubah di sini: kantor menambah atau",
        "# mengubah hari pada tabelnya sendiri (kalender.toml).",
        f"year = {year}",
        f'source = "{library}, dari SKB Tiga Menteri dan Keppres"',
    ]
    for table, category in (("national", "public"), ("joint_leave", "government")):
        for day, name in holiday_names(year, category).items():
            lines += ["", f"[[{table}]]", f"on = {day.isoformat()}", f'name = "{name}"']
            if ESTIMATE in name:
                lines.append("estimate = true")
    return "\n".join(lines) + "\n"


def region_rows(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Code and name of every row of one CSV file, in the order of the codes."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from sorted((row["code"], row["name"].strip()) for row in csv.DictReader(file))


def region_tables(folder: Path) -> tuple[bytes, bytes]:
    """The table down to subdistricts, and the compressed one of villages."""
    upper = "".join(
        f"{code}\t{name}\n"
        for level in ("provinces", "regencies", "districts")
        for code, name in region_rows(folder, level)
    )
    lines: list[str] = []
    parent = ""
    for code, name in region_rows(folder, "villages"):
        if code[:8] != parent:
            parent = code[:8]
            lines.append(parent)
        lines.append(f"{code[9:]}\t{name}")
    packed = lzma.compress(("\n".join(lines) + "\n").encode(), preset=9 | lzma.PRESET_EXTREME)
    return upper.encode(), packed


def main() -> None:
    """Write the tables asked for on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    tables = parser.add_subparsers(dest="table", required=True)
    years = tables.add_parser("holidays")
    years.add_argument("first", type=int)
    years.add_argument("last", type=int)
    regions = tables.add_parser("regions")
    regions.add_argument("folder", type=Path)
    asked = parser.parse_args()
    if asked.table == "holidays":
        for year in range(asked.first, asked.last + 1):
            path = RESOURCES / "calendar" / f"{year}.toml"
            path.write_text(holiday_table(year), encoding="utf-8", newline="\n")
    else:
        upper, villages = region_tables(asked.folder)
        (RESOURCES / "regions" / "upper.tsv").write_bytes(upper)
        (RESOURCES / "regions" / "villages.tsv.xz").write_bytes(villages)


if __name__ == "__main__":
    main()
