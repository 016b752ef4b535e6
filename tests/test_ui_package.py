"""Packages in the window: the evidence of a case says which part lacks, big parts differ."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.views import EvidenceView
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.package.take import take_part
from posko_app.exchange.package.write import write_package
from tests.parcels import file_case
from ui import inbox, theme
from ui.context import Context
from ui.pages.case.evidence import EvidenceTab
from ui.pages.case.words import Words


@pytest.fixture
def parts(office: Callable[..., Posko], tmp_path: Path) -> tuple[Posko, str, tuple[Path, ...]]:
    """A district that knows a case, and the three parts with its evidence."""
    kec, kab = office("kecamatan"), office("kabupaten")
    rng = random.Random(1)
    case = file_case(kec, tmp_path / "asli", [rng.randbytes(n) for n in (80_000, 81_000, 82_000)])
    out = tmp_path / "keluar"
    out.mkdir()
    for path in export(kec, "62.10", out).files:
        assert import_file(kab, path, apply=True).applied
    made = write_package(kec, "62.10", [case], out, 120_000).files
    kec.close()
    return kab, case, made


@pytest.fixture
def tab(
    parts: tuple[Posko, str, tuple[Path, ...]], qapp: QApplication, qtbot: QtBot
) -> Iterator[EvidenceTab]:
    theme.apply(qapp)
    context = Context(parts[0])
    made = EvidenceTab(context)
    qtbot.addWidget(made)
    made.resize(1182, 540)
    yield made
    context.close()


def states(tab: EvidenceTab) -> list[str]:
    rows = tab.table.rows
    column = next(c for c in rows.columns if c.key == "state")
    shown = [str(column.value(row)) for row in rows.rows if isinstance(row, EvidenceView)]
    return [state for state in shown if state != "Tanpa berkas"]


def test_the_evidence_of_a_case_says_what_lacks(
    tab: EvidenceTab, parts: tuple[Posko, str, tuple[Path, ...]]
) -> None:
    kab, case, made = parts

    def show() -> None:
        tab.show_case(Words(kab, case_view(kab, case)))
        tab.show()

    show()
    assert set(states(tab)) == {"Di kantor asal"}
    assert tab.lacks.text() == "0 dari 3 bukti lengkap"
    assert not tab.ask.isVisible()

    take_part(kab, made[0])
    take_part(kab, made[2])
    show()
    assert sorted(states(tab)) == ["Kurang bagian 2", "Tersimpan", "Tersimpan"]
    assert tab.lacks.text() == "2 dari 3 bukti lengkap; kurang bagian 2"
    tab.ask.click()
    assert "bagian 2 dari 3" in QGuiApplication.clipboard().text()

    take_part(kab, made[1])
    show()
    assert set(states(tab)) == {"Tersimpan"}
    assert not tab.lacks.isVisible()
    assert not tab.ask.isVisible()


def test_watched_folders_show_parts_until_they_came(
    parts: tuple[Posko, str, tuple[Path, ...]],
) -> None:
    kab, case, made = parts

    def found() -> list[tuple[str, str, str]]:
        seen = inbox.scan(kab, [("USB", made[0].parent)])
        return sorted((one.kind, one.sender, one.part) for one in seen if one.kind == "package")

    assert found() == [("package", "62.10.02", f"{number}dari3") for number in (1, 2, 3)]
    take_part(kab, made[1])
    assert [part for _, _, part in found()] == ["1dari3", "3dari3"]
    write_package(kab, "62", [case], made[0].parent, 120_000)  # for somebody else: not shown here
    assert len(found()) == 2


def test_big_parts_are_known_by_their_ends(
    office: Callable[..., Posko], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kab = office("kabupaten")
    monkeypatch.setattr(inbox, "WHOLE", 1000)
    raw = os.urandom(200_000)
    for name, content in (("a.zip", raw), ("b.zip", raw[:-1] + b"?"), ("c.zip", raw)):
        (tmp_path / name).write_bytes(content)
    inbox.note_read(kab.folder.root, tmp_path / "a.zip")
    (known,) = inbox.read_before(kab.folder.root)
    marks = [inbox._sha256(tmp_path / name, 0, 200_000) for name in ("a.zip", "b.zip", "c.zip")]
    assert [mark == known for mark in marks] == [True, False, True]
