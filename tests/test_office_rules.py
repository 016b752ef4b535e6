"""Own holidays and rules of an office: drill before, one transaction, history, signed files."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.cases import board
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.law_change import apply_change, drill
from posko_app.cases.queries import DueItem, due_items
from posko_app.cases.steps import NewStep, record_step
from posko_app.data.tables import AuditEntry, CaseBoard
from posko_app.errors import Cancelled, InvalidInput, NotAllowed, UserError
from posko_app.letters.count_sheet import case_count_sheet
from posko_app.office.accounts import add_account
from posko_app.office.holidays import (
    adding,
    holiday_history,
    holidays,
    moving,
    plan_holidays,
    plan_joint_leave,
    plan_year,
    removing,
    restoring,
)
from posko_app.office.rules import (
    decisions,
    fact_rows,
    plan_override,
    plan_reading,
    plan_undo,
)
from posko_app.office.settings import change_office
from posko_app.rules.override import Override, plain, problems_of
from tests.factory import PASSWORD, TODAY, new_report
from tests.test_letters_issue import text_of as pages_of

THURSDAY = date(2024, 10, 17)
WHY = "Keputusan Bupati 12/2024"


@pytest.fixture
def working(posko: Posko) -> Posko:
    """An office whose law counts working days, with one open case filed on Tuesday 15 October."""
    change_office(posko, regulation="pemilu-2022", election_kind="PL")
    file_report(posko, new_report())
    return posko


def limits(posko: Posko) -> list[tuple[date, date]]:
    return [(item.due.due_on, item.due.safe_on) for item in due_items(posko)]


def lines(posko: Posko) -> list[tuple[date | None, date | None]]:
    with posko.store.read() as session:
        return [(r.due_on, r.safe_on) for r in session.scalars(select(CaseBoard))]


def test_a_holiday_is_rehearsed_then_applied(working: Posko) -> None:
    before = limits(working)
    assert before[0][0] == THURSDAY
    change = plan_holidays(working, adding(date(2024, 10, 16), "Hari jadi kabupaten"), WHY)
    found = drill(working, change)
    assert (found.looked_at, found.cases) == (1, 1)
    moved = found.moved[0]
    assert (moved.old_on, moved.new_on) == (THURSDAY, date(2024, 10, 18))
    assert "Rab 16 Okt 2024: Hari libur daerah: Hari jadi kabupaten" in moved.why
    assert not moved.earlier
    assert limits(working) == before, "a rehearsal changes nothing"
    apply_change(working, change)
    assert limits(working)[0][0] == date(2024, 10, 18)
    assert lines(working)[0][0] == date(2024, 10, 18)
    with working.store.read() as session:
        assert board.board_problems(working, session) == []
        said = session.scalars(select(AuditEntry.action)).all()
    assert "holiday.changed" in said
    assert "board.rebuilt" not in said, "only the lines of open cases are computed anew"


def test_it_holds_after_opening_again(working: Posko, office: Callable[..., Posko]) -> None:
    apply_change(working, plan_holidays(working, adding(date(2024, 10, 16), "Hari jadi"), WHY))
    mark = working.law_mark
    working.close()
    again = office("kabupaten")
    assert (again.law_mark, again.board_mark) == (mark, f"{mark}/WIB")
    assert not again.calendar.working(date(2024, 10, 16))


def test_days_are_removed_moved_and_given_back(posko: Posko) -> None:
    christmas = date(2024, 12, 25)
    apply_change(posko, plan_holidays(posko, removing(posko, christmas), WHY))
    assert posko.calendar.working(christmas)
    apply_change(posko, plan_holidays(posko, restoring(christmas), WHY))
    assert not posko.calendar.working(christmas)
    apply_change(posko, plan_holidays(posko, moving(posko, christmas, date(2024, 12, 23)), WHY))
    assert posko.calendar.working(christmas)
    assert posko.calendar.why(date(2024, 12, 23)).endswith("Natal")
    own = [row for row in holidays(posko, 2024) if row.own]
    assert [(row.on.day, row.working, row.reason) for row in own] == [
        (23, False, WHY), (25, True, WHY),
    ]  # fmt: skip
    apply_change(posko, plan_holidays(posko, removing(posko, date(2024, 12, 23)), WHY))
    assert posko.calendar.working(date(2024, 12, 23))
    states = [row.state for row in reversed(holiday_history(posko))]
    assert states == ["worked", "shipped", "worked", "free", "shipped"], "every word stays"


def test_joint_leave_may_count_as_working(posko: Posko) -> None:
    leave = next(
        on for on, days in posko.calendar.holidays.items()
        if on.year == 2024 and days[0].kind == "joint_leave" and on.weekday() < 5
    )  # fmt: skip
    apply_change(posko, plan_joint_leave(posko, working=True, reason=WHY))
    assert posko.calendar.working(leave)
    apply_change(posko, plan_joint_leave(posko, working=False, reason=WHY))
    assert not posko.calendar.working(leave)


def test_wrong_edits_are_told_all_at_once(posko: Posko) -> None:
    with pytest.raises(InvalidInput) as told:
        plan_holidays(posko, adding(THURSDAY, " ", "besok"), " ")
    assert {p.field for p in told.value.problems} == {"name", "kind", "reason"}
    with pytest.raises(InvalidInput, match="tidak ada di daftar"):
        plan_holidays(posko, removing(posko, THURSDAY), WHY)
    with pytest.raises(InvalidInput, match="sudah tercatat"):
        plan_holidays(posko, adding(date(2024, 12, 25), "Hari Raya Natal"), WHY)


def test_cancelling_leaves_everything_as_it_was(working: Posko) -> None:
    change = plan_holidays(working, adding(date(2024, 10, 16), "Hari jadi"), WHY)
    before = (limits(working), lines(working), working.law_mark, working.board_mark)

    def stop(done: int, total: int, text: str = "") -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        drill(working, change, stop)
    with pytest.raises(Cancelled):
        apply_change(working, change, stop)
    assert (limits(working), lines(working), working.law_mark, working.board_mark) == before
    assert holiday_history(working) == ()


def test_only_leader_and_admin_change_rules(office: Callable[..., Posko]) -> None:
    admin = office()
    add_account(admin, login="baru", name="Contoh Baru", role="verifier", password=PASSWORD)
    admin.close()
    other = open_office(admin.folder.root, "baru", PASSWORD, clock=admin.clock)
    try:
        assert holidays(other, 2024)
        with pytest.raises(NotAllowed):
            plan_holidays(other, adding(THURSDAY, "Libur"), WHY)
    finally:
        other.close()


def test_an_old_calendar_file_is_taken_over_once(office: Callable[..., Posko]) -> None:
    posko = office()
    folder = posko.folder.root
    posko.close()
    old = Path(folder, "kalender.toml")
    old.write_text(
        'joint_leave = false\nyears = [2028]\n[[day]]\non = 2024-10-16\nname = "Hari jadi"\n'
        '[[day]]\non = 2024-12-25\nname = "Piket"\nworking = true\n',
        "utf-8",
    )
    again = office()
    assert not old.exists()
    assert (folder / "kalender-lama.toml").exists()
    assert not again.calendar.working(date(2024, 10, 16))
    assert again.calendar.working(date(2024, 12, 25))
    assert again.calendar.has(2028)
    assert not again.calendar.joint_leave
    assert len(holiday_history(again)) == 2
    again.close()
    third = office()
    assert third.calendar == again.calendar
    assert len(holiday_history(third)) == 2
    assert third.today() == TODAY


# --- rules --------------------------------------------------------------------------------------

LAW = "pilkada-2024"
PASAL = "Pasal 134 ayat (5), dibaca di kantor"


def registered(posko: Posko, on: date = date(2024, 10, 12)) -> str:
    """A case registered on a Saturday: three days of handling end on Tuesday."""
    uid = file_report(posko, new_report(filed_on=on, known_on=on, event_on=on)).uid
    record_step(posko, uid, NewStep(kind="reviewed", on=on, outcome="complete"))
    record_step(posko, uid, NewStep(kind="registered", on=on))
    return uid


def due_of(posko: Posko, uid: str, rule: str = "handling_base") -> tuple[date, date]:
    item = next(due for due in case_view(posko, uid).dues if due.rule == rule)
    return item.due_on, item.safe_on


def test_confirming_readings_takes_the_safe_date_away(posko: Posko) -> None:
    uid = registered(posko)
    assert due_of(posko, uid) == (date(2024, 10, 15), date(2024, 10, 14))
    for question in ("start", "first_day"):
        change = plan_reading(
            posko, regulation=LAW, rule="handling_base", question=question, reading="",
            reason="Surat Bawaslu RI", source=PASAL,
        )  # fmt: skip
        apply_change(posko, change)
    assert due_of(posko, uid) == (date(2024, 10, 15), date(2024, 10, 15))
    assert lines(posko) == [due_of(posko, uid)]
    row = next(r for r in fact_rows(posko, LAW) if r.key == "deadline.handling_base")
    assert (row.own, row.open_readings, row.confidence) == (True, 0, "C")
    assert PASAL in row.source
    with pytest.raises(InvalidInput, match="sudah dipastikan"):
        plan_reading(
            posko, regulation=LAW, rule="handling_base", question="start", reading="",
            reason="x", source="y",
        )  # fmt: skip


def test_another_reading_may_be_the_right_one(posko: Posko) -> None:
    uid = registered(posko)
    change = plan_reading(
        posko, regulation=LAW, rule="handling_base", question="first_day",
        reading="hari pertama ikut dihitung", reason="Surat", source=PASAL,
    )  # fmt: skip
    assert [m.new_on for m in drill(posko, change).moved] == [date(2024, 10, 14)]
    assert drill(posko, change).moved[0].earlier
    apply_change(posko, change)
    assert due_of(posko, uid)[0] == date(2024, 10, 14)


def test_a_value_holds_for_cases_filed_from_its_day_on(posko: Posko) -> None:
    older, newer = registered(posko, date(2024, 10, 11)), registered(posko)
    change = plan_override(
        posko, regulation=LAW, table="deadline", entry="handling_base", field="amount", value="5",
        reason="Perubahan", source=PASAL, valid_from=date(2024, 10, 12),
    )  # fmt: skip
    assert change.what == (
        "Penanganan laporan: lama 3 menjadi 5, untuk perkara sejak 12 Oktober 2024."
    )
    moved = drill(posko, change).moved
    assert [(m.case_uid, m.rule) for m in moved] == [(newer, "handling_base")]
    assert "3 hari kalender" in moved[0].why
    assert "5 hari kalender" in moved[0].why
    apply_change(posko, change)
    assert due_of(posko, older)[0] == date(2024, 10, 14)
    assert due_of(posko, newer)[0] == date(2024, 10, 17)
    with posko.store.read() as session:
        assert board.board_problems(posko, session) == []
    undo = plan_undo(posko, decisions(posko)[0].uid, "Keliru")
    apply_change(posko, undo)
    assert due_of(posko, newer)[0] == date(2024, 10, 15)
    assert [(d.kind, d.taken_back) for d in decisions(posko)] == [("undo", False), ("value", True)]
    with pytest.raises(UserError, match="sudah dicabut"):
        plan_undo(posko, decisions(posko)[1].uid, "Lagi")


@pytest.mark.parametrize(
    ("table", "entry", "field", "value"),
    [
        ("deadline", "initial_review", "unit", "working_days"),
        ("deadline", "initial_review", "first_day", "same"),
        ("deadline", "report_filing", "cutoff", "service_end"),
        ("deadline", "completion", "starts", "reviewed"),
        ("stage_date", "repeat_vote", "first", "2025-04-19"),
        ("number", "filing", "pattern", "{seq:03d}/LP/{region}/{year}"),
        ("addressee", "asn_body", "valid_from", "2026-05-01"),
        ("form", "A.18", "title", "Contoh judul"),
        ("requirement", "reported", "unmet", "Terlapor belum ditulis."),
        ("jurisdiction", "tni", "basis", "Perbawaslu 6/2018 Pasal 3"),
        ("violation_kind", "ethics", "label", "Etik penyelenggara"),
        ("step", "decided", "done", "Diputus pleno"),
        ("need", "heard", "label", "Ada yang diklarifikasi"),
        ("deadline", "handling_base", "on_pause", "stops"),
        ("desk", "capacity", "label", "Kedudukan pelapor"),
    ],
)
def test_every_kind_of_fact_may_be_set(
    posko: Posko, table: str, entry: str, field: str, value: str
) -> None:
    change = plan_override(
        posko, regulation=LAW, table=table, entry=entry, field=field, value=value,
        reason="Contoh", source=PASAL,
    )  # fmt: skip
    mark = posko.law_mark
    apply_change(posko, change)
    assert posko.law_mark != mark
    row = next(r for r in fact_rows(posko, LAW) if r.key == f"{table}.{entry}")
    assert str(plain(getattr(row.fact, field))) == value
    assert row.own
    assert row.confidence == "C"


def test_facts_read_as_words_of_their_day(posko: Posko) -> None:
    key = "jurisdiction.administrative"
    older, newer = (
        next(row for row in fact_rows(posko, LAW, day) if row.key == key)
        for day in (date(2024, 10, 15), date(2025, 8, 1))
    )
    assert older.name.endswith("sebagai rekomendasi.")
    assert newer.name.endswith("sebagai putusan.")
    assert "MK" not in older.value
    assert "104/PUU-XXIII/2025" in newer.value
    assert not [
        r.key for r in fact_rows(posko, LAW) if "{" in r.name + r.value and r.table != "number"
    ]


def test_a_stage_date_moves_what_it_closes(posko: Posko) -> None:
    change = plan_override(
        posko, regulation=LAW, table="stage_date", entry="voting", field="last",
        value="2024-12-04", reason="Ditunda", source="Keputusan KPU",
    )  # fmt: skip
    apply_change(posko, change)
    assert posko.rules.get(LAW).deadlines["tsm_filing"].closes_on == date(2024, 12, 4)


@pytest.mark.parametrize(
    ("table", "entry", "field", "value", "said"),
    [
        ("deadline", "initial_review", "amount", "dua", "angka bulat"),
        ("deadline", "initial_review", "amount", "2", "sama dengan"),
        ("deadline", "initial_review", "unit", "weeks", "Pilih salah satu"),
        ("deadline", "initial_review", "key", "x", "tidak dapat diubah"),
        ("deadline", "initial_review", "basis", " ", "Isi nilainya"),
        ("stage_date", "campaign", "last", "2024-01-01", "sebelum tanggal mulai"),
        ("stage_date", "campaign", "last", "besok", "Tulis tanggal"),
        ("number", "filing", "pattern", "{urut}", "tidak dikenal"),
    ],
)
def test_what_does_not_fit_is_said(
    posko: Posko, table: str, entry: str, field: str, value: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said) as told:
        plan_override(
            posko, regulation=LAW, table=table, entry=entry, field=field, value=value,
            reason="", source="",
        )  # fmt: skip
    assert {"reason", "source"} < {p.field for p in told.value.problems}


def test_unknown_facts_are_named(posko: Posko) -> None:
    with pytest.raises(UserError, match=r"deadline\.nihil tidak ada"):
        plan_override(
            posko, regulation=LAW, table="deadline", entry="nihil", field="amount", value="1",
            reason="x", source="y",
        )  # fmt: skip


def test_the_count_of_a_case_is_printed(posko: Posko) -> None:
    uid = registered(posko)
    made = case_count_sheet(posko, uid, "handling_base")
    text = " ".join(pages_of(made).split())
    for said in ("Cara hitung batas waktu", "Penanganan laporan", "Selasa, 15 Oktober 2024",
                 "hari ke-3", "Pasal 134 ayat (5)", "Batas aman: Senin, 14 Oktober 2024",
                 posko.office.name, "dicetak 15-10-2024 09.0"):  # fmt: skip
        assert said in text
    with pytest.raises(UserError, match="tidak berjalan"):
        case_count_sheet(posko, uid, "completion")


def test_a_drill_tells_exactly_what_a_change_does(working: Posko) -> None:
    """What counting did not look at is passed over; the outcome is that of counting all anew."""
    for day in range(10, 15):
        on = date(2024, 10, day)
        file_report(working, new_report(filed_on=on, known_on=on, event_on=on))
    before = {item.case.uid: limit_of(item) for item in due_items(working)}
    for day in range(7, 26):
        on = date(2024, 10, day)
        if on.weekday() > 4:
            continue
        change = plan_holidays(working, adding(on, f"Libur {day}"), WHY)
        told = {m.case_uid for m in drill(working, change).moved}
        future = dataclasses.replace(working, calendar=change.law.calendar)
        counted = {uid: first_limit(future, uid) for uid in before}
        assert told == {uid for uid in before if counted[uid] != before[uid]}, on


def limit_of(item: DueItem) -> tuple[date, date]:
    return item.due.due_on, item.due.safe_on


def first_limit(posko: Posko, uid: str) -> tuple[date, date]:
    due = case_view(posko, uid).dues[0]
    return due.due_on, due.safe_on


def test_a_year_may_be_declared_entered(posko: Posko) -> None:
    assert not posko.calendar.has(2029)
    apply_change(posko, plan_year(posko, 2029, WHY))
    assert posko.calendar.has(2029)
    for year, reason, field in ((2029, WHY, "year"), (2030, " ", "reason")):
        with pytest.raises(InvalidInput) as caught:
            plan_year(posko, year, reason)
        assert [p.field for p in caught.value.problems] == [field]


def test_giving_back_what_is_not_ours_is_refused(posko: Posko) -> None:
    with pytest.raises(InvalidInput):
        plan_holidays(posko, restoring(date(2024, 12, 25)), WHY)


def test_a_label_reaches_closed_cases_too(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    record_step(posko, case, NewStep(kind="withdrawn", on=posko.today()))
    change = plan_override(
        posko, regulation=LAW, table="outcome", entry="withdrawn", field="label",
        value="Dicabut sendiri", reason=WHY, source=PASAL,
    )  # fmt: skip
    apply_change(posko, change)
    with posko.store.read() as session:
        assert board.board_problems(posko, session) == []
        assert session.scalars(select(CaseBoard.stage_label)).all() == ["Dicabut sendiri"]


def test_dates_of_rules_are_typed_as_people_write_them(posko: Posko) -> None:
    for typed in ("15-10-2024", "2024-10-15", "5-1-2024"):
        given = Override(
            table="addressee", entry="kasn", field="valid_until", value=typed, source="SE"
        )
        assert problems_of(posko.rules.get(posko.office.regulation), given) == []


def test_a_pause_stops_no_clock_and_says_so(working: Posko) -> None:
    with working.store.read() as session:
        case = session.scalars(select(CaseBoard.case_uid)).one()
    before = limits(working)
    pause = NewStep(kind="paused", on=working.today(), data={"reason": "Menunggu pengganti"})
    record_step(working, case, pause)
    assert limits(working) == before
    said = [w for due in case_view(working, case).dues for w in due.warnings]
    assert any("Batas waktu tetap dihitung" in warning for warning in said)
