"""Two computers of one office: set up from one file, exchanging both ways, one office to others."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko, renew_device
from posko_app.cases.identity import reveal
from posko_app.cases.intake import file_report
from posko_app.cases.number_blocks import is_provisional
from posko_app.cases.numbers import numbers, reserve, settle
from posko_app.data.tables import (
    Case,
    ForkedDevice,
    Identity,
    Office,
    OpenedLetter,
    Peer,
    SealedPart,
)
from posko_app.errors import InvalidInput, UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.digest import digest
from posko_app.exchange.export import export
from posko_app.exchange.joining import (
    FirstPerson,
    join_office,
    make_join_file,
    read_join_file,
    take_settings,
)
from posko_app.exchange.neighbours import office_lines
from posko_app.exchange.own_letters import OWN, seal_for_others
from posko_app.exchange.plan import preview
from posko_app.exchange.prospect import prospects
from posko_app.exchange.sealed import seal_letter
from posko_app.office.settings import change_office, own_values, set_value
from posko_app.security import sign
from tests.factory import PASSWORD, REPORTER, new_report
from tests.second_pc import SECOND, Room
from ui.inbox import scan


@pytest.fixture
def room(tmp_path: Path, clock: object) -> Iterator[Room]:
    made = Room(tmp_path, clock)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def first(office: Callable[..., Posko]) -> Posko:
    """The first computer of a subdistrict."""
    posko = office("kecamatan", "pc-1", stranger=True)
    set_value(posko, "pattern.filing", "{seq:03d}/LP/{election}/{level}/{region}/{roman}/{year}")
    set_value(posko, "signer.name", "Contoh Ketua")
    change_office(posko, letterhead="PANWASLU KECAMATAN KURUN\nJalan Contoh 1")
    return posko


def held(posko: Posko) -> tuple[str, int]:
    """Everything the computers of an office share, identities included."""
    found = digest(posko, confidential=True)
    return found.digest, found.records


def numbers_of(posko: Posko) -> list[str]:
    with posko.store.read() as session:
        return sorted(session.scalars(select(Case.number).where(Case.office_code == "62.10.02")))


def test_a_second_computer_begins_with_what_the_office_has_set(first: Posko, room: Room) -> None:
    """Office, letterhead, patterns and signer are there; accounts, keys and identity its own."""
    second = room.joined(first)
    one, two = first.office, second.office
    assert (two.code, two.name, two.level) == (one.code, one.name, one.level)
    assert (two.letterhead, two.report_code) == (one.letterhead, one.report_code)
    assert (two.practice, two.device_label) == (True, "PC-2")
    assert two.device_id != one.device_id
    assert own_values(second) == own_values(first)
    assert second.user.login == SECOND
    assert not numbers(second).mine
    assert numbers(second).keeper == one.device_id
    assert is_provisional(file_report(second, new_report()).number)


def test_joining_needs_the_six_words(first: Posko, room: Room) -> None:
    """A file that somebody else slipped in does not make a computer of this office."""
    said = read_join_file(make_join_file(first, room.folder))
    person = FirstPerson(login=SECOND, name="Petugas Kedua", password=PASSWORD)
    target = room.folder / "pc-2"
    with pytest.raises(InvalidInput):
        join_office(target, said, "satu dua tiga empat lima enam", person, clock=room.clock)
    assert not target.exists()


@pytest.mark.parametrize(
    "harm", ["cut", "changed", "foreign", "newer", "nested", "nested_inside", "missing"]
)
def test_a_set_up_file_that_is_none_is_told_in_one_sentence(
    first: Posko, room: Room, harm: str
) -> None:
    """Damaged, edited, foreign, newer and missing files leave nothing behind."""
    path = make_join_file(first, room.folder)
    text = path.read_text("ascii")
    outer = json.loads(text)
    if harm == "cut":
        path.write_text(text[: len(text) // 2])
    elif harm == "changed":
        path.write_text(text.replace("Kurun", "Kumur"))
    elif harm == "foreign":
        path.write_text('{"said": "{}", "signature": ""}')
    elif harm == "newer":
        outer["said"] = outer["said"].replace('"version":1', '"version":2')
        path.write_text(json.dumps(outer))
    elif harm == "nested":
        path.write_text("[" * 200_000)
    elif harm == "nested_inside":
        path.write_text(json.dumps({"said": "[" * 200_000, "signature": ""}))
    else:
        path = path.with_name("tidak-ada.pasang")
    with pytest.raises(UserError) as refused:
        read_join_file(path)
    codes = {"newer": "newer_file", "missing": "file_missing"}
    assert refused.value.code == codes.get(harm, "no_join_file")


@pytest.mark.parametrize("said", ["[" * 200_000, "{}", '{"keeper":[1]}'])
def test_a_signed_file_with_numbers_that_nobody_says_sets_nothing_up(
    first: Posko, room: Room, said: str
) -> None:
    path = make_join_file(first, room.folder)
    outer = json.loads(path.read_text("ascii"))
    text = json.dumps(json.loads(outer["said"]) | {"numbers": said})
    with first.store.read() as session:
        private = session.scalars(select(Office.device_private)).one()
    signature = base64.b64encode(sign.sign(private, text.encode())).decode()
    path.write_text(json.dumps({"said": text, "signature": signature}))
    with pytest.raises(UserError) as refused:
        read_join_file(path)
    assert refused.value.code == "no_join_file"


def test_the_first_file_gets_its_computer_numbers_once(first: Posko, room: Room) -> None:
    """Said before and after, once per computer, never by one that does not keep the numbers."""
    second = room.joined(first)
    sent = room.send(second)
    room.take(first, sent)
    made = numbers(first).blocks
    assert {block.device for block in made} == {second.office.device_id}
    assert [numbers(first).called(block.device)[:6] for block in made[:1]] == ["PC-2 ("]
    with pytest.raises(UserError, match="bukan komputer lain"):
        reserve(first, "PC-3")
    room.pass_on(first, second)
    later = room.pass_on(second, first)
    assert not any("dicadangkan" in warning for warning in later.warnings)
    assert numbers(first).blocks == numbers(second).blocks == made
    third = room.joined(first, "pc-3", "ketiga")
    said = room.pass_on(third, second)
    assert not any("dicadangkan" in warning for warning in said.warnings)
    assert numbers(second).blocks == made
    seen = room.pass_on(third, first)
    assert any("dicadangkan untuk PC-3" in warning for warning in seen.warnings)
    (block,) = reserve(first, "pc-3", 5, ["filing/pilkada/2024"])
    assert (block.device, block.first) == (third.office.device_id, 101)


def test_both_hold_everything_and_number_apart(first: Posko, room: Room) -> None:
    """Reports of both, exchanged both ways with losses and twice, end equal with other numbers."""
    second = room.joined(first)
    early = file_report(second, new_report())
    file_report(first, new_report())
    room.send(second)  # lost
    room.pass_on(second, first)
    made = numbers(first).blocks  # reserved by themselves
    assert {(block.device, block.last - block.first + 1) for block in made} == {
        (second.office.device_id, 50)
    }
    room.send(first)  # lost as well
    back = room.send(first)
    room.take(second, back)
    room.take(second, back)  # twice
    assert [settled.before for settled in settle(second)] == [early.number]
    for posko in (first, second, first, second):
        file_report(posko, new_report())
    older = room.send(second)
    file_report(second, new_report())
    room.take(first, room.send(second))
    room.take(first, older)  # late
    room.pass_on(first, second)
    assert held(first) == held(second)
    made_numbers = numbers_of(first)
    assert made_numbers == numbers_of(second)
    assert len(set(made_numbers)) == len(made_numbers) == 7
    assert not any(map(is_provisional, made_numbers))
    assert {int(number[:3]) for number in made_numbers} == {1, 2, 3, 4, 5, 52, 53}


def test_a_workbook_for_the_own_office_is_acknowledged_by_the_other_computer(
    first: Posko, room: Room
) -> None:
    """The channel to the own code is the other computer's: only what it has not heard goes."""
    second = room.joined(first)
    file_report(first, new_report())
    room.pass_on(second, first)
    assert room.pass_on(first, second).new > 0
    room.pass_on(second, first)  # with its acknowledgement
    file_report(first, new_report())
    again = room.pass_on(first, second)
    assert (again.updated, again.same) == (0, 0), "the first report did not travel again"
    assert again.new > 0
    line = next(line for line in office_lines(first) if line.code == first.office.code)
    assert [device.device_id for device in line.devices] == [second.office.device_id]
    assert "kantor ini" in line.name
    assert line.received_seq == 2
    assert line.gaps == ()
    assert not line.below


