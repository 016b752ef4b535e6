"""The initial review as a form: each requirement to tick, and the kinds of violation suspected.

What is not ticked becomes the notice of what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ui.fields import Field

from .plenary_fields import RESULT
from .words import Words

KIND = "kinds."  # the keys of the check boxes of violations: kinds.criminal …
MET = "met."  # the keys of the check boxes of requirements: met.evidence …
HEADINGS = {"formal": "Syarat formal", "material": "Syarat materiel"}
UNFIT = ("on_time",)  # what no completion can mend


def review_sections(words: Words, values: dict[str, Any]) -> Iterator[tuple[str, Sequence[Field]]]:
    """A section per kind of requirement, ticked as the facts have it, and the suspicion."""
    checks = words.view.requirements
    for kind, heading in HEADINGS.items():
        of_kind = [check for check in checks if check.kind == kind]
        values.update({MET + check.key: check.met for check in of_kind})
        yield (
            heading,
            [
                Field(key=MET + c.key, label=c.label, kind="check", width=6, help=c.why, bare=True)
                for c in of_kind
            ],
        )
    values["outcome"] = likely(values)
    yield suspicion(words)


def suspicion(words: Words) -> tuple[str, Sequence[Field]]:
    """The kinds of violation to tick that are suspected."""
    return (
        "Dugaan jenis pelanggaran",
        [
            Field(key=KIND + code, label=words.violation(code), kind="check", width=6, bare=True)
            for code in words.law.violation_kinds
        ],
    )


def suspected(values: Mapping[str, Any]) -> str:
    """The kinds that were ticked, as an event keeps them."""
    return ",".join(key.removeprefix(KIND) for key, on in values.items()
                    if key.startswith(KIND) and on)  # fmt: skip


def likely(values: Mapping[str, Any]) -> str:
    """The outcome that the ticks speak for."""
    missing = _unticked(values)
    if not missing:
        return "complete"
    return "initial_info" if set(missing) <= set(UNFIT) else "incomplete"


def review_data(values: Mapping[str, Any]) -> dict[str, str]:
    """What was not ticked, and what is suspected."""
    return {"missing": ",".join(_unticked(values)), "kinds": suspected(values)}


def at_boxes(field: str, fields: Sequence[str]) -> str:
    """The field of a form that a problem of the core belongs to."""
    starts = {"kinds": (KIND, RESULT), "results": (RESULT,), "missing": (MET,)}.get(field, ())
    return next((key for key in fields if starts and key.startswith(starts)), field)


def _unticked(values: Mapping[str, Any]) -> list[str]:
    return [key.removeprefix(MET) for key, on in values.items() if key.startswith(MET) and not on]
