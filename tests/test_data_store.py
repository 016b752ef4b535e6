"""The store on both engines: transactions, versions, search, the audit chain, refusals."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from posko_app.data import audit, record, versions
from posko_app.data.base import synced_fields, synced_tables
from posko_app.data.carried import lift_carried
from posko_app.data.search import matching, remember
from posko_app.data.store import Store, open_store
from posko_app.data.tables import (
    AuditEntry,
    Case,
    CaseBoard,
    Event,
    Office,
    Sibling,
    Sync,
    Witness,
)
from posko_app.errors import UserError
from posko_app.security import chain
from tests import postgres

NOW = datetime(2024, 10, 15, 2, 0, tzinfo=UTC)
KEY = bytes(range(32))
names = itertools.count()


@pytest.fixture(scope="session")
def pg_address() -> Iterator[str]:
    reason = postgres.missing()
    if reason:
        pytest.skip(f"PostgreSQL is not tested: {reason}")
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a store of each engine lies."""
    if request.param == "sqlite":
        return tmp_path / "posko.db"
    address: str = request.getfixturevalue("pg_address")
    return postgres.new_database(address, f"t{next(names)}")


@pytest.fixture
def store(target: Path | str) -> Iterator[Store]:
    opened = open_store(target, KEY, lambda: NOW)
    with opened.write() as session:
        session.add(_office())
    yield opened
    opened.close()


def _office() -> Office:
    return Office(
        id=1,
        level="kabupaten",
        region_code="62.10",
        name="Kantor Contoh",
        device_id="DEV00001",
        device_private=b"p",
        device_public=b"q",
        made_at=NOW,
    )


def _case(**values: object) -> Case:
    return Case(
        **{
            "office_code": "62.10",
            "kind": "report",
            "regulation": "pilkada-2024",
            "title": "Judul",
            "received_at": NOW,
            "filed_on": date(2024, 10, 15),
            **values,
        }
    )


def test_values_come_back_the_same(store: Store) -> None:
    with store.write() as session:
        session.add(_case(known_on=date(2024, 2, 29), reporter_named=True))
    with store.read() as session:
        case = session.scalars(select(Case)).one()
        assert case.received_at == NOW
        assert case.received_at.tzinfo is not None
        assert case.known_on == date(2024, 2, 29)
        assert case.reporter_named is True
        assert case.by_proxy is False
        assert len(case.uid) == 36


def test_listeners_hear_of_commits_and_never_of_rollbacks(store: Store) -> None:
    heard: list[frozenset[str]] = []
    store.listeners.append(heard.append)
    with pytest.raises(ZeroDivisionError):
        _add_and_fail(store)
    assert heard == []
    with store.read() as session:
        assert session.scalars(select(Case)).all() == []
    with store.write() as session:
        session.add(_case())
    assert "cases" in heard[0]


def _add_and_fail(store: Store) -> None:
    with store.write() as session:
        session.add(_case())
        session.flush()
        _ = 1 // 0


def test_a_read_session_may_not_write(store: Store) -> None:
    with pytest.raises(AssertionError, match="written"), store.read() as session:
        session.add(_case())


@pytest.mark.parametrize(
    "statement",
    [
        update(Case).values(title="x"),
        delete(Case),
        insert(Case).values(uid="x"),
        update(Case.__table__).values(title="x"),
    ],
)
def test_statements_on_synced_tables_are_refused(store: Store, statement: object) -> None:
    with pytest.raises(AssertionError, match="synced"), store.write() as session:
        session.execute(statement)  # type: ignore[call-overload]


def test_the_old_bulk_calls_are_refused(store: Store) -> None:
    for name in ("bulk_insert_mappings", "bulk_update_mappings", "bulk_save_objects"):
        with pytest.raises(AssertionError, match="stamped"), store.write(bulk=True) as session:
            getattr(session, name)(Case, [{"uid": "x"}])


def test_a_record_is_never_deleted(store: Store) -> None:
    with store.write() as session:
        session.add(_case())
    with pytest.raises(AssertionError, match="voided"), store.write() as session:
        session.delete(session.scalars(select(Case)).one())


def _records(store: Store) -> dict[str, record.Record]:
    with store.read() as session:
        return {r.uid: r for r in versions.load_records(session)}


def test_creating_stamps_every_field_with_one_write(store: Store) -> None:
    with store.write("petugas") as session:
        session.add(_case(uid="c1"))
    made = _records(store)["c1"]
    assert made.vv == {"DEV00001": 1}
    assert {s.dot for sibs in made.fields.values() for s in sibs} == {("DEV00001", 1)}
    assert made.fields["title"][0].value == "Judul"
    assert made.fields["title"][0].actor == "petugas"
    assert "known_on" not in made.fields  # never written
    columns = Case.__table__.c
    fields = {f for f in synced_fields(Case) if not columns[f].nullable}
    assert set(made.fields) == fields


