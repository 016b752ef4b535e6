"""Tasks, context, dialogs and the crash report: every callback comes home, nothing outlives."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.progress import Progress, track
from ui import crash, dialogs, tasks, theme
from ui.context import Context
from ui.fields import Field
from ui.widgets.buttons import Button, Link
from ui.widgets.progress import say_progress

TODAY = date(2024, 10, 15)


@pytest.fixture
def context(posko: Posko, qapp: QApplication) -> Iterator[Context]:
    theme.apply(qapp)
    made = Context(posko)
    yield made
    made.close()


def count(posko: Posko, until: int, *, progress: Progress) -> int:
    """A long use case."""
    assert posko.office.practice
    return sum(track(range(until), until, progress))


def endless(_posko: Posko, *, progress: Progress) -> None:
    """A use case that only ends when it is cancelled."""
    while True:
        progress(0, 1)
        time.sleep(0.002)


def refuse(_posko: Posko, *_: Any, **__: Any) -> None:
    """A use case that the user must put right."""
    raise UserError("Ruang di drive tinggal 120 MB. Kosongkan dulu.")


def reject(_posko: Posko, *_: Any) -> None:
    """A use case with wrong fields."""
    raise InvalidInput([Problem("name", "Isi nama."), Problem("nik", "Baru 15 angka.")])


def test_all_callbacks_run_in_the_ui_thread_and_in_order(context: Context, qtbot: QtBot) -> None:
    seen: list[tuple[str, threading.Thread]] = []

    def note(name: str) -> Any:
        return lambda *_: seen.append((name, threading.current_thread()))

    context.start(count, 40, done=note("done"), progress=note("progress"), end=note("end"))
    qtbot.waitUntil(lambda: ("done", threading.main_thread()) in seen)
    assert {thread for _, thread in seen} == {threading.main_thread()}
    assert [name for name, _ in seen][-2:] == ["end", "done"]


def test_reports_are_few_and_a_cancelled_task_ends_without_error(
    context: Context, qtbot: QtBot
) -> None:
    ended: list[str] = []
    task = context.start(endless, end=lambda: ended.append("end"), done=lambda _: ended.append("x"))
    assert context.tasks.busy
    task.cancel()
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == ["end"]
    assert not context.tasks.busy


def test_errors_of_a_task_are_told(context: Context, qtbot: QtBot) -> None:
    with qtbot.waitSignal(context.problem) as told:
        context.start(refuse)
    assert isinstance(told.args[0], UserError)


def test_a_page_that_is_gone_is_not_called_back(context: Context, qtbot: QtBot) -> None:
    class Gone(QObject):
        calls = 0

        def called(self, _result: object) -> None:
            Gone.calls += 1

    gone = Gone()
    ended: list[int] = []
    context.start(count, 3, done=gone.called, end=lambda: ended.append(1))
    gone.deleteLater()
    QApplication.sendPostedEvents(gone, 52)  # DeferredDelete
    qtbot.waitUntil(lambda: bool(ended))
    QApplication.processEvents()
    assert Gone.calls == 0


@pytest.mark.parametrize("running", [1, 3])
def test_closing_stops_what_runs(posko: Posko, qapp: QApplication, running: int) -> None:
    context = Context(posko)
    for _ in range(running):
        context.start(endless)
    before = time.monotonic()
    context.tasks.close()
    assert time.monotonic() - before < 2
    assert not context.tasks.busy
    context.close()


def test_nothing_is_told_once_it_is_closed(posko: Posko, qapp: QApplication) -> None:
    context = Context(posko)
    told: list[str] = []
    arrived = threading.Event()

    def quick(_posko: Posko, *, progress: Progress) -> None:
        progress(1, 1)
        arrived.set()

    task = context.start(
        quick,
        done=lambda _: told.append("done"),
        progress=lambda *_: told.append("progress"),
        end=lambda: told.append("end"),
    )
    assert arrived.wait(5)
    context.close()  # what the worker told waits in the queue, and the office is shut
    assert task.outcome == tasks.DONE
    QApplication.processEvents()
    assert told == []


def test_run_tells_what_the_user_must_do_and_attempt_gives_fields_to_the_form(
    context: Context, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(context.problem):
        assert context.run(refuse) is None
    marked: list[InvalidInput] = []
    with qtbot.assertNotEmitted(context.problem):
        assert not context.attempt(reject, invalid=marked.append)
    assert [p.field for p in marked[0].problems] == ["name", "nik"]
    with qtbot.waitSignal(context.problem):
        assert not context.attempt(reject)
    assert context.run(lambda posko, n: n + 1, 4) == 5


def test_time_left_is_said_once_it_can_be_told() -> None:
    assert say_progress(1, 4, None) == "25%"
    assert say_progress(62, 100, 20) == "62% · sekitar 20 detik lagi"
    assert say_progress(1, 100, 170) == "1% · sekitar 3 menit lagi"
    assert say_progress(4, 4, 0) == "100%"


# --- dialogs -------------------------------------------------------------------------------------


def when_open(act: Any) -> None:
    """Do something in the dialog that is about to open."""
    QTimer.singleShot(30, lambda: act(QApplication.activeModalWidget()))


def button(dialog: QWidget, text: str) -> Button:
    """A button by its name."""
    return next(b for b in dialog.findChildren(Button) if b.text() == text)


def test_the_safe_choice_has_the_focus_and_esc_changes_nothing(qtbot: QtBot) -> None:
    question = "Hapus 3 cadangan lama dari USB?"
    seen: list[str] = []

    def look(dialog: QWidget) -> None:
        focused = dialog.focusWidget()
        seen.append(focused.text() if isinstance(focused, Button) else "")
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    when_open(look)
    assert not dialogs.confirm(None, question, "Tidak dapat dikembalikan.", "Hapus 3 cadangan")
    when_open(lambda d: button(d, "Hapus 3 cadangan").click())
    assert dialogs.confirm(None, question, "Tidak dapat dikembalikan.", "Hapus 3 cadangan")
    assert seen == ["Tidak jadi"]


def test_a_form_in_a_dialog_stays_until_its_answer_is_taken(qtbot: QtBot) -> None:
    fields = [Field(key="reason", label="Alasan"), Field(key="on", label="Tanggal", kind="date")]
    tries: list[dict[str, Any]] = []

    def submit(values: dict[str, Any]) -> list[Problem] | None:
        tries.append(values)
        if len(tries) == 1:
            return [Problem("on", "Tanggal sebelum registrasi.")]
        if len(tries) == 2:
            raise UserError("Perkara ini sudah ditutup.")
        return None

    def fill(dialog: QWidget) -> None:
        assert isinstance(dialog, dialogs._FormSheet)
        yes = button(dialog, "Catat")
        yes.click()
        assert dialog.form.boxes["reason"].problem == "Isi alasan."
        dialog.form.set_values({"reason": "Salah ketik", "on": date(2024, 10, 14)})
        yes.click()
        assert dialog.form.boxes["on"].problem == "Tanggal sebelum registrasi."
        yes.click()
        links = dialog.group.summary.findChildren(Link)
        assert "Perkara ini sudah ditutup." in [link.text() for link in links]
        yes.click()

    when_open(fill)
    got = dialogs.ask_form(None, "Koreksi", fields, today=TODAY, act="Catat", submit=submit)
    assert got == {"reason": "Salah ketik", "on": date(2024, 10, 14)}
    assert len(tries) == 3


def test_a_dialog_left_gives_nothing_and_is_freed(qtbot: QtBot) -> None:
    when_open(lambda d: d.reject())
    assert dialogs.ask_text(None, "Alasan", "Alasan") is None
    QApplication.processEvents()
    assert [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)] == []


def test_progress_shows_only_for_what_takes_long(context: Context, qtbot: QtBot) -> None:
    got: list[int] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    dialogs.run_with_progress(context, parent, "Ekspor", count, 5, done=got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [10]
    assert QApplication.activeModalWidget() is None
    task = dialogs.run_with_progress(context, parent, "Ekspor", endless, done=got.append)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    button(QApplication.activeModalWidget(), "Batalkan").click()
    assert task.stop.is_set()
    qtbot.waitUntil(lambda: not context.tasks.busy)
    assert QApplication.activeModalWidget() is None


# --- crash ---------------------------------------------------------------------------------------


def broken(name: str) -> None:
    """A bug whose message holds a person's name."""
    raise ValueError(f"no column for {name}")


def test_crash_details_hold_no_message_and_say_where() -> None:
    try:
        broken("Siti Rahmawati")
    except ValueError as error:
        said = crash.details(error)
    assert "PSK-901" in said
    assert "ValueError" in said
    assert "test_ui_kit_tasks.py" in said
    assert "broken" in said
    assert "Siti" not in said
    assert str(Path(__file__).parents[1]) not in said


def test_a_crash_is_shown_once_with_its_code_and_can_be_copied(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    reporter = crash.CrashReporter(parent, lambda: "10.42")
    texts: list[str] = []

    def read(dialog: QWidget) -> None:
        reporter.report(ValueError("again"))
        QApplication.processEvents()
        texts.extend(label.text() for label in dialog.findChildren(dialogs.Text))
        dialog.findChildren(Link)[0].click()
        dialog.close()

    when_open(read)
    reporter.report(ValueError("x"))
    qtbot.waitUntil(lambda: bool(texts) and QApplication.activeModalWidget() is None)
    assert any("Data terakhir tersimpan 10.42" in text for text in texts)
    assert "PSK-901" in QGuiApplication.clipboard().text()
