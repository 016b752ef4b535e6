"""Numbers of an office with several computers: blocks, the keeper, and never one number twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from posko_app.app import Posko, renew_device
from posko_app.cases import number_blocks
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.number_blocks import NumbersUsedUp, is_provisional
from posko_app.cases.numbers import keep_numbers, likely_last, numbers, reserve, settle
from posko_app.cases.series import filing_number, report_number
from posko_app.data.base import Base
from posko_app.data.incarnation import KEEPER, renew
from posko_app.data.tables import Office, Sequence, Setting
from posko_app.errors import InvalidInput, UserError
from posko_app.exchange.trust import retire
from posko_app.letters.numbers import letter_number
from posko_app.security.sign import new_device_id, new_device_key
from tests.conftest import START, FixedClock
from tests.factory import OF_KIND, TODAY, new_report
from tests.introduced import introduce
from tests.second_pc import Room

KEY = "filing/pilkada/2024"
LETTERS = "letter/2024"


@pytest.fixture
def pair(office: Callable[..., Posko]) -> tuple[Posko, Posko]:
    """The first and the second computer of one subdistrict."""
    first = office("kecamatan", "pc-1")
    second = office("kecamatan", "pc-2", stranger=True)
    renew_device(second, "asked")  # both are copies of one prepared folder
    introduce(first, second)
    return first, second


def tell(sender: Posko, receiver: Posko) -> None:
    """What a workbook for the own office says of numbers."""
    with sender.store.read() as session:
        text = number_blocks.said(session)
    with receiver.write() as session:
        number_blocks.hear(session, text)


def number_of(posko: Posko, **changes: Any) -> str:
    return file_report(posko, new_report(**changes)).number


def test_one_computer_counts_as_ever(office: Callable[..., Posko]) -> None:
    """An office with one computer never hears of blocks."""
    posko = office("kecamatan")
    assert [number_of(posko)[:3] for _ in range(3)] == ["001", "002", "003"]
    seen = numbers(posko)
    assert (seen.mine, seen.sure, seen.blocks, seen.devices) == (True, True, (), ())
    assert next(line for line in seen.lines if line.key == KEY).next == 4


def test_a_report_is_never_refused_and_gets_its_lasting_number_later(
    pair: tuple[Posko, Posko],
) -> None:
    """Without a block the desk works on with a provisional number that only this device gives."""
    first, second = pair
    filed = file_report(second, new_report())
    assert is_provisional(filed.number)
    assert second.office.device_id in filed.number
    assert any("sementara" in warning for warning in filed.warnings)
    with pytest.raises(NumbersUsedUp):
        settle(second)
    assert number_of(first)[:3] == "001"
    reserve(first, second.office.device_id, 2)
    tell(first, second)
    assert [(s.before, s.number[:3]) for s in settle(second)] == [(filed.number, "002")]
    assert case_view(second, filed.uid).facts.number[:3] == "002"
    assert [number_of(second)[:3], number_of(first)[:3]] == ["003", "004"]
    assert is_provisional(number_of(second)), "the block is used up"
    assert numbers(second).provisional == 1


def test_letters_and_registrations_wait_for_a_number_or_take_a_typed_one(
    pair: tuple[Posko, Posko],
) -> None:
    """Their paper bears the number for good, so they are not made with a provisional one."""
    _, second = pair
    law = second.rules.get("pilkada-2024", TODAY)
    with second.write() as session, pytest.raises(NumbersUsedUp, match="surat 2024"):
        letter_number(second, session, law, classification="PP.00.00", signer="Ketua", on=TODAY)
    with second.write() as session, pytest.raises(NumbersUsedUp, match="register 2024"):
        report_number(second, session, "registration", law, TODAY)
    with second.store.read() as session:
        proposed = letter_number(
            second, session, law, classification="PP.00.00", signer="Ketua", on=TODAY, proposed=True
        )
    assert proposed.number == ""
    assert "surat 2024" in proposed.warnings[0]


def test_every_series_of_the_year_is_reserved(pair: tuple[Posko, Posko]) -> None:
    """Reports, findings, registrations, the diary and letters, each with a block of its own."""
    first, second = pair
    for _ in range(3):
        number_of(first)
    made = reserve(first, second.office.device_id, 10)
    assert {block.series.partition("/")[0] for block in made} == {
        "filing",
        "finding",
        "registration",
        "diary",
        "letter",
    }
    assert next((b.first, b.last) for b in made if b.series == KEY) == (4, 13)
    tell(first, second)
    law = second.rules.get("pilkada-2024", TODAY)
    with second.write() as session:
        letter = letter_number(
            second, session, law, classification="PP.00.00", signer="Ketua", on=TODAY
        )
        register = report_number(second, session, "registration", law, TODAY)
        tip = filing_number(second, session, "initial_info", law, TODAY)
    assert (letter.seq, register.seq, tip.seq) == (1, 1, 1)
    with first.write() as session:
        letter = letter_number(
            first, session, law, classification="PP.00.00", signer="Ketua", on=TODAY
        )
    assert letter.seq == 11


def test_only_the_keeper_reserves_and_only_for_computers_of_the_office(
    pair: tuple[Posko, Posko], office: Callable[..., Posko]
) -> None:
    """What would break the promise is refused with one sentence."""
    first, second = pair
    tell(first, second)
    district = office("kabupaten")
    for giver, device, code in (
        (second, first.office.device_id, "not_keeper"),
        (first, district.office.device_id, "unknown_device"),
        (first, first.office.device_id, "unknown_device"),
    ):
        with pytest.raises(UserError) as refused:
            reserve(giver, device)
        assert refused.value.code == code
    with pytest.raises(InvalidInput):
        reserve(first, second.office.device_id, 0)


def test_the_last_numbers_to_confirm_are_read_in_the_records_too(posko: Posko) -> None:
    """What came back from another office after a restore counts, of every kind."""
    for kind in ("report", "report", "finding", "initial_info"):
        number_of(posko, kind=kind, **OF_KIND.get(kind, {}))
    with posko.write() as session:
        for row in session.scalars(select(Sequence)):
            row.last = 0  # as in a backup from before
    renew_device(posko, "restored")
    last = likely_last(posko)
    found = {key.partition("/")[0]: number for key, number in last.items()}
    assert found == {"filing": 2, "finding": 1, "registration": 0, "diary": 1, "letter": 0}


def test_nobody_takes_the_keeping_from_a_computer_in_use(
    office: Callable[..., Posko], tmp_path: Path, clock: FixedClock
) -> None:
    """Two keepers would give the same numbers; who is gone is put aside first."""
    first = office("kecamatan", "pc-1", stranger=True)
    room = Room(tmp_path, clock)
    second = room.joined(first)
    with pytest.raises(UserError) as refused:
        keep_numbers(second, {KEY: 0})
    assert refused.value.code == "other_keeper"
    retire(second, first.office.device_id)
    with pytest.raises(UserError):
        reserve(second, first.office.device_id)
    keep_numbers(second, {KEY: 4})
    assert number_of(second)[:3] == "005"
    room.close()


def test_a_device_that_changes_its_identity_loses_blocks_and_keeping(
    pair: tuple[Posko, Posko],
) -> None:
    """Nobody knows what was given since the copy, so the rest of the block is retired."""
    first, second = pair
    reserve(first, second.office.device_id, 5)
    tell(first, second)
    assert number_of(second)[:3] == "001"
    renew_device(second, "restored")
    assert is_provisional(number_of(second))
    renew_device(first, "restored")
    assert is_provisional(number_of(first))
    assert not numbers(first).mine
    assert likely_last(first)[KEY] == 5, "what was reserved counts as given"
    keep_numbers(first, {KEY: 9})
    seen = numbers(first)
    assert (seen.mine, seen.sure) == (True, False), "letters were not confirmed"
    assert [s.number[:3] for s in settle(first)] == ["010"]
    law = first.rules.get("pilkada-2024", TODAY)
    with first.write() as session, pytest.raises(NumbersUsedUp):
        letter_number(first, session, law, classification="", signer="Ketua", on=TODAY)
    with first.write() as session:  # of a later year nobody has given any
        assert report_number(first, session, "filing", law, date(2025, 1, 2)).seq == 1
    tell(first, second)
    introduce(first, second)
    reserve(first, second.office.device_id, 3, [KEY])
    tell(first, second)
    assert [s.number[:3] for s in settle(second)] == ["011"]


def test_the_keeping_is_confirmed_with_whole_numbers_and_never_goes_back(
    pair: tuple[Posko, Posko],
) -> None:
    """A number below a known one counts as the known one; what is no number is refused."""
    first, _ = pair
    for _ in range(4):
        number_of(first)
    renew_device(first, "asked")
    for wrong in ({}, {KEY: -1}, {KEY: 10_000_000}):
        with pytest.raises(InvalidInput):
            keep_numbers(first, wrong)
    keep_numbers(first, {KEY: 2})
    assert number_of(first)[:3] == "005"
    keep_numbers(first, {LETTERS: 7})
    assert number_of(first)[:3] == "006", "what was confirmed before stays so"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"keeper":[1,"X"],"highest":{"a":-1},"blocks":[]}',
        '{"keeper":[true,"X"],"highest":{},"blocks":[]}',
        '{"keeper":[0,"X"],"highest":{},"blocks":[["filing/pilkada/2024","X",1]]}',
        '{"keeper":[0,"X"],"highest":{"filing/pilkada/2024":10000000},"blocks":[]}',
    ],
)
def test_what_no_office_says_of_numbers_changes_nothing(
    office: Callable[..., Posko], text: str
) -> None:
    """A damaged or hostile word of numbers is passed over as a whole."""
    posko = office("kecamatan")
    with posko.write() as session:
        assert not number_blocks.hear(session, text)
    assert number_of(posko)[:3] == "001"


SERIES = (KEY, LETTERS)
PLACES = st.integers(0, 2)


class Desks(RuleBasedStateMachine):
    """Three computers of one office that reserve, give, tell, are restored and take over.

    Whoever takes the keeping over reads the last number in the register book, which is the only
    thing that a person must know.
    """

    def __init__(self) -> None:
        super().__init__()
        self.given: dict[str, list[int]] = {key: [] for key in SERIES}
        self.reserved = dict.fromkeys(SERIES, 0)
        self.provisional: list[str] = []
        self.desks: list[Session] = []
        self.backups: dict[int, bytes] = {}
        self.mail: list[str] = []

    @initialize()
    def begin(self) -> None:
        first = desk()
        self.desks = [first, desk(device_of(first)), desk(device_of(first))]

    def teardown(self) -> None:
        for one in self.desks:
            one.close()

    @rule(place=PLACES, key=st.sampled_from(SERIES))
    def give(self, place: int, key: str) -> None:
        try:
            number = number_blocks.take(self.desks[place], key)
        except NumbersUsedUp:
            self.provisional.append(number_blocks.provisional(self.desks[place])[0])
        else:
            self.given[key].append(number)

    @rule(place=PLACES, other=PLACES, key=st.sampled_from(SERIES), many=st.integers(1, 4))
    def reserve(self, place: int, other: int, key: str, many: int) -> None:
        giver = self.desks[place]
        if place != other and number_blocks.keeps(giver, key):
            device = device_of(self.desks[other])
            block = number_blocks.reserve_block(giver, key, device, many)
            self.reserved[key] = max(self.reserved[key], block.last)

    @rule(place=PLACES)
    def send(self, place: int) -> None:
        self.mail.append(number_blocks.said(self.desks[place]))

    @precondition(lambda self: self.mail)
    @rule(place=PLACES, data=st.data())
    def receive(self, place: int, data: st.DataObject) -> None:
        text = data.draw(st.sampled_from(self.mail))  # late, twice, in any order, or never
        number_blocks.hear(self.desks[place], text)

    @rule(place=PLACES)
    def back_up(self, place: int) -> None:
        self.backups[place] = dump(self.desks[place])

    @precondition(lambda self: self.backups)
    @rule(place=PLACES)
    def restore(self, place: int) -> None:
        if place in self.backups:
            self.desks[place].close()
            self.desks[place] = loaded(self.backups[place])
            renew(self.desks[place])

    @rule(place=PLACES, keys=st.sets(st.sampled_from(SERIES), min_size=1))
    def take_over(self, place: int, keys: set[str]) -> None:
        """Only where the computer that kept them is gone: the page says so."""
        taker = self.desks[place]
        others = [one for one in self.desks if one is not taker]
        if not any(number_blocks.claim(one).device == device_of(one) for one in others):
            for one in others:
                number_blocks.hear(taker, number_blocks.said(one))
            last = {k: max([self.reserved[k], *self.given[k]], default=0) for k in keys}
            number_blocks.take_over(taker, last, 2024)

    @invariant()
    def no_number_twice(self) -> None:
        for given in self.given.values():
            assert len(given) == len(set(given))
        assert len(self.provisional) == len(set(self.provisional))


TestDesks = Desks.TestCase
TestDesks.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)


def desk(keeper: str = "") -> Session:
    """A computer of the office; one that was set up as a further one knows who keeps the series."""
    made = loaded(_empty())
    private, public = new_device_key()
    made.add(
        Office(
            id=1,
            level="kecamatan",
            region_code="62.10.02",
            name="Panwaslu Kecamatan Kurun",
            device_id=new_device_id(),
            device_private=private,
            device_public=public,
            made_at=START,
        )
    )
    if keeper:
        said = {"version": 0, "device": keeper, "year": 0}
        made.add(Setting(key=KEEPER, value=json.dumps(said)))
    made.flush()
    return made


@cache
def _empty() -> bytes:
    made = _session(sqlite3.connect(":memory:"))
    Base.metadata.create_all(made.get_bind())
    return dump(made)


def device_of(one: Session) -> str:
    """The identity a computer has now."""
    office = one.get(Office, 1)
    assert office is not None
    return office.device_id


def dump(one: Session) -> bytes:
    """The whole database, as a backup holds it."""
    one.commit()
    raw = one.connection().connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw.serialize()


def loaded(kept: bytes) -> Session:
    """A database put back from a backup."""
    raw = sqlite3.connect(":memory:")
    raw.deserialize(kept)
    return _session(raw)


def _session(raw: sqlite3.Connection) -> Session:
    return Session(create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool))
