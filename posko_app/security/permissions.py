"""Who may do what: one table of permissions, the roles that have them and what they allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from posko_app.errors import NotAllowed

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "receiver": "petugas penerima",
        "verifier": "verifikator",
        "leader": "pimpinan",
        "exchanger": "operator pertukaran",
        "admin": "admin kantor",
        "auditor": "auditor",
    }
)
"""Code of a role and its name on screen."""


@dataclass(frozen=True)
class Permission:
    """One thing that may or may not be done; `does` completes "tidak boleh …"."""

    name: str
    does: str
    roles: frozenset[str]


def _table(rows: Mapping[str, tuple[str, str]]) -> Mapping[str, Permission]:
    # An administrator may do everything: in a subdistrict one person is often the whole office.
    # What they do stands in the audit chain like everybody's acts.
    made = {}
    for name, (does, roles) in rows.items():
        named = set(ROLES) if roles == "*" else {"admin", *roles.split()}
        if not named <= set(ROLES):
            raise ValueError(f"unknown role in {name}: {roles}")
        made[name] = Permission(name, does, frozenset(named))
    return MappingProxyType(made)


PERMISSIONS: Mapping[str, Permission] = _table(
    {
        "case.read": ("membaca laporan dan perkara", "*"),
        "case.write": ("menerima dan mengubah laporan", "receiver verifier"),
        "case.step": ("mencatat langkah perkara", "receiver verifier leader"),
        "case.decide": ("mencatat keputusan perkara", "verifier leader"),
        "evidence.add": ("menambah bukti", "receiver verifier"),
        "evidence.read": ("membuka berkas bukti", "receiver verifier leader"),
        "identity.read": ("membuka identitas pelapor dan saksi", "receiver verifier leader"),
        "letter.draft": ("membuat konsep surat", "receiver verifier leader"),
        "letter.issue": ("menerbitkan surat bernomor", "receiver verifier leader"),
        "exchange.export": ("mengekspor data ke kantor lain", "exchanger"),
        "exchange.import": ("mengimpor data dari kantor lain", "exchanger"),
        "recap.read": ("membuat rekap", "*"),
        "prevention.read": ("membaca kegiatan pencegahan", "*"),
        "prevention.write": ("mencatat kegiatan pencegahan", "receiver verifier leader"),
        "office.read": ("membaca data kantor", "*"),
        "office.settings": ("mengubah pengaturan kantor", ""),
        "office.rules": ("mengubah aturan dan hari libur kantor", "leader"),
        "office.accounts": ("mengatur akun", ""),
        "office.verify": ("memeriksa keutuhan data", "auditor leader exchanger"),
        "office.backup": ("membuat cadangan", "exchanger leader"),
        "audit.read": ("membaca jejak audit", "auditor leader"),
        "draft.write": ("menyimpan draf", "receiver verifier leader exchanger"),
    }
)
"""Every permission by name; a use case names exactly one."""


def allowed(role: str, permission: str) -> bool:
    """Whether `role` has `permission`. Raises KeyError for a permission that does not exist."""
    return role in PERMISSIONS[permission].roles


def require(role: str, permission: str) -> None:
    """Raise NotAllowed, saying what may not be done and who may, unless `role` has it."""
    wanted = PERMISSIONS[permission]
    if role in wanted.roles:
        return
    who = [label for code, label in ROLES.items() if code in wanted.roles]
    raise NotAllowed(
        f"Peran {ROLES.get(role, role)} tidak boleh {wanted.does}. Tidak ada yang diubah. "
        f"Yang boleh: {', '.join(who)}."
    )
