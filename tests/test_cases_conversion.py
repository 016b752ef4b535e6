"""Undoing that a case became something else gives it back its kind, its name and its dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from posko_app.app import Posko
from posko_app.cases.board import board_problems
from posko_app.cases.case_view import case_view
from posko_app.cases.facts_change import change_facts
from posko_app.cases.intake import file_report
from posko_app.cases.report import NewReport, PersonInput, ReportedInput
from posko_app.cases.steps import NewStep, check_new_step, record_step
from posko_app.cases.upgrade import convert, upgrade
from posko_app.errors import InvalidInput
from posko_app.rules.deadlines import case_dates
from tests.factory import TODAY, new_report

EARLIER = date(2024, 10, 12)
DATES = ("filed_on", "filed_time", "filed_place", "channel", "arrived_at", "arrival_reason",
         "known_on", "received_at", "reporter_alias", "number", "plenary_on", "lhp_on",
         "finder")  # fmt: skip


def tip(posko: Posko, **changes: Any) -> str:
    thin = NewReport(
        kind="initial_info", channel="whatsapp", filed_on=EARLIER, filed_time="08:00",
        title="Stiker di sekolah", reported=(ReportedInput(name="Contoh Terlapor"),),
        info_source="Siaran grup WhatsApp",
    )  # fmt: skip
    return file_report(posko, replace(thin, **changes)).uid


def stands(posko: Posko, case: str) -> dict[str, object]:
    view = case_view(posko, case)
    facts = {name: getattr(view.facts, name) for name in DATES}
    with posko.store.read() as session:
        assert board_problems(posko, session) == []
    return {
        **facts,
        "kind": view.state.intake_kind,
        "stage": view.state.stage,
        "state_filed_on": view.state.filed_on,
        "dates": dict(case_dates(view.state, posko.zone)),
        "dues": [(due.rule, due.due_on) for due in view.dues],
    }


def undo(posko: Posko, case: str) -> None:
    converted = [e for e in case_view(posko, case).events if e.kind == "converted" and not e.voided]
    step = NewStep(kind="corrected", on=TODAY, corrects=converted[0].uid, note="Salah pilih")
    record_step(posko, case, step)


def test_a_report_that_was_a_tip_becomes_it_again(posko: Posko) -> None:
    case = tip(posko)
    before = stands(posko, case)
    stamped = datetime(2024, 10, 15, 9, 12, tzinfo=posko.zone)
    upgrade(posko, case, new_report(arrived_at=stamped, arrival_reason="Menunggu giliran."))
    assert stands(posko, case) != before
    undo(posko, case)
    assert stands(posko, case) == before
    made = upgrade(posko, case, new_report())
    assert case_view(posko, case).facts.reporter_alias == f"Pelapor {made.number[:3]}"


def test_dates_corrected_meanwhile_go_with_what_is_undone(posko: Posko) -> None:
    case = tip(posko, filed_on=TODAY, filed_time="09:30")
    before = stands(posko, case)
    upgrade(posko, case, new_report())
    change_facts(posko, case, {"filed_time": "10:45", "known_on": date(2024, 10, 13)}, "Salah jam")
    undo(posko, case)
    assert stands(posko, case) == before


def test_a_finding_that_was_a_tip_becomes_it_again(posko: Posko) -> None:
    case = tip(posko)
    before = stands(posko, case)
    upgrade(posko, case, new_report(kind="finding", reporter=PersonInput(), known_on=TODAY))
    change_facts(posko, case, {"filed_on": date(2024, 10, 11)}, "Diterima sehari sebelumnya")
    undo(posko, case)
    after = stands(posko, case)
    assert {k: v for k, v in after.items() if v != before[k]} == {
        "filed_on": date(2024, 10, 11),
        "state_filed_on": date(2024, 10, 11),
        "received_at": datetime(2024, 10, 11, 8, 0, tzinfo=posko.zone),
        "dates": {
            "received": datetime(2024, 10, 11, 8, 0, tzinfo=posko.zone),
            "found": date(2024, 10, 11),
        },
        "dues": after["dues"],
    }


def test_a_report_that_became_a_tip_is_called_so_until_it_is_undone(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    before = stands(posko, case)
    convert(posko, case, "initial_info", TODAY, "Layak ditelusuri")
    assert case_view(posko, case).facts.reporter_alias == "Pengirim"
    undo(posko, case)
    assert stands(posko, case) == before


def test_undoing_them_in_any_order_ends_where_it_began(posko: Posko) -> None:
    asked = new_report(kind="consultation", filed_on=EARLIER, filed_time="08:00", known_on=None,
                       event_on=date(2024, 10, 11))  # fmt: skip
    case = file_report(posko, asked).uid
    before = stands(posko, case)
    convert(posko, case, "initial_info", date(2024, 10, 14), "Memuat dugaan pelanggaran")
    upgrade(posko, case, new_report())
    first = next(e for e in case_view(posko, case).events if e.on == date(2024, 10, 14))
    step = NewStep(kind="corrected", on=TODAY, corrects=first.uid, note="Salah pilih")
    record_step(posko, case, step)
    assert case_view(posko, case).facts.reporter_alias.startswith("Pelapor")
    undo(posko, case)
    assert stands(posko, case) == before


@pytest.mark.parametrize(("target", "said"), [
    ("report", "formulirnya harus diisi"),
    ("finding", "formulirnya harus diisi"),
    ("request", "tidak dapat dijadikan permintaan"),
])  # fmt: skip
def test_what_needs_a_form_is_made_over_it_alone(posko: Posko, target: str, said: str) -> None:
    case = tip(posko)
    with pytest.raises(InvalidInput, match=said):
        convert(posko, case, target, TODAY)
    step = NewStep(kind="converted", on=TODAY, data={"intake_kind": target})
    with pytest.raises(InvalidInput, match=said):
        record_step(posko, case, step)
    (problem,) = check_new_step(posko, case, step)
    assert problem.field == "intake_kind"
    assert case_view(posko, case).state.intake_kind == "initial_info"
