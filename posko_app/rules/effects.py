"""What each kind of event does to a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .course import FIRST_STAGE, Course, Handover, Referral, Result
from .events import EXPERT_ROLE, Event

AFTER_REVIEW = {
    "complete": "registration",
    "incomplete": "completion",
    "transfer": "referral",
    "other_law": "referral",
    "initial_info": "notice",
    "already_handled": "notice",
    "dispute": "notice",
}
"""Outcome of the initial review -> the stage that follows."""


def results_of(event: Event) -> tuple[Result, ...]:
    """What a plenary found kind by kind: `results` says so, else `kinds` lists what was found."""
    pairs = (item.partition(":") for item in event.listed("results"))
    said = tuple(Result(kind, outcome) for kind, _, outcome in pairs)
    return said or tuple(Result(kind, event.outcome) for kind in event.listed("kinds"))


def _filed(course: Course, event: Event) -> None:
    course.begin(event.data.get("intake_kind", "") or course.intake_kind or "report", event)


def _received_transfer(course: Course, event: Event) -> None:
    if course.filed_on is None:
        _filed(course, event)
        return
    if course.end != "transferred":
        _received_handover(course, event)
        return
    course.give_to(event.office)
    course.end, course.closed_on = "", None
    course.may_register_again = True
    if course.registered_on:
        course.stage = "clarification"
    elif course.review or course.intake_kind != "report":
        course.stage = FIRST_STAGE[course.intake_kind]
        if course.intake_kind == "report":
            course.review, course.stage = "complete", "registration"
    else:
        course.stage = "initial_review"


def _received_handover(course: Course, event: Event) -> None:
    """Who receives a case goes on where it stood, with the clocks that ran."""
    offer = next((o for o in course.offers if o.answered_by(event)), None)
    course.give_to(event.office or (offer.to if offer else ""))
    course.may_register_again = course.registered_on is not None
    if course.stage == "referral" and course.review == "transfer":
        course.leave("referral", event)
        course.review, course.stage = "complete", "registration"


def _transfer_returned(course: Course, event: Event) -> None:
    course.offers = tuple(o for o in course.offers if not o.answered_by(event))


def _taken_over(course: Course, event: Event) -> None:
    offered = any(offer.to == event.office for offer in course.offers)
    before = course.office
    course.give_to(event.office)
    course.files_due = before if before != course.office and not offered else ""
    course.may_register_again = course.registered_on is not None


def _reviewed(course: Course, event: Event) -> None:
    course.review = event.outcome if event.outcome in AFTER_REVIEW else "complete"
    course.stage = AFTER_REVIEW[course.review]
    course.leave("initial_review", event)
    if course.review == "other_law":
        course.violation_kinds = ("other_law",)


def _completion_noticed(course: Course, event: Event) -> None:
    course.noticed_on = event.on


def _completed(course: Course, event: Event) -> None:
    course.completed_on = event.on
    course.stage = "registration"
    course.leave("completion", event)


def _completion_lapsed(course: Course, event: Event) -> None:
    course.lapsed_on = event.on
    course.stage = "registration"
    course.leave("completion", event)


def _registered(course: Course, event: Event) -> None:
    course.end, course.closed_on, course.notified_on = "", None, None
    course.registered_on = event.on
    course.register_number = event.number
    course.may_register_again = False
    course.stage = "clarification"
    course.leave("registration", event)


def _not_registered(course: Course, event: Event) -> None:
    course.review = "not_registered"
    course.stage = "notice"
    course.leave("registration", event)


def _withdrawn(course: Course, event: Event) -> None:
    course.end, course.closed_on = "withdrawn", event.on


def _extra_needed(course: Course, event: Event) -> None:
    course.extra_on = event.on


def _paused(course: Course, event: Event) -> None:
    course.paused_on = event.on


def _resumed(course: Course, event: Event) -> None:
    course.paused_on = None


def _inquiry_ordered(course: Course, event: Event) -> None:
    course.inquiry_on = event.on


def _inquiry_reported(course: Course, event: Event) -> None:
    course.stage = "plenary"
    course.leave("initial_review", event)


def _invited(course: Course, event: Event) -> None:
    course.invited_on, course.absent_on = event.on, None
    if event.data.get("role") != EXPERT_ROLE:  # experts are heard beside the stages
        course.stage = "clarification"


def _absent(course: Course, event: Event) -> None:
    course.absent_on = event.on


def _expert_heard(course: Course, event: Event) -> None:
    """An expert is heard beside the stages: the case stays where it is."""


def _gakkumdu(course: Course, event: Event) -> None:
    course.gakkumdu = (*course.gakkumdu, event.on)


def _clarified(course: Course, event: Event) -> None:
    course.absent_on = None
    if event.data.get("more") == "yes":  # one of several people was heard; others are still to come
        return
    course.stage = "assessment"
    course.leave("clarification", event)


def _assessed(course: Course, event: Event) -> None:
    course.stage = "plenary"
    done = "initial_review" if course.intake_kind == "initial_info" else "assessment"
    course.leave(done, event)


def _decided(course: Course, event: Event) -> None:
    course.end, course.closed_on = "", None
    course.decided_on = event.on
    course.decision = "not_violation" if event.outcome == "not_violation" else "violation"
    course.leave("plenary", event)
    known = course.regulation.violation_kinds
    course.results = tuple(result for result in results_of(event) if result.kind in known)
    if course.decision == "violation":
        found = [r.kind for r in course.results if r.outcome == "violation"]
        kinds = found if event.data.get("results") else event.listed("kinds")
        course.violation_kinds = tuple(dict.fromkeys(k for k in kinds if k in known))
    if course.intake_kind == "initial_info":
        return
    course.stage = "referral" if course.decision == "violation" else "notice"


def _referred(course: Course, event: Event) -> None:
    addressee = course.regulation.addressees.get(event.data.get("addressee", ""))
    kinds = event.listed("kinds")
    if not kinds:
        fitting = addressee.kinds if addressee else course.violation_kinds
        kinds = tuple(kind for kind in course.violation_kinds if kind in fitting)
    code = event.data.get("addressee", "")
    course.referrals.append(Referral(code, event.on, event.number, kinds, event=event.uid))
    if course.stage == "referral" and not course.pending:
        course.stage = "notice"
        course.leave("referral", event)


def _transferred(course: Course, event: Event) -> None:
    to = event.data.get("to", "")
    if to and to == course.office:  # the files of a case that was taken over
        course.files_due = ""
        return
    if to:
        offer = Handover(event.uid, event.office or course.office, to, event.on)
        course.offers = (*course.offers, offer)
        return
    course.end, course.closed_on = "transferred", event.on
    if course.review == "transfer":
        course.leave("referral", event)


def _notified(course: Course, event: Event) -> None:
    course.notified_on = event.on
    course.leave("notice", event)


def _agency_returned(course: Course, event: Event) -> None:
    if (meant := course.referral_meant(event)) is not None:
        course.referrals[meant] = replace(course.referrals[meant], returned_on=event.on)


def _information_requested(course: Course, event: Event) -> None:
    """Asking an institution for news changes nothing in the case."""


def _follow_up(course: Course, event: Event) -> None:
    meant = course.referral_meant(event)
    if meant is not None and course.referrals[meant].answered_on is None:
        course.referrals[meant] = replace(course.referrals[meant], answered_on=event.on)


def _closed(course: Course, event: Event) -> None:
    refused = course.review == "not_registered"
    course.end = "not_registered" if refused else "finished"
    course.closed_on = event.on


def _reopened(course: Course, event: Event) -> None:
    course.start_over(event)
    if course.registered_on:
        course.return_to("clarification")
    else:
        course.review = ""
        course.return_to(FIRST_STAGE[course.intake_kind])


def _converted(course: Course, event: Event) -> None:
    course.start_over(event)
    course.review, course.noticed_on, course.completed_on = "", None, None
    course.begin(event.data["intake_kind"], event)


EFFECTS: dict[str, Callable[[Course, Event], None]] = {
    "filed": _filed,
    "received_transfer": _received_transfer,
    "taken_over": _taken_over,
    "inquiry_ordered": _inquiry_ordered,
    "inquiry_reported": _inquiry_reported,
    "reviewed": _reviewed,
    "completion_noticed": _completion_noticed,
    "completed": _completed,
    "completion_lapsed": _completion_lapsed,
    "registered": _registered,
    "not_registered": _not_registered,
    "withdrawn": _withdrawn,
    "extra_needed": _extra_needed,
    "paused": _paused,
    "resumed": _resumed,
    "invited": _invited,
    "absent": _absent,
    "clarified": _clarified,
    "expert_heard": _expert_heard,
    "gakkumdu_first": _gakkumdu,
    "assessed": _assessed,
    "gakkumdu_second": _gakkumdu,
    "decided": _decided,
    "referred": _referred,
    "transferred": _transferred,
    "transfer_returned": _transfer_returned,
    "notified": _notified,
    "agency_returned": _agency_returned,
    "information_requested": _information_requested,
    "follow_up": _follow_up,
    "closed": _closed,
    "reopened": _reopened,
    "converted": _converted,
}
