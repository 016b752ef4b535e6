"""Setting up and opening an office, its people and settings, and the proof that all is whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from posko_app.app import Posko, open_office
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput
from posko_app.data.store import WriteSession
from posko_app.errors import InvalidInput, NotAllowed, UserError
from posko_app.office import accounts, health, settings
from posko_app.office.setup import NewOffice, create_office, region_code, zone_of_region
from posko_app.security.keys import accounts as keyfile_accounts
from posko_app.security.keys import office_card
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, new_report

NEW = OFFICES["kabupaten"]


def test_a_new_office_opens_with_its_first_account(posko: Posko) -> None:
    assert posko.office.code == "62.10"
    assert posko.office.zone == "WIB"
    assert posko.office.letterhead == ("BAWASLU KABUPATEN GUNUNG MAS",)
    assert posko.user.role == "admin"
    assert len(posko.office.device_id) == 8


@pytest.mark.parametrize(
    ("typed", "code"),
    [("62", "62"), ("6210", "62.10"), ("62.10.02", "62.10.02"), ("621002", "62.10.02")],
)
def test_dots_are_optional(typed: str, code: str) -> None:
    assert region_code(typed) == code


def test_zones_follow_the_province() -> None:
    assert [zone_of_region(c) for c in ("62.10", "63.01", "73.09", "91.01")] == [
        "WIB",
        "WITA",
        "WITA",
        "WIT",
    ]


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    wrong = replace(NEW, region_code="99.99", name=" ", admin_login="Ada Spasi", paper="A3")
    with pytest.raises(InvalidInput) as caught:
        create_office(tmp_path / "k", wrong, PASSWORD)
    fields = {p.field for p in caught.value.problems}
    assert fields == {"region_code", "name", "admin_login", "paper"}
    assert not (tmp_path / "k").exists()


def test_the_level_must_fit_the_region(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="kecamatan"):
        create_office(tmp_path / "k", replace(NEW, level="kecamatan"), PASSWORD)


def test_a_second_office_in_a_folder_is_refused(posko: Posko) -> None:
    before = posko.folder.keyfile.read_bytes()
    with pytest.raises(UserError) as caught:
        create_office(posko.folder.root, NEW, PASSWORD)
    assert caught.value.code == "office_exists"
    assert posko.folder.keyfile.read_bytes() == before


def test_a_short_password_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        create_office(tmp_path / "k", replace(NEW, practice=False), "pendek")
    assert not (tmp_path / "k").exists()


def test_a_copy_beside_a_failed_set_up_is_left_alone(tmp_path: Path) -> None:
    """Somebody saved their database by hand; giving up must not take that with it."""
    folder = tmp_path / "k"
    folder.mkdir()
    copy = folder / "posko.db.simpanan"
    copy.write_bytes(b"satu-satunya salinan")
    with pytest.raises(InvalidInput):
        create_office(folder, replace(NEW, practice=False), "pendek")
    assert [p.name for p in folder.iterdir()] == [copy.name]
    assert copy.read_bytes() == b"satu-satunya salinan"


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    with pytest.raises(UserError) as caught:
        create_office(tmp_path / "berkas" / "k", NEW, PASSWORD)
    assert caught.value.code == "folder_not_writable"


def test_a_wrong_password_and_a_missing_office(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    posko = office()
    posko.close()
    with pytest.raises(UserError) as caught:
        open_office(posko.folder.root, "petugas", "bukan ini", clock=FixedClock())
    assert caught.value.code == "wrong_password"
    with pytest.raises(UserError) as caught:
        open_office(tmp_path / "kosong", "petugas", PASSWORD)
    assert caught.value.code == "no_office"


def test_one_process_holds_an_office(posko: Posko) -> None:
    with pytest.raises(UserError, match="jendela lain") as caught:
        open_office(posko.folder.root, "petugas", PASSWORD, clock=posko.clock)
    assert caught.value.code == "office_open"


def test_a_practice_office_lives_on_its_day(office: Callable[..., Posko]) -> None:
    posko = office()
    assert posko.today().isoformat() == "2024-10-15"
    posko.office = replace(posko.office, practice_on=posko.today().replace(month=2, day=29))
    assert posko.today().isoformat() == "2024-02-29"


def test_a_second_person_gets_a_slot_of_their_own(office: Callable[..., Posko]) -> None:
    posko = office()
    accounts.add_account(
        posko, login="baru", name="Contoh Baru", role="exchanger", password="kata lain"
    )
    assert {a.login for a in accounts.accounts(posko)} == {"petugas", "baru"}
    with pytest.raises(InvalidInput, match="sudah dipakai"):
        accounts.add_account(posko, login="baru", name="X", role="admin", password="kata lain")
    posko.close()
    other = open_office(posko.folder.root, "baru", "kata lain", clock=posko.clock)
    try:
        assert other.user.name == "Contoh Baru"
        assert other.keys.database == posko.keys.database
        assert other.keys.identity is None  # this role may not read identities
        with pytest.raises(NotAllowed):
            settings.change_office(other, name="Lain")
    finally:
        other.close()


def test_an_account_that_could_not_be_saved_leaves_its_name_free(posko: Posko) -> None:
    def fail(session: Session) -> None:
        raise OSError("the disk is gone")

    new = {"login": "baru", "name": "Contoh Baru", "role": "receiver", "password": "kata lain"}
    before = keyfile_accounts(posko.folder.keyfile)
    event.listen(WriteSession, "before_commit", fail)
    try:
        with pytest.raises(OSError, match="disk"):
            accounts.add_account(posko, **new)
    finally:
        event.remove(WriteSession, "before_commit", fail)
    assert keyfile_accounts(posko.folder.keyfile) == before
    accounts.add_account(posko, **new)
    assert len(keyfile_accounts(posko.folder.keyfile)) == 2


def test_settings_change_and_remind(posko: Posko) -> None:
    assert settings.reminders(posko) == ()
    settings.change_office(posko, report_code="", letter_code="")
    assert len(settings.reminders(posko)) == 2
    filed = file_report(posko, new_report())
    assert filed.warnings
    settings.set_value(posko, "pattern.filing", "{seq:04d}/LP/{region}/{year}")
    settings.change_office(posko, report_code="21.05")
    assert file_report(posko, new_report()).number == "0002/LP/21.05/2024"


def test_a_new_name_stands_on_the_log_in_page_too(posko: Posko) -> None:
    settings.change_office(posko, name="Panwaslih  Kabupaten Contoh ")
    assert posko.office.name == "Panwaslih  Kabupaten Contoh"
    assert office_card(posko.folder.keyfile).name == posko.office.name


def test_a_name_that_cannot_be_written_there_changes_nothing(posko: Posko) -> None:
    before = posko.office.name
    posko.folder.keyfile.unlink()
    with pytest.raises(UserError):
        settings.change_office(posko, name="Lain")
    posko.reload_office()
    assert posko.office.name == before


def test_wrong_settings_are_all_named_and_change_nothing(posko: Posko) -> None:
    wrong = {"name": " ", "zone": "GMT", "paper": "A3", "election_kind": "XX"}
    with pytest.raises(InvalidInput) as caught:
        settings.change_office(posko, **wrong)
    assert {p.field for p in caught.value.problems} == set(wrong)
    with pytest.raises(UserError, match="tidak dikenal"):
        settings.change_office(posko, regulation="pilkada-1999")
    with pytest.raises(UserError, match="tidak dikenal"):
        settings.change_office(posko, level="provinsi")
    assert posko.office.paper == "F4"


def test_patterns_are_checked_and_can_be_given_up(posko: Posko) -> None:
    with pytest.raises(UserError, match="semua nomor akan sama"):
        settings.set_value(posko, "pattern.filing", "LP/{year}")
    shipped = file_report(posko, new_report()).number
    settings.set_value(posko, "pattern.filing", "{seq}/LP/{year}")
    assert settings.own_values(posko) == {"pattern.filing": "{seq}/LP/{year}"}
    assert file_report(posko, new_report()).number == "2/LP/2024"
    settings.set_value(posko, "pattern.filing", "")
    assert file_report(posko, new_report()).number == shipped.replace("001", "003")


def test_a_whole_office_verifies(posko: Posko, tmp_path: Path) -> None:
    photo = tmp_path / "foto.bin"
    photo.write_bytes(bytes(range(256)) * 300)
    filed = file_report(posko, new_report())
    attach(posko, filed.uid, [EvidenceInput(path=photo)])
    assert health.verify_storage(posko) == ()


def test_damage_is_found_and_named(posko: Posko, tmp_path: Path) -> None:
    photo = tmp_path / "foto.bin"
    photo.write_bytes(bytes(range(256)) * 300)
    filed = file_report(posko, new_report())
    attach(posko, filed.uid, [EvidenceInput(path=photo)])
    blob = max(posko.folder.vault.rglob("*"), key=lambda p: p.stat().st_size if p.is_file() else 0)
    spoiled = bytearray(blob.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    blob.chmod(0o600)
    blob.write_bytes(spoiled)
    (problem,) = health.verify_storage(posko)
    assert "foto.bin" in problem
    blob.unlink()
    assert len(health.verify_storage(posko)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET body = replace(body, 'case.filed', 'case.fixed')",
        "UPDATE audit SET body = 'bukan catatan' WHERE n = 2",
        "UPDATE audit SET account = 'lain' WHERE n = 2",
        "DELETE FROM audit WHERE n = 1",
        "DELETE FROM sync",
        "UPDATE sync SET version = '{}'",
    ],
)
def test_tampering_behind_the_program_is_found(posko: Posko, statement: str) -> None:
    """Even by somebody who drops the triggers first."""
    file_report(posko, new_report())
    with posko.store.engine.begin() as connection:
        for name in ("audit_no_update", "audit_no_delete"):
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(statement))
    assert health.verify_storage(posko)


def test_a_damaged_keyfile_is_a_sentence(office: Callable[..., Posko], tmp_path: Path) -> None:
    posko = office()
    posko.close()
    folder = tmp_path / "rusak"
    shutil.copytree(posko.folder.root, folder)
    (folder / "kunci.json").write_text("{")
    with pytest.raises(UserError):
        open_office(folder, "petugas", PASSWORD, clock=posko.clock)


def test_three_codes_are_never_derived(tmp_path: Path) -> None:
    plain = NewOffice(
        level="kabupaten",
        region_code="6210",
        name="Bawaslu Kabupaten Gunung Mas",
        admin_login="petugas",
        admin_name="Petugas Contoh",
        practice=True,
    )
    create_office(tmp_path / "k", plain, PASSWORD, clock=FixedClock())
    posko = open_office(tmp_path / "k", "petugas", PASSWORD, clock=FixedClock())
    try:
        assert posko.office.code == "62.10"
        assert posko.office.report_code == ""
        assert posko.office.letter_code == ""
        number = file_report(posko, new_report()).number
        assert "//" not in number
        assert "62.10" not in number
    finally:
        posko.close()
