"""Kirim & terima: an export made by keyboard, a file previewed and applied, and every refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.data.tables import Account, Case
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.ledger import ledger
from tests.factory import REPORTER, new_report
from tests.opened import Opened
from ui import dialogs, documents, theme
from ui.pages.exchange import ExchangePage, words
from ui.pages.exchange.notices import gap_words
from ui.tables import GroupRow

CTRL = Qt.KeyboardModifier.ControlModifier


OpenPage = Callable[[Posko], Opened[ExchangePage]]


@pytest.fixture(autouse=True)
def home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own home folder, so that nothing is written into that of this machine."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    return folder


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[OpenPage]:
    """Make the page over an office."""
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
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


def sent(posko: Posko, to: str, folder: Path) -> Path:
    target = folder / f"kiriman-{posko.office.code}"
    target.mkdir(exist_ok=True)
    return export(posko, to, target).files[-1]


def change_case(posko: Posko, **values: object) -> None:
    with posko.write() as session:
        case = session.scalars(select(Case)).one()
        for name, value in values.items():
            setattr(case, name, value)


# --- sending --------------------------------------------------------------------------------------


def test_an_export_by_keyboard_goes_to_the_office_above(
    kec: Posko, opened: OpenPage, tmp_path: Path, qtbot: QtBot
) -> None:
    file_report(kec, new_report())
    made = opened(kec)
    page = made.show(act="send")
    assert page.send.form.to_code == "62.10"
    assert page.send.form.what.note("changes") == "1 laporan"
    folder = tmp_path / "keluar" / "baru"
    page.send.form.place.set_values({"folder": str(folder)})
    assert page.send.make.hasFocus()
    page.primary()  # Ctrl+Enter
    assert not page.send.make.isEnabled(), "no second export meanwhile"
    made.rest()
    (path,) = folder.glob("*.xlsx")
    assert path.name == "Posko_62.10.02_ke_62.10_001.xlsx"
    message = page.send.told.message.raw()
    assert message.startswith("LATIHAN, data contoh. Kiriman 1 dari Panwaslu Kecamatan Kurun")
    assert "untuk Bawaslu Kabupaten Gunung Mas, 15 Oktober 2024: 1 laporan dan temuan" in message
    assert REPORTER.name not in message
    page.send.copy.click()
    assert QGuiApplication.clipboard().text() == message
    (row,) = [r for r in page.sent.table.rows.rows if not isinstance(r, GroupRow)]
    assert (row.seq, row.to_code, row.acked_at) == (1, "62.10", None)
    assert "menunggu tanda terima" in page.sent.note.text()
    assert made.problems == []


def test_folder_and_recipient_are_remembered(
    kab: Posko,
    opened: OpenPage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = opened(kab)
    page = first.show()
    assert page.send.form.to_code == "62", "the office above is proposed"
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_: tmp_path / "flashdisk")
    page.send.form.browse.click()
    page.send.form.to.set_values({"to": "62.10.02"})
    page.primary()
    first.rest()
    assert len(list((tmp_path / "flashdisk").glob("Posko_62.10_ke_62.10.02_001.xlsx"))) == 1
    again = opened(kab).show()
    assert again.send.form.to_code == "62.10.02"
    assert again.send.form.place.value("folder") == str(tmp_path / "flashdisk")


def test_the_folder_opens_and_another_export_can_follow(
    kec: Posko,
    opened: OpenPage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = opened(kec)
    page = made.show()
    page.send.form.place.set_values({"folder": str(tmp_path)})
    page.primary()
    made.rest()
    shown: list[Path] = []

    def show(path: Path) -> bool:
        shown.append(path)
        return True

    monkeypatch.setattr(documents, "show", show)
    page.primary()  # Ctrl+Enter goes on to the folder
    assert shown == [tmp_path]
    monkeypatch.setattr(documents, "show", lambda path: False)
    page.primary()
    assert "sudah tersimpan" in str(made.problems[0])
    page.send.again.click()
    assert page.send.make.isVisible()
    assert not page.send.show_folder.isVisible(), "one primary action per screen"


def test_a_folder_that_cannot_be_made_is_said_at_its_field(
    kec: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    page = opened(kec).show()
    blocked = tmp_path / "berkas"
    blocked.write_text("bukan folder")
    for folder in (str(blocked / "dalam"), "tanpa/alamat/lengkap"):
        page.send.form.place.set_values({"folder": folder})
        page.primary()
        assert page.send.form.place.boxes["folder"].problem.startswith(
            "Folder ini tidak dapat dibuat."
        )
    page.send.form.to.set_values({"to": ""})
    page.primary()
    assert page.send.form.to.boxes["to"].problem == "Pilih kantor tujuan."
    assert ledger(kec).sent == ()


def test_a_cancelled_export_leaves_nothing(kec: Posko, opened: OpenPage, tmp_path: Path) -> None:
    file_report(kec, new_report())
    made = opened(kec)
    page = made.show()
    page.send.form.place.set_values({"folder": str(tmp_path / "keluar")})
    page.primary()
    page.send.form.panel.stop.click()
    made.rest()
    assert list((tmp_path / "keluar").iterdir()) == []
    assert ledger(kec).sent == ()
    assert page.send.make.isEnabled()
    assert made.problems == []


def test_who_may_not_exchange_is_told_why(kec: Posko, opened: OpenPage, tmp_path: Path) -> None:
    with kec.write() as session:
        session.scalars(select(Account)).one().role = "receiver"
    kec.user = type(kec.user)(kec.user.login, kec.user.name, kec.user.title, "receiver")
    made = opened(kec)
    page = made.show()
    assert page.send.make.toolTip() == (
        "Peran petugas penerima tidak boleh mengekspor data ke kantor lain."
    )
    assert not page.receive_button.isEnabled()
    page.primary()
    assert not made.context.tasks.busy


@pytest.mark.parametrize(
    ("megabytes", "said"),
    [
        (15, "bisa lewat surel atau WhatsApp (sebagai dokumen)"),
        (16, "lewat WhatsApp sebagai dokumen, terlalu besar untuk surel"),
        (95, "lewat WhatsApp sebagai dokumen, terlalu besar untuk surel"),
        (96, "pakai flashdisk, terlalu besar untuk surel dan WhatsApp"),
    ],
)
def test_the_channel_fits_the_size(megabytes: int, said: str) -> None:
    assert words.channel_for(megabytes << 20) == said


def test_recipients_are_the_office_above_those_met_and_those_below(
    kab: Posko, kec: Posko, tmp_path: Path
) -> None:
    codes = [code for code, _ in words.recipients(kec, ())]
    assert codes == ["62.10", "62.10.02"], "nobody below a subdistrict has an office"
    file_report(kec, new_report())
    import_file(kab, sent(kec, "62.10", tmp_path), apply=True)
    found = words.recipients(kab, ledger(kab).peers)
    assert found[:2] == [
        ("62", "Bawaslu Provinsi Kalimantan Tengah"),
        ("62.10.02", "Panwaslu Kecamatan Kurun"),
    ]
    assert ("62.10.01", "Panwaslu Kecamatan Sepang") in found
    assert len(found) == len({code for code, _ in found})


# --- receiving ------------------------------------------------------------------------------------


def test_a_file_is_previewed_and_applied_by_keyboard(
    kec: Posko,
    kab: Posko,
    opened: OpenPage,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    uid = file_report(kec, new_report()).uid
    path = sent(kec, "62.10", tmp_path)
    made = opened(kab)
    page = made.show(act="receive", path=str(path))
    view = page.receive
    assert view.table.hasFocus()
    assert "kiriman 1 dari Panwaslu Kecamatan Kurun" in view.head.subtitle.text()
    assert view.apply.text() == "Terapkan 1"
    assert view.foot.note.text().startswith("Belum ada yang berubah. Sesudah diterapkan masih")
    row = view.table.row()
    assert row is not None
    assert (row.number, row.title, row.note) == ("001 Kec", new_report().title, "Laporan baru")
    assert "1 saksi" in view.detail.said()
    assert REPORTER.name not in view.detail.said()
    assert list_cases(kab, CaseFilter()) == (), "nothing changes before Terapkan"
    page.primary()  # Ctrl+Enter
    made.rest()
    assert [case.uid for case in list_cases(kab, CaseFilter())] == [uid]
    assert view.banner.accessibleName() == "Kiriman sudah diterapkan. Baris data: 5 baru."
    assert view.apply.hasFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    page.primary()
    assert made.visits == [("case", {"uid": uid}), ("cases", {"view": "all"})]
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    (line,) = ledger(kab).received
    assert page.received.table.rows.rows == [line]
    assert made.problems == []


def test_esc_leaves_everything_as_it_was(
    kec: Posko,
    kab: Posko,
    opened: OpenPage,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    file_report(kec, new_report())
    made = opened(kab)
    page = made.show(path=str(sent(kec, "62.10", tmp_path)))
    qtbot.keyClick(page.receive.table, Qt.Key.Key_Escape)
    assert page.send.isVisible()
    assert list_cases(kab, CaseFilter()) == ()
    assert ledger(kab).received == ()


def test_groups_conflicts_and_both_values(
    kec: Posko,
    kab: Posko,
    opened: OpenPage,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    file_report(kec, new_report())
    import_file(kab, sent(kec, "62.10", tmp_path), apply=True)
    change_case(kec, event_on=date(2024, 10, 11), article="Pasal 71")
    change_case(kab, event_on=date(2024, 10, 12))
    file_report(kec, new_report(title="Laporan yang baru"))
    made = opened(kab)
    page = made.show(path=str(sent(kec, "62.10", tmp_path)))
    view = page.receive
    said = [r.text if isinstance(r, GroupRow) else r.title for r in view.table.rows.rows]
    assert said == [
        "Bentrok: diubah di dua tempat · 1",
        new_report().title,
        "Baru: belum ada di sini · 1",
        "Laporan yang baru",
    ]
    detail = view.detail.said()
    assert "12-10-2024" in detail
    assert "11-10-2024" in detail
    assert "Pasal 71" in detail
    assert view.foot.note.text() == (
        "Belum ada yang berubah. 1 bentrok disimpan dengan kedua nilainya."
    )
    page.step_tab(2)
    assert view.tabs.current == "new"
    assert [r.title for r in view.table.selected()] == ["Laporan yang baru"]
    page.step_problem(1)
    assert view.tabs.current == "all"
    assert [r.group for r in view.table.selected()] == ["conflict"]
    view.tabs.choose("same")
    assert "baris data sudah sama" in view.nothing.title.text()
    page.primary()
    made.rest()
    assert {row.conflicts for row in list_cases(kab, CaseFilter())} == {0, 1}


def test_the_same_file_again_changes_nothing_and_can_be_noted(
    kec: Posko, kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    path = sent(kec, "62.10", tmp_path)
    made = opened(kab)
    page = made.show(path=str(path))
    assert "Guru membagikan stiker" in page.receive.detail.said()
    import_file(kab, path, apply=True)
    made.show(path=str(path))
    assert page.receive.nothing.title.text() == "Semua isinya sudah ada di sini"
    assert "Guru membagikan stiker" not in page.receive.detail.said()
    assert page.receive.apply.text() == "Catat kiriman ini"
    page.primary()
    made.rest()
    assert [line.same for line in ledger(kab).received] == [5, 0]


def test_rejected_rows_say_where_and_why(
    kec: Posko, kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    file_report(kec, new_report(title="Dengan aturan lain"))
    with kec.write() as session:
        rows = session.scalars(select(Case).where(Case.title == "Dengan aturan lain"))
        rows.one().regulation = "pilkada-2035"
    made = opened(kab)
    page = made.show(path=str(sent(kec, "62.10", tmp_path)))
    view = page.receive
    assert view.plan is not None
    assert (len(view.plan.rejected), len(view.plan.waiting)) == (1, 4)
    rejected = 5
    view.tabs.choose("rejected")
    assert len(view.rejects.rows.rows) == rejected
    told = {
        view.rejects.rows.index(row, 0).data(): [
            view.rejects.rows.index(row, column).data() for column in range(1, 4)
        ]
        for row in range(rejected)
    }
    place, column, reason = told["Perkara"]
    assert (place, column) == ("3", "Aturan")
    assert "pilkada-2035" in reason
    assert "Menunggu perkara induknya" in told["Bukti"][2]
    assert "Baris lain tetap dapat diterapkan." in view.detail.said()
    assert "1 baris ditolak" in view.banner.accessibleName()
    assert "4 baris menunggu perkara induknya" in view.banner.accessibleName()
    page.primary()
    made.rest()
    assert len(list_cases(kab, CaseFilter())) == 1, "the others are taken in"


def test_a_missing_export_is_information(
    kec: Posko, kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    import_file(kab, sent(kec, "62.10", tmp_path), apply=True)
    import_file(kec, sent(kab, "62.10.02", tmp_path), apply=True)  # the acknowledgement
    for title in ("Yang hilang di jalan", "Yang sampai"):
        file_report(kec, new_report(title=title))
        path = sent(kec, "62.10", tmp_path)
    page = opened(kab).show(path=str(path))
    assert page.receive.plan is not None
    assert page.receive.plan.gaps == (), "the second holds what the first was to bring"
    assert gap_words((11,)) == "Kiriman 11 belum ada di sini"
    assert gap_words((3, 4, 7)) == "Kiriman 3, 4 dan 7 belum ada di sini"
    assert gap_words((1, 2, 3, 4, 5)) == "Kiriman 1 sampai 5 belum ada di sini"


def test_a_refused_file_is_one_plain_sentence(
    kec: Posko,
    kab: Posko,
    opened: OpenPage,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    foreign = tmp_path / "catatan.xlsx"
    foreign.write_text("bukan buku kerja")
    for_others = sent(kec, "62.10.01", tmp_path)
    made = opened(kab)
    for path, words_ in (
        (foreign, "catatan.xlsx"),
        (for_others, "Kiriman ini dibuat untuk kantor lain"),
        (tmp_path / "tidak ada.xlsx", "tidak dapat dibaca"),
    ):
        page = made.show(path=str(path))
        assert page.receive.refused.isVisible()
        assert words_ in page.receive.refused.text.text()
        assert not page.receive.apply.isVisible()
    page.receive.primary()
    assert not made.context.tasks.busy
    qtbot.keyClick(page.receive.other, Qt.Key.Key_Escape)
    assert page.send.isVisible()
    assert ledger(kab).received == ()
    assert made.problems == []


def test_files_are_chosen_or_dropped_and_read_one_after_the_other(
    kec: Posko,
    kab: Posko,
    opened: OpenPage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    file_report(kec, new_report())
    first = sent(kec, "62.10", tmp_path)
    file_report(kec, new_report(title="Kedua"))
    second = sent(kec, "62.10", tmp_path)
    made = opened(kab)
    page = made.show()
    asked: list[str] = []

    def choose(_parent: object, _title: str, _kinds: str, folder: str) -> list[Path]:
        asked.append(folder)
        return [first, second]

    monkeypatch.setattr(dialogs, "open_files", choose)
    page.open(act="receive")
    qtbot.waitUntil(lambda: bool(asked))
    made.rest()
    page.primary()
    made.rest()
    assert page.receive.apply.text() == "Berkas berikut (1 lagi)"
    page.primary()
    made.rest()
    assert page.receive.head.subtitle.text().startswith(second.name)
    page.receive.leave()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "foto.jpg")), QUrl.fromLocalFile(str(second))])
    page.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                   Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    made.rest()
    assert page.receive.head.subtitle.text().startswith(second.name)
    page.receive.leave()
    page.choose()
    assert asked[-1] == str(second.parent), "the folder used last is proposed"
    made.rest()


def test_files_that_lie_in_downloads_wait_and_are_previewed(
    kec: Posko,
    kab: Posko,
    opened: OpenPage,
    home_folder: Path,
    tmp_path: Path,
) -> None:
    file_report(kec, new_report())
    made = opened(kab)
    page = made.show()
    assert not page.waiting.isVisible()
    downloads = home_folder / "Downloads"
    downloads.mkdir()
    sent(kec, "62.10", tmp_path).rename(downloads / "Posko_62.10.02_ke_62.10_001.xlsx")
    page.hide()
    made.show()
    (button,) = page.waiting.buttons
    assert button.accessibleName() == "Pratinjau: Panwaslu Kecamatan Kurun"
    assert button in page.panes()
    button.click()
    made.rest()
    page.primary()
    made.rest()
    assert len(list_cases(kab, CaseFilter())) == 1
    page.receive.leave()
    made.rest()
    assert not page.waiting.isVisible(), "what was read does not wait any more"


def test_a_file_that_changed_since_the_preview_is_not_applied(
    kec: Posko, kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    path = sent(kec, "62.10", tmp_path)
    made = opened(kab)
    page = made.show(path=str(path))
    path.write_bytes(path.read_bytes() + b"\0")
    page.primary()
    made.rest()
    assert "berubah sejak dipratinjau" in page.receive.banner.accessibleName()
    assert page.receive.done is None
    assert list_cases(kab, CaseFilter()) == ()


def test_another_file_replaces_the_one_being_read(
    kec: Posko, kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    first = sent(kec, "62.10", tmp_path)
    second = sent(kec, "62.10", tmp_path)
    made = opened(kab)
    made.show()
    made.page.open(path=str(first))
    made.page.open(path=str(second))
    made.rest()
    assert made.page.receive.plan is not None
    assert made.page.receive.plan.path == second


def test_lists_follow_the_ledger_and_say_what_came_of_it(
    kec: Posko, kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    page = opened(kec).show()
    page.tabs.choose("sent")
    assert page.sent.empty.isVisible()
    import_file(kab, sent(kec, "62.10", tmp_path), apply=True)
    import_file(kec, sent(kab, "62.10.02", tmp_path), apply=True)
    assert page.sent.table.isVisible()
    ack = page.sent.table.rows.index(0, 4).data()
    assert ack.startswith("15 Okt 09.")
    assert page.received.table.rows.index(0, 3).data() == "Semua sama"
    assert page.received.table.rows.index(0, 1).data() == "Bawaslu Kabupaten Gunung Mas"
