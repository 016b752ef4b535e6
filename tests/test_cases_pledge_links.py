"""A terlapor who signed a pledge: by NIP, as people decided, or only a question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.pledge_links import Signatory, bare_name, decide_link, pledges_of
from posko_app.errors import NotAllowed, UserError
from tests.conftest import FixedClock
from tests.factory import PARTY, new_report

SIGNED = Signatory(uid="s1", name="CONTOH TERLAPOR", nip=PARTY.nip, pledge="Ikrar contoh")
NAMESAKE = replace(SIGNED, uid="s2", nip="")
OTHER = replace(SIGNED, uid="s3", nip="198604122010011013")
ALL = (NAMESAKE, SIGNED, OTHER)


def test_numbers_are_certain_and_names_a_question(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    found = [(m.signatory.uid, m.certainty) for m in pledges_of(posko, case, ALL)]
    assert found == [("s1", "nip"), ("s2", "question")]
    assert pledges_of(posko, case, ()) == ()


def test_a_decision_outweighs_and_may_be_taken_back(posko: Posko, clock: FixedClock) -> None:
    case = file_report(posko, new_report()).uid
    party = case_view(posko, case).parties[0].uid
    decide_link(posko, case, party, "s2", same=True)
    decide_link(posko, case, party, "s1", same=False)
    found = [(m.signatory.uid, m.certainty) for m in pledges_of(posko, case, ALL)]
    assert found == [("s2", "confirmed")]
    clock.forward(minutes=1)
    decide_link(posko, case, party, "s2", same=False)
    assert pledges_of(posko, case, ALL) == ()
    with pytest.raises(UserError, match="tidak ada"):
        decide_link(posko, case, "bukan", "s1", same=True)
    posko.user = replace(posko.user, role="auditor")
    with pytest.raises(NotAllowed):
        decide_link(posko, case, party, "s1", same=True)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Drs. H. Contoh Terlapor, M.Si.", "contoh terlapor"),
        ("CONTOH  TERLAPOR", "contoh terlapor"),
        ("H.", "h"),
        ("", ""),
    ],
)
def test_names_are_compared_without_titles(name: str, bare: str) -> None:
    assert bare_name(name) == bare
