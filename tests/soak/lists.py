"""Lists, search and Beranda over very many cases: what a click costs, in the core.

    python -m tests.soak lists 100000 1

makes an office of 100,000 cases (two minutes; kept under POSKO_SCRATCH for the next run), asks
everything that the page Laporan and Beranda can ask, and prints the milliseconds of CPU a call
takes, warm: median and 95th percentile of each kind. More than the bound fails.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random
from statistics import median

from posko_app.app import Posko
from posko_app.cases.dashboard import dashboard
from posko_app.cases.filters import with_values
from posko_app.cases.list_views import SORT_KEYS
from posko_app.cases.queries import VIEWS, CaseFilter, count_cases, list_cases, view_counts
from tests.large import large_office, words_of

ONE, TWO = 50.0, 150.0  # milliseconds: one chip, a view, a search; two chips together
CALLS = 12
PAGE = 200  # rows, as the page fetches them
CHIPS: dict[str, tuple[str, ...]] = {
    "stage": ("initial_review", "clarification", "closed"),
    "kind": ("report", "finding", "initial_info"),
    "theme": ("asn_neutrality", "money_politics", "other"),
    "region": ("62.10.02", "62.10"),
    "officer": ("maya", "-"),
    "office": ("62.10", "62.10.02"),
    "due": ("late", "today", "running", "none"),
    "conflicts": ("yes",),
    "waiting": ("any", "bkn"),
    "ended": ("not_violation", "withdrawn"),
    "filed": ("2024-03", "week", "2022-01-01..2023-12-31"),
    "referred": ("2024-09",),
}
Job = tuple[str, float, Callable[[], object]]


def jobs(posko: Posko, random: Random) -> Iterator[Job]:
    """Everything there is to ask: its kind, its bound, and the asking."""
    yield "Beranda", ONE, lambda: dashboard(posko)
    yield "counts of tabs", ONE, lambda: view_counts(posko)
    for view in VIEWS:
        yield from _both("view", ONE, posko, CaseFilter(view=view))
        for key, codes in CHIPS.items():
            for code in codes:
                yield from _both(f"chip {key}", ONE, posko, _with(posko, view, {key: code}))
    for view in ("active", "closed", "all"):
        for a, b in combinations(CHIPS, 2):
            values = {a: random.choice(CHIPS[a]), b: random.choice(CHIPS[b])}
            yield from _both("two chips", TWO, posko, _with(posko, view, values))
    yield from _typing(posko, random)


def _typing(posko: Posko, random: Random) -> Iterator[Job]:
    """Words letter by letter, two together, misspelled ones, and what is nowhere."""
    words = list(words_of(posko, random, 24))
    typed = {word[:n] for word in words for n in range(1, len(word) + 1)}
    for text in sorted(typed):
        yield "search, typing", ONE, _ask(posko, CaseFilter(view="all", text=text))
    for first, second in zip(words[::2], words[1::2], strict=True):
        yield "search, two words", ONE, _ask(posko, CaseFilter(text=f"{first} {second[:3]}"))
    for word in words:
        if len(word) > 5:
            turned = word[:2] + word[3] + word[2] + word[4:]
            yield "search, misspelled", ONE, _ask(posko, CaseFilter(view="all", text=turned))
    for text in ("tidak ada di sini", "198604122010011012", "xqzw"):
        yield "search, nothing", ONE, _ask(posko, CaseFilter(view="all", text=text))
    for key, codes in CHIPS.items():
        wanted = _with(posko, "all", {key: codes[0]}, random.choice(words))
        yield from _both("search and a chip", TWO, posko, wanted)


def _both(kind: str, bound: float, posko: Posko, wanted: CaseFilter) -> Iterator[Job]:
    """The list in every order, both ways, a page far down, and its count."""
    for sort in SORT_KEYS:
        for down in (False, True):
            asked = _changed(wanted, sort, down)
            yield kind, bound, _ask(posko, asked)
        deep = _deep(posko, _changed(wanted, sort, False))
        if deep:
            yield "a page far down", bound, deep
    yield f"{kind}, count", bound, lambda: count_cases(posko, wanted)


def _changed(wanted: CaseFilter, sort: str, down: bool) -> CaseFilter:
    return CaseFilter(**{**vars(wanted), "sort": sort, "descending": down})


def _deep(posko: Posko, wanted: CaseFilter) -> Callable[[], object] | None:
    page = list_cases(posko, wanted, limit=2000)
    if len(page) < 2000:
        return None
    return lambda: list_cases(posko, wanted, limit=PAGE, after=page[-1])


def _ask(posko: Posko, wanted: CaseFilter) -> Callable[[], object]:
    return lambda: list_cases(posko, wanted, limit=PAGE)


def _with(posko: Posko, view: str, values: dict[str, str], text: str = "") -> CaseFilter:
    return with_values(CaseFilter(view=view, text=text), values, posko.today())


def measure(posko: Posko, random: Random) -> dict[str, tuple[float, list[float]]]:
    """By kind its bound and the times of every call, warm."""
    found: dict[str, tuple[float, list[float]]] = {}
    for kind, bound, ask in jobs(posko, random):
        ask()
        times = found.setdefault(kind, (bound, []))[1]
        for _ in range(CALLS):
            start = time.process_time()
            ask()
            times.append((time.process_time() - start) * 1000)
    return found


def p95(times: list[float]) -> float:
    """The time that 95 of 100 calls stay under."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def run(cases: int, seed: int) -> int:
    """Measure and print; how many kinds were slower than their bound."""
    posko = large_office(cases, seed)
    try:
        found = measure(posko, Random(seed))
    finally:
        posko.close()
    slow = 0
    print(f"{'milliseconds of CPU, ' + str(cases) + ' cases':<34}{'calls':>8}{'p50':>8}{'p95':>8}")
    for kind, (bound, times) in found.items():
        late = p95(times) > bound
        slow += late
        mark = f"  over {bound:.0f}" if late else ""
        print(f"{kind:<34}{len(times):>8}{median(times):>8.1f}{p95(times):>8.1f}{mark}")
    return slow


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]] or [100_000, 1]
    sys.exit(1 if run(*arguments) else 0)
