"""Profiles: whole records left out with their reasons, no identity anywhere, files come back."""

from __future__ import annotations

import base64
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from pathlib import Path

import pytest
from sqlalchemy import select

import posko_app.exchange.left_out as data
from posko_app.app import Posko
from posko_app.cases.clarification import Hearing, Invitation, hear, invite, mark_absent, people
from posko_app.cases.intake import file_report
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.cases.report import PersonInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.data import record as records
from posko_app.data.base import synced_tables
from posko_app.data.tables import AuditEntry, Case, Clarification, Event, Export, Letter, Setting
from posko_app.errors import NotAllowed, UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.digest import digest
from posko_app.exchange.export import export
from posko_app.exchange.free_text import names_in
from posko_app.exchange.left_out import left_out, load_profiles, profiles
from posko_app.exchange.manifest import PROFILES
from posko_app.exchange.name_check import check_names
from posko_app.exchange.name_index import MASK
from posko_app.exchange.names_kept import KEY
from posko_app.exchange.profiles import removed
from posko_app.exchange.prospect import prospects, to_pick
from posko_app.paths import resource
from tests.commands import Posko as Command
from tests.factory import PASSWORD, TODAY, new_report
from tests.test_exchange_export import machine_rows

REPORTER = PersonInput(
    name="Ni Luh Ratnadéwi Wirasena",
    nik="6210015207880001",
    birth_place="Tumbang Miwan",
    birth_on=date(1988, 7, 12),
    sex="female",
    occupation="Perajin rotan",
    address='Jalan "Kenanga" & Teratai No. 7, RT 03',
    phone="0812 5555 0176",
    email="ratnadewi@contoh.example",
)
WITNESS = PersonInput(name="Yudhistira Mangkulewa", address="Gang Bakung 12", phone="081399990001")
ACTIVITY = NewActivity(kind="education", on=TODAY, title="Sosialisasi pengawasan partisipatif")


def filled(posko: Posko, **more: object) -> str:
    """An office with a referred case of two people and an activity; the uid of the case."""
    uid = file_report(posko, new_report(reporter=REPORTER, witnesses=(WITNESS,), **more)).uid
    log_activity(posko, ACTIVITY)
    refer(posko, uid)
    return uid


def refer(posko: Posko, uid: str) -> None:
    """Take a case through its steps to an institution."""
    steps: list[tuple[str, str, dict[str, str]]] = [("reviewed", "complete", {})]
    steps += [("registered", "", {}), ("clarified", "", {}), ("note", "", {})]
    for kind, outcome, said in steps:
        record_step(posko, uid, NewStep(kind=kind, on=posko.today(), outcome=outcome, data=said))
    pass_on(posko, uid)


def pass_on(posko: Posko, uid: str) -> None:
    """Assess a case, decide it and refer it to an institution."""
    steps: list[tuple[str, str, dict[str, str]]]
    steps = [("assessed", "", {}), ("decided", "violation", {"kinds": "other_law"})]
    for kind, outcome, said in [*steps, ("referred", "", {"addressee": "bkn_regional"})]:
        number = "007/PP.00.00/K.KH-05/X/2024" if kind == "referred" else ""
        step = NewStep(kind=kind, on=posko.today(), outcome=outcome, number=number, data=said)
        record_step(posko, uid, step)


def tables_in(path: Path) -> set[str]:
    _, *rows = machine_rows(path)
    return {records.loads("".join(row[2:]))["t"] for row in rows}


def forms(secret: str) -> Iterator[bytes]:
    """A text as a workbook might hold it."""
    for text in {secret, secret.replace(" ", ""), secret.upper(), secret.casefold()}:
        yield text.encode()
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield json.dumps(text)[1:-1].encode()
        yield json.dumps(json.dumps(text))[3:-3].encode()
        yield escape(text).encode()
        yield escape(text, quote=False).encode()
        yield text.encode("unicode_escape")
        yield "".join(f"&#{ord(char)};" for char in text).encode()
        yield base64.b64encode(text.encode())[:-4]


