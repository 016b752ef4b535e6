"""Forms: what was typed and understood, Enter, errors at the field and in the summary, drafts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posko_app.errors import Problem
from ui import theme
from ui.dialogs import Sheet
from ui.editors import ChoiceBox, TextLine, inner
from ui.fields import Field, Parsed
from ui.forms import Form, FormGroup
from ui.widgets.buttons import Link
from ui.widgets.filters import MenuFilter, SearchField

TODAY = date(2024, 10, 15)
THEMES = (
    ("asn", "Netralitas ASN"),
    ("money", "Politik uang"),
    ("village", "Netralitas kepala desa"),
)


def digits(text: str) -> Parsed:
    """A parser that wants four digits."""
    kept = "".join(c for c in text if c.isdigit())
    if text and len(kept) != 4:
        return Parsed(kept, error=f"Baru {len(kept)} angka, kode harus 4 angka.")
    return Parsed(kept, note="Kode dikenali" if kept else "", shown=f"{kept[:2]} {kept[2:]}")


FIELDS = (
    Field(key="code", label="Kode", width=4, parse=digits, missing="Isi kode perkara."),
    Field(key="name", label="Nama lengkap", width=8),
    Field(key="event_on", label="Tanggal kejadian", kind="date", width=6),
    Field(key="event_time", label="Jam", kind="time", width=6, optional=True),
    Field(key="theme", label="Jenis dugaan", kind="combo", choices=THEMES, width=6),
    Field(key="story", label="Uraian", kind="multiline", optional=True),
    Field(key="secret", label="Samarkan pelapor", kind="check"),
)


class Desk(QWidget):
    """A page with one form and its summary."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form(FIELDS, today=TODAY)
        self.group = FormGroup(self)
        self.group.add(self.form)
        column = QVBoxLayout(self)
        column.addWidget(self.group.summary)
        column.addWidget(self.form)


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    theme.apply(qapp)
    made = Desk()
    made.resize(700, 500)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


def type_into(qtbot: QtBot, desk: Desk, key: str, text: str) -> None:
    """Type as a person does, and leave the field."""
    desk.form.focus_field(key)
    qtbot.keyClicks(inner(desk.form.boxes[key].editor), text)
    inner(desk.form.boxes[key].editor).clearFocus()


def test_answers_are_understood(desk: Desk, qtbot: QtBot) -> None:
    for key, text in (("name", " Siti  Rahmawati "), ("event_on", "kemarin"),
                      ("event_time", "930"), ("theme", "Politik uang")):  # fmt: skip
        type_into(qtbot, desk, key, text)
    values = desk.form.values()
    assert values["event_on"] == date(2024, 10, 14)
    assert values["event_time"] == time(9, 30)
    assert values["theme"] == "money"
    assert values["secret"] is False
    assert desk.form.boxes["event_on"].editor.raw() == "14-10-2024"
    assert desk.form.boxes["event_time"].editor.raw() == "09.30"


def test_values_come_back_as_they_were_given(desk: Desk) -> None:
    given = {"code": "1234", "name": "Budi", "event_on": date(2024, 10, 9),
             "event_time": time(7, 5), "theme": "asn", "story": "a\nb", "secret": True}  # fmt: skip
    desk.form.set_values(given)
    assert desk.form.values() == given


def test_an_error_is_said_on_leaving_and_goes_when_it_is_mended(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "code", "12")
    box = desk.form.boxes["code"]
    assert box.problem == "Baru 2 angka, kode harus 4 angka."
    assert box.editor.property("wrong") is True
    desk.form.focus_field("code")
    qtbot.keyClick(box.editor, Qt.Key.Key_End)
    qtbot.keyClicks(box.editor, "34")
    assert box.problem == ""
    desk.form.focus_field("name")
    assert box.editor.raw() == "12 34"


