"""Compares a text with the one kept beside the tests; `POSKO_RENEW=1` renews what is kept."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Assert that `text` equals `tests/golden/<name>`, or write it when renewing."""
    path = FOLDER / name
    if os.environ.get("POSKO_RENEW") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        return
    assert path.exists(), f"{name} is missing: run once with POSKO_RENEW=1 and read it"
    kept = path.read_text("utf-8")
    shown = "\n".join(
        difflib.unified_diff(kept.splitlines(), text.splitlines(), "kept", "now", lineterm="")
    )
    assert kept == text, f"{name} differs; POSKO_RENEW=1 renews it\n{shown}"