def assert_nobody_in(path: Path) -> None:
    """No value of any identity stands in any part of a file, nor in the names of its parts."""
    secrets = [
        value
        for person in (REPORTER, WITNESS)
        for value in (person.name, person.nik, person.birth_place, person.occupation,
                      person.address, person.phone, person.email)
        if value
    ]  # fmt: skip
    secrets += ["Ratnadéwi", "Wirasena", "Yudhistira", "Mangkulewa", "81255550176", "5555 0176"]
    secrets += ["1988-07-12", "12-07-1988", "Kenanga", "Bakung"]
    with zipfile.ZipFile(path) as book:
        parts = [book.read(name) for name in book.namelist()]
        parts.append("\n".join(book.namelist()).encode() + book.comment)
    parts.append(path.name.encode())
    for secret in secrets:
        for form in forms(secret):
            assert not [part for part in parts if form in part], (path.name, secret, form)


@pytest.mark.parametrize("profile", PROFILES)
def test_no_identity_stands_in_any_file(posko: Posko, tmp_path: Path, profile: str) -> None:
    uid = filled(posko)
    ways = [{"what": "changes"}, {"what": "all"}, {"what": "picked", "cases": [uid]}]
    for number, way in enumerate(ways):
        folder = tmp_path / str(number)
        folder.mkdir()
        made = export(posko, "62", folder, profile=profile, **way)  # type: ignore[arg-type]
        for path in made.files:
            assert_nobody_in(path)


def test_the_search_for_identities_would_find_one(tmp_path: Path) -> None:
    """The property above can fail: each form is seen where it is."""
    for form in forms(REPORTER.name):
        path = tmp_path / "berkas.xlsx"
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("xl/bagian.xml", b"<t>" + form + b"</t>")
        with pytest.raises(AssertionError):
            assert_nobody_in(path)


@pytest.mark.parametrize(
    ("profile", "gone"),
    [
        ("internal", {"identities", "clarification_questions"}),
        ("penerus", {"identities", "witnesses", "prevention"}),
        ("publik", {"cases", "events", "identities", "witnesses", "reported_parties"}),
    ],
)
def test_whole_records_stay_and_the_preview_says_which(
    posko: Posko, tmp_path: Path, profile: str, gone: set[str]
) -> None:
    filled(posko)
    told = removed(posko, "62", profile)
    made = export(posko, "62", tmp_path, profile=profile)
    left = {row.table for row in told.tables}
    assert gone & {"identities", "witnesses", "prevention", "cases"} <= left
    assert not tables_in(made.files[0]) & left_out(profile)
    assert left <= left_out(profile) | {"events"}
    counts = {row.table: (row.records, row.cases) for row in told.tables}
    assert counts["identities"] == (2, 1)
    if profile != "internal":
        assert counts["witnesses"] == (1, 1)
        assert counts["prevention"] == (1, 0)
    for row in told.tables:
        assert row.reason.endswith(".")
        assert row.label.startswith(profiles().tables[row.table])
    assert told.cases == 1
    assert sum(going.count for going in told.goes) == made.rows
    assert bool(told.fields) == (profile == "publik")
    assert (told.found, told.unchecked, told.strict) == ((), False, profile != "internal")


def summon(posko: Posko, uid: str) -> None:
    """Invite everybody of a case; the reporter does not come, the others are heard."""
    for whom in people(posko, uid, "report"):
        on = TODAY + timedelta(days=1)
        asked = Invitation(
            person=whom, on=TODAY, for_on=on, for_time="09.30", place="Ruang Anggrek"
        )
        invite(posko, uid, asked)
    with posko.store.read() as session:
        rows = session.execute(select(Clarification.uid, Clarification.role)).all()
    for row, role in rows:
        if role == "reporter":
            mark_absent(posko, row, TODAY, "Sakit")
        else:
            hear(posko, row, Hearing(on=TODAY))


