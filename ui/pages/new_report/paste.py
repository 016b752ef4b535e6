"""A message from WhatsApp split into fields: lines such as `Nama: …`, the rest is the story."""

from __future__ import annotations

import re

# label (a pattern on the folded words before the colon) -> key; `*` stands for the person spoken of
_LABELS: tuple[tuple[str, str], ...] = (
    (r"nama terlapor|terlapor|pelaku", "reported.0.name"),
    (r"nama saksi|saksi", "witnesses.0.name"),
    (r"nama pelapor|pelapor", "reporter.name"),
    (r"nama( lengkap)?", "*.name"),
    (r"nik|no(mor)? ktp", "reporter.nik"),
    (r"nip|ni pppk", "reported.0.nip"),
    (r"alamat( .*)?", "*.address"),
    (r"(no(mor)?\.? ?)?(hp|wa|telp|telepon|handphone|hp/wa|telp/hp)", "*.phone"),
    (r"(tempat ?(dan|/|,)? ?(tgl|tanggal) lahir|ttl)", "birth"),
    (r"jenis kelamin|jk", "reporter.sex"),
    (r"pekerjaan", "reporter.occupation"),
    (r"e-?mail", "reporter.email"),
    (r"jabatan", "reported.0.position_title"),
    (r"instansi|unit kerja|kantor", "reported.0.agency"),
    (r"(hari ?(dan|/|,)? ?)?(tanggal|tgl|waktu)( kejadian)?", "event_on"),
    (r"(hari ?(dan|/|,)? ?)?(tanggal|tgl|waktu)? ?diketahui", "known_on"),
    (r"jam|pukul|jam kejadian", "event_time"),
    (r"tempat( kejadian)?|lokasi( kejadian)?|tkp", "event_place"),
    (r"peristiwa|kejadian|perihal|laporan", "title"),
    (r"uraian( .*)?|kronologi(s)?( .*)?|cerita|keterangan", "narrative"),
    (r"bukti", "evidence.0.description"),
)
_PERSONS = {"reporter.name": "reporter", "reported.0.name": "reported.0",
            "witnesses.0.name": "witnesses.0"}  # fmt: skip
_HEAD = re.compile(r"^\[[^\]]{4,30}\]\s*[^:\n]{1,40}:\s*")  # [10.42, 15/10/2024] Name:
_LINE = re.compile(r"^[\s*•\-–\d.)]*([A-Za-z][A-Za-z .,/\-]{1,30}?)\s*[:=]\s*(.*)$")
_SEX = {"l": "male", "p": "female", "laki-laki": "male", "pria": "male", "lk": "male",
        "perempuan": "female", "wanita": "female", "pr": "female"}  # fmt: skip


def split_message(message: str) -> dict[str, str]:
    """Text by key; what has no label goes to the narrative. Nothing is judged here."""
    found: dict[str, list[str]] = {}
    person, last = "reporter", "narrative"
    for raw in message.replace("*", "").splitlines():
        line = _HEAD.sub("", raw).strip()
        if not line:
            continue
        key, value = _read(line, person)
        if not key:
            found.setdefault(last if last == "narrative" else "narrative", []).append(line)
            continue
        if key in _PERSONS:
            person = _PERSONS[key]
        if value:
            found.setdefault(key, []).append(value)
        last = key
    told = {key: "\n".join(lines) if key == "narrative" else " ".join(lines)
            for key, lines in found.items()}  # fmt: skip
    return _refined(told)


def _read(line: str, person: str) -> tuple[str, str]:
    match = _LINE.match(line)
    if match is None:
        return "", line
    label = " ".join(match[1].casefold().split())
    for pattern, key in _LABELS:
        if re.fullmatch(pattern, label):
            return key.replace("*", person), match[2].strip()
    return "", line


def _refined(told: dict[str, str]) -> dict[str, str]:
    """Place and date of birth apart, the sex as its code."""
    if birth := told.pop("birth", ""):
        place, comma, day = birth.partition(",")
        told["reporter.birth_place"] = place.strip()
        if comma:
            told["reporter.birth_on"] = day.strip()
    if "reporter.sex" in told:
        code = _SEX.get(told["reporter.sex"].casefold().strip())
        if code:
            told["reporter.sex"] = code
        else:
            del told["reporter.sex"]
    return told
