"""Sending in three steps: picked cases, a look inside, names found, evidence, locked files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.data.tables import AuditEntry, Case, Export
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.ledger import ledger
from posko_app.exchange.package.standing import packages
from tests.answers import press
from tests.factory import REPORTER, new_report
from tests.opened import Opened
from tests.parcels import file_case
from tests.test_exchange_profiles import refer
from ui import theme
from ui.pages.exchange import ExchangePage
from ui.pages.exchange.case_picker import CasePicker
from ui.pages.exchange.look_first import LookFirst
from ui.pages.exchange.names_found import NamesFound
from ui.pages.exchange.order import NO_EVIDENCE
from ui.pages.exchange.removed import RemovedSheet

CTRL = Qt.KeyboardModifier.ControlModifier
OpenPage = Callable[[Posko], Opened[ExchangePage]]


@pytest.fixture(autouse=True)
def home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An own home folder, so that nothing is read from that of this machine."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[OpenPage]:
    theme.apply(qapp)
    made: list[Opened[ExchangePage]] = []

    def make(posko: Posko) -> Opened[ExchangePage]:
        made.append(Opened(ExchangePage, posko, qtbot))
        return made[-1]

    yield make
    for each in made:
        each.context.tasks.close()


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Callable[..., Posko], kec: Posko) -> Posko:
    return office("kabupaten")


NAME = "Rumiati Kalasan"


def named_case(posko: Posko) -> str:
    """A case whose text names its reporter."""
    uid = file_report(posko, new_report(reporter=replace(REPORTER, name=NAME))).uid
    with posko.write() as session:
        case = session.scalars(select(Case).where(Case.uid == uid)).one()
        case.narrative = f"Menurut {NAME}, stiker dibagikan."
    return uid


def test_picked_cases_are_a_copy_without_a_number(
    kec: Posko, opened: OpenPage, tmp_path: Path, qtbot: QtBot
) -> None:
    for number in range(3):
        file_report(kec, new_report(title=f"Perkara {number}"))
    made = opened(kec)
    page = made.show()
    form = page.send.form

    def pick(sheet: CasePicker) -> None:
        assert not sheet.take.isEnabled(), "nothing is ticked yet"
        sheet.search.setText("perkara 1")
        qtbot.waitUntil(lambda: len(sheet.table.rows.rows) == 1)
        qtbot.keyClick(sheet.search, Qt.Key.Key_Down)
        qtbot.keyClick(sheet.table, Qt.Key.Key_Space)
        assert "1 dipilih" in sheet.sum.text()
        sheet.take.click()

    press(CasePicker, pick)
    form.what.radios["picked"].click()
    made.rest()
    assert form.what.note("picked") == "1 perkara"
    assert form.copy_note.isVisible()
    assert page.send.title.text() == "Salinan untuk"
    assert "Mohon tanda terima" not in form.message.raw()
    form.lock.setChecked(False)
    form.place.set_values({"folder": str(tmp_path / "keluar")})
    page.primary()
    made.rest()
    (line,) = ledger(kec).sent
    assert (line.seq, line.to_code) == (0, "62.10")
    assert page.send.told.banner.accessibleName().startswith("Salinan selesai dibuat, 1 berkas")
    assert "Mohon tanda terima" not in page.send.told.message.raw()
    shown = page.sent.table.rows
    assert str(shown.columns[-1].value(line)) == "Salinan"
    assert "menunggu" not in page.sent.note.text(), "no receipt is to be waited for"
    page.send.again.click()
    made.rest()
    assert form.what.key == "changes"
    assert page.send.title.text() == "Kiriman 1 ke", "the copy took no number"
    assert made.problems == []


def test_leaving_the_list_of_cases_leaves_the_choice(kec: Posko, opened: OpenPage) -> None:
    file_report(kec, new_report())
    made = opened(kec)
    page = made.show()
    press(CasePicker, lambda sheet: sheet.reject())
    page.send.form.what.radios["picked"].click()
    made.rest()
    assert page.send.form.what.key == "changes"
    page.send.form.what.set_chosen("picked")
    page.primary()
    made.rest()
    assert ledger(kec).sent == (), "nothing is picked, so nothing is made"


def test_what_is_inside_is_looked_at_before_it_is_made(kec: Posko, opened: OpenPage) -> None:
    uid = file_report(kec, new_report()).uid
    made = opened(kec)
    page = made.show()
    seen: list[object] = []

    def look(sheet: LookFirst) -> None:
        seen.append([(row[0], row[1]) for row in sheet.sheets.rows.rows])  # type: ignore[index]
        seen.append([case.title for case in sheet.table.rows.rows])  # type: ignore[union-attr]
        sheet.table.opened.emit(sheet.table.row())

    press(LookFirst, look)
    page.send.look.click()
    made.rest()
    assert seen == [
        [("Perkara", 1), ("Terlapor", 1), ("Saksi", 1), ("Bukti", 1), ("Langkah", 1)],
        [new_report().title],
    ]
    assert made.visits == [("case", {"uid": uid})]
    assert ledger(kec).sent == ()


def test_names_are_found_before_anything_leaves(
    kec: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    uid = named_case(kec)
    made = opened(kec)
    page = made.show()
    page.send.form.place.set_values({"folder": str(tmp_path / "keluar")})
    told: list[str] = []

    def leave(sheet: NamesFound) -> None:
        hit = sheet.table.row()
        assert hit is not None
        told.extend([hit.place, hit.snippet])
        sheet.table.opened.emit(hit)

    press(NamesFound, leave)
    page.primary()
    made.rest()
    assert "kolom Uraian" in told[0]
    assert NAME not in told[1], "everybody is masked"
    assert made.visits == [("case", {"uid": uid})], "the way to mend it"
    assert ledger(kec).sent == ()
    press(NamesFound, lambda sheet: sheet.accept())
    page.primary()
    made.rest()
    assert len(ledger(kec).sent) == 1, "who looked at it may send it to an office"


def test_outsiders_get_no_names_without_a_reason(
    kec: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    uid = named_case(kec)
    made = opened(kec)
    page = made.show()
    form = page.send.form
    form.profile.set_values({"profile": "penerus"})
    form.profile.changed.emit("profile")
    made.rest()
    assert not form.what.radios["changes"].isEnabled()
    assert form.what.key == "picked", "an institution gets what is picked for it"
    form.set_cases([uid])
    made.rest()
    form.lock.setChecked(False)
    form.place.set_values({"folder": str(tmp_path / "keluar")})

    asked: list[NamesFound] = []

    def reason(sheet: NamesFound) -> None:
        asked.append(sheet)
        sheet._on_yes()
        assert sheet.isVisible(), "a reason is asked for"
        assert sheet.reason is not None
        assert "paling sedikit" in sheet.reason.boxes["reason"].problem
        sheet.reason.set_values({"reason": "Orang lain dengan nama yang sama"})
        sheet._on_yes()

    press(NamesFound, reason)
    page.primary()
    made.rest()
    assert len(asked) == 1
    assert made.problems == []
    (line,) = ledger(kec).sent
    assert (line.seq, line.profile) == (0, "penerus")


def test_cases_that_were_referred_are_ticked_for_an_institution(
    kec: Posko, opened: OpenPage
) -> None:
    referred, _ = (file_report(kec, new_report(title=f"Perkara {n}")).uid for n in range(2))
    refer(kec, referred)
    made = opened(kec)
    page = made.show()
    form = page.send.form
    form.profile.set_values({"profile": "penerus"})
    form.profile.changed.emit("profile")
    made.rest()
    assert form.what.key == "picked"
    assert "diteruskan" in form.what.radios["all"].text()
    shown: list[object] = []

    def pick(sheet: CasePicker) -> None:
        shown.extend([{*sheet.ticked}, len(sheet.table.rows.rows)])
        sheet.take.click()

    press(CasePicker, pick)
    form.pick.click()
    made.rest()
    assert shown == [{referred}, 2], "others may be picked by hand"
    assert form.cases == (referred,)
    form.set_cases(())
    form.profile.set_values({"profile": "internal"})
    form.profile.changed.emit("profile")
    made.rest()
    assert form.what.key == "changes"
    assert made.problems == []


def test_outsiders_get_nothing_unasked_where_identities_are_elsewhere(
    kec: Posko, kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    uid = file_report(kec, new_report(narrative="Tanpa nama.")).uid
    import_file(kab, export(kec, "62.10", tmp_path).files[0], apply=True)
    made = opened(kab)
    page = made.show()
    form = page.send.form
    form.profile.set_values({"profile": "penerus"})
    form.profile.changed.emit("profile")
    made.rest()
    form.set_cases([uid])
    made.rest()
    form.place.set_values({"folder": str(tmp_path / "keluar")})
    asked: list[str] = []

    def reason(sheet: NamesFound) -> None:
        asked.append(sheet.windowTitle())
        assert sheet.reason is not None
        assert not sheet.table.isVisible()
        sheet.reason.set_values({"reason": "Kecamatan sudah memeriksa"})
        sheet._on_yes()

    press(NamesFound, reason)
    page.primary()
    made.rest()
    assert len(asked) == 1
    assert [line.profile for line in ledger(kab).sent] == ["penerus"]
    assert made.problems == []
    assert kec.office.name in page.send.told.notes.text()


def test_evidence_never_goes_beside_a_public_file(
    kec: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_case(kec, tmp_path / "asli", [b"satu" * 900])
    made = opened(kec)
    page = made.show()
    form = page.send.form
    form.profile.set_values({"profile": "publik"})
    form.profile.changed.emit("profile")
    made.rest()
    box = form.evidence.boxes["evidence"].editor
    assert box.property("locked")
    form.place.set_values({"folder": str(tmp_path / "keluar")})
    page.primary()
    page.send.form.panel.stop.click()
    made.rest()
    assert page.send.make.isEnabled(), "back at the form"
    assert box.property("locked"), "what the profile forbids stays forbidden"
    assert form.evidence_key == NO_EVIDENCE


def test_what_a_profile_leaves_out_is_shown_with_its_reason(kec: Posko, opened: OpenPage) -> None:
    uid = file_report(kec, new_report()).uid
    made = opened(kec)
    page = made.show()
    page.send.form.profile.set_values({"profile": "penerus"})
    page.send.form.profile.changed.emit("profile")
    made.rest()
    page.send.form.set_cases([uid])
    made.rest()
    seen: list[str] = []

    def look(sheet: RemovedSheet) -> None:
        seen.extend(line.title.text() for line in sheet.lines)
        sheet.reject()

    press(RemovedSheet, look)
    page.send.form.removed.click()
    made.rest()
    assert "Identitas pelapor dan saksi: 2 baris di 1 perkara" in seen
    assert "Saksi (nama samaran): 1 baris di 1 perkara" in seen


def test_evidence_and_workbook_are_made_together_and_locked(
    kec: Posko, kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_case(kec, tmp_path / "asli", [b"satu" * 900, b"dua" * 900])
    made = opened(kec)
    page = made.show()
    form = page.send.form
    assert form.lock.text() == "Kunci untuk Bawaslu Kabupaten Gunung Mas"
    assert form.lock.isEnabled()
    assert form.lock.isChecked()
    assert "Provinsi tidak dapat" in form.lock_note.text()
    assert form.evidence_note.text().startswith("2 berkas")
    form.evidence.set_values({"evidence": "surel"})
    folder = tmp_path / "keluar"
    form.place.set_values({"folder": str(folder)})
    page.primary()
    made.rest()
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert names[0] == "Posko_62.10.02_ke_62.10_001.xlsx.age"
    assert names[1].endswith("_1dari1.zip.age")
    assert page.send.result is not None
    assert [path.name for path in page.send.result.files] == names, "the workbook stands first"
    assert "terkunci" in page.send.told.message.raw()
    assert made.problems == []
    desk = opened(kab)
    there = desk.show()
    there.take_in(sorted(folder.iterdir()))
    desk.rest()
    assert there.receive.plan is not None
    assert there.receive.apply.text() == "Terapkan 1"
    there.primary()
    desk.rest()
    there.primary()  # on to the evidence
    desk.rest()
    assert there.parcels.banner.accessibleName().endswith("Semua 2 bukti lengkap.")
    assert [state.complete for state in packages(kab)] == [True]
    assert desk.problems == []


def test_nothing_is_left_when_the_workbook_cannot_be_made(
    kec: Posko, kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_case(kec, tmp_path / "asli", [b"satu" * 900])
    made = opened(kec)
    page = made.show()
    page.send.form.evidence.set_values({"evidence": "surel"})
    folder = tmp_path / "keluar"
    page.send.form.place.set_values({"folder": str(folder)})
    page.send.form.lock.setChecked(False)
    page.primary()
    qtask = page.send._task
    assert qtask is not None
    page.send.form.panel.stop.click()
    made.rest()
    assert list(folder.iterdir()) == []
    assert ledger(kec).sent == ()
    assert page.send.make.isEnabled()


def test_who_has_no_known_key_gets_an_open_file(kab: Posko, opened: OpenPage) -> None:
    page = opened(kab).show()
    form = page.send.form
    assert page.send.form.to_code == "62"
    assert not form.lock.isEnabled()
    assert "belum dikenal" in form.lock_note.text()


def test_the_message_is_proposed_until_somebody_writes_one(
    kec: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    made = opened(kec)
    page = made.show()
    form = page.send.form
    assert "Kiriman 1 Panwaslu Kecamatan Kurun, 15 Oktober 2024: 1 laporan" in form.message.raw()
    form.message.setPlainText("Mohon dibaca sore ini.")
    form.place.set_values({"folder": str(tmp_path / "keluar")})
    page.primary()
    made.rest()
    assert page.send.told.message.raw() == "Mohon dibaca sore ini."
    with kec.store.read() as session:
        assert session.scalars(select(Export.seq)).all() == [1]
        searched = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action == "identity.looked_for")
        ).all()
    assert searched, "that identities were compared stands in the journal"


def test_the_other_computer_of_the_office_is_a_recipient_too(
    kec: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    made = opened(kec)
    page = made.show()
    form = page.send.form
    form.to.set_values({"to": kec.office.code})
    form.to.changed.emit("to")
    made.rest()
    assert form.to.raw()["to"] == "Komputer lain kantor ini"
    assert "komputer lain itu" in form.lock_note.text()
    form.place.set_values({"folder": str(tmp_path / "keluar")})
    page.primary()
    made.rest()
    assert [line.to_code for line in ledger(kec).sent] == [kec.office.code]
    assert made.problems == []
