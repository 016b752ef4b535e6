"""Undoing imports that joined identities: found by what is known again, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.identity import find_by_identity, reveal, seal_text
from posko_app.cases.intake import file_report
from posko_app.data.tables import Identity
from posko_app.errors import UserError
from posko_app.exchange.undo import undo, undoable
from tests.factory import REPORTER, new_report
from tests.second_pc import Room

OLD = REPORTER.phone.replace(" ", "")
NEW = "081299998888"


@pytest.fixture
def room(tmp_path: Path, clock: object) -> Iterator[Room]:
    made = Room(tmp_path, clock)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def first(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan", "pc-1", stranger=True)


def call(posko: Posko, case: str, phone: str) -> None:
    """The reporter has another number, as somebody here was told."""
    with posko.write() as session:
        row = session.scalars(
            select(Identity).where(Identity.case_uid == case, Identity.witness_uid == "")
        ).one()
        row.phone = seal_text(posko, row.uid, "phone", phone)


def without_key(posko: Posko) -> None:
    posko.keys = replace(posko.keys, identity=None)


def test_somebody_is_found_by_what_is_known_again(first: Posko, room: Room) -> None:
    """What an undone import said finds nobody any more, what stood before it does."""
    second = room.joined(first)
    case = file_report(first, new_report()).uid
    room.pass_on(second, first)
    room.pass_on(first, second)
    call(second, case, NEW)
    told = room.pass_on(second, first)
    assert find_by_identity(first, phone=NEW) == (case,)
    keys = first.keys
    without_key(first)
    assert undoable(first) == frozenset()
    with pytest.raises(UserError) as refused:
        undo(first, told.uid)
    assert refused.value.code == "undo_sealed"
    first.keys = keys
    undo(first, told.uid)
    assert reveal(first, case, "mencocokkan nomor").phone == OLD
    assert find_by_identity(first, phone=NEW) == ()
    assert find_by_identity(first, phone=OLD) == (case,)


def test_a_file_whose_letter_was_opened_later_stays(first: Posko, room: Room) -> None:
    """Its identities came in with a later file of another computer, which keeps them."""
    second = room.joined(first)
    case = file_report(first, new_report()).uid
    room.pass_on(second, first)
    room.pass_on(first, second)
    third = room.joined(first, "pc-3", "ketiga")
    call(second, case, NEW)
    path, later = room.send(second), room.send(third)
    keys = first.keys
    without_key(first)
    told = room.take(first, path)
    assert told.uid in undoable(first)
    first.keys = keys
    room.take(first, later)
    assert reveal(first, case, "mencocokkan nomor").phone == NEW
    with pytest.raises(UserError) as refused:
        undo(first, told.uid)
    assert refused.value.code == "undo_changed"
