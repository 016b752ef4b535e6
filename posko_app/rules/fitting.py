"""When an event fits into a case, and the sentence that says why it does not."""

from __future__ import annotations

from collections.abc import Callable

from .course import ANSWERED, HANDLING, Course
from .events import Event
from .facts import INTAKE_KINDS

REASONS = {
    "filed": "Penyampaian sudah tercatat.",
    "received_transfer": "Tidak ada pelimpahan yang menunggu diterima.",
    "taken_over": (
        "Hanya kantor di atas kantor yang menangani dapat mengambil alih perkara yang berjalan."
    ),
    "inquiry_ordered": "Penelusuran hanya untuk informasi awal yang belum dilaporkan hasilnya.",
    "inquiry_reported": "Hasil penelusuran hanya untuk informasi awal yang sedang ditelusuri.",
    "reviewed": "Kajian awal hanya untuk laporan yang belum diregistrasi.",
    "completion_noticed": "Tidak ada kekurangan yang perlu diberitahukan pada tahap ini.",
    "completed": "Laporan ini tidak sedang menunggu perbaikan.",
    "completion_lapsed": "Laporan ini tidak sedang menunggu perbaikan yang sudah diberitahukan.",
    "registered": "Registrasi hanya untuk laporan yang syaratnya terpenuhi dan belum diregistrasi.",
    "not_registered": "Penetapan tidak diregistrasi hanya sebelum registrasi.",
    "withdrawn": (
        "Laporan yang sudah diregistrasi tidak dapat dicabut dan penanganannya berlanjut. "
        "Simpan surat pencabutannya sebagai catatan."
    ),
    "extra_needed": "Waktu tambahan hanya satu kali, sesudah registrasi dan sebelum pleno.",
    "paused": "Hanya perkara yang berjalan dan belum dihentikan dapat dihentikan sementara.",
    "resumed": "Perkara ini tidak sedang dihentikan sementara.",
    "invited": "Undangan klarifikasi hanya sesudah registrasi dan sebelum pleno.",
    "absent": "Belum ada undangan klarifikasi yang dapat dicatat tidak dihadiri.",
    "clarified": "Klarifikasi hanya sesudah registrasi dan sebelum pleno.",
    "expert_heard": "Ahli didengar sesudah registrasi dan sebelum pleno.",
    "gakkumdu_first": "Pembahasan pertama hanya satu kali, sesudah registrasi.",
    "gakkumdu_second": "Pembahasan kedua hanya satu kali, sesudah pembahasan pertama.",
    "assessed": "Kajian hanya sesudah registrasi dan sebelum pleno.",
    "decided": "Pleno memutus sesudah kajian selesai.",
    "referred": "Penerusan hanya sesudah pleno menemukan pelanggaran.",
    "transferred": (
        "Pelimpahan hanya oleh kantor yang menangani, sebelum pleno, selama perkara berjalan, "
        "dan bila tidak ada pelimpahan lain yang menunggu."
    ),
    "transfer_returned": (
        "Tidak ada pelimpahan yang menunggu diterima. Yang sudah diterima tidak dapat "
        "dikembalikan; buat pelimpahan baru."
    ),
    "notified": "Belum ada status yang dapat diberitahukan, atau sudah diberitahukan.",
    "agency_returned": "Belum ada penerusan yang dapat dikembalikan.",
    "information_requested": "Belum ada penerusan yang dapat ditanyakan kabarnya.",
    "follow_up": "Belum ada penerusan yang ditindaklanjuti.",
    "closed": "Perkara ditutup sesudah statusnya diberitahukan.",
    "reopened": "Hanya perkara yang sudah selesai dapat dibuka kembali.",
    "converted": "Jenis tidak dapat diubah pada tahap ini.",
}
"""Why an event does not fit, in one sentence for the user."""


def _may_transfer(course: Course, event: Event) -> bool:
    to = event.data.get("to", "")
    if to and to == course.office:  # the files of a case that was taken over
        return bool(course.files_due) and event.office in ("", course.files_due)
    ours = not (to and event.office and course.office) or event.office == course.office
    under_way = course.under_way and course.decided_on is None
    return under_way and ours and not course.offers and course.intake_kind not in ANSWERED


def _may_receive(course: Course, event: Event) -> bool:
    begins = course.filed_on is None and not event.data.get("handover")
    return begins or course.end == "transferred" or _is_offered(course, event)


def _is_offered(course: Course, event: Event) -> bool:
    return course.under_way and any(offer.answered_by(event) for offer in course.offers)


def _may_take_over(course: Course, event: Event) -> bool:
    below = not event.office or not course.office or course.office.startswith(f"{event.office}.")
    return course.under_way and below and course.intake_kind not in ANSWERED


