"""Proof that the resource files of exchange load and that their references hold."""

from __future__ import annotations

from collections.abc import Callable

import posko_app.data.tables  # noqa: F401 - they must exist to be counted
from posko_app.data.base import synced_fields, synced_tables
from posko_app.rules.vocabulary import load_vocabulary

from .intake_layout import intake_layout
from .layout import layout
from .left_out import kinds_left_out, profiles
from .package.sizes import bounds
from .public_layout import public_layout
from .xlsx.limits import limits


def check_resources() -> list[str]:
    """Every problem as a sentence; empty when all is well."""
    problems = []
    steps: dict[str, Callable[[], object]] = {
        "limits.toml": limits,
        "cases.toml": _check_cases,
        "intake.toml": _check_intake,
        "profiles.toml": _check_profiles,
        "public.toml": _check_public,
        "packages.toml": bounds,
    }
    for name, step in steps.items():
        try:
            step()
        except (OSError, ValueError, TypeError, KeyError) as error:
            problems.append(f"{name}: {error}")
    return problems


def _check_cases() -> None:
    vocabulary = load_vocabulary()
    for sheet in layout().sheets:
        for column in sheet.columns:
            if column.list and not vocabulary.codes(column.list):
                raise ValueError(f"list {column.list} of {column.heading} is empty")


def _check_intake() -> None:
    vocabulary = load_vocabulary()
    for sheet in intake_layout().sheets:
        for column in sheet.columns:
            if column.list and not column.choices(vocabulary):
                raise ValueError(f"list {column.list} of {column.heading} is empty")


def _check_profiles() -> None:
    tables = set(synced_tables())
    if unjudged := tables ^ set(profiles().tables):
        raise ValueError(f"{', '.join(sorted(unjudged))} must be judged for every profile")
    for code in profiles().by_code:
        if unknown := kinds_left_out(code) - set(load_vocabulary().codes("event_kind")):
            raise ValueError(f"{code}: {', '.join(sorted(unknown))} is no kind of event")
    for name in profiles().people:
        table, _, field = name.partition(".")
        if field not in synced_fields(synced_tables()[table]):
            raise ValueError(f"{name} is no field")


def _check_public() -> None:
    shown = {sheet.name for sheet in layout().sheets} | {layout().conflict_sheet}
    for sheet in public_layout().sheets:
        if sheet.name in shown:
            raise ValueError(f"{sheet.name} is a sheet of exports: a file would be taken for one")
        if unknown := set(sheet.kinds) - set(load_vocabulary().codes("intake_kind")):
            raise ValueError(f"{sheet.name}: {', '.join(sorted(unknown))} is no kind")
