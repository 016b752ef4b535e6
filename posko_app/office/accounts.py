"""People who may log in, and their roles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Account
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.security import keys, permissions
from posko_app.security.uid import new_uid
from posko_app.text import clean


@dataclass(frozen=True)
class AccountRow:
    """One account as lists show it."""

    login: str
    name: str
    title: str
    role: str
    active: bool


@use_case("office.read")
def accounts(posko: Posko) -> tuple[AccountRow, ...]:
    """All accounts of this office by name."""
    with posko.store.read() as session:
        rows = session.scalars(select(Account).order_by(Account.name)).all()
        return tuple(AccountRow(r.login, r.name, r.title, r.role, r.active) for r in rows)


@use_case("office.accounts")
def add_account(
    posko: Posko, *, login: str, name: str, role: str, password: str, title: str = ""
) -> None:
    """Add a person with a key slot of their own. Raises InvalidInput with every problem."""
    login = login.strip().lower()
    problems = []
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,31}", login):
        problems.append(
            Problem("login", "Nama masuk 2 sampai 32 huruf kecil atau angka, tanpa spasi.")
        )
    if any(a.login == login for a in accounts(posko)):
        problems.append(Problem("login", f"Nama masuk {login} sudah dipakai. Pilih yang lain."))
    if role not in permissions.ROLES:
        problems.append(Problem("role", "Pilih peran yang dikenal."))
    if problems:
        raise InvalidInput(problems)
    slot = False
    try:
        with posko.write() as session:
            _add_row(posko, session, login, name, title, role)
            # The slot is written last: an account without a slot cannot log in, the reverse would.
            keys.add_slot(
                posko.folder.keyfile,
                account=login,
                name=clean(name) or login,
                role=role,
                password=password,
                keys=posko.keys,
            )
            slot = True
    except BaseException:
        if slot:  # the commit failed: a slot without its account would keep the name taken
            keys.remove_slot(posko.folder.keyfile, login)
        raise


@use_case("office.accounts")
def change_account(
    posko: Posko,
    login: str,
    *,
    role: str | None = None,
    title: str | None = None,
    active: bool | None = None,
) -> None:
    """Give a person another role or title, or let them log in again or not; all or nothing.

    What is None stays. A new role holds from the next log-in; the key slot of who may not log in
    stays, so it can be taken back. Raises InvalidInput for an unknown role, UserError: unknown
    person, oneself, the last admin.
    """
    if role is not None and role not in permissions.ROLES:
        raise InvalidInput([Problem("role", "Pilih peran yang dikenal.")])
    with posko.write() as session:
        row = _account(session, login)
        if role not in (None, row.role) and row.role == "admin":
            _require_other(posko, session, row, "diganti perannya")
        if active is False and row.active:
            _require_other(posko, session, row, "dinonaktifkan")
        old = {"role": row.role, "title": row.title}
        row.role = row.role if role is None else role
        row.title = row.title if title is None else clean(title)
        new = {"role": row.role, "title": row.title}
        if new != old:
            posko.note(session, "account.changed", row.uid, login=login, old=old, new=new)
        if active not in (None, row.active):
            row.active = bool(active)
            action = "account.active" if active else "account.inactive"
            posko.note(session, action, row.uid, login=login)


def _account(session: Session, login: str) -> Account:
    row = session.scalar(select(Account).where(Account.login == login))
    if row is None:
        raise UserError(f"Akun {login} tidak ada di kantor ini. Tidak ada yang diubah.")
    return row


def _require_other(posko: Posko, session: Session, row: Account, what: str) -> None:
    """An office must keep an admin who can log in, and nobody locks themselves out by accident."""
    if row.login == posko.user.login:
        raise UserError(
            f"Akun Anda sendiri tidak dapat {what} dari sini. Minta admin lain melakukannya.",
            "own_account",
        )
    others = select(Account.login).where(
        Account.role == "admin", Account.active, Account.login != row.login
    )
    if row.role == "admin" and session.scalar(others.limit(1)) is None:
        raise UserError(
            f"{row.name} satu-satunya admin yang aktif, jadi tidak dapat {what}. "
            "Tambahkan admin lain lebih dulu.",
            "last_admin",
        )


def _add_row(posko: Posko, session: Session, login: str, name: str, title: str, role: str) -> None:
    session.add(
        Account(
            uid=new_uid(),
            login=login,
            name=clean(name) or login,
            title=clean(title),
            role=role,
            made_at=posko.now(),
        )
    )
    posko.note(session, "account.added", login=login, account_role=role)
    session.flush()
