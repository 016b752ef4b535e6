"""Beranda says when this computer took an identity of its own, and offers it where it needs one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.exchange.twins import remember_fork
from tests.conftest import FixedClock
from tests.factory import PASSWORD
from ui import theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.pages.home import HomePage
from ui.pages.home.device import ACT
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button


class Home:
    """The page over an office."""

    def __init__(self, posko: Posko, qtbot: QtBot) -> None:
        self.context = Context(posko)
        self.page = HomePage(self.context)
        qtbot.addWidget(self.page)
        self.page.resize(1182, 638)
        with qtbot.waitSignal(self.context.tasks.ended):  # the look for files
            self.page.show()

    @property
    def banners(self) -> list[Banner]:
        return [b for b in self.page.findChildren(Banner) if b.isVisible()]


@pytest.fixture(autouse=True)
def _home(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "Downloads").mkdir(parents=True)
    theme.apply(qapp)


def test_nothing_is_said_without_a_reason(posko: Posko, qtbot: QtBot) -> None:
    home = Home(posko, qtbot)
    assert home.banners == []
    home.context.tasks.close()


def test_a_copied_office_says_its_new_identity(posko: Posko, qtbot: QtBot, tmp_path: Path) -> None:
    posko.close()
    shutil.copytree(posko.folder.root, tmp_path / "salinan")
    copy = open_office(tmp_path / "salinan", "petugas", PASSWORD, clock=FixedClock())
    home = Home(copy, qtbot)
    [banner] = home.banners
    assert "identitas baru PC-1b" in banner.accessibleName()
    assert banner.property("tone") == "attention"
    home.context.tasks.close()
    copy.close()


def test_a_twin_may_become_a_new_device(posko: Posko, qtbot: QtBot) -> None:
    old = posko.office.device_id
    with posko.write() as session:
        remember_fork(session, old, "dua kiriman berbeda sama-sama bernomor 3", posko.now())
    home = Home(posko, qtbot)
    [banner] = home.banners
    assert "bernomor 3" in banner.accessibleName()
    [button] = [b for b in banner.findChildren(Button) if b.text() == ACT]

    def answer(word: str) -> None:
        sheet = QApplication.activeModalWidget()
        assert isinstance(sheet, Sheet)
        next(b for b in sheet.findChildren(Button) if b.text() == word).click()

    QTimer.singleShot(0, lambda: answer("Tidak jadi"))
    button.click()
    assert posko.office.device_id == old
    QTimer.singleShot(0, lambda: answer(ACT))
    button.click()
    assert posko.office.device_id != old
    qtbot.waitUntil(lambda: [b.property("tone") for b in home.banners] == ["attention"])
    assert "perangkat baru PC-1b" in home.banners[0].accessibleName()
    home.context.tasks.close()
