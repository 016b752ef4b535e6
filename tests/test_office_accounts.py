"""Accounts that are switched off and on, and roles that change: never without an admin left."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.data.tables import AuditEntry
from posko_app.errors import InvalidInput, UserError
from posko_app.office.accounts import accounts, add_account, set_active, set_role
from tests.factory import PASSWORD


@pytest.fixture
def staffed(posko: Posko) -> Posko:
    add_account(posko, login="sari", name="Contoh Sari", role="verifier", password=PASSWORD)
    return posko


def test_a_person_is_switched_off_and_on_again(staffed: Posko) -> None:
    set_active(staffed, "sari", active=False)
    assert {row.login: row.active for row in accounts(staffed)} == {"petugas": True, "sari": False}
    staffed.close()
    with pytest.raises(UserError, match="tidak aktif"):
        open_office(staffed.folder.root, "sari", PASSWORD, clock=staffed.clock)
    admin = open_office(staffed.folder.root, "petugas", PASSWORD, clock=staffed.clock)
    set_active(admin, "sari", active=True)
    admin.close()
    open_office(staffed.folder.root, "sari", PASSWORD, clock=staffed.clock).close()


def test_a_role_changes_and_stands_in_the_audit(staffed: Posko) -> None:
    set_role(staffed, "sari", "leader", "Anggota")
    set_role(staffed, "sari", "leader")
    row = next(row for row in accounts(staffed) if row.login == "sari")
    assert (row.role, row.title) == ("leader", "Anggota")
    with staffed.store.read() as session:
        said = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "account.changed")
        ).all()
    assert [json.loads(body)["new"]["role"] for body in said] == ["leader"]


def test_nobody_locks_themselves_out(staffed: Posko) -> None:
    with pytest.raises(UserError, match="Akun Anda sendiri"):
        set_active(staffed, "petugas", active=False)
    with pytest.raises(UserError, match="Akun Anda sendiri"):
        set_role(staffed, "petugas", "verifier")
    set_role(staffed, "petugas", "admin", "Koordinator")
    with pytest.raises(InvalidInput, match="peran yang dikenal"):
        set_role(staffed, "sari", "raja")
    with pytest.raises(UserError, match="tidak ada"):
        set_active(staffed, "nihil", active=False)


def test_the_last_admin_stays(staffed: Posko) -> None:
    set_role(staffed, "sari", "admin")
    staffed.close()
    other = open_office(staffed.folder.root, "sari", PASSWORD, clock=staffed.clock)
    try:
        set_active(other, "petugas", active=False)
        add_account(other, login="budi", name="Contoh Budi", role="verifier", password=PASSWORD)
        with pytest.raises(UserError, match="Akun Anda sendiri"):
            set_role(other, "sari", "verifier")
        set_active(other, "petugas", active=True)
        set_role(other, "petugas", "leader")
    finally:
        other.close()
