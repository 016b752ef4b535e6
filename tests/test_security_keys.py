"""The key file: slots, passwords, waits after wrong tries, damage, and what must never work."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from posko_app.errors import InvalidInput, UserError
from posko_app.security import keyfile, keys, slots
from posko_app.security.keys import KeySet

NOW = datetime(2024, 10, 15, 2, 30, tzinfo=UTC)
OFFICE = {"level": "kecamatan", "code": "62.10.01", "name": "Panwaslu Hulu Contoh"}
PASSWORD = "rumah kayu di hulu"
RIGHT = {"account": "sari", "password": PASSWORD}


def create(folder: Path, *, practice: bool = True, **other: Any) -> tuple[Path, KeySet]:
    """A key file with its first account, sari."""
    path, made = folder / "kunci.json", keys.new_keys()
    first: dict[str, Any] = {"name": "Sari Contoh", "role": "admin", **RIGHT, **other}
    keys.create_keyfile(path, keys=made, office=OFFICE, practice=practice, **first)
    return path, made


@pytest.fixture
def office(tmp_path: Path) -> tuple[Path, KeySet]:
    return create(tmp_path)


def add(path: Path, made: KeySet, account: str, role: str, password: str = PASSWORD) -> None:
    """One more account in the file."""
    keys.add_slot(
        path, account=account, name=account.title(), role=role, password=password, keys=made
    )


def code_of(job: Callable[[], object]) -> str:
    """The code of the UserError a job raises."""
    with pytest.raises(UserError) as caught:
        job()
    assert caught.value.message.endswith(".")
    return caught.value.code


def rewrite(path: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Edit the file as an attacker would, sum included."""
    content = keyfile.read(path)
    edit(content)
    keyfile.write(path, content)


# --- the way in ---------------------------------------------------------------------------------


def test_the_password_opens_what_was_put_in(office: tuple[Path, KeySet]) -> None:
    path, made = office
    assert keys.unlock(path, now=NOW, **RIGHT) == made
    assert len(made.database) == len(made.identity or b"") == 32
    assert made != keys.new_keys()


def test_a_real_office_pays_the_full_price(tmp_path: Path) -> None:
    path, made = create(tmp_path, practice=False)
    slot = json.loads(path.read_text("utf-8"))["slots"][0]
    cost = {"memory_kib": 65536, "passes": 3, "lanes": 4}
    assert {key: slot["kdf"][key] for key in cost} == cost
    assert keys.unlock(path, now=NOW, **RIGHT) == made


def test_nothing_secret_stands_in_the_file(office: tuple[Path, KeySet]) -> None:
    path, made = office
    text = path.read_bytes()
    for secret in (made.database, made.identity or b"", PASSWORD.encode()):
        assert secret not in text
        assert secret.hex().encode() not in text


def test_the_log_in_page_knows_the_office_and_its_people(office: tuple[Path, KeySet]) -> None:
    path, made = office
    add(path, made, "budi", "exchanger")
    assert keys.office_card(path) == keys.OfficeCard(practice=True, **OFFICE)
    assert keys.accounts(path) == (
        keys.SlotRow("sari", "Sari Contoh", "admin", True),
        keys.SlotRow("budi", "Budi", "exchanger", False),
    )
    keys.describe_office(path, name="Panwaslu Hilir Contoh")
    assert keys.office_card(path).name == "Panwaslu Hilir Contoh"
    assert keys.unlock(path, now=NOW, **RIGHT) == made


@pytest.mark.parametrize(
    ("role", "holds"),
    [
        ("receiver", True),
        ("verifier", True),
        ("leader", True),
        ("admin", True),
        ("exchanger", False),
        ("auditor", False),
    ],
)
def test_only_roles_that_read_identities_hold_their_key(
    office: tuple[Path, KeySet], role: str, holds: bool
) -> None:
    path, made = office
    add(path, made, "budi", role)
    opened = keys.unlock(path, "budi", PASSWORD, NOW)
    assert opened.database == made.database
    assert opened.identity == (made.identity if holds else None)


def test_who_lacks_the_identity_key_cannot_give_it(office: tuple[Path, KeySet]) -> None:
    path, made = office
    poor = KeySet(made.database, None)
    assert code_of(lambda: add(path, poor, "budi", "receiver")) == "no_identity_key"
    add(path, poor, "budi", "auditor")


