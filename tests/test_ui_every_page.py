"""Every page in both themes at every size: nothing clipped, one primary action, names, focus."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.cases import intake
from posko_app.cases.attendance import mark
from posko_app.cases.coverage import NewEntry, note_coverage, villages_of
from posko_app.cases.pledge import invite, plan_pledge, pledge_defaults, pledge_view
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.cases.report import ReportedInput
from posko_app.cases.roster import RosterRow
from posko_app.cases.steps import NewStep, record_step
from posko_app.exchange.export import export
from posko_app.letters.issue import issue
from tests.conftest import FixedClock
from tests.factory import PARTY, PASSWORD, REPORTER, TODAY, new_report
from tests.windows import Windows
from ui import theme
from ui.context import Context
from ui.frame import SearchButton
from ui.page import Page
from ui.pages import PAGES
from ui.pages.case.page import TABS
from ui.pages.prevention.page import PLEDGES, SPREAD
from ui.screenshots import SIZES
from ui.shell import Shell
from ui.tokens import THEMES
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Tile
from ui.widgets.tabs import Tabs
from ui.widgets.text import Elided
from ui.window import Window

LONG = (
    "Kepala desa mengumpulkan perangkat desa di balai desa pada malam hari untuk mendukung salah "
    "satu pasangan calon"
)
ADDRESS = "\n".join(f"Baris {n} dari alamat yang panjang sekali di Desa Contoh" for n in range(5))
LOOKS = [(name, *size) for name in THEMES for size in SIZES]
FIRST = LOOKS[0]
MORE = {"case": TABS, "prevention": (PLEDGES, SPREAD)}  # tabs behind the first of a page
OVERVIEW = {"settings"}  # cards with a link each, no action of its own
GIVES_WAY = (Elided, Tile, SearchButton)  # cut with "…", the whole is the tooltip or the name
ENGLISH = re.compile(
    r"\b(OK|Ok|Cancel|Yes|No(?!\.)|Save|Open|File|Files|Error|Close|Delete|Edit|View|Help|Search|"
    r"Loading|Undo|Settings|Submit|Next|Upload|Download|Export|Import|Date|Name|Type|Size|Warning|"
    r"Failed|Success|None|True|False)\b|\b[a-z]+_[a-z]+\b"
)


def fill(posko: Posko, out: Path) -> str:
    """Cases at several stages, one with texts as long as people make them; gives its uid."""
    reporter = replace(REPORTER, name="Contoh " * 12, address=ADDRESS)
    party = replace(PARTY, name="Ahmad Contoh Bin Rekaan, S.Pd., M.Pd., Gelar Panjang Sekali")
    long = new_report(title=LONG, reporter=reporter, reported=(party,), event_place=LONG)
    uid = intake.file_report(posko, long).uid
    issue(posko, uid, "tanda-bukti")
    for kind, outcome in (("reviewed", "complete"), ("registered", "")):
        record_step(posko, uid, NewStep(kind=kind, on=TODAY, outcome=outcome))
    for place in range(3):
        other = ReportedInput(name=f"Terlapor Contoh {place}", category="village_head")
        intake.file_report(posko, new_report(title=f"Peristiwa {place}", reported=(other,)))
    day = date(2024, 10, 14)
    log_activity(posko, NewActivity(kind="education", on=day, title=LONG, place=LONG, target=LONG))
    prevent(posko, day)
    out.mkdir()
    export(posko, "62", out)
    return uid


def prevent(posko: Posko, day: date) -> None:
    """A pledge and the spread of a village, with names as long as people make them."""
    new = replace(pledge_defaults(posko), title=LONG, place=LONG, organiser=LONG, on=day)
    uid = plan_pledge(posko, new)
    lines = [
        RosterRow(name=f"{'Contoh ' * 8}{n}", position_title=LONG, agency=LONG, group_code=group)
        for n, group in enumerate(posko.vocabulary.codes("signatory_group"))
    ]
    invite(posko, uid, lines)
    invited = [line.uid for line in pledge_view(posko, uid).signatories]
    mark(posko, invited[:1], "represented", LONG)
    mark(posko, invited[1:3], "absent")
    village = max(villages_of(posko), key=lambda one: len(one.name))
    entries = [
        NewEntry(village_code=village.code, item=item, action=action, quantity=999_999, on=day)
        for item in posko.vocabulary.codes("coverage_item")
        for action in posko.vocabulary.codes("coverage_action")
    ]
    note_coverage(posko, entries)


class Desk:
    """The window of one look on the office that all looks share."""

    def __init__(self, posko: Posko, case: str, look: tuple[str, str, int, int, int]) -> None:
        name, _size, width, height, scale = look
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, name, scale)
        self.case = case
        self.window = Window(posko.folder.root)
        self.window.context = Context(posko, self.window)
        self.window.resize(width, height)
        self.window.show_shell("home", {})
        self.window.show()
        self.window.activateWindow()

    @property
    def shell(self) -> Shell:
        assert self.window.shell is not None
        return self.window.shell

    def open(self, name: str, qtbot: QtBot) -> Page:
        """Open a page and wait for what it fetches."""
        qtbot.waitUntil(self.window.isActiveWindow)
        assert self.shell.open(name, **({"uid": self.case} if name == "case" else {}))
        self.rest(qtbot)
        assert self.shell.page is not None
        return self.shell.page

    def rest(self, qtbot: QtBot) -> None:
        context = self.window.context
        assert context is not None
        qtbot.waitUntil(lambda: not context.tasks.busy, timeout=15_000)
        QApplication.processEvents()

    def close(self) -> None:
        context, self.window.context = self.window.context, None
        assert context is not None
        context.tasks.close()
        context.posko.store.listeners.clear()
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()


@pytest.fixture(scope="module")
def office(
    prepared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Posko, str]]:
    root = tmp_path_factory.mktemp("every")
    shutil.copytree(prepared("kabupaten"), root / "kantor")
    posko = open_office(root / "kantor", "petugas", PASSWORD, clock=FixedClock())
    yield posko, fill(posko, root / "kiriman")
    posko.close()


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def look(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="module")
def desk(
    office: tuple[Posko, str], look: Any, qapp: QApplication, tmp_path_factory: Any
) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))  # the inbox looks there
        made = Desk(*office, look)
        yield made
        made.close()
        theme.apply(qapp)


# --- what is wrong with a screen -----------------------------------------------------------------


def visible(root: QWidget, kind: type[Any] | tuple[type[Any], ...]) -> list[Any]:
    """All widgets of a kind that can be seen."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    found = [widget for one in kinds for widget in root.findChildren(one)]
    return [widget for widget in dict.fromkeys(found) if widget.isVisible()]