def test_settings_that_differ_are_told_and_can_be_made_the_same(first: Posko, room: Room) -> None:
    """Nothing is overwritten silently: the preview names what differs."""
    second = room.joined(first)
    assert not [w for w in preview(first, room.send(second)).warnings if "berbeda" in w]
    change_office(first, letterhead="BARU", letter_code="KH-05.02")
    set_value(first, "signer.name", "Contoh Ketua Baru")
    room.pass_on(second, first)
    told = [w for w in preview(second, room.send(first)).warnings if "berbeda" in w]
    assert len(told) == 1
    for part in ("kop surat", "kode surat", "penanda tangan surat"):
        assert part in told[0]
    said = read_join_file(make_join_file(first, room.folder))
    assert set(take_settings(second, said)) == {"kop surat", "kode surat", "penanda tangan surat"}
    assert second.office.letterhead == ("BARU",)
    assert not [w for w in preview(second, room.send(first)).warnings if "berbeda" in w]
    stranger = read_join_file(make_join_file(second, room.folder))
    renew_device(first, "asked")
    assert take_settings(first, stranger) == (), "equal already"


def test_the_district_sees_one_office_with_two_computers(
    first: Posko, room: Room, office: Callable[..., Posko]
) -> None:
    """No gap, no fork, no changed key; its answer acknowledges both."""
    district = office("kabupaten", stranger=True)
    second = room.joined(first)
    room.pass_on(second, first)
    reserve(first, second.office.device_id, 20)
    room.pass_on(first, second)
    for posko in (first, second, second):
        file_report(posko, new_report())
    room.pass_on(second, first)
    room.take(district, room.send(first, "62.10"))
    seen = import_file(district, room.send(second, "62.10"), apply=True, reader=room.reader)
    assert (seen.applied, seen.code) == (True, ""), "the first computer vouches for the second"
    assert (seen.gaps, seen.warnings) == ((), ())
    line = next(line for line in office_lines(district) if line.code == "62.10.02")
    assert {device.device_id for device in line.devices} == {
        first.office.device_id,
        second.office.device_id,
    }
    assert (line.gaps, line.state) == ((), "complete")
    assert len(set(numbers_of(district))) == 3
    with district.store.read() as session:
        assert session.scalars(select(ForkedDevice)).all() == []
    answer = room.send(district, "62.10.02")
    plan = preview(first, answer)
    assert plan.manifest is not None
    assert set(plan.manifest.acks) == {first.office.device_id, second.office.device_id}
    for posko in (first, second):
        room.take(posko, answer)
        with posko.store.read() as session:
            peer = session.scalars(select(Peer).where(Peer.office_code == "62.10")).one()
            assert peer.acked_lsn > 0
    assert digest(district, "62.10.02").digest == digest(first).digest == digest(second).digest