def test_a_password_is_the_same_however_its_accents_are_typed(tmp_path: Path) -> None:
    path, made = create(tmp_path, password="caf\u00e9 pagi hari")
    assert keys.unlock(path, "sari", "cafe\u0301 pagi hari", NOW) == made
    assert code_of(lambda: keys.unlock(path, "sari", "caf\udce9 pagi", NOW)) == "wrong_password"


# --- changing slots -----------------------------------------------------------------------------


def test_a_changed_password_replaces_the_old_one(office: tuple[Path, KeySet]) -> None:
    path, made = office
    keys.change_password(path, "sari", PASSWORD, "perahu di sungai", NOW)
    assert keys.unlock(path, "sari", "perahu di sungai", NOW) == made
    assert code_of(lambda: keys.unlock(path, now=NOW, **RIGHT)) == "wrong_password"


def test_changing_needs_the_old_password(office: tuple[Path, KeySet]) -> None:
    path, made = office
    change = lambda: keys.change_password(path, "sari", "keliru", "perahu di sungai", NOW)  # noqa: E731
    assert code_of(change) == "wrong_password"
    assert keys.unlock(path, now=NOW, **RIGHT) == made


def test_a_forgotten_password_and_a_new_role_make_the_slot_anew(
    office: tuple[Path, KeySet],
) -> None:
    path, made = office
    add(path, made, "budi", "receiver")
    keys.renew_slot(
        path, account="budi", name="Budi B", role="auditor", password="pasar pagi", keys=made
    )
    assert keys.unlock(path, "budi", "pasar pagi", NOW) == KeySet(made.database, None)
    assert keys.accounts(path)[1] == keys.SlotRow("budi", "Budi B", "auditor", False)


def test_the_identity_key_can_be_taken_away(office: tuple[Path, KeySet]) -> None:
    path, made = office
    add(path, made, "budi", "receiver")
    keys.drop_identity(path, "budi")
    assert keys.unlock(path, "budi", PASSWORD, NOW) == KeySet(made.database, None)


def test_a_removed_account_is_gone_but_never_the_last_holder(
    office: tuple[Path, KeySet],
) -> None:
    path, made = office
    add(path, made, "budi", "exchanger")
    assert code_of(lambda: keys.remove_slot(path, "sari")) == "last_holder"
    assert code_of(lambda: keys.drop_identity(path, "sari")) == "last_holder"
    assert keys.unlock(path, now=NOW, **RIGHT) == made
    keys.remove_slot(path, "budi")
    assert code_of(lambda: keys.unlock(path, "budi", PASSWORD, NOW)) == "unknown_account"
    assert code_of(lambda: keys.remove_slot(path, "budi")) == "unknown_account"


def test_an_account_has_one_slot(office: tuple[Path, KeySet]) -> None:
    path, made = office
    assert code_of(lambda: add(path, made, "sari", "receiver")) == "account_exists"


def test_an_office_is_never_overwritten(office: tuple[Path, KeySet]) -> None:
    path, made = office
    assert code_of(lambda: create(path.parent)) == "office_exists"
    assert keys.unlock(path, now=NOW, **RIGHT) == made


def test_slots_and_fields_of_later_versions_are_kept(office: tuple[Path, KeySet]) -> None:
    path, made = office
    rewrite(path, lambda c: c["slots"].append({"kind": "recovery", "sealed": "x"}))
    rewrite(path, lambda c: c.update(later={"a": 1}))
    add(path, made, "budi", "receiver")
    keys.change_password(path, "sari", PASSWORD, "perahu di sungai", NOW)
    content = keyfile.read(path)
    assert content["later"] == {"a": 1}
    assert [slot["kind"] for slot in content["slots"]] == ["password", "recovery", "password"]


# --- the rule for passwords ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("practice", "password", "good"),
    [
        (False, "sebelas huru", True),
        (False, "sebelas hur", False),
        (False, "cafe\u0301 sebelas", True),
        (False, "cafe\u0301 sebela", False),
        (True, "abcd", True),
        (True, "abc", False),
    ],
)
def test_length_is_the_only_rule(practice: bool, password: str, good: bool) -> None:
    if good:
        keys.check_password(password, practice=practice)
        return
    with pytest.raises(InvalidInput) as caught:
        keys.check_password(password, practice=practice)
    assert [problem.field for problem in caught.value.problems] == ["password"]


