"""An import undone: everything as it was, the channel too, and only while nobody was told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.intake import file_report
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.cases.steps import NewStep, record_step
from posko_app.data.tables import (
    AuditEntry,
    Case,
    CaseBoard,
    Export,
    Import,
    ImportBefore,
    MatchKey,
    Office,
    ParkedRecord,
    Peer,
    Proposal,
    Sibling,
    Sync,
)
from posko_app.errors import UserError
from posko_app.exchange.apply import Choices, apply_plan
from posko_app.exchange.undo import undo, undoable
from posko_app.exchange.xlsx.guarded import Reader
from tests.edited_books import Desk, change_case, reader, state, write
from tests.factory import TODAY, new_report

__all__ = ["reader"]


@pytest.fixture
def desk(tmp_path: Path, reader: Reader) -> Desk:
    return Desk(tmp_path, reader)


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


def position(posko: Posko) -> tuple[Any, ...]:
    with posko.store.read() as session:
        peers = select(Peer.received_seq, Peer.received_lsn, Peer.received_xid, Peer.acked_lsn)
        exports = select(Export.acked_at).order_by(Export.id)
        return tuple(session.execute(peers).all()), tuple(session.scalars(exports))


def numbers(posko: Posko) -> tuple[int, int]:
    with posko.store.read() as session:
        return tuple(session.execute(select(Office.counter, Office.lsn)).one())  # type: ignore[return-value]


def test_a_first_import_is_gone_without_a_trace(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    log_activity(kec, NewActivity(kind="vulnerability", on=TODAY, title="Imbauan kepala desa"))
    path = desk.send(kec, "62.10")
    uid = desk.take(kab, path).uid
    assert undoable(kab) == {uid}
    counter, lsn = numbers(kab)
    done = undo(kab, uid)
    assert (done.restored, done.removed) == (0, 6)
    assert state(kab) == {}
    assert numbers(kab)[0] == counter
    assert numbers(kab)[1] >= lsn, "numbers never go back"
    with kab.store.read() as session:
        for table in (Case, CaseBoard, MatchKey, Sync, Sibling, ImportBefore, Proposal):
            assert session.scalar(select(func.count()).select_from(table)) == 0, table
        row = session.scalars(select(Import)).one()
        assert (row.undone_by, row.undone_at is None) == ("petugas", False)
        assert session.scalars(
            select(AuditEntry.entity_uid).where(AuditEntry.action == "import.undone")
        ).one() == uid  # fmt: skip
        assert session.execute(select(Peer.received_seq, Peer.received_lsn)).one() == (0, 0)
    assert undoable(kab) == frozenset()
    assert desk.take(kab, path).new == 6, "it can be taken in again"
    assert state(kab) == state(kec)
    with kab.store.read() as session:
        assert session.scalars(select(Peer.received_seq)).one() == 1


def test_an_update_goes_back_with_its_stamps_and_the_channel_too(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    uid = file_report(kec, new_report()).uid
    desk.take(kab, desk.send(kec, "62.10"))
    change_case(kab, title="Judul kabupaten")
    desk.send(kab, "62.10.02")
    before, where = state(kab), position(kab)
    with kab.store.read() as session:
        lsn = session.scalars(select(Sync.lsn).where(Sync.uid == uid)).one()
    change_case(kec, title="Judul kecamatan", article="Pasal 71")
    record_step(kec, uid, NewStep(kind="reviewed", on=TODAY, outcome="complete"))
    done = desk.take(kab, desk.send(kec, "62.10"))
    assert (done.new, done.conflicts) == (1, 1)
    assert state(kab) != before
    counter, _ = numbers(kab)
    assert (undo(kab, done.uid).restored, numbers(kab)[0]) == (1, counter)
    assert state(kab) == before
    assert position(kab) == where
    with kab.store.read() as session:
        assert [row.title for row in session.scalars(select(CaseBoard))] == ["Judul kabupaten"]
        assert session.scalars(select(Sync.lsn).where(Sync.uid == uid)).one() > lsn, "sent anew"
        assert board.board_problems(kab, session) == []
        assert session.scalars(select(Sibling)).all() == []
    desk.take(kab, desk.send(kec, "62.10"))
    desk.take(kec, desk.send(kab, "62.10.02"))
    assert state(kec) == state(kab)


def test_a_confirmation_goes_back_too(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    desk.take(kab, desk.send(kec, "62.10"))
    before = position(kec)
    uid = desk.take(kec, desk.send(kab, "62.10.02")).uid
    with kec.store.read() as session:
        assert session.scalars(select(Export.acked_at)).one() is not None
    undo(kec, uid)
    (peer,), exports = position(kec)
    assert (tuple(peer), exports, before[1]) == ((0, 0, "", 0), (None,), (None,))


def test_choices_and_hand_edits_are_undone_and_asked_again(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    desk.take(kab, desk.send(kec, "62.10"))
    uid = change_case(kab, title="Judul kabupaten")
    change_case(kec, title="Judul kecamatan")
    before = state(kab)
    path = desk.edited(
        desk.send(kec, "62.10"), lambda b: write(b["Bukti"], 2, "Uraian bukti", "Foto baliho")
    )
    plan = desk.look(kab, path)
    choices = Choices(
        fields={(uid, "title"): "Judul kecamatan"},
        accepted=frozenset(e.fingerprint for e in plan.edits),
    )
    done = apply_plan(kab, plan, choices)
    assert (done.conflicts, done.updated, done.decided) == (0, 1, 1)
    with kab.store.read() as session:
        assert session.scalars(select(Case.title)).one() == "Judul kecamatan"
    assert undo(kab, done.uid).restored == 2
    assert state(kab) == before
    assert len(desk.look(kab, path).edits) == 1, "the question is open again"


def test_what_waited_waits_again(kec: Posko, kab: Posko, desk: Desk) -> None:
    from tests.test_exchange_import import resigned, table_of

    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    cases: list[list[str]] = []

    def children(rows: list[list[str]]) -> None:
        cases.extend(row for row in rows if table_of(row) == "cases")
        rows[:] = [row for row in rows if table_of(row) != "cases"]

    def parent(rows: list[list[str]]) -> None:
        rows[:] = cases

    desk.take(kab, resigned(path, desk.folder / "anak.xlsx", kec, children))
    with kab.store.read() as session:
        waiting = set(session.scalars(select(ParkedRecord.uid)))
    second = resigned(path, desk.folder / "induk.xlsx", kec, parent, seq=2, xid="dua")
    uid = desk.take(kab, second).uid
    assert state(kab) == state(kec)
    undo(kab, uid)
    assert state(kab) == {}
    with kab.store.read() as session:
        assert set(session.scalars(select(ParkedRecord.uid))) == waiting
    desk.take(kab, second)
    assert state(kab) == state(kec)


def refused(posko: Posko, uid: str) -> str:
    before = state(posko)
    assert uid not in undoable(posko)
    with pytest.raises(UserError) as error:
        undo(posko, uid)
    assert state(posko) == before
    assert "Tidak ada yang diubah" in error.value.message
    return error.value.code


def test_it_is_refused_once_something_moved_or_left(kec: Posko, kab: Posko, desk: Desk) -> None:
    uid = file_report(kec, new_report()).uid
    first = desk.take(kab, desk.send(kec, "62.10")).uid
    assert refused(kab, "tidak-ada") == "undo_no_import"
    change_case(kec, article="Pasal 71")
    second = desk.take(kab, desk.send(kec, "62.10")).uid
    assert refused(kab, first) == "undo_newer"
    undo(kab, second)
    assert refused(kab, second) == "undo_undone"
    third = desk.take(kab, desk.send(kec, "62.10")).uid
    change_case(kab, title="Diubah sesudahnya")
    assert refused(kab, third) == "undo_changed"
    change_case(kec, event_place="Balai desa")
    fourth = desk.take(kab, desk.send(kec, "62.10")).uid
    record_step(kab, uid, NewStep(kind="reviewed", on=TODAY, outcome="complete"))
    desk.send(kab, "62")
    assert refused(kab, fourth) == "undo_left"


def test_a_case_that_was_worked_on_stays(kec: Posko, kab: Posko, desk: Desk) -> None:
    uid = file_report(kec, new_report()).uid
    first = desk.take(kab, desk.send(kec, "62.10")).uid
    record_step(kab, uid, NewStep(kind="reviewed", on=TODAY, outcome="complete"))
    assert refused(kab, first) == "undo_changed"


def test_a_file_of_which_something_was_left_out_comes_again(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    wanted = file_report(kec, new_report()).uid
    other = file_report(kec, new_report(title="Belum dulu")).uid
    path = desk.send(kec, "62.10")
    plan = desk.look(kab, path)
    done = apply_plan(kab, plan, Choices(left_out=frozenset({other})))
    assert (done.new, done.left_out) == (5, 5)
    with kab.store.read() as session:
        assert session.scalars(select(Case.uid)).all() == [wanted]
        assert session.scalars(select(Peer.received_seq)).one() == 0
    assert desk.take(kab, path).new == 5
    assert state(kab) == state(kec)
    with kab.store.read() as session:
        assert session.scalars(select(Peer.received_seq)).one() == 1
