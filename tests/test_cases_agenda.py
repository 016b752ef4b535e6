"""What lies ahead: nothing forgotten, nothing twice, nobody named; on paper and in a phone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from icalendar import Calendar

from posko_app.app import Posko
from posko_app.cases.agenda import agenda, morning, whatsapp_text
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.steps import NewStep, record_step
from posko_app.errors import Cancelled
from posko_app.letters.agenda_sheet import morning_sheet, wall_calendar
from posko_app.letters.ics import calendar_file
from tests.commands import Posko as Command
from tests.factory import PARTY, PASSWORD, REPORTER, TODAY, WITNESS, new_report

FIRST, LAST = date(2024, 10, 1), date(2024, 11, 30)


@pytest.fixture
def cases(posko: Posko) -> tuple[str, str, str]:
    """A late one, one filed today, and one that is heard today."""
    late = _filed(posko, 9)
    fresh = _filed(posko, 0)
    heard = _filed(posko, 2)
    record_step(posko, heard, NewStep(kind="reviewed", on=TODAY - timedelta(1), outcome="complete"))
    record_step(posko, heard, NewStep(kind="registered", on=TODAY - timedelta(1)))
    for whom in ("Pelapor", "Terlapor"):
        record_step(
            posko,
            heard,
            NewStep(
                kind="invited",
                on=TODAY - timedelta(1),
                data={
                    "for_on": TODAY.isoformat(),
                    "for_time": "13.30",
                    "place": "Ruang klarifikasi",
                    "whom": whom,
                },
            ),
        )
    return late, fresh, heard


def _filed(posko: Posko, days_ago: int) -> str:
    day = TODAY - timedelta(days=days_ago)
    return file_report(posko, new_report(filed_on=day, known_on=day, event_on=day)).uid


def texts(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_every_running_deadline_stands_once(posko: Posko, cases: tuple[str, str, str]) -> None:
    found = [i for i in agenda(posko, FIRST, LAST) if i.kind == "deadline"]
    wanted = {
        (uid, due.rule, due.due_on)
        for uid in cases
        for due in case_view(posko, uid).dues
        if FIRST <= due.due_on <= LAST
    }
    assert wanted
    assert sorted((i.case_uid, i.rule, i.on) for i in found) == sorted(wanted)


def test_the_days_between_are_included(posko: Posko, cases: tuple[str, str, str]) -> None:
    items = agenda(posko, FIRST, LAST)
    by_day = [agenda(posko, day, day) for day in (FIRST + timedelta(n) for n in range(61))]
    days = {item for day in by_day for item in day}
    assert set(items) == days


def test_the_morning_sorts_by_urgency(posko: Posko, cases: tuple[str, str, str]) -> None:
    late, fresh, heard = cases
    seen = morning(posko)
    assert {item.case_uid for item in seen.late} == {late}
    assert all(item.on < TODAY for item in seen.late)
    assert all((item.safe_on or item.on) <= TODAY <= item.on for item in seen.due)
    assert fresh in {item.case_uid for item in (*seen.due, *seen.next)}
    assert [(i.time, i.case_uid, i.place) for i in seen.clarifications] == [
        ("13.30", heard, "Ruang klarifikasi")
    ]


def test_a_closed_case_is_gone(posko: Posko, cases: tuple[str, str, str]) -> None:
    late = cases[0]
    record_step(posko, late, NewStep(kind="withdrawn", on=TODAY))
    assert late not in {item.case_uid for item in agenda(posko, FIRST, LAST)}
    assert morning(posko).late == ()


def test_nothing_that_leaves_names_anybody(posko: Posko, cases: tuple[str, str, str]) -> None:
    seen = morning(posko)
    message = whatsapp_text(seen, posko.office)
    sheet = texts(morning_sheet(posko))
    wall = texts(wall_calendar(posko, FIRST, LAST))
    phone = calendar_file(posko, FIRST, LAST).decode()
    number = case_view(posko, cases[0]).facts.number
    for out in (message, sheet, phone):
        assert number in out.replace("\r\n ", "")
    for out in (message, sheet, wall, phone):
        for person in (REPORTER.name, WITNESS.name, PARTY.name, "Guru membagikan"):
            assert person not in out


def test_a_quiet_morning_says_so(posko: Posko) -> None:
    message = whatsapp_text(morning(posko), posko.office)
    assert message.endswith("Tidak ada batas waktu, klarifikasi, atau surat.")
    assert "Tidak ada batas waktu" in texts(morning_sheet(posko))


def test_a_phone_reads_the_file(posko: Posko, cases: tuple[str, str, str]) -> None:
    book = Calendar.from_ical(calendar_file(posko, FIRST, LAST))
    events = book.walk("VEVENT")
    items = agenda(posko, FIRST, LAST)
    assert len(events) == len(items)
    uids = [str(event["UID"]) for event in events]
    assert len(set(uids)) == len(uids)
    again = Calendar.from_ical(calendar_file(posko, FIRST, LAST)).walk("VEVENT")
    assert [str(event["UID"]) for event in again] == uids
    hearing = next(e for e in events if "Klarifikasi" in str(e["SUMMARY"]))
    assert hearing.decoded("DTSTART") == datetime.fromisoformat("2024-10-15T06:30+00:00")
    whole_day = next(e for e in events if str(e["SUMMARY"]).startswith("LATIHAN: Batas"))
    assert whole_day.decoded("DTEND") - whole_day.decoded("DTSTART") == timedelta(days=1)
    assert all(event.walk("VALARM") for event in events)


def test_each_month_has_its_page(posko: Posko, cases: tuple[str, str, str]) -> None:
    with pypdfium2.PdfDocument(wall_calendar(posko, date(2024, 12, 31), date(2025, 2, 1))) as pages:
        shown = [page.get_textpage().get_text_bounded().split("\r\n")[0] for page in pages]
        wide, high = pages[0].get_size()
    assert shown == ["Desember 2024", "Januari 2025", "Februari 2025"]
    assert wide > high


def test_a_crowded_day_counts_what_it_leaves_out(posko: Posko) -> None:
    for _ in range(75):
        _filed(posko, 0)
    wall = texts(wall_calendar(posko, TODAY, TODAY))
    count = len(agenda(posko, date(2024, 10, 1), date(2024, 10, 31)))
    left_out = int(wall.partition(" lagi")[0].rpartition("+")[2])
    label = agenda(posko, FIRST, LAST)[0].label
    assert wall.count(label) + left_out == count


def test_it_can_be_stopped(posko: Posko, cases: tuple[str, str, str]) -> None:
    def stop(done: int, total: int, text: str = "") -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        agenda(posko, FIRST, LAST, progress=stop)


def test_commands(
    posko: Posko,
    cases: tuple[str, str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    where = ("--data", posko.folder.root)
    posko.close()
    run = Command(capsys)
    sheet = tmp_path / "hari ini.pdf"
    said = run.json("today", "--out", sheet, *where)
    assert sheet.read_bytes().startswith(b"%PDF")
    assert "*LEWAT BATAS* (3)" in said["text"]  # by the clock of the machine
    period = ("--from", "2024-10-01", "--to", "2024-10-31")
    for name, start in (("kalender.pdf", b"%PDF"), ("kalender.ics", b"BEGIN:VCALENDAR")):
        said = run.json("calendar", *period, "--out", tmp_path / name, *where)
        assert (tmp_path / name).read_bytes().startswith(start)
        assert said["bytes"] == (tmp_path / name).stat().st_size
    wrong = tmp_path / "kalender.doc"
    run.refused("calendar", *period, "--out", wrong, *where, code="unknown_format")
    assert not wrong.exists()
