"""What a plenary found, kind by kind: each may be a violation, none, or not have been judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from posko_app.rules.content import outcomes_of
from ui.fields import Field

from .words import Words

RESULT = "result."  # the keys of the results: result.criminal …
VIOLATION, NOT_VIOLATION = "violation", "not_violation"


def plenary_fields(words: Words) -> Iterator[tuple[str, Sequence[Field]]]:
    """A question per kind of violation, those that the initial review suspected first."""
    known = words.law.outcomes
    choices = [(code, known[code].label) for code in outcomes_of(words.law, "decision")]
    suspected = words.view.known.kinds
    codes = sorted(words.law.violation_kinds, key=lambda code: code not in suspected)
    yield (
        "Hasil per jenis pelanggaran",
        [
            Field(
                key=RESULT + code,
                label=words.violation(code),
                kind="combo",
                width=6,
                choices=choices,
                optional=True,
                hint="dugaan awal" if code in suspected else "",
            )
            for code in codes
        ],
    )


def plenary_outcome(values: Mapping[str, Any]) -> str:
    """The result of the whole: a violation when any kind is one; empty while nothing is judged."""
    results = _results(values).values()
    return VIOLATION if VIOLATION in results else (NOT_VIOLATION if results else "")


def plenary_data(values: Mapping[str, Any]) -> dict[str, str]:
    """The results as the event carries them."""
    results = _results(values)
    return {
        "results": ",".join(f"{kind}:{outcome}" for kind, outcome in results.items()),
        "kinds": ",".join(kind for kind, outcome in results.items() if outcome == VIOLATION),
    }


def _results(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        key.removeprefix(RESULT): outcome
        for key, outcome in values.items()
        if key.startswith(RESULT) and outcome
    }
