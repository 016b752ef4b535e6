"""The letter book: order, what it tells of a letter, and who may read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete

from posko_app.app import Posko, open_office
from posko_app.cases.intake import file_report
from posko_app.data.tables import VaultFile
from posko_app.errors import NotAllowed
from posko_app.letters.book import letter_book
from posko_app.letters.issue import issue
from posko_app.office.accounts import add_account

from .conftest import FixedClock
from .factory import REPORTER, new_report

APPEAL: dict[str, Any] = {"signer.name": "Contoh Ketua", "letter.addressee": "Camat Kurun\nselaku"}


def test_the_book_runs_newest_first_and_names_case_and_officer(
    posko: Posko, clock: FixedClock
) -> None:
    assert letter_book(posko) == ()
    case = file_report(posko, new_report())
    issue(posko, case.uid, "tanda-bukti")
    clock.forward(days=1)
    appeal = issue(posko, "", "imbauan", values=APPEAL)
    newest, oldest = letter_book(posko)
    assert (newest.uid, newest.number, newest.dated_on) == (
        appeal.uid, appeal.number, appeal.dated_on,
    )  # fmt: skip
    assert (newest.title, newest.addressee, newest.case_uid) == ("Surat imbauan", "Camat Kurun", "")
    assert (oldest.case_uid, oldest.case_number) == (case.uid, case.number)
    assert oldest.case_title == "Guru membagikan stiker pasangan calon"
    assert oldest.addressee == "", "a receipt goes to nobody outside"
    assert {row.officer for row in (newest, oldest)} == {"Petugas Contoh"}
    assert newest.held
    assert letter_book(posko, limit=1) == (newest,)
    assert REPORTER.name not in repr(letter_book(posko))


def test_a_letter_whose_file_is_elsewhere_is_not_held(posko: Posko) -> None:
    issue(posko, "", "imbauan", values=APPEAL)
    with posko.write() as session:
        session.execute(delete(VaultFile))
    assert [row.held for row in letter_book(posko)] == [False]


def test_not_every_role_reads_it(office: Callable[..., Posko]) -> None:
    posko = office()
    add_account(posko, login="kirim", name="Contoh", role="exchanger", password="kata lain")
    posko.close()
    other = open_office(posko.folder.root, "kirim", "kata lain", clock=posko.clock)
    try:
        with pytest.raises(NotAllowed):
            letter_book(other)
    finally:
        other.close()
