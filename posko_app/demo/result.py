"""What `posko demo` made and where, and the mark that says a folder holds nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK = "latihan-posko.json"
FORMAT = 3  # grows when the same seed makes something else


@dataclass(frozen=True)
class DemoOffice:
    """One practice office."""

    level: str
    code: str
    data: Path


@dataclass(frozen=True)
class DemoFile:
    """A file that was made: template, workbook, letter, recap, evidence."""

    kind: str
    path: Path


@dataclass(frozen=True)
class DemoResult:
    """The practice offices, the files beside them and who may log in."""

    offices: tuple[DemoOffice, ...]
    files: tuple[DemoFile, ...]
    cases: int
    user: str
    password: str
    fresh: bool = True  # false when they were there already


def read_mark(folder: Path) -> dict[str, Any] | None:
    """The mark of a folder with practice offices; None when it is no such folder."""
    try:
        found = json.loads((folder / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("posko") == "latihan" else None


def write_mark(folder: Path, wanted: dict[str, int], result: DemoResult | None = None) -> None:
    """Mark a folder as one of ours, at the end with what it holds."""
    content: dict[str, Any] = {"posko": "latihan", **wanted, "finished": result is not None}
    if result is not None:
        content["offices"] = [
            {"level": o.level, "code": o.code, "data": _inside(folder, o.data)}
            for o in result.offices
        ]
        content["files"] = [{"kind": f.kind, "path": _inside(folder, f.path)} for f in result.files]
        content["made"] = result.cases
        content["login"] = {"user": result.user, "password": result.password}
    (folder / MARK).write_text(json.dumps(content, indent=1), "utf-8")


def known_result(folder: Path, wanted: dict[str, int]) -> DemoResult | None:
    """What the folder holds, if it is finished, whole and just what is wanted."""
    mark = read_mark(folder)
    if mark is None or not mark.get("finished"):
        return None
    if any(mark.get(name) != value for name, value in wanted.items()):
        return None
    offices = tuple(DemoOffice(o["level"], o["code"], folder / o["data"]) for o in mark["offices"])
    if not all((office.data / "posko.db").is_file() for office in offices):
        return None
    files = tuple(DemoFile(f["kind"], folder / f["path"]) for f in mark["files"])
    login = mark["login"]
    return DemoResult(
        offices,
        tuple(f for f in files if f.path.is_file()),
        mark["made"],
        login["user"],
        login["password"],
        fresh=False,
    )


def _inside(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