def test_changing_stamps_only_what_changed(store: Store) -> None:
    with store.write() as session:
        session.add(_case(uid="c1"))
    with store.write() as session:
        case = session.scalars(select(Case)).one()
        case.title = "Judul baru"
        case.known_on = date(2024, 10, 14)
        case.article = case.article
    made = _records(store)["c1"]
    assert made.vv == {"DEV00001": 2}
    assert made.fields["title"][0].dot == ("DEV00001", 2)
    assert made.fields["title"][0].overwrote == {("DEV00001", 1)}
    assert made.fields["known_on"][0] == record.Sibling(
        ("DEV00001", 2), frozenset(), "2024-10-14", made.fields["title"][0].hlc, ""
    )
    assert made.fields["article"][0].dot == ("DEV00001", 1)


def test_an_untouched_record_gets_no_version(store: Store) -> None:
    with store.write() as session:
        session.add(_case(uid="c1"))
    before = _records(store)
    with store.write() as session:
        session.scalars(select(Case)).one().title = "Judul"
    assert _records(store) == before
    with store.read() as session:
        assert session.scalars(select(Office)).one().counter == 1


def test_capture_equals_the_pure_write(store: Store) -> None:
    """The stored version is what `record.write` makes of the same history."""
    with store.write("a") as session:
        session.add(_case(uid="c1"))
    with store.write("b") as session:
        session.scalars(select(Case)).one().title = "Dua"
    got = _records(store)["c1"]
    with store.read() as session:
        values = versions.row_values(session.scalars(select(Case)).one())
    first, second = got.fields["number"][0].hlc, got.fields["title"][0].hlc
    want = record.write(
        None, "cases", "c1", {**values, "title": "Judul"}, ("DEV00001", 1), first, "a"
    )
    want = record.write(want, "cases", "c1", {"title": "Dua"}, ("DEV00001", 2), second, "b")
    assert got == want
    assert second > first


def test_joined_records_are_stored_with_their_own_stamps(store: Store) -> None:
    other = record.write(
        None,
        "cases",
        "c9",
        {**_values(), "title": "Dari sana"},
        ("OTHER001", 7),
        5,
        "x",
    )
    with store.write(bulk=True) as session:
        stamper = versions.Stamper.take(session, "y", lambda: NOW)
        versions.store_records(session, [other], stamper, known=())
    assert _records(store)["c9"] == other


def test_two_values_stand_in_siblings_until_a_person_writes(store: Store) -> None:
    base = record.write(None, "cases", "c9", _values(), ("A0000001", 1), 1, "")
    mine = record.write(base, "cases", "c9", {"title": "Kita"}, ("A0000001", 2), 2, "")
    theirs = record.write(base, "cases", "c9", {"title": "Mereka"}, ("B0000001", 1), 3, "")
    both = record.Record(
        "cases",
        "c9",
        {"A0000001": 2, "B0000001": 1},
        {**mine.fields, "title": (*mine.fields["title"], *theirs.fields["title"])},
    )
    with store.write(bulk=True) as session:
        stamper = versions.Stamper.take(session, "", lambda: NOW)
        versions.store_records(session, [both], stamper, known=())
    assert record.conflicts(_records(store)["c9"]) == ("title",)
    with store.write() as session:
        assert session.scalars(select(Case)).one().title == "Kita"  # smallest write
        assert len(session.scalars(select(Sibling)).all()) == 2
        session.scalars(select(Case)).one().title = "Diputuskan"
    decided = _records(store)["c9"]
    assert record.conflicts(decided) == ()
    assert decided.fields["title"][0].overwrote == {("A0000001", 2), ("B0000001", 1)}
    with store.read() as session:
        assert session.scalars(select(Sibling)).all() == []


def test_fields_of_a_later_program_travel_on(store: Store) -> None:
    values = {**_values(), "masa_depan": "nilai"}
    later = record.write(None, "cases", "c9", values, ("A0000001", 1), 1, "")
    with store.write(bulk=True) as session:
        stamper = versions.Stamper.take(session, "", lambda: NOW)
        versions.store_records(session, [later], stamper, known=())
    with store.write() as session:
        session.scalars(select(Case)).one().title = "Baru"
    assert _records(store)["c9"].fields["masa_depan"][0].value == "nilai"


