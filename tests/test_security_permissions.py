"""The permission table: complete, sane, and enforced with words that help."""

from __future__ import annotations

import pytest

from posko_app.errors import NotAllowed
from posko_app.security.permissions import PERMISSIONS, ROLES, allowed, require


def test_every_role_reads_cases_and_no_permission_is_nobodys() -> None:
    assert set(ROLES) == {"receiver", "verifier", "leader", "exchanger", "admin", "auditor"}
    for role in ROLES:
        assert allowed(role, "case.read")
    for permission in PERMISSIONS.values():
        assert permission.roles
        assert permission.roles <= set(ROLES)
        assert permission.does == permission.does.strip().rstrip(".")


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("exchanger", "identity.read"),
        ("auditor", "identity.read"),
        ("exchanger", "evidence.read"),
        ("receiver", "case.decide"),
        ("receiver", "office.accounts"),
        ("leader", "exchange.import"),
        ("auditor", "case.write"),
        ("auditor", "draft.write"),
        ("nobody", "case.read"),
        ("", "office.read"),
    ],
)
def test_what_a_role_may_not_do(role: str, permission: str) -> None:
    assert not allowed(role, permission)
    with pytest.raises(NotAllowed):
        require(role, permission)


def test_the_auditor_only_looks() -> None:
    mine = {name for name in PERMISSIONS if allowed("auditor", name)}
    assert mine == {
        "case.read",
        "recap.read",
        "prevention.read",
        "office.read",
        "office.verify",
        "audit.read",
    }


def test_one_person_can_run_a_whole_office() -> None:
    for name in PERMISSIONS:
        require("admin", name)


def test_the_refusal_says_what_and_who() -> None:
    with pytest.raises(NotAllowed) as caught:
        require("exchanger", "identity.read")
    assert caught.value.code == "not_allowed"
    assert caught.value.message == (
        "Peran operator pertukaran tidak boleh membuka identitas pelapor dan saksi. "
        "Tidak ada yang diubah. "
        "Yang boleh: petugas penerima, verifikator, pimpinan, admin kantor."
    )


def test_a_permission_that_does_not_exist_is_a_bug() -> None:
    with pytest.raises(KeyError):
        allowed("admin", "case.reed")


def test_the_table_cannot_be_changed_at_run_time() -> None:
    with pytest.raises(TypeError):
        PERMISSIONS["case.read"] = PERMISSIONS["audit.read"]  # type: ignore[index]
