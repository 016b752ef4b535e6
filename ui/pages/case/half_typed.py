"""What was typed into the form of a step and not recorded: kept as a sealed draft."""

from __future__ import annotations

from collections.abc import Mapping

from posko_app.app import Posko
from posko_app.cases.drafts import discard_draft, open_draft, save_draft
from posko_app.errors import UserError

DRAFT = "step"  # kind of draft
CONTINUED = "Dilanjutkan dari isian yang belum dicatat. <a href='afresh'>Mulai dari awal</a>"


def keep(posko: Posko, case: str, kind: str, title: str, raw: Mapping[str, str]) -> None:
    """Keep the answers of a form; none at all is no draft."""
    if raw:
        content = {"case": case, "step": kind, "raw": dict(raw)}
        save_draft(posko, DRAFT, title, content, _uid(posko, case, kind))
    else:
        forget(posko, case, kind)


def recall(posko: Posko, case: str, kind: str) -> dict[str, str]:
    """The answers that were kept; empty when there are none, or they cannot be opened."""
    try:
        return dict(open_draft(posko, _uid(posko, case, kind))["raw"])
    except UserError:
        return {}


def forget(posko: Posko, case: str, kind: str) -> None:
    """Let the answers go: the step was recorded, or they were deleted."""
    discard_draft(posko, _uid(posko, case, kind))


def _uid(posko: Posko, case: str, kind: str) -> str:
    return f"{DRAFT}.{case}.{kind}.{posko.user.login}"