def test_a_value_its_column_cannot_hold_is_refused(store: Store) -> None:
    odd = record.write(None, "cases", "c9", {**_values(), "filed_on": "kemarin"}, ("A", 1), 1, "")
    with pytest.raises(ValueError, match="kemarin"):
        _store(store, odd)
    assert _records(store) == {}


def _store(store: Store, joined: record.Record) -> None:
    with store.write(bulk=True) as session:
        stamper = versions.Stamper.take(session, "", lambda: NOW)
        versions.store_records(session, [joined], stamper, known=())


def _values() -> dict[str, record.Value]:
    row = _case()
    versions._fill_defaults(row)
    return {f: v for f, v in versions.row_values(row).items() if v is not None}


def test_children_name_a_case_that_exists(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as session:
        session.add(Witness(case_uid="nobody", alias="Saksi 1"))


def test_sync_knows_the_case_of_each_record(store: Store) -> None:
    with store.write() as session:
        session.add(_case(uid="c1"))
        session.flush()
        session.add(
            Event(
                uid="e1",
                case_uid="c1",
                kind="filed",
                on=date(2024, 10, 15),
                office_code="62.10",
                made_at=NOW,
            )
        )
    with store.read() as session:
        assert set(session.execute(select(Sync.uid, Sync.case_uid))) == {
            ("c1", "c1"),
            ("e1", "c1"),
        }


def test_parents_come_before_children() -> None:
    order = list(synced_tables())
    assert order.index("cases") < min(
        order.index(t) for t in ("events", "evidence", "identities", "letters", "witnesses")
    )


def _board(case_uid: str, words: str) -> CaseBoard:
    texts = dict.fromkeys(
        (
            "office_code",
            "kind",
            "number",
            "register_number",
            "regulation",
            "stage_label",
            "title",
            "theme",
            "party",
            "region_code",
            "officer",
            "stage",
            "next_step",
            "view",
            "due_rule",
        ),
        "",
    )
    return CaseBoard(
        case_uid=case_uid,
        filed_on=date(2024, 1, 1),
        sort_on=date(2024, 1, 1),
        conflicts=0,
        last_at=NOW,
        search_text=words,
        **texts,
    )


def test_search_finds_words_and_beginnings(store: Store) -> None:
    with store.write() as session:
        for uid, words in (
            ("c1", "guru membagikan stiker"),
            ("c2", "camat hadir 198604122010011012"),
        ):
            session.add(_case(uid=uid))
            session.flush()
            session.add(_board(uid, words))

    def found(query: str) -> list[str]:
        with store.read() as session:
            return sorted(
                session.scalars(select(CaseBoard.case_uid).where(matching(session, query)))
            )

    assert found("stik") == ["c1"]
    assert found("MEMBAGIKAN guru") == ["c1"]
    assert found("1986041220") == ["c2"]
    assert found("guru camat") == []
    assert found("") == ["c1", "c2"]
    assert found('"*) OR (') == found("or")
    with store.write() as session:
        session.scalars(select(CaseBoard).where(CaseBoard.case_uid == "c1")).one().search_text = "x"
    assert found("stiker") == []


def test_search_sets_misspelled_words_right(store: Store) -> None:
    with store.write() as session:
        for uid, words in (("c1", "bahrudin rekan"), ("c2", "bahrudin contoh"), ("c3", "sulaiman")):
            session.add(_case(uid=uid))
            session.flush()
            session.add(_board(uid, words))
            remember(session, set(words.split()))
        remember(session, {"bahrudin"})

    def found(query: str) -> list[str]:
        with store.read() as session:
            return sorted(
                session.scalars(select(CaseBoard.case_uid).where(matching(session, query)))
            )

    assert found("Bahrodin") == ["c1", "c2"]
    assert found("bahrodin rekn") == ["c1"]
    assert found("suleman") == ["c3"]
    assert found("bhrud") == ["c1", "c2"], "unfinished and misspelled"
    assert found("zzzzz") == []


def _append(store: Store, action: str) -> None:
    with store.write() as session:
        audit.append(session, at=NOW, account="a", action=action, entity_uid="", detail={})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET body = '{}' WHERE n = 1",
        "DELETE FROM audit WHERE n = 2",
        "INSERT INTO audit SELECT 9, at, account, action, entity_uid, body, prev, hash "
        "FROM audit WHERE n = 1",
    ],
)
def test_the_audit_chain_is_append_only(store: Store, statement: str) -> None:
    _append(store, "one")
    _append(store, "two")
    with pytest.raises(DBAPIError, match="append-only"), store.write() as session:
        session.execute(text(statement))
    with store.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.n)).all()
        assert [r.n for r in rows] == [1, 2]
        assert rows[1].prev == rows[0].hash
        assert audit.head(session) == (2, rows[1].hash)


