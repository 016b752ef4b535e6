"""Computers of several offices that write, send, lose, copy and restore by chance, in real files.

Everything here happens with the program's own functions on real databases and workbooks. What each
edit replaced is told to the oracle; what may happen and how often is up to the caller.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Literal

import openpyxl
from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.cases import board
from posko_app.cases.intake import file_report
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.data.tables import Case, ForkedDevice, Sibling
from posko_app.errors import UserError
from posko_app.exchange.ack import accept_ack, make_acks
from posko_app.exchange.apply import NO_CHOICES, Choices, apply_plan
from posko_app.exchange.authority import Offices, record_of
from posko_app.exchange.decide import decide, set_field
from posko_app.exchange.export import export
from posko_app.exchange.layout import layout
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.undo import undo, undoable
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.office.backup import back_up
from posko_app.office.incarnation import become_new_device
from posko_app.office.restore import restore
from posko_app.office.setup import NewOffice, create_office
from tests.clones import unnoticed_copy, untie
from tests.conftest import OFFICES, START, FixedClock
from tests.exchange_oracle import FIELDS, Oracle, Place, Screen, edits_in, in_file, screen, text_of
from tests.factory import PASSWORD, new_report
from tests.introduced import introduce

What = Literal["changes", "all", "picked"]
WHAT: tuple[What, ...] = ("changes", "all", "picked")
LOST = 0.3
USER = "petugas"
TYPED = 0.15  # of all files, before they are taken in
FURTHEST = 400  # days that a clock may be wrong
PLACES = ("62.10.01", "62.10.02", "62.10.03")
COMPUTERS = {
    "kec1": "62.10.01",
    "kec2": "62.10.02",
    "kec2b": "62.10.02",
    "kec3": "62.10.03",
    "kab": "62.10",
    "kabb": "62.10",
    "prov": "62",
}
"""Every computer by name, and the code of its office."""


def prepare(root: Path, names: Collection[str] = tuple(COMPUTERS)) -> None:
    """Make the computers once; histories begin with copies of them.

    Each office is made once; its second computer is a copy that became a device of its own. They
    all know each other's keys.
    """
    tokens, made, opened = root / "tokens", dict[str, Path](), []
    for name in names:
        folder, code = root / name, COMPUTERS[name]
        if code in made:
            shutil.copytree(made[code], folder)
        else:
            create_office(folder, _office(code), PASSWORD, clock=FixedClock(), tied=False)
            made[code] = folder
        posko = open_office(folder, USER, PASSWORD, clock=FixedClock(), place=tokens)
        opened.append(posko)
        if made[code] != folder:
            become_new_device(posko)
    introduce(*opened)
    for posko in opened:
        posko.close()
        untie(posko.folder.root)


def prepare_shared(
    root: Path, prepared: Path, reader: Reader, names: Collection[str] = tuple(COMPUTERS)
) -> None:
    """The same computers some time later: they share a report of every other one."""
    world = World(prepared, root, 0, reader, names=names, furthest=0)
    for computer in world.computers[1::2]:
        world.report(computer)
    while world.round():
        pass
    world.close()
    for computer in world.computers:
        shutil.rmtree(computer.posko.folder.inbox_archive, ignore_errors=True)
        untie(computer.folder)


def _only(error: UserError, *codes: str) -> None:
    """Let a refusal be that may come; any other is a failure."""
    if error.code not in codes:
        raise error


def _office(code: str) -> NewOffice:
    level = ("provinsi", "kabupaten", "kecamatan")[code.count(".")]
    values = {**vars(OFFICES[level]), "region_code": code}
    return NewOffice(**values)


@dataclass
class SkewedClock:
    """The clock of one computer: days off, and a second further at each look."""

    base: FixedClock
    off: timedelta

    def __call__(self) -> datetime:
        return self.base() + self.off


@dataclass(eq=False)
class Computer:
    """One installation. `undoable` names what its imports brought, while nobody copied it."""

    name: str
    posko: Posko
    clock: SkewedClock
    undoable: dict[str, tuple[Path, tuple[int, ...]]] = field(default_factory=dict)
    kept: list[Path] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.posko.office.code

    @property
    def folder(self) -> Path:
        return self.posko.folder.root


@dataclass
class Counts:
    """What happened in a history."""

    edits: int = 0
    moved: int = 0  # cases to another region
    typed: int = 0  # by hand into workbooks, and accepted
    decided: int = 0
    exports: int = 0
    imports: int = 0
    lost_files: int = 0
    undone: int = 0
    acks: int = 0
    restored: int = 0
    copied: int = 0  # noticed by their token
    cloned: int = 0  # noticed by nothing on the machine
    introduced: int = 0  # people had to compare words


class World:
    """The computers, the files on their way, and everything that can happen."""

    def __init__(
        self,
        prepared: Path,
        folder: Path,
        seed: int,
        reader: Reader,
        *,
        names: Collection[str] = tuple(COMPUTERS),
        furthest: int = FURTHEST,
    ) -> None:
        self.furthest = furthest
        self.chance, self.reader, self.folder = Random(seed), reader, folder
        self.tokens, self.post_box = folder / "tokens", folder / "kiriman"
        self.post_box.mkdir()
        self.now = FixedClock(START)
        self.oracle, self.counts = Oracle(), Counts()
        self.mail: list[tuple[Computer, Path]] = []
        self.carried: dict[Path, Screen] = {}
        self.story: list[str] = []
        self.computers: list[Computer] = []
        for name in names:
            shutil.copytree(prepared / name, folder / name)
            clock = self._clock()
            self.computers.append(Computer(name, self.opened(folder / name, clock), clock))
        self.twins: list[Computer] = []
        self.typed = TYPED
        self.acted: set[str] = set()  # those of the twins that wrote since

    def _clock(self) -> SkewedClock:
        off = self.chance.randint(-self.furthest, self.furthest)
        return SkewedClock(self.now, timedelta(days=off))

    def close(self) -> None:
        """Close every office."""
        for computer in self.computers:
            computer.posko.close()

    def opened(self, folder: Path, clock: SkewedClock) -> Posko:
        """Open an office as somebody does in the morning."""
        return open_office(folder, USER, PASSWORD, clock=clock, place=self.tokens)

    def tell(self, *words: object) -> None:
        """Add a line to the story of this history, for whoever looks at a failure."""
        self.story.append(" ".join(map(str, words)))

    def of_office(self, code: str) -> list[Computer]:
        """The computers of an office."""
        return [computer for computer in self.computers if computer.code == code]

    # -- writing ------------------------------------------------------------------------------

    def report(self, at: Computer) -> None:
        """Take in a report, sometimes of a neighbour's region; or note some prevention work."""
        day = at.posko.today()
        if self.chance.random() < 0.25:
            work = NewActivity(kind="vulnerability", on=day, title="Imbauan", description="Awal")
            self.tell(at.name, "noted", log_activity(at.posko, work))
            return
        region = at.code if at.code.count(".") == 2 and self.chance.random() < 0.8 else (
            self.chance.choice(PLACES)
        )  # fmt: skip
        filed = file_report(
            at.posko,
            new_report(
                region_code=region,
                filed_on=day,
                known_on=day - timedelta(days=1),
                event_on=day - timedelta(days=2),
                witnesses=(),
            ),
        )
        self.tell(at.name, "filed", filed.uid, region)

    def edit(self, at: Computer) -> None:
        """Change one field of something that is here."""
        table = self.chance.choices(list(FIELDS), [6, 2, 1, 1])[0]
        source, names = FIELDS[table]
        with at.posko.store.read() as session:
            uids = session.scalars(select(source.uid).order_by(source.id)).all()
        if not uids:
            self.report(at)
            return
        uid, name = self.chance.choice(uids), self.chance.choice(names)
        self.write(at, table, uid, name)

    def write(self, at: Computer, table: str, uid: str, name: str) -> bool:
        """Write a text nobody else writes; False when another office decides this field."""
        number, before = self.oracle.next(), screen(at.posko)
        try:
            if table == "cases":
                set_field(at.posko, uid, name, text_of(number))
            elif not self._set(at.posko, table, uid, name, text_of(number)):
                return False
        except UserError as error:
            _only(error, "not_ours")
            return False
        self._wrote(at, number, (uid, name), before.get((uid, name), ()))
        self.counts.edits += 1
        self.tell(at.name, "wrote", number, uid, name, sorted(before.get((uid, name), ())))
        return True

    def _wrote(self, at: Computer, number: int, place: Place, replaced: Iterable[int]) -> None:
        self.oracle.wrote(number, place, replaced)
        if at in self.twins:
            self.acted.add(at.name)

    def _set(self, posko: Posko, table: str, uid: str, name: str, text: str) -> bool:
        source, _ = FIELDS[table]
        with posko.write() as session:
            record = record_of(session, uid)
            assert record is not None
            if not Offices(posko, session).may_write(record, name):
                return False
            row = session.scalars(select(source).where(source.uid == uid)).one()
            setattr(row, name, text)
            session.flush()
            if table != "prevention":
                board.refresh(posko, session, [row.case_uid])
        return True

    def move(self, at: Computer) -> None:
        """Correct the region of a case, so that other offices are concerned by it."""
        with at.posko.store.read() as session:
            uids = session.scalars(select(Case.uid).order_by(Case.id)).all()
        if uids:
            uid, region = self.chance.choice(uids), self.chance.choice(PLACES)
            try:
                set_field(at.posko, uid, "region_code", region)
            except UserError as error:
                _only(error, "not_ours")
            self.counts.moved += 1
            self.tell(at.name, "moved", uid, "to", region)

    def decide(self, at: Computer) -> None:
        """Decide a conflict here, or else wherever somebody may."""
        others = [other for other in self.computers if other is not at]
        self.chance.shuffle(others)
        for other in (at, *others):
            if self._decide(other):
                return

    def _decide(self, at: Computer) -> bool:
        with at.posko.store.read() as session:
            query = select(Sibling.uid, Sibling.field).order_by(Sibling.uid, Sibling.field)
            places = [(uid, name) for uid, name in session.execute(query.distinct())]
        if not places:
            return False
        place = self.chance.choice(places)
        number, before = self.oracle.next(), screen(at.posko)
        try:
            decide(at.posko, *place, text_of(number))
        except UserError as error:
            _only(error, "not_ours", "no_conflict")
            return False
        self._wrote(at, number, place, before.get(place, ()))
        self.counts.decided += 1
        self.tell(at.name, "decided", number, *place, sorted(before.get(place, ())))
        return True

    # -- sending and receiving -------------------------------------------------------------------

    def neighbours(self, code: str) -> list[str]:
        """Offices that an office sends to, the likelier ones more than once."""
        if code == "62":
            wanted = [*["62.10"] * 4, "62.10.02"]
        elif code == "62.10":
            wanted = [code, "62", "62", *PLACES, *PLACES]
        else:
            wanted = [*["62.10"] * 5, *PLACES]
        return [to for to in wanted if len(self.of_office(to)) > (to == code)]

    def send(self, at: Computer) -> None:
        """Make an export; every computer it is for gets it or not."""
        to = self.chance.choice(self.neighbours(at.code))
        what = self.chance.choices(WHAT, [8, 1, 1])[0]
        for path in self.export(at, to, what):
            for other in self.of_office(to):
                if other is at:
                    continue
                if self.chance.random() < LOST:
                    self.counts.lost_files += 1
                    continue
                self.mail.append((other, self._typed_into(path, other)))

    def export(self, at: Computer, to: str, what: What = "changes") -> tuple[Path, ...]:
        """The files of an export, with what they carry remembered."""
        cases: list[str] = []
        if what == "picked":
            with at.posko.store.read() as session:
                uids = session.scalars(select(Case.uid).order_by(Case.id)).all()
            cases = self.chance.sample(uids, min(2, len(uids)))
            what = "picked" if cases else "changes"
        try:
            files = export(at.posko, to, self.post_box, what=what, cases=cases).files
        except UserError as error:
            _only(error, "not_theirs")
            return ()
        self.counts.exports += 1
        for path in files:
            self.carried[path] = in_file(path)
            self.tell(at.name, "exported", what, path.name)
        return files

    def open_mail(self) -> None:
        """Somebody takes in a file that lies there, in no order; sometimes it comes once more."""
        if self.mail:
            place = self.chance.randrange(len(self.mail))
            at, path = self.mail[place]
            if self.chance.random() < 0.7:
                del self.mail[place]
            self.take(at, path)

    def take(self, at: Computer, path: Path, *, asked: bool = True) -> ImportPlan:
        """Look at a file and take it in, answering for its hand edits when somebody is there."""
        plan = self._look(at, path)
        choices, accepted = self._answers(plan) if asked and plan.edits else (NO_CHOICES, ())
        before: Screen = screen(at.posko) if accepted else {}
        result = apply_plan(at.posko, plan, choices)
        self.counts.imports += 1
        hands = []
        if accepted:
            after = screen(at.posko)
            for number, place in accepted:
                if number in after.get(place, ()):
                    seen = {*before.get(place, ()), *self.carried[path].get(place, ())}
                    self._wrote(at, number, place, seen)
                    self.counts.typed += 1
                    hands.append(number)
        at.undoable[result.uid] = (path, tuple(hands))
        self.tell(at.name, "took", path.name, plan.new, plan.updated, plan.conflicts, hands)
        return plan

    def _look(self, at: Computer, path: Path) -> ImportPlan:
        plan = preview(at.posko, path, reader=self.reader)
        if plan.first_contact or plan.code in ("changed_key", "unknown_key"):
            introduce(*(computer.posko for computer in self.computers))
            self.counts.introduced += 1
            plan = preview(at.posko, path, reader=self.reader)
        assert (plan.verdict, plan.rejected) == ("accepted", ()), (plan.code, plan.rejected)
        return plan

    def _answers(self, plan: ImportPlan) -> tuple[Choices, list[tuple[int, tuple[str, str]]]]:
        """What a person says to hand edits: yes to most, no to some, later to others."""
        accepted: list[tuple[int, tuple[str, str]]] = []
        yes, no = set(), set()
        for edit in plan.edits:
            numbers = edits_in(edit.theirs)
            assert numbers, f"nobody typed {edit.place}: {edit.base_text!r} {edit.theirs_text!r}"
            (number,) = numbers
            answer = self.chance.random()
            if number in self.oracle.made or answer < 0.2:
                no.add(edit.fingerprint)
            elif edit.acceptable and answer < 0.8:
                yes.add(edit.fingerprint)
                accepted.append((number, (edit.uid, edit.field)))
        return Choices(accepted=frozenset(yes), refused=frozenset(no)), accepted

    def _typed_into(self, path: Path, reader: Computer) -> Path:
        """Now and then somebody types into the workbook before it is taken in."""
        if self.chance.random() >= self.typed:
            return path
        book = openpyxl.load_workbook(path)
        sheets = [s for s in layout().sheets if s.table in FIELDS and s.name in book.sheetnames]
        typed = 0
        for shown in sheets:
            sheet, (_, names) = book[shown.name], FIELDS[shown.table]
            for row in range(2, sheet.max_row + 1):
                if sheet.cell(row, 1).value and self.chance.random() < 0.4:
                    name = self.chance.choice(names)
                    heading = next(c.heading for c in shown.columns if c.field == name)
                    column = next(c.column for c in sheet[1] if c.value == heading)
                    sheet.cell(row, column).value = text_of(self.oracle.next())
                    typed += 1
        target = path.with_name(f"{path.stem} {reader.name} diketik.xlsx")
        book.save(target)
        self.carried[target] = self.carried[path]
        self.tell(reader.name, "typed", typed, target.name)
        return target

    def acknowledge(self, at: Computer) -> None:
        """A receipt goes by message, to whoever sent something; it may be lost as well."""
        try:
            texts = make_acks(at.posko)
        except UserError as error:
            _only(error, "nothing_received")
            return
        for ack in texts:
            sender = [c for c in self.computers if c.posko.office.device_id == ack.device_id]
            for other in sender:
                if self.chance.random() < 1 - LOST:
                    try:
                        accept_ack(other.posko, ack.text)
                    except UserError as error:
                        _only(error, "receipt_unknown")
                    self.counts.acks += 1
        self.tell(at.name, "acknowledged", len(texts))

    def undo(self, at: Computer) -> None:
        """Take back an import, if that is offered; its file will come once more."""
        offered = sorted(undoable(at.posko) & at.undoable.keys())
        if not offered:
            return
        uid = self.chance.choice(offered)
        path, hands = at.undoable.pop(uid)
        undo(at.posko, uid)
        for number in hands:
            self.oracle.unmade(number)
        self.mail.append((at, path))
        self.counts.undone += 1
        self.tell(at.name, "undid", path.name, hands)

    def round(self) -> int:
        """All send up, across, and down once; how many records changed anywhere."""
        changed = 0
        order: list[tuple[Computer, str]] = []
        for code in PLACES:
            order += [(at, "62.10") for at in self.of_office(code)]
        district, province = self.of_office("62.10"), self.of_office("62")
        order += [(at, "62.10") for at in district[1:]]
        order += [(at, "62") for at in province[1:]]
        order += [(district[0], "62"), (province[0], "62.10"), (district[0], "62")]
        # a computer that never sent anything to an office is not waited for there
        order += [(office[0], office[0].code) for office in (district, province) if office[1:]]
        order += [(district[0], code) for code in PLACES if self.of_office(code)]
        for at, to in order:
            for path in self.export(at, to):
                for other in self.of_office(to):
                    if other is not at:
                        plan = self.take(other, path)
                        changed += plan.new + plan.updated + plan.conflicts
        return changed

    # -- copies of folders -----------------------------------------------------------------------

    def keep(self, at: Computer) -> None:
        """Put a backup, or a mere copy of the folder, aside."""
        at.undoable.clear()
        place = self.folder / f"salinan {len(self.story)}"
        if self.chance.random() < 0.5:
            place.mkdir()
            at.kept.append(back_up(at.posko, place).path)
        else:
            with self._closed(at):
                shutil.copytree(at.folder, place)
            at.kept.append(place)
        self.tell(at.name, "kept", place.name)

    def put_back(self, at: Computer) -> None:
        """The computer breaks and goes on from a copy, as a new device."""
        at = at if at.kept else next((c for c in self.computers if c.kept), at)
        if not at.kept:
            return
        source, old, folder = self.chance.choice(at.kept), at.posko.office.device_id, at.folder
        at.undoable.clear()
        with self._closed(at):
            if source.is_file():
                restore(source, folder, USER, PASSWORD, clock=at.clock, place=self.tokens)
            else:
                shutil.rmtree(folder)
                shutil.copytree(source, folder)
        self.counts.restored += 1
        self.tell(at.name, "restored from", source.name, old, at.posko.office.device_id)
        archive = at.posko.folder.inbox_archive
        for path in sorted(archive.iterdir()) if archive.is_dir() else ():
            self.take(at, path, asked=False)  # what came since the copy comes back
        self.oracle.forget_all_but(self.alive())

    def copy(self, at: Computer) -> None:
        """Copy the folder to another computer, which notices and becomes a device of its own."""
        at.undoable.clear()
        target = self.folder / f"{at.name} disalin"
        with self._closed(at):
            shutil.copytree(at.folder, target)
        other = self._join(at, target)
        assert other.posko.office.device_id != at.posko.office.device_id
        assert other.posko.news, "nobody was told"
        self.counts.copied += 1
        self.tell(at.name, "copied", at.posko.office.device_id, other.posko.office.device_id)

    def clone(self, at: Computer) -> None:
        """Copy a whole disk: two computers go on as one device, and neither can know."""
        at.undoable.clear()
        target = self.folder / f"{at.name} kembar"
        with self._closed(at):
            unnoticed_copy(at.folder, target)
        other = self._join(at, target)
        assert other.posko.office.device_id == at.posko.office.device_id
        self.twins = [at, other]
        self.counts.cloned += 1
        self.tell(at.name, "cloned", at.posko.office.device_id)

    def _join(self, at: Computer, folder: Path) -> Computer:
        clock = self._clock()
        other = Computer(folder.name, self.opened(folder, clock), clock)
        self.computers.append(other)
        return other

    @contextmanager
    def _closed(self, at: Computer) -> Iterator[None]:
        """The office is closed meanwhile, and opened again afterwards."""
        folder = at.folder
        at.posko.close()
        yield
        at.posko = self.opened(folder, at.clock)

    def alive(self) -> Iterable[int]:
        """Every edit that stands on some computer or in a file that is still to come."""
        for computer in self.computers:
            for edits in screen(computer.posko).values():
                yield from edits
        for _, path in self.mail:
            for edits in self.carried[path].values():
                yield from edits

    def alarms(self) -> set[str]:
        """The devices that some office knows to exist twice."""
        found: set[str] = set()
        for computer in self.computers:
            with computer.posko.store.read() as session:
                found |= set(session.scalars(select(ForkedDevice.device_id)))
        return found
