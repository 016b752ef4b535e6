"""Cases of one event: linked and parted in any order, their papers seen and used, nobody named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event as hooks
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.clarification import (
    Hearing,
    Invitation,
    Minutes,
    Question,
    hear,
    invite,
    open_minutes,
    people,
)
from posko_app.cases.evidence import attach, open_evidence
from posko_app.cases.intake import file_report
from posko_app.cases.links import (
    event_group,
    found_different,
    link_cases,
    pair,
    standing,
    tell_apart,
    unlink_cases,
)
from posko_app.cases.links_papers import event_papers, use_here
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.report import EvidenceInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.cases.upgrade import upgrade
from posko_app.data.tables import AuditEntry, CaseLink, VaultFile
from posko_app.errors import InvalidInput, NotAllowed, UserError
from posko_app.exchange.apply import apply_plan
from posko_app.exchange.export import export
from posko_app.exchange.plan import preview
from posko_app.exchange.xlsx.guarded import Reader
from tests.factory import REPORTER, TODAY, new_report

# --- words, pure --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """A word as the rules of standing read it."""

    uid: str
    case_uid: str
    other_uid: str
    same: bool = True
    corrects: str = ""


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    """What several offices said of four cases, each taking back only what it may have seen."""
    words: list[Said] = []
    for place in range(draw(st.integers(1, 12))):
        one, two = draw(st.permutations("abcd"))[:2]
        links = [word for word in words if not word.corrects]
        if draw(st.booleans()) and links:
            gone = links[draw(st.integers(0, len(links) - 1))]
            words.append(replace(gone, uid=str(place), corrects=gone.uid))
        else:
            words.append(Said(str(place), one, two, draw(st.booleans())))
    return words


@given(histories(), st.randoms())
def test_the_order_and_copies_of_words_change_nothing(words: list[Said], chance: Random) -> None:
    mixed = [*words, *words[: len(words) // 2]]
    chance.shuffle(mixed)
    assert {w.uid for w in standing(mixed)} == {w.uid for w in standing(words)}
    for word in standing(words):
        assert not any(other.corrects == word.uid for other in words)
        assert len(pair(word)) == 2


# --- linking ------------------------------------------------------------------------------------


def file_some(posko: Posko, count: int) -> list[str]:
    return [file_report(posko, new_report(title=f"Laporan {n}")).uid for n in range(count)]


def group(posko: Posko, case: str) -> list[tuple[str, bool]]:
    return [(one.uid, one.direct) for one in event_group(posko, case)]


def test_cases_are_linked_and_parted_and_linked_again(posko: Posko) -> None:
    a, b, c = file_some(posko, 3)
    number = case_view(posko, b).facts.number
    assert link_cases(posko, a, number, "Satu kejadian di SDN 3")
    assert not link_cases(posko, b, a)
    assert link_cases(posko, b, c)
    assert group(posko, a) == [(b, True), (c, False)]
    assert group(posko, c) == [(a, False), (b, True)]
    assert event_group(posko, a)[0].note == "Satu kejadian di SDN 3"
    assert event_group(posko, a)[0].linked_by == "petugas"
    assert unlink_cases(posko, b, a)
    assert not unlink_cases(posko, a, b)
    assert group(posko, a) == []
    assert group(posko, b) == [(c, True)]
    assert link_cases(posko, a, b)
    assert group(posko, a) == [(b, True), (c, False)]


def test_what_is_filed_is_linked_in_the_same_transaction(posko: Posko) -> None:
    first = file_report(posko, new_report())
    linked = {first.uid: first.number}
    second = file_report(posko, new_report(), linked=linked)
    assert second.warnings == first.warnings
    assert [one.uid for one in event_group(posko, second.uid)] == [first.uid]

    def cut(*_: object) -> None:
        raise OSError("listrik padam")

    hooks.listen(CaseLink, "before_insert", cut)
    try:
        with pytest.raises(OSError, match="padam"):
            file_report(posko, new_report(), linked=linked)
    finally:
        hooks.remove(CaseLink, "before_insert", cut)
    assert len(list_cases(posko, CaseFilter(view="all"))) == 2
    third = file_report(posko, new_report(kind="initial_info"))
    upgrade(posko, third.uid, new_report(), linked=linked)
    assert {one.uid for one in event_group(posko, first.uid)} == {second.uid, third.uid}


def test_what_was_compared_and_differs_is_remembered(posko: Posko) -> None:
    a, b = file_some(posko, 2)
    assert tell_apart(posko, a, b)
    assert found_different(posko, b) == {a}
    assert group(posko, a) == []
    assert link_cases(posko, b, a)
    assert found_different(posko, a) == frozenset()
    assert group(posko, a) == [(b, True)]
    assert tell_apart(posko, a, b)
    assert group(posko, a) == []


def test_a_link_is_refused_only_when_it_makes_no_sense(posko: Posko) -> None:
    a, b = file_some(posko, 2)
    with pytest.raises(UserError, match="perkara yang sama"):
        link_cases(posko, a, a)
    with pytest.raises(UserError, match="tidak ditemukan"):
        link_cases(posko, a, "tidak ada")
    with pytest.raises(InvalidInput, match="nama pelapor"):
        link_cases(posko, a, b, f"kata {REPORTER.name}")
    posko.user = replace(posko.user, role="auditor")
    with pytest.raises(NotAllowed):
        link_cases(posko, a, b)
    assert event_group(posko, a) == ()


def test_links_stand_in_the_journal(posko: Posko) -> None:
    a, b = file_some(posko, 2)
    link_cases(posko, a, b)
    unlink_cases(posko, a, b)
    with posko.store.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.entity_uid == a)).all()
    told = [(row.action, json.loads(row.body).get("other")) for row in rows]
    assert told[-2:] == [("case.linked", b), ("case.unlinked", b)]


# --- what they show each other ------------------------------------------------------------------


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "stiker.txt"
    path.write_text("isi contoh", "utf-8")
    return path


def test_evidence_is_seen_and_used_by_an_act_alone(posko: Posko, photo: Path) -> None:
    a, b = file_some(posko, 2)
    item = EvidenceInput(description="Foto di halaman", kind="photo", path=photo)
    (made,) = attach(posko, a, [item])
    with pytest.raises(UserError, match="Kaitkan perkaranya dulu"):
        use_here(posko, b, made.uid)
    link_cases(posko, a, b)
    before = case_view(posko, b).evidence
    (thing, file) = event_papers(posko, b).evidence
    number = case_view(posko, a).facts.number
    assert (file.uid, file.label, file.case_number) == (made.uid, "B-02", number)
    assert file.held
    assert not file.used
    assert case_view(posko, b).evidence == before
    uid = use_here(posko, b, file.uid)
    assert use_here(posko, b, file.uid) == uid
    own = case_view(posko, b).evidence[-1]
    assert (own.uid, own.sha256, own.held) == (uid, file.sha256, True)
    assert own.description == f"Foto di halaman (dari perkara {number})"
    assert event_papers(posko, b).evidence[1].used
    with open_evidence(posko, uid) as stream:
        assert stream.read() == b"isi contoh"
    with posko.store.read() as session:
        assert len(session.scalars(select(VaultFile)).all()) == 1
    assert use_here(posko, b, thing.uid) == use_here(posko, b, thing.uid)
    assert len(case_view(posko, b).evidence) == len(before) + 2


def test_evidence_stays_when_the_cases_are_parted(posko: Posko, photo: Path) -> None:
    a, b = file_some(posko, 2)
    (made,) = attach(posko, a, [EvidenceInput(description="Foto", path=photo)])
    link_cases(posko, a, b)
    uid = use_here(posko, b, made.uid)
    unlink_cases(posko, a, b)
    assert event_papers(posko, b).evidence == ()
    assert case_view(posko, b).evidence[-1].uid == uid


def test_a_description_never_names_who_is_sealed_in_the_other_case(posko: Posko) -> None:
    a = file_report(posko, new_report(reporter=replace(REPORTER, name="Contoh Lain Tiga"))).uid
    b = file_report(posko, new_report()).uid
    said = f"Rekaman dengan {REPORTER.name}"
    (made,) = attach(posko, a, [EvidenceInput(description=said)])
    link_cases(posko, a, b)
    use_here(posko, b, made.uid)
    own = case_view(posko, b).evidence[-1]
    assert own.description.startswith("Bukti B-02 dari perkara")


def test_a_description_that_names_somebody_in_its_own_case_stays_there(posko: Posko) -> None:
    item = EvidenceInput(description=f"Rekaman dengan {REPORTER.name}")
    a = file_report(posko, new_report(evidence=(item,)), accept_incomplete=True).uid
    other = replace(REPORTER, name="Contoh Lain Tiga", nik="", phone="")
    b = file_report(posko, new_report(reporter=other)).uid
    link_cases(posko, a, b)
    use_here(posko, b, case_view(posko, a).evidence[0].uid)
    assert case_view(posko, b).evidence[-1].description.startswith("Bukti B-01 dari perkara")


def test_minutes_are_seen_and_opened_under_the_same_permission(posko: Posko) -> None:
    a, b = file_some(posko, 2)
    for kind, outcome in (("reviewed", "complete"), ("registered", "")):
        record_step(posko, a, NewStep(kind=kind, on=TODAY, outcome=outcome))
    witness = next(p for p in people(posko, a, "report") if p.role == "witness")
    asked = Invitation(person=witness, on=TODAY, for_on=TODAY, for_time="10.00", place="Kantor")
    uid = invite(posko, a, asked)
    minutes = Minutes(religion="", questions=(Question("Apa yang terlihat?", "Jawaban rahasia."),))
    hear(posko, uid, Hearing(on=TODAY, minutes_number="07/BA"), minutes)
    link_cases(posko, a, b)
    papers = event_papers(posko, b)
    (shared,) = papers.minutes
    assert (shared.uid, shared.alias, shared.questions) == (uid, "Saksi 1", 1)
    assert shared.minutes_number == "07/BA"
    assert "Contoh Saksi" not in repr(papers)
    assert "rahasia" not in repr(papers)
    assert open_minutes(posko, shared.uid).questions[0].answer == "Jawaban rahasia."
    posko.user = replace(posko.user, role="auditor")
    assert event_papers(posko, b).minutes == (shared,)
    with pytest.raises(NotAllowed):
        open_minutes(posko, shared.uid)


# --- two offices --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reading process for the whole file."""
    with Reader(seconds=600) as process:
        yield process


