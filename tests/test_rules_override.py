"""Facts as an office has set them: what they touch, what is refused, what falls away with them."""

from __future__ import annotations

import dataclasses
from datetime import date, time

import pytest

from posko_app.errors import UserError
from posko_app.office import rule_words as words
from posko_app.paths import resource
from posko_app.rules.book import Regulation, load_rules
from posko_app.rules.facts import ServiceHours
from posko_app.rules.layers import Decision, Version, layered
from posko_app.rules.override import (
    EDITABLE,
    SETTLES,
    Override,
    entry_of,
    overridden,
    plain,
    problems_of,
)

BOOK = load_rules(resource("rules"))
LAW = BOOK.regulations["pilkada-2024"]
HOURS = ServiceHours(
    open=(time(8),) * 5, close=(time(16),) * 4 + (time(16, 30),), all_day=("quiet",),
    source="S14", confidence="C",
)  # fmt: skip


def put(law: Regulation, table: str, entry: str, field: str, value: object) -> Regulation:
    given = Override(table=table, entry=entry, field=field, value=value, source="Surat 1")
    assert problems_of(law, given) == []
    return overridden(law, given)


def test_service_hours_reach_every_deadline() -> None:
    law = dataclasses.replace(LAW, service=HOURS)
    assert words.service_words(HOURS) == "Senin–Kamis 08.00–16.00; Jumat 08.00–16.30"
    changed = put(law, "service", "service", "close", ["15:00"] * 5)
    assert {rule.service for rule in changed.deadlines.values()} == {changed.service}
    assert changed.service is not None
    assert changed.service.close == (time(15),) * 5
    early = Override(table="service", entry="service", field="close", value=["07:00"] * 5,
                     source="x")  # fmt: skip
    assert "Jam tutup harus sesudah" in problems_of(law, early)[0].message
    moved = put(law, "stage_date", "quiet", "last", "2024-11-25")
    assert moved.service is not None
    assert moved.service.all_day_dates == ((date(2024, 11, 24), date(2024, 11, 25)),)


@pytest.mark.parametrize("field", sorted(SETTLES))
def test_setting_a_field_answers_its_question(field: str) -> None:
    rule = LAW.deadlines["tsm_decision"]
    values = {"amount": 20, "unit": "hours", "starts": "filed", "first_day": "same",
              "cutoff": "service_end"}  # fmt: skip
    changed = put(LAW, "deadline", "tsm_decision", field, values[field]).deadlines["tsm_decision"]
    left = {reading.question for reading in rule.readings} - {SETTLES[field]}
    assert {reading.question for reading in changed.readings} == left
    assert (changed.confidence, plain(getattr(changed, field))) == ("C", values[field])


def test_every_field_that_may_be_set_is_there_and_has_a_name() -> None:
    laws = [dataclasses.replace(law, service=HOURS) for law in BOOK.regulations.values()]
    for law in laws:
        for table, entry, fact in law.facts():
            if table in EDITABLE and "." not in entry:
                assert words.value_of(law, fact)
                assert words.name_of(fact, entry)
                if not EDITABLE[table]:
                    continue
                assert entry_of(law, table, entry) is fact
                for field in EDITABLE[table]:
                    assert words.said(field, plain(getattr(fact, field)))
    assert set(EDITABLE) == set(words.TABLES)
    assert {table for law in laws for table, _, _ in law.facts()} == set(EDITABLE), "all are shown"
    with pytest.raises(UserError, match="tidak ada"):
        entry_of(LAW, "word", "recommendation")
    assert {f for fields in EDITABLE.values() for f in fields} <= set(words.FIELDS)


def test_a_decision_about_a_fact_that_is_gone_is_passed_over() -> None:
    gone = Override(table="deadline", entry="nihil", field="amount", value=1, source="x")
    with pytest.raises(UserError, match="tidak ada"):
        overridden(LAW, gone)
    decision = Decision(
        regulation=LAW.id, valid_from=date(2024, 1, 1), change=lambda law: overridden(law, gone)
    )
    book = layered(BOOK, [], [decision], date(2024, 10, 15))
    assert book.get(LAW.id, date(2024, 10, 15)) == LAW


def test_versions_and_decisions_hold_from_their_days_on() -> None:
    second = dataclasses.replace(LAW, valid_from=date(2024, 10, 10), title="Versi dua")
    third = dataclasses.replace(LAW, valid_from=date(2024, 10, 5), title="Versi tiga")
    named = Decision(
        regulation=LAW.id, valid_from=date(2024, 10, 12),
        change=lambda law: dataclasses.replace(law, note="kantor"),
    )  # fmt: skip
    versions = [Version(number=2, regulation=second), Version(number=3, regulation=third)]
    book = layered(BOOK, versions, [named], date(2024, 10, 15))
    laws = [book.get(LAW.id, date(2024, 10, day)) for day in (1, 5, 11, 12)]
    seen = [(law.title, law.note) for law in laws]
    assert seen == [
        (LAW.title, LAW.note), ("Versi tiga", LAW.note), ("Versi tiga", LAW.note),
        ("Versi tiga", "kantor"),
    ]  # fmt: skip
    assert book.get(LAW.id).note == "kantor"
    assert layered(BOOK, [], [], date(2024, 10, 15)) is BOOK
