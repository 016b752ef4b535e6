"""Reading the program's TOML tables: one error that names the file, strict keys, exact types."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class RulesError(ValueError):
    """A mistake in a table of rules, named so that it can be found."""


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; raises RulesError naming the file."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise RulesError(f"{path.name}: file is missing") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"{path.name}: {error}") from error


def build(kind: type[T], raw: Mapping[str, Any], where: str, /, **more: Any) -> T:
    """A dataclass from a TOML table: unknown and missing keys are errors, lists become tuples."""
    values = {key: _frozen(value) for key, value in raw.items()}
    known = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(values.keys() - known):
        raise RulesError(f"{where}: unknown keys {', '.join(unknown)}")
    try:
        return kind(**values, **more)
    except TypeError as error:
        raise RulesError(f"{where}: {error}") from error
    except RulesError as error:
        raise RulesError(f"{where}: {error}") from error


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
