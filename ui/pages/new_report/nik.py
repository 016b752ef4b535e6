"""What a NIK fills in by itself: birth date and sex, locked until F2."""

from __future__ import annotations

from datetime import date

from posko_app.rules.identity import differences, parse_nik

from .entry import Entry

NIK = "reporter.nik"
FILLED = ("reporter.birth_on", "reporter.sex")


class NikLink:
    """Keeps the two fields in step with the NIK, as long as nobody has freed them."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._locked = self._freed = False

    def reset(self) -> None:
        """Begin with another report."""
        self._freed = False
        self._lock(False)

    def follow(self, today: date) -> None:
        """Take over what the NIK says; what was typed before and differs is only pointed out."""
        box = self._entry.box(NIK)
        if box is None:
            return
        nik = parse_nik(box.editor.raw(), today)
        if not nik.value or nik.errors or nik.birth is None:
            self._lock(False)
            return
        born, sex = (self._entry.value(key) for key in FILLED)
        other = differences(nik, born, sex)
        if self._locked or not (other or self._freed):
            self._entry.set_value(FILLED[0], nik.birth)
            self._entry.set_value(FILLED[1], nik.sex)
            self._lock(True)
        elif other:
            box.set_note(" ".join(other), doubt=True)

    def free(self) -> None:
        """F2: the officer knows better than the number."""
        self._freed = True
        self._lock(False)

    def _lock(self, locked: bool) -> None:
        self._locked = locked
        for key in FILLED:
            if (box := self._entry.box(key)) is not None:
                box.lock(locked)
