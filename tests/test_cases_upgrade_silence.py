"""A case that becomes something else names nobody in the open whom it has sealed, new or old."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posko_app.app import Posko
from posko_app.cases import upgrade
from posko_app.cases.case_view import case_view
from posko_app.cases.evidence import attach
from posko_app.cases.facts_change_told import HIDDEN, past_changes
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput, NewReport, PersonInput, check_report
from posko_app.cases.steps import add_note
from posko_app.errors import InvalidInput
from tests.factory import REPORTER, TODAY, WITNESS, new_report

NOBODY = PersonInput()


def _tip(posko: Posko, **changes: Any) -> str:
    thin = NewReport(
        kind="initial_info", channel="whatsapp", filed_on=TODAY, title="Stiker di sekolah",
        info_source="Siaran grup WhatsApp",
    )  # fmt: skip
    return file_report(posko, replace(thin, **changes)).uid


def _finding(**changes: Any) -> NewReport:
    return new_report(kind="finding", reporter=NOBODY, witnesses=(), **changes)


def test_the_form_is_compared_with_everybody_sealed_before(posko: Posko) -> None:
    uid = _tip(posko, reporter=REPORTER, witnesses=(WITNESS,))
    told = _finding(
        narrative=f"Menurut {REPORTER.name}, stiker dibagikan.",
        evidence=(EvidenceInput(description=f"Foto dari {WITNESS.name}", kind="photo"),),
    )
    before = case_view(posko, uid)
    with pytest.raises(InvalidInput) as caught:
        upgrade.upgrade(posko, uid, told)
    assert {p.field for p in caught.value.problems} == {"narrative", "evidence.0.description"}
    assert case_view(posko, uid) == before
    upgrade.upgrade(posko, uid, told, accept_incomplete=True)
    assert case_view(posko, uid).state.intake_kind == "finding"


def test_a_file_named_after_somebody_sealed_before_loses_its_name(
    posko: Posko, tmp_path: Path
) -> None:
    uid = _tip(posko, reporter=REPORTER)
    chat = tmp_path / f"Chat WhatsApp dengan {REPORTER.name}.txt"
    chat.write_text("stiker")
    item = EvidenceInput(description="Percakapan", kind="document", path=chat)
    upgrade.upgrade(posko, uid, _finding(evidence=(item,)))
    assert [e.file_name for e in case_view(posko, uid).evidence] == ["B-01.txt"]


@pytest.mark.parametrize(
    "field",
    ["proxy_letter", "filed_place", "lhp_number", "plenary_number", "article", "finder_title",
     "finder_address"],
)  # fmt: skip
def test_every_text_in_the_open_is_looked_at(posko: Posko, field: str) -> None:
    named = new_report(**{field: f"rumah {REPORTER.name}"})
    assert field in {p.field for p in check_report(posko, named).missing}


def test_evidence_added_later_names_nobody_either(posko: Posko, tmp_path: Path) -> None:
    uid = file_report(posko, new_report()).uid
    photo = tmp_path / f"{REPORTER.name}.txt"
    photo.write_text("stiker")
    typed = EvidenceInput(description=f"Kiriman {REPORTER.name}", kind="photo", path=photo)
    with pytest.raises(InvalidInput, match="Keterangan bukti belum dapat disimpan"):
        attach(posko, uid, [typed])
    assert len(case_view(posko, uid).evidence) == 1
    assert not list(posko.folder.vault.glob("??/??/*"))
    attach(posko, uid, [replace(typed, description=photo.name)])  # as the command line does
    added = case_view(posko, uid).evidence[-1]
    assert (added.description, added.file_name) == ("", "B-02.txt")


def test_a_reporter_who_becomes_known_is_searched_in_what_was_there(
    posko: Posko, tmp_path: Path
) -> None:
    chat = tmp_path / f"Chat WhatsApp dengan {REPORTER.name}.txt"
    chat.write_text("stiker")
    item = EvidenceInput(description=f"Obrolan {REPORTER.name}", kind="document", path=chat)
    uid = _tip(posko, organisation=f"Forum {REPORTER.name}", evidence=(item,),
               narrative=f"{REPORTER.name} melihat stiker.")  # fmt: skip
    add_note(posko, uid, f"Ditelepon {REPORTER.name}.")
    assert case_view(posko, uid).evidence[0].file_name == chat.name
    made = upgrade.upgrade(posko, uid, new_report())
    view = case_view(posko, uid)
    assert view.evidence[0].file_name == "B-01.txt"
    (warning,) = made.warnings
    for place in ("lembaga", "keterangan B-01", "catatan 15-10-2024"):
        assert place in warning
    assert "uraian" not in warning  # the form has another one
    assert REPORTER.name not in warning
    told = {p.field: p.was for p in past_changes(posko, uid)}
    assert told["narrative"] == HIDDEN
    assert told["title"] == "Stiker di sekolah"
