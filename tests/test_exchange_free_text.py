"""Names of reporters and witnesses in what leaves: found however written, told without the name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.cases.report import PersonInput
from posko_app.data import record as records
from posko_app.data.base import synced_fields, synced_tables
from posko_app.data.tables import (
    AuditEntry,
    Case,
    Event,
    Evidence,
    Identity,
    Letter,
    ParkedRecord,
    ReportedParty,
)
from posko_app.errors import Cancelled, UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.free_text import Found, names_in
from posko_app.exchange.leaving_texts import spoken, text_fields
from posko_app.exchange.left_out import profiles
from posko_app.exchange.name_index import MASK, NameIndex
from posko_app.exchange.profiles import removed
from tests.factory import TODAY, new_report

PERSON = PersonInput(
    name="Hj. Siti Aminah Soedjono, S.Pd.",
    nik="6210015207880001",
    birth_on=date(1988, 7, 12),
    sex="female",
    address="Jalan Tjilik Riwut No. 7, RT 03 Desa Contoh Hulu",
    phone="0812 5555 0176",
    email="siti.aminah@contoh.example",
)
OTHER = PersonInput(name="Bambang Rahardjo", address="Gang Melati 4", phone="0813 1111 2222")


@pytest.fixture
def kecamatan(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


def index(person: PersonInput = PERSON, case: str = "k") -> NameIndex:
    made = NameIndex(profiles().common)
    made.add(person)
    made.take(case, "Pelapor", person)
    return made


def what(text: str, case: str = "k", **more: object) -> list[str]:
    return [hit.what for hit in index().search(case, text, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dilaporkan oleh SITI AMINAH SOEDJONO kemarin", "nama lengkap"),
        ("oleh Siti Aminah Sujono, S.Pd.", "nama lengkap"),  # as it sounds
        ("foto_siti_aminah_soedjono.jpg", "nama lengkap"),
        ("SitiAminahSoedjono.pdf", "nama lengkap"),
        ("menurut ibu Aminah di pasar", "satu kata dari nama"),
        ("NIK 6210 0152 0788 0001", "NIK"),
        ("nik.6210-0152-0788-0001.png", "NIK"),
        ("６２１００１５２０７８８０００１", "NIK"),  # digits of full width
        ("hubungi +62 812-5555-0176", "nomor telepon"),
        ("wa 081255550176 ya", "nomor telepon"),
        ("chat_0812_5555_0176.txt", "nomor telepon"),
        ("kirim ke Siti.Aminah@contoh.example.", "alamat surel"),
        ("di Jln. Tjilik Riwut 7 malam itu", "alamat"),
        ("rumahnya RT 3 desa contoh", "alamat"),
        ("Siti A. Aminah, Sujono", "nama lengkap"),
    ],
)
def test_somebody_is_found_however_written(text: str, found: str) -> None:
    assert what(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Terlapor membagikan stiker kepada pelapor dan saksi satu dan dua.",
        "Nomor 001/LP/PB/Kec/21.05/X/2024 tanggal 15-10-2024 pukul 09.30",
        "NIP 198604122010011012 di SDN 3 Contoh",
        "aminahan situ sitinjau",  # inside other words is nobody
        "RT 04 desa lain, Jalan Contoh",
        "",
    ],
)
def test_nobody_is_found_where_nobody_is(text: str) -> None:
    assert what(text) == []


def test_in_other_cases_only_whole_names_and_numbers_count() -> None:
    assert what("Ibu Aminah di Jalan Tjilik Riwut", "lain") == []
    assert what("Siti Aminah Sudjono hadir", "lain") == ["nama lengkap"]
    assert what("telepon 0812-5555-0176", "lain") == ["nomor telepon"]
    (hit,) = index().search("lain", "Siti Aminah Sudjono hadir")
    assert hit.who == "Pelapor atau saksi perkara lain"
    (hit,) = index().search("", "Siti Aminah Sudjono hadir")
    assert hit.who == "Pelapor atau saksi"


def test_a_name_that_a_terlapor_bears_stands_in_the_open() -> None:
    assert what("Siti Aminah Soedjono", known=["Siti Aminah Soedjono, S.Pd."]) == []
    assert what("Aminah berpidato", known=["Aminah Binti Contoh"]) == []
    assert what("Siti berpidato", known=["Aminah Binti Contoh"]) == ["satu kata dari nama"]


def test_where_staff_are_named_one_word_means_nothing() -> None:
    assert what("Aminah Petugas", whole=True) == []
    assert what("Siti Aminah Sujono", whole=True) == ["nama lengkap"]


def test_a_snippet_masks_everybody_in_it() -> None:
    text = "Kata Aminah (0812 5555 0176), " + "lapor " * 30
    found = index()
    hits = found.search("k", text)
    assert [hit.what for hit in hits] == ["satu kata dari nama", "nomor telepon"]
    shown = found.snippet(text, hits[0], hits)
    assert shown.startswith(f"Kata {MASK} ({MASK}), lapor")
    assert shown.endswith("…")
    assert "Aminah" not in shown
    assert "5555" not in shown


@given(
    words=st.lists(st.sampled_from(["kantor", "pasar", "hadir", "12", "–", "\n"]), max_size=9),
    at=st.integers(0, 9),
    name=st.sampled_from(["Siti Aminah Soedjono", "SITI  AMINAH\tSUJONO", "aminah", "Siti"]),
)
def test_a_name_is_found_anywhere_and_never_shown(words: list[str], at: int, name: str) -> None:
    text = " ".join([*words[:at], name, *words[at:]])
    found = index()
    hits = found.search("k", text)
    assert found.suspects("k", text)
    assert len(hits) == 1
    assert text[hits[0].start : hits[0].end] == name
    shown = found.snippet(text, hits[0], hits).casefold()
    assert not [word for word in name.casefold().split() if word in shown]


def test_what_looks_at_many_texts_at_once_misses_nothing() -> None:
    found = index()
    for text in ("Siti Aminah Soedjono", "081255550176", "Jl Tjilik Riwut", "sitiaminahsoedjono"):
        assert found.suspects("k", f"awal\n{text}\nakhir")
    assert not found.suspects("k", "awal\nakhir")
    found.forget()
    assert not found.suspects("k", "Aminah")
    assert found.suspects("k", "Siti Aminah Soedjono")


def test_words_of_documents_are_read_too() -> None:
    assert spoken('{"a":{"b":["Siti \\u0041minah"]},"n":4}') == "Siti Aminah"
    assert spoken("{bukan dokumen") == "{bukan dokumen"
    assert spoken("Si\u200bti Re\u0301na") == "Siti R\u00e9na"


def test_a_long_text_of_anything_costs_little() -> None:
    for text in ("a" * 30_000 + "@", "@" * 30_000, "9" * 30_000, "siti " * 6_000, "1-" * 15_000):
        assert set(what(text)) <= {"satu kata dari nama"}


def test_every_text_field_of_every_table_is_read() -> None:
    for table, source in synced_tables().items():
        columns = source.__table__.columns
        left = {
            name
            for name in synced_fields(source)
            if columns[name].type.python_type is str and name not in text_fields(table)
        }
        assert all(name.endswith("_uid") or name == "sha256" for name in left), (table, left)


def planted(posko: Posko) -> str:
    """A case that names nobody, whose texts a test then writes behind the back of the checks."""
    return file_report(
        posko, new_report(reporter=PERSON, witnesses=(OTHER,), narrative="Tanpa nama.")
    ).uid


def plant(posko: Posko, table: Any, uid: str, **texts: str) -> None:
    with posko.write() as session:
        if table is Event:  # what happened is never changed
            values = {"kind": "note", "on": TODAY, "office_code": "62.10.02", **texts}
            session.add(Event(case_uid=uid, made_at=posko.now(), **values))
            return
        column = table.uid if table is Case else table.case_uid
        row = session.scalars(select(table).where(column == uid)).first()
        for name, text in texts.items():
            setattr(row, name, text)


PLANTED: list[tuple[Any, str, str, str]] = [
    (Case, "narrative", "Bu Aminah melapor.", "lembar Perkara, kolom Uraian kejadian"),
    (Case, "title", "Laporan Siti Aminah Sudjono", "lembar Perkara, kolom Peristiwa"),
    (Event, "note", "Ditelepon ke 0812-5555-0176", "lembar Langkah, kolom Catatan"),
    (Event, "data", '{"reason":"kata Aminah"}', "lembar Langkah"),
    (Evidence, "description", "Foto dari Rahardjo", "lembar Bukti, kolom Uraian bukti"),
    (Evidence, "file_name", "wa_siti_aminah_soedjono.jpg", "lembar Bukti, kolom Nama berkas"),
    (ReportedParty, "address", "dekat Gang Melati 4", "lembar Terlapor, kolom Alamat"),
]


def test_each_text_of_a_case_is_searched(kecamatan: Posko) -> None:
    uid = planted(kecamatan)
    assert names_in(kecamatan, "62.10") == ()
    for table, field, text, _ in PLANTED:
        plant(kecamatan, table, uid, **{field: text})
    found = names_in(kecamatan, "62.10")
    assert {(hit.table, hit.field, hit.place) for hit in found} == {
        (table.__tablename__, field, place) for table, field, _, place in PLANTED
    }
    for hit in found:
        assert (hit.case_uid, hit.case_number != "") == (uid, True)
        assert_silent(hit)


def assert_silent(found: Found) -> None:
    said = repr(found).casefold()
    for person in (PERSON, OTHER):
        for secret in (person.name, person.nik, person.phone, person.email, "aminah", "rahardjo"):
            assert not secret or secret.casefold() not in said
    assert MASK in found.snippet


def test_texts_of_no_case_contested_values_and_waiting_records_are_searched(
    kecamatan: Posko,
) -> None:
    uid = planted(kecamatan)
    activity = NewActivity(kind="education", on=TODAY, title="Sosialisasi Siti Aminah Soedjono")
    log_activity(kecamatan, activity)
    with kecamatan.write() as session:
        session.add(
            ParkedRecord(
                uid="menunggu", table_name="hal_baru", case_uid=uid, hash="", why="unknown_table",
                text='{"f":{"isi":"NIK 6210015207880001"},"t":"hal_baru","u":"menunggu"}',
                lsn=10**6, import_uid="",
            )
        )  # fmt: skip
        session.add(
            Letter(
                case_uid=None, office_code="62.10.02", template="imbauan", title="Surat",
                dated_on=TODAY, addressee="Bambang Rahardjo", sha256="0" * 64, size=1,
                issued_at=kecamatan.now(),
            )
        )  # fmt: skip
    found = names_in(kecamatan, "62.10")
    assert {(hit.table, hit.what) for hit in found} == {
        ("prevention", "nama lengkap"),
        ("hal_baru", "NIK"),
        ("letters", "nama lengkap"),
    }
    for hit in found:
        assert_silent(hit)


def test_a_value_that_lost_no_decision_yet_is_searched(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    kecamatan, kabupaten = office("kecamatan"), office("kabupaten")
    uid = planted(kecamatan)
    import_file(kabupaten, export(kecamatan, "62.10", tmp_path).files[0], apply=True)
    plant(kecamatan, Case, uid, title="Kata bu Aminah")
    plant(kabupaten, Case, uid, title="Judul lain")
    import_file(kecamatan, export(kabupaten, "62.10.02", tmp_path).files[0], apply=True)
    with kecamatan.store.read() as session:
        shown = session.scalars(select(Case.title)).one()
    found = names_in(kecamatan, "62.10")
    assert {hit.field for hit in found} == {"title"}, shown


@pytest.mark.parametrize("profile", ["penerus", "publik"])
def test_files_for_outsiders_wait_until_nobody_is_named(
    kecamatan: Posko, tmp_path: Path, profile: str
) -> None:
    uid = planted(kecamatan)
    plant(kecamatan, Case, uid, narrative="Bu Aminah melapor.", number="Siti Aminah Sujono 1")
    chosen: dict[str, Any] = {"what": "picked", "cases": [uid], "profile": profile}
    with pytest.raises(UserError) as refused:
        export(kecamatan, "62.10", tmp_path, **chosen)
    assert refused.value.code == "names_found"
    assert "lembar Perkara, kolom Nomor" in refused.value.message
    assert not list(tmp_path.glob("*.xlsx"))
    reason = "Sudah disetujui pelapor sendiri"
    made = export(kecamatan, "62.10", tmp_path, names_stay=reason, **chosen)
    assert made.found
    with kecamatan.store.read() as session:
        body = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "export.made")
        ).all()[-1]
        looked = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "identity.looked_for")
        ).all()
    assert records.loads(body)["names_stay"] == "Sudah disetujui pelapor sendiri"
    assert len(looked) == 2
    assert "aminah" not in "".join(looked).casefold()


def test_between_offices_the_file_is_made_and_the_names_are_told(
    kecamatan: Posko, tmp_path: Path
) -> None:
    uid = planted(kecamatan)
    plant(kecamatan, Case, uid, narrative="Bu Aminah melapor.")
    made = export(kecamatan, "62.10", tmp_path)
    assert [hit.field for hit in made.found] == ["narrative"]
    assert not made.found[0].sure
    assert not made.unchecked


def test_a_search_can_be_stopped(kecamatan: Posko, tmp_path: Path) -> None:
    planted(kecamatan)

    def stop(done: int, total: int, text: str = "") -> None:
        if "nama" in text:
            raise Cancelled

    with pytest.raises(Cancelled):
        export(kecamatan, "62.10", tmp_path, progress=stop)
    assert not list(tmp_path.glob("*.xlsx"))


def test_only_what_goes_is_searched(kecamatan: Posko, tmp_path: Path) -> None:
    first, second = planted(kecamatan), planted(kecamatan)
    plant(kecamatan, Case, first, narrative="Bu Aminah melapor.")
    assert names_in(kecamatan, "62.10", "picked", [second], profile="penerus") == ()
    found = names_in(kecamatan, "62.10", "picked", [first], profile="penerus")
    assert [hit.case_uid for hit in found] == [first]


def test_people_of_cases_that_stay_are_looked_for_too(kecamatan: Posko, tmp_path: Path) -> None:
    planted(kecamatan)
    other = file_report(
        kecamatan, new_report(reporter=OTHER, witnesses=(), narrative="Tanpa nama.")
    ).uid
    plant(kecamatan, Case, other, narrative="Sama dengan laporan Siti Aminah Soedjono; bu Aminah.")
    found = names_in(kecamatan, "62.10", "picked", [other], profile="penerus")
    assert [(hit.what, hit.who) for hit in found] == [
        ("nama lengkap", "Pelapor atau saksi perkara lain")
    ], "one word may be anybody of another case"
    with pytest.raises(UserError) as refused:
        export(
            kecamatan, "62.10", tmp_path, what="picked", cases=[other], profile="penerus"
        )  # fmt: skip
    assert refused.value.code == "names_found"


def test_an_office_that_holds_no_identity_cannot_say_that_nobody_is_named(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    """Identities never travel: a district has cases of its kecamatan and nobody to compare with."""
    kecamatan, kabupaten = office("kecamatan"), office("kabupaten")
    uid = planted(kecamatan)
    import_file(kabupaten, export(kecamatan, "62.10", tmp_path).files[0], apply=True)
    assert names_in(kabupaten, "62") == ()
    between = export(kabupaten, "62", tmp_path)
    assert between.elsewhere == (kecamatan.office.name,), "told, and made"
    chosen: dict[str, Any] = {"what": "picked", "cases": [uid]}
    for profile in ("penerus", "publik"):
        told = removed(kabupaten, "62", profile, **chosen)
        assert (told.elsewhere, told.unchecked) == ((kecamatan.office.name,), False)
        with pytest.raises(UserError, match=f"ada di kantor {kecamatan.office.name}") as refused:
            export(kabupaten, "62", tmp_path, profile=profile, **chosen)
        assert refused.value.code == "names_elsewhere"
        reason = "Kecamatan sudah memeriksa teksnya"
        export(kabupaten, "62", tmp_path, profile=profile, names_stay=reason, **chosen)
    with kabupaten.store.read() as session:
        assert session.scalars(select(Identity)).all() == []
        acts = session.scalars(select(AuditEntry.action)).all()
        body = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "export.made")
        ).all()[-1]
    assert "identity.looked_for" not in acts
    assert (records.loads(body)["names_stay"], records.loads(body)["names_elsewhere"]) == (
        reason,
        1,
    )
    own = file_report(kabupaten, new_report(narrative="Tanpa nama.")).uid
    export(kabupaten, "62", tmp_path, profile="penerus", what="picked", cases=[own])
