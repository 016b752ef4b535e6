"""Every shipped template loads, has a form, and renders."""

from __future__ import annotations

from posko_app.letters.check import check_resources


def test_all_templates_are_sound() -> None:
    assert list(check_resources()) == []
