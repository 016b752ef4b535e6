"""The keys of an office, one password slot per account around them, and the wait after wrong tries.

`kunci.json` is laid out in `keyfile`. The office's keys are random and never change with a
password; a slot wraps them for one person. The count of wrong tries stands in the same file, so
whoever can replace that file can reset it: what stops them is the cost of Argon2id.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from posko_app.errors import InvalidInput, Problem, UserError

from . import keyfile, slots, tries
from .cipher import new_key
from .permissions import allowed
from .slots import Cost, KeySet
from .uid import new_uid

__all__ = [
    "Cost",
    "KeySet",
    "OfficeCard",
    "SlotRow",
    "accounts",
    "add_slot",
    "change_password",
    "check_password",
    "create_keyfile",
    "describe_office",
    "drop_identity",
    "new_keys",
    "office_card",
    "remove_slot",
    "renew_slot",
    "unlock",
]

MIN_PASSWORD, MIN_PRACTICE_PASSWORD = 12, 4  # characters


@dataclass(frozen=True)
class OfficeCard:
    """What may be known of an office before anyone logs in."""

    level: str
    code: str  # Kemendagri
    name: str
    practice: bool


@dataclass(frozen=True)
class SlotRow:
    """An account the log-in page may offer."""

    account: str
    name: str
    role: str
    holds_identity: bool


def new_keys() -> KeySet:
    """Fresh random keys for a new office."""
    return KeySet(new_key(), new_key())


def create_keyfile(
    path: Path,
    *,
    account: str,
    name: str,
    role: str,
    password: str,
    keys: KeySet,
    office: Mapping[str, str],
    practice: bool,
    cost: Cost | None = None,
) -> None:
    """Write the key file of a new office with the slot of its first account.

    `office` has `level`, `code` and `name`. `cost` defaults to STANDARD, in practice offices to
    PRACTICE. Raises InvalidInput for a password that is too short, UserError when the file exists
    or cannot be written.
    """
    check_password(password, practice=practice)
    content: dict[str, Any] = {
        "format": keyfile.FORMAT,
        "version": keyfile.VERSION,
        "id": new_uid(),
        "practice": practice,
        "office": {key: office[key] for key in ("level", "code", "name")},
        "slots": [],
    }
    if path.exists():
        raise UserError(
            f"Di folder {path.parent} sudah ada kantor. Tidak ada yang diubah. "
            "Pilih folder lain atau buka kantor itu.",
            "office_exists",
        )
    cost = cost or slots.default_cost(content)
    content["slots"].append(_slot(content, account, name, role, password, keys, cost))
    try:
        keyfile.write(path, content)
    except OSError as error:
        raise keyfile.not_writable(path) from error


def office_card(path: Path) -> OfficeCard:
    """The office a key file belongs to. Raises UserError: missing, damaged, newer."""
    content = keyfile.read(path)
    office = content["office"]
    return OfficeCard(office["level"], office["code"], office["name"], content["practice"])


def accounts(path: Path) -> tuple[SlotRow, ...]:
    """Who can log in, in order of creation. Raises UserError: missing, damaged, newer."""
    return tuple(
        SlotRow(slot["account"], slot["name"], slot["role"], "identity" in slot["keys"])
        for slot in keyfile.read(path)["slots"]
        if slot["kind"] == "password"
    )


def unlock(path: Path, account: str, password: str, now: datetime) -> KeySet:
    """Open the keys with an account's password; `now` is the instant of the try, in UTC.

    Raises UserError `wrong_password`, `locked_out` (after five wrong tries: 1 minute, then 2, 4, 8,
    at most 15), `unknown_account`, and those of a missing or damaged file.
    """
    content = keyfile.read(path)
    slot = _known_slot(content, account)
    if rest := tries.left(slot, now):
        if tries.clock_went_back(slot, now):
            # Else a PC whose clock was once years ahead would keep its owner out for years.
            _update(path, account, {"wait_until": (now + rest).isoformat()})
        raise tries.locked_out(rest)
    try:
        keys = slots.open_slot(path, content, slot, password)
    except slots.WrongPassword:
        raise _failed(path, account, now) from None
    if slot["failures"] or slot["wait_until"]:
        _update(path, account, {"failures": 0, "wait_until": ""})
    return keys


def add_slot(
    path: Path, *, account: str, name: str, role: str, password: str, keys: KeySet
) -> None:
    """Let one more account open the office.

    Raises InvalidInput for a short password, UserError when the account has a slot already, or when
    `role` may read identities and `keys` lacks that key.
    """

    def edit(content: dict[str, Any]) -> None:
        if keyfile.slot_of(content, account) is not None:
            raise UserError(
                f"Akun {account} sudah punya kunci. Tidak ada yang diubah. Pilih nama masuk lain.",
                "account_exists",
            )
        content["slots"].append(slot)

    content = keyfile.read(path)
    check_password(password, practice=content["practice"])
    slot = _slot(content, account, name, role, password, keys, slots.default_cost(content))
    keyfile.change(path, edit)


def renew_slot(
    path: Path, *, account: str, name: str, role: str, password: str, keys: KeySet
) -> None:
    """Give an account a new password without the old one, or another role: its slot is made anew.

    Raises as `add_slot`, and UserError `unknown_account` or `last_holder`.
    """

    def edit(content: dict[str, Any]) -> None:
        _known_slot(content, account)
        content["slots"] = [slot if _is_of(old, account) else old for old in content["slots"]]
        _require_holder(content, account)

    content = keyfile.read(path)
    check_password(password, practice=content["practice"])
    slot = _slot(content, account, name, role, password, keys, slots.default_cost(content))
    keyfile.change(path, edit)


def change_password(path: Path, account: str, old: str, new: str, now: datetime) -> None:
    """Replace an account's password. Raises as `unlock`, and InvalidInput for a short new one."""
    content = keyfile.read(path)
    check_password(new, practice=content["practice"])
    keys = unlock(path, account, old, now)
    cost = slots.stronger(slots.cost_of(_known_slot(content, account)), slots.default_cost(content))
    made = slots.wrap(content, account, new, keys, cost)

    def edit(newest: dict[str, Any]) -> None:
        _known_slot(newest, account).update(made)

    keyfile.change(path, edit)


