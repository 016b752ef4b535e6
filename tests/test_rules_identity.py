"""NIK, NIP, NI PPPK and telephone numbers, read and questioned as they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.rules.identity import differences, parse_nik, parse_nip, parse_phone

TODAY = date(2024, 10, 15)


def test_a_nik_tells_place_birth_and_sex() -> None:
    nik = parse_nik("6210 0152 0788 0001", TODAY)
    assert (nik.value, nik.errors, nik.warnings) == ("6210015207880001", (), ())
    assert (nik.birth, nik.sex, nik.region_code) == (date(1988, 7, 12), "female", "62.10.01")
    assert nik.grouped == "621001 520788 0001"
    assert nik.masked == "621001******0001"
    man = parse_nik("6210011207060001", TODAY)
    assert (man.birth, man.sex) == (date(2006, 7, 12), "male")


def test_the_century_makes_the_person_a_voter() -> None:
    assert parse_nik("6210011510070001", TODAY).birth == date(2007, 10, 15)  # 17 today
    assert parse_nik("6210011610070001", TODAY).birth == date(1907, 10, 16)
    assert "terbaca 1907" in parse_nik("6210011610070001", TODAY).warnings[0]
    assert parse_nik("6210012902000001", TODAY).birth == date(2000, 2, 29)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("621001520788000", "Baru 15 angka, NIK harus 16 angka."),
        ("62100152078800011", "Ada 17 angka, NIK harus 16 angka."),
        ("62100152O7880001", "NIK hanya berisi angka. Hapus huruf dan tanda lain."),
        ("6210013207880001", "Tanggal lahir dalam NIK (32-07-88) tidak ada."),
        ("6210017207880001", "Tanggal lahir dalam NIK (72-07-88) tidak ada."),
        ("6210011213880001", "Tanggal lahir dalam NIK (12-13-88) tidak ada."),
        ("6210013102880001", "Tanggal lahir dalam NIK (31-02-88) tidak ada."),
        ("6210011207880000", "Empat angka terakhir NIK tidak mungkin 0000."),
    ],
)
def test_a_wrong_nik_says_what_is_wrong(typed: str, sentence: str) -> None:
    (error,) = parse_nik(typed, TODAY).errors
    assert error.startswith(sentence)


def test_fifteen_digits_give_exactly_this_sentence() -> None:
    assert parse_nik("621001520788000", TODAY).errors == ("Baru 15 angka, NIK harus 16 angka.",)


def test_an_odd_make_up_may_be_overridden_a_wrong_length_not() -> None:
    assert parse_nik("6210013207880001", TODAY).overridable
    assert not parse_nik("621001", TODAY).overridable


def test_unknown_regions_are_questions_not_errors() -> None:
    nik = parse_nik("9910011207880001", TODAY)
    assert nik.errors == ()
    assert "provinsi 99" in nik.warnings[0]
    assert "pemekaran" in parse_nik("6299011207880001", TODAY).warnings[0]


def test_a_nip_tells_birth_start_and_sex() -> None:
    nip = parse_nip("198609262015051001")
    assert (nip.errors, nip.warnings, nip.kind) == ((), (), "pns")
    assert (nip.birth, nip.tmt, nip.sex) == (date(1986, 9, 26), date(2015, 5, 1), "male")
    assert nip.grouped == "19860926 201505 1 001"


def test_a_ni_pppk_has_no_month() -> None:
    nip = parse_nip("199009132025242014")
    assert (nip.errors, nip.kind, nip.sex) == ((), "pppk", "female")
    assert nip.tmt == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("19860926201505100", "Baru 17 angka, NIP harus 18 angka."),
        ("198613262015051001", "8 angka pertama"),
        ("198609261015051001", "angka ke-9 sampai 12"),
        ("198609262015053001", "Angka ke-15"),
        ("198609262015051000", "000"),
        ("19860926 201505 1 OO1", "hanya berisi angka"),
    ],
)
def test_a_wrong_nip_says_what_is_wrong(typed: str, part: str) -> None:
    (error,) = parse_nip(typed).errors
    assert part in error


def test_other_numbers_of_service_are_kept_with_a_warning() -> None:
    assert parse_nip("131 234 567").kind == "old"
    assert parse_nip("131234567").errors == ()
    assert parse_nip("78041234").kind == "nrp"


def test_an_unlikely_age_is_a_question() -> None:
    assert "usia 14" in parse_nip("200109262015051001").warnings[0]
    assert "usia 41" in parse_nip("197409262015051001").warnings[0]


def test_number_and_form_are_compared() -> None:
    nip = parse_nip("198609262015051001")
    assert differences(nip, date(1968, 9, 26), "male") == (
        "NIP memuat tahun lahir 1986, di isian 1968. Pilih yang benar.",
    )
    nik = parse_nik("6210015207880001", TODAY)
    assert differences(nik, date(1988, 7, 13), "male") == (
        "NIK memuat tanggal lahir 12-07-1988, di isian 13-07-1988. Pilih yang benar.",
        "NIK memuat perempuan, di isian laki-laki. Pilih yang benar.",
    )
    assert differences(nik, date(1988, 7, 12), "female") == ()
    assert differences(nik, None, "") == ()


@pytest.mark.parametrize(
    "typed",
    ["0812 5555 0176", "0812-5555-0176", "62812 5555 0176", "+62 812 5555 0176", "81255550176",
     "(0812) 5555.0176", "+62 0812 5555 0176"],
)  # fmt: skip
def test_mobile_numbers_come_in_one_form(typed: str) -> None:
    phone = parse_phone(typed)
    assert (phone.value, phone.errors, phone.kind) == ("081255550176", (), "mobile")
    assert phone.grouped == "0812 5555 0176"
    assert phone.masked == "0812******76"


def test_other_telephones() -> None:
    assert parse_phone("0536-3221234").grouped == "0536 322 1234"
    assert parse_phone("021 3905889").grouped == "021 390 5889"
    abroad = parse_phone("+60 12 345 6789")
    assert (abroad.value, abroad.kind) == ("+60123456789", "foreign")
    assert abroad.warnings


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("19860412 201001 1 012", "18 angka ini seperti NIP, bukan nomor telepon."),
        ("6210015207880001", "16 angka ini seperti NIK"),
        ("0812 555", "Baru 7 angka, nomor HP harus 10 sampai 13 angka."),
        ("0812 5555 0176 9999", "Ada 16 angka"),
        ("0812 5555 0176 / 0813 5555 0177", "satu nomor"),
        ("nol delapan", "hanya berisi angka"),
        ("", "Tulis nomor HP"),
        ("0", "Tulis nomor HP"),
        ("0012345678", "Tulis nomor HP"),
        ("+1", "tidak lengkap"),
    ],
)
def test_a_wrong_telephone_says_what_is_wrong(typed: str, part: str) -> None:
    (error,) = parse_phone(typed).errors
    assert part in error


@given(st.text(max_size=25))
def test_no_text_breaks_the_readers(typed: str) -> None:
    for read in (parse_nik(typed, TODAY), parse_nip(typed), parse_phone(typed)):
        assert isinstance(read.grouped, str)
        assert all(sentence.endswith(".") for sentence in (*read.errors, *read.warnings))
        assert read.errors or read.value


@given(st.dates(date(1930, 1, 1), date(2006, 12, 31)), st.booleans(), st.integers(1, 9999))
def test_every_made_nik_is_read_back(born: date, woman: bool, serial: int) -> None:
    day = born.day + (40 if woman else 0)
    nik = parse_nik(f"621001{day:02d}{born:%m%y}{serial:04d}", TODAY)
    assert nik.errors == ()
    assert nik.sex == ("female" if woman else "male")
    assert nik.birth is not None
    assert (nik.birth.day, nik.birth.month, nik.birth.year % 100) == (
        born.day,
        born.month,
        born.year % 100,
    )


@given(st.text("0123456789", min_size=8, max_size=12))
def test_a_read_telephone_reads_the_same_again(digits: str) -> None:
    once = parse_phone(digits)
    if not once.errors:
        assert parse_phone(once.value).value == once.value
        assert parse_phone(once.grouped).value == once.value
