"""What Periksa reads out of a form: a grey key and its value, section by section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from posko_app import text as words
from posko_app.app import Posko
from posko_app.cases.kinds import IntakeKind
from posko_app.cases.report import NewReport, PersonInput, ReportedInput
from posko_app.rules.catalogue import load_catalogue
from posko_app.rules.identity import parse_nik, parse_nip, parse_phone

Line = tuple[str, str]


def read_lines(
    posko: Posko, kind: IntakeKind, section: str, report: NewReport, *, stamped: bool
) -> Sequence[Line]:
    """The lines of one section as it stands."""
    if section == "receipt":
        return _receipt(posko, kind, report, stamped=stamped)
    return list(_SECTIONS[section](posko, kind, report))


def _receipt(posko: Posko, kind: IntakeKind, report: NewReport, *, stamped: bool) -> list[Line]:
    day = words.full_date(report.filed_on) if stamped else ""
    at = report.filed_time.replace(":", ".")
    when = f"{day} pukul {at} {posko.office.zone}" if day and at else day
    lines = [("Diterima" if kind.asks("channel") else "Dicatat", when)]
    if report.arrived_at is not None and report.arrival_reason:
        stamp = words.clock(words.local(report.arrived_at, posko.office.zone))
        lines.append(("Terima sekarang", _joined(stamp, report.arrival_reason)))
    if kind.asks("channel"):
        channel = posko.vocabulary.label("channel", report.channel) if report.channel else ""
        lines.append(("Cara lapor", channel))
    if kind.asks("filed_place"):
        lines.append(("Tempat lapor", report.filed_place))
    return lines


def _finder(_posko: Posko, kind: IntakeKind, report: NewReport) -> Iterator[Line]:
    day, noted = report.plenary_on, report.lhp_on
    yield "Penemu", _joined(report.finder, report.finder_title, report.finder_address)
    yield "LHP", _joined(report.lhp_number, words.long_date(noted) if noted else "")
    yield kind.labels["known_on"], words.full_date(report.known_on) if report.known_on else ""
    plenary = f"pleno {words.long_date(day)}" if day else ""
    yield "Ditetapkan", _joined(plenary, report.plenary_number)


def _reporter(posko: Posko, kind: IntakeKind, report: NewReport) -> list[Line]:
    person = report.reporter
    label = posko.vocabulary.label
    parts = [
        parse_nik(person.nik, posko.today()).grouped if person.nik else "",
        label("sex", person.sex).lower() if person.sex else "",
        _born(person),
    ]
    work = label("occupation", person.occupation) if person.occupation else ""
    asked = kind.asks("reporter.citizenship") and person.citizenship
    nation = label("citizenship", person.citizenship) if asked else ""
    lines = [
        ("Nama", person.name),
        ("NIK" if person.nik else "Kelahiran", _joined(*parts)),
        ("Pekerjaan" if work else "Warga negara", _joined(work, nation)),
        ("Alamat dan telepon", _joined(person.address, _phone(person.phone), person.email)),
    ]
    if report.reporter_capacity:
        lines.append(("Melapor sebagai", label("reporter_capacity", report.reporter_capacity)))
    if report.organisation:
        lines.insert(0, ("Lembaga", report.organisation))
    must = ("Nama", "Alamat dan telepon") if kind.required.get("reporter.name") else ()
    lines += _proxy(report)
    if report.picture is not None:
        lines.append((kind.picture, "disertakan, disegel seperti identitas"))
    return [line for line in lines if line[1] or line[0] in must]


def _proxy(report: NewReport) -> Iterator[Line]:
    if not report.by_proxy:
        return
    person, day = report.proxy, report.proxy_letter_on
    yield "Diwakili", _joined(person.name or "belum diisi", person.address, _phone(person.phone))
    yield "Surat kuasa", _joined(report.proxy_letter, words.long_date(day) if day else "")


def _parties(posko: Posko, _kind: IntakeKind, report: NewReport) -> Iterator[Line]:
    for party in report.reported:
        yield from _party(posko, party)


def _party(posko: Posko, party: ReportedInput) -> Iterator[Line]:
    if party == ReportedInput():
        return
    work = ", ".join(t for t in (party.position_title, party.agency) if t)
    yield "Nama dan jabatan", _joined(party.name, work)
    kind = posko.vocabulary.label("reported_category", party.category) if party.category else ""
    if number := _joined(parse_nip(party.nip).grouped if party.nip else "", party.rank, kind):
        yield "NIP" if party.nip else "Kedudukan", number
    if reach := _joined(party.address, _phone(party.phone)):
        yield "Alamat dan telepon", reach


def _event(posko: Posko, kind: IntakeKind, report: NewReport) -> Iterator[Line]:
    day = words.full_date(report.event_on) if report.event_on else ""
    at = report.event_time.replace(":", ".")
    when = f"{day} pukul {at}" if day and at else day
    region = posko.regions.get(report.region_code) if report.region_code else None
    place = ", ".join(t for t in (report.event_place, region.name if region else "") if t)
    called = kind.labels
    if kind.asks("info_source"):
        yield "Sumber", report.info_source
    yield called.get("title", "Peristiwa"), report.title
    if report.handed_to:
        yield "Diarahkan ke", report.handed_to
    if report.theme:
        label = posko.vocabulary.label("allegation", report.theme)
        yield called.get("theme", "Jenis dugaan"), label
    if report.violation and (entry := load_catalogue().get(report.violation)) is not None:
        yield "Bentuk pelanggaran", entry.title
    if report.wanted_on:
        yield "Tanggal yang diminta", words.full_date(report.wanted_on)
    if kind.asks("event_on"):
        yield "Waktu dan tempat", _joined(when, place)
    elif place:
        yield called.get("event_place", "Tempat"), place
    if "known_on" in kind.ask["event"]:
        yield "Diketahui", _known(report.known_on, report.filed_on)
    yield called.get("narrative", "Uraian"), report.narrative
    if report.answer:
        yield "Jawaban", report.answer


def _known(known_on: date | None, filed_on: date) -> str:
    if known_on is None:
        return ""
    days = (filed_on - known_on).days
    later = {0: "dilaporkan hari yang sama", 1: "dilaporkan esok harinya"}
    return _joined(words.full_date(known_on), later.get(days, f"dilaporkan {days} hari kemudian"))


def _witnesses(_posko: Posko, _kind: IntakeKind, report: NewReport) -> Iterator[Line]:
    for person in report.witnesses:
        yield from _witness(person)


def _witness(person: PersonInput) -> Iterator[Line]:
    if person.name:
        yield "Nama dan alamat", _joined(person.name, person.address, _phone(person.phone))


def _evidence(posko: Posko, _kind: IntakeKind, report: NewReport) -> Iterator[Line]:
    for place, item in enumerate(report.evidence, 1):
        kind = posko.vocabulary.label("evidence_kind", item.kind) if item.kind else ""
        yield f"Bukti {place}", _joined(item.description, kind, item.file_name)


def _born(person: PersonInput) -> str:
    day = words.numeric_date(person.birth_on) if person.birth_on else ""
    told = ", ".join(t for t in (person.birth_place, day) if t)
    return f"lahir {told}" if told else ""


def _phone(phone: str) -> str:
    return parse_phone(phone).grouped if phone else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


_SECTIONS: dict[str, Callable[[Posko, IntakeKind, NewReport], Iterator[Line] | list[Line]]] = {
    "reporter": _reporter,
    "finder": _finder,
    "reported": _parties,
    "event": _event,
    "witnesses": _witnesses,
    "evidence": _evidence,
}
"""Section -> what is read out of it; the receipt also wants to know whether it is stamped."""
