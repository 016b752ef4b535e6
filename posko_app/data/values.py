"""Values of columns as they travel: Python to canonical form and back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from .record import Value


def to_value(value: Any) -> Value:
    """A column's Python value in canonical form."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} cannot travel")


def from_value(kind: type, value: Value) -> Any:
    """The Python value of a column of `kind`; raises ValueError when it cannot be one."""
    if value is None:
        return None
    if kind is bool and value in (0, 1):
        return bool(value)
    if kind is int and isinstance(value, int):
        return value
    if isinstance(value, str):
        if kind is datetime:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValueError("an instant without a zone")
            return moment.astimezone(UTC)
        if kind is date:
            return date.fromisoformat(value)
        if kind is str:
            return value
    raise ValueError(f"{value!r} is not a {kind.__name__}")
