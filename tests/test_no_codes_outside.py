"""Codes of our own catalogue and uncertain sanctions stay inside: in no letter, in no export."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.assessment import choose_violation, violation_forms
from posko_app.cases.case_view import case_view
from posko_app.cases.find import uids_of
from posko_app.cases.intake import file_report
from posko_app.cases.recap import recap
from posko_app.cases.report import ReportedInput
from posko_app.data.tables import Case
from posko_app.errors import InvalidInput
from posko_app.exchange.export import export
from posko_app.exchange.layout import layout
from posko_app.exchange.left_out import left_out
from posko_app.exchange.recap_book import write_recap
from posko_app.letters.blocks import as_text
from posko_app.letters.compose import compose
from posko_app.letters.samples import typical
from posko_app.letters.template import load_templates
from posko_app.rules.catalogue import OWN_CODE, load_catalogue, with_articles, without_codes
from tests.factory import PARTY, new_report

ENTRIES = load_catalogue().entries
UNSURE = [entry.question for entry in ENTRIES.values() if entry.question]
LEVELS = {entry.level_label for entry in ENTRIES.values() if entry.level_label}


def write_article(posko: Posko, case_uid: str, words: str) -> None:
    with posko.write() as session:
        row = session.scalars(select(Case).where(Case.uid == case_uid)).one()
        row.article = words


@pytest.fixture
def case(posko: Posko) -> str:
    """A case with every form of violation chosen that fits, and codes written where they may be."""
    heads = ReportedInput(name="Contoh Kades", category="village_official")
    filed = file_report(posko, new_report(reported=(PARTY, heads), event_on=date(2024, 9, 20)))
    for form in violation_forms(posko, case_view(posko, filed.uid)):
        choose_violation(posko, filed.uid, form.entry.code)
    write_article(posko, filed.uid, "KE-4; Pasal 71 ayat (1)")  # as an older version kept it
    chosen = [f for f in violation_forms(posko, case_view(posko, filed.uid)) if f.chosen]
    assert {"KE-1", "DS-9", "UU6-51"} <= {form.entry.code for form in chosen}
    return filed.uid


def kept_inside(words: str) -> Iterator[str]:
    """What of our own stands in a text that leaves the office."""
    yield from (code for code, entry in ENTRIES.items() if entry.own_code and code in words)
    yield from (question for question in UNSURE if question in words)
    yield from (level for level in LEVELS if level in words)


def everything_in(workbook: Path) -> str:
    """All parts of a workbook, the hidden ones too."""
    with zipfile.ZipFile(workbook) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def test_no_letter_prints_a_code_or_an_uncertain_level(posko: Posko, case: str) -> None:
    filled = 0
    for name in load_templates():
        try:
            letter = compose(posko, case, name, {}, "")
        except InvalidInput:
            continue  # not for this kind of intake
        assert not list(kept_inside(str(letter.values))), name
        told = {key: value for key, value in letter.values.items() if value}
        words = as_text(letter.template.fill({**typical(), **told}, letter.law))
        assert not list(kept_inside(words)), name
        filled += 1
    assert filled >= 10


def test_no_template_and_no_name_of_a_value_holds_one() -> None:
    for path in sorted(Path("resources/letters").glob("*.toml")):
        assert not list(kept_inside(path.read_text("utf-8"))), path.name


def test_a_code_that_is_typed_into_a_letter_stops_it(posko: Posko, case: str) -> None:
    letter = compose(
        posko, case, "penerusan-hukum-lainnya", {"letter.summary": "Terlapor melakukan DS-8."}, ""
    )
    with pytest.raises(InvalidInput, match="KE/DS"):
        letter.filled("001")


def test_the_article_is_kept_where_somebody_writes_a_code(posko: Posko) -> None:
    filed = file_report(posko, new_report(article="KE-4; Pasal 71 ayat (1)"))
    article = case_view(posko, filed.uid).facts.article
    assert article == "Pasal 11 huruf c dan Pasal 15 PP 42/2004; Pasal 71 ayat (1)"
    assert with_articles("tanpa sandi, juga bukan DS-99") == "tanpa sandi, juga bukan DS-99"


@pytest.mark.parametrize("words", ["HARI KE-2", "pelat DS-1234", "ke-2", "MAKE-7", "KE-"])
def test_other_words_are_no_codes(words: str) -> None:
    assert not OWN_CODE.search(words)
    assert without_codes(words) == words


def test_brackets_around_a_code_go_with_it() -> None:
    assert without_codes("Menyukai unggahan (KE-4); DS-6") == "Menyukai unggahan"


def test_what_leaves_for_others_has_no_place_for_a_code(posko: Posko, case: str,
                                                        tmp_path: Path) -> None:  # fmt: skip
    assert "check_marks" in left_out("penerus"), "chosen forms of violation stand there"
    shown = [sheet for sheet in layout().sheets if sheet.table not in left_out("penerus")]
    for sheet in shown:
        assert not [c for c in sheet.columns if list(kept_inside(f"{c.heading} {c.note}"))]
    other = file_report(posko, new_report(article="DS-6 dan DS-7")).uid
    write_article(posko, case, "Pasal 71")  # the old text, as its office mends it
    chosen = [*uids_of(posko, [case]), other]
    result = export(posko, "62", tmp_path, what="picked", cases=chosen, profile="penerus")
    for path in result.files:
        assert not list(kept_inside(everything_in(path)))


def test_the_recap_prints_no_code(posko: Posko, case: str, tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    write_recap(posko, recap(posko, date(2024, 1, 1), posko.today()), path)
    words = everything_in(path)
    assert "Pasal 71 ayat (1)" in words
    assert not list(kept_inside(words))
