"""The compartment: revealed with a reason, found by exact match, closed to other roles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from posko_app.app import USE_CASES, Posko
from posko_app.cases import identity
from posko_app.cases.case_view import case_view
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput
from posko_app.cases.steps import NewStep, add_note, record_step
from posko_app.data.tables import AuditEntry, ReportedParty
from posko_app.errors import InvalidInput, NotAllowed, UserError
from posko_app.security import permissions
from posko_app.security.keys import KeySet
from tests.factory import REPORTER, TODAY, WITNESS, new_report


def test_reveal_gives_the_person_and_logs_the_reason(posko: Posko) -> None:
    filed = file_report(posko, new_report())
    person = identity.reveal(posko, filed.uid, "menghubungi pelapor")
    assert person.name == REPORTER.name
    assert person.birth_on == REPORTER.birth_on
    assert person.phone.endswith("81255550176")
    with posko.store.read() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.n.desc()).limit(1)).one()
    assert last.action == "identity.revealed"
    assert "menghubungi pelapor" in last.body
    assert REPORTER.name not in last.body


def test_a_witness_is_revealed_alone(posko: Posko) -> None:
    filed = file_report(posko, new_report())
    (witness,) = case_view(posko, filed.uid).witnesses
    assert witness.held
    assert identity.reveal(posko, filed.uid, "memanggil saksi", witness.uid).name == WITNESS.name


def test_no_reason_no_reveal(posko: Posko) -> None:
    filed = file_report(posko, new_report())
    with pytest.raises(UserError, match="alasan"):
        identity.reveal(posko, filed.uid, "  ")


def test_finding_needs_every_word_or_number(posko: Posko) -> None:
    one = file_report(posko, new_report()).uid
    two = file_report(
        posko, new_report(reporter=replace(REPORTER, name="Contoh Lain", nik="", phone=""))
    ).uid
    assert identity.find_by_identity(posko, name="satu PELAPOR contoh") == (one,)
    assert identity.find_by_identity(posko, nik="621001 520788 0001") == (one,)
    assert identity.find_by_identity(posko, phone="+62 812-5555-0176") == (one,)
    assert set(identity.find_by_identity(posko, name="contoh")) == {one, two}
    assert identity.find_by_identity(posko, name="pelap") == ()
    assert identity.find_by_identity(posko) == ()


def test_other_roles_may_not(posko: Posko) -> None:
    filed = file_report(posko, new_report())
    barred = [r for r in permissions.ROLES if not permissions.allowed(r, "identity.read")]
    assert barred
    for role in barred:
        posko.user = replace(posko.user, role=role)
        with pytest.raises(NotAllowed):
            identity.reveal(posko, filed.uid, "ingin tahu saja")


def test_without_the_key_nothing_opens(posko: Posko) -> None:
    filed = file_report(posko, new_report())
    posko.keys = KeySet(posko.keys.database, None)
    with pytest.raises(UserError, match="kunci identitas"):
        identity.reveal(posko, filed.uid, "menghubungi pelapor")


def test_a_sealed_value_moved_to_another_record_does_not_open(posko: Posko) -> None:
    one, two = (file_report(posko, new_report()).uid for _ in range(2))
    with posko.write() as session:
        first = identity.find_identity(session, one)
        second = identity.find_identity(session, two)
        assert first is not None
        assert second is not None
        second.name = first.name
    with pytest.raises(Exception, match=r".") as caught:
        identity.reveal(posko, two, "menghubungi pelapor")
    assert not isinstance(caught.value, NotAllowed)
    add_note(posko, two, "Perkara tetap berjalan.")


def test_every_use_case_names_a_known_permission() -> None:
    assert USE_CASES
    assert set(USE_CASES.values()) <= set(permissions.PERMISSIONS)


def test_words_of_two_people_are_not_one_person(posko: Posko) -> None:
    file_report(posko, new_report())  # reporter Contoh Pelapor Satu, witness Contoh Saksi Dua
    assert identity.find_by_identity(posko, name="pelapor dua") == ()
    assert identity.find_by_identity(posko, name=WITNESS.name, phone=REPORTER.phone) == ()


def test_looking_for_a_person_is_logged_without_the_person(posko: Posko) -> None:
    file_report(posko, new_report())
    identity.find_by_identity(posko, name=REPORTER.name, nik=REPORTER.nik)
    with posko.store.read() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.n.desc()).limit(1)).one()
    assert last.action == "identity.searched"
    assert '"found":1' in last.body
    assert "pelapor" not in last.body.lower()
    assert REPORTER.nik not in last.body


@pytest.mark.parametrize("who", [REPORTER.name, REPORTER.name.upper(), "621001 520788 0001"])
def test_a_note_never_names_the_reporter(posko: Posko, who: str) -> None:
    case = file_report(posko, new_report()).uid
    with pytest.raises(InvalidInput, match="Tulis Pelapor saja"):
        add_note(posko, case, f"{who} datang lagi.")
    with pytest.raises(InvalidInput, match="Tulis Saksi 1 saja"):
        record_step(posko, case, NewStep(kind="note", on=TODAY, data={"whom": WITNESS.name}))
    add_note(posko, case, "Pelapor datang lagi dengan Saksi 1.")
    assert len(case_view(posko, case).events) == 2


@pytest.mark.parametrize(
    "name",
    [f"WhatsApp Chat with {REPORTER.name}.txt", "contoh_saksi_dua.txt", "0812-5555-0176.txt"],
)
def test_a_file_that_is_called_after_a_person_is_called_otherwise(
    posko: Posko, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("percakapan")
    (tmp_path / "foto stiker.txt").write_text("foto")
    telling, plain = (EvidenceInput(path=tmp_path / n) for n in (name, "foto stiker.txt"))
    case = file_report(posko, new_report(evidence=(plain, telling))).uid
    (tmp_path / name).write_text("percakapan lanjutan")
    attach(posko, case, [telling])
    names = [e.file_name for e in case_view(posko, case).evidence]
    assert names == ["foto stiker.txt", "B-02.txt", "B-03.txt"]


def test_a_name_that_a_reported_person_bears_too_may_be_written(posko: Posko) -> None:
    same = new_report(reporter=replace(REPORTER, name="Terlapor"))
    case = file_report(posko, same).uid  # the reported person is Contoh Terlapor, S.Pd.
    add_note(posko, case, "Terlapor belum hadir.")


def test_the_form_asks_not_to_name_people_in_the_open(posko: Posko) -> None:
    telling = new_report(
        title=f"Guru menegur {WITNESS.name}",
        narrative=f"Saya, {REPORTER.name} (0812-5555-0176), melihat guru membagikan stiker.",
    )
    with pytest.raises(InvalidInput) as caught:
        file_report(posko, telling)
    found = {p.field: p.message for p in caught.value.problems}
    assert found.keys() == {"title", "narrative"}
    assert "nama, nomor telepon pelapor" in found["narrative"]
    assert all(REPORTER.name not in m and WITNESS.name not in m for m in found.values())
    file_report(posko, telling, accept_incomplete=True)  # the officer has the last word


def test_keys_and_stored_values_stand_in_no_message(posko: Posko) -> None:
    """What is raised ends up in logs and crash reports."""
    assert posko.keys.database.hex() not in repr(posko).replace("\\x", "")
    assert "KeySet()" in repr(posko.keys)
    with pytest.raises(IntegrityError) as caught, posko.write() as session:
        session.add(ReportedParty(case_uid="tidak ada", name="Nama Yang Rahasia"))
    assert "Nama Yang Rahasia" not in str(caught.value)
