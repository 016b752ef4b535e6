"""The dialogs of Pengaturan: each asks, runs the use case, and shows what it rejects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.errors import InvalidInput, Problem
from posko_app.office.accounts import (
    AccountRow,
    accounts,
    add_account,
    change_account,
)
from posko_app.office.settings import change_office, set_value
from posko_app.security.keys import check_password
from posko_app.security.permissions import ROLES
from posko_app.text import ZONES
from ui import dialogs
from ui.context import Context
from ui.fields import Field, Parsed

from .numbers import EXPLAINED, Series, pattern_field

SIGNER = ("role", "name", "identity", "on_behalf")
SIGNER_ROLES = ("Ketua", "Plh. Ketua", "Koordinator Sekretariat", "Kepala Sekretariat")
UNEQUAL = "Kedua kata sandi belum sama."


def ask_office(context: Context, parent: QWidget) -> None:
    """Name, place, zone and the two codes that the office types itself."""
    office = context.posko.office
    fields = [
        Field(key="name", label="Nama kantor", missing="Isi nama kantor."),
        Field(key="place", label="Tempat surat ditulis", width=8, optional=True),
        Field(key="zone", label="Zona waktu", kind="combo", width=4,
              choices=[(name, name) for name in ZONES]),
        Field(key="report_code", label="Kode laporan Bawaslu", width=6, optional=True, mono=True,
              help="Kode wilayah di nomor laporan, menurut daftar Bawaslu."),
        Field(key="letter_code", label="Kode surat", width=6, optional=True, mono=True,
              help="Kode di nomor surat, menurut tata naskah kantor."),
    ]  # fmt: skip
    _change(context, parent, "Kantor", fields, {f.key: getattr(office, f.key) for f in fields})


def ask_letterhead(context: Context, parent: QWidget) -> None:
    """The lines of the letterhead and the paper."""
    office = context.posko.office
    fields = [
        Field(key="letterhead", label="Baris kop surat", kind="multiline", lines=6, optional=True,
              help="Shift+Enter untuk baris baru. Baris berhuruf besar dicetak tebal."),
        Field(key="paper", label="Kertas surat", kind="combo", width=4,
              choices=[("F4", "F4"), ("A4", "A4")]),
    ]  # fmt: skip
    values = {"letterhead": "\n".join(office.letterhead), "paper": office.paper}
    _change(context, parent, "Kop surat", fields, values)


def ask_law(context: Context, parent: QWidget) -> None:
    """Kind of election and regulation; they hold for reports taken in from now on."""
    posko = context.posko
    laws = [(law.id, law.title) for law in posko.rules.regulations.values()]
    fields = [
        Field(key="election_kind", label="Jenis pemilihan", kind="combo",
              choices=posko.vocabulary.items("election_kind")),
        Field(key="regulation", label="Aturan penanganan", kind="combo", choices=laws),
    ]  # fmt: skip
    values = {f.key: getattr(posko.office, f.key) for f in fields}
    text = "Berlaku untuk laporan baru. Perkara yang sudah ada tetap memakai aturannya sendiri."
    _change(context, parent, "Pemilihan dan aturan", fields, values, text)


def ask_numbers(context: Context, parent: QWidget, series: Sequence[Series], signer: str) -> None:
    """The pattern of every series, with the number it makes."""
    posko = context.posko

    def keep(values: dict[str, Any]) -> Sequence[Problem] | None:
        wanted = {s.key: "" if values[s.key] == s.shipped else values[s.key] for s in series}
        _keep(posko, {f"pattern.{s.key}": s.own for s in series},
              {f"pattern.{key}": value for key, value in wanted.items()})  # fmt: skip
        return None

    dialogs.ask_form(
        parent, "Penomoran", [pattern_field(posko, s, signer) for s in series],
        today=posko.today(), act="Simpan", text=EXPLAINED,
        values={s.key: s.pattern for s in series}, submit=keep, width=640,
    )  # fmt: skip


def ask_signer(context: Context, parent: QWidget, settings: Mapping[str, str]) -> None:
    """Who signs letters unless something else is typed."""
    posko = context.posko
    fields = [
        Field(key="role", label="Jabatan penanda tangan", kind="combo", width=6, free=True,
              optional=True, choices=[(role, role) for role in SIGNER_ROLES]),
        Field(key="on_behalf", label="Atas nama (a.n.)", width=6, optional=True),
        Field(key="name", label="Nama penanda tangan", width=6, optional=True),
        Field(key="identity", label="NIP", kind="nip", width=6, optional=True),
    ]  # fmt: skip
    old = {f"signer.{key}": settings.get(f"signer.{key}", "") for key in SIGNER}

    def keep(values: dict[str, Any]) -> Sequence[Problem] | None:
        _keep(posko, old, {f"signer.{key}": str(values[key] or "") for key in SIGNER})
        return None

    dialogs.ask_form(
        parent, "Penanda tangan surat", fields, today=posko.today(), act="Simpan",
        text="Dipakai di surat baru; masih dapat diubah saat surat dibuat.",
        values={key: old[f"signer.{key}"] for key in SIGNER}, submit=keep,
    )  # fmt: skip


def ask_person(context: Context, parent: QWidget) -> dict[str, Any] | None:
    """Who is to be added; None when the user left. The caller adds them in the background."""
    posko = context.posko
    fields = [
        Field(key="name", label="Nama lengkap", width=6, missing="Isi nama lengkap."),
        Field(key="title", label="Jabatan", width=6, optional=True),
        Field(key="login", label="Nama masuk", width=6, mono=True,
              help="Huruf kecil atau angka, tanpa spasi.", missing="Isi nama masuk."),
        Field(key="role", label="Peran", kind="combo", width=6, missing="Pilih peran.",
              choices=[(code, f"{name[:1].upper()}{name[1:]}") for code, name in ROLES.items()]),
        Field(key="password", label="Kata sandi", kind="password", width=6, parse=Parsed,
              missing="Isi kata sandi."),
        Field(key="repeat", label="Ulangi kata sandi", kind="password", width=6, parse=Parsed,
              missing="Ketik ulang kata sandi."),
    ]  # fmt: skip

    def check(values: dict[str, Any]) -> Sequence[Problem]:
        return person_problems(posko, values)

    return dialogs.ask_form(
        parent, "Tambah petugas", fields, today=posko.today(), act="Tambah", submit=check,
        text="Petugas masuk dengan kata sandi ini. Sampaikan langsung, jangan lewat WhatsApp.",
    )  # fmt: skip


def ask_account(context: Context, parent: QWidget, row: AccountRow) -> None:
    """Another role or title for a person, or whether they may log in."""
    posko = context.posko
    fields = [
        Field(key="title", label="Jabatan", width=6, optional=True),
        Field(key="role", label="Peran", kind="combo", width=6, missing="Pilih peran.",
              choices=[(code, f"{name[:1].upper()}{name[1:]}") for code, name in ROLES.items()]),
        Field(key="active", label="Boleh masuk", kind="check"),
    ]  # fmt: skip

    def keep(values: dict[str, Any]) -> Sequence[Problem] | None:
        change_account(
            posko, row.login, role=values["role"], title=str(values["title"] or ""),
            active=bool(values["active"]),
        )  # fmt: skip
        return None

    dialogs.ask_form(
        parent, row.name, fields, today=posko.today(), act="Simpan", submit=keep,
        text=f"Nama masuk {row.login}. Peran baru berlaku saat orang ini masuk lagi; yang "
        "dinonaktifkan tidak dapat masuk, catatannya tetap ada.",
        values={"title": row.title, "role": row.role, "active": row.active},
    )  # fmt: skip


def person_problems(posko: Posko, values: Mapping[str, Any]) -> list[Problem]:
    """What can be told before the key slot is made, which takes half a second."""
    problems = []
    login = str(values["login"]).strip().lower()
    if any(row.login == login for row in accounts(posko)):
        problems.append(Problem("login", f"Nama masuk {login} sudah dipakai. Pilih yang lain."))
    try:
        check_password(values["password"], practice=posko.office.practice)
    except InvalidInput as error:
        problems += error.problems
    if values["password"] != values["repeat"]:
        problems.append(Problem("repeat", UNEQUAL))
    return problems


def add_person(posko: Posko, values: Mapping[str, Any], *, progress: Any) -> str:
    """In the worker: add the account; gives back the name."""
    progress(0, 1, "Membuat kunci")
    add_account(
        posko,
        login=values["login"],
        name=values["name"],
        role=values["role"],
        password=values["password"],
        title=values["title"],
    )
    return str(values["name"])


def _change(
    context: Context,
    parent: QWidget,
    title: str,
    fields: Sequence[Field],
    old: Mapping[str, str],
    text: str = "",
) -> None:
    """Ask for fields of the office row and keep those that changed."""
    posko = context.posko

    def keep(values: dict[str, Any]) -> Sequence[Problem] | None:
        changed = {key: value for key, value in values.items() if value != old[key]}
        if changed:
            change_office(posko, **changed)
        return None

    dialogs.ask_form(parent, title, fields, today=posko.today(), act="Simpan", text=text,
                     values=old, submit=keep)  # fmt: skip


def _keep(posko: Posko, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Set the free settings that changed."""
    for key, value in new.items():
        if value != old[key]:
            set_value(posko, key, value)