def test_the_inbox_shows_the_other_computer_and_not_itself(first: Posko, room: Room) -> None:
    """Files in Unduhan from the second computer wait; the own ones do not."""
    second = room.joined(first)
    theirs, mine = room.send(second), room.send(first)
    watched = [("Unduhan", theirs.parent), ("USB", mine.parent)]
    assert [file.path for file in scan(first, watched)] == [theirs]
    assert [file.path for file in scan(second, watched)] == [mine]
    room.take(first, theirs)
    assert scan(first, watched) == ()


def test_three_computers_in_any_order_end_equal(first: Posko, room: Room) -> None:
    """Random filing, reserving and exchange of three computers: equal data, no number twice."""
    chance = random.Random(41)
    desks = [first, room.joined(first), room.joined(first, "pc-3", "ketiga")]
    for desk in desks[1:]:
        room.pass_on(desk, first)
    mail: list[tuple[Posko, Path]] = []
    for _ in range(16):
        desk = chance.choice(desks)
        act = chance.randrange(4)
        if act == 0:
            file_report(desk, new_report())
        elif act == 1:
            mail.append((desk, room.send(desk)))
        elif act == 2 and mail:
            sender, path = chance.choice(mail)
            if sender is not desk:
                room.take(desk, path)
        elif act == 3:
            reserve(first, chance.choice(desks[1:]).office.device_id, chance.randint(1, 3))
    for desk in desks[1:]:
        reserve(first, desk.office.device_id, 20)
    for desk in desks[1:]:
        room.pass_on(first, desk)
        settle(desk)
    for sender in (*desks, *desks):
        path = room.send(sender)
        for desk in desks:
            if desk is not sender:
                room.take(desk, path)
    assert len({held(desk) for desk in desks}) == 1
    given = numbers_of(first)
    assert len(given) == len(set(given)) > 4
    assert not any(map(is_provisional, given))


