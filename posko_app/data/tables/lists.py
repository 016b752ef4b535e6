"""What a person or this office keeps of its lists: views, columns, the archive, words to find by.

All of it is this office's own and never travels.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, Row

KEYED = {"sqlite_with_rowid": False}  # the key is all there is: no second tree for it


class SavedView(Row):
    """A list as somebody wants to see it again: filters, order and columns under a name."""

    __tablename__ = "saved_views"

    account: Mapped[str] = mapped_column(index=True)  # empty: for everybody in the office
    name: Mapped[str]
    content: Mapped[str]  # JSON: view, text, values, sort, descending, columns
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class ListLayout(Base):
    """Which columns a person sees in a list, in which order and how wide."""

    __tablename__ = "list_layouts"

    account: Mapped[str] = mapped_column(primary_key=True)
    list_name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str]  # JSON: columns, widths


class ArchivedCase(Base):
    """A finished case that this office put away from its lists."""

    __tablename__ = "archived_cases"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), primary_key=True)
    archived_by: Mapped[str]
    archived_at: Mapped[datetime]


class KnownWord(Base):
    """A word of names, titles and places by which a misspelled one is set right."""

    __tablename__ = "known_words"
    __table_args__ = KEYED

    word: Mapped[str] = mapped_column(primary_key=True)


class WordGram(Base):
    """Three letters in a row of a known word."""

    __tablename__ = "word_grams"
    __table_args__ = KEYED

    gram: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
