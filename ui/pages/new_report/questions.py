"""The questions of the form, section by section, in the order of Formulir Model A.1.

Keys are the paths that the core's problems name (`reporter.nik`, `reported.0.name`, `event_on`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from posko_app import text as words
from posko_app.app import Posko
from posko_app.office.accounts import accounts
from ui.fields import Choices, Field

SECTIONS: tuple[tuple[str, str], ...] = (
    ("receipt", "1. Penerimaan"),
    ("reporter", "2. Pelapor"),
    ("reported", "3. Terlapor"),
    ("event", "4. Peristiwa"),
    ("witnesses", "5. Saksi"),
    ("evidence", "6. Bukti"),
    ("review", "7. Periksa"),
)

_RECEIPT = ("channel", "filed_on", "filed_time", "filed_place", "officer", "election_kind")

# What the short form folds away: everything that Model A.1 does not require.
FOLDED: dict[str, tuple[str, ...]] = {
    "receipt": ("officer", "election_kind"),
    "reporter": (
        "reporter.nik",
        "reporter.phone",
        "reporter.birth_place",
        "reporter.birth_on",
        "reporter.sex",
        "reporter.occupation",
        "reporter.email",
        "reporter_capacity",
    ),
    "reported": ("nip", "category", "position_title", "agency", "rank", "address", "phone"),
    "event": ("event_time", "theme", "region_code"),
    "witnesses": (),
    "evidence": ("kind", "source"),
}


def section_of(key: str) -> str:
    """The section that asks a question."""
    if key in _RECEIPT:
        return "receipt"
    head = key.split(".")[0]
    if head in ("reporter", "reporter_capacity"):
        return "reporter"
    return head if head in ("reported", "witnesses", "evidence") else "event"


def receipt(posko: Posko) -> tuple[Field, ...]:
    """When, where and by whom the report was taken in (the end of A.1)."""
    people = [(a.login, a.name) for a in accounts(posko) if a.active]
    list_of = posko.vocabulary.items
    return (
        Field(key="channel", label="Cara lapor", kind="combo", width=3, choices=list_of("channel")),
        Field(key="filed_on", label="Tanggal lapor", kind="date", width=3),
        Field(key="filed_time", label="Pukul", kind="time", width=2, hint=posko.office.zone),
        Field(key="officer", label="Petugas", kind="combo", width=4, choices=people),
        Field(key="filed_place", label="Tempat lapor", width=8,
              placeholder="Misalnya kantor atau posko keliling"),
        Field(key="election_kind", label="Pemilihan", kind="combo", width=4,
              choices=list_of("election_kind")),
    )  # fmt: skip


def reporter(posko: Posko) -> tuple[Field, ...]:
    """Item 1 of A.1."""
    list_of = posko.vocabulary.items
    return (
        Field(key="reporter.nik", label="NIK", kind="nik", width=4),
        Field(key="reporter.name", label="Nama lengkap", width=5),
        Field(key="reporter.phone", label="Nomor telepon", kind="phone", width=3, hint="WA"),
        Field(key="reporter.birth_place", label="Tempat lahir", width=3),
        Field(key="reporter.birth_on", label="Tanggal lahir", kind="date", width=3),
        Field(key="reporter.sex", label="Jenis kelamin", kind="combo", width=3,
              choices=list_of("sex")),
        Field(key="reporter.occupation", label="Pekerjaan", kind="combo", width=3,
              choices=list_of("occupation"), free=True),
        Field(key="reporter.citizenship", label="Warga negara", kind="combo", width=2,
              choices=list_of("citizenship")),
        Field(key="reporter.address", label="Alamat", width=10),
        Field(key="reporter.email", label="E-mail", width=5, optional=True),
        Field(key="reporter_capacity", label="Melapor sebagai", kind="combo", width=7,
              choices=list_of("reporter_capacity")),
    )  # fmt: skip


def party(posko: Posko, place: int) -> tuple[Field, ...]:
    """Item 2 of A.1: one terlapor."""
    key = f"reported.{place}."
    return (
        Field(key=key + "nip", label="NIP", kind="nip", width=4, hint="bila ASN"),
        Field(key=key + "name", label="Nama lengkap", width=5,
              placeholder="atau tulis Belum diketahui"),
        Field(key=key + "category", label="Kedudukan", kind="combo", width=3,
              choices=posko.vocabulary.items("reported_category")),
        Field(key=key + "position_title", label="Jabatan", width=4),
        Field(key=key + "agency", label="Instansi", width=5),
        Field(key=key + "rank", label="Pangkat/golongan", width=3),
        Field(key=key + "address", label="Alamat", width=9, hint="bila diketahui"),
        Field(key=key + "phone", label="Nomor telepon", kind="phone", width=3),
    )  # fmt: skip


def event(posko: Posko) -> tuple[Field, ...]:
    """Items 3 and 6 of A.1."""
    village = posko.office.level == "kecamatan"
    return (
        Field(key="title", label="Peristiwa", width=12,
              placeholder="Satu kalimat: siapa melakukan apa"),
        Field(key="event_on", label="Tanggal kejadian", kind="date", width=3),
        Field(key="event_time", label="Pukul", kind="time", width=2, hint=posko.office.zone),
        Field(key="known_on", label="Tanggal diketahui", kind="date", width=3),
        Field(key="theme", label="Jenis dugaan", kind="combo", width=4,
              choices=posko.vocabulary.items("allegation")),
        Field(key="event_place", label="Tempat kejadian", width=7,
              placeholder="Nama desa, gedung, atau jalan"),
        Field(key="region_code", label="Desa/kelurahan" if village else "Kecamatan", kind="region",
              width=5, choices=region_choices(posko)),
        Field(key="narrative", label="Uraian kejadian", kind="multiline", width=12, lines=5,
              hint="apa, di mana, kapan, bagaimana"),
    )  # fmt: skip


def witness(_posko: Posko, place: int) -> tuple[Field, ...]:
    """Item 4 of A.1: one saksi."""
    key = f"witnesses.{place}."
    return (
        Field(key=key + "name", label="Nama lengkap", width=4),
        Field(key=key + "address", label="Alamat", width=5),
        Field(key=key + "phone", label="Nomor telepon", kind="phone", width=3),
    )


def item(posko: Posko, place: int) -> tuple[Field, ...]:
    """Item 5 of A.1: one bukti."""
    key = f"evidence.{place}."
    list_of = posko.vocabulary.items
    return (
        Field(key=key + "description", label="Bukti", width=6,
              placeholder="Misalnya foto stiker yang dibagikan"),
        Field(key=key + "kind", label="Jenis", kind="combo", width=3,
              choices=list_of("evidence_kind")),
        Field(key=key + "source", label="Berasal dari", kind="combo", width=3,
              choices=list_of("evidence_source")),
    )  # fmt: skip


def region_choices(posko: Posko) -> Choices:
    """Where it may have happened: the kecamatan of this office, or the villages of a kecamatan."""
    office = posko.office
    regions = posko.regions
    if office.level == "kecamatan":
        own = regions.get(office.code)
        whole = [(own.code, f"Kecamatan {own.name}")] if own else []
        return [*whole, *_by_name([(r.code, r.name) for r in regions.children(office.code)])]
    if office.level == "kabupaten":
        return _by_name([(r.code, r.name) for r in regions.children(office.code)])
    return _by_name(
        [
            (below.code, f"{below.name}, {above.name.title()}")
            for above in regions.children(office.code)
            for below in regions.children(above.code)
        ]
    )


def _by_name(choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda choice: choice[1])


def day_words(day: date, today: date) -> str:
    """A day as people say it: hari ini, kemarin, else `14 Okt`."""
    near = {0: "hari ini", 1: "kemarin"}.get((today - day).days)
    return near or f"{day.day} {words.SHORT_MONTHS[day.month - 1]}"
