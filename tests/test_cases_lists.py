"""Lists: views as data, filters, kept views, columns, acts on many cases and taking them back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.app import Posko, User
from posko_app.cases import bulk
from posko_app.cases.board import board_problems
from posko_app.cases.case_view import case_view
from posko_app.cases.filters import ANY, NOBODY, CaseFilter, span, with_values
from posko_app.cases.intake import file_report
from posko_app.cases.list_rows import (
    ListColumn,
    case_columns,
    case_listing,
    every_case,
    listing,
)
from posko_app.cases.list_views import FILTERS, standard_views
from posko_app.cases.queries import VIEWS, count_cases, list_cases, view_counts
from posko_app.cases.saved_views import (
    Layout,
    ViewContent,
    drop_view,
    keep_layout,
    keep_view,
    kept_views,
    layout_of,
)
from posko_app.cases.steps import NewStep, record_step
from posko_app.errors import Cancelled, InvalidInput, NotAllowed, UserError
from posko_app.exchange.list_book import write_listing
from posko_app.letters.list_print import listing_pdf
from posko_app.office.accounts import add_account
from tests.factory import PASSWORD, REPORTER, TODAY, new_report


def filed(posko: Posko, days_ago: int = 0, **changes: Any) -> str:
    day = TODAY - timedelta(days=days_ago)
    known = day - timedelta(days=1)
    new = new_report(filed_on=day, known_on=known, event_on=known, **changes)
    return file_report(posko, new).uid


def closed(posko: Posko, days_ago: int = 5, **changes: Any) -> str:
    """A case whose handling has ended."""
    uid = filed(posko, days_ago, **changes)
    day = TODAY - timedelta(days=days_ago)
    for kind, outcome in (("reviewed", "already_handled"), ("notified", ""), ("closed", "")):
        record_step(posko, uid, NewStep(kind=kind, on=day, outcome=outcome))
    return uid


def uids(posko: Posko, **wanted: Any) -> set[str]:
    return {row.uid for row in list_cases(posko, CaseFilter(**{"view": "all", **wanted}))}


def as_role(posko: Posko, role: str, login: str = "") -> None:
    posko.user = User(login or posko.user.login, "Orang", "", role)


# --- views and filters ----------------------------------------------------------------------------


def test_every_standard_view_lists_and_counts_the_same(posko: Posko) -> None:
    filed(posko)
    filed(posko, 9)
    bulk.archive(posko, [closed(posko)])
    closed(posko)
    counts = view_counts(posko)
    for view in VIEWS:
        wanted = CaseFilter(view=view)
        assert count_cases(posko, wanted) == len(list_cases(posko, wanted)), view
        if view in counts:
            assert counts[view] == count_cases(posko, wanted), view
    assert counts["all"] == 4
    assert (counts["active"], counts["closed"], counts["archived"]) == (2, 1, 1)


def test_a_mistake_in_the_file_of_views_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    for wrong in (
        'state = "somewhere"',
        'state = "open"\nfilters = { colour = "red" }',
        'state = "open"\nsort = "colour"',
        'state = "open"\nsise = 1',
    ):
        path.write_text(f'[[view]]\nkey = "a"\nlabel = "A"\n{wrong}\n', "utf-8")
        with pytest.raises(ValueError, match=r"lists\.toml: a"):
            standard_views.__wrapped__(path)


def test_how_it_ended_and_who_is_waited_for_are_filters(posko: Posko) -> None:
    ended = closed(posko)
    open_one = filed(posko)
    waiting = filed(posko, 9)
    for days, kind, outcome, data in (
        (8, "reviewed", "complete", {}),
        (8, "registered", "", {}),
        (6, "assessed", "", {}),
        (5, "decided", "violation", {"kinds": "other_law"}),
        (4, "referred", "", {"addressee": "bkn", "kinds": "other_law"}),
    ):
        day = TODAY - timedelta(days=days)
        record_step(posko, waiting, NewStep(kind=kind, on=day, outcome=outcome, data=data))
    assert uids(posko, ended="already_handled") == {ended}
    assert uids(posko, waiting_for=ANY) == uids(posko, waiting_for="bkn") == {waiting}
    assert uids(posko, waiting_for="kpu") == set()
    row = next(r for r in list_cases(posko, CaseFilter(view="agency")) if r.uid == waiting)
    assert row.waiting_since == TODAY - timedelta(days=4)
    assert row.waiting_label == posko.vocabulary.label("addressee", "bkn")
    assert uids(posko, referred_from=TODAY - timedelta(days=4)) == {waiting}
    assert uids(posko, referred_from=TODAY) == set()
    answered = NewStep(kind="follow_up", on=TODAY, data={"addressee": "bkn"})
    record_step(posko, waiting, answered)
    assert uids(posko, waiting_for=ANY) == set()
    assert uids(posko, due="running") | uids(posko, due="none") == {ended, open_one, waiting}
    with posko.store.read() as session:
        assert board_problems(posko, session) == []


def test_officers_are_those_of_this_office(posko: Posko) -> None:
    mine = filed(posko)
    assert uids(posko, officer="petugas") == {mine}
    assert uids(posko, officer="maya") == uids(posko, officer=NOBODY) == set()


@given(st.sampled_from(FILTERS), st.text(max_size=24))
def test_what_a_chip_holds_never_raises(name: str, code: str) -> None:
    with_values(CaseFilter(), {name: code}, TODAY)


def test_spans_of_dates_are_read() -> None:
    assert [str(d) for d in span("2024-02", TODAY)] == ["2024-02-01", "2024-02-29"]
    assert [str(d) for d in span("week", TODAY)] == ["2024-10-09", "2024-10-15"]
    assert [str(d) for d in span("2024-10-01..2024-10-15", TODAY)] == ["2024-10-01", "2024-10-15"]
    assert span("2024-10-01..", TODAY)[1] is None
    assert span("..2024-10-15", TODAY)[0] is None
    assert span("besok", TODAY) == span("", TODAY) == span("2024-13", TODAY) == (None, None)


# --- kept views and columns -----------------------------------------------------------------------


def test_a_view_is_kept_with_filters_order_and_columns(posko: Posko) -> None:
    content = ViewContent(
        view="all",
        text="stiker",
        values={"theme": "money_politics", "filed": "2024-10", "nothing": "x"},
        sort="filed",
        descending=True,
        columns=("number", "title", "due"),
    )
    uid = keep_view(posko, "  Politik   uang ", content)
    shared = keep_view(posko, "Kurun", ViewContent(), shared=True)
    mine, office = kept_views(posko)[1], kept_views(posko)[0]
    assert (mine.uid, mine.name, mine.shared) == (uid, "Politik uang", False)
    assert mine.content == replace(content, values={"theme": "money_politics", "filed": "2024-10"})
    assert (office.uid, office.shared) == (shared, True)
    keep_view(posko, "Uang", ViewContent(view="closed"), uid=uid)
    assert [v.name for v in kept_views(posko)] == ["Kurun", "Uang"]
    was = drop_view(posko, uid)
    assert [v.name for v in kept_views(posko)] == ["Kurun"]
    assert keep_view(posko, was.name, was.content, uid=was.uid) == uid


def test_own_views_are_nobody_elses(posko: Posko) -> None:
    keep_view(posko, "Punya saya", ViewContent())
    office = keep_view(posko, "Punya kantor", ViewContent(), shared=True)
    as_role(posko, "receiver", "maya")
    assert [(v.name, v.mine) for v in kept_views(posko)] == [("Punya kantor", False)]
    with pytest.raises(NotAllowed):
        keep_view(posko, "Baru", ViewContent(), shared=True)
    with pytest.raises(UserError, match="milik kantor"):
        drop_view(posko, office)
    keep_view(posko, "Punya saya", ViewContent())


def test_a_name_is_needed_and_is_taken_once(posko: Posko) -> None:
    keep_view(posko, "Kurun", ViewContent())
    for name in ("", "   ", "KURUN", "x" * 41):
        with pytest.raises(InvalidInput):
            keep_view(posko, name, ViewContent())
    keep_view(posko, "Kurun", ViewContent(), shared=True)


def test_columns_are_kept_by_person_and_list(posko: Posko) -> None:
    assert layout_of(posko, "cases") is None
    chosen = Layout(("number", "due", "title"), {"title": 300})
    keep_layout(posko, "cases", chosen)
    keep_layout(posko, "cases", chosen)
    assert layout_of(posko, "cases") == chosen
    assert layout_of(posko, "letters") is None
    as_role(posko, "admin", "maya")
    assert layout_of(posko, "cases") is None
    as_role(posko, "admin", "petugas")
    keep_layout(posko, "cases", None)
    assert layout_of(posko, "cases") is None


# --- acts on many cases ---------------------------------------------------------------------------


@pytest.fixture
def staffed(posko: Posko) -> Posko:
    for login in ("maya", "rina"):
        add_account(posko, login=login, name=login.title(), role="verifier", password=PASSWORD)
    return posko


def test_officers_change_together_and_are_put_back(staffed: Posko) -> None:
    posko = staffed
    first, second, third = (filed(posko) for _ in range(3))
    bulk.set_officer(posko, [first], "rina")
    done = bulk.set_officer(posko, [first, second, third], "maya")
    assert done.count == 3
    assert uids(posko, officer="maya") == {first, second, third}
    again = bulk.set_officer(posko, [first], "maya")
    assert (again.entry, again.count) == (0, 0), "nothing to do is no act"
    taken_back = bulk.undo(posko, done.entry)
    assert set(taken_back.changed) == {first, second, third}
    assert case_view(posko, first).facts.officer == "rina"
    assert case_view(posko, second).facts.officer == "petugas"
    with pytest.raises(UserError, match="sudah diurungkan"):
        bulk.undo(posko, done.entry)
    with posko.store.read() as session:
        assert board_problems(posko, session) == []


def test_what_changed_since_stays_when_an_act_is_taken_back(staffed: Posko) -> None:
    posko = staffed
    first, second = filed(posko), filed(posko)
    done = bulk.set_officer(posko, [first, second], "maya")
    bulk.set_officer(posko, [second], "rina")
    taken_back = bulk.undo(posko, done.entry)
    assert taken_back.changed == (first,)
    assert taken_back.kept == (second,)
    assert "sudah diubah lagi" in taken_back.why
    assert case_view(posko, second).facts.officer == "rina"


def test_an_unknown_or_inactive_officer_gets_nothing(posko: Posko) -> None:
    uid = filed(posko)
    with pytest.raises(UserError, match="tidak aktif"):
        bulk.set_officer(posko, [uid], "siapa")
    assert case_view(posko, uid).facts.officer == "petugas"


def test_only_finished_cases_are_archived(posko: Posko) -> None:
    done, still = closed(posko), filed(posko)
    act = bulk.archive(posko, [done, still])
    assert (act.changed, act.kept) == ((done,), (still,))
    assert act.why == "1 perkara belum selesai dan tidak diarsipkan."
    assert uids(posko, view="closed") == set()
    assert uids(posko, view="archived") == {done}
    assert uids(posko) == {done, still}, "what is archived is still found"
    bulk.undo(posko, act.entry)
    assert uids(posko, view="closed") == {done}
    bulk.archive(posko, [done])
    assert bulk.unarchive(posko, [done]).count == 1
    assert uids(posko, view="closed") == {done}


def test_an_archived_case_that_goes_on_comes_back(posko: Posko) -> None:
    uid = closed(posko)
    bulk.archive(posko, [uid])
    ending = next(e.uid for e in case_view(posko, uid).events if e.kind == "closed")
    record_step(posko, uid, NewStep(kind="corrected", on=TODAY, corrects=ending, note="Keliru."))
    assert uids(posko, view="active") == {uid}
    assert uids(posko, view="archived") == set()


def test_the_journal_tells_acts_and_which_were_taken_back(staffed: Posko) -> None:
    posko = staffed
    uid = closed(posko)
    bulk.set_officer(posko, [uid], "maya")
    away = bulk.archive(posko, [uid])
    bulk.undo(posko, away.entry)
    told = [(a.action, a.value, a.count, a.undone) for a in bulk.past_acts(posko)]
    assert told == [(bulk.ARCHIVE, bulk.AWAY, 1, True), (bulk.OFFICER, "maya", 1, False)]
    with pytest.raises(UserError):
        bulk.undo(posko, 1)


def test_an_act_is_whole_or_not_at_all(staffed: Posko) -> None:
    posko = staffed
    uid = filed(posko)

    def stop(done: int, total: int, text: str = "") -> None:
        if done == total:
            raise Cancelled

    with pytest.raises(Cancelled):
        bulk.set_officer(posko, [uid], "maya", progress=stop)
    assert case_view(posko, uid).facts.officer == "petugas"
    assert bulk.past_acts(posko) == ()
    with pytest.raises(UserError, match="Paling banyak"):
        bulk.archive(posko, [str(n) for n in range(bulk.MOST + 1)])


def test_readers_change_nothing(posko: Posko) -> None:
    uid = closed(posko)
    as_role(posko, "auditor")
    for act in (bulk.archive, bulk.unarchive):
        with pytest.raises(NotAllowed):
            act(posko, [uid])
    with pytest.raises(NotAllowed):
        bulk.set_officer(posko, [uid], "petugas")


# --- any list on paper and as a workbook ----------------------------------------------------------


def test_a_list_of_cases_becomes_a_workbook(posko: Posko, tmp_path: Path) -> None:
    filed(posko, title="=Judul yang mirip rumus")
    filed(posko, 3, title="Lain")
    keys = ("number", "title", "due", "filed", "officer")
    made = case_listing(posko, CaseFilter(), keys, about=("Tahap: Kajian awal",))
    path = tmp_path / "daftar.xlsx"
    write_listing(posko, made, path)
    sheet = openpyxl.load_workbook(path)["Daftar"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "Daftar laporan"
    assert [c for c in rows[2] if c] == ["Tahap: Kajian awal"]
    head = next(n for n, row in enumerate(rows) if row[0] == "Nomor")
    assert rows[head] == ["Nomor", "Peristiwa", "Batas", "Diterima", "Petugas"]
    assert [row[1] for row in rows[head + 1 :]] == ["Lain", "=Judul yang mirip rumus"]
    assert rows[head + 1][3].date() == TODAY - timedelta(days=3)
    assert rows[head + 1][4] == "Petugas Contoh"
    assert REPORTER.name not in str(rows)


def test_a_list_of_cases_is_printed(posko: Posko) -> None:
    for number in range(60):
        filed(posko, title=f"Laporan & <b>nomor</b> {number}", witnesses=(), evidence=())
    made = case_listing(posko, CaseFilter(), tuple(case_columns(posko)))
    document = pypdfium2.PdfDocument(listing_pdf(posko, made))
    assert len(document) > 1
    assert document[0].get_width() > document[0].get_height(), "many columns lie on their side"
    texts = [page.get_textpage().get_text_range() for page in document]
    assert "Laporan & <b>nomor</b> 0" in texts[0].replace("\r\n", " ")
    assert all("Peristiwa" in text for text in texts), "headings stand on every page"
    assert f"Halaman 1 dari {len(document)}" in texts[0]
    document.close()


def test_any_page_can_have_its_list_written(posko: Posko, tmp_path: Path) -> None:
    columns: list[ListColumn[tuple[str, int]]] = [
        ListColumn(key="name", heading="Nama", value=lambda r: r[0]),
        ListColumn(key="count", heading="Jumlah", value=lambda r: r[1], kind="number", width=8),
    ]
    made = listing("Daftar hadir", columns, [("Kepala dinas", 3), ("Camat", 12)])
    write_listing(posko, made, tmp_path / "a.xlsx")
    rows = openpyxl.load_workbook(tmp_path / "a.xlsx")["Daftar"].values
    assert ("Camat", 12) in list(rows)
    document = pypdfium2.PdfDocument(listing_pdf(posko, made))
    assert document[0].get_width() < document[0].get_height(), "few columns stand upright"
    document.close()


def test_a_long_list_is_read_page_by_page(posko: Posko, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [filed(posko, n % 7) for n in range(9)]
    monkeypatch.setattr("posko_app.cases.list_rows.PAGE", 2)
    rows = list(every_case(posko, CaseFilter(view="all", sort="filed", descending=True)))
    assert {row.uid for row in rows} == set(made)
    assert len(rows) == 9
    days = [row.filed_on for row in rows]
    assert days == sorted(days, reverse=True)


def test_writing_stops_when_asked_and_is_journaled(
    posko: Posko, tmp_path: Path, office: Callable[..., Posko]
) -> None:
    filed(posko)
    made = case_listing(posko, CaseFilter(), ("number",))

    def stop(done: int, total: int, text: str = "") -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_listing(posko, made, tmp_path / "x.xlsx", progress=stop)
    assert list(tmp_path.glob("*.xlsx")) == []
    with pytest.raises(UserError):
        write_listing(posko, made, tmp_path / "tidak" / "ada.xlsx")
