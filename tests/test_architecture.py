"""The shape of the code, kept by tests: who may import whom, one door per library, sizes, words."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted([*ROOT.glob("posko_app/**/*.py"), *ROOT.glob("ui/**/*.py")])

MAX_LINES, MAX_FUNCTION = 400, 50

# From the top down. A room imports rooms of lower floors only; rooms on one floor stand apart.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("ui",),
    ("posko_app.__main__",),
    ("posko_app.cli",),
    ("posko_app.demo",),
    ("posko_app.letters", "posko_app.exchange"),
    ("posko_app.cases", "posko_app.office"),
    ("posko_app.app",),
    ("posko_app.law",),
    ("posko_app.data", "posko_app.rules"),
    ("posko_app.security",),
    (
        *("posko_app.errors", "posko_app.progress", "posko_app.text", "posko_app.paths"),
        "posko_app.spelling",
    ),
)

# What a room must not import although it stands on a lower floor.
NOT_EVEN_BELOW: dict[str, tuple[str, ...]] = {
    "ui": ("posko_app.data",),
    "posko_app.rules": ("posko_app.security",),
}

# Libraries and the only places that may import them.
CORE_WITH_TABLES = (
    "posko_app.data",
    "posko_app.app",
    "posko_app.law",
    "posko_app.office",
    "posko_app.cases",
    "posko_app.letters",
    "posko_app.exchange",
)
DOORS: dict[str, tuple[str, ...]] = {
    "PySide6": ("ui",),
    "shiboken6": ("ui",),
    "qtawesome": ("ui",),
    "sqlalchemy": CORE_WITH_TABLES,
    "alembic": ("posko_app.data",),
    "sqlcipher3": ("posko_app.data",),
    "sqlite3": ("posko_app.data",),
    "psycopg": ("posko_app.data",),
    "openpyxl": ("posko_app.exchange.xlsx",),
    "xlsxwriter": ("posko_app.exchange.xlsx",),
    "python_calamine": ("posko_app.exchange.xlsx",),
    "defusedxml": ("posko_app.exchange.xlsx",),
    "reportlab": ("posko_app.letters.pdf",),
    "icalendar": ("posko_app.letters.ics",),
    "cryptography": ("posko_app.security",),
    "pyrage": ("posko_app.security",),
    "platformdirs": ("posko_app.paths",),
}
ONE_MODULE = ("qtawesome", "filetype")
NEVER = ("pytest", "hypothesis", "holidays", "numpy", "tkinter", "requests", "urllib.request")

# The modules of `ui` that put pages together; every other one is a part that pages are made of.
WINDOW = ("ui.start", "ui.window", "ui.shell", "ui.screenshots")

# Only these may read the machine's clock; everywhere else dates and instants are passed in.
CLOCKS = ("posko_app.app",)

# module or module:function -> why it may be longer than the rest
LONGER: dict[str, str] = {}

VAGUE = re.compile(r"(Manager|Helper|Helpers|Utils|Handler)$|^Base[A-Z]")


def name_of(path: Path) -> str:
    """The dotted name of a source file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed source, read once for all tests."""
    return ast.parse(path.read_text("utf-8"))


def within(name: str, prefix: str) -> bool:
    """Whether `name` is `prefix` or lies inside it."""
    return name == prefix or name.startswith(prefix + ".")


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, relative ones resolved, `from a import b` as a and a.b."""
    package = name_of(path) if path.stem == "__init__" else name_of(path).rpartition(".")[0]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = parts[: len(parts) - node.level + 1] if node.level else []
            full = ".".join([*base, *([node.module] if node.module else [])])
            yield full
            yield from (f"{full}.{alias.name}" for alias in node.names)


def floor_and_room(name: str) -> tuple[int, str] | None:
    """Where a module lives: the number of its floor and its room."""
    for floor, rooms in enumerate(FLOORS):
        for room in rooms:
            if within(name, room):
                return floor, room
    return None


