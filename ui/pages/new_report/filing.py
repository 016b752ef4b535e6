"""Filing what was typed and making its receipt, as one task off the UI thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.cases import intake, upgrade
from posko_app.cases.kinds import IntakeKind, kind_of
from posko_app.cases.report import NewReport
from posko_app.errors import InvalidInput, UserError
from posko_app.progress import Progress
from ui import dialogs, documents
from ui.context import Context
from ui.tasks import Task


@dataclass(frozen=True)
class Filed:
    """What stands now, with its receipt or the sentence that says why there is none."""

    uid: str
    number: str
    kind: IntakeKind
    warnings: tuple[str, ...]
    receipt: bytes
    no_receipt: str
    failure: BaseException | None = None  # a bug met while making the receipt


def file_with_receipt(
    posko: Posko,
    new: NewReport,
    *,
    case: str,
    draft_uid: str,
    accept_incomplete: bool,
    linked: Mapping[str, str],
    progress: Progress,
) -> Filed:
    """File something, or make the `case` into it, then issue the receipt of its kind, if any.

    A receipt that fails leaves it filed. Raises InvalidInput and UserError of the filing. It cannot
    be stopped once it stands: then the user would believe that nothing was saved.
    """
    kind = kind_of(new.kind)
    files = sum(item.path is not None for item in new.evidence)
    progress(0, 0, f"Menyalin {files} berkas bukti" if files else f"Menyimpan {kind.noun}")
    given: dict[str, Any] = {
        "draft_uid": draft_uid, "accept_incomplete": accept_incomplete, "linked": linked
    }  # fmt: skip
    if case:
        filed = upgrade.upgrade(posko, case, new, **given)
    else:
        filed = intake.file_report(posko, new, **given)
    receipt, no_receipt, failure = b"", "", None
    try:
        receipt = _receipt(posko, filed.uid, kind.letter) if kind.letter else b""
    except UserError as error:
        no_receipt = str(error)
    except Exception as error:  # it stands: it must not be filed a second time
        failure = error
    return Filed(filed.uid, filed.number, kind, filed.warnings, receipt, no_receipt, failure)


def _receipt(posko: Posko, case_uid: str, template: str) -> bytes:
    from posko_app.letters import issue  # reportlab, loaded only when something is printed

    letter = issue.issue(posko, case_uid, template)
    return issue.reprint(posko, letter.uid)


class Filer(QObject):
    """Files one report at a time and shows its receipt; `filed` comes before the receipt opens."""

    filed = Signal(object)  # Filed
    rejected = Signal(object)  # the problems of InvalidInput
    ended = Signal()

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self._task: Task | None = None
        context.tasks.ended.connect(self._on_ended)

    @property
    def busy(self) -> bool:
        """Whether a report is being saved now."""
        return self._task is not None

    def start(
        self,
        new: NewReport,
        case: str,
        draft_uid: str,
        linked: Mapping[str, str],
        *,
        accept: bool,
    ) -> None:
        """File what was typed, or make a case into it; its draft goes with it."""
        self._task = dialogs.run_with_progress(
            self._context,
            self._page,
            f"Menyimpan {kind_of(new.kind).noun}",
            file_with_receipt,
            new,
            case=case,
            draft_uid=draft_uid,
            accept_incomplete=accept,
            linked=linked,
            done=self._on_filed,
            failed=self._on_failed,
        )

    def _on_ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self.ended.emit()

    def _on_filed(self, filed: Filed) -> None:
        self.filed.emit(filed)
        number = filed.number.partition("/")[0]
        noun = filed.kind.noun.capitalize()
        self._context.note_saved(f"{noun} {number} tersimpan")
        if filed.failure is not None:
            self._context.problem.emit(filed.failure)
            return
        if filed.no_receipt:
            title = f"{noun} {number} tersimpan, tanda bukti belum dibuat"
            way = f"{filed.no_receipt} Buat tanda bukti dari tab Surat pada perkaranya."
            dialogs.message(self._page.window(), title, way, tone="attention")
            return
        if filed.warnings:
            self._context.say(" ".join(filed.warnings))
        if not filed.receipt:
            return
        name = f"Tanda bukti {filed.number}.pdf".replace("/", "-")
        try:
            documents.open_document(self._context.posko.folder, name, filed.receipt)
        except UserError as error:
            self._context.problem.emit(error)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, InvalidInput):
            self.rejected.emit(error.problems)
        else:
            self._context.problem.emit(error)
