"""The papers of a pledge: its text, the attendance list, the reminder, a sheet per absentee."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from posko_app.app import Posko, use_case
from posko_app.cases.list_rows import ListColumn, Listing, listing
from posko_app.cases.pledge import PledgeView, pledge_view
from posko_app.cases.pledge_rows import GroupTotal, SignatoryRow
from posko_app.errors import UserError
from posko_app.progress import Progress, silent, track
from posko_app.rules.identity import parse_nip
from posko_app.text import clock, full_date, in_words, numeric_date, parse_time

from .blocks import Block
from .catalogue import Value
from .compose import Letter, compose
from .issue import PRACTICE_MARK
from .pdf import About, render_batch

TEXT, ATTENDANCE, REMINDER, SHEET = "ikrar", "daftar-hadir", "pengingat-ikrar", "ikrar-mandiri"
VACANT = "(jabatan belum terisi)"
EDGE = 15.0  # millimetres at the sides of lists: their columns need the room


@use_case("letter.draft")
def pledge_text(posko: Posko, uid: str) -> bytes:
    """The text of a pledge with a line to sign for everybody invited, as PDF."""
    return _single(posko, TEXT, pledge_view(posko, uid))


@use_case("letter.draft")
def attendance_list(posko: Posko, uid: str) -> bytes:
    """The list that everybody invited signs at the door, as PDF.

    Raises InvalidInput while nobody is invited.
    """
    return _single(posko, ATTENDANCE, pledge_view(posko, uid))


@use_case("letter.draft")
def self_pledges(
    posko: Posko, uid: str, only: Sequence[str] = (), *, progress: Progress = silent
) -> bytes:
    """One sheet for everybody whose own pledge is still to come, or for the lines `only`, as PDF.

    Raises UserError when there is nobody, Cancelled when `progress` does.
    """
    view = pledge_view(posko, uid)
    who = [one for one in view.signatories if one.uid in only and one.name] or list(view.owing)
    if not who:
        raise UserError(
            "Tidak ada yang masih harus membuat ikrar mandiri. Tandai dulu yang tidak hadir.",
            "nobody_owes",
        )
    letter = compose(posko, "", SHEET, {}, "")
    base = {**letter.values, **pledge_values(posko, view)}

    def sheets() -> Iterator[tuple[Sequence[Block], str]]:
        for one in track(who, len(who), progress, "Menyusun lembar ikrar"):
            filled = replace(letter, values={**base, **_person(one)})
            yield filled.filled(""), f"{letter.template.title}: {one.name}"

    pdf = render_batch(
        sheets(),
        letter.setup,
        About(title=f"{letter.template.title}, {view.row.title}", author=posko.office.name),
        images=letter.images,
        watermark=_mark(posko),
    )
    with posko.write() as session:
        posko.note(session, "pledge.sheets_printed", uid, count=len(who))
    return pdf


def reminder_values(posko: Posko, view: PledgeView) -> dict[str, Value]:
    """What the reminder letter of a pledge holds beside what is typed; give it to `issue`."""
    return pledge_values(posko, view)


def pledge_values(posko: Posko, view: PledgeView) -> dict[str, Value]:
    """What every paper of a pledge may print."""
    row = view.row
    invited = sorted(view.signatories, key=lambda one: _place(view.totals, one))
    starts = f"{clock(parse_time(row.starts_at))} {posko.office.zone}" if row.starts_at else ""
    absent = len(view.owing)
    return {
        "pledge.title": row.title,
        "pledge.on": full_date(row.on),
        "pledge.time": starts,
        "pledge.place": row.place or "tempat yang ditentukan",
        "pledge.organiser": row.organiser,
        "pledge.opening": view.opening,
        "pledge.closing": view.closing,
        "pledge.absent_count": f"{absent} ({in_words(absent)})",
        "pledge_points": tuple({"text": point} for point in view.points),
        "attendees": tuple(_line(n, one) for n, one in enumerate(invited, 1)),
        "absentees": tuple(_line(n, one) for n, one in enumerate(view.owing, 1)),
        "attendance": tuple(
            {"group": total.label, "invited": str(total.invited)} for total in view.totals
        ),
    }


def pledge_listing(posko: Posko, view: PledgeView) -> Listing:
    """The roster with its marks as a list to print or write as a workbook."""

    def mark(one: SignatoryRow) -> str:
        if one.represented_by:
            return f"{one.attendance_label} oleh {one.represented_by}"
        return one.attendance_label or "Belum ditandai"

    columns: tuple[ListColumn[SignatoryRow], ...] = (
        ListColumn(key="group", heading="Kelompok", value=lambda r: r.group_label, width=16),
        ListColumn(key="name", heading="Nama", value=lambda r: r.name or VACANT, width=28),
        ListColumn(key="nip", heading="NIP", value=lambda r: r.nip, width=20),
        ListColumn(key="position", heading="Jabatan", value=lambda r: r.position_title, width=28),
        ListColumn(key="agency", heading="Instansi", value=lambda r: r.agency, width=24),
        ListColumn(key="mark", heading="Kehadiran", value=mark, width=22),
        ListColumn(key="self", heading="Ikrar mandiri", value=lambda r: r.self_pledge_on, width=12,
                   kind="date"),
    )  # fmt: skip
    total = view.row.total
    about = (
        f"{numeric_date(view.row.on)}, {view.row.place or 'tempat belum diisi'}",
        f"Diundang {total.invited}, hadir {total.present}, diwakili {total.represented}, tidak "
        f"hadir {total.absent}, ikrar mandiri {total.self_pledged}, masih ditunggu {total.owing}",
    )
    invited = sorted(view.signatories, key=lambda one: _place(view.totals, one))
    return listing(view.row.title, columns, invited, about)


def _single(posko: Posko, template: str, view: PledgeView) -> bytes:
    letter = compose(posko, "", template, pledge_values(posko, view), "")
    narrow = replace(letter.setup, left=EDGE + 5, right=EDGE)
    pdf = replace(letter, setup=narrow).pdf("", _mark(posko), posko.office.name)
    with posko.write() as session:
        posko.note(session, "pledge.printed", view.row.uid, template=template)
    return pdf


def _mark(posko: Posko) -> str:
    return PRACTICE_MARK if posko.office.practice else ""


def _place(totals: Sequence[GroupTotal], one: SignatoryRow) -> tuple[int, int]:
    """Where a line stands on paper: by group, then as invited."""
    order = [total.code for total in totals]
    return order.index(one.group_code), one.position


def _line(number: int, one: SignatoryRow) -> Mapping[str, str]:
    return {
        "no": str(number),
        "name": one.name or VACANT,
        "nip": _grouped(one.nip),
        "position": one.position_title,
        "agency": one.agency,
        "group": one.group_label,
    }


def _person(one: SignatoryRow) -> dict[str, Value]:
    number = _grouped(one.nip)
    return {
        "signatory.name": one.name,
        "signatory.nip": number,
        "signatory.rank": one.rank,
        "signatory.position": one.position_title,
        "signatory.agency": one.agency,
        "signatory.identity": f"NIP {number}" if number else "",
    }


def _grouped(nip: str) -> str:
    return parse_nip(nip).grouped if nip else ""


def letter_of(posko: Posko, template: str, uid: str) -> Letter:
    """A paper of a pledge before it becomes pages: for reading it as text."""
    return compose(posko, "", template, pledge_values(posko, pledge_view(posko, uid)), "")
