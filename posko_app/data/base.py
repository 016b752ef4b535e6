"""The declarative base every table is built on, and the short list of column types.

Both engines give the same Python value for each type: `str`, `int`, `bool`, `date`, an aware UTC
`datetime` and `bytes`. JSON is kept as text, because its canonical bytes are hashed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from posko_app.security.uid import new_uid

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment: always an aware UTC datetime in Python, whatever the engine stores."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a column of this type holds in Python."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# SQLite hands out row ids only for a column declared exactly INTEGER PRIMARY KEY.
LocalKey = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """All tables, with named constraints from the first day."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        int: BigInteger,
        bool: Boolean,
        date: Date,
        datetime: Instant,
        bytes: LargeBinary,
    }


class Row(Base):
    """A row with a local key that never leaves and a `uid` that travels."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True, sort_order=-2)
    uid: Mapped[str] = mapped_column(unique=True, default=new_uid, sort_order=-1)


class Synced(Row):
    """A record that offices exchange; the store captures a version of every write to it.

    Columns marked `info={"local": True}` stay in this office.
    """

    __abstract__ = True


@cache
def synced_tables() -> dict[str, type[Synced]]:
    """Every synced table by name, parents before children."""
    classes = {c.__tablename__: c for c in _leaves(Synced)}
    # str(): SQLAlchemy's table names are a subclass of it, which is not plain JSON text
    names = (str(table.name) for table in Base.metadata.sorted_tables)
    return {name: classes[name] for name in names if name in classes}


@cache
def synced_fields(table: type[Synced]) -> tuple[str, ...]:
    """The columns of a synced table that travel, in table order."""
    return tuple(
        c.key
        for c in table.__table__.columns
        if c.key not in ("id", "uid") and not c.info.get("local")
    )


def _leaves(cls: type[Synced]) -> list[type[Synced]]:
    found: list[type[Synced]] = []
    for sub in cls.__subclasses__():
        if "__tablename__" in sub.__dict__:
            found.append(sub)
        found += _leaves(sub)
    return found