def said(widget: Any) -> str:
    """The text of a label or button, without the mark of its Alt letter."""
    text: str = widget.text()
    return re.sub("<[^>]*>", "", text) if isinstance(widget, QLabel) else text.replace("&", "")


def too_small(widget: Any) -> bool:
    """Whether a text needs more room than it has."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return bool(widget.heightForWidth(widget.width()) > widget.height() + 1)
    need = widget.sizeHint()
    return bool(need.width() > widget.width() + 1 or need.height() > widget.height() + 1)


def beyond(widget: QWidget) -> bool:
    """Whether a widget sticks out of the window, or sideways out of the area it scrolls in."""
    area = QRect(widget.mapTo(widget.window(), QPoint()), widget.size())
    above = widget.parentWidget()
    while above is not None:
        frame = QRect(above.mapTo(widget.window(), QPoint()), above.size())
        if isinstance(above.parentWidget(), QScrollArea):
            return area.left() < frame.left() or area.right() > frame.right()
        if above.isWindow():
            return not frame.contains(area)
        above = above.parentWidget()
    return False


def clipped(root: QWidget) -> list[str]:
    """Texts that cannot be read whole."""
    parts = [w for w in visible(root, (QLabel, QAbstractButton)) if said(w)]
    wrong = [w for w in parts if not isinstance(w, GIVES_WAY) and too_small(w)]
    wrong += [w for w in parts if beyond(w)]
    return [f"{type(w).__name__}: {said(w)}" for w in dict.fromkeys(wrong)]


def silent_cuts(root: QWidget) -> list[str]:
    """Texts cut with "…" that no tooltip tells whole."""
    return [
        w.text()
        for w in visible(root, Elided)
        if w.fontMetrics().horizontalAdvance(w.text()) > w.width() + 1 and w.text() != w.toolTip()
    ]


def sideways(root: QWidget) -> list[str]:
    """Lists and areas that one has to scroll to the right in."""
    areas = visible(root, QAbstractScrollArea)
    moved = [a for a in areas if a.horizontalScrollBar().maximum() > 0]
    policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    return [
        f"{type(a).__name__} {a.accessibleName()}"
        for a in moved
        if a.horizontalScrollBarPolicy() != policy or isinstance(a, QScrollArea)
    ]


def primaries(root: QWidget) -> list[str]:
    """The primary actions on a screen."""
    return [
        button.text()
        for button in visible(root, Button)
        if button.kind == "primary" and not isinstance(button, IconButton)
    ]


def nameless(root: QWidget) -> list[str]:
    """Inputs, lists and buttons that screen readers cannot name."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QTableView, Tabs)
    return [
        f"{type(w).__name__} {w.objectName()}"
        for w in visible(root, kinds)
        if not w.accessibleName() and not (isinstance(w, QAbstractButton) and said(w))
        and not w.objectName().startswith("qt_")
        and not isinstance(w.parent(), QTableView)
    ]  # fmt: skip


