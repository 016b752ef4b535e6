"""Who the reporter and witnesses are: shown for five minutes after a reason, then masked again."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.cases import identity
from posko_app.cases.report import PersonInput
from posko_app.errors import InvalidInput, Problem
from ui import dialogs
from ui.context import Context
from ui.fields import Field

MINUTES = 5


class Disclosure(QObject):
    """The identities shown now; all are forgotten when the case is left."""

    changed = Signal()

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self.context, self._page = context, page
        self._case = ""
        self._shown: dict[str, tuple[PersonInput, str]] = {}
        self._reasons: dict[str, str] = {}
        self._timers: dict[str, QTimer] = {}
        self._copies: dict[str, list[Path]] = {}

    def of_case(self, uid: str) -> None:
        """Turn to a case; what was shown of another one is masked."""
        if uid != self._case:
            self.mask_all()
            self._case = uid

    def person(self, witness: str = "") -> PersonInput | None:
        """The reporter, or a witness by uid, while shown; None while masked."""
        found = self._shown.get(witness)
        return found[0] if found else None

    def until(self, witness: str = "") -> str:
        """The time of day at which it is masked again."""
        found = self._shown.get(witness)
        return found[1] if found else ""

    def reason(self, witness: str = "") -> str:
        """Why it is shown now; empty while masked."""
        return self._reasons.get(witness, "") if witness in self._shown else ""

    def keep_copy(self, case: str, witness: str, path: Path) -> bool:
        """Take a plain copy away once the identity is masked; False when it is already."""
        shown = case == self._case and witness in self._shown
        if shown:
            self._copies.setdefault(witness, []).append(path)
        else:
            _take_away(path)
        return shown

    def ask(self, who: str, witness: str = "") -> None:
        """Ask for the reason and show the identity."""

        def show(values: dict[str, Any]) -> None:
            reason = str(values["reason"])
            if len(reason.strip()) < 5:
                sentence = "Tulis alasan membuka identitas, misalnya: menghubungi pelapor."
                raise InvalidInput([Problem("reason", sentence)])
            person = identity.reveal(self.context.posko, self._case, reason, witness)
            self._reasons[witness] = reason
            self._show(person, witness)

        dialogs.ask_form(
            self._page,
            f"Tampilkan identitas {who}?",
            [Field(key="reason", label="Alasan", placeholder="Misalnya: menghubungi pelapor")],
            today=self.context.posko.today(),
            act="Tampilkan",
            text=f"Nama Anda, waktu, dan alasannya dicatat di log audit. Setelah {MINUTES} menit "
            "identitas tertutup lagi.",
            submit=show,
        )

    def mask(self, witness: str = "") -> None:
        """Mask one identity again."""
        if timer := self._timers.pop(witness, None):
            timer.stop()
            timer.deleteLater()
        for path in self._copies.pop(witness, ()):
            _take_away(path)
        if self._shown.pop(witness, None):
            self.changed.emit()

    def mask_all(self) -> None:
        """Mask everything again."""
        for witness in list(self._shown):
            self.mask(witness)

    def _show(self, person: PersonInput, witness: str) -> None:
        posko = self.context.posko
        end = text.local(posko.now() + timedelta(minutes=MINUTES), posko.office.zone)
        self.mask(witness)
        self._shown[witness] = (person, text.clock(end))
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setObjectName(witness)
        timer.timeout.connect(self._on_timeout)
        timer.start(MINUTES * 60_000)
        self._timers[witness] = timer
        self.changed.emit()

    def _on_timeout(self) -> None:
        self.mask(self.sender().objectName())


def _take_away(path: Path) -> None:
    with suppress(OSError):  # a viewer still holds it: it goes when the office is locked
        path.unlink(missing_ok=True)