def test_the_summary_has_the_words_of_the_fields_and_moves_the_focus(
    desk: Desk, qtbot: QtBot
) -> None:
    type_into(qtbot, desk, "event_on", "99-99")
    found = desk.group.check()
    assert [p.field for p in found] == ["code", "name", "event_on", "theme"]
    links = desk.group.summary.findChildren(Link)
    assert [link.text() for link in links] == [p.message for p in found]
    assert {p.message for p in found} == {b.problem for b in desk.form.boxes.values() if b.problem}
    assert links[0].text() == "Isi kode perkara."
    qtbot.mouseClick(links[1], Qt.MouseButton.LeftButton)
    assert desk.form.boxes["name"].has_keyboard()


def test_many_problems_are_named_in_part_and_all_on_demand(desk: Desk, qtbot: QtBot) -> None:
    summary = desk.group.summary
    chosen: list[str] = []
    summary.chosen.connect(chosen.append)
    summary.set_problems([Problem(f"f{n}", f"Isi ruas {n}.") for n in range(9)])
    links = [link for link in summary.findChildren(Link) if not link.isHidden()]
    assert [link.text() for link in links] == [*(f"Isi ruas {n}." for n in range(6)), "3 lagi…"]
    low = summary.sizeHint().height()
    links[-1].click()
    QApplication.processEvents()  # new links are shown with the next event
    links = [link for link in summary.findChildren(Link) if not link.isHidden()]
    assert len(links) == 9
    links[8].click()
    assert chosen == ["f8"]
    summary.set_problems([Problem("f0", "Isi ruas 0.")])
    assert summary.sizeHint().height() <= low


def test_a_rejected_form_puts_the_keyboard_at_its_first_error(desk: Desk) -> None:
    desk.form.focus_field("story")
    desk.group.check()
    assert desk.form.boxes["code"].has_keyboard()
    desk.form.focus_field("name")
    desk.group.check()
    assert desk.form.boxes["name"].has_keyboard()  # it is being mended


def test_f8_goes_round_the_errors_of_a_dialog(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp)
    sheet = Sheet(None, "Catat kajian awal")
    form, group = Form(FIELDS, today=TODAY), FormGroup(sheet)
    group.add(form)
    sheet.body.addWidget(form)
    qtbot.addWidget(sheet)
    sheet.show()
    sheet.activateWindow()
    qtbot.waitUntil(sheet.isActiveWindow)
    group.check()
    assert form.boxes["code"].has_keyboard()
    qtbot.keyClick(inner(form.boxes["code"].editor), Qt.Key.Key_F8)
    assert form.boxes["name"].has_keyboard()
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(inner(form.boxes["name"].editor), Qt.Key.Key_F8, shift)
    assert form.boxes["code"].has_keyboard()


def test_what_the_core_rejects_stands_at_its_field_and_the_rest_in_the_summary(desk: Desk) -> None:
    rejected = [Problem("name", "Nama terlalu panjang."), Problem("file", "Berkas kosong.")]
    desk.group.show_problems(rejected)
    assert desk.form.boxes["name"].problem == "Nama terlalu panjang."
    links = desk.group.summary.findChildren(Link)
    assert [link.text() for link in links] == ["Nama terlalu panjang.", "Berkas kosong."]
    desk.group.show_problems([])
    assert desk.group.summary.isHidden()


def test_enter_goes_on_and_after_the_last_field_it_submits(desk: Desk, qtbot: QtBot) -> None:
    desk.form.set_read_only("name")
    desk.form.focus_first()
    for key in ("code", "event_on", "event_time", "theme", "story"):
        assert desk.form.boxes[key].has_keyboard(), key
        qtbot.keyClick(inner(desk.form.boxes[key].editor), Qt.Key.Key_Return)
    with qtbot.waitSignal(desk.group.submitted):
        qtbot.keyClick(desk.form.boxes["secret"].editor, Qt.Key.Key_Return)


