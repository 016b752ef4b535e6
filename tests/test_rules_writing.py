"""A regulation written as a file is read back as the same one, whatever an office has set in it."""

from __future__ import annotations

import dataclasses
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.paths import resource
from posko_app.rules.book import Regulation, load_rules, regulation_from
from posko_app.rules.override import Override, overridden
from posko_app.rules.writing import as_toml

BOOK = load_rules(resource("rules"))


def again(law: Regulation) -> Regulation:
    return regulation_from(tomllib.loads(as_toml(law)), "written")


@pytest.mark.parametrize("law", BOOK.regulations.values(), ids=lambda law: law.id)
def test_shipped_regulations_come_back(law: Regulation) -> None:
    assert again(law) == law


@pytest.mark.parametrize("law", BOOK.regulations.values(), ids=lambda law: law.id)
def test_so_do_the_values_of_an_office(law: Regulation) -> None:
    changes = (
        Override(table="deadline", entry="initial_review", field="amount", value=5, source="P. 1"),
        Override(table="stage_date", entry="voting", field="last", value="2029-02-14", source="S"),
        Override(table="deadline", entry="initial_review", field="first_day", value="",
                 source="“Surat” \\ 1", settles=True),
    )  # fmt: skip
    changed = law
    for change in changes:
        changed = overridden(changed, change)
    assert changed != law
    assert again(changed) == changed


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    law = BOOK.regulations["pilkada-2024"]
    note = text.replace("\r\n", "\n")
    changed = dataclasses.replace(law, note=note)
    assert again(changed).note == note
