"""The offices that real workbooks come from, and the judge of what importing a mutant does.

A district holds an older export of its subdistrict and changes of its own. Mutants are made of the
subdistrict's newer exports and of a neighbour's. The judge knows every text that was ever signed,
by the id of its export, and believes nothing else.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import openpyxl
from sqlalchemy import func, select

from posko_app.app import Posko, open_office
from posko_app.cases.intake import file_reports
from posko_app.data import record as records
from posko_app.data import versions
from posko_app.data.base import synced_tables
from posko_app.data.tables import Case, Import, Peer
from posko_app.errors import Cancelled, UserError
from posko_app.exchange import ledger
from posko_app.exchange.apply import apply_plan, import_file
from posko_app.exchange.export import export
from posko_app.exchange.manifest import Manifest, from_text
from posko_app.exchange.merge import merge
from posko_app.exchange.opened import VALID
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.office.setup import create_office
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, new_report
from tests.introduced import introduce
from tests.mutated import damage, forgery
from tests.mutated.archive import Mutant, Source, source

NEIGHBOUR = replace(OFFICES["kecamatan"], region_code="62.10.03", name="Panwaslu Kecamatan Sebelah")
FAMILIES = (
    *(damage.BYTES,) * 3,
    *(damage.ZIP,) * 3,
    *(damage.XML,) * 5,
    *(forgery.ROWS,) * 4,
    *(forgery.HEAD,) * 4,
    *(forgery.VISIBLE,) * 3,
)
_ORDER = {
    name: place
    for place, family in enumerate(
        ((*forgery.ROWS, *forgery.HEAD, *forgery.VISIBLE), damage.XML, damage.ZIP, damage.BYTES)
    )
    for name in family
}
SECONDS, BYTES = 5.0, 300 * 2**20
DEAD = ("reader_died", "too_slow")
State = dict[str, str]


@dataclass(frozen=True)
class World:
    """Where mutants come from and who judges them: `folder` is a closed copy of `receiver`."""

    sources: tuple[Source, ...]
    receiver: Posko
    folder: Path
    signed: dict[str, tuple[Manifest, frozenset[str]]]
    scratch: Path


@contextmanager
def world(root: Path) -> Iterator[World]:
    """Make the offices and their exports under `root`."""
    with ExitStack() as stack:
        opened: dict[str, Posko] = {}
        new = {"kec": OFFICES["kecamatan"], "sebelah": NEIGHBOUR, "kab": OFFICES["kabupaten"]}
        for name, office in new.items():
            create_office(root / name, office, PASSWORD, clock=FixedClock(), tied=False)
            opened[name] = open_office(root / name, "petugas", PASSWORD, clock=FixedClock())
            stack.callback(opened[name].close)
        introduce(*opened.values())
        paths = _sent(opened, root)
        receiver = opened.pop("kab")
        receiver.close()
        shutil.copytree(root / "kab", root / "salinan")
        receiver = _reopened(root / "kab")
        stack.callback(receiver.close)
        sources = _sources(paths, root)
        signed = {}
        for one in sources:
            manifest = from_text(one.head[1])
            texts = ("".join(r[c] for c in sorted(r) if c > 1) for r in one.grids["_pos"][1:])
            signed[manifest.part_id] = (manifest, frozenset(texts))
        scratch = root / "coba"
        scratch.mkdir()
        yield World(sources, receiver, root / "salinan", signed, scratch)


def _sent(opened: dict[str, Posko], root: Path) -> list[Path]:
    """Five exports to the district, of which it has taken in the first."""
    kec, sebelah, kab = (opened[name] for name in ("kec", "sebelah", "kab"))
    folder = root / "kiriman"
    folder.mkdir()
    paths = []

    def send(posko: Posko) -> None:
        paths.extend(export(posko, "62.10", folder).files)

    file_reports(kec, [new_report(title="Laporan satu")])
    send(kec)
    import_file(kab, paths[0], apply=True)
    for posko, article in ((kab, "Pasal 70"), (kec, "Pasal 71")):
        with posko.write() as session:
            case = session.scalars(select(Case)).one()
            case.article, case.narrative = article, f"Uraian menurut {article}.\nBaris kedua."
    file_reports(kec, [new_report(title=f"Laporan {n}") for n in range(2)])
    send(kec)
    file_reports(kec, [new_report(title=f"Laporan lagi {n} & <lain>") for n in range(8)])
    send(kec)
    file_reports(sebelah, [new_report(region_code="62.10.03", title="Laporan sebelah")])
    send(sebelah)
    file_reports(sebelah, [new_report(region_code="62.10.03", narrative="kata " * 5_000)])
    send(sebelah)
    return paths


def _sources(paths: list[Path], root: Path) -> tuple[Source, ...]:
    """Each export as it is and lean, and one as another program saves it."""
    again = root / f"lagi {paths[1].name}"
    openpyxl.load_workbook(paths[1]).save(again)
    one, two, many, theirs, long = (source(path, lean=True) for path in paths)
    whole, other = source(paths[1], lean=False), source(again, lean=True)
    return (*(one, two, theirs) * 5, many, long, whole, other)


def mutant(world: World, seed: int) -> tuple[bytes, str]:
    """The workbook of a seed, and what was done to it."""
    chance = Random(seed)
    chosen = chance.choice(world.sources)
    others = tuple(one for one in world.sources if one.head != chosen.head)
    made = Mutant(chosen, others)
    acts = [chance.choice(chance.choice(FAMILIES)) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    for act in sorted(acts, key=_ORDER.__getitem__):
        act(made, chance)
    return made.file(), "+".join(act.__name__ for act in acts)


@dataclass
class Tally:
    """What came of the mutants so far; the last five must stay 0, `wrong` names their seeds."""

    done: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    applied: int = 0
    cancelled: int = 0
    slowest: float = 0.0
    largest: int = 0
    crashes: int = 0
    forged: int = 0
    partial: int = 0
    slow: int = 0
    fat: int = 0
    wrong: list[str] = field(default_factory=list)

    def bad(self) -> int:
        return self.crashes + self.forged + self.partial + self.slow + self.fat

    def note(self, kind: str, seed: int, what: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        self.wrong.append(f"{seed}: {kind}: {what}")

    def add(self, other: Tally) -> None:
        for name, value in vars(other).items():
            mine = getattr(self, name)
            most = name in ("slowest", "largest")
            setattr(self, name, max(mine, value) if most else mine + value)


class Judge:
    """Takes in mutants, one after the other, through one reading process."""

    def __init__(self, world: World, reader: Reader, sample: float = 0.03) -> None:
        self.world, self.reader, self.sample = world, reader, sample
        self.tally = Tally()

    def judge(self, seed: int) -> None:
        """Preview the mutant of a seed, and now and then take it in; all faults go to the tally."""
        data, what = mutant(self.world, seed)
        path = self.world.scratch / "kiriman.xlsx"
        path.write_bytes(data)
        tally, pid = self.tally, self.reader.pid
        _forget_peak(pid)
        began, before = time.process_time(), _cpu(pid)
        try:
            plan = preview(self.world.receiver, path, reader=self.reader)
        except Exception as error:
            tally.note("crashes", seed, f"{what}: {error!r}")
            return
        peak = _peak(self.reader.pid)
        reading = _cpu(self.reader.pid) - (before if self.reader.pid == pid else 0)
        spent = time.process_time() - began + reading
        tally.done += 1
        tally.slowest, tally.largest = max(tally.slowest, spent), max(tally.largest, peak)
        tally.outcomes[_outcome(plan)] += 1
        if plan.code in DEAD or (pid is not None and self.reader.pid != pid):
            tally.note("crashes", seed, f"{what}: {plan.code or 'the reader was replaced'}")
        if spent > SECONDS:
            tally.note("slow", seed, f"{what}: {spent:.1f} s of CPU")
        if peak > BYTES:
            tally.note("fat", seed, f"{what}: {peak >> 20} MB")
        if said := self._forged(plan) or _unclear(plan):
            tally.note("forged", seed, f"{what}: {said}")
        chance = Random(-seed)
        if chance.random() < self.sample:
            self._take_in(path, plan, seed, chance)

    def _forged(self, plan: ImportPlan) -> str:
        """What a plan believes although nobody signed it; empty for nothing."""
        taken = [d.text for d in plan.decisions] + [p.text for p in plan.parked]
        if plan.verdict != ledger.ACCEPTED:
            return "a refused file brings rows" if taken else ""
        if plan.signature != VALID or plan.manifest is None:
            moved = taken or plan.gaps or plan.arrived or plan.forked or plan.first_contact
            ticked = any(edit.ticked for edit in plan.edits)
            return "something is believed without a signature" if moved or ticked else ""
        if plan.first_contact:
            return "" if plan.manifest.key not in _keys(self.world) else "a known key is new"
        manifest, texts = self.world.signed.get(plan.manifest.part_id, (None, frozenset()))
        if plan.manifest != manifest:
            return "a head that nobody signed"
        return "" if texts.issuperset(taken) else "a row that is not of this export"

    # -- taking in ---------------------------------------------------------------------------------

    def _take_in(self, path: Path, plan: ImportPlan, seed: int, chance: Random) -> None:
        """Import into a copy of the office: all of it, or, refused or stopped halfway, nothing."""
        target = self.world.scratch / "kantor"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.world.folder, target)
        posko = _reopened(target)
        try:
            before = _state(posko)
            if plan.verdict == ledger.ACCEPTED and chance.random() < 0.4:
                self._stopped(posko, path, seed, chance)
                before = _state(posko)
            self._whole(posko, path, plan, seed, before)
        except Exception as error:
            self.tally.note("crashes", seed, f"taking in: {error!r}")
        finally:
            posko.close()

    def _stopped(self, posko: Posko, path: Path, seed: int, chance: Random) -> None:
        """Stop an import at one of its steps, if it has so many."""
        left, before = chance.randint(0, 3), _state(posko)

        def stop(*_: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise Cancelled

        plan = preview(posko, path, reader=self.reader)
        try:
            apply_plan(posko, plan, progress=stop)
        except (Cancelled, UserError) as error:  # or a stranger's file
            self.tally.cancelled += isinstance(error, Cancelled)
            if _state(posko) != before:
                self.tally.note("partial", seed, "something is left of a stopped import")

    def _whole(
        self, posko: Posko, path: Path, plan: ImportPlan, seed: int, before: Counted
    ) -> None:
        done = import_file(posko, path, apply=True, reader=self.reader)
        after = _state(posko)
        if not done.applied:
            if after != before:
                self.tally.note("partial", seed, f"refused ({done.code}), yet something changed")
            return
        self.tally.applied += 1
        wanted = dict(before.records)
        for decision in plan.decisions:
            incoming = _record(decision.text)
            ours = wanted.get(incoming.uid)
            joined = merge(_record(ours) if ours else None, incoming, plan.forked).record
            wanted[incoming.uid] = records.dumps(records.canonical(joined))
        again = preview(posko, path, reader=self.reader)
        counts = (after.imports - before.imports, after.rows - before.rows, again.new)
        new = len(wanted) - len(before.records)
        if after.records != wanted or counts != (1, new, 0) or again.updated:
            self.tally.note("partial", seed, f"not all of a file is in: {counts}, {new} new")


@dataclass(frozen=True)
class Counted:
    """Everything that an import may change: records, their table rows, the ledger, the channel."""

    records: State
    rows: int
    imports: int
    peers: tuple[tuple[object, ...], ...]


def _state(posko: Posko) -> Counted:
    with posko.store.read() as session:
        texts = {r.uid: records.dumps(records.canonical(r)) for r in versions.load_records(session)}
        rows = sum(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in synced_tables().values()
        )
        taken = select(func.count()).where(Import.verdict == ledger.ACCEPTED)
        peers = session.execute(select(*Peer.__table__.columns).order_by(Peer.uid))
        return Counted(texts, rows, session.scalar(taken) or 0, tuple(tuple(row) for row in peers))


def _record(text: str) -> records.Record:
    return records.from_canonical(records.loads(text))


def _reopened(folder: Path) -> Posko:
    return open_office(folder, "petugas", PASSWORD, clock=FixedClock())


def _keys(world: World) -> set[str]:
    return {manifest.key for manifest, _ in world.signed.values()}


def _outcome(plan: ImportPlan) -> str:
    if plan.verdict != ledger.ACCEPTED:
        return plan.code
    if plan.signature != VALID:
        return str(plan.signature)
    if plan.first_contact:
        return "first contact"
    return f"{VALID}{' + edits' if plan.edits else ''}{' - rows' if plan.rejected else ''}"


def _unclear(plan: ImportPlan) -> str:
    """A refusal that is not one plain sentence about the file."""
    if plan.verdict == ledger.ACCEPTED:
        return ""
    clear = plan.reason.endswith(".") and "\n" not in plan.reason and len(plan.reason) > 20
    return "" if clear else f"unclear refusal: {plan.reason!r}"


def _cpu(pid: int | None) -> float:
    """CPU seconds of the reading process so far: a busy machine is not the workbook's fault."""
    if pid is None or sys.platform != "linux":
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _forget_peak(pid: int | None) -> None:
    if pid is not None and sys.platform == "linux":
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak(pid: int | None) -> int:
    """The most memory that a process held since its peak was forgotten; 0 where nobody tells."""
    if pid is None or sys.platform != "linux":
        return 0
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