def test_identities_come_sealed_and_only_to_computers_of_the_office(
    first: Posko, room: Room, office: Callable[..., Posko]
) -> None:
    """The other computer reads them; the district holds letters that its key does not open."""
    district = office("kabupaten", stranger=True)
    second = room.joined(first)
    case = file_report(first, new_report()).uid
    room.pass_on(second, first)
    room.pass_on(first, second)
    assert reveal(second, case, "memeriksa").nik == REPORTER.nik
    room.pass_on(first, second)  # nothing changed: no letter is made twice
    with first.store.read() as session:
        letters = session.scalars(select(SealedPart.letter_uid).distinct()).all()
        (marks,) = set(session.scalars(select(SealedPart.recipients)))
    assert (len(letters), len(marks.split())) == (1, 2)
    room.take(district, room.send(first, "62.10"))
    with district.store.read() as session:
        assert session.scalars(select(Identity)).all() == []
        assert session.scalars(select(SealedPart)).all() == [], "it could not open them"
    room.take(first, room.send(district, "62.10.02"))
    file_report(second, new_report())
    room.pass_on(second, first)
    seal_for_others(first, "62.10.02", "all")
    assert prospects(first, "62.10").by_what["changes"].tables.keys().isdisjoint({"sealed_parts"})
    room.take(district, room.send(first, "62.10"))
    assert digest(district, "62.10.02").digest == digest(first).digest


def test_a_third_computer_gets_what_was_sealed_before_it_came(first: Posko, room: Room) -> None:
    """A letter that its key does not open is followed by one that it does."""
    second = room.joined(first)
    case = file_report(first, new_report()).uid
    room.pass_on(second, first)
    room.pass_on(first, second)
    third = room.joined(first, "pc-3", "ketiga")
    room.take(third, room.send(second))  # the letter in it was sealed before
    room.pass_on(third, first)
    room.pass_on(first, third)
    assert reveal(third, case, "memeriksa").nik == REPORTER.nik
    assert held(third) == held(first)


def test_who_holds_no_identity_key_sends_all_but_the_identities(first: Posko, room: Room) -> None:
    """They go with the next workbook that somebody with the key makes."""
    second = room.joined(first)
    case = file_report(first, new_report()).uid
    room.pass_on(second, first)
    keys, first.keys = first.keys, replace(first.keys, identity=None)
    assert seal_for_others(first, "62.10.02", "changes") == (0, 1)
    room.pass_on(first, second)
    with second.store.read() as session:
        assert session.scalars(select(Case.uid)).all() == [case]
        assert session.scalars(select(Identity)).all() == []
    room.pass_on(second, first)  # the receipt says that the workbook came, not that they did
    assert export(first, "62.10.02", room.folder).kept == 1
    first.keys = keys
    room.pass_on(first, second)
    assert held(second) == held(first)
    assert seal_for_others(first, "62.10.02", "all") == (0, 0), "a letter holds them now"


def test_a_copy_of_picked_cases_seals_these_alone(first: Posko, room: Room) -> None:
    second = room.joined(first)
    room.pass_on(second, first)
    wanted, _ = (file_report(first, new_report()).uid for _ in range(2))
    made = export(first, "62.10.02", room.folder, what="picked", cases=[wanted])
    with first.store.read() as session:
        assert session.scalars(select(SealedPart.case_uid)).all() == [wanted]
    room.take(second, made.files[0])
    assert reveal(second, wanted, "memeriksa").nik == REPORTER.nik


def test_a_letter_that_no_computer_of_the_office_signed_is_not_believed(
    first: Posko, room: Room, office: Callable[..., Posko]
) -> None:
    """The office above knows our keys too; in our name it cannot write who reported."""
    district = office("kabupaten", stranger=True)
    file_report(first, new_report())
    room.take(district, room.send(first, "62.10"))
    true, district.office = district.office, replace(district.office, code="62.10.02")
    with district.write() as session:
        case = session.scalars(select(Case.uid)).one()
        seal_letter(district, session, case, f"{OWN}x", "62.10.02", "Kurun")
    district.office = true
    before = digest(first, confidential=True)
    room.take(first, room.send(district, "62.10.02"))
    with first.store.read() as session:
        states = session.scalars(select(OpenedLetter.state)).all()
    assert states == ["damaged"]
    assert digest(first, confidential=True) == before
