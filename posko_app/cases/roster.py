"""The roster of a pledge as it is pasted from a spreadsheet: read, grouped, every doubt at once."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.rules.identity import parse_nip
from posko_app.text import clean, fold

from .pasted import PastedRow, read_pasted
from .prevention_words import PreventionWords, prevention_words

NO_HEADINGS = (
    "Judul kolom tidak ditemukan. Belum ada yang disimpan. Salin lagi bersama baris judulnya, "
    "paling sedikit Nama atau Jabatan."
)
SPOILED_NIP = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)
NIP_INSIDE = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){17}(?!\d)")
NIP_LABEL = re.compile(r"\bnip\b[ .:]*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """One invited office; `problems` may be mended later, with `unusable` it is left out."""

    name: str = ""
    nip: str = ""
    rank: str = ""
    position_title: str = ""
    agency: str = ""
    group_code: str = ""
    note: str = ""
    number: int = 0  # line of the pasted range
    problems: tuple[str, ...] = ()
    unusable: bool = False

    @property
    def vacant(self) -> bool:
        """Whether nobody holds the office."""
        return not self.name


@dataclass(frozen=True)
class RosterDraft:
    """A pasted roster before it is kept."""

    rows: tuple[RosterRow, ...]
    columns: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def usable(self) -> tuple[RosterRow, ...]:
        """The rows that can be kept."""
        return tuple(row for row in self.rows if not row.unusable)

    @property
    def doubtful(self) -> int:
        """How many rows have a problem."""
        return sum(bool(row.problems) for row in self.rows)


def read_roster(
    posko: Posko, text: str, known_nips: Collection[str] = (), known_posts: Collection[str] = ()
) -> RosterDraft:
    """Read a pasted range. `known_nips` and `known_posts` (`post_of`) are on the roster already.

    Raises UserError when it has no headings.
    """
    words = prevention_words()
    pasted = read_pasted(text, words.roster, ("name", "position_title"))
    if pasted is None:
        raise UserError(NO_HEADINGS, "no_headings")
    labels = {fold(label): code for code, label in posko.vocabulary.items("signatory_group")}
    rows: list[RosterRow] = []
    caption = ""
    for line in pasted.rows:
        if line.alone:
            caption = _group(words, labels, line.alone, "") or caption
            if _group(words, labels, line.alone, "") or not line.cells:
                continue
        rows.append(_row(line, words, labels, caption))
    checked = _doubles(rows, set(known_nips), set(known_posts))
    columns = tuple(key for key in pasted.columns if key != "number")
    return RosterDraft(tuple(checked), columns, pasted.unknown)


def post_of(row: RosterRow) -> str:
    """What tells one vacant or numberless office from another."""
    return fold(f"{row.name} {row.position_title} {row.agency}")


def _row(
    line: PastedRow, words: PreventionWords, labels: dict[str, str], caption: str
) -> RosterRow:
    cells = line.cells
    name, inside = _name(cells.get("name", ""))
    if fold(name) in words.vacant or not fold(name):
        name = ""
    number, problems = _nip(cells.get("nip", "") or inside, bool(name))
    position = _one_line(cells.get("position_title", ""))
    agency = _one_line(cells.get("agency", ""))
    said = cells.get("group", "")
    group = _group(words, labels, said, position) or caption
    unusable = not name and not position
    if unusable:
        problems = ["Nama dan jabatan kosong, baris ini dilewati."]
    elif not group:
        problems.append("Kelompok belum dikenali dari jabatannya. Masuk Lainnya.")
    return RosterRow(
        name=name,
        nip=number if name else "",
        rank=_one_line(cells.get("rank", "")),
        position_title=position,
        agency=agency,
        group_code=group or "other",
        note=_one_line(cells.get("note", "")),
        number=line.number,
        problems=tuple(problems),
        unusable=unusable,
    )


def _name(cell: str) -> tuple[str, str]:
    """A name, and the NIP that many lists write under it."""
    found = NIP_INSIDE.search(cell)
    bare = cell.replace(found[0], " ") if found else cell
    return _one_line(NIP_LABEL.sub(" ", bare)).strip("-– "), found[0] if found else ""


def _nip(cell: str, held: bool) -> tuple[str, list[str]]:
    """The digits of a NIP and what is wrong with them; a vacant office needs none."""
    typed = cell.strip(" '-–")
    if not typed or not held:
        return "", []
    if SPOILED_NIP.fullmatch(typed.replace(" ", "")):
        return "", [
            "NIP dibulatkan oleh Excel. Jadikan kolomnya teks, isi lagi angkanya, lalu salin."
        ]
    read = parse_nip(typed)
    return read.value, list(read.errors or read.warnings)


def _group(words: PreventionWords, labels: dict[str, str], said: str, position: str) -> str:
    told = fold(said)
    return (
        labels.get(told, "")
        or words.group_of(position, said)
        or (words.group_of(said, said) if said else "")
    )


def _doubles(rows: list[RosterRow], known_nips: set[str], known_posts: set[str]) -> list[RosterRow]:
    """Leave out who is on the roster already; say who stands twice in the range."""
    lines: dict[str, int] = {}
    checked = []
    for row in rows:
        key = row.nip or post_of(row)
        if not row.unusable and (
            (row.nip and row.nip in known_nips) or post_of(row) in known_posts
        ):
            said = "Sudah ada di daftar ikrar ini, baris ini dilewati."
            row = replace(row, problems=(*row.problems, said), unusable=True)
        elif not row.unusable and key in lines:
            said = f"Sama dengan baris {lines[key]}, baris ini dilewati."
            row = replace(row, problems=(*row.problems, said), unusable=True)
        lines.setdefault(key, row.number)
        checked.append(row)
    return checked


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
