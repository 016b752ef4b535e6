"""The digest: another one for every changed field, the same one for everything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from posko_app.app import Posko
from posko_app.cases.identity import reveal, seal_text
from posko_app.cases.intake import file_report
from posko_app.data import record as records
from posko_app.data.base import synced_fields, synced_tables
from posko_app.data.outgoing import Outgoing
from posko_app.data.record import Value
from posko_app.data.tables import Case, CaseBoard, Clarification, Identity, Office, Setting, Sync
from posko_app.errors import NotAllowed, UserError
from posko_app.exchange import digest as module
from posko_app.exchange.apply import import_file
from posko_app.exchange.digest import digest
from posko_app.exchange.export import export
from posko_app.exchange.judge import NEVER_SENT
from posko_app.office.accounts import add_account
from posko_app.office.settings import change_office
from tests.every_table import one_of_each, other_value
from tests.factory import new_report


def change(posko: Posko, table: type[Any], uid: str, **values: object) -> None:
    """Write these fields of one record as a use case would."""
    with posko.write() as session:
        row = session.scalars(select(table).where(table.uid == uid)).one()
        for name, value in values.items():
            setattr(row, name, value)


def put(posko: Posko, table: type[Any], uid: str, field: str, value: object) -> None:
    """Let a field hold another value, also in records that no use case may change."""
    with posko.write(bulk=True) as session:
        session.execute(update(table).where(table.uid == uid).values({field: value}))


def exchanged(one: Posko, other: Posko, folder: Path) -> None:
    """Send everything both ways, twice: the second round carries what the first one joined."""
    folder.mkdir(exist_ok=True)
    for sender, receiver in ((one, other), (other, one)) * 2:
        for path in export(sender, receiver.office.code, folder).files:
            assert import_file(receiver, path, apply=True).verdict == "accepted"


# -- every field, and nothing else ----------------------------------------------------------------


def test_every_single_field_changes_it(posko: Posko) -> None:
    """One field after the other; nothing may lead back to a digest that was there before."""
    with posko.write() as session:
        made = one_of_each(posko, session)
    made["another case"] = file_report(posko, new_report()).uid
    first = digest(posko)
    before, known = first, {first.digest}
    changed: list[tuple[type[Any], str, str, Any]] = []
    for name, table in synced_tables().items():
        shared = name not in NEVER_SENT
        whole = None if shared else digest(posko, confidential=True)
        for field in synced_fields(table):
            with posko.store.read() as session:
                row = session.scalars(select(table).where(table.uid == made[name])).one()
                old, new = getattr(row, field), other_value(posko, row, field, made)
            put(posko, table, made[name], field, new)
            changed.append((table, made[name], field, old))
            after = digest(posko)
            assert (after.digest not in known) if shared else (after == before), (name, field)
            before = after
            known.add(after.digest)
            if whole is not None:
                after = digest(posko, confidential=True)
                assert (after != whole) == (name == "identities"), (name, field)
                whole = after
    assert len(changed) > 150
    for table, uid, field, old in changed:
        put(posko, table, uid, field, old)
    assert digest(posko) == first


def test_nothing_else_changes_it(posko: Posko) -> None:
    uid = file_report(posko, new_report()).uid
    before = digest(posko, confidential=True)
    reveal(posko, uid, "menghubungi pelapor")  # the audit chain
    change_office(posko, place="Kuala Kurun Baru")
    add_account(posko, login="baru", name="Baru Contoh", role="auditor", password="kata lain")
    with posko.write() as session:
        session.add(Setting(key="apa.saja", value="1"))
        session.execute(update(CaseBoard).values(archived=True))
        session.execute(update(Sync).values(lsn=Sync.lsn + 1000))
        office = session.scalars(select(Office)).one()
        office.lsn, office.hlc = office.lsn + 1000, office.hlc + 1000
        session.add(Clarification(case_uid=uid, role="reporter", made_at=posko.now()))
    with posko.store.read() as session:
        clarification = session.scalars(select(Clarification.uid)).one()
    counted = digest(posko, confidential=True)
    assert counted.records == before.records + 1
    change(posko, Clarification, clarification, religion="tetap di sini")  # a local column
    assert digest(posko, confidential=True) == counted


def test_the_same_value_written_again_is_no_change(posko: Posko) -> None:
    uid = file_report(posko, new_report()).uid
    before = digest(posko)
    change(posko, Case, uid, title="Lain", article="Pasal 1")
    change(posko, Case, uid, title=new_report().title, article="")
    assert digest(posko) == before


def test_an_identity_sealed_anew_is_the_same_identity(posko: Posko) -> None:
    uid = file_report(posko, new_report()).uid
    before = digest(posko, confidential=True)
    with posko.store.read() as session:
        person = session.scalars(select(Identity).where(Identity.case_uid == uid)).first()
        assert person is not None
    again = seal_text(posko, person.uid, "name", "Contoh Pelapor Satu")
    assert again != person.name
    change(posko, Identity, person.uid, name=again)
    assert digest(posko, confidential=True) == before
    change(posko, Identity, person.uid, name=seal_text(posko, person.uid, "name", "Orang Lain"))
    assert digest(posko, confidential=True) != before


def test_an_identity_that_got_spoiled_still_counts(posko: Posko) -> None:
    file_report(posko, new_report())
    before = digest(posko, confidential=True)
    with posko.store.read() as session:
        uid = session.scalars(select(Identity.uid)).first()
    change(posko, Identity, str(uid), name="bukan segel")
    assert digest(posko, confidential=True) != before
    assert digest(posko, confidential=True) == digest(posko, confidential=True)


# -- the values alone -----------------------------------------------------------------------------

values = st.one_of(st.none(), st.integers(0, 2), st.sampled_from(["", "0", "1", "a", "b\0", "ñ"]))
stamps = st.tuples(st.sampled_from(["AAAA1111", "BBBB2222"]), st.integers(1, 9))


def line_of(fields: dict[str, list[tuple[Value, tuple[str, int]]]]) -> tuple[bytes, int]:
    held = {
        name: tuple(
            sorted(
                {records.Sibling(dot, frozenset(), v, dot[1], dot[0]) for v, dot in entries},
                key=records.sibling_order,
            )
        )
        for name, entries in fields.items()
    }
    vv: dict[str, int] = {"AAAA1111": 9, "BBBB2222": 9}
    text = records.dumps(records.canonical(records.Record("cases", "u1", vv, held)))
    return module._line("cases", Outgoing("u1", "", text, {}, {}), module._as_it_is)


fields = st.dictionaries(
    st.sampled_from(["x", "y"]), st.lists(st.tuples(values, stamps), min_size=1, max_size=3)
)


@given(fields, fields)
def test_two_records_have_one_line_exactly_when_their_values_are_the_same(
    a: dict[str, list[tuple[Value, tuple[str, int]]]],
    b: dict[str, list[tuple[Value, tuple[str, int]]]],
) -> None:
    def seen(given_fields: dict[str, list[tuple[Value, tuple[str, int]]]]) -> Any:
        found = {n: {(type(v), v) for v, _ in entries} for n, entries in given_fields.items()}
        return {n: vs for n, vs in found.items() if vs != {(type(None), None)}}

    assert (line_of(a) == line_of(b)) == (seen(a) == seen(b))
    assert line_of(a)[1] == sum(len(vs) > 1 for vs in seen(a).values())


# -- between offices ------------------------------------------------------------------------------


@pytest.fixture
def pair(office: Callable[..., Posko]) -> tuple[Posko, Posko]:
    return office("kecamatan"), office("kabupaten")


def test_it_is_equal_after_exchange_in_both_directions(
    pair: tuple[Posko, Posko], tmp_path: Path
) -> None:
    below, above = pair
    mine = file_report(below, new_report(title="Pertama")).uid
    file_report(above, new_report(title="Kedua", region_code="62.10.02"))
    file_report(above, new_report(title="Di tempat lain", region_code="62.10.03"))
    with below.write() as session:
        one_of_each(below, session)
    assert digest(below).digest != digest(above, "62.10.02").digest
    exchanged(below, above, tmp_path / "a")
    assert digest(below) == digest(below, "62.10.02") == digest(above, "62.10.02")
    assert digest(above).records > digest(above, "62.10.02").records

    change(below, Case, mine, title="Judul dari bawah")
    change(above, Case, mine, title="Judul dari atas")
    exchanged(below, above, tmp_path / "b")
    assert digest(below) == digest(above, "62.10.02")
    assert digest(below).conflicts == digest(above).conflicts == 1

    change(above, Case, mine, title="Judul yang diputuskan")
    exchanged(below, above, tmp_path / "c")
    assert digest(below) == digest(above, "62.10.02")
    assert digest(above).conflicts == 0


def test_both_values_of_an_open_field_count(pair: tuple[Posko, Posko], tmp_path: Path) -> None:
    below, above = pair
    uid = file_report(below, new_report()).uid
    exchanged(below, above, tmp_path / "a")
    change(above, Case, uid, title="Dua")
    alone = digest(above).digest
    change(below, Case, uid, title="Satu")
    exchanged(below, above, tmp_path / "b")
    assert digest(above).digest != alone
    assert digest(above).conflicts == 1
    change(above, Case, uid, title="Tiga")
    assert digest(above).conflicts == 0
    change(above, Case, uid, title="Dua")
    assert digest(above).digest == alone


# -- who may --------------------------------------------------------------------------------------


def test_it_refuses_a_code_that_is_no_office(posko: Posko) -> None:
    for code in ("99", "62.10.02.1001", "kantor"):
        with pytest.raises(UserError, match="tidak dikenal"):
            digest(posko, code)


def test_identities_are_compared_by_those_who_may_read_them(posko: Posko) -> None:
    from dataclasses import replace

    posko.user = replace(posko.user, role="auditor")
    assert digest(posko).records == 0
    with pytest.raises(NotAllowed):
        digest(posko, confidential=True)
