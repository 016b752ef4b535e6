"""Carrying a case through the law, and the board that follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.case_view import case_view
from posko_app.cases.dashboard import dashboard
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.queries import CaseFilter, count_cases, due_items, list_cases, view_counts
from posko_app.cases.recap import COUNTED, COUNTS, recap
from posko_app.cases.report import EvidenceInput, PersonInput
from posko_app.cases.steps import NewStep, add_note, record_step
from posko_app.cases.upgrade import upgrade
from posko_app.data.tables import AuditEntry, Event, Sibling
from posko_app.errors import InvalidInput, NotAllowed, UserError
from posko_app.office.settings import change_office, own_values
from posko_app.security import permissions
from tests.factory import TODAY, new_report


def _step(posko: Posko, case: str, kind: str, **more: object) -> str:
    return record_step(posko, case, NewStep(kind=kind, on=TODAY, **more))  # type: ignore[arg-type]


def _to_decision(posko: Posko, case: str, outcome: str = "violation") -> None:
    _step(posko, case, "reviewed", outcome="complete")
    _step(posko, case, "registered")
    _step(posko, case, "clarified")
    _step(posko, case, "assessed")
    _step(posko, case, "decided", outcome=outcome, data={"kinds": "other_law"})


def test_the_whole_way_to_the_end(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    _to_decision(posko, case)
    assert case_view(posko, case).state.stage == "referral"
    _step(posko, case, "referred", number="1/PP/2024", data={"addressee": "bkn"})
    _step(posko, case, "notified")
    state = case_view(posko, case).state
    assert state.register_number.startswith("001/")
    assert state.registered_on == TODAY
    assert state.contradictions == ()
    _step(posko, case, "closed")
    view = case_view(posko, case)
    assert view.state.closed
    assert view.dues == ()
    assert list_cases(posko, CaseFilter(view="closed"))[0].uid == case
    assert list_cases(posko, CaseFilter(view="active")) == ()


def test_registration_starts_the_handling_clock(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    _step(posko, case, "reviewed", outcome="complete")
    _step(posko, case, "registered")
    due = next(d for d in case_view(posko, case).dues if d.rule == "handling_base")
    assert due.due_on == date(2024, 10, 18)
    assert [d.date for d in due.days if d.counted] == [
        date(2024, 10, 16),
        date(2024, 10, 17),
        date(2024, 10, 18),
    ]


def test_a_step_out_of_turn_is_refused(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    with pytest.raises(InvalidInput):
        _step(posko, case, "decided", outcome="violation")
    with pytest.raises(InvalidInput, match="setelah hari ini"):
        record_step(posko, case, NewStep(kind="note", on=date(2024, 10, 16), note="x"))


def test_the_hour_of_a_step_lies_on_its_date(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    midnight = datetime(2024, 10, 15, 17, 30, tzinfo=UTC)  # 00.30 WIB on the 16th
    with pytest.raises(InvalidInput, match="tanggal lain"):
        _step(posko, case, "reviewed", outcome="complete", at=midnight)
    _step(posko, case, "reviewed", outcome="complete", at=midnight - timedelta(hours=1))


def test_registration_waits_for_the_requirements(posko: Posko) -> None:
    case = file_report(posko, new_report(evidence=())).uid
    _step(posko, case, "reviewed", outcome="complete")
    with pytest.raises(InvalidInput, match="Syarat"):
        _step(posko, case, "registered")
    attach(posko, case, [EvidenceInput(description="Foto")])
    _step(posko, case, "registered")


def test_a_note_moves_nothing(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    before = case_view(posko, case).state.stage
    add_note(posko, case, "Saksi bersedia hadir.")
    view = case_view(posko, case)
    assert view.state.stage == before
    assert view.events[0].note == "Saksi bersedia hadir."


def test_a_correction_voids_a_step(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    wrong = _step(posko, case, "reviewed", outcome="incomplete")
    _step(posko, case, "corrected", corrects=wrong)
    view = case_view(posko, case)
    assert view.state.stage in ("received", "initial_review")
    assert next(e for e in view.events if e.uid == wrong).voided


def test_a_tip_that_became_a_finding_is_registered_as_one(posko: Posko) -> None:
    case = file_report(posko, new_report(kind="initial_info")).uid
    upgrade(posko, case, new_report(kind="finding", reporter=PersonInput(), witnesses=()))
    _step(posko, case, "registered")
    assert "/TM/" in case_view(posko, case).state.register_number
    assert recap(posko, TODAY, TODAY).cases[0].reporter == "Penemu"


def test_a_tip_that_became_a_report_must_meet_the_requirements(posko: Posko) -> None:
    case = file_report(posko, new_report(kind="initial_info", evidence=())).uid
    upgrade(posko, case, new_report(evidence=()))
    _step(posko, case, "reviewed", outcome="complete")
    with pytest.raises(InvalidInput, match="Bukti"):
        _step(posko, case, "registered")
    attach(posko, case, [EvidenceInput(description="Foto")])
    _step(posko, case, "registered")
    assert "/LP/" in case_view(posko, case).state.register_number


def test_an_office_voids_only_its_own_notes_and_those_below_it(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    made = {}
    for office in ("62", "62.11", "62.10.02", "62.10"):
        posko.office = replace(posko.office, code=office)
        made[office] = add_note(posko, case, f"Catatan {office}")
    for office in ("62", "62.11"):
        with pytest.raises(InvalidInput, match="kantor lain"):
            _step(posko, case, "corrected", corrects=made[office])
    for office in ("62.10.02", "62.10"):
        _step(posko, case, "corrected", corrects=made[office])


def test_reopening_is_a_decision(posko: Posko) -> None:
    case = file_report(posko, new_report(kind="consultation")).uid
    _step(posko, case, "closed")
    posko.user = replace(posko.user, role="receiver")
    with pytest.raises(NotAllowed):
        _step(posko, case, "reopened")


def test_the_board_equals_what_it_is_made_from(posko: Posko) -> None:
    first = file_report(posko, new_report()).uid
    file_report(posko, new_report(kind="finding"))
    file_report(posko, new_report(kind="initial_info"))
    _to_decision(posko, first)
    with posko.store.read() as session:
        assert board.board_problems(posko, session) == []
    with posko.write() as session:
        from sqlalchemy import update

        from posko_app.data.tables import CaseBoard

        session.execute(update(CaseBoard).values(stage="closed"))
    with posko.store.read() as session:
        assert len(board.board_problems(posko, session)) == 3


def test_a_new_holiday_moves_the_deadlines_in_lists_too(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    posko = office("kabupaten")
    change_office(posko, regulation="pemilu-2022")
    case = file_report(posko, new_report()).uid
    assert list_cases(posko, CaseFilter())[0].due_on == date(2024, 10, 17)
    posko.folder.calendar.write_text('[[day]]\non = 2024-10-16\nname = "Hari jadi"\n')
    posko.close()
    again = office("kabupaten")
    assert case_view(again, case).dues[0].due_on == date(2024, 10, 18)
    assert list_cases(again, CaseFilter())[0].due_on == date(2024, 10, 18)
    assert due_items(again)[0].due.due_on == date(2024, 10, 18)
    with again.store.read() as session:
        assert board.board_problems(again, session) == []
        lines = select(AuditEntry.action).where(AuditEntry.action == "board.rebuilt")
        assert len(session.scalars(lines).all()) == 1
    again.close()
    third = office("kabupaten")
    assert list_cases(third, CaseFilter())[0].due_on == date(2024, 10, 18)
    with third.store.read() as session:
        assert len(session.scalars(lines).all()) == 1  # once is enough
    assert own_values(third) == {}


def test_lists_filter_sort_and_page(posko: Posko) -> None:
    uids = [
        file_report(
            posko,
            new_report(
                filed_on=date(2024, 10, day),
                known_on=date(2024, 10, 9),
                event_on=date(2024, 10, 8),
                title=f"Perkara {day}",
            ),
        ).uid
        for day in (12, 10, 14, 11, 13)
    ]
    rows = list_cases(posko, CaseFilter())
    assert [r.filed_on.day for r in rows] == [10, 11, 12, 13, 14]
    pages = []
    after = None
    while page := list_cases(posko, CaseFilter(), limit=2, after=after):
        pages += [r.uid for r in page]
        after = page[-1]
    assert pages == [r.uid for r in rows]
    assert set(pages) == set(uids)
    assert [r.title for r in list_cases(posko, CaseFilter(text="perkara 13"))] == ["Perkara 13"]
    assert count_cases(posko, CaseFilter(region_code="62.10")) == 5
    assert count_cases(posko, CaseFilter(region_code="62.1")) == 0
    assert count_cases(posko, CaseFilter(filed_from=date(2024, 10, 13))) == 2
    assert view_counts(posko)["late"] == count_cases(posko, CaseFilter(due="late"))


def test_due_items_come_safe_date_first(posko: Posko) -> None:
    for day in (14, 12, 13):
        file_report(
            posko,
            new_report(
                filed_on=date(2024, 10, day),
                known_on=date(2024, 10, 12),
                event_on=date(2024, 10, 11),
            ),
        )
    items = due_items(posko)
    assert [i.due.safe_on for i in items] == sorted(i.due.safe_on for i in items)
    assert all(i.due.days and i.due.basis for i in items)
    board_dates = {r.uid: r.safe_on for r in list_cases(posko, CaseFilter())}
    assert {i.case.uid: i.due.safe_on for i in items} == board_dates


def test_the_dashboard_adds_up(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    file_report(posko, new_report())
    _step(posko, case, "reviewed", outcome="complete")
    _step(posko, case, "registered")
    _step(
        posko,
        case,
        "invited",
        data={"for_on": TODAY.isoformat(), "for_time": "10.00", "whom": "terlapor"},
    )
    home = dashboard(posko)
    assert (home.active, home.early, home.handled, home.week) == (2, 1, 1, 2)
    assert home.days_to_vote == 43
    assert [a.time for a in home.agenda] == ["10.00"]
    assert home.due_total == 2


def test_a_voided_referral_or_invitation_counts_nowhere(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    _to_decision(posko, case)
    sent = _step(posko, case, "referred", data={"addressee": "bkn"})
    asked = CaseFilter(view="all", referred_from=TODAY.replace(day=1), referred_to=TODAY)
    assert dashboard(posko).referred_month == count_cases(posko, asked) == 1
    _step(posko, case, "corrected", corrects=sent)
    assert dashboard(posko).referred_month == count_cases(posko, asked) == 0
    other = file_report(posko, new_report()).uid
    _step(posko, other, "reviewed", outcome="complete")
    _step(posko, other, "registered")
    invited = _step(posko, other, "invited", data={"for_on": TODAY.isoformat()})
    assert len(dashboard(posko).agenda) == 1
    _step(posko, other, "corrected", corrects=invited)
    assert dashboard(posko).agenda == ()


def test_everyone_who_may_read_cases_sees_the_dashboard(posko: Posko) -> None:
    file_report(posko, new_report())
    for role in permissions.ROLES:
        posko.user = replace(posko.user, role=role)
        assert dashboard(posko).active == 1


def test_a_recap_says_which_cases_offices_differ_about(posko: Posko) -> None:
    uids = [file_report(posko, new_report()).uid for _ in range(3)]
    with posko.write() as session:
        for value in ("Satu", "Dua"):
            session.add(
                Sibling(
                    uid=uids[0],
                    table_name="cases",
                    case_uid=uids[0],
                    field="title",
                    sibling=json.dumps({"m": [value, f"DEV{value}", 1, 1, ""]}),
                )
            )
        board.refresh(posko, session, uids)
        # Another office's decision that came without what led to it.
        session.add(
            Event(
                case_uid=uids[1],
                kind="decided",
                on=TODAY,
                office_code="62.10.02",
                outcome="violation",
                made_at=posko.now(),
            )
        )
    made = recap(posko, TODAY, TODAY)
    assert made.contested == 2
    assert [bool(c.note) for c in made.cases] == [True, True, False]


def test_recap_totals_equal_the_rows(posko: Posko) -> None:
    decided = file_report(posko, new_report()).uid
    _to_decision(posko, decided)
    file_report(posko, new_report(region_code="62.10.03"))
    file_report(posko, new_report(kind="finding"))
    file_report(posko, new_report(kind="initial_info"))
    file_report(posko, new_report(kind="consultation"))
    made = recap(posko, date(2024, 10, 1), date(2024, 10, 31))
    assert len(made.cases) == 4  # the tip is listed, the consultation is not
    assert made.totals["total"] == sum(c.kind in COUNTED for c in made.cases) == 3
    assert made.totals["findings"] == 1
    assert made.totals["registered"] == sum(c.registration == "registered" for c in made.cases)
    assert made.totals["violations"] == made.totals["other_law"] == 1
    for name in COUNTS:
        assert made.totals[name] == sum(getattr(r, name) for r in made.regions)
    assert all("Contoh Pelapor" not in str(c) for c in made.cases)
    assert recap(posko, date(2024, 11, 1), date(2024, 11, 2)).cases == ()
    with pytest.raises(UserError, match="Balik"):
        recap(posko, date(2024, 11, 2), date(2024, 11, 1))
