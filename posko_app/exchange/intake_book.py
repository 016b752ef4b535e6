"""Taking in a filled blank workbook, row by row: right ones are filed, wrong ones go back.

The right rows become numbered reports and notes in one transaction. Only the wrong ones come back
in the sender's own file, and a row that was taken in before is never filed twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from posko_app.app import Posko, use_case
from posko_app.cases.evidence import StoredEvidence, store_files
from posko_app.errors import InvalidInput, UserError
from posko_app.progress import Progress, silent

from .balasan import write_reply
from .intake_layout import DETAILS, MAIN, PARTS, intake_layout
from .intake_sheets.additions import prepare_addition
from .intake_sheets.alone import placed, prepare_alone
from .intake_sheets.entries import Entry, content_of, tie
from .intake_sheets.forms import Prepared, prepare_form
from .intake_sheets.given import sender_name
from .intake_sheets.held import hold, join_held
from .intake_sheets.known import judge, remember
from .intake_sheets.lines import FilledBook, Wrong, is_filled_template, read_lines, receiver_of
from .notice import file_reason
from .opened import NotTaken
from .returned import write_returned
from .xlsx.guarded import Reader

NOT_WRITABLE = "answers_not_writable"
"""The code of the problem that another folder solves."""
_READING, _CHECKING = "Membaca isian", "Memeriksa baris"
NOTHING_FILLED = (
    "Isian {file} masih kosong. Data Anda tidak berubah. "
    "Isi paling sedikit satu baris; bila tidak ada laporan, isi lembar Nihil."
)


@dataclass(frozen=True, kw_only=True)
class TakenRow:
    """A row that is taken in: where it stands in the file and what it became."""

    sheet: str
    row: int
    uid: str
    number: str
    title: str
    case: bool  # a report, finding or tip
    twin: int = 0  # row of the same file that says the same
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IntakeResult:
    """What became of a filled workbook.

    `wrong` lists every cell to mend, `waiting` says which right reports wait for such a row,
    `wrong_rows` counts the reports and rows that go back in
    `returned`; `reply` says of each row taken in what it became. `applied` is false after a look.
    """

    path: Path
    office: str
    office_name: str
    filed: tuple[TakenRow, ...]
    again: tuple[TakenRow, ...]
    wrong: tuple[Wrong, ...]
    wrong_rows: int
    waiting: tuple[str, ...] = ()
    returned: Path | None = None
    reply: Path | None = None
    applied: bool = False


@use_case("case.write")
def check_in(posko: Posko, path: Path, progress: Progress = silent) -> IntakeResult:
    """Say what would be filed, is here already and must be mended; nothing is changed.

    Raises UserError for a file that is no filled blank workbook, or one for another office.
    """
    progress(0, 2, _READING)
    filled, entries = _read(posko, path)
    progress(1, 2, _CHECKING)
    _prepare(posko, filled, entries)
    return _result(posko, filled, entries)


@use_case("case.write")
def take_in(
    posko: Posko, path: Path, out: Path | None = None, progress: Progress = silent
) -> IntakeResult:
    """File the right rows in one transaction and write the two workbooks for the sender.

    They go into the folder `out`, or beside the file, over no file that is there. Raises UserError
    for a file that is no filled blank workbook or one for another office, and before anything is
    filed for a folder that cannot be written. When a disk is full at the very end, what was filed
    stays, and the same file makes both workbooks again.
    `progress` may cancel as long as nothing is filed.
    """
    folder = out or path.parent
    _require_writable(folder, path)
    progress(0, 4, _READING)
    filled, entries = _read(posko, path)
    progress(1, 4, _CHECKING)
    prepared = _prepare(posko, filled, entries)
    progress(2, 4, "Menyimpan yang benar")
    _file(posko, filled, entries, prepared)
    result = replace(_result(posko, filled, entries), applied=True)
    returned = reply = None
    if result.wrong_rows:
        returned = _free(folder, f"Perbaikan_{path.stem}")
        write_returned(filled, entries, returned)
    if result.filed or result.again:
        reply = _free(folder, f"Balasan_{path.stem}")
        write_reply(posko, result.office_name, entries, returned, reply)
    return replace(result, returned=returned, reply=reply)


def _free(folder: Path, stem: str) -> Path:
    """A name for an answer that no file has yet: `a.xlsx`, or `a (2).xlsx`."""
    path, copy = folder / f"{stem}.xlsx", 1
    while path.is_file():
        copy += 1
        path = folder / f"{stem} ({copy}).xlsx"
    return path


def _require_writable(folder: Path, path: Path) -> None:
    """Raise UserError while nothing is filed yet when the answers could not be saved."""
    trial = folder / f".{path.stem}.{os.getpid()}.tmp"
    try:
        trial.touch()
    except OSError as error:
        raise UserError(
            f"Folder {folder.name} tidak dapat ditulisi, jadi balasan tidak dapat disimpan di "
            "sana. Belum ada yang diterima. Pilih folder lain.",
            NOT_WRITABLE,
        ) from error
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)


def _read(posko: Posko, path: Path) -> tuple[FilledBook, list[Entry]]:
    """The entries of a workbook, judged by what is known already."""
    with Reader() as reader:
        book = reader.open(path)
        if not is_filled_template(book):
            raise NotTaken(file_reason("not_template", path.name), "not_template")
        to = receiver_of(book)
        if to and to != posko.office.code:
            reason = file_reason("others_template", path.name, to=to)
            raise NotTaken(reason, "others_template")
        filled = read_lines(posko, path, book)
    entries = tie(filled)
    if not entries:
        raise NotTaken(NOTHING_FILLED.format(file=path.name), "nothing_filled")
    with posko.store.read() as session:
        for entry in entries:
            entry.shown = content_of(posko, entry, filled.office)
        join_held(posko, session, filled, entries)
        for entry in entries:
            entry.content = content_of(posko, entry, filled.office)
        entries = judge(posko, session, filled, entries)
    return filled, entries


def _prepare(posko: Posko, filled: FilledBook, entries: Sequence[Entry]) -> dict[int, Prepared]:
    """What can be filed, by the place of its entry; the others are marked wrong."""
    prepared = {}
    for place, entry in enumerate(entries):
        if entry.verdict != "new":
            continue
        if wrong := [w for line in entry.lines for w in line.wrong]:
            entry.refuse(wrong)
        made = _prepared(posko, filled, entry)
        if made is not None:
            entry.title = made.title
            if entry.verdict == "new":
                prepared[place] = made
    _follow_twins(entries)
    return prepared


def _prepared(posko: Posko, filled: FilledBook, entry: Entry) -> Prepared | None:
    if entry.part in MAIN:  # looked at also when wrong: all mistakes are told at once
        return prepare_form(posko, entry)
    if entry.verdict != "new":
        return None
    if entry.part in DETAILS:
        return prepare_addition(posko, entry)
    return prepare_alone(posko, filled, entry)


def _follow_twins(entries: Sequence[Entry]) -> None:
    """A copy of a row that goes back goes back with it."""
    firsts = {(e.part, e.main.row): e for e in entries}
    for entry in entries:
        first = firsts.get((entry.part, entry.twin))
        if first is None:
            continue
        entry.title = first.title
        if first.verdict == "wrong":
            said = f"Sama dengan baris {entry.twin}. Hapus salah satu."
            entry.refuse([Wrong(entry.main.sheet.name, entry.main.row, "", said)])


class _Refused(Exception):
    """An entry that the rows filed before it in the same file made impossible."""

    def __init__(self, place: int, error: InvalidInput) -> None:
        super().__init__(str(error))
        self.place, self.error = place, error


def _file(
    posko: Posko, filled: FilledBook, entries: Sequence[Entry], prepared: dict[int, Prepared]
) -> None:
    """File everything that is prepared; what turns out impossible is left out, nothing else."""
    if not prepared and all(entry.verdict == "again" for entry in entries):
        return  # last week's file
    while True:
        items = [item for made in prepared.values() for item in made.files]
        stored = iter(store_files(posko, items))  # in one go: the same picture gets one key
        try:
            _file_all(posko, filled, entries, prepared, stored)
            return
        except _Refused as refused:
            entry = entries[refused.place]
            entry.refuse(placed(entry, refused.error))
            del prepared[refused.place]


def _file_all(
    posko: Posko,
    filled: FilledBook,
    entries: Sequence[Entry],
    prepared: dict[int, Prepared],
    stored: Iterator[StoredEvidence],
) -> None:
    with posko.write() as session:
        for place, made in prepared.items():
            entry, files = entries[place], list(islice(stored, len(made.files)))
            try:
                found = made.file(session, files)
            except InvalidInput as error:
                raise _Refused(place, error) from error
            entry.uid, entry.number = found.uid, found.number
            entry.warnings = found.warnings
            entry.verdict = "again" if found.again else "new"
            session.flush()
        taken = [entries[place] for place in prepared]
        remember(posko, session, filled, taken)
        hold(posko, session, filled, [e for e in entries if e.verdict == "wrong"])
        posko.note(
            session,
            "intake.taken",
            office=filled.office,
            filed=sum(e.verdict == "new" for e in taken),
            wrong=sum(e.verdict == "wrong" for e in entries),
        )


def _result(posko: Posko, filled: FilledBook, entries: Sequence[Entry]) -> IntakeResult:
    def rows(verdict: str) -> tuple[TakenRow, ...]:
        return tuple(_taken(entry) for entry in entries if entry.verdict == verdict)

    wrong = [*filled.wrong, *(w for entry in entries for w in entry.wrong)]
    return IntakeResult(
        path=filled.path,
        office=filled.office,
        office_name=sender_name(posko, filled.office) if filled.office else "",
        filed=rows("new"),
        again=rows("again"),
        wrong=tuple(_in_order(wrong)),
        wrong_rows=sum(entry.verdict == "wrong" for entry in entries),
        waiting=tuple(entry.waits for entry in entries if entry.waits),
    )


def _taken(entry: Entry) -> TakenRow:
    return TakenRow(
        sheet=entry.main.sheet.name,
        row=entry.main.row,
        uid=entry.uid,
        number=entry.number,
        title=entry.title or str(entry.main.values.get("title", "")),
        case=entry.part in MAIN,
        twin=entry.twin,
        warnings=entry.warnings,
    )


def _in_order(found: Sequence[Wrong]) -> list[Wrong]:
    places = {intake_layout().sheet(part).name: n for n, part in enumerate(PARTS)}
    # a cell that could not be read is also a required cell left empty: say it once
    first: dict[tuple[str, int, str], Wrong] = {}
    for wrong in found:
        first.setdefault((wrong.sheet, wrong.row, wrong.column), wrong)
    return sorted(first.values(), key=lambda w: (places.get(w.sheet, 99), w.row))
