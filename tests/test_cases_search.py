"""Search: everything that stands in the open, however it is spelled, and never an identity."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from posko_app.app import Posko
from posko_app.cases.board import board_problems
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.queries import CaseFilter, count_cases, list_cases
from posko_app.cases.report import EvidenceInput
from posko_app.cases.search import find_cases, first_look
from posko_app.data.tables import CaseBoard, KnownWord, WordGram
from posko_app.letters.catalogue import Value
from posko_app.letters.issue import issue
from tests.factory import PARTY, REPORTER, WITNESS, new_report


def filed(posko: Posko, name: str = "", **changes: Any) -> str:
    reported = (replace(PARTY, name=name),) if name else (PARTY,)
    return file_report(posko, new_report(reported=reported, **changes)).uid


def found(posko: Posko, words: str) -> list[str]:
    return [row.uid for row in list_cases(posko, CaseFilter(view="all", text=words))]


@pytest.mark.parametrize(
    "typed",
    [
        "Sujono", "soedjono", "SOEJONO", "sujo", "drs sujono", "Sujono, S.Sos.",
        "sujoono", "sjuono", "sujno",
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_spelled(posko: Posko, typed: str) -> None:
    uid = filed(posko, "Drs. H. Soedjono Rekaan, M.Si.")
    filed(posko, "Bahruddin Contoh")
    assert found(posko, typed) == [uid]


def test_typos_count_only_where_nothing_fits(posko: Posko) -> None:
    right = filed(posko, "Bahrudin Contoh")
    near = filed(posko, "Bahradin Contoh")
    assert found(posko, "bahrudin") == [right]
    assert first_look(posko, CaseFilter(view="all", text="bahrudin"), 9)[2] == ()
    assert set(found(posko, "bahridin")) == {right, near}
    assert set(first_look(posko, CaseFilter(view="all", text="bahridin"), 9)[2]) == {
        "bahrudin",
        "bahradin",
    }
    assert count_cases(posko, CaseFilter(view="all", text="bahridin")) == 2


def test_of_two_words_either_may_be_misspelled(posko: Posko) -> None:
    uid = filed(posko, "Budi Santoso")
    filed(posko, "Santosa Contoh")  # the other word is there, with somebody else
    assert found(posko, "budi santosa") == [uid]
    assert found(posko, "budy santoso") == [uid]
    assert found(posko, "zzzz santoso") == []


def test_short_words_and_numbers_are_never_guessed(posko: Posko) -> None:
    filed(posko, "Sri Contoh")
    assert found(posko, "sro") == []
    assert found(posko, "198604122010011013") == []
    assert len(found(posko, "19860412 201001 1 012")) == 1


def test_letters_and_file_names_are_found(posko: Posko, tmp_path: Path) -> None:
    uid = filed(posko)
    picture = tmp_path / "spanduk_lapangan.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0 spanduk")
    assert found(posko, "spanduk") == []
    attach(posko, uid, [EvidenceInput(description="Foto", kind="photo", path=picture)])
    assert found(posko, "spanduk lapangan") == [uid]
    assert found(posko, "sepanduk") == [uid]
    letter = issue(posko, uid, "tanda-bukti")
    assert found(posko, letter.title) == [uid]
    hit = find_cases(posko, "spanduk").hits[0]
    assert [(s.kind, s.text) for s in hit.spots] == [("file", "spanduk_lapangan.jpg")]
    assert find_cases(posko, letter.title).hits[0].spots[0].kind == "letter"
    with posko.store.read() as session:
        assert board_problems(posko, session) == []


def test_where_it_was_found_is_told(posko: Posko) -> None:
    uid = filed(posko, "Camat Contoh")
    spots = find_cases(posko, "halaman sekolah").hits[0].spots
    assert [s.kind for s in spots] == ["narrative"]
    assert "halaman sekolah" in spots[0].text
    kinds = {s.kind for s in find_cases(posko, "contoh").hits[0].spots}
    assert {"party", "place"} <= kinds
    assert [h.case.uid for h in find_cases(posko, "stiker", limit=1).hits] == [uid]
    assert find_cases(posko, "  ").hits == ()


def test_letters_without_a_case_are_found_too(posko: Posko) -> None:
    appeals = [{"text": "Menjaga netralitas."}]
    addressee = "Kepala Dinas Percontohan"
    given: dict[str, Value] = {"letter.addressee": addressee, "appeals": appeals}
    issued = issue(posko, "", "imbauan", values=given)
    hits = find_cases(posko, "dinas percontohan").letters
    assert [(hit.uid, hit.addressee) for hit in hits] == [(issued.uid, "Kepala Dinas Percontohan")]


def test_nobody_is_found_by_the_name_of_a_reporter_or_witness(posko: Posko, tmp_path: Path) -> None:
    """Neither in lists nor among the words kept for typos; a file that names one is renamed."""
    reporter = replace(REPORTER, name="Kartolo Rahasianto")
    uid = filed(posko, reporter=reporter, witnesses=(replace(WITNESS, name="Ngatinem Sunyi"),))
    chat = tmp_path / "WhatsApp Chat dengan Kartolo Rahasianto.txt"
    chat.write_text("isi", "utf-8")
    attach(posko, uid, [EvidenceInput(description="Percakapan", path=chat)])
    issue(posko, uid, "tanda-bukti")
    for word in ("kartolo", "rahasianto", "ngatinem", "sunyi", "kartola", REPORTER.nik):
        assert found(posko, word) == [], word
        assert find_cases(posko, word).hits == ()
    with posko.store.read() as session:
        kept = {*session.scalars(select(KnownWord.word)), *session.scalars(select(WordGram.word))}
        lines = " ".join(session.scalars(select(CaseBoard.search_text)))
    assert not {"kartolo", "rahasianto", "ngatinem", "sunyi"} & {*kept, *lines.split()}


def test_words_are_kept_once(posko: Posko) -> None:
    for _ in range(3):
        filed(posko, "Soedjono Rekaan")
    with posko.store.read() as session:
        words = list(session.scalars(select(KnownWord.word)))
        grams = session.execute(select(WordGram.gram, WordGram.word)).all()
    assert words.count("suyono") == 1
    assert len(grams) == len(set(grams))


@pytest.mark.parametrize("typed", ['"', "*", "a* OR b", "NOT", "(", "'; DROP", "\\", "&|!:*", "–"])
def test_signs_are_no_commands(posko: Posko, typed: str) -> None:
    filed(posko)
    found(posko, typed)
    find_cases(posko, typed)


def test_what_a_list_shows_at_first_looks_up_its_words_once(posko: Posko) -> None:
    file_report(posko, new_report(title="Lurah membagikan kaus"))
    asked: list[str] = []

    def hear(_c: object, _u: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(posko.store.engine, "before_cursor_execute", hear)
    wanted = CaseFilter(view="all", text="membagikn kaus")
    count, rows, instead = first_look(posko, wanted, 50)
    event.remove(posko.store.engine, "before_cursor_execute", hear)
    assert (count, [row.title for row in rows], instead) == (
        1, ["Lurah membagikan kaus"], ("membagikan",)
    )  # fmt: skip
    compared = [statement for statement in asked if "word_grams" in statement]
    assert len(compared) <= 2, "once for each of the two words"
    assert first_look(posko, CaseFilter(view="all", text="tidakada"), 50) == (0, (), ())