def _may_review(course: Course, event: Event) -> bool:
    if not course.under_way or course.intake_kind != "report" or course.registered_on:
        return False
    again = course.stage == "registration" and course.completed_on is not None
    return course.stage == "initial_review" or again


def _may_register(course: Course, event: Event) -> bool:
    if course.end == "transferred":
        return True
    waits = course.under_way and course.stage == "registration" and course.lapsed_on is None
    return waits or (course.under_way and course.may_register_again)


def _may_refuse(course: Course, event: Event) -> bool:
    return course.under_way and course.stage == "registration" and course.registered_on is None


def _may_withdraw(course: Course, event: Event) -> bool:
    before = course.stage in ("initial_review", "completion", "registration")
    return (
        course.under_way
        and course.intake_kind in ("report", "initial_info")
        and course.registered_on is None
        and before
    )


def _in_handling(course: Course, event: Event) -> bool:
    return course.under_way and course.stage in HANDLING and course.intake_kind != "initial_info"


def _may_assess(course: Course, event: Event) -> bool:
    if course.intake_kind == "initial_info":
        return course.under_way and course.stage == "initial_review"
    return course.under_way and course.stage in HANDLING


def _may_discuss(course: Course, event: Event) -> bool:
    """The two discussions at the Sentra Gakkumdu, in their order, up to the referral."""
    if not course.under_way or course.registered_on is None:
        return False
    before = 1 if event.kind == "gakkumdu_second" else 0
    return course.stage in (*HANDLING, "referral") and len(course.gakkumdu) == before


def _in_inquiry(course: Course, event: Event) -> bool:
    return (
        course.under_way
        and course.intake_kind == "initial_info"
        and course.stage == "initial_review"
    )


def _may_pause(course: Course, event: Event) -> bool:
    return course.under_way and course.paused_on is None and course.intake_kind not in ANSWERED


def _has_referrals(course: Course, event: Event) -> bool:
    return bool(course.referrals)


def _may_be_returned(course: Course, event: Event) -> bool:
    meant = course.referral_meant(event)
    return meant is not None and course.referrals[meant].returned_on is None


def _may_decide(course: Course, event: Event) -> bool:
    return course.under_way and course.stage == "plenary" and course.decided_on is None


def _may_refer(course: Course, event: Event) -> bool:
    if not course.under_way:
        return course.may_send_again
    found = course.decision == "violation" or course.review == "other_law"
    return course.waits_for_referral or (found and course.stage in ("notice", "plenary"))


def _may_notify(course: Course, event: Event) -> bool:
    return (
        course.under_way and course.notified_on is None and course.stage in ("notice", "referral")
    )


def _may_close(course: Course, event: Event) -> bool:
    if not course.under_way:
        return False
    if course.intake_kind in ("initial_info", "outside", *ANSWERED):
        return True
    return course.stage == "notice" and course.notified_on is not None


def _may_convert(course: Course, event: Event) -> bool:
    if course.filed_on is None or course.end == "transferred":
        return False
    target = event.data.get("intake_kind", "")
    return target in INTAKE_KINDS and course.registered_on is None


def _awaits_completion(course: Course, event: Event) -> bool:
    return course.under_way and course.stage == "completion"


FITS: dict[str, Callable[[Course, Event], bool]] = {
    "filed": lambda course, event: course.filed_on is None,
    "received_transfer": _may_receive,
    "taken_over": _may_take_over,
    "inquiry_ordered": _in_inquiry,
    "inquiry_reported": _in_inquiry,
    "reviewed": _may_review,
    "completion_noticed": lambda course, event: (
        _awaits_completion(course, event) and course.noticed_on is None
    ),
    "completed": _awaits_completion,
    "completion_lapsed": lambda course, event: (
        _awaits_completion(course, event) and course.noticed_on is not None
    ),
    "registered": _may_register,
    "not_registered": _may_refuse,
    "withdrawn": _may_withdraw,
    "extra_needed": lambda course, event: _in_handling(course, event) and course.extra_on is None,
    "paused": _may_pause,
    "resumed": lambda course, event: course.under_way and course.paused_on is not None,
    "invited": _in_handling,
    "absent": lambda course, event: _in_handling(course, event) and course.invited_on is not None,
    "clarified": _in_handling,
    "expert_heard": _in_handling,
    "gakkumdu_first": _may_discuss,
    "gakkumdu_second": _may_discuss,
    "assessed": _may_assess,
    "decided": _may_decide,
    "referred": _may_refer,
    "transferred": _may_transfer,
    "transfer_returned": _is_offered,
    "notified": _may_notify,
    "agency_returned": _may_be_returned,
    "information_requested": _has_referrals,
    "follow_up": _has_referrals,
    "closed": _may_close,
    "reopened": lambda course, event: course.closed and course.end != "transferred",
    "converted": _may_convert,
}
"""Event kind -> whether it fits; notes and corrections always do."""
