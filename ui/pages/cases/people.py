"""The protected look-up: cases of a reporter or witness by whole words, NIK or phone number."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from posko_app.cases.identity import find_by_identity
from posko_app.errors import Problem
from ui import dialogs
from ui.context import Context
from ui.fields import Field

from .filters import BETWEEN

WORDS = (
    "Nama harus ditulis lengkap per kata, tanpa gelar. Pencarian ini tercatat di jejak audit; "
    "siapa yang dicari tidak dicatat."
)


def find_people(context: Context, parent: QWidget) -> str | None:
    """Ask for a person and give the uids of their cases; None when the user turned away."""
    fields = [
        Field(key="name", label="Nama pelapor atau saksi", optional=True),
        Field(key="nik", label="NIK", kind="nik", width=6, optional=True),
        Field(key="phone", label="Nomor telepon", kind="phone", width=6, optional=True),
    ]
    got = dialogs.ask_form(
        parent, "Cari pelapor atau saksi", fields, today=context.posko.today(), act="Cari",
        text=WORDS, submit=_check, width=520,
    )  # fmt: skip
    if got is None:
        return None
    found = context.run(find_by_identity, **{key: str(got[key] or "") for key in got})
    return None if found is None else BETWEEN.join(found) or BETWEEN


def _check(values: dict[str, object]) -> tuple[Problem, ...]:
    if not any(values.values()):
        return (Problem("name", "Isi nama, NIK, atau nomor telepon."),)
    return ()


def finder(context: Context) -> partial[str | None]:
    """The look-up of an office, for the filter bar."""
    return partial(find_people, context)
