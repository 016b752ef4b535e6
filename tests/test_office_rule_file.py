"""Regulations as signed files: made above, taken in below, in force from their day on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.law_change import apply_change, drill
from posko_app.cases.queries import due_items
from posko_app.data.tables import Peer, RegulationFile
from posko_app.errors import InvalidInput, UserError
from posko_app.office.rule_file import (
    plan_copy,
    plan_retire,
    plan_rule_file,
    read_rule_file,
    rule_files,
    write_rule_file,
)
from posko_app.office.rule_format import parsed
from posko_app.office.rules import plan_override
from posko_app.office.settings import change_office
from tests.factory import new_report

LAW = "pilkada-2024"
FROM = date(2024, 10, 15)


def set_days(posko: Posko, value: str) -> None:
    apply_change(
        posko,
        plan_override(
            posko, regulation=LAW, table="deadline", entry="initial_review", field="amount",
            value=value, reason="Surat edaran", source="Perbawaslu contoh",
        ),
    )  # fmt: skip


@pytest.fixture
def offices(office: Callable[..., Posko]) -> tuple[Posko, Posko]:
    """A district and a subdistrict under it."""
    return office("kabupaten"), office("kecamatan")


@pytest.fixture
def sent(offices: tuple[Posko, Posko], tmp_path: Path) -> Path:
    """A file of the district in which the initial review takes four days from 15 October on."""
    above, _ = offices
    set_days(above, "4")
    return write_rule_file(above, LAW, tmp_path, valid_from=FROM, reason="SE 3/2024")


def test_a_file_is_shown_then_taken_in(offices: tuple[Posko, Posko], sent: Path) -> None:
    above, below = offices
    older = file_report(below, new_report(filed_on=date(2024, 10, 14))).uid
    newer = file_report(below, new_report()).uid
    assert sent.name == "Aturan_pilkada-2024_v1_62.10.posko-aturan"
    file = read_rule_file(below, sent)
    assert (file.office_name, file.version, file.reason) == (above.office.name, 1, "SE 3/2024")
    assert not file.known_key
    assert len(file.fingerprint) == 6
    said = {(d.name, d.what) for d in file.differences}
    assert ("Kajian awal", "Lama: 2 menjadi 4") in said
    with pytest.raises(UserError, match=" ".join(file.fingerprint)):
        plan_rule_file(below, sent)
    change = plan_rule_file(below, sent, compared=True)
    assert {m.case_uid for m in drill(below, change).moved} == {newer}
    apply_change(below, change)
    due = {item.case.uid: item.due.due_on for item in due_items(below)}
    assert due == {older: date(2024, 10, 16), newer: date(2024, 10, 19)}
    said_by = {item.case.uid: item.due.edition for item in due_items(below)}
    assert said_by[newer].endswith("berlaku sejak 15 Oktober 2024, versi 1")
    assert "versi" not in said_by[older]
    assert [(r.version, r.retired, r.readable) for r in rule_files(below)] == [(1, False, True)]
    with pytest.raises(UserError, match="tidak lebih baru"):
        read_rule_file(below, sent)


def test_a_newer_version_supersedes_and_may_be_taken_back(
    offices: tuple[Posko, Posko], sent: Path, tmp_path: Path
) -> None:
    above, below = offices
    apply_change(below, plan_rule_file(below, sent, compared=True))
    set_days(above, "6")
    newer = write_rule_file(above, LAW, tmp_path, valid_from=FROM, reason="SE 4/2024")
    assert read_rule_file(below, newer).known_key, "the key was compared once"
    apply_change(below, plan_rule_file(below, newer))
    assert below.rules.get(LAW, FROM).deadlines["initial_review"].amount == 6
    assert below.rules.get(LAW, date(2024, 10, 14)).deadlines["initial_review"].amount == 2
    apply_change(below, plan_retire(below, LAW, 2, "Ditarik"))
    assert below.rules.get(LAW, FROM).deadlines["initial_review"].amount == 4
    assert [r.retired for r in rule_files(below)] == [True, False, False]
    with pytest.raises(UserError, match="tidak berlaku"):
        plan_retire(below, LAW, 2, "Lagi")


def test_it_holds_after_opening_again(
    offices: tuple[Posko, Posko], sent: Path, office: Callable[..., Posko]
) -> None:
    below = offices[1]
    apply_change(below, plan_rule_file(below, sent, compared=True))
    mark = below.law_mark
    below.close()
    again = office("kecamatan")
    assert again.law_mark == mark
    assert again.rules.get(LAW, FROM).deadlines["initial_review"].amount == 4


def test_only_this_office_and_those_above_give_rules(
    offices: tuple[Posko, Posko], tmp_path: Path
) -> None:
    above, below = offices
    from_below = write_rule_file(below, LAW, tmp_path, valid_from=FROM, reason="Coba")
    with pytest.raises(UserError, match="di atasnya"):
        read_rule_file(above, from_below)
    assert read_rule_file(below, from_below).known_key


def test_a_copy_becomes_a_regulation_of_its_own(posko: Posko) -> None:
    copy = plan_copy(
        posko, LAW, new_id="pilkada-2031", title="Pilkada 2031", valid_from=date(2030, 1, 1),
        reason="Disiapkan",
    )  # fmt: skip
    apply_change(posko, copy)
    assert posko.rules.get("pilkada-2031").title == "Pilkada 2031"
    change_office(posko, regulation="pilkada-2031")
    file_report(posko, new_report())
    with pytest.raises(UserError, match="masih dipakai"):
        plan_retire(posko, "pilkada-2031", 1, "Salah")
    with pytest.raises(InvalidInput) as told:
        plan_copy(posko, LAW, new_id="pilkada-2031", title="", valid_from=FROM, reason="")
    assert {p.field for p in told.value.problems} == {"new_id", "title", "reason"}


def test_line_ends_of_mail_do_no_harm(offices: tuple[Posko, Posko], sent: Path) -> None:
    sent.write_bytes(sent.read_bytes().replace(b"\n", b"\r\n"))
    assert read_rule_file(offices[1], sent).version == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_the_file_is_found(sent: Path, data: st.DataObject) -> None:
    raw = sent.read_bytes()
    place = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b not in (raw[place], 10, 13)))
    changed = raw[:place] + bytes([byte]) + raw[place + 1 :]
    found = parsed(raw)
    with suppress(UserError):
        found = parsed(changed)  # a space where TOML does not mind one
    assert found == parsed(raw)


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_foreign_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(UserError, match="rusak"):
        parsed(raw)


def test_one_that_this_program_cannot_read_does_not_lock_the_office(
    offices: tuple[Posko, Posko], sent: Path, office: Callable[..., Posko]
) -> None:
    below = offices[1]
    apply_change(below, plan_rule_file(below, sent, compared=True))
    with below.store.write() as session:  # as if a newer program had asked for more
        row = session.scalars(select(RegulationFile)).one()
        row.content = row.content.replace("[sources]", "[nothing]")
    below.close()
    again = office("kecamatan")
    assert again.rules.get(LAW, FROM).deadlines["initial_review"].amount == 2
    assert [r.readable for r in rule_files(again)] == [False]


def test_one_kept_before_a_kind_of_step_was_known_still_holds(
    offices: tuple[Posko, Posko], sent: Path, office: Callable[..., Posko]
) -> None:
    below = offices[1]
    apply_change(below, plan_rule_file(below, sent, compared=True))
    before = below.rules.get(LAW, FROM).deadlines["initial_review"].amount
    with below.store.write() as session:  # as a program kept it that did not know of them
        row = session.scalars(select(RegulationFile)).one()
        raw = row.content
        for table in ("[step.transfer_returned]", "[outcome.handed_over]"):
            start = raw.index(table)
            end = raw.index("\n[", start)
            raw = raw[:start] + raw[end + 1 :]
        row.content = raw
    below.close()
    again = office("kecamatan")
    law = again.rules.get(LAW, FROM)
    assert law.deadlines["initial_review"].amount == before
    assert law.steps["transfer_returned"].label
    assert [r.readable for r in rule_files(again)] == [True]


def test_a_file_swapped_after_it_was_read_is_not_taken_in(
    offices: tuple[Posko, Posko], sent: Path
) -> None:
    _, below = offices
    change = plan_rule_file(below, sent, compared=True)
    wanted = read_rule_file(below, sent).sha256
    sent.write_bytes(b"bukan aturan")
    apply_change(below, change)
    with below.store.read() as session:
        assert session.scalars(select(RegulationFile.sha256)).all() == [wanted]


def test_a_key_that_only_came_with_a_workbook_must_be_compared(
    offices: tuple[Posko, Posko], sent: Path
) -> None:
    above, below = offices
    key = read_rule_file(below, sent).public_key
    with below.write() as session:
        session.add(
            Peer(
                office_code=above.office.code,
                office_name=above.office.name,
                device_id="DEV00009",
                public_key=key,
                seen_at=below.now(),
            )
        )
    with pytest.raises(UserError) as caught:
        plan_rule_file(below, sent)
    assert caught.value.code == "unknown_key"
