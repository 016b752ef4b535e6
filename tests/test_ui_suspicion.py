"""What a finding is suspected of is said at its registration, so that a crime goes to Gakkumdu."""

from __future__ import annotations

from datetime import time

import pytest

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.steps import NewStep, check_new_step, record_step
from posko_app.rules.stages import Step
from tests.factory import TODAY, new_report
from ui.pages.case.step_fields import new_step, step_form
from ui.pages.case.words import Words

REGISTER = Step("registered", "Registrasi")
CRIME = "kinds.criminal"


def words_of(posko: Posko, case: str) -> Words:
    return Words(posko, case_view(posko, case))


@pytest.fixture
def finding(posko: Posko) -> str:
    return file_report(posko, new_report(kind="finding")).uid


def test_a_finding_is_asked_and_its_clocks_run(posko: Posko, finding: str) -> None:
    words = words_of(posko, finding)
    form = step_form(words, REGISTER)
    assert {CRIME, "kinds.other_law", "at"} <= {field.key for field in form.fields}
    step = new_step(words, "registered", {"on": TODAY, "at": time(8, 30), CRIME: True})
    assert step.data["kinds"] == "criminal"
    record_step(posko, finding, step)
    dues = {due.rule: due for due in case_view(posko, finding).dues}
    assert set(dues) == {"handling_base", "gakkumdu_first", "gakkumdu_second"}
    assert dues["gakkumdu_first"].clock(posko.zone) == "08.30"


def test_without_a_suspicion_nothing_more_runs(posko: Posko, finding: str) -> None:
    step = new_step(words_of(posko, finding), "registered", {"on": TODAY, CRIME: False})
    assert "kinds" not in step.data
    record_step(posko, finding, step)
    assert [due.rule for due in case_view(posko, finding).dues] == ["handling_base"]


def test_a_report_said_it_at_its_review(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    reviewed = NewStep(kind="reviewed", on=TODAY, outcome="complete", data={"kinds": "criminal"})
    record_step(posko, case, reviewed)
    keys = {field.key for field in step_form(words_of(posko, case), REGISTER).fields}
    assert CRIME not in keys
    assert "at" in keys, "the first discussion counts hours from the registration"


def test_an_unknown_kind_is_refused(posko: Posko, finding: str) -> None:
    step = NewStep(kind="registered", on=TODAY, data={"kinds": "nihil"})
    (problem,) = check_new_step(posko, finding, step)
    assert problem.field == "kinds"