def misplaced(me: str, used: str) -> bool:
    """Whether module `me` may not import `used` by the floors."""
    mine, theirs = floor_and_room(me), floor_and_room(used)
    if mine is None or theirs is None or mine[1] == theirs[1]:
        return False
    bottom = len(FLOORS) - 1
    if mine[0] == theirs[0] == bottom:
        return False
    if any(within(used, banned) for banned in NOT_EVEN_BELOW.get(mine[1], ())):
        return True
    return theirs[0] <= mine[0]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_has_a_floor(path: Path) -> None:
    name = name_of(path)
    assert name == "posko_app" or floor_and_room(name), "a new room needs a place in FLOORS"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    me = name_of(path)
    assert sorted({used for used in imports(path) if misplaced(me, used)}) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_library_has_one_door(path: Path) -> None:
    me = name_of(path)
    used = set(imports(path))
    wrong = {
        f"{u} belongs in {', '.join(homes)}"
        for u in used
        for library, homes in DOORS.items()
        if within(u, library) and not any(within(me, home) for home in homes)
    }
    wrong |= {f"{u} is no part of the program" for u in used for lib in NEVER if within(u, lib)}
    assert sorted(wrong) == []


@pytest.mark.parametrize("library", ONE_MODULE)
def test_one_module_only(library: str) -> None:
    doors = [name_of(p) for p in MODULES if any(within(used, library) for used in imports(p))]
    assert len(doors) <= 1, doors


def test_only_the_start_joins_window_and_command_line() -> None:
    users = {
        name_of(p)
        for p in MODULES
        if name_of(p).startswith("ui.") and any(within(u, "posko_app.cli") for u in imports(p))
    }
    assert users <= {"ui.start"}


@pytest.mark.parametrize("path", [p for p in MODULES if name_of(p).startswith("ui")], ids=name_of)
def test_the_window_holds_pages_and_pages_hold_parts(path: Path) -> None:
    me, used = name_of(path), set(imports(path))
    if within(me, "ui.pages"):
        assert sorted(u for u in used if any(within(u, above) for above in WINDOW)) == []
    elif me not in WINDOW:
        assert sorted(u for u in used if within(u, "ui.pages")) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_dates_come_from_the_one_clock(path: Path) -> None:
    if name_of(path) in CLOCKS:
        return
    read = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("today", "now", "utcnow")
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and ast.unparse(node.func.value).rpartition(".")[2] in ("date", "datetime")
    ]
    assert read == []


def long_things() -> dict[str, int]:
    """Every module and function over the limits, with its length in lines."""
    found = {}
    for path in MODULES:
        name = name_of(path)
        lines = path.read_text("utf-8").count("\n")
        if lines > MAX_LINES:
            found[name] = lines
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION:
                    found[f"{name}:{node.name}"] = length
    return found


def test_nothing_grows_too_long() -> None:
    found = long_things()
    assert {name: lines for name, lines in found.items() if name not in LONGER} == {}
    assert set(LONGER) <= set(found), "an exception that is no longer needed must go"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_everything_public_says_what_it_is_for(path: Path) -> None:
    tree = tree_of(path)
    if not tree.body:
        return
    assert ast.get_docstring(tree), "a module starts with one sentence saying what it is for"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_class_names_say_something(path: Path) -> None:
    names = [n.name for n in ast.walk(tree_of(path)) if isinstance(n, ast.ClassDef)]
    assert [name for name in names if VAGUE.search(name)] == []


def test_the_command_line_needs_no_qt() -> None:
    code = "import sys, posko_app.cli; print([m for m in sys.modules if m.startswith('PySide6')])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# The checks above are worth something only if they can fail.


@pytest.mark.parametrize(
    ("me", "used"),
    [
        ("posko_app.rules.book", "posko_app.data.store"),
        ("posko_app.data.store", "posko_app.rules"),
        ("posko_app.letters.issue", "posko_app.exchange.plan"),
        ("posko_app.cases.intake", "posko_app.office"),
        ("posko_app.errors", "posko_app.app"),
        ("posko_app.cli", "ui.start"),
        ("posko_app.demo", "posko_app.cli"),
        ("ui.pages.inbox", "posko_app.data.store"),
        ("posko_app.rules.book", "posko_app.security"),
    ],
)
def test_the_floors_refuse(me: str, used: str) -> None:
    assert misplaced(me, used)


@pytest.mark.parametrize(
    ("me", "used"),
    [
        ("ui.start", "posko_app.cli"),
        ("posko_app.cli.office", "posko_app.demo"),
        ("posko_app.letters.issue", "posko_app.letters.pdf"),
        ("posko_app.exchange.plan", "posko_app.rules.book"),
        ("posko_app.data.vault", "posko_app.security.cipher"),
        ("posko_app.text", "posko_app.errors"),
    ],
)
def test_the_floors_allow(me: str, used: str) -> None:
    assert not misplaced(me, used)
