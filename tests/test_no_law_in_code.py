"""Nothing in Python names a number of days, a form code, an article or a status label."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(path for room in ("posko_app", "ui") for path in (ROOT / room).rglob("*.py"))

LAW = re.compile(
    r"\bPasal\s+\d|\bayat\s+\(\d"  # an article
    r"|\b[AB]\.\d|Formulir\s+Model"  # a form
    r"|Perbawaslu|\b(?:UU|PP|PKPU|SKB|SE|Perpu|Perpres)\s+(?:No|\d|Men)|PUU-"  # a regulation
    r"|\b(?:23[.:]59|24[.:]00)\b"  # the end of a day
    r"|\b\d+\s+(?:×\s+24\s+)?(?:hari|jam)\b|(?:^|\s)(?:×\s+)?24\s+jam\b",  # a length of time
    re.IGNORECASE,
)
STATUS_TABLES = {"stage": ("label", "labels"), "step": ("label", "done", "labels"),
                 "outcome": ("label",)}  # fmt: skip
ORDINARY = {
    "catatan": "the heading over any remark, and the kind of entry people write themselves",
    "diterima": "the column of the day something came in, of reports as of workbooks",
    "jawaban": "the column of what was answered",
    "kajian": "the name of a tab and of a file",
    "klarifikasi": "the name of a tab and of a meeting",
    "pemberitahuan": "news of the program itself, and the message of a phone",
    "penerusan": "the name of a tab and of what went out",
    "pleno": "the name of a meeting",
    "registrasi": "the column of the register number",
    "selesai": "what any long work says at its end",
    "tutup": "the button that closes a window",
}
"""Words that are a status in some sentence and in others the plain name of a thing: one word each.

A status of two words or more, and any verb in the passive, is never ordinary.
"""
ALLOWED = {
    ("posko_app/rules/counting.py", " × 24 jam"): "a day has 24 hours in any law",
    ("posko_app/rules/explain.py", "24 jam ke-"): "a day has 24 hours in any law",
    ("posko_app/cases/dashboard.py", "timedelta(weeks=1)"): "what a figure counts, no limit",
    ("posko_app/cases/waiting.py", " umur, masing-masing 1 hari atau lebih."): "at least one day",
    ("ui/pages/cases/filters.py", "7 hari terakhir"): "a filter that people pick, no limit",
    ("ui/pages/home/page.py", "Masuk 7 hari terakhir"): "what a figure counts, no limit",
    ("ui/gallery.py", "Lewat 1 hari"): "sample of the kit",
    ("ui/gallery.py", "<b>Perhatian.</b> Kunci pemulihan belum diuji 60 hari."): "sample",
    ("ui/gallery.py", "<b>Masalah.</b> Jam komputer mundur 3 hari."): "sample of the kit",
    ("ui/gallery.py", "<b>Diregistrasi</b>"): "sample of the kit",
    ("ui/pages/home/share.py", "timedelta(days=32)"): "into the next month",
    ("ui/pages/recap/over_time.py", "timedelta(days=31)"): "into the next month",
    ("ui/pages/recap/over_time.py", "timedelta(days=1 if word == 'hari' else 7)"): "a bar's week",
    ("posko_app/cases/filters.py", "timedelta(weeks=1)"): "the filter of the last seven days",
}
"""Texts and lengths of time that are no law, each with its reason."""


@cache
def status_labels() -> dict[str, str]:
    """Every word for a status in the rules files, with where it stands."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "resources" / "rules").glob("*.toml")):
        raw = tomllib.loads(path.read_text("utf-8"))
        for table, fields in STATUS_TABLES.items():
            for key, entry in raw[table].items():
                for field in fields:
                    value = entry.get(field, "")
                    for words in value.values() if isinstance(value, dict) else [value]:
                        found[_bare(words)] = f"{path.name}: {table}.{key}.{field}"
    found.pop("", None)
    return found


