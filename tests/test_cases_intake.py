"""Taking in reports: everything kept, numbered, evidence safe, refused whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases import drafts
from posko_app.cases.case_view import case_view
from posko_app.cases.evidence import attach, mime_of, open_evidence, store_files
from posko_app.cases.identity import reveal
from posko_app.cases.intake import add_report, file_report, file_reports
from posko_app.cases.report import EvidenceInput, PersonInput, ReportedInput, check_report
from posko_app.data.tables import AuditEntry, Case, Draft, Evidence, Identity, VaultFile
from posko_app.errors import InvalidInput, UserError
from posko_app.security.cipher import Damaged, unseal
from posko_app.security.keys import KeySet
from tests.factory import PARTY, REPORTER, WITNESS, new_report


def _count(posko: Posko, table: type) -> int:
    with posko.store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_report_is_kept_whole(posko: Posko) -> None:
    filed = file_report(posko, new_report(reported=(PARTY, ReportedInput(name="Contoh Dua"))))
    view = case_view(posko, filed.uid)
    assert view.facts.number == filed.number
    assert filed.number.startswith("001/")
    assert "21.05" in filed.number
    assert filed.number.endswith("/X/2024")
    assert view.facts.known_on == date(2024, 10, 14)
    assert [p.name for p in view.parties] == ["Contoh Terlapor, S.Pd.", "Contoh Dua"]
    assert view.parties[0].nip == "198604122010011012"
    assert [w.alias for w in view.witnesses] == ["Saksi 1"]
    assert [e.label for e in view.evidence] == ["B-01"]
    assert view.state.stage == "initial_review"
    assert view.reporter_held
    assert view.events[0].kind == "filed"
    assert {d.rule for d in view.dues} >= {"initial_review"}


def test_numbers_run_on(posko: Posko) -> None:
    numbers = [file_report(posko, new_report()).number for _ in range(3)]
    assert [n.split("/")[0] for n in numbers] == ["001", "002", "003"]


def test_a_number_is_not_lost_by_a_failure(posko: Posko) -> None:
    file_report(posko, new_report())
    missing = EvidenceInput(path=Path("/tidak/ada.png"))
    with pytest.raises(UserError, match="tidak ditemukan"):
        file_report(posko, new_report(evidence=(missing,)))
    assert file_report(posko, new_report()).number.startswith("002/")


def test_all_problems_come_at_once(posko: Posko) -> None:
    wrong = new_report(
        reporter=replace(REPORTER, nik="621001520788000", email="salah"),
        event_on=date(2024, 10, 16),
        narrative="",
    )
    with pytest.raises(InvalidInput) as caught:
        file_report(posko, wrong)
    found = {p.field: p.message for p in caught.value.problems}
    assert found["reporter.nik"] == "Baru 15 angka, NIK harus 16 angka."
    assert {"reporter.email", "event_on", "known_on", "narrative"} <= found.keys()
    assert _count(posko, Case) == 0


def test_an_incomplete_report_is_taken_in_when_the_officer_says_so(posko: Posko) -> None:
    thin = new_report(event_place="", narrative="")
    with pytest.raises(InvalidInput):
        file_report(posko, thin)
    filed = file_report(posko, thin, accept_incomplete=True)
    unmet = {c.key for c in case_view(posko, filed.uid).requirements if not c.met}
    assert unmet


def test_a_real_number_that_breaks_the_pattern_is_the_officers_word(posko: Posko) -> None:
    odd = new_report(reporter=replace(REPORTER, nik="6210019913880001"))  # day 99, month 13
    with pytest.raises(InvalidInput) as caught:
        file_report(posko, odd)
    assert {p.field for p in caught.value.problems} == {"reporter.nik"}
    filed = file_report(posko, odd, accept_incomplete=True)
    assert reveal(posko, filed.uid, "menghubungi pelapor").nik == "6210019913880001"
    short = new_report(reporter=replace(REPORTER, nik="62100152078800"))
    with pytest.raises(InvalidInput):
        file_report(posko, short, accept_incomplete=True)


def test_a_late_report_is_kept_and_marked(posko: Posko) -> None:
    late = new_report(known_on=date(2024, 10, 1), event_on=date(2024, 9, 30))
    filed = file_report(posko, late)
    view = case_view(posko, filed.uid)
    assert any(not c.met and c.kind == "formal" for c in view.requirements)


def test_many_are_all_or_none(posko: Posko) -> None:
    with pytest.raises(InvalidInput) as caught:
        file_reports(posko, [new_report(), new_report(title="")])
    assert {p.field for p in caught.value.problems} == {"1/title"}
    assert _count(posko, Case) == 0
    assert len(file_reports(posko, [new_report(), new_report()])) == 2


def test_texts_are_cleaned(posko: Posko) -> None:
    filed = file_report(posko, new_report(title="  Judul\u202e\x00 aneh\t"))
    assert case_view(posko, filed.uid).facts.title == "Judul aneh"


def test_check_while_typing_needs_nothing(posko: Posko) -> None:
    empty = new_report(
        title="",
        known_on=None,
        event_on=None,
        event_place="",
        narrative="",
        reporter=PersonInput(),
        reported=(),
        witnesses=(),
        evidence=(),
    )
    checked = check_report(posko, empty)
    assert checked.problems == ()
    assert checked.missing
    assert all(not c.met for c in checked.requirements)


@pytest.mark.parametrize(
    ("kind", "clocks"),
    [
        ("report", {"report_filing": "2024-10-21", "initial_review": "2024-10-17"}),
        ("finding", {"finding_set": "2024-10-21"}),
        ("initial_info", {"inquiry": "2024-10-22"}),
        ("consultation", {}),
    ],
)
def test_the_clocks_shown_while_typing_are_those_of_the_kind(
    posko: Posko, kind: str, clocks: dict[str, str]
) -> None:
    new = new_report(kind=kind)
    shown = {d.rule: d.due_on.isoformat() for d in check_report(posko, new).dues}
    assert shown == clocks
    running = case_view(posko, file_report(posko, new).uid).dues
    kept = {d.rule: d.due_on.isoformat() for d in running}
    assert kept == {rule: day for rule, day in clocks.items() if rule != "report_filing"}


def test_filing_ends_its_draft(posko: Posko) -> None:
    uid = drafts.save_draft(posko, "report", "Laporan baru", {"title": "Judul"})
    assert drafts.open_draft(posko, uid) == {"title": "Judul"}
    assert drafts.save_draft(posko, "report", "Judul", {"title": "Dua"}, uid) == uid
    assert [d.title for d in drafts.drafts(posko)] == ["Judul"]
    file_report(posko, new_report(), draft_uid=uid)
    assert drafts.drafts(posko) == ()
    with pytest.raises(UserError, match="tidak ada"):
        drafts.open_draft(posko, uid)


def test_a_draft_is_sealed_with_the_key_of_identities(posko: Posko) -> None:
    """Whoever may not read identities must not read them in a form half filled either."""
    uid = drafts.save_draft(posko, "report", "Judul", {"reporter.name": REPORTER.name})
    with posko.store.read() as session:
        sealed = session.scalars(select(Draft.sealed)).one()
    with pytest.raises(Damaged):
        unseal(posko.keys.database, sealed, uid.encode())
    whole = posko.keys
    posko.keys = KeySet(whole.database, None)
    with pytest.raises(UserError, match="kunci identitas"):
        drafts.open_draft(posko, uid)
    early = drafts.save_draft(posko, "report", "Awal", {"title": "tanpa kunci"})
    posko.keys = whole
    assert drafts.open_draft(posko, early) == {"title": "tanpa kunci"}
    assert drafts.open_draft(posko, uid) == {"reporter.name": REPORTER.name}


def test_a_draft_belongs_to_who_began_it(posko: Posko) -> None:
    uid = drafts.save_draft(posko, "report", "Punya petugas", {"title": "Satu"})
    mine = posko.user
    posko.user = replace(mine, login="lain")
    with pytest.raises(UserError, match="orang lain"):
        drafts.save_draft(posko, "report", "Rebut", {"title": "Dua"}, uid)
    drafts.discard_draft(posko, uid)
    file_report(posko, new_report(), draft_uid=uid)
    posko.user = mine
    assert drafts.open_draft(posko, uid) == {"title": "Satu"}
    drafts.discard_draft(posko, uid)
    assert drafts.drafts(posko) == ()
    with posko.store.read() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.n)).all()
    assert [a for a in actions if a.startswith("draft")] == ["draft.begun", "draft.discarded"]


@pytest.mark.parametrize("known", ["email", "address", "birth_place", "occupation", "nik"])
def test_whatever_is_known_of_a_reporter_is_kept(posko: Posko, known: str) -> None:
    value = {"email": "ada@contoh.id", "nik": REPORTER.nik}.get(known, "Contoh")
    somebody: dict[str, Any] = {known: value}
    tip = new_report(kind="initial_info", reporter=PersonInput(**somebody), witnesses=())
    filed = file_report(posko, tip, accept_incomplete=True)
    assert case_view(posko, filed.uid).reporter_held
    assert getattr(reveal(posko, filed.uid, "menghubungi pelapor"), known) == value
    nobody = file_report(posko, replace(tip, reporter=PersonInput()), accept_incomplete=True)
    assert not case_view(posko, nobody.uid).reporter_held


def test_people_without_a_name_are_asked_for_it_instead_of_lost(posko: Posko) -> None:
    nameless = new_report(
        reported=(PARTY, ReportedInput(agency="Dinas Contoh")),
        witnesses=(PersonInput(phone="081255550177"),),
    )
    with pytest.raises(InvalidInput) as caught:
        file_report(posko, nameless, accept_incomplete=True)
    assert {p.field for p in caught.value.problems} == {"reported.1.name", "witnesses.0.name"}
    blank = new_report(reported=(PARTY, ReportedInput()), witnesses=(WITNESS, PersonInput()))
    view = case_view(posko, file_report(posko, blank).uid)
    assert (len(view.parties), len(view.witnesses)) == (1, 1)


def test_evidence_is_copied_encrypted_and_kept_once(posko: Posko, tmp_path: Path) -> None:
    photo = tmp_path / "foto.txt"
    photo.write_text("isi bukti yang mudah dicari")
    filed = file_report(posko, new_report(evidence=(EvidenceInput(path=photo),)))
    again = attach(posko, filed.number, [EvidenceInput(path=photo)])
    assert [a.new for a in again] == [False]
    copy = tmp_path / "salinan.txt"
    copy.write_bytes(photo.read_bytes())
    other = file_report(posko, new_report())
    (shared,) = attach(posko, other.uid, [EvidenceInput(path=copy)])
    assert shared.new
    assert _count(posko, VaultFile) == 1
    assert photo.read_text() == "isi bukti yang mudah dicari"  # the original is untouched
    with open_evidence(posko, shared.uid) as stream:
        assert stream.read() == b"isi bukti yang mudah dicari"
    stored = [p for p in posko.folder.vault.rglob("*") if p.is_file()]
    assert stored
    assert all(b"mudah dicari" not in p.read_bytes() for p in stored)


def test_one_picture_in_two_reports_of_one_workbook(posko: Posko, tmp_path: Path) -> None:
    photo = tmp_path / "foto.txt"
    photo.write_text("satu foto untuk dua laporan")
    both = [new_report(evidence=(EvidenceInput(path=photo),)) for _ in range(2)]
    filed = file_reports(posko, both)
    assert _count(posko, VaultFile) == 1
    for report in filed:
        (item,) = case_view(posko, report.uid).evidence
        with open_evidence(posko, item.uid) as stream:
            assert stream.read() == b"satu foto untuk dua laporan"


def test_two_people_attach_the_same_file_at_the_same_moment(posko: Posko, tmp_path: Path) -> None:
    photo = tmp_path / "foto.txt"
    photo.write_text("sama")
    items = [EvidenceInput(path=photo)]
    new = new_report(evidence=tuple(items))
    first, second = store_files(posko, items), store_files(posko, items)  # neither has its row yet
    with posko.write() as session:
        add_report(posko, session, new, first)
    with posko.write() as session:
        filed = add_report(posko, session, new, second)
    assert _count(posko, VaultFile) == 1
    (item,) = case_view(posko, filed.uid).evidence
    with open_evidence(posko, item.uid) as stream:
        assert stream.read() == b"sama"


def test_a_long_text_is_text_wherever_it_is_cut(tmp_path: Path) -> None:
    for start in range(2):
        (tmp_path / "teks").write_text("x" * start + "é" * 9000, "utf-8")
        assert mime_of(tmp_path / "teks") == "text/plain"
    assert mime_of(tmp_path / "tidak ada") == "application/octet-stream"


def test_evidence_without_a_file_is_a_fact_too(posko: Posko) -> None:
    filed = file_report(posko, new_report(evidence=()))
    (item,) = attach(posko, filed.uid, [EvidenceInput(description="Kaus bergambar paslon")])
    assert item.sha256 == ""
    assert item.new
    assert _count(posko, Evidence) == 1


def test_every_writing_leaves_an_audit_line(posko: Posko, tmp_path: Path) -> None:
    before = _count(posko, AuditEntry)
    filed = file_report(posko, new_report())
    attach(posko, filed.uid, [EvidenceInput(description="Kaus")])
    with posko.store.read() as session:
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.n > before).order_by(AuditEntry.n)
        ).all()
    assert actions == ["case.filed", "evidence.added"]


def test_identity_stands_nowhere_in_the_open(posko: Posko) -> None:
    """Name, NIK and phone of reporter and witness are in no table in plain text."""
    file_report(posko, new_report())
    secrets = (REPORTER.name, REPORTER.nik, "81255550176", WITNESS.name, REPORTER.address)
    from posko_app.data.base import Base

    with posko.store.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                text = " ".join(str(v) for v in row).lower()
                for secret in secrets:
                    assert secret.lower() not in text, table.name
        assert session.scalar(select(func.count()).select_from(Identity)) == 2


def test_clocks_start_on_the_day_of_filing_also_when_its_hour_is_not_known(posko: Posko) -> None:
    earlier = new_report(filed_on=date(2024, 10, 13), known_on=date(2024, 10, 13), filed_time="")
    view = case_view(posko, file_report(posko, earlier).uid)
    review = next(d for d in view.dues if d.rule == "initial_review")
    assert (review.start_on, review.due_on) == (date(2024, 10, 13), date(2024, 10, 15))
    assert view.events[0].at is None
    assert view.facts.received_at.astimezone(posko.zone).date() == date(2024, 10, 13)
    today = case_view(posko, file_report(posko, new_report(filed_time="")).uid)
    assert today.events[0].at is not None