def test_a_short_password_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        create(tmp_path, practice=False, password="pendek")
    assert list(tmp_path.iterdir()) == []
    path, made = create(tmp_path)
    before = path.read_bytes()
    with pytest.raises(InvalidInput):
        add(path, made, "budi", "receiver", "abc")
    with pytest.raises(InvalidInput):
        keys.change_password(path, "sari", PASSWORD, "abc", NOW)
    assert path.read_bytes() == before


# --- wrong tries --------------------------------------------------------------------------------


def fail(path: Path, times: int, now: datetime) -> str:
    """The code of the last of several wrong tries at one instant."""
    codes = [code_of(lambda: keys.unlock(path, "sari", "keliru", now)) for _ in range(times)]
    return codes[-1]


def test_five_wrong_tries_bring_a_wait_that_grows(office: tuple[Path, KeySet]) -> None:
    path, made = office
    assert fail(path, 4, NOW) == "wrong_password"
    now = NOW
    for minutes in (1, 2, 4, 8, 15, 15, 15):
        assert fail(path, 1, now) == "locked_out"
        end = now + timedelta(minutes=minutes)
        for moment in (now, end - timedelta(seconds=1)):
            assert code_of(lambda at=moment: keys.unlock(path, now=at, **RIGHT)) == "locked_out"
        now = end
    assert keys.unlock(path, now=now, **RIGHT) == made
    assert fail(path, 4, now) == "wrong_password"


def test_the_sentence_says_how_long_and_that_data_is_safe(office: tuple[Path, KeySet]) -> None:
    path, _ = office
    fail(path, 5, NOW)
    for after, words in ((0, "1 menit"), (20, "40 detik")):
        with pytest.raises(UserError) as caught:
            keys.unlock(path, now=NOW + timedelta(seconds=after), **RIGHT)
        assert f"Tunggu {words}," in caught.value.message
        assert "Data Anda aman" in caught.value.message


def test_tries_while_waiting_do_not_make_it_longer(office: tuple[Path, KeySet]) -> None:
    path, made = office
    fail(path, 25, NOW)
    assert keys.unlock(path, now=NOW + timedelta(minutes=1), **RIGHT) == made


def test_one_account_does_not_lock_out_another(office: tuple[Path, KeySet]) -> None:
    path, made = office
    add(path, made, "budi", "admin")
    fail(path, 9, NOW)
    assert keys.unlock(path, "budi", PASSWORD, NOW) == made


def test_a_clock_put_back_does_not_lock_out_for_years(office: tuple[Path, KeySet]) -> None:
    path, made = office
    fail(path, 5, NOW + timedelta(days=4000))
    assert code_of(lambda: keys.unlock(path, now=NOW, **RIGHT)) == "locked_out"
    assert keys.unlock(path, now=NOW + timedelta(minutes=1), **RIGHT) == made


@pytest.mark.skipif(os.name == "nt", reason="folder permissions are POSIX's")
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_still_opens(office: tuple[Path, KeySet]) -> None:
    path, made = office
    path.parent.chmod(0o500)
    try:
        assert code_of(lambda: keys.unlock(path, "sari", "keliru", NOW)) == "wrong_password"
        assert keys.unlock(path, now=NOW, **RIGHT) == made
        assert code_of(lambda: add(path, made, "budi", "admin")) == "folder_not_writable"
    finally:
        path.parent.chmod(0o700)


def test_a_lock_that_cannot_be_made_changes_nothing(office: tuple[Path, KeySet]) -> None:
    path, made = office
    (path.parent / "kunci.lock").mkdir()
    assert code_of(lambda: keys.unlock(path, "sari", "keliru", NOW)) == "wrong_password"
    assert keys.unlock(path, now=NOW, **RIGHT) == made
    assert code_of(lambda: add(path, made, "budi", "admin")) == "folder_not_writable"
    assert [row.account for row in keys.accounts(path)] == ["sari"]


