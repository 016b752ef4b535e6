"""The last days of the filing limit in the form: what is left, late reports, the stamp."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from tests.conftest import FixedClock
from tests.desk import Desk, filed, receive, type_into
from tests.factory import new_report
from ui import documents, theme


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files handed to the system's viewer."""
    paths: list[Path] = []
    monkeypatch.setattr(documents, "show", lambda path: paths.append(path) is None)
    return paths


@pytest.fixture
def fresh(qapp: QApplication, posko: Posko, shown: list[Path]) -> Iterator[Desk]:
    """A form in an office of its own, where things can be filed."""
    theme.apply(qapp)
    made = Desk(posko)
    yield made
    made.close()


# --- the last days --------------------------------------------------------------------------------


def _on_day(desk: Desk, clock: FixedClock, day: int, hour: int, minute: int) -> None:
    """Begin a report on a day of October by the clock of the office."""
    desk.posko.office = replace(desk.posko.office, practice_on=None)
    clock.now = datetime(2024, 10, day, hour, minute, tzinfo=desk.posko.zone)
    desk.open()


@pytest.mark.parametrize(
    ("day", "hour", "minute", "said"),
    [
        (13, 9, 0, ""),
        (14, 15, 0, "Hari ke-6 dari 7. Batas Sel 15 Okt, sisa pelayanan 9 jam (tutup 16.00 WIB)."),
        (15, 15, 52, "Hari ke-7 dari 7. Batas hari ini, sisa pelayanan 8 menit "
                     "(tutup 16.00 WIB)."),
        (15, 16, 10, "Hari ke-7 dari 7. Batas hari ini; jam pelayanan sudah tutup."),
    ],
)  # fmt: skip
def test_the_last_two_days_say_what_is_left(
    fresh: Desk, qtbot: QtBot, clock: FixedClock, day: int, hour: int, minute: int, said: str
) -> None:
    _on_day(fresh, clock, day, hour, minute)
    type_into(qtbot, fresh, "known_on", "0810")
    bar = fresh.page.work.last_day
    qtbot.waitUntil(lambda: bar.isHidden() == (not said))
    assert bar.accessibleName().startswith(said)
    assert bar.as_tip.isHidden()


def test_a_late_report_may_be_kept_as_it_is_or_as_a_tip(
    fresh: Desk, qtbot: QtBot, clock: FixedClock
) -> None:
    _on_day(fresh, clock, 17, 9, 0)
    fresh.fill(known_on=date(2024, 10, 8), event_on=date(2024, 10, 8), filed_on=date(2024, 10, 17))
    fresh.page.reload()
    bar = fresh.page.work.last_day
    assert bar.accessibleName().startswith("Disampaikan hari ke-9, batasnya hari ke-7.")
    assert not bar.as_tip.isHidden()
    view = filed(fresh, qtbot)
    assert view.state.intake_kind == "report"
    assert view.events[-1].note.endswith("syarat formal tidak terpenuhi.")


def test_a_tip_that_becomes_a_late_report_is_not_offered_as_a_tip(
    fresh: Desk, qtbot: QtBot
) -> None:
    tip = file_report(fresh.posko, new_report(kind="initial_info"))
    fresh.open(case=tip.uid, kind="report")
    early = date(2024, 10, 1)
    fresh.fill(known_on=early, event_on=early, filed_on=date(2024, 10, 15))
    fresh.page.reload()
    bar = fresh.page.work.last_day
    assert "batasnya hari ke-7" in bar.accessibleName()
    assert bar.as_tip.isHidden()


def test_the_bar_of_a_late_report_makes_it_a_tip_with_all_that_was_typed(
    fresh: Desk, qtbot: QtBot, clock: FixedClock
) -> None:
    _on_day(fresh, clock, 17, 9, 0)
    fresh.fill(known_on=date(2024, 10, 8), event_on=date(2024, 10, 8), filed_on=date(2024, 10, 17))
    fresh.page.reload()
    qtbot.mouseClick(fresh.page.work.last_day.as_tip, Qt.MouseButton.LeftButton)
    assert fresh.page.work.kind.code == "initial_info"
    view = filed(fresh, qtbot)
    assert view.state.intake_kind == "initial_info"
    assert view.facts.narrative == "Terlapor membagikan stiker."
    assert [p.name for p in view.parties] == ["Contoh Terlapor, S.Pd."]
    assert view.letters == ()


def test_the_stamp_is_kept_and_another_time_wants_a_reason(
    fresh: Desk, qtbot: QtBot, clock: FixedClock
) -> None:
    _on_day(fresh, clock, 15, 15, 58)
    receive(fresh, qtbot)
    fresh.fill(known_on=date(2024, 10, 8), event_on=date(2024, 10, 8), filed_on=date(2024, 10, 15))
    fresh.page.reload()
    box = fresh.page.work.entry.box("arrival_reason")
    assert box is not None
    assert box.isHidden()
    type_into(qtbot, fresh, "filed_time", "1552")
    fresh.page.reload()
    assert not box.isHidden()
    fresh.page.primary()
    assert "15.58" in fresh.problem("arrival_reason")
    type_into(qtbot, fresh, "arrival_reason", "Sudah menunggu giliran")
    view = filed(fresh, qtbot)
    assert (view.facts.filed_time, view.facts.arrival_reason) == ("15:52", "Sudah menunggu giliran")
    assert view.facts.arrived_at is not None
    assert f"{view.facts.arrived_at.astimezone(fresh.posko.zone):%H:%M}" == "15:58"


def test_with_minutes_left_five_answers_make_a_receipt(
    fresh: Desk, qtbot: QtBot, clock: FixedClock, shown: list[Path]
) -> None:
    _on_day(fresh, clock, 15, 15, 52)
    receive(fresh, qtbot)
    type_into(qtbot, fresh, "known_on", "0810")
    bar = fresh.page.work.last_day
    qtbot.waitUntil(lambda: not bar.isHidden())
    assert "Tanda bukti cukup dengan nama, alamat, terlapor, peristiwa" in bar.accessibleName()
    for key, text in (
        ("reporter.name", "Contoh Pelapor"),
        ("reporter.address", "RT 03 Desa Contoh"),
        ("reported.0.name", "Contoh Terlapor"),
        ("title", "Guru membagikan stiker"),
    ):
        type_into(qtbot, fresh, key, text)
    fresh.page.primary()
    assert not fresh.page.work.footer.accept.isHidden()
    qtbot.mouseClick(fresh.page.work.footer.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(fresh.opened), timeout=8000)
    view = case_view(fresh.posko, fresh.opened[0][1]["uid"])
    assert view.facts.filed_time == "15:52"
    assert [letter.template for letter in view.letters] == ["tanda-bukti"]
    qtbot.waitUntil(lambda: bool(shown))