def words_of(root: QWidget) -> Iterator[str]:
    """Everything written on a screen, and what its tooltips say."""
    for widget in visible(root, QWidget):
        yield widget.toolTip()
        if isinstance(widget, QLabel | QPushButton | QAbstractButton):
            yield said(widget)
        elif isinstance(widget, QLineEdit):
            yield widget.text()
            yield widget.placeholderText()
        elif isinstance(widget, Tabs):
            yield widget.accessibleName()
        elif isinstance(widget, QTableView):
            model = widget.model()
            for column in range(model.columnCount()):
                yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
                for row in range(min(4, model.rowCount())):
                    yield str(model.index(row, column).data() or "")


def english(root: QWidget) -> list[str]:
    """English or raw codes on a screen; number patterns name their parts as the rules do."""
    found = {text for text in words_of(root) if ENGLISH.search(text) and "{" not in text}
    return sorted(found)


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def focus_problems(desk: Desk, steps: int) -> list[str]:
    """What is wrong with the first places that Tab goes to."""
    wrong = []
    for _ in range(steps):
        QTest.keyClick(QApplication.focusWidget() or desk.window, Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
        if widget is None:
            wrong.append("nowhere")
            continue
        name = widget.accessibleName() or said_or_nothing(widget)
        label = f"{type(widget).__name__} {name}"
        if not name:
            wrong.append(f"{label}: no name")
        if not in_sight(widget):
            wrong.append(f"{label}: out of sight")
        before = picture(widget)
        widget.clearFocus()
        QApplication.processEvents()
        if picture(widget) == before:
            wrong.append(f"{label}: looks the same without the keyboard")
        widget.setFocus(Qt.FocusReason.TabFocusReason)
    return wrong


def pane_problems(desk: Desk, page: Page) -> list[str]:
    """What is wrong with the parts that F6 goes to."""
    wrong = []
    for _ in range(len(page.panes()) + 1):
        desk.shell.step_pane(1)
        widget = QApplication.focusWidget()
        name = "" if widget is None else widget.accessibleName() or said_or_nothing(widget)
        if widget is None or not name or not in_sight(widget):
            wrong.append(f"{type(widget).__name__} {name}")
    return wrong


def said_or_nothing(widget: QWidget) -> str:
    return said(widget) if isinstance(widget, QAbstractButton | QLabel) else ""


def in_sight(widget: QWidget) -> bool:
    """Whether any of a widget can be seen; an area is covered by what scrolls in it."""
    return any(not w.visibleRegion().isEmpty() for w in (widget, *widget.findChildren(QWidget)))


# --- tests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(desk: Desk, look: Any, name: str, qtbot: QtBot) -> None:
    page = desk.open(name, qtbot)
    root = desk.window

    def whole() -> None:
        assert clipped(root) == []
        assert silent_cuts(root) == []
        assert sideways(root) == []
        assert english(root) == []
        assert nameless(root) == []
        assert len(primaries(page)) == (0 if name in OVERVIEW else 1)

    qtbot.waitUntil(whole, timeout=2000)  # texts that wrap find their height with later events
    for _ in MORE.get(name, ()):
        page.step_tab(1)
        desk.rest(qtbot)
        qtbot.waitUntil(whole, timeout=2000)
    if look == FIRST:  # the same in every look
        assert "\n".join(focus_problems(desk, 12)) == ""
        assert "\n".join(pane_problems(desk, page)) == ""


def test_no_part_of_a_page_ever_stands_alone(
    office: tuple[Posko, str], qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp)
    desk = Desk(*office, FIRST)
    windows = Windows()
    qapp.installEventFilter(windows)
    for name in PAGES:
        page = desk.open(name, qtbot)
        for _ in MORE.get(name, ()):
            page.step_tab(1)
            desk.rest(qtbot)
    qapp.removeEventFilter(windows)
    shown = [type(window).__name__ for window in windows.shown]
    desk.close()
    assert shown == []


def test_the_checks_can_fail(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    root.resize(300, 100)
    label = QLabel("Teks yang terlalu panjang untuk tempatnya", root)
    label.setGeometry(0, 0, 60, 20)
    wrapped = QLabel("Teks yang perlu tiga baris tetapi hanya punya satu", root)
    wrapped.setWordWrap(True)
    wrapped.setGeometry(0, 30, 80, 18)
    outside = QPushButton("Cancel", root)
    outside.setGeometry(280, 60, 90, 30)
    root.show()
    assert [line.partition(": ")[2] for line in clipped(root)] == [
        label.text(), wrapped.text(), "Cancel",
    ]  # fmt: skip
    assert english(root) == ["Cancel"]
    label.setText("asn_neutrality")
    assert english(root) == ["Cancel", "asn_neutrality"]
    assert nameless(root) == []
    QPushButton(root).show()
    assert nameless(root) == ["QPushButton "]
