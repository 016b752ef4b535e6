"""What somebody wants to send, and the work of making it: evidence first, then the workbooks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from posko_app.app import Posko
from posko_app.exchange.beforehand import require_quiet
from posko_app.exchange.export import ExportResult, What, export
from posko_app.exchange.left_out import profiles
from posko_app.exchange.package.sizes import part_size, part_sizes
from posko_app.exchange.package.write import PackageResult, withdraw, write_package
from posko_app.exchange.prospect import prospects
from posko_app.progress import Progress, silent

NO_EVIDENCE = "none"


def evidence_choices() -> list[tuple[str, str]]:
    """How evidence may travel, as (key, label); none of it first."""
    return [(NO_EVIDENCE, "Tanpa berkas bukti"), *((s.key, s.label) for s in part_sizes())]


def part_bytes(key: str) -> int:
    """The most bytes of a file of evidence, 0 for none."""
    return 0 if key in (NO_EVIDENCE, "") else part_size(key).bytes


def profile_choices() -> list[tuple[str, str]]:
    """For whose eyes a file may be, as (key, label)."""
    return [(code, profile.label) for code, profile in profiles().by_code.items()]


@dataclass(frozen=True, kw_only=True)
class Order:
    """To whom, what, for whose eyes, with how much evidence, where to, and locked or not."""

    to_code: str
    what: What
    cases: tuple[str, ...]
    profile: str
    part_bytes: int
    folder: Path
    lock: bool
    count: int = 0  # of cases in it, as it was counted before

    @property
    def outside(self) -> bool:
        """Whether it is a copy beside the channel, without number and acknowledgement."""
        return self.what == "picked" or self.profile != "internal"


@dataclass(frozen=True, kw_only=True)
class Made:
    """The files of an order, workbooks before evidence, and the line in the ledger.

    `confidential` and `absent` are pieces of evidence that did not go: they show who wrote, or have
    no file here.
    """

    order: Order
    result: ExportResult
    files: tuple[Path, ...]
    evidence: int = 0
    confidential: int = 0
    absent: int = 0


def make(posko: Posko, order: Order, names_stay: str = "", *, progress: Progress = silent) -> Made:
    """Make every file of an order; when anything fails or is stopped, none of them is left.

    The evidence comes first: the number of an export is given only when all else is there.
    """
    package = _evidence(posko, order, names_stay, progress) if order.part_bytes else None
    try:
        result = export(
            posko,
            order.to_code,
            order.folder,
            what=order.what,
            cases=order.cases,
            profile=order.profile,
            lock=order.lock,
            names_stay=names_stay,
            progress=progress,
        )
    except BaseException:
        if package is not None:
            withdraw(posko, package)
        raise
    if package is None:
        return Made(order=order, result=result, files=result.files)
    return Made(
        order=order,
        result=result,
        files=(*result.files, *package.files),
        evidence=package.evidence,
        confidential=package.confidential,
        absent=package.absent,
    )


def _evidence(posko: Posko, order: Order, names_stay: str, progress: Progress) -> PackageResult:
    """The parts with the evidence of the cases that go now, if the workbooks may go at all."""
    require_quiet(
        posko,
        order.to_code,
        what=order.what,
        cases=order.cases,
        profile=order.profile,
        names_stay=names_stay,
        progress=progress,
    )
    found = prospects(
        posko, order.to_code, profile=order.profile, picked=order.cases, progress=progress
    )
    return write_package(
        posko,
        order.to_code,
        sorted(found.by_what[order.what].cases),
        order.folder,
        order.part_bytes,
        profile=order.profile,
        lock=order.lock,
        progress=progress,
    )