# --- damage and attack --------------------------------------------------------------------------


def test_a_missing_file_is_no_office(tmp_path: Path) -> None:
    for job in (keys.accounts, keys.office_card):
        assert code_of(lambda job=job: job(tmp_path / "kunci.json")) == "no_office"
    assert code_of(lambda: keys.accounts(tmp_path)) == "keyfile_unreadable"


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 5000, b'{"format": "posko-kunci"}'],
)
def test_what_is_no_key_file_is_called_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kunci.json"
    path.write_bytes(content)
    assert code_of(lambda: keys.accounts(path)) == "keyfile_damaged"


def outcome(path: Path) -> KeySet | str:
    """The keys, or the code of the error."""
    try:
        return keys.unlock(path, now=NOW, **RIGHT)
    except UserError as error:
        return error.code


def test_every_flipped_bit_and_every_cut_is_found(office: tuple[Path, KeySet]) -> None:
    path, made = office
    good, rng = path.read_bytes(), random.Random(7)
    for turn in range(200):
        bad = bytearray(good)
        if turn % 2:
            bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        else:
            del bad[rng.randrange(len(bad)) :]
        path.write_bytes(bad)
        seen = outcome(path)
        # A change in white space is harmless; anything else is named as damage.
        assert seen == made or seen in ("keyfile_damaged", "newer_format")
    path.write_bytes(good)
    assert keys.unlock(path, now=NOW, **RIGHT) == made


def test_a_newer_file_is_refused_kindly(office: tuple[Path, KeySet]) -> None:
    path, _ = office
    rewrite(path, lambda c: c.update(version=2))
    assert code_of(lambda: keys.accounts(path)) == "newer_format"


def cheapen(content: dict[str, Any]) -> None:
    content["slots"][0]["kdf"].update(memory_kib=8, passes=1, lanes=1)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda c: c.update(practice=True), "wrong_password"),
        (lambda c: c.update(id="another"), "wrong_password"),
        (lambda c: c["slots"][0].update(account="budi"), "unknown_account"),
        (lambda c: c["slots"][0]["kdf"].update(passes=3), "wrong_password"),
        (cheapen, "keyfile_damaged"),
        (lambda c: c["slots"][0]["kdf"].update(memory_kib=1 << 40), "keyfile_damaged"),
        (lambda c: c["slots"][0]["kdf"].update(lanes=0), "keyfile_damaged"),
        (lambda c: c["slots"][0]["kdf"].update(lanes=True), "keyfile_damaged"),
        (lambda c: c["slots"][0]["kdf"].update(salt="AA=="), "keyfile_damaged"),
        (lambda c: c["slots"][0]["keys"].update(database="!!"), "keyfile_damaged"),
        (lambda c: c["slots"][0]["keys"].update(database="AAAA"), "keyfile_damaged"),
        (
            lambda c: c["slots"][0]["keys"].update(identity=c["slots"][0]["keys"]["database"]),
            "wrong_password",
        ),
    ],
)
def test_a_slot_opens_only_as_it_was_made(
    tmp_path: Path, edit: Callable[[dict[str, Any]], None], code: str
) -> None:
    # The floor is the cheapest a real office allows, and keeps this test quick.
    path, _ = create(tmp_path, practice=False, cost=slots.FLOOR)
    rewrite(path, edit)
    assert code_of(lambda: keys.unlock(path, now=NOW, **RIGHT)) == code


def test_a_real_office_is_never_made_cheap(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too cheap"):
        create(tmp_path, practice=False, cost=slots.PRACTICE)
    assert list(tmp_path.iterdir()) == []


def test_a_slot_of_another_office_does_not_open(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, _ = create(tmp_path / "one")
    two, _ = create(tmp_path / "two")
    foreign = keyfile.read(one)["slots"][0]
    rewrite(two, lambda c: c.update(slots=[foreign]))
    assert code_of(lambda: keys.unlock(two, now=NOW, **RIGHT)) == "wrong_password"


def test_no_stray_files_are_left(office: tuple[Path, KeySet]) -> None:
    path, made = office
    add(path, made, "budi", "receiver")
    fail(path, 6, NOW)
    assert {p.name for p in path.parent.iterdir()} == {"kunci.json", "kunci.lock"}
