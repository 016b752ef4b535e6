"""Accounts that are switched off and on, and roles that change: never without an admin left."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.data.tables import AuditEntry
from posko_app.errors import InvalidInput, UserError
from posko_app.office.accounts import accounts, add_account, change_account
from tests.factory import PASSWORD


@pytest.fixture
def staffed(posko: Posko) -> Posko:
    add_account(posko, login="sari", name="Contoh Sari", role="verifier", password=PASSWORD)
    return posko


def test_a_person_is_switched_off_and_on_again(staffed: Posko) -> None:
    change_account(staffed, "sari", active=False)
    assert {row.login: row.active for row in accounts(staffed)} == {"petugas": True, "sari": False}
    staffed.close()
    with pytest.raises(UserError, match="tidak aktif"):
        open_office(staffed.folder.root, "sari", PASSWORD, clock=staffed.clock)
    admin = open_office(staffed.folder.root, "petugas", PASSWORD, clock=staffed.clock)
    change_account(admin, "sari", active=True)
    admin.close()
    open_office(staffed.folder.root, "sari", PASSWORD, clock=staffed.clock).close()


def test_a_role_changes_and_stands_in_the_audit(staffed: Posko) -> None:
    change_account(staffed, "sari", role="leader", title="Anggota")
    change_account(staffed, "sari", role="leader")
    row = next(row for row in accounts(staffed) if row.login == "sari")
    assert (row.role, row.title) == ("leader", "Anggota")
    with staffed.store.read() as session:
        said = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "account.changed")
        ).all()
    assert [json.loads(body)["new"]["role"] for body in said] == ["leader"]


def test_nobody_locks_themselves_out(staffed: Posko) -> None:
    with pytest.raises(UserError, match="Akun Anda sendiri"):
        change_account(staffed, "petugas", active=False)
    with pytest.raises(UserError, match="Akun Anda sendiri"):
        change_account(staffed, "petugas", role="verifier")
    change_account(staffed, "petugas", role="admin", title="Koordinator")
    with pytest.raises(InvalidInput, match="peran yang dikenal"):
        change_account(staffed, "sari", role="raja")
    with pytest.raises(UserError, match="tidak ada"):
        change_account(staffed, "nihil", active=False)


def test_the_last_admin_stays(staffed: Posko) -> None:
    change_account(staffed, "sari", role="admin")
    staffed.close()
    other = open_office(staffed.folder.root, "sari", PASSWORD, clock=staffed.clock)
    try:
        change_account(other, "petugas", active=False)
        add_account(other, login="budi", name="Contoh Budi", role="verifier", password=PASSWORD)
        with pytest.raises(UserError, match="Akun Anda sendiri"):
            change_account(other, "sari", role="verifier")
        change_account(other, "petugas", active=True)
        change_account(other, "petugas", role="leader")
    finally:
        other.close()


def test_a_refused_change_changes_nothing(staffed: Posko) -> None:
    before = accounts(staffed)
    with pytest.raises(UserError):
        change_account(staffed, "petugas", title="Lain", active=False)
    assert accounts(staffed) == before