def remove_slot(path: Path, account: str) -> None:
    """Take away an account's way in.

    Who knew the keys still knows them. Raises UserError `unknown_account`, or `last_holder`: the
    last slot with all keys stays, or nobody could ever open every part of the office again.
    """

    def edit(content: dict[str, Any]) -> None:
        _known_slot(content, account)
        content["slots"] = [slot for slot in content["slots"] if not _is_of(slot, account)]
        _require_holder(content, account)

    keyfile.change(path, edit)


def drop_identity(path: Path, account: str) -> None:
    """Take the identity key out of an account's slot, for a role that may no longer read them.

    Raises UserError `unknown_account`, or `last_holder`.
    """

    def edit(content: dict[str, Any]) -> None:
        _known_slot(content, account)["keys"].pop("identity", None)
        _require_holder(content, account)

    keyfile.change(path, edit)


def describe_office(path: Path, *, name: str) -> None:
    """Show another office name on the log-in page."""

    def edit(content: dict[str, Any]) -> None:
        content["office"]["name"] = name

    keyfile.change(path, edit)


def check_password(password: str, *, practice: bool) -> None:
    """Raise InvalidInput unless a new password is long enough; length is the only rule."""
    least = MIN_PRACTICE_PASSWORD if practice else MIN_PASSWORD
    length = len(unicodedata.normalize("NFC", password))
    if length < least:
        raise InvalidInput(
            [
                Problem(
                    "password",
                    f"Kata sandi baru {length} huruf, paling sedikit {least}. "
                    "Beberapa kata biasa yang mudah diingat sudah cukup.",
                )
            ]
        )


def _is_of(slot: dict[str, Any], account: str) -> bool:
    return bool(slot["kind"] == "password" and slot["account"] == account)


def _known_slot(content: dict[str, Any], account: str) -> dict[str, Any]:
    slot = keyfile.slot_of(content, account)
    if slot is None:
        raise UserError(
            f"Akun {account} tidak ada di kantor ini. Data Anda tidak berubah. "
            "Periksa nama masuknya.",
            "unknown_account",
        )
    return slot


def _require_holder(content: dict[str, Any], account: str) -> None:
    if not any(s["kind"] == "password" and "identity" in s["keys"] for s in content["slots"]):
        raise UserError(
            f"Akun {account} pemegang terakhir semua kunci kantor ini. Tidak ada yang diubah. "
            "Buat akun admin lain dulu.",
            "last_holder",
        )


def _slot(
    content: dict[str, Any],
    account: str,
    name: str,
    role: str,
    password: str,
    keys: KeySet,
    cost: Cost,
) -> dict[str, Any]:
    if not allowed(role, "identity.read"):
        keys = KeySet(keys.database, None)
    elif keys.identity is None:
        raise UserError(
            "Akun Anda tidak memegang kunci identitas, jadi tidak dapat memberikannya. "
            "Tidak ada yang diubah. Minta admin kantor yang memegangnya.",
            "no_identity_key",
        )
    person = {"kind": "password", "account": account, "name": name, "role": role}
    return {**person, **slots.wrap(content, account, password, keys, cost)}


def _failed(path: Path, account: str, now: datetime) -> UserError:
    """Count a wrong try and say what follows from it."""
    wait = tries.wait_after(0)

    def edit(content: dict[str, Any]) -> None:
        nonlocal wait
        wait = tries.note_failure(_known_slot(content, account), now)

    # A folder that cannot be written must not turn a wrong password into another error.
    with suppress(UserError):
        keyfile.change(path, edit)
    if wait:
        return tries.locked_out(wait)
    return UserError(
        f"Kata sandi tidak cocok untuk akun {account}. Data Anda aman. "
        "Periksa huruf besar (Caps Lock), lalu coba lagi.",
        "wrong_password",
    )


def _update(path: Path, account: str, values: dict[str, Any]) -> None:
    """Note something about the tries; where nothing can be written, it stays as it was."""
    with suppress(UserError):
        keyfile.change(path, lambda content: _known_slot(content, account).update(values))
