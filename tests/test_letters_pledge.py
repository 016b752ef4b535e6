"""The papers of a pledge and letters of advice, made from a real office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.attendance import mark, receive_self_pledge
from posko_app.cases.outreach import add_recipients, note_receipts, recipients, void_recipients
from posko_app.cases.pledge import invite, plan_pledge, pledge_defaults, pledge_view
from posko_app.cases.prevention import NewActivity, activities, log_activity
from posko_app.cases.roster import RosterRow
from posko_app.data.tables import PreventionActivity
from posko_app.errors import InvalidInput, UserError
from posko_app.letters.advice import advice_values, advise, issue_advice
from posko_app.letters.blocks import as_text
from posko_app.letters.book import letter_book
from posko_app.letters.issue import issue, reprint
from posko_app.letters.list_print import listing_pdf
from posko_app.letters.pledge_papers import (
    ATTENDANCE,
    REMINDER,
    SHEET,
    TEXT,
    attendance_list,
    letter_of,
    pledge_listing,
    pledge_text,
    reminder_values,
    self_pledges,
)
from tests.factory import TODAY
from tests.golden import assert_golden

INVITED = (
    ("Contoh Camat, S.STP.", "197905122005011004", "Camat Contoh", "Kecamatan Contoh", "camat"),
    ("Contoh Kepala, S.Sos.", "", "Kepala Dinas Contoh", "Dinas Contoh", "agency_head"),
    ("", "", "Kepala Badan Contoh", "Badan Contoh", "agency_head"),
    ("Contoh Lurah", "198001012005012001", "Lurah Contoh", "Kelurahan Contoh", "lurah"),
)


@pytest.fixture
def pledged(posko: Posko) -> str:
    """A pledge of four offices: one came, two did not, one has no holder."""
    new = replace(
        pledge_defaults(posko), on=date(2024, 10, 11), place="Aula Kantor Bupati", starts_at="9"
    )
    uid = plan_pledge(posko, new)
    invite(
        posko,
        uid,
        [
            RosterRow(name=name, nip=nip, position_title=title, agency=agency, group_code=group)
            for name, nip, title, agency, group in INVITED
        ],
    )
    lines = [one.uid for one in pledge_view(posko, uid).signatories]
    mark(posko, [lines[0]], "present")
    mark(posko, [lines[1], lines[2], lines[3]], "absent")
    return uid


def pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def words(pdf: bytes) -> str:
    return " ".join(" ".join(pages(pdf)).split())


@pytest.mark.parametrize("template", [TEXT, ATTENDANCE, REMINDER])
def test_each_paper_of_a_pledge_says_this(posko: Posko, pledged: str, template: str) -> None:
    text = as_text(letter_of(posko, template, pledged).filled("001/PM.00.02/K.KH-05/10/2024"))
    assert_golden(f"pledge/{template}.txt", text)


def test_a_sheet_for_every_absentee_in_one_file(posko: Posko, pledged: str) -> None:
    pdf = self_pledges(posko, pledged)
    assert_golden(f"pledge/{SHEET}.txt", "\f\n".join(pages(pdf)))
    first, second = pages(pdf)
    assert "Contoh Kepala, S.Sos." in first
    assert "Halaman 1 dari 1" in second
    assert "19800101 200501 2 001" in second
    lines = pledge_view(posko, pledged).signatories
    receive_self_pledge(posko, [lines[1].uid], TODAY)
    assert len(pages(self_pledges(posko, pledged))) == 1
    assert "Contoh Camat" in words(self_pledges(posko, pledged, [lines[0].uid]))
    receive_self_pledge(posko, [lines[3].uid], TODAY)
    with pytest.raises(UserError, match="Tidak ada yang masih harus"):
        self_pledges(posko, pledged)


def test_the_attendance_list_goes_by_group_and_is_marked_as_practice(
    posko: Posko, pledged: str
) -> None:
    said = words(attendance_list(posko, pledged))
    places = [said.index(title) for _, _, title, *_ in (INVITED[1], INVITED[2], INVITED[0])]
    assert places == sorted(places)
    assert "(jabatan belum terisi)" in said
    assert "LATIHAN" in said
    assert "Menolak politik uang" in words(pledge_text(posko, pledged))
    empty = plan_pledge(posko, pledge_defaults(posko))
    with pytest.raises(InvalidInput, match="undangan ikrar"):
        attendance_list(posko, empty)


def test_the_reminder_is_numbered_and_frozen(posko: Posko, pledged: str) -> None:
    values = reminder_values(posko, pledge_view(posko, pledged))
    made = issue(posko, "", REMINDER, values={**values, "pledge.return_by": "18 Oktober 2024"})
    assert made.number.startswith("001/PM.00.02/K.KH-05/")
    said = words(reprint(posko, made.uid))
    assert "terdapat 2 (dua) pejabat" in said
    assert "paling lambat 18 Oktober 2024" in said
    assert "Contoh Camat" not in said


def test_the_marked_roster_is_printed_as_a_list(posko: Posko, pledged: str) -> None:
    made = pledge_listing(posko, pledge_view(posko, pledged))
    assert [row[5] for row in made.rows] == ["Tidak hadir", "Tidak hadir", "Hadir", "Tidak hadir"]
    said = words(listing_pdf(posko, made))
    assert "Diundang 4, hadir 1" in said


def names(posko: Posko, uid: str) -> Sequence[str]:
    return [one.name for one in recipients(posko, uid)]


def test_addressees_are_added_once_receive_and_leave(posko: Posko) -> None:
    uid = log_activity(posko, NewActivity(on=TODAY, item="advisory_letter", title="Imbauan"))
    typed = ["Kepala Dinas A; Dinas A", "Kepala Dinas B\tDinas B", " ", "Kepala Dinas A; Dinas A"]
    assert add_recipients(posko, uid, typed) == 2
    assert add_recipients(posko, uid, typed[:1]) == 0
    with pytest.raises(InvalidInput):
        add_recipients(posko, uid, [" "])
    first, second = recipients(posko, uid)
    assert (first.name, first.agency) == ("Kepala Dinas A", "Dinas A")
    with pytest.raises(InvalidInput):
        note_receipts(posko, [first.uid], date(2024, 10, 16))
    note_receipts(posko, [first.uid], TODAY, "Sekretariat")
    assert [one.received_on for one in recipients(posko, uid)] == [TODAY, None]
    note_receipts(posko, [first.uid], None)
    assert recipients(posko, uid)[0].received_by == ""
    void_recipients(posko, [second.uid])
    assert names(posko, uid) == ["Kepala Dinas A"]


def test_a_letter_of_advice_lists_its_addressees_and_stays_with_its_activity(posko: Posko) -> None:
    new = NewActivity(
        on=TODAY, item="advisory_letter", title="Imbauan", target="Kepala OPD", subject="Netralitas"
    )
    uid = log_activity(posko, new)
    assert advice_values(posko, uid)["letter.addressee"] == "Kepala OPD"
    add_recipients(posko, uid, ["Bupati"])
    assert advice_values(posko, uid)["letter.addressee"] == "Bupati"
    add_recipients(posko, uid, [f"Kepala Dinas {n}; Dinas {n}" for n in range(1, 31)])
    made = issue_advice(posko, uid, {})
    said = words(reprint(posko, made.uid))
    assert "Kepala OPD (daftar terlampir)" in said
    assert "Daftar penerima" in said
    assert "Dinas 30" in said
    assert activities(posko)[0].letter_uid == made.uid


def test_a_letter_that_was_made_first_is_logged_as_an_activity(posko: Posko) -> None:
    values = {"letter.addressee": "Camat Contoh", "letter.subject": "Imbauan"}
    heard: list[object] = []
    posko.store.listeners.append(heard.append)
    made = advise(posko, values)
    assert len(heard) == 1, "letter, activity and link are one transaction"
    (row,) = activities(posko)
    assert (row.title, row.kind, row.letter_uid) == (
        "Surat imbauan kepada Camat Contoh", "official_letter", made.uid,
    )  # fmt: skip


def test_no_letter_is_issued_when_it_cannot_be_kept_with_its_activity(posko: Posko) -> None:
    uid = log_activity(posko, NewActivity(on=TODAY, item="advisory_letter", title="Imbauan"))
    with posko.write() as session:
        row = session.scalars(select(PreventionActivity)).one()
        row.office_code = "62.10.02"
    with pytest.raises(UserError):
        issue_advice(posko, uid, {"letter.addressee": "Bupati Contoh"})
    assert letter_book(posko) == ()