@pytest.fixture
def send(reader: Reader, tmp_path: Path) -> Callable[[Posko, Posko], None]:
    """Export from one office and take everything in at another."""

    def carry(sender: Posko, receiver: Posko) -> None:
        folder = tmp_path / f"kiriman{len(list(tmp_path.glob('kiriman*')))}"
        folder.mkdir()
        for path in export(sender, receiver.office.code, folder).files:
            apply_plan(receiver, preview(receiver, path, reader=reader))

    return carry


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["below first", "above first"])
def test_offices_that_link_at_the_same_time_agree(
    order: Sequence[int],
    office: Callable[..., Posko],
    send: Callable[[Posko, Posko], None],
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    a, b, c = file_some(kec, 3)
    link_cases(kec, a, b)
    send(kec, kab)
    assert group(kab, a) == [(b, True)]
    # Without knowing of each other: below links c, above parts a and b and links a and c.
    link_cases(kec, b, c)
    unlink_cases(kab, a, b)
    link_cases(kab, a, c)
    ways = [(kec, kab), (kab, kec)]
    for way in order:
        send(*ways[way])
    for sender, receiver in ways:
        send(sender, receiver)
    expected = [(b, False), (c, True)]
    assert group(kec, a) == group(kab, a) == expected
    with kab.store.read() as session:
        above = {row.uid for row in session.scalars(select(CaseLink))}
    with kec.store.read() as session:
        assert {row.uid for row in session.scalars(select(CaseLink))} == above


def test_a_word_about_a_case_that_is_not_here_waits(
    office: Callable[..., Posko], send: Callable[[Posko, Posko], None]
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    (a,) = file_some(kec, 1)
    with kec.write() as session:
        session.add(
            CaseLink(
                case_uid=a, other_uid="belum-ada", same=True, office_code="62.10.02",
                made_at=kec.now(),
            )
        )  # fmt: skip
    send(kec, kab)
    assert event_group(kab, a) == ()
    assert event_papers(kab, a).cases == ()