def test_no_step_that_shows_who_was_heard_goes_to_an_institution(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    maker, reader = office("kecamatan"), office("kabupaten")
    uid = file_report(maker, new_report(reporter=REPORTER, witnesses=(WITNESS,))).uid
    for kind, outcome in (("reviewed", "complete"), ("registered", "")):
        record_step(maker, uid, NewStep(kind=kind, on=TODAY, outcome=outcome))
    summon(maker, uid)
    said = NewStep(kind="note", on=TODAY, note="Pemilik suara menelepon kantor.")
    wrong = record_step(maker, uid, said)
    record_step(
        maker, uid, NewStep(kind="corrected", on=TODAY, corrects=wrong, note="Salah catat.")
    )
    pass_on(maker, uid)
    with maker.store.read() as session:
        kinds = Counter(session.scalars(select(Event.kind).where(Event.case_uid == uid)))
    assert (kinds["invited"], kinds["absent"]) == (3, 1)
    goes = {"filed", "reviewed", "registered", "assessed", "decided", "referred"}
    for what, cases in (("changes", ()), ("all", ()), ("picked", (uid,))):
        told = removed(maker, "62.10", "penerus", what, cases)  # type: ignore[arg-type]
        made = export(maker, "62.10", tmp_path, what=what, cases=cases, profile="penerus")  # type: ignore[arg-type]
        _, *rows = machine_rows(made.files[0])
        events = [
            r for r in (records.loads("".join(row[2:])) for row in rows) if r["t"] == "events"
        ]
        assert {e["f"]["kind"] for e in events} == goes
        for event in events:
            assert not {"role", "whom"} & records.loads(event["f"]["data"]).keys()
        with zipfile.ZipFile(made.files[0]) as book:
            text = b"".join(book.read(name) for name in book.namelist())
        for word in ("Ruang Anggrek", "Sakit", "menelepon", "Salah catat", "clarification"):
            assert word.encode() not in text, word
        stay = {row.label: row.records for row in told.tables if row.table == "events"}
        heard = sum(kinds[kind] for kind in ("invited", "absent", "clarified"))
        assert stay == {
            "Langkah perkara: undangan dan klarifikasi": heard,
            "Langkah perkara: catatan petugas": 2,
        }
        assert sum(going.count for going in told.goes) == made.rows == len(rows)
    found = prospects(maker, "62.10", profile="penerus").by_what
    assert found["all"].rows == made.rows
    with maker.write() as session:
        session.add(
            Event(
                case_uid=uid, kind="note", on=TODAY, office_code="62.10.02",
                note="Kata Mangkulewa.", made_at=maker.now(),
            )
        )  # fmt: skip
    assert names_in(maker, "62.10", "all", profile="penerus") == ()
    assert len(names_in(maker, "62.10", "all", profile="internal")) == 1
    check_names(maker)
    maker.keys = replace(maker.keys, identity=None)
    assert names_in(maker, "62.10", "all", profile="penerus") == ()
    assert import_file(reader, made.files[0], apply=True).new == made.rows
    for _ in range(2):
        for holder in (reader, maker):
            again = import_file(holder, made.files[0], apply=True)
            assert (again.new, again.updated, again.conflicts, again.proposals) == (0, 0, 0, 0)


def test_an_institution_gets_what_was_referred_or_picked_and_nothing_else(
    posko: Posko, tmp_path: Path
) -> None:
    referred = filled(posko)
    other = file_report(posko, new_report(title="Bukan urusan instansi")).uid
    with posko.write() as session:
        session.add(
            Letter(
                case_uid=None, office_code=posko.office.code, template="imbauan", title="Surat",
                dated_on=TODAY, addressee="Partai Contoh", sha256="0" * 64, size=1,
                issued_at=posko.now(),
            )
        )  # fmt: skip
    export(posko, "62", tmp_path)
    assert removed(posko, "62", "penerus").cases == 1
    found = prospects(posko, "62", profile="penerus").by_what
    for what in ("all", "changes"):
        made = export(posko, "62", tmp_path, what=what, profile="penerus")
        _, *rows = machine_rows(made.files[0])
        uids = {row[0] for row in rows}
        assert referred in uids
        assert other not in uids
        assert "letters" not in tables_in(made.files[0]), "of no case"
        assert (set(found[what].cases), found[what].rows) == ({referred}, made.rows)
    assert [case.referred for case in to_pick(posko, "62", profile="penerus")] == [True, False]
    made = export(posko, "62", tmp_path, what="picked", cases=[other], profile="penerus")
    _, *rows = machine_rows(made.files[0])
    assert other in {row[0] for row in rows}


def test_a_whole_copy_is_counted_as_whole_whatever_was_confirmed(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    """Only what goes between offices is ever less than everything."""
    kab, kec = office("kabupaten"), office("kecamatan")
    first = filled(kec)
    import_file(kab, export(kec, "62.10", tmp_path).files[0], apply=True)
    import_file(kec, export(kab, "62.10.02", tmp_path).files[0], apply=True)
    second = filled(kec)
    assert prospects(kec, "62.10").by_what["changes"].cases == {second}
    for profile in ("penerus", "publik"):
        found = prospects(kec, "62.10", profile=profile).by_what
        assert found["changes"].cases == found["all"].cases == {first, second}


def test_a_preview_follows_what_is_asked_for(posko: Posko, tmp_path: Path) -> None:
    first, _ = filled(posko), filled(posko)
    assert removed(posko, "62", "penerus").cases == 2
    one = removed(posko, "62", "penerus", "picked", [first])
    assert one.cases == 1
    assert {row.table for row in one.tables} == {"identities", "witnesses", "events"}
    assert "Langkah perkara" in {going.label for going in one.goes}
    with pytest.raises(UserError, match="tidak dikenal"):
        removed(posko, "99", "penerus")
    with pytest.raises(UserError, match="tidak dikenal"):
        removed(posko, "62", "rahasia")
    with posko.store.read() as session:
        assert session.scalars(select(Export)).all() == []


@pytest.mark.parametrize("profile", PROFILES)
def test_every_file_comes_back_and_twice_it_changes_nothing(
    office: Callable[..., Posko], tmp_path: Path, profile: str
) -> None:
    """To its maker, to an office that has nothing of it, and to one that went on writing."""
    maker, empty = office("kecamatan"), office("kabupaten")
    uid = filled(maker)
    path = export(maker, "62.10", tmp_path, profile=profile).files[0]
    before = digest(maker).digest
    for _ in range(2):
        own = import_file(maker, path, apply=True)
        assert (own.verdict, own.new, own.updated, own.conflicts) == ("accepted", 0, 0, 0)
        assert (own.proposals, own.rejected) == (0, ())
    assert digest(maker).digest == before
    first = import_file(empty, path, apply=True)
    assert (first.verdict, first.rejected, first.conflicts) == ("accepted", (), 0)
    assert (first.new > 0) == (profile != "publik")
    again = import_file(empty, path, apply=True)
    assert (again.new, again.updated, again.conflicts, again.proposals) == (0, 0, 0, 0)
    for edited in (maker, empty) if profile != "publik" else ():
        with edited.write() as session:
            session.scalars(select(Case).where(Case.uid == uid)).one().title = "Judul baru"
        after = digest(edited).digest
        later = import_file(edited, path, apply=True)
        assert (later.new, later.updated, later.conflicts, later.proposals) == (0, 0, 0, 0)
        assert digest(edited).digest == after


def test_a_smaller_file_takes_nothing_away_from_a_fuller_one(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    maker, reader = office("kecamatan"), office("kabupaten")
    filled(maker)
    import_file(reader, export(maker, "62.10", tmp_path).files[0], apply=True)
    full = digest(reader).digest
    smaller = import_file(
        reader, export(maker, "62.10", tmp_path, profile="penerus").files[0], apply=True
    )
    assert (smaller.new, smaller.updated, smaller.conflicts) == (0, 0, 0)
    assert digest(reader).digest == full


def test_every_table_is_judged_and_unjudged_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(profiles().tables) == set(synced_tables())
    assert tuple(profiles().by_code) == PROFILES
    assert left_out("publik") == frozenset(synced_tables())
    for profile in PROFILES:
        assert {"identities", "clarification_questions"} <= left_out(profile)
    known = {**profiles().tables}
    known.pop("letters")  # as if it were new and nobody had thought of it yet
    later = replace(profiles(), tables=known)
    monkeypatch.setattr(data, "profiles", lambda: later)
    assert "letters" in left_out.__wrapped__("penerus")
    assert "letters" not in left_out.__wrapped__("internal")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('witnesses = "Instansi', 'saksi = "Instansi'),
        ('shape = "values"', 'shape = "nilai"'),
        ('names = "tell"', 'names = "diam"'),
        ('    "cases", "events", "reported_parties", "evidence", "letters", "referrals"',
         '    "cases", "witnesses", "reported_parties", "evidence", "letters", "referrals"'),
        ('kinds = ["note"]', 'kinds = ["note", "invited"]'),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_of_profiles_is_named(tmp_path: Path, old: str, new: str) -> None:
    shipped = resource("exchange", "profiles.toml").read_text("utf-8")
    assert old in shipped
    bad = tmp_path / "profiles.toml"
    bad.write_text(shipped.replace(old, new), "utf-8")
    with pytest.raises(ValueError, match=r"must stand in exactly one|no such shape|stays twice"):
        load_profiles(bad)


def test_an_account_without_the_key_cannot_say_that_nobody_is_named(
    posko: Posko, tmp_path: Path
) -> None:
    filled(posko)
    posko.user = replace(posko.user, role="exchanger")
    posko.keys = replace(posko.keys, identity=None)
    told = removed(posko, "62", "penerus")
    assert (told.unchecked, told.found) == (True, ())
    for profile in ("penerus", "publik"):
        with pytest.raises(UserError) as refused:
            export(posko, "62", tmp_path, profile=profile)
        assert refused.value.code == "names_unchecked"
    assert not list(tmp_path.glob("*.xlsx"))
    between = export(posko, "62", tmp_path)
    assert between.unchecked
    stays = export(posko, "62", tmp_path, profile="penerus", names_stay="Diperiksa admin tadi pagi")
    assert stays.unchecked
    with posko.store.read() as session:
        bodies = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "export.made").order_by(AuditEntry.n)
        ).all()
    assert records.loads(bodies[-1])["names_stay"] == "Diperiksa admin tadi pagi"
    posko.user = replace(posko.user, role="receiver")
    with pytest.raises(NotAllowed):
        removed(posko, "62", "penerus")


def test_an_account_without_the_key_relies_on_who_looked_before(
    posko: Posko, tmp_path: Path
) -> None:
    """The places are told, the names are not; and only while nothing changed since."""
    first, second = filled(posko), filled(posko)
    with posko.write() as session:
        case = session.scalars(select(Case).where(Case.uid == first)).one()
        case.narrative = "Kata Mangkulewa."
    leader = posko.user
    assert len(check_names(posko).found) == 1
    sender = replace(leader, role="exchanger")
    whole, blind = posko.keys, replace(posko.keys, identity=None)
    posko.user, posko.keys = sender, blind
    told = removed(posko, "62", "penerus")
    assert not told.unchecked
    (hit,) = told.found
    assert (hit.case_uid, hit.field, hit.snippet) == (first, "narrative", f"Kata {MASK}.")
    assert names_in(posko, "62", "picked", [second], profile="penerus") == ()
    assert export(posko, "62", tmp_path, profile="publik").found == ()
    export(posko, "62", tmp_path, what="picked", cases=[second], profile="penerus")
    with pytest.raises(UserError) as refused:
        export(posko, "62", tmp_path, profile="penerus")
    assert refused.value.code == "names_found"
    with posko.write() as session:
        session.scalars(select(Case).where(Case.uid == second)).one().title = "Judul baru"
    with pytest.raises(UserError) as again:
        names_in(posko, "62", "picked", [second], profile="penerus")
    assert again.value.code == "names_unchecked"
    with pytest.raises(NotAllowed):
        check_names(posko)
    posko.user = leader
    with pytest.raises(UserError, match="kunci identitas"):
        check_names(posko)
    posko.keys = whole
    with posko.store.read() as session:
        kept = session.scalars(select(Setting.value).where(Setting.key == KEY)).one()
    assert "mangkulewa" not in kept.casefold()


def test_the_command_line_tells_before_it_writes(
    posko: Posko,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uid = filled(posko)
    with posko.write() as session:
        session.scalars(select(Case).where(Case.uid == uid)).one().narrative = "Kata Mangkulewa."
    posko.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    command = Command(capsys)
    office = ("--data", posko.folder.root, "--to", "62", "--profile", "penerus")
    looked = command.json("names", *office[:2])
    assert [hit["table"] for hit in looked["found"]] == ["cases"]
    said = command("export", *office, "--check")
    assert said.code == 0, said.err
    for words in ("Yang ikut", "Yang tidak ikut", "Saksi (nama samaran)", "kolom Uraian kejadian"):
        assert words in said.out
    assert "Mangkulewa" not in said.out
    found = command.json("export", *office, "--check")
    assert {row["table"] for row in found["tables"]} >= {"identities", "witnesses"}
    assert [hit["field"] for hit in found["found"]] == ["narrative"]
    out = tmp_path / "kiriman"
    command.refused("export", *office, "--out", out, code="names_found")
    assert not out.exists()
    reason = ("--names-stay", "Saksi ini sudah bicara di media")
    made = command.json("export", *office, "--out", out, *reason)
    assert [hit["field"] for hit in made["found"]] == ["narrative"]
    assert len(list(out.iterdir())) == 1
    assert command("export", *office).code == 2