def test_a_link_holds_in_whatever_zone_its_moment_was_given(store: Store) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=7)))
    with store.write() as session:
        audit.append(session, at=there, account="a", action="x", entity_uid="", detail={})
    with store.read() as session:
        links = [
            chain.Entry(r.n, r.at.isoformat(), r.body, r.prev, r.hash)
            for r in session.scalars(select(AuditEntry))
        ]
    assert chain.verify(links) is None


def test_many_writers_make_one_chain(store: Store) -> None:
    """On a server several people save at the same moment; every act gets its link."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: _append(store, f"act {n}"), range(40)))
    with store.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.n)).all()
    assert [r.n for r in rows] == list(range(1, 41))
    assert {r.action for r in rows} == {f"act {n}" for n in range(40)}


def test_a_server_that_is_away_is_a_sentence() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(UserError) as caught:
        open_store("postgresql+psycopg://nobody@127.0.0.1:1/posko", None, lambda: NOW)
    assert caught.value.code == "server_unreachable"


def test_reopening_keeps_everything(target: Path | str) -> None:
    first = open_store(target, KEY, lambda: NOW)
    with first.write() as session:
        session.add(_office())
        session.flush()
        session.add(_case(uid="c1"))
    first.close()
    again = open_store(target, KEY, lambda: NOW)
    assert set(_records(again)) == {"c1"}
    again.close()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda p: p.write_bytes(b"bukan basis data" * 400), "not_posko_data"),
        (lambda p: p.write_bytes(p.read_bytes()[:3000]), "not_posko_data"),
    ],
)
def test_a_foreign_or_cut_file_is_refused_in_a_sentence(
    tmp_path: Path, spoil: Callable[[Path], object], code: str
) -> None:
    path = tmp_path / "posko.db"
    open_store(path, KEY, lambda: NOW).close()
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(UserError) as caught:
        open_store(path, KEY, lambda: NOW)
    assert caught.value.code == code
    assert path.read_bytes() == before


def test_a_wrong_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "posko.db"
    open_store(path, KEY, lambda: NOW).close()
    with pytest.raises(UserError) as caught:
        open_store(path, bytes(32), lambda: NOW)
    assert caught.value.code == "not_posko_data"


def test_nothing_readable_lies_on_disk(tmp_path: Path) -> None:
    store = open_store(tmp_path / "posko.db", KEY, lambda: NOW)
    with store.write() as session:
        session.add(_office())
        session.flush()
        session.add(_case(title="KalimatYangMudahDicari"))
    for path in tmp_path.iterdir():
        assert b"KalimatYangMudahDicari" not in path.read_bytes()
        assert b"SQLite format" not in path.read_bytes()
    store.close()


def test_a_carried_value_gets_its_column_when_there_is_one(store: Store) -> None:
    """What a later program sent stands in the row after the upgrade, with its own stamp."""
    base = record.write(None, "cases", "c9", _values(), ("A0000001", 1), 1, "")
    unstamped = record.write(base, "cases", "c9", {"organisation": "Warga"}, ("B0000001", 1), 2, "")
    mine = record.write(base, "cases", "c9", {"info_source": "Kita"}, ("A0000001", 2), 3, "")
    other = record.write(base, "cases", "c9", {"info_source": "Lain"}, ("C0000001", 1), 3, "")
    later = record.Record(
        "cases",
        "c9",
        {"A0000001": 2, "B0000001": 1, "C0000001": 1},
        {
            **unstamped.fields,
            "info_source": (*mine.fields["info_source"], *other.fields["info_source"]),
        },
    )
    _store(store, later)
    with store.write(bulk=True) as session:  # as a program would keep it that has no such columns
        sync = session.get_one(Sync, "c9")
        kept = record.loads(sync.version)
        kept["f"] = {"organisation": "Warga"}
        sync.version = record.dumps(kept)
        session.execute(update(Case).values(organisation=None, info_source=None))
    assert _records(store)["c9"] == later, "read as it came, before and after"
    with store.write(bulk=True) as session:
        assert lift_carried(session) == 1
        assert session.execute(select(Case.organisation, Case.info_source)).one() == (
            "Warga",
            "Kita",
        )
    assert _records(store)["c9"] == later
    with store.write() as session:
        session.scalars(select(Case)).one().title = "Baru"
    assert _records(store)["c9"].fields["organisation"] == later.fields["organisation"]
