"""Drafts and frozen letters of a real office: numbers, vault, audit, secrecy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
from sqlalchemy import delete, func, select, text

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput, PersonInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.cases.upgrade import upgrade
from posko_app.cases.views import ConflictView
from posko_app.data.tables import AuditEntry, Case, IdentityToken, Sequence, VaultFile
from posko_app.data.tables import Letter as LetterRow
from posko_app.errors import InvalidInput, NotAllowed, UserError
from posko_app.letters import issue as letters
from posko_app.letters.catalogue import Value
from posko_app.letters.compose import Letter, compose, require_settled
from posko_app.letters.numbers import NO_LETTER_CODE, signing_code
from posko_app.office.settings import change_office, set_value

from .factory import REPORTER, TODAY, WITNESS, new_report

REFERRAL = "penerusan-hukum-lainnya"
SIGNED: dict[str, Value] = {"signer.role": "Ketua", "signer.name": "H. Darma Misalnya, S.H."}
APPEAL: dict[str, Value] = {**SIGNED, "letter.addressee": "Camat Kurun"}


@pytest.fixture
def case(posko: Posko) -> str:
    """A filed report."""
    return file_report(posko, new_report()).uid


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        found = []
        for page in document:
            text = page.get_textpage()
            found.append(text.get_text_bounded().replace("\r\n", "\n"))
            text.close()
            page.close()
        return "\n".join(found)


def rows(posko: Posko) -> int:
    with posko.store.read() as session:
        return session.scalar(select(func.count()).select_from(LetterRow)) or 0


def last_number(posko: Posko) -> int:
    with posko.store.read() as session:
        return sum(session.scalars(select(Sequence.last).where(Sequence.key.like("letter/%"))))


def test_a_draft_is_marked_and_takes_nothing(posko: Posko, case: str) -> None:
    made = letters.preview(posko, case, REFERRAL, values=SIGNED)
    assert made.pdf == letters.draft(posko, case, REFERRAL, values=SIGNED)
    text = text_of(made.pdf)
    assert "KONSEP" in text
    assert made.number in text
    assert last_number(posko) == 0
    assert rows(posko) == 0


def test_the_report_form_says_what_was_taken_in(posko: Posko, case: str) -> None:
    text = text_of(letters.draft(posko, case, "laporan"))
    for word in (
        "Formulir Model A.1",
        REPORTER.name,
        WITNESS.name,
        "Kurun, 12 Juli 1988",
        "Guru membagikan stiker pasangan calon",
        "Minggu, 13 Oktober 2024",
        "Selasa, 15 Oktober 2024",
        "09.30 WIB",
        "Foto stiker",
    ):
        assert word in text


def test_an_issued_letter_is_frozen(posko: Posko, case: str) -> None:
    made = letters.issue(posko, case, REFERRAL, values=SIGNED)
    assert made.new
    assert made.number == "001/PP.00.00/K.KH-05/10/2024"
    pdf = letters.reprint(posko, made.uid)
    assert hashlib.sha256(pdf).hexdigest() == made.sha256
    assert len(pdf) == made.size
    assert "KONSEP" not in text_of(pdf)
    change_office(posko, name="Nama Baru", letterhead="KOP BARU")
    assert letters.reprint(posko, made.uid) == pdf


def test_numbers_follow_each_other_in_one_series(posko: Posko, case: str) -> None:
    first = letters.issue(posko, case, REFERRAL, values=SIGNED)
    second = letters.issue(posko, "", "imbauan", values=APPEAL)
    assert first.number.startswith("001/PP.00.00/")
    assert second.number.startswith("002/PM.00.02/")


def test_a_series_per_classification_if_the_office_says_so(posko: Posko, case: str) -> None:
    set_value(posko, "letter.series", "classification")
    letters.issue(posko, case, REFERRAL, values=SIGNED)
    appeal = letters.issue(posko, "", "imbauan", values=APPEAL)
    assert appeal.number.startswith("001/PM.00.02/")


def test_the_same_form_again_is_the_same_letter(posko: Posko, case: str) -> None:
    first = letters.issue(posko, case, "tanda-bukti")
    again = letters.issue(posko, case, "tanda-bukti")
    assert (first.new, again.new) == (True, False)
    assert (again.uid, again.sha256) == (first.uid, first.sha256)
    assert rows(posko) == 1


def test_the_receipt_bears_the_report_number(posko: Posko, case: str) -> None:
    made = letters.issue(posko, case, "tanda-bukti")
    assert made.number
    assert last_number(posko) == 0
    assert f"Nomor: {made.number}" in text_of(letters.reprint(posko, made.uid))


def test_without_a_letter_code_the_part_is_left_out_with_a_warning(
    office: Callable[..., Posko],
) -> None:
    posko = office("kecamatan")
    made = letters.issue(posko, "", "imbauan", values=APPEAL)
    assert made.number == "001/PM.00.02/10/2024"
    assert NO_LETTER_CODE in made.warnings


def test_a_missing_signer_is_a_dotted_line_and_a_warning(posko: Posko) -> None:
    made = letters.issue(posko, "", "imbauan", values={"letter.addressee": "Camat Kurun"})
    assert any("penanda tangan" in w for w in made.warnings)
    assert "(....." in text_of(letters.reprint(posko, made.uid))


def test_the_usual_signer_comes_from_the_settings(posko: Posko) -> None:
    set_value(posko, "signer.name", "Ketua Contoh")
    assert letters.prefilled(posko, "", "imbauan")["signer.name"] == "Ketua Contoh"


def test_empty_needed_values_take_no_number(posko: Posko) -> None:
    with pytest.raises(InvalidInput, match="kepada"):
        letters.issue(posko, "", "imbauan", values=SIGNED)
    assert last_number(posko) == 0
    assert rows(posko) == 0


@pytest.mark.parametrize(
    "secret",
    [REPORTER.name, REPORTER.name.upper(), WITNESS.name, "6210015207880001", "0812-5555-0176"],
)
def test_a_letter_to_an_outsider_never_names_reporter_or_witness(
    posko: Posko, case: str, secret: str
) -> None:
    values = {**SIGNED, "letter.summary": f"Menurut {secret}, terlapor membagikan stiker."}
    for make in (letters.draft, letters.issue):
        with pytest.raises(InvalidInput, match=r"pelapor|Saksi"):
            make(posko, case, REFERRAL, values=values)
    assert last_number(posko) == 0
    clean = text_of(letters.draft(posko, case, REFERRAL, values=SIGNED))
    assert "Identitas ada pada Bawaslu" in clean
    assert secret not in clean


def test_a_referral_before_the_plenary_says_so(posko: Posko, case: str) -> None:
    made = letters.preview(posko, case, REFERRAL, values=SIGNED)
    assert any("pleno" in w for w in made.warnings)
    assert "a. Kajian awal" in text_of(made.pdf)


def test_our_own_codes_never_leave(posko: Posko) -> None:
    case = file_report(posko, new_report(article="DS-4; Pasal 71 ayat (1)")).uid
    text = text_of(letters.draft(posko, case, REFERRAL, values=SIGNED))
    assert "Pasal 71 ayat (1)" in text
    assert "DS-4" not in text
    with pytest.raises(InvalidInput, match="KE/DS"):
        letters.issue(posko, case, REFERRAL, values={**SIGNED, "letter.summary": "Ini DS-4."})


def test_printing_identities_needs_the_role_and_is_logged(posko: Posko, case: str) -> None:
    letters.draft(posko, case, "laporan")
    with posko.store.read() as session:
        actions = list(session.scalars(select(AuditEntry.action)))
    assert "identity.printed" in actions
    made = letters.issue(posko, case, "laporan")
    with posko.store.read() as session:
        line = session.scalars(select(AuditEntry).order_by(AuditEntry.n.desc())).first()
    assert line is not None
    assert line.action == "letter.issued"
    assert REPORTER.name not in line.body
    posko.user = type(posko.user)("tamu", "Tamu", "", "exchanger")
    with pytest.raises(NotAllowed):
        letters.draft(posko, case, "laporan")
    with pytest.raises(NotAllowed):
        letters.reprint(posko, made.uid)


def test_without_the_identity_key_no_form_and_a_warning_on_letters(posko: Posko, case: str) -> None:
    posko.keys = replace(posko.keys, identity=None)
    with pytest.raises(UserError, match="kunci identitas") as caught:
        letters.draft(posko, case, "laporan")
    assert caught.value.code == "no_identity_key"
    made = letters.preview(posko, case, REFERRAL, values=SIGNED)
    assert any("belum diperiksa" in w for w in made.warnings)


def test_people_whom_only_another_office_knows_are_a_warning(posko: Posko, case: str) -> None:
    """A case that came without its identities: nothing can be compared, so somebody must read."""
    assert not any("menyimpan identitas" in w for w in referral_warnings(posko, case))
    with posko.write() as session:
        session.execute(delete(IdentityToken))
        session.execute(text("DELETE FROM identities WHERE witness_uid <> ''"))
    assert any("menyimpan identitas" in w for w in referral_warnings(posko, case))
    with posko.write() as session:
        session.execute(text("DELETE FROM identities"))
        session.execute(text("DELETE FROM witnesses"))
    assert any("menyimpan identitas" in w for w in referral_warnings(posko, case))


def referral_warnings(posko: Posko, case: str) -> tuple[str, ...]:
    return letters.preview(posko, case, REFERRAL, values=SIGNED).warnings


def test_the_receiver_named_on_a_form_is_of_the_office_that_received(posko: Posko) -> None:
    case = file_report(posko, new_report(), officer="petugas").uid
    assert "Petugas Contoh" in text_of(letters.draft(posko, case, "tanda-bukti"))
    with posko.write() as session:
        session.scalars(select(Case)).one().office_code = "62.10.02"  # came from the subdistrict
    assert "Petugas Contoh" not in text_of(letters.draft(posko, case, "tanda-bukti"))


def test_only_letters_have_an_addressee(posko: Posko, case: str) -> None:
    letters.issue(posko, case, "tanda-bukti")
    letters.issue(
        posko, case, REFERRAL, values={**SIGNED, "letter.addressee": "Kepala BKN\nJakarta"}
    )
    with posko.store.read() as session:
        kept = dict(session.execute(select(LetterRow.template, LetterRow.addressee)).all())
    assert kept == {"tanda-bukti": "", REFERRAL: "Kepala BKN"}


def test_a_tip_that_became_a_finding_can_be_referred(posko: Posko) -> None:
    case = file_report(posko, new_report(kind="initial_info")).uid
    upgrade(posko, case, new_report(kind="finding", reporter=PersonInput(), witnesses=()))
    record_step(posko, case, NewStep(kind="registered", on=TODAY))
    shown = text_of(letters.draft(posko, case, REFERRAL, values=SIGNED))
    assert "/TM/" in shown
    assert "temuan dugaan pelanggaran" in " ".join(shown.split())


def test_a_contested_field_stops_the_letters_that_print_it(posko: Posko, case: str) -> None:
    letter = compose(posko, case, REFERRAL, SIGNED, "")
    require_settled(letter)
    assert letter.view is not None

    def contested(table: str, field: str) -> Letter:
        conflict = ConflictView(table, "x", field, ("a", "b"))
        view = replace(letter.view, conflicts=(conflict,))  # type: ignore[type-var]
        return replace(letter, view=view)

    require_settled(contested("cases", "officer"))
    require_settled(contested("identities", "name"))
    for table, field in (("cases", "event_place"), ("reported_parties", "name")):
        with pytest.raises(UserError, match="bentrok") as caught:
            require_settled(contested(table, field))
        assert caught.value.code == "conflict"


def test_unknown_things_are_said_plainly(posko: Posko, case: str) -> None:
    with pytest.raises(InvalidInput, match="laporan"):
        letters.draft(posko, case, "surat-cinta")
    with pytest.raises(UserError, match="tidak ditemukan"):
        letters.draft(posko, "999/X", "laporan")
    with pytest.raises(InvalidInput, match="F4"):
        letters.draft(posko, case, "laporan", paper="A3")
    with pytest.raises(UserError, match="tidak tersimpan"):
        letters.reprint(posko, "nothing")


def test_a_full_disk_takes_no_number(
    posko: Posko, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (posko.folder.vault).parent.mkdir(exist_ok=True)
    posko.folder.vault.rename(posko.folder.root / "lama") if posko.folder.vault.exists() else None
    posko.folder.vault.write_bytes(b"in the way")
    with pytest.raises(UserError, match="tidak dapat ditulisi"):
        letters.issue(posko, case, REFERRAL, values=SIGNED)
    assert last_number(posko) == 0
    assert rows(posko) == 0


def test_many_parties_and_evidence_are_numbered(posko: Posko) -> None:
    report = new_report()
    case = file_report(
        posko,
        new_report(
            reported=report.reported * 3,
            evidence=tuple(EvidenceInput(description=f"Foto {n}") for n in range(5)),
            witnesses=tuple(PersonInput(name=f"Saksi Contoh {n}") for n in range(4)),
        ),
    ).uid
    text = text_of(letters.draft(posko, case, "laporan"))
    assert "2. Identitas Terlapor (3 dari 3)" in text
    assert "Saksi Contoh 3" in text
    assert "e. Foto 4" in text


@pytest.mark.parametrize(
    ("code", "signer", "expected"),
    [
        ("KH-05", "Ketua", "K.KH-05"),
        ("K.KH-05", "Plh. Ketua", "K.KH-05"),
        ("KH-05", "Kepala Sekretariat", "KH-05"),
        ("KH-05", "a.n. Ketua, Koordinator Sekretariat", "KH-05"),
        ("", "Ketua", ""),
    ],
)
def test_the_chair_signs_with_k(code: str, signer: str, expected: str) -> None:
    assert signing_code(code, signer) == expected


def test_every_frozen_letter_is_in_the_vault(posko: Posko, case: str) -> None:
    made = letters.issue(posko, case, "laporan")
    with posko.store.read() as session:
        kept = session.get(VaultFile, made.sha256)
        assert kept is not None
        assert posko.vault.verify(made.sha256, kept.key) == ""
