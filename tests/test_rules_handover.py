"""A pelimpahan read from events alone: whose case it is and what counts, in any order."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import permutations

import pytest

from posko_app.cases.called import number_now, numbers_of, origin_number
from posko_app.rules.deadlines import open_dues
from posko_app.rules.handover import step_to_offer, steps_for
from posko_app.rules.stages import CaseState, Event, check_step, state_of
from tests.stepping import BOOK, CALENDAR, assert_lawful, assert_recomputable

LAW = BOOK.get("pilkada-2024")
START = date(2024, 10, 1)
KEC, KAB, PROV, OTHER = "69.03.02", "69.03", "69", "69.03.05"


def event(uid: str, kind: str, day: int, office: str, **data: str) -> Event:
    outcome = data.pop("outcome", "")
    number = data.pop("number", "")
    corrects = data.pop("corrects", "")
    return Event(
        uid, kind, START + timedelta(day), office=office, outcome=outcome, number=number,
        corrects=corrects, data=data,
    )  # fmt: skip


FILED = event("a", "filed", 0, KEC, intake_kind="report")
SENT = event("b", "transferred", 1, KEC, to=KAB, reason="Etik.")
TAKEN = event("c", "received_transfer", 2, KAB, handover="b", **{"from": KEC})
BACK = event("d", "transfer_returned", 2, KAB, reason="Bukan wewenang.")


def read(*events: Event) -> CaseState:
    found = state_of(events, LAW)
    assert_lawful(found, LAW)
    assert_recomputable(events, LAW, random.Random(1))
    return found


def refused(events: tuple[Event, ...], new: Event) -> str:
    return " ".join(problem.message for problem in check_step(events, new, LAW))


def test_it_waits_with_the_same_clocks() -> None:
    before, after = read(FILED), read(FILED, SENT)
    assert after.label == "Dilimpahkan, belum diterima"
    assert (after.closed, after.stage, after.office) == (False, before.stage, KEC)
    dues = [open_dues(events, LAW, CALENDAR, "WIB") for events in ([FILED], [FILED, SENT])]
    assert dues[0] == dues[1]
    received = open_dues([FILED, SENT, TAKEN], LAW, CALENDAR, "WIB")
    assert received == dues[0]


def test_both_sides_are_offered_what_is_theirs() -> None:
    waiting = read(FILED, SENT)
    assert [s.kind for s in steps_for(waiting, KAB)][:2] == [
        "received_transfer", "transfer_returned",
    ]  # fmt: skip
    assert not {"received_transfer", "reviewed"} & {s.kind for s in steps_for(waiting, KEC)}
    assert (step_to_offer(waiting, KAB), step_to_offer(waiting, KEC)) == ("received_transfer", "")
    done = read(FILED, SENT, TAKEN)
    assert steps_for(done, KEC) == ()
    assert step_to_offer(done, KAB) == "reviewed"


@pytest.mark.parametrize("kind", ["reviewed", "registered", "decided", "referred", "closed"])
def test_nobody_settles_it_while_it_waits(kind: str) -> None:
    for office in (KEC, KAB):
        data = {"addressee": "bkn_regional"} if kind == "referred" else {}
        outcome = {"reviewed": "complete", "decided": "not_violation"}.get(kind, "")
        made = event("x", kind, 1, office, outcome=outcome, **data)
        assert refused((FILED, SENT), made)


def test_received_once_returned_never_after() -> None:
    events = (FILED, SENT, TAKEN)
    again = event("e", "received_transfer", 3, KAB, handover="b", **{"from": KEC})
    assert "Tidak ada pelimpahan" in refused(events, again)
    late = event("e", "transfer_returned", 3, KAB, reason="Keliru.")
    assert "pelimpahan baru" in refused(events, late)
    assert "Tidak ada pelimpahan" in refused((FILED, SENT, BACK), again)
    assert "Tidak ada pelimpahan" in refused(
        (FILED, SENT), event("e", "received_transfer", 2, OTHER, handover="b", **{"from": KEC})
    )
    twice = read(*events, again)
    assert (twice.office, len(twice.contradictions)) == (KAB, 1)


def test_returned_and_received_at_once_the_first_counts() -> None:
    received_first = event("z", "transfer_returned", 3, KAB, reason="Bukan wewenang.")
    assert read(FILED, SENT, TAKEN, received_first).office == KAB
    received_late = event("z", "received_transfer", 3, KAB, handover="b", **{"from": KEC})
    found = read(FILED, SENT, BACK, received_late)
    assert (found.office, found.handover) == (KEC, None)
    assert len(found.contradictions) == 1


def test_late_events_of_the_sender_change_nothing() -> None:
    late = event("e", "reviewed", 3, KEC, outcome="complete")
    found = read(FILED, SENT, TAKEN, late)
    assert (found.office, found.stage) == (KAB, "initial_review")
    assert "kantor lain" in found.contradictions[0]
    same_day = event("e", "reviewed", 2, KEC, outcome="complete")
    assert read(FILED, SENT, TAKEN, same_day).contradictions
    early = event("aa", "reviewed", 0, KEC, outcome="complete")  # before it went
    assert not read(FILED, early, SENT, TAKEN).contradictions
    assert not read(FILED, SENT, TAKEN, event("n", "note", 4, KEC)).contradictions


def test_crossing_pelimpahan_the_first_to_be_received_counts() -> None:
    second = event("b2", "transferred", 1, KEC, to=OTHER, reason="Tempat.")
    got = event("c2", "received_transfer", 2, OTHER, handover="b2", **{"from": KEC})
    found = read(FILED, SENT, second, got)
    assert (found.office, len(found.contradictions)) == (OTHER, 1)
    both = read(FILED, SENT, second, TAKEN, got)
    assert both.office in (KAB, OTHER)
    assert len(both.contradictions) == 2


def test_a_cancelling_that_crossed_the_receipt_came_too_late() -> None:
    cancelled = event("x", "corrected", 2, KEC, corrects="b")
    found = read(FILED, SENT, TAKEN, cancelled)
    assert found.office == KAB
    assert found.contradictions
    assert "sudah diterima" in refused((FILED, SENT, TAKEN), cancelled)
    assert not refused((FILED, SENT), cancelled)
    assert read(FILED, SENT, cancelled).handover is None


def test_taken_over_from_above_and_only_from_there() -> None:
    taken = event("t", "taken_over", 1, KAB, reason="Etik.")
    assert "Hanya kantor di atas" in refused((FILED,), event("t", "taken_over", 1, OTHER))
    found = read(FILED, taken)
    assert (found.office, found.left, found.files_due) == (KAB, (KEC,), KEC)
    files = event("u", "transferred", 2, KEC, to=KAB, reason="Berkas.")
    assert not refused((FILED, taken), files)
    done = read(FILED, taken, files)
    assert (done.files_due, done.handover, done.contradictions) == ("", None, ())
    crossed = read(
        FILED, event("b", "transferred", 1, KEC, to=OTHER), event("t", "taken_over", 2, KAB)
    )
    assert (crossed.office, crossed.handover) == (KAB, None)
    answers = read(FILED, SENT, event("t", "taken_over", 2, KAB))  # its files are here already
    assert (answers.office, answers.files_due) == (KAB, "")


def test_on_and_back_again() -> None:
    further = event("e", "transferred", 3, KAB, to=PROV, reason="Dua kabupaten.")
    there = event("f", "received_transfer", 4, PROV, handover="e", **{"from": KAB})
    found = read(FILED, SENT, TAKEN, further, there)
    assert (found.office, found.left) == (PROV, (KEC, KAB))
    home = event("g", "transferred", 5, PROV, to=KEC, reason="Kembali.")
    back = event("h", "received_transfer", 6, KEC, handover="g", **{"from": PROV})
    found = read(FILED, SENT, TAKEN, further, there, home, back)
    assert (found.office, found.left, found.contradictions) == (KEC, (KAB, PROV), ())


def test_the_stage_stays_where_it_was() -> None:
    reviewed = event("aa", "reviewed", 0, KEC, outcome="incomplete", missing="evidence")
    assert read(FILED, reviewed, SENT, TAKEN).stage == "completion"
    transfer = event("aa", "reviewed", 0, KEC, outcome="transfer")
    assert read(FILED, transfer, SENT, TAKEN).stage == "registration"
    ok = event("aa", "reviewed", 0, KEC, outcome="complete")
    registered = event("ab", "registered", 0, KEC, number="1")
    found = read(FILED, ok, registered, SENT, TAKEN)
    assert (found.stage, found.register_number) == ("clarification", "1")
    own = event("e", "registered", 3, KAB, number="2")
    assert read(FILED, ok, registered, SENT, TAKEN, own).register_number == "2"


def test_in_whatever_order_they_come() -> None:
    events = (FILED, SENT, TAKEN, event("e", "reviewed", 2, KAB, outcome="complete"))
    states = {repr(state_of(order, LAW)) for order in permutations(events)}
    assert len(states) == 1


def test_on_paper_it_ends_as_before() -> None:
    found = read(FILED, event("b", "transferred", 1, KEC, to_office="Kantor lain"))
    assert (found.closed, found.end, found.handover) == (True, "transferred", None)


def test_who_gave_it_away_undoes_nothing_in_it() -> None:
    reviewed = event("aa", "reviewed", 0, KEC, outcome="complete")
    events = (FILED, reviewed, SENT, TAKEN)
    late = event("x", "corrected", 3, KEC, corrects="aa")
    assert "kantor lain" in refused(events, late)
    found = read(*events, late)
    assert (found.office, found.stage) == (KAB, "registration")
    assert "kantor lain" in found.contradictions[0]
    accepted = event("x", "corrected", 3, KEC, corrects="c")  # an office above may void much
    found = read(*events, accepted)
    assert (found.office, len(found.contradictions)) == (KAB, 1)
    assert "kantor lain" in refused(events, accepted)

    early = event("ab", "corrected", 0, KEC, corrects="aa")  # before it went
    assert read(*events, early).stage == "initial_review"
    assert not read(*events, early).contradictions
    note = event("n", "note", 0, KEC)
    assert not refused((*events, note), event("x", "corrected", 3, KEC, corrects="n"))
    ours = event("x", "corrected", 3, KAB, corrects="aa")  # what passed on with the case
    assert not refused(events, ours)
    assert read(*events, ours).stage == "initial_review"


def test_of_two_that_wait_each_office_answers_its_own() -> None:
    second = event("b2", "transferred", 1, KEC, to=OTHER, reason="Tempat.")
    found = read(FILED, SENT, second)
    for office, uid in ((KAB, "b"), (OTHER, "b2")):
        offer = found.offer_to(office)
        assert offer is not None
        assert offer.event == uid
        assert step_to_offer(found, office) == "received_transfer"
        assert [s.kind for s in steps_for(found, office)][:2] == [
            "received_transfer", "transfer_returned",
        ]  # fmt: skip
    assert step_to_offer(found, KEC) == ""
    got = event("c2", "received_transfer", 2, OTHER, handover="b2", **{"from": KEC})
    assert not refused((FILED, SENT, second), got)


def test_a_late_return_of_one_that_was_cancelled_leaves_the_new_one() -> None:
    cancelled = event("ba", "corrected", 2, KEC, corrects="b")
    new = event("e", "transferred", 2, KEC, to=KAB, reason="Lagi.")
    late = event("r", "transfer_returned", 3, KAB, handover="b", reason="Bukan kami.")
    found = read(FILED, SENT, cancelled, new, late)
    assert found.offer_to(KAB) is not None
    assert len(found.contradictions) == 1
    meant = event("r", "transfer_returned", 3, KAB, handover="e", reason="Bukan kami.")
    assert read(FILED, SENT, cancelled, new, meant).offers == ()


def test_a_receipt_that_does_not_count_gives_no_number() -> None:
    second = event("b2", "transferred", 1, KEC, to=OTHER, reason="Tempat.")
    first = event("c", "received_transfer", 2, KAB, handover="b", number="1/K", **{"from": KEC})
    late = event("d", "received_transfer", 3, OTHER, handover="b2", number="9/O", **{"from": KEC})
    found = read(FILED, SENT, second, first, late)
    assert found.office == KAB
    assert number_now("L1", found.events) == "1/K"
    assert numbers_of(found.events) == ["1/K"]
    assert origin_number("L1", found.events) == "L1"
    twice = event("d", "received_transfer", 3, KAB, handover="b", number="2/K", **{"from": KEC})
    assert number_now("L1", read(FILED, SENT, first, twice).events) == "1/K"
