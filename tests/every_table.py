"""One record of every table that offices exchange, and another value for any of its fields."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.base import Synced, synced_fields, synced_tables

VILLAGE = "62.10.02.1001"


def one_of_each(posko: Posko, session: Session) -> dict[str, str]:
    """Add a record of each table, every field filled; table to uid."""
    made: dict[str, str] = {}
    for name, table in synced_tables().items():
        values = {field: _filling(posko, table, field, made) for field in synced_fields(table)}
        row: Any = table(**values)
        session.add(row)
        session.flush()
        made[name] = row.uid
    return made


def other_value(posko: Posko, row: Synced, field: str, made: dict[str, str]) -> Any:
    """A value the field does not hold now and that its column takes."""
    column = type(row).__table__.columns[field]
    value = getattr(row, field)
    if column.foreign_keys:
        return made["another case"]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date | datetime):
        return value + timedelta(days=1)
    if field in ("office_code", "region_code"):
        return f"{posko.office.code}.01"
    return VILLAGE.replace("1001", "1002") if field == "village_code" else f"{value} lain"


def _filling(posko: Posko, table: type[Synced], field: str, made: dict[str, str]) -> Any:
    column = table.__table__.columns[field]
    kind = column.type.python_type
    if column.foreign_keys:
        [key] = column.foreign_keys
        return made[key.column.table.name]
    if field == "regulation":
        return posko.office.regulation
    if field in ("office_code", "region_code"):
        return posko.office.code
    if field == "village_code":
        return VILLAGE
    if field == "data":
        return "{}"
    simple: dict[type, Any] = {bool: True, int: 1, datetime: posko.now(), date: posko.today()}
    return simple.get(kind, f"isi {field}")
