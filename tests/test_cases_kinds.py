"""Kinds of intake: each asks its own, is numbered in its own series, and is never turned away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import kinds
from posko_app.cases.case_view import case_view
from posko_app.cases.identity import find_by_identity, reveal
from posko_app.cases.intake import EMPTY, file_report
from posko_app.cases.proxy import PROXY
from posko_app.cases.report import EvidenceInput, NewReport, PersonInput, ReportedInput
from posko_app.data.tables import AuditEntry, CheckMark, Event, Identity
from posko_app.errors import InvalidInput, UserError
from posko_app.letters import issue
from posko_app.rules.facts import INTAKE_KINDS
from tests.factory import REPORTER, TODAY, new_report

DIARY = ("initial_info", "consultation", "request", "voter_rights", "outside")


def test_the_file_of_kinds_is_whole() -> None:
    assert list(kinds.check_resources()) == []
    assert set(kinds.intake_book().kinds) == set(INTAKE_KINDS)


def test_a_mistake_in_the_file_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "intake.toml"
    broken.write_text('[kind.report]\ntitle = "Laporan"\n[last_day]\ndays_left = 1\n')
    with pytest.raises(ValueError, match=r"broken|intake\.toml: 'ask'"):
        kinds.intake_book(broken)


@pytest.mark.parametrize("kind", INTAKE_KINDS)
def test_one_word_is_enough_to_keep_any_kind(posko: Posko, kind: str) -> None:
    thin = NewReport(kind=kind, filed_on=TODAY, title="Stiker di sekolah")
    filed = file_report(posko, thin, accept_incomplete=True)
    view = case_view(posko, filed.uid)
    assert view.state.intake_kind == kind
    assert view.facts.title == "Stiker di sekolah"
    assert filed.number


@pytest.mark.parametrize("kind", INTAKE_KINDS)
def test_only_an_empty_form_is_not_kept(posko: Posko, kind: str) -> None:
    empty = NewReport(kind=kind, filed_on=TODAY, channel="visit", filed_place="Kantor contoh")
    with pytest.raises(InvalidInput) as caught:
        file_report(posko, empty, accept_incomplete=True)
    assert [p.message for p in caught.value.problems] == [EMPTY]


@pytest.mark.parametrize(
    "said",
    [
        {"reporter": PersonInput(phone="0812 5555 0176")},
        {"reported": (ReportedInput(name="Contoh Terlapor"),)},
        {"narrative": "Ada stiker."},
        {"known_on": date(2024, 10, 14)},
        {"evidence": (EvidenceInput(description="Foto stiker"),)},
    ],
)
def test_whatever_was_said_is_kept(posko: Posko, said: dict[str, Any]) -> None:
    assert file_report(posko, NewReport(filed_on=TODAY, **said), accept_incomplete=True).number


def test_every_kind_counts_by_itself(posko: Posko) -> None:
    numbers = {kind: file_report(posko, new_report(kind=kind)).number for kind in INTAKE_KINDS}
    assert numbers["report"].startswith("001/PL/")
    assert numbers["finding"].startswith("001/TM/")
    marks = [posko.vocabulary.label("diary_mark", kind) for kind in DIARY]
    assert [numbers[kind].split("/")[1] for kind in DIARY] == marks
    assert [numbers[kind][:3] for kind in DIARY] == ["001", "002", "003", "004", "005"]


def test_a_tip_gets_no_receipt(posko: Posko) -> None:
    tip = file_report(posko, new_report(kind="initial_info"))
    assert kinds.kind_of("initial_info").letter == ""
    with pytest.raises(UserError):
        issue.issue(posko, tip.uid, kinds.kind_of("report").letter)


def test_a_finding_has_a_finder_and_its_clock_runs_from_the_day_it_was_found(posko: Posko) -> None:
    found = new_report(kind="finding", reporter=PersonInput(), known_on=date(2024, 10, 14))
    view = case_view(posko, file_report(posko, found).uid)
    assert (view.facts.finder, view.facts.lhp_number) == (found.finder, found.lhp_number)
    assert view.facts.plenary_on == TODAY
    assert view.state.stage == "registration"
    assert not view.reporter_held
    assert [(d.rule, d.due_on) for d in view.dues] == [("finding_set", date(2024, 10, 21))]
    stages = {step.key for step in view.state.steps}
    assert not stages & {"initial_review", "completion"}


def test_a_question_answered_on_the_spot_is_done(posko: Posko) -> None:
    asked = new_report(kind="consultation", answer="Boleh hadir tanpa atribut.")
    view = case_view(posko, file_report(posko, asked).uid)
    assert view.state.closed
    assert {e.kind for e in view.events} == {"filed", "notified", "closed"}
    assert "Boleh hadir tanpa atribut." in {e.note for e in view.events}
    waiting = file_report(posko, new_report(kind="consultation"))
    state = case_view(posko, waiting.uid).state
    assert state.next_steps[0].kind == "notified"


def test_an_answer_does_not_name_who_asked(posko: Posko) -> None:
    answer = f"Dijawab lewat telepon kepada {REPORTER.name}."
    with pytest.raises(InvalidInput) as caught:
        file_report(posko, new_report(kind="consultation", answer=answer))
    assert [p.field for p in caught.value.problems] == ["answer"]


def test_a_proxy_is_sealed_like_the_reporter(posko: Posko) -> None:
    proxy = PersonInput(name="Contoh Kuasa Lima", phone="0812 5555 0199", citizenship="")
    new = new_report(by_proxy=True, proxy=proxy, proxy_letter="07/SK/2024", proxy_letter_on=TODAY)
    filed = file_report(posko, new)
    view = case_view(posko, filed.uid)
    assert (view.facts.by_proxy, view.facts.proxy_letter) == (True, "07/SK/2024")
    assert reveal(posko, filed.uid, "menghubungi kuasa", PROXY).name == "Contoh Kuasa Lima"
    assert reveal(posko, filed.uid, "menghubungi pelapor").name == REPORTER.name
    assert find_by_identity(posko, name="kuasa lima") == (filed.uid,)
    with posko.store.read() as session:
        journal = " ".join(session.scalars(select(AuditEntry.body)))
        sealed = session.scalars(select(Identity).where(Identity.witness_uid == PROXY)).one()
    assert "Kuasa Lima" not in journal
    assert sealed.name
    assert "Kuasa" not in sealed.name


def test_a_proxy_without_a_name_is_asked_for_it(posko: Posko) -> None:
    with pytest.raises(InvalidInput) as caught:
        file_report(posko, new_report(by_proxy=True))
    assert [p.field for p in caught.value.problems] == ["proxy.name"]
    named = new_report(by_proxy=True, proxy=PersonInput(name="Contoh Kuasa Lima"))
    wordy = replace(named, narrative="Menurut Contoh Kuasa Lima stiker dibagikan.")
    with pytest.raises(InvalidInput, match="kuasa pelapor"):
        file_report(posko, wordy)


def test_what_the_desk_looked_at_is_kept(posko: Posko) -> None:
    filed = file_report(posko, new_report(checks={"identity_copy": "yes", "unknown": "yes"}))
    with posko.store.read() as session:
        marks = session.scalars(select(CheckMark).where(CheckMark.case_uid == filed.uid)).all()
        assert [(m.item, m.mark, m.made_by) for m in marks] == [
            ("identity_copy", "yes", posko.user.login)
        ]
    seen = {item.key: item.mark for item in case_view(posko, filed.uid).desk}
    assert seen["identity_copy"] == "yes"
    assert seen["capacity"] == ""
    assert "power_of_attorney" not in seen


def test_the_stamp_of_arrival_stays_and_another_time_wants_its_reason(posko: Posko) -> None:
    stamped = datetime(2024, 10, 15, 9, 12, tzinfo=posko.zone)
    same = file_report(posko, new_report(arrived_at=stamped, filed_time="09:12"))
    assert case_view(posko, same.uid).facts.arrived_at == stamped
    earlier = new_report(arrived_at=stamped, filed_time="08:55")
    with pytest.raises(InvalidInput) as caught:
        file_report(posko, earlier, accept_incomplete=True)
    assert [(p.field, p.message) for p in caught.value.problems] == [
        ("arrival_reason", "Terima sekarang mencatat pukul 09.12. Tulis alasan mengubahnya.")
    ]
    why = "Sudah menunggu di ruang tunggu sejak 08.55."
    filed = file_report(posko, replace(earlier, arrival_reason=why))
    facts = case_view(posko, filed.uid).facts
    assert (facts.filed_time, facts.arrived_at, facts.arrival_reason) == ("08:55", stamped, why)
    with posko.store.read() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "case.arrival_changed")
        ).one()
        event = session.scalars(select(Event).where(Event.case_uid == filed.uid)).one()
    assert why not in entry.body  # the journal never forgets what somebody wrote into a reason
    assert event.at == datetime(2024, 10, 15, 8, 55, tzinfo=posko.zone)


def test_every_way_in_is_kept_and_told(posko: Posko) -> None:
    ways = dict(posko.vocabulary.items("channel"))
    assert set(ways) == {
        "visit", "phone", "whatsapp", "email", "letter", "website", "social_media", "app",
        "media_monitoring", "from_lower_level", "from_higher_level", "other_agency", "mobile_post",
    }  # fmt: skip
    for way in ways:
        view = case_view(posko, file_report(posko, new_report(channel=way)).uid)
        assert view.facts.channel == way
        assert view.state.stage == "initial_review"
