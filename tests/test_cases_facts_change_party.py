"""Completing and correcting reported persons after intake."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.case_view import case_view
from posko_app.cases.facts_change_party import add_party, change_party
from posko_app.cases.facts_change_told import HIDDEN, past_changes
from posko_app.cases.intake import file_report
from posko_app.cases.people import other_cases
from posko_app.cases.people_names import name_keys
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.report import ReportedInput
from posko_app.data.tables import AuditEntry, Event, MatchKey
from posko_app.errors import InvalidInput, NotAllowed, UserError
from tests.factory import PARTY, REPORTER, new_report

BARE = ReportedInput(name="Contoh Terlapor")


def problems(error: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {p.field: p.message for p in error.value.problems}


def test_what_was_empty_is_completed_without_a_reason(posko: Posko) -> None:
    first = file_report(posko, new_report()).uid
    case = file_report(posko, new_report(reported=(BARE,))).uid
    (party,) = case_view(posko, case).parties
    wanted = replace(BARE, nip="19860412 201001 1 012", category="pns", agency="SDN 3 Contoh")
    note = change_party(posko, case, party.uid, wanted)
    view = case_view(posko, case)
    assert (view.parties[0].nip, view.parties[0].agency) == (PARTY.nip, "SDN 3 Contoh")
    (told,) = [e for e in view.events if e.uid == note]
    assert told.note.splitlines() == [
        "Kedudukan terlapor diisi PNS.",
        "NIP terlapor diisi 19860412 201001 1 012.",
        "Instansi terlapor diisi “SDN 3 Contoh”.",
    ]
    (person,) = other_cases(posko, case)
    assert [(one.uid, one.how) for one in person.cases] == [(first, "nip")]


def test_what_stood_there_is_replaced_with_a_reason_and_stays_told(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    (party,) = case_view(posko, case).parties
    other = replace(PARTY, name="Contoh Terlapor Satu", agency="")
    with pytest.raises(InvalidInput) as error:
        change_party(posko, case, party.uid, other)
    assert set(problems(error)) == {"reason"}
    change_party(posko, case, party.uid, other, "Nama menurut KTP-nya")
    assert [(p.field, p.was, p.now) for p in past_changes(posko, case)] == [
        ("party.name", PARTY.name, "Contoh Terlapor Satu"),
        ("party.agency", "SDN 3 Contoh", ""),
    ]
    (row,) = list_cases(posko, CaseFilter(view="all", text="terlapor satu"))
    assert row.party == "Contoh Terlapor Satu"
    with posko.store.read() as session:
        assert board.board_problems(posko, session) == []


def test_a_second_person_is_added(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    uid = add_party(posko, case, ReportedInput(name="Contoh Kedua", category="village_head"))
    view = case_view(posko, case)
    assert [(p.uid, p.position) for p in view.parties[1:]] == [(uid, 2)]
    assert [p.field for p in past_changes(posko, case)] == ["party.name", "party.category"]
    without = file_report(posko, new_report(reported=()), accept_incomplete=True).uid
    add_party(posko, without, BARE)
    met = {c.key: c.met for c in case_view(posko, without).requirements}
    assert met["reported"]


def test_what_cannot_be_is_told_all_at_once(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    (party,) = case_view(posko, case).parties
    wrong = replace(PARTY, name=" ", nip="123", phone="1", category="apa")
    with pytest.raises(InvalidInput) as error:
        change_party(posko, case, party.uid, wrong, f"kata {REPORTER.name}")
    assert set(problems(error)) == {"name", "nip", "phone", "category", "reason"}
    with pytest.raises(InvalidInput, match="Tidak ada yang berubah"):
        change_party(posko, case, party.uid, PARTY)
    with pytest.raises(InvalidInput):
        add_party(posko, case, ReportedInput())
    with pytest.raises(UserError, match="tidak ada pada perkara ini"):
        change_party(posko, case, "bukan", PARTY)
    assert past_changes(posko, case) == ()


def test_only_who_may_and_the_journal_names_no_values(posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    add_party(posko, case, ReportedInput(name="Contoh Kedua"))
    with posko.store.read() as session:
        wanted = AuditEntry.action == "case.facts_changed"
        row = session.scalars(select(AuditEntry).where(wanted)).one()
    assert json.loads(row.body)["fields"] == ["party.name"]
    assert "Kedua" not in row.body
    posko.user = replace(posko.user, role="leader")
    with pytest.raises(NotAllowed):
        add_party(posko, case, BARE)


def test_a_name_that_was_the_reporters_is_not_kept_anywhere_in_the_open(posko: Posko) -> None:
    """Whoever typed the reporter as terlapor puts it right; the note travels to other offices."""
    wrong = ReportedInput(name=REPORTER.name, phone=REPORTER.phone, agency="SDN 3 Contoh")
    case = file_report(posko, new_report(reported=(wrong,))).uid
    (party,) = case_view(posko, case).parties
    change_party(posko, case, party.uid, BARE, "Tertukar dengan pelapor")
    assert {(p.field, p.was) for p in past_changes(posko, case)} == {
        ("party.name", HIDDEN), ("party.phone", HIDDEN), ("party.agency", "SDN 3 Contoh")
    }  # fmt: skip
    with posko.store.read() as session:
        events = session.scalars(select(Event).where(Event.case_uid == case)).all()
        keys = set(session.scalars(select(MatchKey.key).where(MatchKey.case_uid == case)))
    assert not any("Pelapor Satu" in f"{event.note} {event.data}" for event in events)
    assert keys.isdisjoint(set(name_keys(REPORTER.name)) - set(name_keys(BARE.name)))
    assert keys.issuperset(name_keys(BARE.name))
