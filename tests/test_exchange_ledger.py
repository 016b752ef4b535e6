"""The ledger of exports and imports, and the strict reading of a manifest."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.exchange import manifest as head
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.ledger import ledger
from posko_app.exchange.manifest import Manifest, from_text, root, to_text
from tests.factory import new_report

EXAMPLE = Manifest(
    fmt=1,
    app="0.1.0",
    schema=1,
    office="62.10.02",
    level="kecamatan",
    device="0123ABCD",
    key="A" * 43 + "=",
    office_name="Panwaslu Kecamatan Contoh",
    to="62.10",
    xid="x",
    seq=3,
    prev="w",
    frm=4,
    upto=9,
    part=1,
    parts=2,
    made_hlc=1,
    made_local="15-10-2024 09.00 WIB",
    n=2,
    root="r",
    counts={"cases": 1, "events": 1},
    profile="internal",
    acks={"DEVICE99": (5, 2, "y")},
    forked=("TWIN0001",),
    audit_head=(7, "h"),
    packages=(),
    practice=True,
    sheets={"Perkara": "s"},
)


def test_a_manifest_reads_as_it_was_written() -> None:
    assert from_text(to_text(EXAMPLE)) == EXAMPLE
    assert json.loads(to_text(EXAMPLE)).keys() >= {"fmt", "acks", "sheets", "audit_head"}
    newer = to_text(EXAMPLE).replace('"fmt":1', '"besok":[1],"fmt":1')
    assert from_text(newer) == EXAMPLE, "unknown names of a later version are passed over"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"seq":3', '"seq":"3"'),
        ('"seq":3', '"seq":-1'),
        ('"seq":3', '"seq":0'),
        ('"seq":3', '"seq":true'),
        ('"seq":3', '"seq":9223372036854775808'),
        ('"seq":3,', ""),
        ('"part":1', '"part":3'),
        ('"frm":4', '"frm":10'),
        ('"practice":true', '"practice":1'),
        ('"office":"62.10.02"', '"office":""'),
        ('"key":"AA', '"key":"!!'),
        ('"key":"AAAA', '"key":"'),
        ('"acks":{"DEVICE99":[5,2,"y"]}', '"acks":{"DEVICE99":[5,2]}'),
        ('"counts":{"cases":1', '"counts":{"cases":"1"'),
        ('"forked":["TWIN0001"]', '"forked":[1]'),
        ('"audit_head":[7,"h"]', '"audit_head":[7]'),
        ('"sheets":{"Perkara":"s"}', '"sheets":{"Perkara":null}'),
    ],
)
def test_a_malformed_manifest_is_a_value_error(old: str, new: str) -> None:
    text = to_text(EXAMPLE)
    assert old in text
    with pytest.raises(ValueError, match=r"."):
        from_text(text.replace(old, new))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        from_text(text)


def test_fields_that_came_later_may_be_missing_and_stay_unwritten() -> None:
    plain = to_text(EXAMPLE)
    assert "outside" not in plain
    assert "certificate" not in plain
    later = replace(EXAMPLE, seq=0, outside=True, label="PC-2", certificate="c", roster="r")
    assert from_text(to_text(later)) == later
    assert from_text(plain[:-1] + ',"zzz":[1]}') == EXAMPLE, "what comes later still is passed"
    for wrong in (replace(EXAMPLE, seq=0), replace(EXAMPLE, outside=True)):
        with pytest.raises(ValueError, match="sequence"):
            from_text(to_text(wrong))


@given(st.permutations(["a:1", "b:2", "c:3"]))
def test_the_root_depends_on_rows_not_on_their_order(rows: list[str]) -> None:
    assert root(rows) == root(["a:1", "b:2", "c:3"])
    assert root(rows) != root([*rows[1:], "d:4"])


def test_part_ids() -> None:
    assert EXAMPLE.part_id == "x#1"
    assert replace(EXAMPLE, parts=1).part_id == "x"
    assert head.format_of(to_text(EXAMPLE)) == 1


def test_the_ledger_lists_both_directions(office: Callable[..., Posko], tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    (path,) = export(kec, "62.10", tmp_path).files
    bad = tmp_path / "rusak.xlsx"
    bad.write_bytes(path.read_bytes()[:500])
    import_file(kab, path, apply=True)
    import_file(kab, bad, apply=True)
    at_subdistrict, at_district = ledger(kec), ledger(kab)
    (sent,) = at_subdistrict.sent
    assert (sent.seq, sent.to_code, sent.rows, sent.acked_at) == (1, "62.10", 5, None)
    assert sent.to_name
    assert [(r.verdict, r.office_name, r.new) for r in at_district.received] == [
        ("refused", "", 0),
        ("accepted", "Panwaslu Kecamatan Kurun", 5),
    ]
    (peer,) = at_district.peers
    assert (peer.office_code, peer.level, peer.received_seq) == ("62.10.02", "kecamatan", 1)
    (back,) = export(kab, "62.10.02", tmp_path).files
    import_file(kec, back, apply=True)
    assert ledger(kec).sent[0].acked_at is not None
