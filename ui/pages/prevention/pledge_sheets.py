"""The dialogs of a pledge: the event and its text, a line of the roster, a pledge signed alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.cases.attendance import SignatoryEdit, change_signatory, receive_self_pledge
from posko_app.cases.pledge import (
    NewPledge,
    PledgeView,
    change_pledge,
    invite,
    plan_pledge,
    pledge_defaults,
)
from posko_app.cases.pledge_rows import SignatoryRow
from posko_app.cases.roster import RosterRow
from posko_app.errors import Problem
from posko_app.progress import Progress
from posko_app.rules.identity import parse_nip
from ui import dialogs
from ui.context import Context
from ui.fields import Field
from ui.forms import Form
from ui.widgets.buttons import Button
from ui.widgets.text import Elided, hbox
from ui.working_sheet import WorkingSheet

SCANS = "Pindaian (*.pdf *.jpg *.jpeg *.png *.tif);;Semua berkas (*)"


def ask_pledge(parent: QWidget, context: Context, view: PledgeView | None) -> str:
    """Ask for a new pledge, or for other words of one; its uid, or "" when the user left."""
    posko = context.posko
    made = [view.row.uid] if view else [""]
    new = _pledge_of(view) if view else pledge_defaults(posko)

    def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
        changed = NewPledge(
            on=values["on"],
            title=values["title"],
            place=values["place"],
            region_code=new.region_code,
            starts_at=values["starts_at"].strftime("%H:%M") if values["starts_at"] else "",
            organiser=values["organiser"],
            opening=values["opening"],
            points=tuple(values["points"].split("\n")),
            closing=values["closing"],
            done=new.done,
        )
        if view:
            change_pledge(posko, view.row.uid, changed)
        else:
            made[0] = plan_pledge(posko, changed)
        return None

    values = {
        "on": new.on,
        "starts_at": new.starts_at.replace(":", "."),
        "title": new.title,
        "place": new.place,
        "organiser": new.organiser,
        "opening": new.opening,
        "points": "\n".join(new.points),
        "closing": new.closing,
    }
    got = dialogs.ask_form(
        parent, "Ubah ikrar" if view else "Ikrar baru", _pledge_fields(), today=posko.today(),
        act="Simpan" if view else "Simpan ikrar", values=values, submit=submit, width=680,
        text="Naskah hanya untuk ikrar ini. Daftar undangan ditempel sesudahnya.",
    )  # fmt: skip
    return made[0] if got is not None else ""


def ask_line(parent: QWidget, context: Context, line: SignatoryRow) -> None:
    """Ask for corrections of a line of the roster."""
    posko = context.posko

    def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
        change_signatory(posko, line.uid, SignatoryEdit(**values))
        return None

    keys = ("name", "nip", "rank", "position_title", "agency", "group_code", "note")
    dialogs.ask_form(
        parent, "Ubah undangan", _line_fields(posko), today=posko.today(), act="Simpan",
        values={key: getattr(line, key) for key in keys}, submit=submit,
        text="Nama dikosongkan bila jabatan belum terisi.",
    )  # fmt: skip


def ask_new_line(parent: QWidget, context: Context, pledge: str, like: SignatoryRow | None) -> None:
    """Ask for one more office to invite; the group is that of the line with the keyboard."""
    posko = context.posko

    def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
        number = parse_nip(values["nip"]) if values["nip"] else None
        line = RosterRow(**{**values, "nip": number.value if number else ""})
        if not line.name and not line.position_title:
            return [Problem("position_title", "Isi nama atau jabatan.")]
        if not invite(posko, pledge, [line]):
            return [Problem("name", "Sudah ada di daftar ikrar ini.")]
        return None

    group = like.group_code if like else ""
    dialogs.ask_form(
        parent, "Tambah undangan", _line_fields(posko), today=posko.today(), act="Tambahkan",
        values={"group_code": group}, submit=submit, text="Nama dikosongkan bila jabatan belum "
        "terisi. Pejabat yang menggantikan seseorang yang sudah ditandai menjadi baris sendiri.",
    )  # fmt: skip


class SelfPledgeSheet(WorkingSheet):
    """When a pledge signed alone came in, and its scan; Ctrl+Enter keeps it."""

    kept = Signal(object)  # (uid, day before) of every person

    def __init__(self, parent: QWidget, context: Context, lines: Sequence[SignatoryRow]) -> None:
        names = lines[0].name if len(lines) == 1 else f"{len(lines)} orang"
        super().__init__(parent, context, "Ikrar mandiri diterima", names)
        self._lines = tuple(lines)
        self._scan: Path | None = None
        day = Field(key="on", label="Tanggal diterima", kind="date", width=6,
                    missing="Isi tanggal diterima.")  # fmt: skip
        self.form = Form([day], today=context.posko.today(), dense=False)
        known = {line.self_pledge_on for line in lines}
        on = known.pop() if len(known) == 1 else None  # its scan comes later: the day stays
        self.form.set_values({"on": on or context.posko.today()})
        self.group.add(self.form)
        self.choose = Button("Pilih pindaian", icon="upload", small=True)
        self._name = Elided("Belum ada pindaian. Boleh menyusul.", "small", "text2")
        row = hbox(self.choose)
        row.addWidget(self._name, 1)
        for part in (self.group.summary, self.form):
            self.body.addWidget(part)
        if len(lines) == 1:
            self.body.addLayout(row)
        no = self.add_button("Tidak jadi", kind="flat")
        self.keep = self.submit_button("Catat")
        for button in (no, self.choose):
            button.setAutoDefault(False)
        no.clicked.connect(self.reject)
        self.keep.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        self.choose.clicked.connect(self.choose_scan)
        self.form.focus_first()

    def choose_scan(self) -> None:
        """Ask for the scan."""
        if found := dialogs.open_files(self, "Pilih pindaian ikrar mandiri", SCANS):
            self._scan = found[0]
            self._name.setText(found[0].name)

    def submit(self) -> None:
        """Keep date and scan, once; on problems the dialog stays."""
        if self.busy or self.group.check():
            return
        self.keep.set_why_disabled("Sedang menyimpan")
        uids = [line.uid for line in self._lines]
        self.work(_receive, uids, self.form.value("on"), self._scan, done=self._on_done)

    def _on_done(self, _nothing: None) -> None:
        self.kept.emit([(line.uid, line.self_pledge_on) for line in self._lines])
        self.accept()

    def _on_end(self) -> None:
        self.keep.set_why_disabled("")
        super()._on_end()


def _receive(
    posko: Posko, uids: list[str], on: date, scan: Path | None, *, progress: Progress
) -> None:
    progress(0, 1)
    receive_self_pledge(posko, uids, on, scan)


def _pledge_of(view: PledgeView) -> NewPledge:
    row = view.row
    return NewPledge(
        on=row.on,
        title=row.title,
        place=row.place,
        region_code=row.region_code,
        starts_at=row.starts_at,
        organiser=row.organiser,
        opening=view.opening,
        points=view.points,
        closing=view.closing,
        done=row.done,
    )


def _pledge_fields() -> list[Field]:
    return [
        Field(key="title", label="Nama ikrar", width=8, missing="Isi nama ikrar."),
        Field(key="organiser", label="Penyelenggara", width=4, optional=True, hint=" "),
        Field(key="on", label="Tanggal", kind="date", width=3, missing="Isi tanggal ikrar."),
        Field(key="starts_at", label="Pukul", kind="time", width=2, optional=True, hint=" "),
        Field(key="place", label="Tempat", width=7, optional=True),
        Field(key="opening", label="Pembuka", kind="multiline", lines=2, optional=True),
        Field(key="points", label="Isi ikrar", kind="multiline", lines=6, hint="satu per baris",
              missing="Isi paling sedikit satu butir ikrar."),
        Field(key="closing", label="Penutup", kind="multiline", lines=2, optional=True),
    ]  # fmt: skip


def _line_fields(posko: Posko) -> list[Field]:
    return [
        Field(key="name", label="Nama", width=7, optional=True),
        Field(key="nip", label="NIP", kind="nip", width=5, optional=True),
        Field(key="position_title", label="Jabatan", width=7, optional=True),
        Field(key="rank", label="Golongan", width=5, optional=True),
        Field(key="agency", label="Instansi", width=7, optional=True),
        Field(key="group_code", label="Kelompok", kind="combo", width=5,
              choices=posko.vocabulary.items("signatory_group")),
        Field(key="note", label="Catatan", optional=True),
    ]  # fmt: skip