def test_shift_enter_makes_a_new_line(desk: Desk, qtbot: QtBot) -> None:
    desk.form.focus_field("story")
    area = desk.form.boxes["story"].editor
    qtbot.keyClicks(area, "a")
    qtbot.keyClick(area, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(area, "b")
    assert desk.form.value("story") == "a\nb"


def test_f8_goes_round_the_errors(desk: Desk) -> None:
    desk.group.check()
    desk.form.focus_field("secret")
    desk.group.step_problem(1)
    assert desk.form.boxes["code"].has_keyboard()
    desk.group.step_problem(1)
    assert desk.form.boxes["name"].has_keyboard()
    desk.group.step_problem(-1)
    desk.group.step_problem(-1)
    assert desk.form.boxes["theme"].has_keyboard()


def test_a_draft_is_due_after_a_rest_and_on_leaving(desk: Desk, qtbot: QtBot) -> None:
    desk.form.focus_field("name")
    with qtbot.waitSignal(desk.form.draft_due, timeout=3000):
        qtbot.keyClicks(inner(desk.form.boxes["name"].editor), "Si")
    with qtbot.assertNotEmitted(desk.form.draft_due):
        desk.form.flush()
    qtbot.keyClicks(inner(desk.form.boxes["name"].editor), "ti")
    with qtbot.waitSignal(desk.form.draft_due, timeout=500):
        desk.form.focus_field("code")


def test_a_draft_keeps_even_what_is_wrong(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "code", "12")
    type_into(qtbot, desk, "event_on", "xx")
    kept = desk.form.raw()
    other = Desk()
    other.form.set_raw(kept)
    assert other.form.raw() == kept
    assert other.form.boxes["event_on"].check() == "Tulis tanggal seperti 15-10-2024."


def test_typing_in_a_choice_finds_the_middle_of_words(desk: Desk, qtbot: QtBot) -> None:
    box = desk.form.boxes["theme"]
    assert isinstance(box.editor, ChoiceBox)
    desk.form.focus_field("theme")
    qtbot.keyClicks(inner(box.editor), "uang")
    completer = box.editor.completer()
    assert completer is not None
    assert completer.completionCount() == 1
    assert box.value() == ""
    qtbot.keyClick(inner(box.editor), Qt.Key.Key_Return)
    assert (box.value(), box.problem) == ("money", "")


def test_a_part_that_several_choices_have_is_not_guessed(desk: Desk, qtbot: QtBot) -> None:
    box = desk.form.boxes["theme"]
    type_into(qtbot, desk, "theme", "netralitas")
    assert box.check() == "Pilih dari daftar. Ketik beberapa huruf untuk mencari."
    assert box.editor.raw() == "netralitas"


def test_a_long_list_is_searched_for_what_was_typed(qapp: QApplication, qtbot: QtBot) -> None:
    asked: list[str] = []

    def search(text: str) -> list[tuple[str, str]]:
        asked.append(text)
        return [("62.10.02", "Kurun")] if "kur" in text else []

    form = Form([Field(key="r", label="Kecamatan", kind="region", search=search)], today=TODAY)
    form.show()
    form.focus_field("r")
    line = inner(form.boxes["r"].editor)
    qtbot.keyClicks(line, "kur")
    assert isinstance(line, QWidget)
    assert asked == ["k", "ku", "kur"]
    assert form.boxes["r"].editor.raw() == "kur"
    qtbot.keyClicks(line, "un")
    form.set_choices("r", [("62.10.02", "Kurun")])
    form.set_values({"r": "62.10.02"})
    assert form.value("r") == "62.10.02"
    form.close()


def test_a_locked_field_asks_to_be_freed_with_f2(desk: Desk, qtbot: QtBot) -> None:
    desk.form.set_read_only("name")
    desk.form.focus_field("name")
    with qtbot.waitSignal(desk.form.unlock_wanted) as got:
        qtbot.keyClick(inner(desk.form.boxes["name"].editor), Qt.Key.Key_F2)
    assert got.args == ["name"]
    with qtbot.waitSignal(desk.form.copy_wanted):
        qtbot.keyClick(inner(desk.form.boxes["name"].editor), Qt.Key.Key_F4)
    editor = desk.form.boxes["name"].editor
    assert isinstance(editor, TextLine)
    assert editor.isReadOnly()


@pytest.mark.parametrize("key", ["name", "event_on", "theme", "story"])
def test_a_field_locked_while_it_is_shown_looks_locked(desk: Desk, key: str) -> None:
    def ground() -> str:
        picture = desk.form.boxes[key].editor.grab().toImage()
        return picture.pixelColor(picture.width() // 3, 4).name()

    for locked, colour in ((True, "alt"), (False, "surface")):
        desk.form.set_read_only(key, locked)
        assert ground() == theme.color(colour).name()


def test_folded_fields_are_neither_asked_nor_checked(desk: Desk) -> None:
    desk.form.show_fields(["name", "code", "theme"], False)
    assert [p.field for p in desk.group.check()] == ["event_on"]
    desk.form.show_fields(["name"])
    assert [p.field for p in desk.group.check()] == ["name", "event_on"]


def test_optional_fields_say_so_and_every_input_has_its_label(desk: Desk) -> None:
    assert desk.form.boxes["event_time"].field.beside == "boleh kosong"
    assert desk.form.boxes["name"].field.beside == ""
    for box in desk.form.boxes.values():
        assert inner(box.editor).accessibleName() == box.field.label


def test_identity_numbers_are_read_while_typing_and_grouped_on_leaving(
    qapp: QApplication, qtbot: QtBot
) -> None:
    fields = [Field(key="nik", label="NIK", kind="nik"), Field(key="nip", label="NIP", kind="nip"),
              Field(key="phone", label="Telepon", kind="phone")]  # fmt: skip
    form = Form(fields, today=TODAY)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    for key, text in (("nik", "6210025207880002"), ("nip", "19860412 2010011012"),
                      ("phone", "0812-5555 0176")):  # fmt: skip
        form.focus_field(key)
        qtbot.keyClicks(inner(form.boxes[key].editor), text)
    assert form.boxes["nik"]._message.text() == "Perempuan · lahir 12-07-1988"
    form.focus_field("nik")
    assert form.raw() == {"nik": "621002 520788 0002", "nip": "19860412 201001 1 012",
                          "phone": "0812 5555 0176"}  # fmt: skip
    assert form.values()["nip"] == "198604122010011012"
    assert form.boxes["nip"]._message.text() == "Laki-laki · lahir 12-04-1986 · CPNS 01-2010"
    form.set_values({"nik": "6210025207880002"})
    assert form.raw()["nik"] == "621002 520788 0002"
    form.set_raw({"nik": "621002520788000"})
    assert form.boxes["nik"].check() == "Baru 15 angka, NIK harus 16 angka."
    form.close()


def test_a_filter_is_chosen_from_its_menu_and_let_go_with_a_key(
    qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp)
    chip = MenuFilter("Jenis", THEMES)
    qtbot.addWidget(chip)
    chip.show()
    assert chip.text() == "Jenis: semua"
    qtbot.keyClick(chip, Qt.Key.Key_Return)
    menu = qapp.activePopupWidget()
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(chip.chosen) as got:
        menu.actions()[2].trigger()
    menu.close()
    assert got.args == ["money"]
    assert (chip.text(), chip.isChecked()) == ("Jenis: Politik uang", True)
    with qtbot.waitSignal(chip.chosen) as got:
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert got.args == [""]
    assert not chip.isChecked()
    chip.set_code("asn")
    chip.set_choices(THEMES[1:])
    assert chip.text() == "Jenis: semua"


def test_a_list_is_filtered_once_typing_rests(qapp: QApplication, qtbot: QtBot) -> None:
    field = SearchField("Saring nama")
    qtbot.addWidget(field)
    field.show()
    told: list[str] = []
    field.wanted.connect(told.append)
    qtbot.keyClicks(field, "camat")
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["camat"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1] == ""