def _bare(words: str) -> str:
    return re.sub(r"</?b>", "", words).strip(" .:,").casefold()


def _docstrings(tree: ast.AST) -> set[int]:
    """Every text that stands alone as a statement: documentation, which may name its source."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def findings(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, text and reproach of every piece of law in a module."""
    tree = ast.parse(source)
    documentation = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in documentation:
                continue
            if found := LAW.search(node.value):
                yield node.lineno, node.value, f"names the law: {found[0].strip()}"
            words = _bare(node.value)
            if words in status_labels() and words not in ORDINARY:
                yield node.lineno, node.value, f"is a label of {status_labels()[words]}"
        elif isinstance(node, ast.Call) and _name(node.func) == "timedelta" and _days(node):
            yield node.lineno, ast.unparse(node), "is a number of days"
        elif isinstance(node, ast.Compare) and _compares_days(node):
            yield node.lineno, ast.unparse(node), "compares with a number of days"


def _name(node: ast.AST) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


def _days(call: ast.Call) -> bool:
    """Whether a length of time holds a plain number of days or weeks beyond a single day."""
    given = [*call.args[:1], *(k.value for k in call.keywords if k.arg in ("days", "weeks"))]
    weeks = any(k.arg == "weeks" for k in call.keywords)
    numbers = [n for part in given for n in ast.walk(part) if isinstance(n, ast.Constant)]
    return any(isinstance(n.value, int) and (n.value > 1 or weeks) for n in numbers)


def _compares_days(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    days = any(_name(side) in ("days", "days_left", "due_in") for side in sides)
    numbers = (side.value for side in sides if isinstance(side, ast.Constant))
    return days and any(isinstance(number, int) and number > 1 for number in numbers)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_names_the_law(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    invented = place.startswith("posko_app/demo/")  # its days are those of invented stories
    found = [
        f"{place}:{line}: {said!r} {reproach}"
        for line, said, reproach in findings(path.read_text("utf-8"))
        if (place, said) not in ALLOWED and not (invented and "number of days" in reproach)
    ]
    assert not found, "\n".join(["Move it into resources/:", *found])


def test_every_exception_is_still_needed() -> None:
    seen = {
        (place, said)
        for place in {place for place, _ in ALLOWED}
        for _, said, _ in findings((ROOT / place).read_text("utf-8"))
    }
    assert set(ALLOWED) <= seen
    assert set(ORDINARY) <= set(status_labels())
    assert all(" " not in word for word in ORDINARY)


@pytest.mark.parametrize(
    "line",
    [
        "BASIS = 'Pasal 134 ayat (4)'",
        "f'menurut ayat (5) {x}'",
        "CODES = {'status': 'A.17'}",
        "f'Formulir Model {code}'",
        "LAWS = ['Perbawaslu 7/2022']",
        "'UU 10/2016'",
        "'PP 94/2021 huruf n'",
        "said('batas 3 hari kerja')",
        "said('dalam 2 × 24 jam')",
        "end = '23.59'",
        "if label == 'Diregistrasi': pass",
        "Tile('Tidak diregistrasi')",
        "f'Diteruskan {day}'",
        "{'Kajian awal': 1}",
        "due = start + timedelta(days=7)",
        "due = start + timedelta(2)",
        "due = start + timedelta(weeks=1)",
        "late = (today - filed).days > 7",
    ],
)
def test_the_search_finds_each_kind_of_law(line: str) -> None:
    assert list(findings(f"x = [{line}]" if line[0] in "'f{" else line))


def test_what_only_explains_is_let_through() -> None:
    source = (
        '"""Pasal 134 ayat (4): 7 hari."""\n'
        "# Perbawaslu 9/2024, formulir A.17\n"
        "def f(day):\n"
        '    """Status: Diregistrasi."""\n'
        "    return day + timedelta(days=1), day.days > 1, 'registered', 'nama pasal'\n"
    )
    assert not list(findings(source))
