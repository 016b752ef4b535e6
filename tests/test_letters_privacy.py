"""What counts as naming a person in a letter."""

from __future__ import annotations

import pytest

from posko_app.cases.report import PersonInput
from posko_app.errors import InvalidInput
from posko_app.letters.blocks import Paragraph
from posko_app.letters.privacy import Protected, found, require_silence

PERSON = PersonInput(
    name="Hj. Siti Teladan, S.Pd.",
    nik="6910015503860001",
    phone="+6281255550100",
    email="siti@contoh.example",
)


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Menurut SITI  TELADAN, hal itu benar.", ["nama"]),
        ("Menurut Hj. Siti Teladan, S.Pd.", ["nama"]),
        ("Menurut Sitti Teladan", []),
        ("Siti melihat teladan", []),
        ("NIK 691001 550386 0001", ["NIK"]),
        ("hubungi 0812-5555-0100", ["nomor telepon"]),
        ("hubungi (0812) 5555 0100", ["nomor telepon"]),
        ("pada 8 12 lalu 5555 dan 0100", []),
        ("kirim ke Siti@Contoh.example", ["alamat surel"]),
        ("tidak ada siapa pun", []),
    ],
)
def test_names_and_numbers_are_found_however_written(text: str, hits: list[str]) -> None:
    assert found(text, PERSON) == hits


def test_nothing_is_found_of_an_unknown_person() -> None:
    assert found("apa saja 123", PersonInput()) == []
    assert found("a b c", PersonInput(name="B")) == []


def test_every_find_is_named_at_once_and_never_repeated_in_the_message() -> None:
    block = Paragraph(text="Siti Teladan, 0812-5555-0100, <b>KE-4</b>")
    with pytest.raises(InvalidInput) as caught:
        require_silence([block], [Protected("pelapor", PERSON)])
    assert len(caught.value.problems) == 3
    assert "Siti" not in caught.value.message
    assert "belum diberi nomor" in caught.value.message
    require_silence([Paragraph(text="Pelapor")], [Protected("pelapor", PERSON)])
